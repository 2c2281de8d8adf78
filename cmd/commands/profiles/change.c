/* profiles merge and profiles move. */
/* SPDX-License-Identifier: MIT */
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "command.h"
#include "option/operands.h"
#include "option/person.h"
#include "output/profile_record.h"
#include "output/record.h"
#include "photos/photo_options.h"
#include "service/profiles.h"

struct change_args {
	struct option_texts words;
	const char *space, *to;
	bool force, dry_run;
};

#define AT(member) offsetof(struct change_args, member)

/* ---- merge ---- */

static const struct option_row merge_options[] = {
	OPTION_ROWS_PERSON(change_args, 0),
	{ OPTION_TEXT, 0, "to", "PERSON", AT(to), "the person to keep" },
	{ OPTION_FLAG, 0, "force", NULL, AT(force), "merge persons who do not look alike" },
	OPTION_ROW_DRY_RUN(change_args),
	{ OPTION_END },
};

struct merge_record {
	struct profile_record profile;
	double similarity;
};

static const struct record_field merge_fields[] = {
	PROFILE_FIELDS,
	{ RECORD_TEXT, "user_data", IN_PROFILE(user_data), 0, "USER DATA" },
	{ RECORD_FLAG, "dry_run", IN_PROFILE(dry_run) },
	{ RECORD_REAL, "similarity", offsetof(struct merge_record, similarity), 4, "SIMILARITY" },
	{ RECORD_END },
};

_Static_assert(offsetof(struct merge_record, profile) == 0,
	       "the fields of a profile are at its start");

static enum fc_status prepare_merge(struct command_context *ctx, void *parsed, struct fc_error *err)
{
	const struct change_args *args = parsed;
	(void)ctx;
	return args->to ? FC_OK
			: fc_fail(err, FC_INVALID_ARGUMENT,
				  "give the person to keep by --to PERSON");
}

static enum fc_status run_merge(struct command_context *ctx, void *parsed, struct fc_error *err)
{
	const struct change_args *args = parsed;
	FC_CLEANUP(fc_free)
	struct fc_uuid *others = calloc(args->words.count, sizeof(*others));
	FC_CLEANUP(fc_profile_release) struct fc_profile profile = { 0 };
	struct fc_profile_merge_request request = {
		.others = others,
		.other_count = args->words.count,
		.force = args->force,
		.dry_run = args->dry_run,
	};
	struct fc_profile_carried carried = { 0 };
	struct merge_record record;
	if (!others) {
		return fc_fail_memory(err);
	}
	FC_TRY(fc_service_need(ctx->service, FC_VERB_PROFILES_MERGE, err));
	FC_TRY(person_find(ctx, args->to, args->space, &request.kept, err));
	FC_TRY(persons_find(ctx, &args->words, args->space, others, err));
	FC_TRY(fc_service_profile_merge(ctx->service, &request, &carried, &profile, err));
	out_note(ctx->out, "%s %" PRIu64 " face%s and %" PRIu64 " entr%s",
		 args->dry_run ? "would move" : "moved", carried.faces,
		 carried.faces == 1 ? "" : "s", carried.entries,
		 carried.entries == 1 ? "y" : "ies");
	profile_record_fill(&record.profile, ctx->out, &profile);
	record.profile.dry_run = args->dry_run ? RECORD_TRUE : RECORD_FALSE;
	record.similarity = carried.has_similarity ? (double)carried.similarity : (double)NAN;
	return record_show(ctx->out, "profile", merge_fields, &record, TONE_PLAIN, err);
}

const struct command profiles_merge_command = {
	.name = "profiles merge",
	.summary = "merge profiles of the same person",
	.synopsis = "PERSON... --to PERSON [--force] [--dry-run]",
	.help = "Moves the faces and entries of each PERSON to the person of --to and deletes PERSON. "
		"The name, number and user data of the person of --to are kept. Persons whose faces "
		"are less similar than the space's junk threshold need --force.",
	.options = merge_options,
	.args_size = sizeof(struct change_args),
	.needs = COMMAND_SERVICE,
	.fields = merge_fields,
	.prepare = prepare_merge,
	.run = run_merge,
};

/* ---- move ---- */

