/* Lists of containers, persons, faces and snapshots: --after, --limit, --all. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_CMD_COMMANDS_AZURE_LISTING_H
#define FC_CMD_COMMANDS_AZURE_LISTING_H

#include "commands/azure/rows.h"
#include "commands/azure/scope.h"

struct listing_args {
	const char *after;
	struct option_number limit;
	bool all;
};

/* clang-format off */
#define OPTION_ROWS_LISTING(args, member)                                                          \
	{ OPTION_TEXT, 0, "after", "ID", offsetof(struct args, member.after),                      \
	  "start after this id; lists are sorted by id" },                                         \
	{ OPTION_NUMBER, 0, "limit", "N", offsetof(struct args, member.limit),                     \
	  "list at most N; default: 20 in text, 1000 in json, all in ndjson and tsv",              \
	  .minimum = 1, .maximum = 1000000 },                                                      \
	{ OPTION_FLAG, 0, "all", NULL, offsetof(struct args, member.all), "list all" }
/* clang-format on */

/* Request a list, and write its objects. The call has the scope and the filters. Errors: FC_INVALID_ARGUMENT, those of azure_send. */
enum fc_status listing_write(struct command_context *ctx, struct azure_call *call,
			     const struct listing_args *args, const char *type,
			     const struct record_field *fields, struct fc_error *err);

#endif
