/* The example requests and answers of Microsoft's description, as literal bytes. */
/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "protocol/azure/bodies.h"
#include "protocol/azure/containers.h"
#include "protocol/azure/request.h"
#include "protocol/azure/snapshots.h"
#include "unit.h"

#define FACE "c5c24a82-6845-4031-9d5d-978df9175426"
#define PERSON "25985303-c537-4467-b41d-bdb45cd95ca1"

static void read_request(const char *target, const char *body, struct fc_azure_request *out)
{
	enum fc_azure_fault fault;
	enum fc_azure_kind kind;
	assert_int_equal(fc_azure_read_request("POST", target, "application/json", body,
					       strlen(body), out, &fault, &kind, NULL),
			 FC_OK);
	assert_int_equal(fault, FC_AZURE_NO_FAULT);
}

static struct fc_uuid uuid(const char *text)
{
	struct fc_uuid out;
	assert_true(fc_uuid_parse(text, &out));
	return out;
}

static void assert_uuid(const struct fc_uuid *found, const char *expected)
{
	char text[FC_UUID_TEXT_SIZE];
	fc_uuid_format(found, text);
	assert_string_equal(text, expected);
}

static void identify(void **state)
{
	(void)state;
	FC_CLEANUP(fc_azure_request_release) struct fc_azure_request request = { 0 };
	read_request("/face/v1.0/identify",
		     "{\"largePersonGroupId\":\"sample_group\",\"faceIds\":[\"" FACE
		     "\"],\"maxNumOfCandidatesReturned\":1,\"confidenceThreshold\":0.5}",
		     &request);
	assert_int_equal(request.operation->verb, FC_AZURE_IDENTIFY);
	assert_int_equal(request.kind, FC_AZURE_LARGE_PERSON_GROUP);
	assert_string_equal(request.container, "sample_group");
	assert_int_equal(request.face_id_count, 1);
	assert_uuid(&request.face_ids[0], FACE);
	assert_int_equal(request.candidates, 1);
	assert_float_equal(request.threshold, 0.5, 0);

	FC_CLEANUP(fc_buffer_release) struct fc_buffer out = { 0 };
	struct fc_json_writer json = fc_json_writer_of(&out, false);
	const struct fc_uuid face = uuid(FACE);
	const struct fc_azure_candidate candidate = { .person = uuid(PERSON), .confidence = 0.92 };
	fc_json_begin_array(&json);
	fc_azure_write_candidates(&json, &face, &candidate, 1);
	fc_json_end_array(&json);
	assert_string_equal(fc_buffer_text(&out),
			    "[{\"faceId\":\"" FACE "\",\"candidates\":[{\"personId\":\"" PERSON
			    "\",\"confidence\":0.92}]}]");
}

static void find_similar(void **state)
{
	(void)state;
	FC_CLEANUP(fc_azure_request_release) struct fc_azure_request request = { 0 };
	read_request("/face/v1.0/findsimilars",
		     "{\"faceId\":\"" FACE
		     "\",\"largeFaceListId\":\"sample_list\",\"maxNumOfCandidatesReturned\":1,"
		     "\"mode\":\"matchPerson\"}",
		     &request);
	assert_int_equal(request.operation->verb, FC_AZURE_FIND_SIMILAR);
	assert_uuid(&request.face_id, FACE);
	assert_int_equal(request.kind, FC_AZURE_LARGE_FACE_LIST);
	assert_string_equal(request.container, "sample_list");
	assert_int_equal(request.candidates, 1);
	assert_false(request.match_face);
}

static void verify(void **state)
{
	(void)state;
	FC_CLEANUP(fc_azure_request_release) struct fc_azure_request request = { 0 };
	read_request("/face/v1.0/verify",
		     "{\"faceId\":\"" FACE "\",\"personId\":\"" PERSON
		     "\",\"largePersonGroupId\":\"sample_group\"}",
		     &request);
	assert_int_equal(request.operation->verb, FC_AZURE_VERIFY);
	assert_uuid(&request.face_id, FACE);
	assert_uuid(&request.person_id, PERSON);
	assert_string_equal(request.container, "sample_group");
}

