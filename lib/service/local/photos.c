/* Photos through the workers: opened here, looked at there, handed on in the order they came. */
/* SPDX-License-Identifier: MIT */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "service/input/photo_copy.h"
#include "service/input/photo_file.h"
#include "service/local/engine.h"
#include "service/remote/platform/entry_words.h"

#define LIMITS_ADVICE "see --max-file-size, --max-pixels and --max-side"

void fc_local_photo_release(struct fc_local_photo *photo)
{
	fc_photo_copy_release(&photo->asked);
	fc_ledger_item_release(&photo->recall.item);
	free(photo->recall.absolute);
	free(photo->recall.name);
	fc_analysis_release(&photo->analysis);
	fc_fd_close(&photo->copy);
	*photo = (struct fc_local_photo){ .copy = -1 };
}

/* Photos in flight: a ring in which the oldest is handed on first, whatever order the workers finish in. */
struct flight {
	struct fc_local *local;
	const struct fc_local_batch *batch;
	struct fc_local_photo *ring;
	size_t capacity;
	uint64_t first, next; /* ticket of the oldest, and of the one to come */
	bool exhausted;
};

static void flight_release(struct flight *flight)
{
	for (size_t i = 0; flight->ring && i < flight->capacity; i++) {
		fc_local_photo_release(&flight->ring[i]);
	}
	free(flight->ring);
}

static struct fc_local_photo *photo_of(struct flight *flight, uint64_t ticket)
{
	return &flight->ring[ticket % flight->capacity];
}

/* Open a photo, unless somebody did, and give it to a worker. What is wrong with the photo is its status. */
static enum fc_status submit(struct flight *flight, struct fc_local_photo *photo, uint64_t ticket,
			     int *fd, struct fc_error *err)
{
	struct fc_local *local = flight->local;
	const struct fc_photo_limit limit = {
		.bytes = local->options.workers.limits.bytes,
		.advice = "see --max-file-size",
	};
	FC_TRY(fc_local_start_workers(local, err));
	if (*fd < 0) {
		photo->status = fc_photo_open(photo->path, &limit, fd, NULL, &photo->error);
	}
	if (photo->status != FC_OK) {
		photo->finished = true;
		return FC_OK;
	}
	if (flight->batch->keep_descriptor) {
		photo->copy = fcntl(*fd, F_DUPFD_CLOEXEC, 3);
	}
	enum fc_want want =
		flight->batch->want | (local->attributes ? FC_WANT_ATTRIBUTES : FC_WANT_FACES);
	int photo_fd = *fd;
	*fd = -1;
	return fc_workers_submit(local->workers, ticket, photo_fd, want, err);
}

/* Send a photo on its way, or note why that is not possible or needed. Errors are not the photo's. */
static enum fc_status launch(struct flight *flight, const struct fc_photo *photo,
			     struct fc_error *err)
{
	FC_CLEANUP(fc_fd_close) int fd = -1;
	const struct fc_local_batch *batch = flight->batch;
	struct fc_local_photo *place = photo_of(flight, flight->next);
	uint64_t ticket = flight->next++;
	*place = (struct fc_local_photo){ .copy = -1 };
	FC_TRY(fc_photo_copy(photo, &place->asked, err));
	place->name = place->asked.name;
	place->path = place->asked.path;
	if (photo->status != FC_OK) {
		place->status = fc_fail(&place->error, photo->status, "%s", photo->error);
		place->finished = true;
		return FC_OK;
	}
	if (batch->recall) {
		FC_TRY(batch->recall(batch->context, place, &fd, err));
	}
	if (place->recall.known) {
		place->finished = true;
		return FC_OK;
	}
	return submit(flight, place, ticket, &fd, err);
}

/* Whether the source has a photo at hand. One that has not is waited for only when there is nothing else to do. */
static bool source_is_ready(const struct flight *flight)
{
	const struct fc_photo_source *source = &flight->batch->source;
	return flight->first == flight->next || !source->ready || source->ready(source->context);
}

static enum fc_status rest(const struct flight *flight, bool idle, struct fc_error *err)
{
	return flight->batch->pause ? flight->batch->pause(flight->batch->context, idle, err)
				    : FC_OK;
}

