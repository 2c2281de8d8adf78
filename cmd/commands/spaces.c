/* spaces list, show, update, rename and delete. */
/* SPDX-License-Identifier: MIT */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "command.h"
#include "confirm.h"
#include "option/operands.h"
#include "option/words.h"
#include "output/record.h"
#include "photos/photo_options.h"

struct space_record {
	const char *space;
	int64_t persons, faces, entries;
	const char *created;
	/* of spaces show and update */
	struct fc_bands confidence, similarity;
	enum record_flag extrapolated;
	/* of spaces delete */
	const char *result;
	enum record_flag dry_run;
	char created_text[FC_TIME_TEXT_SIZE];
};

#define IN(member) offsetof(struct space_record, member)

/* clang-format off */
#define SPACE_FIELDS \
	{ RECORD_TEXT, "space", IN(space), 0, "SPACE" }, \
	{ RECORD_INTEGER, "persons", IN(persons), 0, "PERSONS" }, \
	{ RECORD_INTEGER, "faces", IN(faces), 0, "FACES" }, \
	{ RECORD_INTEGER, "entries", IN(entries), 0, "ENTRIES" }, \
	{ RECORD_TEXT, "created", IN(created), 0, "CREATED", .rank = 1 }
/* clang-format on */

static const struct record_field list_fields[] = {
	SPACE_FIELDS,
	{ RECORD_END },
};

static const struct record_field show_fields[] = {
	SPACE_FIELDS,
	{ RECORD_REAL, "exact", IN(confidence.exact), 4, "EXACT" },
	{ RECORD_REAL, "ha", IN(confidence.ha), 4, "HA" },
	{ RECORD_REAL, "junk", IN(confidence.junk), 4, "JUNK" },
	{ RECORD_REAL, "exact_similarity", IN(similarity.exact), 4, "EXACT COSINE" },
	{ RECORD_REAL, "ha_similarity", IN(similarity.ha), 4, "HA COSINE" },
	{ RECORD_REAL, "junk_similarity", IN(similarity.junk), 4, "JUNK COSINE" },
	{ RECORD_FLAG, "extrapolated", IN(extrapolated), 0, "EXTRAPOLATED" },
	{ RECORD_END },
};

static const struct record_field result_fields[] = {
	{ RECORD_TEXT, "result", IN(result), 0, "RESULT" },
	SPACE_FIELDS,
	{ RECORD_FLAG, "dry_run", IN(dry_run) },
	{ RECORD_END },
};

/* counts NULL: the counts are unknown. bands NULL: the service has no thresholds. */
static void fill_record(struct space_record *record, const char *name,
			const struct fc_space_summary *counts, const struct fc_space_bands *bands)
{
	const struct fc_bands unknown = { NAN, NAN, NAN };
	bool counted = counts && !counts->uncounted;
	bool similar = bands && bands->has_similarity;
	*record = (struct space_record){
		.space = name,
		.persons = counted ? (int64_t)counts->persons : RECORD_ABSENT,
		.faces = counted ? (int64_t)counts->faces : RECORD_ABSENT,
		.entries = counted ? (int64_t)counts->entries : RECORD_ABSENT,
		.confidence = bands ? bands->confidence : unknown,
		.similarity = similar ? bands->similarity : unknown,
	};
	if (similar) {
		record->extrapolated = bands->extrapolated ? RECORD_TRUE : RECORD_FALSE;
	}
	if (counts && counts->created > 0) {
		fc_time_format(counts->created, record->created_text);
		record->created = record->created_text;
	}
}

static enum fc_status run_list(struct command_context *ctx, void *args, struct fc_error *err)
{
	FC_CLEANUP(fc_free) struct fc_space_summary *spaces = NULL;
	size_t count = 0;
	(void)args;
	FC_TRY(fc_service_space_list(ctx->service, &spaces, &count, err));
	FC_CLEANUP(record_writer_release)
	struct record_writer writer = record_writer_of(ctx->out, "space", list_fields, false);
	for (size_t i = 0; i < count; i++) {
		struct space_record record;
		fill_record(&record, spaces[i].name, &spaces[i], NULL);
		FC_TRY(record_write(&writer, &record, TONE_PLAIN, err));
	}
	return record_finish(&writer, err);
}

