/* Texts of remote services in messages. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_SERVICE_REMOTE_WORDS_H
#define FC_SERVICE_REMOTE_WORDS_H

#include "net/http.h"

enum { FC_REMOTE_WORDS = 200 };

/* Copy the first line of a text. */
void fc_remote_copy_words(const char *text, char out[FC_REMOTE_WORDS]);

/*
 * Fail for an answer that is not the protocol's, such as a proxy's page: FC_REFUSED, or the status for the HTTP status. service:
 * "NeuroIO service", wanted: "an object in JSON".
 */
enum fc_status fc_remote_refuse_foreign(const struct fc_http_response *response,
					const char *service, const char *wanted,
					struct fc_error *err);

/* Append "; is the url that of a SERVICE?" to the failure, unless that is NULL. */
void fc_remote_doubt_url(struct fc_error *failure, const char *service);

/* Append "; WORDS" to the failure. */
void fc_remote_add_words(struct fc_error *failure, const char *words);

/* FC_UNSUPPORTED if the request wants a feature that services of this type lack. */
FC_MUST_USE enum fc_status fc_remote_refuse(const char *service, const char *type, bool wanted,
					    const char *feature, struct fc_error *err);

#endif
