/* The Smarty verbs against a stateful fake: what they say, and how photos are grouped, checked and repeated. */
/* SPDX-License-Identifier: MIT */
#include "smarty_wire_test.h"

#include <stdio.h>

#include "base/memory.h"

/* The tutorial's photo of six friends. */
#define FRIENDS                                                                                    \
	"ross@102,30,184,134;joey@393,74,461,166;monica@458,48,535,149;chandler@273,45,352,147;"   \
	"phoebe@525,81,600,184;rachel@194,76,258,167"

static void a_face_is_known_once_it_is_set(void **state)
{
	(void)state;
	FC_CLEANUP(album_release) struct album friends = { 0 };
	FC_CLEANUP(album_release) struct album rachel = { 0 };
	struct fc_smarty_options options = smarty_options();
	FC_CLEANUP(fc_service_closep) struct fc_service *service = smarty_open(&options);
	struct fc_tally tally;
	album_add(&friends, "file_0", FRIENDS, 0);
	album_add(&rachel, "file_0", "rachel@1,2,3,4", 1);
	assert_int_equal(recognize_album(service, &friends, false, &tally, NULL), FC_OK);
	assert_lines(&friends, "file_0 ok: ?@102,30,184,134 ?@393,74,461,166 ?@458,48,535,149 "
			       "?@273,45,352,147 ?@525,81,600,184 ?@194,76,258,167\n");
	assert_int_equal(tally.faces, 6);
	assert_int_equal(tally.known, 0);
	assert_int_equal(set_album(service, &rachel, &tally, NULL), FC_OK);
	assert_lines(&rachel, "file_0 ok\n");
	assert_int_equal(tally.done, 1);
	assert_int_equal(recognize_album(service, &friends, false, &tally, NULL), FC_OK);
	assert_lines(&friends, "file_0 ok: ?@102,30,184,134 ?@393,74,461,166 ?@458,48,535,149 "
			       "?@273,45,352,147 ?@525,81,600,184 1@194,76,258,167\n");
	assert_int_equal(tally.known, 1);
}

static void unknown_faces_become_persons_when_asked(void **state)
{
	(void)state;
	FC_CLEANUP(album_release) struct album friends = { 0 };
	struct fc_smarty_options options = smarty_options();
	FC_CLEANUP(fc_service_closep) struct fc_service *service = smarty_open(&options);
	struct fc_tally tally;
	album_add(&friends, "file_0", FRIENDS, 0);
	assert_int_equal(recognize_album(service, &friends, true, &tally, NULL), FC_OK);
	assert_lines(&friends, "file_0 ok: 1@102,30,184,134 2@393,74,461,166 3@458,48,535,149 "
			       "4@273,45,352,147 5@525,81,600,184 6@194,76,258,167\n");
}

static void persons_are_deleted_and_spaces_emptied(void **state)
{
	(void)state;
	FC_CLEANUP(album_release) struct album both = { 0 };
	struct fc_smarty_options options = smarty_options();
	FC_CLEANUP(fc_service_closep) struct fc_service *service = smarty_open(&options);
	struct fc_delete_item items[] = { { .name = "myname", .number = 1 } };
	struct fc_delete_request deletion = { .space = "5", .items = items, .count = 1 };
	struct fc_truncate_request truncation = { .space = "5" };
	struct fc_truncate_result result = { 0 };
	struct fc_tally tally;
	album_add(&both, "a.jpg", "anna@0,0,9,9", 1);
	album_add(&both, "b.jpg", "bob@0,0,9,9", 2);
	assert_int_equal(set_album(service, &both, &tally, NULL), FC_OK);
	assert_int_equal(fc_service_delete(service, &deletion, NULL), FC_OK);
	assert_int_equal(items[0].status, FC_OK);
	assert_true(items[0].uncounted);
	assert_int_equal(recognize_album(service, &both, false, &tally, NULL), FC_OK);
	assert_lines(&both, "a.jpg ok: ?@0,0,9,9\nb.jpg ok: 2@0,0,9,9\n");
	assert_int_equal(fc_service_truncate(service, &truncation, &result, NULL), FC_OK);
	assert_true(result.uncounted);
	assert_int_equal(recognize_album(service, &both, false, &tally, NULL), FC_OK);
	assert_lines(&both, "a.jpg ok: ?@0,0,9,9\nb.jpg ok: ?@0,0,9,9\n");
}

