/* delete: remove persons from a space. */
/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>

#include "base/number.h"
#include "command.h"
#include "option/person.h"
#include "output/face_record.h"
#include "output/record.h"
#include "photos/photo_options.h"
#include "photos/smarty_request.h"
#include "service/answer/smarty.h"

struct delete_args {
	const char *space;
	struct option_texts persons;
	struct option_numbers person_ids;
	const char *meta;
	struct option_texts photos; /* ignored */
	bool dry_run;
	struct smarty_request request; /* set by prepare from the options */
};

static const struct option_row options[] = {
	{ OPTION_OPERANDS, 0, NULL, "PERSON", offsetof(struct delete_args, persons),
	  "number, name, UUID or a unique prefix of one" },
	OPTION_ROW_SPACE(delete_args),
	{ OPTION_NUMBERS, 0, "person-id", "N", offsetof(struct delete_args, person_ids),
	  "number of a person; may be repeated", .minimum = 1,
	  .maximum = FC_SMARTY_NUMBER_MAXIMUM },
	OPTION_ROW_META(delete_args),
	{ OPTION_TEXTS, 'p', "photo", "PHOTO", offsetof(struct delete_args, photos),
	  "accepted and ignored, as in the Smarty API" },
	OPTION_ROW_DRY_RUN(delete_args),
	{ OPTION_END },
};

struct delete_record {
	const char *person;
	int64_t person_id;
	const char *result; /* deleted, not_found, failed */
	int64_t faces;
	const char *error;
	enum record_flag dry_run;
};

static const struct record_field fields[] = {
	{ RECORD_TEXT, "person", offsetof(struct delete_record, person), 0, "PERSON" },
	{ RECORD_INTEGER, "person_id", offsetof(struct delete_record, person_id) },
	{ RECORD_TEXT, "result", offsetof(struct delete_record, result), 0, "RESULT" },
	{ RECORD_INTEGER, "faces", offsetof(struct delete_record, faces), 0, "FACES" },
	{ RECORD_TEXT, "error", offsetof(struct delete_record, error), 0, "ERROR" },
	{ RECORD_FLAG, "dry_run", offsetof(struct delete_record, dry_run) },
	{ RECORD_END },
};

/* The persons to delete, from operands, --person-id and the images of --meta. Each has a number and its name in the output. */
struct deletion {
	struct fc_delete_item *items;
	char (*tags)[FC_PERSON_TAG_SIZE];
	char (*names)[32]; /* of images without a name */
	size_t count;
};

static void deletion_release(struct deletion *deletion)
{
	free(deletion->items);
	free(deletion->tags);
	free(deletion->names);
}

static void add_item(struct deletion *deletion, uint64_t number, const char *name)
{
	const struct fc_identity person = { .has_number = true, .number = number };
	fc_person_tag(&person, deletion->tags[deletion->count]);
	deletion->items[deletion->count] = (struct fc_delete_item){
		.name = name ? name : deletion->tags[deletion->count],
		.number = number,
	};
	deletion->count++;
}

/* A number need not exist. A text that matches no person becomes an item with number 0, reported as not found. */
static enum fc_status add_person(struct deletion *deletion, struct command_context *ctx,
				 const char *word, const char *space, struct fc_error *err)
{
	FC_CLEANUP(fc_profile_release) struct fc_profile person = { 0 };
	uint64_t number;
	if (fc_parse_u64(word, 1, FC_PERSON_NUMBER_MAXIMUM, "PERSON", &number, NULL) == FC_OK) {
		add_item(deletion, number, NULL);
		return FC_OK;
	}
	enum fc_status status = person_read(ctx, word, space, &person, err);
	if (status == FC_NOT_FOUND) {
		add_item(deletion, 0, word);
		return FC_OK;
	}
	FC_TRY(status);
	if (!person.has_number) {
		return fc_fail(err, FC_INVALID_ARGUMENT,
			       "person '%s' has no number; use 'facectl profiles delete'", word);
	}
	add_item(deletion, person.number, NULL);
	return FC_OK;
}

static enum fc_status deletion_init(struct deletion *deletion, struct command_context *ctx,
				    const struct delete_args *args, struct fc_error *err)
{
	const struct fc_smarty_request *meta = &args->request.meta;
	size_t room = args->persons.count + args->person_ids.count + meta->image_count + 1;
	deletion->items = calloc(room, sizeof(*deletion->items));
	deletion->tags = calloc(room, sizeof(*deletion->tags));
	deletion->names = calloc(room, sizeof(*deletion->names));
	if (!deletion->items || !deletion->tags || !deletion->names) {
		return fc_fail_memory(err);
	}
	for (size_t i = 0; i < args->persons.count; i++) {
		FC_TRY(add_person(deletion, ctx, args->persons.items[i], args->request.space, err));
	}
	for (size_t i = 0; i < args->person_ids.count; i++) {
		add_item(deletion, args->person_ids.items[i], NULL);
	}
	for (size_t i = 0; i < meta->image_count; i++) {
		const char *name = meta->images[i].name;
		snprintf(deletion->names[i], sizeof(deletion->names[i]), "file_%zu", i);
		if (name && *name == '\0') {
			return fc_fail(err, FC_INVALID_ARGUMENT,
				       "an image of --meta has an empty name");
		}
		add_item(deletion, meta->images[i].number, name ? name : deletion->names[i]);
	}
	return FC_OK;
}

