/* Find the files that belong to this executable: helper programs, modules, models, manual pages. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_CMD_LOCATE_H
#define FC_CMD_LOCATE_H

#include "base/error.h"

struct locations {
	char *worker;          /* facectl-worker */
	char *codecs_module;   /* facectl-imgcodecs.so */
	char *remote_module;   /* facectl-remote.so */
	char *lettering;       /* facectl-lettering */
	char *jpeg_module;     /* facectl-jpeg.so */
	char *postgres_module; /* facectl-postgres.so */
	char *models;          /* the folder of the installed models */
	char *manuals;         /* the folder of facectl.1 */
};

/*
 * Paths are relative to the executable: in the same folder in a build folder, in ../libexec/facectl and ../share if installed.
 * Otherwise they are the directories configured at build time. The files need not exist. Errors: FC_NO_MEMORY.
 */
enum fc_status locations_find(struct locations *out, struct fc_error *err);
void locations_release(struct locations *locations);

/* As locations_find, for an executable in this folder. For tests. */
enum fc_status locations_from(const char *folder, struct locations *out, struct fc_error *err);

#endif
