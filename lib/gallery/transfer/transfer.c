/* Reads the lines of JSON that transfer records between galleries. */
/* SPDX-License-Identifier: MIT */
#include "gallery/transfer/transfer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/text.h"
#include "gallery/rows/record_check.h"
#include "gallery/store/record_header.h"
#include "gallery/transfer/members.h"

static const char *const kind_names[FC_TRANSFER_KINDS] = {
	[FC_TRANSFER_GALLERY] = "gallery", [FC_TRANSFER_SPACE] = "space",
	[FC_TRANSFER_ORIGIN] = "origin",   [FC_TRANSFER_PERSON] = "person",
	[FC_TRANSFER_FACE] = "face",       [FC_TRANSFER_ENTRY] = "entry",
	[FC_TRANSFER_END] = "end",         [FC_TRANSFER_SNAPSHOT] = "snapshot",
};

const char *const fc_transfer_container_words[FC_CONTAINER_KINDS] = {
	[FC_CONTAINER_FACE_LIST] = "face_list",
	[FC_CONTAINER_LARGE_FACE_LIST] = "large_face_list",
	[FC_CONTAINER_PERSON_GROUP] = "person_group",
	[FC_CONTAINER_LARGE_PERSON_GROUP] = "large_person_group",
};

const char *fc_transfer_kind_name(enum fc_transfer_kind kind)
{
	return kind_names[kind];
}

void fc_transfer_release(struct fc_transfer *record)
{
	fc_container_release(&record->container);
	fc_person_release(&record->person);
	fc_face_record_release(&record->face);
	fc_entry_release(&record->entry);
	fc_buffer_release(&record->crop);
	fc_container_snapshot_release(&record->snapshot);
}

/* ---- parts ---- */

static enum fc_status get_model(const cJSON *json, struct fc_transfer_model *out,
				struct fc_error *err)
{
	const char *name = NULL;
	uint64_t number = 0;
	bool found;
	FC_TRY(fc_member_text(json, "model", &name, err));
	if (name && !fc_text_is_label(name, sizeof(out->name) - 1)) {
		return fc_member_fail("model", "the name of a model", err);
	}
	snprintf(out->name, sizeof(out->name), "%s", name ? name : "");
	FC_TRY(fc_member_digest(json, "model_sha256", &out->has_sha256, &out->sha256, err));
	FC_TRY(fc_member_integer(json, "preprocessing", 0, UINT32_MAX, &out->has_preprocessing,
				 &number, err));
	out->preprocessing = (uint32_t)number;
	number = 0;
	FC_TRY(fc_member_integer(json, "dimension", 1, FC_DIMENSION_MAXIMUM, &found, &number, err));
	out->dimension = (uint32_t)number;
	return fc_member_flag(json, "mirror", &out->has_mirror, &out->mirror, err);
}

static enum fc_status get_person(const cJSON *json, struct fc_transfer *out, struct fc_error *err)
{
	struct fc_person *person = &out->person;
	FC_TRY(fc_member_uuid(json, "pid", "the UUID of a person", &out->has_pid, &person->pid,
			      err));
	FC_TRY(fc_member_number(json, "person_id", 1, FC_PERSON_NUMBER_MAXIMUM, &person->has_number,
				&person->number, err));
	FC_TRY(fc_member_copy(json, "person", true, FC_LABEL_MAXIMUM, &person->name, err));
	FC_TRY(fc_member_copy(json, "name", true, FC_LABEL_MAXIMUM, &person->name, err));
	FC_TRY(fc_member_copy(json, "title", false, FC_TITLE_MAXIMUM, &person->title, err));
	return fc_member_copy(json, "user_data", false, FC_USER_DATA_MAXIMUM, &person->user_data,
			      err);
}

/* ---- kinds ---- */

static enum fc_status get_container(const cJSON *json, struct fc_container *out,
				    struct fc_error *err)
{
	uint64_t model = 1;
	FC_TRY(fc_member_integer(json, "recognition_model", 1, 4, &out->is_stored, &model, err));
	out->recognition_model = (uint8_t)model;
	FC_TRY(fc_member_copy(json, "title", false, FC_TITLE_MAXIMUM, &out->title, err));
	FC_TRY(fc_member_copy(json, "user_data", false, FC_USER_DATA_MAXIMUM, &out->user_data,
			      err));
	return fc_member_time(json, "trained", &out->trained, err);
}

