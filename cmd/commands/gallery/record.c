/* Write the records of gallery export and extract. */
/* SPDX-License-Identifier: MIT */
#include "commands/gallery/record.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/digest.h"
#include "base/json_writer.h"
#include "base/text.h"

/* ---- members ---- */

static void put_text(struct fc_json_writer *json, const char *key, const char *text)
{
	if (text && text[0] != '\0') {
		fc_json_key(json, key);
		fc_json_string(json, text);
	}
}

static void put_base64(struct fc_json_writer *json, const char *key, const void *data,
		       size_t length)
{
	FC_CLEANUP(fc_buffer_release) struct fc_buffer text = { 0 };
	fc_base64_append(&text, data, length);
	const char *whole = fc_buffer_text(&text);
	put_text(json, key, whole);
	json->out->failed = json->out->failed || !whole;
}

/* Write a path; if it is not UTF-8, add a member with its exact bytes. */
static void put_path(struct fc_json_writer *json, const char *path)
{
	put_text(json, "path", path);
	if (path && !fc_text_is_utf8(path, strlen(path))) {
		put_base64(json, "path_b64", path, strlen(path));
	}
}

/* Write a number, as a string if a double cannot hold it exactly. */
static void put_number(struct fc_json_writer *json, const char *key, uint64_t value)
{
	char text[24];
	fc_json_key(json, key);
	if (value <= UINT64_C(9007199254740991)) {
		fc_json_integer(json, (int64_t)value);
		return;
	}
	snprintf(text, sizeof(text), "%" PRIu64, value);
	fc_json_string(json, text);
}

static void put_measure(struct fc_json_writer *json, const char *key, uint64_t value)
{
	if (value != 0) {
		put_number(json, key, value);
	}
}

static void put_float(struct fc_json_writer *json, const char *key, float value)
{
	fc_json_key(json, key);
	fc_json_float(json, value);
}

static void put_floats(struct fc_json_writer *json, const char *key, const float *values,
		       size_t count)
{
	fc_json_put_array(json, key);
	for (size_t i = 0; i < count; i++) {
		fc_json_float(json, values[i]);
	}
	fc_json_end_array(json);
}

static void put_digest(struct fc_json_writer *json, const char *key, const struct fc_sha256 *digest)
{
	char text[FC_SHA256_TEXT_SIZE];
	fc_sha256_format(digest, text);
	put_text(json, key, text);
}

static void put_uuid(struct fc_json_writer *json, const char *key, const struct fc_uuid *uuid)
{
	char text[FC_UUID_TEXT_SIZE];
	if (!fc_uuid_is_nil(uuid)) {
		fc_uuid_format(uuid, text);
		put_text(json, key, text);
	}
}

static void put_time(struct fc_json_writer *json, const char *key, int64_t time)
{
	char text[FC_TIME_TEXT_SIZE];
	if (time != 0) {
		fc_time_format(time, text);
		put_text(json, key, text);
	}
}

static void put_model(struct fc_json_writer *json, const struct fc_transfer_model *model)
{
	put_text(json, "model", model->name);
	if (model->has_sha256) {
		put_digest(json, "model_sha256", &model->sha256);
	}
	if (model->has_preprocessing) {
		put_number(json, "preprocessing", model->preprocessing);
	}
	put_measure(json, "dimension", model->dimension);
	if (model->has_mirror) {
		fc_json_put_bool(json, "mirror", model->mirror);
	}
}

static void put_person(struct fc_json_writer *json, const struct fc_transfer *record)
{
	const struct fc_person *person = &record->person;
	if (record->has_pid) {
		put_uuid(json, "pid", &person->pid);
	}
	if (person->has_number) {
		put_number(json, "person_id", person->number);
	}
	put_text(json, "name", person->name);
	put_text(json, "title", person->title);
	put_text(json, "user_data", person->user_data);
}

/* ---- kinds ---- */

static void put_container(struct fc_json_writer *json, const struct fc_container *container)
{
	put_number(json, "recognition_model", container->recognition_model);
	put_text(json, "title", container->title);
	put_text(json, "user_data", container->user_data);
	put_time(json, "trained", container->trained);
}

static void put_space(struct fc_json_writer *json, const struct fc_transfer *record)
{
	enum { BAND_DECIMALS = 4 };
	const struct fc_space *space = &record->settings;
	const struct fc_container *container = &record->container;
	const double bands[] = { space->bands.exact, space->bands.ha, space->bands.junk };
	const char *const names[] = { "exact", "ha", "junk" };
	for (size_t i = 0; i < FC_ARRAY_LENGTH(bands); i++) {
		fc_json_put_real(json, names[i], bands[i], BAND_DECIMALS);
	}
	/* if no number is left, the person with the last one restores that */
	put_number(json, "next_person_id",
		   space->next_number < FC_PERSON_NUMBER_MAXIMUM ? space->next_number
								 : FC_PERSON_NUMBER_MAXIMUM);
	put_time(json, "created", space->created);
	if (container->is_stored) {
		put_container(json, container);
	}
}

