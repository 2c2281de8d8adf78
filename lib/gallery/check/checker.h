/* What the parts of the check share. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_GALLERY_CHECKER_H
#define FC_GALLERY_CHECKER_H

#include "gallery/check/check.h"
#include "gallery/rows/parts.h"

/* A space's record, and the numbers that were counted. */
struct fc_checker_tally {
	struct fc_space space;
	uint64_t persons, faces, entries;
};

/* The end of a segment. */
struct fc_checker_place {
	uint32_t space;
	uint64_t last;
};

struct fc_checker {
	struct fc_gallery_txn *txn;
	const struct fc_check_sink *sink;
	struct fc_check_report report;
	bool has_pin;
	struct fc_embedder_pin pin;
	struct fc_sequence sequence;
	struct fc_checker_tally *tallies; /* by rising id */
	size_t tally_count, tally_capacity;
	enum fc_database database;              /* being walked */
	const struct fc_key *key;               /* being checked */
	uint64_t day_total;                     /* sum of the counters per day */
	struct fc_checker_place segment_before; /* the segment before; { 0 } before the first */
};

/* Check one record of the database being walked. A status other than FC_OK ends the check. */
typedef enum fc_status fc_checker_visit(struct fc_checker *checker, const struct fc_key *key,
					struct fc_reader *payload, struct fc_error *err);

/* A problem that is not about one record. */
void fc_checker_report_text(struct fc_checker *checker, const char *text);

/* A problem with the record being checked. */
void fc_checker_report(struct fc_checker *checker, const char *what);

/* Report a record that could not be decoded. Whether status is FC_OK. */
bool fc_checker_decoded(struct fc_checker *checker, enum fc_status status);

/* Report unless the index has this row; or unless the record being checked has this key. */
void fc_checker_expect_row(struct fc_checker *checker, enum fc_database database,
			   const struct fc_key *key);
void fc_checker_expect_own_key(struct fc_checker *checker, const struct fc_key *expected);

/* The space of the record. Reports and returns NULL when there is none. */
struct fc_checker_tally *fc_checker_tally(struct fc_checker *checker, uint32_t space);

/* Report unless the person exists and is in this space. */
void fc_checker_expect_person(struct fc_checker *checker, const struct fc_uuid *pid,
			      uint32_t space);

/* The person of a row of an index; reports when there is none. */
bool fc_checker_find_person(struct fc_checker *checker, const struct fc_uuid *pid,
			    struct fc_person *out);

/* ---- space.c ---- */

fc_checker_visit fc_check_space, fc_check_space_name, fc_check_origin, fc_check_origin_name,
	fc_check_calibration;

/* ---- person.c ---- */

fc_checker_visit fc_check_person, fc_check_person_space, fc_check_person_number,
	fc_check_person_name;

/* ---- face.c ---- */

fc_checker_visit fc_check_face, fc_check_face_person, fc_check_face_photo, fc_check_crop;

/* ---- segment.c ---- */

fc_checker_visit fc_check_segment, fc_check_codes;

/* ---- entry.c; fc_check_entry_row is for all three indexes ---- */

fc_checker_visit fc_check_entry, fc_check_entry_row, fc_check_entry_day;

/* ---- ledger.c ---- */

fc_checker_visit fc_check_ledger_task, fc_check_ledger_item, fc_check_ledger_path,
	fc_check_ledger_item_path, fc_check_ledger_subject;

#endif
