/* The table of operations against Microsoft's description of the API, and the checks of requests. */
/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/file.h"
#include "base/json.h"
#include "base/memory.h"
#include "protocol/azure/request.h"
#include "unit.h"

#define ID "c5c24a82-6845-4031-9d5d-978df9175426"
#define GROUP "/face/v1.0/persongroups/cast"
#define JSON "application/json"

/* ---- the table ---- */

static void every_operation_is_found_by_its_path_and_by_its_verb(void **state)
{
	(void)state;
	for (size_t i = 0; i < FC_AZURE_OPERATION_COUNT; i++) {
		const struct fc_azure_operation *operation = &fc_azure_operations[i];
		struct fc_azure_path path;
		bool allowed;
		char text[200];
		snprintf(text, sizeof(text), "/face/v1.0/%s", operation->path);
		assert_ptr_equal(fc_azure_match(operation->method, text, &path, &allowed),
				 operation);
		assert_ptr_equal(fc_azure_find_operation(operation->kind, operation->verb),
				 operation);
		assert_int_equal(operation->required & ~operation->members, 0);
	}
}

static void paths_are_compared_whole(void **state)
{
	(void)state;
	static const char *const wrong[] = {
		"/face/v1.0",
		"/face/v1.0/",
		"/face/v1.0/detec",
		"/face/v1.0/detect/",
		"/detect",
		"/face/v1.0/persongroups/",
		"/face/v1.0/persongroups//persons",
		"/face/v1.0/persongroups/a/persons/b/persistedfaces/c/d",
	};
	struct fc_azure_path path;
	bool allowed;
	for (size_t i = 0; i < FC_ARRAY_LENGTH(wrong); i++) {
		assert_null(fc_azure_match("POST", wrong[i], &path, &allowed));
		assert_false(allowed);
	}
	assert_null(fc_azure_match("GET", "/face/v1.0/detect", &path, &allowed));
	assert_true(allowed);
}

/* Replace "{personGroupId}" and others by a valid value. */
static void fill_placeholders(const char *template, char *out)
{
	for (; *template != '\0'; template ++) {
		if (*template != '{') {
			*out++ = *template;
			continue;
		}
		template = strchr(template, '}');
		out += sprintf(out, "%s", ID);
	}
	*out = '\0';
}

static unsigned described_query(const cJSON *api, const cJSON *parameters)
{
	const cJSON *parameter;
	unsigned set = 0;
	cJSON_ArrayForEach (parameter, parameters) {
		const char *reference = fc_json_text(parameter, "$ref");
		const cJSON *described = parameter;
		if (reference && strncmp(reference, "#/parameters/", 13) == 0) {
			described = fc_json_get(fc_json_get(api, "parameters"), reference + 13);
		}
		const char *place = fc_json_text(described, "in");
		if (!place || strcmp(place, "query") != 0) {
			continue;
		}
		for (unsigned bit = 1; bit <= FC_AZURE_URL; bit <<= 1) {
			set |= strcmp(fc_json_text(described, "name"), fc_azure_member_name(bit)) ==
					       0
				       ? bit
				       : 0;
		}
	}
	return set;
}

static void assert_as_described(const cJSON *api, const cJSON *path, const cJSON *method)
{
	char filled[400] = "/face/v1.0";
	char verb[8] = { 0 };
	struct fc_azure_path places;
	bool allowed;
	fill_placeholders(path->string, filled + strlen(filled));
	for (size_t i = 0; method->string[i] != '\0'; i++) {
		verb[i] = (char)(method->string[i] - 'a' + 'A');
	}
	const struct fc_azure_operation *operation =
		fc_azure_match(verb, filled, &places, &allowed);
	assert_non_null(operation);
	assert_string_equal(operation->id, fc_json_text(method, "operationId"));
	assert_int_equal(operation->query, described_query(api, fc_json_get(method, "parameters")));
	char status[8];
	snprintf(status, sizeof(status), "%d", operation->success);
	assert_non_null(fc_json_get(fc_json_get(method, "responses"), status));
}

