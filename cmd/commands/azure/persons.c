/* persons: create, list, show, update and delete the persons of a person group. */
/* SPDX-License-Identifier: MIT */
#include <stdio.h>

#include "base/json.h"
#include "base/json_writer.h"
#include "commands/azure/listing.h"
#include "option/operands.h"
#include "option/words.h"

struct person_args {
	struct option_texts persons;
	struct scope_args scope;
	const char *name, *user_data;
	struct option_texts unset;
	struct listing_args listing;
	bool dry_run;
};

#define AT(member) offsetof(struct person_args, member)
#define PERSONS(most)                                                                               \
	{                                                                                           \
		OPTION_OPERANDS, 0, NULL, "PERSON", AT(persons),                                    \
			"UUID, a unique prefix of one, or a name; without --group also SPACE/NAME", \
			.minimum = 1, .maximum = most                                               \
	}
#define ROWS_TEXTS                                                                                 \
	{ OPTION_TEXT, 0, "name", "TEXT", AT(name), "name, up to 128 characters" },                \
	{                                                                                          \
		OPTION_TEXT, 0, "user-data", "TEXT", AT(user_data),                                \
			"text of your own, up to 16384 characters"                                 \
	}

static enum fc_status need_group(const struct command_context *ctx, const struct person_args *args,
				 struct scope *scope, struct fc_error *err)
{
	FC_TRY(scope_of(ctx, &args->scope, scope, err));
	return scope->kind != FC_AZURE_NO_KIND
		       ? FC_OK
		       : fc_fail(err, FC_INVALID_ARGUMENT, "give --group GROUP or --space SPACE");
}

static struct azure_call call_of(const struct command_context *ctx, const struct scope *scope,
				 enum fc_azure_verb verb)
{
	return (struct azure_call){
		.service = ctx->service,
		.kind = scope->kind,
		.verb = verb,
		.container = scope->id,
	};
}

static void write_body(struct azure_call *call, const char *name, const char *user_data)
{
	struct fc_json_writer json = fc_json_writer_of(&call->body, false);
	fc_json_begin_object(&json);
	fc_json_put_text(&json, "name", name);
	fc_json_put_text(&json, "userData", user_data);
	fc_json_end_object(&json);
}

/* ---- create and list ---- */

static const struct option_row create_options[] = {
	OPTION_ROWS_GROUP(person_args, scope),
	ROWS_TEXTS,
	{ OPTION_END },
};

static enum fc_status run_create(struct command_context *ctx, void *parsed, struct fc_error *err)
{
	const struct person_args *args = parsed;
	struct scope scope;
	FC_TRY(need_group(ctx, args, &scope, err));
	if (!args->name) {
		return fc_fail(err, FC_INVALID_ARGUMENT, "give --name TEXT");
	}
	FC_CLEANUP(azure_call_release)
	struct azure_call call = call_of(ctx, &scope, FC_AZURE_PERSON_CREATE);
	FC_CLEANUP(azure_row_release) struct azure_row row = azure_row_new();
	write_body(&call, args->name, args->user_data);
	FC_TRY(azure_send(&call, err));
	row.result = "created";
	row.name = args->name;
	return azure_show(ctx, "person", azure_person_result_fields, call.json, &row, err);
}

const struct command persons_create_command = {
	.name = "persons create",
	.summary = "create a person in a person group",
	.synopsis = "--group GROUP --name TEXT [OPTION...]",
	.options = create_options,
	.args_size = sizeof(struct person_args),
	.needs = COMMAND_SERVICE,
	.fields = azure_person_result_fields,
	.run = run_create,
};

static const struct option_row list_options[] = {
	OPTION_ROWS_GROUP(person_args, scope),
	OPTION_ROWS_LISTING(person_args, listing),
	{ OPTION_END },
};

static enum fc_status run_list(struct command_context *ctx, void *parsed, struct fc_error *err)
{
	const struct person_args *args = parsed;
	struct scope scope;
	FC_TRY(need_group(ctx, args, &scope, err));
	FC_CLEANUP(azure_call_release)
	struct azure_call call = call_of(ctx, &scope, FC_AZURE_PERSON_LIST);
	return listing_write(ctx, &call, &args->listing, "person", azure_person_fields, err);
}

const struct command persons_list_command = {
	.name = "persons list",
	.summary = "list the persons of a person group",
	.synopsis = "--group GROUP [OPTION...]",
	.options = list_options,
	.args_size = sizeof(struct person_args),
	.needs = COMMAND_SERVICE,
	.fields = azure_person_fields,
	.run = run_list,
};

/* ---- show, update, delete ---- */

static const struct option_row show_options[] = {
	PERSONS(1),
	OPTION_ROWS_GROUP(person_args, scope),
	{ OPTION_END },
};

