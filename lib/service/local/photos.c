/* Photos of a verb: opened, analysed by worker processes, and handed on in the order of the source. */
/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <fcntl.h>

#include "base/file.h"
#include "service/batch/flight.h"
#include "service/input/photo_copy.h"
#include "service/input/photo_file.h"
#include "service/local/engine.h"
#include "vision/faces/choice.h"

#define LIMITS_ADVICE "see --max-file-size, --max-pixels and --max-side"

void fc_local_photo_release(struct fc_local_photo *photo)
{
	fc_buffer_release(&photo->texts);
	fc_ledger_photo_release(&photo->ledger);
	fc_analysis_release(&photo->analysis);
	fc_fd_close(&photo->copy);
	*photo = (struct fc_local_photo){ .copy = -1 };
}

struct run {
	struct fc_local *local;
	const struct fc_local_batch *batch;
	struct fc_flight flight;
};

static void run_release(struct run *run)
{
	fc_flight_release(&run->flight);
}

static bool has_room(void *context)
{
	const struct fc_workers *workers = ((struct run *)context)->local->workers;
	return !workers || fc_workers_room(workers) > 0;
}

static bool is_ready(void *context)
{
	const struct fc_photo_source *source = &((struct run *)context)->batch->source;
	return !source->ready || source->ready(source->context);
}

static bool is_finished(const void *slot)
{
	return ((const struct fc_local_photo *)slot)->finished;
}

static void release(void *context, void *slot)
{
	(void)context;
	fc_local_photo_release(slot);
}

/* Fetch the photo of a URL into memory. */
static enum fc_status fetch_photo(const struct fc_local *local, const char *url, int *fd,
				  struct fc_error *err)
{
	FC_CLEANUP(fc_buffer_release) struct fc_buffer bytes = { 0 };
	struct fc_error why = { 0 };
	if (!local->options.fetch) {
		return fc_fail(err, FC_UNREADABLE,
			       "'%.500s': URLs are not fetched; see --fetch-urls", url);
	}
	enum fc_status status =
		local->options.fetch(local->options.fetch_context, url,
				     local->options.workers.limits.bytes, &bytes, &why);
	if (status != FC_OK) {
		return fc_fail(err, status == FC_TOO_LARGE ? FC_TOO_LARGE : FC_UNREADABLE,
			       "'%.500s': %s", url, why.text);
	}
	*fd = fc_file_in_memory(bytes.data, bytes.length);
	return *fd >= 0 ? FC_OK
			: fc_fail_errno(err, FC_IO, errno, "cannot copy '%.500s' to memory", url);
}

/* Open a photo unless the lookup has opened it, and submit it to a worker. An error of the photo is stored as its status. */
static enum fc_status submit(struct run *run, struct fc_local_photo *photo, uint64_t ticket,
			     int *fd, struct fc_error *err)
{
	struct fc_local *local = run->local;
	const struct fc_photo_limit limit = {
		.bytes = local->options.workers.limits.bytes,
		.advice = "see --max-file-size",
	};
	if (photo->given.analysed) {
		photo->finished = true;
		return fc_analysis_copy(photo->given.analysed, &photo->analysis, err);
	}
	FC_TRY(fc_local_start_workers(local, err));
	if (*fd < 0 && photo->given.in_memory) {
		*fd = fc_file_in_memory(photo->given.bytes, photo->given.length);
		photo->status =
			*fd >= 0 ? FC_OK
				 : fc_fail_errno(&photo->error, FC_IO, errno,
						 "cannot copy '%s' to memory", photo->given.path);
	} else if (*fd < 0 && photo->given.is_url) {
		photo->status = fetch_photo(local, photo->given.path, fd, &photo->error);
	} else if (*fd < 0) {
		photo->status = fc_photo_open(photo->given.path, &limit, fd, NULL, &photo->error);
	}
	if (photo->status == FC_OK && run->batch->keep_descriptor) {
		photo->copy = fcntl(*fd, F_DUPFD_CLOEXEC, 3);
		if (photo->copy < 0) {
			photo->status = fc_fail_errno(&photo->error, FC_IO, errno,
						      "cannot duplicate the descriptor of '%s'",
						      photo->given.path);
		}
	}
	if (photo->status != FC_OK) {
		photo->finished = true;
		return FC_OK;
	}
	bool attributes = local->attributes && !run->batch->no_attributes;
	bool occlusion = local->options.attributes_wanted & 1U << FC_ATTRIBUTE_OCCLUSION;
	enum fc_want want = run->batch->want | (attributes ? FC_WANT_ATTRIBUTES : FC_WANT_FACES) |
			    (attributes && occlusion ? FC_WANT_OCCLUSION : FC_WANT_FACES);
	if ((want & FC_WANT_ALONE) && photo->given.face.rule != FC_FACE_ONLY) {
		want &= ~(unsigned)FC_WANT_ALONE;
		want |= photo->given.face.rule == FC_FACE_MAIN ? FC_WANT_MAIN : FC_WANT_FACES;
	}
	int photo_fd = *fd;
	*fd = -1;
	return fc_workers_submit(local->workers, ticket, photo_fd, want, err);
}

