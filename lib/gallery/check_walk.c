/*
 * The walk of a check: every record of every database, once, in one snapshot. A record is compared with the rows that the
 * indexes should have for it, and a row of an index with the record that it should come from.
 */
/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gallery/calibration.h"
#include "gallery/check.h"
#include "gallery/checker.h"
#include "gallery/entry_day.h"
#include "gallery/entry_merge.h"
#include "gallery/parts.h"
#include "gallery/segment_check.h"

/* ---- reporting ---- */

static void report_text(struct fc_checker *checker, const char *text)
{
	checker->report.problems++;
	checker->sink->problem(text, checker->sink->context);
}

void fc_checker_report(struct fc_checker *checker, const char *what)
{
	char key[FC_KEY_TEXT_SIZE], text[FC_KEY_TEXT_SIZE + 160];
	fc_key_format(checker->key, key);
	FC_IGNORE(snprintf(text, sizeof(text), "%s/%s: %s", fc_database_name(checker->database),
			   key, what));
	report_text(checker, text);
}

/* ---- looking things up; a damaged record is reported where it is walked, and counts as there ---- */

static bool is_there(struct fc_checker *checker, enum fc_database database,
		     const struct fc_key *key)
{
	struct fc_reader payload;
	return fc_store_get(checker->txn, database, key, &payload, NULL) != FC_NOT_FOUND;
}

void fc_checker_expect_row(struct fc_checker *checker, enum fc_database database,
			   const struct fc_key *key)
{
	if (!is_there(checker, database, key)) {
		char text[80];
		FC_IGNORE(snprintf(text, sizeof(text), "it has no row in %s",
				   fc_database_name(database)));
		fc_checker_report(checker, text);
	}
}

void fc_checker_expect_own_key(struct fc_checker *checker, const struct fc_key *wanted)
{
	if (wanted->length != checker->key->length ||
	    memcmp(wanted->bytes, checker->key->bytes, wanted->length) != 0) {
		fc_checker_report(checker, "its record says otherwise");
	}
}

struct fc_checker_tally *fc_checker_tally(struct fc_checker *checker, uint32_t space)
{
	for (size_t low = 0, high = checker->tally_count; low < high;) {
		size_t middle = low + (high - low) / 2;
		uint32_t id = checker->tallies[middle].space.id;
		if (id == space) {
			return &checker->tallies[middle];
		}
		low = id < space ? middle + 1 : low;
		high = id < space ? high : middle;
	}
	fc_checker_report(checker, "its space is not there");
	return NULL;
}

void fc_checker_expect_person(struct fc_checker *checker, const struct fc_uuid *pid, uint32_t space)
{
	FC_CLEANUP(fc_person_release) struct fc_person person = { 0 };
	switch (fc_person_get(checker->txn, pid, &person, NULL)) {
	case FC_OK:
		if (person.space != space) {
			fc_checker_report(checker, "its person is in another space");
		}
		break;
	case FC_NOT_FOUND:
		fc_checker_report(checker, "its person is not there");
		break;
	default:
		break;
	}
}

bool fc_checker_find_person(struct fc_checker *checker, const struct fc_uuid *pid,
			    struct fc_person *out)
{
	enum fc_status status = fc_person_get(checker->txn, pid, out, NULL);
	if (status == FC_NOT_FOUND) {
		fc_checker_report(checker, "its person is not there");
	}
	return status == FC_OK;
}

/* ---- one visitor for each database; a result other than FC_OK ends the check ---- */

bool fc_checker_decoded(struct fc_checker *checker, enum fc_status status)
{
	if (status != FC_OK) {
		fc_checker_report(checker, "its bytes make no such record");
	}
	return status == FC_OK;
}

static enum fc_status visit_meta(struct fc_checker *checker, const struct fc_key *key,
				 struct fc_reader *payload, struct fc_error *err)
{
	(void)checker, (void)key, (void)payload, (void)err;
	return FC_OK; /* read by name, before the walk */
}

