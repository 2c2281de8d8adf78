/* Reads what a URL refers to, where the URL comes from a stranger. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_NET_FETCH_H
#define FC_NET_FETCH_H

#include "net/http.h"

/*
 * Read up to `limit` bytes from an http or https URL into *out, which must be empty. Redirects are not followed, and nothing is retried. Unless
 * private_addresses, connections are made only to public addresses: not to this machine, its networks or multicast groups, whatever the
 * host's name. http provides certificates, timeouts and stop.
 * Errors: FC_INVALID_ARGUMENT (not such a URL), FC_TOO_LARGE, FC_REFUSED (also: HTTP status, redirect), FC_BUSY (not reachable, too slow),
 * FC_PERMISSION (a private address, an untrusted certificate), FC_NO_MEMORY, FC_INTERNAL.
 */
enum fc_status fc_fetch(const char *url, bool private_addresses, uint64_t limit,
			const struct fc_http_options *http, struct fc_buffer *out,
			struct fc_error *err);

#endif