/* Nothing is under way and the source would have to be waited for. */
static bool is_idle(const struct flight *flight)
{
	const struct fc_photo_source *source = &flight->batch->source;
	return flight->first == flight->next && source->ready && !source->ready(source->context);
}

static bool workers_have_room(const struct flight *flight)
{
	const struct fc_workers *workers = flight->local->workers;
	return !workers || fc_workers_room(workers) > 0;
}

/* Take photos from the source while there is room for them. */
static enum fc_status fill(struct flight *flight, struct fc_error *err)
{
	while (!flight->exhausted && flight->next - flight->first < flight->capacity &&
	       workers_have_room(flight) && source_is_ready(flight)) {
		struct fc_photo photo = { 0 };
		if (is_idle(flight)) {
			FC_TRY(rest(flight, true, err));
		}
		if (fc_local_stopped(flight->local)) {
			flight->exhausted = true;
			break;
		}
		FC_TRY(flight->batch->source.next(flight->batch->source.context, &photo,
						  &flight->exhausted, err));
		if (!flight->exhausted) {
			FC_TRY(launch(flight, &photo, err));
		}
	}
	return FC_OK;
}

/* Wait for one photo, whichever is next to finish. */
static enum fc_status collect(struct flight *flight, struct fc_error *err)
{
	struct fc_analysis analysis = { 0 };
	struct fc_error photo_error = { 0 };
	enum fc_status photo_status = FC_OK;
	uint64_t ticket = 0;
	enum fc_status status = fc_workers_wait(flight->local->workers, &ticket, &analysis,
						&photo_status, &photo_error, err);
	if (status == FC_BUSY) {
		/* A signal came: whether it ends the batch is for fill() to ask; the photos in flight stay. */
		return FC_OK;
	}
	FC_TRY(status);
	struct fc_local_photo *photo = photo_of(flight, ticket);
	photo->analysis = analysis;
	photo->status = photo_status;
	photo->error = photo_error;
	if (photo_status == FC_TOO_LARGE) {
		photo->status = fc_fail(&photo->error, FC_TOO_LARGE, "'%s': %.300s (%s)",
					photo->path, photo_error.text, LIMITS_ADVICE);
	} else if (photo_status != FC_OK) {
		fc_error_prefix(&photo->error, "'%s'", photo->path);
	}
	photo->finished = true;
	return FC_OK;
}

/* The photo to hand on next: the oldest when it is finished, or, where the order does not matter, any. NULL when there is none. */
static struct fc_local_photo *finished_photo(struct flight *flight)
{
	uint64_t end = flight->batch->source.any_order ? flight->next : flight->first + 1;
	for (uint64_t ticket = flight->first; ticket < end; ticket++) {
		struct fc_local_photo *photo = photo_of(flight, ticket);
		if (photo->finished && !photo->handled) {
			return photo;
		}
	}
	return NULL;
}

enum fc_status fc_local_run(struct fc_local *local, const struct fc_local_batch *batch,
			    struct fc_error *err)
{
	FC_CLEANUP(flight_release)
	struct flight flight = { .local = local, .batch = batch };
	/* Twice what the workers hold, two each, so that one slow photo does not leave the others idle. */
	flight.capacity = (size_t)local->options.workers.count * 4 + 1;
	flight.ring = calloc(flight.capacity, sizeof(*flight.ring));
	if (!flight.ring) {
		return fc_fail_memory(err);
	}
	for (size_t i = 0; i < flight.capacity; i++) {
		flight.ring[i].copy = -1;
	}
	for (;;) {
		FC_TRY(fill(&flight, err));
		if (flight.first == flight.next) {
			return rest(&flight, true, err);
		}
		struct fc_local_photo *photo = finished_photo(&flight);
		if (!photo) {
			FC_TRY(rest(&flight, false, err));
			FC_TRY(collect(&flight, err));
			continue;
		}
		FC_TRY(batch->handle(batch->context, photo, err));
		fc_local_photo_release(photo);
		photo->handled = true;
		while (flight.first < flight.next && photo_of(&flight, flight.first)->handled) {
			flight.first++;
		}
	}
}

enum fc_reason fc_local_reason(const struct fc_local_photo *photo)
{
	return photo->reason != FC_REASON_NONE ? photo->reason : fc_reason_of(photo->status);
}

