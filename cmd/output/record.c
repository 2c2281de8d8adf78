/* Write records in four formats. */
/* SPDX-License-Identifier: MIT */
#include "output/record.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "base/json_writer.h"
#include "base/text.h"

enum { STREAM_BYTES = 1 << 16 }; /* NDJSON and TSV are written when there is so much of it */

struct record_writer record_writer_of(struct out *out, const char *type,
				      const struct record_field *fields, bool single)
{
	return (struct record_writer){
		.out = out, .type = type, .fields = fields, .single = single
	};
}

void record_writer_release(struct record_writer *writer)
{
	fc_buffer_release(&writer->cells);
	fc_buffer_release(&writer->tones);
}

void record_reserve(struct record_writer *writer, size_t column, size_t width)
{
	if (column < RECORD_COLUMNS && width > writer->widths[column]) {
		writer->widths[column] = width;
	}
}

static const void *at(const struct record_field *field, const void *record)
{
	return (const char *)record + field->offset;
}

static bool is_absent(const struct record_field *field, const void *record)
{
	const void *place = at(field, record);
	switch (field->type) {
	case RECORD_TEXT:
		return !*(const char *const *)place;
	case RECORD_INTEGER:
		return *(const int64_t *)place == RECORD_ABSENT;
	case RECORD_REAL:
		return !isfinite(*(const double *)place);
	case RECORD_FLAG:
		return *(const enum record_flag *)place == RECORD_UNSAID;
	case RECORD_TEXTS:
		return ((const struct record_texts *)place)->count == 0;
	case RECORD_REALS:
		return ((const struct record_reals *)place)->count == 0;
	case RECORD_NAMED:
		return ((const struct record_named *)place)->count == 0;
	case RECORD_END:
		break;
	}
	return true;
}

/* ---- JSON and NDJSON ---- */

static void write_json_value(struct fc_json_writer *json, const struct record_field *field,
			     const void *place)
{
	const struct record_texts *texts = place;
	const struct record_reals *reals = place;
	const struct record_named *named = place;
	switch (field->type) {
	case RECORD_TEXT:
		fc_json_string(json, *(const char *const *)place);
		fc_json_put_raw(json, field->name, *(const char *const *)place);
		break;
	case RECORD_INTEGER:
		fc_json_integer(json, *(const int64_t *)place);
		break;
	case RECORD_REAL:
		fc_json_real(json, *(const double *)place, field->decimals);
		break;
	case RECORD_FLAG:
		fc_json_bool(json, *(const enum record_flag *)place == RECORD_TRUE);
		break;
	case RECORD_TEXTS:
		fc_json_begin_array(json);
		for (size_t i = 0; i < texts->count; i++) {
			fc_json_string(json, texts->items[i]);
		}
		fc_json_end_array(json);
		break;
	case RECORD_REALS:
		fc_json_begin_array(json);
		for (size_t i = 0; i < reals->count; i++) {
			fc_json_real(json, reals->items[i], field->decimals);
		}
		fc_json_end_array(json);
		break;
	case RECORD_NAMED:
		fc_json_begin_object(json);
		for (size_t i = 0; i < named->count; i++) {
			fc_json_key(json, named->names[i]);
			fc_json_real(json, named->items[i], field->decimals);
		}
		fc_json_end_object(json);
		break;
	case RECORD_END:
		break;
	}
}

static void write_json_record(struct record_writer *writer, const void *record, bool pretty,
			      unsigned depth)
{
	struct fc_json_writer json = fc_json_writer_of(&writer->out->data, pretty);
	json.depth = depth;
	json.after_key = true; /* the caller has written the preceding comma or bracket */
	fc_json_begin_object(&json);
	fc_json_put_text(&json, "type", writer->type);
	fc_json_put_integer(&json, "schema", RECORD_SCHEMA);
	for (const struct record_field *field = writer->fields; field->type != RECORD_END;
	     field++) {
		if (!is_absent(field, record)) {
			fc_json_key(&json, field->name);
			write_json_value(&json, field, at(field, record));
		}
	}
	fc_json_end_object(&json);
}

/* ---- cells of TSV and text ---- */

static void append_cell(struct fc_buffer *cell, const struct record_field *field, const void *place)
{
	const struct record_texts *texts = place;
	const struct record_reals *reals = place;
	switch (field->type) {
	case RECORD_TEXT:
		fc_buffer_append_text(cell, *(const char *const *)place);
		break;
	case RECORD_INTEGER:
		fc_buffer_printf(cell, "%" PRId64, *(const int64_t *)place);
		break;
	case RECORD_REAL:
		fc_json_append_real(cell, *(const double *)place, field->decimals);
		break;
	case RECORD_FLAG:
		fc_buffer_append_text(cell, *(const enum record_flag *)place == RECORD_TRUE ? "yes"
											    : "no");
		break;
	case RECORD_TEXTS:
		for (size_t i = 0; i < texts->count; i++) {
			fc_buffer_append_text(cell, i > 0 ? "," : "");
			fc_buffer_append_text(cell, texts->items[i]);
		}
		break;
	case RECORD_REALS:
		for (size_t i = 0; i < reals->count; i++) {
			fc_buffer_append_text(cell, i > 0 ? "," : "");
			fc_json_append_real(cell, reals->items[i], field->decimals);
		}
		break;
	case RECORD_NAMED:
	case RECORD_END:
		break;
	}
}

