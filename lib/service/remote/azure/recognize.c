/*
 * recognize on an Azure service. For each photo: detect its faces, identify them ten at a time, read those persons among the
 * candidates that were not read before, and, with --create-new or --update-embedding, add the faces one after the other.
 */
/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <stdlib.h>

#include "base/json.h"
#include "service/remote/azure/decide.h"
#include "service/remote/azure/engine.h"

enum { FACES_OF_A_REQUEST = 10 };

struct recognition {
	struct fc_azure *azure;
	const struct fc_recognize_request *request;
	struct fc_tally *tally;
};

struct recognize_call {
	struct fc_azure_call call; /* must be the first member, see fc_azure_batch */
	/* the request in flight */
	enum { STAGE_DETECT, STAGE_IDENTIFY, STAGE_PERSON, STAGE_ADD } stage;
	/* number of faces: identified so far, and in the current request */
	size_t identified, requested;
	struct fc_uuid person_id;
	struct fc_azure_conflict conflict;
	unsigned detections, trainings;
	bool decided, uploading;
	size_t face; /* index of the face that is being added, or is added next */
	struct fc_azure_upload upload;
};

static void release_decision(void *context)
{
	fc_azure_decision_free(context);
}

/* ---- the next request ---- */

static bool may_identify(const struct fc_azure *azure)
{
	const struct fc_azure_group *group = &azure->group;
	return group->exists &&
	       (!group->persons.complete || fc_azure_persons_have_face(&group->persons));
}

/*
 * Train the group, which is necessary before faces can be identified. No other request may be in flight. If a request fails,
 * this photo fails; if the training fails, the batch ends.
 */
static enum fc_status train(const struct recognition *recognition, struct fc_remote_job *job,
			    struct fc_error *err)
{
	struct fc_azure *azure = recognition->azure;
	struct recognize_call *call = job->call;
	struct fc_error why = { 0 };
	job->parked = fc_http_pending(azure->client.http) > 0;
	if (job->parked) {
		return FC_OK;
	}
	call->trainings++;
	enum fc_status status = fc_azure_train(azure, &why);
	if (status == FC_OK) {
		return FC_OK;
	}
	if (azure->group.training_failed || status == FC_NO_MEMORY) {
		return fc_fail(err, status, "%s", why.text);
	}
	struct fc_remote_photo *photo = fc_remote_only_photo(job);
	photo->finished = true;
	photo->status = fc_fail(&photo->error, status, "'%.200s': %s", photo->given.path, why.text);
	return FC_OK;
}

static cJSON *identify_body(const struct fc_azure *azure, const struct fc_azure_sight *sight,
			    size_t first, size_t count)
{
	const struct fc_azure_options *options = &azure->options;
	cJSON *body = cJSON_CreateObject();
	cJSON *ids = cJSON_AddArrayToObject(body, "faceIds");
	bool complete = ids && cJSON_AddStringToObject(body, "largePersonGroupId", azure->group.id);
	for (size_t i = first; complete && i < first + count; i++) {
		char text[FC_UUID_TEXT_SIZE];
		fc_uuid_format(&sight->ids[i], text);
		complete = cJSON_AddItemToArray(ids, cJSON_CreateString(text));
	}
	complete = complete &&
		   cJSON_AddNumberToObject(body, "maxNumOfCandidatesReturned", options->candidates);
	if (complete && options->has_confidence) {
		complete = cJSON_AddNumberToObject(body, "confidenceThreshold",
						   options->confidence) != NULL;
	}
	if (!complete) {
		cJSON_Delete(body);
		return NULL;
	}
	return body;
}

static enum fc_status identify(const struct recognition *recognition, struct recognize_call *call,
			       const struct fc_azure_sight *sight, struct fc_error *err)
{
	const struct fc_azure *azure = recognition->azure;
	size_t left = sight->count - call->identified;
	call->stage = STAGE_IDENTIFY;
	call->requested = left < FACES_OF_A_REQUEST ? left : FACES_OF_A_REQUEST;
	fc_azure_begin(azure, &call->call, FC_HTTP_POST, FC_AZURE_ARRAY);
	fc_azure_add_path(&call->call, "identify");
	return fc_azure_json_body(
		&call->call, identify_body(azure, sight, call->identified, call->requested), err);
}

