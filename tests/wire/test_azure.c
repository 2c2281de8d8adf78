/* The verbs on an Azure service against a stateful fake: groups, persons, trainings, failures in the service's words. */
/* SPDX-License-Identifier: MIT */
#include "azure_wire_test.h"

#include <math.h>
#include <stdio.h>

#include "base/memory.h"

#define FRIENDS                                                                                    \
	"ross@102,30,184,134;joey@393,74,461,166;monica@458,48,535,149;chandler@273,45,352,147;"   \
	"phoebe@525,81,600,184;rachel@194,76,258,167"

/* Persons and faces of space 5, as "person1=anna+bob person2=carl". */
static void assert_group(const char *expected)
{
	FC_CLEANUP(fc_json_release) cJSON *group = azure_group("facectl-5");
	FC_CLEANUP(fc_buffer_release) struct fc_buffer out = { 0 };
	const cJSON *person;
	const cJSON *face;
	cJSON *persons = cJSON_GetObjectItemCaseSensitive(group, "persons");
	cJSON_ArrayForEach (person, persons) {
		fc_buffer_printf(&out, "%s%s=", out.length > 0 ? " " : "", person->string);
		cJSON_ArrayForEach (face, person) {
			fc_buffer_printf(&out, "%s%s", face == person->child ? "" : "+",
					 cJSON_GetStringValue(face));
		}
	}
	assert_string_equal(fc_buffer_text(&out), expected);
}

static int trainings(void)
{
	FC_CLEANUP(fc_json_release) cJSON *group = azure_group("facectl-5");
	return cJSON_GetObjectItemCaseSensitive(group, "trainings")->valueint;
}

static void a_face_is_known_once_it_is_set(void **state)
{
	(void)state;
	FC_CLEANUP(album_release) struct album friends = { 0 };
	FC_CLEANUP(album_release) struct album rachel = { 0 };
	struct fc_azure_options options = azure_options();
	FC_CLEANUP(fc_service_closep) struct fc_service *service = azure_open(&options);
	struct fc_tally tally;
	azure_add(&friends, "file_0", FRIENDS, 0);
	azure_add(&rachel, "file_0", "rachel@1,2,31,42", 1);
	/* a space that is not there is empty; the largest face comes first */
	assert_int_equal(recognize_album(service, &friends, false, &tally, NULL), FC_OK);
	assert_lines(&friends, "file_0 ok: ?@102,30,184,134 ?@273,45,352,147 ?@458,48,535,149 "
			       "?@525,81,600,184 ?@393,74,461,166 ?@194,76,258,167\n");
	assert_int_equal(tally.faces, 6);
	assert_int_equal(tally.known, 0);
	assert_int_equal(set_album(service, &rachel, &tally, NULL), FC_OK);
	assert_lines(&rachel, "file_0 ok\n");
	assert_group("person1=rachel");
	assert_int_equal(trainings(), 1);
	assert_int_equal(recognize_album(service, &friends, false, &tally, NULL), FC_OK);
	assert_lines(&friends, "file_0 ok: ?@102,30,184,134 ?@273,45,352,147 ?@458,48,535,149 "
			       "?@525,81,600,184 ?@393,74,461,166 1@194,76,258,167\n");
	assert_int_equal(tally.known, 1);
	assert_int_equal(trainings(), 1);
}

static void unknown_faces_become_persons_when_asked(void **state)
{
	(void)state;
	FC_CLEANUP(album_release) struct album album = { 0 };
	struct fc_azure_options options = azure_options();
	options.http.parallel = 8;
	FC_CLEANUP(fc_service_closep) struct fc_service *service = azure_open(&options);
	struct fc_tally tally;
	azure_add(&album, "a", FRIENDS, 0);
	azure_add(&album, "b", "rachel@1,2,31,42;gunther@300,2,331,42", 0);
	azure_add(&album, "c", "gunther@3,2,34,42", 0);
	assert_int_equal(recognize_album(service, &album, true, &tally, NULL), FC_OK);
	assert_lines(&album, "a ok: 1@102,30,184,134 2@273,45,352,147 3@458,48,535,149 "
			     "4@525,81,600,184 5@393,74,461,166 6@194,76,258,167\n"
			     "b ok: 7@300,2,331,42 6@1,2,31,42\n"
			     "c ok: 7@3,2,34,42\n");
	assert_int_equal(tally.created, 7);
	assert_int_equal(tally.known, 2);
	assert_group("person1=ross person2=chandler person3=monica person4=phoebe "
		     "person5=joey person6=rachel person7=gunther");
}

