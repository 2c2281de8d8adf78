/* Growable byte buffers, and the little-endian packing of worker messages and gallery records. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_BASE_BUFFER_H
#define FC_BASE_BUFFER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/compiler.h"

/*
 * An empty buffer is { 0 }. Append functions return nothing: when memory runs out, `failed` is set and later appends are ignored, so that
 * callers check fc_buffer_ok() once at the end.
 */
struct fc_buffer {
	uint8_t *data;
	size_t length;
	size_t capacity;
	bool failed;
};

void fc_buffer_release(struct fc_buffer *buffer);

/* Remove the content and keep the memory for reuse. */
void fc_buffer_clear(struct fc_buffer *buffer);

/* False if any append since the last clear ran out of memory. */
FC_MUST_USE bool fc_buffer_ok(const struct fc_buffer *buffer);

void fc_buffer_append(struct fc_buffer *buffer, const void *data, size_t length);
void fc_buffer_append_text(struct fc_buffer *buffer, const char *text);
void fc_buffer_printf(struct fc_buffer *buffer, const char *format, ...) FC_PRINTF(2, 3);

/*
 * Make room for so many more bytes and return its start; add to length what is written there. NULL when memory runs out: `failed` is set.
 */
uint8_t *fc_buffer_reserve(struct fc_buffer *buffer, size_t more);

/* Return the bytes as a C string, owned by the buffer. Its NUL is not counted in length. NULL if failed. */
const char *fc_buffer_text(struct fc_buffer *buffer);

/* Move the bytes out as a C string (free() it); the buffer is empty afterwards. NULL if failed. */
char *fc_buffer_steal_text(struct fc_buffer *buffer);

void fc_buffer_put_u8(struct fc_buffer *buffer, uint8_t value);
void fc_buffer_put_u16(struct fc_buffer *buffer, uint16_t value);
void fc_buffer_put_u32(struct fc_buffer *buffer, uint32_t value);
void fc_buffer_put_u64(struct fc_buffer *buffer, uint64_t value);
void fc_buffer_put_f32(struct fc_buffer *buffer, float value);
void fc_buffer_put_f32s(struct fc_buffer *buffer, const float *values, size_t count);
/* Append a u32 length and the bytes of text. NULL is written as an empty string. */
void fc_buffer_put_text(struct fc_buffer *buffer, const char *text);

/*
 * Reads what the put functions wrote. Reading past the end sets `failed` and returns zeros, so that decoders check
 * fc_reader_done() once at the end.
 */
struct fc_reader {
	const uint8_t *data;
	size_t left;
	bool failed;
};

struct fc_reader fc_reader_of(const void *data, size_t length);

/* True if nothing failed and every byte was read. */
FC_MUST_USE bool fc_reader_done(const struct fc_reader *reader);

uint8_t fc_reader_u8(struct fc_reader *reader);
uint16_t fc_reader_u16(struct fc_reader *reader);
uint32_t fc_reader_u32(struct fc_reader *reader);
uint64_t fc_reader_u64(struct fc_reader *reader);
float fc_reader_f32(struct fc_reader *reader);
void fc_reader_f32s(struct fc_reader *reader, float *values, size_t count);
void fc_reader_bytes(struct fc_reader *reader, void *out, size_t length);

/* Return a pointer to the next length bytes inside the buffer. If fewer are left: NULL, and failed is set. */
const uint8_t *fc_reader_borrow(struct fc_reader *reader, size_t length);

/*
 * Return a pointer to a text written by fc_buffer_put_text, inside the buffer: *length bytes without a final NUL. Fails like
 * fc_reader_text.
 */
const char *fc_reader_borrow_text(struct fc_reader *reader, size_t limit, size_t *length);

/*
 * Read a text written by fc_buffer_put_text as a new C string (free() it). NULL, with failed set, if the text contains a NUL or has more
 * than limit bytes.
 */
char *fc_reader_text(struct fc_reader *reader, size_t limit);

#endif