static enum fc_status run_show(struct command_context *ctx, void *parsed, struct fc_error *err)
{
	const struct person_args *args = parsed;
	struct scope scope;
	char id[FC_UUID_TEXT_SIZE];
	FC_TRY(scope_of(ctx, &args->scope, &scope, err));
	FC_TRY(scope_person(ctx, &scope, args->persons.items[0], id, err));
	FC_CLEANUP(azure_call_release)
	struct azure_call call = call_of(ctx, &scope, FC_AZURE_PERSON_GET);
	FC_CLEANUP(azure_row_release) struct azure_row row = azure_row_new();
	call.person = id;
	FC_TRY(azure_send(&call, err));
	return azure_show(ctx, "person", azure_person_fields, call.json, &row, err);
}

const struct command persons_show_command = {
	.name = "persons show",
	.summary = "show a person of a person group",
	.synopsis = "PERSON [--group GROUP]",
	.options = show_options,
	.args_size = sizeof(struct person_args),
	.needs = COMMAND_SERVICE,
	.fields = azure_person_fields,
	.run = run_show,
};

static const struct option_row update_options[] = {
	PERSONS(1),     OPTION_ROWS_GROUP(person_args, scope),
	ROWS_TEXTS,     OPTION_ROW_UNSET_USER_DATA(person_args, unset),
	{ OPTION_END },
};

static enum fc_status run_update(struct command_context *ctx, void *parsed, struct fc_error *err)
{
	const struct person_args *args = parsed;
	struct scope scope;
	char id[FC_UUID_TEXT_SIZE];
	const char *user_data;
	FC_TRY(words_user_data(&args->unset, args->user_data, &user_data, err));
	if (!args->name && !user_data) {
		return fc_fail(err, FC_INVALID_ARGUMENT, "give --name, --user-data or --unset");
	}
	FC_TRY(scope_of(ctx, &args->scope, &scope, err));
	FC_TRY(scope_person(ctx, &scope, args->persons.items[0], id, err));
	FC_CLEANUP(azure_call_release)
	struct azure_call call = call_of(ctx, &scope, FC_AZURE_PERSON_UPDATE);
	call.person = id;
	write_body(&call, args->name, user_data);
	FC_TRY(azure_send(&call, err));
	struct azure_row row = azure_row_new();
	row.result = "updated";
	row.pid = id;
	row.name = args->name;
	return record_show(ctx->out, "person", azure_person_result_fields, &row, TONE_GOOD, err);
}

const struct command persons_update_command = {
	.name = "persons update",
	.summary = "change name and user data of a person",
	.synopsis = "PERSON [--group GROUP] [OPTION...]",
	.options = update_options,
	.args_size = sizeof(struct person_args),
	.needs = COMMAND_SERVICE,
	.fields = azure_person_result_fields,
	.run = run_update,
};

static const struct option_row delete_options[] = {
	PERSONS(0),
	OPTION_ROWS_GROUP(person_args, scope),
	{ OPTION_FLAG, 'n', "dry-run", NULL, AT(dry_run),
	  "do everything except storing the result" },
	{ OPTION_END },
};

/* Delete a person, or with a dry run find out whether it exists. */
static enum fc_status delete_one(struct command_context *ctx, const struct person_args *args,
				 const char *text, char id[FC_UUID_TEXT_SIZE], struct fc_error *err)
{
	struct scope scope;
	FC_TRY(scope_of(ctx, &args->scope, &scope, err));
	FC_TRY(scope_person(ctx, &scope, text, id, err));
	FC_CLEANUP(azure_call_release)
	struct azure_call call =
		call_of(ctx, &scope, args->dry_run ? FC_AZURE_PERSON_GET : FC_AZURE_PERSON_DELETE);
	call.person = id;
	return azure_send(&call, err);
}

static enum fc_status run_delete(struct command_context *ctx, void *parsed, struct fc_error *err)
{
	const struct person_args *args = parsed;
	struct operand_outcomes outcomes = { 0 };
	FC_CLEANUP(azure_rows_release) struct azure_rows rows = { 0 };
	azure_rows_begin(&rows, ctx, "person", azure_person_delete_fields, false, false);
	for (size_t i = 0; i < args->persons.count; i++) {
		struct fc_error failure = { 0 };
		char id[FC_UUID_TEXT_SIZE] = "";
		struct azure_row row = azure_row_new();
		enum fc_status status = delete_one(ctx, args, args->persons.items[i], id, &failure);
		row.pid = id[0] != '\0' ? id : args->persons.items[i];
		FC_TRY(azure_rows_add_deletion(&rows, &row, args->dry_run, status, &failure,
					       &outcomes, err));
	}
	FC_TRY(azure_rows_end(&rows, err));
	return operand_judge(&outcomes, err);
}

const struct command persons_delete_command = {
	.name = "persons delete",
	.summary = "delete persons of a person group with their faces",
	.synopsis = "PERSON... [--group GROUP] [--dry-run]",
	.options = delete_options,
	.args_size = sizeof(struct person_args),
	.needs = COMMAND_SERVICE,
	.fields = azure_person_delete_fields,
	.run = run_delete,
};
