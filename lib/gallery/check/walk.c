/*
 * Visits every record of every database once, in one snapshot. A record is compared with its rows in the indexes, and an index row with its
 * record.
 */
/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>

#include "gallery/check/checker.h"

/* The format was already checked before the walk. */
static void visit_meta(struct fc_checker *checker, const struct fc_key *key,
		       struct fc_reader *payload)
{
	(void)checker, (void)key, (void)payload;
}

static enum fc_status walk(struct fc_checker *checker, fc_checker_visit *visit,
			   struct fc_error *err)
{
	FC_CLEANUP(fc_store_cursor_release) struct fc_store_cursor cursor = { 0 };
	struct fc_key everything = { 0 }, before = { 0 }, key;
	struct fc_reader payload;
	uint64_t found = 0, counted;
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
			fc_checker_report_text(checker, problem.text);
			continue;
		}
		/* A damaged tree can contain a cycle. */
		if (found > 0 && !fc_key_is_before(&before, &key)) {
			fc_checker_report(checker, "its key is not greater than the one before it");
			break;
		}
		before = key;
		visit(checker, &key, &payload);
		if (checker->failure.status != FC_OK) {
			return fc_fail(err, checker->failure.status, "%s", checker->failure.text);
		}
	}
	if (fc_store_count(checker->txn, checker->database, &counted, NULL) == FC_OK &&
	    counted != found) {
		char text[120];
		snprintf(text, sizeof(text), "%s: %llu records are counted and %llu were found",
			 fc_database_name(checker->database), (unsigned long long)counted,
			 (unsigned long long)found);
		fc_checker_report_text(checker, text);
	}
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
		if (tally->means != tally->space.mean_count) {
			fc_checker_report(checker, "its count of means is wrong");
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
		fc_checker_report_text(checker, problem.text);
	}
	if (fc_store_sequence(checker->txn, &checker->sequence, &problem) != FC_OK) {
		fc_checker_report_text(checker, problem.text);
	}
}

static enum fc_status walk_all(struct fc_checker *checker, struct fc_error *err)
{
	static fc_checker_visit *const visitors[FC_DB_END] = {
		[FC_DB_META] = visit_meta,
		[FC_DB_SPACE] = fc_check_space,
		[FC_DB_SPACE_NAME] = fc_check_space_name,
		[FC_DB_PERSON] = fc_check_person,
		[FC_DB_PERSON_SPACE] = fc_check_person_space,
		[FC_DB_PERSON_NUMBER] = fc_check_person_number,
		[FC_DB_FACE] = fc_check_face,
		[FC_DB_FACE_PERSON] = fc_check_face_person,
		[FC_DB_FACE_PHOTO] = fc_check_face_photo,
		[FC_DB_ENTRY] = fc_check_entry,
		[FC_DB_ENTRY_PERSON] = fc_check_entry_row,
		[FC_DB_ENTRY_TIME] = fc_check_entry_row,
		[FC_DB_ENTRY_ORIGIN] = fc_check_entry_row,
		[FC_DB_ENTRY_DAY] = fc_check_entry_day,
		[FC_DB_ORIGIN] = fc_check_origin,
		[FC_DB_ORIGIN_NAME] = fc_check_origin_name,
		[FC_DB_CROP] = fc_check_crop,
		[FC_DB_SEGMENT] = fc_check_segment,
		[FC_DB_CODES] = fc_check_codes,
		[FC_DB_PERSON_NAME] = fc_check_person_name,
		[FC_DB_CALIBRATION] = fc_check_calibration,
		[FC_DB_MEAN] = fc_check_mean,
		[FC_DB_CONTAINER] = fc_check_container,
		[FC_DB_FACE_UUID] = fc_check_face_uuid,
		[FC_DB_LEDGER_TASK] = fc_check_ledger_task,
		[FC_DB_LEDGER_ITEM] = fc_check_ledger_item,
		[FC_DB_LEDGER_PATH] = fc_check_ledger_path,
		[FC_DB_LEDGER_ITEM_PATH] = fc_check_ledger_item_path,
		[FC_DB_LEDGER_SUBJECT] = fc_check_ledger_subject,
		[FC_DB_DETECTED] = fc_check_detected,
		[FC_DB_DETECTED_TIME] = fc_check_detected_time,
		[FC_DB_SNAPSHOT] = fc_check_snapshot,
		[FC_DB_SNAPSHOT_PART] = fc_check_snapshot_part,
		[FC_DB_SNAPSHOT_JOB] = fc_check_snapshot_job,
	};
	read_meta(checker);
	for (int i = FC_DB_META; i < FC_DB_END; i++) {
		checker->database = (enum fc_database)i;
		FC_TRY(walk(checker, visitors[i], err));
	}
	compare_tallies(checker);
	if (checker->day_total != checker->report.entries) {
		fc_checker_report_text(checker,
				       "the counters per day do not add up to the entries");
	}
	return FC_OK;
}

enum fc_status fc_check_walk(struct fc_gallery *gallery, const struct fc_check_sink *sink,
			     struct fc_check_report *out, struct fc_error *err)
{
	FC_CLEANUP(fc_gallery_end_readp) struct fc_gallery_txn *txn = NULL;
	FC_TRY(fc_gallery_begin_read(gallery, &txn, err));
	struct fc_checker checker = { .txn = txn, .sink = sink };
	enum fc_status status = fc_store_bytes(gallery, &checker.report.bytes, err);
	status = status == FC_OK ? walk_all(&checker, err) : status;
	free(checker.tallies);
	if (status == FC_OK) {
		*out = checker.report;
	}
	return status;
}
