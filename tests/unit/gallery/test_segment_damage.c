/* Damaged segments: the check, a search, and rebuilding them. */
/* SPDX-License-Identifier: MIT */
#include "model.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "gallery/search/segments.h"

enum { RUNS = FC_SEGMENT_MEANS / FC_RUN_VECTORS };

/* Flip a bit near certain bytes of the data file, so that no CRC is made to fit. Twice is back again. */
static void flip(struct model *model, const uint8_t *bytes, size_t length, ptrdiff_t place)
{
	fc_gallery_close(model->gallery);
	int fd = open(scratch_file(model->scratch, "data.mdb"), O_RDWR);
	assert_true(fd >= 0);
	off_t size = lseek(fd, 0, SEEK_END);
	uint8_t *image = malloc((size_t)size);
	assert_non_null(image);
	assert_int_equal(pread(fd, image, (size_t)size, 0), size);
	const uint8_t *found = memmem(image, (size_t)size, bytes, length);
	assert_non_null(found);
	uint8_t flipped = found[place] ^ 4;
	assert_int_equal(pwrite(fd, &flipped, 1, found - image + place), 1);
	close(fd);
	free(image);
	model->gallery = must_open(model->scratch, FC_GALLERY_WRITE);
}

static void copy_codes(struct model *model, uint8_t *out, size_t length)
{
	struct fc_key key = fc_key_in_space(model->space, 1);
	struct fc_reader payload;
	struct fc_gallery_txn *txn = must_read(model->gallery);
	assert_int_equal(fc_store_get(txn, FC_DB_CODES, &key, &payload, NULL), FC_OK);
	memcpy(out, payload.data + FC_SEGMENT_PAD, length);
	fc_gallery_end_read(txn);
}

/* Search for a face of the segment. */
static enum fc_status search_one(struct model *model, struct fc_search_hit *hit,
				 struct fc_error *err)
{
	size_t count;
	struct fc_gallery_txn *txn = must_read(model->gallery);
	enum fc_status status = find_nearest(txn, model->space, 2, hit, &count, err);
	fc_gallery_end_read(txn);
	return status;
}

static void must_reindex(struct model *model)
{
	uint64_t spaces;
	assert_int_equal(fc_gallery_reindex(model->gallery, &spaces, NULL), FC_OK);
	assert_int_equal(spaces, 1);
}

static void damaged_codes_are_noticed_by_the_check_and_rebuilt(void **state)
{
	struct model *model = *state;
	struct fc_search_hit hit;
	struct fc_error err = { 0 };
	uint8_t codes[64];
	add(model, 5000);
	copy_codes(model, codes, sizeof(codes));
	flip(model, codes, sizeof(codes), 5);
	assert_true(count_problems(model->gallery) >= 2);

	assert_int_equal(search_one(model, &hit, &err), FC_DAMAGED);
	assert_non_null(strstr(err.text, "search needs 'facectl gallery reindex'"));
	must_reindex(model);
	must_equal_a_full_scan(model);
}

/* One bit anywhere in what a search uses. The face with index 2 in the segment is searched for. */
static void any_damage_of_codes_that_a_search_uses_fails_it(void **state)
{
	struct model *model = *state;
	struct fc_search_hit hit;
	uint8_t codes[64];
	const ptrdiff_t plane = (ptrdiff_t)FC_SEGMENT_MEANS * DIMENSION / 2;
	const ptrdiff_t scales = 2 * plane, errors = scales + 4 * FC_SEGMENT_MEANS,
			low_checks = errors + 2 * FC_SEGMENT_MEANS,
			ids = low_checks + 2 * FC_SEGMENT_MEANS,
			checks = ids + 8 * FC_SEGMENT_MEANS, bounds = checks + 8 * RUNS;
	const ptrdiff_t places[] = {
		64,
		plane - 1,
		plane + 2 * DIMENSION / 2 + 3,
		scales + 4 * 77 + 1,
		errors + 2 * 1000,
		low_checks + 2 * 2,
		ids + 8 * 2 + 1,
		checks + 3,
		bounds + 12 * 5 + 2,
		bounds + 12 * RUNS - 1,
	};
	add(model, 5000);
	copy_codes(model, codes, sizeof(codes));
	for (size_t i = 0; i < FC_ARRAY_LENGTH(places); i++) {
		struct fc_error err = { 0 };
		flip(model, codes, sizeof(codes), places[i]);
		enum fc_status status = search_one(model, &hit, &err);
		flip(model, codes, sizeof(codes), places[i]);
		if (status != FC_DAMAGED || !strstr(err.text, "'facectl gallery reindex'")) {
			fail_msg("place %d: %s: %s", (int)places[i], fc_status_name(status),
				 err.text);
		}
	}
	assert_int_equal(search_one(model, &hit, NULL), FC_OK);
	assert_true(fc_uuid_equal(&hit.pid, &model->pids[2]));
}