static void put_origin(struct fc_json_writer *json, const struct fc_origin *origin)
{
	const struct fc_origin_settings *settings = &origin->settings;
	put_text(json, "origin", origin->name);
	put_measure(json, "min_facesize", settings->min_facesize);
	put_measure(json, "create_min_facesize", settings->create_min_facesize);
	put_number(json, "flags", settings->flags);
	put_number(json, "save_entries", settings->save_entries);
	put_measure(json, "entry_storage_days", settings->entry_storage_days);
	put_time(json, "created", origin->created);
}

static void put_face(struct fc_json_writer *json, const struct fc_transfer *record)
{
	const struct fc_face_record *face = &record->face;
	FC_CLEANUP(fc_buffer_release) struct fc_buffer floats = { 0 };
	fc_buffer_put_f32s(&floats, face->embedding, face->dimension);
	put_person(json, record);
	put_model(json, &record->model);
	put_base64(json, "template", floats.data, floats.length);
	put_digest(json, "sha256", &face->photo);
	put_number(json, "face", face->photo_index);
	put_floats(json, "box", face->box, FC_ARRAY_LENGTH(face->box));
	put_floats(json, "landmarks", face->landmarks, FC_ARRAY_LENGTH(face->landmarks));
	put_float(json, "confidence", face->confidence);
	put_float(json, "awesomeness", face->quality);
	put_text(json, "origin", face->origin);
	put_path(json, face->path);
	put_time(json, "created", face->created);
	put_uuid(json, "persisted_face_id", &face->uuid);
	if (face->may_repeat) {
		fc_json_put_bool(json, "may_repeat", true);
	}
	put_text(json, "face_user_data", face->user_data);
	if (record->crop.length > 0) {
		put_base64(json, "crop", record->crop.data, record->crop.length);
	}
	json->out->failed = json->out->failed || floats.failed;
}

static void put_entry(struct fc_json_writer *json, const struct fc_entry *entry)
{
	put_time(json, "created", entry->created);
	put_number(json, "result", entry->result);
	if (entry->has_pid) {
		put_uuid(json, "pid", &entry->pid);
	}
	if (entry->has_similarity) {
		put_float(json, "similarity", entry->similarity);
	}
	if (entry->has_match) {
		put_float(json, "match", entry->match);
	}
	put_float(json, "confidence", entry->confidence);
	put_floats(json, "box", entry->box, FC_ARRAY_LENGTH(entry->box));
	put_number(json, "face_pixels", entry->face_pixels);
	put_float(json, "exposure", entry->exposure);
	put_float(json, "sharpness", entry->sharpness);
	put_float(json, "pan", entry->pan);
	put_float(json, "tilt", entry->tilt);
	if (entry->has_age) {
		put_number(json, "age", entry->age);
	}
	put_measure(json, "sex", entry->sex);
	put_measure(json, "mood", entry->mood);
	put_measure(json, "liveness", entry->liveness);
	put_digest(json, "sha256", &entry->photo);
	put_digest(json, "model_sha256", &entry->model);
	put_text(json, "origin", entry->origin);
	put_path(json, entry->path);
}

static void put_end(struct fc_json_writer *json, const uint64_t *counts)
{
	put_number(json, "spaces", counts[FC_TRANSFER_SPACE]);
	put_number(json, "origins", counts[FC_TRANSFER_ORIGIN]);
	put_number(json, "persons", counts[FC_TRANSFER_PERSON]);
	put_number(json, "faces", counts[FC_TRANSFER_FACE]);
	put_number(json, "entries", counts[FC_TRANSFER_ENTRY]);
}

static void put_snapshot(struct fc_json_writer *json, const struct fc_transfer *record)
{
	const struct fc_container_snapshot *snapshot = &record->snapshot;
	put_uuid(json, "snapshot", &snapshot->id);
	put_text(json, "kind", fc_transfer_container_words[snapshot->kind]);
	put_text(json, "snapshot_user_data", snapshot->user_data);
	put_time(json, "created", snapshot->created);
	put_container(json, &record->container);
}

void gallery_record_append(struct fc_buffer *out, const struct fc_transfer *record)
{
	struct fc_json_writer json = fc_json_writer_of(out, false);
	fc_json_begin_object(&json);
	put_text(&json, "type", fc_transfer_kind_name(record->kind));
	put_number(&json, "schema", FC_TRANSFER_SCHEMA);
	put_text(&json, "space", record->space);
	switch (record->kind) {
	case FC_TRANSFER_GALLERY:
		put_text(&json, "facectl", FC_VERSION);
		put_model(&json, &record->model);
		break;
	case FC_TRANSFER_SPACE:
		put_space(&json, record);
		break;
	case FC_TRANSFER_ORIGIN:
		put_origin(&json, &record->origin);
		break;
	case FC_TRANSFER_PERSON:
		put_person(&json, record);
		put_time(&json, "created", record->person.created);
		break;
	case FC_TRANSFER_FACE:
		put_face(&json, record);
		break;
	case FC_TRANSFER_ENTRY:
		put_entry(&json, &record->entry);
		break;
	case FC_TRANSFER_END:
		put_end(&json, record->counts);
		if (record->has_digest) {
			put_digest(&json, "sha256", &record->digest);
		}
		break;
	case FC_TRANSFER_SNAPSHOT:
		put_snapshot(&json, record);
		break;
	case FC_TRANSFER_KINDS:
		break;
	}
	fc_json_end_object(&json);
	fc_buffer_append_text(out, "\n");
}
