/* The secret that a service knows its client by: out of a file, a value, or a command, never out of an argument. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_NET_TOKEN_H
#define FC_NET_TOKEN_H

#include "base/error.h"

/* Where it comes from: just one of file, value and command. Strings are borrowed. */
struct fc_token_source {
	const char *file; /* its first line; the file must be its owner's alone */
	const char *value;
	/* what to call the value in messages: the environment variable it came from */
	const char *value_name;
	const char *command;      /* for /bin/sh; the first line it prints */
	char *const *environment; /* for the command */
};

/* { NULL } is an empty one. */
struct fc_token {
	char *text; /* printable ASCII without spaces */
};

/*
 * Errors: FC_PERMISSION (the file is not there or may be read by others, the command failed, or there is no token in it),
 * FC_INVALID_ARGUMENT (not just one source, or what was found cannot be a token), FC_IO, FC_NO_MEMORY. No text holds any of the token.
 */
FC_MUST_USE enum fc_status fc_token_load(const struct fc_token_source *source, struct fc_token *out,
					 struct fc_error *err);

/* Wipes it. */
void fc_token_release(struct fc_token *token);

#endif
