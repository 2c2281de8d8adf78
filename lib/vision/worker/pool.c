/* The pool of workers: sends photos to workers and receives checked results, or the reason why there is none. */
/* SPDX-License-Identifier: MIT */
#include "vision/worker/pool.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "vision/worker/wire_socket.h"

enum {
	LOADS_MAXIMUM = 3,    /* workers that died in a row while loading, before the pool fails */
	LOAD_TIMEOUT = 60000, /* milliseconds */
	SEND_TIMEOUT = 10000, /* milliseconds */
	ROUND_MAXIMUM = 1000, /* milliseconds, the longest wait of one poll */
};

/* Whether a worker can get another photo. After FC_WORKER_PHOTOS photos it gets no more and is replaced. */
static bool has_room(const struct fc_worker *worker)
{
	return worker->state != FC_WORKER_NONE && worker->sent_count < FC_PHOTOS_PER_WORKER &&
	       worker->photos + worker->sent_count < FC_WORKER_PHOTOS;
}

void fc_pool_end_worker(struct fc_worker *worker, struct fc_worker_end *end)
{
	fc_worker_process_end(&worker->process, end);
	/* The jobs that were sent to it go back into the queue. */
	for (size_t i = 0; i < worker->sent_count; i++) {
		worker->sent[i]->state = FC_JOB_QUEUED;
	}
	worker->sent_count = 0;
	fc_buffer_release(&worker->incoming);
	worker->state = FC_WORKER_NONE;
	worker->photos = 0;
	worker->waited = 0;
}

/*
 * End a worker that failed. The photo that it was working on may not be the cause, so it is tried once more, alone in a fresh worker. If
 * that worker fails too, the photo fails with `status` and reason. reason NULL: how the process ended decides. After LOADS_MAXIMUM
 * failures in a row while loading, the pool fails.
 */
static void lose_worker(struct fc_workers *workers, struct fc_worker *worker, enum fc_status status,
			const char *reason)
{
	struct fc_worker_end end;
	struct fc_error result = { 0 };
	bool loading = worker->state == FC_WORKER_LOADING;
	struct fc_job *held = !loading && worker->sent_count > 0 ? worker->sent[0] : NULL;
	if (!reason) {
		fc_worker_process_wait_end(&worker->process);
	}
	fc_pool_end_worker(worker, &end);
	if (!reason) {
		status = end.status;
		reason = end.text;
	}
	if (held && held->alone) {
		FC_IGNORE(fc_fail(&result, status, "its worker %s", reason));
		fc_pool_finish_job(held, &result);
	} else if (held) {
		held->alone = true;
	}
	if (loading && ++workers->dead_loads >= LOADS_MAXIMUM && workers->failure.status == FC_OK) {
		FC_IGNORE(fc_fail(&workers->failure, FC_IO,
				  "the worker '%s' %s while it loaded its models", workers->program,
				  reason));
	}
}

void fc_pool_start_worker(struct fc_workers *workers, struct fc_worker *worker)
{
	FC_CLEANUP(fc_buffer_release) struct fc_buffer frame = { 0 };
	enum fc_status status =
		fc_worker_process_start(workers->program, &worker->process, &workers->failure);
	if (status != FC_OK) {
		return;
	}
	worker->state = FC_WORKER_LOADING;
	worker->waited = 0;
	fc_wire_put_start(&frame, &workers->options, worker->codecs, (uint32_t)getpid());
	if (!fc_buffer_ok(&frame)) {
		FC_IGNORE(fc_fail_memory(&workers->failure));
	} else if (!fc_wire_send(worker->process.socket, &frame, -1, SEND_TIMEOUT)) {
		lose_worker(workers, worker, FC_WORKER_DIED, NULL);
	}
}

