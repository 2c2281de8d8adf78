/* What the files of the API of NeuroIO and SERP share. Private to lib/service/api. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_SERVICE_API_PLATFORM_H
#define FC_SERVICE_API_PLATFORM_H

#include <string.h>

#include "base/json_writer.h"
#include "protocol/multipart.h"
#include "protocol/platform.h"
#include "service/api/api.h"
#include "service/api/target.h"
#include "service/origins.h"
#include "service/profiles.h"

/* One request. */
struct fc_platform_server {
	struct fc_service *service;
	const struct fc_api_request *request;
	struct fc_api_response *response;
	const struct fc_platform_dialect *dialect;
	struct fc_api_target target;
	struct fc_form form; /* of requests with a photo */
	struct fc_json_writer json;
};

/* ---- answers: all return FC_OK, so that a handler ends with `return fc_platform_reject(...)` ---- */

/* An error about the request as a whole. The message begins with a capital and ends with a full stop. */
enum fc_status fc_platform_reject(struct fc_platform_server *server, int status,
				  const char *message);

/* An invalid parameter, form field or photo. */
enum fc_status fc_platform_reject_field(struct fc_platform_server *server, const char *field,
					const char *message);

/* 404, "Not found." */
enum fc_status fc_platform_not_found(struct fc_platform_server *server);

/* A failure of a verb. Failures that the API does not answer are returned. */
enum fc_status fc_platform_answer_failure(struct fc_platform_server *server, enum fc_status status,
					  const struct fc_error *err);

/* A success without a body, such as 204. */
enum fc_status fc_platform_done(struct fc_platform_server *server, int status);

/* ---- the token ---- */

/* The space of new persons and origins if the token has none. */
#define FC_PLATFORM_DEFAULT_SPACE "default"

/* Whether the token may see a space. A token without a space sees all. */
bool fc_platform_sees_space(const struct fc_platform_server *server, const char *space);

/* Find an origin that the token may see, by the dialect's field of a form: name or number. *found is false if there is none. */
enum fc_status fc_platform_find_visible_origin(struct fc_platform_server *server, const char *text,
					       bool *found, struct fc_origin_row *out,
					       struct fc_error *err);

/* ---- results of photos ---- */

struct fc_platform_result {
	struct fc_platform_server *server;
	bool asm_asked;
	bool is_reinit;
	/* of the photo; set by fc_platform_take_outcome */
	enum fc_status status;
	struct fc_error error;
};

/* A function for struct fc_profile_sink: write the outcome of a photo. context: struct fc_platform_result. */
enum fc_status fc_platform_take_outcome(void *context, const struct fc_profile_outcome *outcome,
					struct fc_error *err);

/* Complete the answer of a request whose verb returned status. */
enum fc_status fc_platform_finish(struct fc_platform_result *result, enum fc_status status,
				  int success, const struct fc_error *err);

/* Create or reinit a profile with the photo of an entry, if it is still where it was. */
enum fc_status fc_platform_create_from_entry(struct fc_platform_server *server,
					     struct fc_error *err);
enum fc_status fc_platform_reinit_from_entry(struct fc_platform_server *server,
					     struct fc_error *err);

/* ---- handlers; segments are those after "v1" ---- */

typedef enum fc_status fc_platform_handler(struct fc_platform_server *server,
					   const char *const *segments, size_t count,
					   struct fc_error *err);

fc_platform_handler fc_platform_serve_persons;
fc_platform_handler fc_platform_serve_entries;
fc_platform_handler fc_platform_serve_origins;

static inline bool fc_platform_is_method(const struct fc_platform_server *server,
					 const char *method)
{
	return strcmp(server->request->method, method) == 0;
}

#endif
