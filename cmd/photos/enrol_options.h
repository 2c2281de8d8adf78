/* Enrolment options shared by set and profiles create. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_CMD_PHOTOS_ENROL_OPTIONS_H
#define FC_CMD_PHOTOS_ENROL_OPTIONS_H

#include "output/record.h"
#include "photos/photo_source.h"

struct enrol_args {
	unsigned on_duplicate;
	const char *min_quality;
	bool retry_failed, no_ledger;
};

extern const char *const duplicate_rules[]; /* the words of --on-duplicate */

/* clang-format off */
#define OPTION_ROW_QUALITY(args, member)                                                           \
	{ OPTION_TEXT, 0, "min-quality", "LIMITS", offsetof(struct args, member),                  \
	  "minimum quality of a stored face, such as 0.4 or eyes=60,sharpness=0.3" }

#define OPTION_ROWS_RULES(args, member)                                            \
	{ OPTION_CHOICE, 0, "on-duplicate", "RULE", offsetof(struct args, member.on_duplicate),    \
	  "what to do with a face that resembles another person: new, error, skip or attach",     \
	  .choices = duplicate_rules },                                                            \
	OPTION_ROW_QUALITY(args, member.min_quality),                                              \
	{ OPTION_FLAG, 0, "retry-failed", NULL, offsetof(struct args, member.retry_failed),        \
	  "analyse photos again that failed in an earlier run" }

#define OPTION_ROWS_ENROL(args, member)                                                            \
	OPTION_ROWS_RULES(args, member),                                                           \
	{ OPTION_FLAG, 0, "no-ledger", NULL, offsetof(struct args, member.no_ledger),              \
	  "analyse every photo of a folder or list, and do not record the photos in the ledger" }
/* clang-format on */

/* Parse --min-quality. NULL, and limits that it does not name: those of fc_quality_floor. Errors: FC_INVALID_ARGUMENT. */
enum fc_status quality_limits_of(const char *text, struct fc_quality_limits *out,
				 struct fc_error *err);

/*
 * Convert the options to rules. Photos of a folder or list use the ledger; photos on the command line are always analysed.
 * Errors: FC_INVALID_ARGUMENT.
 */
enum fc_status enrol_rules_of(const struct enrol_args *args, const struct photo_source *source,
			      struct fc_enrol_rules *out, struct fc_error *err);

/* The outcome of a photo, as fields of its record. */
struct enrol_part {
	const char *reason;
	enum record_flag examined;
	const char *duplicate_pid, *duplicate_name;
	int64_t duplicate_person_id;
	double duplicate_similarity;
	char pid_text[FC_UUID_TEXT_SIZE];
};

/* clang-format off */
#define ENROL_FIELDS(record, member)                                                               \
	{ RECORD_TEXT, "reason", offsetof(struct record, member.reason), 0, "REASON", .rank = 3 },            \
	{ RECORD_FLAG, "examined", offsetof(struct record, member.examined) },                   \
	{ RECORD_TEXT, "duplicate_pid", offsetof(struct record, member.duplicate_pid) },           \
	{ RECORD_INTEGER, "duplicate_person_id", offsetof(struct record, member.duplicate_person_id) }, \
	{ RECORD_TEXT, "duplicate_name", offsetof(struct record, member.duplicate_name) },         \
	{ RECORD_REAL, "duplicate_similarity", offsetof(struct record, member.duplicate_similarity), 4 }
/* clang-format on */

/* The word for a reason. For FC_REASON_OTHER, the word for the status. */
const char *reason_word(enum fc_reason reason, enum fc_status status);

/* Fill in a part. It contains pointers into itself: do not copy it. reason: a constant word or NULL. */
void enrol_part_fill(struct enrol_part *part, const char *reason, bool examined,
		     const struct fc_duplicate *duplicate);

#endif