static enum fc_status parse_space(const cJSON *json, struct fc_transfer *out, struct fc_error *err)
{
	struct fc_space *space = &out->settings;
	const char *const names[] = { "exact", "ha", "junk" };
	double *const bands[] = { &space->bands.exact, &space->bands.ha, &space->bands.junk };
	bool found;
	space->bands = fc_bands_default();
	space->next_number = 1;
	if (out->space[0] == '\0') {
		return fc_fail(err, FC_INVALID_ARGUMENT, "space missing: 'space' is required");
	}
	for (size_t i = 0; i < FC_ARRAY_LENGTH(bands); i++) {
		if (fc_member_get(json, names[i]) &&
		    !fc_json_number(json, names[i], 0, 100, bands[i])) {
			return fc_member_fail(names[i], "a number of 0 to 100", err);
		}
	}
	FC_TRY(fc_member_number(json, "next_person_id", 1, FC_PERSON_NUMBER_MAXIMUM, &found,
				&space->next_number, err));
	FC_TRY(get_container(json, &out->container, err));
	return fc_member_time(json, "created", &space->created, err);
}

static enum fc_status parse_origin(const cJSON *json, struct fc_transfer *out, struct fc_error *err)
{
	struct fc_origin *origin = &out->origin;
	struct fc_origin_settings *settings = &origin->settings;
	const char *name = NULL;
	uint64_t flags = 0, results = FC_ORIGIN_ALL_RESULTS, days = 0;
	bool found;
	FC_TRY(fc_member_text(json, "origin", &name, err));
	if (!name || !fc_origin_is_name(name) || strcmp(name, FC_ORIGIN_CLI) == 0) {
		return fc_member_fail("origin", "the name of an origin", err);
	}
	memcpy(origin->name, name, strlen(name) + 1);
	FC_TRY(fc_member_number(json, "min_facesize", 0, UINT64_MAX, &found,
				&settings->min_facesize, err));
	FC_TRY(fc_member_number(json, "create_min_facesize", 0, UINT64_MAX, &found,
				&settings->create_min_facesize, err));
	FC_TRY(fc_member_integer(json, "flags", 0, UINT32_MAX, &found, &flags, err));
	FC_TRY(fc_member_integer(json, "save_entries", 0, UINT32_MAX, &found, &results, err));
	FC_TRY(fc_member_integer(json, "entry_storage_days", 0, FC_STORAGE_DAYS_MAXIMUM, &found,
				 &days, err));
	settings->flags = (uint32_t)flags;
	settings->save_entries = (uint32_t)results;
	settings->entry_storage_days = (uint32_t)days;
	return fc_member_time(json, "created", &origin->created, err);
}

static enum fc_status parse_person(const cJSON *json, struct fc_transfer *out, struct fc_error *err)
{
	FC_TRY(get_person(json, out, err));
	if (!out->has_pid && !out->person.has_number && !out->person.name) {
		return fc_fail(err, FC_INVALID_ARGUMENT,
			       "person missing: a pid, person_id or name is required");
	}
	return fc_member_time(json, "created", &out->person.created, err);
}

