/* The records of an Azure service: faces, candidates, persons, trainings. */
/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/json.h"
#include "base/number.h"
#include "service/remote/azure/wire.h"

bool fc_azure_read_uuid(const cJSON *object, const char *name, struct fc_uuid *out)
{
	const char *text = fc_json_text(object, name);
	return text && fc_uuid_parse(text, out);
}

/* ---- faces ---- */

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

static enum fc_status start_sight(struct fc_azure_sight *sight, size_t count, size_t most,
				  struct fc_error *err)
{
	sight->seen = calloc(count + 1, sizeof(*sight->seen));
	sight->attributes = calloc(count + 1, sizeof(*sight->attributes));
	sight->has_attributes = calloc(count + 1, sizeof(*sight->has_attributes));
	sight->ids = calloc(count + 1, sizeof(*sight->ids));
	bool complete = sight->seen && sight->attributes && sight->has_attributes && sight->ids;
	return complete ? fc_candidates_init(&sight->candidates, count, most, err)
			: fc_fail_memory(err);
}

static const char *const edges[] = { "left", "top", "width", "height" };

/* A face at the photo's edge may reach over it. */
static bool read_rectangle(const cJSON *face, double out[4])
{
	const cJSON *rectangle = fc_json_get(face, "faceRectangle");
	const double reach = 1e6;
	for (size_t i = 0; i < FC_ARRAY_LENGTH(edges); i++) {
		if (!fc_json_number(rectangle, edges[i], -reach, reach, &out[i])) {
			return false;
		}
	}
	return out[2] > 0 && out[3] > 0;
}

void fc_azure_rectangle(const struct fc_azure_sight *sight, size_t face, int out[4])
{
	const cJSON *row = cJSON_GetArrayItem(sight->json, (int)face);
	double values[4] = { 0 };
	FC_IGNORE(read_rectangle(row, values));
	for (size_t i = 0; i < FC_ARRAY_LENGTH(edges); i++) {
		out[i] = (int)values[i];
	}
}

/* The service names what is left in the picture "left"; a face's own left eye is right in the picture. */
static void read_landmarks(const cJSON *face, struct fc_face *out)
{
	static const char *const names[FC_LANDMARKS] = { "pupilLeft", "pupilRight", "noseTip",
							 "mouthLeft", "mouthRight" };
	const cJSON *landmarks = fc_json_get(face, "faceLandmarks");
	const double reach = 1e6;
	for (size_t i = 0; i < FC_LANDMARKS; i++) {
		const cJSON *point = fc_json_get(landmarks, names[i]);
		double x, y;
		bool there = fc_json_number(point, "x", -reach, reach, &x) &&
			     fc_json_number(point, "y", -reach, reach, &y);
		out->landmarks[i] = there ? (struct fc_point){ (float)x, (float)y }
					  : (struct fc_point){ NAN, NAN };
	}
}

