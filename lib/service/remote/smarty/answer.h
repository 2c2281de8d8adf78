/* Convert responses of a Smarty service to values of the service layer. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_SERVICE_REMOTE_SMARTY_ANSWER_H
#define FC_SERVICE_REMOTE_SMARTY_ANSWER_H

#include "net/http.h"
#include "protocol/smarty.h"
#include "service/service.h"

/*
 * Read a response. If the HTTP status or the envelope's status is an error, this fails with the service's message; *out is
 * filled in this case too. Errors: those of fc_http_failure, FC_REFUSED (the body is not an envelope of the protocol; *out is
 * unchanged).
 */
enum fc_status fc_smarty_read(const struct fc_http_response *response,
			      struct fc_smarty_envelope *out, struct fc_error *err);

/* Whether the service itself refused the request permanently, given the result of fc_smarty_read and the envelope. */
bool fc_smarty_is_refusal(enum fc_status status, const struct fc_smarty_envelope *envelope);

/* For fc_http_request.judge: the envelope may have status 500 although the HTTP status is 200. */
enum fc_http_verdict fc_smarty_judge(void *context, const struct fc_http_response *response);

/* The faces of one photo, in the service's order. Strings are borrowed from the object. { 0 } is empty. */
struct fc_smarty_faces {
	struct fc_face *seen;
	struct fc_recognized_face *faces;
	struct fc_identity *aliases;
	struct fc_face_attributes *attributes;
	size_t count;
};

void fc_smarty_faces_release(struct fc_smarty_faces *faces);

/* Errors: those of fc_smarty_read_persons. */
enum fc_status fc_smarty_read_faces(const cJSON *object, struct fc_smarty_faces *out,
				    struct fc_error *err);

/* The person of a tag: "person12" and "person_12" are number 12; any other tag is a name. */
struct fc_identity fc_smarty_identity(const char *tag);

#endif
