/* Checksums and encodings of bytes. */
/* SPDX-License-Identifier: MIT */
#include "base/digest.h"

#include <errno.h>
#include <nettle/base64.h>
#include <nettle/sha2.h>
#include <string.h>
#include <unistd.h>
#ifdef __x86_64__
#include <nmmintrin.h>
#endif

struct fc_sha256 fc_sha256_of(const void *data, size_t length)
{
	struct fc_sha256 out;
	struct sha256_ctx context;
	sha256_init(&context);
	sha256_update(&context, length, data);
	sha256_digest(&context, sizeof(out.bytes), out.bytes);
	return out;
}

_Static_assert(sizeof(struct sha256_ctx) <= sizeof(struct fc_sha256_stream),
	       "the state of nettle does not fit");

static struct sha256_ctx *context_of(struct fc_sha256_stream *stream)
{
	return (struct sha256_ctx *)(void *)stream->state;
}

void fc_sha256_begin(struct fc_sha256_stream *stream)
{
	sha256_init(context_of(stream));
}

void fc_sha256_add(struct fc_sha256_stream *stream, const void *data, size_t length)
{
	sha256_update(context_of(stream), length, data);
}

struct fc_sha256 fc_sha256_end(struct fc_sha256_stream *stream)
{
	struct fc_sha256 out;
	sha256_digest(context_of(stream), sizeof(out.bytes), out.bytes);
	return out;
}

enum fc_status fc_sha256_of_file(int fd, const char *name, struct fc_sha256 *out,
				 struct fc_error *err)
{
	struct sha256_ctx context;
	uint8_t block[65536];
	ssize_t got;
	sha256_init(&context);
	for (off_t at = 0; (got = pread(fd, block, sizeof(block), at)) != 0; at += got) {
		if (got < 0 && errno == EINTR) {
			got = 0;
			continue;
		}
		if (got < 0) {
			return fc_fail_errno(err, FC_IO, errno, "cannot read '%s'", name);
		}
		sha256_update(&context, (size_t)got, block);
	}
	sha256_digest(&context, sizeof(out->bytes), out->bytes);
	return FC_OK;
}

bool fc_sha256_equal(const struct fc_sha256 *a, const struct fc_sha256 *b)
{
	return memcmp(a->bytes, b->bytes, sizeof(a->bytes)) == 0;
}

void fc_sha256_format(const struct fc_sha256 *digest, char out[FC_SHA256_TEXT_SIZE])
{
	static const char digits[] = "0123456789abcdef";
	for (size_t i = 0; i < FC_SHA256_SIZE; i++) {
		out[2 * i] = digits[digest->bytes[i] >> 4];
		out[2 * i + 1] = digits[digest->bytes[i] & 15];
	}
	out[FC_SHA256_TEXT_SIZE - 1] = '\0';
}

int fc_hex_value(char digit)
{
	static const char digits[] = "0123456789abcdef0123456789ABCDEF";
	const char *found = digit != '\0' ? strchr(digits, digit) : NULL;
	return found ? (int)(found - digits) % 16 : -1;
}

bool fc_sha256_parse(const char *text, struct fc_sha256 *out)
{
	struct fc_sha256 digest;
	if (strlen(text) != FC_SHA256_TEXT_SIZE - 1) {
		return false;
	}
	for (size_t i = 0; i < FC_SHA256_SIZE; i++) {
		int high = fc_hex_value(text[2 * i]);
		int low = fc_hex_value(text[2 * i + 1]);
		if (high < 0 || low < 0) {
			return false;
		}
		digest.bytes[i] = (uint8_t)(high << 4 | low);
	}
	*out = digest;
	return true;
}

static uint32_t crc32c_bytewise(uint32_t crc, const uint8_t *data, size_t length)
{
	for (size_t i = 0; i < length; i++) {
		crc ^= data[i];
		for (int bit = 0; bit < 8; bit++) {
			crc = crc >> 1 ^ (0x82F63B78u & (0u - (crc & 1)));
		}
	}
	return crc;
}

#ifdef __x86_64__
__attribute__((target("sse4.2"))) static uint32_t crc32c_sse42(uint32_t crc, const uint8_t *data,
							       size_t length)
{
	uint64_t wide = crc;
	for (; length >= 8; length -= 8, data += 8) {
		uint64_t word;
		memcpy(&word, data, sizeof(word));
		wide = _mm_crc32_u64(wide, word);
	}
	crc = (uint32_t)wide;
	for (; length > 0; length--, data++) {
		crc = _mm_crc32_u8(crc, *data);
	}
	return crc;
}
#endif

uint32_t fc_crc32c(uint32_t crc, const void *data, size_t length)
{
#ifdef __x86_64__
	if (__builtin_cpu_supports("sse4.2")) {
		return ~crc32c_sse42(~crc, data, length);
	}
#endif
	return ~crc32c_bytewise(~crc, data, length);
}

void fc_base64_append(struct fc_buffer *out, const void *data, size_t length)
{
	/* A multiple of 3, so that only the last block is padded. */
	enum { BLOCK = 3 * 1024 };
	const uint8_t *bytes = data;
	while (length > 0) {
		char text[BASE64_ENCODE_RAW_LENGTH(BLOCK)];
		size_t size = length < BLOCK ? length : BLOCK;
		base64_encode_raw(text, size, bytes);
		fc_buffer_append(out, text, BASE64_ENCODE_RAW_LENGTH(size));
		bytes += size;
		length -= size;
	}
}

static int base64_value(char symbol)
{
	static const char alphabet[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	const char *found = symbol ? strchr(alphabet, symbol) : NULL;
	return found ? (int)(found - alphabet) : -1;
}

bool fc_base64_decode(const char *text, struct fc_buffer *out)
{
	size_t length = strlen(text);
	if (length % 4 != 0) {
		return false;
	}
	for (size_t i = 0; i < length; i += 4) {
		size_t padding = 0;
		uint32_t group = 0;
		if (i + 4 == length && text[i + 3] == '=') {
			padding = text[i + 2] == '=' ? 2 : 1;
		}
		for (size_t k = 0; k < 4; k++) {
			int value = k < 4 - padding ? base64_value(text[i + k]) : 0;
			if (value < 0) {
				return false;
			}
			group = group << 6 | (uint32_t)value;
		}
		uint8_t bytes[3] = { (uint8_t)(group >> 16), (uint8_t)(group >> 8),
				     (uint8_t)group };
		if ((padding == 1 && bytes[2] != 0) ||
		    (padding == 2 && (bytes[1] | bytes[2]) != 0)) {
			return false;
		}
		fc_buffer_append(out, bytes, 3 - padding);
	}
	return fc_buffer_ok(out);
}
