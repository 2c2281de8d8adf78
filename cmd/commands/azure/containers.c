/* persongroups and facelists: create, list, show, update, delete, train, training. The same functions serve both. */
/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/json_writer.h"
#include "commands/azure/listing.h"
#include "confirm.h"
#include "option/operands.h"
#include "option/words.h"

struct container_args {
	struct option_texts ids;
	bool large, yes, dry_run, no_wait;
	const char *name, *user_data, *model;
	struct option_texts unset;
	struct listing_args listing;
};

#define AT(member) offsetof(struct container_args, member)
#define IDS(most)                                                                                  \
	{                                                                                          \
		OPTION_OPERANDS, 0, NULL, "ID", AT(ids),                                           \
			"id of the group or list: up to 64 characters a-z, 0-9, - and _",          \
			.minimum = 1, .maximum = most                                              \
	}
#define ROW_LARGE OPTION_ROW_LARGE(container_args, large)

/* "persongroups" or "facelists", without --large. */
static bool is_groups(const struct command_context *ctx)
{
	return ctx->command->name[0] == 'p';
}

static enum fc_azure_kind kind_of(const struct command_context *ctx,
				  const struct container_args *args)
{
	return is_groups(ctx) ? (args->large ? FC_AZURE_LARGE_PERSON_GROUP : FC_AZURE_PERSON_GROUP)
			      : (args->large ? FC_AZURE_LARGE_FACE_LIST : FC_AZURE_FACE_LIST);
}

static struct azure_call call_of(const struct command_context *ctx,
				 const struct container_args *args, enum fc_azure_verb verb,
				 size_t index)
{
	return (struct azure_call){
		.service = ctx->service,
		.kind = kind_of(ctx, args),
		.verb = verb,
		.container = index < args->ids.count ? args->ids.items[index] : NULL,
	};
}

static const char *type_of(const struct command_context *ctx)
{
	return is_groups(ctx) ? "person_group" : "face_list";
}

static const struct record_field *fields_of(const struct command_context *ctx)
{
	return is_groups(ctx) ? azure_group_fields : azure_list_fields;
}

static const struct record_field *result_fields_of(const struct command_context *ctx)
{
	return is_groups(ctx) ? azure_group_result_fields : azure_list_result_fields;
}

/* Write one row without an object of the API. */
static enum fc_status show_result(struct command_context *ctx, const char *id, const char *name,
				  const char *result, struct fc_error *err)
{
	struct azure_row row = azure_row_new();
	row.result = result;
	row.id = id;
	row.name = name;
	return record_show(ctx->out, type_of(ctx), result_fields_of(ctx), &row, TONE_GOOD, err);
}

/* ---- create ---- */

static const struct option_row create_options[] = {
	IDS(1),
	ROW_LARGE,
	{ OPTION_TEXT, 0, "name", "TEXT", AT(name), "name, up to 128 characters" },
	{ OPTION_TEXT, 0, "user-data", "TEXT", AT(user_data),
	  "text of your own, up to 16384 characters" },
	{ OPTION_TEXT, 0, "recognition-model", "NAME", AT(model),
	  "recognition_01 (default) to recognition_04; only faces of the same model are compared" },
	{ OPTION_END },
};

static enum fc_status run_create(struct command_context *ctx, void *parsed, struct fc_error *err)
{
	const struct container_args *args = parsed;
	FC_CLEANUP(azure_call_release)
	struct azure_call call = call_of(ctx, args, FC_AZURE_CREATE, 0);
	struct fc_json_writer json = fc_json_writer_of(&call.body, false);
	fc_json_begin_object(&json);
	fc_json_put_text(&json, "name", args->name ? args->name : args->ids.items[0]);
	fc_json_put_text(&json, "userData", args->user_data);
	fc_json_put_text(&json, "recognitionModel", args->model);
	fc_json_end_object(&json);
	FC_TRY(azure_send(&call, err));
	return show_result(ctx, call.container, args->name, "created", err);
}

/* ---- list and show ---- */

static const struct option_row list_options[] = {
	ROW_LARGE,
	OPTION_ROWS_LISTING(container_args, listing),
	{ OPTION_END },
};

