/* Damage is found and named, and is never a crash of the process that asked. */
/* SPDX-License-Identifier: MIT */
#include "scratch.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "gallery/rows/calibration.h"

enum { FACES = 120 };

/* Persons with pids of their own making, so that the same bytes lie in the same places each time. */
static enum fc_status fill(struct fc_gallery_txn *txn, void *context, struct fc_error *err)
{
	struct fc_space space;
	(void)context;
	FC_TRY(fc_space_ensure(txn, "5", &space, err));
	for (uint64_t i = 0; i < FACES; i++) {
		struct fc_person person = { .space = space.id, .has_number = true, .number = i };
		person.pid.bytes[0] = (uint8_t)(i * 37);
		person.pid.bytes[15] = (uint8_t)(i + 1);
		FC_TRY(fc_person_add(txn, &person, err));
		struct enrolment enrolment = { .space = "5", .number = i, .seed = i };
		FC_TRY(enrol(txn, &enrolment, err));
	}
	return FC_OK;
}

static void create_filled(const struct scratch *scratch)
{
	struct fc_gallery *gallery = must_open(scratch, FC_GALLERY_CREATE);
	must_write(gallery, fill, NULL);
	must_check(gallery);
	fc_gallery_close(gallery);
}

/* ---- the data file in memory ---- */

struct image {
	uint8_t *bytes;
	size_t length;
};

static struct image read_image(struct scratch *scratch)
{
	struct stat info;
	int fd = open(scratch_file(scratch, "data.mdb"), O_RDONLY);
	assert_true(fd >= 0 && fstat(fd, &info) == 0);
	struct image image = { malloc((size_t)info.st_size), (size_t)info.st_size };
	assert_non_null(image.bytes);
	assert_int_equal(read(fd, image.bytes, image.length), (ssize_t)image.length);
	close(fd);
	return image;
}

static void write_image(struct scratch *scratch, const struct image *image, size_t length)
{
	int fd = open(scratch_file(scratch, "data.mdb"), O_WRONLY | O_TRUNC);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, image->bytes, length), (ssize_t)length);
	close(fd);
}

/* ---- a file cut short ---- */

static void a_file_cut_short_is_refused_with_both_sizes(void **state)
{
	struct scratch *scratch = *state;
	create_filled(scratch);
	struct image image = read_image(scratch);
	for (size_t length = 512; length < image.length; length += 512) {
		struct fc_gallery *gallery = NULL;
		struct fc_error err = { 0 };
		char sizes[64];
		write_image(scratch, &image, length);
		enum fc_status status = try_open(scratch, FC_GALLERY_READ, &gallery, &err);
		if (status != FC_DAMAGED) {
			fail_msg("%zu of %zu bytes: %s", length, image.length, err.text);
		}
		if (length >= 8192) {
			snprintf(sizes, sizeof(sizes), "has %zu bytes and needs %zu", length,
				 image.length);
			if (!strstr(err.text, sizes)) {
				fail_msg("not '%s': %s", sizes, err.text);
			}
		}
	}
	write_image(scratch, &image, image.length);
	struct fc_gallery *gallery = must_open(scratch, FC_GALLERY_READ);
	must_check(gallery);
	fc_gallery_close(gallery);
	free(image.bytes);
}

/* What is left when a writer dies between its commit and filling up the file: pages that nothing refers to are missing. */
static void a_short_file_left_by_a_writer_that_died_is_filled_up(void **state)
{
	struct scratch *scratch = *state;
	create_filled(scratch);
	struct image image = read_image(scratch);
	write_image(scratch, &image, image.length - 4096);
	FILE *lock = fopen(scratch_file(scratch, "write.lock"), "r+");
	assert_non_null(lock);
	fprintf(lock, "%-31d\n", 12345);
	assert_int_equal(fclose(lock), 0);
	struct fc_gallery *gallery = must_open(scratch, FC_GALLERY_READ);
	assert_int_equal(fc_store_bytes(gallery), image.length);
	fc_gallery_close(gallery);
	free(image.bytes);
}

/* ---- flipped bits ---- */

static uint8_t *find(const struct image *image, const void *bytes, size_t length)
{
	uint8_t *found = memmem(image->bytes, image->length, bytes, length);
	assert_non_null(found);
	return found;
}

struct complaint {
	size_t count;
	char text[480];
};

static void note(const char *text, void *context)
{
	struct complaint *complaint = context;
	complaint->count++;
	snprintf(complaint->text, sizeof(complaint->text), "%s", text);
}

