/* The lock that allows one writer at a time. */
/* SPDX-License-Identifier: MIT */
#include "gallery/store/write_lock.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"

/*
 * Two bytes of the file are locked. WRITER is held while writing. TURN is held by the process that will write next. Even a process that
 * writes all the time has to wait for TURN before each change, so that it cannot keep the others from writing.
 */
enum { WRITER, TURN };

/* The writer's process id as text, padded with blanks; all blank when there is no writer. */
enum { HOLDER_SIZE = 32 };

enum fc_status fc_write_lock_open(const struct fc_directory *directory, struct fc_write_lock *out,
				  struct fc_error *err)
{
	out->fd = openat(directory->fd, FC_WRITE_LOCK_FILE,
			 O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0600);
	if (out->fd < 0 && errno != EROFS) {
		return fc_fail_errno(err, FC_IO, errno, "cannot open '%s/" FC_WRITE_LOCK_FILE "'",
				     directory->path);
	}
	return FC_OK;
}

void fc_write_lock_close(struct fc_write_lock *lock)
{
	fc_fd_close(&lock->fd);
}

/* A lock of the open file, not of the process: closing another descriptor of the file does not drop it. */
static int set_lock(const struct fc_write_lock *lock, off_t byte, short type)
{
	struct flock range = { .l_type = type, .l_whence = SEEK_SET, .l_start = byte, .l_len = 1 };
	return fcntl(lock->fd, F_OFD_SETLK, &range);
}

/* The text is only shown in messages, so a failure, such as a full disk, is ignored. */
static void write_holder(const struct fc_write_lock *lock, const char *holder)
{
	char text[HOLDER_SIZE + 1];
	snprintf(text, sizeof(text), "%-*s\n", HOLDER_SIZE - 1, holder);
	FC_IGNORE(pwrite(lock->fd, text, HOLDER_SIZE, 0));
}

/* Read the writer's process id; 0 if there is none. */
static long read_holder(const struct fc_write_lock *lock)
{
	char text[HOLDER_SIZE + 1] = "";
	if (pread(lock->fd, text, HOLDER_SIZE, 0) < 0) {
		return 0;
	}
	return strtol(text, NULL, 10);
}

/*
 * Block signals: a writer must not be ended or stopped during a change. A waiting process may be ended but not stopped, because it would
 * keep TURN.
 */
static void block_signals(const struct fc_write_lock *lock, bool writing)
{
	sigset_t set = lock->signals;
	sigaddset(&set, SIGTSTP);
	if (writing) {
		sigaddset(&set, SIGINT);
		sigaddset(&set, SIGTERM);
		sigaddset(&set, SIGHUP);
	}
	FC_IGNORE(pthread_sigmask(SIG_SETMASK, &set, NULL));
}

static void restore_signals(const struct fc_write_lock *lock)
{
	FC_IGNORE(pthread_sigmask(SIG_SETMASK, &lock->signals, NULL));
}

static enum fc_status wait_for(const struct fc_write_lock *lock, off_t byte, int64_t deadline,
			       const char *gallery, unsigned timeout, struct fc_error *err)
{
	for (;;) {
		block_signals(lock, byte == WRITER);
		if (set_lock(lock, byte, F_WRLCK) == 0) {
			return FC_OK;
		}
		int os_errno = errno;
		block_signals(lock, false);
		if (os_errno != EAGAIN && os_errno != EACCES && os_errno != EINTR) {
			return fc_fail_errno(err, FC_IO, os_errno, "cannot lock gallery '%s'",
					     gallery);
		}
		if (fc_clock_monotonic_ms() >= deadline) {
			char holder[40] = "another process";
			long process = read_holder(lock);
			if (process > 0) {
				snprintf(holder, sizeof(holder), "process %ld", process);
			}
			return fc_fail(err, FC_BUSY,
				       "gallery '%s' is being written by %s: waited %.1f s",
				       gallery, holder, timeout / 1000.0);
		}
		FC_IGNORE(usleep(500));
	}
}

enum fc_status fc_write_lock_take(struct fc_write_lock *lock, const char *gallery, unsigned timeout,
				  struct fc_error *err)
{
	FC_IGNORE(pthread_sigmask(SIG_SETMASK, NULL, &lock->signals));
	int64_t deadline = fc_clock_monotonic_ms() + timeout;
	enum fc_status status = wait_for(lock, TURN, deadline, gallery, timeout, err);
	if (status == FC_OK) {
		status = wait_for(lock, WRITER, deadline, gallery, timeout, err);
		FC_IGNORE(set_lock(lock, TURN, F_UNLCK));
	}
	if (status != FC_OK) {
		restore_signals(lock);
		return status;
	}
	char holder[HOLDER_SIZE];
	snprintf(holder, sizeof(holder), "%ld", (long)getpid());
	write_holder(lock, holder);
	return FC_OK;
}

void fc_write_lock_release(struct fc_write_lock *lock)
{
	write_holder(lock, "");
	FC_IGNORE(set_lock(lock, WRITER, F_UNLCK));
	restore_signals(lock);
}

long fc_write_lock_holder(const struct fc_write_lock *lock)
{
	struct flock range = {
		.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = WRITER, .l_len = 1
	};
	bool held = lock->fd >= 0 && fcntl(lock->fd, F_OFD_GETLK, &range) == 0 &&
		    range.l_type != F_UNLCK;
	return held ? read_holder(lock) : 0;
}
