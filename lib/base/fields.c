/* Packs and unpacks structs by tables of their members. */
/* SPDX-License-Identifier: MIT */
#include "base/fields.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

_Static_assert(sizeof(enum fc_field_kind) == sizeof(uint32_t), "choices are read as u32");

/* ---- packing ---- */

static const double fixed_unit = 1e4;

static void put_number(struct fc_buffer *out, const void *member, size_t size)
{
	uint16_t number16;
	uint32_t number32;
	uint64_t number64;
	switch (size) {
	case sizeof(uint8_t):
		fc_buffer_append(out, member, size);
		break;
	case sizeof(uint16_t):
		memcpy(&number16, member, size);
		fc_buffer_put_u16(out, number16);
		break;
	case sizeof(uint32_t):
		memcpy(&number32, member, size);
		fc_buffer_put_u32(out, number32);
		break;
	default:
		memcpy(&number64, member, sizeof(number64));
		fc_buffer_put_u64(out, number64);
		break;
	}
}

static void put_fixed(struct fc_buffer *out, const void *member)
{
	double value;
	memcpy(&value, member, sizeof(value));
	fc_buffer_put_u32(out, (uint32_t)lround(value * fixed_unit));
}

static void put_choice(struct fc_buffer *out, const void *member, size_t width)
{
	uint32_t choice;
	memcpy(&choice, member, sizeof(choice));
	if (width == sizeof(uint8_t)) {
		fc_buffer_put_u8(out, (uint8_t)choice);
	} else {
		fc_buffer_put_u32(out, choice);
	}
}

static void put_text(struct fc_buffer *out, const void *member)
{
	const char *text;
	memcpy(&text, member, sizeof(text));
	fc_buffer_put_text(out, text);
}

void fc_fields_put(struct fc_buffer *out, const struct fc_field *fields, const void *record)
{
	for (const struct fc_field *field = fields; field->kind != FC_FIELD_END; field++) {
		const uint8_t *member = (const uint8_t *)record + field->offset;
		switch (field->kind) {
		case FC_FIELD_NUMBER:
			put_number(out, member, field->size);
			break;
		case FC_FIELD_FLOATS:
			fc_buffer_put_f32s(out, (const float *)(const void *)member,
					   field->size / sizeof(float));
			break;
		case FC_FIELD_FLAG:
		case FC_FIELD_BYTES:
			fc_buffer_append(out, member, field->size);
			break;
		case FC_FIELD_FIXED:
			put_fixed(out, member);
			break;
		case FC_FIELD_CHOICE:
			put_choice(out, member, field->width);
			break;
		case FC_FIELD_NAME:
			fc_buffer_put_text(out, (const char *)member);
			break;
		case FC_FIELD_TEXT:
			put_text(out, member);
			break;
		case FC_FIELD_END:
			break;
		}
	}
}

/* ---- unpacking ---- */

static void get_number(struct fc_reader *in, void *member, size_t size)
{
	uint16_t number16;
	uint32_t number32;
	uint64_t number64;
	switch (size) {
	case sizeof(uint8_t):
		fc_reader_bytes(in, member, size);
		break;
	case sizeof(uint16_t):
		number16 = fc_reader_u16(in);
		memcpy(member, &number16, size);
		break;
	case sizeof(uint32_t):
		number32 = fc_reader_u32(in);
		memcpy(member, &number32, size);
		break;
	default:
		number64 = fc_reader_u64(in);
		memcpy(member, &number64, sizeof(number64));
		break;
	}
}

static void get_fixed(struct fc_reader *in, void *member)
{
	double value = fc_reader_u32(in) / fixed_unit;
	memcpy(member, &value, sizeof(value));
}

static void get_choice(struct fc_reader *in, const struct fc_field *field, void *member)
{
	uint32_t choice = field->width == sizeof(uint8_t) ? fc_reader_u8(in) : fc_reader_u32(in);
	if (choice > field->limit) {
		in->failed = true;
		return;
	}
	memcpy(member, &choice, sizeof(choice));
}

static void get_name(struct fc_reader *in, const struct fc_field *field, char *out)
{
	size_t length;
	const char *text = fc_reader_borrow_text(in, field->size - 1, &length);
	if (text) {
		memcpy(out, text, length);
		out[length] = '\0';
	}
}

static enum fc_status get_text(struct fc_reader *in, const struct fc_field *field, void *member)
{
	size_t length;
	const char *borrowed = fc_reader_borrow_text(in, field->limit, &length);
	bool is_there = borrowed && length > 0;
	char *text = is_there ? strndup(borrowed, length) : NULL;
	memcpy(member, &text, sizeof(text));
	return is_there && !text ? FC_NO_MEMORY : FC_OK;
}

static enum fc_status get_field(struct fc_reader *in, const struct fc_field *field, uint8_t *member)
{
	bool flag;
	switch (field->kind) {
	case FC_FIELD_FLAG:
		flag = fc_reader_u8(in) != 0;
		memcpy(member, &flag, sizeof(flag));
		break;
	case FC_FIELD_NUMBER:
		get_number(in, member, field->size);
		break;
	case FC_FIELD_FLOATS:
		fc_reader_f32s(in, (float *)(void *)member, field->size / sizeof(float));
		break;
	case FC_FIELD_BYTES:
		fc_reader_bytes(in, member, field->size);
		break;
	case FC_FIELD_FIXED:
		get_fixed(in, member);
		break;
	case FC_FIELD_CHOICE:
		get_choice(in, field, member);
		break;
	case FC_FIELD_NAME:
		get_name(in, field, (char *)member);
		break;
	case FC_FIELD_TEXT:
		return get_text(in, field, member);
	case FC_FIELD_END:
		break;
	}
	return FC_OK;
}

/* Release the texts of the rows before `end`, and set those of all rows to NULL. */
static void drop_texts(const struct fc_field *fields, const struct fc_field *end, uint8_t *record)
{
	static char *const none;
	for (const struct fc_field *field = fields; field->kind != FC_FIELD_END; field++) {
		if (field->kind == FC_FIELD_TEXT) {
			char *text;
			memcpy(&text, record + field->offset, sizeof(text));
			if (field < end) {
				free(text);
			}
			memcpy(record + field->offset, &none, sizeof(none));
		}
	}
}

enum fc_status fc_fields_get(struct fc_reader *in, const struct fc_field *fields, void *record)
{
	const struct fc_field *field = fields;
	enum fc_status status = FC_OK;
	for (; field->kind != FC_FIELD_END && status == FC_OK && !in->failed; field++) {
		uint8_t *member = (uint8_t *)record + field->offset;
		if (field->appended && in->left == 0) {
			memset(member, 0, field->size);
		} else {
			status = get_field(in, field, member);
		}
	}
	if (status == FC_OK && in->failed) {
		status = FC_DAMAGED;
	}
	if (status != FC_OK) {
		drop_texts(fields, field, record);
		in->failed = true;
	}
	return status;
}
