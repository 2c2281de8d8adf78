/* The path and the query of a request. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_SERVICE_API_TARGET_H
#define FC_SERVICE_API_TARGET_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

/* The documented APIs, which differ in the beginning of their paths. */
enum fc_api { FC_API_AZURE, FC_API_SMARTY, FC_API_PLATFORM, FC_API_COUNT };

/* The API that a path, with or without a query, belongs to. FC_API_COUNT: none. */
enum fc_api fc_api_of(const char *target);

enum { FC_API_SEGMENTS = 8, FC_API_PARAMETERS = 32 };

/* Decoded. The texts belong to the target. { 0 } is empty. */
struct fc_api_target {
	char *text;
	const char *segments[FC_API_SEGMENTS]; /* "v1", "persons", ... */
	size_t segment_count;
	bool trailing_slash;
	struct fc_api_parameter {
		const char *name, *value;
	} parameters[FC_API_PARAMETERS];
	size_t parameter_count;
	const char *query; /* as it was sent; borrowed from the request; NULL when absent */
};

void fc_api_target_release(struct fc_api_target *target);

/* Errors: FC_INVALID_ARGUMENT (not percent-encoded UTF-8, or too many parts), FC_NO_MEMORY. */
enum fc_status fc_api_target_read(const char *text, struct fc_api_target *out,
				  struct fc_error *err);

/* The value of a parameter, or NULL. */
const char *fc_api_parameter(const struct fc_api_target *target, const char *name);

#endif
