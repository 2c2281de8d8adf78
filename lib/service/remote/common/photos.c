/* Send photos to a remote service, with several requests at once. */
/* SPDX-License-Identifier: MIT */
#include "service/remote/common/photos.h"

#include <stdlib.h>
#include <sys/resource.h>

#include "service/batch/flight.h"

/* Failed requests in a row, each after all its retries, after which the service is considered down. */
enum { FAILURES_MAXIMUM = 10 };

struct fc_remote_run {
	const struct fc_remote_batch *batch;
	struct fc_flight flight; /* the jobs in flight */
	bool ended;              /* the source has no more photos */
	bool has_held;           /* held is a photo that did not fit into the last job */
	struct fc_remote_photo held;
	unsigned failures; /* failed requests in a row */
	/* why no more photos are read from the source; FC_OK: they are still read */
	struct fc_error ending;
	/* before the next request of the job whose response is being processed */
	uint64_t delay_ms;
};

static void job_release(void *context, void *slot)
{
	const struct fc_remote_batch *batch = ((struct fc_remote_run *)context)->batch;
	struct fc_remote_job *job = slot;
	for (size_t i = 0; i < job->count; i++) {
		fc_remote_photo_release(&job->photos[i]);
	}
	if (job->call && batch->release) {
		batch->release(job->call);
	}
	free(job->call);
	free(job->photos);
	*job = (struct fc_remote_job){ 0 };
}

static void run_release(struct fc_remote_run *run)
{
	/* Requests borrow from their jobs. */
	fc_http_cancel(run->batch->http);
	fc_flight_release(&run->flight);
	if (run->has_held) {
		fc_remote_photo_release(&run->held);
	}
}

void fc_remote_service_answered(struct fc_remote_run *run)
{
	run->failures = 0;
}

void fc_remote_service_failed(struct fc_remote_run *run, const struct fc_error *failure)
{
	bool affects_all = failure->status == FC_PERMISSION || fc_http_must_wait(run->batch->http);
	run->failures++;
	if ((affects_all || run->failures >= FAILURES_MAXIMUM) && run->ending.status == FC_OK) {
		FC_IGNORE(fc_fail(&run->ending, failure->status, "service '%s': %s",
				  run->batch->service, failure->text));
		fc_error_copy_answer(&run->ending, failure);
	}
}

void fc_remote_delay(struct fc_remote_run *run, uint64_t delay_ms)
{
	run->delay_ms = delay_ms;
}

/* ---- gathering photos ---- */

/* Each gathered photo has an open file, and the process has a limit of open files. */
static size_t photos_of_a_job(const struct fc_remote_run *run)
{
	enum { OTHER_FILES = 64 };
	size_t most = run->batch->images;
	struct rlimit files;
	if (getrlimit(RLIMIT_NOFILE, &files) != 0 || files.rlim_cur == RLIM_INFINITY) {
		return most;
	}
	size_t room = files.rlim_cur > OTHER_FILES ? (size_t)files.rlim_cur - OTHER_FILES : 1;
	size_t share = room / run->flight.capacity;
	return share < most ? (share > 0 ? share : 1) : most;
}

/* Get the next photo: the held one, or one from the source. */
static enum fc_status take_photo(struct fc_remote_run *run, struct fc_remote_photo *out, bool *end,
				 struct fc_error *err)
{
	const struct fc_remote_batch *batch = run->batch;
	struct fc_photo photo = { 0 };
	if (run->has_held) {
		*out = run->held;
		run->has_held = false;
		return FC_OK;
	}
	*end = run->ended || fc_http_stopped(batch->options) || run->ending.status != FC_OK;
	if (!*end) {
		FC_TRY(batch->source.next(batch->source.context, &photo, end, err));
	}
	if (*end) {
		run->ended = true;
		return FC_OK;
	}
	FC_TRY(fc_remote_photo_open(batch->service, batch->limits, &photo, out, err));
	enum fc_status status =
		!out->finished && batch->check ? batch->check(batch->context, out, err) : FC_OK;
	if (status != FC_OK) {
		fc_remote_photo_release(out);
	}
	return status;
}

static bool is_ready(void *context)
{
	const struct fc_remote_run *run = context;
	const struct fc_photo_source *source = &run->batch->source;
	return run->has_held || !source->ready || source->ready(source->context);
}

