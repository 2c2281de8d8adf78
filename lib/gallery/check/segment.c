/* Compares segments and their codes with the means. */
/* SPDX-License-Identifier: MIT */
#include "gallery/check/checker.h"
#include "gallery/search/segments.h"

struct comparison {
	struct fc_gallery_txn *txn;
	uint32_t space;
	const struct fc_segment *segment;
	struct fc_scan_set set;
	size_t next;       /* index of the next mean in the set */
	uint32_t deleted;  /* number of means in the set that have been removed */
	bool lacks, wrong; /* a mean is missing in the set; the codes of a mean are wrong */
};

static bool ids_rise(const struct comparison *comparison)
{
	const struct fc_segment *segment = comparison->segment;
	const uint64_t *ids = comparison->set.ids;
	for (size_t i = 1; i < segment->count; i++) {
		if (ids[i] <= ids[i - 1]) {
			return false;
		}
	}
	return ids[0] == segment->first && ids[segment->count - 1] == segment->last;
}

static void compare_mean(struct comparison *comparison, const struct fc_mean *mean)
{
	const struct fc_scan_set *set = &comparison->set;
	for (; comparison->next < set->packed.count && set->ids[comparison->next] < mean->id;
	     comparison->next++) {
		comparison->deleted++;
	}
	size_t index = comparison->next;
	if (index == set->packed.count || set->ids[index] != mean->id) {
		comparison->lacks = true;
		return;
	}
	comparison->next++;
	if (mean->dimension != comparison->segment->dimension ||
	    !fc_packed_holds(&set->packed, index, mean->vector, mean->dimension)) {
		comparison->wrong = true;
	}
}

/* Compare all means from the end of the previous segment to the end of this one. None may be missing in the segment. */
static void compare_means(struct comparison *comparison, uint64_t from)
{
	FC_CLEANUP(fc_store_cursor_release) struct fc_store_cursor cursor = { 0 };
	struct fc_key prefix = fc_key_space(comparison->space);
	struct fc_key start = fc_key_in_space(comparison->space, from);
	if (fc_store_walk(comparison->txn, FC_DB_MEAN, &prefix, &start, &cursor, NULL) != FC_OK) {
		return;
	}
	for (;;) {
		struct fc_mean mean = { 0 };
		enum fc_status status = fc_mean_next(&cursor, &mean, NULL);
		if (status == FC_OK && mean.id <= comparison->segment->last) {
			compare_mean(comparison, &mean);
		} else if (status != FC_DAMAGED || cursor.ended) {
			break;
		}
	}
	comparison->deleted += (uint32_t)(comparison->set.packed.count - comparison->next);
}

void fc_check_segment(struct fc_checker *checker, const struct fc_key *key,
		      struct fc_reader *payload)
{
	struct fc_segment segment = { .first = fc_key_get_u64(key, sizeof(uint32_t)) };
	struct comparison comparison = { .txn = checker->txn,
					 .space = fc_key_get_u32(key, 0),
					 .segment = &segment };
	struct fc_checker_place *before = &checker->segment_before;
	uint64_t from = before->space == comparison.space ? before->last + 1 : 0;
	if (!fc_checker_decoded(checker, fc_record_get_segment(payload, &segment))) {
		return;
	}
	*before = (struct fc_checker_place){ comparison.space, segment.last };
	if (segment.first < from) {
		fc_checker_report(checker, "it overlaps the segment before it");
	}
	/* fc_store_get checks the CRC of the codes. The details are reported when the codes are checked. */
	struct fc_reader codes;
	struct fc_key codes_key = fc_key_in_space(comparison.space, segment.first);
	if (fc_store_get(checker->txn, FC_DB_CODES, &codes_key, &codes, NULL) != FC_OK ||
	    fc_segments_view(checker->txn, comparison.space, &segment, &comparison.set, NULL) !=
		    FC_OK) {
		fc_checker_report(checker, "its codes are missing or damaged");
		return;
	}
	if (!ids_rise(&comparison)) {
		fc_checker_report(checker, "its ids are not in order");
		return;
	}
	if (!fc_scan_set_is_sound(&comparison.set)) {
		fc_checker_report(checker, "its checksums are not those of its codes");
	}
	compare_means(&comparison, from);
	if (comparison.lacks) {
		fc_checker_report(checker, "means are missing in it");
	}
	if (comparison.wrong) {
		fc_checker_report(checker, "its codes are not those of its means");
	}
	if (comparison.deleted != segment.deleted) {
		fc_checker_report(checker, "its count of removed means is wrong");
	}
}

void fc_check_codes(struct fc_checker *checker, const struct fc_key *key, struct fc_reader *payload)
{
	(void)payload;
	fc_checker_expect_row(checker, FC_DB_SEGMENT, key);
}