const struct command spaces_list_command = {
	.name = "spaces list",
	.summary = "list the spaces of the gallery",
	.synopsis = "",
	.needs = COMMAND_SERVICE,
	.fields = list_fields,
	.run = run_list,
};

/* ---- show and update ---- */

struct space_args {
	struct option_texts names;
	struct option_real exact, ha, junk;
	struct option_texts unset;
	bool yes, dry_run;
};

#define AT(member) offsetof(struct space_args, member)

/* clang-format off */
#define OPTION_ROW_NAME(most)                                                                      \
	{ OPTION_OPERANDS, 0, NULL, "SPACE", AT(names), "name of the space", .minimum = 1,         \
	  .maximum = most }
/* clang-format on */

/* Returns NULL if there is no space of that name. */
static const struct fc_space_summary *find_space(const struct fc_space_summary *spaces,
						 size_t count, const char *name)
{
	for (size_t i = 0; i < count; i++) {
		if (strcmp(spaces[i].name, name) == 0) {
			return &spaces[i];
		}
	}
	return NULL;
}

static const struct option_row show_options[] = {
	OPTION_ROW_NAME(1),
	{ OPTION_END },
};

static enum fc_status run_show(struct command_context *ctx, void *parsed, struct fc_error *err)
{
	const struct space_args *args = parsed;
	const char *name = args->names.items[0];
	FC_CLEANUP(fc_free) struct fc_space_summary *spaces = NULL;
	const struct fc_bands_change no_change = { 0 };
	struct fc_space_bands bands;
	struct space_record record;
	size_t count = 0;
	FC_TRY(fc_service_space_list(ctx->service, &spaces, &count, err));
	const struct fc_space_summary *space = find_space(spaces, count, name);
	if (!space) {
		return fc_fail(err, FC_NOT_FOUND, "there is no space '%s'", name);
	}
	enum fc_status status = fc_service_space_bands(ctx->service, name, &no_change, &bands, err);
	if (status != FC_UNSUPPORTED) {
		FC_TRY(status);
	}
	fill_record(&record, name, space, status == FC_OK ? &bands : NULL);
	return record_show(ctx->out, "space", show_fields, &record, TONE_PLAIN, err);
}

const struct command spaces_show_command = {
	.name = "spaces show",
	.summary = "show the counts and the thresholds of a space",
	.synopsis = "SPACE",
	.help = "Thresholds are confidences from 0 to 100; the cosine similarities are those of the "
		"embedder.",
	.options = show_options,
	.args_size = sizeof(struct space_args),
	.needs = COMMAND_SERVICE,
	.fields = show_fields,
	.run = run_show,
};

static const char *const unset_fields[] = { "thresholds", "calibration", NULL };

static const struct option_row update_options[] = {
	OPTION_ROW_NAME(1),
	{ OPTION_REAL, 0, "exact", "X", AT(exact),
	  "minimum confidence of an exact match; default: 79.3", .minimum = 0, .maximum = 100 },
	{ OPTION_REAL, 0, "ha", "X", AT(ha),
	  "minimum confidence of a high-accuracy match (ha); default: 75.5", .minimum = 0,
	  .maximum = 100 },
	{ OPTION_REAL, 0, "junk", "X", AT(junk),
	  "minimum confidence of any match (junk); default: 68.84", .minimum = 0, .maximum = 100 },
	{ OPTION_TEXTS, 0, "unset", "FIELDS", AT(unset),
	  "thresholds: reset to the defaults; calibration: remove the one that eval stored, and use the "
	  "embedder's",
	  .choices = unset_fields },
	{ OPTION_END },
};

