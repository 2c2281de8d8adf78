/* Any bytes as a Smarty service's answer: refused in words, or faces whose values are in range. The first byte is HTTP's status. */
/* SPDX-License-Identifier: MIT */
#include <math.h>

#include "fuzz.h"
#include "service/remote/smarty/wire.h"

static void check_range(float value, float minimum, float maximum)
{
	FUZZ_CHECK(isnan(value) || (value >= minimum && value <= maximum));
}

static void check_face(const struct fc_recognized_face *face)
{
	const struct fc_box *box = &face->face->box;
	FUZZ_CHECK(box->left < box->right && box->top < box->bottom);
	FUZZ_CHECK(fabsf(box->left) <= 1e6f && fabsf(box->bottom) <= 1e6f);
	FUZZ_CHECK(face->known || !face->has_similarity);
	FUZZ_CHECK(!face->known || face->identity.has_number || face->identity.name);
	check_range(face->face->confidence, 0, 1);
	check_range(face->similarity, 0, 1);
	check_range(face->face->quality.frontality, -1, 1);
	for (size_t i = 0; i < face->alias_count; i++) {
		FUZZ_CHECK(face->aliases[i].has_number || face->aliases[i].name);
	}
	if (face->attributes) {
		check_range(face->attributes->age, 0, 200);
	}
}

static void check_objects(struct fc_smarty_envelope *envelope)
{
	static const char *const names[] = { "file", "file_0", "" };
	for (size_t i = 0; i < FC_ARRAY_LENGTH(names); i++) {
		FC_CLEANUP(fc_smarty_faces_release) struct fc_smarty_faces faces = { 0 };
		enum fc_smarty_object_status status = FC_SMARTY_PERMANENT;
		struct fc_error err = { 0 };
		cJSON *object = fc_smarty_take_object(envelope, names[i], &status);
		FUZZ_CHECK(!object || fc_smarty_object_error(object));
		FUZZ_CHECK(status >= FC_SMARTY_DONE && status <= FC_SMARTY_TEMPORARY);
		if (fc_smarty_read_faces(object, &faces, &err) == FC_OK) {
			for (size_t k = 0; k < faces.count; k++) {
				check_face(&faces.faces[k]);
			}
		} else {
			FUZZ_CHECK(err.text[0] != '\0' && faces.count == 0);
		}
		cJSON_Delete(object);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const int statuses[] = { 200, 400, 403, 500 };
	FC_CLEANUP(fc_http_response_release) struct fc_http_response response = { 0 };
	FC_CLEANUP(fc_smarty_envelope_release) struct fc_smarty_envelope envelope = { 0 };
	struct fc_error err = { 0 };
	if (size == 0) {
		return 0;
	}
	response.status = statuses[data[0] % FC_ARRAY_LENGTH(statuses)];
	fc_buffer_append(&response.body, data + 1, size - 1);
	enum fc_http_verdict verdict = fc_smarty_judge(NULL, &response);
	FUZZ_CHECK(verdict <= FC_HTTP_NOT_DONE);
	enum fc_status status = fc_smarty_read(&response, &envelope, &err);
	FUZZ_CHECK(response.status == 200 || status != FC_OK);
	if (status == FC_OK) {
		check_objects(&envelope);
	} else {
		FUZZ_CHECK(err.text[0] != '\0' && err.status == status);
	}
	return 0;
}
