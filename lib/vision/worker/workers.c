/* The public functions of the pool: submit photos, wait for checked results. */
/* SPDX-License-Identifier: MIT */
#include "vision/worker/workers.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "vision/image/photo_size.h"
#include "vision/image/signature.h"
#include "vision/models/models.h"
#include "vision/worker/budget.h"
#include "vision/worker/pool.h"
#include "vision/worker/wire.h"

enum { WORKERS_MAXIMUM = 1024 /* limit of workers of one kind: with or without codecs */ };

static enum fc_status fail_again(const struct fc_workers *workers, struct fc_error *err)
{
	if (err) {
		*err = workers->failure;
	}
	return workers->failure.status;
}

enum fc_status fc_workers_start(const struct fc_workers_options *options, struct fc_workers **out,
				struct fc_error *err)
{
	if (options->count < 1 || options->count > WORKERS_MAXIMUM) {
		return fc_fail(err, FC_INVALID_ARGUMENT,
			       "the number of workers must be from 1 to %d, not %u",
			       WORKERS_MAXIMUM, options->count);
	}
	const struct fc_model *const models[] = { options->detector, options->embedder,
						  options->liveness, options->attributes };
	for (size_t i = 0; i < FC_ARRAY_LENGTH(models); i++) {
		if (models[i]) {
			FC_TRY(fc_model_require_files(models[i], err));
		}
	}
	FC_CLEANUP(fc_workers_stopp) struct fc_workers *workers = calloc(1, sizeof(*workers));
	if (!workers) {
		return fc_fail_memory(err);
	}
	workers->program = strdup(options->program);
	workers->codecs_module = strdup(options->codecs_module ? options->codecs_module : "");
	workers->worker_count = (size_t)options->count * 2;
	workers->job_count = (size_t)options->count * FC_PHOTOS_PER_WORKER + 1;
	workers->workers = calloc(workers->worker_count, sizeof(*workers->workers));
	workers->jobs = calloc(workers->job_count, sizeof(*workers->jobs));
	if (!workers->program || !workers->codecs_module || !workers->workers || !workers->jobs) {
		return fc_fail_memory(err);
	}
	workers->pixel_budget = options->count > 1 ? fc_pixel_budget() : UINT64_MAX;
	workers->options = *options;
	workers->options.program = workers->program;
	workers->options.codecs_module = workers->codecs_module;
	for (size_t i = 0; i < workers->worker_count; i++) {
		workers->workers[i].process.socket = -1;
		workers->workers[i].codecs = i >= options->count;
	}
	for (size_t i = 0; i < workers->job_count; i++) {
		workers->jobs[i].fd = -1;
	}
	for (unsigned i = 0; i < options->count && workers->failure.status == FC_OK; i++) {
		fc_pool_start_worker(workers, &workers->workers[i]);
	}
	if (workers->failure.status != FC_OK) {
		return fail_again(workers, err);
	}
	*out = FC_STEAL(workers);
	return FC_OK;
}

void fc_workers_kill(struct fc_workers *workers)
{
	for (size_t i = 0; workers->workers && i < workers->worker_count; i++) {
		fc_worker_process_kill(&workers->workers[i].process);
	}
}

void fc_workers_stop(struct fc_workers *workers)
{
	if (!workers) {
		return;
	}
	fc_workers_kill(workers);
	for (size_t i = 0; workers->workers && i < workers->worker_count; i++) {
		fc_pool_end_worker(&workers->workers[i], NULL);
	}
	for (size_t i = 0; workers->jobs && i < workers->job_count; i++) {
		fc_pool_free_job(&workers->jobs[i]);
	}
	free(workers->workers);
	free(workers->jobs);
	free(workers->program);
	free(workers->codecs_module);
	free(workers);
}

size_t fc_workers_pending(const struct fc_workers *workers)
{
	size_t count = 0;
	for (size_t i = 0; i < workers->job_count; i++) {
		const struct fc_job *job = &workers->jobs[i];
		count += job->state != FC_JOB_FREE && !job->drawing;
	}
	return count;
}

size_t fc_workers_room(const struct fc_workers *workers)
{
	return workers->job_count - 1 - fc_workers_pending(workers);
}

/* Create a job for a photo; a free one must exist. The job takes ownership of the descriptor. */
static struct fc_job *add_job(struct fc_workers *workers, int *fd)
{
	struct fc_photo_size size = { 0 };
	struct fc_job *job = workers->jobs;
	while (job->state != FC_JOB_FREE) {
		job++;
	}
	/* This only determines which kind of worker gets the photo, and when. The worker itself reads and checks it. */
	FC_IGNORE(fc_photo_size_read(*fd, "", &size, NULL));
	uint64_t limit = workers->options.limits.pixels;
	uint64_t pixels = (uint64_t)size.width * size.height;
	*job = (struct fc_job){
		.state = FC_JOB_QUEUED,
		.serial = ++workers->last_serial,
		.fd = *fd,
		.pixels = pixels > 0 && pixels < limit ? pixels : limit,
		.codecs = workers->codecs_module[0] != '\0' && fc_format_needs_codecs(size.format),
	};
	*fd = -1;
	return job;
}