static void a_flipped_bit_of_a_template_is_named_and_never_matched(void **state)
{
	struct scratch *scratch = *state;
	create_filled(scratch);
	float embedding[DIMENSION];
	make_template(7, embedding);
	struct image image = read_image(scratch);
	find(&image, embedding, sizeof(embedding))[100] ^= 4;
	write_image(scratch, &image, image.length);
	free(image.bytes);

	struct fc_gallery *gallery = must_open(scratch, FC_GALLERY_WRITE);
	struct complaint complaint = { 0 };
	struct fc_check_report report;
	assert_int_equal(fc_gallery_check(gallery, note, &complaint, &report, NULL), FC_OK);
	assert_int_equal(complaint.count, report.problems);
	assert_true(report.problems >= 1);

	FC_CLEANUP(fc_face_record_release) struct fc_face_record face = { 0 };
	struct fc_search_hit hit;
	size_t count;
	struct fc_error err = { 0 };
	struct fc_gallery_txn *txn = must_read(gallery);
	assert_int_equal(fc_search(txn, 1, embedding, 1, DIMENSION, 1, &hit, &count, &err),
			 FC_DAMAGED);
	assert_non_null(strstr(err.text, "record face/000000010000000000000008"));
	assert_int_equal(fc_face_get(txn, 1, 8, &face, NULL), FC_DAMAGED);
	assert_int_equal(fc_face_get(txn, 1, 9, &face, NULL), FC_OK);
	fc_gallery_end_read(txn);
	fc_gallery_close(gallery);
}

/* Open the gallery and read all of it, the way commands do. */
static int read_everything(void *context)
{
	const struct rlimit no_core = { 0, 0 };
	struct fc_gallery *gallery = NULL;
	struct fc_gallery_txn *txn = NULL;
	struct fc_search_hit hits[3];
	size_t count;
	float probe[DIMENSION];
	setrlimit(RLIMIT_CORE, &no_core);
	make_template(1, probe);
	if (try_open(context, FC_GALLERY_READ, &gallery, NULL) != FC_OK ||
	    fc_gallery_begin_read(gallery, &txn, NULL) != FC_OK) {
		return 1;
	}
	bool sound = fc_search(txn, 1, probe, 1, DIMENSION, 3, hits, &count, NULL) == FC_OK;
	for (uint64_t i = 0; i < FACES; i++) {
		struct fc_person person = { 0 };
		struct fc_face_record face = { 0 };
		sound &= fc_person_by_number(txn, 1, i, &person, NULL) == FC_OK;
		sound &= fc_face_get(txn, 1, i + 1, &face, NULL) == FC_OK;
		fc_person_release(&person);
		fc_face_record_release(&face);
	}
	return sound ? 0 : 1;
}

/* The check must live through it and say so; reading may fail and must not be killed. */
static void expect_no_crash(struct scratch *scratch, const char *what, size_t where)
{
	struct fc_gallery *gallery = NULL;
	int how = wait_for_child(start_child(read_everything, scratch));
	if (how > 1) {
		fail_msg("%s %zu: reading ended with %d", what, where, how);
	}
	enum fc_status status = try_open(scratch, FC_GALLERY_READ, &gallery, NULL);
	long problems = status == FC_OK ? count_problems(gallery) : -1;
	fc_gallery_close(gallery);
	if (how == 1 && problems == 0) {
		fail_msg("%s %zu: reading failed and the check found nothing", what, where);
	}
}

static void flipped_bits_anywhere_crash_nothing(void **state)
{
	struct scratch *scratch = *state;
	create_filled(scratch);
	struct image image = read_image(scratch);
	uint64_t random = 1;
	for (size_t i = 0; i < 150; i++) {
		random = random * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
		size_t bit = (size_t)(random >> 16) % (image.length * 8);
		image.bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
		write_image(scratch, &image, image.length);
		expect_no_crash(scratch, "bit", bit);
		image.bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
	}
	free(image.bytes);
}

static void zeroed_pages_do_not_crash_the_check(void **state)
{
	struct scratch *scratch = *state;
	create_filled(scratch);
	struct image image = read_image(scratch);
	uint8_t page[4096];
	size_t noticed = 0;
	for (size_t start = 0; start + sizeof(page) <= image.length; start += sizeof(page)) {
		struct fc_gallery *gallery = NULL;
		memcpy(page, image.bytes + start, sizeof(page));
		memset(image.bytes + start, 0, sizeof(page));
		write_image(scratch, &image, image.length);
		noticed += try_open(scratch, FC_GALLERY_READ, &gallery, NULL) != FC_OK ||
			   count_problems(gallery) != 0;
		fc_gallery_close(gallery);
		memcpy(image.bytes + start, page, sizeof(page));
	}
	assert_true(noticed > image.length / sizeof(page) / 2); /* the rest is free pages */
	free(image.bytes);
}

/* ---- records and indexes that disagree ---- */

struct edit {
	enum fc_database database;
	struct fc_key key;
	const struct fc_buffer *payload; /* NULL deletes */
};

