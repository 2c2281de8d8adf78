/*
 * The requests of one photo. A request that creates or changes something is sent once; if its outcome is unknown, the platform is
 * queried before it is sent again, so that nothing is created twice.
 */
/* SPDX-License-Identifier: MIT */
#include <stdlib.h>

#include "base/clock.h"
#include "base/memory.h"
#include "net/retry.h"
#include "service/remote/common/words.h"
#include "service/remote/platform/upload.h"

enum step {
	STEP_VERB,   /* the request itself */
	STEP_NEWEST, /* before a reinit: find the newest entry of an earlier reinit of the profile */
	STEP_SEARCH, /* recovery: find the profile of the face */
	STEP_LOG,    /* recovery: find the entry that the request created */
};

/* The state of one photo. */
struct sending {
	struct fc_platform_call call;
	enum step step;
	unsigned tries;              /* of the request */
	unsigned checks;             /* failed requests of the recovery */
	int64_t started;             /* start of the last try, monotonic microseconds */
	bool has_newest, has_no_log; /* the result of STEP_NEWEST: newest is known, or is not */
	uint64_t newest;             /* id of the newest reinit entry before the request; 0: none */
	bool done; /* the platform carried the request out, but its response has no valid person */
	struct fc_error failure;         /* of the last try */
	struct fc_platform_person found; /* result of STEP_SEARCH */
};

static void sending_release(void *call)
{
	struct sending *sending = call;
	fc_platform_call_release(&sending->call);
}

/* ---- requests ---- */

static enum fc_status next_request(void *context, struct fc_remote_job *job,
				   struct fc_http_request *request, bool *wanted,
				   struct fc_error *err)
{
	const struct fc_platform_upload *upload = ((struct fc_platform_batch *)context)->upload;
	const struct fc_remote_photo *photo = fc_remote_only_photo(job);
	struct sending *sending = job->call;
	struct fc_platform_call *call = &sending->call;
	const char *search[] = { upload->platform->dialect->persons, "search", NULL };
	if (upload->recovery == FC_RECOVERY_REINIT && !sending->has_newest &&
	    !sending->has_no_log) {
		sending->step = STEP_NEWEST;
	}
	switch (sending->step) {
	case STEP_VERB:
		upload->fill(upload, photo, call);
		call->request.repeatable = upload->recovery == FC_RECOVERY_NONE;
		sending->started = fc_clock_monotonic_us();
		sending->tries++;
		break;
	case STEP_SEARCH:
		fc_platform_call_begin(upload->platform, FC_HTTP_POST, search, call);
		fc_platform_image(call, "image", photo);
		fc_platform_field_truth(call, "identify_asm", fc_platform_asks_attributes(upload));
		call->request.repeatable = true;
		break;
	case STEP_NEWEST:
	case STEP_LOG:
		FC_TRY(fc_platform_call_entries_of(
			upload->platform,
			upload->recovery == FC_RECOVERY_CREATE ? &sending->found.person
							       : &upload->person,
			upload->recovery == FC_RECOVERY_CREATE ? FC_RESULT_NEW : FC_RESULT_REINIT,
			call, err));
		break;
	}
	FC_TRY(fc_platform_call_end(call, err));
	*request = call->request;
	*wanted = true;
	return FC_OK;
}

/* ---- the photo's result ---- */

static enum fc_status finish(const struct fc_platform_upload *upload, struct fc_remote_photo *photo,
			     const struct fc_platform_person *person, struct fc_error *err)
{
	struct fc_platform_person *result = malloc(sizeof(*result));
	if (!result) {
		return fc_fail_memory(err);
	}
	*result = *person;
	photo->result = result;
	photo->finished = true;
	struct fc_platform *platform = upload->platform;
	if (person->result == FC_RESULT_NEW) {
		FC_TRY(fc_array_grow(&platform->created, sizeof(*platform->created),
				     platform->created_count, &platform->created_capacity, err));
		platform->created[platform->created_count++] = person->person.pid;
	}
	return FC_OK;
}

