/*
 * Photos to a platform. A request that makes something is sent once; when nobody knows what became of it, the platform is asked
 * before it is sent again, so that nothing is made twice.
 */
/* SPDX-License-Identifier: MIT */
#include "service/remote/platform/photos.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "net/retry.h"
#include "service/remote/common/photos.h"
#include "service/remote/common/words.h"

enum step {
	STEP_ACT,    /* the verb itself */
	STEP_SEARCH, /* whose face it is */
	STEP_LOG,    /* whether the profile's log has it */
};

/* One photo on its way. */
struct sending {
	struct fc_platform_call call;
	enum step step;
	unsigned tries;                /* of the verb */
	unsigned looks;                /* that came to nothing */
	int64_t started;               /* the last of them, monotonic microseconds */
	struct fc_error failure;       /* its, while it is looked for */
	struct fc_platform_person who; /* what the search said */
};

struct batch {
	struct fc_platform_look *look;
	struct fc_remote_batch remote;
};

static void sending_release(void *call)
{
	struct sending *sending = call;
	fc_platform_call_release(&sending->call);
}

/* ---- requests ---- */

static void fill_search(const struct fc_platform_look *look, const struct fc_remote_photo *photo,
			struct fc_platform_call *call)
{
	const char *path[] = { look->platform->dialect->persons, "search", NULL };
	fc_platform_call_begin(look->platform, FC_HTTP_POST, path, call);
	fc_platform_image(call, "image", photo);
	fc_platform_field_truth(call, "identify_asm", look->platform->options.attributes);
	call->request.repeatable = true;
}

static enum fc_status next_request(void *context, struct fc_remote_job *job,
				   struct fc_http_request *request, bool *wanted,
				   struct fc_error *err)
{
	const struct fc_platform_look *look = ((struct batch *)context)->look;
	const struct fc_remote_photo *photo = fc_remote_only_photo(job);
	struct sending *sending = job->call;
	struct fc_platform_call *call = &sending->call;
	switch (sending->step) {
	case STEP_ACT:
		look->fill(look, photo, call);
		call->request.repeatable = look->doubt == FC_DOUBT_NONE;
		sending->started = fc_clock_monotonic_us();
		sending->tries++;
		break;
	case STEP_SEARCH:
		fill_search(look, photo, call);
		break;
	case STEP_LOG:
		FC_TRY(fc_platform_call_entries_of(
			look->platform,
			look->doubt == FC_DOUBT_CREATE ? &sending->who.pid : &look->pid,
			look->doubt == FC_DOUBT_CREATE ? FC_RESULT_NEW : FC_RESULT_REINIT, call,
			err));
		break;
	}
	FC_TRY(fc_platform_call_end(call, err));
	*request = call->request;
	*wanted = true;
	return FC_OK;
}

/* ---- the photo's result ---- */

static enum fc_status note_made(struct fc_platform *platform, const struct fc_uuid *pid,
				struct fc_error *err)
{
	if (platform->made_count == platform->made_room) {
		size_t room = 2 * platform->made_room + 64;
		struct fc_uuid *made = reallocarray(platform->made, room, sizeof(*made));
		if (!made) {
			return fc_fail_memory(err);
		}
		platform->made = made;
		platform->made_room = room;
	}
	platform->made[platform->made_count++] = *pid;
	return FC_OK;
}

static enum fc_status finish(const struct fc_platform_look *look, struct fc_remote_photo *photo,
			     const struct fc_platform_person *person, struct fc_error *err)
{
	struct fc_platform_person *result = malloc(sizeof(*result));
	if (!result) {
		return fc_fail_memory(err);
	}
	*result = *person;
	photo->result = result;
	photo->finished = true;
	return person->result == FC_RESULT_NEW ? note_made(look->platform, &person->pid, err)
					       : FC_OK;
}

