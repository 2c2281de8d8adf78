/* The local engine: workers that see, and a gallery that remembers. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_SERVICE_LOCAL_H
#define FC_SERVICE_LOCAL_H

#include <signal.h>

#include "gallery/gallery.h"
#include "service/service.h"
#include "vision/worker/workers.h"

struct fc_local_options {
	const char *gallery_directory;
	unsigned lock_timeout; /* milliseconds */
	struct fc_model_path model_path;
	const char *detector;         /* name of a descriptor */
	const char *embedder;         /* name, or NULL: the gallery's own, else the default */
	const char *default_embedder; /* of a gallery without faces; NULL: the one in the box */
	/* Name of a model, or NULL when nobody asks whether a face is alive. */
	const char *liveness;
	const char *attributes; /* name of a model, or NULL when faces are to have no attributes */
	bool vision;            /* the command looks at photos */
	/* Becomes non-zero when a signal asked to end: photos in flight are finished, no more are taken. May be NULL. */
	const volatile sig_atomic_t *stop;
	/* Program, module, limits, count and timeout; the models are filled in here. */
	struct fc_workers_options workers;
};

/*
 * Load the models' descriptors (if vision is wanted). Workers start with the first photo that must be looked at, and the gallery is
 * opened when a verb first needs it.
 * Strings are borrowed until fc_service_close.
 */
FC_MUST_USE enum fc_status fc_local_open(const struct fc_local_options *options,
					 struct fc_service **out, struct fc_error *err);

/* What the embedder of that name, which must be along the model path, would pin a gallery to. Errors: FC_MODEL_MISSING and the like. */
FC_MUST_USE enum fc_status fc_local_describe_embedder(const struct fc_local_options *options,
						      const char *name, struct fc_embedder_pin *out,
						      struct fc_error *err);

#endif
