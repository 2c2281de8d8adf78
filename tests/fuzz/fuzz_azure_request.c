/*
 * Any request to the Azure Face API: refused with a documented fault, or read into values that are in range. The input is "METHOD TARGET TYPE\nBODY",
 * where TYPE is 'j' for JSON, any other for an image.
 */
/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "protocol/azure/request.h"

static void check_fault(enum fc_azure_fault fault, const struct fc_azure_request *request,
			enum fc_azure_kind kind)
{
	FC_CLEANUP(fc_buffer_release) struct fc_buffer out = { 0 };
	struct fc_json_writer json = fc_json_writer_of(&out, false);
	FUZZ_CHECK(fault < FC_AZURE_FAULT_COUNT && kind < FC_AZURE_KIND_COUNT);
	int status = fc_azure_write_fault(&json, fault, request->operation, kind, NULL);
	FUZZ_CHECK(status >= 400 && status < 600);
	FUZZ_CHECK(strchr(fc_buffer_text(&out), '*') == NULL);
}

static void check_values(const struct fc_azure_request *request)
{
	FUZZ_CHECK(request->operation);
	FUZZ_CHECK(strspn(request->container, "abcdefghijklmnopqrstuvwxyz0123456789-_") ==
		   strlen(request->container));
	FUZZ_CHECK(request->top >= 1 && request->top <= 1000);
	FUZZ_CHECK(request->candidates >= 1 && request->candidates <= 1000);
	FUZZ_CHECK(request->recognition_model >= 1 && request->recognition_model <= 4);
	FUZZ_CHECK(request->detection_model >= 1 && request->detection_model <= 3);
	FUZZ_CHECK(request->time_to_live >= 60 && request->time_to_live <= FC_AZURE_DAY);
	FUZZ_CHECK(isnan(request->threshold) ||
		   (request->threshold >= 0 && request->threshold <= 1));
	FUZZ_CHECK(request->face_id_count <= FC_AZURE_FACE_IDS_MAXIMUM);
	FUZZ_CHECK((request->operation->required & ~request->given) == 0 || request->image);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fc_azure_request request = { 0 };
	enum fc_azure_fault fault;
	enum fc_azure_kind kind;
	const uint8_t *line_end = memchr(data, '\n', size);
	if (!line_end) {
		return 0;
	}
	char *line = strndup((const char *)data, (size_t)(line_end - data));
	char *method = line;
	char *target = method ? strchr(method, ' ') : NULL;
	char *type = target ? strchr(target + 1, ' ') : NULL;
	if (type) {
		*target++ = '\0';
		*type++ = '\0';
		const char *media = *type == 'j' ? "application/json" : "application/octet-stream";
		if (fc_azure_read_request(method, target, media, line_end + 1,
					  (size_t)(data + size - line_end - 1), &request, &fault,
					  &kind, NULL) == FC_OK) {
			if (fault == FC_AZURE_NO_FAULT) {
				check_values(&request);
			} else {
				check_fault(fault, &request, kind);
			}
		}
	}
	fc_azure_request_release(&request);
	free(line);
	return 0;
}
