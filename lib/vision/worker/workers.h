/*
 * Worker processes analyse photos. facectl starts, feeds, watches and restarts them, and never decodes an image itself.
 *
 * A worker is the program facectl-worker, started with its own environment and one inherited socket. It loads its models, enters its
 * sandbox (see vision/worker/sandbox.h), and only then reads image bytes. If a worker crashes or is too slow, its current photo is
 * tried once more, in a fresh worker and while no other photo is processed, because the cause may be the previous photo, another
 * process, or too little memory for all workers. If that worker fails too, the photo fails.
 */
/* SPDX-License-Identifier: MIT */
#ifndef FC_VISION_WORKER_WORKERS_H
#define FC_VISION_WORKER_WORKERS_H

#include "base/buffer.h"
#include "base/error.h"
#include "vision/face.h"
#include "vision/worker/worker.h"

struct fc_workers;

/*
 * Start the workers and return at once; they load their models in the background. If loading fails, the first fc_workers_wait
 * returns the error. Errors: FC_MODEL_MISSING (a network file does not exist), FC_IO, FC_NO_MEMORY.
 */
enum fc_status fc_workers_start(const struct fc_workers_options *options, struct fc_workers **out,
				struct fc_error *err);

/* End and reap every worker. Accepts NULL. */
void fc_workers_stop(struct fc_workers *workers);
FC_DEFINE_CLEANUP(struct fc_workers *, fc_workers_stop);

/* Kill the workers without waiting until they have ended. Afterwards call only fc_workers_stop. */
void fc_workers_kill(struct fc_workers *workers);

/* How many photos can be submitted before fc_workers_wait must be called: two for each worker, so that none becomes idle. */
size_t fc_workers_room(const struct fc_workers *workers);

/* How many photos were submitted and not yet returned by fc_workers_wait. */
size_t fc_workers_pending(const struct fc_workers *workers);

/*
 * Submit a photo. fd is a regular file or a memfd, open for reading. Takes ownership of fd, even if this fails. ticket: a value
 * chosen by the caller, which is returned with the result. Call only while fc_workers_room() > 0. With FC_WANT_OF_CROP the file
 * is an aligned crop, as created by fc_crop_encode. Errors: FC_INVALID_ARGUMENT (no room, or the workers have no model for what
 * is requested). A file that is not a photo is reported in its result, not here.
 */
enum fc_status fc_workers_submit(struct fc_workers *workers, uint64_t ticket, int fd,
				 enum fc_want want, struct fc_error *err);

/*
 * Wait for the next finished photo, in any order. The caller releases *out. If the worker refused the photo, *out has the values
 * that could be determined (bytes, sha256, format, size).
 *
 * *photo_status and photo_err are the result of the photo: FC_OK (there may be no faces), FC_BAD_IMAGE, FC_TOO_LARGE,
 * FC_UNREADABLE (also: the file changes while it is read, or the codecs module cannot be loaded), FC_INTERNAL (also: ended by
 * the sandbox), FC_WORKER_DIED (the text names the signal), FC_WORKER_KILLED (killed from outside, such as by the kernel when memory
 * runs out: the photo is not necessarily the cause) or FC_TIMED_OUT (the time limit). If its worker failed, *out is empty. FC_MODEL_MISMATCH: a network
 * returned values that its descriptor does not allow, such as NaN. The return value is the state of the workers: FC_OK; FC_BUSY (a signal handler ran; nothing is lost: call
 * again, or stop); FC_MODEL_MISMATCH, FC_MODEL_MISSING, FC_UNSUPPORTED (the sandbox, see fc_sandbox_rule) or FC_IO (no worker
 * can load; every later wait fails too, after all finished photos were returned); FC_INVALID_ARGUMENT (no photo is pending);
 * FC_NO_MEMORY.
 */
enum fc_status fc_workers_wait(struct fc_workers *workers, uint64_t *ticket,
			       struct fc_analysis *out, enum fc_status *photo_status,
			       struct fc_error *photo_err, struct fc_error *err);

/*
 * Draw marks on a photo, or cut a part out of it. The bytes of a JPEG (quality 92, of a part 95) or PNG file in displayed orientation, without
 * the photo's metadata, are appended to image_out. Takes ownership of fd. There may be at most FC_FACES_MAXIMUM marks; labels are cut at 256 bytes.
 * Waits for the result even when signals arrive; other photos remain pending. Errors: those of the photo and those of the
 * workers, as in fc_workers_wait.
 */
enum fc_status fc_workers_draw(struct fc_workers *workers, int fd, const struct fc_drawing *drawing,
			       struct fc_buffer *image_out, struct fc_error *err);

/* Start one worker, get the protections of its sandbox, and stop it. */
enum fc_status fc_workers_probe(const struct fc_workers_options *options,
				struct fc_protections *out, struct fc_error *err);

#endif
