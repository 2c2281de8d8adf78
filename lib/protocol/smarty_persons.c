/* Read and write the persons in an object of a Smarty response. */
/* SPDX-License-Identifier: MIT */
#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/number.h"
#include "protocol/smarty.h"

/* As in the documented examples: confidence has five decimals, other numbers have four. */
enum { CONFIDENCE_DECIMALS = 5, DECIMALS = 4 };

bool fc_smarty_tag_number(const char *tag, uint64_t *number)
{
	if (strncmp(tag, "person", 6) != 0) {
		return false;
	}
	const char *digits = tag + (tag[6] == '_' ? 7 : 6);
	return fc_parse_u64(digits, 0, INT64_MAX, "a tag", number, NULL) == FC_OK;
}

/* ---- reading ---- */

void fc_smarty_persons_release(struct fc_smarty_persons *persons)
{
	free(persons->items);
	free(persons->aliases);
	*persons = (struct fc_smarty_persons){ 0 };
}

/* Read a number; NaN when the member is absent. Returns false when it is out of range. */
static bool read_real(const cJSON *person, const char *name, double minimum, double maximum,
		      double *out)
{
	const double rounding = 1e-3; /* values just outside are clamped */
	const cJSON *member = fc_json_get(person, name);
	double value;
	*out = NAN;
	if (!member || cJSON_IsNull(member)) {
		return true;
	}
	if (!fc_json_number(person, name, minimum - rounding, maximum + rounding, &value)) {
		return false;
	}
	*out = fmin(fmax(value, minimum), maximum);
	return true;
}

/* A face at the edge of the image may extend beyond it. The document's table names the member "coordinate", its examples "coord". */
static bool read_coordinates(const cJSON *person, double out[4])
{
	const cJSON *coord = fc_json_get(person, "coord");
	const cJSON *coordinates = coord ? coord : fc_json_get(person, "coordinate");
	const double limit = 1e6;
	if (!cJSON_IsArray(coordinates) || cJSON_GetArraySize(coordinates) != 4) {
		return false;
	}
	for (int i = 0; i < 4; i++) {
		const cJSON *edge = cJSON_GetArrayItem(coordinates, i);
		out[i] = cJSON_IsNumber(edge) ? edge->valuedouble : NAN;
		if (!(fabs(out[i]) <= limit)) {
			return false;
		}
	}
	return out[0] < out[2] && out[1] < out[3];
}

static bool read_aliases(const cJSON *person, const char **aliases, size_t *count)
{
	const cJSON *tags = fc_json_get(person, "aliases");
	const cJSON *tag;
	if (tags && !cJSON_IsArray(tags) && !cJSON_IsNull(tags)) {
		return false;
	}
	cJSON_ArrayForEach (tag, tags) {
		if (!cJSON_IsString(tag)) {
			return false;
		}
		if (*count < FC_SMARTY_ALIASES_MAXIMUM) {
			aliases[(*count)++] = tag->valuestring;
		}
	}
	return true;
}

/* Read a person. Returns which members are invalid, or NULL. */
static const char *read_person(const cJSON *json, struct fc_smarty_person *out,
			       const char **aliases)
{
	const char *emotion = fc_json_text(json, "emotion");
	*out = (struct fc_smarty_person){
		.tag = fc_json_text(json, "tag"),
		.sex = fc_json_text(json, "sex"),
		/* the second name is that of the document's table */
		.emotion = emotion ? emotion : fc_json_text(json, "emotions"),
		.liveness_score = NAN,
		.aliases = aliases,
	};
	if (!read_coordinates(json, out->coord) ||
	    !read_real(json, "confidence", 0, 1, &out->confidence) ||
	    !read_real(json, "awesomeness", 0, 1, &out->awesomeness) ||
	    !read_real(json, "frontality", -1, 1, &out->frontality) ||
	    !read_real(json, "visibility", 0, 1, &out->visibility)) {
		return "coordinates or measures";
	}
	if (!out->tag || *out->tag == '\0' ||
	    !read_real(json, "similarity", 0, 1, &out->similarity) ||
	    !read_real(json, "age", 0, 200, &out->age) ||
	    !read_real(json, "valence", -1, 1, &out->valence) ||
	    !read_real(json, "arousal", -1, 1, &out->arousal) ||
	    !read_aliases(json, aliases, &out->alias_count)) {
		return "a tag or attributes";
	}
	return NULL;
}

