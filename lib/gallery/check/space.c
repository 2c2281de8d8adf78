/* The check of spaces, their origins and their calibrations. */
/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "base/memory.h"
#include "gallery/check/checker.h"
#include "gallery/rows/calibration.h"
#include "gallery/rows/container.h"
#include "gallery/rows/origin.h"

void fc_check_space(struct fc_checker *checker, const struct fc_key *key, struct fc_reader *payload)
{
	struct fc_space space = { .id = fc_key_get_u32(key, 0) };
	checker->report.spaces++;
	if (!fc_checker_decoded(checker, fc_fields_get(payload, fc_space_fields, &space))) {
		return;
	}
	struct fc_key name = fc_key_text(space.name);
	fc_checker_expect_row(checker, FC_DB_SPACE_NAME, &name);
	const char *id;
	struct fc_key own = fc_key_space(space.id);
	if (fc_container_kind_of(space.name, &id) != FC_CONTAINER_LARGE_PERSON_GROUP) {
		fc_checker_expect_row(checker, FC_DB_CONTAINER, &own);
	}
	if (space.id >= checker->sequence.space) {
		fc_checker_report(checker, "its id was never assigned");
	}
	if (fc_array_grow(&checker->tallies, sizeof(*checker->tallies), checker->tally_count,
			  &checker->tally_capacity, &checker->failure) == FC_OK) {
		checker->tallies[checker->tally_count++] =
			(struct fc_checker_tally){ .space = space };
	}
}

void fc_check_space_name(struct fc_checker *checker, const struct fc_key *key,
			 struct fc_reader *payload)
{
	(void)key;
	const struct fc_checker_tally *tally = fc_checker_tally(checker, fc_reader_u32(payload));
	if (tally) {
		struct fc_key name = fc_key_text(tally->space.name);
		fc_checker_expect_own_key(checker, &name);
	}
}

void fc_check_origin(struct fc_checker *checker, const struct fc_key *key,
		     struct fc_reader *payload)
{
	struct fc_origin origin = { .id = fc_key_get_u32(key, 0) };
	if (!fc_checker_decoded(checker, fc_fields_get(payload, fc_origin_fields, &origin))) {
		return;
	}
	struct fc_key name = fc_key_text(origin.name);
	if (origin.id == FC_ORIGIN_CLI_ID) {
		if (strcmp(origin.name, FC_ORIGIN_CLI) != 0 || origin.space != 0) {
			fc_checker_report(checker,
					  "its name or space is not that of '" FC_ORIGIN_CLI "'");
		}
		return;
	}
	fc_checker_expect_row(checker, FC_DB_ORIGIN_NAME, &name);
	if (origin.id >= checker->sequence.origin) {
		fc_checker_report(checker, "its id was never assigned");
	}
	(void)fc_checker_tally(checker, origin.space);
}

void fc_check_origin_name(struct fc_checker *checker, const struct fc_key *key,
			  struct fc_reader *payload)
{
	(void)key;
	struct fc_reader stored;
	struct fc_origin origin = { 0 };
	struct fc_key id = fc_key_space(fc_reader_u32(payload));
	enum fc_status status = fc_store_get(checker->txn, FC_DB_ORIGIN, &id, &stored, NULL);
	if (status == FC_NOT_FOUND) {
		fc_checker_report(checker, "its origin is missing");
	} else if (status == FC_OK && fc_fields_get(&stored, fc_origin_fields, &origin) == FC_OK) {
		struct fc_key name = fc_key_text(origin.name);
		fc_checker_expect_own_key(checker, &name);
	}
}

void fc_check_calibration(struct fc_checker *checker, const struct fc_key *key,
			  struct fc_reader *payload)
{
	FC_CLEANUP(fc_calibration_release) struct fc_calibration calibration = { 0 };
	if (fc_checker_decoded(checker, fc_record_get_calibration(payload, &calibration))) {
		(void)fc_checker_tally(checker, fc_key_get_u32(key, 0));
	}
}

void fc_check_container(struct fc_checker *checker, const struct fc_key *key,
			struct fc_reader *payload)
{
	FC_CLEANUP(fc_container_release) struct fc_container container = { 0 };
	if (fc_checker_decoded(checker, fc_fields_get(payload, fc_container_fields, &container))) {
		(void)fc_checker_tally(checker, fc_key_get_u32(key, 0));
	}
}