static void many_are_deleted_in_requests_of_a_hundred(void **state)
{
	(void)state;
	struct fc_smarty_options options = smarty_options();
	FC_CLEANUP(fc_service_closep) struct fc_service *service = smarty_open(&options);
	struct fc_delete_item items[250] = { 0 };
	struct fc_delete_request deletion = { .space = "0", .items = items, .count = 250 };
	for (size_t i = 0; i < 250; i++) {
		items[i].number = i + 1;
		items[i].status = FC_INTERNAL;
	}
	assert_int_equal(fc_service_delete(service, &deletion, NULL), FC_OK);
	for (size_t i = 0; i < 250; i++) {
		assert_int_equal(items[i].status, FC_OK);
	}
	assert_int_equal(wire_count("requests"), 3);
}

/* count photos, each with a face of its own, person numbers from 1. */
static void add_persons(struct album *album, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		char name[32], faces[64];
		snprintf(name, sizeof(name), "photo%zu", i);
		snprintf(faces, sizeof(faces), "p%zu@%zu,0,%zu,9", i, i, i + 5);
		album_add(album, name, faces, i + 1);
	}
}

/* The lines that recognize must give once all of add_persons are known. */
static char *expected_lines(size_t count)
{
	struct fc_buffer out = { 0 };
	for (size_t i = 0; i < count; i++) {
		fc_buffer_printf(&out, "photo%zu ok: %zu@%zu,0,%zu,9\n", i, i + 1, i, i + 5);
	}
	char *text = fc_buffer_steal_text(&out);
	assert_non_null(text);
	return text;
}

static void many_photos_share_a_request(void **state)
{
	(void)state;
	FC_CLEANUP(album_release) struct album album = { 0 };
	FC_CLEANUP(fc_free) char *expected = expected_lines(250);
	struct fc_smarty_options options = smarty_options();
	FC_CLEANUP(fc_service_closep) struct fc_service *service = smarty_open(&options);
	struct fc_tally tally;
	add_persons(&album, 250);
	assert_int_equal(set_album(service, &album, &tally, NULL), FC_OK);
	assert_int_equal(tally.done, 250);
	assert_int_equal(wire_count("requests"), 3);
	assert_int_equal(recognize_album(service, &album, false, &tally, NULL), FC_OK);
	assert_lines(&album, expected);
	assert_int_equal(wire_count("requests"), 6);
}

static void a_request_stays_within_its_bytes(void **state)
{
	(void)state;
	FC_CLEANUP(album_release) struct album album = { 0 };
	struct fc_smarty_options options = smarty_options();
	FC_CLEANUP(fc_service_closep) struct fc_service *service = smarty_open(&options);
	struct fc_tally tally;
	for (uint64_t i = 0; i < 5; i++) {
		album_add_file(&album, "big", wire_photo("anna@0,0,9,9", 640, 480, 9000000), i + 1);
	}
	album_add_file(&album, "most", wire_photo("anna@0,0,9,9", 640, 480, 15000000), 6);
	assert_int_equal(set_album(service, &album, &tally, NULL), FC_OK);
	assert_int_equal(tally.done, 6);
	/* 27 MB, 18 MB, 15 MB */
	assert_int_equal(wire_count("requests"), 3);
}

static void names_that_do_not_fit_a_header_are_replaced_on_the_way(void **state)
{
	(void)state;
	FC_CLEANUP(album_release) struct album album = { 0 };
	struct fc_smarty_options options = smarty_options();
	FC_CLEANUP(fc_service_closep) struct fc_service *service = smarty_open(&options);
	struct fc_tally tally;
	album_add(&album, "Anna \"Müller\"\r\n.jpg", "anna@0,0,9,9", 1);
	album_add(&album, "same", "bob@0,0,9,9", 2);
	album_add(&album, "same", "carl@0,0,9,9", 3);
	album_add(&album, "meta", "dora@0,0,9,9", 4);
	assert_int_equal(set_album(service, &album, &tally, NULL), FC_OK);
	assert_int_equal(recognize_album(service, &album, false, &tally, NULL), FC_OK);
	assert_lines(&album, "Anna \"Müller\"\r\n.jpg ok: 1@0,0,9,9\nsame ok: 2@0,0,9,9\n"
			     "same ok: 3@0,0,9,9\nmeta ok: 4@0,0,9,9\n");
}

