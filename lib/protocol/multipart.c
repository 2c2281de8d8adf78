/* Read and write bodies of type multipart/form-data. */
/* SPDX-License-Identifier: MIT */
#include "protocol/multipart.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/memory.h"

enum { BOUNDARY_MAXIMUM = 70, TEXT_MAXIMUM = 1024, HEADERS_MAXIMUM = 4096 };

void fc_form_release(struct fc_form *form)
{
	for (size_t i = 0; i < form->text_count; i++) {
		free(form->texts[i]);
	}
	free(form->texts);
	free(form->parts);
	*form = (struct fc_form){ 0 };
}

const struct fc_form_part *fc_form_find(const struct fc_form *form, const char *name)
{
	for (size_t i = 0; i < form->count; i++) {
		if (strcmp(form->parts[i].name, name) == 0) {
			return &form->parts[i];
		}
	}
	return NULL;
}

/* ---- reading ---- */

static enum fc_status fail(struct fc_error *err, const char *why)
{
	return fc_fail(err, FC_INVALID_ARGUMENT, "the body is not valid multipart/form-data: %s",
		       why);
}

/*
 * The value of a parameter such as boundary=abc or name="a b", in a header of `length` bytes. Returns false if it is absent, too long or not
 * well-formed. A backslash escapes the next byte of a quoted value.
 */
static bool read_parameter(const char *header, size_t length, const char *name, char *out,
			   size_t size)
{
	const char *end = header + length;
	size_t name_length = strlen(name);
	bool quoted = false;
	for (const char *c = header; c < end; c++) {
		if (*c == '"') {
			quoted = !quoted;
		}
		bool starts = !quoted && *c == ';';
		while (starts && c + 1 < end && (c[1] == ' ' || c[1] == '\t')) {
			c++;
		}
		if (!starts || (size_t)(end - c) < name_length + 2 ||
		    strncasecmp(c + 1, name, name_length) != 0 || c[1 + name_length] != '=') {
			continue;
		}
		const char *from = c + name_length + 2;
		bool in_quotes = from < end && *from == '"';
		size_t used = 0;
		for (from += in_quotes; from < end; from++) {
			if (in_quotes ? *from == '"' : *from == ';' || *from == ' ') {
				break;
			}
			from += in_quotes && *from == '\\' && from + 1 < end;
			if (used + 1 == size || *from == '\0') {
				return false;
			}
			out[used++] = *from;
		}
		out[used] = '\0';
		return used > 0 && (!in_quotes || from < end);
	}
	return false;
}

/* Copy a text that the form keeps. NULL when out of memory. */
static const char *keep(struct fc_form *form, const char *text, struct fc_error *err)
{
	if (fc_array_grow(&form->texts, sizeof(*form->texts), form->text_count,
			  &form->text_capacity, err) != FC_OK) {
		return NULL;
	}
	char *copy = strdup(text);
	if (copy) {
		form->texts[form->text_count++] = copy;
	}
	return copy;
}

/* The line of a header within the headers of a part, and the length of its value. NULL if it is absent. */
static const char *find_header(const char *headers, size_t length, const char *name, size_t *out)
{
	size_t name_length = strlen(name);
	const char *end = headers + length;
	for (const char *line = headers; line < end;) {
		const char *stop = memmem(line, (size_t)(end - line), "\r\n", 2);
		stop = stop ? stop : end;
		if ((size_t)(stop - line) > name_length && line[name_length] == ':' &&
		    strncasecmp(line, name, name_length) == 0) {
			line += name_length + 1;
			while (line < stop && *line == ' ') {
				line++;
			}
			*out = (size_t)(stop - line);
			return line;
		}
		line = stop + 2;
	}
	return NULL;
}

