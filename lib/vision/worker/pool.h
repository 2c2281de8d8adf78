/* Inside the pool of workers: what waits, who has it, and one round of sending and listening. Private to workers.c. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_VISION_WORKER_POOL_H
#define FC_VISION_WORKER_POOL_H

#include "base/buffer.h"
#include "vision/worker/process.h"
#include "vision/worker/worker.h"

enum { FC_PHOTOS_PER_WORKER = 2 /* sent to one: what it holds, and the next */ };

enum fc_job_state { FC_JOB_FREE, FC_JOB_QUEUED, FC_JOB_SENT, FC_JOB_DONE };

/* One photo on its way. */
struct fc_job {
	enum fc_job_state state;
	uint64_t serial; /* rises with every submission */
	uint64_t ticket;
	int fd;
	bool codecs; /* needs a worker with the codecs module */
	enum fc_want want;
	const struct fc_drawing *drawing; /* NULL: analyse it */
	struct fc_error result;           /* when done, as what follows */
	struct fc_analysis analysis;
	struct fc_buffer picture;
};

enum fc_worker_state { FC_WORKER_NONE, FC_WORKER_LOADING, FC_WORKER_READY };

struct fc_worker {
	enum fc_worker_state state;
	bool codecs; /* fixed: the pool's first half is without the module, its second half with it */
	struct fc_worker_process process;
	struct fc_buffer incoming;
	struct fc_job *sent[FC_PHOTOS_PER_WORKER]; /* in order; it holds the first */
	size_t sent_count;
	unsigned photos; /* answered since it started */
	int64_t waited;  /* milliseconds spent waiting for what it does now */
};

struct fc_workers {
	struct fc_workers_options options;
	char *program;
	char *codecs_module;
	struct fc_worker *workers; /* 2 * options.count */
	size_t worker_count;
	struct fc_job *jobs; /* room for the photos, and for one drawing */
	size_t job_count;
	uint64_t last_serial;
	unsigned dead_loads;
	bool ready;                        /* some worker got ready */
	struct fc_protections protections; /* what the last of them said */
	bool reported_sandbox;             /* report_incomplete_sandbox was called */
	struct fc_error failure;           /* no worker can load */
};

/* Start the process of a worker that has none. Trouble shows in workers->failure. */
void fc_pool_start_worker(struct fc_workers *workers, struct fc_worker *worker);

/* End and reap it; what it was sent goes back into the queue. end as in fc_worker_process_end. */
void fc_pool_end_worker(struct fc_worker *worker, struct fc_worker_end *end);

/* The job in that state with the lowest serial above `after`, or NULL. */
struct fc_job *fc_pool_oldest_job(struct fc_workers *workers, enum fc_job_state state,
				  uint64_t after);

/* Send what is queued, oldest first, as far as there is room. */
void fc_pool_dispatch(struct fc_workers *workers);

/*
 * One round: send, listen for at most a second, end workers that are late. Errors: FC_BUSY (a signal came), FC_IO, FC_NO_MEMORY.
 */
FC_MUST_USE enum fc_status fc_pool_round(struct fc_workers *workers, struct fc_error *err);

/* Empty a job's place. */
void fc_pool_free_job(struct fc_job *job);

#endif
