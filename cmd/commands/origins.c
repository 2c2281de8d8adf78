/* Origins (where photos come from): origins create, list, show, update, delete. */
/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "command.h"
#include "option/operands.h"
#include "option/words.h"
#include "output/record.h"
#include "output/time_cell.h"
#include "photos/photo_options.h"
#include "protocol/platform_dialect.h"
#include "service/origins.h"
#include "service/profiles.h"

struct origin_record {
	const char *origin;
	int64_t id;
	const char *space;
	int64_t min_facesize, create_min_facesize;
	enum record_flag create_on_ha, create_on_junk;
	struct record_texts save_entries;
	int64_t entry_storage_days, entries;
	const char *created;
	const char *result; /* result of origins delete */
	enum record_flag dry_run;
	const char *results[FC_RESULT_END];
	char created_text[TIME_CELL_SIZE];
};

#define IN(member) offsetof(struct origin_record, member)

/* clang-format off */
#define ORIGIN_FIELDS \
	{ RECORD_TEXT, "origin", IN(origin), 0, "ORIGIN" }, \
	{ RECORD_INTEGER, "id", IN(id), 0, "ID" }, \
	{ RECORD_TEXT, "space", IN(space), 0, "SPACE" }, \
	{ RECORD_INTEGER, "min_facesize", IN(min_facesize), 0, "MIN FACE", .rank = 4 }, \
	{ RECORD_INTEGER, "create_min_facesize", IN(create_min_facesize), 0, "MIN NEW FACE", .rank = 5 }, \
	{ RECORD_FLAG, "create_on_ha", IN(create_on_ha), 0, "NEW ON HA", .rank = 3 }, \
	{ RECORD_FLAG, "create_on_junk", IN(create_on_junk), 0, "NEW ON JUNK", .rank = 3 }, \
	{ RECORD_TEXTS, "save_entries", IN(save_entries), 0, "LOGGED", .rank = 2 }, \
	{ RECORD_INTEGER, "entry_storage_days", IN(entry_storage_days), 0, "DAYS KEPT", .rank = 1 }, \
	{ RECORD_INTEGER, "entries", IN(entries), 0, "ENTRIES" }, \
	{ RECORD_TEXT, "created", IN(created), 0, "CREATED", .rank = 6 }
/* clang-format on */

static const struct record_field fields[] = {
	ORIGIN_FIELDS,
	{ RECORD_END },
};

static const struct record_field delete_fields[] = {
	{ RECORD_TEXT, "result", IN(result), 0, "RESULT" },
	ORIGIN_FIELDS,
	{ RECORD_FLAG, "dry_run", IN(dry_run) },
	{ RECORD_END },
};

static enum record_flag flag_of(const struct fc_origin *origin, enum fc_origin_flag flag)
{
	return origin->settings.flags & flag ? RECORD_TRUE : RECORD_FALSE;
}

static void fill_record(struct origin_record *record, const struct out *out,
			const struct fc_origin_row *row)
{
	const struct fc_origin *origin = &row->origin;
	const struct fc_origin_settings *settings = &origin->settings;
	*record = (struct origin_record){
		.origin = origin->name,
		.id = origin->id,
		.space = row->space[0] != '\0' ? row->space : NULL,
		.min_facesize = (int64_t)settings->min_facesize,
		.create_min_facesize = (int64_t)settings->create_min_facesize,
		.create_on_ha = flag_of(origin, FC_ORIGIN_CREATE_ON_HA),
		.create_on_junk = flag_of(origin, FC_ORIGIN_CREATE_ON_JUNK),
		.entry_storage_days = settings->entry_storage_days > 0
					      ? settings->entry_storage_days
					      : RECORD_ABSENT,
		.entries = row->uncounted ? RECORD_ABSENT : (int64_t)row->entries,
	};
	record->created = time_cell_fill(record->created_text, out, origin->created);
	record->save_entries.items = record->results;
	for (unsigned result = FC_RESULT_NM; result < FC_RESULT_END; result++) {
		if (settings->save_entries >> result & 1) {
			record->results[record->save_entries.count++] =
				fc_result_name((enum fc_result)result);
		}
	}
}

static enum fc_status write_one(struct command_context *ctx, const struct fc_origin_row *row,
				struct fc_error *err)
{
	struct origin_record record;
	fill_record(&record, ctx->out, row);
	return record_show(ctx->out, "origin", fields, &record, TONE_PLAIN, err);
}

/* ---- settings as options ---- */

