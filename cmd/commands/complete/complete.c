/* complete: what the shells offer for an incomplete command line. */
/* SPDX-License-Identifier: MIT */
#include "commands/complete/complete.h"

#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "config/values.h"

struct complete_args {
	struct option_texts words;
};

static const struct option_row options[] = {
	{ OPTION_OPERANDS, 0, NULL, "WORD", offsetof(struct complete_args, words),
	  "the words after 'facectl' up to the cursor; the last one may be empty", .minimum = 1 },
	{ OPTION_END },
};

void complete_offer(struct completion *completion, const char *value, const char *description)
{
	struct fc_buffer *data = &completion->ctx->out->data;
	if (strncmp(value, completion->current, strlen(completion->current)) == 0 &&
	    !strpbrk(value, "\t\n")) {
		fc_buffer_printf(data, "%.*s%s\t%s\n", (int)completion->prefix_length,
				 completion->prefix, value, description ? description : "");
	}
}

/* ---- the words before the current one ---- */

static bool is_setting(const struct option_row *row)
{
	return row >= setting_rows && row < setting_rows + SETTING_MAXIMUM && row->name &&
	       option_find(setting_rows, row->name, strlen(row->name)) == row;
}

/* Keep the value of an option: a global one determines where values come from, --space which persons. */
static enum fc_status keep(struct completion *completion, const struct option_row *row,
			   const char *value, struct fc_error *err)
{
	struct settings *line = &completion->line;
	if (!row->name) {
		return FC_OK;
	}
	if (strcmp(row->name, "space") == 0) {
		completion->space = value;
	}
	if (!is_setting(row)) {
		return FC_OK;
	}
	char *text = row->type == OPTION_PATH ? config_expand_home(value) : strdup(value);
	FC_TRY(option_texts_own(&line->owned, text, err));
	/* an invalid value is an error when the line is run */
	if (option_store(row, line, text, row->name, NULL) == FC_OK) {
		line->given[row - setting_rows] = true;
	}
	return FC_OK;
}

/* Take an option before the current word. *pending: the row of an option whose value is the next word. */
static enum fc_status take_option(struct completion *completion, const char *word,
				  const struct option_row **pending, struct fc_error *err)
{
	const struct option_row *row = NULL;
	size_t length = strcspn(word, "=");
	if (word[1] == '-') {
		row = command_find_option(completion->command, word + 2, length - 2, 0);
		if (row && option_takes_value(row) && word[length] == '=') {
			return keep(completion, row, word + length + 1, err);
		}
		*pending = row && option_takes_value(row) ? row : NULL;
		return FC_OK;
	}
	for (const char *letter = word + 1; *letter != '\0'; letter++) {
		row = command_find_option(completion->command, NULL, 0, *letter);
		if (row && option_takes_value(row)) {
			*pending = letter[1] == '\0' ? row : NULL;
			return letter[1] == '\0' ? FC_OK : keep(completion, row, letter + 1, err);
		}
	}
	return FC_OK;
}

static void take_operand(struct completion *completion, const char *word)
{
	char name[80];
	if (completion->command) {
		completion->first_operand =
			completion->operands++ == 0 ? word : completion->first_operand;
		return;
	}
	snprintf(name, sizeof(name), "%s%s%s", completion->group ? completion->group : "",
		 completion->group ? " " : "", word);
	completion->command = command_find(name);
	if (!completion->command && !completion->group && command_is_group(word)) {
		completion->group = word;
	} else if (!completion->command) {
		completion->unknown = true;
	}
}

/* Read the words before the current one. *row: the option whose value the current word is, or NULL. */
static enum fc_status read_line(struct completion *completion, const struct option_texts *words,
				const struct option_row **row, struct fc_error *err)
{
	*row = NULL;
	for (size_t i = 0; i + 1 < words->count; i++) {
		const char *word = words->items[i];
		const struct option_row *pending = *row;
		*row = NULL;
		if (pending) {
			FC_TRY(keep(completion, pending, word, err));
		} else if (!completion->only_operands && strcmp(word, "--") == 0) {
			completion->only_operands = true;
		} else if (!completion->only_operands && word[0] == '-' && word[1] != '\0') {
			FC_TRY(take_option(completion, word, row, err));
		} else {
			take_operand(completion, word);
		}
	}
	completion->current = words->items[words->count - 1];
	completion->line.lenient = true;
	return settings_resolve(&completion->line, err);
}

/* ---- the current word ---- */

void complete_commands(struct completion *completion, const char *group)
{
	const char *last = "";
	for (const struct command *const *command = commands; *command; command++) {
		const char *name = group ? command_name_within(*command, group) : (*command)->name;
		size_t length = name ? strcspn(name, " ") : 0;
		char word[32];
		if (!name || (*command)->needs & COMMAND_HIDDEN) {
			continue;
		}
		snprintf(word, sizeof(word), "%.*s", (int)length, name);
		bool is_group = name[length] == ' ';
		if (!is_group || strncmp(last, name, length + 1) != 0) {
			complete_offer(completion, word,
				       is_group ? "a group of commands" : (*command)->summary);
		}
		last = name;
	}
}

