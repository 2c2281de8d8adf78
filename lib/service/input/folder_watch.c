/* The photos of a folder as they arrive. */
/* SPDX-License-Identifier: MIT */
#include "service/input/folder_watch.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/memory.h"
#include "service/input/folder_events.h"

/* in milliseconds */
enum {
	STABLE = 2000,   /* a file whose metadata stay the same for this time is complete */
	OLD = 60000,     /* so is one whose metadata are this old */
	TICK = 20,       /* files may change again within this time without a new timestamp */
	INTERVAL = 2000, /* between reads of a tree that cannot be watched */
	REST = 3,        /* after a read, pause for this many times its duration */
};

/* States of files in the table. */
enum { FILE_WAITS = 0, FILE_RETURNED };

static const int64_t never = INT64_MAX;

struct fc_folder_watch {
	struct fc_folder_watch_options options;
	struct fc_folder_events events;
	struct fc_file_table files; /* by path */
	struct fc_folder *walk;     /* NULL: the tree is not being read */
	uint32_t round;
	/* on the monotonic clock, in milliseconds */
	int64_t due;      /* when the tree must be read again */
	int64_t earliest; /* when it may be read again */
	int64_t walked;   /* time spent in the walk so far, in microseconds */
	bool idle, missing;
	enum fc_unwatched reported; /* the last reason that was put into notice */
	bool has_notice;
	char notice[512];
	struct fc_folder_skipped skipped;
};

void fc_folder_watch_close(struct fc_folder_watch *watch)
{
	if (watch) {
		fc_folder_close(watch->walk);
		fc_folder_events_release(&watch->events);
		fc_file_table_release(&watch->files);
		free(watch);
	}
}

static int entered(void *context, const char *path)
{
	struct fc_folder_watch *watch = context;
	return fc_folder_events_watch(&watch->events, path);
}

static void set_due(struct fc_folder_watch *watch, int64_t time)
{
	time = time > watch->earliest ? time : watch->earliest;
	watch->due = time < watch->due ? time : watch->due;
}

/* ---- reading the tree ---- */

static enum fc_status begin_walk(struct fc_folder_watch *watch, struct fc_error *err)
{
	watch->walked = 0;
	watch->due = never;
	watch->idle = false;
	watch->round++;
	FC_TRY(fc_folder_events_begin_round(&watch->events, err));
	FC_TRY(fc_folder_open(&watch->options.folder, &watch->walk, err));
	if (watch->options.in_root) {
		fc_folder_each_in_root(watch->walk, watch->options.in_root, watch->options.context);
	}
	return FC_OK;
}

/* Begin to read the tree again. If the folder is gone, try again later. */
static enum fc_status walk_again(struct fc_folder_watch *watch, struct fc_error *err)
{
	struct fc_error failure = { 0 };
	const char *root = watch->options.folder.root;
	enum fc_status status = begin_walk(watch, &failure);
	if (status != FC_OK && status != FC_UNREADABLE) {
		return fc_fail(err, status, "%s", failure.text);
	}
	bool was_missing = watch->missing;
	watch->missing = status == FC_UNREADABLE;
	if (watch->missing) {
		watch->idle = true;
		watch->earliest = 0;
		set_due(watch, fc_clock_monotonic_ms() + INTERVAL);
	}
	if (watch->missing != was_missing) {
		watch->has_notice = true;
		snprintf(watch->notice, sizeof(watch->notice),
			 watch->missing ? "%.400s; waiting for the folder"
					: "the folder '%.400s' is there again",
			 watch->missing ? failure.text : root);
	}
	return FC_OK;
}

static void note_unwatched(struct fc_folder_watch *watch)
{
	enum fc_unwatched unwatched = watch->events.unwatched;
	const char *root = watch->options.folder.root;
	if (unwatched == FC_WATCHED || unwatched == watch->reported) {
		return;
	}
	watch->reported = unwatched;
	watch->has_notice = true;
	const char *const reasons[] = {
		[FC_UNWATCHED_LIMIT] = "the limit of watches is reached (sysctl "
				       "fs.inotify.max_user_watches and max_user_instances)",
		[FC_UNWATCHED_NETWORK] = "it is on a network file system",
		[FC_UNWATCHED_OTHER] = strerror(watch->events.failure),
	};
	snprintf(watch->notice, sizeof(watch->notice),
		 "'%.300s' is read again every few seconds, because changes are not reported: %s",
		 root, reasons[unwatched]);
}

static enum fc_status end_walk(struct fc_folder_watch *watch, struct fc_error *err)
{
	int64_t now = fc_clock_monotonic_ms();
	watch->skipped = *fc_folder_skipped(watch->walk);
	fc_folder_closep(&watch->walk);
	note_unwatched(watch);
	watch->idle = watch->due == never;
	watch->earliest = now + REST * watch->walked / 1000;
	if (watch->due != never) {
		int64_t due = watch->due;
		watch->due = never;
		set_due(watch, due);
	}
	if (watch->events.unwatched != FC_WATCHED) {
		set_due(watch, now + INTERVAL);
	}
	return fc_file_table_remove_before(&watch->files, watch->round, err);
}

/* ---- photos ---- */

static struct fc_file_identity identity_of(const struct stat *info)
{
	enum { NANOSECONDS = 1000000000 };
	return (struct fc_file_identity){
		.device = info->st_dev,
		.inode = info->st_ino,
		.size = (uint64_t)info->st_size,
		.modified = (int64_t)info->st_mtim.tv_sec * NANOSECONDS + info->st_mtim.tv_nsec,
		.changed = (int64_t)info->st_ctim.tv_sec * NANOSECONDS + info->st_ctim.tv_nsec,
	};
}

