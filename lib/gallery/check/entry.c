/* The check of entries, their indexes and the counters of their days. */
/* SPDX-License-Identifier: MIT */
#include "gallery/check/checker.h"
#include "gallery/rows/entry_day.h"
#include "gallery/rows/entry_merge.h"
#include "gallery/rows/parts.h"

void fc_check_entry(struct fc_checker *checker, const struct fc_key *key, struct fc_reader *payload)
{
	FC_CLEANUP(fc_entry_release) struct fc_entry entry = { .id = fc_key_get_u64(key, 0) };
	checker->report.entries++;
	if (!fc_checker_decoded(checker, fc_record_get_entry(payload, &entry))) {
		return;
	}
	struct fc_checker_tally *tally = fc_checker_tally(checker, entry.space);
	if (tally) {
		tally->entries++;
	}
	if (entry.id >= checker->sequence.entry) {
		fc_checker_report(checker, "its id was never assigned");
	}
	FC_CLEANUP(fc_person_release) struct fc_person person = { 0 };
	/* a deleted person's entries keep its pid */
	if (entry.has_pid && fc_person_get(checker->txn, &entry.pid, &person, NULL) == FC_OK &&
	    person.space != entry.space) {
		fc_checker_report(checker, "its person is in another space");
	}
	struct fc_entry_rows of = fc_entry_rows_of(&entry);
	for (size_t k = 0; k < of.count; k++) {
		fc_checker_expect_row(checker, of.rows[k].database, &of.rows[k].key);
	}
}

/* Check a row of any of the three indexes of entries. All of their keys end with the entry's id. */
void fc_check_entry_row(struct fc_checker *checker, const struct fc_key *key,
			struct fc_reader *payload)
{
	(void)payload;
	FC_CLEANUP(fc_entry_release) struct fc_entry entry = { 0 };
	uint64_t id = key->length < 8 ? 0 : fc_key_get_u64(key, key->length - 8);
	enum fc_status status = fc_entry_get(checker->txn, id, &entry, NULL);
	struct fc_key expected = { 0 };
	if (status != FC_OK) {
		if (status == FC_NOT_FOUND) {
			fc_checker_report(checker, "its entry is missing");
		}
		return;
	}
	struct fc_entry_rows of = fc_entry_rows_of(&entry);
	for (size_t i = 0; i < of.count; i++) {
		if (of.rows[i].database == checker->database) {
			expected = of.rows[i].key;
		}
	}
	fc_checker_expect_own_key(checker, &expected);
}

/* Compare the counter with the number of rows in the index. The rows themselves are checked with the entries. */
void fc_check_entry_day(struct fc_checker *checker, const struct fc_key *key,
			struct fc_reader *payload)
{
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
}
