/* The documents' answers, value for value. */
/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include <math.h>

#include "../protocol/same_json.h"
#include "protocol/smarty.h"
#include "service/answer/smarty.h"

static const struct fc_analysis photo = { .width = 2000, .height = 1500, .bytes = 1 };

#define ENVELOPE(object)                                                                           \
	"{\"status\":200,\"body\":{\"objects\":[" object                                           \
	"]},\"htmlencoded\":false,\"last_modified\":0}"

/* The answer to a request with one photo. */
static struct fc_buffer answer(const struct fc_photo_outcome *outcome)
{
	struct fc_buffer out = { 0 };
	struct fc_json_writer json = fc_json_writer_of(&out, true);
	fc_answer_begin_photos(&json);
	fc_answer_photo(&json, outcome);
	fc_answer_end_photos(&json, NULL);
	return out;
}

static void set_answers_as_in_the_document(void **state)
{
	(void)state;
	const struct fc_photo_outcome outcome = { .name = "file", .analysis = &photo };
	struct fc_buffer out = answer(&outcome);
	assert_same_json(&out, ENVELOPE("{\"status\":0,\"name\":\"file\"}"));
}

static void a_skipped_photo_is_a_permanent_error(void **state)
{
	(void)state;
	const struct fc_photo_outcome outcome = {
		.name = "file",
		.action = FC_ACTION_SKIPPED,
		.error = "failed before",
		.analysis = &photo,
	};
	struct fc_buffer out = answer(&outcome);
	assert_same_json(&out,
			 ENVELOPE("{\"status\":1,\"error\":\"failed before\",\"name\":\"file\"}"));
}

static void recognize_also_says_whether_aliases_changed(void **state)
{
	(void)state;
	const struct fc_photo_outcome outcome = { .name = "file", .analysis = &photo };
	static const struct {
		struct fc_smarty_notes notes;
		const char *end;
	} cases[] = {
		{ { 0 }, "false},\"htmlencoded\":false,\"last_modified\":0}" },
		{ { true, true, 1669 }, "true},\"htmlencoded\":true,\"last_modified\":1669}" },
	};
	for (size_t i = 0; i < FC_ARRAY_LENGTH(cases); i++) {
		FC_CLEANUP(fc_buffer_release) struct fc_buffer expected = { 0 };
		struct fc_buffer out = { 0 };
		struct fc_json_writer json = fc_json_writer_of(&out, true);
		fc_answer_begin_photos(&json);
		fc_answer_photo(&json, &outcome);
		fc_answer_end_recognized(&json, &cases[i].notes);
		fc_buffer_printf(&expected,
				 "{\"status\":200,\"body\":{\"objects\":[{\"status\":0,\"name\":"
				 "\"file\"}],\"aliases_changed\":%s",
				 cases[i].end);
		assert_same_json(&out, fc_buffer_text(&expected));
	}
}

static void errors_of_a_photo_have_the_documents_words(void **state)
{
	(void)state;
	static const struct fc_analysis nothing = { 0 };
	static const struct {
		struct fc_photo_outcome outcome;
		const char *object;
	} cases[] = {
		{ { .status = FC_NO_FACE },
		  "\"status\":1,\"error\":\"face set required only one face per image\"" },
		{ { .status = FC_SEVERAL_FACES },
		  "\"status\":1,\"error\":\"face set required only one face per image\"" },
		{ { .status = FC_BAD_IMAGE, .analysis = &nothing },
		  "\"status\":1,\"error\":\"empty image\"" },
		{ { .status = FC_INVALID_ARGUMENT, .code = FC_CODE_NO_PERSON_ID },
		  "\"status\":1,\"error\":\"no person_id has been provided\"" },
		/* without any: the service's, facectl's, the status */
		{ { .status = FC_NO_FACE, .service_error = "no face at all" },
		  "\"status\":1,\"error\":\"no face at all\"" },
		{ { .status = FC_BAD_IMAGE, .error = "'a.jpg': truncated" },
		  "\"status\":1,\"error\":\"'a.jpg': truncated\"" },
		{ { .status = FC_WORKER_DIED }, "\"status\":2,\"error\":\"worker_died\"" },
		{ { .status = FC_TOO_LARGE }, "\"status\":1,\"error\":\"too_large\"" },
	};
	for (size_t i = 0; i < FC_ARRAY_LENGTH(cases); i++) {
		FC_CLEANUP(fc_buffer_release) struct fc_buffer expected = { 0 };
		struct fc_photo_outcome outcome = cases[i].outcome;
		outcome.name = "file";
		outcome.analysis = outcome.analysis ? outcome.analysis : &photo;
		struct fc_buffer out = answer(&outcome);
		fc_buffer_printf(&expected, ENVELOPE("{%s,\"name\":\"file\"}"), cases[i].object);
		assert_same_json(&out, fc_buffer_text(&expected));
	}
}

