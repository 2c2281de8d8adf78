/* Reading the lines in which faces travel. */
/* SPDX-License-Identifier: MIT */
#include "gallery/transfer/transfer.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/number.h"
#include "base/text.h"
#include "base/when.h"
#include "gallery/rows/parts.h"
#include "gallery/rows/record_check.h"

static const char *const kind_names[FC_TRANSFER_KINDS] = {
	[FC_TRANSFER_GALLERY] = "gallery", [FC_TRANSFER_SPACE] = "space",
	[FC_TRANSFER_ORIGIN] = "origin",   [FC_TRANSFER_PERSON] = "person",
	[FC_TRANSFER_FACE] = "face",       [FC_TRANSFER_ENTRY] = "entry",
	[FC_TRANSFER_END] = "end",
};

const char *fc_transfer_kind_name(enum fc_transfer_kind kind)
{
	return kind_names[kind];
}

void fc_transfer_release(struct fc_transfer *record)
{
	fc_person_release(&record->person);
	fc_face_record_release(&record->face);
	fc_entry_release(&record->entry);
	fc_buffer_release(&record->crop);
}

/* ---- members; each leaves what it should fill in alone when the member is not there ---- */

/* What some programs write for nothing is nothing. */
static const cJSON *get(const cJSON *json, const char *name)
{
	const cJSON *member = fc_json_get(json, name);
	return cJSON_IsNull(member) ? NULL : member;
}

static enum fc_status fail_member(const char *name, const char *wanted, struct fc_error *err)
{
	return fc_fail(err, FC_INVALID_ARGUMENT, "'%s' is not %s", name, wanted);
}

static enum fc_status get_text(const cJSON *json, const char *name, const char **out,
			       struct fc_error *err)
{
	const cJSON *member = get(json, name);
	if (member && !cJSON_IsString(member)) {
		return fail_member(name, "a text", err);
	}
	*out = member ? member->valuestring : *out;
	return FC_OK;
}

/* A text of the gallery's own: a label, or anything of at most limit bytes. An empty one counts as not there. */
static enum fc_status get_copy(const cJSON *json, const char *name, bool is_label, size_t limit,
			       char **out, struct fc_error *err)
{
	const char *text = NULL;
	FC_TRY(get_text(json, name, &text, err));
	if (!text || text[0] == '\0') {
		return FC_OK;
	}
	if (is_label ? !fc_text_is_label(text, limit) : strlen(text) > limit) {
		return fc_fail(err, FC_INVALID_ARGUMENT, "'%s' is not a text of 1 to %zu bytes%s",
			       name, limit, is_label ? " without control characters" : "");
	}
	free(*out);
	*out = strdup(text);
	return *out ? FC_OK : fc_fail_memory(err);
}

/* A path may be anything, so beside one that is not UTF-8 there is a second member with its bytes. */
static enum fc_status get_path(const cJSON *json, char **out, struct fc_error *err)
{
	FC_CLEANUP(fc_buffer_release) struct fc_buffer bytes = { 0 };
	const char *encoded = NULL;
	FC_TRY(get_text(json, "path_b64", &encoded, err));
	if (!encoded) {
		return get_copy(json, "path", false, FC_PATH_TEXT_MAXIMUM, out, err);
	}
	if (!fc_base64_decode(encoded, &bytes) || bytes.length > FC_PATH_TEXT_MAXIMUM ||
	    memchr(bytes.data, '\0', bytes.length)) {
		return fail_member("path_b64", "a path in base64", err);
	}
	*out = fc_buffer_steal_text(&bytes);
	return *out ? FC_OK : fc_fail_memory(err);
}

static enum fc_status get_integer(const cJSON *json, const char *name, double minimum,
				  double maximum, bool *found, uint64_t *out, struct fc_error *err)
{
	double value;
	*found = get(json, name) != NULL;
	if (!*found) {
		return FC_OK;
	}
	if (!fc_json_number(json, name, minimum, maximum, &value) || value != floor(value)) {
		return fc_fail(err, FC_INVALID_ARGUMENT,
			       "'%s' is not a whole number of %.0f to %.0f", name, minimum,
			       maximum);
	}
	*out = (uint64_t)value;
	return FC_OK;
}