static void unfit_photos_are_told_of_before_anything_is_sent(void **state)
{
	(void)state;
	FC_CLEANUP(album_release) struct album album = { 0 };
	struct fc_smarty_options options = smarty_options();
	FC_CLEANUP(fc_service_closep) struct fc_service *service = smarty_open(&options);
	struct fc_tally tally;
	static const struct {
		enum fc_status status;
		const char *words;
	} expected[] = {
		{ FC_TOO_LARGE, "15000001 bytes, more than the limit of 15000000" },
		{ FC_BAD_IMAGE, "4x300 pixels; the minimum of service 'vk' is 5x5" },
		{ FC_TOO_LARGE, "3841x100 pixels; the maximum of service 'vk' is 3840x2160" },
		{ FC_TOO_LARGE, "2161x2161 pixels" },
		{ FC_BAD_IMAGE, "empty image" },
		{ FC_BAD_IMAGE, "not a JPEG" },
		{ FC_BAD_IMAGE, "is a webp image; service 'vk' accepts JPEG, PNG and TIFF" },
		{ FC_UNREADABLE, "/nonexistent.png" },
		{ FC_INVALID_ARGUMENT, "no person number was given for this photo" },
	};
	album_add_file(&album, "heavy", wire_photo("a@0,0,9,9", 640, 480, 15000001), 1);
	album_add_file(&album, "narrow", wire_photo("a@0,0,9,9", 4, 300, 0), 1);
	album_add_file(&album, "wide", wire_photo("a@0,0,9,9", 3841, 100, 0), 1);
	album_add_file(&album, "square", wire_photo("a@0,0,9,9", 2161, 2161, 0), 1);
	album_add_file(&album, "empty", wire_file("", 0), 1);
	album_add_file(&album, "text", wire_file("hello", 5), 1);
	album_add_file(&album, "webp", wire_file("RIFF\x1a\0\0\0WEBPVP8 \0\0\0\0", 20), 1);
	album_add_file(&album, "missing", strdup("/nonexistent.png"), 1);
	album_add(&album, "nobody", "a@0,0,9,9", 0);
	for (size_t i = 0; i < FC_ARRAY_LENGTH(expected); i++) {
		struct album one = { .photos = &album.photos[i],
				     .count = 1,
				     .statuses = &album.statuses[i] };
		assert_int_equal(set_album(service, &one, &tally, NULL), FC_OK);
		assert_int_equal(one.statuses[0], expected[i].status);
		if (!strstr(one.last.text, expected[i].words)) {
			fail_msg("'%s' lacks '%s'", one.last.text, expected[i].words);
		}
		fc_buffer_release(&one.lines);
	}
	assert_int_equal(wire_count("requests"), 0);
	/* Beside good ones they cost only themselves; a portrait is fine where its landscape is. */
	album_add_file(&album, "good", wire_photo("anna@0,0,9,9", 2160, 3840, 0), 7);
	assert_int_equal(set_album(service, &album, &tally, NULL), FC_OK);
	assert_int_equal(tally.done, 1);
	assert_int_equal(tally.failed, FC_ARRAY_LENGTH(expected));
	assert_int_equal(tally.first_failure, FC_TOO_LARGE);
	assert_int_equal(wire_count("requests"), 1);
}