static void an_updated_person_gets_the_face_too(void **state)
{
	(void)state;
	FC_CLEANUP(album_release) struct album first = { 0 };
	FC_CLEANUP(album_release) struct album second = { 0 };
	struct fc_azure_options options = azure_options();
	FC_CLEANUP(fc_service_closep) struct fc_service *service = azure_open(&options);
	struct fc_tally tally;
	azure_add(&first, "first", "anna@0,0,50,50", 3);
	azure_add(&second, "second", "anna@9,0,60,50;bob@100,0,190,90", 0);
	struct fc_recognize_request request = {
		.space = "5",
		.photos = album_source(&second),
		.sink = album_sink(&second),
		.update_embedding = true,
	};
	assert_int_equal(set_album(service, &first, &tally, NULL), FC_OK);
	assert_int_equal(fc_service_recognize(service, &request, &tally, NULL), FC_OK);
	assert_lines(&second, "second ok: ?@100,0,190,90 3@9,0,60,50\n");
	assert_group("person3=anna+anna");
	assert_int_equal(trainings(), 2);
}

static void a_photo_is_added_once(void **state)
{
	(void)state;
	FC_CLEANUP(album_release) struct album album = { 0 };
	struct fc_azure_options options = azure_options();
	struct fc_tally tally;
	azure_add(&album, "a", "anna@0,0,50,50", 1);
	azure_add(&album, "b", "anna@0,0,60,60", 1);
	for (int i = 0; i < 3; i++) {
		FC_CLEANUP(fc_service_closep) struct fc_service *service = azure_open(&options);
		assert_int_equal(set_album(service, &album, &tally, NULL), FC_OK);
		assert_lines(&album, "a ok\nb ok\n");
		assert_group("person1=anna+anna");
	}
	/* and what nothing was added to is not trained again */
	assert_int_equal(trainings(), 1);
}

static void many_photos_of_a_person_go_one_after_the_other(void **state)
{
	(void)state;
	FC_CLEANUP(album_release) struct album album = { 0 };
	struct fc_azure_options options = azure_options();
	options.http.parallel = 8;
	FC_CLEANUP(fc_service_closep) struct fc_service *service = azure_open(&options);
	struct fc_tally tally;
	for (int i = 0; i < 30; i++) {
		char faces[64];
		snprintf(faces, sizeof(faces), "p%d@%d,0,100,90", i % 3, i);
		azure_add(&album, "photo", faces, (uint64_t)(i % 3) + 1);
	}
	assert_int_equal(set_album(service, &album, &tally, NULL), FC_OK);
	assert_int_equal(tally.done, 30);
	assert_group("person1=p0+p0+p0+p0+p0+p0+p0+p0+p0+p0 person2=p1+p1+p1+p1+p1+p1+p1+p1+p1+p1 "
		     "person3=p2+p2+p2+p2+p2+p2+p2+p2+p2+p2");
	assert_int_equal(trainings(), 1);
}

static void not_just_one_face_is_that_photos_failure(void **state)
{
	(void)state;
	FC_CLEANUP(album_release) struct album album = { 0 };
	struct fc_azure_options options = azure_options();
	FC_CLEANUP(fc_service_closep) struct fc_service *service = azure_open(&options);
	struct fc_tally tally;
	azure_add(&album, "none", "", 1);
	azure_add(&album, "one", "anna@0,0,50,50", 2);
	azure_add(&album, "two", "bob@0,0,50,50;carl@60,0,90,90", 3);
	album_add_file(&album, "unnumbered", wire_photo("anna@0,0,9,9", 640, 480, 2000), 0);
	assert_int_equal(set_album(service, &album, &tally, NULL), FC_OK);
	assert_lines(&album, "none no_face\none ok\ntwo several_faces\n"
			     "unnumbered invalid_argument\n");
	/* nobody is left behind who was made for a photo that was refused */
	assert_group("person2=anna");
}