static void fail(const struct fc_platform_look *look, struct fc_remote_photo *photo,
		 const struct fc_error *failure)
{
	fc_remote_photo_fail(photo, look->platform->options.name, failure);
}

/* Nobody knows what became of the request, and now nobody will. */
static void give_up(const struct fc_platform_look *look, struct fc_remote_photo *photo,
		    struct sending *sending)
{
	fc_remote_add_words(&sending->failure, look->harm);
	fail(look, photo, &sending->failure);
}

/* ---- answers to the verb ---- */

/* reinit's success is an empty answer. */
static enum fc_status read_result(const struct fc_platform_look *look,
				  const struct fc_platform_answer *answer,
				  struct fc_platform_person *out, struct fc_error *failure)
{
	if (look->doubt == FC_DOUBT_REINIT) {
		*out = (struct fc_platform_person){ .result = FC_RESULT_REINIT,
						    .has_pid = true,
						    .pid = look->pid };
		return FC_OK;
	}
	return fc_platform_read_person(answer->json, out, failure);
}

/* An older server tells that nobody was found by 404 and a person without a profile. */
static bool is_nobody(const struct fc_platform_look *look, enum fc_status status,
		      const struct fc_platform_answer *answer)
{
	struct fc_platform_person person;
	return look->doubt == FC_DOUBT_NONE && status == FC_NOT_FOUND &&
	       fc_platform_read_person(answer->json, &person, NULL) == FC_OK && !person.has_pid;
}

/* Whether the platform can be asked what became of a request that failed, and then how long to wait before. */
static bool may_look(const struct batch *batch, const struct sending *sending, bool doubtful)
{
	return doubtful && batch->look->doubt != FC_DOUBT_NONE &&
	       sending->tries < batch->remote.options->retry.tries &&
	       !fc_remote_stopped(&batch->remote);
}

static enum fc_status absorb_verb(struct batch *batch, struct fc_remote_run *run,
				  struct fc_remote_job *job, enum fc_status status,
				  const struct fc_http_response *response, struct fc_error *failure,
				  struct fc_error *err)
{
	FC_CLEANUP(fc_platform_answer_release) struct fc_platform_answer answer = { 0 };
	struct fc_platform_look *look = batch->look;
	struct fc_remote_photo *photo = fc_remote_only_photo(job);
	struct sending *sending = job->call;
	struct fc_platform_person person;
	if (status == FC_OK) {
		status = fc_platform_read(response, &answer, failure);
		status = is_nobody(look, status, &answer) ? FC_OK : status;
	}
	if (status == FC_OK) {
		status = read_result(look, &answer, &person, failure);
	}
	if (status == FC_OK) {
		fc_remote_service_answered(run);
		return finish(look, photo, &person, err);
	}
	bool refused = answer.refused || status == FC_NOT_FOUND;
	if (status == FC_NOT_FOUND && look->doubt != FC_DOUBT_REINIT) {
		FC_IGNORE(fc_platform_misdirected(failure));
	}
	bool doubtful = response->sent && !refused && look->doubt != FC_DOUBT_NONE;
	sending->failure = *failure;
	if (may_look(batch, sending, doubtful)) {
		sending->step = look->doubt == FC_DOUBT_CREATE ? STEP_SEARCH : STEP_LOG;
		fc_remote_delay(run, fc_retry_wait(&batch->remote.options->retry, sending->tries,
						   fc_retry_draw(), response));
		return FC_OK;
	}
	if (answer.blames_photo) {
		fc_remote_service_answered(run);
	} else {
		fc_remote_service_failed(run, failure);
	}
	if (doubtful) {
		give_up(look, photo, sending);
	} else {
		fail(look, photo, failure);
	}
	return FC_OK;
}

/* ---- finding out ---- */

/* The verb is tried again: it surely was not carried out. */
static void try_again(struct sending *sending)
{
	sending->step = STEP_ACT;
	sending->looks = 0;
}

