/* Send photos to a Smarty service: many in one request, which is split if the service refuses it. */
/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/number.h"
#include "net/retry.h"
#include "service/remote/common/photos.h"
#include "service/remote/common/words.h"
#include "service/remote/smarty/engine.h"

/* The next request of a job: those of its photos that are not finished, or half of them after a refusal. */
struct chunk {
	size_t width; /* maximum number of photos in the next request; 0 before the first */
	size_t *sent; /* indexes of the job's photos that were sent */
	size_t sent_count;
	struct fc_smarty_image *images;
	const char **names;
	uint64_t *numbers;
	struct fc_smarty_call call;
};

struct sending {
	struct fc_smarty *smarty;
	const struct fc_smarty_batch *batch;
	const struct fc_remote_batch *remote;
};

static void chunk_release(void *call)
{
	struct chunk *chunk = call;
	fc_smarty_call_release(&chunk->call);
	free(chunk->sent);
	free(chunk->images);
	free(chunk->names);
	free(chunk->numbers);
}

/* ---- requests ---- */

/* Choose the first photos that are not finished, at most `width`. */
static void choose_photos(const struct fc_remote_job *job, struct chunk *chunk)
{
	chunk->sent_count = 0;
	for (size_t i = 0; i < job->count && chunk->sent_count < chunk->width; i++) {
		const struct fc_remote_photo *photo = &job->photos[i];
		if (photo->finished) {
			continue;
		}
		chunk->images[chunk->sent_count] = (struct fc_smarty_image){
			.content = { .fd = photo->fd, .length = photo->sent_bytes },
			.format = photo->sent_format,
		};
		chunk->names[chunk->sent_count] = photo->given.name;
		chunk->numbers[chunk->sent_count] = photo->given.number;
		chunk->sent[chunk->sent_count++] = i;
	}
}

static enum fc_status next_request(void *context, struct fc_remote_job *job,
				   struct fc_http_request *request, bool *wanted,
				   struct fc_error *err)
{
	struct sending *sending = context;
	const struct fc_smarty_batch *batch = sending->batch;
	struct chunk *chunk = job->call;
	struct fc_smarty_meta meta = batch->meta;
	if (chunk->width == 0) {
		chunk->width = job->capacity;
		chunk->sent = calloc(chunk->width, sizeof(*chunk->sent));
		chunk->images = calloc(chunk->width, sizeof(*chunk->images));
		chunk->names = calloc(chunk->width, sizeof(*chunk->names));
		chunk->numbers = calloc(chunk->width, sizeof(*chunk->numbers));
		if (!chunk->sent || !chunk->images || !chunk->names || !chunk->numbers) {
			return fc_fail_memory(err);
		}
	}
	choose_photos(job, chunk);
	meta.has_images = true;
	meta.numbers = batch->numbered ? chunk->numbers : NULL;
	meta.count = chunk->sent_count;
	fc_smarty_call_release(&chunk->call);
	FC_TRY(fc_smarty_call_fill(sending->smarty, batch->verb, &meta, chunk->names, chunk->images,
				   &chunk->call, err));
	*request = chunk->call.request;
	request->repeatable = batch->repeatable;
	*wanted = true;
	return FC_OK;
}

/* ---- responses ---- */

/*
 * The service refuses photos that show several faces, or none, with the same words. If it was to choose the main face of this photo, choose it
 * here. *decided: the part that shows it must be sent, or the photo is refused.
 */
static enum fc_status choose_main_face(const struct sending *sending, struct fc_remote_photo *photo,
				       const cJSON *object, bool *decided, struct fc_error *err)
{
	const struct fc_smarty_options *options = &sending->smarty->options;
	const char *words = fc_smarty_words(FC_SEVERAL_FACES, FC_CODE_NONE);
	*decided = false;
	if (!sending->batch->numbered || photo->given.face.rule != FC_FACE_MAIN ||
	    photo->is_cutout || strcmp(fc_smarty_object_error(object), words) != 0) {
		return FC_OK;
	}
	FC_TRY(fc_remote_photo_choose_face(photo, options->name, &options->limits.photo,
					   &options->cutter, err));
	*decided = photo->is_cutout || photo->status != FC_OK;
	return FC_OK;
}

