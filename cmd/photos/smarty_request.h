/* What set, recognize, delete and truncate share: --meta, the space, the photos. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_CMD_SMARTY_REQUEST_H
#define FC_CMD_SMARTY_REQUEST_H

#include "command.h"
#include "option/meta.h"
#include "photos/photo_source.h"

struct smarty_request {
	const char *space; /* borrowed from the command line or from meta; NULL: the origin's */
	struct meta meta;
	struct photo_source photos;
};

/*
 * Parse --meta (NULL for none) and determine the space: that of --space or --meta, which must not differ, unless an origin implies it.
 * Errors: FC_INVALID_ARGUMENT, FC_NO_MEMORY.
 */
FC_MUST_USE enum fc_status smarty_request_init(struct smarty_request *request,
					       struct command_context *ctx, const char *meta,
					       const char *space, const char *origin,
					       struct fc_error *err);

/*
 * Open the source of the photos, and match photos of the command line with the images of --meta. Photos from a folder or a list cannot
 * be named in it. args must outlive the request.
 */
FC_MUST_USE enum fc_status smarty_request_photos(struct smarty_request *request,
						 struct command_context *ctx,
						 const struct photo_source_args *args,
						 struct fc_error *err);

void smarty_request_release(struct smarty_request *request);

#endif
