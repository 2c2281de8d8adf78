/* Growable byte buffers and little-endian packing. */
/* SPDX-License-Identifier: MIT */
#include "base/buffer.h"

#include <endian.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void fc_buffer_release(struct fc_buffer *buffer)
{
	free(buffer->data);
	*buffer = (struct fc_buffer){ 0 };
}

void fc_buffer_clear(struct fc_buffer *buffer)
{
	buffer->length = 0;
	buffer->failed = false;
}

bool fc_buffer_ok(const struct fc_buffer *buffer)
{
	return !buffer->failed;
}

/* Make room for `more` bytes and a NUL. */
static bool reserve(struct fc_buffer *buffer, size_t more)
{
	if (buffer->failed || more > SIZE_MAX / 4 || buffer->length > SIZE_MAX / 4) {
		buffer->failed = true;
		return false;
	}
	size_t wanted = buffer->length + more + 1;
	if (wanted <= buffer->capacity) {
		return true;
	}
	size_t capacity = buffer->capacity ? buffer->capacity : 64;
	while (capacity < wanted) {
		capacity *= 2;
	}
	uint8_t *data = realloc(buffer->data, capacity);
	if (!data) {
		buffer->failed = true;
		return false;
	}
	buffer->data = data;
	buffer->capacity = capacity;
	return true;
}

uint8_t *fc_buffer_reserve(struct fc_buffer *buffer, size_t more)
{
	return reserve(buffer, more) ? buffer->data + buffer->length : NULL;
}

void fc_buffer_append(struct fc_buffer *buffer, const void *data, size_t length)
{
	if (length > 0 && reserve(buffer, length)) {
		memcpy(buffer->data + buffer->length, data, length);
		buffer->length += length;
	}
}

void fc_buffer_append_text(struct fc_buffer *buffer, const char *text)
{
	fc_buffer_append(buffer, text, strlen(text));
}

void fc_buffer_printf(struct fc_buffer *buffer, const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	va_list again;
	va_copy(again, arguments);
	int length = vsnprintf(NULL, 0, format, arguments);
	va_end(arguments);
	if (length >= 0 && reserve(buffer, (size_t)length)) {
		vsnprintf((char *)buffer->data + buffer->length, (size_t)length + 1, format, again);
		buffer->length += (size_t)length;
	}
	va_end(again);
}

const char *fc_buffer_text(struct fc_buffer *buffer)
{
	if (!reserve(buffer, 0)) {
		return NULL;
	}
	buffer->data[buffer->length] = '\0';
	return (const char *)buffer->data;
}

char *fc_buffer_steal_text(struct fc_buffer *buffer)
{
	if (!fc_buffer_text(buffer)) {
		return NULL;
	}
	char *text = (char *)buffer->data;
	*buffer = (struct fc_buffer){ 0 };
	return text;
}

/* Append the `size` low bytes of value, lowest first. */
static void put_little_endian(struct fc_buffer *buffer, uint64_t value, size_t size)
{
	uint8_t bytes[8];
	for (size_t i = 0; i < size; i++) {
		bytes[i] = (uint8_t)(value >> (8 * i));
	}
	fc_buffer_append(buffer, bytes, size);
}

void fc_buffer_put_u8(struct fc_buffer *buffer, uint8_t value)
{
	put_little_endian(buffer, value, 1);
}

void fc_buffer_put_u16(struct fc_buffer *buffer, uint16_t value)
{
	put_little_endian(buffer, value, 2);
}

void fc_buffer_put_u32(struct fc_buffer *buffer, uint32_t value)
{
	put_little_endian(buffer, value, 4);
}

void fc_buffer_put_u64(struct fc_buffer *buffer, uint64_t value)
{
	put_little_endian(buffer, value, 8);
}

void fc_buffer_put_f32(struct fc_buffer *buffer, float value)
{
	uint32_t bits;
	memcpy(&bits, &value, sizeof(bits));
	fc_buffer_put_u32(buffer, bits);
}

void fc_buffer_put_f32s(struct fc_buffer *buffer, const float *values, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		fc_buffer_put_f32(buffer, values[i]);
	}
}

void fc_buffer_put_text(struct fc_buffer *buffer, const char *text)
{
	size_t length = text ? strlen(text) : 0;
	if (length > UINT32_MAX) {
		buffer->failed = true;
		return;
	}
	fc_buffer_put_u32(buffer, (uint32_t)length);
	fc_buffer_append(buffer, text, length);
}

struct fc_reader fc_reader_of(const void *data, size_t length)
{
	return (struct fc_reader){ .data = data, .left = length };
}

bool fc_reader_done(const struct fc_reader *reader)
{
	return !reader->failed && reader->left == 0;
}

const uint8_t *fc_reader_borrow(struct fc_reader *reader, size_t length)
{
	if (reader->failed || length > reader->left) {
		reader->failed = true;
		return NULL;
	}
	const uint8_t *here = reader->data;
	reader->data += length;
	reader->left -= length;
	return here;
}

static inline uint64_t read_little_endian(struct fc_reader *reader, size_t size)
{
	const uint8_t *bytes = fc_reader_borrow(reader, size);
	uint64_t value = 0;
	if (bytes) {
		memcpy(&value, bytes, size);
	}
	return le64toh(value);
}

uint8_t fc_reader_u8(struct fc_reader *reader)
{
	return (uint8_t)read_little_endian(reader, 1);
}

uint16_t fc_reader_u16(struct fc_reader *reader)
{
	return (uint16_t)read_little_endian(reader, 2);
}

uint32_t fc_reader_u32(struct fc_reader *reader)
{
	return (uint32_t)read_little_endian(reader, 4);
}

uint64_t fc_reader_u64(struct fc_reader *reader)
{
	return read_little_endian(reader, 8);
}

float fc_reader_f32(struct fc_reader *reader)
{
	uint32_t bits = fc_reader_u32(reader);
	float value;
	memcpy(&value, &bits, sizeof(value));
	return value;
}

void fc_reader_f32s(struct fc_reader *reader, float *values, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		values[i] = fc_reader_f32(reader);
	}
}

void fc_reader_bytes(struct fc_reader *reader, void *out, size_t length)
{
	const uint8_t *bytes = fc_reader_borrow(reader, length);
	if (bytes && length > 0) {
		memcpy(out, bytes, length);
	} else if (!bytes) {
		memset(out, 0, length);
	}
}

const char *fc_reader_borrow_text(struct fc_reader *reader, size_t limit, size_t *length)
{
	*length = fc_reader_u32(reader);
	const uint8_t *bytes = *length <= limit ? fc_reader_borrow(reader, *length) : NULL;
	if (!bytes || memchr(bytes, '\0', *length)) {
		reader->failed = true;
		return NULL;
	}
	return (const char *)bytes;
}

char *fc_reader_text(struct fc_reader *reader, size_t limit)
{
	size_t length;
	const char *borrowed = fc_reader_borrow_text(reader, limit, &length);
	char *text = borrowed ? strndup(borrowed, length) : NULL;
	reader->failed = reader->failed || !text;
	return text;
}
