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
	&eval_command,
	&extract_command,
	&profiles_create_command,
	&profiles_reinit_command,
	&profiles_search_command,
	&profiles_list_command,
	&profiles_show_command,
	&profiles_update_command,
	&profiles_merge_command,
	&profiles_move_command,
	&profiles_delete_command,
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
	&spaces_list_command,
	&spaces_show_command,
	&spaces_update_command,
	&spaces_delete_command,
	&models_list_command,
	&models_show_command,
	&models_check_command,
	&models_pull_command,
	&models_use_command,
	&models_delete_command,
	&models_path_command,
	&gallery_check_command,
	&gallery_reindex_command,
	&gallery_reembed_command,
	&gallery_stats_command,
	&gallery_compact_command,
	&gallery_upgrade_command,
	&gallery_backup_command,
	&gallery_export_command,
	&gallery_import_command,
	&config_list_command,
	&config_get_command,
	&config_set_command,
	&config_unset_command,
	&config_check_command,
	&services_list_command,
	&services_check_command,
	&doctor_command,
	&version_command,
	&help_command,
	&dump_options_command,
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

/* Whether an option, given by name or by letter, takes a value. All tables agree on it; false for an unknown option. */
static bool takes_value(const char *name, char letter)
{
	const struct option_row *row = name ? option_find(setting_rows, name, strlen(name))
					    : option_find_letter(setting_rows, letter);
	for (const struct command *const *command = commands; !row && *command; command++) {
		row = name ? option_find((*command)->options, name, strlen(name))
			   : option_find_letter((*command)->options, letter);
	}
	return row && option_takes_value(row);
}

/* True if the value of this option is the next word, as in "--name value" and "-n value". */
static bool value_follows(const char *word)
{
	if (word[1] == '-') {
		return takes_value(word + 2, 0);
	}
	for (const char *letter = word + 1; *letter != '\0'; letter++) {
		if (takes_value(NULL, *letter)) {
			return letter[1] == '\0';
		}
	}
	return false;
}

enum fc_status command_fail_unknown(const char *group, const char *word, struct fc_error *err)
{
	char name[160];
	const char *names[FC_ARRAY_LENGTH(commands)];
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
	names[count] = NULL;
	const char *nearest = fc_nearest_word(word, names);
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

enum fc_status command_take(int argc, char *const *argv, const struct command **out,
			    const char **group, char **rest, int *rest_count, struct fc_error *err)
{
	const struct command *command = NULL;
	const char *first = NULL;
	int count = 0;
	for (int i = 1; i < argc; i++) {
		bool is_option = argv[i][0] == '-' && argv[i][1] != '\0';
		if (!command && !is_option) {
			FC_TRY(take_name(argv[i], &first, &command, err));
			continue;
		}
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
