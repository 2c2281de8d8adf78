/* Profiles on NeuroIO and SERP against stateful fakes: who is found, what is sent, and that nothing is made twice. */
/* SPDX-License-Identifier: MIT */
#include "platform_wire_test.h"

#include <stdio.h>

#include "base/memory.h"

static const enum fc_platform_kind kinds[] = { FC_PLATFORM_NEUROIO, FC_PLATFORM_SERP };

static const char *name_of(enum fc_platform_kind kind)
{
	return kind == FC_PLATFORM_SERP ? "serp" : "neuroio";
}

/* Run a test for each platform, with a fake that has forgotten everything. */
#define FOR_EACH_PLATFORM(kind)                                                                    \
	for (size_t k_ = 0; k_ < FC_ARRAY_LENGTH(kinds); k_++)                                     \
		for (enum fc_platform_kind kind = kinds[k_], *once_ = &kind;                       \
		     once_ && (wire_reset(NULL) == 0); once_ = NULL)

static void a_face_is_made_a_profile_and_found(void **state)
{
	(void)state;
	FOR_EACH_PLATFORM(kind)
	{
		FC_CLEANUP(album_release) struct album album = { 0 };
		struct fc_platform_options options = platform_options(kind);
		FC_CLEANUP(fc_service_closep) struct fc_service *service = platform_open(&options);
		struct fc_tally tally;
		album_add(&album, "a", "anna@0,0,9,9", 0);
		album_add(&album, "b", "bob@0,0,9,9", 0);
		album_add(&album, "again", "anna@0,0,9,9", 0);
		album_add(&album, "like", "anna~ha@0,0,9,9", 0);
		assert_int_equal(create_album(service, &album, &tally, NULL), FC_OK);
		assert_lines(&album, "a new 100\nb new 100\nagain exact 96.5\nlike ha 77.25\n");
		assert_int_equal(tally.created, 2);
		assert_int_equal(tally.known, 4);
		assert_int_equal(tally.actions[FC_ACTION_ENROLLED], 2);
		assert_int_equal(tally.actions[FC_ACTION_UNCHANGED], 2);
		album_add(&album, "nobody", "carl@0,0,9,9", 0);
		assert_int_equal(search_album(service, &album, &tally, NULL), FC_OK);
		assert_lines(&album, "a exact 96.5\nb exact 96.5\nagain exact 96.5\n"
				     "like ha 77.25\nnobody nm\n");
	}
}

static void a_choice_makes_a_profile_all_the_same(void **state)
{
	(void)state;
	FOR_EACH_PLATFORM(kind)
	{
		FC_CLEANUP(album_release) struct album album = { 0 };
		struct fc_platform_options options = platform_options(kind);
		options.attributes = true;
		FC_CLEANUP(fc_service_closep) struct fc_service *service = platform_open(&options);
		struct fc_tally tally;
		album_add(&album, "a", "anna@0,0,9,9", 0);
		album_add(&album, "like", "anna~junk@0,0,9,9", 0);
		const struct fc_profile_create_request request = {
			.input = album_profiles(&album),
			.create_on_ha = FC_CHOICE_NO,
			.create_on_junk = FC_CHOICE_YES,
		};
		assert_int_equal(fc_service_profile_create(service, &request, &tally, NULL), FC_OK);
		const char *mood = kind == FC_PLATFORM_SERP ? "anger" : "neutral";
		char expected[100];
		snprintf(expected, sizeof(expected),
			 "a new 100 30 female %s\nlike new 100 30 female %s\n", mood, mood);
		assert_lines(&album, expected);
	}
}

