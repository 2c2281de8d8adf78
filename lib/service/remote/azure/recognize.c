/*
 * recognize on an Azure service. A photo goes through detection, identification of its faces ten at a time, a look at candidates who
 * are not known by name yet, and, where persons are to be made or added to, one enrolment after the other.
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
	struct fc_azure_call call;
	enum { STAGE_DETECT, STAGE_IDENTIFY, STAGE_WHO, STAGE_ADD } stage; /* under way */
	size_t identified, asked; /* faces: done, and in the request */
	struct fc_uuid who;
	struct fc_azure_patience patience;
	unsigned detections, trainings;
	bool decided, adds;
	size_t face; /* that is added, or the next one */
	struct fc_azure_adding adding;
};

static void release_call(void *context)
{
	struct recognize_call *call = context;
	fc_azure_call_release(&call->call);
}

static void release_decision(void *context)
{
	fc_azure_decision_free(context);
}

/* ---- the next request ---- */

static bool has_anybody(const struct fc_azure *azure)
{
	const struct fc_azure_group *group = &azure->group;
	return group->exists &&
	       (!group->persons.complete || fc_azure_persons_have_face(&group->persons));
}

/*
 * Nothing can be identified until the group is trained, and that takes everybody's patience. A request that fails is this photo's
 * failure, a training that does is everybody's.
 */
static enum fc_status train(const struct recognition *recognition, struct fc_remote_job *job,
			    struct fc_error *err)
{
	struct fc_azure *azure = recognition->azure;
	struct recognize_call *call = job->call;
	struct fc_error why = { 0 };
	job->parked = fc_http_pending(azure->http) > 0;
	if (job->parked) {
		return FC_OK;
	}
	call->trainings++;
	enum fc_status status = fc_azure_train(azure, &why);
	if (status == FC_OK) {
		return FC_OK;
	}
	if (azure->group.untrainable || status == FC_NO_MEMORY) {
		return fc_fail(err, status, "%s", why.text);
	}
	struct fc_remote_photo *photo = fc_remote_only_photo(job);
	photo->finished = true;
	photo->status = fc_fail(&photo->error, status, "'%.200s': %s", photo->path, why.text);
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
	call->asked = left < FACES_OF_A_REQUEST ? left : FACES_OF_A_REQUEST;
	fc_azure_begin(azure, &call->call, FC_HTTP_POST, FC_AZURE_ARRAY);
	fc_azure_piece(&call->call, "identify");
	return fc_azure_json_body(&call->call,
				  identify_body(azure, sight, call->identified, call->asked), err);
}

/* A candidate nobody was told about: somebody else added or removed that person, or the list was not read to its end. */
static bool find_stranger(const struct fc_azure *azure, const struct fc_azure_sight *sight,
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

static void ask_who(const struct recognition *recognition, struct recognize_call *call)
{
	call->stage = STAGE_WHO;
	fc_azure_begin_group(recognition->azure, &call->call, FC_HTTP_GET, FC_AZURE_OBJECT);
	fc_azure_piece(&call->call, "persons");
	fc_azure_piece_uuid(&call->call, &call->who);
}

/* The person that a face is added to, who may be made for it; NULL for none. */
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
	uint64_t number = fc_azure_persons_next(persons);
	return fc_azure_persons_plan(persons, &number, NULL, NULL, out, err);
}

/* What comes of the faces when all are identified: the request that adds the next of those that are to be added. */
static enum fc_status add(const struct recognition *recognition, struct fc_remote_job *job,
			  bool *wanted, struct fc_error *err)
{
	struct recognize_call *call = job->call;
	struct fc_remote_photo *photo = fc_remote_only_photo(job);
	struct fc_azure_decision *decision = photo->result;
	for (; call->face < decision->sight.count; call->face++) {
		if (!call->adds) {
			struct fc_azure_person *person;
			int target[4];
			FC_TRY(person_for(recognition, decision, call->face, &person, err));
			if (!person) {
				continue;
			}
			fc_azure_rectangle(&decision->sight, call->face, target);
			fc_azure_adding_start(&call->adding, person, photo, target);
			call->adds = true;
		}
		if (!call->adding.done) {
			call->stage = STAGE_ADD;
			FC_TRY(fc_azure_adding_next(recognition->azure, &call->adding, &call->call,
						    wanted, &job->parked, err));
		}
		if (*wanted || job->parked) {
			return FC_OK;
		}
		fc_azure_decision_added(decision, call->face, call->adding.person);
		call->adds = false;
	}
	photo->finished = true;
	return FC_OK;
}

