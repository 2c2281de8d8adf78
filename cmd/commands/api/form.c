/* Make the body of a request with --form. */
/* SPDX-License-Identifier: MIT */
#include "commands/api/form.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/file.h"
#include "base/uuid.h"
#include "protocol/multipart.h"

/* The media type of a file by its suffix. */
static const char *type_of(const char *path)
{
	static const struct {
		const char *suffix, *type;
	} types[] = {
		{ ".jpg", "image/jpeg" }, { ".jpeg", "image/jpeg" }, { ".png", "image/png" },
		{ ".tif", "image/tiff" }, { ".tiff", "image/tiff" },
	};
	const char *dot = strrchr(path, '.');
	for (size_t i = 0; dot && i < FC_ARRAY_LENGTH(types); i++) {
		if (strcasecmp(dot, types[i].suffix) == 0) {
			return types[i].type;
		}
	}
	return "application/octet-stream";
}

static enum fc_status add_field(const char *field, const char *boundary, size_t most,
				struct fc_buffer *body, struct fc_error *err)
{
	char name[256];
	FC_CLEANUP(fc_buffer_release) struct fc_buffer bytes = { 0 };
	const char *equals = strchr(field, '=');
	if (!equals || equals == field || (size_t)(equals - field) >= sizeof(name)) {
		return fc_fail(err, FC_INVALID_ARGUMENT,
			       "--form must be NAME=VALUE or NAME=@FILE, not '%s'", field);
	}
	snprintf(name, sizeof(name), "%.*s", (int)(equals - field), field);
	struct fc_form_part part = {
		.name = name,
		.data = equals + 1,
		.length = strlen(equals + 1),
	};
	if (equals[1] == '@') {
		const char *path = equals + 2;
		if (strcmp(path, "-") == 0) {
			FC_TRY(fc_file_read_fd(0, most, "standard input", &bytes, err));
		} else {
			FC_TRY(fc_file_read(path, most, &bytes, err));
		}
		part.filename = fc_path_name(path);
		part.content_type = type_of(path);
		part.data = bytes.data;
		part.length = bytes.length;
	}
	fc_form_append(body, boundary, &part);
	return fc_buffer_ok(body) ? FC_OK : fc_fail_memory(err);
}

enum fc_status form_make(const char *const *fields, size_t count, size_t most,
			 char type[FORM_TYPE_SIZE], struct fc_buffer *body, struct fc_error *err)
{
	/* a random boundary does not occur in the data */
	char boundary[FC_UUID_TEXT_SIZE];
	struct fc_uuid random = fc_uuid_new();
	fc_uuid_format(&random, boundary);
	for (size_t i = 0; i < count; i++) {
		FC_TRY(add_field(fields[i], boundary, most, body, err));
	}
	fc_buffer_printf(body, "--%s--\r\n", boundary);
	snprintf(type, FORM_TYPE_SIZE, "multipart/form-data; boundary=%s", boundary);
	return fc_buffer_ok(body) ? FC_OK : fc_fail_memory(err);
}
