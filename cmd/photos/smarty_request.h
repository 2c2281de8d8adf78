/* Process the options shared by set, recognize, delete and truncate: --meta, the space, the photos. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_CMD_PHOTOS_SMARTY_REQUEST_H
#define FC_CMD_PHOTOS_SMARTY_REQUEST_H

#include "command.h"
#include "photos/photo_source.h"
#include "protocol/smarty_request.h"

struct smarty_request {
	/* points into the command line or meta; NULL: the origin determines the space */
	const char *space;
	char digit[2]; /* storage of a space of the Smarty API */
	struct fc_smarty_request meta;
	struct photo_source photos;
};

/*
 * Parse --meta (NULL if not given) and determine the space, which --space, --meta or an origin gives. --space and --meta must not
 * differ. Errors: FC_INVALID_ARGUMENT, FC_NO_MEMORY.
 */
enum fc_status smarty_request_init(struct smarty_request *request, struct command_context *ctx,
				   const char *meta, const char *space, const char *origin,
				   struct fc_error *err);

/*
 * Open the source of the photos, and match photos on the command line with the images of --meta. With photos from a folder or
 * list, --meta must not have images. args must outlive the request.
 */
enum fc_status smarty_request_photos(struct smarty_request *request, struct command_context *ctx,
				     const struct photo_source_args *args, struct fc_error *err);

void smarty_request_release(struct smarty_request *request);

#endif