enum fc_status fc_workers_submit(struct fc_workers *workers, uint64_t ticket, int fd,
				 enum fc_want want, struct fc_error *err)
{
	FC_CLEANUP(fc_fd_close) int photo = fd;
	if (fc_workers_room(workers) == 0) {
		return fc_fail(err, FC_INVALID_ARGUMENT, "all workers are busy");
	}
	if ((want & FC_WANT_TEMPLATES) && !workers->options.embedder) {
		return fc_fail(err, FC_INVALID_ARGUMENT, "templates require an embedder");
	}
	if ((want & FC_WANT_LIVENESS) && !workers->options.liveness) {
		return fc_fail(err, FC_INVALID_ARGUMENT, "liveness requires a liveness model");
	}
	if ((want & FC_WANT_ATTRIBUTES) && !workers->options.attributes) {
		return fc_fail(err, FC_INVALID_ARGUMENT, "attributes require an attributes model");
	}
	struct fc_job *job = add_job(workers, &photo);
	job->ticket = ticket;
	job->want = want;
	fc_pool_dispatch(workers);
	return FC_OK;
}

static struct fc_job *done_photo(struct fc_workers *workers)
{
	struct fc_job *job = fc_pool_oldest_job(workers, FC_JOB_DONE, 0);
	while (job && job->drawing) {
		job = fc_pool_oldest_job(workers, FC_JOB_DONE, job->serial);
	}
	return job;
}

enum fc_status fc_workers_wait(struct fc_workers *workers, uint64_t *ticket,
			       struct fc_analysis *out, enum fc_status *photo_status,
			       struct fc_error *photo_err, struct fc_error *err)
{
	struct fc_job *job;
	if (fc_workers_pending(workers) == 0) {
		return fc_fail(err, FC_INVALID_ARGUMENT, "no photo was submitted");
	}
	while ((job = done_photo(workers)) == NULL) {
		if (workers->failure.status != FC_OK) {
			return fail_again(workers, err);
		}
		FC_TRY(fc_pool_round(workers, err));
	}
	*ticket = job->ticket;
	*photo_status = job->result.status;
	if (photo_err) {
		*photo_err = job->result;
	}
	for (size_t i = 0; (job->want & FC_WANT_LIVENESS) && i < job->analysis.face_count; i++) {
		struct fc_face *face = &job->analysis.faces[i];
		face->life = fc_model_life(workers->options.liveness, face->liveness);
	}
	*out = FC_STEAL_STRUCT(job->analysis);
	fc_pool_free_job(job);
	/* Send the next photo before the caller processes this one. */
	fc_pool_dispatch(workers);
	return FC_OK;
}

/* Remove a job, and end the worker to which it was sent, if any. */
static void withdraw_job(struct fc_workers *workers, struct fc_job *job)
{
	for (size_t i = 0; job->state == FC_JOB_SENT && i < workers->worker_count; i++) {
		struct fc_worker *worker = &workers->workers[i];
		for (size_t k = 0; k < worker->sent_count; k++) {
			if (worker->sent[k] == job) {
				fc_pool_end_worker(worker, NULL);
			}
		}
	}
	fc_pool_free_job(job);
}

enum fc_status fc_workers_draw(struct fc_workers *workers, int fd, const struct fc_drawing *drawing,
			       struct fc_buffer *image_out, struct fc_error *err)
{
	FC_CLEANUP(fc_fd_close) int photo = fd;
	if (drawing->count > FC_WIRE_MARKS_MAXIMUM ||
	    (drawing->format != FC_IMAGE_JPEG && drawing->format != FC_IMAGE_PNG)) {
		return fc_fail(err, FC_INVALID_ARGUMENT,
			       "at most %d marks can be drawn, and only on a JPEG or PNG picture",
			       FC_WIRE_MARKS_MAXIMUM);
	}
	struct fc_job *job = add_job(workers, &photo);
	job->drawing = drawing;
	enum fc_status status = FC_OK;
	while (status == FC_OK && job->state != FC_JOB_DONE) {
		status = fc_pool_round(workers, err);
		status = status == FC_BUSY ? FC_OK : status;
		if (status == FC_OK && workers->failure.status != FC_OK) {
			status = fail_again(workers, err);
		}
	}
	if (status == FC_OK && job->result.status != FC_OK) {
		status = job->result.status;
		if (err) {
			*err = job->result;
		}
	}
	if (status == FC_OK) {
		fc_buffer_append(image_out, job->picture.data, job->picture.length);
		status = fc_buffer_ok(image_out) ? FC_OK : fc_fail_memory(err);
	}
	withdraw_job(workers, job);
	return status;
}

enum fc_status fc_workers_probe(const struct fc_workers_options *options,
				struct fc_protections *out, struct fc_error *err)
{
	FC_CLEANUP(fc_workers_stopp) struct fc_workers *workers = NULL;
	struct fc_workers_options single = *options;
	single.count = 1;
	FC_TRY(fc_workers_start(&single, &workers, err));
	while (!workers->ready) {
		enum fc_status status = fc_pool_round(workers, err);
		if (status != FC_OK && status != FC_BUSY) {
			return status;
		}
		if (workers->failure.status != FC_OK) {
			return fail_again(workers, err);
		}
		if (workers->workers[0].state == FC_WORKER_NONE) {
			fc_pool_start_worker(workers, &workers->workers[0]);
		}
	}
	*out = workers->protections;
	return FC_OK;
}
