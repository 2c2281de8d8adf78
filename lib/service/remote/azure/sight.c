/* Convert faces and candidates of an Azure service to values of the service layer. */
/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <stdlib.h>

#include "base/json.h"
#include "service/remote/azure/wire.h"

void fc_azure_sight_release(struct fc_azure_sight *sight)
{
	fc_json_release(&sight->json);
	free(sight->seen);
	free(sight->attributes);
	free(sight->has_attributes);
	free(sight->ids);
	fc_candidates_release(&sight->candidates);
	*sight = (struct fc_azure_sight){ 0 };
}

void fc_azure_rectangle(const struct fc_azure_sight *sight, size_t face, int out[4])
{
	struct fc_azure_face read;
	FC_IGNORE(fc_azure_read_face(cJSON_GetArrayItem(sight->json, (int)face), &read));
	out[0] = (int)read.left;
	out[1] = (int)read.top;
	out[2] = (int)read.width;
	out[3] = (int)read.height;
}

/* The service's "Left" means left in the image, where the person's right eye is. */
static void fill_seen(struct fc_face *seen, const struct fc_azure_face *face)
{
	_Static_assert((int)FC_AZURE_LANDMARKS == (int)FC_LANDMARKS, "the same five landmarks");
	seen->box = (struct fc_box){ (float)face->left, (float)face->top,
				     (float)(face->left + face->width),
				     (float)(face->top + face->height) };
	seen->confidence = NAN;
	seen->liveness = NAN;
	for (size_t i = 0; i < FC_LANDMARKS; i++) {
		seen->landmarks[i] = (struct fc_point){ (float)face->landmarks[i].x,
							(float)face->landmarks[i].y };
	}
	/* distance and roll need only the eyes */
	double x = (double)(seen->landmarks[1].x - seen->landmarks[0].x);
	double y = (double)(seen->landmarks[1].y - seen->landmarks[0].y);
	seen->quality = (struct fc_quality){
		.sharpness = NAN,
		.exposure = NAN,
		.eye_distance = (float)hypot(x, y),
		.pan = NAN,
		.tilt = NAN,
		.roll = (float)(atan2(y, x) * 180 / M_PI),
		.visibility = NAN,
		.frontality = NAN,
		.awesomeness = NAN,
	};
}

static enum fc_status add_face(const cJSON *json, bool with_ids, struct fc_azure_sight *sight,
			       struct fc_error *err)
{
	size_t i = sight->count;
	struct fc_azure_face face;
	if (!fc_azure_read_face(json, &face)) {
		return fc_fail(err, FC_REFUSED,
			       "face %zu of the response has a faceRectangle out of range", i + 1);
	}
	if (with_ids && !face.has_id) {
		return fc_fail(err, FC_REFUSED, "face %zu of the response has no faceId", i + 1);
	}
	if (with_ids) {
		sight->ids[i] = face.id;
	}
	fill_seen(&sight->seen[i], &face);
	sight->attributes[i] = (struct fc_face_attributes){
		.sex = face.gender,
		.emotion = face.emotion,
		.age = (float)face.age,
		.valence = NAN,
		.arousal = NAN,
		.has_occlusion = face.has_occlusion,
		.occluded = { face.occlusion.forehead, face.occlusion.eye, face.occlusion.mouth },
	};
	sight->has_attributes[i] =
		face.gender || face.emotion || !isnan(face.age) || face.has_occlusion;
	sight->count++;
	return FC_OK;
}

enum fc_status fc_azure_read_sight(cJSON **faces, bool with_ids, size_t most,
				   struct fc_azure_sight *out, struct fc_error *err)
{
	FC_CLEANUP(fc_azure_sight_release) struct fc_azure_sight sight = { 0 };
	const cJSON *face;
	int count = cJSON_GetArraySize(*faces);
	if (count > FC_FACES_MAXIMUM) {
		return fc_fail(err, FC_REFUSED, "the response has %d faces in one photo", count);
	}
	size_t room = (size_t)count + 1;
	sight.seen = calloc(room, sizeof(*sight.seen));
	sight.attributes = calloc(room, sizeof(*sight.attributes));
	sight.has_attributes = calloc(room, sizeof(*sight.has_attributes));
	sight.ids = calloc(room, sizeof(*sight.ids));
	if (!sight.seen || !sight.attributes || !sight.has_attributes || !sight.ids) {
		return fc_fail_memory(err);
	}
	FC_TRY(fc_candidates_init(&sight.candidates, (size_t)count, most, err));
	cJSON_ArrayForEach (face, *faces) {
		FC_TRY(add_face(face, with_ids, &sight, err));
	}
	sight.json = FC_STEAL(*faces);
	*out = FC_STEAL_STRUCT(sight);
	return FC_OK;
}

/* ---- candidates ---- */

static int by_falling_confidence(const void *a, const void *b)
{
	const struct fc_candidate *first = a;
	const struct fc_candidate *second = b;
	return (second->score > first->score) - (second->score < first->score);
}

static enum fc_status add_candidates(const cJSON *candidates, size_t face,
				     struct fc_azure_sight *sight, struct fc_error *err)
{
	struct fc_candidate *list = fc_candidates_of(&sight->candidates, face);
	size_t *count = &sight->candidates.counts[face];
	const cJSON *item;
	*count = 0;
	if (!cJSON_IsArray(candidates)) {
		return fc_fail(err, FC_REFUSED, "face %zu of the response has no candidates",
			       face + 1);
	}
	cJSON_ArrayForEach (item, candidates) {
		struct fc_azure_candidate candidate;
		if (*count == sight->candidates.most) {
			break;
		}
		if (!fc_azure_read_candidate(item, &candidate)) {
			return fc_fail(
				err, FC_REFUSED,
				"face %zu of the response has a candidate without a personId "
				"and a confidence",
				face + 1);
		}
		list[*count].pid = candidate.person;
		list[*count].score = (float)candidate.confidence;
		(*count)++;
	}
	qsort(list, *count, sizeof(*list), by_falling_confidence);
	return FC_OK;
}

static const cJSON *find_face(const cJSON *answer, const struct fc_uuid *id)
{
	const cJSON *row;
	cJSON_ArrayForEach (row, answer) {
		struct fc_uuid row_id;
		if (fc_azure_read_uuid(row, "faceId", &row_id) && fc_uuid_equal(&row_id, id)) {
			return row;
		}
	}
	return NULL;
}

enum fc_status fc_azure_read_candidates(const cJSON *answer, size_t first, size_t count,
					struct fc_azure_sight *sight, struct fc_error *err)
{
	for (size_t i = first; i < first + count; i++) {
		const cJSON *row = find_face(answer, &sight->ids[i]);
		if (!row) {
			return fc_fail(err, FC_REFUSED, "the response has no result for face %zu",
				       i + 1);
		}
		FC_TRY(add_candidates(fc_json_get(row, "candidates"), i, sight, err));
	}
	return FC_OK;
}
