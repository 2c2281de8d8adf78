/* The documents' examples of the Smarty protocol, read into values and written again. */
/* SPDX-License-Identifier: MIT */
#include <math.h>

#include "protocol/smarty.h"
#include "same_json.h"

#define ENVELOPE(object)                                                                           \
	"{\"status\":200,\"body\":{\"objects\":[" object                                           \
	"]},\"htmlencoded\":false,\"last_modified\":0}"

static const char known[] =
	ENVELOPE("{\"status\":0,\"name\":\"file\",\"persons\":[{\"tag\":\"person1\",\"coord\":[567,"
		 "376,992,931],\"confidence\":0.99917,\"awesomeness\":0.4894,\"similarity\":0.9721,"
		 "\"sex\":\"male\",\"emotion\":\"Neutral\",\"age\":34,\"valence\":-0.3236,"
		 "\"arousal\":0.185,\"frontality\":0.8921,\"visibility\":0.9985}]}");

static const char undefined[] =
	ENVELOPE("{\"status\":0,\"name\":\"file\",\"persons\":[{\"tag\":\"undefined\",\"coord\":["
		 "349,45,543,308],\"confidence\":0.99977,\"awesomeness\":0.5002,\"similarity\":1,"
		 "\"sex\":\"female\",\"emotion\":\"Surprise\",\"age\":31,\"valence\":-0.1527,"
		 "\"arousal\":0.3299,\"frontality\":0.8228,\"visibility\":0.997}]}");

static const char with_aliases[] =
	ENVELOPE("{\"status\":0,\"name\":\"file\",\"persons\":[{\"tag\":\"person1\",\"coord\":[1,2,"
		 "3,4],\"confidence\":1,\"awesomeness\":0.5,\"similarity\":0.9,\"aliases\":["
		 "\"person3\",\"Anna\"]}]}");

static const char no_face[] = ENVELOPE("{\"status\":0,\"name\":\"file\"}");

static const char several_faces[] =
	ENVELOPE("{\"status\":1,\"error\":\"face set required only one face per image\",\"name\":"
		 "\"file\"}");

/* Read a document with one object, "file", and write it again. */
static void copy(const char *text, struct fc_buffer *out)
{
	FC_CLEANUP(fc_smarty_envelope_release) struct fc_smarty_envelope envelope = { 0 };
	FC_CLEANUP(fc_smarty_persons_release) struct fc_smarty_persons persons = { 0 };
	struct fc_json_writer json = fc_json_writer_of(out, true);
	enum fc_smarty_object_status status;
	assert_int_equal(fc_smarty_read_envelope(text, strlen(text), &envelope, NULL), FC_OK);
	assert_int_equal(envelope.status, 200);
	FC_CLEANUP(fc_json_release)
	cJSON *object = fc_smarty_take_object(&envelope, "file", &status);
	assert_non_null(object);
	assert_int_equal(fc_smarty_read_persons(object, 10, &persons, NULL), FC_OK);
	fc_smarty_begin_body(&json);
	fc_json_key(&json, "objects");
	fc_json_begin_array(&json);
	fc_smarty_begin_object(&json, status,
			       status == FC_SMARTY_DONE ? NULL : fc_smarty_object_error(object),
			       "file");
	if (persons.count > 0) {
		fc_smarty_write_persons(&json, persons.items, persons.count);
	}
	fc_json_end_object(&json);
	fc_json_end_array(&json);
	fc_smarty_end_body(&json, NULL);
}

static void the_documents_answers_are_read_and_written(void **state)
{
	(void)state;
	static const char *const texts[] = { known, undefined, with_aliases, no_face,
					     several_faces };
	for (size_t i = 0; i < FC_ARRAY_LENGTH(texts); i++) {
		struct fc_buffer out = { 0 };
		copy(texts[i], &out);
		assert_same_json(&out, texts[i]);
	}
}

static void truncate_answers_with_an_empty_body(void **state)
{
	(void)state;
	static const char text[] =
		"{\"status\":200,\"body\":{},\"htmlencoded\":false,\"last_modified\":0}";
	FC_CLEANUP(fc_smarty_envelope_release) struct fc_smarty_envelope envelope = { 0 };
	struct fc_buffer out = { 0 };
	struct fc_json_writer json = fc_json_writer_of(&out, true);
	assert_int_equal(fc_smarty_read_envelope(text, strlen(text), &envelope, NULL), FC_OK);
	assert_non_null(envelope.body);
	assert_null(envelope.objects);
	fc_smarty_begin_body(&json);
	fc_smarty_end_body(&json, NULL);
	assert_same_json(&out, text);
}