/* Returns false if the worker is lost. The job is then still queued: this worker never had it. */
static bool send_job(struct fc_workers *workers, struct fc_worker *worker, struct fc_job *job)
{
	FC_CLEANUP(fc_buffer_release) struct fc_buffer frame = { 0 };
	if (job->drawing) {
		fc_wire_put_draw(&frame, job->serial, job->drawing);
	} else {
		fc_wire_put_photo(&frame, job->serial, job->want);
	}
	if (!fc_buffer_ok(&frame)) {
		FC_IGNORE(fc_fail_memory(&workers->failure));
		return true;
	}
	if (!fc_wire_send(worker->process.socket, &frame, job->fd, SEND_TIMEOUT)) {
		lose_worker(workers, worker, FC_WORKER_DIED, NULL);
		return false;
	}
	if (worker->sent_count == 0 && worker->state == FC_WORKER_READY) {
		worker->waited = 0;
	}
	job->state = FC_JOB_SENT;
	worker->sent[worker->sent_count++] = job;
	return true;
}

/* The place of a worker that has processed nothing yet, for a job that runs alone. */
static struct fc_worker *fresh_worker(struct fc_workers *workers, const struct fc_job *job)
{
	for (size_t i = 0; i < workers->worker_count; i++) {
		struct fc_worker *worker = &workers->workers[i];
		if (worker->codecs == job->codecs) {
			if (worker->photos > 0) {
				fc_pool_end_worker(worker, NULL);
			}
			return worker;
		}
	}
	return NULL;
}

/* Whether a job cannot be sent yet: it or a job that is sent runs alone, or together they have too many pixels for the memory. */
static bool must_wait(const struct fc_workers *workers, const struct fc_job *job)
{
	uint64_t pixels = job->pixels;
	for (size_t i = 0; i < workers->job_count; i++) {
		const struct fc_job *other = &workers->jobs[i];
		if (other->state != FC_JOB_SENT) {
			continue;
		}
		if (job->alone || other->alone || other->pixels > workers->pixel_budget ||
		    pixels > workers->pixel_budget - other->pixels) {
			return true;
		}
		pixels += other->pixels;
	}
	return false;
}

/*
 * Choose the worker for a job: an idle one; else, unless the job needs codecs, a free place to start one; else one with room. A
 * drawing waits for an idle worker, because its frame may be larger than the socket's buffer. NULL: none yet. The job must not be one
 * that runs alone.
 */
static struct fc_worker *choose_worker(struct fc_workers *workers, const struct fc_job *job)
{
	struct fc_worker *open = NULL;
	struct fc_worker *empty = NULL;
	for (size_t i = 0; i < workers->worker_count; i++) {
		struct fc_worker *worker = &workers->workers[i];
		if (worker->codecs != job->codecs) {
			continue;
		}
		if (worker->state == FC_WORKER_NONE) {
			empty = empty ? empty : worker;
		} else if (has_room(worker) && (!open || worker->sent_count < open->sent_count)) {
			open = worker;
		}
	}
	if (open && (open->sent_count == 0 || (job->codecs && !job->drawing))) {
		return open;
	}
	return empty || job->drawing ? empty : open;
}

void fc_pool_dispatch(struct fc_workers *workers)
{
	uint64_t after = 0;
	struct fc_job *job;
	while (workers->failure.status == FC_OK &&
	       (job = fc_pool_oldest_job(workers, FC_JOB_QUEUED, after)) != NULL &&
	       !must_wait(workers, job)) {
		struct fc_worker *worker =
			job->alone ? fresh_worker(workers, job) : choose_worker(workers, job);
		while (worker && worker->state == FC_WORKER_NONE &&
		       workers->failure.status == FC_OK) {
			fc_pool_start_worker(workers, worker);
		}
		if (worker && has_room(worker) && !send_job(workers, worker, job)) {
			continue; /* with another worker */
		}
		after = job->serial;
	}
}

/*
 * Read the response to the worker's current job. Returns NULL, or why the frame is not a valid response, in which case *status is that
 * of a photo which gets such responses.
 */