static void a_profile_is_reinitialised(void **state)
{
	(void)state;
	FOR_EACH_PLATFORM(kind)
	{
		FC_CLEANUP(album_release) struct album anna = { 0 };
		FC_CLEANUP(album_release) struct album older = { 0 };
		FC_CLEANUP(album_release) struct album bob = { 0 };
		struct fc_platform_options options = platform_options(kind);
		FC_CLEANUP(fc_service_closep) struct fc_service *service = platform_open(&options);
		struct fc_tally tally;
		album_add(&anna, "a", "anna@0,0,9,9", 0);
		album_add(&older, "older", "anna~ha@0,0,9,9", 0);
		album_add(&bob, "b", "bob@0,0,9,9", 0);
		assert_int_equal(create_album(service, &anna, &tally, NULL), FC_OK);
		struct fc_profile_reinit_request request = {
			.input = album_profiles(&older),
			.person.pid = last_profile,
			.min_result = FC_RESULT_HA,
		};
		assert_int_equal(fc_service_profile_reinit(service, &request, &tally, NULL), FC_OK);
		assert_lines(&older, "older reinit\n");
		request.input = album_profiles(&bob);
		assert_int_equal(fc_service_profile_reinit(service, &request, &tally, NULL), FC_OK);
		assert_lines(&bob, "b bad_image\n");
		assert_non_null(strstr(bob.last.text, "Face does not match"));
		request.input = album_profiles(&older);
		request.person.pid.bytes[0] ^= 1;
		assert_int_equal(fc_service_profile_reinit(service, &request, &tally, NULL), FC_OK);
		assert_lines(&older, "older not_found\n");
	}
}

static void profiles_are_deleted(void **state)
{
	(void)state;
	FOR_EACH_PLATFORM(kind)
	{
		FC_CLEANUP(album_release) struct album album = { 0 };
		struct fc_platform_options options = platform_options(kind);
		FC_CLEANUP(fc_service_closep) struct fc_service *service = platform_open(&options);
		struct fc_tally tally;
		album_add(&album, "a", "anna@0,0,9,9", 0);
		assert_int_equal(create_album(service, &album, &tally, NULL), FC_OK);
		struct fc_profile_delete_item items[2] = { { .person.pid = last_profile } };
		struct fc_profile_delete_request request = { .items = items, .count = 2 };
		/* The first try is carried out and its answer lost: the second finds nothing. */
		wire_order("faults", "[\"500-done\"]");
		request.erase = false;
		assert_int_equal(fc_service_profile_delete(service, &request, NULL), FC_OK);
		assert_int_equal(items[0].status, FC_OK);
		assert_true(items[0].uncounted);
		assert_int_equal(items[1].status, FC_NOT_FOUND);
	}
}

static void a_profile_is_erased_with_its_entries(void **state)
{
	(void)state;
	FOR_EACH_PLATFORM(kind)
	{
		FC_CLEANUP(album_release) struct album album = { 0 };
		struct fc_platform_options options = platform_options(kind);
		FC_CLEANUP(fc_service_closep) struct fc_service *service = platform_open(&options);
		struct fc_tally tally;
		album_add(&album, "a", "anna@0,0,9,9", 0);
		album_add(&album, "b", "bob@0,0,9,9", 0);
		assert_int_equal(create_album(service, &album, &tally, NULL), FC_OK);
		struct fc_profile_delete_item item = { .person.pid = last_profile };
		struct fc_profile_delete_request request = { .items = &item,
							     .count = 1,
							     .erase = true };
		assert_int_equal(fc_service_profile_delete(service, &request, NULL), FC_OK);
		assert_int_equal(item.entries, 1);
		FC_CLEANUP(fc_json_release) cJSON *world = wire_control("state", "null");
		const cJSON *fake = fc_json_get(world, name_of(kind));
		assert_int_equal(cJSON_GetArraySize(fc_json_get(fake, "persons")), 1);
		assert_int_equal(cJSON_GetArraySize(fc_json_get(fake, "entries")), 1);
	}
}