static enum fc_status run_update(struct command_context *ctx, void *parsed, struct fc_error *err)
{
	enum { THRESHOLDS = 1 << 0, CALIBRATION = 1 << 1 };
	const struct space_args *args = parsed;
	const char *name = args->names.items[0];
	struct fc_bands_change change = {
		.has_exact = args->exact.given,
		.has_ha = args->ha.given,
		.has_junk = args->junk.given,
		.bands = { args->exact.value, args->ha.value, args->junk.value },
	};
	struct fc_space_bands bands;
	struct space_record record;
	bool given = change.has_exact || change.has_ha || change.has_junk;
	unsigned unset = 0;
	FC_TRY(words_to_bits(&args->unset, "--unset", unset_fields, &unset, err));
	if (given && unset & THRESHOLDS) {
		return fc_fail(err, FC_INVALID_ARGUMENT, "thresholds cannot be both set and unset");
	}
	if (!given && unset == 0) {
		return fc_fail(err, FC_INVALID_ARGUMENT,
			       "give --exact, --ha, --junk or --unset: there is nothing to change "
			       "('spaces show' shows the thresholds)");
	}
	if (unset & THRESHOLDS) {
		change = (struct fc_bands_change){ true, true, true, fc_bands_default() };
	}
	if (unset & CALIBRATION) {
		FC_TRY(fc_service_space_calibrate(ctx->service, name, NULL, err));
	}
	FC_TRY(fc_service_space_bands(ctx->service, name, &change, &bands, err));
	fill_record(&record, name, NULL, &bands);
	return record_show(ctx->out, "space", show_fields, &record, TONE_PLAIN, err);
}

const struct command spaces_update_command = {
	.name = "spaces update",
	.summary = "change the thresholds of a space",
	.synopsis = "SPACE [--exact X] [--ha X] [--junk X] [--unset FIELDS]",
	.options = update_options,
	.args_size = sizeof(struct space_args),
	.needs = COMMAND_SERVICE,
	.fields = show_fields,
	.run = run_update,
};

/* ---- rename ---- */

static const struct option_row rename_options[] = {
	{ OPTION_OPERANDS, 0, NULL, "SPACE NEW", AT(names), "the space and its new name",
	  .minimum = 2, .maximum = 2 },
	OPTION_ROW_DRY_RUN(space_args),
	{ OPTION_END },
};

static enum fc_status run_rename(struct command_context *ctx, void *parsed, struct fc_error *err)
{
	const struct space_args *args = parsed;
	const char *name = args->names.items[1];
	FC_CLEANUP(fc_free) struct fc_space_summary *spaces = NULL;
	struct space_record record;
	size_t count = 0;
	FC_TRY(fc_service_space_rename(ctx->service, args->names.items[0], name, args->dry_run,
				       err));
	FC_TRY(fc_service_space_list(ctx->service, &spaces, &count, err));
	fill_record(&record, name,
		    find_space(spaces, count, args->dry_run ? args->names.items[0] : name), NULL);
	record.result = record_outcome(ctx->out, args->dry_run, "renamed");
	record.dry_run = args->dry_run ? RECORD_TRUE : RECORD_FALSE;
	return record_show(ctx->out, "space_rename", result_fields, &record, TONE_PLAIN, err);
}

const struct command spaces_rename_command = {
	.name = "spaces rename",
	.summary = "give a space another name",
	.synopsis = "SPACE NEW [--dry-run]",
	.help = "The ledger forgets the photos of the space: the next run examines them again.",
	.options = rename_options,
	.args_size = sizeof(struct space_args),
	.needs = COMMAND_SERVICE,
	.fields = result_fields,
	.run = run_rename,
};

/* ---- delete ---- */

static const struct option_row delete_options[] = {
	OPTION_ROW_NAME(0),
	{ OPTION_FLAG, 'y', "yes", NULL, AT(yes), "do not ask for confirmation" },
	OPTION_ROW_DRY_RUN(space_args),
	{ OPTION_END },
};

static enum fc_status prepare_delete(struct command_context *ctx, void *parsed,
				     struct fc_error *err)
{
	const struct space_args *args = parsed;
	return confirm_check(ctx, args->yes || args->dry_run, err);
}