static void fail(const struct fc_platform_upload *upload, struct fc_remote_photo *photo,
		 const struct fc_error *failure)
{
	FC_IGNORE(fc_remote_photo_fail(photo, upload->platform->options.name, failure));
}

/* Fail the photo: the outcome stays unknown. */
static void give_up(const struct fc_platform_upload *upload, struct fc_remote_photo *photo,
		    struct sending *sending)
{
	fc_remote_add_words(&sending->failure, upload->unclear_advice);
	fail(upload, photo, &sending->failure);
}

/* ---- responses to the request ---- */

/* A successful reinit has an empty response. */
static enum fc_status read_result(const struct fc_platform_upload *upload,
				  const struct fc_platform_answer *answer,
				  struct fc_platform_person *out, struct fc_error *failure)
{
	if (upload->recovery == FC_RECOVERY_REINIT) {
		*out = (struct fc_platform_person){ .result = FC_RESULT_REINIT,
						    .has_pid = true,
						    .person = upload->person };
		return FC_OK;
	}
	return fc_platform_read_person(answer->json, out, failure);
}

/* Older servers return 404 and a person without a profile if a search has no match. */
static bool is_not_found(const struct fc_platform_upload *upload, enum fc_status status,
			 const struct fc_platform_answer *answer)
{
	struct fc_platform_person person;
	return upload->recovery == FC_RECOVERY_NONE && status == FC_NOT_FOUND &&
	       fc_platform_read_person(answer->json, &person, NULL) == FC_OK && !person.has_pid;
}

/*
 * A creation succeeded with a response that has no valid person: never send it again. If the response has the profile, only its result is
 * unknown.
 */
static void find_result(struct sending *sending, const struct fc_platform_answer *answer,
			const struct fc_error *failure)
{
	struct fc_platform_person *found = &sending->found;
	*found = (struct fc_platform_person){ 0 };
	found->has_pid = fc_platform_read_person_id(answer->json, &found->person);
	sending->done = true;
	sending->failure = *failure;
	sending->step = found->has_pid ? STEP_LOG : STEP_SEARCH;
}

static enum fc_status absorb_verb(struct fc_platform_batch *batch, struct fc_remote_run *run,
				  struct fc_remote_job *job, enum fc_status status,
				  const struct fc_http_response *response, struct fc_error *failure,
				  struct fc_error *err)
{
	FC_CLEANUP(fc_platform_answer_release) struct fc_platform_answer answer = { 0 };
	struct fc_platform_upload *upload = batch->upload;
	struct fc_remote_photo *photo = fc_remote_only_photo(job);
	struct sending *sending = job->call;
	struct fc_platform_person person;
	if (status == FC_OK) {
		status = fc_platform_read(response, &answer, failure);
		status = is_not_found(upload, status, &answer) ? FC_OK : status;
	}
	bool done = status == FC_OK;
	if (done) {
		fc_remote_service_answered(run);
		status = read_result(upload, &answer, &person, failure);
	}
	if (status == FC_OK) {
		return finish(upload, photo, &person, err);
	}
	if (done && upload->recovery == FC_RECOVERY_CREATE) {
		find_result(sending, &answer, failure);
		return FC_OK;
	}
	bool refused = answer.refused || status == FC_NOT_FOUND;
	if (status == FC_NOT_FOUND && upload->recovery != FC_RECOVERY_REINIT) {
		FC_IGNORE(fc_platform_misdirected(failure));
	}
	bool unclear = response->sent && !refused && upload->recovery != FC_RECOVERY_NONE;
	sending->failure = *failure;
	const struct fc_retry_policy *policy = &batch->remote.options->retry;
	if (unclear && !sending->has_no_log && sending->tries < policy->tries &&
	    !fc_http_stopped(batch->remote.options)) {
		sending->step = upload->recovery == FC_RECOVERY_CREATE ? STEP_SEARCH : STEP_LOG;
		fc_remote_delay(run,
				fc_retry_wait(policy, sending->tries, fc_retry_draw(), response));
		return FC_OK;
	}
	if (answer.blames_photo) {
		fc_remote_service_answered(run);
	} else {
		fc_remote_service_failed(run, failure);
	}
	if (unclear) {
		give_up(upload, photo, sending);
	} else {
		fail(upload, photo, failure);
	}
	return FC_OK;
}