static enum fc_status visit_space(struct fc_checker *checker, const struct fc_key *key,
				  struct fc_reader *payload, struct fc_error *err)
{
	struct fc_space space = { .id = fc_key_get_u32(key, 0) };
	checker->report.spaces++;
	if (!fc_checker_decoded(checker, fc_record_get_space(payload, &space))) {
		return FC_OK;
	}
	struct fc_key name = fc_key_text(space.name);
	fc_checker_expect_row(checker, FC_DB_SPACE_NAME, &name);
	if (space.id >= checker->sequence.space) {
		fc_checker_report(checker, "its id was never given out");
	}
	struct fc_checker_tally *grown =
		realloc(checker->tallies, (checker->tally_count + 1) * sizeof(*checker->tallies));
	if (!grown) {
		return fc_fail_memory(err);
	}
	grown[checker->tally_count++] = (struct fc_checker_tally){ .space = space };
	checker->tallies = grown;
	return FC_OK;
}

static enum fc_status visit_space_name(struct fc_checker *checker, const struct fc_key *key,
				       struct fc_reader *payload, struct fc_error *err)
{
	(void)key, (void)err;
	const struct fc_checker_tally *tally = fc_checker_tally(checker, fc_reader_u32(payload));
	if (tally) {
		struct fc_key name = fc_key_text(tally->space.name);
		fc_checker_expect_own_key(checker, &name);
	}
	return FC_OK;
}

static void check_template(struct fc_checker *checker, const struct fc_face_record *face)
{
	if (face->dimension == 0) {
		return;
	}
	if (!checker->has_pin || face->dimension != checker->pin.dimension) {
		fc_checker_report(checker, "its template is not of the gallery's embedder");
	} else if (!fc_is_normalised(face->embedding, face->dimension)) {
		fc_checker_report(checker, "its template is not of length 1");
	}
}

static enum fc_status visit_face(struct fc_checker *checker, const struct fc_key *key,
				 struct fc_reader *payload, struct fc_error *err)
{
	(void)err;
	FC_CLEANUP(fc_face_record_release)
	struct fc_face_record face = { .space = fc_key_get_u32(key, 0),
				       .id = fc_key_get_u64(key, 4) };
	checker->report.faces++;
	if (!fc_checker_decoded(checker, fc_record_get_face(payload, &face))) {
		return FC_OK;
	}
	struct fc_checker_tally *tally = fc_checker_tally(checker, face.space);
	if (tally) {
		tally->faces++;
	}
	if (face.id >= checker->sequence.face) {
		fc_checker_report(checker, "its id was never given out");
	}
	check_template(checker, &face);
	fc_checker_expect_person(checker, &face.pid, face.space);
	struct fc_key of_person = fc_key_pid_face(&face.pid, face.id);
	struct fc_key of_photo = fc_key_photo(&face.photo, face.photo_index, face.space);
	fc_checker_expect_row(checker, FC_DB_FACE_PERSON, &of_person);
	fc_checker_expect_row(checker, FC_DB_FACE_PHOTO, &of_photo);
	return FC_OK;
}

/* The face that a row of an index stands for; reports when there is none. */
static bool find_face(struct fc_checker *checker, uint32_t space, uint64_t id,
		      struct fc_face_record *out)
{
	enum fc_status status = fc_face_get(checker->txn, space, id, out, NULL);
	if (status == FC_NOT_FOUND) {
		fc_checker_report(checker, "its face is not there");
	}
	return status == FC_OK;
}

static enum fc_status visit_face_person(struct fc_checker *checker, const struct fc_key *key,
					struct fc_reader *payload, struct fc_error *err)
{
	(void)payload, (void)err;
	FC_CLEANUP(fc_person_release) struct fc_person person = { 0 };
	FC_CLEANUP(fc_face_record_release) struct fc_face_record face = { 0 };
	struct fc_uuid pid = fc_key_get_pid(key, 0);
	if (fc_checker_find_person(checker, &pid, &person) &&
	    find_face(checker, person.space, fc_key_get_u64(key, sizeof(pid.bytes)), &face)) {
		struct fc_key wanted = fc_key_pid_face(&face.pid, face.id);
		fc_checker_expect_own_key(checker, &wanted);
	}
	return FC_OK;
}

static enum fc_status visit_face_photo(struct fc_checker *checker, const struct fc_key *key,
				       struct fc_reader *payload, struct fc_error *err)
{
	(void)err;
	FC_CLEANUP(fc_face_record_release) struct fc_face_record face = { 0 };
	uint32_t space = fc_key_get_u32(key, FC_SHA256_SIZE + 2);
	if (find_face(checker, space, fc_reader_u64(payload), &face)) {
		struct fc_key wanted = fc_key_photo(&face.photo, face.photo_index, face.space);
		fc_checker_expect_own_key(checker, &wanted);
	}
	return FC_OK;
}

