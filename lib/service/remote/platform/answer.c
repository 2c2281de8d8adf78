/* Convert responses of NeuroIO and SERP to values of the service layer. */
/* SPDX-License-Identifier: MIT */
#include "service/remote/platform/answer.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "service/remote/common/words.h"

void fc_platform_answer_release(struct fc_platform_answer *answer)
{
	fc_json_release(&answer->json);
}

static const char protocols[] = "NeuroIO or SERP service";

static enum fc_status fail(const struct fc_http_response *response, struct fc_platform_answer *out,
			   struct fc_error *err)
{
	struct fc_platform_error error;
	struct fc_error failure = { 0 };
	fc_platform_read_error(out->json, &error);
	bool foreign = !out->json && response->body.length > 0;
	enum fc_status status =
		foreign ? fc_remote_refuse_foreign(response, protocols, "JSON", &failure)
			: fc_remote_http_failure(response, error.message, &failure);
	out->blames_photo = error.blames_photo;
	/* an error in a response with a successful status does not show whether the request was carried out */
	out->refused = response->status >= 400 &&
		       (status == FC_REFUSED || status == FC_TOO_LARGE || status == FC_PERMISSION);
	if (response->status == 404 && !foreign) {
		status = FC_NOT_FOUND;
	} else if (out->blames_photo && status == FC_REFUSED) {
		status = FC_BAD_IMAGE;
	}
	FC_IGNORE(fc_fail(err, status, "%s", failure.text));
	if (err && !foreign && response->body.length < sizeof(err->answer)) {
		memcpy(err->answer, response->body.data, response->body.length);
		err->answer[response->body.length] = '\0';
	}
	return status;
}

enum fc_status fc_platform_read(const struct fc_http_response *response,
				struct fc_platform_answer *out, struct fc_error *err)
{
	const struct fc_buffer *body = &response->body;
	enum fc_status parsed = FC_OK;
	struct fc_error why = { 0 };
	*out = (struct fc_platform_answer){ 0 };
	if (body->length > 0) {
		parsed = fc_json_parse((const char *)body->data, body->length, body->length,
				       "the response", &out->json, &why);
	}
	if (parsed == FC_NO_MEMORY) {
		return fc_fail_memory(err);
	}
	if (parsed == FC_TOO_LARGE) {
		return fc_fail(err, FC_REFUSED, "%s", why.text);
	}
	if (response->status >= 400 || fc_remote_is_error(out->json)) {
		return fail(response, out, err);
	}
	if (parsed != FC_OK ||
	    (out->json && !cJSON_IsObject(out->json) && !cJSON_IsArray(out->json))) {
		fc_platform_answer_release(out);
		return fc_remote_refuse_foreign(response, protocols, "JSON", err);
	}
	return FC_OK;
}

enum fc_status fc_platform_misdirected(struct fc_error *failure)
{
	fc_remote_doubt_url(failure, protocols);
	if (failure) {
		failure->status = FC_REFUSED;
	}
	return FC_REFUSED;
}

/* ---- records ---- */

void fc_platform_row_release(struct fc_platform_row *row)
{
	fc_entry_release(&row->entry);
	*row = (struct fc_platform_row){ 0 };
}

static bool copy_text(const char *from, char **out)
{
	*out = from ? strdup(from) : NULL;
	return *out || !from;
}

static void fill_attributes(struct fc_entry *entry, const struct fc_platform_attributes *attributes)
{
	entry->has_age = attributes->has_age;
	entry->age = attributes->age;
	entry->sex = attributes->sex;
	entry->mood = attributes->mood;
	entry->liveness = attributes->liveness;
}

static struct fc_entry entry_of(const struct fc_platform_entry *from)
{
	struct fc_entry entry = {
		.id = from->id,
		.created = from->created,
		.result = from->result,
		.has_pid = from->has_pid,
		.pid = from->person.pid,
		.has_match = from->has_confidence,
		.match = (float)from->confidence,
		.confidence = NAN,
		.box = { NAN, NAN, NAN, NAN },
		.face_pixels = from->face_pixels,
		.exposure = (float)from->exposure,
		.sharpness = (float)(1 - from->blur),
		.pan = (float)from->pan,
		.tilt = (float)from->tilt,
	};
	fill_attributes(&entry, &from->attributes);
	return entry;
}

