/* The answers that the Smarty documents print, sent back byte for byte; see samples/README. */
/* SPDX-License-Identifier: MIT */
#include "smarty_wire_test.h"

#include <math.h>
#include <stdio.h>

#include "base/file.h"
#include "base/memory.h"
#include "service/remote/smarty/answer.h"

static void answer_with(const char *sample)
{
	char order[128];
	snprintf(order, sizeof(order), "[\"%s.json\"]", sample);
	wire_order("samples", order);
}

/* One photo called "file", as in the documents, and the sample that answers it. */
static void recognize_sample(const char *sample, struct album *album, struct fc_tally *tally)
{
	struct fc_smarty_options options = smarty_options();
	FC_CLEANUP(fc_service_closep) struct fc_service *service = smarty_open(&options);
	album_add(album, "file", "", 1);
	answer_with(sample);
	assert_int_equal(recognize_album(service, album, false, tally, NULL), FC_OK);
}

static void set_sample(const char *sample, struct album *album, struct fc_tally *tally)
{
	struct fc_smarty_options options = smarty_options();
	FC_CLEANUP(fc_service_closep) struct fc_service *service = smarty_open(&options);
	album_add(album, "file", "", 1);
	answer_with(sample);
	assert_int_equal(set_album(service, album, tally, NULL), FC_OK);
}

static void set_answers(void **state)
{
	(void)state;
	static const struct {
		const char *sample;
		enum fc_status status;
		const char *words;
	} cases[] = {
		{ "set-done", FC_OK, "" },
		{ "set-name-mismatch", FC_REFUSED,
		  "HTTP 400: could not get image by name file_10: http: no such file" },
		{ "set-no-face", FC_BAD_IMAGE, "face set required only one face per image" },
		{ "set-several-faces", FC_BAD_IMAGE, "face set required only one face per image" },
		{ "set-empty-image", FC_REFUSED, "HTTP 400: empty image" },
	};
	for (size_t i = 0; i < FC_ARRAY_LENGTH(cases); i++) {
		FC_CLEANUP(album_release) struct album album = { 0 };
		struct fc_tally tally;
		set_sample(cases[i].sample, &album, &tally);
		assert_int_equal(album.statuses[0], cases[i].status);
		assert_non_null(strstr(album.last.text, cases[i].words));
	}
}

static void recognize_answers(void **state)
{
	(void)state;
	static const struct {
		const char *sample;
		const char *lines;
	} cases[] = {
		{ "recognize-known", "file ok: 1@567,376,992,931\n" },
		{ "recognize-created", "file ok: 2@842,242,1340,908\n" },
		{ "recognize-no-face", "file ok\n" },
		{ "recognize-undefined", "file ok: ?@349,45,543,308\n" },
		{ "recognize-name-mismatch", "file refused\n" },
		{ "recognize-empty-image", "file refused\n" },
	};
	for (size_t i = 0; i < FC_ARRAY_LENGTH(cases); i++) {
		FC_CLEANUP(album_release) struct album album = { 0 };
		struct fc_tally tally;
		recognize_sample(cases[i].sample, &album, &tally);
		assert_lines(&album, cases[i].lines);
	}
}

static void delete_and_truncate_answers(void **state)
{
	(void)state;
	struct fc_smarty_options options = smarty_options();
	FC_CLEANUP(fc_service_closep) struct fc_service *service = smarty_open(&options);
	struct fc_delete_item item = { .name = "aaa", .number = 1 };
	struct fc_delete_request deletion = { .space = "5", .items = &item, .count = 1 };
	struct fc_truncate_request truncation = { .space = "5" };
	struct fc_truncate_result result;
	struct fc_error err = { 0 };
	answer_with("delete-done");
	assert_int_equal(fc_service_delete(service, &deletion, &err), FC_OK);
	answer_with("delete-no-person-id");
	assert_int_equal(fc_service_delete(service, &deletion, &err), FC_REFUSED);
	assert_string_equal(err.text, "service 'vk': HTTP 400: no person_id has been provided");
	answer_with("truncate-done");
	assert_int_equal(fc_service_truncate(service, &truncation, &result, &err), FC_OK);
	answer_with("truncate-no-space");
	assert_int_equal(fc_service_truncate(service, &truncation, &result, &err), FC_REFUSED);
	assert_string_equal(err.text,
			    "service 'vk': HTTP 400: the service accepts only the spaces 0 to 9");
}

/* ---- what cannot come over the wire: the bytes themselves ---- */

static void read_sample(const char *name, struct fc_http_response *response)
{
	FC_CLEANUP(fc_free) char *path = fc_path_join(SAMPLES_FOLDER, name);
	response->status = 200;
	assert_int_equal(fc_file_read(path, 65536, &response->body, NULL), FC_OK);
}

