/* Normalise the configured URL of a remote service. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_SERVICE_REMOTE_URL_H
#define FC_SERVICE_REMOTE_URL_H

/*
 * A copy of url without trailing slashes, and without a path at its end that the requests add themselves. tails: such paths, the
 * longest first; ends with NULL. To be freed; NULL when out of memory.
 */
char *fc_remote_bare_url(const char *url, const char *const *tails);

#endif