static void the_table_is_that_of_the_description(void **state)
{
	(void)state;
	const char *shared = getenv("FACECTL_TEST_SHARED");
	FC_CLEANUP(fc_free)
	char *file = fc_path_join(shared ? shared : "", "documents/azure-face-v1.0.json");
	FC_CLEANUP(fc_buffer_release) struct fc_buffer text = { 0 };
	if (!shared || fc_file_read(file, 1 << 20, &text, NULL) != FC_OK) {
		skip();
	}
	FC_CLEANUP(fc_json_release)
	cJSON *api = cJSON_ParseWithLength((const char *)text.data, text.length);
	const cJSON *path;
	const cJSON *method;
	int count = 0;
	cJSON_ArrayForEach (path, fc_json_get(api, "paths")) {
		cJSON_ArrayForEach (method, path) {
			assert_as_described(api, path, method);
			count++;
		}
	}
	assert_int_equal(count, FC_AZURE_OPERATION_COUNT);
}

/* ---- requests ---- */

/* The fault of a request, as its code and message. */
static void assert_fault(const char *method, const char *target, const char *type, const char *body,
			 const char *code, const char *message)
{
	struct fc_azure_request request = { 0 };
	enum fc_azure_fault fault;
	enum fc_azure_kind kind;
	struct fc_buffer out = { 0 };
	char wanted[400] = "";
	assert_int_equal(fc_azure_read_request(method, target, type, body, body ? strlen(body) : 0,
					       &request, &fault, &kind, NULL),
			 FC_OK);
	if (fault != FC_AZURE_NO_FAULT) {
		struct fc_json_writer json = fc_json_writer_of(&out, false);
		FC_IGNORE(fc_azure_write_fault(&json, fault, request.operation, kind, NULL));
	}
	if (message) {
		snprintf(wanted, sizeof(wanted), "{\"error\":{\"code\":\"%s\",\"message\":\"%s\"}}",
			 code, message);
	}
	if (strcmp(out.length > 0 ? fc_buffer_text(&out) : "", wanted) != 0) {
		fail_msg("%s %s %s: got %s, expected %s", method, target, body ? body : "",
			 out.length > 0 ? fc_buffer_text(&out) : "no fault", wanted);
	}
	fc_buffer_release(&out);
	fc_azure_request_release(&request);
}

static void identifiers_are_checked(void **state)
{
	(void)state;
	assert_fault("GET", GROUP, NULL, NULL, NULL, NULL);
	assert_fault("GET", "/face/v1.0/persongroups/Cast", NULL, NULL, "BadArgument",
		     "Person group ID is invalid.");
	assert_fault("GET", "/face/v1.0/largefacelists/a%20b", NULL, NULL, "BadArgument",
		     "Large face list ID is invalid.");
	assert_fault("GET", GROUP "/persons/1", NULL, NULL, "BadArgument", "Person ID is invalid.");
	assert_fault("GET", GROUP "/persons/C5C24A82-6845-4031-9D5D-978DF9175426", NULL, NULL, NULL,
		     NULL);
	assert_fault("DELETE", "/face/v1.0/facelists/a/persistedfaces/1", NULL, NULL, "BadArgument",
		     "Persisted face ID is invalid.");
	assert_fault("GET", "/face/v1.0/snapshots/1", NULL, NULL, "BadArgument",
		     "Snapshot ID is invalid.");
	assert_fault("PUT", "/face/v1.0/detect", NULL, NULL, "405", "Method not allowed");
	assert_fault("GET", "/face/v1.0/faces", NULL, NULL, "404", "Resource not found");
}

