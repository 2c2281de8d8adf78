/*
 * Photos to a Smarty service: many in a request within its limits, several requests under way, answers split and merged so that
 * photos are handed on in the order they came.
 */
/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "base/json.h"
#include "net/retry.h"
#include "service/smarty_engine.h"

enum {
	/* A photo's share of the request beside its bytes: the part's head, its line in the meta object. */
	PART_OVERHEAD = 400,
	/* Requests failing one after the other, each after all its tries, before the service counts as down. */
	FAILURES_MAXIMUM = 10,
};

/* Photos that were gathered for one request. Some may need another: those that failed for now, or a half of a refused request. */
struct chunk {
	struct fc_smarty_photo *photos;
	size_t count, capacity;
	uint64_t bytes;
	size_t width; /* photos of the next request, at most */
	size_t *sent; /* which photos are in the request under way */
	size_t sent_count;
	bool under_way;
	struct fc_smarty_image *images;
	const char **names;
	uint64_t *numbers;
	struct fc_smarty_call call;
};

struct flight {
	struct fc_smarty *smarty;
	const struct fc_smarty_batch *batch;
	struct chunk *ring; /* the oldest is handed on first, whatever order the answers come in */
	size_t capacity;
	uint64_t first, next; /* ticket of the oldest, and of the one to come */
	bool exhausted;
	bool has_held; /* a photo that did not fit in the last request */
	struct fc_smarty_photo held;
	unsigned failures;      /* in a row */
	struct fc_error ending; /* why no more photos are taken; FC_OK while they are */
};

static void chunk_release(struct chunk *chunk)
{
	for (size_t i = 0; i < chunk->count; i++) {
		fc_smarty_photo_release(&chunk->photos[i]);
	}
	fc_smarty_call_release(&chunk->call);
	free(chunk->photos);
	free(chunk->sent);
	free(chunk->images);
	free(chunk->names);
	free(chunk->numbers);
	*chunk = (struct chunk){ 0 };
}

static void flight_release(struct flight *flight)
{
	/* Requests borrow from their chunks. */
	fc_http_cancel(flight->smarty->http);
	for (size_t i = 0; flight->ring && i < flight->capacity; i++) {
		chunk_release(&flight->ring[i]);
	}
	if (flight->has_held) {
		fc_smarty_photo_release(&flight->held);
	}
	free(flight->ring);
}

static struct chunk *chunk_of(struct flight *flight, uint64_t ticket)
{
	return &flight->ring[ticket % flight->capacity];
}

static bool asked_to_stop(const struct flight *flight)
{
	const volatile sig_atomic_t *stop = flight->smarty->options.http.stop;
	return stop && *stop != 0;
}

/* ---- gathering photos ---- */

/* Photos wait with open files, so there can be no more of them than this process may open. */
static size_t photos_of_a_request(const struct flight *flight)
{
	enum { OTHER_FILES = 64 };
	size_t most = flight->smarty->options.limits.images;
	struct rlimit files;
	if (getrlimit(RLIMIT_NOFILE, &files) != 0 || files.rlim_cur == RLIM_INFINITY) {
		return most;
	}
	size_t room = files.rlim_cur > OTHER_FILES ? (size_t)files.rlim_cur - OTHER_FILES : 1;
	size_t share = room / flight->capacity;
	return share < most ? (share > 0 ? share : 1) : most;
}

static enum fc_status chunk_start(struct chunk *chunk, size_t capacity, struct fc_error *err)
{
	*chunk = (struct chunk){
		.capacity = capacity,
		.width = capacity,
		.photos = calloc(capacity, sizeof(*chunk->photos)),
		.sent = calloc(capacity, sizeof(*chunk->sent)),
		.images = calloc(capacity, sizeof(*chunk->images)),
		.names = calloc(capacity, sizeof(*chunk->names)),
		.numbers = calloc(capacity, sizeof(*chunk->numbers)),
	};
	bool complete =
		chunk->photos && chunk->sent && chunk->images && chunk->names && chunk->numbers;
	return complete ? FC_OK : fc_fail_memory(err);
}

/* The next photo: the one that was held back, or one from the source. */
static enum fc_status take_photo(struct flight *flight, struct fc_smarty_photo *out, bool *end,
				 struct fc_error *err)
{
	const struct fc_photo_source *source = &flight->batch->source;
	struct fc_photo photo = { 0 };
	if (flight->has_held) {
		*out = flight->held;
		flight->has_held = false;
		return FC_OK;
	}
	*end = asked_to_stop(flight) || flight->ending.status != FC_OK;
	if (!*end) {
		FC_TRY(source->next(source->context, &photo, end, err));
	}
	if (*end) {
		flight->exhausted = true;
		return FC_OK;
	}
	return fc_smarty_photo_open(flight->smarty, &photo, flight->batch->numbered, out, err);
}

