/* api --cgi: answer one request of a web server by CGI/1.1 (RFC 3875). */
/* SPDX-License-Identifier: MIT */
#ifndef FC_CMD_COMMANDS_API_CGI_H
#define FC_CMD_COMMANDS_API_CGI_H

#include "command.h"

/*
 * Check the environment of the web server. Errors: FC_INVALID_ARGUMENT (not started by a web server).
 */
enum fc_status cgi_check(struct fc_error *err);

/* Append the path of the request, as the client sees it, to an empty buffer. */
void cgi_append_path(struct fc_buffer *out);

/*
 * Read a request, answer it, and write the answer. The keys are those of the file. FC_OK when an answer was written, whatever its HTTP status;
 * failures of the engine are answered with 500 or 503 and go to standard error, which web servers log.
 */
enum fc_status cgi_run(struct command_context *ctx, const char *keys_path, struct fc_error *err);

#endif
