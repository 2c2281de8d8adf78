/* group: divide the faces of photos into groups of similar faces. */
/* SPDX-License-Identifier: MIT */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "base/json_writer.h"
#include "commands/azure/group_create.h"
#include "commands/azure/rows.h"
#include "commands/azure/unknown.h"
#include "exit.h"
#include "photos/known_place.h"
#include "photos/photo_options.h"
#include "service/profiles.h"
#include "sheet/contact_sheet.h"

struct group_args {
	struct photo_source_args photos;
	const char *sheet_path;
	struct unknown_args unknown; /* its space is also that of the created persons */
	bool create_new, dry_run, is_unknown;
	/* set by prepare */
	struct option_texts face_ids;
	struct photo_source source;
	bool has_photos;
	struct contact_sheet sheet;
};

static const struct option_row options[] = {
	OPTION_ROWS_PLACES(group_args, photos),
	OPTION_ROW_SHEET(group_args, sheet_path),
	{ OPTION_FLAG, 'c', "create-new", NULL, offsetof(struct group_args, create_new),
	  "create a person in the space for each group, unless the space has a similar one" },
	{ OPTION_FLAG, 0, "unknown", NULL, offsetof(struct group_args, is_unknown),
	  "the unknown faces (result nm) in the log of the space, instead of photos" },
	{ OPTION_TEXT, 's', "space", "SPACE", offsetof(struct group_args, unknown.space),
	  "space of the created persons, and of --unknown" },
	{ OPTION_TEXT, 0, "origin", "ORIGIN", offsetof(struct group_args, unknown.origin),
	  "with --unknown: only from this origin" },
	{ OPTION_TEXT, 0, "since", "TIME", offsetof(struct group_args, unknown.since),
	  "with --unknown: only at or after this time" },
	{ OPTION_TEXT, 0, "until", "TIME", offsetof(struct group_args, unknown.until),
	  "with --unknown: only before this time" },
	OPTION_ROW_DRY_RUN(group_args),
	{ OPTION_END },
};

struct group_row {
	int64_t group; /* RECORD_ABSENT: similar to no other face */
	const char *result;
	int64_t size;
	const char *path;
	int64_t index;
	struct record_reals box;
	const char *face_id, *pid, *stored;
	enum record_flag dry_run;
};

#define IN(member) offsetof(struct group_row, member)

static const struct record_field fields[] = {
	{ RECORD_INTEGER, "group", IN(group), 0, "GROUP" },
	{ RECORD_TEXT, "result", IN(result) },
	{ RECORD_INTEGER, "size", IN(size), 0, "SIZE", .rank = 2 },
	{ RECORD_TEXT, "path", IN(path), 0, "PHOTO", .end_counts = true },
	{ RECORD_INTEGER, "face", IN(index), 0, "FACE" },
	{ RECORD_REALS, "box", IN(box), 0, "BOX", .rank = 1 },
	{ RECORD_TEXT, "face_id", IN(face_id), 0, "FACE ID", .rank = 3 },
	{ RECORD_TEXT, "stored", IN(stored), 0, "STORED", .group = RECORD_STORED },
	{ RECORD_TEXT, "pid", IN(pid), 0, "PERSON", .group = RECORD_STORED },
	{ RECORD_FLAG, "dry_run", IN(dry_run) },
	{ RECORD_END },
};

static enum fc_status check_space(const struct group_args *args, struct fc_error *err)
{
	const struct unknown_args *unknown = &args->unknown;
	bool needs_space = args->create_new || args->is_unknown;
	bool filters = unknown->origin || unknown->since || unknown->until;
	if (needs_space != (unknown->space != NULL) || (args->dry_run && !args->create_new)) {
		return fc_fail(err, FC_INVALID_ARGUMENT,
			       "--create-new and --unknown need --space SPACE, --space needs one "
			       "of them, and --dry-run needs --create-new");
	}
	return filters && !args->is_unknown
		       ? fc_fail(err, FC_INVALID_ARGUMENT,
				 "--origin, --since and --until need --unknown")
		       : FC_OK;
}

