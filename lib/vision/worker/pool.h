/* The pool of workers: queued jobs, the workers that have them, and one round of sending and receiving. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_VISION_WORKER_POOL_H
#define FC_VISION_WORKER_POOL_H

#include "base/buffer.h"
#include "vision/worker/process.h"
#include "vision/worker/worker.h"

enum { FC_PHOTOS_PER_WORKER = 2 /* sent to one worker: the current one and the next */ };

enum fc_job_state { FC_JOB_FREE, FC_JOB_QUEUED, FC_JOB_SENT, FC_JOB_DONE };

/* One photo and its result. */
struct fc_job {
	enum fc_job_state state;
	uint64_t serial; /* increases with every submission */
	uint64_t ticket;
	int fd;
	uint64_t
		pixels; /* of the photo, by its header; the limit if that does not have it, or more */
	bool codecs;    /* needs a worker with the codecs module */
	bool alone; /* a worker failed on it: it is tried once more in a fresh worker, while no other job is sent */
	enum fc_want want;
	const struct fc_drawing *drawing; /* marks to draw; NULL: analyse the photo */
	struct fc_error result;           /* valid when done, like the members below */
	struct fc_analysis analysis;
	struct fc_buffer picture;
};

enum fc_worker_state { FC_WORKER_NONE, FC_WORKER_LOADING, FC_WORKER_READY };

struct fc_worker {
	enum fc_worker_state state;
	bool codecs; /* constant: false in the first half of the pool, true in the second half, whose workers load the codecs module */
	struct fc_worker_process process;
	struct fc_buffer incoming;
	/* in the order of sending; it works on the first */
	struct fc_job *sent[FC_PHOTOS_PER_WORKER];
	size_t sent_count;
	unsigned photos; /* number of responses since it started */
	int64_t waited;  /* milliseconds that poll waited during its current work */
};

struct fc_workers {
	struct fc_workers_options options;
	char *program;
	char *codecs_module;
	struct fc_worker *workers; /* 2 * options.count */
	size_t worker_count;
	struct fc_job *jobs; /* one for each photo that may be sent, and one for a drawing */
	size_t job_count;
	uint64_t last_serial;
	uint64_t pixel_budget; /* of all photos that are sent, unless there is only one */
	unsigned dead_loads;
	bool ready;                        /* at least one worker has become ready */
	struct fc_protections protections; /* of the last worker that became ready */
	bool reported_sandbox;             /* report_incomplete_sandbox was called */
	struct fc_error failure; /* why no worker can load its models; FC_OK: no such failure */
};

/* Start the process of a worker that has none. An error is stored in workers->failure. */
void fc_pool_start_worker(struct fc_workers *workers, struct fc_worker *worker);

/* End and reap a worker; its jobs go back into the queue. end: see fc_worker_process_end. */
void fc_pool_end_worker(struct fc_worker *worker, struct fc_worker_end *end);

/* The job in that state with the lowest serial above `after`, or NULL. */
struct fc_job *fc_pool_oldest_job(struct fc_workers *workers, enum fc_job_state state,
				  uint64_t after);

/* Send queued jobs, oldest first, while workers have room. */
void fc_pool_dispatch(struct fc_workers *workers);

/*
 * One round: send photos, receive responses for at most a second, end workers that are late. Errors: FC_BUSY (a signal arrived),
 * FC_IO, FC_NO_MEMORY.
 */
enum fc_status fc_pool_round(struct fc_workers *workers, struct fc_error *err);

/* Store the result of a job and close its photo. */
void fc_pool_finish_job(struct fc_job *job, const struct fc_error *result);

/*
 * Whether the analysis of a job that has this status is about the bytes of its photo. Without this check, a photo that takes over its worker
 * could have its result stored as that of other photos. A photo that could not be read has no digest. Errors: FC_NO_MEMORY.
 */
enum fc_status fc_pool_check_digest(const struct fc_job *job, enum fc_status status, bool *same,
				    struct fc_error *err);

/* Release what a job owns and mark it free. */
void fc_pool_free_job(struct fc_job *job);

#endif
