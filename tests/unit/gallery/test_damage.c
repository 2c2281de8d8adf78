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
#include "gallery/rows/entry_query.h"
#include "gallery/transfer/export.h"

enum { FACES = 120 };

/* An environment in which a damaged page was found stays open until the process ends: no leak. Read by LeakSanitizer. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
	return "leak:mdb_env_create\nleak:mdb_env_open\nleak:mdb_txn_begin\n";
}

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

static enum fc_status empty(struct fc_gallery_txn *txn, void *context, struct fc_error *err)
{
	struct fc_space space;
	(void)context;
	FC_TRY(fc_space_find(txn, "5", &space, err));
	return fc_space_delete(txn, space.id, err);
}

/* LMDB does not write pages that a transaction allocates and frees again: the end of the file may be missing without damage. */
static void free_pages_at_the_end_may_be_missing(void **state)
{
	struct scratch *scratch = *state;
	create_filled(scratch);
	struct fc_gallery *gallery = must_open(scratch, FC_GALLERY_WRITE);
	must_write(gallery, empty, NULL);
	/* These take the free pages in front, and leave those at the end. */
	for (int i = 0; i < 3; i++) {
		must_write(gallery, fill, NULL);
		must_write(gallery, empty, NULL);
	}
	fc_gallery_close(gallery);
	struct image image = read_image(scratch);
	size_t missing = 0;
	struct fc_error err = { 0 };
	for (; missing < image.length; missing += 4096) {
		write_image(scratch, &image, image.length - missing);
		if (try_open(scratch, FC_GALLERY_READ, &gallery, &err) != FC_OK) {
			break;
		}
		must_check(gallery);
		fc_gallery_close(gallery);
	}
	assert_true(missing > 4096 && missing < image.length);
	assert_int_equal(err.status, FC_DAMAGED);
	write_image(scratch, &image, image.length - missing + 4096);
	gallery = must_open(scratch, FC_GALLERY_WRITE);
	must_write(gallery, fill, NULL);
	must_check(gallery);
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

/* Open the gallery and change all of it. */
static enum fc_status change_everything(struct fc_gallery_txn *txn, void *context,
					struct fc_error *err)
{
	uint64_t persons, faces;
	(void)context;
	for (uint64_t i = 0; i < FACES; i += 3) {
		struct enrolment enrolment = { .space = "5", .number = i, .seed = FACES + i };
		FC_TRY(enrol(txn, &enrolment, err));
		FC_TRY(fc_person_delete(txn, &enrolment.pid, err));
	}
	return fc_space_truncate(txn, 1, &persons, &faces, err);
}

static int write_everything(void *context)
{
	const struct rlimit no_core = { 0, 0 };
	struct fc_gallery *gallery = NULL;
	struct fc_error err = { 0 };
	setrlimit(RLIMIT_CORE, &no_core);
	alarm(60); /* an endless loop ends with a signal */
	enum fc_status status = try_open(context, FC_GALLERY_WRITE, &gallery, &err);
	if (status == FC_OK) {
		status = fc_gallery_write(gallery, change_everything, NULL, &err);
	}
	fc_gallery_close(gallery);
	return status == FC_OK ? 0 : status == FC_DAMAGED ? 1 : 2;
}

/* What damages a page: its header, the places of its nodes, and the children to which a branch refers. */
static void damage_page(uint8_t *page, unsigned kind)
{
	const uint8_t whole[2] = { 0xff, 0xff };
	switch (kind) {
	case 0: /* no nodes, or negatively many */
		memset(page + 12, 0, 2);
		break;
	case 1: /* all of the page is in use, and more */
		memcpy(page + 12, whole, sizeof(whole));
		memcpy(page + 14, whole, sizeof(whole));
		break;
	case 2: /* the first node is outside the page */
		memcpy(page + 16, whole, sizeof(whole));
		break;
	case 3: /* a leaf becomes a branch and the reverse */
		page[10] ^= 3;
		break;
	case 4: /* the first node has a key that is too long, and a large value */
		memcpy(page + 4094, whole, sizeof(whole));
		memcpy(page + (page[16] | (page[17] << 8 & 0xf00)) + 2, whole, sizeof(whole));
		break;
	default: /* the first child is the page itself */
		memcpy(page + (page[16] | (page[17] << 8 & 0xf00)), page, 4);
		break;
	}
}

static void damaged_pages_crash_neither_reading_nor_writing(void **state)
{
	struct scratch *scratch = *state;
	create_filled(scratch);
	struct image image = read_image(scratch);
	for (size_t start = 8192; start + 4096 <= image.length; start += 4096) {
		uint8_t page[4096];
		memcpy(page, image.bytes + start, sizeof(page));
		unsigned kind = (unsigned)(start / 4096 % 6);
		damage_page(image.bytes + start, kind);
		write_image(scratch, &image, image.length);
		expect_no_crash(scratch, "page", start / 4096);
		int how = wait_for_child(start_child(write_everything, scratch));
		if (how > 1) {
			fail_msg("page %zu, kind %u: writing ended with %d", start / 4096, kind,
				 how);
		}
		memcpy(image.bytes + start, page, sizeof(page));
	}
	free(image.bytes);
}

/* The file is truncated by another program while it is read. */
static void a_file_that_shrinks_while_it_is_read_is_damage_and_no_signal(void **state)
{
	struct scratch *scratch = *state;
	create_filled(scratch);
	struct fc_gallery *gallery = must_open(scratch, FC_GALLERY_READ);
	struct fc_gallery_txn *txn = must_read(gallery);
	FC_CLEANUP(fc_face_record_release) struct fc_face_record face = { 0 };
	assert_int_equal(truncate(scratch_file(scratch, "data.mdb"), 8192), 0);
	assert_int_equal(fc_face_get(txn, 1, 8, &face, NULL), FC_DAMAGED);
	assert_int_equal(fc_face_get(txn, 1, 9, &face, NULL), FC_DAMAGED);
	fc_gallery_end_read(txn);
	fc_gallery_close(gallery);
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
	FC_CLEANUP(fc_buffer_release) struct fc_buffer none = { 0 };
	const struct fc_sha256 photo = { { 1 } }, other = { { 2 } };

	struct fc_key own = fc_key_photo_face(&photo, 0, 1, 1);
	struct fc_key wrong = fc_key_photo_face(&other, 0, 1, 1);
	expect_complaint(gallery, (struct edit){ FC_DB_FACE_PHOTO, own, NULL }, 1,
			 "face/000000010000000000000001: it has no row in face_photo");
	expect_complaint(gallery, (struct edit){ FC_DB_FACE_PHOTO, wrong, &none }, 2,
			 "face_photo/02");
	expect_complaint(gallery, (struct edit){ FC_DB_FACE_PHOTO, own, &none }, 1,
			 "its key does not match its record");
	expect_complaint(gallery, (struct edit){ FC_DB_FACE_PHOTO, wrong, NULL }, 0, "");
	wrong = fc_key_uuid_face(&(struct fc_uuid){ { 1 } }, 1, 1);
	expect_complaint(gallery, (struct edit){ FC_DB_FACE_UUID, wrong, &none }, 1,
			 "its key does not match its record");
	expect_complaint(gallery, (struct edit){ FC_DB_FACE_UUID, wrong, NULL }, 0, "");
	expect_complaint(
		gallery,
		(struct edit){ FC_DB_ENTRY_TIME, fc_key_entry(fc_key_space(1), 5, 1), &none }, 1,
		"entry_time/");
	expect_complaint(gallery, (struct edit){ FC_DB_PERSON_NUMBER, fc_key_in_space(1, 1), NULL },
			 2, "entry_time/");
	fc_gallery_close(gallery);
}

/* Delete one row of an index, and expect that whoever follows the index reports damage instead of finding less. */
static void delete_row(struct fc_gallery *gallery, enum fc_database database, struct fc_key key)
{
	struct edit edit = { database, key, NULL };
	must_write(gallery, apply, &edit);
}

static bool visit_face(const struct fc_face_record *face, void *context)
{
	(void)face, (void)context;
	return true;
}

static bool visit_person(const struct fc_person *person, void *context)
{
	(void)person, (void)context;
	return true;
}

static bool visit_entry(const struct fc_entry *entry, void *context)
{
	(void)entry, (void)context;
	return true;
}

static enum fc_status ignore_record(void *context, const struct fc_transfer *record,
				    struct fc_error *err)
{
	(void)context, (void)record, (void)err;
	return FC_OK;
}

static enum fc_status export_entries(struct fc_gallery *gallery, struct fc_error *err)
{
	const struct fc_export_options options = { .entries = true };
	return fc_gallery_export(gallery, &options, ignore_record, NULL, err);
}

static void a_record_that_an_index_promises_is_damage_when_it_is_missing(void **state)
{
	struct scratch *scratch = *state;
	struct fc_error err = { 0 };
	create_filled(scratch);
	struct fc_gallery *gallery = must_open(scratch, FC_GALLERY_WRITE);
	assert_int_equal(export_entries(gallery, &err), FC_OK);
	delete_row(gallery, FC_DB_FACE, fc_key_in_space(1, 8));
	assert_int_equal(export_entries(gallery, &err), FC_DAMAGED);
	assert_non_null(strstr(err.text, "is damaged: there is no face 8 in the space"));
	fc_gallery_close(gallery);
}

static void a_person_whom_the_space_lists_is_not_taken_for_deleted(void **state)
{
	struct scratch *scratch = *state;
	struct fc_error err = { 0 };
	FC_CLEANUP(fc_person_release) struct fc_person person = { 0 };
	FC_CLEANUP(fc_person_release) struct fc_person again = { 0 };
	bool found;
	create_filled(scratch);
	struct fc_gallery *gallery = must_open(scratch, FC_GALLERY_WRITE);
	struct fc_gallery_txn *txn = must_read(gallery);
	assert_int_equal(fc_person_by_number(txn, 1, 7, &person, NULL), FC_OK);
	assert_int_equal(fc_person_get_if_any(txn, 1, &person.pid, &found, &again, &err), FC_OK);
	assert_true(found);
	fc_gallery_end_read(txn);
	fc_person_release(&again);

	delete_row(gallery, FC_DB_PERSON, fc_key_pid(&person.pid));
	txn = must_read(gallery);
	assert_int_equal(fc_person_get_if_any(txn, 1, &person.pid, &found, &again, &err),
			 FC_DAMAGED);
	assert_non_null(strstr(err.text, "its person is missing"));
	fc_gallery_end_read(txn);

	delete_row(gallery, FC_DB_PERSON_SPACE, fc_key_space_pid(1, &person.pid));
	txn = must_read(gallery);
	assert_int_equal(fc_person_get_if_any(txn, 1, &person.pid, &found, &again, &err), FC_OK);
	assert_false(found);
	fc_gallery_end_read(txn);
	fc_gallery_close(gallery);
}

static void an_index_that_lacks_rows_is_damage_and_not_a_shorter_list(void **state)
{
	struct scratch *scratch = *state;
	struct fc_error err = { 0 };
	create_filled(scratch);
	struct fc_gallery *gallery = must_open(scratch, FC_GALLERY_WRITE);
	struct fc_gallery_txn *txn = must_read(gallery);
	FC_CLEANUP(fc_person_release) struct fc_person person = { 0 };
	FC_CLEANUP(fc_entry_release) struct fc_entry entry = { 0 };
	struct fc_entry_query all = { 0 };
	assert_int_equal(fc_person_by_number(txn, 1, 7, &person, NULL), FC_OK);
	assert_int_equal(fc_entry_get(txn, 1, &entry, NULL), FC_OK);
	fc_gallery_end_read(txn);

	delete_row(gallery, FC_DB_FACE_PERSON, fc_key_pid_face(&person.pid, 8));
	txn = must_read(gallery);
	assert_int_equal(fc_face_each_of_person(txn, &person.pid, visit_face, NULL, &err),
			 FC_DAMAGED);
	assert_non_null(strstr(err.text, "faces of the person are missing"));
	fc_gallery_end_read(txn);
	assert_int_equal(export_entries(gallery, &err), FC_DAMAGED);

	delete_row(gallery, FC_DB_PERSON_SPACE, fc_key_space_pid(1, &person.pid));
	txn = must_read(gallery);
	assert_int_equal(fc_person_each(txn, 1, NULL, visit_person, NULL, &err), FC_DAMAGED);
	assert_non_null(strstr(err.text, "persons of the space are missing"));

	fc_gallery_end_read(txn);
	delete_row(gallery, FC_DB_ENTRY_TIME, fc_key_entry(fc_key_space(1), entry.created, 1));
	txn = must_read(gallery);
	assert_int_equal(fc_entry_each(txn, &all, 0, visit_entry, NULL, &err), FC_DAMAGED);
	assert_non_null(strstr(err.text, "entries are missing in an index"));
	const struct fc_entry_query past = { .has_until = true, .until = INT64_MAX };
	assert_int_equal(fc_entry_each(txn, &past, 0, visit_entry, NULL, &err), FC_DAMAGED);
	fc_gallery_end_read(txn);

	delete_row(gallery, FC_DB_SPACE_NAME, fc_key_text("5"));
	struct fc_space space;
	txn = must_read(gallery);
	assert_int_equal(fc_space_find(txn, "5", &space, &err), FC_DAMAGED);
	fc_gallery_end_read(txn);
	fc_gallery_close(gallery);
}

static void a_change_is_not_acknowledged_into_a_file_that_was_replaced(void **state)
{
	struct scratch *scratch = *state;
	struct fc_error err = { 0 };
	create_filled(scratch);
	struct fc_gallery *gallery = must_open(scratch, FC_GALLERY_WRITE);
	struct image image = read_image(scratch);
	assert_int_equal(unlink(scratch_file(scratch, "data.mdb")), 0);
	int fd = open(scratch_file(scratch, "data.mdb"), O_WRONLY | O_CREAT | O_EXCL, 0600);
	assert_true(fd >= 0);
	close(fd);
	write_image(scratch, &image, image.length);
	struct enrolment enrolment = { .space = "5", .number = 1000, .seed = 1000 };
	assert_int_equal(fc_gallery_write(gallery, enrol, &enrolment, &err), FC_GALLERY_LOST);
	assert_non_null(strstr(err.text, "was replaced while it was in use"));
	fc_gallery_close(gallery);
	gallery = must_open(scratch, FC_GALLERY_READ);
	assert_int_equal(must_check(gallery).faces, FACES);
	fc_gallery_close(gallery);
	free(image.bytes);
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
	const struct fc_space space = { .id = 1,
					.name = "5",
					.person_count = 1,
					.face_count = 2,
					.mean_count = 1,
					.entry_count = 1 };
	const struct fc_space other = { .id = 1,
					.name = "5",
					.person_count = 1,
					.face_count = 1,
					.mean_count = 2,
					.entry_count = 1 };
	FC_CLEANUP(fc_buffer_release) struct fc_buffer payload = { 0 }, second = { 0 };
	fc_fields_put(&payload, fc_space_fields, &space);
	expect_complaint(gallery, (struct edit){ FC_DB_SPACE, fc_key_space(1), &payload }, 1,
			 "space/00000001: its count of faces is wrong");
	fc_fields_put(&second, fc_space_fields, &other);
	expect_complaint(gallery, (struct edit){ FC_DB_SPACE, fc_key_space(1), &second }, 1,
			 "space/00000001: its count of means is wrong");
	fc_gallery_close(gallery);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, enter_scratch, leave_scratch)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(a_file_cut_short_is_refused_with_both_sizes),
		CASE(free_pages_at_the_end_may_be_missing),
		CASE(a_flipped_bit_of_a_template_is_named_and_never_matched),
		CASE(flipped_bits_anywhere_crash_nothing),
		CASE(damaged_pages_crash_neither_reading_nor_writing),
		CASE(a_file_that_shrinks_while_it_is_read_is_damage_and_no_signal),
		CASE(zeroed_pages_do_not_crash_the_check),
		CASE(a_record_that_an_index_promises_is_damage_when_it_is_missing),
		CASE(a_person_whom_the_space_lists_is_not_taken_for_deleted),
		CASE(an_index_that_lacks_rows_is_damage_and_not_a_shorter_list),
		CASE(a_change_is_not_acknowledged_into_a_file_that_was_replaced),
		CASE(the_check_notices_rows_that_are_missing_or_too_many),
		CASE(the_check_tells_of_a_calibration_of_no_space_once),
		CASE(the_check_notices_wrong_counters),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
