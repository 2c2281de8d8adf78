/* Removes secrets from texts: asterisks are written over every occurrence. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_NET_REDACT_H
#define FC_NET_REDACT_H

#include <stddef.h>

#include "base/error.h"

/* Shorter texts would match ordinary words; no service issues such short tokens. */
enum { FC_SECRET_MINIMUM = 8 };

/* { 0 } is empty. Owns copies of the secrets, which are wiped on release. */
struct fc_redaction {
	char **secrets;
	size_t count, capacity;
};

void fc_redaction_release(struct fc_redaction *redaction);

/* Add a secret. One shorter than FC_SECRET_MINIMUM is ignored. Errors: FC_NO_MEMORY. */
enum fc_status fc_redaction_add(struct fc_redaction *redaction, const char *secret,
				struct fc_error *err);

/*
 * Write asterisks over every secret in text, in place. A secret is also found if its characters, or some of them, are percent-encoded or
 * escaped as in JSON, even several times: whoever decodes the text later decodes asterisks.
 */
void fc_redact(const struct fc_redaction *redaction, char *text, size_t length);

/* Wipe and free a text. Accepts NULL. */
void fc_secret_free(char *secret);

#endif