/* Ask one question about all spaces that exist. */
static enum fc_status ask(const struct command_context *ctx, const struct space_args *args,
			  const struct fc_space_summary *spaces, size_t count, struct fc_error *err)
{
	struct fc_space_summary sum = { 0 };
	size_t found = 0;
	char question[256];
	char what[96];
	for (size_t i = 0; i < args->names.count; i++) {
		const struct fc_space_summary *space =
			find_space(spaces, count, args->names.items[i]);
		if (space) {
			sum.persons += space->persons;
			sum.faces += space->faces;
			sum.entries += space->entries;
			sum.uncounted |= space->uncounted;
			memcpy(sum.name, space->name, sizeof(sum.name));
			found++;
		}
	}
	if (found == 0 || args->yes || args->dry_run) {
		return FC_OK;
	}
	if (found == 1) {
		snprintf(what, sizeof(what), "space '%s'", sum.name);
	} else {
		snprintf(what, sizeof(what), "%zu spaces", found);
	}
	if (sum.uncounted) {
		snprintf(question, sizeof(question),
			 "delete %s with all persons, faces and entries?", what);
	} else {
		snprintf(question, sizeof(question),
			 "delete %s with %" PRIu64 " persons, %" PRIu64 " faces and %" PRIu64
			 " entries?",
			 what, sum.persons, sum.faces, sum.entries);
	}
	return confirm(ctx, false, question, err);
}

static enum fc_status delete_one(struct command_context *ctx, const char *name,
				 const struct fc_space_summary *space, bool dry_run,
				 struct record_writer *writer, struct operand_outcomes *outcomes,
				 struct fc_error *err)
{
	struct fc_error failure = { 0 };
	struct space_record record;
	enum fc_status status = FC_OK;
	if (!space) {
		status = fc_fail(&failure, FC_NOT_FOUND, "there is no space '%s'", name);
	} else if (!dry_run) {
		status = fc_service_space_delete(ctx->service, name, &failure);
	}
	if (status != FC_OK && status != FC_NOT_FOUND) {
		*err = failure;
		return status;
	}
	operand_note(outcomes, status == FC_OK ? NULL : &failure);
	fill_record(&record, name, status == FC_OK ? space : NULL, NULL);
	record.result =
		status == FC_OK ? record_outcome(ctx->out, dry_run, "deleted") : "not_found";
	record.dry_run = dry_run ? RECORD_TRUE : RECORD_FALSE;
	return record_write(writer, &record, status == FC_OK ? TONE_PLAIN : TONE_BAD, err);
}

static enum fc_status run_delete(struct command_context *ctx, void *parsed, struct fc_error *err)
{
	const struct space_args *args = parsed;
	FC_CLEANUP(fc_free) struct fc_space_summary *spaces = NULL;
	struct operand_outcomes outcomes = { 0 };
	size_t count = 0;
	FC_CLEANUP(record_writer_release)
	struct record_writer writer =
		record_writer_of(ctx->out, "space_delete", result_fields, false);
	FC_TRY(fc_service_space_list(ctx->service, &spaces, &count, err));
	FC_TRY(ask(ctx, args, spaces, count, err));
	for (size_t i = 0; i < args->names.count; i++) {
		const char *name = args->names.items[i];
		FC_TRY(delete_one(ctx, name, find_space(spaces, count, name), args->dry_run,
				  &writer, &outcomes, err));
	}
	FC_TRY(record_finish(&writer, err));
	return operand_judge(&outcomes, err);
}

const struct command spaces_delete_command = {
	.name = "spaces delete",
	.summary = "delete spaces with their persons, faces and entries",
	.synopsis = "SPACE... [--yes] [--dry-run]",
	.help = "Asks for confirmation on a terminal, and needs --yes elsewhere.",
	.options = delete_options,
	.args_size = sizeof(struct space_args),
	.needs = COMMAND_SERVICE | COMMAND_LEDGER,
	.fields = result_fields,
	.prepare = prepare_delete,
	.run = run_delete,
};
