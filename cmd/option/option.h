/*
 * Option tables. A row describes one option for parsing, help, completions and the checks of the manual pages. The value of an
 * option is stored in a plain struct, at the offset that its row gives.
 */
/* SPDX-License-Identifier: MIT */
#ifndef FC_CMD_OPTION_OPTION_H
#define FC_CMD_OPTION_OPTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "base/error.h"

enum option_type {
	OPTION_END = 0,  /* ends a table */
	OPTION_FLAG,     /* bool; --no-NAME sets it to false */
	OPTION_SWITCH,   /* enum option_switch; --no-NAME is SWITCH_NO */
	OPTION_TEXT,     /* const char * */
	OPTION_PATH,     /* const char *: a file or folder, or several joined by colons */
	OPTION_TEXTS,    /* struct option_texts; may be repeated */
	OPTION_CHOICE,   /* unsigned: the index into choices */
	OPTION_NUMBER,   /* struct option_number */
	OPTION_NUMBERS,  /* struct option_numbers; may be repeated */
	OPTION_REAL,     /* struct option_real; a trailing % divides by 100 */
	OPTION_SIZE,     /* struct option_number, in bytes; text such as 64MiB */
	OPTION_DURATION, /* struct option_number, in milliseconds; text such as 30s */
	OPTION_OPERANDS, /* struct option_texts: the arguments that are not options */
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
	char letter; /* 0 for none */
	const char *
		name; /* without dashes; NULL for operands, and for settings that have only a key */
	/* placeholder of the value in help: "N", "FILE", "DIR"; NULL for a flag */
	const char *argument;
	size_t offset;
	const char *help;
	const char *const *choices; /* OPTION_CHOICE; ends with NULL */
	/* bounds of a number (both 0: no bounds) or of the number of operands */
	double minimum, maximum;
	/* other sources of the value; only for global options */
	const char *variable; /* environment variable */
	const char *key;      /* settings key: "limits.max-pixels" */
	const char *fallback; /* the default, as text */
	/* OPTION_TEXT: an additional check of the value; may be NULL */
	enum fc_status (*check)(const char *text, struct fc_error *err);
};

/* Store a value as if --name=text had been given. `what` is the option's name in messages. */
enum fc_status option_store(const struct option_row *row, void *values, const char *text,
			    const char *what, struct fc_error *err);

/*
 * Append the value of the row's option as text. Returns false if there is no value to show: a text that is NULL, a number that is
 * 0 and was not given, or a type with several values.
 */
bool option_show(const struct option_row *row, const void *values, struct fc_buffer *out);

void options_release(const struct option_row *rows, void *values);

/*
 * Add an allocated string to a list, which takes ownership of it, also on failure. Errors: FC_NO_MEMORY (also if text is NULL).
 */
enum fc_status option_texts_own(struct option_texts *list, char *text, struct fc_error *err);
void option_texts_release(struct option_texts *list);

/* The row with this long name or letter, or NULL. */
const struct option_row *option_find(const struct option_row *rows, const char *name,
				     size_t length);
const struct option_row *option_find_letter(const struct option_row *rows, char letter);

/* Whether the option takes a value: false for flags and switches. */
bool option_takes_value(const struct option_row *row);

/* The row of the operands, or NULL. */
const struct option_row *option_operands(const struct option_row *rows);

/* ---- parse.c: the command line ---- */

/* A table, and the struct that stores its values. */
struct option_scope {
	const struct option_row *rows;
	void *values;
	/* indexed by row: set to true if the option was on the command line; may be NULL */
	bool *given;
};

/*
 * Parse argv[0] to argv[argc - 1]. Options are looked up in the scopes in their order; operands go to the first scope that has a
 * row for them. command: the name of the command, to recognise its renamed options; NULL if there is none. Accepts "--
 * name=value", "--name value", "-nvalue", "-n value", "-abc", and "--no-name" for flags. "--" ends the options; "-" is an
 * operand. Values point into argv; options_release frees lists. Errors: FC_INVALID_ARGUMENT, FC_NO_MEMORY.
 */
enum fc_status options_parse(const char *command, int argc, char *const *argv,
			     const struct option_scope *scopes, size_t scope_count,
			     struct fc_error *err);

/* Check the number of operands. Operands given by an option with the same offset (-p FILE) count too. */
enum fc_status options_check_operands(const struct option_row *rows, void *values,
				      struct fc_error *err);

#endif
