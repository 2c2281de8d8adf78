/* Functions that all parts of the check use: reports and lookups. */
/* SPDX-License-Identifier: MIT */
#include "gallery/check/checker.h"

#include <stdio.h>
#include <string.h>

/* ---- reporting ---- */

void fc_checker_report_text(struct fc_checker *checker, const char *text)
{
	checker->report.problems++;
	checker->sink->problem(text, checker->sink->context);
}

void fc_checker_report(struct fc_checker *checker, const char *what)
{
	char key[FC_KEY_TEXT_SIZE], text[FC_KEY_TEXT_SIZE + 160];
	fc_key_format(checker->key, key);
	snprintf(text, sizeof(text), "%s/%s: %s", fc_database_name(checker->database), key, what);
	fc_checker_report_text(checker, text);
}

/* ---- lookups: a damaged record counts as existing; it is reported when it is walked ---- */

void fc_checker_expect_row(struct fc_checker *checker, enum fc_database database,
			   const struct fc_key *key)
{
	struct fc_reader payload;
	if (fc_store_get(checker->txn, database, key, &payload, NULL) == FC_NOT_FOUND) {
		char text[80];
		snprintf(text, sizeof(text), "it has no row in %s", fc_database_name(database));
		fc_checker_report(checker, text);
	}
}

void fc_checker_expect_own_key(struct fc_checker *checker, const struct fc_key *expected)
{
	if (expected->length != checker->key->length ||
	    memcmp(expected->bytes, checker->key->bytes, expected->length) != 0) {
		fc_checker_report(checker, "its key does not match its record");
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
	fc_checker_report(checker, "its space is missing");
	return NULL;
}

bool fc_checker_find_person(struct fc_checker *checker, const struct fc_uuid *pid,
			    struct fc_person *out)
{
	enum fc_status status = fc_person_get(checker->txn, pid, out, NULL);
	if (status == FC_NOT_FOUND) {
		fc_checker_report(checker, "its person is missing");
	}
	return status == FC_OK;
}

void fc_checker_expect_person(struct fc_checker *checker, const struct fc_uuid *pid, uint32_t space)
{
	FC_CLEANUP(fc_person_release) struct fc_person person = { 0 };
	if (fc_checker_find_person(checker, pid, &person) && person.space != space) {
		fc_checker_report(checker, "its person is in another space");
	}
}

bool fc_checker_decoded(struct fc_checker *checker, enum fc_status status)
{
	if (status != FC_OK) {
		fc_checker_report(checker, "its bytes are not a valid record");
	}
	return status == FC_OK;
}
