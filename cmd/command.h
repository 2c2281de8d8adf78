/* A command: one constant row, defined in a file of commands/ and listed in commands.c. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_CMD_COMMAND_H
#define FC_CMD_COMMAND_H

#include "base/error.h"
#include "config/settings.h"
#include "option/option.h"
#include "output/answer_shape.h"
#include "output/out.h"
#include "output/record.h"
#include "service/service.h"

/* What main() prepares for a command. */
enum command_needs {
	COMMAND_SERVICE = 1 << 0, /* open the configured service */
	COMMAND_VISION = 1 << 1,  /* start worker processes that read photos */
	/* read-only: --policy may send the request to another service */
	COMMAND_POLICY = 1 << 2,
	/* with a remote service, update the ledger of processed photos */
	COMMAND_LEDGER = 1 << 3,
	COMMAND_RESUMES = 1 << 4, /* can resume after an interruption */
	COMMAND_LENIENT = 1 << 5, /* works with an invalid configuration */
	COMMAND_HIDDEN = 1 << 6,  /* internal: not in help and completions */
};

/* The number of photos is not known: they come from a folder or a list. */
#define PHOTOS_UNKNOWN SIZE_MAX

struct command;

struct command_context {
	const struct command *command;
	const struct settings *settings;
	struct fc_service *service; /* NULL unless the command has COMMAND_SERVICE */
	struct out *out;
	/* set by prepare: also load the liveness model */
	bool liveness;
	/* set by prepare: the command needs no templates, and so no embedder */
	bool no_templates;
	/* set by prepare: the embedder is that of the options and the configuration, so that the gallery is not read */
	bool ignores_gallery;
	/* set by prepare: sets of attributes (vision/face.h), those to show and store, and those that the user named */
	unsigned attributes, attributes_named;
	/* set by prepare: overrides the embedder of the settings; else NULL */
	const char *embedder;
	/* set by prepare: the service gets one request, so that its workers may end before it is done */
	bool one_request;
	/* number of photos in the request, or PHOTOS_UNKNOWN */
	size_t photos;
	/* platform whose JSON profiles and entries write */
	const struct fc_platform_dialect *dialect;
	bool answered; /* the output is complete: write no error document after it */
};

struct command {
	const char *name;     /* "set", or two words: "spaces list" */
	const char *summary;  /* one line for lists of commands */
	const char *synopsis; /* arguments after the name */
	const char *help;     /* more text for -h, one paragraph per line; may be NULL */
	const struct option_row *options; /* NULL for none */
	size_t args_size; /* size of the struct that the options fill in; 0 without options */
	unsigned needs;   /* enum command_needs */
	const struct record_field
		*fields; /* of its records, for --fields; NULL: it has no choice of fields */
	const struct answer_shape *shape; /* document that --format json writes; NULL: records */
	/* Check and complete the arguments before anything is opened; may be NULL. */
	enum fc_status (*prepare)(struct command_context *ctx, void *args, struct fc_error *err);
	/* Set err->shown if the command has already printed the error. */
	enum fc_status (*run)(struct command_context *ctx, void *args, struct fc_error *err);
	/* Free what prepare allocated; may be NULL. Called even if prepare failed. */
	void (*release)(void *args);
};

extern const struct command set_command, recognize_command, delete_command, truncate_command;
extern const struct command detect_command, verify_command, eval_command, extract_command;
extern const struct command api_command;
extern const struct command identify_command, similar_command, group_command;
extern const struct command persongroups_create_command, persongroups_list_command,
	persongroups_show_command;
extern const struct command persongroups_update_command, persongroups_delete_command,
	persongroups_train_command;
extern const struct command persongroups_training_command, facelists_create_command,
	facelists_list_command;
extern const struct command facelists_show_command, facelists_update_command,
	facelists_delete_command;
extern const struct command facelists_train_command, facelists_training_command,
	persons_create_command;
