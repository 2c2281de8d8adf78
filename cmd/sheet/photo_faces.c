/* Put the faces of photos and of the gallery on a contact sheet. */
/* SPDX-License-Identifier: MIT */
#include "sheet/photo_faces.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>

#include "base/memory.h"
#include "output/time_cell.h"
#include "photos/run_summary.h"
#include "service/stored_faces.h"

enum { CROPS_TRIED = 50 /* faces of a person among which one with a stored crop is looked for */ };

const char *sheet_person_title(const struct fc_identity *person, char tag[FC_PERSON_TAG_SIZE])
{
	fc_person_tag(person, tag);
	return person->name ? person->name : tag;
}

/* "facectl profiles create --space S --name NAME --face index=2 photo.jpg" */
static const char *enrol_command(struct fc_buffer *out, const char *space, const char *origin,
				 size_t index, const char *path)
{
	fc_buffer_append_text(out, origin && !space ? "facectl profiles create --origin "
						    : "facectl profiles create --space ");
	sheet_append_quoted(out, space ? space : (origin ? origin : "SPACE"));
	fc_buffer_printf(out, " --name NAME --face index=%zu -- ", index);
	sheet_append_quoted(out, path);
	return fc_buffer_text(out);
}

static const char *why_unknown(const struct fc_recognized_face *face)
{
	switch (face->unnamed) {
	case FC_UNNAMED_NO_PERSONS:
		return "the space has no persons";
	case FC_UNNAMED_BELOW_THRESHOLD:
		return "no person is similar enough";
	case FC_UNNAMED_PERSON_TAKEN:
		return "the person was given to another face of this photo";
	default:
		return NULL;
	}
}

static enum fc_status add_recognized(struct contact_sheet *sheet,
				     const struct fc_photo_outcome *outcome,
				     const struct fc_recognized_face *face, const char *space,
				     const char *origin, struct fc_error *err)
{
	size_t index = (size_t)(face->face - outcome->analysis->faces);
	FC_CLEANUP(fc_buffer_release) struct fc_buffer repair = { 0 };
	char tag[FC_PERSON_TAG_SIZE], other[FC_PERSON_TAG_SIZE], pid[FC_UUID_TEXT_SIZE];
	struct sheet_face shown = {
		.rank = face->known ? SHEET_PERSON : SHEET_UNKNOWN,
		.title = face->known ? sheet_person_title(&face->identity, tag) : "Unknown",
		.result = face->created ? "created" : (face->known ? "known" : "unknown"),
		.is_good = face->known,
		.crop = face->face->crop,
		.path = outcome->path,
		.index = (int64_t)index,
		.similarity = face->has_similarity && !face->created ? (double)face->similarity
								     : (double)NAN,
		.threshold = fc_threshold_for(&outcome->threshold, face->templates),
		.nearest_similarity = NAN,
		.note = face->known ? NULL : why_unknown(face),
	};
	if (face->known) {
		fc_uuid_format(&face->identity.pid, pid);
		shown.group = pid;
		shown.nearest = face->alias_count > 0 ? sheet_person_title(&face->aliases[0], other)
				: face->has_nearest   ? sheet_person_title(&face->nearest, other)
						      : NULL;
	} else if (face->has_nearest) {
		shown.nearest = sheet_person_title(&face->nearest, other);
	}
	if (face->known && !face->created && face->has_margin) {
		shown.nearest_similarity = (double)(face->similarity - face->margin);
	}
	if (!face->known) {
		shown.repair = enrol_command(&repair, space, origin, index, outcome->path);
	} else if (face->created) {
		fc_buffer_printf(&repair, "facectl profiles update %s --name NAME", pid);
		shown.repair = fc_buffer_text(&repair);
	}
	return contact_sheet_add(sheet, &shown, err);
}

enum fc_status sheet_add_faceless(struct contact_sheet *sheet,
				  const struct fc_photo_outcome *outcome, struct fc_error *err)
{
	bool failed = outcome->status != FC_OK;
	const struct sheet_face shown = {
		.rank = SHEET_NO_FACE,
		.title = failed ? "Photos that failed" : "Photos without faces",
		.result = failed ? fc_action_name(run_summary_action(outcome)) : "no_face",
		.path = outcome->path,
		.index = -1,
		.similarity = NAN,
		.threshold = NAN,
		.nearest_similarity = NAN,
		.note = failed ? outcome->error : NULL,
	};
	return contact_sheet_add(sheet, &shown, err);
}

enum fc_status sheet_add_recognized(struct contact_sheet *sheet,
				    const struct fc_photo_outcome *outcome, const char *space,
				    const char *origin, struct fc_error *err)
{
	if (outcome->status != FC_OK || outcome->face_count == 0) {
		return sheet_add_faceless(sheet, outcome, err);
	}
	for (size_t i = 0; i < outcome->face_count; i++) {
		FC_TRY(add_recognized(sheet, outcome, &outcome->faces[i], space, origin, err));
	}
	return FC_OK;
}

