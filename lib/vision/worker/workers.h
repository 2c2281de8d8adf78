/*
 * Worker processes that look at photos: started, fed, watched and restarted by this side, which never sees a pixel.
 *
 * Each worker is the helper program facectl-worker, started with an environment of its own and nothing inherited but one
 * socket. It loads its models, locks itself in (see vision/worker/sandbox.h), and only then reads image bytes. A worker that crashes or
 * runs out of time costs the photo it held.
 */
/* SPDX-License-Identifier: MIT */
#ifndef FC_VISION_WORKERS_H
#define FC_VISION_WORKERS_H

#include "base/buffer.h"
#include "base/error.h"
#include "vision/face.h"
#include "vision/worker/worker.h"

struct fc_workers;

/*
 * Start the workers and return at once; they load their models while the caller goes on. A failure to load shows as the result
 * of the first wait. Errors: FC_MODEL_MISSING (a network file is not there), FC_IO, FC_NO_MEMORY.
 */
FC_MUST_USE enum fc_status fc_workers_start(const struct fc_workers_options *options,
					    struct fc_workers **out, struct fc_error *err);

/* End and reap every worker. Accepts NULL. */
void fc_workers_stop(struct fc_workers *workers);
FC_DEFINE_CLEANUP(struct fc_workers *, fc_workers_stop);

/* How many photos can be submitted before one must be waited for: two a worker, so that none runs dry. */
size_t fc_workers_room(const struct fc_workers *workers);

/* Photos submitted and not yet returned by fc_workers_wait. */
size_t fc_workers_pending(const struct fc_workers *workers);

/*
 * Give a photo to a worker. fd is a regular file or a memfd, open for reading, and is taken over in every case. ticket is the
 * caller's and comes back with the result. Call only while fc_workers_room() > 0. With FC_WANT_OF_CROP the file is an aligned crop,
 * as fc_crop_encode makes it.
 * Errors: FC_INVALID_ARGUMENT (no room, or something wanted whose model the workers lack). A file that is no photo is no error here.
 */
FC_MUST_USE enum fc_status fc_workers_submit(struct fc_workers *workers, uint64_t ticket, int fd,
					     enum fc_want want, struct fc_error *err);

/*
 * Wait for the next finished photo, in whatever order they finish. *out is the caller's to release, and holds at least what is
 * known (bytes, sha256, format, size) when the worker refused the photo.
 *
 * *photo_status and photo_err tell of the photo: FC_OK (faces may be none), FC_BAD_IMAGE, FC_TOO_LARGE, FC_UNREADABLE, FC_INTERNAL,
 * FC_WORKER_DIED (the text names the signal), FC_WORKER_KILLED (by somebody else, such as the kernel when memory runs out: the
 * photo need not be the cause) or FC_TIMED_OUT (the time limit): what is known then is nothing.
 * The return value tells of the workers: FC_OK; FC_BUSY when a signal handler ran meanwhile (nothing is lost: call again, or stop);
 * FC_MODEL_MISMATCH, FC_MODEL_MISSING or FC_IO (no worker can load; so will every later wait return, once what was finished before
 * is handed out); FC_INVALID_ARGUMENT (no photo is pending); FC_NO_MEMORY.
 */
FC_MUST_USE enum fc_status fc_workers_wait(struct fc_workers *workers, uint64_t *ticket,
					   struct fc_analysis *out, enum fc_status *photo_status,
					   struct fc_error *photo_err, struct fc_error *err);

/*
 * Draw marks on a photo. image_out gets the bytes of a JPEG (quality 92) or PNG file in displayed orientation, without the
 * photo's metadata. fd is taken over. At most FC_FACES_MAXIMUM marks; labels are cut at 256 bytes. Waits for its own answer, through
 * signals too; other pending photos stay pending. Errors: those of the photo and those of the workers, as in fc_workers_wait.
 */
FC_MUST_USE enum fc_status fc_workers_annotate(struct fc_workers *workers, int fd,
					       const struct fc_drawing *drawing,
					       struct fc_buffer *image_out, struct fc_error *err);

/* Start one worker, ask it what it locked, and stop it. */
FC_MUST_USE enum fc_status fc_workers_probe(const struct fc_workers_options *options,
					    struct fc_protections *out, struct fc_error *err);

#endif