static void errors_are_read_and_written(void **state)
{
	(void)state;
	static const char *const texts[] = {
		"{\"status\":400,\"body\":\"no person_id has been provided\",\"htmlencoded\":false,"
		"\"last_modified\":0}",
		"{\"status\":400,\"body\":\"could not get image by name file_10: http: no such "
		"file\",\"htmlencoded\":false,\"last_modified\":0}",
		"{\"status\":500,\"body\":\"Internal Server Error\",\"htmlencoded\":false,"
		"\"last_modified\":0}",
	};
	for (size_t i = 0; i < FC_ARRAY_LENGTH(texts); i++) {
		FC_CLEANUP(fc_smarty_envelope_release) struct fc_smarty_envelope envelope = { 0 };
		struct fc_buffer out = { 0 };
		assert_int_equal(
			fc_smarty_read_envelope(texts[i], strlen(texts[i]), &envelope, NULL),
			FC_OK);
		fc_smarty_write_error(&out, envelope.status, envelope.message);
		assert_same_json(&out, texts[i]);
	}
}

static void what_is_not_an_envelope_is_refused(void **state)
{
	(void)state;
	static const char *const texts[] = {
		"", "[]", "{}", "{\"status\":\"200\"}", "{\"status\":0}", "<html>"
	};
	for (size_t i = 0; i < FC_ARRAY_LENGTH(texts); i++) {
		FC_CLEANUP(fc_smarty_envelope_release) struct fc_smarty_envelope envelope = { 0 };
		assert_int_equal(
			fc_smarty_read_envelope(texts[i], strlen(texts[i]), &envelope, NULL),
			FC_REFUSED);
	}
}

static void conditions_have_the_documents_words(void **state)
{
	(void)state;
	struct fc_buffer out = { 0 };
	assert_string_equal(fc_smarty_words(FC_NO_FACE, FC_CODE_NONE),
			    "face set required only one face per image");
	assert_string_equal(fc_smarty_words(FC_SEVERAL_FACES, FC_CODE_NONE),
			    "face set required only one face per image");
	assert_string_equal(fc_smarty_words(FC_BAD_IMAGE, FC_CODE_EMPTY_IMAGE), "empty image");
	assert_string_equal(fc_smarty_words(FC_INVALID_ARGUMENT, FC_CODE_NO_PERSON_ID),
			    "no person_id has been provided");
	assert_null(fc_smarty_words(FC_BAD_IMAGE, FC_CODE_NONE));
	fc_smarty_wrong_space("A \"b", &out);
	assert_string_equal(fc_buffer_text(&out),
			    "wrong space param : strconv.Atoi: parsing \"A \\\"b\": invalid "
			    "syntax");
	fc_buffer_clear(&out);
	fc_smarty_missing_image("file_10", &out);
	assert_string_equal(fc_buffer_text(&out),
			    "could not get image by name file_10: http: no such file");
	fc_buffer_release(&out);
	assert_int_equal(fc_smarty_error_status(FC_PERMISSION), 403);
	assert_int_equal(fc_smarty_error_status(FC_DAMAGED), 500);
	assert_int_equal(fc_smarty_error_status(FC_BAD_IMAGE), 400);
	assert_int_equal(fc_smarty_object_status(FC_OK), FC_SMARTY_DONE);
	assert_int_equal(fc_smarty_object_status(FC_WORKER_DIED), FC_SMARTY_TEMPORARY);
	assert_int_equal(fc_smarty_object_status(FC_TOO_LARGE), FC_SMARTY_PERMANENT);
}

