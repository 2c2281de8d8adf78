/* gallery reembed: replace the templates of all faces by those of another embedder. */
/* SPDX-License-Identifier: MIT */
#include <stdio.h>

#include "command.h"
#include "output/record.h"
#include "photos/progress.h"
#include "service/reembed.h"

struct reembed_args {
	bool set_aside, dry_run;
};

static const struct option_row options[] = {
	{ OPTION_FLAG, 0, "set-aside", NULL, offsetof(struct reembed_args, set_aside),
	  "keep faces without a crop and photo, but remove their templates" },
	{ OPTION_FLAG, 'n', "dry-run", NULL, offsetof(struct reembed_args, dry_run),
	  "show what would be done, but change nothing" },
	{ OPTION_END },
};

/* A face whose photo and crop are missing; the last record is the summary. */
struct reembed_record {
	const char
		*result; /* without, set_aside; reembedded, unchanged, refused, failed, dry_run */
	const char *gallery, *from, *to;
	const char *space, *pid, *name, *path, *sha256, *why;
	int64_t face_id, person_id;
	int64_t faces, crops, photos, without;
};

#define IN(member) offsetof(struct reembed_record, member)

static const struct record_field fields[] = {
	{ RECORD_TEXT, "result", IN(result), 0, "RESULT" },
	{ RECORD_TEXT, "space", IN(space), 0, "SPACE" },
	{ RECORD_INTEGER, "face_id", IN(face_id), 0, "FACE" },
	{ RECORD_TEXT, "pid", IN(pid), 0, "PID" },
	{ RECORD_INTEGER, "person_id", IN(person_id) },
	{ RECORD_TEXT, "name", IN(name), 0, "NAME" },
	{ RECORD_TEXT, "path", IN(path), 0, "PHOTO" },
	{ RECORD_TEXT, "sha256", IN(sha256) },
	{ RECORD_TEXT, "why", IN(why) },
	{ RECORD_TEXT, "gallery", IN(gallery) },
	{ RECORD_TEXT, "from", IN(from), 0, "FROM" },
	{ RECORD_TEXT, "to", IN(to), 0, "TO" },
	{ RECORD_INTEGER, "faces", IN(faces), 0, "FACES" },
	{ RECORD_INTEGER, "from_crops", IN(crops), 0, "CROPS" },
	{ RECORD_INTEGER, "from_photos", IN(photos), 0, "PHOTOS" },
	{ RECORD_INTEGER, "without", IN(without), 0, "WITHOUT" },
	{ RECORD_END },
};

struct sink {
	struct command_context *ctx;
	const struct reembed_args *args;
	struct record_writer writer;
	struct progress progress;
	struct progress_state state;
};

static void sink_release(struct sink *sink)
{
	progress_hide(&sink->progress);
	record_writer_release(&sink->writer);
}

static enum fc_status write_face(void *context, const struct fc_reembed_face *face,
				 struct fc_error *err)
{
	struct sink *sink = context;
	char pid[FC_UUID_TEXT_SIZE], sha256[FC_SHA256_TEXT_SIZE];
	fc_uuid_format(&face->pid, pid);
	fc_sha256_format(&face->photo, sha256);
	const struct reembed_record record = {
		.result = sink->args->set_aside && !sink->args->dry_run ? "set_aside" : "without",
		.space = face->space,
		.face_id = (int64_t)face->face_id,
		.pid = pid,
		.person_id = face->has_number ? (int64_t)face->number : RECORD_ABSENT,
		.name = face->name,
		.path = face->path,
		.sha256 = sha256,
		.why = face->why,
		.faces = RECORD_ABSENT,
		.crops = RECORD_ABSENT,
		.photos = RECORD_ABSENT,
		.without = RECORD_ABSENT,
	};
	progress_hide(&sink->progress);
	return record_write(&sink->writer, &record, TONE_BAD, err);
}

static void step(void *context, uint64_t total, bool failed)
{
	struct sink *sink = context;
	struct progress_state *state = &sink->state;
	state->has_total = true;
	state->total = total;
	state->photos++;
	state->faces++;
	state->accepted += !failed;
	state->rejected += failed;
	if (progress_due(&sink->progress)) {
		progress_show(&sink->progress, state);
	}
}

static const char *result_word(const struct reembed_args *args,
			       const struct fc_reembed_result *result)
{
	if (result->changed) {
		return "reembedded";
	}
	if (result->without > 0 && !args->set_aside) {
		return "refused";
	}
	if (args->dry_run) {
		return "dry_run";
	}
	return result->faces == 0 ? "unchanged" : "failed";
}

static enum fc_status write_sum(struct sink *sink, const struct fc_reembed_result *result,
				struct fc_error *err)
{
	const struct reembed_record record = {
		.result = result_word(sink->args, result),
		.gallery = sink->ctx->settings->gallery,
		.from = result->from[0] ? result->from : NULL,
		.to = result->to,
		.face_id = RECORD_ABSENT,
		.person_id = RECORD_ABSENT,
		.faces = (int64_t)result->faces,
		.crops = (int64_t)result->from_crops,
		.photos = (int64_t)result->from_photos,
		.without = (int64_t)result->without,
	};
	progress_hide(&sink->progress);
	FC_TRY(record_write(&sink->writer, &record, result->changed ? TONE_GOOD : TONE_PLAIN, err));
	return record_finish(&sink->writer, err);
}

static enum fc_status prepare(struct command_context *ctx, void *parsed, struct fc_error *err)
{
	(void)parsed;
	if (!ctx->settings->given[settings_index("embedder")]) {
		return fc_fail(err, FC_INVALID_ARGUMENT,
			       "give the new embedder of the gallery by --embedder NAME");
	}
	ctx->embedder = ctx->settings->embedder;
	ctx->photos = PHOTOS_UNKNOWN; /* start all workers */
	return FC_OK;
}

static enum fc_status run(struct command_context *ctx, void *parsed, struct fc_error *err)
{
	const struct reembed_args *args = parsed;
	struct fc_reembed_result result = { 0 };
	FC_CLEANUP(sink_release)
	struct sink sink = {
		.ctx = ctx,
		.args = args,
		.writer = record_writer_of(ctx->out, "reembed", fields, false),
		.progress = progress_begin(ctx->settings),
	};
	const struct fc_reembed_request request = {
		.set_aside = args->set_aside,
		.dry_run = args->dry_run,
		.without = write_face,
		.step = step,
		.context = &sink,
	};
	enum fc_status status = fc_service_reembed(ctx->service, &request, &result, err);
	if (status != FC_OK && result.without == 0) {
		return status;
	}
	struct fc_error write_error = { 0 };
	enum fc_status written = write_sum(&sink, &result, &write_error);
	if (status == FC_OK && written != FC_OK) {
		*err = write_error;
		return written;
	}
	if (status == FC_OK && result.changed && result.without > 0) {
		return fc_fail(err, FC_PARTIAL,
			       "%llu faces now have no template and are not recognised until "
			       "their photos are enrolled again",
			       (unsigned long long)result.without);
	}
	return status;
}

const struct command gallery_reembed_command = {
	.name = "gallery reembed",
	.summary = "replace the templates of a gallery by those of another embedder",
	.synopsis = "--embedder NAME [OPTION...]",
	.help = "Computes the new templates from crops stored by --keep-crops, else from the photos if they still have the same path. Replaces all templates or, on failure, none.",
	.options = options,
	.args_size = sizeof(struct reembed_args),
	.needs = COMMAND_SERVICE | COMMAND_VISION,
	.prepare = prepare,
	.run = run,
};