static enum fc_status get_flag(const cJSON *json, const char *name, bool *found, bool *out,
			       struct fc_error *err)
{
	const cJSON *member = get(json, name);
	*found = member != NULL;
	if (member && !cJSON_IsBool(member)) {
		return fail_member(name, "true or false", err);
	}
	*out = member && cJSON_IsTrue(member);
	return FC_OK;
}

static const double float_maximum = 1e9; /* of pixels and measures */

static enum fc_status get_float(const cJSON *json, const char *name, bool *found, float *out,
				struct fc_error *err)
{
	double value;
	*found = get(json, name) != NULL;
	if (!*found) {
		return FC_OK;
	}
	if (!fc_json_number(json, name, -float_maximum, float_maximum, &value)) {
		return fail_member(name, "a number", err);
	}
	*out = (float)value;
	return FC_OK;
}

static enum fc_status get_floats(const cJSON *json, const char *name, float *out, size_t count,
				 struct fc_error *err)
{
	const cJSON *array = get(json, name);
	if (!array) {
		return FC_OK;
	}
	if (!cJSON_IsArray(array) || cJSON_GetArraySize(array) != (int)count) {
		return fc_fail(err, FC_INVALID_ARGUMENT, "'%s' is not a list of %zu numbers", name,
			       count);
	}
	size_t i = 0;
	for (const cJSON *item = array->child; item; item = item->next, i++) {
		if (!cJSON_IsNumber(item) || !(fabs(item->valuedouble) <= float_maximum)) {
			return fc_fail(err, FC_INVALID_ARGUMENT,
				       "'%s' is not a list of %zu numbers", name, count);
		}
		out[i] = (float)item->valuedouble;
	}
	return FC_OK;
}

static enum fc_status get_digest(const cJSON *json, const char *name, bool *found,
				 struct fc_sha256 *out, struct fc_error *err)
{
	const char *text = NULL;
	FC_TRY(get_text(json, name, &text, err));
	*found = text != NULL;
	return !text || fc_sha256_parse(text, out) ? FC_OK : fail_member(name, "a SHA-256", err);
}

static enum fc_status get_pid(const cJSON *json, bool *found, struct fc_uuid *out,
			      struct fc_error *err)
{
	const char *text = NULL;
	FC_TRY(get_text(json, "pid", &text, err));
	*found = text != NULL;
	if (text && (!fc_uuid_parse(text, out) || fc_uuid_is_nil(out))) {
		return fail_member("pid", "the UUID of a person", err);
	}
	return FC_OK;
}

/* A point in time, never one that depends on the day on which it is read. */
static enum fc_status get_time(const cJSON *json, const char *name, int64_t *out,
			       struct fc_error *err)
{
	const char *text = NULL;
	FC_TRY(get_text(json, name, &text, err));
	if (!text) {
		return FC_OK;
	}
	if (text[0] < '0' || text[0] > '9' || strstr(text, "ago") ||
	    fc_when_parse(text, 0, name, out, NULL) != FC_OK) {
		return fail_member(name, "a time such as 2022-09-06T08:52:01.581172Z", err);
	}
	return FC_OK;
}

/* A number that JSON's doubles do not hold is written as a text. */
static enum fc_status get_number(const cJSON *json, const char *name, uint64_t minimum,
				 uint64_t maximum, bool *found, uint64_t *out, struct fc_error *err)
{
	static const uint64_t exact = UINT64_C(9007199254740991);
	const cJSON *member = get(json, name);
	if (member && cJSON_IsString(member)) {
		*found = true;
		return fc_parse_u64(member->valuestring, minimum, maximum, name, out, err);
	}
	return get_integer(json, name, (double)minimum, (double)(maximum < exact ? maximum : exact),
			   found, out, err);
}

