/* Lists of photos. */
/* SPDX-License-Identifier: MIT */
#include "service/input/manifest.h"

#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/name.h"
#include "base/number.h"
#include "base/text.h"
#include "gallery/gallery.h"
#include "service/input/list_reader.h"
#include "service/input/manifest_row.h"
#include "vision/faces/choice.h"

struct fc_manifest {
	struct fc_list_reader *list;
	enum fc_manifest_kind kind;
	char *name, *root; /* root: NULL if relative paths are left unchanged */
	bool begun;        /* the first line was read */
	enum fc_row_syntax syntax;
	struct fc_row_columns columns;
	/* memory of the last photo's strings */
	struct fc_row row;
	struct fc_buffer path;
	char *person;
	struct fc_error error;
};

void fc_manifest_close(struct fc_manifest *manifest)
{
	if (manifest) {
		fc_list_close(manifest->list);
		fc_row_release(&manifest->row);
		fc_buffer_release(&manifest->path);
		free(manifest->name);
		free(manifest->person);
		free(manifest->root);
		free(manifest);
	}
}

enum fc_status fc_manifest_open(int fd, const struct fc_manifest_options *options,
				struct fc_manifest **out, struct fc_error *err)
{
	static const enum fc_list_kind kinds[] = {
		[FC_MANIFEST_TABLE] = FC_LIST_TABLE,
		[FC_MANIFEST_PATHS] = FC_LIST_LINES,
		[FC_MANIFEST_PATHS_0] = FC_LIST_NUL,
	};
	FC_CLEANUP(fc_manifest_closep) struct fc_manifest *manifest = calloc(1, sizeof(*manifest));
	if (!manifest) {
		fc_fd_close(&fd);
		return fc_fail_memory(err);
	}
	FC_TRY(fc_list_open(fd, kinds[options->kind], FC_MANIFEST_ROW_MAXIMUM, &manifest->list,
			    err));
	manifest->kind = options->kind;
	manifest->name = strdup(options->name);
	manifest->root = options->root ? strdup(options->root) : NULL;
	if (!manifest->name || (options->root && !manifest->root)) {
		return fc_fail_memory(err);
	}
	*out = FC_STEAL(manifest);
	return FC_OK;
}

bool fc_manifest_ready(struct fc_manifest *manifest, int wait_ms)
{
	return fc_list_ready(manifest->list, wait_ms);
}

const char *fc_manifest_group(const struct fc_manifest *manifest)
{
	return manifest->row.cells[FC_ROW_GROUP];
}

uint64_t fc_manifest_offset(const struct fc_manifest *manifest)
{
	return fc_list_offset(manifest->list);
}

/* ---- the person of a photo ---- */

bool fc_photo_set_person(struct fc_photo *photo, const char *text)
{
	const char *digits = strncmp(text, "person", 6) == 0 ? text + 6 : text;
	digits += digits > text && digits[0] == '_';
	if (fc_parse_u64(digits, 1, FC_PERSON_NUMBER_MAXIMUM, "a person", &photo->number, NULL) ==
	    FC_OK) {
		photo->has_number = true;
		return true;
	}
	photo->number = 0;
	if (!fc_text_is_label(text, FC_LABEL_MAXIMUM)) {
		return false;
	}
	photo->person = text;
	return true;
}

static enum fc_status check_texts(const struct fc_photo *photo, struct fc_error *err)
{
	if (photo->person && !fc_text_is_label(photo->person, FC_LABEL_MAXIMUM)) {
		return fc_fail(err, FC_INVALID_ARGUMENT,
			       "'name' must be 1 to %d bytes of UTF-8 without control characters",
			       FC_LABEL_MAXIMUM);
	}
	if (photo->origin && !fc_text_is_label(photo->origin, FC_LABEL_MAXIMUM)) {
		return fc_fail(err, FC_INVALID_ARGUMENT,
			       "'origin' must be 1 to %d bytes of UTF-8 without control characters",
			       FC_LABEL_MAXIMUM);
	}
	if (photo->user_data && (strlen(photo->user_data) > FC_USER_DATA_MAXIMUM ||
				 !fc_text_is_utf8(photo->user_data, strlen(photo->user_data)))) {
		return fc_fail(err, FC_INVALID_ARGUMENT,
			       "'user_data' must be UTF-8 of at most %d bytes",
			       FC_USER_DATA_MAXIMUM);
	}
	return FC_OK;
}

/* ---- paths ---- */

