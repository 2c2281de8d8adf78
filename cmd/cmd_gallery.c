/* The gallery itself: check. */
/* SPDX-License-Identifier: MIT */
#include "command.h"
#include "gallery/gallery.h"
#include "record.h"

struct check_record {
	const char *gallery;
	int64_t spaces, persons, faces, entries, bytes, problems;
};

#define IN(member) offsetof(struct check_record, member)

static const struct record_field fields[] = {
	{ RECORD_TEXT, "gallery", IN(gallery), 0, "gallery" },
	{ RECORD_INTEGER, "spaces", IN(spaces), 0, "spaces" },
	{ RECORD_INTEGER, "persons", IN(persons), 0, "persons" },
	{ RECORD_INTEGER, "faces", IN(faces), 0, "faces" },
	{ RECORD_INTEGER, "entries", IN(entries), 0, "entries" },
	{ RECORD_INTEGER, "bytes", IN(bytes), 0, "bytes" },
	{ RECORD_INTEGER, "problems", IN(problems), 0, "problems" },
	{ RECORD_END },
};

static void tell_problem(const char *text, void *context)
{
	out_message(context, "%s", text);
}

static enum fc_status run(struct command_context *ctx, void *args, struct fc_error *err)
{
	FC_CLEANUP(fc_gallery_closep) struct fc_gallery *gallery = NULL;
	struct fc_check_report report = { 0 };
	const struct fc_gallery_options options = {
		.directory = ctx->settings->gallery,
		.mode = FC_GALLERY_READ,
		.lock_timeout = (unsigned)ctx->settings->lock_timeout.value,
	};
	(void)args;
	if (!options.directory) {
		return fc_fail(err, FC_INVALID_ARGUMENT,
			       "there is no home folder for a gallery; give --gallery DIR");
	}
	FC_TRY(fc_gallery_open(&options, &gallery, err));
	FC_TRY(fc_gallery_check(gallery, tell_problem, ctx->out, &report, err));
	const struct check_record record = {
		.gallery = options.directory,
		.spaces = (int64_t)report.spaces,
		.persons = (int64_t)report.persons,
		.faces = (int64_t)report.faces,
		.entries = (int64_t)report.entries,
		.bytes = (int64_t)report.bytes,
		.problems = (int64_t)report.problems,
	};
	FC_CLEANUP(record_writer_release)
	struct record_writer writer = record_writer_of(ctx->out, "gallery", fields, true);
	FC_TRY(record_write(&writer, &record, report.problems > 0 ? TONE_BAD : TONE_PLAIN, err));
	FC_TRY(record_finish(&writer, err));
	if (report.problems > 0) {
		return fc_fail(err, FC_DAMAGED, "the gallery '%s' is damaged", options.directory);
	}
	return FC_OK;
}

const struct command gallery_check_command = {
	.name = "gallery check",
	.summary = "read the whole gallery and report what is damaged",
	.synopsis = "",
	.run = run,
};