/* What LMDB says of the codes' pages: their number, flags and count, 64 bytes before the codes. */
static void codes_on_pages_that_make_no_sense_are_not_read(void **state)
{
	struct model *model = *state;
	struct fc_search_hit hit;
	const ptrdiff_t places[] = { -64 + 6, -64 + 10, -64 + 13 };
	uint8_t codes[64];
	add(model, 5000);
	copy_codes(model, codes, sizeof(codes));
	for (size_t i = 0; i < FC_ARRAY_LENGTH(places); i++) {
		flip(model, codes, sizeof(codes), places[i]);
		enum fc_status status = search_one(model, &hit, NULL);
		flip(model, codes, sizeof(codes), places[i]);
		if (status != FC_DAMAGED) {
			fail_msg("place %d: %s", (int)places[i], fc_status_name(status));
		}
	}
	assert_int_equal(search_one(model, &hit, NULL), FC_OK);
}

/* A bit of a record's payload, whose CRC is made to fit. Twice is back again. */
struct damage {
	enum fc_database database;
	struct fc_key key;
	size_t place;
	uint8_t bit;
};

static enum fc_status spoil(struct fc_gallery_txn *txn, void *context, struct fc_error *err)
{
	const struct damage *damage = context;
	FC_CLEANUP(fc_buffer_release) struct fc_buffer copy = { 0 };
	struct fc_reader payload;
	FC_TRY(fc_store_get(txn, damage->database, &damage->key, &payload, err));
	fc_buffer_append(&copy, payload.data, payload.left);
	copy.data[damage->place] ^= damage->bit;
	return fc_store_put(txn, damage->database, &damage->key, &copy, FC_STORE_REPLACE, err);
}

static void segments_that_contradict_the_means_are_noticed(void **state)
{
	struct model *model = *state;
	struct fc_key key;
	add(model, 5000);
	key = fc_key_in_space(model->space, 1);
	size_t ids = fc_segment_length(&(struct fc_segment){ .count = FC_SEGMENT_MEANS,
							     .dimension = DIMENSION }) -
		     RUNS * (sizeof(struct fc_run_check) + sizeof(struct fc_run_bound)) -
		     FC_SEGMENT_MEANS * sizeof(uint64_t);
	size_t errors = ids - 2 * FC_SEGMENT_MEANS * sizeof(uint16_t);
	struct damage damages[] = {
		{ FC_DB_CODES, key, FC_SEGMENT_PAD + 1, 1 }, /* a code */
		{ FC_DB_CODES, key, ids, 128 },              /* a mean's id */
		{ FC_DB_CODES, key, ids - 1, 1 },            /* a low half's checksum */
		{ FC_DB_CODES, key, errors, 1 },             /* the error of a vector's codes */
		{ FC_DB_SEGMENT, key, 0, 1 },                /* the last id */
		{ FC_DB_SEGMENT, key, 12, 1 },               /* the count of removed */
	};
	for (size_t i = 0; i < FC_ARRAY_LENGTH(damages); i++) {
		must_write(model->gallery, spoil, &damages[i]);
		if (count_problems(model->gallery) < 1) {
			fail_msg("damage %zu is not noticed", i);
		}
		must_write(model->gallery, spoil, &damages[i]);
		must_check(model->gallery);
	}
}