static enum fc_status take_path(struct fc_manifest *manifest, const char *path,
				struct fc_photo *photo, struct fc_error *err)
{
	if (!path || path[0] == '\0') {
		return fc_fail(err, FC_INVALID_ARGUMENT, "the path is missing");
	}
	if (strcmp(path, "-") == 0) {
		return fc_fail(err, FC_INVALID_ARGUMENT,
			       "a list cannot contain '-' (standard input); write './-' for a file "
			       "of that name");
	}
	fc_buffer_clear(&manifest->path);
	if (manifest->root && path[0] != '/') {
		fc_buffer_printf(&manifest->path, "%s/", manifest->root);
	}
	fc_buffer_append_text(&manifest->path, path);
	photo->path = fc_buffer_text(&manifest->path);
	if (!photo->path) {
		return fc_fail_memory(err);
	}
	if (manifest->path.length >= PATH_MAX) {
		return fc_fail(err, FC_INVALID_ARGUMENT,
			       "the path is too long: %zu bytes (maximum: %d)",
			       manifest->path.length, PATH_MAX - 1);
	}
	photo->name = photo->path;
	return FC_OK;
}

/* ---- rows ---- */

static enum fc_status check_record(const struct fc_manifest *manifest,
				   const struct fc_list_record *record, struct fc_error *err)
{
	if (record->fault == FC_LIST_TOO_LONG) {
		return fc_fail(err, FC_INVALID_ARGUMENT, "too long (maximum: %d bytes)",
			       FC_MANIFEST_ROW_MAXIMUM);
	}
	if (record->fault == FC_LIST_UNCLOSED) {
		return fc_fail(err, FC_INVALID_ARGUMENT, "%s is not closed",
			       fc_list_is_array(manifest->list) ? "the array" : "a quoted field");
	}
	if (memchr(record->text, '\0', record->length)) {
		return fc_fail(err, FC_INVALID_ARGUMENT, "it contains a NUL byte");
	}
	return FC_OK;
}

/* Convert a record to a photo. FC_NO_MEMORY ends the list; any other error applies to this row only. */
static enum fc_status read_row(struct fc_manifest *manifest, const struct fc_list_record *record,
			       struct fc_photo *photo, struct fc_error *err)
{
	FC_TRY(check_record(manifest, record, err));
	if (manifest->kind != FC_MANIFEST_TABLE) {
		return take_path(manifest, record->text, photo, err);
	}
	FC_TRY(fc_row_parse(manifest->syntax, record->text, record->length, &manifest->columns,
			    &manifest->row, err));
	FC_TRY(take_path(manifest, manifest->row.cells[FC_ROW_PATH], photo, err));
	const char *const *cells = manifest->row.cells;
	fc_free(&manifest->person);
	FC_TRY(cells[FC_ROW_NAME] ? fc_name_normalise(cells[FC_ROW_NAME], &manifest->person, err)
				  : FC_OK);
	photo->person = manifest->person && manifest->person[0] ? manifest->person : NULL;
	photo->origin = cells[FC_ROW_ORIGIN];
	photo->user_data = cells[FC_ROW_USER_DATA];
	if (cells[FC_ROW_PID]) {
		photo->has_pid = true;
		if (!fc_uuid_parse(cells[FC_ROW_PID], &photo->pid)) {
			return fc_fail(err, FC_INVALID_ARGUMENT, "pid is not a UUID: '%.64s'",
				       cells[FC_ROW_PID]);
		}
	} else if (cells[FC_ROW_PERSON_ID]) {
		photo->has_number = true;
		FC_TRY(fc_parse_u64(cells[FC_ROW_PERSON_ID], 1, FC_PERSON_NUMBER_MAXIMUM,
				    "person_id", &photo->number, err));
	}
	photo->has_face = cells[FC_ROW_FACE] != NULL;
	if (photo->has_face) {
		FC_TRY(fc_face_choice_parse(cells[FC_ROW_FACE], &photo->face, err));
	}
	return check_texts(photo, err);
}

/* Return an invalid row as a failed photo; its path is the name of the list and the line number. */
static enum fc_status fail_row(struct fc_manifest *manifest, const struct fc_list_record *record,
			       enum fc_status status, struct fc_photo *out, struct fc_error *err)
{
	const char *what = manifest->kind == FC_MANIFEST_PATHS_0 ? "path" : "line";
	fc_error_prefix(&manifest->error, "'%.200s', %s %" PRIu64, manifest->name, what,
			record->line);
	fc_buffer_clear(&manifest->path);
	fc_buffer_printf(&manifest->path, "%s:%" PRIu64, manifest->name, record->line);
	const char *path = fc_buffer_text(&manifest->path);
	if (!path) {
		return fc_fail_memory(err);
	}
	*out = (struct fc_photo){
		.name = path,
		.path = path,
		.status = status,
		.no_photo = true,
		.error = manifest->error.text,
	};
	return FC_OK;
}

/* ---- the first line ---- */

static bool ends_with(const char *text, const char *ending)
{
	size_t length = strlen(text);
	size_t least = strlen(ending);
	return length >= least && strcasecmp(text + length - least, ending) == 0;
}

