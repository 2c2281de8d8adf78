/* Copy or download the files of a model from a folder, a mirror or the publisher, and verify them. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_SERVICE_REMOTE_MODEL_PULL_H
#define FC_SERVICE_REMOTE_MODEL_PULL_H

#include "service/remote/remote.h"
#include "vision/models/models.h"

struct fc_pull_options {
	const struct fc_model *model;
	const char *directory;       /* for the files; created if it does not exist */
	const char *from;            /* a folder or its URL; NULL: the descriptor's URLs */
	struct fc_remote remote;     /* for URLs */
	struct fc_http_options http; /* all but the url */
	void (*progress)(void *context, const char *file, uint64_t have, uint64_t bytes);
	void *progress_context;
};

/*
 * Get one file of a model. *path: the path of the new file, to be freed. The file has the name FILE.part until its size and
 * SHA-256 are verified. After an interruption FILE.part remains and the next pull resumes it; after other failures it is
 * removed.
 *
 * Errors: FC_MODEL_MISMATCH (both hashes in the message), FC_MODEL_MISSING (no URL in the descriptor), FC_BUSY (another pull is
 * running; offline, too slow, connection lost), FC_UNREADABLE (not in the folder), and those of fc_download and fc_make_directories.
 */
enum fc_status fc_model_pull(const struct fc_pull_options *options, size_t file, char **path,
			     struct fc_error *err);

#endif