static void unfit_photos_are_told_of_before_anything_is_sent(void **state)
{
	(void)state;
	FC_CLEANUP(album_release) struct album album = { 0 };
	struct fc_azure_options options = azure_options();
	FC_CLEANUP(fc_service_closep) struct fc_service *service = azure_open(&options);
	struct fc_tally tally;
	static const char tiff[2000] = "II*\0\x08\0\0\0";
	static const struct {
		enum fc_status status;
		const char *words;
	} expected[] = {
		{ FC_TOO_LARGE, "6291457 bytes, more than the limit of 6291456" },
		{ FC_BAD_IMAGE, "1023 bytes; the minimum of service 'face' is 1024" },
		{ FC_BAD_IMAGE, "35x300 pixels; the minimum of service 'face' is 36x36" },
		{ FC_BAD_IMAGE, "is a tiff image; service 'face' accepts JPEG, PNG and BMP" },
	};
	album_add_file(&album, "heavy", wire_photo("a@0,0,9,9", 640, 480, 6291457), 1);
	album_add_file(&album, "light", wire_photo("a@0,0,9,9", 640, 480, 1023), 1);
	album_add_file(&album, "narrow", wire_photo("a@0,0,9,9", 35, 300, 2000), 1);
	album_add_file(&album, "tiff", wire_file(tiff, sizeof(tiff)), 1);
	for (size_t i = 0; i < FC_ARRAY_LENGTH(expected); i++) {
		struct album one = { .photos = &album.photos[i],
				     .count = 1,
				     .statuses = &album.statuses[i] };
		assert_int_equal(recognize_album(service, &one, false, &tally, NULL), FC_OK);
		assert_int_equal(one.statuses[0], expected[i].status);
		if (!strstr(one.last.text, expected[i].words)) {
			fail_msg("'%s' lacks '%s'", one.last.text, expected[i].words);
		}
		fc_buffer_release(&one.lines);
	}
	/* each asked whether there is a group, and no more */
	assert_int_equal(wire_count("requests"), FC_ARRAY_LENGTH(expected));
}

static void more_than_ten_faces_are_identified_in_turns(void **state)
{
	(void)state;
	FC_CLEANUP(album_release) struct album known = { 0 };
	FC_CLEANUP(album_release) struct album crowd = { 0 };
	FC_CLEANUP(fc_buffer_release) struct fc_buffer faces = { 0 };
	FC_CLEANUP(fc_buffer_release) struct fc_buffer expected = { 0 };
	struct fc_azure_options options = azure_options();
	FC_CLEANUP(fc_service_closep) struct fc_service *service = azure_open(&options);
	struct fc_tally tally;
	fc_buffer_append_text(&expected, "crowd ok:");
	for (int i = 0; i < 23; i++) {
		char one[64];
		snprintf(one, sizeof(one), "p%d@0,0,%d,%d", i, 100 - i, 100 - i);
		azure_add(&known, "known", one, (uint64_t)i + 1);
		fc_buffer_printf(&faces, "%s%s", i == 0 ? "" : ";", one);
		fc_buffer_printf(&expected, " %d@0,0,%d,%d", i + 1, 100 - i, 100 - i);
	}
	fc_buffer_append_text(&expected, "\n");
	azure_add(&crowd, "crowd", fc_buffer_text(&faces), 0);
	assert_int_equal(set_album(service, &known, &tally, NULL), FC_OK);
	int before = wire_count("requests");
	assert_int_equal(recognize_album(service, &crowd, false, &tally, NULL), FC_OK);
	assert_lines(&crowd, fc_buffer_text(&expected));
	/* group, persons, detection, three identifications, and the two questions here */
	assert_int_equal(wire_count("requests") - before, 6);
}

