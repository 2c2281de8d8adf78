/*
 * Profiles of NeuroIO from an entry. An entry has no photo, only its path and digest: the photo is read again, and is used if its bytes are those
 * that were processed.
 */
/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/json.h"
#include "base/memory.h"
#include "service/api/platform.h"
#include "service/entries.h"

struct entry_photo {
	struct fc_platform_server *server;
	cJSON *json;
	/* copies of the entry's values */
	char *path;
	char space[FC_SPACE_NAME_SIZE], origin[FC_LABEL_MAXIMUM + 1];
	bool has_origin, has_pid, seen;
	struct fc_uuid pid;
	struct fc_sha256 digest;
	struct fc_buffer bytes;
	struct fc_photo photo;
	bool answered; /* the request was refused */
};

static void entry_photo_release(struct entry_photo *entry)
{
	fc_json_release(&entry->json);
	free(entry->path);
	fc_buffer_release(&entry->bytes);
}

static enum fc_status copy_entry(void *context, const struct fc_entry_row *row,
				 struct fc_error *err)
{
	struct entry_photo *copy = context;
	const struct fc_entry *entry = row->entry;
	copy->seen = fc_platform_sees_space(copy->server, row->space);
	copy->has_origin = row->has_origin_id;
	copy->has_pid = entry->has_pid;
	copy->pid = entry->pid;
	copy->digest = entry->photo;
	copy->photo.face.rule = FC_FACE_BOX;
	memcpy(copy->photo.face.box, entry->box, sizeof(entry->box));
	snprintf(copy->space, sizeof(copy->space), "%s", row->space);
	snprintf(copy->origin, sizeof(copy->origin), "%s", entry->origin ? entry->origin : "");
	copy->path = strdup(entry->path ? entry->path : "");
	return copy->path ? FC_OK : fc_fail_memory(err);
}

/* Read the body, the entry and its photo. */
static enum fc_status read_entry(struct entry_photo *entry, struct fc_error *err)
{
	struct fc_platform_server *server = entry->server;
	const struct fc_api_request *request = server->request;
	const struct fc_entry_sink sink = { copy_entry, entry };
	double id;
	entry->answered = true;
	if (fc_json_parse(request->body ? request->body : "", request->length, request->length,
			  "the body", &entry->json, NULL) != FC_OK ||
	    !cJSON_IsObject(entry->json)) {
		return fc_platform_reject(server, 400, "Request body is not valid JSON.");
	}
	if (!fc_json_number(entry->json, "id", 1, 9007199254740991.0, &id) ||
	    id != (double)(uint64_t)id) {
		return fc_platform_reject_field(server, "id", "Value is not a valid integer.");
	}
	enum fc_status status = fc_service_entry_show(server->service, (uint64_t)id, &sink, err);
	if (status == FC_NOT_FOUND || status == FC_GALLERY_MISSING ||
	    (status == FC_OK && !entry->seen)) {
		return fc_platform_not_found(server);
	}
	FC_TRY(status);
	status = fc_file_read(entry->path, FC_API_BODY_MAXIMUM, &entry->bytes, err);
	if (status == FC_NO_MEMORY) {
		return status;
	}
	struct fc_sha256 digest = fc_sha256_of(entry->bytes.data, entry->bytes.length);
	if (status != FC_OK) {
		return fc_platform_reject_field(
			server, "id",
			"The photo of the entry is not available: its file cannot be read.");
	}
	if (!fc_sha256_equal(&digest, &entry->digest)) {
		return fc_platform_reject_field(
			server, "id",
			"The photo of the entry is not available: its file has changed.");
	}
	entry->answered = false;
	entry->photo.name = entry->photo.path = entry->path;
	entry->photo.in_memory = true;
	entry->photo.bytes = entry->bytes.data;
	entry->photo.length = entry->bytes.length;
	return FC_OK;
}

static struct fc_profile_photos input_of(struct entry_photo *entry, struct fc_photo_array *photos,
					 struct fc_platform_result *result)
{
	*photos = (struct fc_photo_array){ &entry->photo, 1 };
	return (struct fc_profile_photos){
		.space = entry->has_origin ? NULL : entry->space,
		.origin = entry->has_origin ? entry->origin : NULL,
		.photos = fc_photo_array_source(photos),
		.sink = { fc_platform_take_outcome, result },
	};
}

/* An optional boolean of the body. */
static enum fc_status read_choice(struct entry_photo *entry, const char *name, enum fc_choice *out)
{
	const cJSON *value = fc_json_get(entry->json, name);
	*out = FC_CHOICE_OPEN;
	if (!value || cJSON_IsNull(value) || entry->answered) {
		return FC_OK;
	}
	if (!cJSON_IsBool(value)) {
		entry->answered = true;
		return fc_platform_reject_field(entry->server, name,
						"Value could not be parsed to a boolean.");
	}
	*out = cJSON_IsTrue(value) ? FC_CHOICE_YES : FC_CHOICE_NO;
	return FC_OK;
}

enum fc_status fc_platform_create_from_entry(struct fc_platform_server *server,
					     struct fc_error *err)
{
	FC_CLEANUP(entry_photo_release) struct entry_photo entry = { .server = server };
	struct fc_platform_result result = { .server = server };
	struct fc_profile_create_request request = { 0 };
	struct fc_photo_array photos;
	struct fc_tally tally;
	FC_TRY(read_entry(&entry, err));
	FC_TRY(read_choice(&entry, server->dialect->on_ha, &request.create_on_ha));
	FC_TRY(read_choice(&entry, server->dialect->on_junk, &request.create_on_junk));
	if (entry.answered) {
		return FC_OK;
	}
	request.input = input_of(&entry, &photos, &result);
	return fc_platform_finish(&result,
				  fc_service_profile_create(server->service, &request, &tally, err),
				  201, err);
}

enum fc_status fc_platform_reinit_from_entry(struct fc_platform_server *server,
					     struct fc_error *err)
{
	FC_CLEANUP(entry_photo_release) struct entry_photo entry = { .server = server };
	struct fc_platform_result result = { .server = server, .is_reinit = true };
	struct fc_photo_array photos;
	struct fc_tally tally;
	FC_TRY(read_entry(&entry, err));
	if (entry.answered) {
		return FC_OK;
	}
	if (!entry.has_pid) {
		return fc_platform_reject_field(server, "id", "The entry has no person.");
	}
	struct fc_profile_reinit_request request = { .person.pid = entry.pid,
						     .min_result = FC_RESULT_HA };
	request.input = input_of(&entry, &photos, &result);
	return fc_platform_finish(&result,
				  fc_service_profile_reinit(server->service, &request, &tally, err),
				  204, err);
}