static void append_line(const char *text, void *context)
{
	fc_buffer_printf(context, "%s\n", text);
}

static void assert_check_says(struct model *model, const char *text)
{
	FC_CLEANUP(fc_buffer_release) struct fc_buffer said = { 0 };
	struct fc_check_report report;
	assert_int_equal(fc_gallery_check(model->gallery, append_line, &said, &report, NULL),
			 FC_OK);
	if (report.problems == 0 || !strstr(fc_buffer_text(&said), text)) {
		fail_msg("not '%s', but: %s", text, fc_buffer_text(&said));
	}
}

struct addend {
	enum fc_database database;
	struct fc_key key;
	struct fc_buffer payload;
};

static enum fc_status put_record(struct fc_gallery_txn *txn, void *context, struct fc_error *err)
{
	const struct addend *addend = context;
	return fc_store_put(txn, addend->database, &addend->key, &addend->payload, FC_STORE_ADD,
			    err);
}

static void segments_that_overlap_are_noticed(void **state)
{
	struct model *model = *state;
	const struct fc_segment inner = {
		.first = 100, .last = 200, .count = 101, .dimension = DIMENSION
	};
	struct addend segment = { FC_DB_SEGMENT, { 0 }, { 0 } };
	add(model, 5000);
	segment.key = fc_key_in_space(model->space, inner.first);
	fc_record_put_segment(&segment.payload, &inner);
	must_write(model->gallery, put_record, &segment);
	assert_check_says(model, "0000000000000064: it overlaps the segment before it");
	fc_buffer_release(&segment.payload);
}

static bool goes_the_eighth(const struct model *model, size_t face)
{
	return face == 7 && face < model->count;
}

static void a_mean_that_its_segment_lacks_is_noticed(void **state)
{
	struct model *model = *state;
	struct addend mean = { FC_DB_MEAN, fc_key_in_space(1, 8), { 0 } };
	struct fc_reader stored;
	add(model, 5000);
	struct fc_gallery_txn *txn = must_read(model->gallery);
	assert_int_equal(fc_store_get(txn, FC_DB_MEAN, &mean.key, &stored, NULL), FC_OK);
	fc_buffer_append(&mean.payload, stored.data, stored.left);
	mean.payload.data[sizeof(struct fc_uuid)] = 9; /* a face that stays */
	fc_gallery_end_read(txn);
	remove_some(model, goes_the_eighth);
	must_reindex(model);
	must_write(model->gallery, put_record, &mean);
	assert_check_says(model, ": means are missing in it");
	fc_buffer_release(&mean.payload);
}

/* The first persons have two faces, and means with numbers of their own. */
static void add_doubles(struct model *model)
{
	model->persons = 5000;
	add(model, 5010);
}

static void a_mean_that_is_not_that_of_the_faces_is_noticed_and_rebuilt(void **state)
{
	struct model *model = *state;
	add_doubles(model);
	const size_t pid_and_face = sizeof(struct fc_uuid) + sizeof(uint64_t);
	struct damage damages[] = {
		/* the lowest bit of a number of the sum */
		{ FC_DB_MEAN, fc_key_in_space(1, 5003), pid_and_face + 2 * sizeof(uint32_t), 1 },
		/* the count of templates */
		{ FC_DB_MEAN, fc_key_in_space(1, 5003), pid_and_face, 4 },
		/* the face of a person with one face */
		{ FC_DB_MEAN, fc_key_in_space(1, 100), sizeof(struct fc_uuid), 1 },
		/* the person */
		{ FC_DB_MEAN, fc_key_in_space(1, 5003), 3, 1 },
	};
	const char *const texts[] = { "it is not the mean of its person's faces",
				      "it is not the mean of its person's faces",
				      "it is not the mean of its person's faces",
				      "its person is missing" };
	for (size_t i = 0; i < FC_ARRAY_LENGTH(damages); i++) {
		must_write(model->gallery, spoil, &damages[i]);
		assert_check_says(model, texts[i]);
		must_reindex(model);
		must_equal_a_full_scan(model);
	}
}

