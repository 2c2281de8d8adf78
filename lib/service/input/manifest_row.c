/* Parse one row of a manifest. */
/* SPDX-License-Identifier: MIT */
#include "service/input/manifest_row.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/digest.h"
#include "base/json.h"
#include "gallery/gallery.h"

static const char *const names[FC_ROW_CELLS] = {
	[FC_ROW_PATH] = "path",     [FC_ROW_PERSON_ID] = "person_id",
	[FC_ROW_PID] = "pid",       [FC_ROW_NAME] = "name",
	[FC_ROW_ORIGIN] = "origin", [FC_ROW_USER_DATA] = "user_data",
	[FC_ROW_GROUP] = "group",   [FC_ROW_FACE] = "face",
};

void fc_row_release(struct fc_row *row)
{
	fc_buffer_release(&row->texts);
	*row = (struct fc_row){ 0 };
}

/* ---- TSV and CSV: fields are decoded in place, since a value is never longer than its encoding ---- */

/* Decode the escape sequence at text into *byte. Returns its length, or 0 if it is not valid. A NUL byte cannot be escaped. */
static size_t escape(const char *text, char *byte)
{
	static const char letters[] = "tnr\\";
	static const char bytes[] = "\t\n\r\\";
	const char *found = text[1] != '\0' ? strchr(letters, text[1]) : NULL;
	if (found) {
		*byte = bytes[found - letters];
		return 2;
	}
	if (text[1] != 'x') {
		return 0;
	}
	int high = fc_hex_value(text[2]);
	int low = high >= 0 ? fc_hex_value(text[3]) : -1;
	if (low < 0 || high + low == 0) {
		return 0;
	}
	*byte = (char)(high * 16 + low);
	return 4;
}

static enum fc_status take_tsv_field(char **cursor, char **field)
{
	char *from = *cursor;
	char *to = *cursor;
	*field = from;
	while (*from != '\0' && *from != '\t') {
		char byte = *from;
		size_t length = byte == '\\' ? escape(from, &byte) : 0;
		from += length > 0 ? length : 1;
		*to++ = byte;
	}
	*cursor = *from == '\t' ? from + 1 : NULL;
	*to = '\0';
	return FC_OK;
}

static enum fc_status take_csv_field(char separator, char **cursor, char **field,
				     struct fc_error *err)
{
	char *from = *cursor;
	char *to = *cursor;
	bool quoted = *from == '"';
	*field = from;
	from += quoted;
	for (; *from != '\0' && (quoted || *from != separator); from++) {
		if (*from == '"' && quoted && from[1] != '"') {
			break;
		}
		if (*from == '"' && !quoted) {
			return fc_fail(err, FC_INVALID_ARGUMENT,
				       "a field contains a quote but does not begin with one");
		}
		from += *from == '"';
		*to++ = *from;
	}
	if (quoted && *from++ != '"') {
		return fc_fail(err, FC_INVALID_ARGUMENT, "a quoted field is not closed");
	}
	if (*from != '\0' && *from != separator) {
		return fc_fail(err, FC_INVALID_ARGUMENT, "unexpected text after a quoted field");
	}
	*cursor = *from == separator ? from + 1 : NULL;
	*to = '\0';
	return FC_OK;
}

/* The next field; *cursor is NULL after the last. */
static enum fc_status take_field(enum fc_row_syntax syntax, char separator, char **cursor,
				 char **field, struct fc_error *err)
{
	return syntax == FC_ROW_CSV ? take_csv_field(separator, cursor, field, err)
				    : take_tsv_field(cursor, field);
}

/* Remove spaces around the name of a column. */
static char *trim(char *name)
{
	name += strspn(name, " \t");
	size_t length = strlen(name);
	while (length > 0 && strchr(" \t", name[length - 1])) {
		length--;
	}
	name[length] = '\0';
	return name;
}

bool fc_row_is_blank(const char *text, char separator)
{
	while (*text == separator || *text == ' ' || *text == '"') {
		text++;
	}
	return *text == '\0';
}

enum fc_status fc_row_columns_parse(enum fc_row_syntax syntax, char separator, char *text,
				    struct fc_row_columns *out, struct fc_error *err)
{
	bool seen[FC_ROW_CELLS + 1] = { false };
	char *cursor = text;
	*out = (struct fc_row_columns){ .separator = separator };
	while (cursor) {
		char *name;
		FC_TRY(take_field(syntax, separator, &cursor, &name, err));
		name = trim(name);
		if (out->count == FC_MANIFEST_COLUMNS_MAXIMUM) {
			return fc_fail(err, FC_INVALID_ARGUMENT, "more than %d columns",
				       FC_MANIFEST_COLUMNS_MAXIMUM);
		}
		size_t cell = 0;
		while (cell < FC_ROW_CELLS && strcasecmp(names[cell], name) != 0) {
			cell++;
		}
		if (cell < FC_ROW_CELLS && seen[cell]) {
			return fc_fail(err, FC_INVALID_ARGUMENT, "two columns are named '%s'",
				       name);
		}
		seen[cell] = true;
		out->cells[out->count++] = (uint8_t)cell;
	}
	if (!seen[FC_ROW_PATH]) {
		return fc_fail(err, FC_INVALID_ARGUMENT,
			       "no column is named 'path'; a manifest begins with the names of its "
			       "columns, and a plain list of paths is for --files-from");
	}
	return FC_OK;
}

