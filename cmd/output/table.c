/* Records as text: a table that fits the terminal. */
/* SPDX-License-Identifier: MIT */
#include "output/table.h"

#include <string.h>

#include "base/text.h"
#include "base/unicode.h"
#include "output/record_cell.h"

enum {
	GAP = 2,            /* columns between two cells */
	COMFORTABLE = 20,   /* a text is not cut below this while another column can be left out */
	NARROWEST = 8,      /* a text is not cut below this at all */
	ENDLESS_WIDTH = 60, /* at most, of a column whose later rows are not known */
};

static const char ellipsis[] = "\xE2\x80\xA6";

/* ---- rows ---- */

static const char *heading_of(const struct record_field *field)
{
	return field->heading ? field->heading : field->name;
}

static void add_cell(struct record_writer *writer, size_t column, const char *text)
{
	size_t width = fc_text_cells(text);
	fc_text_append_visible(&writer->cells, text);
	fc_buffer_put_u8(&writer->cells, '\0');
	if (!writer->fixed && width > writer->widths[column]) {
		writer->widths[column] = width;
	}
}

static void add_value(struct record_writer *writer, size_t column, const struct record_field *field,
		      const void *record)
{
	FC_CLEANUP(fc_buffer_release) struct fc_buffer cell = { 0 };
	if (record_is_absent(field, record)) {
		fc_buffer_append_text(&cell, "-");
	} else {
		record_append_cell(&cell, field, field->whole ? 0 : field->decimals,
				   record_place(field, record));
	}
	const char *text = fc_buffer_text(&cell);
	add_cell(writer, column, text ? text : "");
	writer->cells.failed = writer->cells.failed || !text; /* record_write reports it */
}

void table_add_headings(struct record_writer *writer)
{
	if (writer->out->no_header) {
		return;
	}
	for (size_t i = 0; i < writer->count; i++) {
		add_cell(writer, i, heading_of(writer->shown[i]));
	}
	fc_buffer_put_u8(&writer->tones, TONE_FAINT);
}

void table_add_row(struct record_writer *writer, const void *record, enum record_tone tone)
{
	for (size_t i = 0; i < writer->count; i++) {
		add_value(writer, i, writer->shown[i], record);
	}
	fc_buffer_put_u8(&writer->tones, (uint8_t)tone);
}

static void add_item_rows(struct record_writer *writer, const struct record_field *field,
			  const void *record, enum record_tone tone)
{
	const struct record_texts *texts = record_place(field, record);
	for (size_t i = 0; i < texts->count; i++) {
		bool first = i == 0 && !writer->out->no_header;
		add_cell(writer, 0, first ? heading_of(field) : "");
		add_cell(writer, 1, texts->items[i]);
		fc_buffer_put_u8(&writer->tones, (uint8_t)tone);
	}
}

void table_add_upright(struct record_writer *writer, const void *record, enum record_tone tone)
{
	for (size_t i = 0; i < writer->count; i++) {
		const struct record_field *field = writer->shown[i];
		if (field->rows && !writer->out->fields) {
			add_item_rows(writer, field, record, tone);
		} else if (!record_is_absent(field, record)) {
			add_cell(writer, 0, writer->out->no_header ? "" : heading_of(field));
			add_value(writer, 1, field, record);
			fc_buffer_put_u8(&writer->tones, (uint8_t)tone);
		}
	}
}

/* ---- widths ---- */

/* Whether the table must fit the terminal. */
static bool is_limited(const struct record_writer *writer)
{
	return writer->out->columns > 0 && !writer->out->verbose && !writer->single;
}

/* Whether a cell of the column may be cut. A number is never cut. */
static bool is_elastic(const struct record_writer *writer, size_t column)
{
	const struct record_field *field = writer->shown[column];
	return (field->type == RECORD_TEXT || field->type == RECORD_TEXTS) && !field->whole;
}

/* The width of the table if no text is wider than `most`. */
static size_t table_width(const struct record_writer *writer, size_t most)
{
	size_t total = 0;
	for (size_t i = 0; i < writer->count; i++) {
		size_t width = writer->widths[i];
		if (!writer->left_out[i]) {
			total += GAP + (is_elastic(writer, i) && width > most ? most : width);
		}
	}
	return total > 0 ? total - GAP : 0;
}

