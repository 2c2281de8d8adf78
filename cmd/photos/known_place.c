/* Warn about a space, an origin or a gallery that does not exist. */
/* SPDX-License-Identifier: MIT */
#include "photos/known_place.h"

#include <string.h>

#include "service/origins.h"
#include "service/spaces.h"

/* FC_NOT_FOUND or FC_GALLERY_MISSING if the place does not exist. */
static enum fc_status look_up(struct command_context *ctx, const char *space, const char *origin,
			      struct fc_error *err)
{
	struct fc_space_bands bands;
	const struct fc_bands_change none = { 0 };
	struct fc_origin_row row;
	if (origin && strcmp(origin, "cli") != 0) {
		return fc_service_origin_show(ctx->service, origin, &row, err);
	}
	return fc_service_space_bands(ctx->service, space, &none, &bands, err);
}

enum fc_status known_place_check(struct command_context *ctx, const char *space, const char *origin,
				 struct fc_error *err)
{
	struct fc_error missing = { 0 };
	const struct settings *settings = ctx->settings;
	if (strcmp(ctx->service->operations->type, "local") != 0 || (!space && !origin)) {
		return FC_OK;
	}
	enum fc_status status = look_up(ctx, space, origin, &missing);
	bool is_given = status == FC_GALLERY_MISSING && settings->given[settings_index("gallery")];
	if (status != FC_NOT_FOUND && status != FC_GALLERY_MISSING) {
		return FC_OK; /* any other error is the verb's */
	}
	if (settings->strict || is_given) {
		*err = missing;
		return status;
	}
	out_note(ctx->out, "nobody can be recognised: %s", missing.text);
	return FC_OK;
}
