/* The options of workers, and the protections of their sandbox. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_VISION_WORKER_WORKER_H
#define FC_VISION_WORKER_WORKER_H

#include <stdbool.h>

#include "vision/face.h"
#include "vision/models/model.h"

/* What a worker does when the kernel does not grant its whole sandbox (fc_protections_complete). */
enum fc_sandbox_rule {
	FC_SANDBOX_STRICT = 0,  /* do not read photos: fail with FC_UNSUPPORTED */
	FC_SANDBOX_BEST_EFFORT, /* read photos with the protections that are available */
};

struct fc_workers_options {
	const char *program;             /* path of facectl-worker */
	const char *codecs_module;       /* path of facectl-imgcodecs.so, for WebP, BMP and TIFF */
	const struct fc_model *detector; /* borrowed until fc_workers_stop */
	const struct fc_model *embedder; /* NULL when no templates are needed */
	const struct fc_model *liveness; /* NULL when liveness is not needed */
	const struct fc_model *attributes; /* NULL when they are not needed */
	struct fc_image_limits limits;
	unsigned count; /* at least 1 */
	unsigned
		photo_timeout; /* time limit for one photo in milliseconds; then its worker is killed */
	enum fc_sandbox_rule sandbox;
	/* Called once, when the first worker starts to read photos in an incomplete sandbox; may be NULL. */
	void (*report_incomplete_sandbox)(void *context, const char *missing);
	void *context; /* of that call */
};

/* The program that draws names (letterer.h). Everything is borrowed. */
struct fc_letterer_options {
	const char *program; /* path of facectl-lettering */
	/* its "NAME=value" strings, NULL-terminated, by which fontconfig finds fonts and chooses those of the user's language */
	const char *const *environment;
	unsigned timeout; /* milliseconds for one text */
	enum fc_sandbox_rule sandbox;
};

/* Which protections a worker has on this machine. */
struct fc_protections {
	bool no_new_privileges, seccomp, landlock, memory_limit, no_core_dumps, own_environment;
	int landlock_abi; /* 0 when the kernel has none */
	char text[256];   /* what is missing and why; empty when nothing is */
};

/* Whether seccomp and Landlock are active. These two confine a decoder under attack; the others are defence in depth. */
static inline bool fc_protections_complete(const struct fc_protections *protections)
{
	return protections->seccomp && protections->landlock;
}

#endif