/* A look that came to nothing does no harm, so that another one may be had. */
static bool may_look_again(const struct batch *batch, struct fc_remote_run *run,
			   struct sending *sending, const struct fc_http_response *response)
{
	const struct fc_retry_policy *policy = &batch->remote.options->retry;
	if (response->status == 0 || ++sending->looks >= policy->tries ||
	    fc_remote_stopped(&batch->remote)) {
		return false;
	}
	fc_remote_delay(run, fc_retry_wait(policy, sending->looks, fc_retry_draw(), response));
	return true;
}

static void absorb_search(struct batch *batch, struct fc_remote_run *run, struct fc_remote_job *job,
			  enum fc_status status, const struct fc_http_response *response,
			  struct fc_error *failure)
{
	FC_CLEANUP(fc_platform_answer_release) struct fc_platform_answer answer = { 0 };
	struct sending *sending = job->call;
	if (status == FC_OK) {
		status = fc_platform_read(response, &answer, failure);
	}
	if (status == FC_OK || status == FC_NOT_FOUND) {
		status = fc_platform_read_person(answer.json, &sending->who, failure);
	}
	if (status != FC_OK && may_look_again(batch, run, sending, response)) {
		return;
	}
	if (status != FC_OK) {
		fc_remote_service_failed(run, failure);
		give_up(batch->look, fc_remote_only_photo(job), sending);
		return;
	}
	/* Of a profile made of this very photo it would be exact. */
	if (sending->who.result == FC_RESULT_EXACT) {
		sending->step = STEP_LOG;
	} else {
		try_again(sending);
	}
}

static bool was_made_before(const struct fc_platform *platform, const struct fc_uuid *pid)
{
	for (size_t i = 0; i < platform->made_count; i++) {
		if (fc_uuid_equal(&platform->made[i], pid)) {
			return true;
		}
	}
	return false;
}

/* Whether the log has an entry since the verb was sent, by the service's clock, which tells whole seconds. */
static bool has_entry_since(const struct fc_platform_page *page,
			    const struct fc_http_response *response, int64_t started)
{
	const int64_t rounding = 2 * 1000000;
	int64_t now = response->date > 0 ? response->date : fc_clock_now();
	int64_t since = now - (fc_clock_monotonic_us() - started) - rounding;
	const cJSON *item;
	cJSON_ArrayForEach (item, page->items) {
		struct fc_platform_entry entry;
		if (fc_platform_read_entry(item, &entry, NULL) == FC_OK && entry.created >= since) {
			return true;
		}
	}
	return false;
}

static enum fc_status absorb_log(struct batch *batch, struct fc_remote_run *run,
				 struct fc_remote_job *job, enum fc_status status,
				 const struct fc_http_response *response, struct fc_error *failure,
				 struct fc_error *err)
{
	FC_CLEANUP(fc_platform_answer_release) struct fc_platform_answer answer = { 0 };
	struct fc_platform_look *look = batch->look;
	struct fc_remote_photo *photo = fc_remote_only_photo(job);
	struct sending *sending = job->call;
	struct fc_platform_page page;
	bool creates = look->doubt == FC_DOUBT_CREATE;
	if (status == FC_OK) {
		status = fc_platform_read(response, &answer, failure);
	}
	if (status == FC_OK) {
		status = fc_platform_read_page(answer.json, &page, failure);
	}
	if (status != FC_OK && may_look_again(batch, run, sending, response)) {
		return FC_OK;
	}
	bool found = status == FC_OK && has_entry_since(&page, response, sending->started);
	if (creates) {
		/* The profile is there; what stays open without the log is whether it is new. */
		if (found && !was_made_before(look->platform, &sending->who.pid)) {
			sending->who.result = FC_RESULT_NEW;
		}
		return finish(look, photo, &sending->who, err);
	}
	if (status != FC_OK) {
		fc_remote_service_failed(run, failure);
		give_up(look, photo, sending);
		return FC_OK;
	}
	if (!found) {
		try_again(sending);
		return FC_OK;
	}
	const struct fc_platform_person person = { .result = FC_RESULT_REINIT,
						   .has_pid = true,
						   .pid = look->pid };
	return finish(look, photo, &person, err);
}