static void a_photo_without_a_face_is_told_in_the_services_words(void **state)
{
	(void)state;
	FOR_EACH_PLATFORM(kind)
	{
		FC_CLEANUP(album_release) struct album album = { 0 };
		struct fc_platform_options options = platform_options(kind);
		FC_CLEANUP(fc_service_closep) struct fc_service *service = platform_open(&options);
		struct fc_tally tally;
		album_add(&album, "none", "", 0);
		album_add(&album, "two", "a@0,0,9,9;b@0,0,9,9", 0);
		assert_int_equal(create_album(service, &album, &tally, NULL), FC_OK);
		assert_lines(&album, "none bad_image\ntwo bad_image\n");
		assert_non_null(strstr(album.last.text, kind == FC_PLATFORM_SERP
								? "HTTP 400: image: Several faces"
								: "image: Several faces found"));
		assert_int_equal(search_album(service, &album, &tally, NULL), FC_OK);
		assert_lines(&album, kind == FC_PLATFORM_SERP ? "none nf\ntwo bad_image\n"
							      : "none bad_image\ntwo bad_image\n");
	}
}

static void an_older_server_says_nobody_with_a_404(void **state)
{
	(void)state;
	FOR_EACH_PLATFORM(kind)
	{
		FC_CLEANUP(album_release) struct album album = { 0 };
		struct fc_platform_options options = platform_options(kind);
		FC_CLEANUP(fc_service_closep) struct fc_service *service = platform_open(&options);
		struct fc_tally tally;
		wire_order(name_of(kind), "{\"old\":true}");
		album_add(&album, "a", "anna@0,0,9,9", 0);
		assert_int_equal(search_album(service, &album, &tally, NULL), FC_OK);
		assert_lines(&album, "a nm\n");
	}
}

static void an_origin_must_be_there_before_anything_is_sent(void **state)
{
	(void)state;
	FOR_EACH_PLATFORM(kind)
	{
		FC_CLEANUP(album_release) struct album album = { 0 };
		struct fc_platform_options options = platform_options(kind);
		FC_CLEANUP(fc_service_closep) struct fc_service *service = platform_open(&options);
		struct fc_tally tally;
		struct fc_error err = { 0 };
		album_add(&album, "a", "anna@0,0,9,9", 0);
		album_add(&album, "b", "bob@0,0,9,9", 0);
		album_add(&album, "c", "carl@0,0,9,9", 0);
		struct fc_profile_create_request request = { .input = album_profiles(&album) };
		request.input.origin = "cellar";
		assert_int_equal(fc_service_profile_create(service, &request, &tally, &err),
				 FC_NOT_FOUND);
		assert_non_null(strstr(err.text, "has no origin 'cellar'"));
		assert_int_equal(album.reported, 0);
		/* A photo's own origin costs that photo alone. */
		album.photos[1].origin = "cellar";
		album.photos[2].origin = "hall, left";
		request.input.origin = "3";
		assert_int_equal(fc_service_profile_create(service, &request, &tally, &err), FC_OK);
		assert_lines(&album, "a new 100\nb not_found\nc new 100\n");
		FC_CLEANUP(fc_json_release) cJSON *world = wire_control("state", "null");
		const cJSON *entries = fc_json_get(fc_json_get(world, name_of(kind)), "entries");
		assert_int_equal(cJSON_GetArrayItem(cJSON_GetArrayItem(entries, 0), 3)->valueint,
				 2);
		assert_int_equal(cJSON_GetArrayItem(cJSON_GetArrayItem(entries, 1), 3)->valueint,
				 3);
	}
}

static void the_space_is_the_tokens(void **state)
{
	(void)state;
	FOR_EACH_PLATFORM(kind)
	{
		FC_CLEANUP(album_release) struct album album = { 0 };
		struct fc_platform_options options = platform_options(kind);
		FC_CLEANUP(fc_service_closep) struct fc_service *service = platform_open(&options);
		struct fc_tally tally;
		struct fc_error err = { 0 };
		album_add(&album, "a", "anna@0,0,9,9", 0);
		struct fc_profile_create_request request = { .input = album_profiles(&album) };
		request.input.space = "attic";
		assert_int_equal(fc_service_profile_create(service, &request, &tally, &err),
				 FC_INVALID_ARGUMENT);
		assert_int_equal(album.reported, 0);
		if (kind == FC_PLATFORM_NEUROIO) {
			assert_non_null(strstr(err.text, "works in space 'lobby', not in 'attic'"));
			request.input.space = "lobby";
			assert_int_equal(fc_service_profile_create(service, &request, &tally, &err),
					 FC_OK);
		}
	}
}

