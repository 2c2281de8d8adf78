/* Lists of containers, persons, faces and snapshots. */
/* SPDX-License-Identifier: MIT */
#include "commands/azure/listing.h"

#include <inttypes.h>

enum { DEFAULT_IN_TEXT = 20, PAGE = 1000, PERSONS_PAGE = 250 };

struct listing {
	struct azure_rows rows;
	uint64_t left;
	bool more; /* there are objects beyond the limit */
};

static void listing_release(struct listing *listing)
{
	azure_rows_release(&listing->rows);
}

static enum fc_status write_item(void *context, const cJSON *item, bool *stop, struct fc_error *err)
{
	struct listing *listing = context;
	FC_CLEANUP(azure_row_release) struct azure_row row = azure_row_new();
	if (listing->left == 0) {
		listing->more = true;
		*stop = true;
		return FC_OK;
	}
	listing->left--;
	return azure_rows_add(&listing->rows, item, &row, TONE_PLAIN, err);
}

enum fc_status listing_write(struct command_context *ctx, struct azure_call *call,
			     const struct listing_args *args, const char *type,
			     const struct record_field *fields, struct fc_error *err)
{
	FC_CLEANUP(listing_release) struct listing listing = { 0 };
	enum output_format format = ctx->out->format;
	if (args->limit.given && args->all) {
		return fc_fail(err, FC_INVALID_ARGUMENT, "give either --limit or --all");
	}
	uint64_t limit = args->limit.given       ? args->limit.value
			 : args->all             ? UINT64_MAX
			 : format == FORMAT_TEXT ? (uint64_t)DEFAULT_IN_TEXT
			 : format == FORMAT_JSON ? (uint64_t)PAGE
						 : UINT64_MAX;
	unsigned most = call->verb == FC_AZURE_PERSON_LIST ? PERSONS_PAGE : PAGE;
	listing.left = limit;
	azure_rows_begin(&listing.rows, ctx, type, fields, true, false);
	/* one more than the limit shows whether there are more */
	FC_TRY(azure_each(call, args->after, limit < most ? (unsigned)limit + 1 : most, write_item,
			  &listing, err));
	FC_TRY(azure_rows_end(&listing.rows, err));
	if (listing.more && (format == FORMAT_TEXT || !args->limit.given)) {
		out_note(ctx->out, "%" PRIu64 " shown, and there are more; --all lists all", limit);
	}
	return FC_OK;
}
