/* The address of a remote service as people write it. Private to services. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_SERVICE_REMOTE_URL_H
#define FC_SERVICE_REMOTE_URL_H

/*
 * The address without the slashes at its end and without the path that every request brings itself: people write it with and
 * without. tails: such paths, the longest first, NULL behind the last. free() it; NULL when out of memory.
 */
char *fc_remote_bare_url(const char *url, const char *const *tails);

#endif
