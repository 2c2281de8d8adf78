/* The examples of the Azure Face API, read into values and written again. */
/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <stdio.h>

#include "protocol/azure/bodies.h"
#include "protocol/azure/containers.h"
#include "protocol/azure/fault.h"
#include "same_json.h"

#define FACE_ID "c5c24a82-6845-4031-9d5d-978df9175426"
#define PERSON_ID "25985303-c537-4467-b41d-bdb45cd95ca1"

static void a_detected_face_is_read_and_written(void **state)
{
	(void)state;
	static const char text[] =
		"{\"faceId\":\"" FACE_ID "\",\"faceRectangle\":{\"width\":78,\"height\":78,"
		"\"left\":394,\"top\":54},\"faceLandmarks\":{\"pupilLeft\":{\"x\":412.7,\"y\":78.4"
		"},\"pupilRight\":{\"x\":446.8,\"y\":74.2},\"noseTip\":{\"x\":437.7,\"y\":92.4},"
		"\"mouthLeft\":{\"x\":417.8,\"y\":114.4},\"mouthRight\":{\"x\":451.3,\"y\":109.3}},"
		"\"faceAttributes\":{\"age\":71,\"gender\":\"male\"}}";
	FC_CLEANUP(fc_json_release) cJSON *json = parsed(text);
	struct fc_buffer out = { 0 };
	struct fc_json_writer writer = fc_json_writer_of(&out, true);
	struct fc_azure_face face;
	assert_true(fc_azure_read_face(json, &face));
	fc_azure_write_face(&writer, &face);
	assert_same_json(&out, text);
}

static void a_face_has_at_least_a_rectangle(void **state)
{
	(void)state;
	FC_CLEANUP(fc_json_release)
	cJSON *least = parsed("{\"faceRectangle\":{\"width\":7,\"height\":8,\"left\":-3,\"top\":5},"
			      "\"faceAttributes\":{\"emotion\":{\"anger\":0.4,\"neutral\":0.6},"
			      "\"occlusion\":{\"foreheadOccluded\":true,\"eyeOccluded\":1}}}");
	FC_CLEANUP(fc_json_release)
	cJSON *flat = parsed("{\"faceRectangle\":{\"width\":0,\"height\":8,\"left\":3,\"top\":5}}");
	struct fc_azure_face face;
	assert_true(fc_azure_read_face(least, &face));
	assert_false(face.has_id);
	assert_true(isnan(face.landmarks[0].x) && isnan(face.age));
	assert_string_equal(face.emotion, "neutral");
	/* not all three, so none */
	assert_false(face.has_occlusion || face.occlusion.forehead);
	assert_false(fc_azure_read_face(flat, &face));
	assert_false(fc_azure_read_face(NULL, &face));
}

static void candidates_are_read_and_written(void **state)
{
	(void)state;
	static const char text[] = "{\"faceId\":\"" FACE_ID "\",\"candidates\":[{\"personId\":"
				   "\"" PERSON_ID "\",\"confidence\":0.92}]}";
	FC_CLEANUP(fc_json_release) cJSON *json = parsed(text);
	struct fc_buffer out = { 0 };
	struct fc_json_writer writer = fc_json_writer_of(&out, true);
	struct fc_azure_candidate candidate;
	struct fc_uuid face;
	assert_true(fc_azure_read_uuid(json, "faceId", &face));
	assert_true(fc_azure_read_candidate(fc_json_get(json, "candidates")->child, &candidate));
	fc_azure_write_candidates(&writer, &face, &candidate, 1);
	assert_same_json(&out, text);
	FC_CLEANUP(fc_json_release)
	cJSON *beyond = parsed("{\"personId\":\"" PERSON_ID "\",\"confidence\":1.2}");
	assert_false(fc_azure_read_candidate(beyond, &candidate));
}

static void a_person_is_read_and_written(void **state)
{
	(void)state;
	static const char text[] =
		"{\"personId\":\"" PERSON_ID "\",\"persistedFaceIds\":[\"" FACE_ID "\"],\"name\":"
		"\"Ryan\",\"userData\":\"User-provided data attached to the person.\"}";
	FC_CLEANUP(fc_json_release) cJSON *json = parsed(text);
	FC_CLEANUP(fc_json_release) cJSON *nameless = parsed("{\"name\":\"Ryan\"}");
	struct fc_buffer out = { 0 };
	struct fc_json_writer writer = fc_json_writer_of(&out, true);
	struct fc_azure_person_row person;
	assert_int_equal(fc_azure_read_person(json, &person, NULL), FC_OK);
	struct fc_uuid face;
	assert_true(fc_uuid_parse(person.faces->child->valuestring, &face));
	fc_azure_write_person_faces(&writer, &person.id, person.name, person.user_data, &face, 1);
	assert_same_json(&out, text);
	assert_int_equal(fc_azure_read_person(nameless, &person, NULL), FC_REFUSED);
}