/* Append text with "\t", "\n", "\r" and "\\" escaped as two characters, and other control characters as \xNN. */
static void append_escaped(struct fc_buffer *out, const char *text)
{
	FC_CLEANUP(fc_buffer_release) struct fc_buffer escaped = { 0 };
	for (; *text != '\0'; text++) {
		switch (*text) {
		case '\t':
			fc_buffer_append_text(&escaped, "\\t");
			break;
		case '\n':
			fc_buffer_append_text(&escaped, "\\n");
			break;
		case '\r':
			fc_buffer_append_text(&escaped, "\\r");
			break;
		case '\\':
			fc_buffer_append_text(&escaped, "\\\\");
			break;
		default:
			fc_buffer_append(&escaped, text, 1);
		}
	}
	const char *whole = fc_buffer_text(&escaped);
	if (whole) {
		fc_text_append_visible(out, whole);
	} else {
		out->failed = true;
	}
}

static void write_tsv_head(struct record_writer *writer)
{
	struct fc_buffer *data = &writer->out->data;
	fc_buffer_append_text(data, "type\tschema");
	for (const struct record_field *field = writer->fields; field->type != RECORD_END;
	     field++) {
		if (!field->json_only) {
			fc_buffer_printf(data, "\t%s", field->name);
		}
	}
	fc_buffer_append_text(data, "\n");
}

static void write_tsv_record(struct record_writer *writer, const void *record)
{
	struct fc_buffer *data = &writer->out->data;
	FC_CLEANUP(fc_buffer_release) struct fc_buffer cell = { 0 };
	fc_buffer_printf(data, "%s\t%d", writer->type, RECORD_SCHEMA);
	for (const struct record_field *field = writer->fields; field->type != RECORD_END;
	     field++) {
		if (field->json_only) {
			continue;
		}
		fc_buffer_append_text(data, "\t");
		fc_buffer_clear(&cell);
		if (!is_absent(field, record)) {
			append_cell(&cell, field, at(field, record));
		}
		const char *text = fc_buffer_text(&cell);
		append_escaped(data, text ? text : "");
		data->failed = data->failed || !text;
	}
	fc_buffer_append_text(data, "\n");
}

/* The heading of a field's column. NULL: text output does not show the field. */
static const char *heading_of(const struct record_writer *writer, const struct record_field *field)
{
	return field->group == 0 || (field->group & writer->groups) ? field->heading : NULL;
}

/* The number of columns of the text output. A single record has two: a heading and a value on each line. */
static size_t column_count(const struct record_writer *writer)
{
	size_t count = 0;
	if (writer->single) {
		return 2;
	}
	for (const struct record_field *field = writer->fields; field->type != RECORD_END;
	     field++) {
		count += heading_of(writer, field) && count < RECORD_COLUMNS;
	}
	return count;
}

static void add_cell(struct record_writer *writer, size_t column, const char *text)
{
	enum { SCREEN = 24, WIDTH_MAXIMUM = 60 };
	struct fc_buffer *cells = &writer->cells;
	size_t width = fc_text_columns(text);
	fc_text_append_visible(cells, text);
	fc_buffer_put_u8(cells, '\0');
	if (!writer->endless) {
		record_reserve(writer, column, width);
	} else if (writer->rows < SCREEN) {
		record_reserve(writer, column, width < WIDTH_MAXIMUM ? width : WIDTH_MAXIMUM);
	}
}

static void add_headings(struct record_writer *writer)
{
	size_t column = 0;
	for (const struct record_field *field = writer->fields;
	     field->type != RECORD_END && column < RECORD_COLUMNS; field++) {
		if (heading_of(writer, field)) {
			add_cell(writer, column++, field->heading);
		}
	}
	fc_buffer_put_u8(&writer->tones, TONE_FAINT);
}

static void add_value(struct record_writer *writer, size_t column, const struct record_field *field,
		      const void *record)
{
	FC_CLEANUP(fc_buffer_release) struct fc_buffer cell = { 0 };
	if (is_absent(field, record)) {
		fc_buffer_append_text(&cell, "-");
	} else {
		append_cell(&cell, field, at(field, record));
	}
	const char *text = fc_buffer_text(&cell);
	add_cell(writer, column, text ? text : "");
	writer->cells.failed = writer->cells.failed || !text; /* record_write reports it */
}

static void add_text_row(struct record_writer *writer, const void *record, enum record_tone tone)
{
	size_t column = 0;
	for (const struct record_field *field = writer->fields;
	     field->type != RECORD_END && column < RECORD_COLUMNS; field++) {
		if (!heading_of(writer, field)) {
			continue;
		}
		add_value(writer, column++, field, record);
	}
	writer->rows++;
	fc_buffer_put_u8(&writer->tones, (uint8_t)tone);
}