static const struct option_row move_options[] = {
	OPTION_ROWS_PERSON(change_args, 0),
	{ OPTION_TEXT, 0, "to", "SPACE", AT(to),
	  "the destination space; created if it does not exist" },
	OPTION_ROW_DRY_RUN(change_args),
	{ OPTION_END },
};

struct move_record {
	struct profile_record profile;
	const char *person, *result, *error;
	int64_t entries;
};

#define IN_MOVE(member) offsetof(struct move_record, member)

static const struct record_field move_fields[] = {
	{ RECORD_TEXT, "person", IN_MOVE(person), 0, "PERSON" },
	{ RECORD_TEXT, "result", IN_MOVE(result), 0, "RESULT" },
	PROFILE_FIELDS,
	{ RECORD_TEXT, "user_data", IN_PROFILE(user_data) },
	{ RECORD_INTEGER, "entries", IN_MOVE(entries), 0, "ENTRIES" },
	{ RECORD_TEXT, "error", IN_MOVE(error), 0, "ERROR" },
	{ RECORD_FLAG, "dry_run", IN_PROFILE(dry_run) },
	{ RECORD_END },
};

_Static_assert(offsetof(struct move_record, profile) == 0,
	       "the fields of a profile are at its start");

/*
 * Find and move the profile named by one operand. A failure of this profile goes into its record and the outcomes; other errors
 * end the command.
 */
static enum fc_status move_one(struct command_context *ctx, const struct change_args *args,
			       const char *word, struct record_writer *writer,
			       struct operand_outcomes *outcomes, struct fc_error *err)
{
	FC_CLEANUP(fc_profile_release) struct fc_profile profile = { 0 };
	struct fc_profile_carried carried = { 0 };
	struct fc_error failure = { 0 };
	struct fc_uuid pid;
	enum fc_status status = person_find(ctx, word, args->space, &pid, &failure);
	if (status == FC_OK) {
		status = fc_service_profile_move(ctx->service, &pid, args->to, args->dry_run,
						 &carried, &profile, &failure);
	}
	if (status != FC_OK && status != FC_NOT_FOUND && status != FC_CONFLICT) {
		*err = failure;
		return status;
	}
	struct move_record record = {
		.profile = { .person_id = RECORD_ABSENT, .faces = RECORD_ABSENT },
		.result = status == FC_NOT_FOUND ? "not_found" : "failed",
		.error = failure.text,
		.entries = RECORD_ABSENT,
	};
	if (status == FC_OK) {
		profile_record_fill(&record.profile, ctx->out, &profile);
		record.result = record_outcome(ctx->out, args->dry_run, "moved");
		record.entries = (int64_t)carried.entries;
		record.error = NULL;
	}
	record.person = word;
	record.profile.dry_run = args->dry_run ? RECORD_TRUE : RECORD_FALSE;
	operand_note(outcomes, status == FC_OK ? NULL : &failure);
	return record_write(writer, &record, status == FC_OK ? TONE_PLAIN : TONE_BAD, err);
}

static enum fc_status prepare_move(struct command_context *ctx, void *parsed, struct fc_error *err)
{
	const struct change_args *args = parsed;
	(void)ctx;
	return args->to ? FC_OK
			: fc_fail(err, FC_INVALID_ARGUMENT,
				  "give the destination space by --to SPACE");
}

static enum fc_status run_move(struct command_context *ctx, void *parsed, struct fc_error *err)
{
	const struct change_args *args = parsed;
	FC_CLEANUP(record_writer_release)
	struct record_writer writer =
		record_writer_of(ctx->out, "profile_move", move_fields, false);
	struct operand_outcomes outcomes = { 0 };
	FC_TRY(fc_service_need(ctx->service, FC_VERB_PROFILES_MOVE, err));
	for (size_t i = 0; i < args->words.count; i++) {
		FC_TRY(move_one(ctx, args, args->words.items[i], &writer, &outcomes, err));
	}
	FC_TRY(record_finish(&writer, err));
	return operand_judge(&outcomes, err);
}

const struct command profiles_move_command = {
	.name = "profiles move",
	.summary = "move profiles to another space",
	.synopsis = "PERSON... --to SPACE [--dry-run]",
	.help = "Their faces and entries move with them.",
	.options = move_options,
	.args_size = sizeof(struct change_args),
	.needs = COMMAND_SERVICE,
	.fields = move_fields,
	.prepare = prepare_move,
	.run = run_move,
};
