/* Send photos to a platform: check them, run the batch, report the results. */
/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <string.h>

#include "service/remote/platform/upload.h"

/* ---- outcomes ---- */

static const char *origin_of(const struct fc_platform_upload *upload,
			     const struct fc_remote_photo *photo)
{
	return photo->given.origin ? photo->given.origin : upload->origin_name;
}

static struct fc_profile_outcome outcome_of(const struct fc_platform_upload *upload,
					    const struct fc_remote_photo *photo)
{
	const struct fc_platform_person *person = photo->result;
	struct fc_profile_outcome outcome = {
		.photo = &photo->given,
		.name = photo->given.name,
		.path = photo->given.path,
		.status = photo->status,
		.error = photo->status == FC_OK ? NULL : photo->error.text,
		.service_answer = photo->error.answer[0] != '\0' ? photo->error.answer : NULL,
		.analysis = &photo->analysis,
		.cutout = photo->is_cutout ? &photo->cutout : NULL,
		.cutout_face = photo->is_cutout ? &photo->analysis.faces[photo->chosen] : NULL,
		.space = upload->input->space,
		.origin = origin_of(upload, photo),
		.result = FC_RESULT_NF,
		.examined = true,
		.reason = fc_reason_of(photo->status),
	};
	if (person) {
		outcome.result = person->result;
		outcome.has_profile = person->has_pid;
		outcome.profile.pid = person->person.pid;
		outcome.other_id = person->person.other;
		outcome.has_similarity = person->has_confidence;
		outcome.similarity = NAN;
		outcome.confidence = person->confidence;
		outcome.has_age = person->attributes.has_age;
		outcome.age = person->attributes.age;
		outcome.sex = person->attributes.sex;
		outcome.mood = person->attributes.mood;
		outcome.liveness = person->attributes.liveness;
	}
	if (upload->recovery == FC_RECOVERY_CREATE) {
		outcome.action = photo->status != FC_OK
					 ? fc_action_of(photo->status, outcome.reason)
				 : outcome.result == FC_RESULT_NEW ? FC_ACTION_ENROLLED
								   : FC_ACTION_UNCHANGED;
	}
	return outcome;
}

static enum fc_status handle(void *context, struct fc_remote_photo *photo, struct fc_error *err)
{
	const struct fc_platform_upload *upload = ((struct fc_platform_batch *)context)->upload;
	const struct fc_profile_sink *sink = &upload->input->sink;
	const struct fc_profile_outcome outcome = outcome_of(upload, photo);
	bool compared = photo->status == FC_OK && outcome.result != FC_RESULT_NF;
	fc_tally_count(upload->tally, photo->status);
	if (upload->recovery == FC_RECOVERY_CREATE) {
		fc_tally_note(upload->tally, outcome.action, outcome.reason);
	}
	upload->tally->faces += compared;
	upload->tally->known += compared && outcome.has_profile;
	upload->tally->created += compared && outcome.result == FC_RESULT_NEW;
	return sink->report(sink->context, &outcome, err);
}

/* ---- origins ---- */

/*
 * Numbers are sent unchanged where the platform wants a number. Names are sent unchanged if the token has no access to the list of origins, and
 * the platform wants a name.
 */
static bool is_sent_as_given(const struct fc_platform_upload *upload, const char *origin)
{
	uint64_t id;
	return upload->platform->dialect->origin_by_name ? !upload->platform->origins.loaded
							 : fc_platform_is_number(origin, &id);
}

void fc_platform_origin_field(const struct fc_platform_upload *upload,
			      const struct fc_remote_photo *photo, struct fc_platform_call *call)
{
	const struct fc_platform_dialect *dialect = upload->platform->dialect;
	const struct fc_platform_names *names = &upload->platform->origins;
	const char *text = origin_of(upload, photo);
	const struct fc_platform_name *origin = fc_platform_find_name(names, text);
	if (is_sent_as_given(upload, text)) {
		fc_platform_field(call, dialect->origin_field, text);
	} else if (!origin) {
		call->failed = true; /* check_photo prevents this */
	} else if (dialect->origin_by_name) {
		fc_platform_field(call, dialect->origin_field, origin->name);
	} else {
		fc_platform_field_count(call, dialect->origin_field, origin->id);
	}
}

/*
 * Check before anything is sent: an origin that the photo names must exist, and a photo that is stored must not name a person. Then choose the
 * face: nothing published says that the platform refuses photos with several.
 */