enum fc_status fc_smarty_read_persons(const cJSON *object, size_t most,
				      struct fc_smarty_persons *out, struct fc_error *err)
{
	FC_CLEANUP(fc_smarty_persons_release) struct fc_smarty_persons persons = { 0 };
	const cJSON *list = fc_json_get(object, "persons");
	const cJSON *person;
	if (list && !cJSON_IsArray(list) && !cJSON_IsNull(list)) {
		return fc_fail(err, FC_REFUSED, "the persons in the response are not a list");
	}
	size_t count = (size_t)cJSON_GetArraySize(list);
	if (count > most) {
		return fc_fail(err, FC_REFUSED, "the response has %zu persons in one photo", count);
	}
	persons.items = calloc(count + 1, sizeof(*persons.items));
	persons.aliases = calloc(count * FC_SMARTY_ALIASES_MAXIMUM + 1, sizeof(*persons.aliases));
	if (!persons.items || !persons.aliases) {
		return fc_fail_memory(err);
	}
	cJSON_ArrayForEach (person, list) {
		const char **aliases = persons.aliases + persons.count * FC_SMARTY_ALIASES_MAXIMUM;
		const char *wrong = read_person(person, &persons.items[persons.count], aliases);
		persons.count++;
		if (wrong) {
			return fc_fail(err, FC_REFUSED,
				       "person %zu of the response has %s out of range",
				       persons.count, wrong);
		}
	}
	*out = FC_STEAL_STRUCT(persons);
	return FC_OK;
}

/* ---- writing ---- */

static void put_real(struct fc_json_writer *json, const char *key, double value, unsigned decimals)
{
	if (!isnan(value)) {
		fc_json_put_real(json, key, value, decimals);
	}
}

static void write_person(struct fc_json_writer *json, const struct fc_smarty_person *person)
{
	char emotion[32];
	fc_json_begin_object(json);
	fc_json_put_text(json, "tag", person->tag);
	fc_json_put_array(json, "coord");
	for (size_t i = 0; i < FC_ARRAY_LENGTH(person->coord); i++) {
		fc_json_integer(json, (int64_t)person->coord[i]);
	}
	fc_json_end_array(json);
	put_real(json, "confidence", person->confidence, CONFIDENCE_DECIMALS);
	put_real(json, "awesomeness", person->awesomeness, DECIMALS);
	put_real(json, "similarity", person->similarity, DECIMALS);
	fc_json_put_text(json, "sex", person->sex);
	/* The documentation writes emotions with a capital letter: "Happiness". */
	if (person->emotion && strlen(person->emotion) < sizeof(emotion)) {
		snprintf(emotion, sizeof(emotion), "%s", person->emotion);
		emotion[0] = (char)toupper((unsigned char)emotion[0]);
		fc_json_put_text(json, "emotion", emotion);
	}
	put_real(json, "age", person->age, 1);
	put_real(json, "valence", person->valence, DECIMALS);
	put_real(json, "arousal", person->arousal, DECIMALS);
	put_real(json, "frontality", person->frontality, DECIMALS);
	put_real(json, "visibility", person->visibility, DECIMALS);
	fc_json_put_text(json, "liveness", person->liveness);
	put_real(json, "liveness_score", person->liveness_score, DECIMALS);
	if (person->nearest) {
		fc_json_put_object(json, "nearest");
		fc_json_put_text(json, "tag", person->nearest);
		put_real(json, "similarity", person->nearest_similarity, DECIMALS);
		put_real(json, "threshold", person->threshold, DECIMALS);
		fc_json_end_object(json);
	}
	fc_json_put_text(json, "why_unknown", person->why_unknown);
	if (person->alias_count > 0) {
		fc_json_put_array(json, "aliases");
		for (size_t i = 0; i < person->alias_count; i++) {
			fc_json_string(json, person->aliases[i]);
		}
		fc_json_end_array(json);
	}
	fc_json_end_object(json);
}

void fc_smarty_write_persons(struct fc_json_writer *json, const struct fc_smarty_person *persons,
			     size_t count)
{
	fc_json_put_array(json, "persons");
	for (size_t i = 0; i < count; i++) {
		write_person(json, &persons[i]);
	}
	fc_json_end_array(json);
}
