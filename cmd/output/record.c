/* Write records in four formats. */
/* SPDX-License-Identifier: MIT */
#include "output/record.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/nearest.h"
#include "base/text.h"
#include "output/record_cell.h"
#include "output/table.h"

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

void record_reserve(struct record_writer *writer, const char *name, size_t width)
{
	for (size_t i = 0; writer->fields[i].type != RECORD_END && i < RECORD_FIELDS; i++) {
		if (strcmp(writer->fields[i].name, name) == 0 && width > writer->reserved[i]) {
			writer->reserved[i] = width;
		}
	}
}

/* ---- the fields to write ---- */

/* Whether the format can write the field. */
static bool is_writable(const struct out *out, const struct record_field *field)
{
	return !field->json_only || out->format == FORMAT_NDJSON;
}

/* Whether the format writes the field without --fields. */
static bool is_default(const struct record_writer *writer, const struct record_field *field)
{
	const struct out *out = writer->out;
	if (out->format != FORMAT_TEXT) {
		return !field->json_only || out->format != FORMAT_TSV;
	}
	return field->heading && (field->group == 0 || (field->group & writer->groups)) &&
	       (out->verbose || writer->single || field->rank != RECORD_VERBOSE);
}

/* The field of that name that the format can write, or NULL. */
static const struct record_field *find_field(const struct out *out,
					     const struct record_field *fields, const char *name,
					     size_t length)
{
	for (; fields->type != RECORD_END; fields++) {
		if (strlen(fields->name) == length && memcmp(fields->name, name, length) == 0 &&
		    is_writable(out, fields)) {
			return fields;
		}
	}
	return NULL;
}

static enum fc_status fail_unknown_field(const struct record_field *fields, const char *name,
					 size_t length, struct fc_error *err)
{
	const char *names[RECORD_FIELDS + 1];
	char word[64];
	FC_CLEANUP(fc_buffer_release) struct fc_buffer all = { 0 };
	size_t count = 0;
	for (; fields->type != RECORD_END && count < RECORD_FIELDS; fields++) {
		fc_buffer_printf(&all, "%s%s", count > 0 ? ", " : "", fields->name);
		names[count++] = fields->name;
	}
	names[count] = NULL;
	snprintf(word, sizeof(word), "%.*s", (int)length, name);
	const char *nearest = fc_nearest_word(word, names);
	const char *list = fc_buffer_text(&all);
	return nearest ? fc_fail(err, FC_INVALID_ARGUMENT,
				 "--fields: there is no field '%s'; did you mean '%s'?", word,
				 nearest)
		       : fc_fail(err, FC_INVALID_ARGUMENT,
				 "--fields: there is no field '%s'; the fields are %s", word,
				 list ? list : "");
}

enum fc_status record_choose(const struct out *out, const struct record_field *fields,
			     const struct record_field *chosen[RECORD_FIELDS], size_t *count,
			     struct fc_error *err)
{
	const char *name = out->fields;
	*count = 0;
	while (name && strcmp(name, "all") != 0) {
		size_t length = strcspn(name, ",");
		const struct record_field *field = find_field(out, fields, name, length);
		if (!field || *count == RECORD_FIELDS) {
			return fail_unknown_field(fields, name, length, err);
		}
		chosen[(*count)++] = field;
		name = name[length] == ',' ? name + length + 1 : NULL;
	}
	return FC_OK;
}

