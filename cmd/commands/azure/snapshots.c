/* snapshots: take, list, show, update, delete, apply, status, and copy between two services. */
/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "base/json_writer.h"
#include "commands/azure/listing.h"
#include "commands/gallery/snapshots.h"
#include "option/operands.h"
#include "option/words.h"
#include "service_stack.h"

struct snapshot_args {
	struct option_texts ids;
	struct scope_args scope;
	struct option_texts apply_scope, types, unset;
	const char *user_data, *to, *ttl;
	bool no_wait, dry_run;
	struct listing_args listing;
};

#define AT(member) offsetof(struct snapshot_args, member)
#define SNAPSHOTS(most)                                                                            \
	{                                                                                          \
		OPTION_OPERANDS, 0, NULL, "SNAPSHOT", AT(ids), "its UUID", .minimum = 1,           \
									   .maximum = most         \
	}
#define ROWS_SOURCE OPTION_ROWS_GROUP(snapshot_args, scope), OPTION_ROW_LIST(snapshot_args, scope)
#define ROW_SCOPE                                                                                  \
	{                                                                                          \
		OPTION_TEXTS, 0, "apply-scope", "UUID,...", AT(apply_scope),                       \
			"subscriptions that may apply the snapshot; may be repeated"               \
	}
#define ROW_DATA                                                                                   \
	{                                                                                          \
		OPTION_TEXT, 0, "user-data", "TEXT", AT(user_data),                                \
			"text of your own, up to 16384 characters"                                 \
	}
#define ROW_NO_WAIT                                                                                \
	{                                                                                          \
		OPTION_FLAG, 0, "no-wait", NULL, AT(no_wait), "do not wait until it is done"       \
	}

#define COMMAND(identifier, word, about, arguments, rows, function, columns)                       \
	const struct command identifier##_command = {                                              \
		.name = word,                                                                      \
		.summary = about,                                                                  \
		.synopsis = arguments,                                                             \
		.options = rows,                                                                   \
		.args_size = sizeof(struct snapshot_args),                                         \
		.needs = COMMAND_SERVICE,                                                          \
		.fields = columns,                                                                 \
		.run = function,                                                                   \
	}

static struct azure_call call_of(struct fc_service *service, enum fc_azure_verb verb,
				 const char *snapshot)
{
	return (struct azure_call){ .service = service, .verb = verb, .snapshot = snapshot };
}

static enum fc_status put_scope(struct fc_json_writer *json, const struct option_texts *texts,
				struct fc_error *err)
{
	FC_CLEANUP(words_release) struct word_list words = { 0 };
	FC_TRY(words_split(texts, &words, err));
	fc_json_put_array(json, "applyScope");
	for (size_t i = 0; i < words.count; i++) {
		fc_json_string(json, words.items[i]);
	}
	fc_json_end_array(json);
	return FC_OK;
}

/* ---- take ---- */

/* Send a request that starts an operation, and copy the operation's id. */
static enum fc_status start(struct azure_call *call, char operation[FC_UUID_TEXT_SIZE],
			    struct fc_error *err)
{
	FC_TRY(azure_send(call, err));
	const char *id = azure_last_part(call->response.operation_location);
	snprintf(operation, FC_UUID_TEXT_SIZE, "%.36s", id ? id : "");
	return id ? FC_OK : fc_fail(err, FC_REFUSED, "the answer has no Operation-Location header");
}

/* Wait for an operation: call has its last state. */
static enum fc_status await(struct fc_service *service, const char *operation,
			    struct azure_call *call, struct fc_error *err)
{
	*call = (struct azure_call){ .service = service,
				     .verb = FC_AZURE_SNAPSHOT_STATUS,
				     .operation = operation };
	return azure_wait(call, err);
}