/* The request for a photo whose faces were seen. *wanted stays false when there is none, or the job is parked. */
static enum fc_status go_on(const struct recognition *recognition, struct fc_remote_job *job,
			    bool *wanted, struct fc_error *err)
{
	struct fc_azure *azure = recognition->azure;
	struct recognize_call *call = job->call;
	struct fc_azure_decision *decision = fc_remote_only_photo(job)->result;
	const struct fc_azure_sight *sight = &decision->sight;
	bool left = call->identified < sight->count;
	if (left && has_anybody(azure) && azure->group.stale) {
		FC_TRY(train(recognition, job, err));
		if (job->parked || fc_remote_only_photo(job)->finished) {
			return FC_OK;
		}
	}
	*wanted = true;
	if (left && has_anybody(azure)) {
		return identify(recognition, call, sight, err);
	}
	if (!call->decided && azure->group.exists && find_stranger(azure, sight, &call->who)) {
		ask_who(recognition, call);
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
		FC_TRY(go_on(recognition, job, wanted, err));
	} else {
		call->stage = STAGE_DETECT;
		fc_azure_detect_call(azure, photo, azure->group.model, &call->call);
		*wanted = true;
	}
	*request = call->call.request;
	return FC_OK;
}

/* ---- answers ---- */

static enum fc_status absorb_seen(const struct recognition *recognition,
				  struct recognize_call *call, struct fc_remote_photo *photo,
				  cJSON **json, struct fc_error *err)
{
	struct fc_azure_decision *decision = calloc(1, sizeof(*decision));
	if (!decision) {
		return fc_fail_memory(err);
	}
	photo->result = decision;
	photo->release_result = release_decision;
	call->identified = 0;
	return fc_azure_read_sight(json, true, recognition->azure->options.candidates,
				   &decision->sight, err);
}

static enum fc_status absorb_who(const struct recognition *recognition, struct recognize_call *call,
				 const cJSON *json, struct fc_error *err)
{
	struct fc_azure_person_row row;
	struct fc_azure_person *person;
	FC_TRY(fc_azure_read_person(json, &row, err));
	if (!fc_uuid_equal(&row.id, &call->who)) {
		return fc_fail(err, FC_REFUSED, "the answer is about another person");
	}
	return fc_azure_persons_take(&recognition->azure->group.persons, &row, &person, err);
}

static enum fc_status absorb_good(const struct recognition *recognition,
				  struct recognize_call *call, struct fc_remote_photo *photo,
				  cJSON **json, struct fc_error *err)
{
	struct fc_azure_decision *decision = photo->result;
	call->patience = (struct fc_azure_patience){ 0 };
	if (call->stage == STAGE_DETECT) {
		return absorb_seen(recognition, call, photo, json, err);
	}
	if (call->stage == STAGE_WHO) {
		return absorb_who(recognition, call, *json, err);
	}
	FC_TRY(fc_azure_read_candidates(*json, call->identified, call->asked, &decision->sight,
					err));
	call->identified += call->asked;
	return FC_OK;
}

/* Failures that have another way out: the group is not trained, or gone, the faces have expired, the person is gone. */
static bool is_mended(const struct recognition *recognition, struct recognize_call *call,
		      struct fc_remote_photo *photo, const struct fc_azure_error *trouble,
		      struct fc_error *err)
{
	struct fc_azure *azure = recognition->azure;
	unsigned tries = azure->options.http.retry.tries;
	if (fc_azure_has_code(trouble, "LargePersonGroupNotTrained") && call->trainings < tries) {
		azure->group.stale = true;
		return true;
	}
	if (fc_azure_has_code(trouble, "LargePersonGroupNotFound") && azure->group.exists) {
		azure->group.exists = false;
		return true;
	}
	if (fc_azure_has_code(trouble, "FaceNotFound") && call->stage == STAGE_IDENTIFY &&
	    ++call->detections < tries) {
		fc_azure_decision_free(photo->result);
		photo->result = NULL;
		return true;
	}
	return call->stage == STAGE_WHO && fc_azure_has_code(trouble, "PersonNotFound") &&
	       fc_azure_persons_miss(&azure->group.persons, &call->who, err) == FC_OK;
}

