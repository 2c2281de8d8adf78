/* Digests and encodings against published values. */
/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/digest.h"
#include "base/file.h"
#include "unit.h"

static void assert_sha256(const void *data, size_t length, const char *expected)
{
	struct fc_sha256 digest;
	char text[FC_SHA256_TEXT_SIZE];
	digest = fc_sha256_of(data, length);
	fc_sha256_format(&digest, text);
	assert_string_equal(text, expected);
	/* the same in parts */
	struct fc_sha256_stream stream;
	fc_sha256_begin(&stream);
	fc_sha256_add(&stream, data, length / 3);
	fc_sha256_add(&stream, (const char *)data + length / 3, length - length / 3);
	digest = fc_sha256_end(&stream);
	fc_sha256_format(&digest, text);
	assert_string_equal(text, expected);
}

/* FIPS 180-2, appendix B, and the digest of the empty text. */
static void sha256_has_the_published_values(void **state)
{
	(void)state;
	assert_sha256("", 0, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
	assert_sha256("abc", 3, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	const char *two = "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq";
	assert_sha256(two, strlen(two),
		      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
	FC_CLEANUP(fc_buffer_release) struct fc_buffer million = { 0 };
	for (int i = 0; i < 1000000; i++) {
		fc_buffer_put_u8(&million, 'a');
	}
	assert_sha256(million.data, million.length,
		      "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

static void a_files_sha256_does_not_depend_on_its_position(void **state)
{
	(void)state;
	FC_CLEANUP(fc_buffer_release) struct fc_buffer bytes = { 0 };
	FC_CLEANUP(fc_fd_close) int fd = memfd_create("bytes", MFD_CLOEXEC);
	struct fc_sha256 of_memory, of_file;
	for (uint32_t i = 0; i < 200000; i++) {
		fc_buffer_put_u8(&bytes, (uint8_t)(i * 7));
	}
	assert_int_equal(write(fd, bytes.data, bytes.length), bytes.length);
	of_memory = fc_sha256_of(bytes.data, bytes.length);
	assert_int_equal(fc_sha256_of_file(fd, "bytes", &of_file, NULL), FC_OK);
	assert_true(fc_sha256_equal(&of_memory, &of_file));
	assert_int_equal(lseek(fd, 0, SEEK_CUR), bytes.length);
	assert_int_equal(fc_sha256_of_file(-1, "bytes", &of_file, NULL), FC_IO);
}

static void a_sha256_text_is_read_back_in_either_case(void **state)
{
	(void)state;
	const char *lower = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
	const char *upper = "BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD";
	struct fc_sha256 digest, first, second;
	digest = fc_sha256_of("abc", 3);
	assert_true(fc_sha256_parse(lower, &first));
	assert_true(fc_sha256_parse(upper, &second));
	assert_true(fc_sha256_equal(&digest, &first));
	assert_true(fc_sha256_equal(&digest, &second));
	second.bytes[31] ^= 1;
	assert_false(fc_sha256_equal(&digest, &second));
}

static void an_invalid_sha256_text_is_refused(void **state)
{
	(void)state;
	static const char *const texts[] = {
		"",
		"ba7816",
		"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015a",
		"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad0",
		"ga7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
		" a7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
	};
	for (size_t i = 0; i < FC_ARRAY_LENGTH(texts); i++) {
		struct fc_sha256 digest = { { 7 } };
		assert_false(fc_sha256_parse(texts[i], &digest));
		assert_int_equal(digest.bytes[0], 7);
	}
}

/* RFC 3720, appendix B.4, and the check value of the catalogue of CRC algorithms. */
static void crc32c_has_the_published_values(void **state)
{
	(void)state;
	uint8_t bytes[32] = { 0 };
	assert_int_equal(fc_crc32c(0, bytes, 32), 0x8a9136aa);
	memset(bytes, 0xff, sizeof(bytes));
	assert_int_equal(fc_crc32c(0, bytes, 32), 0x62a8ab43);
	for (uint8_t i = 0; i < 32; i++) {
		bytes[i] = i;
	}
	assert_int_equal(fc_crc32c(0, bytes, 32), 0x46dd794e);
	for (uint8_t i = 0; i < 32; i++) {
		bytes[i] = (uint8_t)(31 - i);
	}
	assert_int_equal(fc_crc32c(0, bytes, 32), 0x113fdb5c);
	assert_int_equal(fc_crc32c(0, "123456789", 9), 0xe3069283);
	assert_int_equal(fc_crc32c(0, "", 0), 0);
}

static void crc32c_can_be_continued(void **state)
{
	(void)state;
	const char *text = "the same bytes, fed in two parts, at every place to cut them";
	size_t length = strlen(text);
	uint32_t whole = fc_crc32c(0, text, length);
	for (size_t cut = 0; cut <= length; cut++) {
		uint32_t crc = fc_crc32c(0, text, cut);
		assert_int_equal(fc_crc32c(crc, text + cut, length - cut), whole);
	}
}

/* RFC 4648, section 10. */
static const struct {
	const char *plain, *encoded;
} base64_vectors[] = {
	{ "", "" },
	{ "f", "Zg==" },
	{ "fo", "Zm8=" },
	{ "foo", "Zm9v" },
	{ "foob", "Zm9vYg==" },
	{ "fooba", "Zm9vYmE=" },
	{ "foobar", "Zm9vYmFy" },
	{ "\xfb\xff\xfe", "+//+" },
};

static void base64_has_the_published_values(void **state)
{
	(void)state;
	for (size_t i = 0; i < FC_ARRAY_LENGTH(base64_vectors); i++) {
		FC_CLEANUP(fc_buffer_release) struct fc_buffer encoded = { 0 };
		FC_CLEANUP(fc_buffer_release) struct fc_buffer plain = { 0 };
		const char *text = base64_vectors[i].plain;
		fc_base64_append(&encoded, text, strlen(text));
		assert_string_equal(fc_buffer_text(&encoded), base64_vectors[i].encoded);
		assert_true(fc_base64_decode(base64_vectors[i].encoded, &plain));
		assert_string_equal(fc_buffer_text(&plain), text);
	}
}

static void base64_of_any_length_is_read_back(void **state)
{
	(void)state;
	uint8_t bytes[7000];
	for (size_t i = 0; i < sizeof(bytes); i++) {
		bytes[i] = (uint8_t)(i * 37 + (i >> 5));
	}
	/* Around the encoder's blocks of 3072 bytes, and small ones. */
	static const size_t lengths[] = { 1, 2, 3, 3071, 3072, 3073, 6143, 6144, 6145, 7000 };
	for (size_t i = 0; i < FC_ARRAY_LENGTH(lengths); i++) {
		FC_CLEANUP(fc_buffer_release) struct fc_buffer encoded = { 0 };
		FC_CLEANUP(fc_buffer_release) struct fc_buffer plain = { 0 };
		fc_base64_append(&encoded, bytes, lengths[i]);
		assert_int_equal(encoded.length, (lengths[i] + 2) / 3 * 4);
		assert_true(fc_base64_decode(fc_buffer_text(&encoded), &plain));
		assert_int_equal(plain.length, lengths[i]);
		assert_memory_equal(plain.data, bytes, lengths[i]);
	}
}

static void invalid_base64_is_refused(void **state)
{
	(void)state;
	static const char *const texts[] = {
		"Zg",      "Zg=",  "Zg===", "=",        "====",     "Z===", "Zm9v\n",
		"Zm 9",    "Zm9-", "Zm9_",  "Zg==Zg==", "Zm8=Zm8=", "Zh==", /* bits after the end */
		"Zm9=",                                                     /* bits after the end */
		"Zm\xff=",
	};
	for (size_t i = 0; i < FC_ARRAY_LENGTH(texts); i++) {
		FC_CLEANUP(fc_buffer_release) struct fc_buffer plain = { 0 };
		assert_false(fc_base64_decode(texts[i], &plain));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sha256_has_the_published_values),
		cmocka_unit_test(a_files_sha256_does_not_depend_on_its_position),
		cmocka_unit_test(a_sha256_text_is_read_back_in_either_case),
		cmocka_unit_test(an_invalid_sha256_text_is_refused),
		cmocka_unit_test(crc32c_has_the_published_values),
		cmocka_unit_test(crc32c_can_be_continued),
		cmocka_unit_test(base64_has_the_published_values),
		cmocka_unit_test(base64_of_any_length_is_read_back),
		cmocka_unit_test(invalid_base64_is_refused),
	};
	return cmocka_run_group_tests_name("base/digest", tests, NULL, NULL);
}