static enum fc_status absorb(void *context, struct fc_remote_run *run, struct fc_remote_job *job,
			     enum fc_status status, const struct fc_http_response *response,
			     struct fc_error *failure, struct fc_error *err)
{
	struct batch *batch = context;
	const struct sending *sending = job->call;
	switch (sending->step) {
	case STEP_SEARCH:
		absorb_search(batch, run, job, status, response, failure);
		return FC_OK;
	case STEP_LOG:
		return absorb_log(batch, run, job, status, response, failure, err);
	default:
		return absorb_verb(batch, run, job, status, response, failure, err);
	}
}

/* ---- outcomes ---- */

static const char *origin_of(const struct fc_platform_look *look,
			     const struct fc_remote_photo *photo)
{
	return photo->origin ? photo->origin : look->origin_name;
}

static struct fc_profile_outcome outcome_of(const struct fc_platform_look *look,
					    const struct fc_remote_photo *photo)
{
	const struct fc_platform_person *person = photo->result;
	struct fc_profile_outcome outcome = {
		.asked = &photo->asked,
		.name = photo->name,
		.path = photo->path,
		.status = photo->status,
		.error = photo->status == FC_OK ? NULL : photo->error.text,
		.analysis = &photo->analysis,
		.space = look->input->space,
		.origin = origin_of(look, photo),
		.result = FC_RESULT_NF,
		.looked_at = true,
		.reason = fc_reason_of(photo->status),
	};
	if (person) {
		outcome.result = person->result;
		outcome.has_profile = person->has_pid;
		outcome.profile.pid = person->pid;
		outcome.has_similarity = person->has_confidence;
		outcome.similarity = NAN;
		outcome.confidence = person->confidence;
		outcome.has_age = person->attributes.has_age;
		outcome.age = person->attributes.age;
		outcome.sex = person->attributes.sex;
		outcome.mood = person->attributes.mood;
		outcome.liveness = person->attributes.liveness;
	}
	if (look->doubt == FC_DOUBT_CREATE) {
		outcome.action = photo->status != FC_OK
					 ? fc_action_of(photo->status, outcome.reason)
				 : outcome.result == FC_RESULT_NEW ? FC_ACTION_ENROLLED
								   : FC_ACTION_UNCHANGED;
	}
	return outcome;
}

static enum fc_status handle(void *context, struct fc_remote_photo *photo, struct fc_error *err)
{
	const struct fc_platform_look *look = ((struct batch *)context)->look;
	const struct fc_profile_sink *sink = &look->input->sink;
	const struct fc_profile_outcome outcome = outcome_of(look, photo);
	bool looked_at = photo->status == FC_OK && outcome.result != FC_RESULT_NF;
	fc_tally_count(look->tally, photo->status);
	if (look->doubt == FC_DOUBT_CREATE) {
		fc_tally_note(look->tally, outcome.action, outcome.reason);
	}
	look->tally->faces += looked_at;
	look->tally->known += looked_at && outcome.has_profile;
	look->tally->created += looked_at && outcome.result == FC_RESULT_NEW;
	return sink->report(sink->context, &outcome, err);
}

/* ---- where photos come from ---- */

static const struct fc_platform_name *find_loaded(const struct fc_platform *platform,
						  const char *origin)
{
	for (size_t i = 0; i < platform->origins.count; i++) {
		if (strcmp(platform->origins.items[i].name, origin) == 0) {
			return &platform->origins.items[i];
		}
	}
	return NULL;
}