/* Without --apply-scope, the subscription of the local engine. */
static enum fc_status put_scope_or_own(struct fc_json_writer *json, struct fc_service *service,
				       const struct option_texts *texts, struct fc_error *err)
{
	struct fc_uuid own;
	char text[FC_UUID_TEXT_SIZE];
	if (texts->count > 0) {
		return put_scope(json, texts, err);
	}
	enum fc_status status = fc_service_api_account(service, &own, err);
	if (status == FC_UNSUPPORTED) {
		return fc_fail(err, FC_INVALID_ARGUMENT,
			       "give --apply-scope UUID, the subscription that may apply the "
			       "snapshot; only the local engine has a default");
	}
	FC_TRY(status);
	fc_uuid_format(&own, text);
	fc_json_put_array(json, "applyScope");
	fc_json_string(json, text);
	fc_json_end_array(json);
	return FC_OK;
}

/* Send the request to take a snapshot. The call has its service and lifetime. */
static enum fc_status start_take(struct azure_call *call, const struct scope *scope,
				 const struct snapshot_args *args,
				 char operation[FC_UUID_TEXT_SIZE], struct fc_error *err)
{
	struct fc_json_writer json = fc_json_writer_of(&call->body, false);
	fc_json_begin_object(&json);
	fc_json_put_text(&json, "type", fc_azure_kinds[scope->kind].code);
	fc_json_put_text(&json, "objectId", scope->id);
	FC_TRY(put_scope_or_own(&json, call->service, &args->apply_scope, err));
	fc_json_put_text(&json, "userData", args->user_data);
	fc_json_end_object(&json);
	FC_TRY_PREFIX(start(call, operation, err), err, "'%s'", scope->id);
	return FC_OK;
}

static enum fc_status need_source(const struct command_context *ctx,
				  const struct snapshot_args *args, struct scope *scope,
				  struct fc_error *err)
{
	FC_TRY(scope_of(ctx, &args->scope, scope, err));
	return scope->kind != FC_AZURE_NO_KIND
		       ? FC_OK
		       : fc_fail(err, FC_INVALID_ARGUMENT, "give --group GROUP or --list LIST");
}

static const struct option_row take_options[] = {
	ROWS_SOURCE, ROW_SCOPE,      ROW_DATA, OPTION_ROW_TTL(snapshot_args, ttl),
	ROW_NO_WAIT, { OPTION_END },
};

static enum fc_status run_take(struct command_context *ctx, void *parsed, struct fc_error *err)
{
	const struct snapshot_args *args = parsed;
	FC_CLEANUP(azure_call_release)
	struct azure_call taking = call_of(ctx->service, FC_AZURE_SNAPSHOT_TAKE, NULL);
	FC_CLEANUP(azure_call_release) struct azure_call call = { 0 };
	struct azure_row row = azure_row_new();
	struct scope scope;
	char operation[FC_UUID_TEXT_SIZE];
	FC_TRY(need_source(ctx, args, &scope, err));
	FC_TRY(snapshot_set_ttl(ctx, args->ttl, &taking, err));
	FC_TRY(start_take(&taking, &scope, args, operation, err));
	row.face_id = operation;
	row.result = "taking";
	if (!args->no_wait) {
		FC_TRY(await(ctx->service, operation, &call, err));
		row.result = "taken";
		row.id = azure_last_part(fc_json_text(call.json, "resourceLocation"));
	}
	return azure_show(ctx, "snapshot", azure_snapshot_result_fields, NULL, &row, err);
}

COMMAND(snapshots_take, "snapshots take", "take a snapshot of a list or group",
	"(--group GROUP | --list LIST) [OPTION...]", take_options, run_take,
	azure_snapshot_result_fields);

/* ---- list and show ---- */

static const struct option_row list_options[] = {
	{ OPTION_TEXTS, 0, "type", "KIND", AT(types),
	  "FaceList, LargeFaceList, PersonGroup or LargePersonGroup; may be repeated" },
	ROW_SCOPE,
	OPTION_ROWS_LISTING(snapshot_args, listing),
	{ OPTION_END },
};