struct fc_photo_outcome fc_local_outcome(const struct fc_local_photo *photo)
{
	return (struct fc_photo_outcome){
		.asked = &photo->asked,
		.name = photo->name,
		.path = photo->path,
		.status = photo->status,
		.error = photo->status == FC_OK ? NULL : photo->error.text,
		.analysis = &photo->analysis,
		.looked_at = !photo->recall.known,
		.reason = fc_local_reason(photo),
	};
}

void fc_local_require_one_face(struct fc_local_photo *photo)
{
	size_t count = photo->analysis.face_count;
	if (photo->status != FC_OK || count == 1) {
		return;
	}
	photo->status =
		count == 0 ? fc_fail(&photo->error, FC_NO_FACE, "'%s': no face found", photo->path)
			   : fc_fail(&photo->error, FC_SEVERAL_FACES,
				     "'%s': %zu faces found, exactly one is needed", photo->path,
				     count);
}

uint32_t fc_local_face_pixels(const struct fc_face *face)
{
	const struct fc_box *box = &face->box;
	return (uint32_t)((box->right - box->left) * (box->bottom - box->top));
}

/* The gallery's word for it: vision and gallery know nothing of each other. */
static enum fc_liveness liveness_of(enum fc_life life)
{
	static const enum fc_liveness words[] = {
		[FC_LIFE_UNKNOWN] = FC_LIVENESS_UNKNOWN,
		[FC_LIFE_PASSED] = FC_LIVENESS_PASSED,
		[FC_LIFE_FAILED] = FC_LIVENESS_FAILED,
		[FC_LIFE_UNDETERMINED] = FC_LIVENESS_UNDETERMINED,
	};
	return words[life];
}

static void note_attributes(struct fc_entry *entry, const struct fc_attributes *attributes)
{
	entry->has_age = attributes->has_age;
	entry->age = (uint8_t)(attributes->age + 0.5F);
	entry->sex = fc_sex_of_face(attributes->sex);
	entry->mood = fc_mood_of_emotion(attributes->emotion);
}

struct fc_entry fc_local_entry(const struct fc_local *local, const struct fc_local_photo *photo,
			       const struct fc_face *face, uint32_t space, const char *origin)
{
	struct fc_entry entry = {
		.created = fc_clock_now(),
		.space = space,
		.result = face ? FC_RESULT_NM : FC_RESULT_NF,
		.photo = photo->analysis.sha256,
		.model = local->embedder->files[0].sha256,
	};
	if (face) {
		const struct fc_box *box = &face->box;
		const float edges[] = { box->left, box->top, box->right, box->bottom };
		memcpy(entry.box, edges, sizeof(edges));
		entry.confidence = face->confidence;
		entry.face_pixels = fc_local_face_pixels(face);
		entry.exposure = face->quality.exposure;
		entry.sharpness = face->quality.sharpness;
		entry.liveness = liveness_of(face->life);
		note_attributes(&entry, &face->attributes);
		entry.pan = face->quality.pan;
		entry.tilt = face->quality.tilt;
	}
	/* The gallery copies them; the entry only borrows. */
	memcpy(&entry.origin, &origin, sizeof(origin));
	memcpy(&entry.path, &photo->path, sizeof(photo->path));
	return entry;
}

struct fc_face_record fc_local_face_record(const struct fc_local_photo *photo, size_t index,
					   uint32_t space, const struct fc_uuid *pid,
					   const char *origin)
{
	const struct fc_face *face = &photo->analysis.faces[index];
	struct fc_face_record record = {
		.space = space,
		.pid = *pid,
		.photo = photo->analysis.sha256,
		.photo_index = (uint16_t)index,
		.box = { face->box.left, face->box.top, face->box.right, face->box.bottom },
		.confidence = face->confidence,
		.quality = face->quality.awesomeness,
		.embedding = face->embedding,
		.dimension = (uint32_t)photo->analysis.dimension,
	};
	for (size_t i = 0; i < FC_LANDMARKS; i++) {
		record.landmarks[2 * i] = face->landmarks[i].x;
		record.landmarks[2 * i + 1] = face->landmarks[i].y;
	}
	memcpy(&record.path, &photo->path, sizeof(photo->path));
	memcpy(&record.origin, &origin, sizeof(origin));
	return record;
}