static void not_just_one_face_is_that_photos_failure(void **state)
{
	(void)state;
	FC_CLEANUP(album_release) struct album album = { 0 };
	struct fc_smarty_options options = smarty_options();
	FC_CLEANUP(fc_service_closep) struct fc_service *service = smarty_open(&options);
	struct fc_tally tally;
	album_add(&album, "none", "", 1);
	album_add(&album, "one", "anna@0,0,9,9", 1);
	album_add(&album, "two", "bob@0,0,9,9;carl@0,0,9,9", 1);
	assert_int_equal(set_album(service, &album, &tally, NULL), FC_OK);
	assert_lines(&album, "none bad_image\none ok\ntwo bad_image\n");
	assert_string_equal(album.last_words, "face set required only one face per image");
	assert_non_null(strstr(album.last.text, "face set required only one face per image"));
	assert_int_equal(recognize_album(service, &album, false, &tally, NULL), FC_OK);
	assert_lines(&album, "none ok\none ok: 1@0,0,9,9\ntwo ok: ?@0,0,9,9 ?@0,0,9,9\n");
}

static void one_photo_that_is_refused_does_not_sink_the_others(void **state)
{
	(void)state;
	FC_CLEANUP(album_release) struct album album = { 0 };
	struct fc_smarty_options options = smarty_options();
	FC_CLEANUP(fc_service_closep) struct fc_service *service = smarty_open(&options);
	struct fc_tally tally;
	add_persons(&album, 60);
	album_add(&album, "bad", "poison@0,0,9,9", 61);
	assert_int_equal(set_album(service, &album, &tally, NULL), FC_OK);
	assert_int_equal(tally.done, 60);
	assert_int_equal(album.statuses[60], FC_REFUSED);
	assert_non_null(strstr(album.last.text, "data of an unknown image type"));
}

static void what_fails_for_now_is_sent_again_alone(void **state)
{
	(void)state;
	FC_CLEANUP(album_release) struct album album = { 0 };
	struct fc_smarty_options options = smarty_options();
	FC_CLEANUP(fc_service_closep) struct fc_service *service = smarty_open(&options);
	struct fc_tally tally;
	album_add(&album, "sound", "anna@0,0,9,9", 1);
	album_add(&album, "twice", "wobbly-2@0,0,9,9", 2);
	album_add(&album, "always", "wobbly-99@0,0,9,9", 3);
	assert_int_equal(set_album(service, &album, &tally, NULL), FC_OK);
	assert_lines(&album, "sound ok\ntwice ok\nalways busy\n");
	assert_int_equal(wire_count("requests"), options.http.retry.tries);
}

static void a_creation_is_never_repeated(void **state)
{
	(void)state;
	static const char *const faults[] = { "500-done",   "cut-done",      "silence-done",
					      "short-done", "html-done",     "bad-json-done",
					      "503-done:0", "deep-json-done" };
	for (size_t i = 0; i < FC_ARRAY_LENGTH(faults); i++) {
		FC_CLEANUP(album_release) struct album album = { 0 };
		struct fc_smarty_options options = smarty_options();
		FC_CLEANUP(fc_service_closep) struct fc_service *service = smarty_open(&options);
		struct fc_tally tally;
		char plan[64];
		snprintf(plan, sizeof(plan), "[\"%s\"]", faults[i]);
		wire_order("reset", "null");
		wire_order("faults", plan);
		album_add(&album, "new", "anna@0,0,9,9", 0);
		assert_int_equal(recognize_album(service, &album, true, &tally, NULL), FC_OK);
		assert_int_equal(tally.failed, 1);
		assert_non_null(strstr(album.last.text, "persons may have been created"));
		assert_int_equal(wire_count("requests"), 1);
	}
}

static void photos_of_a_creation_go_in_turn(void **state)
{
	(void)state;
	FC_CLEANUP(album_release) struct album album = { 0 };
	struct fc_smarty_options options = smarty_options();
	options.limits.images = 1;
	options.http.parallel = 8;
	FC_CLEANUP(fc_service_closep) struct fc_service *service = smarty_open(&options);
	struct fc_tally tally;
	for (int i = 0; i < 20; i++) {
		album_add(&album, "photo", i % 2 ? "bob@0,0,9,9" : "anna@0,0,9,9", 0);
	}
	assert_int_equal(recognize_album(service, &album, true, &tally, NULL), FC_OK);
	assert_int_equal(tally.known, 20);
	FC_CLEANUP(fc_json_release) cJSON *world = wire_control("state", "null");
	const cJSON *space = fc_json_get(fc_json_get(world, "spaces"), "5");
	assert_int_equal(cJSON_GetArraySize(fc_json_get(space, "links")), 2);
}

