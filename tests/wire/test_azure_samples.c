/* Answers of the Face API byte for byte: those of its published examples and of recorded sessions, and failures that people met. */
/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "service/remote/azure/wire.h"

/* Read an answer with this body. *json is the caller's. */
static enum fc_status read_answer(int http_status, const char *body, enum fc_azure_shape shape,
				  cJSON **json, struct fc_azure_error *trouble,
				  struct fc_error *err)
{
	FC_CLEANUP(fc_http_response_release)
	struct fc_http_response response = { .status = http_status, .sent = true, .tries = 1 };
	fc_buffer_append_text(&response.body, body);
	return fc_azure_read(&response, shape, json, trouble, err);
}

static cJSON *good(const char *body, enum fc_azure_shape shape)
{
	struct fc_azure_error trouble;
	struct fc_error err = { 0 };
	cJSON *json = NULL;
	if (read_answer(200, body, shape, &json, &trouble, &err) != FC_OK) {
		fail_msg("%s", err.text);
	}
	return json;
}

static void a_detected_face(void **state)
{
	(void)state;
	FC_CLEANUP(fc_azure_sight_release) struct fc_azure_sight sight = { 0 };
	FC_CLEANUP(fc_json_release)
	cJSON *json = good(
		"[{\"faceId\":\"c5c24a82-6845-4031-9d5d-978df9175426\",\"recognitionModel\":"
		"\"recognition_01\",\"faceRectangle\":{\"width\":78,\"height\":78,\"left\":394,"
		"\"top\":54},\"faceLandmarks\":{\"pupilLeft\":{\"x\":412.7,\"y\":78.4},"
		"\"pupilRight\":{\"x\":446.8,\"y\":74.2},\"noseTip\":{\"x\":437.7,\"y\":92.4},"
		"\"mouthLeft\":{\"x\":417.8,\"y\":114.4},\"mouthRight\":{\"x\":451.3,\"y\":109.3}},"
		"\"faceAttributes\":{\"age\":71.0,\"gender\":\"male\",\"smile\":0.88,\"glasses\":"
		"\"sunglasses\",\"headPose\":{\"roll\":2.1,\"yaw\":3,\"pitch\":1.6},\"emotion\":"
		"{\"anger\":0.575,\"contempt\":0,\"disgust\":0.006,\"fear\":0.008,\"happiness\":"
		"0.394,\"neutral\":0.013,\"sadness\":0,\"surprise\":0.004},\"occlusion\":"
		"{\"foreheadOccluded\":false,\"eyeOccluded\":true,\"mouthOccluded\":false}}}]",
		FC_AZURE_ARRAY);
	assert_int_equal(fc_azure_read_sight(&json, true, 5, &sight, NULL), FC_OK);
	assert_null(json);
	assert_int_equal(sight.count, 1);
	const struct fc_face *face = &sight.seen[0];
	assert_true(face->box.left == 394 && face->box.top == 54 && face->box.right == 472 &&
		    face->box.bottom == 132);
	int rectangle[4];
	fc_azure_rectangle(&sight, 0, rectangle);
	assert_true(rectangle[0] == 394 && rectangle[1] == 54 && rectangle[2] == 78 &&
		    rectangle[3] == 78);
	/* the person's right eye is left in the picture */
	assert_true(fabsf(face->landmarks[0].x - 412.7f) < 1e-3f);
	assert_true(fabsf(face->landmarks[4].y - 109.3f) < 1e-3f);
	assert_true(fabsf(face->quality.eye_distance - 34.36f) < 0.01f);
	assert_true(fabsf(face->quality.roll + 7.02f) < 0.01f);
	/* nobody measured these */
	assert_true(isnan(face->confidence) && isnan(face->quality.sharpness));
	assert_true(sight.has_attributes[0]);
	assert_string_equal(sight.attributes[0].sex, "male");
	assert_string_equal(sight.attributes[0].emotion, "anger");
	assert_true(sight.attributes[0].age == 71);
	assert_true(sight.attributes[0].has_occlusion);
	assert_true(sight.attributes[0].occluded[FC_REGION_EYES]);
	assert_false(sight.attributes[0].occluded[FC_REGION_FOREHEAD] ||
		     sight.attributes[0].occluded[FC_REGION_MOUTH]);
}