static void offer_options(struct completion *completion, const struct option_row *rows)
{
	for (; rows && rows->type != OPTION_END; rows++) {
		char word[64];
		if (rows->name) {
			snprintf(word, sizeof(word), "--%s", rows->name);
			complete_offer(completion, word, rows->help);
		}
	}
}

/* A list separated by commas: only its last word is completed. */
static void narrow_to_last(struct completion *completion)
{
	const char *comma = strrchr(completion->current, ',');
	if (comma) {
		completion->prefix_length += (size_t)(comma + 1 - completion->current);
		completion->current = comma + 1;
	}
}

static void offer_files(struct completion *completion, bool folders)
{
	fc_buffer_append_text(&completion->ctx->out->data, folders ? ":folders\n" : ":files\n");
}

/* Offer the values of an option or a setting. argument: its placeholder, such as SPACE. */
static enum fc_status offer_values(struct completion *completion, const struct option_row *row,
				   const char *argument, struct fc_error *err)
{
	bool is_fields = row->name && strcmp(row->name, "fields") == 0;
	if (row->type == OPTION_TEXTS || is_fields) {
		narrow_to_last(completion);
	}
	for (size_t i = 0; row->choices && row->choices[i]; i++) {
		complete_offer(completion, row->choices[i], NULL);
	}
	if (is_fields && completion->command) {
		const struct record_field *field = completion->command->fields;
		for (; field && field->type != RECORD_END; field++) {
			complete_offer(completion, field->name, field->heading);
		}
		complete_offer(completion, "all", "every field");
	}
	FC_TRY(complete_names(completion, row, argument, err));
	if (row->type == OPTION_FLAG) {
		complete_offer(completion, "yes", NULL);
		complete_offer(completion, "no", NULL);
	} else if (row->type == OPTION_PATH || strcmp(argument, "PHOTO") == 0 ||
		   strcmp(argument, "FILE") == 0 || strcmp(argument, "DIR") == 0) {
		offer_files(completion, strcmp(argument, "DIR") == 0);
	}
	return FC_OK;
}

/* The word of the operands' placeholder for the next operand: PHOTO for the second of "PERSON PHOTO". */
static void operand_argument(const struct option_row *row, size_t index, char *out, size_t size)
{
	const char *word = row->argument;
	for (; index > 0 && strchr(word, ' '); index--) {
		word = strchr(word, ' ') + 1;
	}
	snprintf(out, size, "%.*s", (int)strcspn(word, " "), word);
}

static enum fc_status offer_operands(struct completion *completion, struct fc_error *err)
{
	const struct command *command = completion->command;
	const struct option_row *row = option_operands(command->options);
	const char *second = strchr(command->name, ' ');
	char argument[32];
	struct config_place place;
	if (!row || (row->maximum > 0 && completion->operands >= (size_t)row->maximum) ||
	    (second && strcmp(second, " create") == 0 && !(command->needs & COMMAND_VISION))) {
		return FC_OK; /* no operand, or the name of something new */
	}
	operand_argument(row, completion->operands, argument, sizeof(argument));
	if (strcmp(argument, "VALUE") == 0) {
		enum fc_status status =
			config_place_of(&completion->line, completion->first_operand, &place, NULL);
		return status == FC_OK
			       ? offer_values(completion, place.row,
					      place.row->argument ? place.row->argument : "", err)
			       : FC_OK;
	}
	return offer_values(completion, row, argument, err);
}

static enum fc_status complete_word(struct completion *completion, const struct option_row *row,
				    struct fc_error *err)
{
	const char *word = completion->current;
	bool is_option = !completion->only_operands && word[0] == '-';
	const char *equals = is_option && word[1] == '-' ? strchr(word, '=') : NULL;
	completion->prefix = word;
	if (row) {
		return offer_values(completion, row, row->argument ? row->argument : "", err);
	}
	if (equals) {
		row = command_find_option(completion->command, word + 2,
					  (size_t)(equals - word) - 2, 0);
		completion->prefix_length = (size_t)(equals + 1 - word);
		completion->current = equals + 1;
		return row && row->argument ? offer_values(completion, row, row->argument, err)
					    : FC_OK;
	}
	if (is_option) {
		offer_options(completion,
			      completion->command ? completion->command->options : NULL);
		offer_options(completion, setting_rows);
		return FC_OK;
	}
	if (completion->unknown) {
		return FC_OK;
	}
	if (!completion->command) {
		complete_commands(completion, completion->group);
		return FC_OK;
	}
	return offer_operands(completion, err);
}

static void completion_release(struct completion *completion)
{
	settings_release(&completion->line);
}

static enum fc_status run(struct command_context *ctx, void *parsed, struct fc_error *err)
{
	const struct complete_args *args = parsed;
	FC_CLEANUP(completion_release) struct completion completion = { .ctx = ctx };
	const struct option_row *row;
	FC_TRY(read_line(&completion, &args->words, &row, err));
	FC_TRY(complete_word(&completion, row, err));
	return out_flush(ctx->out, err);
}

const struct command complete_command = {
	.name = "complete",
	.summary = "print what can follow on a command line",
	.synopsis = "-- WORD...",
	.options = options,
	.args_size = sizeof(struct complete_args),
	.needs = COMMAND_HIDDEN | COMMAND_LENIENT,
	.run = run,
};