static void every_field_of_a_person_is_read(void **state)
{
	(void)state;
	FC_CLEANUP(fc_http_response_release) struct fc_http_response response = { 0 };
	FC_CLEANUP(fc_smarty_envelope_release) struct fc_smarty_envelope envelope = { 0 };
	FC_CLEANUP(fc_json_release) cJSON *object = NULL;
	FC_CLEANUP(fc_smarty_faces_release) struct fc_smarty_faces faces = { 0 };
	enum fc_smarty_object_status status;
	read_sample("recognize-known.json", &response);
	assert_int_equal(fc_smarty_read(&response, &envelope, NULL), FC_OK);
	object = fc_smarty_take_object(&envelope, "file", &status);
	assert_int_equal(status, FC_SMARTY_DONE);
	assert_int_equal(fc_smarty_read_faces(object, &faces, NULL), FC_OK);
	assert_int_equal(faces.count, 1);
	const struct fc_recognized_face *face = &faces.faces[0];
	assert_true(face->known && face->has_similarity && !face->has_margin && !face->created);
	assert_int_equal(face->identity.number, 1);
	assert_float_equal(face->similarity, 0.9721, 1e-6);
	assert_float_equal(face->face->confidence, 0.99917, 1e-6);
	assert_float_equal(face->face->quality.awesomeness, 0.4894, 1e-6);
	assert_float_equal(face->face->quality.frontality, 0.8921, 1e-6);
	assert_float_equal(face->face->quality.visibility, 0.9985, 1e-6);
	assert_true(isnan(face->face->quality.pan));
	assert_string_equal(face->attributes->sex, "male");
	assert_string_equal(face->attributes->emotion, "Neutral");
	assert_float_equal(face->attributes->age, 34, 0);
	assert_float_equal(face->attributes->valence, -0.3236, 1e-6);
	assert_float_equal(face->attributes->arousal, 0.185, 1e-6);
}

static void an_undefined_face_has_no_similarity(void **state)
{
	(void)state;
	FC_CLEANUP(fc_http_response_release) struct fc_http_response response = { 0 };
	FC_CLEANUP(fc_smarty_envelope_release) struct fc_smarty_envelope envelope = { 0 };
	FC_CLEANUP(fc_json_release) cJSON *object = NULL;
	FC_CLEANUP(fc_smarty_faces_release) struct fc_smarty_faces faces = { 0 };
	enum fc_smarty_object_status status;
	read_sample("recognize-undefined.json", &response);
	assert_int_equal(fc_smarty_read(&response, &envelope, NULL), FC_OK);
	object = fc_smarty_take_object(&envelope, "file", &status);
	assert_int_equal(fc_smarty_read_faces(object, &faces, NULL), FC_OK);
	assert_false(faces.faces[0].known);
	assert_false(faces.faces[0].has_similarity);
}

/* text with each `from` replaced, as a new buffer. */
static void replace(struct fc_buffer *text, const char *from, const char *to)
{
	struct fc_buffer out = { 0 };
	const char *cursor = fc_buffer_text(text);
	for (const char *found; (found = strstr(cursor, from)); cursor = found + strlen(from)) {
		fc_buffer_append(&out, cursor, (size_t)(found - cursor));
		fc_buffer_append_text(&out, to);
	}
	fc_buffer_append_text(&out, cursor);
	fc_buffer_release(text);
	*text = out;
}

/* What the tutorial leaves out, put in. */
static void mend(struct fc_buffer *text)
{
	replace(text, "\nstatus:", "\n\"status\":");
	replace(text, "\nbody:", "\n\"body\":");
	replace(text, "\"htmlencoded\":false\n", "\"htmlencoded\":false,\n");
}