/* The names of --unset in the order of enum fc_origin_field. */
static const char *const field_names[] = {
	"min-facesize", "create-min-facesize", "create-on-ha", "create-on-junk",
	"save-entries", "entry-storage-days",  NULL,
};

_Static_assert(FC_ORIGIN_MIN_FACESIZE == 1 << 0 && FC_ORIGIN_CREATE_MIN_FACESIZE == 1 << 1 &&
		       FC_ORIGIN_ON_HA == 1 << 2 && FC_ORIGIN_ON_JUNK == 1 << 3 &&
		       FC_ORIGIN_SAVE_ENTRIES == 1 << 4 && FC_ORIGIN_STORAGE_DAYS == 1 << 5,
	       "the names of --unset are in the order of the fields");

static const char *const saved_words[] = {
	"new", "reinit", "exact", "ha", "junk", "nm", "nf", "det", "all", "none", NULL,
};

struct origin_args {
	struct option_texts names;
	struct option_texts spaces; /* option of origins list */
	const char *space;          /* option of origins create */
	struct option_number min_facesize, create_min_facesize, entry_storage_days;
	enum option_switch create_on_ha, create_on_junk;
	struct option_texts save_entries;
	struct option_texts unset;
	bool dry_run;
};

#define AT(member) offsetof(struct origin_args, member)

/* clang-format off */
#define OPTION_ROW_NAME(most)                                                                      \
	{ OPTION_OPERANDS, 0, NULL, "ORIGIN", AT(names), "name of the origin, or its number",      \
	  .minimum = 1, .maximum = most }

#define OPTION_ROWS_SETTINGS                                                                       \
	{ OPTION_NUMBER, 0, "min-facesize", "PX2", AT(min_facesize),                               \
	  "ignore faces whose box has a smaller area (pixels)" },                                  \
	{ OPTION_NUMBER, 0, "create-min-facesize", "PX2", AT(create_min_facesize),                 \
	  "the same, but when profiles are created" },                                                  \
	{ OPTION_SWITCH, 0, "create-on-ha", NULL, AT(create_on_ha),                                \
	  "create a profile even if an existing one matches with high accuracy (ha)" },                        \
	{ OPTION_SWITCH, 0, "create-on-junk", NULL, AT(create_on_junk),                            \
	  "create a profile even if an existing one matches with low confidence (junk)" },                                        \
	{ OPTION_TEXTS, 0, "save-entries", "RESULTS", AT(save_entries),                            \
	  "results to log, separated by commas: new,reinit,exact,ha,junk,nm,nf,det; or all or none", .choices = saved_words },  \
	{ OPTION_NUMBER, 0, "entry-storage-days", "N", AT(entry_storage_days),                     \
	  "days until 'entries prune' deletes an entry; 0: never", .maximum = FC_STORAGE_DAYS_MAXIMUM }
/* clang-format on */

static const struct option_row create_options[] = {
	OPTION_ROW_NAME(1),
	{ OPTION_TEXT, 's', "space", "SPACE", AT(space), "space that its faces belong to" },
	OPTION_ROWS_SETTINGS,
	{ OPTION_END },
};

static const struct option_row update_options[] = {
	OPTION_ROW_NAME(1),
	OPTION_ROWS_SETTINGS,
	{ OPTION_TEXTS, 0, "unset", "FIELDS", AT(unset),
	  "settings to reset to their defaults; named like their options", .choices = field_names },
	{ OPTION_END },
};

static const struct option_row show_options[] = {
	OPTION_ROW_NAME(1),
	{ OPTION_END },
};

static const struct option_row delete_options[] = {
	OPTION_ROW_NAME(0),
	OPTION_ROW_DRY_RUN(origin_args),
	{ OPTION_END },
};

static const struct option_row list_options[] = {
	{ OPTION_TEXTS, 's', "space", "SPACE", AT(spaces),
	  "only origins of this space; may be repeated" },
	{ OPTION_END },
};

static enum fc_status read_results(const struct option_texts *texts, uint32_t *results,
				   struct fc_error *err)
{
	FC_CLEANUP(words_release) struct word_list words = { 0 };
	FC_TRY(words_split(texts, &words, err));
	*results = 0;
	for (size_t i = 0; i < words.count; i++) {
		const char *word = words.items[i];
		enum fc_result result;
		if (fc_platform_parse_result(word, &result)) {
			*results |= 1u << result;
		} else if (strcmp(word, "all") == 0) {
			*results |= FC_ORIGIN_ALL_RESULTS;
		} else if (strcmp(word, "none") != 0) {
			return fc_fail(err, FC_INVALID_ARGUMENT,
				       "--save-entries takes new, reinit, exact, ha, junk, nm, nf, "
				       "det, all or none, not '%s'",
				       word);
		}
	}
	return FC_OK;
}