static enum fc_status parse_table_row(enum fc_row_syntax syntax, char *text,
				      const struct fc_row_columns *columns, struct fc_row *row,
				      struct fc_error *err)
{
	size_t count = 0;
	for (char *cursor = text; cursor; count++) {
		char *field;
		FC_TRY(take_field(syntax, columns->separator, &cursor, &field, err));
		if (count < columns->count && columns->cells[count] < FC_ROW_CELLS &&
		    field[0] != '\0') {
			row->cells[columns->cells[count]] = field;
		}
	}
	if (count != columns->count) {
		return fc_fail(err, FC_INVALID_ARGUMENT,
			       "the number of fields is %zu, but the first line names %zu columns",
			       count, columns->count);
	}
	return FC_OK;
}

/* ---- NDJSON ---- */

/* Append to the row's texts. Returns an offset, because the texts may be reallocated. */
static size_t keep_text(struct fc_row *row, const char *text)
{
	size_t place = row->texts.length;
	fc_buffer_append(&row->texts, text, strlen(text) + 1);
	return place;
}

/* Store a member in the row. *present stays false if the member is missing or empty. */
static enum fc_status keep_member(struct fc_row *row, const cJSON *object, enum fc_row_cell cell,
				  size_t *place, bool *present, struct fc_error *err)
{
	const cJSON *value = fc_json_get(object, names[cell]);
	if (!value || cJSON_IsNull(value) ||
	    (cJSON_IsString(value) && value->valuestring[0] == '\0')) {
		return FC_OK;
	}
	*present = true;
	if (cell == FC_ROW_FACE && cJSON_IsNumber(value)) {
		char index[32];
		snprintf(index, sizeof(index), "%g", value->valuedouble);
		*place = keep_text(row, index);
		return FC_OK;
	}
	if (cell == FC_ROW_PERSON_ID && cJSON_IsNumber(value)) {
		char digits[24];
		double number = value->valuedouble;
		if (!(number >= 1 && number <= (double)FC_PERSON_NUMBER_MAXIMUM) ||
		    number != (double)(uint64_t)number) {
			return fc_fail(err, FC_INVALID_ARGUMENT,
				       "person_id must be a positive whole number");
		}
		snprintf(digits, sizeof(digits), "%" PRIu64, (uint64_t)number);
		*place = keep_text(row, digits);
		return FC_OK;
	}
	if (!cJSON_IsString(value)) {
		/* Other programs may give "group" another meaning. */
		*present = false;
		return cell == FC_ROW_GROUP ? FC_OK
					    : fc_fail(err, FC_INVALID_ARGUMENT,
						      "%s must be a string", names[cell]);
	}
	*place = keep_text(row, value->valuestring);
	return FC_OK;
}

/* A path that is not valid UTF-8 is given in base64, as in facectl's own output. */
static enum fc_status keep_encoded_path(struct fc_row *row, const cJSON *object, size_t *place,
					bool *present, struct fc_error *err)
{
	FC_CLEANUP(fc_buffer_release) struct fc_buffer bytes = { 0 };
	const char *encoded = fc_json_text(object, "path_b64");
	if (!encoded) {
		return FC_OK;
	}
	if (!fc_base64_decode(encoded, &bytes) || bytes.length == 0 ||
	    memchr(bytes.data, '\0', bytes.length)) {
		return fc_fail(err, FC_INVALID_ARGUMENT,
			       "path_b64 must be a path encoded in base64");
	}
	const char *path = fc_buffer_text(&bytes);
	if (!path) {
		return fc_fail_memory(err);
	}
	*place = keep_text(row, path);
	*present = true;
	return FC_OK;
}

static enum fc_status parse_object(const char *text, size_t length, struct fc_row *row,
				   struct fc_error *err)
{
	FC_CLEANUP(fc_json_release) cJSON *object = NULL;
	size_t places[FC_ROW_CELLS] = { 0 };
	bool present[FC_ROW_CELLS] = { false };
	FC_TRY(fc_json_parse(text, length, FC_MANIFEST_ROW_MAXIMUM, "the row", &object, err));
	if (!cJSON_IsObject(object)) {
		return fc_fail(err, FC_INVALID_ARGUMENT, "the row is not a JSON object");
	}
	for (enum fc_row_cell cell = FC_ROW_PATH; cell < FC_ROW_CELLS; cell++) {
		FC_TRY(keep_member(row, object, cell, &places[cell], &present[cell], err));
	}
	FC_TRY(keep_encoded_path(row, object, &places[FC_ROW_PATH], &present[FC_ROW_PATH], err));
	const char *texts = fc_buffer_text(&row->texts);
	if (!texts) {
		return fc_fail_memory(err);
	}
	for (enum fc_row_cell cell = FC_ROW_PATH; cell < FC_ROW_CELLS; cell++) {
		row->cells[cell] = present[cell] ? texts + places[cell] : NULL;
	}
	return FC_OK;
}

enum fc_status fc_row_parse(enum fc_row_syntax syntax, char *text, size_t length,
			    const struct fc_row_columns *columns, struct fc_row *row,
			    struct fc_error *err)
{
	fc_buffer_clear(&row->texts);
	memset(row->cells, 0, sizeof(row->cells));
	return syntax == FC_ROW_NDJSON ? parse_object(text, length, row, err)
				       : parse_table_row(syntax, text, columns, row, err);
}