static void persons_are_deleted_and_spaces_emptied(void **state)
{
	(void)state;
	FC_CLEANUP(album_release) struct album both = { 0 };
	struct fc_azure_options options = azure_options();
	FC_CLEANUP(fc_service_closep) struct fc_service *service = azure_open(&options);
	struct fc_delete_item items[] = { { .number = 1 }, { .number = 7 } };
	struct fc_delete_request deletion = { .space = "5", .items = items, .count = 2 };
	struct fc_truncate_request truncation = { .space = "5" };
	struct fc_truncate_result result = { 0 };
	struct fc_tally tally;
	azure_add(&both, "a", "anna@0,0,50,50", 1);
	azure_add(&both, "b", "bob@0,0,50,50", 2);
	assert_int_equal(fc_service_truncate(service, &truncation, &result, NULL), FC_NOT_FOUND);
	assert_int_equal(set_album(service, &both, &tally, NULL), FC_OK);
	deletion.dry_run = true;
	assert_int_equal(fc_service_delete(service, &deletion, NULL), FC_OK);
	assert_int_equal(items[0].status, FC_OK);
	deletion.dry_run = false;
	assert_int_equal(fc_service_delete(service, &deletion, NULL), FC_OK);
	assert_int_equal(items[0].status, FC_OK);
	assert_int_equal(items[0].faces, 1);
	assert_int_equal(items[1].status, FC_NOT_FOUND);
	/* the training still knows person 1, who is not there any more */
	assert_int_equal(recognize_album(service, &both, false, &tally, NULL), FC_OK);
	assert_lines(&both, "a ok: ?@0,0,50,50\nb ok: 2@0,0,50,50\n");
	assert_int_equal(fc_service_truncate(service, &truncation, &result, NULL), FC_OK);
	assert_int_equal(result.persons, 1);
	assert_int_equal(result.faces, 1);
	assert_int_equal(recognize_album(service, &both, false, &tally, NULL), FC_OK);
	assert_lines(&both, "a ok: ?@0,0,50,50\nb ok: ?@0,0,50,50\n");
	assert_int_equal(fc_service_truncate(service, &truncation, &result, NULL), FC_OK);
	assert_int_equal(result.persons, 0);
}

static void spaces_are_the_groups_with_the_prefix(void **state)
{
	(void)state;
	FC_CLEANUP(album_release) struct album album = { 0 };
	struct fc_azure_options options = azure_options();
	FC_CLEANUP(fc_service_closep) struct fc_service *service = azure_open(&options);
	FC_CLEANUP(fc_free) struct fc_space_summary *spaces = NULL;
	size_t count;
	struct fc_tally tally;
	wire_order("azure", "{\"groups\":{\"other\":{\"name\":\"other\"},"
			    "\"facectl-0\":{\"name\":\"0\"}}}");
	azure_add(&album, "a", "anna@0,0,50,50", 1);
	azure_add(&album, "b", "anna@9,0,50,50", 1);
	assert_int_equal(set_album(service, &album, &tally, NULL), FC_OK);
	assert_int_equal(fc_service_space_list(service, &spaces, &count, NULL), FC_OK);
	assert_int_equal(count, 2);
	assert_string_equal(spaces[0].name, "0");
	assert_string_equal(spaces[1].name, "5");
	assert_int_equal(spaces[1].persons, 1);
	assert_int_equal(spaces[1].faces, 2);
	assert_int_equal(fc_service_space_delete(service, "5", NULL), FC_OK);
	assert_int_equal(fc_service_space_delete(service, "5", NULL), FC_NOT_FOUND);
	assert_int_equal(fc_service_space_delete(service, "no such name", NULL),
			 FC_INVALID_ARGUMENT);
}

static void a_group_of_somebody_elses_is_used_as_it_is(void **state)
{
	(void)state;
	FC_CLEANUP(album_release) struct album album = { 0 };
	struct fc_azure_options options = azure_options();
	FC_CLEANUP(fc_service_closep) struct fc_service *service = azure_open(&options);
	struct fc_tally tally;
	wire_order("azure", "{\"groups\":{\"facectl-5\":{\"name\":\"five\",\"userData\":\"mine\","
			    "\"recognitionModel\":\"recognition_02\"}}}");
	azure_add(&album, "a", "anna@0,0,50,50", 1);
	assert_int_equal(set_album(service, &album, &tally, NULL), FC_OK);
	/* its model is not facectl's, and its user data stays */
	assert_int_equal(recognize_album(service, &album, false, &tally, NULL), FC_OK);
	assert_lines(&album, "a ok: 1@0,0,50,50\n");
	FC_CLEANUP(fc_json_release) cJSON *group = azure_group("facectl-5");
	assert_string_equal(fc_json_text(group, "userData"), "mine");
}