static void names_hold_numbers(void **state)
{
	(void)state;
	static const struct {
		const char *name, *rest;
		bool numbered;
		uint64_t number;
	} cases[] = {
		{ "person12", NULL, true, 12 },
		{ "person12 Anna Maria", "Anna Maria", true, 12 },
		{ "person1x", "person1x", false, 0 },
		{ "Anna", "Anna", false, 0 },
	};
	for (size_t i = 0; i < FC_ARRAY_LENGTH(cases); i++) {
		FC_CLEANUP(fc_buffer_release) struct fc_buffer out = { 0 };
		const char *rest;
		uint64_t number = 0;
		assert_int_equal(fc_azure_read_name(cases[i].name, &number, &rest),
				 cases[i].numbered);
		if (cases[i].numbered) {
			assert_int_equal(number, cases[i].number);
		}
		if (cases[i].rest) {
			assert_string_equal(rest, cases[i].rest);
		} else {
			assert_null(rest);
		}
		fc_azure_write_name(&out, cases[i].numbered ? &number : NULL, rest);
		assert_string_equal(fc_buffer_text(&out), cases[i].name);
	}
	uint64_t number;
	const char *rest;
	assert_true(fc_azure_read_name("person_3", &number, &rest) && number == 3);
}

static void trainings_are_read_and_written(void **state)
{
	(void)state;
	static const char text[] =
		"{\"status\":\"succeeded\",\"createdDateTime\":\"2017-12-21T12:57:27.000000Z\","
		"\"lastActionDateTime\":\"2017-12-21T12:57:30.000000Z\",\"message\":null}";
	FC_CLEANUP(fc_json_release) cJSON *json = parsed(text);
	struct fc_buffer out = { 0 };
	struct fc_json_writer writer = fc_json_writer_of(&out, true);
	enum fc_azure_training training;
	const char *message;
	assert_int_equal(fc_azure_read_training(json, &training, &message, NULL), FC_OK);
	assert_int_equal(training, FC_AZURE_TRAINED);
	fc_azure_write_training(&writer, training, 1513861047000000, 1513861050000000, NULL);
	assert_same_json(&out, text);
}

/* What is written for a status is read as that status. */
static void errors_are_written_and_read(void **state)
{
	(void)state;
	static const struct {
		enum fc_azure_fault fault;
		enum fc_status status;
		int http_status;
		const char *json;
	} cases[] = {
		{ FC_AZURE_FAULT_NO_FACE, FC_NO_FACE, 400,
		  "{\"error\":{\"code\":\"InvalidImage\",\"message\":\"No face detected in the image.\"}}" },
		{ FC_AZURE_FAULT_SEVERAL_FACES, FC_SEVERAL_FACES, 400,
		  "{\"error\":{\"code\":\"InvalidImage\",\"message\":\"There is more than 1 face in the image.\"}}" },
		{ FC_AZURE_FAULT_IMAGE, FC_BAD_IMAGE, 400,
		  "{\"error\":{\"code\":\"InvalidImage\",\"message\":\"Decoding error, image format unsupported.\"}}" },
		{ FC_AZURE_FAULT_IMAGE_BIG, FC_TOO_LARGE, 400,
		  "{\"error\":{\"code\":\"InvalidImageSize\",\"message\":\"Image size is too big.\"}}" },
		{ FC_AZURE_FAULT_CONTAINER_NOT_FOUND, FC_NOT_FOUND, 404,
		  "{\"error\":{\"code\":\"LargePersonGroupNotFound\",\"message\":\"Large person group is not found.\"}}" },
		{ FC_AZURE_FAULT_EXISTS, FC_CONFLICT, 409,
		  "{\"error\":{\"code\":\"LargePersonGroupExists\",\"message\":\"Large person group already exists.\"}}" },
	};
	for (size_t i = 0; i < FC_ARRAY_LENGTH(cases); i++) {
		struct fc_buffer out = { 0 };
		struct fc_json_writer writer = fc_json_writer_of(&out, true);
		struct fc_azure_error error;
		assert_int_equal(fc_azure_write_fault(&writer, cases[i].fault, NULL,
						      FC_AZURE_LARGE_PERSON_GROUP, NULL),
				 cases[i].http_status);
		FC_CLEANUP(fc_json_release) cJSON *json = parsed(fc_buffer_text(&out));
		fc_azure_read_error(json, &error);
		assert_int_equal(fc_azure_error_status(&error), cases[i].status);
		assert_same_json(&out, cases[i].json);
	}
}

static void a_code_decides_unless_the_http_status_says_as_much(void **state)
{
	(void)state;
	static const struct {
		const char *code, *message;
		enum fc_status status;
	} cases[] = {
		{ "LargePersonGroupTrainingNotFinished", "", FC_BUSY },
		{ "ConcurrentOperationConflict", "", FC_BUSY },
		{ "PersistedFaceNotFound", "", FC_NOT_FOUND },
		{ "quotaexceeded", "", FC_FULL },
		{ "InvalidImageSize", "Image size is too small.", FC_BAD_IMAGE },
		{ "", "Out of call volume quota. Quota will be replenished.", FC_BUSY },
		{ "BadArgument", "'name' is empty.", FC_OK },
		{ "429", "Rate limit is exceeded.", FC_OK },
		{ "", "", FC_OK },
	};
	for (size_t i = 0; i < FC_ARRAY_LENGTH(cases); i++) {
		struct fc_azure_error error = { 0 };
		snprintf(error.code, sizeof(error.code), "%s", cases[i].code);
		snprintf(error.message, sizeof(error.message), "%s", cases[i].message);
		assert_int_equal(fc_azure_error_status(&error), cases[i].status);
	}
}

