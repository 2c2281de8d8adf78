/*
 * The JSON of the Smarty documents: the meta object of a request, the envelope of an answer, and the persons in it. Values that
 * are read are hostile until checked.
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

/* ---- errors ---- */

/* The documents' text for a condition; NULL where they have none. The code decides before the status. */
const char *fc_smarty_words(enum fc_status status, enum fc_code code);

/* "wrong space param : strconv.Atoi: parsing \"SPACE\": invalid syntax" */
void fc_smarty_wrong_space(const char *space, struct fc_buffer *out);

/* "could not get image by name NAME: http: no such file" */
void fc_smarty_missing_image(const char *name, struct fc_buffer *out);

/* The status of an envelope with an error: 400 for an error of the caller, 403 for missing rights, else 500. */
int fc_smarty_error_status(enum fc_status status);

/* ---- requests: meta ---- */

/* The name of an image in a request: of its part, and of its object in the answer. */
enum { FC_SMARTY_NAME_SIZE = 65 };
struct fc_smarty_name {
	char text[FC_SMARTY_NAME_SIZE];
};

/*
 * Names for the images of one request: the wanted ones (NULL for none) if all of them are different and need no escapes in a
 * header or in JSON, else file_0, file_1 and so on, as in the documents.
 */
void fc_smarty_choose_names(const char *const *wanted, size_t count, struct fc_smarty_name *out);

struct fc_smarty_meta {
	const char *space; /* one digit */
	bool recognizes;   /* with create_new and update_embedding */
	bool create_new, update_embedding;
	bool has_searcher;
	unsigned searcher;
	bool has_images;
	const struct fc_smarty_name *names; /* of each image */
	const uint64_t *numbers;            /* person_id of each image; NULL for none */
	size_t count;
};

void fc_smarty_write_meta(const struct fc_smarty_meta *meta, struct fc_buffer *out);

/* ---- answers: the envelope ---- */

/* { 0 } is empty. */
struct fc_smarty_envelope {
	cJSON *json;
	int status; /* 1 to 999 */
	const char *
		message; /* of an error: the body, if it is a string; else NULL. Borrowed from json */
	cJSON *body;     /* of a success: an object within json; else NULL */
	cJSON *objects; /* within the body; NULL when it has none */
};

void fc_smarty_envelope_release(struct fc_smarty_envelope *envelope);

/* Errors: FC_REFUSED (not an envelope), FC_NO_MEMORY. */
FC_MUST_USE enum fc_status fc_smarty_read_envelope(const void *data, size_t length,
						   struct fc_smarty_envelope *out,
						   struct fc_error *err);

/* {"status":S,"body":"MESSAGE","htmlencoded":false,"last_modified":0} and a newline */
void fc_smarty_write_error(struct fc_buffer *out, int status, const char *message);

/* The same envelope with status 200 and a body object, whose members are written in between. */
void fc_smarty_begin_body(struct fc_json_writer *json);
void fc_smarty_end_body(struct fc_json_writer *json);

/* ---- answers: one object for each image ---- */

enum fc_smarty_object_status {
	FC_SMARTY_DONE = 0,
	FC_SMARTY_PERMANENT = 1,
	FC_SMARTY_TEMPORARY = 2,
};

/*
 * The object for image `name`, taken out of the envelope: the caller's. NULL when there is none. An invalid *status is
 * read as a permanent error.
 */
cJSON *fc_smarty_take_object(struct fc_smarty_envelope *envelope, const char *name,
			     enum fc_smarty_object_status *status);

/* The object's error message; never NULL. */
const char *fc_smarty_object_error(const cJSON *object);

enum fc_smarty_object_status fc_smarty_object_status(enum fc_status status);

/* {"status":S,"error":"MESSAGE","name":"NAME", left open for more members; no error when message is NULL. */
void fc_smarty_begin_object(struct fc_json_writer *json, enum fc_smarty_object_status status,
			    const char *message, const char *name);

/* ---- answers: persons ---- */

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
};

/* { 0 } is empty. Strings are borrowed from the object. */
struct fc_smarty_persons {
	struct fc_smarty_person *items;
	size_t count;
	const char **aliases; /* that the items point to */
};

void fc_smarty_persons_release(struct fc_smarty_persons *persons);

/* At most `most` persons. Errors: FC_REFUSED (it violates the protocol; the text says where), FC_NO_MEMORY. */
FC_MUST_USE enum fc_status fc_smarty_read_persons(const cJSON *object, size_t most,
						  struct fc_smarty_persons *out,
						  struct fc_error *err);

void fc_smarty_write_persons(struct fc_json_writer *json, const struct fc_smarty_person *persons,
			     size_t count);

/* "person12" and "person_12" are number 12. False for any other tag. */
bool fc_smarty_tag_number(const char *tag, uint64_t *number);

#endif