/* Take the next photo and send it to a worker, unless it is known or its source reports an error. */
static enum fc_status start(void *context, uint64_t ticket, void *slot, bool *end,
			    struct fc_error *err)
{
	struct run *run = context;
	const struct fc_local_batch *batch = run->batch;
	struct fc_local_photo *photo = slot;
	FC_CLEANUP(fc_fd_close) int fd = -1;
	struct fc_photo given = { 0 };
	photo->copy = -1;
	*end = fc_local_stopped(run->local);
	if (!*end) {
		FC_TRY(batch->source.next(batch->source.context, &given, end, err));
	}
	if (*end) {
		return FC_OK;
	}
	FC_TRY(fc_photo_copy(&given, &photo->given, &photo->texts, err));
	if (given.status != FC_OK) {
		photo->status =
			fc_fail_code(&photo->error, given.status, given.code, "%s", given.error);
		photo->finished = true;
		return FC_OK;
	}
	if (batch->ledger) {
		FC_TRY(fc_batch_ledger_look_up(batch->ledger, &photo->given, &photo->ledger, &fd,
					       err));
	}
	if (!fc_local_is_known(photo)) {
		return submit(run, photo, ticket, &fd, err);
	}
	photo->analysis.sha256 = photo->ledger.item.content;
	photo->analysis.bytes = photo->ledger.item.size;
	photo->finished = true;
	return FC_OK;
}

/* Wait for the worker that finishes next. */
static enum fc_status wait_for_worker(void *context, struct fc_error *err)
{
	struct run *run = context;
	struct fc_analysis analysis = { 0 };
	struct fc_error failure = { 0 };
	enum fc_status photo_status = FC_OK;
	uint64_t ticket = 0;
	enum fc_status status = fc_workers_wait(run->local->workers, &ticket, &analysis,
						&photo_status, &failure, err);
	if (status == FC_BUSY) {
		return FC_OK; /* interrupted by a signal: start() checks whether to stop */
	}
	FC_TRY(status);
	struct fc_local_photo *photo = fc_flight_slot(&run->flight, ticket);
	photo->analysis = analysis;
	for (size_t i = 0; i < analysis.face_count; i++) {
		fc_attributes_restrict(&analysis.faces[i].attributes,
				       run->local->options.attributes_wanted);
	}
	photo->status = photo_status;
	photo->error = failure;
	if (photo_status == FC_TOO_LARGE) {
		photo->status = fc_fail(&photo->error, FC_TOO_LARGE, "'%s': %.300s (%s)",
					photo->given.path, failure.text, LIMITS_ADVICE);
	} else if (photo_status != FC_OK) {
		fc_error_prefix(&photo->error, "'%s'", photo->given.path);
	}
	photo->finished = true;
	return FC_OK;
}

static enum fc_status hand_on(void *context, void *slot, struct fc_error *err)
{
	const struct fc_local_batch *batch = ((struct run *)context)->batch;
	return batch->handle(batch->context, slot, err);
}

static enum fc_status pause_batch(void *context, bool idle, struct fc_error *err)
{
	const struct fc_local_batch *batch = ((struct run *)context)->batch;
	return batch->pause ? batch->pause(batch->context, idle, err) : FC_OK;
}

enum fc_status fc_local_run(struct fc_local *local, const struct fc_local_batch *batch,
			    struct fc_error *err)
{
	FC_CLEANUP(run_release)
	struct run run = {
		.local = local,
		.batch = batch,
		.flight = {
			/* Each worker holds two photos. Twice as many are in flight, so that one slow photo does not leave workers idle. */
			.capacity = (size_t)local->options.workers.count * 4 + 1,
			.slot_size = sizeof(struct fc_local_photo),
			.any_order = batch->source.any_order,
			.has_room = has_room,
			.is_ready = is_ready,
			.start = start,
			.wait = wait_for_worker,
			.is_finished = is_finished,
			.hand_on = hand_on,
			.release = release,
			.pause = pause_batch,
		},
	};
	run.flight.context = &run;
	return fc_flight_run(&run.flight, err);
}

enum fc_reason fc_local_reason(const struct fc_local_photo *photo)
{
	return photo->reason != FC_REASON_NONE ? photo->reason : fc_reason_of(photo->status);
}

struct fc_photo_outcome fc_local_outcome(const struct fc_local_photo *photo)
{
	return (struct fc_photo_outcome){
		.photo = &photo->given,
		.name = photo->given.name,
		.path = photo->given.path,
		.status = photo->status,
		.error = photo->status == FC_OK ? NULL : photo->error.text,
		.code = photo->status == FC_OK ? FC_CODE_NONE : photo->error.code,
		.analysis = &photo->analysis,
		.examined = !fc_local_is_known(photo),
		.reason = fc_local_reason(photo),
		.chosen = photo->face,
	};
}

void fc_local_choose_face(struct fc_local_photo *photo)
{
	if (photo->status == FC_OK) {
		photo->status = fc_face_choose(&photo->given.face, &photo->analysis, NULL,
					       &photo->face, &photo->error);
		if (photo->status != FC_OK) {
			fc_error_prefix(&photo->error, "'%.200s'", photo->given.path);
		}
	}
}