static void a_creation_in_doubt_is_looked_for(void **state)
{
	(void)state;
	static const char *const faults[] = { "500-done",   "cut-done",      "silence-done",
					      "short-done", "html-done",     "bad-json-done",
					      "503-done:0", "deep-json-done" };
	FOR_EACH_PLATFORM(kind)
	{
		for (size_t i = 0; i < FC_ARRAY_LENGTH(faults); i++) {
			FC_CLEANUP(album_release) struct album album = { 0 };
			struct fc_platform_options options = platform_options(kind);
			FC_CLEANUP(fc_service_closep)
			struct fc_service *service = platform_open(&options);
			struct fc_tally tally;
			char plan[64];
			/* The first request asks for the origins. */
			snprintf(plan, sizeof(plan), "[null,\"%s\"]", faults[i]);
			wire_order("reset", "null");
			wire_order("faults", plan);
			album_add(&album, "new", "anna@0,0,9,9", 0);
			assert_int_equal(create_album(service, &album, &tally, NULL), FC_OK);
			assert_lines(&album, "new new 96.5\n");
			/* origins, create, search, entries */
			assert_int_equal(wire_count("requests"), 4);
		}
	}
}

static void what_was_not_made_is_made_after_a_look(void **state)
{
	(void)state;
	FOR_EACH_PLATFORM(kind)
	{
		FC_CLEANUP(album_release) struct album album = { 0 };
		struct fc_platform_options options = platform_options(kind);
		FC_CLEANUP(fc_service_closep) struct fc_service *service = platform_open(&options);
		struct fc_tally tally;
		wire_order("faults", "[null,\"500\",null,\"cut\",null,null]");
		album_add(&album, "new", "anna@0,0,9,9", 0);
		assert_int_equal(create_album(service, &album, &tally, NULL), FC_OK);
		assert_lines(&album, "new new 100\n");
		/* origins, create, search, create, search, create */
		assert_int_equal(wire_count("requests"), 6);
		/* Somebody who was there before is no news. */
		wire_order("faults", "[\"500-done\"]");
		assert_int_equal(create_album(service, &album, &tally, NULL), FC_OK);
		assert_lines(&album, "new exact 96.5\n");
	}
}

static void a_doubt_that_stays_is_told(void **state)
{
	(void)state;
	FOR_EACH_PLATFORM(kind)
	{
		FC_CLEANUP(album_release) struct album album = { 0 };
		struct fc_platform_options options = platform_options(kind);
		options.http.retry.tries = 2;
		FC_CLEANUP(fc_service_closep) struct fc_service *service = platform_open(&options);
		struct fc_tally tally;
		wire_order("faults", "[null,\"500-done\",\"500\",\"500\",\"500\",\"500\"]");
		album_add(&album, "new", "anna@0,0,9,9", 0);
		assert_int_equal(create_album(service, &album, &tally, NULL), FC_OK);
		assert_lines(&album, "new busy\n");
		assert_non_null(strstr(album.last.text,
				       "a profile may have been created, so it was "
				       "not repeated"));
		FC_CLEANUP(fc_json_release) cJSON *world = wire_control("state", "null");
		assert_int_equal(
			cJSON_GetArraySize(fc_json_get(fc_json_get(world, name_of(kind)), "made")),
			1);
	}
}

static void a_reinit_in_doubt_is_looked_for(void **state)
{
	(void)state;
	FOR_EACH_PLATFORM(kind)
	{
		FC_CLEANUP(album_release) struct album album = { 0 };
		struct fc_platform_options options = platform_options(kind);
		FC_CLEANUP(fc_service_closep) struct fc_service *service = platform_open(&options);
		struct fc_tally tally;
		album_add(&album, "a", "anna@0,0,9,9", 0);
		assert_int_equal(create_album(service, &album, &tally, NULL), FC_OK);
		struct fc_profile_reinit_request request = {
			.input = album_profiles(&album),
			.person.pid = last_profile,
			.min_result = FC_RESULT_EXACT,
		};
		wire_order("faults", "[null,\"500\",null,\"silence-done\"]");
		assert_int_equal(fc_service_profile_reinit(service, &request, &tally, NULL), FC_OK);
		assert_lines(&album, "a reinit\n");
		FC_CLEANUP(fc_json_release) cJSON *world = wire_control("state", "null");
		/* new and one reinit */
		assert_int_equal(cJSON_GetArraySize(
					 fc_json_get(fc_json_get(world, name_of(kind)), "entries")),
				 2);
	}
}