/* ---- recovery: was the request carried out? ---- */

/* Send the request again: the platform did not carry it out. */
static void try_again(struct sending *sending)
{
	sending->step = STEP_VERB;
	sending->checks = 0;
}

/* Whether to repeat a failed recovery request, after a delay. */
static bool may_check_again(const struct fc_platform_batch *batch, struct fc_remote_run *run,
			    struct sending *sending, const struct fc_http_response *response)
{
	const struct fc_retry_policy *policy = &batch->remote.options->retry;
	if (response->status == 0 || ++sending->checks >= policy->tries ||
	    fc_http_stopped(batch->remote.options)) {
		return false;
	}
	fc_remote_delay(run, fc_retry_wait(policy, sending->checks, fc_retry_draw(), response));
	return true;
}

static void absorb_search(struct fc_platform_batch *batch, struct fc_remote_run *run,
			  struct fc_remote_job *job, enum fc_status status,
			  const struct fc_http_response *response, struct fc_error *failure)
{
	FC_CLEANUP(fc_platform_answer_release) struct fc_platform_answer answer = { 0 };
	struct sending *sending = job->call;
	if (status == FC_OK) {
		status = fc_platform_read(response, &answer, failure);
	}
	if (status == FC_OK || status == FC_NOT_FOUND) {
		status = fc_platform_read_person(answer.json, &sending->found, failure);
	}
	if (status != FC_OK && may_check_again(batch, run, sending, response)) {
		return;
	}
	if (status != FC_OK) {
		fc_remote_service_failed(run, failure);
		give_up(batch->upload, fc_remote_only_photo(job), sending);
		return;
	}
	/* a profile that was created from this photo matches it exactly */
	if (sending->found.result == FC_RESULT_EXACT) {
		sending->step = STEP_LOG;
	} else if (sending->done) {
		give_up(batch->upload, fc_remote_only_photo(job), sending);
	} else {
		try_again(sending);
	}
}

static bool was_created_before(const struct fc_platform *platform, const struct fc_uuid *pid)
{
	for (size_t i = 0; i < platform->created_count; i++) {
		if (fc_uuid_equal(&platform->created[i], pid)) {
			return true;
		}
	}
	return false;
}

/* The id of the newest entry that this request of the profile may have created; 0: there is none. */
static uint64_t newest_entry(const struct fc_platform_upload *upload, const struct sending *sending,
			     const struct fc_platform_page *page, int64_t since)
{
	bool creates = upload->recovery == FC_RECOVERY_CREATE;
	const struct fc_uuid *pid = creates ? &sending->found.person.pid : &upload->person.pid;
	enum fc_result result = creates ? FC_RESULT_NEW : FC_RESULT_REINIT;
	uint64_t newest = 0;
	const cJSON *item;
	cJSON_ArrayForEach (item, page->items) {
		struct fc_platform_entry entry;
		/* check what the filters asked for: a service may ignore them */
		if (fc_platform_read_entry(item, &entry, NULL) == FC_OK && entry.has_pid &&
		    fc_uuid_equal(&entry.person.pid, pid) && entry.result == result &&
		    entry.created >= since && entry.id > newest) {
			newest = entry.id;
		}
	}
	return newest;
}

/* Whether the log has an entry since the request was sent, by the service's clock, whose resolution is 1 s. */
static bool has_entry_since(const struct fc_platform_upload *upload, const struct sending *sending,
			    const struct fc_platform_page *page,
			    const struct fc_http_response *response)
{
	const int64_t rounding = 2 * 1000000;
	int64_t now = response->date > 0 ? response->date : fc_clock_now();
	int64_t since = now - (fc_clock_monotonic_us() - sending->started) - rounding;
	return newest_entry(upload, sending, page, since) > 0;
}