static enum fc_status visit_entry(struct fc_checker *checker, const struct fc_key *key,
				  struct fc_reader *payload, struct fc_error *err)
{
	(void)err;
	FC_CLEANUP(fc_entry_release) struct fc_entry entry = { .id = fc_key_get_u64(key, 0) };
	checker->report.entries++;
	if (!fc_checker_decoded(checker, fc_record_get_entry(payload, &entry))) {
		return FC_OK;
	}
	struct fc_checker_tally *tally = fc_checker_tally(checker, entry.space);
	if (tally) {
		tally->entries++;
	}
	if (entry.id >= checker->sequence.entry) {
		fc_checker_report(checker, "its id was never given out");
	}
	struct fc_key row = fc_key_space_entry(entry.space, entry.created, entry.id);
	fc_checker_expect_row(checker, FC_DB_ENTRY_TIME, &row);
	if (entry.has_pid) {
		fc_checker_expect_person(checker, &entry.pid, entry.space);
		row = fc_key_pid_entry(&entry.pid, entry.created, entry.id);
		fc_checker_expect_row(checker, FC_DB_ENTRY_PERSON, &row);
	}
	if (entry.origin) {
		row = fc_key_origin_entry(entry.space, entry.origin, entry.created, entry.id);
		fc_checker_expect_row(checker, FC_DB_ENTRY_ORIGIN, &row);
	}
	return FC_OK;
}

/* A row of any of the three indexes of entries, all of which end in the entry's id. */
static enum fc_status visit_entry_row(struct fc_checker *checker, const struct fc_key *key,
				      struct fc_reader *payload, struct fc_error *err)
{
	(void)payload, (void)err;
	FC_CLEANUP(fc_entry_release) struct fc_entry entry = { 0 };
	uint64_t id = key->length < 8 ? 0 : fc_key_get_u64(key, key->length - 8);
	enum fc_status status = fc_entry_get(checker->txn, id, &entry, NULL);
	struct fc_key wanted = { 0 };
	if (status != FC_OK) {
		if (status == FC_NOT_FOUND) {
			fc_checker_report(checker, "its entry is not there");
		}
		return FC_OK;
	}
	if (checker->database == FC_DB_ENTRY_TIME) {
		wanted = fc_key_space_entry(entry.space, entry.created, id);
	} else if (checker->database == FC_DB_ENTRY_PERSON && entry.has_pid) {
		wanted = fc_key_pid_entry(&entry.pid, entry.created, id);
	} else if (checker->database == FC_DB_ENTRY_ORIGIN && entry.origin) {
		wanted = fc_key_origin_entry(entry.space, entry.origin, entry.created, id);
	}
	fc_checker_expect_own_key(checker, &wanted);
	return FC_OK;
}

/* Counted again from the index, which the walk of the entries compares with them. */
static enum fc_status visit_entry_day(struct fc_checker *checker, const struct fc_key *key,
				      struct fc_reader *payload, struct fc_error *err)
{
	(void)err;
	FC_CLEANUP(fc_entry_merge_release)
	struct fc_entry_merge merge = { .txn = checker->txn, .oldest_first = true };
	size_t length = key->length < 8 ? 0 : key->length - 8;
	int64_t day = fc_key_get_time(key, length);
	struct fc_key prefix = *key;
	uint64_t found = 0, id;
	merge.span = (struct fc_entry_span){ true, true, day * FC_DAY_LENGTH,
					     (day + 1) * FC_DAY_LENGTH };
	prefix.length = length;
	bool whole_space = length == 5;
	if (whole_space) {
		prefix.length = 4;
	}
	if (fc_entry_merge_add(&merge, whole_space ? FC_DB_ENTRY_TIME : FC_DB_ENTRY_ORIGIN, &prefix,
			       NULL) == FC_OK) {
		while (fc_entry_merge_next(&merge, &id, NULL) == FC_OK) {
			found++;
		}
	}
	checker->day_total += whole_space ? found : 0;
	if (fc_reader_u64(payload) != found) {
		fc_checker_report(checker, "its count of entries is wrong");
	}
	return FC_OK;
}

