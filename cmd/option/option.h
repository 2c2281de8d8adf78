/*
 * Option tables: one constant row per option drives parsing, help, completions and the lint of the manual pages.
 *
 * A value is stored into a plain struct at the offset of its row.
 */
/* SPDX-License-Identifier: MIT */
#ifndef FC_CMD_OPTION_H
#define FC_CMD_OPTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "base/error.h"

enum option_type {
	OPTION_END = 0,  /* ends a table */
	OPTION_FLAG,     /* bool; --no-NAME switches it off */
	OPTION_SWITCH,   /* enum option_switch; --no-NAME is SWITCH_NO */
	OPTION_TEXT,     /* const char * */
	OPTION_PATH,     /* const char *: a file or folder, or several joined by colons */
	OPTION_TEXTS,    /* struct option_texts; may be repeated */
	OPTION_CHOICE,   /* unsigned: the index into choices */
	OPTION_NUMBER,   /* struct option_number */
	OPTION_NUMBERS,  /* struct option_numbers; may be repeated */
	OPTION_REAL,     /* struct option_real; a trailing % divides by 100 */
	OPTION_SIZE,     /* struct option_number, bytes; 64MiB */
	OPTION_DURATION, /* struct option_number, milliseconds; 30s */
	OPTION_OPERANDS, /* struct option_texts: the words that are not options */
};

/* A flag with a third state: not given. */
enum option_switch { SWITCH_UNSAID = 0, SWITCH_NO, SWITCH_YES };

struct option_texts {
	const char **items;
	size_t count, capacity;
};

struct option_number {
	bool given;
	uint64_t value;
};

struct option_numbers {
	uint64_t *items;
	size_t count, capacity;
};

struct option_real {
	bool given;
	double value;
};

struct option_row {
	enum option_type type;
	char letter;          /* 0 for none */
	const char *name;     /* without dashes; NULL for operands */
	const char *argument; /* its value in help: "N", "FILE", "DIR"; NULL for a flag */
	size_t offset;
	const char *help;
	const char *const *choices; /* OPTION_CHOICE; ends with NULL */
	double minimum, maximum; /* of a number (both 0: no bounds), or of the count of operands */
	/* only global options: other sources of their values */
	const char *variable; /* environment variable */
	const char *key;      /* settings key: "limits.max-pixels" */
	const char *fallback; /* the default, as text */
};

/* Store one value as if --name=text had been given; `what` names the row in messages. */
FC_MUST_USE enum fc_status option_store(const struct option_row *row, void *values,
					const char *text, const char *what, struct fc_error *err);

/*
 * Append the row's value as text. False if it has none: a text that is NULL, a number that was not given and is 0, or a type with
 * several values.
 */
bool option_show(const struct option_row *row, const void *values, struct fc_buffer *out);

void options_release(const struct option_row *rows, void *values);

/* Add a string to a list that owns its strings; it is freed on failure. text NULL: FC_NO_MEMORY. */
FC_MUST_USE enum fc_status option_texts_own(struct option_texts *list, char *text,
					    struct fc_error *err);
void option_texts_release(struct option_texts *list);

/* The row of a long name or of a letter, or NULL. */
const struct option_row *option_find(const struct option_row *rows, const char *name,
				     size_t length);
const struct option_row *option_find_letter(const struct option_row *rows, char letter);

/* False for flags and switches. */
bool option_takes_value(const struct option_row *row);

/* The row that takes the operands, or NULL. */
const struct option_row *option_operands(const struct option_row *rows);

/* ---- parse.c: the command line ---- */

/* A table, and the struct that its rows fill. */
struct option_scope {
	const struct option_row *rows;
	void *values;
	bool *given; /* by row: whether it was on the command line; may be NULL */
};

/*
 * Parse argv[0] to argv[argc - 1]. An option is looked up in each scope in turn; operands go to the first scope that takes them.
 * command: whose words they are, for old spellings; NULL for none.
 * "--name=value", "--name value", "-nvalue", "-n value", "-abc", "--no-name" for flags; "--" ends the options; "-" is an operand.
 * Errors: FC_INVALID_ARGUMENT, FC_NO_MEMORY. Values point into argv; lists are freed by options_release.
 */
FC_MUST_USE enum fc_status options_parse(const char *command, int argc, char *const *argv,
					 const struct option_scope *scopes, size_t scope_count,
					 struct fc_error *err);

/* Refuse too few or too many operands; those given by an option with the same offset (-p FILE) count. */
FC_MUST_USE enum fc_status options_check_operands(const struct option_row *rows, void *values,
						  struct fc_error *err);

#endif