static void persons_out_of_bounds_are_refused(void **state)
{
	(void)state;
	static const char *const persons[] = {
		"{\"tag\":\"person1\",\"coord\":[1,2,3]}",
		"{\"tag\":\"person1\",\"coord\":[3,2,1,4]}",
		"{\"tag\":\"person1\",\"coord\":[1,2,3,1e9]}",
		"{\"coord\":[1,2,3,4]}",
		"{\"tag\":\"\",\"coord\":[1,2,3,4]}",
		"{\"tag\":\"person1\",\"coord\":[1,2,3,4],\"confidence\":2}",
		"{\"tag\":\"person1\",\"coord\":[1,2,3,4],\"valence\":\"much\"}",
		"{\"tag\":\"person1\",\"coord\":[1,2,3,4],\"aliases\":[1]}",
		"{\"tag\":\"person1\",\"coord\":[1,2,3,4],\"aliases\":{}}",
	};
	for (size_t i = 0; i < FC_ARRAY_LENGTH(persons); i++) {
		FC_CLEANUP(fc_smarty_persons_release) struct fc_smarty_persons read = { 0 };
		FC_CLEANUP(fc_buffer_release) struct fc_buffer text = { 0 };
		fc_buffer_printf(&text, "{\"persons\":[%s]}", persons[i]);
		FC_CLEANUP(fc_json_release) cJSON *object = parsed(fc_buffer_text(&text));
		if (fc_smarty_read_persons(object, 10, &read, NULL) != FC_REFUSED) {
			fail_msg("'%s' was accepted", persons[i]);
		}
	}
}

static void a_value_just_outside_is_clamped(void **state)
{
	(void)state;
	FC_CLEANUP(fc_smarty_persons_release) struct fc_smarty_persons read = { 0 };
	FC_CLEANUP(fc_json_release)
	cJSON *object = parsed("{\"persons\":[{\"tag\":\"x\",\"coord\":[1,2,3,4],\"confidence\":"
			       "1.0004}]}");
	assert_int_equal(fc_smarty_read_persons(object, 0, &read, NULL), FC_REFUSED);
	assert_int_equal(fc_smarty_read_persons(object, 1, &read, NULL), FC_OK);
	assert_true(read.items[0].confidence == 1);
	assert_true(isnan(read.items[0].similarity));
}

static void tags_hold_numbers(void **state)
{
	(void)state;
	uint64_t number = 0;
	assert_true(fc_smarty_tag_number("person12", &number) && number == 12);
	assert_true(fc_smarty_tag_number("person_7", &number) && number == 7);
	assert_false(fc_smarty_tag_number("person", &number));
	assert_false(fc_smarty_tag_number("person1x", &number));
	assert_false(fc_smarty_tag_number("Anna", &number));
}

static void the_documents_meta_is_written(void **state)
{
	(void)state;
	static const char *const wanted[] = { "a.jpg", "b.jpg" };
	static const char *const same[] = { "a", "a" };
	struct fc_smarty_name names[2];
	struct fc_buffer out = { 0 };
	const uint64_t numbers[] = { 1, 2 };
	const struct fc_smarty_meta set = {
		.space = "5", .has_images = true, .names = names, .numbers = numbers, .count = 2
	};
	const struct fc_smarty_meta recognize = {
		.space = "5",
		.recognizes = true,
		.create_new = true,
		.has_images = true,
		.names = names,
		.count = 1,
	};
	fc_smarty_choose_names(wanted, 2, names);
	fc_smarty_write_meta(&set, &out);
	assert_same_json(&out, "{\"space\":\"5\",\"images\":[{\"name\":\"a.jpg\",\"person_id\":1},"
			       "{\"name\":\"b.jpg\",\"person_id\":2}]}");
	fc_smarty_choose_names(same, 2, names);
	fc_smarty_write_meta(&recognize, &out);
	assert_same_json(&out, "{\"space\":\"5\",\"create_new\":true,\"update_embedding\":false,"
			       "\"images\":[{\"name\":\"file_0\"}]}");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_documents_answers_are_read_and_written),
		cmocka_unit_test(truncate_answers_with_an_empty_body),
		cmocka_unit_test(errors_are_read_and_written),
		cmocka_unit_test(what_is_not_an_envelope_is_refused),
		cmocka_unit_test(conditions_have_the_documents_words),
		cmocka_unit_test(persons_out_of_bounds_are_refused),
		cmocka_unit_test(a_value_just_outside_is_clamped),
		cmocka_unit_test(tags_hold_numbers),
		cmocka_unit_test(the_documents_meta_is_written),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