static enum fc_status visit_origin(struct fc_checker *checker, const struct fc_key *key,
				   struct fc_reader *payload, struct fc_error *err)
{
	(void)err;
	struct fc_origin origin = { .id = fc_key_get_u32(key, 0) };
	if (!fc_checker_decoded(checker, fc_record_get_origin(payload, &origin))) {
		return FC_OK;
	}
	struct fc_key name = fc_key_text(origin.name);
	fc_checker_expect_row(checker, FC_DB_ORIGIN_NAME, &name);
	if (origin.id >= checker->sequence.origin) {
		fc_checker_report(checker, "its id was never given out");
	}
	(void)fc_checker_tally(checker, origin.space);
	return FC_OK;
}

static enum fc_status visit_origin_name(struct fc_checker *checker, const struct fc_key *key,
					struct fc_reader *payload, struct fc_error *err)
{
	(void)key, (void)err;
	struct fc_reader stored;
	struct fc_origin origin = { 0 };
	struct fc_key id = fc_key_space(fc_reader_u32(payload));
	enum fc_status status = fc_store_get(checker->txn, FC_DB_ORIGIN, &id, &stored, NULL);
	if (status == FC_NOT_FOUND) {
		fc_checker_report(checker, "its origin is not there");
	} else if (status == FC_OK && fc_record_get_origin(&stored, &origin) == FC_OK) {
		struct fc_key name = fc_key_text(origin.name);
		fc_checker_expect_own_key(checker, &name);
	}
	return FC_OK;
}

static enum fc_status visit_crop(struct fc_checker *checker, const struct fc_key *key,
				 struct fc_reader *payload, struct fc_error *err)
{
	(void)payload, (void)err;
	FC_CLEANUP(fc_face_record_release) struct fc_face_record face = { 0 };
	FC_IGNORE(find_face(checker, fc_key_get_u32(key, 0), fc_key_get_u64(key, 4), &face));
	return FC_OK;
}

static void report_segment(const char *what, void *checker)
{
	fc_checker_report(checker, what);
}

static enum fc_status visit_segment(struct fc_checker *checker, const struct fc_key *key,
				    struct fc_reader *payload, struct fc_error *err)
{
	(void)err;
	fc_segment_check(checker->txn, key, payload, &checker->segment_before, report_segment,
			 checker);
	return FC_OK;
}

static enum fc_status visit_codes(struct fc_checker *checker, const struct fc_key *key,
				  struct fc_reader *payload, struct fc_error *err)
{
	(void)payload, (void)err;
	fc_checker_expect_row(checker, FC_DB_SEGMENT, key);
	return FC_OK;
}

/* ---- the walk ---- */

static void compare_count(struct fc_checker *checker, uint64_t found)
{
	uint64_t counted;
	char text[120];
	if (fc_store_count(checker->txn, checker->database, &counted, NULL) == FC_OK &&
	    counted != found) {
		FC_IGNORE(snprintf(text, sizeof(text),
				   "%s: %llu records are counted and %llu were found",
				   fc_database_name(checker->database), (unsigned long long)counted,
				   (unsigned long long)found));
		report_text(checker, text);
	}
}

static enum fc_status visit_calibration(struct fc_checker *checker, const struct fc_key *key,
					struct fc_reader *payload, struct fc_error *err)
{
	FC_CLEANUP(fc_space_calibration_release) struct fc_space_calibration calibration = { 0 };
	(void)err;
	if (fc_checker_decoded(checker, fc_record_get_calibration(payload, &calibration)) &&
	    !fc_checker_tally(checker, fc_key_get_u32(key, 0))) {
		fc_checker_report(checker, "its space is not there");
	}
	return FC_OK;
}

static enum fc_status walk(struct fc_checker *checker, fc_checker_visit *visit,
			   struct fc_error *err)
{
	FC_CLEANUP(fc_store_cursor_release) struct fc_store_cursor cursor = { 0 };
	struct fc_key everything = { 0 }, before = { 0 }, key;
	struct fc_reader payload;
	uint64_t found = 0;
	checker->sink->stage(fc_database_name(checker->database), checker->sink->context);
	FC_TRY(fc_store_walk(checker->txn, checker->database, &everything, NULL, &cursor, err));
	checker->key = &key;
	for (;; found++) {
		struct fc_error problem = { 0 };
		enum fc_status status = fc_store_next(&cursor, &key, &payload, &problem);
		if (status == FC_NOT_FOUND) {
			break;
		}
		if (status != FC_OK) {
			report_text(checker, problem.text);
			continue;
		}
		/* Damage in the tree can lead in circles. */
		if (found > 0 && !fc_key_is_before(&before, &key)) {
			fc_checker_report(checker, "it is not behind the one before it");
			break;
		}
		before = key;
		FC_TRY(visit(checker, &key, &payload, err));
	}
	compare_count(checker, found);
	return FC_OK;
}

