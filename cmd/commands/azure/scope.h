/* The options that name a container: --group, --list, --large and --space. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_CMD_COMMANDS_AZURE_SCOPE_H
#define FC_CMD_COMMANDS_AZURE_SCOPE_H

#include "commands/azure/call.h"

struct scope_args {
	const char *group, *list, *space;
	bool large;
};

/* clang-format off */
#define OPTION_ROW_LARGE(args, member)                                                             \
	{ OPTION_FLAG, 0, "large", NULL, offsetof(struct args, member), "use the large kind" }

#define OPTION_ROWS_GROUP(args, member)                                                            \
	{ OPTION_TEXT, 0, "group", "GROUP", offsetof(struct args, member.group),                   \
	  "id of a person group; with --large of a large one" },                                   \
	{ OPTION_TEXT, 's', "space", "SPACE", offsetof(struct args, member.space),                 \
	  "a space, which is a large person group" },                                              \
	OPTION_ROW_LARGE(args, member.large)

#define OPTION_ROW_LIST(args, member)                                                              \
	{ OPTION_TEXT, 0, "list", "LIST", offsetof(struct args, member.list),                      \
	  "id of a face list; with --large of a large one" }
/* clang-format on */

/* A container. kind FC_AZURE_NO_KIND: none was given. */
struct scope {
	enum fc_azure_kind kind;
	char id[136];
};

/*
 * The container that the options name. On a service of type azure a space has the prefix of its group-prefix. Errors: FC_INVALID_ARGUMENT (two of
 * them, or --large alone).
 */
enum fc_status scope_of(const struct command_context *ctx, const struct scope_args *args,
			struct scope *out, struct fc_error *err);

enum { SCOPE_MODEL_SIZE = 32 };

/* The recognition model of a container: only faces of the same model can be compared with it. */
enum fc_status scope_model(struct command_context *ctx, const struct scope *scope,
			   char out[SCOPE_MODEL_SIZE], struct fc_error *err);

/*
 * Find a person of a group, by UUID, a unique prefix of it, or name. Without a group the local engine finds the person in its spaces, and sets
 * *scope. Errors: FC_NOT_FOUND, FC_INVALID_ARGUMENT (several persons match, which are listed; or no group), those of azure_send.
 */
enum fc_status scope_person(struct command_context *ctx, struct scope *scope, const char *text,
			    char out[FC_UUID_TEXT_SIZE], struct fc_error *err);

/* Find a face of a list, or of a person, by UUID or a unique prefix of it. person may be NULL. Errors: as scope_person. */
enum fc_status scope_face(struct command_context *ctx, const struct scope *scope,
			  const char *person, const char *text, char out[FC_UUID_TEXT_SIZE],
			  struct fc_error *err);

/* Request pages of a list until visit sets *stop or the list ends. The call needs its scope; limit: rows of a page. */
typedef enum fc_status azure_visit(void *context, const cJSON *item, bool *stop,
				   struct fc_error *err);
enum fc_status azure_each(struct azure_call *call, const char *after, unsigned page,
			  azure_visit *visit, void *context, struct fc_error *err);

#endif
