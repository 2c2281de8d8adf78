/* Records come back as they were written, whatever is damaged is noticed, and keys sort as their numbers do. */
/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include <stdlib.h>

#include "gallery/rows/parts.h"

static bool is_before(const struct fc_key *a, const struct fc_key *b)
{
	size_t common = a->length < b->length ? a->length : b->length;
	int order = memcmp(a->bytes, b->bytes, common);
	return order < 0 || (order == 0 && a->length < b->length);
}

static void keys_sort_as_their_numbers(void **state)
{
	(void)state;
	static const uint64_t numbers[] = { 0, 1, 255, 256, UINT32_MAX, UINT64_MAX };
	static const int64_t times[] = { INT64_MIN, -1, 0, 1, 1661000000000000, INT64_MAX };
	for (size_t i = 0; i + 1 < FC_ARRAY_LENGTH(numbers); i++) {
		struct fc_key low = fc_key_in_space(7, numbers[i]);
		struct fc_key high = fc_key_in_space(7, numbers[i + 1]);
		assert_true(is_before(&low, &high));
		assert_int_equal(fc_key_get_u32(&high, 0), 7);
		assert_true(fc_key_get_u64(&high, 4) == numbers[i + 1]);
		low = fc_key_entry(fc_key_space(7), times[i], UINT64_MAX);
		high = fc_key_entry(fc_key_space(7), times[i + 1], 0);
		assert_true(is_before(&low, &high));
		assert_true(fc_key_get_time(&high, 4) == times[i + 1]);
	}
}

static void no_origin_is_the_prefix_of_another(void **state)
{
	(void)state;
	char longest[FC_LABEL_MAXIMUM + 1];
	memset(longest, 'x', FC_LABEL_MAXIMUM);
	longest[FC_LABEL_MAXIMUM] = '\0';
	struct fc_key camera = fc_key_entry(fc_key_name(1, "cam"), INT64_MAX, UINT64_MAX);
	struct fc_key camera_two = fc_key_entry(fc_key_name(1, "cam2"), INT64_MIN, 0);
	struct fc_key long_key = fc_key_entry(fc_key_name(1, longest), 0, 0);
	assert_true(is_before(&camera, &camera_two));
	assert_int_equal(long_key.length, FC_KEY_MAXIMUM);
}

static void numbers_beyond_a_keys_end_are_zero(void **state)
{
	(void)state;
	struct fc_key key = fc_key_space(5);
	struct fc_uuid pid = fc_key_get_pid(&key, 0);
	assert_true(fc_key_get_u64(&key, 0) == 0);
	assert_int_equal(fc_key_get_u32(&key, 1), 0);
	assert_int_equal(fc_key_get_u32(&key, SIZE_MAX), 0);
	assert_true(fc_uuid_is_nil(&pid));
}

static void keys_are_shown_as_text_or_hexadecimal(void **state)
{
	(void)state;
	char text[FC_KEY_TEXT_SIZE];
	struct fc_key key = fc_key_text("sequence");
	fc_key_format(&key, text);
	assert_string_equal(text, "sequence");
	key = fc_key_space(258);
	fc_key_format(&key, text);
	assert_string_equal(text, "00000102");
	key = fc_key_entry(fc_key_name(1, "a camera with a long name, longer than the text"), 1, 1);
	fc_key_format(&key, text);
	assert_int_equal(strlen(text), FC_KEY_TEXT_SIZE - 1);
	assert_string_equal(text + strlen(text) - 3, "...");
}

/* Sealed bytes of a payload. */
static size_t seal(enum fc_database database, const struct fc_key *key,
		   const struct fc_buffer *payload, uint8_t *out)
{
	fc_record_seal(database, key, payload->data, payload->length, out);
	memcpy(out + FC_RECORD_HEADER_SIZE, payload->data, payload->length);
	return FC_RECORD_HEADER_SIZE + payload->length;
}

static void every_flipped_bit_of_a_record_is_noticed(void **state)
{
	(void)state;
	FC_CLEANUP(fc_buffer_release) struct fc_buffer payload = { 0 };
	struct fc_key key = fc_key_in_space(1, 2), other = fc_key_in_space(1, 3);
	struct fc_reader reader;
	uint8_t record[64];
	fc_buffer_append_text(&payload, "a payload of some bytes");
	size_t length = seal(FC_DB_FACE, &key, &payload, record);

	assert_int_equal(fc_record_open(FC_DB_FACE, &key, record, length, &reader), FC_OK);
	assert_int_equal(reader.left, payload.length);
	assert_int_equal(fc_record_open(FC_DB_FACE, &other, record, length, &reader), FC_DAMAGED);
	assert_int_equal(fc_record_open(FC_DB_ENTRY, &key, record, length, &reader), FC_DAMAGED);
	for (size_t cut = 0; cut < length; cut++) {
		assert_int_equal(fc_record_open(FC_DB_FACE, &key, record, cut, &reader),
				 FC_DAMAGED);
	}
	for (size_t bit = 0; bit < length * 8; bit++) {
		record[bit / 8] ^= (uint8_t)(1 << bit % 8);
		assert_int_equal(fc_record_open(FC_DB_FACE, &key, record, length, &reader),
				 FC_DAMAGED);
		record[bit / 8] ^= (uint8_t)(1 << bit % 8);
	}
}

