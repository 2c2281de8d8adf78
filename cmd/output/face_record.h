/* The parts that the records of set, recognize and detect share: the photo, and one face of it. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_CMD_OUTPUT_FACE_RECORD_H
#define FC_CMD_OUTPUT_FACE_RECORD_H

#include "output/record.h"
#include "service/service.h"

struct photo_part {
	const char *photo; /* name of the photo in the request */
	const char *path;
	const char *status; /* text of fc_status_name() */
	const char *error;
	const char *sha256;
	int64_t width, height, pages;
	struct record_texts notes;
	const char *note_words[8];
	struct record_reals cutout;
	double cutout_values[4];
	char digest[FC_SHA256_TEXT_SIZE];
};

/* The person that a photo or a face shows. */
struct person_part {
	const char *person, *pid, *name; /* person: the tag */
	int64_t person_id;
	char tag[FC_PERSON_TAG_SIZE], pid_text[FC_UUID_TEXT_SIZE];
};

/* The service that analysed the photo, for policies that use several services; see facectl(1), --policy. */
struct answered_part {
	const char *answered_by;
	enum record_flag agrees;
};

/* clang-format off */
#define PHOTO_FIELDS(record, member)                                                               \
	{ RECORD_TEXT, "photo", offsetof(struct record, member.photo) },                           \
	{ RECORD_TEXT, "path", offsetof(struct record, member.path), 0, "PHOTO", .end_counts = true },                 \
	{ RECORD_TEXT, "status", offsetof(struct record, member.status) },                         \
	{ RECORD_TEXT, "error", offsetof(struct record, member.error) },                           \
	{ RECORD_TEXT, "sha256", offsetof(struct record, member.sha256) },                         \
	{ RECORD_INTEGER, "width", offsetof(struct record, member.width) },                        \
	{ RECORD_INTEGER, "height", offsetof(struct record, member.height) }
/* clang-format on */

/* clang-format off */
#define PERSON_FIELDS(record, member)                                                              \
	{ RECORD_TEXT, "person", offsetof(struct record, member.person), 0, "PERSON" },            \
	{ RECORD_INTEGER, "person_id", offsetof(struct record, member.person_id) },                \
	{ RECORD_TEXT, "pid", offsetof(struct record, member.pid) },                               \
	{ RECORD_TEXT, "name", offsetof(struct record, member.name), 0, "NAME" }
/* clang-format on */

/* clang-format off */
#define ANSWERED_FIELDS(record, member)                                                            \
	{ RECORD_TEXT, "answered_by", offsetof(struct record, member.answered_by) },               \
	{ RECORD_FLAG, "agrees", offsetof(struct record, member.agrees) }
/* clang-format on */

/* The most similar person to a face that has none, and why it has none. */
struct nearest_part {
	struct person_part person;
	const char *why;
};

/* clang-format off */
#define NEAREST_FIELDS(record, member)                                                             \
	{ RECORD_TEXT, "nearest", offsetof(struct record, member.person.person), 0, "NEAREST", .rank = 1 },   \
	{ RECORD_INTEGER, "nearest_person_id", offsetof(struct record, member.person.person_id) }, \
	{ RECORD_TEXT, "nearest_pid", offsetof(struct record, member.person.pid) },                \
	{ RECORD_TEXT, "nearest_name", offsetof(struct record, member.person.name) },              \
	{ RECORD_TEXT, "why_unknown", offsetof(struct record, member.why), 0, "WHY UNKNOWN", .rank = 2 }
/* clang-format on */

struct answered_part answered_part_of(const struct fc_answered *answered);

struct face_part {
	int64_t face; /* index of the face in its photo, best face first */
	int64_t page;
	double confidence;
	struct record_reals box, landmarks;
	double awesomeness, frontality, visibility;
	double sharpness, exposure, eye_distance, pan, tilt, roll;
	const char *liveness; /* passed, failed, undetermined; NULL if not requested */
	double liveness_score;
	double age, valence, arousal, smile, glasses, sex_probability, emotion_probability;
	const char *sex, *mood;
	enum record_flag child; /* RECORD_TRUE: the template is not reliable */
	struct record_named emotions;
	enum record_flag occluded[FC_REGION_COUNT];
	struct record_named occlusion;
	double occlusion_values[FC_REGION_COUNT];
	const char *emotion_names[FC_MOOD_END];
	double emotion_values[FC_MOOD_END];
	double box_values[4], landmark_values[2 * FC_LANDMARKS];
};

