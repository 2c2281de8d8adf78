/* The table of commands, and how a command line names one. */
/* SPDX-License-Identifier: MIT */
#include "command.h"

#include <stdio.h>
#include <string.h>

const struct command *const commands[] = {
	&set_command,
	&status_command,
	&recognize_command,
	&delete_command,
	&truncate_command,
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
	&profiles_export_faces_command,
	&entries_list_command,
	&entries_stats_command,
	&entries_show_command,
	&entries_delete_command,
	&entries_prune_command,
	&origins_create_command,
	&origins_list_command,
	&origins_show_command,
	&origins_update_command,
	&origins_set_command,
	&origins_delete_command,
	&spaces_list_command,
	&spaces_show_command,
	&spaces_delete_command,
	&spaces_thresholds_command,
	&models_list_command,
	&models_show_command,
	&models_verify_command,
	&models_pull_command,
	&models_use_command,
	&models_remove_command,
	&models_path_command,
	&gallery_check_command,
	&gallery_reindex_command,
	&gallery_reembed_command,
	&gallery_stats_command,
	&gallery_compact_command,
	&gallery_backup_command,
	&gallery_export_command,
	&gallery_import_command,
	&config_show_command,
	&config_get_command,
	&config_set_command,
	&config_check_command,
	&services_list_command,
	&services_test_command,
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

bool command_is_group(const char *word)
{
	size_t length = strlen(word);
	for (const struct command *const *command = commands; *command; command++) {
		if (strncmp((*command)->name, word, length) == 0 &&
		    (*command)->name[length] == ' ') {
			return true;
		}
	}
	return false;
}

/* In which ways the tables have an option: some command may take as a flag what another one gives a value. */
struct usage {
	bool flag, value;
};

static struct usage usage_of(const char *name, size_t length, char letter)
{
	struct usage usage = { 0 };
	const struct option_row *row = name ? option_find(setting_rows, name, length)
					    : option_find_letter(setting_rows, letter);
	for (const struct command *const *command = commands;; command++) {
		usage.value = usage.value || (row && option_takes_value(row));
		usage.flag = usage.flag || (row && !option_takes_value(row));
		if (!*command) {
			return usage;
		}
		row = name ? option_find((*command)->options, name, length)
			   : option_find_letter((*command)->options, letter);
	}
}

/* Where the tables differ, a next word that begins a command is no value. */
static bool is_value(struct usage usage, const char *next)
{
	bool begins_command = next && (command_find(next) || command_is_group(next));
	return usage.value && !(usage.flag && begins_command);
}

/* True when the value of this option is the next word. */
static bool value_follows(const char *word, const char *next)
{
	if (word[1] == '-') {
		return is_value(usage_of(word + 2, strlen(word + 2), 0), next);
	}
	for (const char *letter = word + 1; *letter != '\0'; letter++) {
		if (is_value(usage_of(NULL, 0, *letter), next)) {
			return letter[1] == '\0';
		}
	}
	return false;
}

/* The names of commands, or those behind the word of a group. Ends with NULL. */
static void list_names(const char *group, const char **names)
{
	size_t count = 0;
	size_t length = group ? strlen(group) : 0;
	for (const struct command *const *command = commands; *command; command++) {
		const char *name = (*command)->name;
		bool shown = !((*command)->needs & COMMAND_HIDDEN);
		if (shown && group && strncmp(name, group, length) == 0 && name[length] == ' ') {
			names[count++] = name + length + 1;
		} else if (shown && !group) {
			names[count++] = name;
		}
	}
	names[count] = NULL;
}

static enum fc_status fail_unknown(const char *group, const char *word, struct fc_error *err)
{
	enum { NAMES = 64 };
	_Static_assert(FC_ARRAY_LENGTH(commands) <= NAMES, "room for each name");
	const char *names[NAMES];
	const char *between = group ? " " : "";
	group = group ? group : "";
	list_names(group[0] != '\0' ? group : NULL, names);
	const char *nearest = option_nearest(word, names);
	if (nearest) {
		return fc_fail(err, FC_INVALID_ARGUMENT,
			       "there is no command '%s%s%s'; did you mean '%s%s%s'?", group,
			       between, word, group, between, nearest);
	}
	return fc_fail(err, FC_INVALID_ARGUMENT,
		       "there is no command '%s%s%s'; 'facectl help' lists them", group, between,
		       word);
}

enum fc_status command_take(int argc, char *const *argv, const struct command **out,
			    const char **group, char **rest, int *rest_count, struct fc_error *err)
{
	const struct command *command = NULL;
	const char *first = NULL;
	int count = 0;
	for (int i = 1; i < argc; i++) {
		bool is_option = argv[i][0] == '-' && argv[i][1] != '\0';
		if (command ||
		    (is_option && !value_follows(argv[i], i + 1 < argc ? argv[i + 1] : NULL))) {
			rest[count++] = argv[i];
			if (!command && strcmp(argv[i], "--") == 0) {
				return fc_fail(err, FC_INVALID_ARGUMENT,
					       "there is no command before '--'");
			}
		} else if (is_option) {
			rest[count++] = argv[i];
			if (i + 1 < argc) {
				rest[count++] = argv[++i];
			}
		} else if (!first && command_is_group(argv[i])) {
			first = argv[i];
		} else {
			char name[80];
			FC_IGNORE(snprintf(name, sizeof(name), "%s%s%s", first ? first : "",
					   first ? " " : "", argv[i]));
			command = command_find(name);
			if (!command) {
				return fail_unknown(first, argv[i], err);
			}
		}
	}
	*out = command;
	*group = command ? NULL : first;
	*rest_count = count;
	return FC_OK;
}

enum fc_status command_fail_documented(struct command_context *ctx, struct fc_error *err,
				       const char *words, const char *advice)
{
	FC_IGNORE(snprintf(ctx->documented, sizeof(ctx->documented), "%s", words));
	return fc_fail(err, FC_INVALID_ARGUMENT, "%s (%s)", words, advice);
}