/* ---- parts ---- */

static enum fc_status get_space(const cJSON *json, struct fc_transfer *out, struct fc_error *err)
{
	const char *space = NULL;
	FC_TRY(get_text(json, "space", &space, err));
	if (!space) {
		return FC_OK;
	}
	if (!fc_text_is_space_name(space)) {
		return fail_member("space", "1 to 64 of a-z, 0-9, _ and -", err);
	}
	memcpy(out->space, space, strlen(space) + 1);
	return FC_OK;
}

static enum fc_status get_model(const cJSON *json, struct fc_transfer_model *out,
				struct fc_error *err)
{
	const char *name = NULL;
	uint64_t number = 0;
	bool found;
	FC_TRY(get_text(json, "model", &name, err));
	if (name && !fc_text_is_label(name, sizeof(out->name) - 1)) {
		return fail_member("model", "the name of a model", err);
	}
	snprintf(out->name, sizeof(out->name), "%s", name ? name : "");
	FC_TRY(get_digest(json, "model_sha256", &out->has_sha256, &out->sha256, err));
	FC_TRY(get_integer(json, "preprocessing", 0, UINT32_MAX, &out->has_preprocessing, &number,
			   err));
	out->preprocessing = (uint32_t)number;
	number = 0;
	FC_TRY(get_integer(json, "dimension", 1, FC_DIMENSION_MAXIMUM, &found, &number, err));
	out->dimension = (uint32_t)number;
	return get_flag(json, "mirror", &out->has_mirror, &out->mirror, err);
}

static enum fc_status get_person(const cJSON *json, struct fc_transfer *out, struct fc_error *err)
{
	struct fc_person *person = &out->person;
	FC_TRY(get_pid(json, &out->has_pid, &person->pid, err));
	FC_TRY(get_number(json, "person_id", 1, FC_PERSON_NUMBER_MAXIMUM, &person->has_number,
			  &person->number, err));
	FC_TRY(get_copy(json, "person", true, FC_LABEL_MAXIMUM, &person->name, err));
	FC_TRY(get_copy(json, "name", true, FC_LABEL_MAXIMUM, &person->name, err));
	return get_copy(json, "user_data", false, FC_USER_DATA_MAXIMUM, &person->user_data, err);
}

/* ---- kinds ---- */

static enum fc_status parse_space(const cJSON *json, struct fc_transfer *out, struct fc_error *err)
{
	struct fc_space *space = &out->settings;
	const char *const names[] = { "exact", "ha", "junk" };
	double *const bands[] = { &space->bands.exact, &space->bands.ha, &space->bands.junk };
	bool found;
	space->bands = fc_bands_default();
	space->next_number = 1;
	if (out->space[0] == '\0') {
		return fc_fail(err, FC_INVALID_ARGUMENT, "it names no space");
	}
	for (size_t i = 0; i < FC_ARRAY_LENGTH(bands); i++) {
		if (get(json, names[i]) && !fc_json_number(json, names[i], 0, 100, bands[i])) {
			return fail_member(names[i], "a number of 0 to 100", err);
		}
	}
	FC_TRY(get_number(json, "next_person_id", 1, FC_PERSON_NUMBER_MAXIMUM + 1, &found,
			  &space->next_number, err));
	return get_time(json, "created", &space->created, err);
}