/* Find a candidate whose person was not read: another client created or deleted it, or the list was not read completely. */
static bool find_unread_person(const struct fc_azure *azure, const struct fc_azure_sight *sight,
			       struct fc_uuid *out)
{
	for (size_t i = 0; i < sight->count; i++) {
		for (size_t k = 0; k < sight->candidates.counts[i]; k++) {
			*out = fc_candidates_of(&sight->candidates, i)[k].pid;
			if (!fc_azure_person_by_id(&azure->group.persons, out)) {
				return true;
			}
		}
	}
	return false;
}

/* Determine the person to which a face is added, possibly a new one; NULL if it is not added. */
static enum fc_status person_for(const struct recognition *recognition,
				 struct fc_azure_decision *decision, size_t i,
				 struct fc_azure_person **out, struct fc_error *err)
{
	struct fc_azure_persons *persons = &recognition->azure->group.persons;
	const struct fc_recognize_request *request = recognition->request;
	*out = NULL;
	if (decision->persons[i]) {
		*out = request->update_embedding ? decision->persons[i] : NULL;
		return FC_OK;
	}
	if (!request->create_new) {
		return FC_OK;
	}
	uint64_t number = fc_azure_persons_next_number(persons);
	return fc_azure_persons_add_new(persons, &number, NULL, NULL, out, err);
}

/* After all faces are identified: build the request that adds the next face to its person, if the options require that. */
static enum fc_status add(const struct recognition *recognition, struct fc_remote_job *job,
			  bool *wanted, struct fc_error *err)
{
	struct recognize_call *call = job->call;
	struct fc_remote_photo *photo = fc_remote_only_photo(job);
	struct fc_azure_decision *decision = photo->result;
	for (; call->face < decision->sight.count; call->face++) {
		if (!call->uploading) {
			struct fc_azure_person *person;
			int target[4];
			FC_TRY(person_for(recognition, decision, call->face, &person, err));
			if (!person) {
				continue;
			}
			fc_azure_rectangle(&decision->sight, call->face, target);
			fc_azure_upload_start(&call->upload, person, photo, target);
			call->upload.numbers_itself = !decision->persons[call->face];
			call->uploading = true;
		}
		if (!call->upload.done) {
			call->stage = STAGE_ADD;
			FC_TRY(fc_azure_upload_next(recognition->azure, &call->upload, &call->call,
						    wanted, &job->parked, err));
		}
		if (*wanted || job->parked) {
			return FC_OK;
		}
		fc_azure_decision_added(decision, call->face, call->upload.person);
		call->uploading = false;
	}
	photo->finished = true;
	return FC_OK;
}

/* Build the next request for a photo whose faces were detected. *wanted stays false if none is needed, or if the job is parked. */
static enum fc_status next_step(const struct recognition *recognition, struct fc_remote_job *job,
				bool *wanted, struct fc_error *err)
{
	struct fc_azure *azure = recognition->azure;
	struct recognize_call *call = job->call;
	struct fc_azure_decision *decision = fc_remote_only_photo(job)->result;
	const struct fc_azure_sight *sight = &decision->sight;
	bool left = call->identified < sight->count;
	if (left && may_identify(azure) && azure->group.needs_training) {
		FC_TRY(train(recognition, job, err));
		if (job->parked || fc_remote_only_photo(job)->finished) {
			return FC_OK;
		}
	}
	*wanted = true;
	if (left && may_identify(azure)) {
		return identify(recognition, call, sight, err);
	}
	if (!call->decided && azure->group.exists &&
	    find_unread_person(azure, sight, &call->person_id)) {
		call->stage = STAGE_PERSON;
		fc_azure_begin_group(azure, &call->call, FC_HTTP_GET, FC_AZURE_OBJECT);
		fc_azure_add_path(&call->call, "persons");
		fc_azure_add_path_uuid(&call->call, &call->person_id);
		return FC_OK;
	}
	if (!call->decided) {
		FC_TRY(fc_azure_decide(azure, recognition->request->allow_repeats, decision, err));
		call->decided = true;
	}
	*wanted = false;
	return add(recognition, job, wanted, err);
}