static void queries_are_checked(void **state)
{
	(void)state;
	static const struct {
		const char *query, *message;
	} cases[] = {
		{ "returnFaceId=false&faceIdTimeToLive=60&overload=stream", NULL },
		{ "RETURNFACEATTRIBUTES=Age,headpose,qualityforrecognition", NULL },
		{ "returnFaceAttributes=", NULL },
		{ "returnFaceAttributes=age,weight", "Invalid argument returnFaceAttributes." },
		{ "returnFaceId=1", "Invalid query parameter." },
		{ "returnFaceId=true&returnFaceId=true", "Invalid query parameter." },
		{ "recognitionModel=recognition_05", "'recognitionModel' is invalid." },
		{ "detectionModel=detection_04", "'detectionModel' is invalid." },
		{ "detectionModel=detection_02&returnFaceLandmarks=true",
		  "'returnLandmarks' is not supported by detection_02." },
		{ "detectionModel=detection_02&returnFaceAttributes=age",
		  "'returnFaceAttributes' is not supported by detection_02." },
		{ "faceIdTimeToLive=59", "Invalid argument faceIdTimeToLive." },
		{ "faceIdTimeToLive=86401", "Invalid argument faceIdTimeToLive." },
		{ "returnFaceId=%zz", "Invalid query parameter." },
	};
	for (size_t i = 0; i < FC_ARRAY_LENGTH(cases); i++) {
		char target[200];
		snprintf(target, sizeof(target), "/face/v1.0/detect?%s", cases[i].query);
		assert_fault("POST", target, JSON, "{\"url\":\"http://example.org/a.jpg\"}",
			     "BadArgument", cases[i].message);
	}
	assert_fault("GET", "/face/v1.0/persongroups?top=1001", NULL, NULL, "BadArgument",
		     "'top' is invalid.");
	assert_fault("GET", "/face/v1.0/persongroups?top=&start=a", NULL, NULL, NULL, NULL);
	assert_fault("POST", GROUP "/persons/" ID "/persistedfaces?targetFace=1,2,3", JSON, "{}",
		     "BadArgument", "Invalid argument targetFace.");
}

static void bodies_are_checked(void **state)
{
	(void)state;
	static const struct {
		const char *method, *target, *body, *code, *message;
	} cases[] = {
		{ "PUT", GROUP, "{\"name\":\"x\",\"extra\":1}", NULL, NULL },
		{ "PUT", GROUP, "{\"name\":\"\"}", "BadArgument", "'name' is empty." },
		{ "PUT", GROUP, "{\"name\":null}", "BadArgument", "'name' is empty." },
		{ "PUT", GROUP, "{\"name\":1}", "BadArgument", "Request body is invalid." },
		{ "PUT", GROUP, "[1]", "BadArgument", "Request body is invalid." },
		{ "PUT", GROUP, "{", "BadArgument", "JSON parsing error." },
		{ "PATCH", GROUP, "{}", NULL, NULL },
		{ "PATCH", "/face/v1.0/largepersongroups/cast", "{}", "BadArgument",
		  "Both 'name' and 'userData' are empty." },
		{ "POST", "/face/v1.0/verify", "{\"faceId1\":\"" ID "\",\"faceId2\":\"" ID "\"}",
		  NULL, NULL },
		{ "POST", "/face/v1.0/verify", "{\"faceId1\":\"" ID "\"}", "BadArgument",
		  "Request body is invalid." },
		{ "POST", "/face/v1.0/verify", "{\"faceId\":\"" ID "\"}", "BadArgument",
		  "Person ID is invalid." },
		{ "POST", "/face/v1.0/identify", "{\"faceIds\":[],\"personGroupId\":\"a\"}",
		  "BadArgument", "The length of faceIds is not in a valid range." },
		{ "POST", "/face/v1.0/identify", "{\"faceIds\":[\"" ID "\"]}",
		  "PersonGroupIdAndLargePersonGroupIdBothNull",
		  "PersonGroupId and largePersonGroupId are both null." },
		{ "POST", "/face/v1.0/identify",
		  "{\"faceIds\":[\"" ID "\"],\"personGroupId\":\"a\",\"largePersonGroupId\":\"b\"}",
		  "PersonGroupIdAndLargePersonGroupIdBothNotNull",
		  "PersonGroupId and largePersonGroupId are both not null." },
		{ "POST", "/face/v1.0/identify",
		  "{\"faceIds\":[\"" ID "\"],\"personGroupId\":\"a\",\"confidenceThreshold\":1.1}",
		  "BadArgument", "The argument confidenceThreshold is not valid." },
		{ "POST", "/face/v1.0/identify",
		  "{\"faceIds\":[\"" ID
		  "\"],\"personGroupId\":\"a\",\"maxNumOfCandidatesReturned\":101}",
		  "BadArgument", "The argument maxNumOfCandidatesReturned is not valid." },
		{ "POST", "/face/v1.0/findsimilars", "{\"faceId\":\"" ID "\"}", "BadArgument",
		  "LargeFaceListId, faceListId and faceIds are all null." },
		{ "POST", "/face/v1.0/findsimilars",
		  "{\"faceId\":\"" ID "\",\"faceListId\":\"a\",\"mode\":\"x\"}", "BadArgument",
		  "Mode is invalid." },
		{ "POST", "/face/v1.0/group", "{\"faceIds\":[\"" ID "\"]}", "BadArgument",
		  "The length of faceIds is not in a valid range." },
		{ "POST", "/face/v1.0/snapshots",
		  "{\"type\":\"Person\",\"objectId\":\"a\",\"applyScope\":[\"" ID "\"]}",
		  "BadArgument", "'type' is invalid." },
		{ "POST", "/face/v1.0/detect", "{}", "InvalidURL", "Invalid image URL." },
	};
	for (size_t i = 0; i < FC_ARRAY_LENGTH(cases); i++) {
		assert_fault(cases[i].method, cases[i].target, JSON, cases[i].body, cases[i].code,
			     cases[i].message);
	}
	assert_fault("PUT", GROUP, "text/plain", "{\"name\":\"x\"}", "BadArgument",
		     "Invalid Media Type.");
	assert_fault("POST", "/face/v1.0/detect", "application/octet-stream", "too short",
		     "InvalidImageSize", "Image size is too small.");
}