static const char *take_answer(struct fc_workers *workers, struct fc_job *job,
			       struct fc_reader *payload, enum fc_status *status)
{
	struct fc_error result = { 0 };
	const char *objection;
	bool same = true;
	if (job->drawing) {
		objection = fc_wire_get_picture(payload, job->serial, job->drawing->format, &result,
						&job->picture);
	} else {
		const struct fc_wire_request request = {
			.serial = job->serial,
			.want = job->want,
			.dimension = workers->options.embedder
					     ? workers->options.embedder->dimension
					     : 0,
			.limits = workers->options.limits,
		};
		objection = fc_wire_get_analysis(payload, &request, &result, &job->analysis);
		if (!objection && fc_pool_check_digest(job, result.status, &same, NULL) != FC_OK) {
			objection = fc_wire_out_of_memory;
		}
	}
	if (!same && !objection) {
		*status = FC_UNREADABLE;
		objection = "it is about other bytes than the file has, which may be changing";
	}
	if (objection == fc_wire_out_of_memory) {
		FC_IGNORE(fc_fail_memory(&workers->failure));
	}
	if (objection) {
		fc_analysis_release(&job->analysis);
		fc_buffer_release(&job->picture);
	} else {
		fc_pool_finish_job(job, &result);
	}
	return objection;
}

static const char *take_ready(struct fc_workers *workers, struct fc_worker *worker,
			      struct fc_reader *payload)
{
	struct fc_error result = { 0 };
	if (!fc_wire_get_ready(payload, &result, &workers->protections)) {
		return "it is malformed";
	}
	if (result.status != FC_OK) {
		workers->failure = result;
		fc_pool_end_worker(worker, NULL);
		return NULL;
	}
	const struct fc_workers_options *options = &workers->options;
	if (!fc_protections_complete(&workers->protections) && !workers->reported_sandbox &&
	    options->report_incomplete_sandbox) {
		options->report_incomplete_sandbox(options->context, workers->protections.text);
		workers->reported_sandbox = true;
	}
	worker->state = FC_WORKER_READY;
	workers->dead_loads = 0;
	workers->ready = true;
	return NULL;
}

static void take_frame(struct fc_workers *workers, struct fc_worker *worker)
{
	FC_CLEANUP(fc_buffer_release) struct fc_buffer frame = worker->incoming;
	enum fc_wire_kind kind = 0;
	struct fc_reader payload = fc_wire_payload(&frame, &kind);
	enum fc_status status = FC_WORKER_DIED;
	const char *objection;
	worker->incoming = (struct fc_buffer){ 0 };
	worker->waited = 0;
	if (worker->state == FC_WORKER_LOADING) {
		objection = take_ready(workers, worker, &payload);
	} else {
		objection = take_answer(workers, worker->sent[0], &payload, &status);
		if (!objection) {
			worker->sent_count--;
			memmove(worker->sent, worker->sent + 1,
				worker->sent_count * sizeof(struct fc_job *));
			worker->photos++;
		}
	}
	if (objection) {
		char reason[128];
		snprintf(reason, sizeof(reason), "sent an invalid response: %s", objection);
		lose_worker(workers, worker, status, reason);
	} else if (worker->photos >= FC_WORKER_PHOTOS && worker->sent_count == 0) {
		fc_pool_end_worker(worker, NULL);
	}
}

/* The kind of frame that the worker may send now, as a bit for fc_wire_receive. */
static unsigned expected_kind(const struct fc_worker *worker)
{
	if (worker->state == FC_WORKER_LOADING) {
		return FC_WIRE_BIT(FC_WIRE_READY);
	}
	if (worker->sent_count == 0) {
		return 0;
	}
	return FC_WIRE_BIT(worker->sent[0]->drawing ? FC_WIRE_PICTURE : FC_WIRE_ANALYSIS);
}