static void add_filter(struct azure_call *call, const char *name, const struct option_texts *texts)
{
	FC_CLEANUP(fc_buffer_release) struct fc_buffer joined = { 0 };
	for (size_t i = 0; i < texts->count; i++) {
		fc_buffer_printf(&joined, "%s%s", i > 0 ? "," : "", texts->items[i]);
	}
	azure_query(call, name, texts->count > 0 ? fc_buffer_text(&joined) : NULL);
}

static enum fc_status run_list(struct command_context *ctx, void *parsed, struct fc_error *err)
{
	const struct snapshot_args *args = parsed;
	FC_CLEANUP(azure_call_release)
	struct azure_call call = call_of(ctx->service, FC_AZURE_SNAPSHOT_LIST, NULL);
	add_filter(&call, "type", &args->types);
	add_filter(&call, "applyScope", &args->apply_scope);
	return listing_write(ctx, &call, &args->listing, "snapshot", azure_snapshot_fields, err);
}

COMMAND(snapshots_list, "snapshots list", "list snapshots", "[OPTION...]", list_options, run_list,
	azure_snapshot_fields);

static const struct option_row show_options[] = { SNAPSHOTS(1), { OPTION_END } };

static enum fc_status run_show(struct command_context *ctx, void *parsed, struct fc_error *err)
{
	const struct snapshot_args *args = parsed;
	FC_CLEANUP(azure_call_release)
	struct azure_call call = call_of(ctx->service, FC_AZURE_SNAPSHOT_GET, args->ids.items[0]);
	FC_CLEANUP(azure_row_release) struct azure_row row = azure_row_new();
	FC_TRY(azure_send(&call, err));
	return azure_show(ctx, "snapshot", azure_snapshot_fields, call.json, &row, err);
}

COMMAND(snapshots_show, "snapshots show", "show a snapshot", "SNAPSHOT", show_options, run_show,
	azure_snapshot_fields);

/* ---- update and delete ---- */

static const struct option_row update_options[] = {
	SNAPSHOTS(1),
	ROW_SCOPE,
	ROW_DATA,
	OPTION_ROW_TTL(snapshot_args, ttl),
	OPTION_ROW_UNSET_USER_DATA(snapshot_args, unset),
	{ OPTION_END },
};

static enum fc_status run_update(struct command_context *ctx, void *parsed, struct fc_error *err)
{
	const struct snapshot_args *args = parsed;
	FC_CLEANUP(azure_call_release)
	struct azure_call call =
		call_of(ctx->service, FC_AZURE_SNAPSHOT_UPDATE, args->ids.items[0]);
	struct azure_row row = azure_row_new();
	struct fc_json_writer json = fc_json_writer_of(&call.body, false);
	const char *user_data;
	FC_TRY(words_user_data(&args->unset, args->user_data, &user_data, err));
	if (args->apply_scope.count == 0 && !user_data && !args->ttl) {
		return fc_fail(err, FC_INVALID_ARGUMENT,
			       "give --apply-scope, --user-data, --ttl or --unset");
	}
	FC_TRY(snapshot_set_ttl(ctx, args->ttl, &call, err));
	fc_json_begin_object(&json);
	if (args->apply_scope.count > 0) {
		FC_TRY(put_scope(&json, &args->apply_scope, err));
	}
	fc_json_put_text(&json, "userData", user_data);
	fc_json_end_object(&json);
	FC_TRY(azure_send(&call, err));
	row.result = "updated";
	row.id = call.snapshot;
	return azure_show(ctx, "snapshot", azure_snapshot_result_fields, NULL, &row, err);
}

COMMAND(snapshots_update, "snapshots update",
	"change who may apply a snapshot, its user data, and when it expires",
	"SNAPSHOT [OPTION...]", update_options, run_update, azure_snapshot_result_fields);

