/* Types and functions that the files of the Smarty client share. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_SERVICE_REMOTE_SMARTY_ENGINE_H
#define FC_SERVICE_REMOTE_SMARTY_ENGINE_H

#include <string.h>

#include "service/api.h"
#include "service/remote/common/client.h"
#include "service/remote/common/photo.h"
#include "service/remote/common/words.h"
#include "service/remote/smarty/answer.h"
#include "service/remote/smarty/smarty.h"

struct fc_smarty {
	struct fc_service service; /* first, so that a service is its engine */
	struct fc_smarty_options options;
	struct fc_remote_client client;
	struct fc_http_field query[2]; /* token and provider, sent with every request */
};

static inline struct fc_smarty *fc_smarty_of(struct fc_service *service)
{
	return (struct fc_smarty *)service;
}

/* ---- call.c: one request ---- */

/* A request and the memory it points to. { 0 } is empty. */
struct fc_smarty_call {
	const char *path[4];
	struct fc_buffer meta;
	struct fc_http_part *parts;
	struct fc_smarty_name *names; /* of the images */
	struct fc_http_request request;
};

void fc_smarty_call_release(struct fc_smarty_call *call);

/* The bytes of an image and their format. */
struct fc_smarty_image {
	struct fc_http_content content;
	enum fc_image_format format;
};

/*
 * Fill an empty call with the meta object and meta->count images, whose names fc_smarty_choose_names chooses. If images is NULL,
 * the parts have no bytes. meta, names and images are borrowed. Errors: FC_NO_MEMORY.
 */
enum fc_status fc_smarty_call_fill(const struct fc_smarty *smarty, const char *verb,
				   const struct fc_smarty_meta *meta,
				   const char *const *wanted_names,
				   const struct fc_smarty_image *images,
				   struct fc_smarty_call *call, struct fc_error *err);

/* Check that the space is a digit from 0 to 9. Errors: FC_INVALID_ARGUMENT. */
enum fc_status fc_smarty_check_space(const struct fc_smarty *smarty, const char *space,
				     struct fc_error *err);

/* Returns FC_UNSUPPORTED if wanted is true: the protocol does not support the feature. */
static inline enum fc_status fc_smarty_refuse(const struct fc_smarty *smarty, bool wanted,
					      const char *feature, struct fc_error *err)
{
	return fc_remote_refuse(smarty->options.name, "smarty", wanted, feature, err);
}

/* The same for an origin other than the default "cli". */
static inline enum fc_status fc_smarty_refuse_origin(const struct fc_smarty *smarty,
						     const char *origin, struct fc_error *err)
{
	return fc_smarty_refuse(smarty, origin && strcmp(origin, "cli") != 0, "origins", err);
}

/* ---- photos.c: many photos in one request ---- */

struct fc_smarty_batch {
	const char *verb;
	struct fc_photo_source source;
	struct fc_smarty_meta meta; /* the batch fills in numbers, images and their count */
	bool numbered;              /* photos are sent with their person_id */
	bool repeatable;
	struct fc_smarty_notes *notes; /* result: of all responses */
	bool in_turn; /* send one request after the other: each must find what the one before created */
	/* Called for each photo in the source's order. An error ends the batch. */
	enum fc_status (*handle)(void *context, struct fc_remote_photo *photo,
				 struct fc_error *err);
	void *context;
};

enum fc_status fc_smarty_run(struct fc_smarty *smarty, const struct fc_smarty_batch *batch,
			     struct fc_error *err);

/* ---- the verbs ---- */

extern const struct fc_api_verbs fc_smarty_api_verbs;

/* FC_UNSUPPORTED for options of set that the service does not have. Dry runs are not checked. */
enum fc_status fc_smarty_check_set(struct fc_service *service, const struct fc_set_request *request,
				   struct fc_error *err);

enum fc_status fc_smarty_set(struct fc_service *service, const struct fc_set_request *request,
			     struct fc_tally *tally, struct fc_error *err);
enum fc_status fc_smarty_recognize(struct fc_service *service,
				   const struct fc_recognize_request *request,
				   struct fc_tally *tally, struct fc_error *err);

#endif
