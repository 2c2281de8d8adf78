/* Fill in the parts that records of photos and faces share. */
/* SPDX-License-Identifier: MIT */
#include "output/face_record.h"

#include <math.h>

unsigned face_groups(const struct fc_service *service, bool liveness, unsigned attributes)
{
	bool estimated = fc_service_model(service, FC_ROLE_ATTRIBUTES) != NULL;
	bool occlusion = attributes & 1U << FC_ATTRIBUTE_OCCLUSION;
	return (liveness ? RECORD_LIVENESS : 0u) | (estimated ? RECORD_ATTRIBUTES : 0u) |
	       (estimated && occlusion ? RECORD_OCCLUSION : 0u);
}

/* Write the edges of a box as an array of numbers. */
static struct record_reals edges_of(const struct fc_box *box, double values[4])
{
	const float edges[] = { box->left, box->top, box->right, box->bottom };
	for (size_t i = 0; i < FC_ARRAY_LENGTH(edges); i++) {
		values[i] = (double)edges[i];
	}
	return (struct record_reals){ values, FC_ARRAY_LENGTH(edges) };
}

void photo_part_fill(struct photo_part *part, const struct fc_photo_outcome *outcome)
{
	const struct fc_analysis *analysis = outcome->analysis;
	*part = (struct photo_part){
		.photo = outcome->name,
		.path = outcome->path,
		.status = fc_status_name(outcome->status),
		.error = outcome->error,
		.width = analysis->width > 0 ? (int64_t)analysis->width : RECORD_ABSENT,
		.height = analysis->height > 0 ? (int64_t)analysis->height : RECORD_ABSENT,
		.pages = analysis->pages > 0 ? (int64_t)analysis->pages : RECORD_ABSENT,
	};
	unsigned notes = analysis->notes;
	const char *sentence, *word;
	part->notes.items = part->note_words;
	while ((word = fc_image_note_next(&notes, &sentence)) != NULL) {
		part->note_words[part->notes.count++] = word;
	}
	if (outcome->cutout) {
		part->cutout = edges_of(outcome->cutout, part->cutout_values);
	}
	if (analysis->bytes > 0) {
		fc_sha256_format(&analysis->sha256, part->digest);
		part->sha256 = part->digest;
	}
}

struct answered_part answered_part_of(const struct fc_answered *answered)
{
	static const enum record_flag flags[] = {
		[FC_AGREEMENT_UNKNOWN] = RECORD_UNSAID,
		[FC_AGREEMENT_NO] = RECORD_FALSE,
		[FC_AGREEMENT_YES] = RECORD_TRUE,
	};
	return (struct answered_part){ answered->by, flags[answered->agreement] };
}

void person_part_fill(struct person_part *part, const struct fc_identity *person)
{
	*part = (struct person_part){ .person_id = RECORD_ABSENT };
	if (!person) {
		return;
	}
	fc_person_tag(person, part->tag);
	part->person = part->tag;
	if (!fc_uuid_is_nil(&person->pid)) {
		fc_uuid_format(&person->pid, part->pid_text);
		part->pid = part->pid_text;
	}
	part->name = person->name;
	part->person_id = person->has_number ? (int64_t)person->number : RECORD_ABSENT;
}

static void fill_places(struct face_part *part, const struct fc_face *face)
{
	for (size_t i = 0; i < FC_LANDMARKS; i++) {
		part->landmark_values[2 * i] = (double)face->landmarks[i].x;
		part->landmark_values[2 * i + 1] = (double)face->landmarks[i].y;
	}
	part->box = edges_of(&face->box, part->box_values);
	/* remote services may not return landmarks */
	bool known = !isnan(face->landmarks[0].x);
	part->landmarks =
		(struct record_reals){ part->landmark_values,
				       known ? FC_ARRAY_LENGTH(part->landmark_values) : 0 };
}

static double number(bool known, float value)
{
	return known ? (double)value : (double)NAN;
}