static void errors_come_in_four_forms(void **state)
{
	(void)state;
	static const struct {
		const char *json, *code, *message;
	} cases[] = {
		{ "{\"error\":{\"code\":\"PersonGroupNotFound\",\"message\":\"Person group is not "
		  "found.\\r\\nParameter name: personGroupId\"}}",
		  "PersonGroupNotFound", "Person group is not found." },
		{ "{\"error\":{\"code\":\"InvalidRequest\",\"message\":\"Invalid request has been "
		  "sent.\",\"innererror\":{\"code\":\"UnsupportedFeature\",\"message\":\"Feature is "
		  "not supported\"}}}",
		  "UnsupportedFeature", "Feature is not supported" },
		{ "{\"error\":{\"statusCode\":429,\"message\":\"Rate limit is exceeded.\"}}", "",
		  "Rate limit is exceeded." },
		{ "{\"statusCode\":404,\"message\":\"Resource not found\"}", "",
		  "Resource not found" },
		{ "{}", "", "" },
	};
	for (size_t i = 0; i < FC_ARRAY_LENGTH(cases); i++) {
		FC_CLEANUP(fc_json_release) cJSON *json = parsed(cases[i].json);
		struct fc_azure_error error;
		fc_azure_read_error(json, &error);
		assert_string_equal(error.code, cases[i].code);
		assert_string_equal(error.message, cases[i].message);
	}
}

/* The values of the example in the documentation of Detect; `glasses` has a kind there, which is not known here. */
static void attributes_are_written_as_documented(void **state)
{
	FC_CLEANUP(fc_buffer_release) struct fc_buffer out = { 0 };
	struct fc_json_writer json = fc_json_writer_of(&out, false);
	const struct fc_azure_emotion emotion = { 0.575, 0, 0.006, 0.008, 0.394, 0.013, 0, 0.004 };
	struct fc_azure_attributes attributes = {
		.age = 71.0, .gender = "male", .smile = 0.88, .emotion = &emotion, .glasses = 0.99
	};
	(void)state;
	fc_json_begin_object(&json);
	fc_azure_write_attributes(&json, &attributes);
	fc_json_end_object(&json);
	assert_same_json(&out,
			 "{\"age\":71.0,\"gender\":\"male\",\"smile\":0.88,\"emotion\":{"
			 "\"anger\":0.575,\"contempt\":0,\"disgust\":0.006,\"fear\":0.008,"
			 "\"happiness\":0.394,\"neutral\":0.013,\"sadness\":0,\"surprise\":0.004},"
			 "\"accessories\":[{\"type\":\"glasses\",\"confidence\":0.99}]}");
	json = fc_json_writer_of(&out, false);
	const struct fc_azure_occlusion occlusion = { .eye = true };
	attributes = (struct fc_azure_attributes){
		.age = NAN, .smile = NAN, .glasses = NAN, .occlusion = &occlusion
	};
	fc_json_begin_object(&json);
	fc_azure_write_attributes(&json, &attributes);
	fc_json_end_object(&json);
	assert_same_json(&out, "{\"occlusion\":{\"foreheadOccluded\":false,\"eyeOccluded\":true,"
			       "\"mouthOccluded\":false}}");
	json = fc_json_writer_of(&out, false);
	attributes = (struct fc_azure_attributes){ .age = NAN, .smile = NAN, .glasses = 0.2 };
	fc_json_begin_object(&json);
	fc_azure_write_attributes(&json, &attributes);
	fc_json_end_object(&json);
	assert_same_json(&out, "{\"accessories\":[]}");
	json = fc_json_writer_of(&out, false);
	attributes.glasses = NAN;
	fc_json_begin_object(&json);
	fc_azure_write_attributes(&json, &attributes);
	fc_json_end_object(&json);
	assert_same_json(&out, "{}");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_detected_face_is_read_and_written),
		cmocka_unit_test(a_face_has_at_least_a_rectangle),
		cmocka_unit_test(attributes_are_written_as_documented),
		cmocka_unit_test(candidates_are_read_and_written),
		cmocka_unit_test(a_person_is_read_and_written),
		cmocka_unit_test(names_hold_numbers),
		cmocka_unit_test(trainings_are_read_and_written),
		cmocka_unit_test(errors_are_written_and_read),
		cmocka_unit_test(a_code_decides_unless_the_http_status_says_as_much),
		cmocka_unit_test(errors_come_in_four_forms),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
