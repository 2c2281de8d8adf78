/* Faces, candidates, persons and trainings of the Azure Face API. */
/* SPDX-License-Identifier: MIT */
#include "protocol/azure/bodies.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>
#include <strings.h>

#include "base/clock.h"
#include "base/json.h"
#include "base/number.h"

enum { CONFIDENCE_DECIMALS = 5, PIXEL_DECIMALS = 1, SHARE_DECIMALS = 3, AGE_DECIMALS = 1 };

/* An accessory is listed when it is more likely there than not. */
static const double ACCESSORY_FROM = 0.5;

bool fc_azure_read_uuid(const cJSON *object, const char *name, struct fc_uuid *out)
{
	const char *text = fc_json_text(object, name);
	return text && fc_uuid_parse(text, out);
}

static void put_uuid(struct fc_json_writer *json, const char *key, const struct fc_uuid *uuid)
{
	char text[FC_UUID_TEXT_SIZE];
	fc_uuid_format(uuid, text);
	fc_json_put_text(json, key, text);
}

/* ---- faces ---- */

/* Limit of coordinates, pixels. A face at the edge of the image may extend beyond it. */
static const double limit = 1e6;

static const char *const landmark_names[FC_AZURE_LANDMARKS] = {
	"pupilLeft", "pupilRight", "noseTip", "mouthLeft", "mouthRight",
};

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

static bool read_flag(const cJSON *object, const char *key, bool *out)
{
	const cJSON *flag = fc_json_get(object, key);
	*out = cJSON_IsTrue(flag);
	return cJSON_IsBool(flag);
}

bool fc_azure_read_face(const cJSON *json, struct fc_azure_face *out)
{
	const cJSON *rectangle = fc_json_get(json, "faceRectangle");
	const cJSON *attributes = fc_json_get(json, "faceAttributes");
	const cJSON *emotions = fc_json_get(attributes, "emotion");
	const cJSON *landmarks = fc_json_get(json, "faceLandmarks");
	const cJSON *occlusion = fc_json_get(attributes, "occlusion");
	struct fc_azure_occlusion covered = { false };
	*out = (struct fc_azure_face){
		.gender = fc_json_text(attributes, "gender"),
		.emotion = cJSON_IsObject(emotions) ? strongest(emotions) : NULL,
		.age = NAN,
	};
	out->has_id = fc_azure_read_uuid(json, "faceId", &out->id);
	FC_IGNORE(fc_json_number(attributes, "age", 0, 200, &out->age));
	out->has_occlusion = read_flag(occlusion, "foreheadOccluded", &covered.forehead) &&
			     read_flag(occlusion, "eyeOccluded", &covered.eye) &&
			     read_flag(occlusion, "mouthOccluded", &covered.mouth);
	out->occlusion = out->has_occlusion ? covered : (struct fc_azure_occlusion){ false };
	for (size_t i = 0; i < FC_AZURE_LANDMARKS; i++) {
		struct fc_azure_point *point = &out->landmarks[i];
		const cJSON *landmark = fc_json_get(landmarks, landmark_names[i]);
		if (!fc_json_number(landmark, "x", -limit, limit, &point->x) ||
		    !fc_json_number(landmark, "y", -limit, limit, &point->y)) {
			*point = (struct fc_azure_point){ NAN, NAN };
		}
	}
	return fc_json_number(rectangle, "left", -limit, limit, &out->left) &&
	       fc_json_number(rectangle, "top", -limit, limit, &out->top) &&
	       fc_json_number(rectangle, "width", -limit, limit, &out->width) &&
	       fc_json_number(rectangle, "height", -limit, limit, &out->height) && out->width > 0 &&
	       out->height > 0;
}

static void put_share(struct fc_json_writer *json, const char *key, double share)
{
	if (!isnan(share)) {
		fc_json_put_real(json, key, share, SHARE_DECIMALS);
	}
}

/* The word for a value below the first limit, below the second, or above both. */
static void put_level(struct fc_json_writer *json, const char *key, const char *level_key,
		      double value, const double limits[2], const char *const words[3])
{
	if (isnan(value)) {
		return;
	}
	fc_json_put_object(json, key);
	fc_json_put_text(json, level_key, words[value < limits[0] ? 0 : value < limits[1] ? 1 : 2]);
	fc_json_put_real(json, "value", value, SHARE_DECIMALS);
	fc_json_end_object(json);
}