static void unfit_photos_are_told_of_before_anything_is_sent(void **state)
{
	(void)state;
	FC_CLEANUP(album_release) struct album album = { 0 };
	struct fc_platform_options options = platform_options(FC_PLATFORM_NEUROIO);
	FC_CLEANUP(fc_service_closep) struct fc_service *service = platform_open(&options);
	struct fc_tally tally;
	album_add_file(&album, "heavy", wire_photo("a@0,0,9,9", 640, 480, 6291456), 0);
	album_add_file(&album, "webp", wire_file("RIFF\x1a\0\0\0WEBPVP8 \0\0\0\0", 20), 0);
	album_add_file(&album, "empty", wire_file("", 0), 0);
	assert_int_equal(search_album(service, &album, &tally, NULL), FC_OK);
	assert_lines(&album, "heavy too_large\nwebp bad_image\nempty bad_image\n");
	assert_int_equal(wire_count("requests"), 0);
}

static void a_wrong_token_ends_the_request(void **state)
{
	(void)state;
	FOR_EACH_PLATFORM(kind)
	{
		FC_CLEANUP(album_release) struct album album = { 0 };
		struct fc_platform_options options = platform_options(kind);
		options.token =
			(struct fc_token_source){ .value = "not-the-token", .value_name = "X" };
		FC_CLEANUP(fc_service_closep) struct fc_service *service = platform_open(&options);
		struct fc_tally tally;
		struct fc_error err = { 0 };
		for (int i = 0; i < 20; i++) {
			album_add(&album, "a", "anna@0,0,9,9", 0);
		}
		assert_int_equal(search_album(service, &album, &tally, &err), FC_PERMISSION);
		assert_string_equal(err.text, "service 'faces': HTTP 401: Unauthorized");
		assert_true(tally.photos < 20);
	}
}

static void what_the_platform_does_not_have_is_said(void **state)
{
	(void)state;
	FOR_EACH_PLATFORM(kind)
	{
		FC_CLEANUP(album_release) struct album album = { 0 };
		struct fc_platform_options options = platform_options(kind);
		FC_CLEANUP(fc_service_closep) struct fc_service *service = platform_open(&options);
		struct fc_tally tally;
		struct fc_error err = { 0 };
		struct fc_profile_create_request named = { .input = album_profiles(&album),
							   .person_name = "Anna" };
		struct fc_profile_create_request dry = { .input = album_profiles(&album) };
		struct fc_profile_search_request near = { .input = album_profiles(&album),
							  .top = 5 };
		struct fc_set_request set = { .space = "5" };
		dry.input.dry_run = true;
		assert_int_equal(fc_service_profile_create(service, &named, &tally, &err),
				 FC_UNSUPPORTED);
		assert_int_equal(fc_service_profile_create(service, &dry, &tally, &err),
				 FC_UNSUPPORTED);
		assert_int_equal(fc_service_profile_search(service, &near, &tally, &err),
				 FC_UNSUPPORTED);
		assert_int_equal(fc_service_set(service, &set, &tally, &err), FC_UNSUPPORTED);
		assert_int_equal(wire_count("requests"), 0);
	}
}

