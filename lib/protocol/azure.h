/*
 * The JSON of the Azure Face API, version 1.0: errors, faces, candidates, persons, trainings. Values that are read are hostile
 * until checked. Strings that are read are borrowed from the JSON.
 */
/* SPDX-License-Identifier: MIT */
#ifndef FC_PROTOCOL_AZURE_H
#define FC_PROTOCOL_AZURE_H

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

/*
 * {"error":{"code":"CODE","message":"MESSAGE"}} for an error of facectl's, by the table in azure_error.c. kind: what the request
 * was about, as the API spells it in its codes: "LargePersonGroup", "Face". Returns the HTTP status.
 */
int fc_azure_write_error(struct fc_json_writer *json, const char *kind, enum fc_status status);

bool fc_azure_has_code(const struct fc_azure_error *error, const char *code);

/* Another operation on the group is running, or it is being trained: the request may be repeated later. */
bool fc_azure_is_conflict(const struct fc_azure_error *error);

/* The status of an error by its code, whatever the HTTP status. FC_OK: the code says no more than the HTTP status does. */
enum fc_status fc_azure_error_status(const struct fc_azure_error *error);

/* ---- faces ---- */

enum { FC_AZURE_LANDMARKS = 5 };

struct fc_azure_point {
	double x, y; /* pixels; NaN when absent */
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
};

/* False when the face has no valid faceRectangle. */
FC_MUST_USE bool fc_azure_read_face(const cJSON *json, struct fc_azure_face *out);
void fc_azure_write_face(struct fc_json_writer *json, const struct fc_azure_face *face);

/* ---- candidates of an identification ---- */

struct fc_azure_candidate {
	struct fc_uuid person;
	double confidence; /* [0, 1] */
};

/* False when it has no personId or no valid confidence. */
FC_MUST_USE bool fc_azure_read_candidate(const cJSON *json, struct fc_azure_candidate *out);

/* {"faceId":"FACE","candidates":[...]} */
void fc_azure_write_candidates(struct fc_json_writer *json, const struct fc_uuid *face,
			       const struct fc_azure_candidate *candidates, size_t count);

/* ---- persons ---- */

struct fc_azure_person_row {
	struct fc_uuid id;
	const char *name;      /* "" when it has none */
	const char *user_data; /* NULL when it has none */
	const cJSON *faces;    /* an array of UUIDs; NULL when it has none */
};

/* Errors: FC_REFUSED (it violates the protocol; the text says where). */
FC_MUST_USE enum fc_status
fc_azure_read_person(const cJSON *person, struct fc_azure_person_row *out, struct fc_error *err);
void fc_azure_write_person(struct fc_json_writer *json, const struct fc_azure_person_row *person);

/* A UUID member of an object. */
bool fc_azure_read_uuid(const cJSON *object, const char *name, struct fc_uuid *out);

enum { FC_AZURE_NAME_MAXIMUM = 128 }; /* characters in a person's name */

/*
 * facectl keeps a person's number in its name: "person12", "person12 Anna"; "person_12" is accepted. False for any other name:
 * *rest is then the whole name. Otherwise *rest is the text after the number, NULL when there is none.
 */
bool fc_azure_read_name(const char *name, uint64_t *number, const char **rest);

/* number and name: at least one; NULL for none. */
void fc_azure_write_name(struct fc_buffer *out, const uint64_t *number, const char *name);

/* ---- trainings ---- */

enum fc_azure_training {
	FC_AZURE_IN_TRAINING, /* or waiting for it */
	FC_AZURE_TRAINED,
	FC_AZURE_TRAINING_FAILED,
};

/* *message: why it failed, "" for nothing. Errors: FC_REFUSED. */
FC_MUST_USE enum fc_status fc_azure_read_training(const cJSON *json, enum fc_azure_training *out,
						  const char **message, struct fc_error *err);

/* Times in microseconds since the epoch. message may be NULL. */
void fc_azure_write_training(struct fc_json_writer *json, enum fc_azure_training training,
			     int64_t created, int64_t changed, const char *message);

#endif