static bool has_suffix(const struct fc_manifest *manifest, enum fc_row_syntax syntax)
{
	return syntax == FC_ROW_TSV
		       ? ends_with(manifest->name, ".tsv") || ends_with(manifest->name, ".tab")
		       : ends_with(manifest->name, ".csv");
}

/* Parse the names of the columns. Errors: FC_INVALID_ARGUMENT, FC_NO_MEMORY. */
static enum fc_status parse_columns(struct fc_manifest *manifest, const char *line, char separator,
				    struct fc_error *err)
{
	FC_CLEANUP(fc_free) char *copy = strdup(line);
	manifest->syntax = separator == '\t' ? FC_ROW_TSV : FC_ROW_CSV;
	return copy ? fc_row_columns_parse(manifest->syntax, separator, copy, &manifest->columns,
					   err)
		    : fc_fail_memory(err);
}

/* Find the separator: the one that gives a column 'path', or the only one in the line. The suffix decides if several do. */
static enum fc_status find_columns(struct fc_manifest *manifest, const char *line,
				   struct fc_error *err)
{
	static const char separators[] = { '\t', ';', ',' };
	bool is_tsv = has_suffix(manifest, FC_ROW_TSV), is_csv = has_suffix(manifest, FC_ROW_CSV);
	char first = is_csv ? ',' : '\t';
	if ((is_csv || is_tsv) && parse_columns(manifest, line, first, NULL) == FC_OK) {
		return FC_OK;
	}
	for (size_t i = 0; i < FC_ARRAY_LENGTH(separators); i++) {
		if (!strchr(line, separators[i])) {
			continue;
		}
		first = separators[i];
		enum fc_status status = parse_columns(manifest, line, separators[i], NULL);
		if (status == FC_OK || status == FC_NO_MEMORY) {
			break;
		}
	}
	return parse_columns(manifest, line, first, err);
}

/* Detect the syntax from the first line. *is_row: true if that line is a row, not the column names. */
static enum fc_status begin(struct fc_manifest *manifest, struct fc_list_record *first,
			    bool *is_row, struct fc_error *err)
{
	*is_row =
		fc_list_is_array(manifest->list) || first->text[strspn(first->text, " \t")] == '{';
	if (*is_row) {
		manifest->syntax = FC_ROW_NDJSON;
		manifest->begun = true;
		return FC_OK;
	}
	enum fc_status status = check_record(manifest, first, err);
	if (status == FC_OK) {
		manifest->begun = true;
		status = find_columns(manifest, first->text, err);
	}
	if (status != FC_OK && status != FC_NO_MEMORY) {
		fc_error_prefix(err, "'%s', line %" PRIu64, manifest->name, first->line);
		return FC_INVALID_ARGUMENT;
	}
	FC_TRY(status);
	fc_list_continue_as(manifest->list,
			    manifest->syntax == FC_ROW_CSV ? FC_LIST_CSV : FC_LIST_LINES,
			    manifest->columns.separator);
	return FC_OK;
}

/* Whether a record has no content: an empty line, a row of CSV without values, or the line "sep=;" that spreadsheets write first. */
static bool is_blank(const struct fc_manifest *manifest, const struct fc_list_record *record)
{
	if (record->fault != FC_LIST_SOUND || record->length == 0) {
		return record->fault == FC_LIST_SOUND;
	}
	if (manifest->kind != FC_MANIFEST_TABLE) {
		return false;
	}
	if (!manifest->begun) {
		return record->length == 5 && strncasecmp(record->text, "sep=", 4) == 0;
	}
	return manifest->syntax == FC_ROW_CSV &&
	       fc_row_is_blank(record->text, manifest->columns.separator);
}

enum fc_status fc_manifest_next(struct fc_manifest *manifest, struct fc_photo *out, bool *end,
				struct fc_error *err)
{
	for (;;) {
		struct fc_list_record record;
		bool is_row = true;
		enum fc_status status = fc_list_next(manifest->list, &record, end, err);
		if (status == FC_IO || status == FC_UNREADABLE) {
			fc_error_prefix(err, "'%s'", manifest->name);
		}
		FC_TRY(status);
		if (*end) {
			return FC_OK;
		}
		if (is_blank(manifest, &record)) {
			continue;
		}
		if (!manifest->begun && manifest->kind == FC_MANIFEST_TABLE) {
			FC_TRY(begin(manifest, &record, &is_row, err));
		}
		if (!is_row) {
			continue;
		}
		*out = (struct fc_photo){ 0 };
		status = read_row(manifest, &record, out, &manifest->error);
		if (status == FC_NO_MEMORY) {
			return fc_fail_memory(err);
		}
		return status == FC_OK ? FC_OK : fail_row(manifest, &record, status, out, err);
	}
}