/* Apply the object of one photo: a result, an error, or an error after which the photo, or a part of it, is sent again. */
static enum fc_status take_answer(const struct sending *sending, struct fc_remote_photo *photo,
				  cJSON *object, enum fc_smarty_object_status object_status,
				  struct fc_error *err)
{
	struct fc_error failure = { 0 };
	bool decided = false;
	photo->finished = true;
	photo->answer = object;
	if (!object) {
		FC_IGNORE(fc_fail(&failure, FC_REFUSED, "the response has no result for it"));
		FC_IGNORE(fc_remote_photo_fail(photo, sending->remote->service, &failure));
		return FC_OK;
	}
	if (object_status == FC_SMARTY_DONE) {
		photo->status = FC_OK;
		return FC_OK;
	}
	if (object_status == FC_SMARTY_PERMANENT) {
		FC_TRY(choose_main_face(sending, photo, object, &decided, err));
	}
	if (decided) {
		fc_json_release(&photo->answer);
		return FC_OK;
	}
	FC_IGNORE(fc_fail(&failure, object_status == FC_SMARTY_TEMPORARY ? FC_BUSY : FC_BAD_IMAGE,
			  "%.200s", fc_smarty_object_error(object)));
	FC_IGNORE(fc_remote_photo_fail(photo, sending->remote->service, &failure));
	photo->service_error = fc_json_text(object, "error");
	if (object_status == FC_SMARTY_TEMPORARY &&
	    ++photo->temporary_errors < sending->remote->options->retry.tries &&
	    !fc_http_stopped(sending->remote->options)) {
		photo->finished = false;
		photo->service_error = NULL;
		fc_json_release(&photo->answer);
	}
	return FC_OK;
}

/* Apply the objects of a response. Photos with temporary errors are sent again after a delay. */
static enum fc_status take_objects(const struct sending *sending, struct fc_remote_run *run,
				   struct fc_remote_job *job, struct fc_smarty_envelope *envelope,
				   struct fc_error *err)
{
	const struct fc_retry_policy *policy = &sending->remote->options->retry;
	const struct fc_http_response no_retry_after = { 0 };
	struct chunk *chunk = job->call;
	for (size_t i = 0; i < chunk->sent_count; i++) {
		struct fc_remote_photo *photo = &job->photos[chunk->sent[i]];
		enum fc_smarty_object_status object_status = FC_SMARTY_PERMANENT;
		cJSON *object =
			fc_smarty_take_object(envelope, chunk->call.names[i].text, &object_status);
		FC_TRY(take_answer(sending, photo, object, object_status, err));
		if (!photo->finished && photo->temporary_errors > 0) {
			fc_remote_delay(run, fc_retry_wait(policy, photo->temporary_errors,
							   fc_retry_draw(), &no_retry_after));
		}
	}
	return FC_OK;
}

/*
 * Apply the response to the photos of the request. A refused request with several photos is sent again in halves, so that one
 * bad photo does not make the others fail.
 */
static enum fc_status absorb(void *context, struct fc_remote_run *run, struct fc_remote_job *job,
			     enum fc_status status, const struct fc_http_response *response,
			     struct fc_error *failure, struct fc_error *err)
{
	FC_CLEANUP(fc_smarty_envelope_release) struct fc_smarty_envelope envelope = { 0 };
	const struct sending *sending = context;
	struct chunk *chunk = job->call;
	if (status == FC_OK) {
		status = fc_smarty_read(response, &envelope, failure);
	}
	if (status == FC_OK) {
		fc_remote_service_answered(run);
		fc_smarty_notes_add(sending->batch->notes, &envelope.notes);
		chunk->width = 2 * chunk->width < job->capacity ? 2 * chunk->width : job->capacity;
		return take_objects(sending, run, job, &envelope, err);
	}
	bool refused = fc_smarty_is_refusal(status, &envelope) || response->status == 413;
	if (refused && chunk->sent_count > 1 && !fc_http_stopped(sending->remote->options)) {
		chunk->width = (chunk->sent_count + 1) / 2;
		return FC_OK;
	}
	if (!refused) {
		fc_remote_service_failed(run, failure);
		if (response->sent && sending->batch->meta.create_new) {
			fc_remote_add_words(
				failure, "persons may have been created, so it was not repeated");
		}
	}
	for (size_t i = 0; i < chunk->sent_count; i++) {
		FC_IGNORE(fc_remote_photo_fail(&job->photos[chunk->sent[i]],
					       sending->remote->service, failure));
	}
	return FC_OK;
}

