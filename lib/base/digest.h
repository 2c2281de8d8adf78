/* Checksums and encodings of bytes: SHA-256, CRC-32C, hexadecimal, base64. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_BASE_DIGEST_H
#define FC_BASE_DIGEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "base/error.h"

enum { FC_SHA256_SIZE = 32, FC_SHA256_TEXT_SIZE = 65 };

struct fc_sha256 {
	uint8_t bytes[FC_SHA256_SIZE];
};

struct fc_sha256 fc_sha256_of(const void *data, size_t length);

/* The digest of bytes that arrive in parts: begin, add, end. */
struct fc_sha256_stream {
	uint64_t state[16];
};
void fc_sha256_begin(struct fc_sha256_stream *stream);
void fc_sha256_add(struct fc_sha256_stream *stream, const void *data, size_t length);
struct fc_sha256 fc_sha256_end(struct fc_sha256_stream *stream);

/* Hash a whole file without changing the descriptor's position. name: for the error text. Errors: FC_IO, FC_NO_MEMORY. */
enum fc_status fc_sha256_of_file(int fd, const char *name, struct fc_sha256 *out,
				 struct fc_error *err);

bool fc_sha256_equal(const struct fc_sha256 *a, const struct fc_sha256 *b);

/* 64 lower-case hexadecimal digits. */
void fc_sha256_format(const struct fc_sha256 *digest, char out[FC_SHA256_TEXT_SIZE]);

/* The value of a hexadecimal digit; -1 for any other character. */
int fc_hex_value(char digit);

/* Parse 64 hexadecimal digits, upper or lower case. False for any other text. */
bool fc_sha256_parse(const char *text, struct fc_sha256 *out);

/*
 * CRC-32C (Castagnoli, reflected polynomial 0x82F63B78, as in RFC 3720 B.4). Pass 0 for the first block of data, and the previous result
 * for each further block.
 */
uint32_t fc_crc32c(uint32_t crc, const void *data, size_t length);

/* Standard base64 with padding (RFC 4648, section 4), without line breaks. */
void fc_base64_append(struct fc_buffer *out, const void *data, size_t length);

/* Decode standard base64. False if the alphabet, the padding or the length is wrong. */
FC_MUST_USE bool fc_base64_decode(const char *text, struct fc_buffer *out);

#endif
