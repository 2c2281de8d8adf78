/* The address of a remote service as a configuration gives it. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_SERVICE_REMOTE_URL_H
#define FC_SERVICE_REMOTE_URL_H

/*
 * The address without trailing slashes and without a path that the requests add themselves. tails: such paths, the longest first,
 * NULL after the last. free() it; NULL when out of memory.
 */
char *fc_remote_bare_url(const char *url, const char *const *tails);

#endif