/* FC_CONFLICT if the photo is a face of another person, unless it may move. */
static enum fc_status check_stored(const struct fc_smarty *smarty,
				   const struct fc_remote_photo *photo, struct fc_error *err)
{
	const struct fc_stored_at *at = photo->given.stored_at;
	uint64_t number;
	bool has_number = at && at->reference &&
			  fc_parse_u64(at->reference, 0, UINT64_MAX, "", &number, NULL) == FC_OK;
	if (!at || at->may_move || (has_number && number == photo->given.number)) {
		return FC_OK;
	}
	return fc_fail(
		err, FC_CONFLICT,
		"this photo is already a face of person %s; the service cannot remove one face: "
		"if the photo was moved, --sync moves it when all photos of that person are "
		"gone or moved, or delete that person (facectl --service %s delete) and run "
		"set again",
		has_number ? at->reference : "with another number", smarty->options.name);
}

/*
 * Check a photo of a numbered person before anything is sent: it needs a number. Then choose its face, except the main one: the service refuses
 * photos for which that is necessary.
 */
static enum fc_status check_photo(void *context, struct fc_remote_photo *photo,
				  struct fc_error *err)
{
	const struct sending *sending = context;
	const struct fc_smarty_options *options = &sending->smarty->options;
	struct fc_error failure = { 0 };
	if (!sending->batch->numbered) {
		return FC_OK;
	}
	if (photo->given.has_number) {
		if (check_stored(sending->smarty, photo, &failure) != FC_OK) {
			FC_IGNORE(fc_remote_photo_fail(photo, options->name, &failure));
			return FC_OK;
		}
		return photo->given.face.rule == FC_FACE_MAIN
			       ? FC_OK
			       : fc_remote_photo_choose_face(photo, options->name,
							     &options->limits.photo,
							     &options->cutter, err);
	}
	if (photo->given.person) {
		FC_IGNORE(fc_fail_code(&failure, FC_INVALID_ARGUMENT, FC_CODE_NO_PERSON_ID,
				       "persons have numbers only, no names: '%.100s'",
				       photo->given.person));
	} else {
		FC_IGNORE(fc_fail_code(&failure, FC_INVALID_ARGUMENT, FC_CODE_NO_PERSON_ID,
				       "no person number was given for this photo"));
	}
	FC_IGNORE(fc_remote_photo_fail(photo, options->name, &failure));
	return FC_OK;
}

static enum fc_status handle(void *context, struct fc_remote_photo *photo, struct fc_error *err)
{
	const struct fc_smarty_batch *batch = ((const struct sending *)context)->batch;
	return batch->handle(batch->context, photo, err);
}

enum fc_status fc_smarty_run(struct fc_smarty *smarty, const struct fc_smarty_batch *batch,
			     struct fc_error *err)
{
	const struct fc_smarty_limits *limits = &smarty->options.limits;
	struct sending sending = { .smarty = smarty, .batch = batch };
	struct fc_remote_batch remote = {
		.service = smarty->options.name,
		.http = smarty->client.http,
		.options = &smarty->options.http,
		.limits = &limits->photo,
		.source = batch->source,
		.images = limits->images,
		.request_bytes = limits->request_bytes,
		.in_turn = batch->in_turn,
		.call_size = sizeof(struct chunk),
		.context = &sending,
		.check = check_photo,
		.next = next_request,
		.absorb = absorb,
		.release = chunk_release,
		.handle = handle,
	};
	sending.remote = &remote;
	return fc_remote_photos(&remote, err);
}