static enum fc_status check_photo(void *context, struct fc_remote_photo *photo,
				  struct fc_error *err)
{
	const struct fc_platform_upload *upload = ((struct fc_platform_batch *)context)->upload;
	const struct fc_platform_options *options = &upload->platform->options;
	const struct fc_photo *given = &photo->given;
	struct fc_error failure = { 0 };
	if (upload->recovery != FC_RECOVERY_NONE &&
	    (given->has_number || given->has_pid || given->person || given->user_data)) {
		FC_IGNORE(fc_fail(
			&failure, FC_UNSUPPORTED,
			"it does not support numbers, names, user data or chosen ids of profiles"));
	} else if (upload->sends_origin && given->origin &&
		   !is_sent_as_given(upload, given->origin) &&
		   !fc_platform_find_name(&upload->platform->origins, given->origin)) {
		FC_IGNORE(fc_fail(
			&failure, FC_NOT_FOUND,
			"there is no origin '%.100s'; create it with 'facectl origins create'",
			given->origin));
	}
	if (failure.status != FC_OK) {
		FC_IGNORE(fc_remote_photo_fail(photo, options->name, &failure));
		return FC_OK;
	}
	return fc_remote_photo_choose_face(photo, options->name, &options->photo, &options->cutter,
					   err);
}

/* Look up the origin of the request, or of the configuration, at the service. */
static enum fc_status find_upload_origin(struct fc_platform_upload *upload, struct fc_error *err)
{
	struct fc_platform *platform = upload->platform;
	const struct fc_platform_name *found;
	const char *origin =
		upload->input->origin ? upload->input->origin : platform->options.origin;
	if (!upload->sends_origin) {
		/* the request has no place for it, but a name that does not exist is a mistake */
		const char *given = upload->input->origin;
		bool named = given && strcmp(given, "cli") != 0;
		struct fc_error unknown = { 0 };
		if (named &&
		    fc_platform_find_origin(platform, given, &found, &unknown) == FC_NOT_FOUND) {
			return fc_fail(err, FC_NOT_FOUND, "%s", unknown.text);
		}
		return FC_OK;
	}
	if (!origin) {
		return fc_fail(err, FC_INVALID_ARGUMENT,
			       "service '%s' requires an origin for photos; give --origin, or set "
			       "origin in its section",
			       platform->options.name);
	}
	upload->origin_name = origin;
	uint64_t id;
	if (!platform->dialect->origin_by_name && fc_platform_is_number(origin, &id)) {
		return FC_OK;
	}
	enum fc_status status = fc_platform_find_origin(platform, origin, &found, err);
	if (status == FC_OK && platform->dialect->origin_by_name) {
		const struct fc_platform_name *named =
			fc_platform_find_name(&platform->origins, origin);
		found = named ? named : found;
	}
	if (status == FC_OK) {
		upload->origin_name = found->name;
	}
	bool barred = status == FC_PERMISSION && platform->dialect->origin_by_name;
	return barred ? FC_OK : status;
}

enum fc_status fc_platform_upload_all(struct fc_platform_upload *upload, struct fc_error *err)
{
	struct fc_platform *platform = upload->platform;
	struct fc_platform_batch batch = { .upload = upload };
	const struct fc_profile_photos *input = upload->input;
	bool stores = upload->recovery != FC_RECOVERY_NONE;
	FC_TRY(fc_platform_refuse(platform, input->liveness, "liveness as a condition", err));
	FC_TRY(fc_platform_refuse(platform, input->want_crops, "crops", err));
	FC_TRY(fc_platform_refuse(platform, input->annotation.take, "annotated pictures", err));
	FC_TRY(fc_platform_refuse(platform, !stores && input->has_min_facesize,
				  "a minimum face size for searches", err));
	FC_TRY(fc_platform_refuse(platform, stores && input->no_entry,
				  "leaving no entry in its log", err));
	FC_TRY(fc_platform_refuse(platform, stores && input->dry_run, "dry runs", err));
	FC_TRY(fc_platform_check_space(platform, upload->input->space, err));
	FC_TRY(find_upload_origin(upload, err));
	batch.remote = (struct fc_remote_batch){
		.service = platform->options.name,
		.http = platform->client.http,
		.options = &platform->options.http,
		.limits = &platform->options.photo,
		.source = upload->input->photos,
		/* the next photo must find a profile that this one creates */
		.in_turn = stores,
		.check = check_photo,
		.handle = handle,
	};
	fc_platform_batch_init(&batch);
	return fc_remote_photos(&batch.remote, err);
}
