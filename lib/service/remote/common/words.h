/* Build error messages about remote services. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_SERVICE_REMOTE_COMMON_WORDS_H
#define FC_SERVICE_REMOTE_COMMON_WORDS_H

#include "base/json.h"
#include "net/http.h"
#include "service/sync.h"

enum { FC_REMOTE_WORDS = 200 };

/* Copy the first line of a text. */
void fc_remote_copy_words(const char *text, char out[FC_REMOTE_WORDS]);

/*
 * The first words of a response's body, such as the page of a proxy: without HTML tags, white space joined to single spaces. "" if the body is
 * empty or not text. Secrets are already redacted in a response.
 */
void fc_remote_first_words(const struct fc_buffer *body, char out[FC_REMOTE_WORDS]);

/* fc_http_failure with the message of the service or, if that is empty, the first words of the body. */
enum fc_status fc_remote_http_failure(const struct fc_http_response *response, const char *message,
				      struct fc_error *err);

/*
 * Fail because of a response that does not follow the protocol, such as the page of a proxy. Returns FC_REFUSED, or the status
 * that corresponds to the HTTP status. service: for example "NeuroIO service"; wanted: "a JSON object".
 */
enum fc_status fc_remote_refuse_foreign(const struct fc_http_response *response,
					const char *service, const char *wanted,
					struct fc_error *err);

/* Whether the body of a response with a successful status reports an error: it has a member that only errors have. */
bool fc_remote_is_error(const cJSON *body);

/* Append "; is the url that of a SERVICE?" to the failure. Does nothing if failure is NULL. */
void fc_remote_doubt_url(struct fc_error *failure, const char *service);

/* Append "; WORDS" to the failure. */
void fc_remote_add_words(struct fc_error *failure, const char *words);

/* Returns FC_UNSUPPORTED if wanted is true: services of this type do not support the feature. */
enum fc_status fc_remote_refuse(const char *service, const char *type, bool wanted,
				const char *feature, struct fc_error *err);

/* The verb "set --sync" of a service that is used without the ledger, which the verb needs. Returns FC_GALLERY_MISSING. */
FC_VERB_FUNCTION(fc_photo_verbs, sync) fc_remote_sync_alone;

#endif
