/* Warn about a space, an origin or a gallery that does not exist. */
/* SPDX-License-Identifier: MIT */
#include "photos/known_place.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/nearest.h"
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

/* Whether two names are equal apart from digits: such spaces are numbered on purpose. */
static bool differ_in_digits(const char *a, const char *b)
{
	static const char digits[] = "0123456789";
	while (*a != '\0' && *b != '\0') {
		a += strspn(a, digits);
		b += strspn(b, digits);
		if (*a != *b) {
			return false;
		}
		a += *a != '\0';
		b += *b != '\0';
	}
	return strspn(a, digits) == strlen(a) && strspn(b, digits) == strlen(b);
}

/* The similar name in a list of spaces, or NULL if the space exists or no name is similar. */
static const char *similar_space(const struct fc_space_summary *spaces, size_t count,
				 const char *name, const char **names)
{
	size_t others = 0;
	for (size_t i = 0; i < count; i++) {
		if (strcmp(spaces[i].name, name) == 0) {
			return NULL;
		}
		if (!differ_in_digits(spaces[i].name, name)) {
			names[others++] = spaces[i].name;
		}
	}
	return fc_nearest_word(name, names);
}

enum fc_status known_place_check_new(struct command_context *ctx, const char *space,
				     struct fc_error *err)
{
	enum { SHORTEST = 4 }; /* shorter names are similar by chance */
	FC_CLEANUP(fc_free) struct fc_space_summary *spaces = NULL;
	struct fc_bands_change none = { 0 };
	struct fc_space_bands bands;
	struct fc_error missing = { 0 };
	size_t count = 0;
	if (strcmp(ctx->service->operations->type, "local") != 0 || !space ||
	    strlen(space) < SHORTEST ||
	    fc_service_space_bands(ctx->service, space, &none, &bands, &missing) != FC_NOT_FOUND ||
	    fc_service_space_list(ctx->service, &spaces, &count, &missing) != FC_OK) {
		return FC_OK; /* the space exists, or the verb reports the error */
	}
	FC_CLEANUP(fc_free) const char **names = calloc(count + 1, sizeof(*names));
	if (!names) {
		return fc_fail_memory(err);
	}
	const char *similar = similar_space(spaces, count, space, names);
	if (similar && ctx->settings->strict) {
		return fc_fail(err, FC_NOT_FOUND, "there is no space '%s'; did you mean '%s'?",
			       space, similar);
	}
	if (similar) {
		out_note(ctx->out, "the space '%s' is new; there is also a space '%s'", space,
			 similar);
	}
	return FC_OK;
}