static void the_tutorials_answers_are_read_once_they_are_json(void **state)
{
	(void)state;
	static const struct {
		const char *sample, *name;
		size_t faces, known;
	} cases[] = {
		{ "tutorial-undefined.txt", "file_0", 6, 0 },
		{ "tutorial-set.txt", "file_0", 0, 0 },
		{ "tutorial-known.txt", "file_0", 6, 1 },
		{ "tutorial-created.txt", "file_0", 6, 6 },
		{ "tutorial-delete.txt", "myname", 0, 0 },
	};
	for (size_t i = 0; i < FC_ARRAY_LENGTH(cases); i++) {
		FC_CLEANUP(fc_http_response_release) struct fc_http_response response = { 0 };
		FC_CLEANUP(fc_smarty_envelope_release) struct fc_smarty_envelope envelope = { 0 };
		FC_CLEANUP(fc_json_release) cJSON *object = NULL;
		FC_CLEANUP(fc_smarty_faces_release) struct fc_smarty_faces faces = { 0 };
		enum fc_smarty_object_status status;
		size_t known = 0;
		read_sample(cases[i].sample, &response);
		assert_int_equal(fc_smarty_read(&response, &envelope, NULL), FC_REFUSED);
		mend(&response.body);
		assert_int_equal(fc_smarty_read(&response, &envelope, NULL), FC_OK);
		object = fc_smarty_take_object(&envelope, cases[i].name, &status);
		assert_non_null(object);
		assert_int_equal(status, FC_SMARTY_DONE);
		assert_int_equal(fc_smarty_read_faces(object, &faces, NULL), FC_OK);
		assert_int_equal(faces.count, cases[i].faces);
		for (size_t k = 0; k < faces.count; k++) {
			known += faces.faces[k].known;
		}
		assert_int_equal(known, cases[i].known);
	}
}

static void tags_come_in_both_spellings(void **state)
{
	(void)state;
	assert_int_equal(fc_smarty_identity("person12").number, 12);
	assert_int_equal(fc_smarty_identity("person_12").number, 12);
	assert_true(fc_smarty_identity("person_12").has_number);
	static const char *const names[] = { "person", "person_", "person1x", "anna", "person-1" };
	for (size_t i = 0; i < FC_ARRAY_LENGTH(names); i++) {
		struct fc_identity identity = fc_smarty_identity(names[i]);
		assert_false(identity.has_number);
		assert_string_equal(identity.name, names[i]);
	}
}

/* A person object that differs from a good one in one thing. */
static enum fc_status read_person(const char *fields)
{
	FC_CLEANUP(fc_smarty_faces_release) struct fc_smarty_faces faces = { 0 };
	FC_CLEANUP(fc_buffer_release) struct fc_buffer text = { 0 };
	fc_buffer_printf(&text, "{\"status\":0,\"name\":\"file\",\"persons\":[{%s}]}", fields);
	FC_CLEANUP(fc_json_release) cJSON *object = cJSON_Parse(fc_buffer_text(&text));
	assert_non_null(object);
	return fc_smarty_read_faces(object, &faces, NULL);
}

static void a_person_out_of_bounds_is_refused(void **state)
{
	(void)state;
	static const char *const good[] = {
		"\"tag\":\"person1\",\"coord\":[0,0,5,5]",
		"\"tag\":\"person1\",\"coord\":[-3,0,5,5],\"confidence\":1,\"age\":null",
		"\"tag\":\"person1\",\"coord\":[0,0,5,5],\"aliases\":[\"person2\",\"anna\"]",
		"\"tag\":\"person1\",\"coordinate\":[0,0,5,5],\"emotions\":\"Fear\"",
	};
	static const char *const bad[] = {
		"\"coord\":[0,0,5,5]",
		"\"tag\":\"\",\"coord\":[0,0,5,5]",
		"\"tag\":\"person1\"",
		"\"tag\":\"person1\",\"coord\":[0,0,5]",
		"\"tag\":\"person1\",\"coord\":[5,0,0,5]",
		"\"tag\":\"person1\",\"coord\":[0,0,5,1e300]",
		"\"tag\":\"person1\",\"coord\":[0,0,5,\"5\"]",
		"\"tag\":\"person1\",\"coord\":[0,0,5,5],\"confidence\":7",
		"\"tag\":\"person1\",\"coord\":[0,0,5,5],\"similarity\":-1",
		"\"tag\":\"person1\",\"coord\":[0,0,5,5],\"valence\":\"high\"",
		"\"tag\":\"person1\",\"coord\":[0,0,5,5],\"aliases\":\"person2\"",
		"\"tag\":\"person1\",\"coord\":[0,0,5,5],\"aliases\":[2]",
	};
	for (size_t i = 0; i < FC_ARRAY_LENGTH(good); i++) {
		assert_int_equal(read_person(good[i]), FC_OK);
	}
	for (size_t i = 0; i < FC_ARRAY_LENGTH(bad); i++) {
		assert_int_equal(read_person(bad[i]), FC_REFUSED);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(set_answers, wire_reset),
		cmocka_unit_test_setup(recognize_answers, wire_reset),
		cmocka_unit_test_setup(delete_and_truncate_answers, wire_reset),
		cmocka_unit_test(every_field_of_a_person_is_read),
		cmocka_unit_test(an_undefined_face_has_no_similarity),
		cmocka_unit_test(the_tutorials_answers_are_read_once_they_are_json),
		cmocka_unit_test(tags_come_in_both_spellings),
		cmocka_unit_test(a_person_out_of_bounds_is_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
