/*
 * Any bytes as a request of the Smarty, NeuroIO or SERP API: the target up to the first line end, then a form with the boundary "b". Parts stay
 * within the body, and what is written again is read as the same.
 */
/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "protocol/multipart.h"
#include "protocol/smarty_request.h"
#include "service/api/target.h"

enum { PARTS_MAXIMUM = 8 };

static void read_target(const char *text)
{
	FC_CLEANUP(fc_api_target_release) struct fc_api_target target = { 0 };
	if (fc_api_target_read(text, &target, NULL) != FC_OK) {
		return;
	}
	FUZZ_CHECK(target.segment_count <= FC_API_SEGMENTS);
	FUZZ_CHECK(target.parameter_count <= FC_API_PARAMETERS);
	for (size_t i = 0; i < target.parameter_count; i++) {
		FUZZ_CHECK(fc_api_parameter(&target, target.parameters[i].name));
	}
}

static void read_meta(const struct fc_form_part *part)
{
	FC_CLEANUP(fc_smarty_request_release) struct fc_smarty_request meta = { 0 };
	char space[2];
	if (fc_smarty_request_parse(part->data, part->length, "meta", &meta, NULL) == FC_OK) {
		bool valid = fc_smarty_parse_space(meta.space ? meta.space : "", space);
		FUZZ_CHECK(!valid || (space[0] >= '0' && space[0] <= '9' && space[1] == '\0'));
	}
}

static void write_again(const struct fc_form *form)
{
	static const char boundary[] = "5f0d3c19-2b8e-4c57-9a41-0e6f7d2c8b35";
	static const char type[] =
		"multipart/form-data; boundary=5f0d3c19-2b8e-4c57-9a41-0e6f7d2c8b35";
	FC_CLEANUP(fc_buffer_release) struct fc_buffer body = { 0 };
	FC_CLEANUP(fc_form_release) struct fc_form again = { 0 };
	for (size_t i = 0; i < form->count; i++) {
		const struct fc_form_part *part = &form->parts[i];
		if (part->length > 0 &&
		    memmem(part->data, part->length, boundary, strlen(boundary))) {
			return; /* fuzzers find the boundary */
		}
		fc_form_append(&body, boundary, &form->parts[i]);
	}
	fc_buffer_printf(&body, "--%s--\r\n", boundary);
	enum fc_status status =
		fc_form_read(type, body.data, body.length, PARTS_MAXIMUM, &again, NULL);
	/* names that need escaping may become too long, or equal to others */
	for (size_t i = 0; status == FC_OK && i < form->count; i++) {
		FUZZ_CHECK(again.parts[i].length == form->parts[i].length);
		FUZZ_CHECK(again.parts[i].length == 0 ||
			   memcmp(again.parts[i].data, form->parts[i].data,
				  form->parts[i].length) == 0);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	FC_CLEANUP(fc_form_release) struct fc_form form = { 0 };
	const uint8_t *end = size > 0 ? memchr(data, '\n', size) : NULL;
	size_t line = end ? (size_t)(end - data) : size;
	char *target = strndup((const char *)data, line);
	read_target(target ? target : "");
	free(target);
	const uint8_t *body = data + line + (end != NULL);
	size_t length = size - line - (end != NULL);
	if (fc_form_read("multipart/form-data; boundary=b", body, length, PARTS_MAXIMUM, &form,
			 NULL) != FC_OK) {
		return 0;
	}
	FUZZ_CHECK(form.count <= PARTS_MAXIMUM);
	for (size_t i = 0; i < form.count; i++) {
		const uint8_t *from = form.parts[i].data;
		FUZZ_CHECK(from >= body && form.parts[i].length <= (size_t)(body + length - from));
		read_meta(&form.parts[i]);
	}
	write_again(&form);
	return 0;
}
