/* Removes secrets from texts. */
/* SPDX-License-Identifier: MIT */
#include "net/redact.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "net/url.h"

void fc_secret_free(char *secret)
{
	if (secret) {
		explicit_bzero(secret, strlen(secret));
		free(secret);
	}
}

void fc_redaction_release(struct fc_redaction *redaction)
{
	for (size_t i = 0; i < redaction->count; i++) {
		fc_secret_free(redaction->secrets[i]);
	}
	free(redaction->secrets);
	*redaction = (struct fc_redaction){ 0 };
}

/* Add a secret; takes ownership of the text. */
static enum fc_status add(struct fc_redaction *redaction, char *secret, struct fc_error *err)
{
	enum fc_status status =
		secret ? fc_array_grow(&redaction->secrets, sizeof(*redaction->secrets),
				       redaction->count, &redaction->capacity, err)
		       : fc_fail_memory(err);
	if (status != FC_OK) {
		fc_secret_free(secret);
		return status;
	}
	redaction->secrets[redaction->count++] = secret;
	return FC_OK;
}

enum fc_status fc_redaction_add(struct fc_redaction *redaction, const char *secret,
				struct fc_error *err)
{
	if (strlen(secret) < FC_SECRET_MINIMUM) {
		return FC_OK;
	}
	FC_TRY(add(redaction, strdup(secret), err));
	char *encoded = fc_url_encode(secret);
	if (encoded && strcmp(encoded, secret) == 0) {
		fc_secret_free(encoded);
		return FC_OK;
	}
	return add(redaction, encoded, err);
}

void fc_redact(const struct fc_redaction *redaction, char *text, size_t length)
{
	for (size_t i = 0; i < redaction->count; i++) {
		size_t size = strlen(redaction->secrets[i]);
		char *cursor = text;
		char *end = text + length;
		while ((size_t)(end - cursor) >= size &&
		       (cursor = memmem(cursor, (size_t)(end - cursor), redaction->secrets[i],
					size))) {
			memset(cursor, '*', size);
			cursor += size;
		}
	}
}