static void lengths_are_counted_in_characters(void **state)
{
	(void)state;
	/* 128 characters of two bytes each, and one more */
	char body[400] = "{\"name\":\"";
	for (unsigned i = 0; i < FC_AZURE_TITLE_MAXIMUM; i++) {
		strcat(body, "\xc3\xa9");
	}
	size_t length = strlen(body);
	strcpy(body + length, "\"}");
	assert_fault("PUT", GROUP, JSON, body, NULL, NULL);
	strcpy(body + length, "x\"}");
	assert_fault("PUT", GROUP, JSON, body, "BadArgument", "'name' is too long.");
}

static void defaults_are_those_of_the_document(void **state)
{
	(void)state;
	struct fc_azure_request request = { 0 };
	enum fc_azure_fault fault;
	enum fc_azure_kind kind;
	static const char body[] = "{\"url\":\"http://example.org/a.jpg\"}";
	assert_int_equal(fc_azure_read_request("POST", "/face/v1.0/detect", JSON "; charset=utf-8",
					       body, sizeof(body) - 1, &request, &fault, &kind,
					       NULL),
			 FC_OK);
	assert_int_equal(fault, FC_AZURE_NO_FAULT);
	assert_true(request.return_face_id);
	assert_false(request.return_landmarks);
	assert_int_equal(request.recognition_model, 1);
	assert_int_equal(request.detection_model, 1);
	assert_int_equal(request.time_to_live, 86400);
	assert_int_equal(request.top, 1000);
	assert_true(isnan(request.threshold));
	assert_string_equal(request.url, "http://example.org/a.jpg");
	fc_azure_request_release(&request);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_operation_is_found_by_its_path_and_by_its_verb),
		cmocka_unit_test(paths_are_compared_whole),
		cmocka_unit_test(the_table_is_that_of_the_description),
		cmocka_unit_test(identifiers_are_checked),
		cmocka_unit_test(queries_are_checked),
		cmocka_unit_test(bodies_are_checked),
		cmocka_unit_test(lengths_are_counted_in_characters),
		cmocka_unit_test(defaults_are_those_of_the_document),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
