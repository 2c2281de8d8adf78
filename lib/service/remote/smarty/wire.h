/* The Smarty protocol's texts: the meta object that goes out, the envelope that comes back. Private to smarty*.c. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_SERVICE_SMARTY_WIRE_H
#define FC_SERVICE_SMARTY_WIRE_H

#include <cjson/cJSON.h>

#include "net/http.h"
#include "service/service.h"

/* What an image is called in a request: the name of its part, and of its object in the answer. */
enum { FC_SMARTY_NAME_SIZE = 65 };
struct fc_smarty_name {
	char text[FC_SMARTY_NAME_SIZE];
};

/*
 * Names for the images of one request: the wanted ones (NULL for none) when all of them are different and plain enough for a header
 * and for JSON, else file_0, file_1 and so on, as in the documents.
 */
void fc_smarty_choose_names(const char *const *wanted, size_t count, struct fc_smarty_name *out);

struct fc_smarty_meta {
	const char *space;
	bool recognizes; /* says create_new and update_embedding */
	bool create_new, update_embedding;
	bool has_searcher;
	unsigned searcher;
	bool has_images;
	const struct fc_smarty_name *names; /* of each image */
	const uint64_t *numbers;            /* person_id of each image; NULL for none */
	size_t count;
};

/* The JSON text of a meta object. */
void fc_smarty_write_meta(const struct fc_smarty_meta *meta, struct fc_buffer *out);

/* An answer taken apart. { 0 } is empty. */
struct fc_smarty_envelope {
	cJSON *json;
	cJSON *objects; /* within json; NULL when there are none */
	bool refused; /* the service itself refused the request for good: 4xx, but for 401, 403, 408 and 429 */
};

void fc_smarty_envelope_release(struct fc_smarty_envelope *envelope);

/*
 * Read an answer. A failure that the service tells of, by HTTP's status or the envelope's, is one here, in its words.
 * Errors: those of fc_http_failure; FC_REFUSED when it is not the protocol's envelope. out->refused is set in every case.
 */
FC_MUST_USE enum fc_status fc_smarty_read(const struct fc_http_response *response,
					  struct fc_smarty_envelope *out, struct fc_error *err);

/* For fc_http_request.judge: an envelope may say 500 under HTTP's 200. */
enum fc_http_verdict fc_smarty_judge(void *context, const struct fc_http_response *response);

enum fc_smarty_object_status {
	FC_SMARTY_DONE = 0,
	FC_SMARTY_PERMANENT = 1,
	FC_SMARTY_TEMPORARY = 2,
};

/*
 * The object that answers for `name`, taken out of the envelope: the caller's. NULL when there is none; *status is set
 * when there is one, and what is no status counts as a permanent error.
 */
cJSON *fc_smarty_take_object(struct fc_smarty_envelope *envelope, const char *name,
			     enum fc_smarty_object_status *status);

/* The object's words for its error; never NULL. */
const char *fc_smarty_object_error(const cJSON *object);

/* The faces of one photo, in the service's order. Strings are borrowed from the object. { 0 } is empty. */
struct fc_smarty_faces {
	struct fc_face *seen;
	struct fc_recognized_face *faces;
	struct fc_identity *aliases;
	struct fc_face_attributes *attributes;
	size_t count;
};

void fc_smarty_faces_release(struct fc_smarty_faces *faces);

/* Errors: FC_REFUSED (it does not keep to the protocol; the text says where), FC_NO_MEMORY. */
FC_MUST_USE enum fc_status fc_smarty_read_faces(const cJSON *object, struct fc_smarty_faces *out,
						struct fc_error *err);

/* "person12" and "person_12" are number 12; another tag is a name. */
struct fc_identity fc_smarty_identity(const char *tag);

#endif
