/* What the kernel reports about the folders of a tree. */
/* SPDX-License-Identifier: MIT */
#include "service/input/folder_events.h"

#include <errno.h>
#include <linux/magic.h>
#include <stdlib.h>
#include <sys/inotify.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "base/file.h"

/* Magic numbers that linux/magic.h of older systems lacks. */
#ifndef CIFS_SUPER_MAGIC
#define CIFS_SUPER_MAGIC 0xFF534D42
#endif
#ifndef SMB2_SUPER_MAGIC
#define SMB2_SUPER_MAGIC 0xFE534D42
#endif
#ifndef FUSE_SUPER_MAGIC
#define FUSE_SUPER_MAGIC 0x65735546
#endif
#ifndef CEPH_SUPER_MAGIC
#define CEPH_SUPER_MAGIC 0x00C36400
#endif
#define VBOXSF_SUPER_MAGIC 0x786F4256

enum {
	EVENTS = IN_CLOSE_WRITE | IN_MOVED_TO | IN_MOVED_FROM | IN_CREATE | IN_MODIFY | IN_ATTRIB |
		 IN_DELETE_SELF | IN_MOVE_SELF | IN_ONLYDIR,
};

void fc_folder_events_open(struct fc_folder_events *events)
{
	*events = (struct fc_folder_events){ .fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC) };
}

void fc_folder_events_release(struct fc_folder_events *events)
{
	fc_fd_close(&events->fd);
	fc_file_table_release(&events->files);
}

enum fc_status fc_folder_events_begin_round(struct fc_folder_events *events, struct fc_error *err)
{
	if (events->stale) {
		fc_file_table_release(&events->files);
		fc_folder_events_open(events);
	}
	events->unwatched = FC_WATCHED;
	FC_TRY(fc_file_table_remove_before(&events->files, events->round, err));
	events->round++;
	return FC_OK;
}

/* Whether other machines can change a file system without an event here. */
static bool is_remote(const char *path)
{
	static const unsigned long remote[] = {
		NFS_SUPER_MAGIC,  SMB_SUPER_MAGIC,  CIFS_SUPER_MAGIC,   SMB2_SUPER_MAGIC,
		FUSE_SUPER_MAGIC, CEPH_SUPER_MAGIC, VBOXSF_SUPER_MAGIC, V9FS_MAGIC,
		AFS_SUPER_MAGIC,  CODA_SUPER_MAGIC,
	};
	struct statfs info;
	bool found = false;
	if (statfs(path, &info) != 0) {
		return false;
	}
	for (size_t i = 0; i < FC_ARRAY_LENGTH(remote) && !found; i++) {
		found = ((unsigned long)info.f_type & 0xFFFFFFFFUL) == remote[i];
	}
	return found;
}

int fc_folder_events_watch(struct fc_folder_events *events, const char *path)
{
	enum fc_unwatched unwatched = FC_WATCHED;
	if (events->stale) {
		return -1;
	}
	int tag = events->fd >= 0 ? inotify_add_watch(events->fd, path, EVENTS) : -1;
	if (tag < 0 && (events->fd < 0 || errno == ENOSPC)) {
		unwatched = FC_UNWATCHED_LIMIT;
	} else if (tag < 0 && errno != EACCES && errno != ENOENT && errno != ENOTDIR) {
		events->failure = errno;
		unwatched = FC_UNWATCHED_OTHER;
	} else if (is_remote(path)) {
		unwatched = FC_UNWATCHED_NETWORK;
	}
	if (events->unwatched == FC_WATCHED) {
		events->unwatched = unwatched;
	}
	return tag;
}

/* Apply an event. */
static enum fc_status apply(struct fc_folder_events *events, const struct inotify_event *event,
			    bool *changed, struct fc_error *err)
{
	struct fc_table_file *file;
	bool is_folder = (event->mask & IN_ISDIR) != 0;
	events->stale = (event->mask & (IN_Q_OVERFLOW | IN_MOVE_SELF)) != 0 ||
			(is_folder && (event->mask & (IN_MOVED_FROM | IN_MOVED_TO)) != 0);
	bool quiet = !is_folder && (event->mask & (IN_MODIFY | IN_MOVED_FROM | IN_IGNORED)) != 0;
	*changed = *changed || events->stale || !quiet;
	uint32_t writes = event->mask & (IN_CREATE | IN_MODIFY | IN_CLOSE_WRITE | IN_MOVED_TO);
	if (is_folder || event->len == 0 || writes == 0) {
		return FC_OK;
	}
	FC_TRY(fc_file_table_add(&events->files, fc_file_table_key(event->wd, event->name), &file,
				 err));
	/* a file that was only created may also be a hard link, which is never closed */
	file->state = writes == IN_CREATE
			      ? FC_WRITE_UNKNOWN
			      : (writes == IN_MODIFY ? FC_WRITE_GOES_ON : FC_WRITE_ENDED);
	file->round = events->round;
	return FC_OK;
}

enum fc_status fc_folder_events_read(struct fc_folder_events *events, bool *changed,
				     struct fc_error *err)
{
	enum { ROOM = 65536 };
	union {
		struct inotify_event event; /* for the alignment */
		char bytes[ROOM];
	} buffer;
	ssize_t length;
	*changed = false;
	while (events->fd >= 0 &&
	       (length = read(events->fd, buffer.bytes, sizeof(buffer.bytes))) > 0) {
		for (ssize_t at = 0; at < length && !events->stale;) {
			const struct inotify_event *event =
				(const struct inotify_event *)(const void *)(buffer.bytes + at);
			FC_TRY(apply(events, event, changed, err));
			at += (ssize_t)(sizeof(*event) + event->len);
		}
		if (events->stale) {
			fc_fd_close(&events->fd);
		}
	}
	return FC_OK;
}

enum fc_write_state fc_folder_events_state(struct fc_folder_events *events, int tag,
					   const char *name)
{
	struct fc_table_file *file =
		tag < 0 ? NULL : fc_file_table_find(&events->files, fc_file_table_key(tag, name));
	if (!file) {
		return FC_WRITE_UNKNOWN;
	}
	file->round = events->round;
	return (enum fc_write_state)file->state;
}
