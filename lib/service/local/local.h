/* The local engine: worker processes that analyse photos, and a gallery. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_SERVICE_LOCAL_LOCAL_H
#define FC_SERVICE_LOCAL_LOCAL_H

#include <signal.h>

#include "gallery/gallery.h"
#include "protocol/azure/quotas.h"
#include "service/cutout.h"
#include "service/service.h"
#include "vision/worker/workers.h"

/* Reads the bytes of an http or https URL into *out. FC_TOO_LARGE if there are more than `limit`. */
typedef enum fc_status fc_local_fetch(void *context, const char *url, uint64_t limit,
				      struct fc_buffer *out, struct fc_error *err);

struct fc_local_options {
	const char *gallery_directory; /* or address, see struct fc_gallery_options */
	const struct fc_gallery_server *gallery_server;
	/*
	 * recognize and profiles search treat an unknown origin as one without persons, instead of FC_NOT_FOUND; they and truncate treat
	 * a missing gallery as empty, instead of FC_GALLERY_MISSING.
	 */
	bool unknown_origin_is_empty, missing_gallery_is_empty;
	unsigned lock_timeout; /* milliseconds */
	struct fc_model_path model_path;
	const char *detector; /* name of a descriptor */
	const char *embedder; /* name; NULL: the embedder of the gallery, else the default */
	/* for a gallery without faces; NULL: the one that facectl includes */
	const char *default_embedder;
	const char *liveness;   /* name of a model; NULL: liveness is not checked */
	const char *attributes; /* name of a model; NULL: faces get no attributes */
	/* sets of attributes (vision/face.h): those that faces get, and those that the model must estimate */
	unsigned attributes_wanted, attributes_required;
	bool vision; /* the command analyses photos */
	bool no_templates; /* and needs no templates: the embedder is loaded only if `embedder` names it */
	bool one_request; /* of the Azure Face API: the workers end when its image was analysed */
	bool ignores_gallery; /* the embedder is not that of the gallery, which is not read */
	struct fc_letterer_options letterer; /* draws names on pictures */
	/* Called once, when it fails to draw a name; may be NULL. Its context is that of `workers`. */
	void (*report_letterer)(void *context, const char *reason);
	/* Non-zero after a signal: photos in flight are finished, and no more are started. May be NULL. */
	const volatile sig_atomic_t *stop;
	struct fc_azure_quotas quotas; /* of the Azure Face API */
	fc_local_fetch *fetch;         /* NULL: images cannot be given as URLs */
	void *fetch_context;
	/* Program, module, limits, count and timeout; the models are filled in here. */
	struct fc_workers_options workers;
};

/*
 * Open the local engine. With options->vision, the descriptors of the models are loaded. The workers start when the first photo must be
 * analysed, and the gallery is opened when a verb first needs it.
 * Strings are borrowed until fc_service_close.
 */
enum fc_status fc_local_open(const struct fc_local_options *options, struct fc_service **out,
			     struct fc_error *err);

/* The pin of the embedder with this name. Errors: those of fc_model_load, such as FC_MODEL_MISSING. */
enum fc_status fc_local_describe_embedder(const struct fc_local_options *options, const char *name,
					  struct fc_embedder_pin *out, struct fc_error *err);

/* The function of struct fc_cutter. The engine must have been opened with options->vision; it needs neither an embedder nor a gallery. */
enum fc_status fc_local_cut(struct fc_service *local, int fd, const char *path,
			    const struct fc_face_choice *choice, struct fc_cutout *out,
			    enum fc_status *photo_status, struct fc_error *photo_err,
			    struct fc_error *err);

#endif
