/* Store and show the values of options, by their tables. */
/* SPDX-License-Identifier: MIT */
#include "option/option.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/json_writer.h"
#include "base/memory.h"
#include "base/number.h"

static void *at(const struct option_row *row, void *values)
{
	return (char *)values + row->offset;
}

bool option_takes_value(const struct option_row *row)
{
	return row->type != OPTION_FLAG && row->type != OPTION_SWITCH;
}

const struct option_row *option_find(const struct option_row *rows, const char *name, size_t length)
{
	for (; rows && rows->type != OPTION_END; rows++) {
		if (rows->name && strlen(rows->name) == length &&
		    memcmp(rows->name, name, length) == 0) {
			return rows;
		}
	}
	return NULL;
}

const struct option_row *option_find_letter(const struct option_row *rows, char letter)
{
	for (; rows && rows->type != OPTION_END; rows++) {
		if (rows->letter == letter && letter != '\0') {
			return rows;
		}
	}
	return NULL;
}

const struct option_row *option_operands(const struct option_row *rows)
{
	for (; rows && rows->type != OPTION_END; rows++) {
		if (rows->type == OPTION_OPERANDS) {
			return rows;
		}
	}
	return NULL;
}

static enum fc_status append_text(struct option_texts *list, const char *text, struct fc_error *err)
{
	FC_TRY(fc_array_grow(&list->items, sizeof(*list->items), list->count, &list->capacity,
			     err));
	list->items[list->count++] = text;
	return FC_OK;
}

enum fc_status option_texts_own(struct option_texts *list, char *text, struct fc_error *err)
{
	enum fc_status status = text ? append_text(list, text, err) : fc_fail_memory(err);
	if (status != FC_OK) {
		free(text);
	}
	return status;
}

void option_texts_release(struct option_texts *list)
{
	for (size_t i = 0; i < list->count; i++) {
		fc_free(&list->items[i]);
	}
	free(list->items);
	*list = (struct option_texts){ 0 };
}

static enum fc_status store_flag(bool *flag, const char *text, const char *what,
				 struct fc_error *err)
{
	static const char *const yes[] = { "1", "yes", "true", "on" };
	static const char *const no[] = { "0", "no", "false", "off", "" };
	for (size_t i = 0; i < FC_ARRAY_LENGTH(yes); i++) {
		if (strcmp(text, yes[i]) == 0) {
			*flag = true;
			return FC_OK;
		}
	}
	for (size_t i = 0; i < FC_ARRAY_LENGTH(no); i++) {
		if (strcmp(text, no[i]) == 0) {
			*flag = false;
			return FC_OK;
		}
	}
	return fc_fail(err, FC_INVALID_ARGUMENT, "%s must be yes or no, not '%s'", what, text);
}

static enum fc_status store_choice(const struct option_row *row, unsigned *choice, const char *text,
				   const char *what, struct fc_error *err)
{
	char all[160] = "";
	for (unsigned i = 0; row->choices[i]; i++) {
		if (strcmp(row->choices[i], text) == 0) {
			*choice = i;
			return FC_OK;
		}
		if (strlen(all) + strlen(row->choices[i]) + 3 < sizeof(all)) {
			strcat(all, i > 0 ? ", " : "");
			strcat(all, row->choices[i]);
		}
	}
	return fc_fail(err, FC_INVALID_ARGUMENT, "%s must be one of %s, not '%s'", what, all, text);
}

/* The bounds of a whole number. A row without bounds allows every uint64_t. */
static uint64_t lower(const struct option_row *row)
{
	return (uint64_t)row->minimum;
}

static uint64_t upper(const struct option_row *row)
{
	return row->maximum > 0 ? (uint64_t)row->maximum : UINT64_MAX;
}

static enum fc_status store_number(const struct option_row *row, struct option_number *number,
				   const char *text, const char *what, struct fc_error *err)
{
	uint64_t value = 0;
	if (row->type == OPTION_SIZE) {
		FC_TRY(fc_parse_size(text, upper(row), what, &value, err));
	} else if (row->type == OPTION_DURATION) {
		FC_TRY(fc_parse_duration(text, upper(row), what, &value, err));
	} else {
		FC_TRY(fc_parse_u64(text, lower(row), upper(row), what, &value, err));
	}
	if (value < lower(row)) {
		return fc_fail(err, FC_INVALID_ARGUMENT, "%s is too small: '%s'", what, text);
	}
	*number = (struct option_number){ .given = true, .value = value };
	return FC_OK;
}

