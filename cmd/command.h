/* What a command is: one constant row, defined in the command's own file and listed in commands.c. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_CMD_COMMAND_H
#define FC_CMD_COMMAND_H

#include "base/error.h"
#include "config/settings.h"
#include "option/option.h"
#include "output/answer_shape.h"
#include "output/out.h"
#include "service/service.h"

/* What main does for a command before it runs. */
enum command_needs {
	COMMAND_SERVICE = 1 << 0,    /* open the service that is configured */
	COMMAND_VISION = 1 << 1,     /* with worker processes; the operands are photos */
	COMMAND_ATTRIBUTES = 1 << 2, /* and their attributes model, if one is chosen */
	COMMAND_POLICY = 1 << 3,     /* only asks, so that another service may answer too */
	COMMAND_LEDGER = 1 << 4,     /* a remote service goes by the ledger, or it forgets */
	COMMAND_RESUMES = 1 << 5,    /* run again after an interruption it goes on where it was */
	COMMAND_LENIENT = 1 << 6,    /* works with a configuration that has mistakes in it */
	COMMAND_HIDDEN = 1 << 7,     /* not for people: left out of help and completions */
};

/* As the number of photos: they come out of a folder or a list, and nobody has counted them. */
#define PHOTOS_UNKNOWN SIZE_MAX

struct command;

struct command_context {
	const struct command *command;
	const struct settings *settings;
	struct fc_service *service; /* NULL unless the command needs one */
	struct out *out;
	bool liveness;        /* set by prepare: the liveness model is wanted too */
	const char *embedder; /* set by prepare: instead of the settings' */
	size_t photos;        /* how many the request has, or PHOTOS_UNKNOWN */
	const struct fc_platform_dialect *dialect; /* of the JSON; NeuroIO's by default */
	bool answered; /* the data is complete, whatever the status will be */
};

struct command {
	const char *name;                 /* "set", or two words: "spaces list" */
	const char *summary;              /* one line for lists of commands */
	const char *synopsis;             /* what stands behind the name */
	const char *help;                 /* more, for -h; may be NULL. One paragraph a line */
	const struct option_row *options; /* NULL for none */
	size_t args_size; /* of the struct that the options fill in, 0 without options */
	unsigned needs;   /* enum command_needs */
	const struct answer_shape *shape; /* of --format json; NULL: records */
	/* Checks and completes the arguments before anything is opened; may be NULL. */
	enum fc_status (*prepare)(struct command_context *ctx, void *args, struct fc_error *err);
	/* An error that the command has shown itself has err->shown set. */
	enum fc_status (*run)(struct command_context *ctx, void *args, struct fc_error *err);
	/* Frees what prepare made; may be NULL. Called also when prepare failed. */
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

/* All of them in the order of help; NULL behind the last. */
extern const struct command *const commands[];

/* The command of that name (one or two words, one space between), or NULL. */
const struct command *command_find(const char *name);

/* The second word of a command of this group: "list" for "spaces list" and "spaces". NULL for every other command. */
const char *command_name_within(const struct command *command, const char *group);

/* True when `word` is the first of two words of some command: "spaces". */
bool command_is_group(const char *word);

/*
 * Find the command's word or words among argv[1] to argv[argc - 1], wherever options stand, and take them out: rest (room for argc)
 * gets the other words. *out is NULL when no word is a command's, and group the first word of two then, if there is one.
 * Errors: FC_INVALID_ARGUMENT (no such command; the text says what comes close).
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