static void a_wrong_token_ends_the_request(void **state)
{
	(void)state;
	FC_CLEANUP(album_release) struct album album = { 0 };
	struct fc_smarty_options options = smarty_options();
	options.token = (struct fc_token_source){ .value = "not-the-token", .value_name = "X" };
	options.limits.images = 10;
	options.http.parallel = 2;
	FC_CLEANUP(fc_service_closep) struct fc_service *service = smarty_open(&options);
	struct fc_tally tally;
	struct fc_error err = { 0 };
	add_persons(&album, 100);
	assert_int_equal(set_album(service, &album, &tally, &err), FC_PERMISSION);
	assert_string_equal(err.text, "service 'vk': HTTP 403: Forbidden");
	assert_int_equal(tally.photos, tally.failed);
	assert_true(tally.photos <= 30);
	assert_int_equal(album.reported, tally.photos);
}

static void a_service_that_is_down_is_not_asked_for_ever(void **state)
{
	(void)state;
	FC_CLEANUP(album_release) struct album album = { 0 };
	struct fc_smarty_options options = smarty_options();
	options.http.url = "https://127.0.0.1:1";
	options.limits.images = 1;
	options.http.parallel = 1;
	FC_CLEANUP(fc_service_closep) struct fc_service *service = smarty_open(&options);
	struct fc_tally tally;
	struct fc_error err = { 0 };
	add_persons(&album, 20);
	assert_int_equal(set_album(service, &album, &tally, &err), FC_BUSY);
	assert_non_null(strstr(err.text, "cannot connect to '127.0.0.1'"));
	assert_int_equal(tally.failed, 10);
}

static void an_envelope_can_fail_under_a_good_status(void **state)
{
	(void)state;
	FC_CLEANUP(album_release) struct album album = { 0 };
	struct fc_smarty_options options = smarty_options();
	FC_CLEANUP(fc_service_closep) struct fc_service *service = smarty_open(&options);
	struct fc_tally tally;
	album_add(&album, "a", "anna@0,0,9,9", 1);
	wire_order("faults", "[\"envelope:500\",\"envelope:429\"]");
	assert_int_equal(set_album(service, &album, &tally, NULL), FC_OK);
	assert_lines(&album, "a ok\n");
	assert_int_equal(wire_count("requests"), 3);
	wire_order("faults", "[\"envelope:403\"]");
	assert_int_equal(set_album(service, &album, &tally, NULL), FC_PERMISSION);
}

static void what_is_no_envelope_is_told_apart(void **state)
{
	(void)state;
	static const char *const faults[] = { "html", "bad-json", "deep-json", "huge" };
	for (size_t i = 0; i < FC_ARRAY_LENGTH(faults); i++) {
		FC_CLEANUP(album_release) struct album album = { 0 };
		struct fc_smarty_options options = smarty_options();
		FC_CLEANUP(fc_service_closep) struct fc_service *service = smarty_open(&options);
		struct fc_tally tally;
		char plan[64];
		snprintf(plan, sizeof(plan), "[\"%s\"]", faults[i]);
		wire_order("faults", plan);
		album_add(&album, "a", "anna@0,0,9,9", 1);
		assert_int_equal(set_album(service, &album, &tally, NULL), FC_OK);
		assert_int_equal(album.statuses[0], FC_REFUSED);
	}
}

static void an_echoed_token_is_not_passed_on(void **state)
{
	(void)state;
	FC_CLEANUP(album_release) struct album album = { 0 };
	struct fc_smarty_options options = smarty_options();
	FC_CLEANUP(fc_service_closep) struct fc_service *service = smarty_open(&options);
	struct fc_tally tally;
	album_add(&album, "a", "anna@0,0,9,9", 1);
	wire_order("faults", "[\"echo-query\"]");
	assert_int_equal(set_album(service, &album, &tally, NULL), FC_OK);
	assert_non_null(strstr(album.last.text, "bad query /api/v1/persons/set?oauth_token=****"));
	/* run.py looks for the token in what is printed here. */
	print_message("%s\n", album.last.text);
}