/* What follows from the eyes alone; all that the service does not tell stays NaN. */
static void measure_eyes(struct fc_face *face)
{
	double x = (double)(face->landmarks[1].x - face->landmarks[0].x);
	double y = (double)(face->landmarks[1].y - face->landmarks[0].y);
	face->quality = (struct fc_quality){
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

static float read_part(const cJSON *object, const char *name, double maximum)
{
	double value;
	return fc_json_number(object, name, 0, maximum, &value) ? (float)value : NAN;
}

/* The strongest of several feelings, as the service names them. */
static const char *strongest(const cJSON *emotions)
{
	const cJSON *emotion;
	const char *name = NULL;
	double most = 0;
	cJSON_ArrayForEach (emotion, emotions) {
		if (cJSON_IsNumber(emotion) && emotion->valuedouble > most) {
			most = emotion->valuedouble;
			name = emotion->string;
		}
	}
	return name;
}

static bool read_attributes(const cJSON *face, struct fc_face_attributes *out)
{
	const cJSON *attributes = fc_json_get(face, "faceAttributes");
	const cJSON *emotions = fc_json_get(attributes, "emotion");
	*out = (struct fc_face_attributes){
		.sex = fc_json_text(attributes, "gender"),
		.emotion = cJSON_IsObject(emotions) ? strongest(emotions) : NULL,
		.age = read_part(attributes, "age", 200),
		.valence = NAN,
		.arousal = NAN,
	};
	return out->sex || out->emotion || !isnan(out->age);
}

static enum fc_status read_face(const cJSON *face, bool with_ids, struct fc_azure_sight *sight,
				struct fc_error *err)
{
	size_t i = sight->count;
	struct fc_face *seen = &sight->seen[i];
	double rectangle[4];
	if (!read_rectangle(face, rectangle)) {
		return fc_fail(err, FC_REFUSED,
			       "face %zu of the answer has a faceRectangle out of bounds", i + 1);
	}
	if (with_ids && !fc_azure_read_uuid(face, "faceId", &sight->ids[i])) {
		return fc_fail(err, FC_REFUSED, "face %zu of the answer has no faceId", i + 1);
	}
	seen->box = (struct fc_box){ (float)rectangle[0], (float)rectangle[1],
				     (float)(rectangle[0] + rectangle[2]),
				     (float)(rectangle[1] + rectangle[3]) };
	seen->confidence = NAN;
	seen->liveness = NAN;
	read_landmarks(face, seen);
	measure_eyes(seen);
	sight->has_attributes[i] = read_attributes(face, &sight->attributes[i]);
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
		return fc_fail(err, FC_REFUSED, "the answer has %d faces in one photo", count);
	}
	FC_TRY(start_sight(&sight, (size_t)count, most, err));
	cJSON_ArrayForEach (face, *faces) {
		FC_TRY(read_face(face, with_ids, &sight, err));
	}
	sight.json = FC_STEAL(*faces);
	*out = sight;
	sight = (struct fc_azure_sight){ 0 };
	return FC_OK;
}

/* ---- candidates ---- */

static bool read_confidence(const cJSON *object, float *out)
{
	const double rounding = 1e-3; /* a little over the edge is the edge */
	double value;
	if (!fc_json_number(object, "confidence", -rounding, 1 + rounding, &value)) {
		return false;
	}
	*out = (float)fmin(fmax(value, 0), 1);
	return true;
}

static int by_falling_confidence(const void *a, const void *b)
{
	const struct fc_candidate *first = a;
	const struct fc_candidate *second = b;
	return (second->score > first->score) - (second->score < first->score);
}

static enum fc_status read_list(const cJSON *candidates, size_t face, struct fc_azure_sight *sight,
				struct fc_error *err)
{
	struct fc_candidate *list = fc_candidates_of(&sight->candidates, face);
	size_t *count = &sight->candidates.counts[face];
	const cJSON *candidate;
	*count = 0;
	if (!cJSON_IsArray(candidates)) {
		return fc_fail(err, FC_REFUSED, "face %zu of the answer has no candidates",
			       face + 1);
	}
	cJSON_ArrayForEach (candidate, candidates) {
		if (*count == sight->candidates.most) {
			break;
		}
		if (!fc_azure_read_uuid(candidate, "personId", &list[*count].pid) ||
		    !read_confidence(candidate, &list[*count].score)) {
			return fc_fail(err, FC_REFUSED,
				       "face %zu of the answer has a candidate without a personId "
				       "and a confidence",
				       face + 1);
		}
		(*count)++;
	}
	qsort(list, *count, sizeof(*list), by_falling_confidence);
	return FC_OK;
}

static const cJSON *find_face(const cJSON *answer, const struct fc_uuid *id)
{
	const cJSON *row;
	cJSON_ArrayForEach (row, answer) {
		struct fc_uuid its_id;
		if (fc_azure_read_uuid(row, "faceId", &its_id) && fc_uuid_equal(&its_id, id)) {
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
			return fc_fail(err, FC_REFUSED, "the answer does not mention face %zu",
				       i + 1);
		}
		FC_TRY(read_list(fc_json_get(row, "candidates"), i, sight, err));
	}
	return FC_OK;
}

/* ---- persons ---- */

enum fc_status fc_azure_read_person(const cJSON *person, struct fc_azure_person_row *out,
				    struct fc_error *err)
{
	const char *name = fc_json_text(person, "name");
	const cJSON *faces = fc_json_get(person, "persistedFaceIds");
	const cJSON *face;
	struct fc_uuid id;
	*out = (struct fc_azure_person_row){
		.name = name ? name : "",
		.user_data = fc_json_text(person, "userData"),
		.faces = cJSON_IsArray(faces) ? faces : NULL,
	};
	if (!fc_azure_read_uuid(person, "personId", &out->id)) {
		return fc_fail(err, FC_REFUSED, "the answer has a person without a personId");
	}
	cJSON_ArrayForEach (face, out->faces) {
		const char *text = cJSON_GetStringValue(face);
		if (!text || !fc_uuid_parse(text, &id)) {
			return fc_fail(err, FC_REFUSED,
				       "the answer has a person with a face without an id");
		}
	}
	return FC_OK;
}

bool fc_azure_read_name(const char *name, uint64_t *number, const char **words)
{
	enum { DIGITS_MAXIMUM = 20 };
	char digits[DIGITS_MAXIMUM + 1];
	*words = name;
	if (strncmp(name, "person", 6) != 0) {
		return false;
	}
	const char *start = name + (name[6] == '_' ? 7 : 6);
	size_t length = strspn(start, "0123456789");
	if (length == 0 || length > DIGITS_MAXIMUM || !strchr(" ", start[length])) {
		return false;
	}
	memcpy(digits, start, length);
	digits[length] = '\0';
	if (fc_parse_u64(digits, 0, INT64_MAX, "a number", number, NULL) != FC_OK) {
		return false;
	}
	const char *rest = start + length;
	rest += strspn(rest, " ");
	*words = *rest != '\0' ? rest : NULL;
	return true;
}

/* ---- trainings ---- */

enum fc_status fc_azure_read_training(const cJSON *answer, enum fc_azure_training *out,
				      const char **words, struct fc_error *err)
{
	static const struct {
		const char *word;
		enum fc_azure_training state;
	} states[] = {
		/* the description's spelling, and the service's */
		{ "nonstarted", FC_AZURE_IN_TRAINING }, { "notstarted", FC_AZURE_IN_TRAINING },
		{ "running", FC_AZURE_IN_TRAINING },    { "succeeded", FC_AZURE_TRAINED },
		{ "failed", FC_AZURE_TRAINING_FAILED },
	};
	const char *status = fc_json_text(answer, "status");
	const char *message = fc_json_text(answer, "message");
	*words = message ? message : "";
	for (size_t i = 0; status && i < FC_ARRAY_LENGTH(states); i++) {
		if (strcasecmp(status, states[i].word) == 0) {
			*out = states[i].state;
			return FC_OK;
		}
	}
	return fc_fail(err, FC_REFUSED, "the answer has no status of a training");
}