static const struct option_row delete_options[] = {
	SNAPSHOTS(0),
	{ OPTION_FLAG, 'n', "dry-run", NULL, AT(dry_run),
	  "do everything except storing the result" },
	{ OPTION_END },
};

static enum fc_status run_delete(struct command_context *ctx, void *parsed, struct fc_error *err)
{
	const struct snapshot_args *args = parsed;
	struct operand_outcomes outcomes = { 0 };
	FC_CLEANUP(azure_rows_release) struct azure_rows rows = { 0 };
	azure_rows_begin(&rows, ctx, "snapshot", azure_container_delete_fields, false, false);
	for (size_t i = 0; i < args->ids.count; i++) {
		struct fc_error failure = { 0 };
		struct azure_row row = azure_row_new();
		FC_CLEANUP(azure_call_release)
		struct azure_call call =
			call_of(ctx->service,
				args->dry_run ? FC_AZURE_SNAPSHOT_GET : FC_AZURE_SNAPSHOT_DELETE,
				args->ids.items[i]);
		enum fc_status status = azure_send(&call, &failure);
		row.id = call.snapshot;
		FC_TRY(azure_rows_add_deletion(&rows, &row, args->dry_run, status, &failure,
					       &outcomes, err));
	}
	FC_TRY(azure_rows_end(&rows, err));
	return operand_judge(&outcomes, err);
}

COMMAND(snapshots_delete, "snapshots delete", "delete snapshots", "SNAPSHOT... [--dry-run]",
	delete_options, run_delete, azure_container_delete_fields);

/* ---- apply and status ---- */

static const struct option_row apply_options[] = {
	SNAPSHOTS(1),
	{ OPTION_TEXT, 0, "to", "ID", AT(to), "id of the list or group to create" },
	ROW_NO_WAIT,
	{ OPTION_END },
};

static enum fc_status start_apply(struct fc_service *service, const char *snapshot,
				  const char *object, char operation[FC_UUID_TEXT_SIZE],
				  struct fc_error *err)
{
	FC_CLEANUP(azure_call_release)
	struct azure_call call = call_of(service, FC_AZURE_SNAPSHOT_APPLY, snapshot);
	struct fc_json_writer json = fc_json_writer_of(&call.body, false);
	fc_json_begin_object(&json);
	fc_json_put_text(&json, "objectId", object);
	fc_json_put_text(&json, "mode", "CreateNew");
	fc_json_end_object(&json);
	return start(&call, operation, err);
}

static enum fc_status run_apply(struct command_context *ctx, void *parsed, struct fc_error *err)
{
	const struct snapshot_args *args = parsed;
	FC_CLEANUP(azure_call_release) struct azure_call call = { 0 };
	struct azure_row row = azure_row_new();
	char operation[FC_UUID_TEXT_SIZE];
	if (!args->to) {
		return fc_fail(err, FC_INVALID_ARGUMENT,
			       "give --to ID, the list or group to create");
	}
	FC_TRY(start_apply(ctx->service, args->ids.items[0], args->to, operation, err));
	row.id = args->ids.items[0];
	row.face_id = operation;
	row.result = "applying";
	if (!args->no_wait) {
		FC_TRY(await(ctx->service, operation, &call, err));
		row.result = "applied";
	}
	return azure_show(ctx, "snapshot", azure_snapshot_result_fields, NULL, &row, err);
}

COMMAND(snapshots_apply, "snapshots apply", "create a list or group from a snapshot",
	"SNAPSHOT --to ID [--no-wait]", apply_options, run_apply, azure_snapshot_result_fields);

static const struct option_row status_options[] = {
	{ OPTION_OPERANDS, 0, NULL, "OPERATION", AT(ids), "the UUID that take or apply printed",
	  .minimum = 1, .maximum = 1 },
	{ OPTION_END },
};

