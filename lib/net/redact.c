/* Removes secrets from texts. */
/* SPDX-License-Identifier: MIT */
#include "net/redact.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

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
	return strlen(secret) < FC_SECRET_MINIMUM ? FC_OK : add(redaction, strdup(secret), err);
}

static int hex_value(char digit)
{
	return isdigit((unsigned char)digit)    ? digit - '0'
	       : isxdigit((unsigned char)digit) ? tolower((unsigned char)digit) - 'a' + 10
						: -1;
}

/* Whether text has `count` hexadecimal digits with this value. */
static bool is_hex(const char *text, size_t length, size_t count, unsigned char wanted)
{
	unsigned value = 0;
	for (size_t i = 0; i < count; i++) {
		int digit = i < length ? hex_value(text[i]) : -1;
		if (digit < 0) {
			return false;
		}
		value = value * 16 + (unsigned)digit;
	}
	return value == wanted;
}

/* Length of an encoded character at the start of text: %2B, %252B, \/, \\u002b, in letters of either case. 0 if there is none. */
static size_t encoded_length(const char *text, size_t length, char wanted)
{
	size_t i = 0;
	if (length > 0 && text[0] == '%') {
		/* encoded several times */
		for (i = 1; length - i >= 2 && memcmp(text + i, "25", 2) == 0 && wanted != '%';) {
			i += 2;
		}
		return is_hex(text + i, length - i, 2, (unsigned char)wanted) ? i + 2 : 0;
	}
	while (i < length && text[i] == '\\') {
		i++;
	}
	if (i == 0 || i == length) {
		return 0;
	}
	if (text[i] == wanted) {
		return i + 1;
	}
	return text[i] == 'u' && is_hex(text + i + 1, length - i - 1, 4, (unsigned char)wanted)
		       ? i + 5
		       : 0;
}

/* Length of the secret at the start of text, each of its characters plain or encoded. 0 if it is not there. */
static size_t secret_length(const char *text, size_t length, const char *secret, bool prefer_plain)
{
	size_t at = 0;
	for (; *secret != '\0'; secret++) {
		bool is_plain = at < length && text[at] == *secret;
		size_t encoded = is_plain && prefer_plain
					 ? 0
					 : encoded_length(text + at, length - at, *secret);
		if (encoded == 0 && !is_plain) {
			return 0;
		}
		at += encoded > 0 ? encoded : 1;
	}
	return at;
}

void fc_redact(const struct fc_redaction *redaction, char *text, size_t length)
{
	for (size_t i = 0; i < redaction->count; i++) {
		const char *secret = redaction->secrets[i];
		for (size_t at = 0; at < length;) {
			/* a secret that contains % or \ can be read in two ways */
			size_t found = secret_length(text + at, length - at, secret, true);
			found = found > 0 ? found
					  : secret_length(text + at, length - at, secret, false);
			if (found > 0) {
				memset(text + at, '*', found);
			}
			at += found > 0 ? found : 1;
		}
	}
}