/* clang-format off */
#define FACE_FIELDS(record, member)                                                                \
	{ RECORD_INTEGER, "face", offsetof(struct record, member.face) },                          \
	{ RECORD_REALS, "box", offsetof(struct record, member.box), 0, "BOX", .rank = 7 },                    \
	{ RECORD_REALS, "landmarks", offsetof(struct record, member.landmarks), 1,                 \
	  "LANDMARKS", .group = RECORD_LANDMARKS, .rank = 9 },                                                \
	{ RECORD_REAL, "confidence", offsetof(struct record, member.confidence), 5, "CONFIDENCE", .rank = 8 },\
	{ RECORD_REAL, "awesomeness", offsetof(struct record, member.awesomeness), 4, "QUALITY", .rank = 5 }, \
	{ RECORD_REAL, "frontality", offsetof(struct record, member.frontality), 4 },              \
	{ RECORD_REAL, "visibility", offsetof(struct record, member.visibility), 4 },              \
	{ RECORD_REAL, "sharpness", offsetof(struct record, member.sharpness), 4 },                \
	{ RECORD_REAL, "exposure", offsetof(struct record, member.exposure), 4 },                  \
	{ RECORD_REAL, "eye_distance", offsetof(struct record, member.eye_distance), 1 },          \
	{ RECORD_REAL, "pan", offsetof(struct record, member.pan), 1 },                            \
	{ RECORD_REAL, "tilt", offsetof(struct record, member.tilt), 1 },                          \
	{ RECORD_REAL, "roll", offsetof(struct record, member.roll), 1 },                          \
	{ RECORD_TEXT, "liveness", offsetof(struct record, member.liveness), 0, "LIVENESS",       \
	  .group = RECORD_LIVENESS, .rank = 2 },            \
	{ RECORD_REAL, "liveness_score", offsetof(struct record, member.liveness_score), 4,          \
	  "SCORE", .group = RECORD_LIVENESS, .rank = 6 },                                                                                 \
	{ RECORD_REAL, "age", offsetof(struct record, member.age), 1, "AGE", .group = RECORD_ATTRIBUTES, .rank = 4, .whole = true },                     \
	{ RECORD_TEXT, "sex", offsetof(struct record, member.sex), 0, "SEX", .group = RECORD_ATTRIBUTES, .rank = 4 },               \
	{ RECORD_TEXT, "mood", offsetof(struct record, member.mood), 0, "MOOD", .group = RECORD_ATTRIBUTES, .rank = 4 },            \
	{ RECORD_FLAG, "child", offsetof(struct record, member.child) },                           \
	{ RECORD_REAL, "sex_probability", offsetof(struct record, member.sex_probability), 3 },    \
	{ RECORD_REAL, "emotion_probability", offsetof(struct record, member.emotion_probability), 3 }, \
	{ RECORD_NAMED, "emotions", offsetof(struct record, member.emotions), 3, .json_only = true }, \
	{ RECORD_REAL, "smile", offsetof(struct record, member.smile), 3 },                        \
	{ RECORD_REAL, "glasses", offsetof(struct record, member.glasses), 3 },                    \
	{ RECORD_REAL, "valence", offsetof(struct record, member.valence), 3 },                    \
	{ RECORD_REAL, "arousal", offsetof(struct record, member.arousal), 3 }
/* clang-format on */

/* The last fields of a record with a photo and a face: TSV has them at the end. */
/* clang-format off */
#define PAGE_FIELDS(record, photo, face)                                                           \
	{ RECORD_TEXTS, "notes", offsetof(struct record, photo.notes), 0, "NOTES", .rank = RECORD_VERBOSE },   \
	{ RECORD_INTEGER, "page", offsetof(struct record, face.page), 0, "PAGE", .rank = RECORD_VERBOSE },     \
	{ RECORD_INTEGER, "pages", offsetof(struct record, photo.pages) }
/* clang-format on */

/* The field after them, if a service may have got a part of the photo. */
/* clang-format off */
#define CUTOUT_FIELD(record, photo)                                                                \
	{ RECORD_REALS, "cutout", offsetof(struct record, photo.cutout), 0, "PART SENT", .rank = RECORD_VERBOSE }
/* clang-format on */

/* Fields of a face that were added later: the very last. */
/* clang-format off */
#define OCCLUSION_FIELDS(record, member)                                                           \
	{ RECORD_FLAG, "forehead_occluded", offsetof(struct record, member.occluded[FC_REGION_FOREHEAD]), 0, \
	  "FOREHEAD OCCLUDED", .group = RECORD_OCCLUSION, .rank = 4 },                             \
	{ RECORD_FLAG, "eye_occluded", offsetof(struct record, member.occluded[FC_REGION_EYES]), 0, \
	  "EYE OCCLUDED", .group = RECORD_OCCLUSION, .rank = 4 },                                  \
	{ RECORD_FLAG, "mouth_occluded", offsetof(struct record, member.occluded[FC_REGION_MOUTH]), 0, \
	  "MOUTH OCCLUDED", .group = RECORD_OCCLUSION, .rank = 4 },                                \
	{ RECORD_NAMED, "occlusion", offsetof(struct record, member.occlusion), 3, .json_only = true }
/* clang-format on */

/* The groups of these fields to show in text output: those that the run measures. attributes: the set that was requested. */
unsigned face_groups(const struct fc_service *service, bool liveness, unsigned attributes);

/* The functions below fill in a part, which may contain pointers into itself: do not copy it. */
void photo_part_fill(struct photo_part *part, const struct fc_photo_outcome *outcome);

/* person NULL: all fields are absent. The part points to the person's name. */
void person_part_fill(struct person_part *part, const struct fc_identity *person);

/* face NULL: the photo has no face, and all fields are absent. */
void face_part_fill(struct face_part *part, const struct fc_face *face, size_t index);

/* Use the attributes that a remote service returned, in its words. */
void face_part_say(struct face_part *part, const struct fc_face_attributes *said);

#endif
