/* One face on a contact sheet. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_CMD_SHEET_CARD_H
#define FC_CMD_SHEET_CARD_H

#include <stdbool.h>

#include "base/buffer.h"
#include "base/error.h"
#include "vision/face.h"

/* What all faces of a page have in common. */
struct sheet_context {
	char *folder; /* the current one: links to photos are absolute */
	bool (*encode)(const uint8_t *crop, uint8_t **jpeg, size_t *length);
};

/* Groups of one page are sorted by this and then by their titles. */
enum sheet_rank { SHEET_PERSON, SHEET_UNKNOWN, SHEET_NO_FACE };

/* One face, or one photo without faces. All texts may be NULL and are escaped. */
struct sheet_face {
	enum sheet_rank rank;
	const char *group;            /* faces with the same one are in the same group */
	const char *title;            /* of the group */
	const char *name;             /* of the face, if it is not that of the group */
	const char *result;           /* "known", ... */
	bool is_good;                 /* a known person, or a face without a finding */
	const uint8_t *crop;          /* FC_CROP_BYTES of RGB */
	const struct fc_buffer *png;  /* instead of crop: a PNG file */
	const char *path;             /* of the photo */
	int64_t index;                /* of the face in the photo; negative: not known */
	double similarity, threshold; /* NaN: absent */
	const char *nearest;          /* the nearest other person */
	double nearest_similarity;
	const char *note;   /* a sentence */
	const char *repair; /* a command */
};

/* Replace the content of `out` by the element of a face. Errors: FC_NO_MEMORY. */
enum fc_status sheet_format_card(const struct sheet_context *context, const struct sheet_face *face,
				 struct fc_buffer *out, struct fc_error *err);

/* Append text as HTML; control characters and bidirectional overrides are shown as escapes. */
void sheet_append_escaped(struct fc_buffer *out, const char *text);

/* Append a word of a command line, in single quotes if the shell needs them. */
void sheet_append_quoted(struct fc_buffer *out, const char *word);

#endif