/* The limits of exposure and noise are those of the API's description; blur has those of exposure. */
static void write_measures(struct fc_json_writer *json, const struct fc_azure_measures *measures)
{
	static const char *const exposures[] = { "UnderExposure", "GoodExposure", "OverExposure" };
	static const char *const levels[] = { "Low", "Medium", "High" };
	static const double quarters[] = { 0.25, 0.75 };
	static const double noises[] = { 0.3, 0.7 };
	put_level(json, "blur", "blurLevel", measures->blur, quarters, levels);
	put_level(json, "exposure", "exposureLevel", measures->exposure, quarters, exposures);
	put_level(json, "noise", "noiseLevel", measures->noise, noises, levels);
	fc_json_put_text(json, "qualityForRecognition", measures->quality);
}

/* In the order of FaceAttributes in the API's description. */
void fc_azure_write_attributes(struct fc_json_writer *json,
			       const struct fc_azure_attributes *attributes)
{
	const struct fc_azure_emotion *emotion = attributes->emotion;
	if (!isnan(attributes->age)) {
		fc_json_put_real(json, "age", attributes->age, AGE_DECIMALS);
	}
	if (attributes->gender) {
		fc_json_put_text(json, "gender", attributes->gender);
	}
	put_share(json, "smile", attributes->smile);
	if (attributes->measures && !isnan(attributes->measures->roll)) {
		fc_json_put_object(json, "headPose");
		fc_json_put_real(json, "roll", attributes->measures->roll, AGE_DECIMALS);
		fc_json_put_real(json, "yaw", attributes->measures->yaw, AGE_DECIMALS);
		fc_json_put_real(json, "pitch", attributes->measures->pitch, AGE_DECIMALS);
		fc_json_end_object(json);
	}
	if (emotion) {
		fc_json_key(json, "emotion");
		fc_json_begin_object(json);
		put_share(json, "anger", emotion->anger);
		put_share(json, "contempt", emotion->contempt);
		put_share(json, "disgust", emotion->disgust);
		put_share(json, "fear", emotion->fear);
		put_share(json, "happiness", emotion->happiness);
		put_share(json, "neutral", emotion->neutral);
		put_share(json, "sadness", emotion->sadness);
		put_share(json, "surprise", emotion->surprise);
		fc_json_end_object(json);
	}
	if (attributes->occlusion) {
		fc_json_put_object(json, "occlusion");
		fc_json_put_bool(json, "foreheadOccluded", attributes->occlusion->forehead);
		fc_json_put_bool(json, "eyeOccluded", attributes->occlusion->eye);
		fc_json_put_bool(json, "mouthOccluded", attributes->occlusion->mouth);
		fc_json_end_object(json);
	}
	if (!isnan(attributes->glasses)) {
		fc_json_key(json, "accessories");
		fc_json_begin_array(json);
		if (attributes->glasses >= ACCESSORY_FROM) {
			fc_json_begin_object(json);
			fc_json_put_text(json, "type", "glasses");
			put_share(json, "confidence", attributes->glasses);
			fc_json_end_object(json);
		}
		fc_json_end_array(json);
	}
	if (attributes->measures) {
		write_measures(json, attributes->measures);
	}
}

void fc_azure_write_face(struct fc_json_writer *json, const struct fc_azure_face *face)
{
	fc_json_begin_object(json);
	if (face->has_id) {
		put_uuid(json, "faceId", &face->id);
	}
	fc_json_put_text(json, "recognitionModel", face->recognition_model);
	fc_json_put_object(json, "faceRectangle");
	fc_json_put_integer(json, "width", (int64_t)face->width);
	fc_json_put_integer(json, "height", (int64_t)face->height);
	fc_json_put_integer(json, "left", (int64_t)face->left);
	fc_json_put_integer(json, "top", (int64_t)face->top);
	fc_json_end_object(json);
	if (!isnan(face->landmarks[0].x)) {
		fc_json_put_object(json, "faceLandmarks");
		for (size_t i = 0; i < FC_AZURE_LANDMARKS; i++) {
			fc_json_put_object(json, landmark_names[i]);
			fc_json_put_real(json, "x", face->landmarks[i].x, PIXEL_DECIMALS);
			fc_json_put_real(json, "y", face->landmarks[i].y, PIXEL_DECIMALS);
			fc_json_end_object(json);
		}
		fc_json_end_object(json);
	}
	const struct fc_azure_attributes read = {
		.age = face->age, .gender = face->gender, .smile = NAN, .glasses = NAN
	};
	if (face->attributes || !isnan(face->age) || face->gender) {
		fc_json_put_object(json, "faceAttributes");
		fc_azure_write_attributes(json, face->attributes ? face->attributes : &read);
		fc_json_end_object(json);
	}
	fc_json_end_object(json);
}

