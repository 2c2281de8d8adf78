/* One field of a record as a cell of TSV or text. */
/* SPDX-License-Identifier: MIT */
#include "output/record_cell.h"

#include <inttypes.h>
#include <math.h>

#include "base/json_writer.h"
#include "base/text.h"

bool record_is_absent(const struct record_field *field, const void *record)
{
	const void *place = record_place(field, record);
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

void record_append_cell(struct fc_buffer *cell, const struct record_field *field, unsigned decimals,
			const void *place)
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
		fc_json_append_real(cell, *(const double *)place, decimals);
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
			fc_json_append_real(cell, reals->items[i], decimals);
		}
		break;
	case RECORD_NAMED:
	case RECORD_END:
		break;
	}
}

/* Append text with "\t", "\n", "\r" and "\\" escaped as two characters, and other control characters as \xNN. */
void record_append_escaped(struct fc_buffer *out, const char *text)
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
