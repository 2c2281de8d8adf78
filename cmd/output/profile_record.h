/* Write profiles as records. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_CMD_OUTPUT_PROFILE_RECORD_H
#define FC_CMD_OUTPUT_PROFILE_RECORD_H

#include "output/out.h"
#include "output/record.h"
#include "output/time_cell.h"
#include "protocol/platform_dialect.h"
#include "service/profiles.h"

struct profile_record {
	const char *pid, *name, *space;
	int64_t person_id, faces;
	const char *created, *updated, *user_data;
	enum record_flag dry_run; /* set by commands that change profiles */
	char pid_text[FC_UUID_TEXT_SIZE];
	char created_text[TIME_CELL_SIZE], updated_text[TIME_CELL_SIZE];
};

#define IN_PROFILE(member) offsetof(struct profile_record, member)

/* clang-format off */
#define PROFILE_FIELDS \
	{ RECORD_TEXT, "pid", IN_PROFILE(pid), 0, "PROFILE" }, \
	{ RECORD_TEXT, "name", IN_PROFILE(name), 0, "NAME" }, \
	{ RECORD_TEXT, "space", IN_PROFILE(space), 0, "SPACE" }, \
	{ RECORD_INTEGER, "person_id", IN_PROFILE(person_id), 0, "NUMBER", .rank = 2 }, \
	{ RECORD_INTEGER, "faces", IN_PROFILE(faces), 0, "FACES" }, \
	{ RECORD_TEXT, "created", IN_PROFILE(created), 0, "CREATED", .rank = 3 }, \
	{ RECORD_TEXT, "updated", IN_PROFILE(updated), 0, "UPDATED", .rank = 4 }
/* clang-format on */

/* Of a single profile. */
extern const struct record_field profile_fields[];

/* Fill in a record. It points into itself and into the profile: do not copy it. */
void profile_record_fill(struct profile_record *record, const struct out *out,
			 const struct fc_profile *profile);

/* Write one profile as the whole output of a command. */
enum fc_status profile_record_show(struct out *out, const struct fc_platform_dialect *dialect,
				   const struct fc_profile *profile, struct fc_error *err);

#endif