static enum fc_status run_status(struct command_context *ctx, void *parsed, struct fc_error *err)
{
	const struct snapshot_args *args = parsed;
	FC_CLEANUP(azure_call_release)
	struct azure_call call = { .service = ctx->service,
				   .verb = FC_AZURE_SNAPSHOT_STATUS,
				   .operation = args->ids.items[0] };
	FC_CLEANUP(azure_row_release) struct azure_row row = azure_row_new();
	FC_TRY(azure_send(&call, err));
	row.id = call.operation;
	return azure_show(ctx, "operation", azure_training_fields, call.json, &row, err);
}

COMMAND(snapshots_status, "snapshots status", "show the state of take or apply", "OPERATION",
	status_options, run_status, azure_training_fields);

/* ---- copy ---- */

static const struct option_row copy_options[] = {
	ROWS_SOURCE,    { OPTION_TEXT, 0, "to", "SERVICE", AT(to), "service that gets the copy" },
	ROW_SCOPE,      ROW_NO_WAIT,
	{ OPTION_END },
};

/* Open the service that gets the copy. */
static enum fc_status open_target(const struct command_context *ctx, const char *name,
				  struct settings *settings, struct command_context *other,
				  struct service_stack *stack, struct fc_error *err)
{
	*settings = *ctx->settings;
	settings->service = name;
	*other = *ctx;
	other->settings = settings;
	if (settings_are_local(ctx->settings) || settings_are_local(settings)) {
		return fc_fail(err, FC_UNSUPPORTED,
			       "snapshots are copied between two services of type azure; the "
			       "local engine has 'snapshots export' and 'snapshots import'");
	}
	return service_stack_open(stack, other, err);
}

static enum fc_status run_copy(struct command_context *ctx, void *parsed, struct fc_error *err)
{
	const struct snapshot_args *args = parsed;
	struct settings settings;
	struct command_context other;
	FC_CLEANUP(service_stack_release) struct service_stack stack = { 0 };
	FC_CLEANUP(azure_call_release)
	struct azure_call taking = call_of(ctx->service, FC_AZURE_SNAPSHOT_TAKE, NULL);
	FC_CLEANUP(azure_call_release) struct azure_call taken = { 0 };
	FC_CLEANUP(azure_call_release) struct azure_call applied = { 0 };
	struct azure_row row = azure_row_new();
	struct scope scope;
	char operation[FC_UUID_TEXT_SIZE], application[FC_UUID_TEXT_SIZE];
	if (!args->to) {
		return fc_fail(err, FC_INVALID_ARGUMENT, "give --to SERVICE");
	}
	FC_TRY(need_source(ctx, args, &scope, err));
	FC_TRY(open_target(ctx, args->to, &settings, &other, &stack, err));
	FC_TRY(start_take(&taking, &scope, args, operation, err));
	FC_TRY(await(ctx->service, operation, &taken, err));
	const char *snapshot = azure_last_part(fc_json_text(taken.json, "resourceLocation"));
	if (!snapshot) {
		return fc_fail(err, FC_REFUSED, "the operation '%s' ended without a snapshot",
			       operation);
	}
	FC_TRY(start_apply(stack.service, snapshot, scope.id, application, err));
	row.id = snapshot;
	row.face_id = application;
	row.result = "applying";
	if (!args->no_wait) {
		FC_TRY(await(stack.service, application, &applied, err));
		row.result = "copied";
		/* the snapshot was taken for this copy only */
		FC_CLEANUP(azure_call_release)
		struct azure_call removal =
			call_of(ctx->service, FC_AZURE_SNAPSHOT_DELETE, snapshot);
		FC_TRY(azure_send(&removal, err));
	}
	return azure_show(ctx, "snapshot", azure_snapshot_result_fields, NULL, &row, err);
}

COMMAND(snapshots_copy, "snapshots copy", "copy a list or group to another service",
	"(--group GROUP | --list LIST) --to SERVICE --apply-scope UUID [--no-wait]", copy_options,
	run_copy, azure_snapshot_result_fields);