enum fc_status option_store(const struct option_row *row, void *values, const char *text,
			    const char *what, struct fc_error *err)
{
	struct option_real *real = at(row, values);
	void *place = at(row, values);
	struct option_numbers *list = place;
	uint64_t number = 0;
	bool flag;
	switch (row->type) {
	case OPTION_FLAG:
		return store_flag(place, text, what, err);
	case OPTION_SWITCH:
		FC_TRY(store_flag(&flag, text, what, err));
		*(enum option_switch *)place = flag ? SWITCH_YES : SWITCH_NO;
		return FC_OK;
	case OPTION_TEXT:
	case OPTION_PATH:
		if (text[0] == '\0') {
			return fc_fail(err, FC_INVALID_ARGUMENT, "%s must not be empty", what);
		}
		if (row->check) {
			FC_TRY_PREFIX(row->check(text, err), err, "%s", what);
		}
		*(const char **)place = text;
		return FC_OK;
	case OPTION_TEXTS:
	case OPTION_OPERANDS:
		return append_text(place, text, err);
	case OPTION_CHOICE:
		return store_choice(row, place, text, what, err);
	case OPTION_NUMBERS:
		FC_TRY(fc_parse_u64(text, lower(row), upper(row), what, &number, err));
		FC_TRY(fc_array_grow(&list->items, sizeof(*list->items), list->count,
				     &list->capacity, err));
		list->items[list->count++] = number;
		return FC_OK;
	case OPTION_REAL:
		FC_TRY(fc_parse_real(text, row->minimum, row->maximum, what, &real->value, err));
		real->given = true;
		return FC_OK;
	case OPTION_NUMBER:
	case OPTION_SIZE:
	case OPTION_DURATION:
		return store_number(row, place, text, what, err);
	case OPTION_END:
		break;
	}
	return fc_fail(err, FC_INTERNAL, "the option row of %s has no type", what);
}

/* Append a duration in the largest unit that divides it. */
static void show_duration(uint64_t milliseconds, struct fc_buffer *out)
{
	static const struct {
		uint64_t length;
		const char *unit;
	} units[] = { { 86400000, "d" }, { 3600000, "h" }, { 60000, "m" }, { 1000, "s" } };
	for (size_t i = 0; i < FC_ARRAY_LENGTH(units); i++) {
		if (milliseconds > 0 && milliseconds % units[i].length == 0) {
			fc_buffer_printf(out, "%" PRIu64 "%s", milliseconds / units[i].length,
					 units[i].unit);
			return;
		}
	}
	fc_buffer_printf(out, "%" PRIu64 "ms", milliseconds);
}

static void show_size(uint64_t bytes, struct fc_buffer *out)
{
	static const char *const units[] = { "GiB", "MiB", "KiB" };
	for (unsigned i = 0; i < FC_ARRAY_LENGTH(units); i++) {
		uint64_t length = UINT64_C(1) << (30 - 10 * i);
		if (bytes > 0 && bytes % length == 0) {
			fc_buffer_printf(out, "%" PRIu64 "%s", bytes / length, units[i]);
			return;
		}
	}
	fc_buffer_printf(out, "%" PRIu64, bytes);
}

static bool show_number(const struct option_row *row, const struct option_number *number,
			struct fc_buffer *out)
{
	if (!number->given && number->value == 0) {
		return false;
	}
	if (row->type == OPTION_DURATION) {
		show_duration(number->value, out);
	} else if (row->type == OPTION_SIZE) {
		show_size(number->value, out);
	} else {
		fc_buffer_printf(out, "%" PRIu64, number->value);
	}
	return true;
}

static bool show_text(const char *text, struct fc_buffer *out)
{
	if (text) {
		fc_buffer_append_text(out, text);
	}
	return text != NULL;
}

bool option_show(const struct option_row *row, const void *values, struct fc_buffer *out)
{
	const void *place = (const char *)values + row->offset;
	const struct option_real *real = place;
	switch (row->type) {
	case OPTION_FLAG:
		return show_text(*(const bool *)place ? "yes" : "no", out);
	case OPTION_TEXT:
	case OPTION_PATH:
		return show_text(*(const char *const *)place, out);
	case OPTION_CHOICE:
		return show_text(row->choices[*(const unsigned *)place], out);
	case OPTION_NUMBER:
	case OPTION_SIZE:
	case OPTION_DURATION:
		return show_number(row, place, out);
	case OPTION_REAL:
		if (!real->given && !(real->value > 0)) {
			return false;
		}
		fc_json_append_real(out, real->value, 9);
		return true;
	case OPTION_SWITCH:
	case OPTION_TEXTS:
	case OPTION_NUMBERS:
	case OPTION_OPERANDS:
	case OPTION_END:
		break;
	}
	return false;
}

void options_release(const struct option_row *rows, void *values)
{
	for (; rows && values && rows->type != OPTION_END; rows++) {
		if (rows->type == OPTION_TEXTS || rows->type == OPTION_OPERANDS) {
			struct option_texts *list = at(rows, values);
			free(list->items);
			*list = (struct option_texts){ 0 };
		} else if (rows->type == OPTION_NUMBERS) {
			struct option_numbers *list = at(rows, values);
			free(list->items);
			*list = (struct option_numbers){ 0 };
		}
	}
}
