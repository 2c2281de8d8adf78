/* The table of commands, and finding the command of a command line. */
/* SPDX-License-Identifier: MIT */
#include "command.h"

#include <stdio.h>
#include <string.h>

#include "base/nearest.h"
#include "option/renamed.h"

const struct command *const commands[] = {
	&set_command,
	&status_command,
	&recognize_command,
	&delete_command,
	&truncate_command,
	&erase_command,
	&detect_command,
	&verify_command,
	&identify_command,
	&similar_command,
	&group_command,
	&eval_command,
	&extract_command,
	&api_command,
	&profiles_create_command,
	&profiles_reinit_command,
	&profiles_search_command,
	&profiles_list_command,
	&profiles_show_command,
	&profiles_update_command,
	&profiles_merge_command,
	&profiles_move_command,
	&profiles_delete_command,
	&profiles_audit_command,
	&faces_add_command,
	&faces_list_command,
	&faces_show_command,
	&faces_update_command,
	&faces_move_command,
	&faces_delete_command,
	&faces_export_command,
	&entries_list_command,
	&entries_stats_command,
	&entries_show_command,
	&entries_delete_command,
	&entries_prune_command,
	&origins_create_command,
	&origins_list_command,
	&origins_show_command,
	&origins_update_command,
	&origins_delete_command,
	&persongroups_create_command,
	&persongroups_list_command,
	&persongroups_show_command,
	&persongroups_update_command,
	&persongroups_delete_command,
	&persongroups_train_command,
	&persongroups_training_command,
	&facelists_create_command,
	&facelists_list_command,
	&facelists_show_command,
	&facelists_update_command,
	&facelists_delete_command,
	&facelists_train_command,
	&facelists_training_command,
	&persons_create_command,
	&persons_list_command,
	&persons_show_command,
	&persons_update_command,
	&persons_delete_command,
	&snapshots_take_command,
	&snapshots_list_command,
	&snapshots_show_command,
	&snapshots_update_command,
	&snapshots_delete_command,
	&snapshots_apply_command,
	&snapshots_status_command,
	&snapshots_copy_command,
	&snapshots_export_command,
	&snapshots_import_command,
	&spaces_list_command,
	&spaces_show_command,
	&spaces_update_command,
	&spaces_rename_command,
	&spaces_delete_command,
	&models_list_command,
	&models_show_command,
	&models_check_command,
	&models_pull_command,
	&models_use_command,
	&models_delete_command,
	&models_path_command,
	&gallery_init_command,
	&gallery_check_command,
	&gallery_reindex_command,
	&gallery_reembed_command,
	&gallery_stats_command,
	&gallery_compact_command,
	&gallery_upgrade_command,
	&gallery_backup_command,
	&gallery_share_command,
	&gallery_export_command,
	&gallery_import_command,
	&config_list_command,
	&config_get_command,
	&config_set_command,
	&config_unset_command,
	&config_edit_command,
	&config_check_command,
	&services_list_command,
	&services_check_command,
	&doctor_command,
	&version_command,
	&help_command,
	&dump_options_command,
	&complete_command,
	NULL,
};

const struct command *command_find(const char *name)
{
	for (const struct command *const *command = commands; *command; command++) {
		if (strcmp((*command)->name, name) == 0) {
			return *command;
		}
	}
	return NULL;
}

const char *command_name_within(const struct command *command, const char *group)
{
	size_t length = strlen(group);
	bool within = strncmp(command->name, group, length) == 0 && command->name[length] == ' ';
	return within ? command->name + length + 1 : NULL;
}

bool command_is_group(const char *word)
{
	for (const struct command *const *command = commands; *command; command++) {
		if (command_name_within(*command, word)) {
			return true;
		}
	}
	return false;
}

const struct option_row *command_find_option(const struct command *only, const char *name,
					     size_t length, char letter)
{
	const struct option_row *row = name ? option_find(setting_rows, name, length)
					    : option_find_letter(setting_rows, letter);
	for (const struct command *const *command = commands; !row && *command; command++) {
		if (!only || *command == only) {
			row = name ? option_find((*command)->options, name, length)
				   : option_find_letter((*command)->options, letter);
		}
	}
	return row;
}

static const struct option_row *find_anywhere(const char *name, char letter)
{
	return command_find_option(NULL, name, name ? strlen(name) : 0, letter);
}

/* True if the value of this option is the next word, as in "--name value" and "-n value". */
static bool value_follows(const char *word)
{
	const struct option_row *row;
	if (word[1] == '-') {
		row = find_anywhere(word + 2, 0);
		return row && option_takes_value(row);
	}
	for (const char *letter = word + 1; *letter != '\0'; letter++) {
		row = find_anywhere(NULL, *letter);
		if (row && option_takes_value(row)) {
			return letter[1] == '\0';
		}
	}
	return false;
}

/* True for "--name" and "--name=value" if no table has such an option. */
static bool is_unknown_option(const char *word)
{
	char name[64];
	size_t length = strcspn(word, "=");
	if (word[1] != '-' || length >= sizeof(name)) {
		return false;
	}
	snprintf(name, sizeof(name), "%.*s", (int)length - 2, word + 2);
	const char *positive = strncmp(name, "no-", 3) == 0 ? name + 3 : name;
	return !find_anywhere(name, 0) && !find_anywhere(positive, 0) && !renamed_find(NULL, word);
}

