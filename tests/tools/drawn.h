/* Photos that were drawn before: the folder DRAW_FACES_CACHE, if it is set. */
/* SPDX-License-Identifier: MIT */
#ifndef TESTS_TOOLS_DRAWN_H
#define TESTS_TOOLS_DRAWN_H

#include <stdbool.h>
#include <stddef.h>

/* The file with what this program draws for a request, in the format of the name `out`; empty without a cache. */
struct drawn {
	char path[4096];
};

struct drawn drawn_find(const void *request, size_t size, const char *out);

/* Copy the cached photo to `out`: false if there is none or if it cannot be written. */
bool drawn_fetch(const struct drawn *drawn, const char *out);

/* Keep the photo at `out` in the cache. A failure has no effect. */
void drawn_keep(const struct drawn *drawn, const char *out);

#endif