/* Without access to the log, the request is sent, but never a second time. */
static void absorb_newest(struct fc_platform_batch *batch, struct fc_remote_run *run,
			  struct fc_remote_job *job, enum fc_status status,
			  const struct fc_http_response *response, struct fc_error *failure)
{
	FC_CLEANUP(fc_platform_answer_release) struct fc_platform_answer answer = { 0 };
	struct sending *sending = job->call;
	struct fc_platform_page page;
	if (status == FC_OK) {
		status = fc_platform_read(response, &answer, failure);
	}
	if (status == FC_OK) {
		status = fc_platform_read_page(answer.json, &page, failure);
	}
	if (status != FC_OK && may_check_again(batch, run, sending, response)) {
		return;
	}
	sending->has_newest = status == FC_OK;
	sending->has_no_log = status != FC_OK;
	if (status == FC_OK) {
		sending->newest = newest_entry(batch->upload, sending, &page, INT64_MIN);
	}
	try_again(sending);
}

static enum fc_status absorb_log(struct fc_platform_batch *batch, struct fc_remote_run *run,
				 struct fc_remote_job *job, enum fc_status status,
				 const struct fc_http_response *response, struct fc_error *failure,
				 struct fc_error *err)
{
	FC_CLEANUP(fc_platform_answer_release) struct fc_platform_answer answer = { 0 };
	struct fc_platform_upload *upload = batch->upload;
	struct fc_remote_photo *photo = fc_remote_only_photo(job);
	struct sending *sending = job->call;
	struct fc_platform_page page;
	bool creates = upload->recovery == FC_RECOVERY_CREATE;
	if (status == FC_OK) {
		status = fc_platform_read(response, &answer, failure);
	}
	if (status == FC_OK) {
		status = fc_platform_read_page(answer.json, &page, failure);
	}
	if (status != FC_OK && may_check_again(batch, run, sending, response)) {
		return FC_OK;
	}
	bool found = status == FC_OK &&
		     (creates ? has_entry_since(upload, sending, &page, response)
			      : newest_entry(upload, sending, &page, INT64_MIN) > sending->newest);
	if (creates) {
		/* the profile exists, but only a log entry would show that this request created it */
		if (found && !was_created_before(upload->platform, &sending->found.person.pid)) {
			sending->found.result = FC_RESULT_NEW;
		}
		return finish(upload, photo, &sending->found, err);
	}
	if (status != FC_OK) {
		fc_remote_service_failed(run, failure);
		give_up(upload, photo, sending);
		return FC_OK;
	}
	if (!found) {
		try_again(sending);
		return FC_OK;
	}
	const struct fc_platform_person person = { .result = FC_RESULT_REINIT,
						   .has_pid = true,
						   .person = upload->person };
	return finish(upload, photo, &person, err);
}

static enum fc_status absorb(void *context, struct fc_remote_run *run, struct fc_remote_job *job,
			     enum fc_status status, const struct fc_http_response *response,
			     struct fc_error *failure, struct fc_error *err)
{
	struct fc_platform_batch *batch = context;
	const struct sending *sending = job->call;
	switch (sending->step) {
	case STEP_NEWEST:
		absorb_newest(batch, run, job, status, response, failure);
		return FC_OK;
	case STEP_SEARCH:
		absorb_search(batch, run, job, status, response, failure);
		return FC_OK;
	case STEP_LOG:
		return absorb_log(batch, run, job, status, response, failure, err);
	default:
		return absorb_verb(batch, run, job, status, response, failure, err);
	}
}

void fc_platform_batch_init(struct fc_platform_batch *batch)
{
	batch->remote.images = 1;
	batch->remote.call_size = sizeof(struct sending);
	batch->remote.context = batch;
	batch->remote.next = next_request;
	batch->remote.absorb = absorb;
	batch->remote.release = sending_release;
}
