/* Getting a model's networks: from a folder, a mirror or where they were published, checked before they get their names. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_SERVICE_MODEL_PULL_H
#define FC_SERVICE_MODEL_PULL_H

#include "service/remote/remote.h"
#include "vision/models/models.h"

struct fc_pull_options {
	const struct fc_model *model;
	const char *directory; /* where the files go; it is made when it is not there */
	const char *from; /* a folder, or the address of one; NULL: the descriptor's addresses */
	struct fc_remote remote;     /* the module, for addresses */
	struct fc_http_options http; /* all but the url */
	void (*progress)(void *context, const char *file, uint64_t have, uint64_t bytes);
	void *progress_context;
};

/*
 * Get one of a model's files. *path is the new file's, to be freed. Until size and SHA-256 are checked it is called FILE.part; what
 * came before an interruption stays there, and the next pull goes on with it. Anything else that fails keeps nothing.
 *
 * Errors: FC_MODEL_MISMATCH (both hashes in the text), FC_MODEL_MISSING (the descriptor has no address), FC_BUSY (another pull is at it;
 * offline, too slow, cut off), FC_UNREADABLE (not in the folder), and those of fc_download and fc_make_directories.
 */
FC_MUST_USE enum fc_status fc_model_pull(const struct fc_pull_options *options, size_t file,
					 char **path, struct fc_error *err);

#endif