static enum fc_status run_list(struct command_context *ctx, void *parsed, struct fc_error *err)
{
	const struct container_args *args = parsed;
	FC_CLEANUP(azure_call_release)
	struct azure_call call = call_of(ctx, args, FC_AZURE_LIST, 0);
	azure_query(&call, "returnRecognitionModel", "true");
	return listing_write(ctx, &call, &args->listing, type_of(ctx), azure_group_fields, err);
}

static const struct option_row one_options[] = {
	IDS(1),
	ROW_LARGE,
	{ OPTION_END },
};

static enum fc_status show_object(struct command_context *ctx, const struct azure_call *call,
				  const char *type, const struct record_field *fields,
				  struct fc_error *err)
{
	FC_CLEANUP(azure_row_release) struct azure_row row = azure_row_new();
	row.id = call->container;
	return azure_show(ctx, type, fields, call->json, &row, err);
}

static enum fc_status run_show(struct command_context *ctx, void *parsed, struct fc_error *err)
{
	const struct container_args *args = parsed;
	FC_CLEANUP(azure_call_release) struct azure_call call = call_of(ctx, args, FC_AZURE_GET, 0);
	azure_query(&call, "returnRecognitionModel", "true");
	FC_TRY(azure_send(&call, err));
	return show_object(ctx, &call, type_of(ctx), fields_of(ctx), err);
}

/* ---- update ---- */

static const struct option_row update_options[] = {
	IDS(1),
	ROW_LARGE,
	{ OPTION_TEXT, 0, "name", "TEXT", AT(name), "new name" },
	{ OPTION_TEXT, 0, "user-data", "TEXT", AT(user_data), "new text of your own" },
	OPTION_ROW_UNSET_USER_DATA(container_args, unset),
	{ OPTION_END },
};

static enum fc_status run_update(struct command_context *ctx, void *parsed, struct fc_error *err)
{
	const struct container_args *args = parsed;
	FC_CLEANUP(azure_call_release)
	struct azure_call call = call_of(ctx, args, FC_AZURE_UPDATE, 0);
	struct fc_json_writer json = fc_json_writer_of(&call.body, false);
	const char *user_data;
	FC_TRY(words_user_data(&args->unset, args->user_data, &user_data, err));
	if (!args->name && !user_data) {
		return fc_fail(err, FC_INVALID_ARGUMENT, "give --name, --user-data or --unset");
	}
	fc_json_begin_object(&json);
	fc_json_put_text(&json, "name", args->name);
	fc_json_put_text(&json, "userData", user_data);
	fc_json_end_object(&json);
	FC_TRY(azure_send(&call, err));
	return show_result(ctx, call.container, args->name, "updated", err);
}

/* ---- delete ---- */

static const struct option_row delete_options[] = {
	IDS(0),
	ROW_LARGE,
	{ OPTION_FLAG, 'y', "yes", NULL, AT(yes), "do not ask for confirmation" },
	{ OPTION_FLAG, 'n', "dry-run", NULL, AT(dry_run),
	  "do everything except storing the result" },
	{ OPTION_END },
};

static enum fc_status prepare_delete(struct command_context *ctx, void *parsed,
				     struct fc_error *err)
{
	const struct container_args *args = parsed;
	return confirm_check(ctx, args->yes || args->dry_run, err);
}

static enum fc_status ask(const struct command_context *ctx, const struct container_args *args,
			  struct fc_error *err)
{
	char question[256];
	const char *what = is_groups(ctx) ? "person group" : "face list";
	if (args->ids.count == 1) {
		snprintf(question, sizeof(question), "delete the %s '%s' with everything in it?",
			 what, args->ids.items[0]);
	} else {
		snprintf(question, sizeof(question), "delete %zu %ss with everything in them?",
			 args->ids.count, what);
	}
	return confirm(ctx, args->yes || args->dry_run, question, err);
}