/* Gather photos until the request is full or there are no more. */
static enum fc_status gather(struct flight *flight, struct chunk *chunk, struct fc_error *err)
{
	const struct fc_smarty_limits *limits = &flight->smarty->options.limits;
	FC_TRY(chunk_start(chunk, photos_of_a_request(flight), err));
	/* what the request has beside its photos */
	chunk->bytes = PART_OVERHEAD;
	while (chunk->count < chunk->capacity) {
		struct fc_smarty_photo photo;
		bool end = false;
		FC_TRY(take_photo(flight, &photo, &end, err));
		if (end) {
			break;
		}
		uint64_t share = photo.finished ? 0 : photo.analysis.bytes + PART_OVERHEAD;
		if (chunk->count > 0 && chunk->bytes + share > limits->request_bytes) {
			flight->held = photo;
			flight->has_held = true;
			break;
		}
		chunk->photos[chunk->count++] = photo;
		chunk->bytes += share;
	}
	return FC_OK;
}

/* ---- requests ---- */

/* The photos of the next request: the first that are not finished, as many as the width allows. */
static void choose_photos(struct chunk *chunk)
{
	chunk->sent_count = 0;
	for (size_t i = 0; i < chunk->count && chunk->sent_count < chunk->width; i++) {
		const struct fc_smarty_photo *photo = &chunk->photos[i];
		if (photo->finished) {
			continue;
		}
		chunk->images[chunk->sent_count] = (struct fc_smarty_image){
			.content = { .fd = photo->fd, .length = photo->analysis.bytes },
			.format = photo->analysis.format,
		};
		chunk->names[chunk->sent_count] = photo->name;
		chunk->numbers[chunk->sent_count] = photo->number;
		chunk->sent[chunk->sent_count++] = i;
	}
}

/* Send what is left of a chunk. Without anything left it is over. */
static enum fc_status send_chunk(struct flight *flight, uint64_t ticket, uint64_t delay_ms,
				 struct fc_error *err)
{
	const struct fc_smarty_batch *batch = flight->batch;
	struct chunk *chunk = chunk_of(flight, ticket);
	struct fc_smarty_meta meta = batch->meta;
	choose_photos(chunk);
	if (chunk->sent_count == 0) {
		return FC_OK;
	}
	meta.has_images = true;
	meta.numbers = batch->numbered ? chunk->numbers : NULL;
	meta.count = chunk->sent_count;
	fc_smarty_call_release(&chunk->call);
	FC_TRY(fc_smarty_call_fill(flight->smarty, batch->verb, &meta, chunk->names, chunk->images,
				   &chunk->call, err));
	chunk->call.request.repeatable = batch->repeatable;
	chunk->call.request.delay_ms = delay_ms;
	FC_TRY(fc_http_submit(flight->smarty->http, ticket, &chunk->call.request, err));
	chunk->under_way = true;
	return FC_OK;
}

/* ---- answers ---- */

/* Close the photos of the request under way with one failure. */
static void fail_sent(struct flight *flight, struct chunk *chunk, const struct fc_error *failure)
{
	for (size_t i = 0; i < chunk->sent_count; i++) {
		struct fc_smarty_photo *photo = &chunk->photos[chunk->sent[i]];
		photo->finished = true;
		photo->status =
			fc_fail(&photo->error, failure->status, "'%.200s': service '%s': %s",
				photo->path, flight->smarty->options.name, failure->text);
	}
}

/* Whether the failure would meet every further photo too: then no more are taken. */
static void weigh_failure(struct flight *flight, const struct fc_error *failure)
{
	bool barred = failure->status == FC_PERMISSION || failure->status == FC_UNREADABLE;
	flight->failures++;
	if ((barred || flight->failures >= FAILURES_MAXIMUM) && flight->ending.status == FC_OK) {
		fc_fail(&flight->ending, failure->status, "service '%s': %s",
			flight->smarty->options.name, failure->text);
	}
}

/* A request whose outcome nobody knows: say so where that matters. */
static void warn_of_creation(const struct flight *flight, bool sent, struct fc_error *failure)
{
	if (sent && flight->batch->meta.create_new) {
		size_t length = strlen(failure->text);
		FC_IGNORE(snprintf(failure->text + length, sizeof(failure->text) - length,
				   "; persons may have been created, so it was not repeated"));
	}
}

/* One photo's object: its result, its error, or another try. */
static void take_answer(struct flight *flight, struct fc_smarty_photo *photo, cJSON *object,
			enum fc_smarty_object_status told)
{
	const char *name = flight->smarty->options.name;
	photo->finished = true;
	photo->object = object;
	if (!object) {
		photo->status = fc_fail(&photo->error, FC_REFUSED,
					"'%.200s': service '%s': the answer does not mention it",
					photo->path, name);
		return;
	}
	if (told == FC_SMARTY_DONE) {
		photo->status = FC_OK;
		return;
	}
	photo->status = fc_fail(&photo->error, told == FC_SMARTY_TEMPORARY ? FC_BUSY : FC_BAD_IMAGE,
				"'%.200s': service '%s': %.200s", photo->path, name,
				fc_smarty_object_error(object));
	if (told == FC_SMARTY_TEMPORARY &&
	    ++photo->temporary_errors < flight->smarty->options.http.retry.tries &&
	    !asked_to_stop(flight)) {
		photo->finished = false;
		fc_json_release(&photo->object);
	}
}

