/* What remote services say, as words for a message. Private to services. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_SERVICE_REMOTE_WORDS_H
#define FC_SERVICE_REMOTE_WORDS_H

#include "net/http.h"

enum { FC_REMOTE_WORDS = 200 };

/* One line of a text, not too long. */
void fc_remote_copy_words(const char *text, char out[FC_REMOTE_WORDS]);

/*
 * FC_REFUSED, or what the HTTP status says: an answer that is not the protocol's, such as a proxy's page. protocol: "NeuroIO",
 * wanted: "an object in JSON".
 */
enum fc_status fc_remote_refuse_foreign(const struct fc_http_response *response,
					const char *protocol, const char *wanted,
					struct fc_error *err);

/* Put the question behind the failure; NULL is none. */
void fc_remote_doubt_url(struct fc_error *failure, const char *protocol);

/* A request whose outcome nobody knows, and that was therefore not repeated: put "; WORDS" behind the failure. */
void fc_remote_add_words(struct fc_error *failure, const char *words);

#endif
