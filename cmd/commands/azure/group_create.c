/* group --create-new: create a person for each group of faces. */
/* SPDX-License-Identifier: MIT */
#include "commands/azure/group_create.h"

#include <string.h>

#include "base/json.h"
#include "service/profiles.h"
#include "service/stored_faces.h"

/* A face that is being stored. */
struct storing {
	struct command_context *ctx;
	struct group_creation *creation;
	struct gathered_face *face;
};

static void fail(struct storing *storing, const char *problem)
{
	storing->face->stored = "failed";
	storing->creation->failed++;
	out_message(storing->ctx->out, "%s", problem);
}

static struct fc_photo photo_of(const struct gathered_face *face)
{
	struct fc_photo photo = { .name = face->path,
				  .path = face->path,
				  .analysed = face->analysis,
				  .face = { .rule = FC_FACE_BOX },
				  .has_face = true };
	for (int i = 0; i < 4; i++) {
		photo.face.box[i] = (float)face->box[i];
	}
	return photo;
}

static enum fc_status note_person(void *context, const struct fc_profile_outcome *outcome,
				  struct fc_error *err)
{
	struct storing *storing = context;
	(void)err;
	if (outcome->status != FC_OK || !outcome->has_profile) {
		fail(storing, outcome->error ? outcome->error : "the face cannot be stored");
		return FC_OK;
	}
	fc_uuid_format(&outcome->profile.pid, storing->face->pid);
	storing->face->stored = outcome->result == FC_RESULT_NEW ? "created" : "known";
	return FC_OK;
}

/* Create a person from a face, unless the space has a similar one. */
static enum fc_status create_person(struct storing *storing, struct fc_error *err)
{
	const struct fc_photo photo = photo_of(storing->face);
	struct fc_photo_array array = { &photo, 1 };
	struct fc_tally tally;
	const struct fc_profile_create_request request = {
		.input = { .space = storing->creation->space,
			   .photos = fc_photo_array_source(&array),
			   .sink = { note_person, storing },
			   .dry_run = storing->creation->dry_run },
		.rules = { .quality = fc_quality_floor },
		.create_on_ha = FC_CHOICE_NO,
		.create_on_junk =
			FC_CHOICE_YES, /* the rule of set: only ha and exact are similar */
		.keep_crops = storing->creation->keep_crops,
	};
	return fc_service_profile_create(storing->ctx->service, &request, &tally, err);
}

static enum fc_status note_face(void *context, const struct fc_photo_outcome *outcome,
				struct fc_error *err)
{
	struct storing *storing = context;
	(void)err;
	if (outcome->status != FC_OK) {
		fail(storing, outcome->error ? outcome->error : "the face cannot be stored");
		return FC_OK;
	}
	storing->face->stored = "added";
	return FC_OK;
}

static enum fc_status add_face(struct storing *storing, const struct fc_uuid *pid,
			       struct fc_error *err)
{
	struct fc_photo photo = photo_of(storing->face);
	struct fc_photo_array array = { &photo, 1 };
	struct fc_tally tally;
	const struct fc_set_request request = {
		.space = storing->creation->space,
		.photos = fc_photo_array_source(&array),
		.sink = { note_face, storing },
		.rules = { .quality = fc_quality_floor },
		.keep_crops = storing->creation->keep_crops,
	};
	photo.has_pid = true;
	photo.pid = *pid;
	return fc_service_face_add(storing->ctx->service, &request, &tally, err);
}

/* The first face that can be stored creates the person. */
static enum fc_status create_group(struct storing *storing, struct gathered *gathered,
				   const cJSON *ids, struct fc_error *err)
{
	struct fc_uuid pid;
	const struct gathered_face *first = NULL;
	const cJSON *item;
	cJSON_ArrayForEach (item, ids) {
		const char *id = cJSON_GetStringValue(item);
		struct gathered_face *face = id ? gathered_find(gathered, id) : NULL;
		if (!face) {
			return fc_fail(err, FC_REFUSED,
				       "the answer has a face that is not in the request");
		}
		storing->face = face;
		if (!first) {
			FC_TRY(create_person(storing, err));
			first = face->pid[0] != '\0' && fc_uuid_parse(face->pid, &pid) ? face
										       : NULL;
			continue;
		}
		memcpy(face->pid, first->pid, sizeof(face->pid));
		face->stored = first->stored;
		if (strcmp(first->stored, "created") != 0) {
			continue;
		}
		if (storing->creation->dry_run) {
			face->stored = "added";
		} else {
			FC_TRY(add_face(storing, &pid, err));
		}
	}
	if (first && strcmp(first->stored, "known") == 0) {
		storing->creation->known++;
		out_note(storing->ctx->out,
			 "a group resembles person %s: no person is created; 'facectl faces add "
			 "--person %s' adds its photos",
			 first->pid, first->pid);
	} else if (first) {
		storing->creation->created++;
	}
	return FC_OK;
}

enum fc_status group_create(struct command_context *ctx, struct group_creation *creation,
			    struct gathered *gathered, const cJSON *answer, struct fc_error *err)
{
	struct storing storing = { .ctx = ctx, .creation = creation };
	const cJSON *group;
	cJSON_ArrayForEach (group, fc_json_get(answer, "groups")) {
		FC_TRY(create_group(&storing, gathered, group, err));
	}
	return FC_OK;
}
