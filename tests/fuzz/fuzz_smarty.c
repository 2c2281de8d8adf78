/* Any bytes as a Smarty service's answer: refused with a message, or persons whose values are in range. The first byte is skipped. */
/* SPDX-License-Identifier: MIT */
#include <math.h>

#include "base/json.h"
#include "fuzz.h"
#include "protocol/smarty.h"

static void check_range(double value, double minimum, double maximum)
{
	FUZZ_CHECK(isnan(value) || (value >= minimum && value <= maximum));
}

static void check_person(const struct fc_smarty_person *person)
{
	uint64_t number = 0;
	FUZZ_CHECK(person->coord[0] < person->coord[2] && person->coord[1] < person->coord[3]);
	FUZZ_CHECK(fabs(person->coord[0]) <= 1e6 && fabs(person->coord[3]) <= 1e6);
	FUZZ_CHECK(person->tag && person->tag[0] != '\0');
	FUZZ_CHECK(!fc_smarty_tag_number(person->tag, &number) || number <= INT64_MAX);
	check_range(person->confidence, 0, 1);
	check_range(person->similarity, 0, 1);
	check_range(person->frontality, -1, 1);
	check_range(person->age, 0, 200);
	FUZZ_CHECK(person->alias_count <= FC_SMARTY_ALIASES_MAXIMUM);
	for (size_t i = 0; i < person->alias_count; i++) {
		FUZZ_CHECK(person->aliases[i]);
	}
}

/* What was read is written as JSON that is read again. */
static void write_again(const struct fc_smarty_persons *persons)
{
	FC_CLEANUP(fc_buffer_release) struct fc_buffer out = { 0 };
	FC_CLEANUP(fc_json_release) cJSON *json = NULL;
	struct fc_json_writer writer = fc_json_writer_of(&out, false);
	fc_json_begin_object(&writer);
	fc_smarty_write_persons(&writer, persons->items, persons->count);
	fc_json_end_object(&writer);
	const char *text = fc_buffer_text(&out);
	FUZZ_CHECK(text &&
		   fc_json_parse(text, out.length, out.length, "persons", &json, NULL) == FC_OK);
	cJSON *list = cJSON_GetObjectItemCaseSensitive(json, "persons");
	FUZZ_CHECK((size_t)cJSON_GetArraySize(list) == persons->count);
}

static void check_objects(struct fc_smarty_envelope *envelope)
{
	static const char *const names[] = { "file", "file_0", "" };
	for (size_t i = 0; i < FC_ARRAY_LENGTH(names); i++) {
		FC_CLEANUP(fc_smarty_persons_release) struct fc_smarty_persons persons = { 0 };
		enum fc_smarty_object_status status = FC_SMARTY_PERMANENT;
		struct fc_error err = { 0 };
		cJSON *object = fc_smarty_take_object(envelope, names[i], &status);
		FUZZ_CHECK(!object || fc_smarty_object_error(object));
		FUZZ_CHECK(status >= FC_SMARTY_DONE && status <= FC_SMARTY_TEMPORARY);
		if (fc_smarty_read_persons(object, 1024, &persons, &err) == FC_OK) {
			for (size_t k = 0; k < persons.count; k++) {
				check_person(&persons.items[k]);
			}
			write_again(&persons);
		} else {
			FUZZ_CHECK(err.text[0] != '\0' && persons.count == 0);
		}
		cJSON_Delete(object);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	FC_CLEANUP(fc_smarty_envelope_release) struct fc_smarty_envelope envelope = { 0 };
	struct fc_error err = { 0 };
	if (size == 0) {
		return 0;
	}
	if (fc_smarty_read_envelope(data + 1, size - 1, &envelope, &err) != FC_OK) {
		FUZZ_CHECK(err.text[0] != '\0' && !envelope.json);
		return 0;
	}
	FUZZ_CHECK(envelope.status >= 1 && envelope.status <= 999);
	FUZZ_CHECK(!envelope.body || envelope.status == 200);
	check_objects(&envelope);
	return 0;
}
