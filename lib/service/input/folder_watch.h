/*
 * The photos of a folder as they arrive: first those that are there, then new and changed ones, each when it is complete.
 *
 * The tree is read again when inotify reports a change, and every two seconds if it may change without a report: on network file systems,
 * and when the limit of watches is reached. A file is complete if it was closed after writing or renamed to its name, if its metadata
 * have not changed for two seconds and it is not empty, or if they are older than a minute. A file that is being written is not.
 */
/* SPDX-License-Identifier: MIT */
#ifndef FC_SERVICE_INPUT_FOLDER_WATCH_H
#define FC_SERVICE_INPUT_FOLDER_WATCH_H

#include "service/input/folder.h"

struct fc_folder_watch;

struct fc_folder_watch_options {
	struct fc_folder_options folder;
	/* Called for each folder in the root whenever the tree is read, before its photos are returned. */
	fc_folder_visit *in_root;
	void *context; /* for in_root */
};

/* Strings of the options are borrowed. Errors: those of fc_folder_open. */
enum fc_status fc_folder_watch_open(const struct fc_folder_watch_options *options,
				    struct fc_folder_watch **out, struct fc_error *err);
void fc_folder_watch_close(struct fc_folder_watch *watch);
FC_DEFINE_CLEANUP(struct fc_folder_watch *, fc_folder_watch_close);

/*
 * Wait up to wait_ms for a photo, or a folder that cannot be read. Returns early after a signal. *out is valid until the next call.
 * Errors: those of fc_folder_next.
 */
enum fc_status fc_folder_watch_next(struct fc_folder_watch *watch, int wait_ms,
				    struct fc_folder_photo *out, bool *found, struct fc_error *err);

/* Whether every photo in the tree was returned, as far as is known. */
bool fc_folder_watch_is_idle(const struct fc_folder_watch *watch);

/* Return a message about the watch itself that was not returned before, such as that the folder is gone; NULL if there is none. */
const char *fc_folder_watch_notice(struct fc_folder_watch *watch);

/* What was skipped when the tree was last read. */
const struct fc_folder_skipped *fc_folder_watch_skipped(const struct fc_folder_watch *watch);

#endif