static void read_switch(enum option_switch choice, enum fc_origin_flag flag,
			enum fc_origin_field field, struct fc_origin_update_request *request)
{
	if (choice == SWITCH_UNSAID) {
		return;
	}
	request->fields |= field;
	if (choice == SWITCH_YES) {
		request->settings.flags |= flag;
	}
}

/* Read the settings given by options, and set those of --unset to their defaults. */
static enum fc_status read_settings(const struct origin_args *args,
				    struct fc_origin_update_request *out, struct fc_error *err)
{
	struct fc_origin_update_request request = {
		.origin = args->names.items[0],
		.settings = fc_origin_settings_default(args->names.items[0]),
	};
	struct fc_origin_settings *settings = &request.settings;
	if (args->min_facesize.given) {
		request.fields |= FC_ORIGIN_MIN_FACESIZE;
		settings->min_facesize = args->min_facesize.value;
	}
	if (args->create_min_facesize.given) {
		request.fields |= FC_ORIGIN_CREATE_MIN_FACESIZE;
		settings->create_min_facesize = args->create_min_facesize.value;
	}
	if (args->entry_storage_days.given) {
		request.fields |= FC_ORIGIN_STORAGE_DAYS;
		settings->entry_storage_days = (uint32_t)args->entry_storage_days.value;
	}
	if (args->save_entries.count > 0) {
		request.fields |= FC_ORIGIN_SAVE_ENTRIES;
		FC_TRY(read_results(&args->save_entries, &settings->save_entries, err));
	}
	read_switch(args->create_on_ha, FC_ORIGIN_CREATE_ON_HA, FC_ORIGIN_ON_HA, &request);
	read_switch(args->create_on_junk, FC_ORIGIN_CREATE_ON_JUNK, FC_ORIGIN_ON_JUNK, &request);
	unsigned unset = 0;
	FC_TRY(words_to_bits(&args->unset, "--unset", field_names, &unset, err));
	if (request.fields & unset) {
		return fc_fail(err, FC_INVALID_ARGUMENT, "a setting cannot be both set and unset");
	}
	request.fields |= unset;
	*out = request;
	return FC_OK;
}

/* ---- commands ---- */

static enum fc_status run_create(struct command_context *ctx, void *parsed, struct fc_error *err)
{
	const struct origin_args *args = parsed;
	struct fc_origin_update_request request;
	struct fc_origin_row row = { 0 };
	FC_TRY(read_settings(args, &request, err));
	FC_TRY(fc_service_origin_create(ctx->service, args->names.items[0], args->space,
					&request.settings, &row, err));
	return write_one(ctx, &row, err);
}

const struct command origins_create_command = {
	.name = "origins create",
	.summary = "create an origin of photos",
	.synopsis = "ORIGIN --space SPACE [OPTION...]",
	.options = create_options,
	.args_size = sizeof(struct origin_args),
	.needs = COMMAND_SERVICE,
	.fields = fields,
	.run = run_create,
};

static enum fc_status write_list(struct command_context *ctx, const char *space,
				 struct record_writer *writer, struct fc_error *err)
{
	FC_CLEANUP(fc_free) struct fc_origin_row *rows = NULL;
	size_t count = 0;
	FC_TRY(fc_service_origin_list(ctx->service, space, &rows, &count, err));
	for (size_t i = 0; i < count; i++) {
		struct origin_record record;
		fill_record(&record, ctx->out, &rows[i]);
		FC_TRY(record_write(writer, &record, TONE_PLAIN, err));
	}
	return FC_OK;
}

static enum fc_status run_list(struct command_context *ctx, void *parsed, struct fc_error *err)
{
	const struct origin_args *args = parsed;
	FC_CLEANUP(words_release) struct word_list spaces = { 0 };
	FC_CLEANUP(record_writer_release)
	struct record_writer writer = record_writer_of(ctx->out, "origin", fields, false);
	FC_TRY(words_split(&args->spaces, &spaces, err));
	for (size_t i = 0; i < spaces.count; i++) {
		FC_TRY(write_list(ctx, spaces.items[i], &writer, err));
	}
	if (spaces.count == 0) {
		FC_TRY(write_list(ctx, NULL, &writer, err));
	}
	return record_finish(&writer, err);
}