static enum fc_status parse_origin(const cJSON *json, struct fc_transfer *out, struct fc_error *err)
{
	struct fc_origin *origin = &out->origin;
	struct fc_origin_settings *settings = &origin->settings;
	const char *name = NULL;
	uint64_t flags = 0, results = FC_ORIGIN_ALL_RESULTS, days = 0;
	bool found;
	FC_TRY(get_text(json, "origin", &name, err));
	if (!name || !fc_origin_is_name(name) || strcmp(name, FC_ORIGIN_CLI) == 0) {
		return fail_member("origin", "the name of an origin", err);
	}
	memcpy(origin->name, name, strlen(name) + 1);
	FC_TRY(get_number(json, "min_facesize", 0, UINT64_MAX, &found, &settings->min_facesize,
			  err));
	FC_TRY(get_number(json, "create_min_facesize", 0, UINT64_MAX, &found,
			  &settings->create_min_facesize, err));
	FC_TRY(get_integer(json, "flags", 0, UINT32_MAX, &found, &flags, err));
	FC_TRY(get_integer(json, "save_entries", 0, UINT32_MAX, &found, &results, err));
	FC_TRY(get_integer(json, "entry_storage_days", 0, UINT32_MAX, &found, &days, err));
	settings->flags = (uint32_t)flags;
	settings->save_entries = (uint32_t)results;
	settings->entry_storage_days = (uint32_t)days;
	return get_time(json, "created", &origin->created, err);
}

static enum fc_status parse_person(const cJSON *json, struct fc_transfer *out, struct fc_error *err)
{
	FC_TRY(get_person(json, out, err));
	if (!out->has_pid && !out->person.has_number && !out->person.name) {
		return fc_fail(err, FC_INVALID_ARGUMENT,
			       "it names nobody: it needs a pid, a person_id or a name");
	}
	return get_time(json, "created", &out->person.created, err);
}

/* The bytes of a template, little-endian floats. */
static enum fc_status decode_template(const cJSON *json, struct fc_buffer *out,
				      struct fc_error *err)
{
	const char *text = NULL;
	FC_TRY(get_text(json, "template", &text, err));
	if (!text) {
		return fc_fail(err, FC_INVALID_ARGUMENT, "it holds no template");
	}
	if (!fc_base64_decode(text, out) || out->length == 0 || out->length % sizeof(float) != 0 ||
	    out->length / sizeof(float) > FC_DIMENSION_MAXIMUM) {
		return fc_fail(err, FC_INVALID_ARGUMENT,
			       "'template' is not 1 to %d 32-bit floats in base64",
			       FC_DIMENSION_MAXIMUM);
	}
	return FC_OK;
}