static enum fc_status prepare(struct command_context *ctx, void *parsed, struct fc_error *err)
{
	struct delete_args *args = parsed;
	const struct fc_smarty_request *meta = &args->request.meta;
	FC_TRY(smarty_request_init(&args->request, ctx, args->meta, args->space, NULL, err));
	bool numbered = args->persons.count + args->person_ids.count + meta->image_count > 0;
	for (size_t i = 0; i < meta->image_count; i++) {
		numbered = numbered && meta->images[i].has_number;
	}
	if (!numbered) {
		return fc_fail_code(err, FC_INVALID_ARGUMENT, FC_CODE_NO_PERSON_ID,
				    "no person to delete; give PERSON or --person-id N");
	}
	return FC_OK;
}

static void answer_in_envelope(struct command_context *ctx, const struct deletion *deletion,
			       const char *space, const struct fc_smarty_notes *notes)
{
	struct fc_json_writer json = fc_json_writer_of(&ctx->out->data, true);
	fc_answer_begin_photos(&json);
	for (size_t i = 0; i < deletion->count; i++) {
		fc_answer_deleted(&json, &deletion->items[i], space);
	}
	fc_answer_end_photos(&json, notes);
}

static enum fc_status answer_in_records(struct command_context *ctx,
					const struct deletion *deletion, bool dry_run,
					struct fc_error *err)
{
	FC_CLEANUP(record_writer_release)
	struct record_writer writer = record_writer_of(ctx->out, "delete", fields, false);
	for (size_t i = 0; i < deletion->count; i++) {
		const struct fc_delete_item *item = &deletion->items[i];
		bool done = item->status == FC_OK;
		const char *error = item->service_error[0] != '\0' ? item->service_error : NULL;
		const struct delete_record record = {
			.person = item->number > 0 ? deletion->tags[i] : item->name,
			.person_id = item->number > 0 ? (int64_t)item->number : RECORD_ABSENT,
			.result = done    ? record_outcome(ctx->out, dry_run, "deleted")
				  : error ? "failed"
					  : "not_found",
			.dry_run = dry_run ? RECORD_TRUE : RECORD_FALSE,
			.faces = done && !item->uncounted ? (int64_t)item->faces : RECORD_ABSENT,
			.error = error,
		};
		FC_TRY(record_write(&writer, &record, done ? TONE_PLAIN : TONE_FAINT, err));
	}
	return record_finish(&writer, err);
}

static enum fc_status run(struct command_context *ctx, void *parsed, struct fc_error *err)
{
	const struct delete_args *args = parsed;
	FC_CLEANUP(deletion_release) struct deletion deletion = { 0 };
	size_t done = 0;
	size_t failed = 0; /* persons that a remote service failed to delete */
	struct fc_smarty_notes notes = { 0 };
	FC_TRY(deletion_init(&deletion, ctx, args, err));
	const struct fc_delete_request request = {
		.space = args->request.space,
		.items = deletion.items,
		.count = deletion.count,
		.dry_run = args->dry_run,
		.notes = &notes,
	};
	enum fc_status status = fc_service_delete(ctx->service, &request, err);
	for (size_t i = 0; i < deletion.count; i++) {
		done += deletion.items[i].status == FC_OK;
		failed += deletion.items[i].service_error[0] != '\0';
	}
	bool is_json = ctx->out->format == FORMAT_JSON;
	bool refused = is_json && err->answer[0] != '\0' && done == 0;
	if (status != FC_OK && status != FC_PARTIAL && (failed == 0 || refused)) {
		return status; /* the request failed as a whole: there are no results */
	}
	if (is_json) {
		answer_in_envelope(ctx, &deletion, args->request.space, &notes);
	} else {
		FC_TRY(answer_in_records(ctx, &deletion, args->dry_run, err));
	}
	ctx->answered = true;
	if (status != FC_OK || done == deletion.count) {
		return status;
	}
	return fc_fail(err, done > 0 ? FC_PARTIAL : FC_NOT_FOUND,
		       "not in space '%s': %zu of %zu %s", args->request.space,
		       deletion.count - done, deletion.count,
		       deletion.count == 1 ? "person" : "persons");
}

static void release(void *parsed)
{
	struct delete_args *args = parsed;
	smarty_request_release(&args->request);
}

const struct command delete_command = {
	.name = "delete",
	.summary = "remove persons from a space",
	.synopsis = "--space SPACE PERSON... | --space SPACE --person-id N...",
	.options = options,
	.args_size = sizeof(struct delete_args),
	.needs = COMMAND_SERVICE | COMMAND_LEDGER,
	.shape = &smarty_shape,
	.fields = fields,
	.prepare = prepare,
	.run = run,
	.release = release,
};
