/* The check of persons and their indexes. */
/* SPDX-License-Identifier: MIT */
#include "gallery/check/checker.h"
#include "gallery/rows/mean.h"

void fc_check_person(struct fc_checker *checker, const struct fc_key *key,
		     struct fc_reader *payload)
{
	FC_CLEANUP(fc_person_release)
	struct fc_person person = { .pid = fc_key_get_pid(key, 0) };
	checker->report.persons++;
	if (!fc_checker_decoded(checker, fc_fields_get(payload, fc_person_fields, &person))) {
		return;
	}
	struct fc_checker_tally *tally = fc_checker_tally(checker, person.space);
	if (tally) {
		tally->persons++;
	}
	struct fc_key row = fc_key_space_pid(person.space, &person.pid);
	fc_checker_expect_row(checker, FC_DB_PERSON_SPACE, &row);
	if (person.has_number) {
		row = fc_key_in_space(person.space, person.number);
		fc_checker_expect_row(checker, FC_DB_PERSON_NUMBER, &row);
	}
	if (person.name) {
		row = fc_key_name_pid(person.space, person.name, &person.pid);
		fc_checker_expect_row(checker, FC_DB_PERSON_NAME, &row);
	}
	struct fc_mean mean;
	if (person.mean != 0) {
		row = fc_key_in_space(person.space, person.mean);
		fc_checker_expect_row(checker, FC_DB_MEAN, &row);
	} else if (fc_mean_compute(checker->txn, person.space, &person.pid, &mean, NULL) == FC_OK) {
		fc_checker_report(checker, "it has no mean");
	}
	FC_CLEANUP(fc_store_cursor_release) struct fc_store_cursor cursor = { 0 };
	struct fc_key faces = fc_key_pid(&person.pid), face;
	struct fc_reader nothing;
	uint64_t count = 0;
	if (fc_store_walk(checker->txn, FC_DB_FACE_PERSON, &faces, NULL, &cursor, NULL) == FC_OK) {
		while (fc_store_next(&cursor, &face, &nothing, NULL) == FC_OK) {
			count++;
		}
	}
	if (person.face_count != count) {
		fc_checker_report(checker, "its count of faces is wrong");
	}
}

void fc_check_person_space(struct fc_checker *checker, const struct fc_key *key,
			   struct fc_reader *payload)
{
	(void)payload;
	struct fc_uuid pid = fc_key_get_pid(key, 4);
	fc_checker_expect_person(checker, &pid, fc_key_get_u32(key, 0));
}

void fc_check_person_number(struct fc_checker *checker, const struct fc_key *key,
			    struct fc_reader *payload)
{
	(void)key;
	FC_CLEANUP(fc_person_release) struct fc_person person = { 0 };
	struct fc_uuid pid;
	if (fc_checker_decoded(checker, fc_record_get_pid(payload, &pid)) &&
	    fc_checker_find_person(checker, &pid, &person)) {
		struct fc_key expected = fc_key_in_space(person.space, person.number);
		fc_checker_expect_own_key(checker, &expected);
		if (!person.has_number) {
			fc_checker_report(checker, "its person has no number");
		}
	}
}

void fc_check_person_name(struct fc_checker *checker, const struct fc_key *key,
			  struct fc_reader *payload)
{
	(void)payload;
	FC_CLEANUP(fc_person_release) struct fc_person person = { 0 };
	struct fc_uuid pid = { 0 };
	if (key->length >= sizeof(pid.bytes)) {
		pid = fc_key_get_pid(key, key->length - sizeof(pid.bytes));
	}
	if (fc_checker_find_person(checker, &pid, &person)) {
		struct fc_key expected =
			fc_key_name_pid(person.space, person.name ? person.name : "", &pid);
		fc_checker_expect_own_key(checker, &expected);
	}
}