static enum fc_status apply(struct fc_gallery_txn *txn, void *context, struct fc_error *err)
{
	const struct edit *edit = context;
	return edit->payload ? fc_store_put(txn, edit->database, &edit->key, edit->payload,
					    FC_STORE_REPLACE, err)
			     : fc_store_delete(txn, edit->database, &edit->key, err);
}

static void expect_complaint(struct fc_gallery *gallery, struct edit edit, size_t count,
			     const char *text)
{
	struct complaint complaint = { 0 };
	struct fc_check_report report;
	must_write(gallery, apply, &edit);
	assert_int_equal(fc_gallery_check(gallery, note, &complaint, &report, NULL), FC_OK);
	if (complaint.count != count || !strstr(complaint.text, text)) {
		fail_msg("%zu complaints, the last: %s", complaint.count, complaint.text);
	}
}

static void the_check_notices_rows_that_are_missing_or_too_many(void **state)
{
	struct scratch *scratch = *state;
	struct fc_gallery *gallery = must_open(scratch, FC_GALLERY_CREATE);
	struct enrolment enrolment = { .space = "5", .number = 1, .seed = 1 };
	must_write(gallery, enrol, &enrolment);
	FC_CLEANUP(fc_buffer_release) struct fc_buffer none = { 0 }, id = { 0 };
	const struct fc_sha256 photo = { { 1 } }, other = { { 2 } };
	fc_buffer_put_u64(&id, 1);

	expect_complaint(gallery,
			 (struct edit){ FC_DB_FACE_PHOTO, fc_key_photo(&photo, 0, 1), NULL }, 1,
			 "face/000000010000000000000001: it has no row in face_photo");
	expect_complaint(gallery,
			 (struct edit){ FC_DB_FACE_PHOTO, fc_key_photo(&other, 0, 1), &id }, 2,
			 "face_photo/02");
	expect_complaint(gallery,
			 (struct edit){ FC_DB_FACE_PHOTO, fc_key_photo(&photo, 0, 1), &id }, 1,
			 "its key does not match its record");
	expect_complaint(gallery,
			 (struct edit){ FC_DB_FACE_PHOTO, fc_key_photo(&other, 0, 1), NULL }, 0,
			 "");
	expect_complaint(
		gallery,
		(struct edit){ FC_DB_ENTRY_TIME, fc_key_entry(fc_key_space(1), 5, 1), &none }, 1,
		"entry_time/");
	expect_complaint(gallery, (struct edit){ FC_DB_PERSON_NUMBER, fc_key_in_space(1, 1), NULL },
			 2, "entry_time/");
	fc_gallery_close(gallery);
}

static void the_check_tells_of_a_calibration_of_no_space_once(void **state)
{
	struct scratch *scratch = *state;
	struct fc_gallery *gallery = must_open(scratch, FC_GALLERY_CREATE);
	struct fc_calibration_point points[] = { { 1e-2, 0.2 }, { 1e-3, 0.3 } };
	const struct fc_calibration calibration = { .points = points, .count = 2 };
	FC_CLEANUP(fc_buffer_release) struct fc_buffer payload = { 0 };
	fc_record_put_calibration(&payload, &calibration, 0);
	expect_complaint(gallery, (struct edit){ FC_DB_CALIBRATION, fc_key_space(7), &payload }, 1,
			 "calibration/00000007: its space is missing");
	fc_gallery_close(gallery);
}

static void the_check_notices_wrong_counters(void **state)
{
	struct scratch *scratch = *state;
	struct fc_gallery *gallery = must_open(scratch, FC_GALLERY_CREATE);
	must_enrol(gallery, "5", 1, 1);
	const struct fc_space space = {
		.id = 1, .name = "5", .person_count = 1, .face_count = 2, .entry_count = 1
	};
	FC_CLEANUP(fc_buffer_release) struct fc_buffer payload = { 0 };
	fc_fields_put(&payload, fc_space_fields, &space);
	expect_complaint(gallery, (struct edit){ FC_DB_SPACE, fc_key_space(1), &payload }, 1,
			 "space/00000001: its count of faces is wrong");
	fc_gallery_close(gallery);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, enter_scratch, leave_scratch)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(a_file_cut_short_is_refused_with_both_sizes),
		CASE(a_short_file_left_by_a_writer_that_died_is_filled_up),
		CASE(a_flipped_bit_of_a_template_is_named_and_never_matched),
		CASE(flipped_bits_anywhere_crash_nothing),
		CASE(zeroed_pages_do_not_crash_the_check),
		CASE(the_check_notices_rows_that_are_missing_or_too_many),
		CASE(the_check_tells_of_a_calibration_of_no_space_once),
		CASE(the_check_notices_wrong_counters),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