static void compare_tallies(struct fc_checker *checker)
{
	for (size_t i = 0; i < checker->tally_count; i++) {
		const struct fc_checker_tally *tally = &checker->tallies[i];
		struct fc_key key = fc_key_space(tally->space.id);
		checker->database = FC_DB_SPACE;
		checker->key = &key;
		if (tally->persons != tally->space.person_count) {
			fc_checker_report(checker, "its count of persons is wrong");
		}
		if (tally->faces != tally->space.face_count) {
			fc_checker_report(checker, "its count of faces is wrong");
		}
		if (tally->entries != tally->space.entry_count) {
			fc_checker_report(checker, "its count of entries is wrong");
		}
	}
}

static void read_meta(struct fc_checker *checker)
{
	struct fc_error problem = { 0 };
	enum fc_status status = fc_gallery_pin(checker->txn, &checker->pin, &problem);
	checker->has_pin = status == FC_OK;
	if (status != FC_OK && status != FC_NOT_FOUND) {
		report_text(checker, problem.text);
	}
	if (fc_store_sequence(checker->txn, &checker->sequence, &problem) != FC_OK) {
		report_text(checker, problem.text);
	}
}

static enum fc_status walk_all(struct fc_checker *checker, struct fc_error *err)
{
	static fc_checker_visit *const visitors[FC_DB_END] = {
		[FC_DB_META] = visit_meta,
		[FC_DB_SPACE] = visit_space,
		[FC_DB_SPACE_NAME] = visit_space_name,
		[FC_DB_PERSON] = fc_check_person,
		[FC_DB_PERSON_SPACE] = fc_check_person_space,
		[FC_DB_PERSON_NUMBER] = fc_check_person_number,
		[FC_DB_FACE] = visit_face,
		[FC_DB_FACE_PERSON] = visit_face_person,
		[FC_DB_FACE_PHOTO] = visit_face_photo,
		[FC_DB_ENTRY] = visit_entry,
		[FC_DB_ENTRY_PERSON] = visit_entry_row,
		[FC_DB_ENTRY_TIME] = visit_entry_row,
		[FC_DB_ENTRY_ORIGIN] = visit_entry_row,
		[FC_DB_ENTRY_DAY] = visit_entry_day,
		[FC_DB_ORIGIN] = visit_origin,
		[FC_DB_ORIGIN_NAME] = visit_origin_name,
		[FC_DB_CROP] = visit_crop,
		[FC_DB_SEGMENT] = visit_segment,
		[FC_DB_CODES] = visit_codes,
		[FC_DB_PERSON_NAME] = fc_check_person_name,
		[FC_DB_CALIBRATION] = visit_calibration,
		[FC_DB_LEDGER_TASK] = fc_check_ledger_task,
		[FC_DB_LEDGER_ITEM] = fc_check_ledger_item,
		[FC_DB_LEDGER_PATH] = fc_check_ledger_path,
		[FC_DB_LEDGER_ITEM_PATH] = fc_check_ledger_item_path,
		[FC_DB_LEDGER_SUBJECT] = fc_check_ledger_subject,
	};
	read_meta(checker);
	for (int i = FC_DB_META; i < FC_DB_END; i++) {
		checker->database = (enum fc_database)i;
		FC_TRY(walk(checker, visitors[i], err));
	}
	compare_tallies(checker);
	if (checker->day_total != checker->report.entries) {
		report_text(checker, "the days' counters do not add up to the entries");
	}
	return FC_OK;
}

enum fc_status fc_check_walk(struct fc_gallery *gallery, const struct fc_check_sink *sink,
			     struct fc_check_report *out, struct fc_error *err)
{
	FC_CLEANUP(fc_gallery_end_readp) struct fc_gallery_txn *txn = NULL;
	FC_TRY(fc_gallery_begin_read(gallery, &txn, err));
	struct fc_checker checker = { .txn = txn, .sink = sink };
	enum fc_status status = walk_all(&checker, err);
	checker.report.bytes = fc_store_bytes(gallery);
	free(checker.tallies);
	if (status == FC_OK) {
		*out = checker.report;
	}
	return status;
}
