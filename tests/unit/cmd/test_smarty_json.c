/* The documents' answers, value for value. */
/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include "base/json.h"
#include "output/smarty_json.h"

/* Both as JSON: the same members in the same order with the same values. */
static void assert_same_json(struct fc_buffer *buffer, const char *expected)
{
	cJSON *mine = NULL;
	cJSON *theirs = NULL;
	const char *text = fc_buffer_text(buffer);
	assert_non_null(text);
	assert_int_equal(fc_json_parse(text, strlen(text), 1 << 20, "ours", &mine, NULL), FC_OK);
	assert_int_equal(
		fc_json_parse(expected, strlen(expected), 1 << 20, "document", &theirs, NULL),
		FC_OK);
	char *a = cJSON_PrintUnformatted(mine);
	char *b = cJSON_PrintUnformatted(theirs);
	assert_string_equal(a, b);
	cJSON_free(a);
	cJSON_free(b);
	cJSON_Delete(mine);
	cJSON_Delete(theirs);
	fc_buffer_release(buffer);
}

static const struct fc_analysis photo = { .width = 2000, .height = 1500, .bytes = 1 };

static void set_answers_as_in_the_document(void **state)
{
	(void)state;
	struct fc_buffer out = { 0 };
	struct smarty_envelope envelope = smarty_begin(&out);
	smarty_begin_objects(&envelope);
	smarty_append_object(&envelope, FC_OK, NULL, "file");
	smarty_end_objects(&envelope);
	smarty_end(&envelope);
	assert_same_json(&out, "{\"status\":200,\"body\":{\"objects\":[{\"status\":0,\"name\":"
			       "\"file\"}]},\"htmlencoded\":false,\"last_modified\":0}");
}

static void a_photo_with_no_or_several_faces_has_the_documents_error(void **state)
{
	(void)state;
	static const enum fc_status statuses[] = { FC_NO_FACE, FC_SEVERAL_FACES };
	for (size_t i = 0; i < FC_ARRAY_LENGTH(statuses); i++) {
		struct fc_buffer out = { 0 };
		const struct fc_photo_outcome outcome = {
			.name = "file",
			.status = statuses[i],
			.error = "other words",
			.analysis = &photo,
		};
		struct smarty_envelope envelope = smarty_begin(&out);
		smarty_begin_objects(&envelope);
		smarty_append_object(&envelope, outcome.status, smarty_words(&outcome),
				     outcome.name);
		smarty_end_objects(&envelope);
		smarty_end(&envelope);
		assert_same_json(&out,
				 "{\"status\":200,\"body\":{\"objects\":[{\"status\":1,\"error\":"
				 "\"face set required only one face per image\",\"name\":\"file\"}"
				 "]},\"htmlencoded\":false,\"last_modified\":0}");
	}
}

static void errors_of_the_request_stand_in_the_body(void **state)
{
	(void)state;
	struct fc_buffer out = { 0 };
	smarty_append_error(&out, FC_INVALID_ARGUMENT, "no person_id has been provided");
	assert_same_json(&out, "{\"status\":400,\"body\":\"no person_id has been provided\","
			       "\"htmlencoded\":false,\"last_modified\":0}");
	struct fc_buffer words = { 0 };
	smarty_wrong_space("", &words);
	smarty_append_error(&out, FC_INVALID_ARGUMENT, fc_buffer_text(&words));
	assert_same_json(&out,
			 "{\"status\":400,\"body\":\"wrong space param : strconv.Atoi: parsing "
			 "\\\"\\\": invalid syntax\",\"htmlencoded\":false,\"last_modified\":0}");
	fc_buffer_release(&words);
	assert_int_equal(smarty_error_status(FC_PERMISSION), 403);
	assert_int_equal(smarty_error_status(FC_DAMAGED), 500);
	assert_int_equal(smarty_error_status(FC_BAD_IMAGE), 400);
}

static void truncate_answers_with_an_empty_body(void **state)
{
	(void)state;
	struct fc_buffer out = { 0 };
	struct smarty_envelope envelope = smarty_begin(&out);
	smarty_end(&envelope);
	assert_same_json(&out, "{\"status\":200,\"body\":{},\"htmlencoded\":false,"
			       "\"last_modified\":0}");
}

static const struct fc_face face = {
	.box = { 566.6f, 376.4f, 991.7f, 930.9f },
	.confidence = 0.999172f,
	.quality = { .awesomeness = 0.48942f, .frontality = 0.89213f, .visibility = 0.99851f },
};

/* The envelope of one photo with these faces. */
static struct fc_buffer recognized(const struct fc_recognized_face *faces, size_t count)
{
	struct fc_buffer out = { 0 };
	const struct fc_photo_outcome outcome = {
		.name = "file",
		.analysis = &photo,
		.faces = faces,
		.face_count = count,
	};
	struct smarty_envelope envelope = smarty_begin(&out);
	smarty_begin_objects(&envelope);
	smarty_append_recognized(&envelope, &outcome);
	smarty_end_objects(&envelope);
	smarty_end(&envelope);
	return out;
}