/* Read the template and the digest of its photo. If the record has no digest, that of the template is used. */
static enum fc_status get_template(const cJSON *json, struct fc_transfer *out, struct fc_error *err)
{
	FC_CLEANUP(fc_buffer_release) struct fc_buffer bytes = { 0 };
	struct fc_face_record *face = &out->face;
	const char *text = NULL;
	FC_TRY(fc_member_text(json, "template", &text, err));
	if (!text) {
		return fc_fail(err, FC_INVALID_ARGUMENT, "template missing");
	}
	if (!fc_base64_decode(text, &bytes) || bytes.length == 0 ||
	    bytes.length % sizeof(float) != 0 ||
	    bytes.length / sizeof(float) > FC_DIMENSION_MAXIMUM) {
		return fc_fail(err, FC_INVALID_ARGUMENT,
			       "'template' is not 1 to %d 32-bit floats in base64",
			       FC_DIMENSION_MAXIMUM);
	}
	face->dimension = (uint32_t)(bytes.length / sizeof(float));
	if (out->model.dimension != 0 && out->model.dimension != face->dimension) {
		return fc_fail(err, FC_INVALID_ARGUMENT,
			       "'template' has %u dimensions, but 'dimension' is %u",
			       face->dimension, out->model.dimension);
	}
	out->model.dimension = face->dimension;
	face->embedding = calloc(face->dimension, sizeof(float));
	if (!face->embedding) {
		return fc_fail_memory(err);
	}
	struct fc_reader reader = fc_reader_of(bytes.data, bytes.length);
	fc_reader_f32s(&reader, face->embedding, face->dimension);
	if (!fc_is_normalised(face->embedding, face->dimension)) {
		return fc_fail(err, FC_INVALID_ARGUMENT,
			       "'template' is not a vector of length 1 within %g",
			       FC_NORM_TOLERANCE);
	}
	bool found;
	FC_TRY(fc_member_digest(json, "sha256", &found, &face->photo, err));
	if (!found) {
		face->photo = fc_sha256_of(bytes.data, bytes.length);
	}
	return FC_OK;
}