extern const struct command persons_list_command, persons_show_command, persons_update_command;
extern const struct command persons_delete_command, snapshots_take_command, snapshots_list_command;
extern const struct command snapshots_show_command, snapshots_update_command,
	snapshots_delete_command;
extern const struct command snapshots_apply_command, snapshots_status_command,
	snapshots_copy_command, snapshots_export_command, snapshots_import_command;
extern const struct command faces_add_command, faces_list_command, faces_show_command;
extern const struct command faces_update_command, faces_move_command, faces_delete_command;
extern const struct command spaces_list_command, spaces_show_command, spaces_delete_command;
extern const struct command models_list_command, models_show_command, models_check_command;
extern const struct command spaces_update_command, spaces_rename_command;
extern const struct command profiles_create_command, profiles_reinit_command;
extern const struct command profiles_search_command, profiles_list_command, profiles_show_command;
extern const struct command profiles_update_command, profiles_merge_command, profiles_move_command;
extern const struct command profiles_delete_command, profiles_audit_command;
extern const struct command faces_export_command;
extern const struct command entries_list_command, entries_stats_command, entries_show_command;
extern const struct command entries_delete_command, entries_prune_command;
extern const struct command origins_create_command, origins_list_command, origins_show_command;
extern const struct command origins_update_command, origins_delete_command;
extern const struct command models_pull_command, models_use_command, models_delete_command;
extern const struct command models_path_command;
extern const struct command gallery_reembed_command;
extern const struct command gallery_init_command, gallery_check_command, gallery_reindex_command,
	gallery_share_command;
extern const struct command gallery_stats_command, gallery_compact_command, gallery_backup_command;
extern const struct command gallery_upgrade_command;
extern const struct command gallery_export_command, gallery_import_command;
extern const struct command doctor_command, status_command, erase_command;
extern const struct command config_list_command, config_get_command, config_set_command,
	config_unset_command, config_edit_command;
extern const struct command config_check_command, services_list_command, services_check_command;
extern const struct command version_command, help_command, dump_options_command, complete_command;

/* All commands in the order of the help, terminated by NULL. */
extern const struct command *const commands[];

/* The command of that name (one or two words separated by a space), or NULL. */
const struct command *command_find(const char *name);

/* The second word of the command's name if the first is `group`: "list" for "spaces list" and "spaces". Else NULL. */
const char *command_name_within(const struct command *command, const char *group);

/*
 * The row of an option, given by name or (NULL) by letter: a global one or one of the command. only NULL: one of any command, since all tables
 * agree on the type. NULL for an unknown option.
 */
const struct option_row *command_find_option(const struct command *only, const char *name,
					     size_t length, char letter);

/* True if `word` is the first word of a two-word command, such as "spaces". */
bool command_is_group(const char *word);

/*
 * Find the name of the command in argv, which may follow global options, and copy the other words to rest (room for argc).
 * Without a command *out is NULL; if only the first word of a two-word name is given, *group is that word. Errors:
 * FC_INVALID_ARGUMENT (no such command; the message suggests a similar one).
 */
enum fc_status command_take(int argc, char *const *argv, const struct command **out,
			    const char **group, char **rest, int *rest_count, struct fc_error *err);

/*
 * Return FC_INVALID_ARGUMENT with the new name of a renamed command or with the most similar name. group: the first word of a
 * two-word name, else NULL.
 */
enum fc_status command_fail_unknown(const char *group, const char *word, struct fc_error *err);

/*
 * Write the command's JSON error document, if it has one, --format json is given and nothing has been written yet. Call it when
 * the document needs another message than standard error.
 */
void command_answer_error(struct command_context *ctx, const struct fc_error *err);

/* Set the format to NDJSON. Errors: FC_INVALID_ARGUMENT if another --format is given. */
enum fc_status command_write_ndjson(struct command_context *ctx, struct fc_error *err);

#endif
