/* Crops, annotated copies and the contact sheet of photos whose faces were identified. */
/* SPDX-License-Identifier: MIT */
#include "commands/azure/identified.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "commands/azure/probe.h"
#include "service/faces.h"
#include "sheet/photo_faces.h"

static void drop(struct identified_pictures *faces)
{
	for (size_t i = 0; i < faces->count; i++) {
		free(faces->items[i].name);
	}
	faces->count = 0;
}

void identified_release(struct identified_pictures *faces)
{
	drop(faces);
	free(faces->items);
	faces->items = NULL;
}

bool identified_wanted(const struct identified_pictures *faces)
{
	return faces->pictures->annotate || faces->pictures->crops || faces->sheet->open;
}

enum fc_status identified_add(struct identified_pictures *faces, const double box[4],
			      const struct fc_uuid *pid, const char *name, double confidence,
			      struct fc_error *err)
{
	FC_TRY(fc_array_grow(&faces->items, sizeof(*faces->items), faces->count, &faces->capacity,
			     err));
	struct identified *face = &faces->items[faces->count];
	*face = (struct identified){ .known = pid != NULL, .confidence = confidence };
	face->name = name ? strdup(name) : NULL;
	if (pid) {
		face->pid = *pid;
	}
	memcpy(face->box, box, sizeof(face->box));
	faces->count++;
	return name && !face->name ? fc_fail_memory(err) : FC_OK;
}

struct drawn {
	struct identified_pictures *faces;
	struct fc_recognized_face *recognized;
	struct fc_error failure; /* of the photo */
};

/* Name the faces of the photo that were identified; the others were not in the answer. */
static enum fc_status name_faces(void *context, struct fc_photo_outcome *outcome,
				 struct fc_error *err)
{
	struct drawn *drawn = context;
	size_t count = 0;
	drawn->recognized = calloc(drawn->faces->count + 1, sizeof(*drawn->recognized));
	if (!drawn->recognized) {
		return fc_fail_memory(err);
	}
	for (size_t i = 0; i < drawn->faces->count; i++) {
		const struct identified *face = &drawn->faces->items[i];
		const struct fc_face *found = probe_find(outcome->analysis, face->box);
		if (found) {
			drawn->recognized[count++] = (struct fc_recognized_face){
				.face = found,
				.known = face->known,
				.identity = { .pid = face->pid, .name = face->name },
				.has_similarity = face->known,
				.similarity = (float)face->confidence,
			};
		}
	}
	outcome->faces = drawn->recognized;
	outcome->face_count = count;
	return FC_OK;
}

static enum fc_status take(void *context, const struct fc_photo_outcome *outcome,
			   struct fc_error *err)
{
	struct drawn *drawn = context;
	const struct identified_pictures *faces = drawn->faces;
	struct fc_photo_outcome named = *outcome;
	named.threshold.value = NAN; /* confidences are not similarities */
	if (outcome->status != FC_OK) {
		FC_IGNORE(fc_fail(&drawn->failure, outcome->status, "%s", outcome->error));
	}
	FC_TRY(pictures_write_crops(faces->pictures, faces->index, outcome, err));
	return sheet_add_recognized(faces->sheet, &named, faces->space, NULL, err);
}

enum fc_status identified_fail(struct identified_pictures *faces,
			       const struct fc_photo_outcome *outcome, struct fc_error *err)
{
	drop(faces);
	faces->index++;
	return sheet_add_faceless(faces->sheet, outcome, err);
}

enum fc_status identified_write(struct identified_pictures *faces, const struct fc_photo *photo,
				const struct fc_buffer *bytes, struct fc_error *err)
{
	struct fc_photo copy = *photo;
	struct fc_photo_array array = { &copy, 1 };
	struct drawn drawn = { .faces = faces };
	struct fc_tally tally;
	copy.in_memory = true;
	copy.bytes = bytes->data;
	copy.length = bytes->length;
	const struct fc_detect_request request = {
		.photos = fc_photo_array_source(&array),
		.sink = { take, &drawn },
		.want_crops = faces->pictures->crops || faces->sheet->open,
		.annotation = pictures_annotation(faces->pictures, &faces->index),
		.name_faces = name_faces,
	};
	enum fc_status status = fc_service_detect(faces->ctx->service, &request, &tally, err);
	free(drawn.recognized);
	drop(faces);
	faces->index++;
	FC_TRY(status);
	if (drawn.failure.status != FC_OK) {
		*err = drawn.failure;
	}
	return drawn.failure.status;
}