static void what_the_service_does_not_have_is_said(void **state)
{
	(void)state;
	FC_CLEANUP(album_release) struct album album = { 0 };
	struct fc_smarty_options options = smarty_options();
	FC_CLEANUP(fc_service_closep) struct fc_service *service = smarty_open(&options);
	struct fc_tally tally;
	struct fc_error err = { 0 };
	struct fc_detect_request detection = { .photos = album_source(&album) };
	struct fc_set_request named = { .space = "5", .person_name = "Anna" };
	struct fc_set_request elsewhere = { .space = "friends" };
	struct fc_recognize_request choosy = { .space = "5", .threshold.has_threshold = true };
	assert_int_equal(fc_service_detect(service, &detection, &tally, &err), FC_UNSUPPORTED);
	assert_int_equal(fc_service_set(service, &named, &tally, &err), FC_UNSUPPORTED);
	assert_int_equal(fc_service_recognize(service, &choosy, &tally, &err), FC_UNSUPPORTED);
	assert_int_equal(fc_service_set(service, &elsewhere, &tally, &err), FC_INVALID_ARGUMENT);
	assert_non_null(strstr(err.text, "its spaces are 0 to 9"));
	assert_int_equal(wire_count("requests"), 0);
}

static void the_address_may_be_written_with_its_path(void **state)
{
	(void)state;
	static const char *const tails[] = { "", "/", "/api", "/api/v1/", "/api/v1/persons" };
	for (size_t i = 0; i < FC_ARRAY_LENGTH(tails); i++) {
		struct fc_smarty_options options = smarty_options();
		struct fc_truncate_request truncation = { .space = "5" };
		struct fc_truncate_result result;
		char url[200];
		snprintf(url, sizeof(url), "%s%s", wire_env("FAKE_URL"), tails[i]);
		options.http.url = url;
		FC_CLEANUP(fc_service_closep) struct fc_service *service = smarty_open(&options);
		assert_int_equal(fc_service_truncate(service, &truncation, &result, NULL), FC_OK);
	}
}

/* How many photos a storm test sends; FACECTL_WIRE_PHOTOS for more. */
static size_t storm_photos(void)
{
	const char *wanted = getenv("FACECTL_WIRE_PHOTOS");
	return wanted ? (size_t)strtoul(wanted, NULL, 10) : 400;
}

/* The number under which the fake holds a face in space 5, or 0. *links: how often it was linked. */
static size_t number_of(const cJSON *links, const char *face, size_t *times)
{
	const cJSON *link;
	size_t number = 0;
	*times = 0;
	cJSON_ArrayForEach (link, links) {
		if (strcmp(cJSON_GetStringValue(cJSON_GetArrayItem(link, 1)), face) == 0) {
			number = (size_t)cJSON_GetArrayItem(link, 0)->valueint;
			(*times)++;
		}
	}
	return number;
}

static cJSON *links_of_space(void)
{
	FC_CLEANUP(fc_json_release) cJSON *world = wire_control("state", "null");
	cJSON *spaces = cJSON_GetObjectItemCaseSensitive(world, "spaces");
	cJSON *space = cJSON_GetObjectItemCaseSensitive(spaces, "5");
	return cJSON_DetachItemFromObjectCaseSensitive(space, "links");
}

static void through_a_storm_each_link_is_made_or_told_of(void **state)
{
	(void)state;
	FC_CLEANUP(album_release) struct album album = { 0 };
	size_t count = storm_photos();
	struct fc_smarty_options options = smarty_options();
	options.limits.images = 1;
	options.http.parallel = 8;
	FC_CLEANUP(fc_service_closep) struct fc_service *service = smarty_open(&options);
	struct fc_tally tally;
	add_persons(&album, count);
	wire_order("storm", "{\"rate\":0.2,\"seed\":1}");
	assert_int_equal(set_album(service, &album, &tally, NULL), FC_OK);
	assert_int_equal(album.reported, count);
	assert_true(tally.failed < count / 5);
	print_message("%zu photos, %zu failed\n", count, (size_t)tally.failed);
	FC_CLEANUP(fc_json_release) cJSON *links = links_of_space();
	for (size_t i = 0; i < count; i++) {
		char face[32];
		size_t times;
		snprintf(face, sizeof(face), "p%zu", i);
		size_t number = number_of(links, face, &times);
		assert_true(number == i + 1 || (number == 0 && album.statuses[i] != FC_OK));
	}
}

