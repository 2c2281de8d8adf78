/* The envelope of the Smarty documents, field for field. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_CMD_SMARTY_JSON_H
#define FC_CMD_SMARTY_JSON_H

#include "base/buffer.h"
#include "base/error.h"
#include "base/json_writer.h"
#include "service/service.h"

/* The documents' words, which stand for the same conditions in every format. */
#define SMARTY_ONE_FACE "face set required only one face per image"
#define SMARTY_EMPTY_IMAGE "empty image"
#define SMARTY_NO_PERSON_ID "no person_id has been provided"

/* Statuses of one object, as the documents number them. */
enum smarty_object_status { SMARTY_DONE = 0, SMARTY_PERMANENT = 1, SMARTY_TEMPORARY = 2 };

/* The number of an envelope that carries an error: 400 for the caller's fault, 403 for missing rights, else 500. */
int smarty_error_status(enum fc_status status);

/* The words of the document for a space that is no space: "wrong space param : strconv.Atoi: parsing ...". */
void smarty_wrong_space(const char *space, struct fc_buffer *out);

/* {"status":400,"body":"WORDS","htmlencoded":false,"last_modified":0} */
void smarty_append_error(struct fc_buffer *out, enum fc_status status, const char *words);

/* An envelope whose body is an object, between begin and end; the objects go into it one by one. */
struct smarty_envelope {
	struct fc_json_writer json;
};

struct smarty_envelope smarty_begin(struct fc_buffer *out);
void smarty_end(struct smarty_envelope *envelope);

/* "objects":[ ... ] inside the body. */
void smarty_begin_objects(struct smarty_envelope *envelope);
void smarty_end_objects(struct smarty_envelope *envelope);

/* {"status":S,"error":"WORDS","name":"NAME"}; no error when words is NULL. */
void smarty_append_object(struct smarty_envelope *envelope, enum fc_status status,
			  const char *words, const char *name);

/* The object of a recognised photo, with its persons unless there is no face. */
void smarty_append_recognized(struct smarty_envelope *envelope,
			      const struct fc_photo_outcome *outcome);

/* The words for a photo that failed: the remote service's own, else the document's where it has some, else facectl's own. */
const char *smarty_words(const struct fc_photo_outcome *outcome);

#endif