static void add_upright_rows(struct record_writer *writer, const void *record,
			     enum record_tone tone)
{
	for (const struct record_field *field = writer->fields; field->type != RECORD_END;
	     field++) {
		if (heading_of(writer, field) && !is_absent(field, record)) {
			add_cell(writer, 0, field->heading);
			add_value(writer, 1, field, record);
			fc_buffer_put_u8(&writer->tones, (uint8_t)tone);
		}
	}
}

static void lay_out_text(struct record_writer *writer)
{
	static const char *const paint[] = {
		[TONE_PLAIN] = "",
		[TONE_GOOD] = "\033[32m",
		[TONE_BAD] = "\033[31m",
		[TONE_FAINT] = "\033[2m",
	};
	struct fc_buffer *data = &writer->out->data;
	const char *cell = (const char *)writer->cells.data;
	size_t columns = column_count(writer);
	size_t rows = fc_buffer_ok(&writer->cells) ? writer->tones.length : 0;
	for (size_t row = 0; row < rows; row++) {
		const char *color = writer->out->color ? paint[writer->tones.data[row]] : "";
		fc_buffer_append_text(data, color);
		for (size_t column = 0; column < columns; column++) {
			/* the cell is escaped, so fc_text_columns() gives its width */
			size_t shown = fc_text_columns(cell);
			bool last = column + 1 == columns;
			size_t width =
				writer->widths[column] > shown ? writer->widths[column] : shown;
			size_t padding = last ? 0 : width - shown + 2;
			fc_buffer_printf(data, "%s%*s", cell, (int)padding, "");
			cell += strlen(cell) + 1;
		}
		fc_buffer_append_text(data, color[0] != '\0' ? "\033[0m\n" : "\n");
	}
	fc_buffer_clear(&writer->cells);
	fc_buffer_clear(&writer->tones);
}

/* ---- all formats ---- */

static void begin(struct record_writer *writer)
{
	if (writer->begun) {
		return;
	}
	writer->begun = true;
	if (writer->out->format == FORMAT_TSV) {
		write_tsv_head(writer);
	} else if (writer->out->format == FORMAT_TEXT && !writer->single) {
		add_headings(writer);
	} else if (writer->out->format == FORMAT_JSON && !writer->single) {
		fc_buffer_append_text(&writer->out->data, "[");
	}
}

enum fc_status record_write(struct record_writer *writer, const void *record, enum record_tone tone,
			    struct fc_error *err)
{
	bool first = !writer->begun;
	begin(writer);
	switch (writer->out->format) {
	case FORMAT_TEXT:
		if (writer->single) {
			add_upright_rows(writer, record, tone);
		} else {
			add_text_row(writer, record, tone);
		}
		break;
	case FORMAT_TSV:
		write_tsv_record(writer, record);
		break;
	case FORMAT_NDJSON:
		write_json_record(writer, record, false, 0);
		fc_buffer_append_text(&writer->out->data, "\n");
		break;
	case FORMAT_JSON:
		if (!writer->single) {
			fc_buffer_append_text(&writer->out->data, first ? "\n  " : ",\n  ");
		}
		write_json_record(writer, record, true, writer->single ? 0 : 1);
		break;
	}
	bool whole = fc_buffer_ok(&writer->out->data) && fc_buffer_ok(&writer->cells) &&
		     fc_buffer_ok(&writer->tones);
	bool streams = writer->out->format == FORMAT_NDJSON || writer->out->format == FORMAT_TSV;
	FC_TRY(whole ? FC_OK : fc_fail_memory(err));
	return streams && writer->out->data.length >= STREAM_BYTES ? out_flush(writer->out, err)
								   : FC_OK;
}

enum fc_status record_flush(struct record_writer *writer, struct fc_error *err)
{
	if (writer->out->format == FORMAT_TEXT) {
		lay_out_text(writer);
	}
	return out_flush(writer->out, err);
}

enum fc_status record_finish(struct record_writer *writer, struct fc_error *err)
{
	if (writer->out->format == FORMAT_TSV) {
		begin(writer);
	} else if (writer->out->format == FORMAT_JSON && !writer->single) {
		fc_buffer_append_text(&writer->out->data, writer->begun ? "\n]\n" : "[]\n");
	} else if (writer->out->format == FORMAT_JSON) {
		fc_buffer_append_text(&writer->out->data, writer->begun ? "\n" : "");
	}
	return record_flush(writer, err);
}

enum fc_status record_show(struct out *out, const char *type, const struct record_field *fields,
			   const void *record, enum record_tone tone, struct fc_error *err)
{
	FC_CLEANUP(record_writer_release)
	struct record_writer writer = record_writer_of(out, type, fields, true);
	FC_TRY(record_write(&writer, record, tone, err));
	return record_finish(&writer, err);
}
