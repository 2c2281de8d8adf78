/* What the parts of the check's walk share. Private to lib/gallery/check_*.c. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_GALLERY_CHECKER_H
#define FC_GALLERY_CHECKER_H

#include "gallery/check/check.h"
#include "gallery/rows/parts.h"

/* What a space's record says and what was found. */
struct fc_checker_tally {
	struct fc_space space;
	uint64_t persons, faces, entries;
};

/* Where a segment ends. */
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
	const struct fc_key *key;               /* being looked at */
	uint64_t day_total;                     /* entries that the days' counters know */
	struct fc_checker_place segment_before; /* the one checked last; { 0 } before the first */
};

/* Look at one record of the database being walked. A result other than FC_OK ends the check. */
typedef enum fc_status fc_checker_visit(struct fc_checker *checker, const struct fc_key *key,
					struct fc_reader *payload, struct fc_error *err);

/* A problem with the record being looked at. */
void fc_checker_report(struct fc_checker *checker, const char *what);

/* Tell a record that makes no sense from a check that cannot go on. */
bool fc_checker_decoded(struct fc_checker *checker, enum fc_status status);

/* The record should have this row in an index; or, as a row, have this key. */
void fc_checker_expect_row(struct fc_checker *checker, enum fc_database database,
			   const struct fc_key *key);
void fc_checker_expect_own_key(struct fc_checker *checker, const struct fc_key *wanted);

/* The space that the record says it is in; reports when there is none, and returns NULL. */
struct fc_checker_tally *fc_checker_tally(struct fc_checker *checker, uint32_t space);

/* A person that something in this space refers to. */
void fc_checker_expect_person(struct fc_checker *checker, const struct fc_uuid *pid,
			      uint32_t space);

/* The person that a row of an index stands for; reports when there is none. */
bool fc_checker_find_person(struct fc_checker *checker, const struct fc_uuid *pid,
			    struct fc_person *out);

/* ---- check_space.c ---- */

fc_checker_visit fc_check_space, fc_check_space_name, fc_check_origin, fc_check_origin_name,
	fc_check_calibration;

/* ---- check_person.c ---- */

fc_checker_visit fc_check_person, fc_check_person_space, fc_check_person_number,
	fc_check_person_name;

/* ---- check_face.c ---- */

fc_checker_visit fc_check_face, fc_check_face_person, fc_check_face_photo, fc_check_crop;

/* ---- check_segment.c ---- */

fc_checker_visit fc_check_segment, fc_check_codes;

/* ---- check_entry.c; fc_check_entry_row is for the three indexes ---- */

fc_checker_visit fc_check_entry, fc_check_entry_row, fc_check_entry_day;

/* ---- check_ledger.c ---- */

fc_checker_visit fc_check_ledger_task, fc_check_ledger_item, fc_check_ledger_path,
	fc_check_ledger_item_path, fc_check_ledger_subject;

#endif