static enum fc_status run_delete(struct command_context *ctx, void *parsed, struct fc_error *err)
{
	const struct container_args *args = parsed;
	struct operand_outcomes outcomes = { 0 };
	FC_CLEANUP(azure_rows_release) struct azure_rows rows = { 0 };
	azure_rows_begin(&rows, ctx, type_of(ctx), azure_container_delete_fields, false, false);
	FC_TRY(ask(ctx, args, err));
	for (size_t i = 0; i < args->ids.count; i++) {
		struct fc_error failure = { 0 };
		FC_CLEANUP(azure_call_release)
		struct azure_call call =
			call_of(ctx, args, args->dry_run ? FC_AZURE_GET : FC_AZURE_DELETE, i);
		enum fc_status status = azure_send(&call, &failure);
		struct azure_row row = azure_row_new();
		row.id = args->ids.items[i];
		FC_TRY(azure_rows_add_deletion(&rows, &row, args->dry_run, status, &failure,
					       &outcomes, err));
	}
	FC_TRY(azure_rows_end(&rows, err));
	return operand_judge(&outcomes, err);
}

/* ---- train and training ---- */

static const struct option_row train_options[] = {
	IDS(1),
	ROW_LARGE,
	{ OPTION_FLAG, 0, "no-wait", NULL, AT(no_wait),
	  "do not wait until the training has ended" },
	{ OPTION_END },
};

static enum fc_status check_trainable(struct command_context *ctx, void *parsed,
				      struct fc_error *err)
{
	const struct container_args *args = parsed;
	return is_groups(ctx) || args->large
		       ? FC_OK
		       : fc_fail(err, FC_INVALID_ARGUMENT,
				 "a face list needs no training; give --large for a large one");
}

static enum fc_status run_train(struct command_context *ctx, void *parsed, struct fc_error *err)
{
	const struct container_args *args = parsed;
	FC_CLEANUP(azure_call_release)
	struct azure_call call = call_of(ctx, args, FC_AZURE_TRAIN, 0);
	FC_TRY(azure_send(&call, err));
	if (args->no_wait) {
		struct azure_row row = azure_row_new();
		row.id = call.container;
		row.state = "started";
		return record_show(ctx->out, "training", azure_training_fields, &row, TONE_PLAIN,
				   err);
	}
	call.verb = FC_AZURE_TRAINING;
	FC_TRY(azure_wait(&call, err));
	return show_object(ctx, &call, "training", azure_training_fields, err);
}

static enum fc_status run_training(struct command_context *ctx, void *parsed, struct fc_error *err)
{
	const struct container_args *args = parsed;
	FC_CLEANUP(azure_call_release)
	struct azure_call call = call_of(ctx, args, FC_AZURE_TRAINING, 0);
	FC_TRY(azure_send(&call, err));
	return show_object(ctx, &call, "training", azure_training_fields, err);
}

/* clang-format off */
#define COMMAND(identifier, word, noun, about, arguments, rows, function, check, columns)     \
	const struct command identifier##_command = {                                              \
		.name = word, .summary = about " " noun, .synopsis = arguments,                    \
		.options = rows, .args_size = sizeof(struct container_args),                       \
		.needs = COMMAND_SERVICE, .fields = columns, .prepare = check, .run = function,    \
	}

#define COMMANDS(prefix, word, noun, columns)                                                      \
	COMMAND(prefix##_create, word " create", noun, "create a", "ID [OPTION...]",               \
		create_options, run_create, NULL, azure_##columns##_result_fields);                \
	COMMAND(prefix##_list, word " list", noun "s", "list", "[OPTION...]",                      \
		list_options, run_list, NULL, azure_group_fields);                           \
	COMMAND(prefix##_show, word " show", noun, "show a", "ID [--large]",                       \
		one_options, run_show, NULL, azure_##columns##_fields);                            \
	COMMAND(prefix##_update, word " update", noun, "change name and user data of a",           \
		"ID [OPTION...]", update_options, run_update, NULL, azure_##columns##_result_fields); \
	COMMAND(prefix##_delete, word " delete", noun "s with everything in them", "delete",       \
		"ID... [--large] [--yes] [--dry-run]", delete_options, run_delete, prepare_delete, \
		azure_container_delete_fields);                                                  \
	COMMAND(prefix##_train, word " train", noun, "train a", "ID [--large] [--no-wait]",        \
		train_options, run_train, check_trainable, azure_training_fields);                 \
	COMMAND(prefix##_training, word " training", noun, "show the state of the training of a",  \
		"ID [--large]", one_options, run_training, check_trainable, azure_training_fields)

COMMANDS(persongroups, "persongroups", "person group", group);
COMMANDS(facelists, "facelists", "face list", list);
/* clang-format on */