enum fc_status fc_platform_row_of(const cJSON *json, struct fc_platform_row *out,
				  struct fc_error *err)
{
	FC_CLEANUP(fc_platform_row_release) struct fc_platform_row row = { 0 };
	struct fc_platform_entry read;
	FC_TRY(fc_platform_read_entry(json, &read, err));
	row.entry = entry_of(&read);
	if (!copy_text(read.origin.name, &row.entry.origin) ||
	    !copy_text(read.full_image, &row.entry.path)) {
		return fc_fail_memory(err);
	}
	row.row = (struct fc_entry_row){
		.space_id = read.space.id,
		.space = read.space.name,
		.has_origin_id = read.origin.has_id,
		.origin_id = read.origin.id,
		.person_created = read.person_created,
		.other_id = out->other_id,
		.face_image = read.face_image,
		.initial_face_image = read.initial_face_image,
		.initial_full_image = read.initial_full_image,
		.has_alive_probability = !isnan(read.alive_probability),
		.alive_probability = read.alive_probability,
	};
	memcpy(row.other_id, read.person.other, sizeof(row.other_id));
	*out = row;
	out->row.entry = &out->entry;
	row = (struct fc_platform_row){ 0 };
	return FC_OK;
}

enum fc_status fc_platform_stats_of(const cJSON *json, struct fc_entry_stats *out,
				    struct fc_error *err)
{
	FC_CLEANUP(fc_entry_stats_release) struct fc_entry_stats stats = { 0 };
	struct fc_platform_stats read;
	FC_TRY(fc_platform_read_person_stats(json, &read, err));
	stats.total = read.total;
	memcpy(stats.results, read.results, sizeof(stats.results));
	memcpy(stats.livenesses, read.livenesses, sizeof(stats.livenesses));
	stats.first_seen = read.person_created;
	stats.has_initial = true;
	stats.initial.has_pid = read.has_pid;
	stats.initial.pid = read.person.pid;
	stats.initial.created = read.person_created;
	stats.initial.face_pixels = read.face_pixels;
	fill_attributes(&stats.initial, &read.attributes);
	stats.has_initial_origin_id = read.origin.has_id;
	stats.initial_origin_id = read.origin.id;
	if (!copy_text(read.origin.name, &stats.initial.origin) ||
	    !copy_text(read.full_image, &stats.initial.path) ||
	    !copy_text(read.face_image, &stats.initial_face_image)) {
		return fc_fail_memory(err);
	}
	*out = FC_STEAL_STRUCT(stats);
	return FC_OK;
}

enum fc_status fc_platform_origin_of(const cJSON *json, const struct fc_platform_dialect *dialect,
				     struct fc_origin_row *out, struct fc_error *err)
{
	struct fc_platform_origin read;
	struct fc_origin_row row = { .uncounted = true };
	FC_TRY(fc_platform_read_origin(json, dialect, &read, err));
	if (strlen(read.name) >= sizeof(row.origin.name)) {
		return fc_fail(err, FC_REFUSED, "the name of origin '%.80s' is too long",
			       read.name);
	}
	row.origin.id = read.id;
	row.origin.created = read.created;
	snprintf(row.origin.name, sizeof(row.origin.name), "%s", read.name);
	row.origin.settings = (struct fc_origin_settings){
		.min_facesize = read.min_facesize,
		.create_min_facesize = read.create_min_facesize,
		.flags = (read.on_ha ? FC_ORIGIN_CREATE_ON_HA : 0) |
			 (read.on_junk ? FC_ORIGIN_CREATE_ON_JUNK : 0),
		.save_entries = read.has_save_entries ? read.save_entries : FC_ORIGIN_ALL_RESULTS,
		.entry_storage_days = read.storage_days,
	};
	*out = row;
	return FC_OK;
}