static enum fc_status prepare(struct command_context *ctx, void *parsed, struct fc_error *err)
{
	struct group_args *args = parsed;
	FC_TRY(contact_sheet_open(&args->sheet, args->sheet_path, "group", "face", err));
	FC_TRY(probe_split(&args->photos.photos, &args->face_ids, err));
	FC_TRY(check_space(args, err));
	if (args->create_new && args->face_ids.count > 0) {
		return fc_fail(err, FC_INVALID_ARGUMENT,
			       "'%s': --create-new needs the photos of all faces, not faceIds",
			       args->face_ids.items[0]);
	}
	args->has_photos = args->photos.photos.count > 0 || args->photos.from ||
			   args->photos.manifest || args->photos.files_from ||
			   args->photos.files0_from;
	if (args->is_unknown && (args->has_photos || args->face_ids.count > 0)) {
		return fc_fail(err, FC_INVALID_ARGUMENT,
			       "--unknown takes its faces from the log; photos and faceIds cannot "
			       "be given with it");
	}
	args->has_photos |= args->face_ids.count == 0 && !args->is_unknown;
	ctx->photos = args->is_unknown ? PHOTOS_UNKNOWN : ctx->photos;
	return args->has_photos ? photo_source_open(&args->source, &args->photos, ctx, err) : FC_OK;
}

static enum fc_status write_faces(struct record_writer *writer, struct gathered *gathered,
				  const cJSON *ids, int64_t group, enum record_flag dry_run,
				  struct fc_error *err)
{
	const cJSON *item;
	cJSON_ArrayForEach (item, ids) {
		const char *id = cJSON_GetStringValue(item);
		const struct gathered_face *face = id ? gathered_find(gathered, id) : NULL;
		const struct group_row row = {
			.group = group,
			.result = group == RECORD_ABSENT ? "single" : "grouped",
			.size = group == RECORD_ABSENT ? RECORD_ABSENT : cJSON_GetArraySize(ids),
			.path = face ? face->path : NULL,
			.index = face ? face->index : RECORD_ABSENT,
			.box = { face && face->path ? face->box : NULL,
				 face && face->path ? 4 : 0 },
			.face_id = id,
			.pid = face && face->pid[0] != '\0' ? face->pid : NULL,
			.stored = face ? record_outcome(writer->out, dry_run == RECORD_TRUE,
							face->stored)
				       : NULL,
			.dry_run = dry_run,
		};
		FC_TRY(record_write(writer, &row, TONE_PLAIN, err));
	}
	return FC_OK;
}

static enum fc_status write_groups(struct command_context *ctx, struct gathered *gathered,
				   const cJSON *answer, enum record_flag dry_run,
				   struct fc_error *err)
{
	FC_CLEANUP(record_writer_release)
	struct record_writer writer = record_writer_of(ctx->out, "group", fields, false);
	const cJSON *group;
	int64_t number = 0;
	writer.groups |= dry_run != RECORD_UNSAID ? RECORD_STORED : 0;
	cJSON_ArrayForEach (group, fc_json_get(answer, "groups")) {
		FC_TRY(write_faces(&writer, gathered, group, ++number, dry_run, err));
	}
	FC_TRY(write_faces(&writer, gathered, fc_json_get(answer, "messyGroup"), RECORD_ABSENT,
			   dry_run, err));
	return record_finish(&writer, err);
}

/* group 0: faces that are similar to no other. */
static enum fc_status add_to_sheet(struct contact_sheet *sheet, const struct gathered *gathered,
				   const cJSON *ids, unsigned group, struct fc_error *err)
{
	const cJSON *item;
	char title[32];
	snprintf(title, sizeof(title), group > 0 ? "Group %03u" : "Single faces", group);
	cJSON_ArrayForEach (item, ids) {
		const char *id = cJSON_GetStringValue(item);
		const struct gathered_face *face = id ? gathered_find(gathered, id) : NULL;
		FC_CLEANUP(fc_buffer_release) struct fc_buffer repair = { 0 };
		if (face && face->path) {
			fc_buffer_printf(
				&repair,
				"facectl profiles create --space SPACE --name NAME --face rect=%.0f,%.0f,%.0f,%.0f -- ",
				face->box[0], face->box[1], face->box[2] - face->box[0],
				face->box[3] - face->box[1]);
			sheet_append_quoted(&repair, face->path);
		}
		const struct sheet_face shown = {
			.rank = group > 0 ? SHEET_PERSON : SHEET_UNKNOWN,
			.title = title,
			.result = group > 0 ? "grouped" : "single",
			.is_good = group > 0,
			.crop = face && face->found ? face->found->crop : NULL,
			.path = face ? face->path : NULL,
			.index = face ? face->index : -1,
			.similarity = NAN,
			.threshold = NAN,
			.nearest_similarity = NAN,
			.note = face && face->path ? NULL : id,
			.repair = face && face->path ? fc_buffer_text(&repair) : NULL,
		};
		FC_TRY(contact_sheet_add(sheet, &shown, err));
	}
	return FC_OK;
}

