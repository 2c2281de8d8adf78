/* profiles update and profiles delete. */
/* SPDX-License-Identifier: MIT */
#include <stdlib.h>

#include "base/memory.h"
#include "command.h"
#include "option/operands.h"
#include "option/person.h"
#include "option/words.h"
#include "output/profile_record.h"
#include "output/record.h"
#include "photos/photo_options.h"
#include "service/answer/platform.h"
#include "service/profiles.h"

/* ---- update ---- */

struct update_args {
	struct option_texts words;
	const char *space, *name, *user_data;
	struct option_texts unset;
};

#define UPDATE(member) offsetof(struct update_args, member)

static const char *const unset_fields[] = { "name", "user-data", NULL };

static const struct option_row update_options[] = {
	OPTION_ROWS_PERSON(update_args, 1),
	{ OPTION_TEXT, 0, "name", "TEXT", UPDATE(name), "the new name" },
	{ OPTION_TEXT, 0, "user-data", "TEXT", UPDATE(user_data), "any text to store with it" },
	{ OPTION_TEXTS, 0, "unset", "FIELDS", UPDATE(unset),
	  "fields to remove: name, user-data or both", .choices = unset_fields },
	{ OPTION_END },
};

static enum fc_status run_update(struct command_context *ctx, void *parsed, struct fc_error *err)
{
	const struct update_args *args = parsed;
	FC_CLEANUP(fc_profile_release) struct fc_profile profile = { 0 };
	unsigned unset = 0;
	FC_TRY(words_to_bits(&args->unset, "--unset", unset_fields, &unset, err));
	struct fc_profile_update_request request = {
		.has_name = args->name || unset & 1,
		.has_user_data = args->user_data || unset & 2,
		.name = args->name,
		.user_data = args->user_data,
	};
	if ((args->name && unset & 1) || (args->user_data && unset & 2)) {
		return fc_fail(err, FC_INVALID_ARGUMENT, "a field cannot be both set and unset");
	}
	if (!request.has_name && !request.has_user_data) {
		return fc_fail(err, FC_INVALID_ARGUMENT,
			       "give --name, --user-data or --unset: there is nothing to change");
	}
	FC_TRY(person_find(ctx, args->words.items[0], args->space, &request.pid, err));
	FC_TRY(fc_service_profile_update(ctx->service, &request, &profile, err));
	return profile_record_show(ctx->out, ctx->dialect, &profile, err);
}

const struct command profiles_update_command = {
	.name = "profiles update",
	.summary = "change a profile's name and user data",
	.synopsis = "PERSON [--name TEXT] [--user-data TEXT] [--unset FIELDS]",
	.options = update_options,
	.args_size = sizeof(struct update_args),
	.needs = COMMAND_SERVICE,
	.shape = &platform_shape,
	.fields = profile_fields,
	.run = run_update,
};

/* ---- delete ---- */

struct delete_args {
	struct option_texts words;
	const char *space;
	struct option_texts with;
	bool dry_run;
};

static const char *const delete_parts[] = { "entries", NULL };

static const struct option_row delete_options[] = {
	OPTION_ROWS_PERSON(delete_args, 0),
	{ OPTION_TEXTS, 0, "with", "entries", offsetof(struct delete_args, with),
	  "delete their entries too", .choices = delete_parts },
	OPTION_ROW_DRY_RUN(delete_args),
	{ OPTION_END },
};

struct delete_record {
	const char *person, *pid, *result;
	int64_t faces, entries;
	enum record_flag dry_run;
	char pid_text[FC_UUID_TEXT_SIZE];
};

#define IN_DELETE(member) offsetof(struct delete_record, member)

static const struct record_field delete_fields[] = {
	{ RECORD_TEXT, "person", IN_DELETE(person), 0, "PERSON" },
	{ RECORD_TEXT, "pid", IN_DELETE(pid), 0, "PROFILE" },
	{ RECORD_TEXT, "result", IN_DELETE(result), 0, "RESULT" },
	{ RECORD_INTEGER, "faces", IN_DELETE(faces), 0, "FACES" },
	{ RECORD_INTEGER, "entries", IN_DELETE(entries), 0, "ENTRIES" },
	{ RECORD_FLAG, "dry_run", IN_DELETE(dry_run) },
	{ RECORD_END },
};

/* The operands in their order. items has the profiles that were found; found[i] is the index in items of operand i. */
struct deletion {
	const struct option_texts *words;
	struct fc_profile_delete_request request;
	struct fc_profile_delete_item *items;
	ptrdiff_t *found; /* -1 if the person does not exist */
};