static enum fc_status get_crop(const cJSON *json, struct fc_buffer *out, struct fc_error *err)
{
	static const uint8_t signature[] = { 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n' };
	const char *text = NULL;
	FC_TRY(fc_member_text(json, "crop", &text, err));
	if (!text) {
		return FC_OK;
	}
	if (!fc_base64_decode(text, out) || out->length < sizeof(signature) ||
	    memcmp(out->data, signature, sizeof(signature)) != 0 ||
	    out->length > FC_RECORD_MAXIMUM - FC_RECORD_HEADER_SIZE) {
		return fc_member_fail("crop", "a small PNG in base64", err);
	}
	return FC_OK;
}

static enum fc_status parse_face(const cJSON *json, struct fc_transfer *out, struct fc_error *err)
{
	struct fc_face_record *face = &out->face;
	uint64_t index = 0;
	bool found;
	if (out->model.name[0] == '\0') {
		return fc_fail(err, FC_INVALID_ARGUMENT, "the model of its template is missing");
	}
	FC_TRY(get_person(json, out, err));
	FC_TRY(get_template(json, out, err));
	FC_TRY(fc_member_integer(json, "face", 0, UINT16_MAX, &found, &index, err));
	face->photo_index = (uint16_t)index;
	FC_TRY(fc_member_uuid(json, "persisted_face_id", "the UUID of a face", &found, &face->uuid,
			      err));
	FC_TRY(fc_member_flag(json, "may_repeat", &found, &face->may_repeat, err));
	FC_TRY(fc_member_copy(json, "face_user_data", false, FC_FACE_USER_DATA_MAXIMUM,
			      &face->user_data, err));
	FC_TRY(fc_member_floats(json, "box", face->box, FC_ARRAY_LENGTH(face->box), err));
	FC_TRY(fc_member_floats(json, "landmarks", face->landmarks,
				FC_ARRAY_LENGTH(face->landmarks), err));
	FC_TRY(fc_member_float(json, "confidence", &found, &face->confidence, err));
	FC_TRY(fc_member_float(json, "awesomeness", &found, &face->quality, err));
	FC_TRY(fc_member_copy(json, "origin", true, FC_LABEL_MAXIMUM, &face->origin, err));
	FC_TRY(fc_member_path(json, &face->path, err));
	FC_TRY(get_crop(json, &out->crop, err));
	return fc_member_time(json, "created", &face->created, err);
}

/* Read a small whole number; 0 if it is missing. */
static enum fc_status get_small(const cJSON *json, const char *name, double maximum, unsigned *out,
				struct fc_error *err)
{
	uint64_t value = 0;
	bool found;
	FC_TRY(fc_member_integer(json, name, 0, maximum, &found, &value, err));
	*out = (unsigned)value;
	return FC_OK;
}

static enum fc_status get_measures(const cJSON *json, struct fc_entry *entry, struct fc_error *err)
{
	bool found;
	unsigned age = 0, sex = 0, mood = 0, liveness = 0, pixels = 0;
	FC_TRY(fc_member_float(json, "similarity", &entry->has_similarity, &entry->similarity,
			       err));
	FC_TRY(fc_member_float(json, "match", &entry->has_match, &entry->match, err));
	FC_TRY(fc_member_float(json, "confidence", &found, &entry->confidence, err));
	FC_TRY(fc_member_floats(json, "box", entry->box, FC_ARRAY_LENGTH(entry->box), err));
	FC_TRY(get_small(json, "face_pixels", UINT32_MAX, &pixels, err));
	FC_TRY(fc_member_float(json, "exposure", &found, &entry->exposure, err));
	FC_TRY(fc_member_float(json, "sharpness", &found, &entry->sharpness, err));
	FC_TRY(fc_member_float(json, "pan", &found, &entry->pan, err));
	FC_TRY(fc_member_float(json, "tilt", &found, &entry->tilt, err));
	FC_TRY(get_small(json, "age", UINT8_MAX, &age, err));
	FC_TRY(get_small(json, "sex", FC_SEX_FEMALE, &sex, err));
	FC_TRY(get_small(json, "mood", FC_MOOD_SURPRISE, &mood, err));
	FC_TRY(get_small(json, "liveness", FC_LIVENESS_UNDETERMINED, &liveness, err));
	entry->face_pixels = pixels;
	entry->has_age = fc_member_get(json, "age") != NULL;
	entry->age = (uint8_t)age;
	entry->sex = (enum fc_sex)sex;
	entry->mood = (enum fc_mood)mood;
	entry->liveness = (enum fc_liveness)liveness;
	return FC_OK;
}

static enum fc_status parse_entry(const cJSON *json, struct fc_transfer *out, struct fc_error *err)
{
	struct fc_entry *entry = &out->entry;
	unsigned result = 0;
	bool found;
	FC_TRY(get_small(json, "result", FC_RESULT_NF, &result, err));
	FC_TRY(fc_member_time(json, "created", &entry->created, err));
	if (result == 0 || entry->created == 0) {
		return fc_fail(err, FC_INVALID_ARGUMENT,
			       "an entry must have 'result' and 'created'");
	}
	entry->result = (enum fc_result)result;
	FC_TRY(fc_member_uuid(json, "pid", "the UUID of a person", &entry->has_pid, &entry->pid,
			      err));
	FC_TRY(fc_member_digest(json, "sha256", &found, &entry->photo, err));
	FC_TRY(fc_member_digest(json, "model_sha256", &found, &entry->model, err));
	FC_TRY(fc_member_copy(json, "origin", true, FC_LABEL_MAXIMUM, &entry->origin, err));
	FC_TRY(fc_member_path(json, &entry->path, err));
	return get_measures(json, entry, err);
}

static enum fc_status parse_end(const cJSON *json, struct fc_transfer *out, struct fc_error *err)
{
	static const char *const names[FC_TRANSFER_KINDS] = {
		[FC_TRANSFER_SPACE] = "spaces",   [FC_TRANSFER_ORIGIN] = "origins",
		[FC_TRANSFER_PERSON] = "persons", [FC_TRANSFER_FACE] = "faces",
		[FC_TRANSFER_ENTRY] = "entries",
	};
	for (size_t i = 0; i < FC_ARRAY_LENGTH(names); i++) {
		bool found;
		if (names[i]) {
			FC_TRY(fc_member_number(json, names[i], 0, UINT64_MAX, &found,
						&out->counts[i], err));
		}
	}
	return fc_member_digest(json, "sha256", &out->has_digest, &out->digest, err);
}

static enum fc_status parse_snapshot(const cJSON *json, struct fc_transfer *out,
				     struct fc_error *err)
{
	struct fc_container_snapshot *snapshot = &out->snapshot;
	const char *word = NULL;
	bool found;
	FC_TRY(fc_member_uuid(json, "snapshot", "the UUID of a snapshot", &found, &snapshot->id,
			      err));
	FC_TRY(fc_member_text(json, "kind", &word, err));
	for (uint8_t i = 1; word && i < FC_CONTAINER_KINDS; i++) {
		if (strcmp(word, fc_transfer_container_words[i]) == 0) {
			snapshot->kind = i;
		}
	}
	FC_TRY(fc_member_copy(json, "snapshot_user_data", false, FC_USER_DATA_MAXIMUM,
			      &snapshot->user_data, err));
	FC_TRY(fc_member_time(json, "created", &snapshot->created, err));
	FC_TRY(get_container(json, &out->container, err));
	if (fc_uuid_is_nil(&snapshot->id) || snapshot->kind == FC_CONTAINER_NONE ||
	    snapshot->created == 0 || !out->container.is_stored) {
		return fc_fail(err, FC_INVALID_ARGUMENT,
			       "a snapshot must have 'snapshot', 'kind', 'created' and "
			       "'recognition_model'");
	}
	return FC_OK;
}

/* ---- a line ---- */

/* Determine the kind of a record. A record written by detect is a face, and so is a record without a type. */
static enum fc_status find_kind(const cJSON *json, enum fc_transfer_kind *out, struct fc_error *err)
{
	const char *type = NULL;
	uint64_t schema = FC_TRANSFER_SCHEMA;
	bool found;
	FC_TRY(fc_member_text(json, "type", &type, err));
	FC_TRY(fc_member_integer(json, "schema", 1, 1e6, &found, &schema, err));
	if (schema != FC_TRANSFER_SCHEMA) {
		return fc_fail(
			err, FC_INVALID_ARGUMENT,
			"it has schema %llu, but this facectl reads only schema %d: use a newer "
			"facectl",
			(unsigned long long)schema, FC_TRANSFER_SCHEMA);
	}
	*out = FC_TRANSFER_FACE;
	if (!type || strcmp(type, "detect") == 0) {
		return FC_OK;
	}
	for (size_t i = 0; i < FC_TRANSFER_KINDS; i++) {
		if (strcmp(type, kind_names[i]) == 0) {
			*out = (enum fc_transfer_kind)i;
			return FC_OK;
		}
	}
	return fc_fail(err, FC_INVALID_ARGUMENT, "a record of type '%.32s' cannot be imported",
		       type);
}

enum fc_status fc_transfer_parse(const char *line, size_t length, struct fc_transfer *out,
				 struct fc_error *err)
{
	typedef enum fc_status parser(const cJSON *json, struct fc_transfer *out,
				      struct fc_error *err);
	static parser *const parsers[FC_TRANSFER_KINDS] = {
		[FC_TRANSFER_SPACE] = parse_space,       [FC_TRANSFER_ORIGIN] = parse_origin,
		[FC_TRANSFER_PERSON] = parse_person,     [FC_TRANSFER_FACE] = parse_face,
		[FC_TRANSFER_ENTRY] = parse_entry,       [FC_TRANSFER_END] = parse_end,
		[FC_TRANSFER_SNAPSHOT] = parse_snapshot,
	};
	FC_CLEANUP(fc_json_release) cJSON *json = NULL;
	FC_CLEANUP(fc_transfer_release) struct fc_transfer record = { 0 };
	const char *space = NULL, *id;
	FC_TRY(fc_json_parse(line, length, FC_TRANSFER_LINE_MAXIMUM, "the record", &json, err));
	if (!cJSON_IsObject(json)) {
		return fc_fail(err, FC_INVALID_ARGUMENT, "it is not a JSON object on one line");
	}
	FC_TRY(find_kind(json, &record.kind, err));
	FC_TRY(fc_member_text(json, "space", &space, err));
	if (space && fc_container_kind_of(space, &id) == FC_CONTAINER_NONE) {
		return fc_member_fail("space", "1 to 64 of a-z, 0-9, _ and -", err);
	}
	snprintf(record.space, sizeof(record.space), "%s", space ? space : "");
	FC_TRY(get_model(json, &record.model, err));
	if (parsers[record.kind]) {
		FC_TRY(parsers[record.kind](json, &record, err));
	}
	*out = FC_STEAL_STRUCT(record);
	return FC_OK;
}