/* Whether a file that was the same since file->since is complete. If not, *wait: after how long it may be; `never` if an event will tell. */
static bool is_complete(const struct fc_table_file *file, enum fc_write_state state, int64_t now,
			int64_t *wait)
{
	int64_t age = fc_clock_now() / 1000 - file->identity.changed / 1000000;
	int64_t watched = now - file->since;
	bool stable = watched >= STABLE && file->identity.size > 0;
	*wait = never;
	if (state == FC_WRITE_GOES_ON) {
		return false;
	}
	if (age >= OLD || stable || (state == FC_WRITE_ENDED && age >= TICK)) {
		return true;
	}
	if (state == FC_WRITE_ENDED && age >= 0) {
		*wait = TICK - age;
	} else if (file->identity.size > 0) {
		*wait = STABLE - watched;
	} else {
		*wait = age >= 0 ? OLD - age : OLD;
	}
	return false;
}

/* Whether a photo of the walk must be returned now. */
static enum fc_status check_photo(struct fc_folder_watch *watch,
				  const struct fc_folder_photo *photo, bool *found,
				  struct fc_error *err)
{
	struct stat info;
	struct fc_table_file *file;
	struct fc_file_identity identity = { 0 };
	int64_t wait, now = fc_clock_monotonic_ms();
	*found = false;
	if (!photo->error && stat(photo->path, &info) != 0) {
		return FC_OK; /* it is gone */
	}
	if (!photo->error) {
		identity = identity_of(&info);
	}
	FC_TRY(fc_file_table_add(&watch->files, fc_file_table_key(0, photo->path), &file, err));
	enum fc_write_state state =
		fc_folder_events_state(&watch->events, photo->tag, fc_path_name(photo->path));
	bool is_new = file->round == 0;
	file->round = watch->round;
	if (is_new || !fc_file_identity_equal(&file->identity, &identity)) {
		file->identity = identity;
		file->since = now;
		file->state = FILE_WAITS;
	}
	if (file->state == FILE_RETURNED) {
		return FC_OK;
	}
	*found = photo->error || is_complete(file, state, now, &wait);
	if (*found) {
		file->state = FILE_RETURNED;
	} else {
		watch->due = wait == never || now + wait > watch->due ? watch->due : now + wait;
	}
	return FC_OK;
}

static enum fc_status walk_on(struct fc_folder_watch *watch, struct fc_folder_photo *out,
			      bool *found, struct fc_error *err)
{
	int64_t begun = fc_clock_monotonic_us();
	while (watch->walk) {
		bool end = false;
		FC_TRY(fc_folder_next(watch->walk, out, &end, err));
		int64_t now = fc_clock_monotonic_us();
		watch->walked += now - begun;
		begun = now;
		if (end) {
			return end_walk(watch, err);
		}
		FC_TRY(check_photo(watch, out, found, err));
		if (*found) {
			return FC_OK;
		}
	}
	return FC_OK;
}

/* ---- the watch ---- */

enum fc_status fc_folder_watch_open(const struct fc_folder_watch_options *options,
				    struct fc_folder_watch **out, struct fc_error *err)
{
	FC_CLEANUP(fc_folder_watch_closep)
	struct fc_folder_watch *watch = calloc(1, sizeof(*watch));
	if (!watch) {
		return fc_fail_memory(err);
	}
	watch->options = *options;
	watch->options.folder.entered = entered;
	watch->options.folder.context = watch;
	fc_folder_events_open(&watch->events);
	FC_TRY(begin_walk(watch, err));
	*out = FC_STEAL(watch);
	return FC_OK;
}

static enum fc_status read_events(struct fc_folder_watch *watch, struct fc_error *err)
{
	bool changed;
	FC_TRY(fc_folder_events_read(&watch->events, &changed, err));
	if (changed) {
		watch->idle = false;
		/* a file that arrived just now is complete after a tick */
		set_due(watch, fc_clock_monotonic_ms() + TICK + 1);
	}
	return FC_OK;
}

enum fc_status fc_folder_watch_next(struct fc_folder_watch *watch, int wait_ms,
				    struct fc_folder_photo *out, bool *found, struct fc_error *err)
{
	int64_t end = fc_clock_monotonic_ms() + wait_ms;
	*found = false;
	for (;;) {
		FC_TRY(read_events(watch, err));
		if (!watch->walk && fc_clock_monotonic_ms() >= watch->due) {
			FC_TRY(walk_again(watch, err));
		}
		FC_TRY(walk_on(watch, out, found, err));
		int64_t now = fc_clock_monotonic_ms();
		if (*found || watch->has_notice || now >= end) {
			return FC_OK;
		}
		int64_t until = watch->due < end ? watch->due : end;
		struct pollfd events = { .fd = watch->events.fd, .events = POLLIN };
		if (until > now && poll(&events, 1, (int)(until - now)) < 0) {
			/* after a signal, the caller checks whether to stop */
			return errno == EINTR
				       ? FC_OK
				       : fc_fail_errno(err, FC_IO, errno, "cannot wait for photos");
		}
	}
}

bool fc_folder_watch_is_idle(const struct fc_folder_watch *watch)
{
	return watch->idle;
}

const char *fc_folder_watch_notice(struct fc_folder_watch *watch)
{
	bool has_notice = watch->has_notice;
	watch->has_notice = false;
	return has_notice ? watch->notice : NULL;
}

const struct fc_folder_skipped *fc_folder_watch_skipped(const struct fc_folder_watch *watch)
{
	return watch->walk ? fc_folder_skipped(watch->walk) : &watch->skipped;
}
