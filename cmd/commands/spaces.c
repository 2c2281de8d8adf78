/* The spaces of a gallery: list, show, delete, thresholds. */
/* SPDX-License-Identifier: MIT */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "command.h"
#include "confirm.h"
#include "output/record.h"

struct space_record {
	const char *space;
	int64_t persons, faces, entries;
	const char *created;
	char created_text[FC_TIME_TEXT_SIZE];
};

#define IN(member) offsetof(struct space_record, member)

static const struct record_field fields[] = {
	{ RECORD_TEXT, "space", IN(space), 0, "SPACE" },
	{ RECORD_INTEGER, "persons", IN(persons), 0, "PERSONS" },
	{ RECORD_INTEGER, "faces", IN(faces), 0, "FACES" },
	{ RECORD_INTEGER, "entries", IN(entries), 0, "ENTRIES" },
	{ RECORD_TEXT, "created", IN(created), 0, "CREATED" },
	{ RECORD_END },
};

static void fill_record(struct space_record *record, const struct fc_space_summary *space)
{
	*record = (struct space_record){
		.space = space->name,
		.persons = space->uncounted ? RECORD_ABSENT : (int64_t)space->persons,
		.faces = space->uncounted ? RECORD_ABSENT : (int64_t)space->faces,
		.entries = space->uncounted ? RECORD_ABSENT : (int64_t)space->entries,
	};
	if (space->created > 0) {
		fc_time_format(space->created, record->created_text);
		record->created = record->created_text;
	}
}

static enum fc_status show_space(struct command_context *ctx, const struct fc_space_summary *space,
				 struct fc_error *err)
{
	struct space_record record;
	fill_record(&record, space);
	return record_show(ctx->out, "space", fields, &record, TONE_PLAIN, err);
}

static enum fc_status run_list(struct command_context *ctx, void *args, struct fc_error *err)
{
	FC_CLEANUP(fc_free) struct fc_space_summary *spaces = NULL;
	size_t count = 0;
	(void)args;
	FC_TRY(fc_service_space_list(ctx->service, &spaces, &count, err));
	FC_CLEANUP(record_writer_release)
	struct record_writer writer = record_writer_of(ctx->out, "space", fields, false);
	for (size_t i = 0; i < count; i++) {
		struct space_record record;
		fill_record(&record, &spaces[i]);
		FC_TRY(record_write(&writer, &record, TONE_PLAIN, err));
	}
	return record_finish(&writer, err);
}

const struct command spaces_list_command = {
	.name = "spaces list",
	.summary = "list the spaces of the gallery",
	.synopsis = "",
	.needs = COMMAND_SERVICE,
	.run = run_list,
};

/* ---- one space ---- */

struct space_args {
	struct option_texts names;
	bool yes;
};

#define OPTION_ROW_NAME                                                                            \
	{                                                                                          \
		OPTION_OPERANDS, 0, NULL, "SPACE", offsetof(struct space_args, names),             \
			"name of the space", .minimum = 1, .maximum = 1                            \
	}

static const struct option_row show_options[] = {
	OPTION_ROW_NAME,
	{ OPTION_END },
};

static const struct option_row delete_options[] = {
	OPTION_ROW_NAME,
	{ OPTION_FLAG, 'y', "yes", NULL, offsetof(struct space_args, yes), "do not ask" },
	{ OPTION_END },
};

static enum fc_status find_space(struct fc_service *service, const char *name,
				 struct fc_space_summary *out, struct fc_error *err)
{
	FC_CLEANUP(fc_free) struct fc_space_summary *spaces = NULL;
	size_t count = 0;
	FC_TRY(fc_service_space_list(service, &spaces, &count, err));
	for (size_t i = 0; i < count; i++) {
		if (strcmp(spaces[i].name, name) == 0) {
			*out = spaces[i];
			return FC_OK;
		}
	}
	return fc_fail(err, FC_NOT_FOUND, "there is no space '%s'", name);
}

static enum fc_status run_show(struct command_context *ctx, void *parsed, struct fc_error *err)
{
	const struct space_args *args = parsed;
	struct fc_space_summary space;
	FC_TRY(find_space(ctx->service, args->names.items[0], &space, err));
	return show_space(ctx, &space, err);
}

const struct command spaces_show_command = {
	.name = "spaces show",
	.summary = "show what a space holds",
	.synopsis = "SPACE",
	.options = show_options,
	.args_size = sizeof(struct space_args),
	.needs = COMMAND_SERVICE,
	.run = run_show,
};

static enum fc_status prepare_delete(struct command_context *ctx, void *parsed,
				     struct fc_error *err)
{
	const struct space_args *args = parsed;
	return confirm_check(ctx, args->yes, err);
}

static enum fc_status run_delete(struct command_context *ctx, void *parsed, struct fc_error *err)
{
	const struct space_args *args = parsed;
	const char *name = args->names.items[0];
	char question[256];
	struct fc_space_summary space;
	FC_TRY(find_space(ctx->service, name, &space, err));
	if (space.uncounted) {
		snprintf(question, sizeof(question),
			 "delete space '%s' with all its persons, faces and entries?", name);
	} else {
		snprintf(question, sizeof(question),
			 "delete space '%s' with %" PRIu64 " persons, %" PRIu64
			 " faces and %" PRIu64 " entries?",
			 name, space.persons, space.faces, space.entries);
	}
	FC_TRY(confirm(ctx, args->yes, question, err));
	FC_TRY(fc_service_space_delete(ctx->service, name, err));
	return show_space(ctx, &space, err);
}

