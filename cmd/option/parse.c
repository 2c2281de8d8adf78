/* Parse the command line by option tables. */
/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "base/nearest.h"
#include "option/option.h"
#include "option/renamed.h"

enum { WORD_MAXIMUM = 64 };

struct parser {
	const char *command; /* may be NULL */
	int argc;
	char *const *argv;
	int next; /* index of the next word */
	const struct option_scope *scopes;
	size_t scope_count;
};

struct found {
	const struct option_row *row;
	const struct option_scope *scope;
};

static void mark(const struct found *found)
{
	if (found->scope->given) {
		found->scope->given[found->row - found->scope->rows] = true;
	}
}

static struct found find_long(const struct parser *parser, const char *name, size_t length)
{
	for (size_t i = 0; i < parser->scope_count; i++) {
		const struct option_row *row = option_find(parser->scopes[i].rows, name, length);
		if (row) {
			return (struct found){ row, &parser->scopes[i] };
		}
	}
	return (struct found){ 0 };
}

/* Find the row of "name". For "no-NAME", find the flag NAME and set *negated. */
static struct found find_option(const struct parser *parser, const char *name, bool *negated)
{
	char opposite[WORD_MAXIMUM + 4] = "no-";
	struct found found = find_long(parser, name, strlen(name));
	*negated = false;
	if (found.row) {
		return found;
	}
	if (strncmp(name, "no-", 3) == 0) {
		found = find_long(parser, name + 3, strlen(name) - 3);
	} else {
		strncat(opposite, name, WORD_MAXIMUM);
		found = find_long(parser, opposite, strlen(opposite));
	}
	*negated = found.row != NULL;
	return *negated && option_takes_value(found.row) ? (struct found){ 0 } : found;
}

static enum fc_status fail_unknown(const struct parser *parser, const char *name,
				   struct fc_error *err)
{
	const char *candidates[128];
	size_t count = 0;
	for (size_t i = 0; i < parser->scope_count; i++) {
		for (const struct option_row *row = parser->scopes[i].rows;
		     row && row->type != OPTION_END; row++) {
			if (row->name && count + 1 < FC_ARRAY_LENGTH(candidates)) {
				candidates[count++] = row->name;
			}
		}
	}
	candidates[count] = NULL;
	const char *nearest = fc_nearest_word(name, candidates);
	return nearest ? fc_fail(err, FC_INVALID_ARGUMENT,
				 "there is no option '--%s'; did you mean '--%s'?", name, nearest)
		       : fc_fail(err, FC_INVALID_ARGUMENT, "there is no option '--%s'", name);
}

/* Find the option of `word` ("--name"), which may be an old name of it. */
static enum fc_status resolve_long(const struct parser *parser, const char *word, struct found *out,
				   bool *negated, struct fc_error *err)
{
	*out = find_option(parser, word + 2, negated);
	if (out->row) {
		return FC_OK;
	}
	const struct renamed *renamed = renamed_find(parser->command, word);
	if (renamed && !renamed->alias) {
		return renamed_fail(renamed, err);
	}
	if (renamed) {
		*out = find_option(parser, renamed->now + 2, negated);
	}
	return out->row ? FC_OK : fail_unknown(parser, word + 2, err);
}

/* Store the value of the option. value NULL: the value is the next word. */
static enum fc_status store_value(struct parser *parser, const struct found *found,
				  const char *value, const char *what, struct fc_error *err)
{
	if (!value) {
		if (parser->next >= parser->argc) {
			return fc_fail(err, FC_INVALID_ARGUMENT, "%s needs a value: %s", what,
				       found->row->argument);
		}
		value = parser->argv[parser->next++];
	}
	mark(found);
	return option_store(found->row, found->scope->values, value, what, err);
}

static enum fc_status parse_long(struct parser *parser, const char *argument, struct fc_error *err)
{
	char word[WORD_MAXIMUM + 3];
	size_t length = strcspn(argument, "=");
	const char *value = argument[length] == '=' ? argument + length + 1 : NULL;
	struct found found;
	bool negated;
	if (length >= sizeof(word)) {
		return fc_fail(err, FC_INVALID_ARGUMENT, "there is no option '%s'", argument);
	}
	memcpy(word, argument, length);
	word[length] = '\0';
	FC_TRY(resolve_long(parser, word, &found, &negated, err));
	if (option_takes_value(found.row)) {
		return store_value(parser, &found, value, word, err);
	}
	if (negated && value) {
		return fc_fail(err, FC_INVALID_ARGUMENT, "%s takes no value", word);
	}
	mark(&found);
	return option_store(found.row, found.scope->values,
			    negated ? "no" : (value ? value : "yes"), word, err);
}

static enum fc_status parse_letters(struct parser *parser, const char *word, struct fc_error *err)
{
	for (const char *cursor = word + 1; *cursor != '\0'; cursor++) {
		struct found found = { 0 };
		for (size_t i = 0; i < parser->scope_count && !found.row; i++) {
			found.row = option_find_letter(parser->scopes[i].rows, *cursor);
			found.scope = &parser->scopes[i];
		}
		const char what[3] = { '-', *cursor, '\0' };
		const struct renamed *renamed =
			found.row ? NULL : renamed_find(parser->command, what);
		if (renamed) {
			return renamed_fail(renamed, err);
		}
		if (!found.row) {
			return fc_fail(err, FC_INVALID_ARGUMENT, "there is no option '%s'", what);
		}
		if (option_takes_value(found.row)) {
			return store_value(parser, &found, cursor[1] != '\0' ? cursor + 1 : NULL,
					   what, err);
		}
		mark(&found);
		FC_TRY(option_store(found.row, found.scope->values, "yes", what, err));
	}
	return FC_OK;
}

static enum fc_status parse_operand(const struct parser *parser, const char *word,
				    struct fc_error *err)
{
	for (size_t i = 0; i < parser->scope_count; i++) {
		const struct option_row *row = option_operands(parser->scopes[i].rows);
		if (row) {
			return option_store(row, parser->scopes[i].values, word, row->argument,
					    err);
		}
	}
	return fc_fail(err, FC_INVALID_ARGUMENT, "unexpected argument '%s'", word);
}

enum fc_status options_parse(const char *command, int argc, char *const *argv,
			     const struct option_scope *scopes, size_t scope_count,
			     struct fc_error *err)
{
	struct parser parser = { command, argc, argv, 0, scopes, scope_count };
	bool only_operands = false;
	while (parser.next < argc) {
		const char *word = argv[parser.next++];
		if (only_operands || word[0] != '-' || word[1] == '\0') {
			FC_TRY(parse_operand(&parser, word, err));
		} else if (strcmp(word, "--") == 0) {
			only_operands = true;
		} else if (word[1] == '-') {
			FC_TRY(parse_long(&parser, word, err));
		} else {
			FC_TRY(parse_letters(&parser, word, err));
		}
	}
	return FC_OK;
}

enum fc_status options_check_operands(const struct option_row *rows, void *values,
				      struct fc_error *err)
{
	const struct option_row *row = option_operands(rows);
	if (!row) {
		return FC_OK;
	}
	const struct option_texts *list = (const void *)((const char *)values + row->offset);
	if (list->count < (size_t)row->minimum) {
		return fc_fail(err, FC_INVALID_ARGUMENT, "%s is missing", row->argument);
	}
	if (row->maximum > 0 && list->count > (size_t)row->maximum) {
		return fc_fail(err, FC_INVALID_ARGUMENT, "unexpected argument '%s'",
			       list->items[(size_t)row->maximum]);
	}
	return FC_OK;
}