/* Process all frames that have arrived. */
static void receive_frames(struct fc_workers *workers, struct fc_worker *worker)
{
	while (worker->state != FC_WORKER_NONE && workers->failure.status == FC_OK) {
		switch (fc_wire_receive(worker->process.socket, &worker->incoming,
					expected_kind(worker), false, NULL)) {
		case FC_WIRE_WHOLE:
			take_frame(workers, worker);
			break;
		case FC_WIRE_PARTIAL:
			return;
		case FC_WIRE_CLOSED:
			lose_worker(workers, worker, FC_WORKER_DIED, NULL);
			return;
		case FC_WIRE_BROKEN:
			lose_worker(workers, worker, FC_WORKER_DIED,
				    "sent data that is not a response");
			return;
		case FC_WIRE_NO_MEMORY:
			FC_IGNORE(fc_fail_memory(&workers->failure));
			return;
		}
	}
}

/* Time limit of a worker's current work in milliseconds; negative when it has no work. */
static int64_t time_limit(const struct fc_workers *workers, const struct fc_worker *worker)
{
	if (worker->state == FC_WORKER_LOADING) {
		return LOAD_TIMEOUT;
	}
	return worker->state == FC_WORKER_READY && worker->sent_count > 0
		       ? (int64_t)workers->options.photo_timeout
		       : -1;
}

/*
 * Add the time that poll waited to the worker's time, and end the worker if it exceeds its limit. Only the time in poll counts,
 * so that a worker is not late because this process was busy or the whole job was stopped (Ctrl-Z). A complete frame resets the
 * time.
 */
static void receive_or_end(struct fc_workers *workers, struct fc_worker *worker, bool readable,
			   int64_t elapsed)
{
	worker->waited += elapsed;
	if (readable) {
		receive_frames(workers, worker);
	}
	int64_t limit = time_limit(workers, worker);
	if (limit >= 0 && worker->waited >= limit) {
		char reason[128];
		snprintf(reason, sizeof(reason), "did not finish within %g s",
			 (double)limit / 1000.0);
		lose_worker(workers, worker, FC_TIMED_OUT, reason);
	}
}

/* How long poll may wait, in milliseconds, until a worker is late. */
static int poll_time(const struct fc_workers *workers)
{
	int64_t shortest = ROUND_MAXIMUM;
	for (size_t i = 0; i < workers->worker_count; i++) {
		const struct fc_worker *worker = &workers->workers[i];
		int64_t limit = time_limit(workers, worker);
		if (limit >= 0 && limit - worker->waited < shortest) {
			shortest = limit - worker->waited;
		}
	}
	return (int)(shortest > 0 ? shortest : 0);
}

enum fc_status fc_pool_round(struct fc_workers *workers, struct fc_error *err)
{
	fc_pool_dispatch(workers);
	if (workers->failure.status != FC_OK) {
		return FC_OK;
	}
	struct pollfd *polled = calloc(workers->worker_count, sizeof(*polled));
	if (!polled) {
		return fc_fail_memory(err);
	}
	size_t polled_count = 0;
	/* Poll only running workers, because the number of entries must not exceed the limit of open descriptors. */
	for (size_t i = 0; i < workers->worker_count; i++) {
		int socket = workers->workers[i].process.socket;
		if (socket >= 0) {
			polled[polled_count++] = (struct pollfd){ .fd = socket, .events = POLLIN };
		}
	}
	int timeout = poll_time(workers);
	int64_t before = fc_clock_monotonic_ms();
	int count = poll(polled, polled_count, timeout);
	int problem = errno;
	int64_t elapsed = fc_clock_monotonic_ms() - before;
	elapsed = elapsed < timeout ? elapsed : timeout;
	polled_count = 0;
	for (size_t i = 0; i < workers->worker_count; i++) {
		struct fc_worker *worker = &workers->workers[i];
		short events = worker->process.socket >= 0 ? polled[polled_count++].revents : 0;
		receive_or_end(workers, worker, count > 0 && events != 0, elapsed);
	}
	free(polled);
	if (count < 0) {
		return problem == EINTR ? fc_fail(err, FC_BUSY, "interrupted by a signal")
					: fc_fail_errno(err, FC_IO, problem, "cannot poll");
	}
	return FC_OK;
}