const struct command spaces_delete_command = {
	.name = "spaces delete",
	.summary = "delete a space, its persons, faces and entries",
	.synopsis = "SPACE [--yes]",
	.help = "Asks before it does so on a terminal, and needs --yes elsewhere. Shows what it "
		"has deleted.",
	.options = delete_options,
	.args_size = sizeof(struct space_args),
	.needs = COMMAND_SERVICE | COMMAND_LEDGER,
	.prepare = prepare_delete,
	.run = run_delete,
};

/* ---- thresholds ---- */

struct thresholds_args {
	struct option_texts names;
	struct option_real exact, ha, junk;
	bool forget;
};

#define THRESHOLD(member) offsetof(struct thresholds_args, member)

static const struct option_row thresholds_options[] = {
	{ OPTION_OPERANDS, 0, NULL, "SPACE", THRESHOLD(names), "name of the space", .minimum = 1,
	  .maximum = 1 },
	{ OPTION_REAL, 0, "exact", "X", THRESHOLD(exact),
	  "confidence from which a match is exact; 79.3 at first", .minimum = 0, .maximum = 100 },
	{ OPTION_REAL, 0, "ha", "X", THRESHOLD(ha),
	  "confidence from which it is of high accuracy; 75.5 at first", .minimum = 0,
	  .maximum = 100 },
	{ OPTION_REAL, 0, "junk", "X", THRESHOLD(junk),
	  "confidence from which there is a match at all; 68.84 at first", .minimum = 0,
	  .maximum = 100 },
	{ OPTION_FLAG, 0, "forget-calibration", NULL, THRESHOLD(forget),
	  "drop what eval --calibrate --space measured: recognize goes by the embedder's again" },
	{ OPTION_END },
};

struct thresholds_record {
	const char *space;
	double exact, ha, junk;
	double exact_similarity, ha_similarity, junk_similarity;
	enum record_flag extrapolated;
};

#define IN_THRESHOLDS(member) offsetof(struct thresholds_record, member)

static const struct record_field thresholds_fields[] = {
	{ RECORD_TEXT, "space", IN_THRESHOLDS(space), 0, "SPACE" },
	{ RECORD_REAL, "exact", IN_THRESHOLDS(exact), 4, "EXACT" },
	{ RECORD_REAL, "ha", IN_THRESHOLDS(ha), 4, "HA" },
	{ RECORD_REAL, "junk", IN_THRESHOLDS(junk), 4, "JUNK" },
	{ RECORD_REAL, "exact_similarity", IN_THRESHOLDS(exact_similarity), 4, "EXACT COSINE" },
	{ RECORD_REAL, "ha_similarity", IN_THRESHOLDS(ha_similarity), 4, "HA COSINE" },
	{ RECORD_REAL, "junk_similarity", IN_THRESHOLDS(junk_similarity), 4, "JUNK COSINE" },
	{ RECORD_FLAG, "extrapolated", IN_THRESHOLDS(extrapolated), 0, "EXTRAPOLATED" },
	{ RECORD_END },
};

static void fill_thresholds(struct thresholds_record *record, const char *space,
			    const struct fc_space_bands *bands)
{
	bool known = bands->has_similarity;
	*record = (struct thresholds_record){
		.space = space,
		.exact = bands->confidence.exact,
		.ha = bands->confidence.ha,
		.junk = bands->confidence.junk,
		.exact_similarity = known ? bands->similarity.exact : NAN,
		.ha_similarity = known ? bands->similarity.ha : NAN,
		.junk_similarity = known ? bands->similarity.junk : NAN,
	};
	if (known) {
		record->extrapolated = bands->extrapolated ? RECORD_TRUE : RECORD_FALSE;
	}
}

static enum fc_status run_thresholds(struct command_context *ctx, void *parsed,
				     struct fc_error *err)
{
	const struct thresholds_args *args = parsed;
	const char *space = args->names.items[0];
	const struct fc_bands_change change = {
		.has_exact = args->exact.given,
		.has_ha = args->ha.given,
		.has_junk = args->junk.given,
		.bands = { args->exact.value, args->ha.value, args->junk.value },
	};
	struct fc_space_bands bands;
	struct thresholds_record record;
	if (args->forget) {
		FC_TRY(fc_service_space_calibrate(ctx->service, space, NULL, err));
	}
	FC_TRY(fc_service_space_bands(ctx->service, space, &change, &bands, err));
	fill_thresholds(&record, space, &bands);
	return record_show(ctx->out, "thresholds", thresholds_fields, &record, TONE_PLAIN, err);
}

const struct command spaces_thresholds_command = {
	.name = "spaces thresholds",
	.summary = "show or set where exact, ha and junk begin",
	.synopsis = "SPACE [--exact X] [--ha X] [--junk X] [--forget-calibration]",
	.help = "Confidence runs from 0 to 100; the cosine similarities beside it are the "
		"embedder's.",
	.options = thresholds_options,
	.args_size = sizeof(struct thresholds_args),
	.needs = COMMAND_SERVICE,
	.run = run_thresholds,
};
