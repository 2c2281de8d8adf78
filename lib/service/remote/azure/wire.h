/* What an Azure service answers: failures, faces, persons, trainings. Every value is hostile until checked. Private to azure*.c. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_SERVICE_AZURE_WIRE_H
#define FC_SERVICE_AZURE_WIRE_H

#include <cjson/cJSON.h>

#include "net/http.h"
#include "service/match/candidates.h"
#include "service/service.h"

/* What the body of an answer that is no failure is. */
enum fc_azure_shape { FC_AZURE_EMPTY, FC_AZURE_OBJECT, FC_AZURE_ARRAY };

/* The service's own account of a failure. Both are "" when there is none. */
struct fc_azure_trouble {
	char code[64];   /* "LargePersonGroupNotFound"; may be a number */
	char words[200]; /* the first line, without control characters */
};

bool fc_azure_has_code(const struct fc_azure_trouble *trouble, const char *code);

/* Somebody else works at the group, or it is being trained: later it may be free. */
bool fc_azure_is_conflict(const struct fc_azure_trouble *trouble);

/*
 * Read an answer. *out is the caller's, NULL when the body is empty. A failure that the service tells of is one here, in its words:
 * FC_NO_FACE, FC_SEVERAL_FACES, FC_BAD_IMAGE, FC_TOO_LARGE (of the photo that was sent), FC_NOT_FOUND, FC_CONFLICT (it is there
 * already), FC_FULL (a quota), FC_BUSY (also for conflicts), FC_PERMISSION, else FC_REFUSED. So is an answer of another shape.
 */
FC_MUST_USE enum fc_status fc_azure_read(const struct fc_http_response *response,
					 enum fc_azure_shape shape, cJSON **out,
					 struct fc_azure_trouble *trouble, struct fc_error *err);

/* For fc_http_request.judge, context being an enum fc_azure_shape: a good status with a foreign page behind it is worth another try. */
enum fc_http_verdict fc_azure_judge(void *context, const struct fc_http_response *response);

/* Whether a request that failed may have been carried out all the same. */
bool fc_azure_is_unclear(const struct fc_http_response *response);

/* ---- faces in a photo ---- */

enum { FC_AZURE_CANDIDATES_MAXIMUM = 100 };

/* What was seen in a photo, in the service's order. Strings are borrowed from json. { 0 } is empty. */
struct fc_azure_sight {
	cJSON *json;
	struct fc_face *seen;
	struct fc_face_attributes *attributes;
	bool *has_attributes;
	struct fc_uuid *ids; /* all zero unless they were asked for */
	size_t count;
	struct fc_candidates candidates; /* the scores are confidences, [0, 1] */
};

void fc_azure_sight_release(struct fc_azure_sight *sight);

/*
 * Take over the answer to a detection. Errors: FC_REFUSED (it does not keep to the protocol; the text says where), FC_NO_MEMORY;
 * *faces is the caller's still.
 */
FC_MUST_USE enum fc_status fc_azure_read_sight(cJSON **faces, bool with_ids, size_t most,
					       struct fc_azure_sight *out, struct fc_error *err);

/* Put the answer to an identification of the faces [first, first + count) where they belong. Errors: FC_REFUSED. */
FC_MUST_USE enum fc_status fc_azure_read_candidates(const cJSON *answer, size_t first, size_t count,
						    struct fc_azure_sight *sight,
						    struct fc_error *err);

/* The face as left, top, width and height in whole pixels, as the service had it. */
void fc_azure_rectangle(const struct fc_azure_sight *sight, size_t face, int out[4]);

/* ---- persons ---- */

/* One person of a list. Strings are borrowed from the JSON. */
struct fc_azure_person_row {
	struct fc_uuid id;
	const char *name;      /* "" when it has none */
	const char *user_data; /* NULL when it has none */
	const cJSON *faces;    /* the ids of its faces; NULL when it has none */
};

FC_MUST_USE enum fc_status
fc_azure_read_person(const cJSON *person, struct fc_azure_person_row *out, struct fc_error *err);

/* A UUID member of an object. */
bool fc_azure_read_uuid(const cJSON *object, const char *name, struct fc_uuid *out);

/*
 * "person12", "person_12", "person12 Anna": a number and perhaps words behind it. False for another name; *words is then the
 * name, and NULL when nothing stands behind the number.
 */
bool fc_azure_read_name(const char *name, uint64_t *number, const char **words);

enum { FC_AZURE_NAME_MAXIMUM = 128 };

/* ---- trainings ---- */

enum fc_azure_training {
	FC_AZURE_IN_TRAINING, /* or waiting for it */
	FC_AZURE_TRAINED,
	FC_AZURE_TRAINING_FAILED,
};

/* *words: what the service says to a failure, "" for nothing. Errors: FC_REFUSED. */
FC_MUST_USE enum fc_status fc_azure_read_training(const cJSON *answer, enum fc_azure_training *out,
						  const char **words, struct fc_error *err);

#endif
