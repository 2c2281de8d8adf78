/* Secrets kept out of words: a list of texts that are blotted out wherever they turn up. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_NET_REDACT_H
#define FC_NET_REDACT_H

#include <stddef.h>

#include "base/error.h"

/* Shorter ones would blot out ordinary words; services give none that short. */
enum { FC_SECRET_MINIMUM = 8 };

/* { 0 } is empty. Holds its own copies, which are wiped on release. */
struct fc_redaction {
	char **secrets;
	size_t count;
};

void fc_redaction_release(struct fc_redaction *redaction);

/* Blot out this secret from now on, as it is and percent-encoded. A short one is passed over. Errors: FC_NO_MEMORY. */
FC_MUST_USE enum fc_status fc_redaction_add(struct fc_redaction *redaction, const char *secret,
					    struct fc_error *err);

/* Write * over every secret in text, in place. */
void fc_redact(const struct fc_redaction *redaction, char *text, size_t length);

/* Wipe and free a text. Accepts NULL. */
void fc_secret_free(char *secret);

#endif
