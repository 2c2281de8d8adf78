/* Find the files that belong to this executable. */
/* SPDX-License-Identifier: MIT */
#include "locate.h"

#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"

/* The first of the candidates below folder that exists, else the compiled-in path. NULL when out of memory. */
static char *choose(const char *folder, const char *const *candidates, const char *otherwise)
{
	for (; *candidates; candidates++) {
		char *path = fc_path_join(folder, *candidates);
		if (!path || fc_path_exists(path)) {
			return path;
		}
		free(path);
	}
	return strdup(otherwise);
}

/* A program or module that only facectl uses. NULL when out of memory. */
static char *choose_helper(const char *folder, const char *name)
{
	FC_CLEANUP(fc_free) char *installed = fc_path_join("../libexec/facectl", name);
	FC_CLEANUP(fc_free) char *configured = fc_path_join(FC_LIBEXEC_BELOW, name);
	FC_CLEANUP(fc_free) char *otherwise = fc_path_join(FC_LIBEXEC_DIR, name);
	const char *const candidates[] = { name, installed, configured, NULL };
	return installed && configured && otherwise ? choose(folder, candidates, otherwise) : NULL;
}

enum fc_status locations_from(const char *folder, struct locations *out, struct fc_error *err)
{
	/* the last one is for a build folder inside the source tree */
	static const char *const models[] = { "share/models", "../share/facectl/models",
					      "../share/models", NULL };
	static const char *const manuals[] = { "man/facectl.1", "../share/man/man1/facectl.1",
					       "../share/man/man1/facectl.1.gz", NULL };
	struct locations found = {
		.worker = choose_helper(folder, "facectl-worker"),
		.codecs_module = choose_helper(folder, "facectl-imgcodecs.so"),
		.remote_module = choose_helper(folder, "facectl-remote.so"),
		.lettering = choose_helper(folder, "facectl-lettering"),
		.jpeg_module = choose_helper(folder, "facectl-jpeg.so"),
		.postgres_module = choose_helper(folder, "facectl-postgres.so"),
		.models = choose(folder, models, FC_DATA_DIR "/models"),
		.manuals = choose(folder, manuals, FC_MAN_DIR "/man1/facectl.1"),
	};
	if (!found.worker || !found.codecs_module || !found.remote_module || !found.lettering ||
	    !found.jpeg_module || !found.postgres_module || !found.models || !found.manuals) {
		locations_release(&found);
		return fc_fail_memory(err);
	}
	*strrchr(found.manuals, '/') = '\0';
	*out = found;
	return FC_OK;
}

enum fc_status locations_find(struct locations *out, struct fc_error *err)
{
	char path[PATH_MAX] = "";
	ssize_t length = readlink("/proc/self/exe", path, sizeof(path) - 1);
	char *slash = length > 0 ? strrchr(path, '/') : NULL;
	if (!slash) {
		return locations_from(FC_BINARY_DIR, out, err);
	}
	*slash = '\0';
	return locations_from(path[0] != '\0' ? path : "/", out, err);
}

void locations_release(struct locations *locations)
{
	free(locations->worker);
	free(locations->codecs_module);
	free(locations->remote_module);
	free(locations->lettering);
	free(locations->jpeg_module);
	free(locations->postgres_module);
	free(locations->models);
	free(locations->manuals);
	*locations = (struct locations){ 0 };
}
