/* What workers are started with, and what one reports about its protection. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_VISION_WORKER_H
#define FC_VISION_WORKER_H

#include <stdbool.h>

#include "vision/face.h"
#include "vision/models/model.h"

struct fc_workers_options {
	const char *program;             /* path of facectl-worker */
	const char *codecs_module;       /* path of facectl-imgcodecs.so, for WebP, BMP and TIFF */
	const struct fc_model *detector; /* borrowed until fc_workers_stop */
	const struct fc_model *embedder; /* NULL when no template will be asked for */
	const struct fc_model *liveness; /* NULL when nobody asks whether a face is alive */
	const struct fc_model *attributes; /* NULL when nobody asks for them */
	struct fc_image_limits limits;
	unsigned count;         /* at least 1 */
	unsigned photo_timeout; /* milliseconds for one photo before its worker is killed */
};

/* Which protections a worker has on this machine, for `facectl doctor`. */
struct fc_protections {
	bool no_new_privileges, seccomp, landlock, memory_limit, no_core_dumps, own_environment;
	int landlock_abi; /* 0 when the kernel has none */
	char text[256];   /* what is missing and why; empty when nothing is */
};

#endif