static void deletion_release(struct deletion *deletion)
{
	free(deletion->items);
	free(deletion->found);
}

static enum fc_status deletion_init(struct deletion *deletion, struct command_context *ctx,
				    const struct delete_args *args, struct fc_error *err)
{
	unsigned with = 0;
	FC_TRY(words_to_bits(&args->with, "--with", delete_parts, &with, err));
	deletion->words = &args->words;
	deletion->items = calloc(args->words.count, sizeof(*deletion->items));
	deletion->found = calloc(args->words.count, sizeof(*deletion->found));
	if (!deletion->items || !deletion->found) {
		return fc_fail_memory(err);
	}
	deletion->request = (struct fc_profile_delete_request){
		.items = deletion->items,
		.erase = with != 0,
		.dry_run = args->dry_run,
	};
	size_t *count = &deletion->request.count;
	for (size_t i = 0; i < args->words.count; i++) {
		enum fc_status status = person_find_id(ctx, args->words.items[i], args->space,
						       &deletion->items[*count].person, err);
		deletion->found[i] = status == FC_OK ? (ptrdiff_t)(*count)++ : -1;
		FC_TRY(status == FC_NOT_FOUND ? FC_OK : status);
	}
	return FC_OK;
}

static enum fc_status write_deletion(struct command_context *ctx, const struct deletion *deletion,
				     struct operand_outcomes *outcomes, struct fc_error *err)
{
	FC_CLEANUP(record_writer_release)
	struct record_writer writer =
		record_writer_of(ctx->out, "profile_delete", delete_fields, false);
	const struct fc_profile_delete_request *request = &deletion->request;
	for (size_t i = 0; i < deletion->words->count; i++) {
		struct delete_record record = {
			.person = deletion->words->items[i],
			.result = "not_found",
			.faces = RECORD_ABSENT,
			.entries = RECORD_ABSENT,
			.dry_run = request->dry_run ? RECORD_TRUE : RECORD_FALSE,
		};
		const struct fc_profile_delete_item none = { .status = FC_NOT_FOUND };
		const struct fc_profile_delete_item *item =
			deletion->found[i] < 0 ? &none : &deletion->items[deletion->found[i]];
		if (item != &none) {
			record.pid = fc_person_id_text(&item->person.pid, item->person.other,
						       record.pid_text);
		}
		if (item->status == FC_OK) {
			record.result = record_outcome(ctx->out, request->dry_run, "deleted");
			record.faces = item->uncounted ? RECORD_ABSENT : (int64_t)item->faces;
			record.entries = item->uncounted && !request->erase
						 ? RECORD_ABSENT
						 : (int64_t)item->entries;
			operand_note(outcomes, NULL);
		} else {
			struct fc_error failure = { 0 };
			record.result = item->status == FC_NOT_FOUND ? "not_found" : "failed";
			FC_IGNORE(fc_fail(&failure, item->status, "there is no person '%s'",
					  deletion->words->items[i]));
			fc_error_copy_answer(&failure, err);
			operand_note(outcomes, &failure);
		}
		if (ctx->out->format != FORMAT_JSON) {
			FC_TRY(record_write(&writer, &record,
					    item->status == FC_OK ? TONE_PLAIN : TONE_BAD, err));
		}
	}
	return ctx->out->format == FORMAT_JSON ? FC_OK : record_finish(&writer, err);
}

static enum fc_status run_delete(struct command_context *ctx, void *parsed, struct fc_error *err)
{
	const struct delete_args *args = parsed;
	FC_CLEANUP(deletion_release) struct deletion deletion = { 0 };
	struct operand_outcomes outcomes = { 0 };
	FC_TRY(deletion_init(&deletion, ctx, args, err));
	enum fc_status status = FC_OK;
	if (deletion.request.count > 0) {
		status = fc_service_profile_delete(ctx->service, &deletion.request, err);
	}
	if (status != FC_OK && status != FC_PARTIAL) {
		return status;
	}
	FC_TRY(write_deletion(ctx, &deletion, &outcomes, err));
	return status == FC_OK ? operand_judge(&outcomes, err) : status;
}

const struct command profiles_delete_command = {
	.name = "profiles delete",
	.summary = "delete profiles and their faces",
	.synopsis = "PERSON... [--with entries] [--dry-run]",
	.help = "Their entries stay and keep the UUID, unless --with entries deletes them too. "
		"With --format json nothing is printed on success, like the platform's empty response.",
	.options = delete_options,
	.args_size = sizeof(struct delete_args),
	.needs = COMMAND_SERVICE | COMMAND_LEDGER,
	.shape = &platform_shape,
	.fields = delete_fields,
	.run = run_delete,
};