static void errors_of_the_request_stand_in_the_body(void **state)
{
	(void)state;
	static const struct fc_error errors[] = {
		{ .status = FC_INVALID_ARGUMENT,
		  .code = FC_CODE_NO_PERSON_ID,
		  .text = "give --person-id N" },
		{ .status = FC_PERMISSION, .code = FC_CODE_NONE, .text = "not yours" },
		/* a Smarty service's own envelope; not the JSON of another service */
		{ .status = FC_REFUSED,
		  .text = "service 'vk': HTTP 418: no",
		  .answer = "{\"status\":418,\"body\":\"no\",\"htmlencoded\":true}" },
		{ .status = FC_BUSY, .text = "later", .answer = "{\"error\":\"later\"}" },
	};
	static const char *const texts[] = {
		"{\"status\":400,\"body\":\"no person_id has been provided\",\"htmlencoded\":false,"
		"\"last_modified\":0}",
		"{\"status\":403,\"body\":\"not yours\",\"htmlencoded\":false,\"last_modified\":0}",
		"{\"status\":418,\"body\":\"no\",\"htmlencoded\":true}",
		"{\"status\":500,\"body\":\"later\",\"htmlencoded\":false,\"last_modified\":0}",
	};
	for (size_t i = 0; i < FC_ARRAY_LENGTH(errors); i++) {
		struct fc_buffer out = { 0 };
		fc_answer_smarty_error(&out, &errors[i]);
		assert_same_json(&out, texts[i]);
	}
}

static const struct fc_face face = {
	.box = { 566.6f, 376.4f, 991.7f, 930.9f },
	.confidence = 0.999172f,
	.quality = { .awesomeness = 0.48942f, .frontality = 0.89213f, .visibility = 0.99851f },
};

static struct fc_buffer recognized(const struct fc_recognized_face *faces, size_t count)
{
	const struct fc_photo_outcome outcome = {
		.name = "file",
		.analysis = &photo,
		.faces = faces,
		.face_count = count,
	};
	return answer(&outcome);
}

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

/* The service's values, also those that facectl does not know, and the photo's own name. */
static void an_object_of_the_service_is_passed_on(void **state)
{
	(void)state;
	static const char object[] =
		"{\"status\":0,\"name\":\"%s\",\"persons\":[{\"tag\":\"undefined\",\"coordinate\":[50,"
		"210,150,290],\"confidence\":0.9991723,\"similarity\":0.43,\"age\":34.6},{\"tag\":"
		"\"person_2\",\"coord\":[1,2,3,4]}],\"labels\":[],\"count_by_density\":2}";
	FC_CLEANUP(fc_buffer_release) struct fc_buffer sent = { 0 };
	FC_CLEANUP(fc_buffer_release) struct fc_buffer expected = { 0 };
	fc_buffer_printf(&sent, object, "file_0");
	FC_CLEANUP(fc_json_release) cJSON *json = parsed(fc_buffer_text(&sent));
	const struct fc_photo_outcome outcome = {
		.name = "a photo",
		.analysis = &photo,
		.service_object = json,
	};
	struct fc_buffer out = answer(&outcome);
	fc_buffer_append_text(&expected, "{\"status\":200,\"body\":{\"objects\":[");
	fc_buffer_printf(&expected, object, "a photo");
	fc_buffer_append_text(&expected, "]},\"htmlencoded\":false,\"last_modified\":0}");
	assert_same_json(&out, fc_buffer_text(&expected));
}

static void a_photo_that_the_service_refused_has_its_words(void **state)
{
	(void)state;
	struct fc_error refusal = { 0 };
	const struct fc_photo_outcome outcome = {
		.name = "file",
		.status = FC_REFUSED,
		.error = "'a.jpg': service 'vk': HTTP 400: empty image",
		.service_answer = "{\"status\":400,\"body\":\"empty image\"}",
		.analysis = &photo,
	};
	/* one of several photos */
	struct fc_buffer out = answer(&outcome);
	assert_same_json(&out,
			 ENVELOPE("{\"status\":1,\"error\":\"empty image\",\"name\":\"file\"}"));
	/* the only one */
	assert_true(fc_answer_refuses_photo(&outcome, &refusal));
	fc_answer_smarty_error(&out, &refusal);
	assert_same_json(&out, outcome.service_answer);
}

static void the_age_has_its_fraction(void **state)
{
	(void)state;
	const struct fc_face_attributes attributes = { .age = 34.6f,
						       .valence = NAN,
						       .arousal = NAN };
	const struct fc_recognized_face aged = { .face = &face, .attributes = &attributes };
	struct fc_buffer out = recognized(&aged, 1);
	assert_non_null(strstr(fc_buffer_text(&out), "\"age\": 34.6,"));
	fc_buffer_release(&out);
}

static void no_face_means_no_persons(void **state)
{
	(void)state;
	struct fc_buffer out = recognized(NULL, 0);
	assert_same_json(&out, ENVELOPE("{\"status\":0,\"name\":\"file\"}"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(set_answers_as_in_the_document),
		cmocka_unit_test(a_skipped_photo_is_a_permanent_error),
		cmocka_unit_test(recognize_also_says_whether_aliases_changed),
		cmocka_unit_test(errors_of_a_photo_have_the_documents_words),
		cmocka_unit_test(errors_of_the_request_stand_in_the_body),
		cmocka_unit_test(
			a_known_person_answers_as_in_the_document_less_what_is_not_measured),
		cmocka_unit_test(a_created_and_an_undefined_person_have_similarity_1),
		cmocka_unit_test(an_object_of_the_service_is_passed_on),
		cmocka_unit_test(a_photo_that_the_service_refused_has_its_words),
		cmocka_unit_test(the_age_has_its_fraction),
		cmocka_unit_test(no_face_means_no_persons),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