static void persons_are_found_on_every_page(void **state)
{
	(void)state;
	FC_CLEANUP(album_release) struct album album = { 0 };
	FC_CLEANUP(fc_buffer_release) struct fc_buffer expected = { 0 };
	struct fc_azure_options options = azure_options();
	FC_CLEANUP(fc_service_closep) struct fc_service *service = azure_open(&options);
	struct fc_tally tally;
	wire_order("azure", "{\"groups\":{\"facectl-5\":{\"name\":\"5\",\"persons\":2500}}}");
	for (int i = 1; i <= 26; i++) {
		char name[32], faces[32];
		snprintf(name, sizeof(name), "a%d", i);
		snprintf(faces, sizeof(faces), "p%d@0,0,50,50", i);
		azure_add(&album, name, faces, (uint64_t)i * 100);
		fc_buffer_printf(&expected, "a%d ok: %d@0,0,50,50\n", i, i * 100);
	}
	assert_int_equal(set_album(service, &album, &tally, NULL), FC_OK);
	/* all but the last were there */
	FC_CLEANUP(fc_json_release) cJSON *group = azure_group("facectl-5");
	assert_int_equal(fc_json_get(group, "count")->valueint, 2501);
	/* recognize reads one page of the list, and asks for whom it does not know */
	int before = wire_count("requests");
	assert_int_equal(recognize_album(service, &album, false, &tally, NULL), FC_OK);
	assert_lines(&album, fc_buffer_text(&expected));
	assert_true(wire_count("requests") - before <= 2 + 3 * 26);
}

static void an_interrupted_training_is_made_up_for(void **state)
{
	(void)state;
	FC_CLEANUP(album_release) struct album album = { 0 };
	struct fc_azure_options options = azure_options();
	FC_CLEANUP(fc_service_closep) struct fc_service *service = azure_open(&options);
	struct fc_tally tally;
	struct fc_error err = { 0 };
	azure_add(&album, "a", "anna@0,0,50,50", 1);
	azure_add(&album, "b", "bob@0,0,50,50", 2);
	wire_order("azure", "{\"failures\":1,\"message\":\"Out of \\r\\n luck\"}");
	assert_int_equal(set_album(service, &album, &tally, &err), FC_REFUSED);
	assert_lines(&album, "a ok\nb ok\n");
	assert_non_null(strstr(err.text, "the training of space '5' failed: Out of"));
	assert_int_equal(recognize_album(service, &album, false, &tally, NULL), FC_OK);
	assert_lines(&album, "a ok: 1@0,0,50,50\nb ok: 2@0,0,50,50\n");
	assert_int_equal(trainings(), 2);
}

static void a_training_that_takes_too_long_is_left_to_itself(void **state)
{
	(void)state;
	FC_CLEANUP(album_release) struct album album = { 0 };
	struct fc_azure_options options = azure_options();
	options.training_ms = 20;
	FC_CLEANUP(fc_service_closep) struct fc_service *service = azure_open(&options);
	struct fc_tally tally;
	struct fc_error err = { 0 };
	azure_add(&album, "a", "anna@0,0,50,50", 1);
	wire_order("azure", "{\"looks\":1000000}");
	assert_int_equal(set_album(service, &album, &tally, &err), FC_BUSY);
	assert_non_null(strstr(err.text, "did not end within"));
	/* and who comes upon it meanwhile is told to come again */
	assert_int_equal(recognize_album(service, &album, false, &tally, &err), FC_BUSY);
}

static void somebody_elses_work_is_waited_for(void **state)
{
	(void)state;
	FC_CLEANUP(album_release) struct album album = { 0 };
	struct fc_azure_options options = azure_options();
	FC_CLEANUP(fc_service_closep) struct fc_service *service = azure_open(&options);
	struct fc_tally tally;
	for (int i = 0; i < 5; i++) {
		azure_add(&album, "a", "anna@0,0,50,50", (uint64_t)i + 1);
	}
	wire_order("azure", "{\"conflicts\":20}");
	assert_int_equal(set_album(service, &album, &tally, NULL), FC_OK);
	assert_int_equal(tally.done, 5);
}

static void faces_that_the_service_forgot_are_seen_again(void **state)
{
	(void)state;
	FC_CLEANUP(album_release) struct album album = { 0 };
	struct fc_azure_options options = azure_options();
	options.face_seconds = 60;
	FC_CLEANUP(fc_service_closep) struct fc_service *service = azure_open(&options);
	struct fc_tally tally;
	azure_add(&album, "a", "anna@0,0,50,50", 1);
	assert_int_equal(set_album(service, &album, &tally, NULL), FC_OK);
	wire_order("azure", "{\"forgets\":2}");
	assert_int_equal(recognize_album(service, &album, false, &tally, NULL), FC_OK);
	assert_lines(&album, "a ok: 1@0,0,50,50\n");
	wire_order("azure", "{\"forgets\":1000}");
	assert_int_equal(recognize_album(service, &album, false, &tally, NULL), FC_OK);
	assert_int_equal(tally.failed, 1);
	assert_non_null(strstr(album.last.text, "Face is not found."));
}