static void fill_attributes(struct face_part *part, const struct fc_attributes *attributes)
{
	part->age = number(attributes->has_age, attributes->age);
	part->valence = number(attributes->has_valence, attributes->valence);
	part->arousal = number(attributes->has_arousal, attributes->arousal);
	part->smile = number(attributes->has_smile, attributes->smile);
	part->glasses = number(attributes->has_glasses, attributes->glasses);
	part->child = fc_is_child(attributes) ? RECORD_TRUE : RECORD_UNSAID;
	part->sex = fc_sex_name(attributes->sex);
	part->mood = fc_mood_name(attributes->emotion);
	part->sex_probability =
		number(attributes->sex_probability > 0, attributes->sex_probability);
	part->emotion_probability =
		number(attributes->emotion_probability > 0, attributes->emotion_probability);
	part->emotions = (struct record_named){ part->emotion_names, part->emotion_values, 0 };
	for (int mood = FC_MOOD_UNKNOWN + 1; attributes->has_emotions && mood < FC_MOOD_END;
	     mood++) {
		part->emotion_names[part->emotions.count] = fc_mood_name((enum fc_mood)mood);
		part->emotion_values[part->emotions.count++] = (double)attributes->emotions[mood];
	}
}

static void fill_occlusion(struct face_part *part, const struct fc_attributes *attributes)
{
	static const char *const names[FC_REGION_COUNT] = { "forehead", "eyes", "mouth" };
	part->occlusion = (struct record_named){ names, part->occlusion_values, 0 };
	for (int i = 0; attributes->has_occlusion && i < FC_REGION_COUNT; i++) {
		bool occluded = fc_is_occluded(attributes, (enum fc_region)i);
		part->occluded[i] = occluded ? RECORD_TRUE : RECORD_FALSE;
		part->occlusion_values[part->occlusion.count++] = (double)attributes->occlusion[i];
	}
}

void face_part_say(struct face_part *part, const struct fc_face_attributes *said)
{
	part->smile = part->glasses = part->sex_probability = part->emotion_probability = NAN;
	part->age = (double)said->age;
	part->valence = (double)said->valence;
	part->arousal = (double)said->arousal;
	part->sex = said->sex;
	part->mood = said->emotion;
	for (int i = 0; said->has_occlusion && i < FC_REGION_COUNT; i++) {
		part->occluded[i] = said->occluded[i] ? RECORD_TRUE : RECORD_FALSE;
	}
}

void face_part_fill(struct face_part *part, const struct fc_face *face, size_t index)
{
	if (!face) {
		*part = (struct face_part){
			.face = RECORD_ABSENT,
			.page = RECORD_ABSENT,
			.confidence = NAN,
			.awesomeness = NAN,
			.frontality = NAN,
			.visibility = NAN,
			.sharpness = NAN,
			.exposure = NAN,
			.eye_distance = NAN,
			.pan = NAN,
			.tilt = NAN,
			.roll = NAN,
			.liveness_score = NAN,
			.age = NAN,
			.valence = NAN,
			.arousal = NAN,
			.smile = NAN,
			.glasses = NAN,
			.sex_probability = NAN,
			.emotion_probability = NAN,
		};
		return;
	}
	*part = (struct face_part){
		.face = (int64_t)index,
		.page = face->page > 0 ? (int64_t)face->page : RECORD_ABSENT,
		.confidence = (double)face->confidence,
		.awesomeness = (double)face->quality.awesomeness,
		.frontality = (double)face->quality.frontality,
		.visibility = (double)face->quality.visibility,
		.sharpness = (double)face->quality.sharpness,
		.exposure = (double)face->quality.exposure,
		.eye_distance = (double)face->quality.eye_distance,
		.pan = (double)face->quality.pan,
		.tilt = (double)face->quality.tilt,
		.roll = (double)face->quality.roll,
		.liveness = fc_liveness_name(face->life),
		.liveness_score =
			face->life == FC_LIVENESS_UNKNOWN ? (double)NAN : (double)face->liveness,
	};
	fill_attributes(part, &face->attributes);
	fill_occlusion(part, &face->attributes);
	fill_places(part, face);
}