static void identified_faces(void **state)
{
	(void)state;
	FC_CLEANUP(fc_azure_sight_release) struct fc_azure_sight sight = { 0 };
	FC_CLEANUP(fc_json_release)
	cJSON *faces =
		good("[{\"faceId\":\"c5c24a82-6845-4031-9d5d-978df9175426\","
		     "\"faceRectangle\":{\"width\":78,\"height\":78,\"left\":394,\"top\":54}},"
		     "{\"faceId\":\"65D083D4-9447-47D1-AF30-B626144BF0FB\","
		     "\"faceRectangle\":{\"width\":58,\"height\":58,\"left\":94,\"top\":54}}]",
		     FC_AZURE_ARRAY);
	/* not in the order of the question, an id in the other case, candidates not by their confidence */
	FC_CLEANUP(fc_json_release)
	cJSON *answer = good(
		"[{\"faceId\":\"65d083d4-9447-47d1-af30-b626144bf0fb\",\"candidates\":[]},"
		"{\"faceId\":\"C5C24A82-6845-4031-9D5D-978DF9175426\",\"candidates\":["
		"{\"personId\":\"2ae4935b-9659-44c3-977f-61fac20d0538\",\"confidence\":0.52},"
		"{\"personId\":\"25985303-c537-4467-b41d-bdb45cd95ca1\",\"confidence\":0.92}]}]",
		FC_AZURE_ARRAY);
	char text[FC_UUID_TEXT_SIZE];
	assert_int_equal(fc_azure_read_sight(&faces, true, 5, &sight, NULL), FC_OK);
	assert_int_equal(fc_azure_read_candidates(answer, 0, 2, &sight, NULL), FC_OK);
	assert_int_equal(sight.candidates.counts[0], 2);
	assert_int_equal(sight.candidates.counts[1], 0);
	fc_uuid_format(&sight.candidates.items[0].pid, text);
	assert_string_equal(text, "25985303-c537-4467-b41d-bdb45cd95ca1");
	/* a face that is not mentioned is no answer */
	cJSON_DeleteItemFromArray(answer, 0);
	assert_int_equal(fc_azure_read_candidates(answer, 0, 2, &sight, NULL), FC_REFUSED);
}

static void trainings(void **state)
{
	(void)state;
	static const struct {
		const char *body;
		enum fc_azure_training training;
		const char *words;
	} cases[] = {
		{ "{\"status\":\"succeeded\",\"createdDateTime\":\"2017-12-21T12:57:27.00Z\","
		  "\"lastActionDateTime\":\"2017-12-21T12:57:30.00Z\",\"message\":null}",
		  FC_AZURE_TRAINED, "" },
		{ "{\"status\":\"failed\",\"createdDateTime\":\"10/15/2016 3:20:34 PM\","
		  "\"lastActionDateTime\":null,\"message\":\"There is no person in the group.\"}",
		  FC_AZURE_TRAINING_FAILED, "There is no person in the group." },
		{ "{\"status\":\"nonstarted\"}", FC_AZURE_IN_TRAINING, "" },
		{ "{\"status\":\"notStarted\"}", FC_AZURE_IN_TRAINING, "" },
		{ "{\"status\":\"Running\"}", FC_AZURE_IN_TRAINING, "" },
	};
	for (size_t i = 0; i < FC_ARRAY_LENGTH(cases); i++) {
		FC_CLEANUP(fc_json_release) cJSON *json = good(cases[i].body, FC_AZURE_OBJECT);
		enum fc_azure_training training;
		const char *words;
		assert_int_equal(fc_azure_read_training(json, &training, &words, NULL), FC_OK);
		assert_int_equal(training, cases[i].training);
		assert_string_equal(words, cases[i].words);
	}
	FC_CLEANUP(fc_json_release)
	cJSON *other = good("{\"status\":\"sleeping\"}", FC_AZURE_OBJECT);
	enum fc_azure_training training;
	const char *words;
	assert_int_equal(fc_azure_read_training(other, &training, &words, NULL), FC_REFUSED);
}

