/* faces add, for persons of spaces. */
/* SPDX-License-Identifier: MIT */
#include "commands/faces/stored.h"
#include "option/person.h"
#include "photos/set_report.h"

/* The photos of the source, each with the person. */
struct photos_of_person {
	struct fc_photo_source source;
	struct fc_uuid pid;
};

static enum fc_status next_photo(void *context, struct fc_photo *out, bool *end,
				 struct fc_error *err)
{
	struct photos_of_person *photos = context;
	FC_TRY(photos->source.next(photos->source.context, out, end, err));
	out->has_number = false;
	out->person = NULL;
	out->has_pid = true;
	out->pid = photos->pid;
	return FC_OK;
}

static bool is_ready(void *context)
{
	const struct photos_of_person *photos = context;
	return photos->source.ready(photos->source.context);
}

enum fc_status stored_faces_add(struct command_context *ctx, const char *person, const char *space,
				const struct fc_set_request *given, struct photo_source *source,
				struct fc_error *err)
{
	struct fc_tally tally = { 0 };
	FC_CLEANUP(fc_profile_release) struct fc_profile owner = { 0 };
	FC_CLEANUP(report_release) struct report report = { 0 };
	FC_TRY(person_read(ctx, person, space, &owner, err));
	FC_TRY(report_begin(&report, ctx, "face_add", set_fields, source, err));
	report.dry_run = given->dry_run ? RECORD_TRUE : RECORD_FALSE;
	struct photos_of_person photos = { report_source(&report), owner.pid };
	const struct fc_set_request request = {
		.space = owner.space,
		.photos = { .next = next_photo, .context = &photos, .ready = is_ready },
		.sink = { set_report_photo, &report },
		.rules = { .quality = fc_quality_floor },
		.face_user_data = given->face_user_data,
		.no_entry = given->no_entry,
		.dry_run = given->dry_run,
		.keep_crops = settings_keep_crops(ctx->settings),
	};
	enum fc_status status = fc_service_face_add(ctx->service, &request, &tally, err);
	return report_end(&report, status, &tally, err);
}