/* Leave out columns, those of the highest rank first, until the others fit. */
static void leave_out_columns(struct record_writer *writer, size_t limit)
{
	while (!writer->chosen && table_width(writer, COMFORTABLE) > limit) {
		size_t worst = writer->count;
		for (size_t i = 0; i < writer->count; i++) {
			unsigned rank = writer->left_out[i] ? 0 : writer->shown[i]->rank;
			if (rank > 0 &&
			    (worst == writer->count || rank >= writer->shown[worst]->rank)) {
				worst = i;
			}
		}
		if (worst == writer->count) {
			return;
		}
		writer->left_out[worst] = true;
	}
}

/* Narrow the widest texts until the table fits. */
static void narrow_texts(struct record_writer *writer, size_t limit)
{
	while (table_width(writer, SIZE_MAX) > limit) {
		size_t widest = writer->count;
		for (size_t i = 0; i < writer->count; i++) {
			bool can = !writer->left_out[i] && is_elastic(writer, i) &&
				   writer->widths[i] > NARROWEST;
			if (can && (widest == writer->count ||
				    writer->widths[i] > writer->widths[widest])) {
				widest = i;
			}
		}
		if (widest == writer->count) {
			return;
		}
		writer->widths[widest]--;
	}
}

static void fix_widths(struct record_writer *writer)
{
	for (size_t i = 0; i < writer->count && !writer->single; i++) {
		size_t reserved = writer->reserved[writer->shown[i] - writer->fields];
		writer->widths[i] = reserved > writer->widths[i] ? reserved : writer->widths[i];
		if (writer->endless && writer->widths[i] > ENDLESS_WIDTH) {
			writer->widths[i] = ENDLESS_WIDTH;
		}
	}
	if (is_limited(writer)) {
		leave_out_columns(writer, writer->out->columns);
		narrow_texts(writer, writer->out->columns);
	}
	writer->fixed = true;
}

/* ---- the layout ---- */

/* Append a cell that is too wide, with an ellipsis in place of its end or its start. Returns the columns it takes. */
static size_t append_cut(struct fc_buffer *data, const char *cell, size_t width, bool end_counts)
{
	size_t cells = fc_text_cells(cell);
	size_t taken = 0;
	if (!end_counts) {
		size_t length = fc_text_fit(cell, width - 1, &taken);
		fc_buffer_append(data, cell, length);
		fc_buffer_append_text(data, ellipsis);
		return taken + 1;
	}
	size_t start = fc_text_fit(cell, cells - (width - 1), &taken);
	if (cells - taken > width - 1) { /* a wide character at the cut */
		start += fc_text_fit(cell + start, 2, &taken);
	}
	fc_buffer_append_text(data, ellipsis);
	fc_buffer_append_text(data, cell + start);
	return fc_text_cells(cell + start) + 1;
}

static void append_row(struct record_writer *writer, const char **cell, size_t columns)
{
	struct fc_buffer *data = &writer->out->data;
	bool cuts = is_limited(writer);
	size_t padding = 0;
	for (size_t i = 0; i < columns; i++, *cell += strlen(*cell) + 1) {
		if (!writer->single && writer->left_out[i]) {
			continue;
		}
		size_t shown = fc_text_cells(*cell);
		size_t width = writer->widths[i];
		fc_buffer_printf(data, "%*s", (int)padding, "");
		if (cuts && shown > width && is_elastic(writer, i)) {
			shown = append_cut(data, *cell, width, writer->shown[i]->end_counts);
		} else {
			fc_buffer_append_text(data, *cell);
		}
		padding = (width > shown ? width - shown : 0) + GAP;
	}
}

void table_lay_out(struct record_writer *writer)
{
	static const char *const paint[] = {
		[TONE_PLAIN] = "",
		[TONE_GOOD] = "\033[32m",
		[TONE_BAD] = "\033[31m",
		[TONE_FAINT] = "\033[2m",
	};
	struct fc_buffer *data = &writer->out->data;
	const char *cell = (const char *)writer->cells.data;
	size_t rows = fc_buffer_ok(&writer->cells) ? writer->tones.length : 0;
	if (rows > 0 && !writer->fixed) {
		fix_widths(writer);
	}
	for (size_t row = 0; row < rows; row++) {
		const char *color = writer->out->color ? paint[writer->tones.data[row]] : "";
		fc_buffer_append_text(data, color);
		append_row(writer, &cell, writer->single ? 2 : writer->count);
		fc_buffer_append_text(data, color[0] != '\0' ? "\033[0m\n" : "\n");
	}
	fc_buffer_clear(&writer->cells);
	fc_buffer_clear(&writer->tones);
}