static void failures(void **state)
{
	(void)state;
	static const struct {
		int http;
		const char *body;
		enum fc_status status;
		const char *code, *words;
	} cases[] = {
		/* recorded: a tail of .NET behind a line break */
		{ 404,
		  "{\"error\":{\"code\":\"PersonGroupNotFound\",\"message\":\"Person group is not "
		  "found.\\r\\nParameter name: personGroupId\"}}",
		  FC_NOT_FOUND, "PersonGroupNotFound", "HTTP 404: Person group is not found." },
		{ 429,
		  "{\"error\":{\"code\":\"429\",\"message\":\"Rate limit is exceeded. Try again in "
		  "21 seconds.\"}}",
		  FC_BUSY, "429", "HTTP 429: Rate limit is exceeded. Try again in 21 seconds." },
		/* the useful words are the innermost */
		{ 403,
		  "{\"error\":{\"code\":\"InvalidRequest\",\"message\":\"Invalid request has been "
		  "sent.\",\"innererror\":{\"code\":\"UnsupportedFeature\",\"message\":\"Feature "
		  "is not supported, missing approval for one or more of the following features: "
		  "Identification,Verification. Please apply for access at "
		  "https://aka.ms/facerecognition\"}}}",
		  FC_PERMISSION, "UnsupportedFeature",
		  "HTTP 403: Feature is not supported, missing approval for one or more of the "
		  "following features: Identification,Verification. Please apply for access at "
		  "https://aka.ms/facerecognition" },
		/* older bodies */
		{ 429, "{\"error\":{\"statusCode\":429,\"message\":\"Rate limit is exceeded.\"}}",
		  FC_BUSY, "", "HTTP 429: Rate limit is exceeded." },
		{ 404, "{\"statusCode\":404,\"message\":\"Resource not found\"}", FC_REFUSED, "",
		  "HTTP 404: Resource not found; is the url that of a Face resource?" },
		{ 403,
		  "{\"error\":{\"statusCode\":403,\"message\":\"Out of call volume quota. Quota "
		  "will be replenished in 2.12:45:12.\"}}",
		  FC_BUSY, "",
		  "HTTP 403: Out of call volume quota. Quota will be replenished in 2.12:45:12." },
		{ 401,
		  "{\"error\":{\"code\":\"401\",\"message\":\"Access denied due to invalid "
		  "subscription key or wrong API endpoint. Make sure to provide a valid key for an "
		  "active subscription and use a correct regional API endpoint for your "
		  "resource.\"}}",
		  FC_PERMISSION, "401", "HTTP 401: Access denied due to invalid subscription key" },
		{ 400,
		  "{\"error\":{\"code\":\"InvalidImage\",\"message\":\"No face detected in the "
		  "image.\"}}",
		  FC_NO_FACE, "InvalidImage", "HTTP 400: No face detected in the image." },
		{ 400,
		  "{\"error\":{\"code\":\"InvalidImage\",\"message\":\"There is more than 1 face "
		  "in the image.\"}}",
		  FC_SEVERAL_FACES, "InvalidImage", "There is more than 1 face in the image." },
		{ 400,
		  "{\"error\":{\"code\":\"InvalidImage\",\"message\":\"Decoding error, image "
		  "format unsupported.\"}}",
		  FC_BAD_IMAGE, "InvalidImage", "Decoding error, image format unsupported." },
		{ 400,
		  "{\"error\":{\"code\":\"InvalidImageSize\",\"message\":\"Image size is too "
		  "small.\"}}",
		  FC_BAD_IMAGE, "InvalidImageSize", "Image size is too small." },
		{ 400,
		  "{\"error\":{\"code\":\"InvalidImageSize\",\"message\":\"Image size is too "
		  "big.\"}}",
		  FC_TOO_LARGE, "InvalidImageSize", "Image size is too big." },
		{ 403,
		  "{\"error\":{\"code\":\"QuotaExceeded\",\"message\":\"Persisted face number "
		  "reached limit.\"}}",
		  FC_FULL, "QuotaExceeded", "Persisted face number reached limit." },
		{ 409,
		  "{\"error\":{\"code\":\"LargePersonGroupTrainingNotFinished\",\"message\":"
		  "\"Large person group is under training.\"}}",
		  FC_BUSY, "LargePersonGroupTrainingNotFinished", "is under training." },
		{ 409,
		  "{\"error\":{\"code\":\"LargePersonGroupExists\",\"message\":\"Large person "
		  "group already exists.\"}}",
		  FC_CONFLICT, "LargePersonGroupExists", "already exists." },
		{ 400,
		  "{\"error\":{\"code\":\"BadArgument\",\"message\":\"'recognitionModel' is "
		  "incompatible.\"}}",
		  FC_REFUSED, "BadArgument", "HTTP 400: 'recognitionModel' is incompatible." },
		/* no JSON at all */
		{ 411, "<html><body>Length Required</body></html>", FC_REFUSED, "",
		  "HTTP 411: Length Required" },
		{ 502,
		  "<!DOCTYPE html>\n<html><head><title>Bad  gateway</title><style>p {}</style>"
		  "<script>let a = '<p>';</script></head>\n<body><!-- <p>a</p> -->"
		  "<p>Try <b>later</b></p></body></html>",
		  FC_BUSY, "", "HTTP 502: Bad gateway Try later" },
		{ 500, "no \xFF text", FC_BUSY, "", "HTTP 500" },
		{ 503, "", FC_BUSY, "", "HTTP 503" },
		{ 200, "<html>Please sign in</html>", FC_REFUSED, "",
		  "instead of the expected JSON: 'Please sign in'; is the url that of a Face" },
		{ 200, "{}", FC_REFUSED, "", "instead of the expected JSON" },
	};
	for (size_t i = 0; i < FC_ARRAY_LENGTH(cases); i++) {
		struct fc_azure_error trouble;
		struct fc_error err = { 0 };
		cJSON *json = NULL;
		assert_int_equal(read_answer(cases[i].http, cases[i].body, FC_AZURE_ARRAY, &json,
					     &trouble, &err),
				 cases[i].status);
		assert_null(json);
		assert_int_equal(err.status, cases[i].status);
		assert_string_equal(trouble.code, cases[i].code);
		if (!strstr(err.text, cases[i].words)) {
			fail_msg("'%s' lacks '%s'", err.text, cases[i].words);
		}
	}
}

