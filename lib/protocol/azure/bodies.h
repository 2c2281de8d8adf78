/*
 * The JSON of the Azure Face API, version 1.0: errors, faces, candidates, persons, trainings. The readers check every value,
 * because the JSON may be hostile. Strings that they return are borrowed from the JSON.
 */
/* SPDX-License-Identifier: MIT */
#ifndef FC_PROTOCOL_AZURE_BODIES_H
#define FC_PROTOCOL_AZURE_BODIES_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/buffer.h"
#include "base/error.h"
#include "base/json_writer.h"
#include "base/uuid.h"

/* ---- errors ---- */

/* The body of a failed request. Both are "" when it has none. */
struct fc_azure_error {
	char code[64];     /* "LargePersonGroupNotFound"; may be a number */
	char message[200]; /* the first line, without control characters */
};

/* Accepts {"error":{...}} with or without an innererror, and {"statusCode":N,"message":"..."}. */
void fc_azure_read_error(const cJSON *json, struct fc_azure_error *out);

bool fc_azure_has_code(const struct fc_azure_error *error, const char *code);

/* Whether the error is that another operation on the group, or its training, is running: the request may be repeated later. */
bool fc_azure_is_conflict(const struct fc_azure_error *error);

/* The status that corresponds to the error's code. FC_OK: the code is no more specific than the HTTP status. */
enum fc_status fc_azure_error_status(const struct fc_azure_error *error);

/* ---- faces ---- */

enum { FC_AZURE_LANDMARKS = 5 };

struct fc_azure_point {
	double x, y; /* pixels; NaN when absent */
};

struct fc_azure_attributes;

/* Which regions of a face are covered. */
struct fc_azure_occlusion {
	bool forehead, eye, mouth;
};

/* The part of a detected face that facectl uses. */
struct fc_azure_face {
	bool has_id;
	struct fc_uuid id;
	double left, top, width, height; /* pixels */
	/* pupilLeft, pupilRight, noseTip, mouthLeft, mouthRight: left as seen in the image */
	struct fc_azure_point landmarks[FC_AZURE_LANDMARKS];
	double age;          /* years; NaN when absent */
	const char *gender;  /* NULL when absent */
	const char *emotion; /* the strongest; NULL when absent */
	bool has_occlusion;
	struct fc_azure_occlusion occlusion;
	/* only written, not read */
	const char *recognition_model;                /* such as "recognition_04"; NULL: none */
	const struct fc_azure_attributes *attributes; /* in place of age and gender; NULL: none */
};

/* Read a face. Returns false when it has no valid faceRectangle. */
FC_MUST_USE bool fc_azure_read_face(const cJSON *json, struct fc_azure_face *out);
void fc_azure_write_face(struct fc_json_writer *json, const struct fc_azure_face *face);

/* The probabilities of the emotions, in [0, 1]. */
struct fc_azure_emotion {
	double anger, contempt, disgust, fear, happiness, neutral, sadness, surprise;
};

/* Measured properties of a face. */
struct fc_azure_measures {
	double roll, yaw, pitch; /* degrees; roll NaN: absent */
	/* [0, 1]; NaN: absent. exposure is the brightness: 0 is dark, 1 bright. */
	double blur, exposure, noise;
	const char *quality; /* qualityForRecognition: "Low", "Medium" or "High"; NULL: absent */
};

/* Estimated attributes of a face. NaN and NULL: absent. */
struct fc_azure_attributes {
	double age;         /* years */
	const char *gender; /* "male", "female" */
	double smile;       /* [0, 1] probability */
	const struct fc_azure_emotion *emotion;
	double glasses; /* [0, 1] probability of glasses, which are an accessory: their kind is not known */
	const struct fc_azure_occlusion *occlusion;
	const struct fc_azure_measures *measures;
};

/* Write the members of "faceAttributes" that are not absent, without its braces. */
void fc_azure_write_attributes(struct fc_json_writer *json,
			       const struct fc_azure_attributes *attributes);

/* ---- candidates of an identification ---- */

struct fc_azure_candidate {
	struct fc_uuid person;
	double confidence; /* [0, 1] */
};

/* Read a candidate. Returns false when it has no personId or no valid confidence. */
FC_MUST_USE bool fc_azure_read_candidate(const cJSON *json, struct fc_azure_candidate *out);

/* Write {"faceId":"FACE","candidates":[...]}. */
void fc_azure_write_candidates(struct fc_json_writer *json, const struct fc_uuid *face,
			       const struct fc_azure_candidate *candidates, size_t count);

/* ---- persons ---- */

struct fc_azure_person_row {
	struct fc_uuid id;
	const char *name;      /* "" when it has none */
	const char *user_data; /* NULL when it has none */
	const cJSON *faces;    /* an array of UUIDs; NULL when it has none */
};

/* Read a person. Errors: FC_REFUSED (it violates the protocol; the text says where). */
enum fc_status fc_azure_read_person(const cJSON *person, struct fc_azure_person_row *out,
				    struct fc_error *err);

/* Read a member that is a UUID. Returns false when it is absent or invalid. */
bool fc_azure_read_uuid(const cJSON *object, const char *name, struct fc_uuid *out);

enum { FC_AZURE_NAME_MAXIMUM = 128 }; /* characters in a person's name */

/*
 * Split a person's name into facectl's number and the rest: "person12", "person12 Anna"; "person_12" is accepted too. *rest is
 * the text after the number, NULL when there is none. Returns false if the name has no number; *rest is then the whole name.
 */
bool fc_azure_read_name(const char *name, uint64_t *number, const char **rest);

/* Append a name that has the number, the name or both. One of them may be NULL. */
void fc_azure_write_name(struct fc_buffer *out, const uint64_t *number, const char *name);

/* ---- trainings ---- */

enum fc_azure_training {
	FC_AZURE_IN_TRAINING, /* running, or waiting to start */
	FC_AZURE_TRAINED,
	FC_AZURE_TRAINING_FAILED,
};

/* Read the state of a training. *message: why it failed, or "". Errors: FC_REFUSED. */
enum fc_status fc_azure_read_training(const cJSON *json, enum fc_azure_training *out,
				      const char **message, struct fc_error *err);

/* Times in microseconds since the epoch. message may be NULL. */
void fc_azure_write_training(struct fc_json_writer *json, enum fc_azure_training training,
			     int64_t created, int64_t changed, const char *message);

#endif
