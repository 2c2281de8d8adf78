/* The options that cut a list: --limit, --all, --offset. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_CMD_OPTION_PAGE_H
#define FC_CMD_OPTION_PAGE_H

#include "option/option.h"
#include "output/out.h"

/* Items of a list in text without --limit and --all, and of the document's page in JSON. */
enum { PAGE_DEFAULT = 20, PAGE_MAXIMUM = 1000000 };

struct page_args {
	struct option_number limit, offset;
	bool all;
};

/* clang-format off */
#define OPTION_ROWS_PAGE(args, member)                                                             \
	{ OPTION_NUMBER, 0, "limit", "N", offsetof(struct args, member.limit),                     \
	  "list at most N; default: 20 in text and json, all in ndjson and tsv", .minimum = 1,     \
	  .maximum = PAGE_MAXIMUM },                                                               \
	{ OPTION_FLAG, 0, "all", NULL, offsetof(struct args, member.all), "list all" },            \
	{ OPTION_NUMBER, 0, "offset", "N", offsetof(struct args, member.offset), "skip the first N" }
/* clang-format on */

/* The maximum number of items to list; UINT64_MAX: all. Errors: FC_INVALID_ARGUMENT (both --limit and --all). */
enum fc_status page_limit(const struct page_args *args, const struct out *out, uint64_t *limit,
			  struct fc_error *err);

/* In text, print the note "20 of 199 shown" unless all were. */
void page_note(const struct out *out, uint64_t shown, uint64_t total);

#endif
