/* The state of a check, and functions that all of its parts use. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_GALLERY_CHECK_CHECKER_H
#define FC_GALLERY_CHECK_CHECKER_H

#include "gallery/check/check.h"
#include "gallery/rows/parts.h"

/* A space's record, and the numbers of its records that the check has counted. */
struct fc_checker_tally {
	struct fc_space space;
	uint64_t persons, faces, means, entries;
};

/* The end of a segment: its space and the id of its last mean. */
struct fc_checker_place {
	uint32_t space;
	uint64_t last;
};

struct fc_checker {
	struct fc_gallery_txn *txn;
	const struct fc_check_sink *sink;
	struct fc_check_report report;
	struct fc_error failure;
	bool has_pin;
	struct fc_embedder_pin pin;
	struct fc_sequence sequence;
	struct fc_checker_tally *tallies; /* sorted by ascending id */
	size_t tally_count, tally_capacity;
	enum fc_database database; /* being walked */
	const struct fc_key *key;  /* being checked */
	uint64_t day_total;        /* sum of the counters per day */
	/* end of the previous segment; { 0 } before the first */
	struct fc_checker_place segment_before;
};

/* Check one record of the database being walked. If checker->failure is set, the check ends with this status. */
typedef void fc_checker_visit(struct fc_checker *checker, const struct fc_key *key,
			      struct fc_reader *payload);

/* Report a problem that does not concern a single record. */
void fc_checker_report_text(struct fc_checker *checker, const char *text);

/* Report a problem with the record being checked. */
void fc_checker_report(struct fc_checker *checker, const char *what);

/* Report the record as invalid unless status is FC_OK, the result of decoding it. Returns true for FC_OK. */
bool fc_checker_decoded(struct fc_checker *checker, enum fc_status status);

/* Report a problem unless the index has this row (expect_row), or the record being checked has this key (expect_own_key). */
void fc_checker_expect_row(struct fc_checker *checker, enum fc_database database,
			   const struct fc_key *key);
void fc_checker_expect_own_key(struct fc_checker *checker, const struct fc_key *expected);

/* Find the record's space. Reports a problem and returns NULL if it does not exist. */
struct fc_checker_tally *fc_checker_tally(struct fc_checker *checker, uint32_t space);

/* Report a problem unless the person exists and is in this space. */
void fc_checker_expect_person(struct fc_checker *checker, const struct fc_uuid *pid,
			      uint32_t space);

/* Read the person that an index row refers to. Reports a problem and returns false if it does not exist. */
bool fc_checker_find_person(struct fc_checker *checker, const struct fc_uuid *pid,
			    struct fc_person *out);

/* ---- space.c ---- */

fc_checker_visit fc_check_space, fc_check_space_name, fc_check_origin, fc_check_origin_name,
	fc_check_calibration, fc_check_container;

/* ---- person.c ---- */

fc_checker_visit fc_check_person, fc_check_person_space, fc_check_person_number,
	fc_check_person_name;

/* ---- face.c ---- */

fc_checker_visit fc_check_face, fc_check_face_person, fc_check_face_photo, fc_check_face_uuid,
	fc_check_crop;

/* ---- segment.c ---- */

fc_checker_visit fc_check_segment, fc_check_codes;

/* ---- mean.c ---- */

fc_checker_visit fc_check_mean;

/* ---- detected.c ---- */

fc_checker_visit fc_check_detected, fc_check_detected_time;

/* ---- snapshot.c ---- */

fc_checker_visit fc_check_snapshot, fc_check_snapshot_part, fc_check_snapshot_job;

/* ---- entry.c; fc_check_entry_row checks the rows of all three indexes ---- */

fc_checker_visit fc_check_entry, fc_check_entry_row, fc_check_entry_day;

/* ---- ledger.c ---- */

fc_checker_visit fc_check_ledger_task, fc_check_ledger_item, fc_check_ledger_path,
	fc_check_ledger_item_path, fc_check_ledger_subject;

#endif
