/*
 * The JSON of the documented Smarty protocol: the meta object of a request, the envelope of a response, and the persons in it.
 * The readers check every value, because the JSON may be hostile.
 */
/* SPDX-License-Identifier: MIT */
#ifndef FC_PROTOCOL_SMARTY_H
#define FC_PROTOCOL_SMARTY_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/buffer.h"
#include "base/error.h"
#include "base/json_writer.h"
#include "protocol/smarty_notes.h"

/* ---- errors ---- */

/* The protocol's documented message for an error; NULL if none is documented. code takes precedence over status. */
const char *fc_smarty_words(enum fc_status status, enum fc_code code);

/*
 * What a message of the service means, for people: the service's server passes on errors of its programming language, such as "strconv.Atoi:
 * parsing ...". Other messages are returned as they are.
 */
const char *fc_smarty_for_people(const char *message);

/* Append the message "wrong space param : strconv.Atoi: parsing \"SPACE\": invalid syntax". */
void fc_smarty_wrong_space(const char *space, struct fc_buffer *out);

/* Append the message "could not get image by name NAME: http: no such file". */
void fc_smarty_missing_image(const char *name, struct fc_buffer *out);

/* The status of an error envelope: 400 for an error of the caller, 403 for missing rights, else 500. */
int fc_smarty_error_status(enum fc_status status);

/* ---- requests: meta ---- */

/* Size of an image's name, which is the name of its part in the request and of its object in the response. */
enum { FC_SMARTY_NAME_SIZE = 65 };
struct fc_smarty_name {
	char text[FC_SMARTY_NAME_SIZE];
};

/*
 * Choose names for the images of one request: the wanted names if all of them are different and need no escaping in a header or
 * in JSON, else file_0, file_1 and so on, as documented. wanted: an element is NULL if the image has no name.
 */
void fc_smarty_choose_names(const char *const *wanted, size_t count, struct fc_smarty_name *out);

struct fc_smarty_meta {
	const char *space; /* one digit */
	bool recognizes;   /* a recognition: write create_new and update_embedding */
	bool create_new, update_embedding;
	bool has_searcher;
	unsigned searcher;
	bool has_images;
	const struct fc_smarty_name *names; /* of each image */
	const uint64_t *numbers;            /* person_id of each image; NULL if they have none */
	size_t count;
};

void fc_smarty_write_meta(const struct fc_smarty_meta *meta, struct fc_buffer *out);

/* ---- responses: the envelope ---- */

/* { 0 } is empty. */
struct fc_smarty_envelope {
	cJSON *json;
	int status; /* 1 to 999 */
	/* the body of an error, if it is a string; else NULL. Borrowed from json */
	const char *message;
	cJSON *body;    /* the body of a success, an object within json; else NULL */
	cJSON *objects; /* within the body; NULL when it has none */
	struct fc_smarty_notes notes;
};

void fc_smarty_envelope_release(struct fc_smarty_envelope *envelope);

/* Errors: FC_REFUSED (not an envelope), FC_TOO_LARGE (see fc_json_parse), FC_NO_MEMORY. */
enum fc_status fc_smarty_read_envelope(const void *data, size_t length,
				       struct fc_smarty_envelope *out, struct fc_error *err);

/* Append {"status":S,"body":"MESSAGE","htmlencoded":false,"last_modified":0} and a newline. */
void fc_smarty_write_error(struct fc_buffer *out, int status, const char *message);

/*
 * Begin and end the same envelope with status 200 and an object as body. The caller writes its members between the two calls. notes NULL: all
 * zero. aliases_changed is a member of the body, which the caller writes.
 */
void fc_smarty_begin_body(struct fc_json_writer *json);
void fc_smarty_end_body(struct fc_json_writer *json, const struct fc_smarty_notes *notes);

/* ---- responses: one object for each image ---- */

enum fc_smarty_object_status {
	FC_SMARTY_DONE = 0,
	FC_SMARTY_PERMANENT = 1,
	FC_SMARTY_TEMPORARY = 2,
};

/*
 * Detach the object of the image `name` from the envelope; the caller owns it. NULL when there is none. *status is the object's;
 * an invalid one is treated as a permanent error, and so is one that reports a success together with an error message.
 */
cJSON *fc_smarty_take_object(struct fc_smarty_envelope *envelope, const char *name,
			     enum fc_smarty_object_status *status);

/* The object's error message; never NULL. */
const char *fc_smarty_object_error(const cJSON *object);

enum fc_smarty_object_status fc_smarty_object_status(enum fc_status status);

/*
 * Write {"status":S,"error":"MESSAGE","name":"NAME" and leave the object open for more members. If message is NULL, there is no
 * "error".
 */
void fc_smarty_begin_object(struct fc_json_writer *json, enum fc_smarty_object_status status,
			    const char *message, const char *name);

/* ---- responses: persons ---- */

enum { FC_SMARTY_ALIASES_MAXIMUM = 32 };

/* One face of an image. Absent numbers are NaN, absent texts NULL. */
struct fc_smarty_person {
	const char *tag;   /* "person12", another name, or "undefined" */
	double coord[4];   /* left, top, right, bottom in pixels */
	double confidence; /* [0, 1] */
	double awesomeness, similarity;
	const char *sex, *emotion;
	double age, valence, arousal; /* years, [-1, 1], [-1, 1] */
	double frontality, visibility;
	const char *liveness; /* an extension of facectl's, written only */
	double liveness_score;
	const char *const *aliases; /* tags */
	size_t alias_count;
	/* an extension of facectl's, written only: of a face without a person, why, and the most similar person; NULL for none */
	const char *why_unknown, *nearest;
	double nearest_similarity, threshold;
};

/* { 0 } is empty. Strings are borrowed from the object. */
struct fc_smarty_persons {
	struct fc_smarty_person *items;
	size_t count;
	const char **aliases; /* the array that the items' aliases point into */
};

void fc_smarty_persons_release(struct fc_smarty_persons *persons);

/* Read at most `most` persons. Errors: FC_REFUSED (it violates the protocol; the text says where), FC_NO_MEMORY. */
enum fc_status fc_smarty_read_persons(const cJSON *object, size_t most,
				      struct fc_smarty_persons *out, struct fc_error *err);

void fc_smarty_write_persons(struct fc_json_writer *json, const struct fc_smarty_person *persons,
			     size_t count);

/* The number in a tag: 12 for "person12" and "person_12". Returns false for any other tag. */
bool fc_smarty_tag_number(const char *tag, uint64_t *number);

#endif