static enum fc_status show_fields(struct record_writer *writer, struct fc_error *err)
{
	const struct out *out = writer->out;
	FC_TRY(record_choose(out, writer->fields, writer->shown, &writer->count, err));
	writer->chosen = writer->count > 0;
	bool all = out->fields && !writer->chosen;
	for (const struct record_field *field = writer->fields;
	     !writer->chosen && field->type != RECORD_END; field++) {
		bool shows = all ? is_writable(out, field) : is_default(writer, field);
		if (shows && writer->count < RECORD_FIELDS) {
			writer->shown[writer->count++] = field;
		}
	}
	return FC_OK;
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

static void write_json_member(struct fc_json_writer *json, const struct record_field *field,
			      const void *record)
{
	if (!record_is_absent(field, record)) {
		fc_json_key(json, field->name);
		write_json_value(json, field, record_place(field, record));
	}
}

void record_put_members(struct fc_json_writer *json, const struct record_field *fields,
			const void *record)
{
	for (; fields->type != RECORD_END; fields++) {
		write_json_member(json, fields, record);
	}
}

static void write_json_record(struct record_writer *writer, const void *record, bool pretty,
			      unsigned depth)
{
	struct fc_json_writer json = fc_json_writer_of(&writer->out->data, pretty);
	json.depth = depth;
	json.after_key = true; /* the caller has written the preceding comma or bracket */
	fc_json_begin_object(&json);
	if (!writer->chosen) {
		fc_json_put_text(&json, "type", writer->type);
		fc_json_put_integer(&json, "schema", RECORD_SCHEMA);
	}
	for (size_t i = 0; i < writer->count; i++) {
		write_json_member(&json, writer->shown[i], record);
	}
	fc_json_end_object(&json);
}

/* ---- TSV ---- */

static void write_tsv_head(struct record_writer *writer)
{
	struct fc_buffer *data = &writer->out->data;
	if (writer->out->no_header || writer->out->null) {
		return;
	}
	fc_buffer_append_text(data, writer->chosen ? "" : "type\tschema");
	for (size_t i = 0; i < writer->count; i++) {
		fc_buffer_printf(data, "%s%s", writer->chosen && i == 0 ? "" : "\t",
				 writer->shown[i]->name);
	}
	fc_buffer_append_text(data, "\n");
}

static void write_tsv_record(struct record_writer *writer, const void *record)
{
	struct fc_buffer *data = &writer->out->data;
	FC_CLEANUP(fc_buffer_release) struct fc_buffer cell = { 0 };
	if (!writer->chosen) {
		fc_buffer_printf(data, "%s\t%d", writer->type, RECORD_SCHEMA);
	}
	for (size_t i = 0; i < writer->count; i++) {
		const struct record_field *field = writer->shown[i];
		fc_buffer_append_text(data, writer->chosen && i == 0 ? "" : "\t");
		fc_buffer_clear(&cell);
		if (!record_is_absent(field, record)) {
			record_append_cell(&cell, field, field->decimals,
					   record_place(field, record));
		}
		const char *text = fc_buffer_text(&cell);
		if (text && writer->out->null) {
			fc_buffer_append_text(data, text); /* as it is: its end is the NUL byte */
		} else {
			record_append_escaped(data, text ? text : "");
		}
		data->failed = data->failed || !text;
	}
	fc_buffer_append(data, writer->out->null ? "" : "\n", 1);
}

/* ---- all formats ---- */

static enum fc_status begin(struct record_writer *writer, struct fc_error *err)
{
	if (writer->begun) {
		return FC_OK;
	}
	FC_TRY(show_fields(writer, err));
	writer->begun = true;
	if (writer->out->format == FORMAT_TSV) {
		write_tsv_head(writer);
	} else if (writer->out->format == FORMAT_TEXT && !writer->single) {
		table_add_headings(writer);
	} else if (writer->out->format == FORMAT_JSON && !writer->single) {
		fc_buffer_append_text(&writer->out->data, "[");
	}
	return FC_OK;
}

enum fc_status record_write(struct record_writer *writer, const void *record, enum record_tone tone,
			    struct fc_error *err)
{
	bool first = !writer->begun;
	FC_TRY(begin(writer, err));
	switch (writer->out->format) {
	case FORMAT_TEXT:
		if (writer->single) {
			table_add_upright(writer, record, tone);
		} else {
			table_add_row(writer, record, tone);
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
		table_lay_out(writer);
	}
	return out_flush(writer->out, err);
}

enum fc_status record_finish(struct record_writer *writer, struct fc_error *err)
{
	if (writer->out->format == FORMAT_TSV) {
		FC_TRY(begin(writer, err));
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
