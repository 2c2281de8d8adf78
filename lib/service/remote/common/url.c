/* Normalise the configured URL of a remote service. */
/* SPDX-License-Identifier: MIT */
#include "service/remote/common/url.h"

#include <string.h>

char *fc_remote_bare_url(const char *url, const char *const *tails)
{
	size_t length = strlen(url);
	while (length > 0 && url[length - 1] == '/') {
		length--;
	}
	for (; *tails; tails++) {
		size_t tail = strlen(*tails);
		if (length > tail && memcmp(url + length - tail, *tails, tail) == 0) {
			length -= tail;
			break;
		}
	}
	while (length > 0 && url[length - 1] == '/') {
		length--;
	}
	return strndup(url, length);
}