void fc_platform_origin_field(const struct fc_platform_look *look,
			      const struct fc_remote_photo *photo, struct fc_platform_call *call)
{
	const struct fc_platform_dialect *dialect = look->platform->dialect;
	const struct fc_platform_name *origin = find_loaded(look->platform, origin_of(look, photo));
	if (!origin) {
		call->failed = true; /* check_photo has seen to it */
	} else if (dialect->origin_by_name) {
		fc_platform_field(call, dialect->origin_field, origin->name);
	} else {
		fc_platform_field_count(call, dialect->origin_field, origin->id);
	}
}

/* What a photo asks for itself: an origin of its own, which must be there before anything is sent, and nobody in particular. */
static void check_photo(void *context, struct fc_remote_photo *photo)
{
	const struct fc_platform_look *look = ((struct batch *)context)->look;
	struct fc_error failure = { 0 };
	if (photo->has_number || photo->has_pid || photo->person || photo->user_data) {
		FC_IGNORE(fc_fail(&failure, FC_UNSUPPORTED,
				  "no numbers, ids, names or user data can be given to profiles"));
	} else if (look->tells_origin && photo->origin &&
		   !find_loaded(look->platform, photo->origin)) {
		FC_IGNORE(fc_fail(&failure, FC_NOT_FOUND,
				  "there is no origin '%.100s'; 'facectl origins create' makes one",
				  photo->origin));
	}
	if (failure.status != FC_OK) {
		fail(look, photo, &failure);
	}
}

/* The request's origin, or the one of the configuration, by the name that the service knows it by. */
static enum fc_status settle_origin(struct fc_platform_look *look, struct fc_error *err)
{
	struct fc_platform *platform = look->platform;
	const struct fc_platform_name *found;
	const char *origin = look->input->origin ? look->input->origin : platform->options.origin;
	if (!look->tells_origin) {
		return FC_OK;
	}
	if (!origin) {
		return fc_fail(err, FC_INVALID_ARGUMENT,
			       "service '%s' wants to know where a photo comes from; give "
			       "--origin, or name an origin in its section",
			       platform->options.name);
	}
	FC_TRY(fc_platform_find_origin(platform, origin, &found, err));
	look->origin_name = found->name;
	return FC_OK;
}

static enum fc_status refuse_what_there_is_not(const struct fc_platform_look *look,
					       struct fc_error *err)
{
	const struct fc_profile_photos *input = look->input;
	const struct fc_platform *platform = look->platform;
	bool stores = look->doubt != FC_DOUBT_NONE;
	FC_TRY(fc_platform_refuse(platform, input->liveness, "liveness as a condition", err));
	FC_TRY(fc_platform_refuse(platform, !stores && input->has_min_facesize,
				  "least size of a face to search with", err));
	FC_TRY(fc_platform_refuse(platform, stores && input->no_entry,
				  "way to leave no entry in its log", err));
	return fc_platform_refuse(platform, stores && input->dry_run, "dry run", err);
}

enum fc_status fc_platform_look_at_all(struct fc_platform_look *look, struct fc_error *err)
{
	struct fc_platform *platform = look->platform;
	struct batch batch = { .look = look };
	FC_TRY(refuse_what_there_is_not(look, err));
	FC_TRY(fc_platform_check_space(platform, look->input->space, err));
	FC_TRY(settle_origin(look, err));
	batch.remote = (struct fc_remote_batch){
		.service = platform->options.name,
		.http = platform->http,
		.options = &platform->options.http,
		.limits = &platform->options.photo,
		.source = look->input->photos,
		.images = 1,
		/* what one makes the next must find */
		.in_turn = look->doubt != FC_DOUBT_NONE,
		.call_size = sizeof(struct sending),
		.context = &batch,
		.check = look->doubt == FC_DOUBT_NONE ? NULL : check_photo,
		.next = next_request,
		.absorb = absorb,
		.release = sending_release,
		.handle = handle,
	};
	return fc_remote_photos(&batch.remote, err);
}