static enum fc_status write_sheet(struct contact_sheet *sheet, const struct gathered *gathered,
				  const cJSON *answer, struct fc_error *err)
{
	const cJSON *group;
	unsigned number = 0;
	cJSON_ArrayForEach (group, fc_json_get(answer, "groups")) {
		FC_TRY(add_to_sheet(sheet, gathered, group, ++number, err));
	}
	FC_TRY(add_to_sheet(sheet, gathered, fc_json_get(answer, "messyGroup"), 0, err));
	return contact_sheet_commit(sheet, err);
}

static enum fc_status run(struct command_context *ctx, void *parsed, struct fc_error *err)
{
	struct group_args *args = parsed;
	FC_CLEANUP(gathered_release)
	struct gathered gathered = {
		.ctx = ctx,
		.model = "recognition_04",
		.want_analyses = args->create_new || args->sheet_path,
		.want_crops = args->sheet_path || settings_keep_crops(ctx->settings),
	};
	FC_CLEANUP(azure_call_release)
	struct azure_call call = { .service = ctx->service, .verb = FC_AZURE_GROUP };
	struct fc_json_writer json = fc_json_writer_of(&call.body, false);
	struct group_creation creation = {
		.space = args->unknown.space,
		.keep_crops = settings_keep_crops(ctx->settings),
		.dry_run = args->dry_run,
	};
	if (args->sheet_path && !settings_are_local(ctx->settings)) {
		return fc_fail(err, FC_UNSUPPORTED,
			       "service '%s' returns no crops; --contact-sheet needs the local "
			       "engine",
			       ctx->settings->service);
	}
	if (args->create_new) {
		FC_TRY(fc_service_need(ctx->service, FC_VERB_PROFILES_CREATE, err));
		FC_TRY(fc_service_need(ctx->service, FC_VERB_FACES_ADD, err));
		FC_TRY(known_place_check_new(ctx, args->unknown.space, err));
	}
	FC_TRY(gather_words(&gathered, &args->face_ids, 0, err));
	FC_TRY(args->is_unknown ? gather_unknown(&gathered, &args->unknown, err) : FC_OK);
	if (args->has_photos) {
		FC_TRY(gather_source(&gathered, &args->source, err));
		FC_TRY(photo_source_check_empty(&args->source, gathered.count + gathered.failed,
						err));
	}
	if (gathered.count < 2) {
		return fc_fail(err, FC_NO_FACE, "%zu faces found, at least 2 are needed",
			       gathered.count);
	}
	fc_json_begin_object(&json);
	fc_json_put_array(&json, "faceIds");
	for (size_t i = 0; i < gathered.count; i++) {
		fc_json_string(&json, gathered.items[i].id);
	}
	fc_json_end_array(&json);
	fc_json_end_object(&json);
	FC_TRY(azure_send(&call, err));
	if (args->create_new) {
		FC_TRY(group_create(ctx, &creation, &gathered, call.json, err));
		out_note(ctx->out, "%s %" PRIu64 " person%s",
			 args->dry_run ? "would create" : "created", creation.created,
			 creation.created == 1 ? "" : "s");
	}
	FC_TRY(write_sheet(&args->sheet, &gathered, call.json, err));
	if (ctx->out->format == FORMAT_JSON) {
		FC_TRY(azure_show(ctx, "group", fields, call.json, NULL, err));
	} else {
		FC_TRY(write_groups(ctx, &gathered, call.json,
				    !args->create_new ? RECORD_UNSAID
				    : args->dry_run   ? RECORD_TRUE
						      : RECORD_FALSE,
				    err));
	}
	return gathered.failed + creation.failed > 0 ? exit_shown(FC_PARTIAL, err) : FC_OK;
}

static void release(void *parsed)
{
	struct group_args *args = parsed;
	option_texts_release(&args->face_ids);
	photo_source_release(&args->source);
	contact_sheet_release(&args->sheet);
}

const struct command group_command = {
	.name = "group",
	.summary = "divide the faces of photos into groups of similar faces",
	.synopsis =
		"[--create-new --space SPACE [--dry-run]] [OPTION...] PHOTO... | FACEID... | --from DIR | "
		"--unknown --space SPACE",
	.help = "2 to 1000 faces are compared with each other; no person needs to be stored.",
	.options = options,
	.args_size = sizeof(struct group_args),
	.needs = COMMAND_SERVICE | COMMAND_VISION,
	.fields = fields,
	.prepare = prepare,
	.run = run,
	.release = release,
};