static enum fc_status next(void *context, struct fc_remote_job *job,
			   struct fc_http_request *request, bool *wanted, struct fc_error *err)
{
	const struct recognition *recognition = context;
	struct fc_azure *azure = recognition->azure;
	struct recognize_call *call = job->call;
	struct fc_remote_photo *photo = fc_remote_only_photo(job);
	if (photo->result) {
		FC_TRY(next_step(recognition, job, wanted, err));
	} else {
		call->stage = STAGE_DETECT;
		const struct fc_face_id_request ids = { .recognition_model = azure->group.model };
		fc_azure_detect_call(azure, photo, &ids, &call->call);
		*wanted = true;
	}
	*request = call->call.request;
	return FC_OK;
}

/* ---- responses ---- */

static enum fc_status absorb_good(const struct recognition *recognition,
				  struct recognize_call *call, struct fc_remote_photo *photo,
				  cJSON **json, struct fc_error *err)
{
	struct fc_azure_decision *decision = photo->result;
	call->conflict = (struct fc_azure_conflict){ 0 };
	if (call->stage == STAGE_DETECT) {
		decision = calloc(1, sizeof(*decision));
		if (!decision) {
			return fc_fail_memory(err);
		}
		photo->result = decision;
		photo->release_result = release_decision;
		call->identified = 0;
		return fc_azure_read_sight(json, true, recognition->azure->options.candidates,
					   &decision->sight, err);
	}
	if (call->stage == STAGE_PERSON) {
		struct fc_azure_person_row row;
		struct fc_azure_person *person;
		FC_TRY(fc_azure_read_person(*json, &row, err));
		if (!fc_uuid_equal(&row.id, &call->person_id)) {
			return fc_fail(err, FC_REFUSED, "the response is about another person");
		}
		return fc_azure_persons_add(&recognition->azure->group.persons, &row, &person, err);
	}
	FC_TRY(fc_azure_read_candidates(*json, call->identified, call->requested, &decision->sight,
					err));
	call->identified += call->requested;
	return FC_OK;
}

/* Handle failures that another request can fix: group not trained or deleted, faceIds expired, person deleted. */
static bool is_recoverable(const struct recognition *recognition, struct recognize_call *call,
			   struct fc_remote_photo *photo, const struct fc_azure_error *error,
			   struct fc_error *err)
{
	struct fc_azure *azure = recognition->azure;
	unsigned tries = azure->options.http.retry.tries;
	if (fc_azure_has_code(error, "LargePersonGroupNotTrained") && call->trainings < tries) {
		azure->group.needs_training = true;
		return true;
	}
	if (fc_azure_has_code(error, "LargePersonGroupNotFound") && azure->group.exists) {
		azure->group.exists = false;
		return true;
	}
	if (fc_azure_has_code(error, "FaceNotFound") && call->stage == STAGE_IDENTIFY &&
	    ++call->detections < tries) {
		fc_azure_decision_free(photo->result);
		photo->result = NULL;
		return true;
	}
	return call->stage == STAGE_PERSON && fc_azure_has_code(error, "PersonNotFound") &&
	       fc_azure_persons_add_missing(&azure->group.persons, &call->person_id, err) == FC_OK;
}

static enum fc_status absorb_answer(const struct recognition *recognition,
				    struct recognize_call *call, struct fc_remote_photo *photo,
				    const struct fc_http_response *response, uint64_t *delay_ms,
				    struct fc_azure_error *error, struct fc_error *err)
{
	FC_CLEANUP(fc_json_release) cJSON *json = NULL;
	enum fc_status status = fc_azure_read(response, call->call.shape, &json, error, err);
	if (status == FC_OK) {
		return absorb_good(recognition, call, photo, &json, err);
	}
	bool continues =
		fc_azure_retry_conflict(recognition->azure, &call->conflict, error, delay_ms) ||
		is_recoverable(recognition, call, photo, error, err);
	return continues ? FC_OK : status;
}