static void a_sound_record_of_a_newer_layout_is_not_called_damaged(void **state)
{
	(void)state;
	struct fc_key key = fc_key_u64(1);
	struct fc_reader reader;
	uint8_t record[FC_RECORD_HEADER_SIZE] = { 0, 0, 0, 0, 2, FC_DB_ENTRY };
	assert_int_equal(fc_record_version(FC_DB_ENTRY), 1);
	uint32_t crc = fc_crc32c(fc_crc32c(0, key.bytes, key.length), record + 4, 2);
	for (size_t i = 0; i < 4; i++) {
		record[i] = (uint8_t)(crc >> (8 * i));
	}
	assert_int_equal(fc_record_open(FC_DB_ENTRY, &key, record, sizeof(record), &reader),
			 FC_INCOMPATIBLE);
}

static void fields_that_a_newer_facectl_appends_are_ignored(void **state)
{
	(void)state;
	FC_CLEANUP(fc_buffer_release) struct fc_buffer payload = { 0 };
	const struct fc_space space = { .name = "5", .face_count = 3, .next_number = 9 };
	struct fc_space read = { 0 };
	fc_fields_put(&payload, fc_space_fields, &space);
	fc_buffer_put_u64(&payload, 12345);
	struct fc_reader reader = fc_reader_of(payload.data, payload.length);
	assert_int_equal(fc_fields_get(&reader, fc_space_fields, &read), FC_OK);
	assert_string_equal(read.name, "5");
	assert_int_equal(read.face_count, 3);
}

/* Every shorter payload must be refused unless it ends before an appended field, and leak nothing (the sanitizer finds leaks). */
static void a_payload_that_is_cut_is_damaged(void **state)
{
	(void)state;
	FC_CLEANUP(fc_buffer_release) struct fc_buffer payload = { 0 };
	float embedding[4] = { 1, 0, 0, 0 };
	char origin[] = "cli", path[] = "a.jpg";
	const struct fc_face_record face = {
		.embedding = embedding, .dimension = 4, .origin = origin, .path = path
	};
	fc_record_put_face(&payload, &face);
	/* formats up to 4 ended before the UUID, the flag and the length of the user data */
	size_t appended = payload.length - sizeof(face.uuid) - 1 - sizeof(uint32_t);
	for (size_t length = 0; length < payload.length; length++) {
		if (length == appended || length == appended + sizeof(face.uuid) ||
		    length == appended + sizeof(face.uuid) + 1) {
			continue;
		}
		struct fc_face_record read = { 0 };
		struct fc_reader reader = fc_reader_of(payload.data, length);
		assert_int_equal(fc_record_get_face(&reader, &read), FC_DAMAGED);
		assert_null(read.embedding);
		assert_null(read.origin);
	}
	FC_CLEANUP(fc_face_record_release) struct fc_face_record whole = { 0 };
	struct fc_reader reader = fc_reader_of(payload.data, payload.length);
	assert_int_equal(fc_record_get_face(&reader, &whole), FC_OK);
	assert_true(fc_reader_done(&reader));
	assert_memory_equal(whole.embedding, embedding, sizeof(embedding));
	assert_string_equal(whole.path, path);
}

static void a_text_with_a_nul_inside_is_damaged(void **state)
{
	(void)state;
	FC_CLEANUP(fc_buffer_release) struct fc_buffer payload = { 0 };
	char name[] = "Anna", user_data[] = "something";
	const struct fc_person person = { .name = name, .user_data = user_data };
	fc_fields_put(&payload, fc_person_fields, &person);
	payload.data[payload.length - sizeof(uint32_t) - sizeof(person.mean) - 3] = '\0';
	struct fc_person read = { 0 };
	struct fc_reader reader = fc_reader_of(payload.data, payload.length);
	assert_int_equal(fc_fields_get(&reader, fc_person_fields, &read), FC_DAMAGED);
	assert_null(read.name);
}

/* Persons of format 1 end before their mean, those of formats 2 to 4 before their title. */
static void a_missing_appended_field_is_zero(void **state)
{
	(void)state;
	FC_CLEANUP(fc_buffer_release) struct fc_buffer payload = { 0 };
	char name[] = "Anna";
	const struct fc_person person = { .name = name, .mean = 7 };
	fc_fields_put(&payload, fc_person_fields, &person);
	const size_t title = sizeof(uint32_t), both = title + sizeof(person.mean);
	for (size_t cut = 0; cut <= both; cut++) {
		FC_CLEANUP(fc_person_release) struct fc_person read = { .mean = 9 };
		struct fc_reader reader = fc_reader_of(payload.data, payload.length - cut);
		bool sound = cut == 0 || cut == title || cut == both;
		assert_int_equal(fc_fields_get(&reader, fc_person_fields, &read),
				 sound ? FC_OK : FC_DAMAGED);
		assert_true(!sound || read.mean == (cut <= title ? 7 : 0));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keys_sort_as_their_numbers),
		cmocka_unit_test(no_origin_is_the_prefix_of_another),
		cmocka_unit_test(numbers_beyond_a_keys_end_are_zero),
		cmocka_unit_test(keys_are_shown_as_text_or_hexadecimal),
		cmocka_unit_test(every_flipped_bit_of_a_record_is_noticed),
		cmocka_unit_test(a_sound_record_of_a_newer_layout_is_not_called_damaged),
		cmocka_unit_test(fields_that_a_newer_facectl_appends_are_ignored),
		cmocka_unit_test(a_payload_that_is_cut_is_damaged),
		cmocka_unit_test(a_text_with_a_nul_inside_is_damaged),
		cmocka_unit_test(a_missing_appended_field_is_zero),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