const struct command origins_list_command = {
	.name = "origins list",
	.summary = "list the origins of photos",
	.synopsis = "[--space SPACE]...",
	.options = list_options,
	.args_size = sizeof(struct origin_args),
	.needs = COMMAND_SERVICE,
	.fields = fields,
	.run = run_list,
};

static enum fc_status run_show(struct command_context *ctx, void *parsed, struct fc_error *err)
{
	const struct origin_args *args = parsed;
	struct fc_origin_row row = { 0 };
	FC_TRY(fc_service_origin_show(ctx->service, args->names.items[0], &row, err));
	return write_one(ctx, &row, err);
}

const struct command origins_show_command = {
	.name = "origins show",
	.summary = "show an origin and its settings",
	.synopsis = "ORIGIN",
	.options = show_options,
	.args_size = sizeof(struct origin_args),
	.needs = COMMAND_SERVICE,
	.fields = fields,
	.run = run_show,
};

static enum fc_status run_update(struct command_context *ctx, void *parsed, struct fc_error *err)
{
	const struct origin_args *args = parsed;
	struct fc_origin_update_request request;
	struct fc_origin_row row = { 0 };
	FC_TRY(read_settings(args, &request, err));
	if (request.fields == 0) {
		return fc_fail(err, FC_INVALID_ARGUMENT,
			       "give a setting or --unset: there is nothing to change");
	}
	FC_TRY(fc_service_origin_update(ctx->service, &request, &row, err));
	return write_one(ctx, &row, err);
}

const struct command origins_update_command = {
	.name = "origins update",
	.summary = "change the settings of an origin",
	.synopsis = "ORIGIN [OPTION...]",
	.help = "Settings that are not given are kept. The name of an origin cannot be changed.",
	.options = update_options,
	.args_size = sizeof(struct origin_args),
	.needs = COMMAND_SERVICE,
	.fields = fields,
	.run = run_update,
};

/* Delete one origin. If it does not exist, record that in the outcomes; other errors end the command. */
static enum fc_status delete_one(struct command_context *ctx, const char *name, bool dry_run,
				 struct record_writer *writer, struct operand_outcomes *outcomes,
				 struct fc_error *err)
{
	struct fc_origin_row row = { .uncounted = true };
	struct fc_error failure = { 0 };
	struct origin_record record;
	enum fc_status status = fc_service_origin_show(ctx->service, name, &row, &failure);
	bool is_cli = row.space[0] == '\0' && strcmp(row.origin.name, FC_ORIGIN_CLI) == 0;
	if (status == FC_OK && (!dry_run || is_cli)) {
		status = fc_service_origin_delete(ctx->service, name, &failure);
	}
	if (status != FC_OK && status != FC_NOT_FOUND) {
		*err = failure;
		return status;
	}
	operand_note(outcomes, status == FC_OK ? NULL : &failure);
	if (status == FC_OK) {
		fill_record(&record, ctx->out, &row);
	} else {
		record = (struct origin_record){
			.origin = name,
			.id = RECORD_ABSENT,
			.min_facesize = RECORD_ABSENT,
			.create_min_facesize = RECORD_ABSENT,
			.entry_storage_days = RECORD_ABSENT,
			.entries = RECORD_ABSENT,
		};
	}
	record.result =
		status == FC_OK ? record_outcome(ctx->out, dry_run, "deleted") : "not_found";
	record.dry_run = dry_run ? RECORD_TRUE : RECORD_FALSE;
	return record_write(writer, &record, status == FC_OK ? TONE_PLAIN : TONE_BAD, err);
}

static enum fc_status run_delete(struct command_context *ctx, void *parsed, struct fc_error *err)
{
	const struct origin_args *args = parsed;
	struct operand_outcomes outcomes = { 0 };
	FC_CLEANUP(record_writer_release)
	struct record_writer writer =
		record_writer_of(ctx->out, "origin_delete", delete_fields, false);
	for (size_t i = 0; i < args->names.count; i++) {
		FC_TRY(delete_one(ctx, args->names.items[i], args->dry_run, &writer, &outcomes,
				  err));
	}
	FC_TRY(record_finish(&writer, err));
	return operand_judge(&outcomes, err);
}

const struct command origins_delete_command = {
	.name = "origins delete",
	.summary = "delete origins",
	.synopsis = "ORIGIN... [--dry-run]",
	.help = "Faces and entries are kept, with the name of their origin.",
	.options = delete_options,
	.args_size = sizeof(struct origin_args),
	.needs = COMMAND_SERVICE,
	.fields = delete_fields,
	.run = run_delete,
};