static void through_a_storm_nobody_is_created_twice(void **state)
{
	(void)state;
	FC_CLEANUP(album_release) struct album album = { 0 };
	FC_CLEANUP(fc_buffer_release) struct fc_buffer expected = { 0 };
	size_t count = storm_photos();
	struct fc_smarty_options options = smarty_options();
	options.limits.images = 1;
	FC_CLEANUP(fc_service_closep) struct fc_service *service = smarty_open(&options);
	struct fc_tally tally;
	add_persons(&album, count);
	wire_order("storm", "{\"rate\":0.2,\"seed\":2}");
	assert_int_equal(recognize_album(service, &album, true, &tally, NULL), FC_OK);
	assert_int_equal(album.reported, count);
	print_message("%zu photos, %zu failed\n", count, (size_t)tally.failed);
	FC_CLEANUP(fc_json_release) cJSON *links = links_of_space();
	for (size_t i = 0; i < count; i++) {
		char face[32];
		size_t times;
		snprintf(face, sizeof(face), "p%zu", i);
		size_t number = number_of(links, face, &times);
		assert_true(times == 1 || (times == 0 && album.statuses[i] != FC_OK));
		if (album.statuses[i] == FC_OK) {
			fc_buffer_printf(&expected, "photo%zu ok: %zu@%zu,0,%zu,9\n", i, number, i,
					 i + 5);
		} else {
			fc_buffer_printf(&expected, "photo%zu %s\n", i,
					 fc_status_name(album.statuses[i]));
		}
	}
	assert_lines(&album, fc_buffer_text(&expected));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(a_face_is_known_once_it_is_set, wire_reset),
		cmocka_unit_test_setup(unknown_faces_become_persons_when_asked, wire_reset),
		cmocka_unit_test_setup(persons_are_deleted_and_spaces_emptied, wire_reset),
		cmocka_unit_test_setup(many_are_deleted_in_requests_of_a_hundred, wire_reset),
		cmocka_unit_test_setup(many_photos_share_a_request, wire_reset),
		cmocka_unit_test_setup(a_request_stays_within_its_bytes, wire_reset),
		cmocka_unit_test_setup(names_that_do_not_fit_a_header_are_replaced_on_the_way,
				       wire_reset),
		cmocka_unit_test_setup(unfit_photos_are_told_of_before_anything_is_sent,
				       wire_reset),
		cmocka_unit_test_setup(not_just_one_face_is_that_photos_failure, wire_reset),
		cmocka_unit_test_setup(one_photo_that_is_refused_does_not_sink_the_others,
				       wire_reset),
		cmocka_unit_test_setup(what_fails_for_now_is_sent_again_alone, wire_reset),
		cmocka_unit_test_setup(a_creation_is_never_repeated, wire_reset),
		cmocka_unit_test_setup(photos_of_a_creation_go_in_turn, wire_reset),
		cmocka_unit_test_setup(a_wrong_token_ends_the_request, wire_reset),
		cmocka_unit_test_setup(a_service_that_is_down_is_not_asked_for_ever, wire_reset),
		cmocka_unit_test_setup(an_envelope_can_fail_under_a_good_status, wire_reset),
		cmocka_unit_test_setup(what_is_no_envelope_is_told_apart, wire_reset),
		cmocka_unit_test_setup(an_echoed_token_is_not_passed_on, wire_reset),
		cmocka_unit_test_setup(what_the_service_does_not_have_is_said, wire_reset),
		cmocka_unit_test_setup(the_address_may_be_written_with_its_path, wire_reset),
		cmocka_unit_test_setup(through_a_storm_each_link_is_made_or_told_of, wire_reset),
		cmocka_unit_test_setup(through_a_storm_nobody_is_created_twice, wire_reset),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