static enum fc_status read_headers(struct fc_form *form, const char *headers, size_t length,
				   struct fc_form_part *part, struct fc_error *err)
{
	char text[TEXT_MAXIMUM];
	size_t value;
	const char *found = find_header(headers, length, "Content-Disposition", &value);
	if (!found || value < 9 || strncasecmp(found, "form-data", 9) != 0 ||
	    !read_parameter(found, value, "name", text, sizeof(text))) {
		return fail(err, "a part has no name");
	}
	part->name = keep(form, text, err);
	if (part->name && read_parameter(found, value, "filename", text, sizeof(text))) {
		part->filename = keep(form, text, err);
	}
	found = find_header(headers, length, "Content-Type", &value);
	if (found && value < sizeof(text)) {
		memcpy(text, found, value);
		text[value] = '\0';
		part->content_type = keep(form, text, err);
	}
	return part->name ? FC_OK : fc_fail_memory(err);
}

enum fc_status fc_form_read(const char *content_type, const void *body, size_t length, size_t most,
			    struct fc_form *out, struct fc_error *err)
{
	FC_CLEANUP(fc_form_release) struct fc_form form = { 0 };
	char delimiter[4 + BOUNDARY_MAXIMUM + 1] = "\r\n--";
	if (!content_type || strncasecmp(content_type, "multipart/form-data", 19) != 0) {
		return fc_fail(err, FC_UNSUPPORTED, "the body must be multipart/form-data");
	}
	if (!read_parameter(content_type, strlen(content_type), "boundary", delimiter + 4,
			    sizeof(delimiter) - 4)) {
		return fail(err, "the content type has no boundary");
	}
	size_t mark = strlen(delimiter);
	const char *end = (const char *)body + length;
	/* the first delimiter may stand at the very beginning */
	const char *next = body;
	bool at_start = length >= mark - 2 && memcmp(next, delimiter + 2, mark - 2) == 0;
	next = at_start     ? next + mark - 2
	       : length > 0 ? memmem(body, length, delimiter, mark)
			    : NULL;
	if (!next) {
		return fail(err, "it has no part");
	}
	next += at_start ? 0 : mark;
	while (end - next < 2 || memcmp(next, "--", 2) != 0) {
		struct fc_form_part part = { 0 };
		const char *headers = memmem(next, (size_t)(end - next), "\r\n", 2);
		const char *data =
			headers ? memmem(headers, (size_t)(end - headers), "\r\n\r\n", 4) : NULL;
		if (!data || data - headers > HEADERS_MAXIMUM) {
			return fail(err, "it ends within a part");
		}
		data += 4;
		/* an empty part: its delimiter begins with the line end of its headers */
		next = memmem(data - 2, (size_t)(end - data) + 2, delimiter, mark);
		if (!next) {
			return fail(err, "it ends within a part");
		}
		if (form.count == most) {
			return fc_fail(err, FC_TOO_LARGE,
				       "the body has more than %zu parts, which is the maximum",
				       most);
		}
		FC_TRY(read_headers(&form, headers + 2, (size_t)(data - 2 - (headers + 2)), &part,
				    err));
		part.data = data;
		part.length = next > data ? (size_t)(next - data) : 0;
		if (fc_form_find(&form, part.name)) {
			return fail(err, "two parts have the same name");
		}
		FC_TRY(fc_array_grow(&form.parts, sizeof(*form.parts), form.count, &form.capacity,
				     err));
		form.parts[form.count++] = part;
		next += mark;
	}
	*out = FC_STEAL_STRUCT(form);
	return FC_OK;
}

/* ---- writing ---- */

static void append_quoted(struct fc_buffer *out, const char *text)
{
	fc_buffer_append_text(out, "\"");
	for (; *text; text++) {
		bool plain = *text != '"' && *text != '\r' && *text != '\n';
		fc_buffer_printf(out, plain ? "%c" : "%%%02X", (unsigned char)*text);
	}
	fc_buffer_append_text(out, "\"");
}

void fc_form_append(struct fc_buffer *out, const char *boundary, const struct fc_form_part *part)
{
	fc_buffer_printf(out, "--%s\r\nContent-Disposition: form-data; name=", boundary);
	append_quoted(out, part->name);
	if (part->filename) {
		fc_buffer_append_text(out, "; filename=");
		append_quoted(out, part->filename);
	}
	if (part->content_type) {
		fc_buffer_printf(out, "\r\nContent-Type: %s", part->content_type);
	}
	fc_buffer_append_text(out, "\r\n\r\n");
	fc_buffer_append(out, part->data, part->length);
	fc_buffer_append_text(out, "\r\n");
}