/* ---- candidates ---- */

bool fc_azure_read_candidate(const cJSON *json, struct fc_azure_candidate *out)
{
	const double rounding = 1e-3; /* values just outside of [0, 1] are clamped */
	double confidence;
	if (!fc_azure_read_uuid(json, "personId", &out->person) ||
	    !fc_json_number(json, "confidence", -rounding, 1 + rounding, &confidence)) {
		return false;
	}
	out->confidence = fmin(fmax(confidence, 0), 1);
	return true;
}

void fc_azure_write_candidates(struct fc_json_writer *json, const struct fc_uuid *face,
			       const struct fc_azure_candidate *candidates, size_t count)
{
	fc_json_begin_object(json);
	put_uuid(json, "faceId", face);
	fc_json_put_array(json, "candidates");
	for (size_t i = 0; i < count; i++) {
		fc_json_begin_object(json);
		put_uuid(json, "personId", &candidates[i].person);
		fc_json_put_real(json, "confidence", candidates[i].confidence, CONFIDENCE_DECIMALS);
		fc_json_end_object(json);
	}
	fc_json_end_array(json);
	fc_json_end_object(json);
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
		return fc_fail(err, FC_REFUSED, "the response has a person without a personId");
	}
	cJSON_ArrayForEach (face, out->faces) {
		const char *text = cJSON_GetStringValue(face);
		if (!text || !fc_uuid_parse(text, &id)) {
			return fc_fail(err, FC_REFUSED,
				       "the response has a person whose face has no id");
		}
	}
	return FC_OK;
}

bool fc_azure_read_name(const char *name, uint64_t *number, const char **rest)
{
	enum { DIGITS_MAXIMUM = 20 };
	char digits[DIGITS_MAXIMUM + 1];
	*rest = name;
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
	const char *after = start + length;
	after += strspn(after, " ");
	*rest = *after != '\0' ? after : NULL;
	return true;
}

void fc_azure_write_name(struct fc_buffer *out, const uint64_t *number, const char *name)
{
	if (number) {
		fc_buffer_printf(out, "person%" PRIu64, *number);
	}
	if (name) {
		fc_buffer_printf(out, "%s%s", number ? " " : "", name);
	}
}

/* ---- trainings ---- */

static const struct {
	const char *word;
	enum fc_azure_training training;
} training_words[] = {
	/* the API's description spells it "nonstarted", the service "notstarted" */
	{ "running", FC_AZURE_IN_TRAINING },    { "notstarted", FC_AZURE_IN_TRAINING },
	{ "nonstarted", FC_AZURE_IN_TRAINING }, { "succeeded", FC_AZURE_TRAINED },
	{ "failed", FC_AZURE_TRAINING_FAILED },
};

enum fc_status fc_azure_read_training(const cJSON *json, enum fc_azure_training *out,
				      const char **message, struct fc_error *err)
{
	const char *status = fc_json_text(json, "status");
	const char *text = fc_json_text(json, "message");
	*message = text ? text : "";
	for (size_t i = 0; status && i < FC_ARRAY_LENGTH(training_words); i++) {
		if (strcasecmp(status, training_words[i].word) == 0) {
			*out = training_words[i].training;
			return FC_OK;
		}
	}
	return fc_fail(err, FC_REFUSED, "the response has no valid status of the training");
}

void fc_azure_write_training(struct fc_json_writer *json, enum fc_azure_training training,
			     int64_t created, int64_t changed, const char *message)
{
	char created_text[FC_TIME_TEXT_SIZE];
	char changed_text[FC_TIME_TEXT_SIZE];
	size_t row = 0;
	while (training_words[row].training != training) {
		row++;
	}
	fc_time_format(created, created_text);
	fc_time_format(changed, changed_text);
	fc_json_begin_object(json);
	fc_json_put_text(json, "status", training_words[row].word);
	fc_json_put_text(json, "createdDateTime", created_text);
	fc_json_put_text(json, "lastActionDateTime", changed_text);
	fc_json_key(json, "message");
	if (message) {
		fc_json_string(json, message);
	} else {
		fc_json_null(json);
	}
	fc_json_end_object(json);
}