#define ENVELOPE(object)                                                                           \
	"{\"status\":200,\"body\":{\"objects\":[" object                                           \
	"]},\"htmlencoded\":false,\"last_modified\":0}"

static void a_known_person_answers_as_in_the_document_less_what_is_not_measured(void **state)
{
	(void)state;
	const struct fc_identity alias = { .has_number = true, .number = 3 };
	const struct fc_recognized_face known = {
		.face = &face,
		.known = true,
		.identity = { .has_number = true, .number = 1 },
		.has_similarity = true,
		.similarity = 0.97208f,
	};
	struct fc_recognized_face with_alias = known;
	struct fc_buffer out = recognized(&known, 1);
	assert_same_json(&out,
			 ENVELOPE("{\"status\":0,\"name\":\"file\",\"persons\":[{\"tag\":"
				  "\"person1\",\"coord\":[567,376,992,931],\"confidence\":0.99917,"
				  "\"awesomeness\":0.4894,\"similarity\":0.9721,\"frontality\":"
				  "0.8921,\"visibility\":0.9985}]}"));
	with_alias.aliases = &alias;
	with_alias.alias_count = 1;
	out = recognized(&with_alias, 1);
	assert_non_null(strstr(fc_buffer_text(&out), "\"aliases\""));
	assert_non_null(strstr(fc_buffer_text(&out), "\"person3\""));
	fc_buffer_release(&out);
}

static void a_created_and_an_undefined_person_have_similarity_1(void **state)
{
	(void)state;
	const struct fc_recognized_face created = {
		.face = &face,
		.known = true,
		.created = true,
		.identity = { .has_number = true, .number = 2 },
		.has_similarity = true,
		.similarity = 0.1f,
	};
	const struct fc_recognized_face unknown = {
		.face = &face,
		.has_similarity = true,
		.similarity = 0.1f,
	};
	struct fc_buffer out = recognized(&created, 1);
	assert_non_null(strstr(fc_buffer_text(&out), "\"tag\": \"person2\""));
	assert_non_null(strstr(fc_buffer_text(&out), "\"similarity\": 1,"));
	fc_buffer_release(&out);
	out = recognized(&unknown, 1);
	assert_non_null(strstr(fc_buffer_text(&out), "\"tag\": \"undefined\""));
	assert_non_null(strstr(fc_buffer_text(&out), "\"similarity\": 1,"));
	fc_buffer_release(&out);
}

static void no_face_means_no_persons(void **state)
{
	(void)state;
	struct fc_buffer out = recognized(NULL, 0);
	assert_same_json(&out, ENVELOPE("{\"status\":0,\"name\":\"file\"}"));
}

static void temporary_failures_are_status_2_and_an_empty_file_has_its_words(void **state)
{
	(void)state;
	static const struct fc_analysis nothing = { 0 };
	const struct fc_photo_outcome empty = {
		.status = FC_BAD_IMAGE,
		.error = "'a.jpg': empty image",
		.analysis = &nothing,
	};
	const struct fc_photo_outcome broken = {
		.status = FC_BAD_IMAGE,
		.error = "'a.jpg': truncated",
		.analysis = &photo,
	};
	struct fc_buffer out = { 0 };
	struct smarty_envelope envelope = smarty_begin(&out);
	smarty_begin_objects(&envelope);
	smarty_append_object(&envelope, FC_WORKER_DIED, "w", "a");
	smarty_append_object(&envelope, FC_TOO_LARGE, "w", "b");
	smarty_end_objects(&envelope);
	smarty_end(&envelope);
	assert_same_json(&out, ENVELOPE("{\"status\":2,\"error\":\"w\",\"name\":\"a\"},"
					"{\"status\":1,\"error\":\"w\",\"name\":\"b\"}"));
	assert_string_equal(smarty_words(&empty), "empty image");
	assert_string_equal(smarty_words(&broken), "'a.jpg': truncated");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(set_answers_as_in_the_document),
		cmocka_unit_test(a_photo_with_no_or_several_faces_has_the_documents_error),
		cmocka_unit_test(errors_of_the_request_stand_in_the_body),
		cmocka_unit_test(truncate_answers_with_an_empty_body),
		cmocka_unit_test(
			a_known_person_answers_as_in_the_document_less_what_is_not_measured),
		cmocka_unit_test(a_created_and_an_undefined_person_have_similarity_1),
		cmocka_unit_test(no_face_means_no_persons),
		cmocka_unit_test(temporary_failures_are_status_2_and_an_empty_file_has_its_words),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