enum fc_status sheet_add_detected(struct contact_sheet *sheet,
				  const struct fc_photo_outcome *outcome, struct fc_error *err)
{
	const struct fc_analysis *analysis = outcome->analysis;
	if (outcome->status != FC_OK || analysis->face_count == 0) {
		return sheet_add_faceless(sheet, outcome, err);
	}
	for (size_t i = 0; i < analysis->face_count; i++) {
		const struct fc_face *face = &analysis->faces[i];
		char note[128] = "";
		snprintf(note, sizeof(note), "confidence %.3f, quality %.3f, %.0f x %.0f pixels",
			 (double)face->confidence, (double)face->quality.awesomeness,
			 (double)(face->box.right - face->box.left),
			 (double)(face->box.bottom - face->box.top));
		const struct sheet_face shown = {
			.title = outcome->path,
			.result = "face",
			.is_good = true,
			.crop = face->crop,
			.path = outcome->path,
			.index = (int64_t)i,
			.similarity = NAN,
			.threshold = NAN,
			.nearest_similarity = NAN,
			.note = note,
		};
		FC_TRY(contact_sheet_add(sheet, &shown, err));
	}
	return FC_OK;
}

/* Fill in the nearest other person of a stored face, unless the caller did, or there is none. */
static enum fc_status add_nearest(struct command_context *ctx, const struct fc_face_record *stored,
				  struct sheet_face *face, struct fc_neighbour *nearest,
				  char tag[FC_PERSON_TAG_SIZE], struct fc_error *err)
{
	struct fc_error failure = { 0 };
	if (face->nearest || !isnan(face->nearest_similarity)) {
		return FC_OK;
	}
	enum fc_status status = fc_service_face_nearest(ctx->service, stored, nearest, &failure);
	if (status == FC_OK) {
		const struct fc_identity person = {
			.pid = nearest->person.pid,
			.has_number = nearest->person.has_number,
			.number = nearest->person.number,
			.name = nearest->person.name,
		};
		face->nearest = sheet_person_title(&person, tag);
		face->nearest_similarity = (double)nearest->similarity;
	} else if (status != FC_NOT_FOUND) {
		*err = failure;
		return status;
	}
	return FC_OK;
}

static void neighbour_release(struct fc_neighbour *neighbour)
{
	fc_profile_release(&neighbour->person);
}

enum fc_status sheet_add_stored(struct contact_sheet *sheet, struct command_context *ctx,
				const struct fc_face_record *stored, struct sheet_face *face,
				struct fc_error *err)
{
	FC_CLEANUP(fc_buffer_release) struct fc_buffer png = { 0 };
	struct fc_error none = { 0 };
	enum fc_status status = stored && sheet->open
					? fc_service_face_crop(ctx->service, stored, &png, &none)
					: FC_NOT_FOUND;
	if (status != FC_OK && status != FC_NOT_FOUND) {
		*err = none;
		return status;
	}
	FC_CLEANUP(neighbour_release) struct fc_neighbour nearest = { 0 };
	char tag[FC_PERSON_TAG_SIZE];
	if (stored && sheet->open) {
		FC_TRY(add_nearest(ctx, stored, face, &nearest, tag, err));
	}
	face->png = status == FC_OK ? &png : NULL;
	face->path = stored ? stored->path : NULL;
	face->index = -1;
	return contact_sheet_add(sheet, face, err);
}

enum fc_status sheet_add_person(struct contact_sheet *sheet, struct command_context *ctx,
				const struct fc_profile *person, struct fc_error *err)
{
	FC_CLEANUP(fc_stored_face_page_release) struct fc_stored_face_page page = { 0 };
	const struct fc_stored_face_filter filter = { .has_pid = true,
						      .pid = person->pid,
						      .limit = CROPS_TRIED };
	char pid[FC_UUID_TEXT_SIZE], tag[FC_PERSON_TAG_SIZE], result[64], repair[128];
	const struct fc_identity identity = {
		.pid = person->pid,
		.has_number = person->has_number,
		.number = person->number,
		.name = person->name,
	};
	if (!sheet->open) {
		return FC_OK;
	}
	FC_TRY(fc_service_face_list(ctx->service, &filter, &page, err));
	const struct fc_stored_face *chosen = page.count > 0 ? &page.items[0] : NULL;
	for (size_t i = 0; i < page.count && !chosen->crop; i++) {
		chosen = page.items[i].crop ? &page.items[i] : chosen;
	}
	fc_uuid_format(&person->pid, pid);
	snprintf(result, sizeof(result), "%" PRIu64 " face%s", person->faces,
		 person->faces == 1 ? "" : "s");
	snprintf(repair, sizeof(repair), "facectl profiles update %s --name NAME", pid);
	struct sheet_face shown = {
		.title = person->space,
		.name = sheet_person_title(&identity, tag),
		.result = result,
		.is_good = person->faces > 0,
		.similarity = NAN,
		.threshold = NAN,
		.nearest_similarity = NAN,
		.note = chosen && !chosen->crop ? "no crop is stored; --keep-crops stores them"
						: NULL,
		.repair = person->name ? NULL : repair,
	};
	return sheet_add_stored(sheet, ctx, chosen ? &chosen->record : NULL, &shown, err);
}
