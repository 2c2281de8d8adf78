/* Convert photos to records of the gallery. */
/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "service/local/engine.h"

uint32_t fc_local_face_pixels(const struct fc_face *face)
{
	const struct fc_box *box = &face->box;
	double pixels = (double)(box->right - box->left) * (double)(box->bottom - box->top);
	return pixels < (double)UINT32_MAX ? (uint32_t)pixels : UINT32_MAX;
}

struct fc_entry fc_local_entry(const struct fc_local *local, const struct fc_local_photo *photo,
			       const struct fc_face *face, uint32_t space, const char *origin)
{
	struct fc_entry entry = {
		.created = fc_clock_now(),
		.space = space,
		.result = face ? FC_RESULT_NM : FC_RESULT_NF,
		.photo = photo->analysis.sha256,
		.model = local->embedder->files[0].sha256,
		.origin = fc_lend(origin),
		.path = fc_lend(photo->given.path),
	};
	if (face) {
		const struct fc_box *box = &face->box;
		const float edges[] = { box->left, box->top, box->right, box->bottom };
		memcpy(entry.box, edges, sizeof(edges));
		entry.confidence = face->confidence;
		entry.face_pixels = fc_local_face_pixels(face);
		entry.exposure = face->quality.exposure;
		entry.sharpness = face->quality.sharpness;
		entry.liveness = face->life;
		entry.has_age = face->attributes.has_age;
		entry.age = (uint8_t)(face->attributes.age + 0.5F);
		entry.sex = face->attributes.sex;
		entry.mood = face->attributes.emotion;
		entry.pan = face->quality.pan;
		entry.tilt = face->quality.tilt;
	}
	return entry;
}

struct fc_face_record fc_local_face_record(const struct fc_local_photo *photo, size_t index,
					   uint32_t space, const struct fc_uuid *pid,
					   const char *origin)
{
	const struct fc_face *face = &photo->analysis.faces[index];
	struct fc_face_record record = {
		.space = space,
		.pid = *pid,
		.photo = photo->analysis.sha256,
		.photo_index = (uint16_t)index,
		.box = { face->box.left, face->box.top, face->box.right, face->box.bottom },
		.confidence = face->confidence,
		.quality = face->quality.awesomeness,
		.embedding = face->embedding,
		.dimension = (uint32_t)photo->analysis.dimension,
		.path = fc_lend(photo->given.path),
		.origin = fc_lend(origin),
	};
	for (size_t i = 0; i < FC_LANDMARKS; i++) {
		record.landmarks[2 * i] = face->landmarks[i].x;
		record.landmarks[2 * i + 1] = face->landmarks[i].y;
	}
	return record;
}