/* An envelope with objects. *delay_ms: how long to leave alone those that failed for now. */
static void take_objects(struct flight *flight, struct chunk *chunk,
			 struct fc_smarty_envelope *envelope, uint64_t *delay_ms)
{
	const struct fc_retry_policy *policy = &flight->smarty->options.http.retry;
	const struct fc_http_response no_wish = { 0 };
	for (size_t i = 0; i < chunk->sent_count; i++) {
		struct fc_smarty_photo *photo = &chunk->photos[chunk->sent[i]];
		enum fc_smarty_object_status told = FC_SMARTY_PERMANENT;
		cJSON *object = fc_smarty_take_object(envelope, chunk->call.names[i].text, &told);
		take_answer(flight, photo, object, told);
		if (!photo->finished) {
			*delay_ms = fc_retry_wait(policy, photo->temporary_errors, fc_retry_draw(),
						  &no_wish);
		}
	}
}

/*
 * What the answer to a chunk's request means for its photos. A request of several that is refused for good is sent again in halves:
 * one bad photo must not sink the others.
 */
static void absorb(struct flight *flight, struct chunk *chunk, enum fc_status status,
		   const struct fc_http_response *response, struct fc_error *failure,
		   uint64_t *delay_ms)
{
	FC_CLEANUP(fc_smarty_envelope_release) struct fc_smarty_envelope envelope = { 0 };
	if (status == FC_OK) {
		status = fc_smarty_read(response, &envelope, failure);
	}
	if (status == FC_OK) {
		flight->failures = 0;
		chunk->width =
			2 * chunk->width < chunk->capacity ? 2 * chunk->width : chunk->capacity;
		take_objects(flight, chunk, &envelope, delay_ms);
		return;
	}
	bool refused = envelope.refused || response->status == 413;
	if (refused && chunk->sent_count > 1 && !asked_to_stop(flight)) {
		chunk->width = (chunk->sent_count + 1) / 2;
		return;
	}
	if (!refused) {
		weigh_failure(flight, failure);
		warn_of_creation(flight, response->sent, failure);
	}
	fail_sent(flight, chunk, failure);
}

/* Wait for one request, whichever is next to be over, and send what is left of its chunk. */
static enum fc_status collect(struct flight *flight, struct fc_error *err)
{
	FC_CLEANUP(fc_http_response_release) struct fc_http_response response = { 0 };
	struct fc_error failure = { 0 };
	enum fc_status status = FC_OK;
	uint64_t ticket = 0;
	uint64_t delay_ms = 0;
	FC_TRY(fc_http_wait(flight->smarty->http, &ticket, &response, &status, &failure, err));
	struct chunk *chunk = chunk_of(flight, ticket);
	chunk->under_way = false;
	absorb(flight, chunk, status, &response, &failure, &delay_ms);
	return send_chunk(flight, ticket, delay_ms, err);
}

static enum fc_status fill(struct flight *flight, struct fc_error *err)
{
	while (!(flight->exhausted && !flight->has_held) &&
	       flight->next - flight->first < flight->capacity) {
		uint64_t ticket = flight->next++;
		FC_TRY(gather(flight, chunk_of(flight, ticket), err));
		FC_TRY(send_chunk(flight, ticket, 0, err));
	}
	return FC_OK;
}

static enum fc_status hand_on(struct flight *flight, struct chunk *chunk, struct fc_error *err)
{
	for (size_t i = 0; i < chunk->count; i++) {
		FC_TRY(flight->batch->handle(flight->batch->context, &chunk->photos[i], err));
	}
	chunk_release(chunk);
	flight->first++;
	return FC_OK;
}

enum fc_status fc_smarty_run(struct fc_smarty *smarty, const struct fc_smarty_batch *batch,
			     struct fc_error *err)
{
	FC_CLEANUP(flight_release)
	struct flight flight = { .smarty = smarty, .batch = batch };
	flight.capacity = batch->in_turn ? 1 : smarty->options.http.parallel;
	flight.ring = calloc(flight.capacity, sizeof(*flight.ring));
	if (!flight.ring) {
		return fc_fail_memory(err);
	}
	for (;;) {
		FC_TRY(fill(&flight, err));
		if (flight.first == flight.next) {
			break;
		}
		struct chunk *oldest = chunk_of(&flight, flight.first);
		if (oldest->under_way) {
			FC_TRY(collect(&flight, err));
		} else {
			FC_TRY(hand_on(&flight, oldest, err));
		}
	}
	if (flight.ending.status != FC_OK) {
		return fc_fail(err, flight.ending.status, "%s", flight.ending.text);
	}
	return FC_OK;
}