static void a_second_photo_goes_with_a_search_on_serp(void **state)
{
	(void)state;
	FOR_EACH_PLATFORM(kind)
	{
		FC_CLEANUP(album_release) struct album album = { 0 };
		FC_CLEANUP(fc_free) char *other = wire_photo("anna@5,5,9,9", 640, 480, 0);
		struct fc_platform_options options = platform_options(kind);
		FC_CLEANUP(fc_service_closep) struct fc_service *service = platform_open(&options);
		struct fc_tally tally;
		const struct fc_photo second = { .name = "photo2", .path = other };
		album_add(&album, "a", "anna@0,0,9,9", 0);
		struct fc_profile_search_request request = { .input = album_profiles(&album),
							     .second = &second };
		bool serp = kind == FC_PLATFORM_SERP;
		assert_int_equal(fc_service_profile_search(service, &request, &tally, NULL),
				 serp ? FC_OK : FC_UNSUPPORTED);
		assert_lines(&album, serp ? "a nm\n" : "");
	}
}

/* How many photos a storm test sends; FACECTL_WIRE_PHOTOS for more. */
static size_t storm_photos(void)
{
	const char *wanted = getenv("FACECTL_WIRE_PHOTOS");
	return wanted ? (size_t)strtoul(wanted, NULL, 10) : 200;
}

static size_t times_made(const cJSON *made, const char *face)
{
	const cJSON *one;
	size_t times = 0;
	cJSON_ArrayForEach (one, made) {
		times += strcmp(one->valuestring, face) == 0;
	}
	return times;
}

static void through_a_storm_nobody_is_made_twice(void **state)
{
	(void)state;
	FOR_EACH_PLATFORM(kind)
	{
		FC_CLEANUP(album_release) struct album album = { 0 };
		size_t count = storm_photos();
		struct fc_platform_options options = platform_options(kind);
		FC_CLEANUP(fc_service_closep) struct fc_service *service = platform_open(&options);
		struct fc_tally tally;
		for (size_t i = 0; i < count; i++) {
			char name[32], faces[64];
			snprintf(name, sizeof(name), "photo%zu", i);
			snprintf(faces, sizeof(faces), "p%zu@0,0,9,9", i);
			album_add(&album, name, faces, 0);
		}
		wire_order("storm", "{\"rate\":0.2,\"seed\":3}");
		struct fc_error err = { 0 };
		enum fc_status status = create_album(service, &album, &tally, &err);
		if (status != FC_OK) {
			fail_msg("%s", err.text);
		}
		assert_int_equal(album.reported, count);
		assert_true(tally.failed < count / 5);
		print_message("%s: %zu photos, %zu failed\n", name_of(kind), count,
			      (size_t)tally.failed);
		FC_CLEANUP(fc_json_release) cJSON *world = wire_control("state", "null");
		const cJSON *made = fc_json_get(fc_json_get(world, name_of(kind)), "made");
		for (size_t i = 0; i < count; i++) {
			char face[32];
			snprintf(face, sizeof(face), "p%zu", i);
			size_t times = times_made(made, face);
			assert_true(times == 1 || (times == 0 && album.statuses[i] != FC_OK));
		}
		assert_int_equal(tally.created, tally.done);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_face_is_made_a_profile_and_found),
		cmocka_unit_test(a_choice_makes_a_profile_all_the_same),
		cmocka_unit_test(a_profile_is_reinitialised),
		cmocka_unit_test(profiles_are_deleted),
		cmocka_unit_test(a_profile_is_erased_with_its_entries),
		cmocka_unit_test(a_photo_without_a_face_is_told_in_the_services_words),
		cmocka_unit_test(an_older_server_says_nobody_with_a_404),
		cmocka_unit_test(an_origin_must_be_there_before_anything_is_sent),
		cmocka_unit_test(the_space_is_the_tokens),
		cmocka_unit_test(a_creation_in_doubt_is_looked_for),
		cmocka_unit_test(what_was_not_made_is_made_after_a_look),
		cmocka_unit_test(a_doubt_that_stays_is_told),
		cmocka_unit_test(a_reinit_in_doubt_is_looked_for),
		cmocka_unit_test_setup(unfit_photos_are_told_of_before_anything_is_sent,
				       wire_reset),
		cmocka_unit_test(a_wrong_token_ends_the_request),
		cmocka_unit_test(what_the_platform_does_not_have_is_said),
		cmocka_unit_test(a_second_photo_goes_with_a_search_on_serp),
		cmocka_unit_test(through_a_storm_nobody_is_made_twice),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