/* Gather photos until the job is full or there are no more for now. */
static enum fc_status gather(struct fc_remote_run *run, struct fc_remote_job *job,
			     struct fc_error *err)
{
	uint64_t most = run->batch->request_bytes;
	size_t capacity = photos_of_a_job(run);
	*job = (struct fc_remote_job){
		.capacity = capacity,
		.photos = calloc(capacity, sizeof(*job->photos)),
		.call = calloc(1, run->batch->call_size + 1),
		/* size of the request without photos */
		.bytes = FC_REMOTE_PART_OVERHEAD,
	};
	if (!job->photos || !job->call) {
		return fc_fail_memory(err);
	}
	while (job->count < job->capacity && (job->count == 0 || is_ready(run))) {
		struct fc_remote_photo photo;
		bool end = false;
		FC_TRY(take_photo(run, &photo, &end, err));
		if (end) {
			break;
		}
		uint64_t share = photo.finished ? 0 : photo.sent_bytes + FC_REMOTE_PART_OVERHEAD;
		if (job->count > 0 && most > 0 && job->bytes + share > most) {
			run->held = photo;
			run->has_held = true;
			break;
		}
		job->photos[job->count++] = photo;
		job->bytes += share;
	}
	return FC_OK;
}

/* ---- requests and responses ---- */

/* Send the next request of a job, if it has one. */
static enum fc_status send_next(struct fc_remote_run *run, uint64_t ticket, uint64_t delay_ms,
				struct fc_error *err)
{
	const struct fc_remote_batch *batch = run->batch;
	struct fc_remote_job *job = fc_flight_slot(&run->flight, ticket);
	struct fc_http_request request = { 0 };
	bool wanted = false;
	size_t finished = 0;
	while (finished < job->count && job->photos[finished].finished) {
		finished++;
	}
	if (finished == job->count) {
		return FC_OK;
	}
	job->parked = false;
	FC_TRY(batch->next(batch->context, job, &request, &wanted, err));
	if (!wanted) {
		return FC_OK;
	}
	request.delay_ms = delay_ms;
	FC_TRY(fc_http_submit(batch->http, ticket, &request, err));
	job->under_way = true;
	return FC_OK;
}

/* Wait for the next response, then send the next requests of its job and of the jobs that waited for it. */
static enum fc_status wait_for_answer(void *context, struct fc_error *err)
{
	struct fc_remote_run *run = context;
	FC_CLEANUP(fc_http_response_release) struct fc_http_response response = { 0 };
	const struct fc_remote_batch *batch = run->batch;
	struct fc_error failure = { 0 };
	enum fc_status status = FC_OK;
	uint64_t ticket = 0;
	FC_TRY(fc_http_wait(batch->http, &ticket, &response, &status, &failure, err));
	struct fc_remote_job *job = fc_flight_slot(&run->flight, ticket);
	job->under_way = false;
	run->delay_ms = 0;
	FC_TRY(batch->absorb(batch->context, run, job, status, &response, &failure, err));
	FC_TRY(send_next(run, ticket, run->delay_ms, err));
	for (uint64_t other = run->flight.first; other < run->flight.next; other++) {
		job = fc_flight_slot(&run->flight, other);
		if (job->parked) {
			FC_TRY(send_next(run, other, 0, err));
		}
	}
	return FC_OK;
}

static enum fc_status start(void *context, uint64_t ticket, void *slot, bool *end,
			    struct fc_error *err)
{
	struct fc_remote_run *run = context;
	struct fc_remote_job *job = slot;
	FC_TRY(gather(run, job, err));
	*end = job->count == 0;
	if (*end) {
		job_release(run, job);
		return FC_OK;
	}
	return send_next(run, ticket, 0, err);
}

static bool is_finished(const void *slot)
{
	const struct fc_remote_job *job = slot;
	return !job->under_way && !job->parked;
}

static enum fc_status hand_on(void *context, void *slot, struct fc_error *err)
{
	const struct fc_remote_batch *batch = ((struct fc_remote_run *)context)->batch;
	const struct fc_remote_job *job = slot;
	for (size_t i = 0; i < job->count; i++) {
		FC_TRY(batch->handle(batch->context, &job->photos[i], err));
	}
	return FC_OK;
}

enum fc_status fc_remote_photos(const struct fc_remote_batch *batch, struct fc_error *err)
{
	FC_CLEANUP(run_release)
	struct fc_remote_run run = {
		.batch = batch,
		.flight = {
			.capacity = batch->in_turn ? 1 : batch->options->parallel,
			.slot_size = sizeof(struct fc_remote_job),
			.any_order = batch->source.any_order,
			.is_ready = is_ready,
			.start = start,
			.wait = wait_for_answer,
			.is_finished = is_finished,
			.hand_on = hand_on,
			.release = job_release,
		},
	};
	run.flight.context = &run;
	FC_TRY(fc_flight_run(&run.flight, err));
	if (run.ending.status == FC_OK) {
		return FC_OK;
	}
	FC_IGNORE(fc_fail(err, run.ending.status, "%s", run.ending.text));
	fc_error_copy_answer(err, &run.ending);
	return run.ending.status;
}