static enum fc_status absorb_look(const struct recognition *recognition,
				  struct recognize_call *call, struct fc_remote_photo *photo,
				  const struct fc_http_response *response, uint64_t *delay_ms,
				  struct fc_azure_error *trouble, struct fc_error *err)
{
	FC_CLEANUP(fc_json_release) cJSON *json = NULL;
	enum fc_status status = fc_azure_read(response, call->call.shape, &json, trouble, err);
	if (status == FC_OK) {
		return absorb_good(recognition, call, photo, &json, err);
	}
	bool goes_on = fc_azure_waits(recognition->azure, &call->patience, trouble, delay_ms) ||
		       is_mended(recognition, call, photo, trouble, err);
	return goes_on ? FC_OK : status;
}

static enum fc_status absorb(void *context, struct fc_remote_run *run, struct fc_remote_job *job,
			     enum fc_status status, const struct fc_http_response *response,
			     struct fc_error *failure, struct fc_error *err)
{
	const struct recognition *recognition = context;
	struct recognize_call *call = job->call;
	struct fc_remote_photo *photo = fc_remote_only_photo(job);
	struct fc_azure_error trouble = { 0 };
	struct fc_error why = *failure;
	uint64_t delay_ms = 0;
	bool heard = true;
	(void)err;
	if (call->stage == STAGE_ADD) {
		status = fc_azure_adding_absorb(recognition->azure, &call->adding, status, response,
						failure, &delay_ms, &why);
		trouble = call->adding.trouble;
		heard = call->adding.heard;
	} else if (status == FC_OK) {
		status = absorb_look(recognition, call, photo, response, &delay_ms, &trouble, &why);
	}
	if (status == FC_OK && heard) {
		fc_remote_service_answered(run);
	}
	if (status == FC_OK) {
		fc_remote_delay(run, delay_ms);
	} else {
		fc_azure_weigh(run, &trouble, &why);
		fc_azure_fail_photo(recognition->azure, photo, &trouble, &why);
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
	FC_TRY(fc_azure_refuse(azure, chosen,
			       "choice of a threshold for one command (confidence-threshold in its "
			       "section is for all)",
			       err));
	FC_TRY(fc_azure_refuse(azure, request->want_templates, "templates", err));
	FC_TRY(fc_azure_refuse(azure, request->want_crops, "crops", err));
	FC_TRY(fc_azure_refuse(azure, request->want_liveness, "liveness", err));
	FC_TRY(fc_azure_refuse(azure, request->annotated, "annotated pictures", err));
	bool adds = request->create_new || request->update_embedding;
	return fc_azure_refuse(azure, request->dry_run && adds, "dry run of what adds faces", err);
}

enum fc_status fc_azure_recognize(struct fc_service *service,
				  const struct fc_recognize_request *request,
				  struct fc_tally *tally, struct fc_error *err)
{
	struct fc_azure *azure = fc_azure_of(service);
	struct recognition recognition = { .azure = azure, .request = request, .tally = tally };
	bool adds = request->create_new || request->update_embedding;
	const struct fc_remote_batch batch = {
		.service = azure->options.name,
		.http = azure->http,
		.options = &azure->options.http,
		.limits = &azure->options.limits,
		.source = request->photos,
		.images = 1,
		.in_turn = adds,
		.call_size = sizeof(struct recognize_call),
		.context = &recognition,
		.next = next,
		.absorb = absorb,
		.release = release_call,
		.handle = handle,
	};
	FC_TRY(check_request(azure, request, err));
	FC_TRY(fc_azure_use(azure, request->space,
			    adds ? FC_AZURE_ALL_PERSONS : FC_AZURE_FIRST_PERSONS, err));
	FC_TRY(fc_remote_photos(&batch, err));
	if (azure->group.stale && adds && !fc_azure_stopped(azure)) {
		return fc_azure_train(azure, err);
	}
	return FC_OK;
}
