/* Private to lib/protocol/azure: the body of a request, and values that occur in bodies and queries. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_PROTOCOL_AZURE_REQUEST_BODY_H
#define FC_PROTOCOL_AZURE_REQUEST_BODY_H

#include "protocol/azure/request.h"

/* Read the body of out->operation. Errors: FC_NO_MEMORY. */
enum fc_status fc_azure_read_body(const char *content_type, const void *body, size_t length,
				  struct fc_azure_request *out, enum fc_azure_fault *fault,
				  struct fc_error *err);

/* The number of characters of a UTF-8 text. */
size_t fc_azure_characters(const char *text);

/* ^[a-z0-9-_]{1,64}$ */
bool fc_azure_is_container_id(const char *text, size_t length);

/* Read a label such as "recognition_04": the prefix and a number from 1 to most. */
bool fc_azure_read_model(const char *text, const char *prefix, int most, int *out);

/* Read the kind of a snapshot, such as "LargePersonGroup". FC_AZURE_NO_KIND: there is no such kind. */
enum fc_azure_kind fc_azure_read_type(const char *text);

/* Read a list of kinds separated by commas: a set of 1 << kind. */
bool fc_azure_read_types(char *text, unsigned *out);

/* Read a list of UUIDs separated by commas as out->apply_scope. Memory: false too. */
bool fc_azure_read_scope(char *text, struct fc_azure_request *out);

#endif
