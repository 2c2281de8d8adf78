/* Convert options to enrolment rules, and fill in the outcome of a photo in its record. */
/* SPDX-License-Identifier: MIT */
#include "photos/enrol_options.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/number.h"

const char *const duplicate_rules[] = { "new", "error", "skip", "attach", NULL };

/* ---- --min-quality ---- */

struct limit {
	const char *name;
	size_t offset; /* offset in struct fc_quality_limits */
	double maximum;
};

static const struct limit limits[] = {
	{ "quality", offsetof(struct fc_quality_limits, awesomeness), 1 },
	{ "sharpness", offsetof(struct fc_quality_limits, sharpness), 1 },
	{ "exposure", offsetof(struct fc_quality_limits, exposure), 1 },
	{ "eyes", offsetof(struct fc_quality_limits, eye_distance), 10000 },
	{ "visibility", offsetof(struct fc_quality_limits, visibility), 1 },
	{ "pan", offsetof(struct fc_quality_limits, pan), 90 },
	{ "tilt", offsetof(struct fc_quality_limits, tilt), 90 },
};

/* Parse "eyes=60", or a number alone, which is the limit of the quality. */
static enum fc_status parse_limit(const char *part, struct fc_quality_limits *out,
				  struct fc_error *err)
{
	const char *equals = strchr(part, '=');
	const char *name = equals ? part : "quality=";
	size_t length = equals ? (size_t)(equals - part) : strlen("quality");
	for (size_t i = 0; i < FC_ARRAY_LENGTH(limits); i++) {
		double value;
		if (strlen(limits[i].name) != length || memcmp(limits[i].name, name, length) != 0) {
			continue;
		}
		char what[40];
		snprintf(what, sizeof(what), "%s of --min-quality", limits[i].name);
		FC_TRY(fc_parse_real(equals ? equals + 1 : part, 0, limits[i].maximum, what, &value,
				     err));
		float stored = (float)value;
		memcpy((char *)out + limits[i].offset, &stored, sizeof(stored));
		return FC_OK;
	}
	return fc_fail(
		err, FC_INVALID_ARGUMENT,
		"--min-quality must name quality, sharpness, exposure, visibility, eyes, pan and tilt, not "
		"'%.100s'",
		part);
}

enum fc_status quality_limits_of(const char *text, struct fc_quality_limits *out,
				 struct fc_error *err)
{
	*out = fc_quality_floor;
	if (!text) {
		return FC_OK;
	}
	FC_CLEANUP(fc_free) char *copy = strdup(text);
	if (!copy) {
		return fc_fail_memory(err);
	}
	char *rest = copy;
	for (char *part = strsep(&rest, ","); part; part = strsep(&rest, ",")) {
		FC_TRY(parse_limit(part, out, err));
	}
	return FC_OK;
}

enum fc_status enrol_rules_of(const struct enrol_args *args, const struct photo_source *source,
			      struct fc_enrol_rules *out, struct fc_error *err)
{
	*out = (struct fc_enrol_rules){
		.on_duplicate = (enum fc_duplicate_rule)args->on_duplicate,
		.remember = source->streams && !args->no_ledger,
		.retry_failed = args->retry_failed,
	};
	return quality_limits_of(args->min_quality, &out->quality, err);
}

/* ---- records ---- */

const char *reason_word(enum fc_reason reason, enum fc_status status)
{
	return reason == FC_REASON_OTHER && status != FC_OK ? fc_status_name(status)
							    : fc_reason_name(reason);
}

void enrol_part_fill(struct enrol_part *part, const char *reason, bool examined,
		     const struct fc_duplicate *duplicate)
{
	const struct fc_identity *person = &duplicate->person;
	*part = (struct enrol_part){
		.reason = reason,
		.examined = examined ? RECORD_TRUE : RECORD_FALSE,
		.duplicate_person_id = RECORD_ABSENT,
		.duplicate_similarity =
			duplicate->found ? (double)duplicate->similarity : (double)NAN,
	};
	if (!duplicate->found) {
		return;
	}
	if (!fc_uuid_is_nil(&person->pid)) {
		fc_uuid_format(&person->pid, part->pid_text);
		part->duplicate_pid = part->pid_text;
	}
	part->duplicate_name = person->name;
	part->duplicate_person_id = person->has_number ? (int64_t)person->number : RECORD_ABSENT;
}