static enum fc_status drop_mean(struct fc_gallery_txn *txn, void *context, struct fc_error *err)
{
	const struct fc_key *key = context;
	return fc_store_delete(txn, FC_DB_MEAN, key, err);
}

static void a_missing_mean_is_noticed_and_rebuilt(void **state)
{
	struct model *model = *state;
	struct fc_key key = fc_key_in_space(1, 5003);
	add_doubles(model);
	must_write(model->gallery, drop_mean, &key);
	assert_true(count_problems(model->gallery) > 0);
	must_reindex(model);
	must_equal_a_full_scan(model);
}

static enum fc_status drop_codes(struct fc_gallery_txn *txn, void *context, struct fc_error *err)
{
	const struct model *model = context;
	struct fc_key key = fc_key_in_space(model->space, 1);
	return fc_store_delete(txn, FC_DB_CODES, &key, err);
}

static void missing_codes_fail_a_search_and_nothing_else(void **state)
{
	struct model *model = *state;
	struct fc_search_hit hit;
	struct fc_error err = { 0 };
	add(model, 5000);
	must_write(model->gallery, drop_codes, model);
	assert_int_equal(search_one(model, &hit, &err), FC_DAMAGED);
	assert_non_null(strstr(err.text, "its codes are missing"));
	assert_non_null(strstr(err.text, "reindex"));
	assert_true(count_problems(model->gallery) > 0);
	add(model, 5000);
	remove_some(model, goes_two_of_three);
	must_reindex(model);
	must_equal_a_full_scan(model);
}

struct loss {
	uint32_t space;
	uint64_t segment, mean; /* 0: none */
};

static enum fc_status lose(struct fc_gallery_txn *txn, void *context, struct fc_error *err)
{
	const struct loss *loss = context;
	if (loss->segment > 0) {
		struct fc_key key = fc_key_in_space(loss->space, loss->segment);
		FC_TRY(fc_store_delete(txn, FC_DB_SEGMENT, &key, err));
		FC_TRY(fc_store_delete(txn, FC_DB_CODES, &key, err));
	}
	if (loss->mean > 0) {
		struct fc_key key = fc_key_in_space(loss->space, loss->mean);
		FC_TRY(fc_store_delete(txn, FC_DB_MEAN, &key, err));
	}
	return FC_OK;
}

static void a_search_notices_that_means_are_missing(void **state)
{
	struct model *model = *state;
	struct fc_search_hit hit;
	add(model, 9000);
	const struct loss losses[] = {
		{ model->space, 1, 0 },    /* the first of two segments */
		{ model->space, 0, 9000 }, /* the last mean of the tail */
	};
	for (size_t i = 0; i < FC_ARRAY_LENGTH(losses); i++) {
		struct loss loss = losses[i];
		struct fc_error err = { 0 };
		must_write(model->gallery, lose, &loss);
		assert_int_equal(search_one(model, &hit, &err), FC_DAMAGED);
		assert_non_null(strstr(err.text, "means of persons are missing"));
		assert_non_null(strstr(err.text, "'facectl gallery reindex'"));
		must_reindex(model);
		must_equal_a_full_scan(model);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_A_MODEL(damaged_codes_are_noticed_by_the_check_and_rebuilt),
		WITH_A_MODEL(any_damage_of_codes_that_a_search_uses_fails_it),
		WITH_A_MODEL(a_search_notices_that_means_are_missing),
		WITH_A_MODEL(codes_on_pages_that_make_no_sense_are_not_read),
		WITH_A_MODEL(segments_that_contradict_the_means_are_noticed),
		WITH_A_MODEL(segments_that_overlap_are_noticed),
		WITH_A_MODEL(a_mean_that_its_segment_lacks_is_noticed),
		WITH_A_MODEL(a_mean_that_is_not_that_of_the_faces_is_noticed_and_rebuilt),
		WITH_A_MODEL(a_missing_mean_is_noticed_and_rebuilt),
		WITH_A_MODEL(missing_codes_fail_a_search_and_nothing_else),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