static void an_empty_body_is_a_good_answer_where_none_is_due(void **state)
{
	(void)state;
	struct fc_azure_error trouble;
	cJSON *json = NULL;
	assert_int_equal(read_answer(200, "", FC_AZURE_EMPTY, &json, &trouble, NULL), FC_OK);
	assert_int_equal(read_answer(202, "", FC_AZURE_EMPTY, &json, &trouble, NULL), FC_OK);
	assert_int_equal(read_answer(200, "", FC_AZURE_ARRAY, &json, &trouble, NULL), FC_REFUSED);
	assert_int_equal(read_answer(200, "<p>", FC_AZURE_EMPTY, &json, &trouble, NULL),
			 FC_REFUSED);
}

static void names_and_their_numbers(void **state)
{
	(void)state;
	static const struct {
		const char *name;
		bool numbered;
		uint64_t number;
		const char *words;
	} cases[] = {
		{ "person12", true, 12, NULL },
		{ "person_12", true, 12, NULL },
		{ "person12 Anna Müller", true, 12, "Anna Müller" },
		{ "person0", true, 0, NULL },
		{ "person9223372036854775807", true, INT64_MAX, NULL },
		{ "person9223372036854775808", false, 0, "person9223372036854775808" },
		{ "person12a", false, 0, "person12a" },
		{ "person", false, 0, "person" },
		{ "person-1", false, 0, "person-1" },
		{ "12", false, 0, "12" },
		{ "Anna", false, 0, "Anna" },
	};
	for (size_t i = 0; i < FC_ARRAY_LENGTH(cases); i++) {
		uint64_t number = 0;
		const char *words = NULL;
		assert_int_equal(fc_azure_read_name(cases[i].name, &number, &words),
				 cases[i].numbered);
		assert_int_equal(number, cases[i].number);
		assert_true(words ? cases[i].words && strcmp(words, cases[i].words) == 0
				  : !cases[i].words);
	}
}

static void what_may_have_been_carried_out(void **state)
{
	(void)state;
	static const struct {
		int http;
		bool sent, unclear;
	} cases[] = {
		{ 0, false, false },   { 0, true, true },    { 200, true, true },
		{ 500, true, true },   { 503, true, true },  { 408, true, true },
		{ 400, true, false },  { 409, true, false }, { 302, true, false },
		{ 429, false, false },
	};
	for (size_t i = 0; i < FC_ARRAY_LENGTH(cases); i++) {
		struct fc_http_response response = { .status = cases[i].http,
						     .sent = cases[i].sent };
		assert_int_equal(fc_azure_is_unclear(&response), cases[i].unclear);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_detected_face),
		cmocka_unit_test(identified_faces),
		cmocka_unit_test(trainings),
		cmocka_unit_test(failures),
		cmocka_unit_test(an_empty_body_is_a_good_answer_where_none_is_due),
		cmocka_unit_test(names_and_their_numbers),
		cmocka_unit_test(what_may_have_been_carried_out),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
