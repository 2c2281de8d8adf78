/*
 * What the kernel reports about the folders of a tree (inotify): that something changed, and whether a file is being written. Private to
 * watching a folder.
 */
/* SPDX-License-Identifier: MIT */
#ifndef FC_SERVICE_INPUT_FOLDER_EVENTS_H
#define FC_SERVICE_INPUT_FOLDER_EVENTS_H

#include "service/input/file_table.h"

/* Why a folder cannot be watched, so that it must be read again at intervals. */
enum fc_unwatched { FC_WATCHED = 0, FC_UNWATCHED_LIMIT, FC_UNWATCHED_NETWORK, FC_UNWATCHED_OTHER };

enum fc_write_state {
	FC_WRITE_UNKNOWN = 0,
	FC_WRITE_GOES_ON, /* it was written to, and not closed since */
	FC_WRITE_ENDED,   /* it was closed after writing, or renamed to its name */
};

struct fc_folder_events {
	int fd; /* of inotify; -1: there is none */
	/* Events were lost, or a folder was moved, whose watches may report about folders outside the tree: the next round starts again. */
	bool stale;
	uint32_t round;
	struct fc_file_table files;  /* by tag of the folder and name: their write states */
	enum fc_unwatched unwatched; /* of the first folder of this round that cannot be watched */
	int failure;                 /* errno, of FC_UNWATCHED_OTHER */
};

void fc_folder_events_open(struct fc_folder_events *events);
void fc_folder_events_release(struct fc_folder_events *events);

/* Begin to read the whole tree again. States of files that are not asked for before the next round are removed. Errors: FC_NO_MEMORY. */
enum fc_status fc_folder_events_begin_round(struct fc_folder_events *events, struct fc_error *err);

/* Watch a folder. Returns its tag, or -1 if it cannot be watched. */
int fc_folder_events_watch(struct fc_folder_events *events, const char *path);

/*
 * Read all events that are there, without waiting. *changed: a file or folder may be new or complete, so the tree must be read again.
 * Errors: FC_NO_MEMORY.
 */
enum fc_status fc_folder_events_read(struct fc_folder_events *events, bool *changed,
				     struct fc_error *err);

/* The write state of a file; for tag -1 it is unknown. */
enum fc_write_state fc_folder_events_state(struct fc_folder_events *events, int tag,
					   const char *name);

#endif