static void group(void **state)
{
	(void)state;
	FC_CLEANUP(fc_azure_request_release) struct fc_azure_request request = { 0 };
	/* with both letter cases, as in the samples */
	read_request("/face/v1.0/group",
		     "{\"faceIds\":[\"" FACE
		     "\",\"015839FB-FBD9-4F79-ACE9-7675FC2F1DD9\",\"65d083d4-9447-47d1-af30-"
		     "b626144bf0fb\"]}",
		     &request);
	assert_int_equal(request.operation->verb, FC_AZURE_GROUP);
	assert_int_equal(request.face_id_count, 3);
	assert_uuid(&request.face_ids[1], "015839fb-fbd9-4f79-ace9-7675fc2f1dd9");
}

static void an_operation(void **state)
{
	(void)state;
	FC_CLEANUP(fc_buffer_release) struct fc_buffer out = { 0 };
	struct fc_json_writer json = fc_json_writer_of(&out, false);
	/* 2018-12-25T11:41:02.233141Z and T11:51:27.870569Z; the example has a seventh decimal */
	fc_azure_write_operation(
		&json, &(struct fc_azure_operation_row){
			       .status = "succeeded",
			       .created = INT64_C(1545738062233141),
			       .acted = INT64_C(1545738687870569),
			       .resource = "/snapshots/e58b3f08-1e8b-4165-81df-aa9858f233dc",
		       });
	assert_string_equal(
		fc_buffer_text(&out),
		"{\"status\":\"succeeded\",\"createdTime\":\"2018-12-25T11:41:02.233141Z\","
		"\"lastActionTime\":\"2018-12-25T11:51:27.870569Z\",\"resourceLocation\":"
		"\"/snapshots/e58b3f08-1e8b-4165-81df-aa9858f233dc\",\"message\":null}");
}

static void a_missing_group(void **state)
{
	(void)state;
	FC_CLEANUP(fc_buffer_release) struct fc_buffer out = { 0 };
	struct fc_json_writer json = fc_json_writer_of(&out, false);
	assert_int_equal(fc_azure_write_fault(&json, FC_AZURE_FAULT_CONTAINER_NOT_FOUND, NULL,
					      FC_AZURE_PERSON_GROUP, NULL),
			 404);
	assert_string_equal(fc_buffer_text(&out),
			    "{\"error\":{\"code\":\"PersonGroupNotFound\",\"message\":\"Person "
			    "group is not found.\"}}");
}

static void take_and_apply(void **state)
{
	(void)state;
	FC_CLEANUP(fc_azure_request_release) struct fc_azure_request taking = { 0 };
	FC_CLEANUP(fc_azure_request_release) struct fc_azure_request applying = { 0 };
	read_request("/face/v1.0/snapshots",
		     "{\"type\":\"FaceList\",\"objectId\":\"source_face_list_id\",\"applyScope\":"
		     "[\"" FACE
		     "\"],\"userData\":\"User-provided data attached to the snapshot.\"}",
		     &taking);
	assert_int_equal(taking.operation->verb, FC_AZURE_SNAPSHOT_TAKE);
	assert_int_equal(taking.kind, FC_AZURE_FACE_LIST);
	assert_string_equal(taking.object_id, "source_face_list_id");
	assert_int_equal(taking.apply_scope_count, 1);
	assert_string_equal(taking.user_data, "User-provided data attached to the snapshot.");
	read_request("/face/v1.0/snapshots/e58b3f08-1e8b-4165-81df-aa9858f233dc/apply",
		     "{\"objectId\":\"target_face_list_id\",\"mode\":\"CreateNew\"}", &applying);
	assert_int_equal(applying.operation->verb, FC_AZURE_SNAPSHOT_APPLY);
	assert_uuid(&applying.snapshot, "e58b3f08-1e8b-4165-81df-aa9858f233dc");
	assert_string_equal(applying.object_id, "target_face_list_id");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(identify),       cmocka_unit_test(find_similar),
		cmocka_unit_test(verify),         cmocka_unit_test(group),
		cmocka_unit_test(an_operation),   cmocka_unit_test(a_missing_group),
		cmocka_unit_test(take_and_apply),
	};
	return cmocka_run_group_tests_name("protocol/azure/examples", tests, NULL, NULL);
}