static enum fc_status absorb(void *context, struct fc_remote_run *run, struct fc_remote_job *job,
			     enum fc_status status, const struct fc_http_response *response,
			     struct fc_error *failure, struct fc_error *err)
{
	const struct recognition *recognition = context;
	struct recognize_call *call = job->call;
	struct fc_remote_photo *photo = fc_remote_only_photo(job);
	struct fc_azure_error error = { 0 };
	struct fc_error why = *failure;
	uint64_t delay_ms = 0;
	bool answered = true;
	(void)err;
	if (call->stage == STAGE_ADD) {
		status = fc_azure_upload_absorb(recognition->azure, &call->upload, status, response,
						failure, &delay_ms, &why);
		error = call->upload.error;
		answered = call->upload.answered;
	} else if (status == FC_OK) {
		status = absorb_answer(recognition, call, photo, response, &delay_ms, &error, &why);
	}
	if (status == FC_OK && answered) {
		fc_remote_service_answered(run);
	}
	if (status == FC_OK) {
		fc_remote_delay(run, delay_ms);
	} else {
		fc_azure_count_answer(run, &error, &why);
		fc_azure_fail_photo(recognition->azure, photo, &error, &why);
	}
	return FC_OK;
}

/* ---- reporting ---- */

static enum fc_status handle(void *context, struct fc_remote_photo *photo, struct fc_error *err)
{
	const struct recognition *recognition = context;
	const struct fc_photo_sink *sink = &recognition->request->sink;
	const struct fc_azure_options *options = &recognition->azure->options;
	const struct fc_azure_decision *decision = photo->result;
	struct fc_photo_outcome outcome = fc_remote_photo_outcome(photo);
	struct fc_analysis analysis = photo->analysis;
	if (photo->status == FC_OK && decision) {
		analysis.faces = decision->sight.seen;
		analysis.face_count = decision->sight.count;
		outcome.analysis = &analysis;
		outcome.faces = decision->faces;
		outcome.face_count = decision->sight.count;
		outcome.threshold = (struct fc_threshold){
			.value = options->has_confidence ? options->confidence : (double)NAN,
			.basis = FC_THRESHOLD_SERVICE,
		};
		fc_azure_decision_count(decision, recognition->tally);
	}
	fc_tally_count(recognition->tally, photo->status);
	return sink->report(sink->context, &outcome, err);
}

static enum fc_status check_request(const struct fc_azure *azure,
				    const struct fc_recognize_request *request,
				    struct fc_error *err)
{
	const struct fc_threshold_choice *threshold = &request->threshold;
	bool chosen = threshold->has_threshold || threshold->has_fmr || threshold->has_fpir;
	FC_TRY(fc_azure_refuse_origin(azure, request->origin, err));
	FC_TRY(fc_azure_refuse(
		azure, chosen,
		"choosing a threshold for one command (set confidence-threshold in its "
		"section)",
		err));
	FC_TRY(fc_azure_refuse(azure, request->want_templates, "templates", err));
	FC_TRY(fc_azure_refuse(azure, request->want_crops, "crops", err));
	FC_TRY(fc_azure_refuse(azure, request->want_liveness, "liveness", err));
	FC_TRY(fc_azure_refuse(azure, request->annotation.take, "annotated pictures", err));
	FC_TRY(fc_azure_refuse(azure, fc_quality_limits_ask(&request->quality), "limits on quality",
			       err));
	bool adds = request->create_new || request->update_embedding;
	return fc_azure_refuse(azure, request->dry_run && adds, "dry runs that add faces", err);
}

enum fc_status fc_azure_recognize(struct fc_service *service,
				  const struct fc_recognize_request *request,
				  struct fc_tally *tally, struct fc_error *err)
{
	struct fc_azure *azure = fc_azure_of(service);
	struct recognition recognition = { .azure = azure, .request = request, .tally = tally };
	bool adds = request->create_new || request->update_embedding;
	struct fc_remote_batch batch = fc_azure_batch(azure, request->photos);
	batch.in_turn = adds;
	batch.call_size = sizeof(struct recognize_call);
	batch.context = &recognition;
	batch.next = next;
	batch.absorb = absorb;
	batch.handle = handle;
	FC_TRY(check_request(azure, request, err));
	FC_TRY(fc_azure_use_space(azure, request->space,
				  adds ? FC_AZURE_ALL_PERSONS : FC_AZURE_FIRST_PERSONS, err));
	FC_TRY(fc_remote_photos(&batch, err));
	if (azure->group.needs_training && adds && !fc_http_stopped(&azure->options.http)) {
		return fc_azure_train(azure, err);
	}
	return FC_OK;
}
