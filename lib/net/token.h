/* The access token of a service: read from a file, a value or a command, never from an argument. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_NET_TOKEN_H
#define FC_NET_TOKEN_H

#include "base/error.h"

/* Exactly one of file, value and command is set. Strings are borrowed. */
struct fc_token_source {
	const char *file; /* the token is the first line; group and others may not read the file */
	const char *value;
	const char *value_name;      /* the environment variable of the value, for messages */
	const char *command;         /* for /bin/sh; the token is the first line it prints */
	char *const *environment;    /* of the command */
	unsigned command_timeout_ms; /* 0: 60 seconds */
};

/* { NULL } is empty. */
struct fc_token {
	char *text; /* printable ASCII without spaces */
};

/*
 * Errors: FC_PERMISSION (the file is missing or others may read it, the command failed, or the first line is empty),
 * FC_INVALID_ARGUMENT (not exactly one source, or not a token), FC_BUSY (the command took too long), FC_IO, FC_NO_MEMORY, FC_INTERNAL (there
 * is a command, and the process ignores SIGCHLD).
 * Error texts contain no part of the token.
 */
enum fc_status fc_token_load(const struct fc_token_source *source, struct fc_token *out,
			     struct fc_error *err);

/* Wipes the token from memory. */
void fc_token_release(struct fc_token *token);

#endif
