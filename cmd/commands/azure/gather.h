/* Collect the faces of photos, for operations that compare many faces. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_CMD_COMMANDS_AZURE_GATHER_H
#define FC_CMD_COMMANDS_AZURE_GATHER_H

#include "base/digest.h"
#include "commands/azure/probe_block.h"
#include "photos/photo_source.h"

enum { GATHER_MAXIMUM = 1000 }; /* faceIds of a request */

struct gathered_face {
	char *path; /* NULL: given as a faceId */
	char id[FC_UUID_TEXT_SIZE];
	int64_t index; /* in its photo, the largest first; RECORD_ABSENT for a faceId */
	double box[4];
	/* of its photo, and the face in it; NULL: not wanted, or a faceId */
	const struct fc_analysis *analysis;
	const struct fc_face *found;
	/* of group --create-new: what happened to the face ("created", "added", "known", "failed"), NULL for nothing; the person, or "" */
	const char *stored;
	char pid[FC_UUID_TEXT_SIZE];
};

/* One of several faces of a photo that are wanted. */
struct wanted_face {
	char *path;
	struct fc_sha256 photo;
	float box[4];
};

struct wanted_faces {
	struct wanted_face *items;
	size_t count, capacity;
};

/* { .ctx = ctx, .model = "recognition_04" } is empty. */
struct gathered {
	struct command_context *ctx;
	const char *model;
	bool want_analyses,
		want_crops; /* of photos, by the local engine; the crops are parts of the analyses */
	const struct wanted_faces *wanted; /* of photos, only these; NULL: all */
	struct gathered_face *items;
	size_t count, capacity;
	struct fc_analysis **analyses;
	size_t analysis_count, analysis_capacity;
	size_t failed; /* photos that could not be used; each was reported */
};

void gathered_release(struct gathered *gathered);

/* Add faceIds and all faces of photos, from words[first] on. Errors: FC_INVALID_ARGUMENT (too many faces), and those of the run. */
enum fc_status gather_words(struct gathered *gathered, const struct option_texts *words,
			    size_t first, struct fc_error *err);

/* Add all faces of the photos of a source. */
enum fc_status gather_source(struct gathered *gathered, struct photo_source *source,
			     struct fc_error *err);

/* The face with this faceId, or NULL. */
struct gathered_face *gathered_find(const struct gathered *gathered, const char *id);

#endif