static enum fc_status get_template(const cJSON *json, struct fc_transfer *out, struct fc_error *err)
{
	FC_CLEANUP(fc_buffer_release) struct fc_buffer bytes = { 0 };
	struct fc_face_record *face = &out->face;
	FC_TRY(decode_template(json, &bytes, err));
	face->dimension = (uint32_t)(bytes.length / sizeof(float));
	if (out->model.dimension != 0 && out->model.dimension != face->dimension) {
		return fc_fail(err, FC_INVALID_ARGUMENT,
			       "'template' has %u dimensions and 'dimension' says %u",
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
	FC_TRY(get_digest(json, "sha256", &found, &face->photo, err));
	return found || fc_sha256_of(bytes.data, bytes.length, &face->photo) ? FC_OK
									     : fc_fail_memory(err);
}

static enum fc_status get_crop(const cJSON *json, struct fc_buffer *out, struct fc_error *err)
{
	static const uint8_t signature[] = { 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n' };
	const char *text = NULL;
	FC_TRY(get_text(json, "crop", &text, err));
	if (!text) {
		return FC_OK;
	}
	if (!fc_base64_decode(text, out) || out->length < sizeof(signature) ||
	    memcmp(out->data, signature, sizeof(signature)) != 0 ||
	    out->length > FC_RECORD_MAXIMUM - FC_RECORD_HEADER_SIZE) {
		return fail_member("crop", "a small PNG in base64", err);
	}
	return FC_OK;
}

static enum fc_status parse_face(const cJSON *json, struct fc_transfer *out, struct fc_error *err)
{
	struct fc_face_record *face = &out->face;
	uint64_t index = 0;
	bool found;
	if (out->model.name[0] == '\0') {
		return fc_fail(err, FC_INVALID_ARGUMENT,
			       "it does not name the model that made its template");
	}
	FC_TRY(get_person(json, out, err));
	FC_TRY(get_template(json, out, err));
	FC_TRY(get_integer(json, "face", 0, UINT16_MAX, &found, &index, err));
	face->photo_index = (uint16_t)index;
	FC_TRY(get_floats(json, "box", face->box, FC_ARRAY_LENGTH(face->box), err));
	FC_TRY(get_floats(json, "landmarks", face->landmarks, FC_ARRAY_LENGTH(face->landmarks),
			  err));
	FC_TRY(get_float(json, "confidence", &found, &face->confidence, err));
	FC_TRY(get_float(json, "awesomeness", &found, &face->quality, err));
	FC_TRY(get_copy(json, "origin", true, FC_LABEL_MAXIMUM, &face->origin, err));
	FC_TRY(get_path(json, &face->path, err));
	FC_TRY(get_crop(json, &out->crop, err));
	return get_time(json, "created", &face->created, err);
}

/* A measure that is a small number with a meaning; 0 when it is not there. */
static enum fc_status get_word(const cJSON *json, const char *name, double maximum, unsigned *out,
			       struct fc_error *err)
{
	uint64_t value = 0;
	bool found;
	FC_TRY(get_integer(json, name, 0, maximum, &found, &value, err));
	*out = (unsigned)value;
	return FC_OK;
}

static enum fc_status get_measures(const cJSON *json, struct fc_entry *entry, struct fc_error *err)
{
	bool found;
	unsigned age = 0, sex = 0, mood = 0, liveness = 0, pixels = 0;
	FC_TRY(get_float(json, "similarity", &entry->has_similarity, &entry->similarity, err));
	FC_TRY(get_float(json, "match", &entry->has_match, &entry->match, err));
	FC_TRY(get_float(json, "confidence", &found, &entry->confidence, err));
	FC_TRY(get_floats(json, "box", entry->box, FC_ARRAY_LENGTH(entry->box), err));
	FC_TRY(get_word(json, "face_pixels", UINT32_MAX, &pixels, err));
	FC_TRY(get_float(json, "exposure", &found, &entry->exposure, err));
	FC_TRY(get_float(json, "sharpness", &found, &entry->sharpness, err));
	FC_TRY(get_float(json, "pan", &found, &entry->pan, err));
	FC_TRY(get_float(json, "tilt", &found, &entry->tilt, err));
	FC_TRY(get_word(json, "age", UINT8_MAX, &age, err));
	FC_TRY(get_word(json, "sex", FC_SEX_FEMALE, &sex, err));
	FC_TRY(get_word(json, "mood", FC_MOOD_SURPRISE, &mood, err));
	FC_TRY(get_word(json, "liveness", FC_LIVENESS_UNDETERMINED, &liveness, err));
	entry->face_pixels = pixels;
	entry->has_age = get(json, "age") != NULL;
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
	FC_TRY(get_word(json, "result", FC_RESULT_NF, &result, err));
	FC_TRY(get_time(json, "created", &entry->created, err));
	if (result == 0 || entry->created == 0) {
		return fc_fail(err, FC_INVALID_ARGUMENT, "an entry has a result and a time");
	}
	entry->result = (enum fc_result)result;
	FC_TRY(get_pid(json, &entry->has_pid, &entry->pid, err));
	FC_TRY(get_digest(json, "sha256", &found, &entry->photo, err));
	FC_TRY(get_digest(json, "model_sha256", &found, &entry->model, err));
	FC_TRY(get_copy(json, "origin", true, FC_LABEL_MAXIMUM, &entry->origin, err));
	FC_TRY(get_path(json, &entry->path, err));
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
			FC_TRY(get_number(json, names[i], 0, UINT64_MAX, &found, &out->counts[i],
					  err));
		}
	}
	return FC_OK;
}

/* ---- a line ---- */

/* A record of detect is a face as it is, and so is one without a type that has a template. */
static enum fc_status find_kind(const cJSON *json, enum fc_transfer_kind *out, struct fc_error *err)
{
	const char *type = NULL;
	uint64_t schema = FC_TRANSFER_SCHEMA;
	bool found;
	FC_TRY(get_text(json, "type", &type, err));
	FC_TRY(get_integer(json, "schema", 1, 1e6, &found, &schema, err));
	if (schema != FC_TRANSFER_SCHEMA) {
		return fc_fail(err, FC_INVALID_ARGUMENT,
			       "it has schema %llu and this facectl reads %d: use a newer facectl",
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
	return fc_fail(err, FC_INVALID_ARGUMENT, "a record of type '%.32s' holds no face", type);
}

static enum fc_status parse(const cJSON *json, struct fc_transfer *out, struct fc_error *err)
{
	typedef enum fc_status parser(const cJSON *json, struct fc_transfer *out,
				      struct fc_error *err);
	static parser *const parsers[FC_TRANSFER_KINDS] = {
		[FC_TRANSFER_SPACE] = parse_space,   [FC_TRANSFER_ORIGIN] = parse_origin,
		[FC_TRANSFER_PERSON] = parse_person, [FC_TRANSFER_FACE] = parse_face,
		[FC_TRANSFER_ENTRY] = parse_entry,   [FC_TRANSFER_END] = parse_end,
	};
	if (!cJSON_IsObject(json)) {
		return fc_fail(err, FC_INVALID_ARGUMENT,
			       "it is not one object of JSON on a line of its own");
	}
	FC_TRY(find_kind(json, &out->kind, err));
	FC_TRY(get_space(json, out, err));
	FC_TRY(get_model(json, &out->model, err));
	return parsers[out->kind] ? parsers[out->kind](json, out, err) : FC_OK;
}

enum fc_status fc_transfer_parse(const char *line, size_t length, struct fc_transfer *out,
				 struct fc_error *err)
{
	FC_CLEANUP(fc_json_release) cJSON *json = NULL;
	FC_CLEANUP(fc_transfer_release) struct fc_transfer record = { 0 };
	FC_TRY(fc_json_parse(line, length, FC_TRANSFER_LINE_MAXIMUM, "the record", &json, err));
	FC_TRY(parse(json, &record, err));
	*out = record;
	record = (struct fc_transfer){ 0 };
	return FC_OK;
}

/* What a descriptor says of one and the same model, and the record does not. NULL: nothing. */
static const char *find_difference(const struct fc_transfer_model *model,
				   const struct fc_embedder_pin *pin)
{
	if (model->has_preprocessing && model->preprocessing != pin->preprocessing) {
		return "preprocessing";
	}
	if (model->dimension != 0 && model->dimension != pin->dimension) {
		return "dimension";
	}
	return model->has_mirror && model->mirror != pin->mirror ? "mirror" : NULL;
}

enum fc_status fc_transfer_check_model(const struct fc_transfer_model *model,
				       const struct fc_embedder_pin *pin, struct fc_error *err)
{
	bool same_name = strcmp(model->name, pin->name) == 0;
	bool same = model->has_sha256 ? fc_sha256_equal(&model->sha256, &pin->sha256) : same_name;
	if (!same) {
		return fc_fail(err, FC_INCOMPATIBLE,
			       "its template is of embedder '%s' and the gallery's are of "
			       "%s'%s', which do not compare: extract the photos anew with "
			       "--embedder %s, or use another --gallery",
			       model->name, same_name ? "another version of " : "", pin->name,
			       pin->name);
	}
	const char *difference = find_difference(model, pin);
	if (difference) {
		return fc_fail(err, FC_INCOMPATIBLE,
			       "its template is of embedder '%s' with another %s than the "
			       "gallery's, which do not compare: extract the photos anew with the "
			       "descriptor that the gallery was made with",
			       model->name, difference);
	}
	return FC_OK;
}