static void persons_keep_their_names(void **state)
{
	(void)state;
	FC_CLEANUP(album_release) struct album album = { 0 };
	struct fc_azure_options options = azure_options();
	FC_CLEANUP(fc_service_closep) struct fc_service *service = azure_open(&options);
	struct fc_tally tally;
	struct fc_set_request request = {
		.space = "5",
		.photos = album_source(&album),
		.sink = album_sink(&album),
		.person_name = "Anna Müller",
	};
	azure_add(&album, "a", "anna@0,0,50,50", 12);
	assert_int_equal(fc_service_set(service, &request, &tally, NULL), FC_OK);
	assert_group("person12 Anna Müller=anna");
	assert_int_equal(recognize_album(service, &album, false, &tally, NULL), FC_OK);
	assert_lines(&album, "a ok: 12@0,0,50,50\n");
}

static void two_photos_are_verified(void **state)
{
	(void)state;
	FC_CLEANUP(album_release) struct album album = { 0 };
	struct fc_azure_options options = azure_options();
	FC_CLEANUP(fc_service_closep) struct fc_service *service = azure_open(&options);
	struct fc_verify_result result;
	azure_add(&album, "a", "anna@0,0,50,50", 0);
	azure_add(&album, "b", "anna@5,0,50,50", 0);
	azure_add(&album, "c", "bob@0,0,50,50", 0);
	azure_add(&album, "none", "", 0);
	struct fc_verify_request request = { album.photos[0], album.photos[1], { 0 } };
	assert_int_equal(fc_service_verify(service, &request, &result, NULL), FC_OK);
	assert_true(result.same);
	assert_true(fabsf(result.similarity - 0.9f) < 1e-6f);
	request.second = album.photos[2];
	assert_int_equal(fc_service_verify(service, &request, &result, NULL), FC_OK);
	assert_false(result.same);
	request.second = album.photos[3];
	assert_int_equal(fc_service_verify(service, &request, &result, NULL), FC_NO_FACE);
	assert_int_equal(result.failed_photo, 1);
	wire_order("faults", "[\"503\",\"503\",\"503\",\"503\",\"503\"]");
	assert_int_equal(fc_service_verify(service, &request, &result, NULL), FC_BUSY);
	assert_int_equal(result.failed_photo, -1);
}

static void faces_are_detected(void **state)
{
	(void)state;
	FC_CLEANUP(album_release) struct album album = { 0 };
	struct fc_azure_options options = azure_options();
	FC_CLEANUP(fc_service_closep) struct fc_service *service = azure_open(&options);
	struct fc_tally tally;
	struct fc_detect_request request = { .photos = album_source(&album),
					     .sink = album_sink(&album) };
	azure_add(&album, "friends", FRIENDS, 0);
	azure_add(&album, "none", "", 0);
	assert_int_equal(fc_service_detect(service, &request, &tally, NULL), FC_OK);
	assert_int_equal(tally.faces, 6);
	assert_lines(&album, "friends ok\nnone ok\n");
	assert_int_equal(wire_count("requests"), 2);
}

static void a_wrong_key_ends_the_request(void **state)
{
	(void)state;
	FC_CLEANUP(album_release) struct album album = { 0 };
	struct fc_azure_options options = azure_options();
	options.token = (struct fc_token_source){ .value = "not-the-key", .value_name = "X" };
	FC_CLEANUP(fc_service_closep) struct fc_service *service = azure_open(&options);
	struct fc_tally tally;
	struct fc_error err = { 0 };
	azure_add(&album, "a", "anna@0,0,50,50", 1);
	assert_int_equal(set_album(service, &album, &tally, &err), FC_PERMISSION);
	assert_non_null(strstr(err.text, "service 'face': HTTP 401: Access denied"));
}

static void the_seconds_in_its_words_are_waited(void **state)
{
	(void)state;
	FC_CLEANUP(album_release) struct album album = { 0 };
	struct fc_azure_options options = azure_options();
	FC_CLEANUP(fc_service_closep) struct fc_service *service = azure_open(&options);
	struct fc_tally tally;
	azure_add(&album, "a", "anna@0,0,50,50", 1);
	wire_order("faults", "[\"429-in-words:0\",\"429-in-words:1\"]");
	assert_int_equal(set_album(service, &album, &tally, NULL), FC_OK);
	/* more patience than anybody has is not needed */
	wire_order("faults", "[\"429-in-words:6\"]");
	struct fc_error err = { 0 };
	assert_int_equal(set_album(service, &album, &tally, &err), FC_BUSY);
	assert_non_null(strstr(err.text, "retry after 6 s"));
}