/*
 * The only command with this second word, such as "profiles merge" for "merge"; else, in a group, the only command whose own name begins with
 * the word, such as "recognize" for "recog". NULL if there is none or there are several.
 */
static const char *complete_word(const char *group, const char *word)
{
	const char *second = NULL, *longer = NULL;
	size_t seconds = 0, longers = 0;
	for (const struct command *const *command = commands; *command; command++) {
		const char *name = group ? command_name_within(*command, group) : (*command)->name;
		const char *space = name ? strchr(name, ' ') : NULL;
		if (!name || (*command)->needs & COMMAND_HIDDEN) {
			continue;
		}
		if (space && strcmp(space + 1, word) == 0) {
			second = name;
			seconds++;
		}
		if (!space && strlen(word) >= 3 && strncmp(name, word, strlen(word)) == 0) {
			longer = name;
			longers++;
		}
	}
	return seconds == 1 ? second : longers == 1 ? longer : NULL;
}

enum fc_status command_fail_unknown(const char *group, const char *word, struct fc_error *err)
{
	char name[160];
	const char *names[2 * FC_ARRAY_LENGTH(commands)];
	const char *first = group ? group : "";
	const char *between = group ? " " : "";
	snprintf(name, sizeof(name), "%s%s%s", first, between, word);
	const struct renamed *renamed = renamed_find(NULL, name);
	if (renamed) {
		return renamed_fail(renamed, err);
	}

	size_t count = 0;
	for (const struct command *const *command = commands; *command; command++) {
		const char *its_name =
			group ? command_name_within(*command, group) : (*command)->name;
		if (its_name && !((*command)->needs & COMMAND_HIDDEN)) {
			names[count++] = its_name;
		}
	}
	/* the first words of two-word names */
	char groups[FC_ARRAY_LENGTH(commands)][16];
	size_t group_count = 0;
	for (size_t i = 0; !group && commands[i]; i++) {
		size_t length = strcspn(commands[i]->name, " ");
		if (commands[i]->name[length] == ' ' && length < sizeof(groups[0])) {
			snprintf(groups[group_count], sizeof(groups[0]), "%.*s", (int)length,
				 commands[i]->name);
			names[count++] = groups[group_count++];
		}
	}
	names[count] = NULL;
	const char *nearest = fc_nearest_word(word, names);
	nearest = nearest ? nearest : complete_word(group, word);
	return nearest ? fc_fail(err, FC_INVALID_ARGUMENT,
				 "there is no command '%s'; did you mean '%s%s%s'?", name, first,
				 between, nearest)
		       : fc_fail(err, FC_INVALID_ARGUMENT,
				 "there is no command '%s'; 'facectl help' lists them", name);
}

/* Process a word of the command's name: the first of two words (stored in *group) or the last one (sets *out). */
static enum fc_status take_name(const char *word, const char **group, const struct command **out,
				struct fc_error *err)
{
	char name[80];
	if (!*group && command_is_group(word)) {
		*group = word;
		return FC_OK;
	}
	snprintf(name, sizeof(name), "%s%s%s", *group ? *group : "", *group ? " " : "", word);
	*out = command_find(name);
	return *out ? FC_OK : command_fail_unknown(*group, word, err);
}

static enum fc_status fail_unknown_option(char *option, struct fc_error *err)
{
	struct settings none = { 0 };
	const struct option_scope scope = { setting_rows, &none, NULL };
	return options_parse(NULL, 1, &option, &scope, 1, err);
}

enum fc_status command_take(int argc, char *const *argv, const struct command **out,
			    const char **group, char **rest, int *rest_count, struct fc_error *err)
{
	const struct command *command = NULL;
	const char *first = NULL;
	char *unknown = NULL; /* an option before the command that no table has */
	int count = 0;
	for (int i = 1; i < argc; i++) {
		bool is_option = argv[i][0] == '-' && argv[i][1] != '\0';
		if (!command && !is_option) {
			enum fc_status status = take_name(argv[i], &first, &command, err);
			/* the value of a mistyped option is not a mistyped command */
			FC_TRY(status != FC_OK && unknown ? fail_unknown_option(unknown, err)
							  : status);
			continue;
		}
		unknown = !command && is_unknown_option(argv[i]) ? argv[i] : unknown;
		if (!command && strcmp(argv[i], "--") == 0) {
			return fc_fail(err, FC_INVALID_ARGUMENT, "'--' must follow the command");
		}
		bool has_value = !command && i + 1 < argc && value_follows(argv[i]);
		rest[count++] = argv[i];
		if (has_value) {
			rest[count++] = argv[++i];
		}
	}
	*out = command;
	*group = command ? NULL : first;
	*rest_count = count;
	return FC_OK;
}

void command_answer_error(struct command_context *ctx, const struct fc_error *err)
{
	if (ctx->command->shape && ctx->out->format == FORMAT_JSON && !ctx->answered) {
		fc_buffer_clear(&ctx->out->data);
		ctx->command->shape->error(&ctx->out->data, ctx->dialect, err);
		ctx->answered = true;
	}
}

enum fc_status command_write_ndjson(struct command_context *ctx, struct fc_error *err)
{
	if (ctx->settings->given[settings_index("format")] && ctx->out->format != FORMAT_NDJSON) {
		return fc_fail(err, FC_INVALID_ARGUMENT, "'%s' always writes NDJSON; omit --format",
			       ctx->command->name);
	}
	ctx->out->format = FORMAT_NDJSON;
	return FC_OK;
}
