/* A command: one constant row, defined in a file of commands/ and listed in commands.c. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_CMD_COMMAND_H
#define FC_CMD_COMMAND_H

#include "base/error.h"
#include "config/settings.h"
#include "option/option.h"
#include "output/answer_shape.h"
#include "output/out.h"
#include "service/service.h"

/* What main() prepares for a command. */
enum command_needs {
	COMMAND_SERVICE = 1 << 0,    /* open the configured service */
	COMMAND_VISION = 1 << 1,     /* with worker processes; the operands are photos */
	COMMAND_ATTRIBUTES = 1 << 2, /* and the attributes model, if one is chosen */
	COMMAND_POLICY = 1 << 3,     /* read-only, so that another service may answer too */
	COMMAND_LEDGER = 1 << 4,     /* updates the ledger if the service is remote */
	COMMAND_RESUMES = 1 << 5,    /* can resume after an interruption */
	COMMAND_LENIENT = 1 << 6,    /* works with an invalid configuration */
	COMMAND_HIDDEN = 1 << 7,     /* internal: not in help and completions */
};

/* The number of photos is not known: they come from a folder or a list. */
#define PHOTOS_UNKNOWN SIZE_MAX

struct command;

struct command_context {
	const struct command *command;
	const struct settings *settings;
	struct fc_service *service; /* NULL unless the command has COMMAND_SERVICE */
	struct out *out;
	bool liveness;                             /* set by prepare: load the liveness model too */
	const char *embedder;                      /* set by prepare: instead of the settings' */
	size_t photos;                             /* in the request, or PHOTOS_UNKNOWN */
	const struct fc_platform_dialect *dialect; /* of the JSON of profiles and entries */
	bool answered; /* the data is complete, whatever the status will be */
};

struct command {
	const char *name;     /* "set", or two words: "spaces list" */
	const char *summary;  /* one line for lists of commands */
	const char *synopsis; /* arguments after the name */
	const char *help;     /* more text for -h; may be NULL. One paragraph per line */
	const struct option_row *options; /* NULL for none */
	size_t args_size; /* of the struct that the options fill in, 0 without options */
	unsigned needs;   /* enum command_needs */
	const struct answer_shape *shape; /* of --format json; NULL: records */
	/* Check and complete the arguments before anything is opened; may be NULL. */
	enum fc_status (*prepare)(struct command_context *ctx, void *args, struct fc_error *err);
	/* An error that the command has shown itself has err->shown set. */
	enum fc_status (*run)(struct command_context *ctx, void *args, struct fc_error *err);
	/* Free what prepare allocated; may be NULL. Called even if prepare failed. */
	void (*release)(void *args);
};

extern const struct command set_command, recognize_command, delete_command, truncate_command;
extern const struct command detect_command, verify_command, eval_command, extract_command;
extern const struct command spaces_list_command, spaces_show_command, spaces_delete_command;
extern const struct command models_list_command, models_show_command, models_check_command;
extern const struct command spaces_update_command;
extern const struct command profiles_create_command, profiles_reinit_command;
extern const struct command profiles_search_command, profiles_list_command, profiles_show_command;
extern const struct command profiles_update_command, profiles_merge_command, profiles_move_command;
extern const struct command profiles_delete_command, faces_export_command;
extern const struct command entries_list_command, entries_stats_command, entries_show_command;
extern const struct command entries_delete_command, entries_prune_command;
extern const struct command origins_create_command, origins_list_command, origins_show_command;
extern const struct command origins_update_command, origins_delete_command;
extern const struct command models_pull_command, models_use_command, models_delete_command;
extern const struct command models_path_command;
extern const struct command gallery_reembed_command;
extern const struct command gallery_check_command, gallery_reindex_command;
extern const struct command gallery_stats_command, gallery_compact_command, gallery_backup_command;
extern const struct command gallery_export_command, gallery_import_command;
extern const struct command doctor_command, status_command;
extern const struct command config_list_command, config_get_command, config_set_command;
extern const struct command config_check_command, services_list_command, services_check_command;
extern const struct command version_command, help_command, dump_options_command;

/* All commands in the order of help, then NULL. */
extern const struct command *const commands[];

/* The command of that name (one or two words separated by a space), or NULL. */
const struct command *command_find(const char *name);

/* The second word of a command of this group: "list" for "spaces list" and "spaces". NULL for every other command. */
const char *command_name_within(const struct command *command, const char *group);

/* True if `word` is the first of two words of a command: "spaces". */
bool command_is_group(const char *word);

/*
 * Find the name of the command in argv, possibly after global options, and copy the other words to rest (room for argc). *out is
 * NULL if there is no command; *group is the first word of two then, if there is one.
 * Errors: FC_INVALID_ARGUMENT (no such command; the text suggests a similar one).
 */
FC_MUST_USE enum fc_status command_take(int argc, char *const *argv, const struct command **out,
					const char **group, char **rest, int *rest_count,
					struct fc_error *err);

/* FC_INVALID_ARGUMENT: what the command is called now, or the nearest name. group: the first of two words, else NULL. */
enum fc_status command_fail_unknown(const char *group, const char *word, struct fc_error *err);

/*
 * Write the document of a failed request, where the command has one, --format json asks for it and nothing is written yet. For an
 * error whose message in the document differs from the one for people.
 */
void command_answer_error(struct command_context *ctx, const struct fc_error *err);

/* Write NDJSON. FC_INVALID_ARGUMENT when the command line asks for another format. */
FC_MUST_USE enum fc_status command_write_ndjson(struct command_context *ctx, struct fc_error *err);

#endif