static void what_the_service_does_not_have_is_said(void **state)
{
	(void)state;
	FC_CLEANUP(album_release) struct album album = { 0 };
	struct fc_azure_options options = azure_options();
	FC_CLEANUP(fc_service_closep) struct fc_service *service = azure_open(&options);
	struct fc_tally tally;
	struct fc_error err = { 0 };
	struct fc_set_request crops = { .space = "5", .keep_crops = true };
	struct fc_recognize_request choosy = { .space = "5", .threshold.has_threshold = true };
	struct fc_recognize_request nowhere = { .origin = "cli" };
	assert_int_equal(fc_service_set(service, &crops, &tally, &err), FC_UNSUPPORTED);
	assert_int_equal(fc_service_recognize(service, &choosy, &tally, &err), FC_UNSUPPORTED);
	assert_int_equal(fc_service_recognize(service, &nowhere, &tally, &err),
			 FC_INVALID_ARGUMENT);
	assert_int_equal(wire_count("requests"), 0);
	options.group_prefix = "Big";
	struct fc_service *never = NULL;
	assert_int_equal(fc_azure_open(&options, &never, &err), FC_INVALID_ARGUMENT);
}

static void the_address_may_be_written_with_its_path(void **state)
{
	(void)state;
	static const char *const tails[] = { "", "/", "/face/v1.0", "/face/v1.0/", "//" };
	for (size_t i = 0; i < FC_ARRAY_LENGTH(tails); i++) {
		struct fc_azure_options options = azure_options();
		struct fc_space_summary *spaces = NULL;
		size_t count;
		char url[200];
		snprintf(url, sizeof(url), "%s%s", wire_env("FAKE_URL"), tails[i]);
		options.http.url = url;
		FC_CLEANUP(fc_service_closep) struct fc_service *service = azure_open(&options);
		assert_int_equal(fc_service_space_list(service, &spaces, &count, NULL), FC_OK);
		free(spaces);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(a_face_is_known_once_it_is_set, wire_reset),
		cmocka_unit_test_setup(unknown_faces_become_persons_when_asked, wire_reset),
		cmocka_unit_test_setup(an_updated_person_gets_the_face_too, wire_reset),
		cmocka_unit_test_setup(a_photo_is_added_once, wire_reset),
		cmocka_unit_test_setup(many_photos_of_a_person_go_one_after_the_other, wire_reset),
		cmocka_unit_test_setup(not_just_one_face_is_that_photos_failure, wire_reset),
		cmocka_unit_test_setup(unfit_photos_are_told_of_before_anything_is_sent,
				       wire_reset),
		cmocka_unit_test_setup(more_than_ten_faces_are_identified_in_turns, wire_reset),
		cmocka_unit_test_setup(persons_are_deleted_and_spaces_emptied, wire_reset),
		cmocka_unit_test_setup(spaces_are_the_groups_with_the_prefix, wire_reset),
		cmocka_unit_test_setup(a_group_of_somebody_elses_is_used_as_it_is, wire_reset),
		cmocka_unit_test_setup(persons_are_found_on_every_page, wire_reset),
		cmocka_unit_test_setup(an_interrupted_training_is_made_up_for, wire_reset),
		cmocka_unit_test_setup(a_training_that_takes_too_long_is_left_to_itself,
				       wire_reset),
		cmocka_unit_test_setup(somebody_elses_work_is_waited_for, wire_reset),
		cmocka_unit_test_setup(faces_that_the_service_forgot_are_seen_again, wire_reset),
		cmocka_unit_test_setup(persons_keep_their_names, wire_reset),
		cmocka_unit_test_setup(two_photos_are_verified, wire_reset),
		cmocka_unit_test_setup(faces_are_detected, wire_reset),
		cmocka_unit_test_setup(a_wrong_key_ends_the_request, wire_reset),
		cmocka_unit_test_setup(the_seconds_in_its_words_are_waited, wire_reset),
		cmocka_unit_test_setup(what_the_service_does_not_have_is_said, wire_reset),
		cmocka_unit_test_setup(the_address_may_be_written_with_its_path, wire_reset),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
