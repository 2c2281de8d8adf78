/* group: divide the faces of photos into groups of similar faces. */
/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "base/json.h"
#include "base/json_writer.h"
#include "commands/azure/gather.h"
#include "commands/azure/rows.h"
#include "exit.h"
#include "photos/photo_options.h"

struct group_args {
	struct photo_source_args photos;
	/* set by prepare */
	struct option_texts face_ids;
	struct photo_source source;
	bool has_photos;
};

static const struct option_row options[] = {
	OPTION_ROWS_PLACES(group_args, photos),
	{ OPTION_END },
};

struct group_row {
	int64_t group; /* RECORD_ABSENT: similar to no other face */
	const char *result;
	int64_t size;
	const char *path;
	int64_t index;
	struct record_reals box;
	const char *face_id;
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
	{ RECORD_END },
};

static enum fc_status prepare(struct command_context *ctx, void *parsed, struct fc_error *err)
{
	struct group_args *args = parsed;
	FC_TRY(probe_split(&args->photos.photos, &args->face_ids, err));
	args->has_photos = args->face_ids.count == 0 || args->photos.photos.count > 0 ||
			   args->photos.from || args->photos.manifest || args->photos.files_from ||
			   args->photos.files0_from;
	return args->has_photos ? photo_source_open(&args->source, &args->photos, ctx, err) : FC_OK;
}

static enum fc_status write_faces(struct record_writer *writer, const struct gathered *gathered,
				  const cJSON *ids, int64_t group, struct fc_error *err)
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
		};
		FC_TRY(record_write(writer, &row, TONE_PLAIN, err));
	}
	return FC_OK;
}

static enum fc_status write_groups(struct command_context *ctx, const struct gathered *gathered,
				   const cJSON *answer, struct fc_error *err)
{
	FC_CLEANUP(record_writer_release)
	struct record_writer writer = record_writer_of(ctx->out, "group", fields, false);
	const cJSON *group;
	int64_t number = 0;
	cJSON_ArrayForEach (group, fc_json_get(answer, "groups")) {
		FC_TRY(write_faces(&writer, gathered, group, ++number, err));
	}
	FC_TRY(write_faces(&writer, gathered, fc_json_get(answer, "messyGroup"), RECORD_ABSENT,
			   err));
	return record_finish(&writer, err);
}

static enum fc_status run(struct command_context *ctx, void *parsed, struct fc_error *err)
{
	struct group_args *args = parsed;
	FC_CLEANUP(gathered_release)
	struct gathered gathered = { .ctx = ctx, .model = "recognition_04" };
	FC_CLEANUP(azure_call_release)
	struct azure_call call = { .service = ctx->service, .verb = FC_AZURE_GROUP };
	struct fc_json_writer json = fc_json_writer_of(&call.body, false);
	for (size_t i = 0; i < args->face_ids.count; i++) {
		FC_TRY(gather_word(&gathered, args->face_ids.items[i], err));
	}
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
	if (ctx->out->format == FORMAT_JSON) {
		FC_TRY(azure_show(ctx, "group", fields, call.json, NULL, err));
	} else {
		FC_TRY(write_groups(ctx, &gathered, call.json, err));
	}
	return gathered.failed > 0 ? exit_shown(FC_PARTIAL, err) : FC_OK;
}

static void release(void *parsed)
{
	struct group_args *args = parsed;
	option_texts_release(&args->face_ids);
	photo_source_release(&args->source);
}

const struct command group_command = {
	.name = "group",
	.summary = "divide the faces of photos into groups of similar faces",
	.synopsis = "[OPTION...] PHOTO... | FACEID... | --from DIR | --manifest FILE",
	.help = "2 to 1000 faces are compared with each other; no person needs to be stored.",
	.options = options,
	.args_size = sizeof(struct group_args),
	.needs = COMMAND_SERVICE | COMMAND_VISION,
	.fields = fields,
	.prepare = prepare,
	.run = run,
	.release = release,
};
