/* Many photos through an Azure service that fails one time in five: each is reported once, and nothing is enrolled twice. */
/* SPDX-License-Identifier: MIT */
#include "azure_wire_test.h"

#include <stdio.h>

#include "base/memory.h"

/* How many photos a storm test sends; FACECTL_WIRE_PHOTOS for more. */
static size_t storm_photos(void)
{
	const char *wanted = getenv("FACECTL_WIRE_PHOTOS");
	return wanted ? (size_t)strtoul(wanted, NULL, 10) : 200;
}

/* count photos, each with a face of its own; two of them to a person, or nobody's. */
static void add_persons(struct album *album, size_t count, bool numbered)
{
	for (size_t i = 0; i < count; i++) {
		char name[32], faces[64];
		snprintf(name, sizeof(name), "photo%zu", i);
		snprintf(faces, sizeof(faces), "p%zu@%zu,0,%zu,9", i, i % 600, i % 600 + 5);
		azure_add(album, name, faces, numbered ? i / 2 + 1 : 0);
	}
}

/* How often each face was added, by its number. The caller's. */
static unsigned *count_added(size_t count)
{
	FC_CLEANUP(fc_json_release) cJSON *group = azure_group("facectl-5");
	unsigned *times = calloc(count, sizeof(*times));
	const cJSON *row;
	assert_non_null(times);
	cJSON *added = cJSON_GetObjectItemCaseSensitive(group, "added");
	cJSON_ArrayForEach (row, added) {
		const char *who = cJSON_GetStringValue(cJSON_GetArrayItem(row, 2));
		size_t i = strtoul(who + 1, NULL, 10);
		assert_true(i < count);
		times[i]++;
	}
	return times;
}

/* Persons that the fake has, none of them under a name twice. */
static size_t count_persons(void)
{
	FC_CLEANUP(fc_json_release) cJSON *group = azure_group("facectl-5");
	cJSON *persons = cJSON_GetObjectItemCaseSensitive(group, "persons");
	size_t names = (size_t)cJSON_GetArraySize(persons);
	assert_int_equal(names, cJSON_GetObjectItemCaseSensitive(group, "count")->valueint);
	return names;
}

/* Persons with a face: one whose face was refused, and who could not be taken back either, is left without. */
static size_t count_people(void)
{
	FC_CLEANUP(fc_json_release) cJSON *group = azure_group("facectl-5");
	const cJSON *person;
	size_t count = 0;
	cJSON *persons = cJSON_GetObjectItemCaseSensitive(group, "persons");
	cJSON_ArrayForEach (person, persons) {
		count += cJSON_GetArraySize(person) > 0;
	}
	return count;
}

static void through_a_storm_each_face_is_added_once_or_told_of(void **state)
{
	(void)state;
	FC_CLEANUP(album_release) struct album album = { 0 };
	size_t count = storm_photos();
	struct fc_azure_options options = azure_options();
	options.http.parallel = 8;
	FC_CLEANUP(fc_service_closep) struct fc_service *service = azure_open(&options);
	struct fc_tally tally;
	struct fc_error err = { 0 };
	add_persons(&album, count, true);
	wire_order("storm", "{\"rate\":0.2,\"seed\":1}");
	enum fc_status status = set_album(service, &album, &tally, &err);
	wire_order("storm", "{\"rate\":0,\"seed\":1}");
	print_message("%zu photos, %zu failed, %d requests: %s\n", count, (size_t)tally.failed,
		      wire_count("requests"), status == FC_OK ? "trained" : err.text);
	assert_int_equal(album.reported, count);
	assert_true(tally.failed < count / 20 + 3);
	FC_CLEANUP(fc_free) unsigned *times = count_added(count);
	for (size_t i = 0; i < count; i++) {
		assert_true(times[i] == 1 || (times[i] == 0 && album.statuses[i] != FC_OK));
	}
	assert_true(count_persons() <= (count + 1) / 2);
	/* what failed is made up for by the same command, and nothing else is touched */
	assert_int_equal(set_album(service, &album, &tally, NULL), FC_OK);
	assert_int_equal(tally.done, count);
	FC_CLEANUP(fc_free) unsigned *again = count_added(count);
	for (size_t i = 0; i < count; i++) {
		assert_int_equal(again[i], 1);
	}
	assert_int_equal(count_persons(), (count + 1) / 2);
}

static void through_a_storm_nobody_is_created_twice(void **state)
{
	(void)state;
	FC_CLEANUP(album_release) struct album album = { 0 };
	size_t count = storm_photos() / 2;
	struct fc_azure_options options = azure_options();
	FC_CLEANUP(fc_service_closep) struct fc_service *service = azure_open(&options);
	struct fc_tally tally = { 0 };
	struct fc_error err = { 0 };
	add_persons(&album, count, false);
	wire_order("storm", "{\"rate\":0.2,\"seed\":2}");
	enum fc_status status = recognize_album(service, &album, true, &tally, &err);
	wire_order("storm", "{\"rate\":0,\"seed\":1}");
	print_message("%zu photos, %zu failed, %d requests: %s\n", count, (size_t)tally.failed,
		      wire_count("requests"), status == FC_OK ? "trained" : err.text);
	FC_CLEANUP(fc_free) unsigned *times = count_added(count);
	size_t known = 0;
	for (size_t i = 0; i < album.reported; i++) {
		assert_true(times[i] == 1 || (times[i] == 0 && album.statuses[i] != FC_OK));
		known += times[i];
	}
	assert_int_equal(count_people(), known);
	assert_true(count_persons() <= known + tally.failed);
	/* the rest in fair weather: who is there already is known, the others are made */
	assert_int_equal(recognize_album(service, &album, true, &tally, NULL), FC_OK);
	assert_int_equal(tally.created, count - known);
	assert_int_equal(tally.known, known);
	assert_int_equal(count_people(), count);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(through_a_storm_each_face_is_added_once_or_told_of,
				       wire_reset),
		cmocka_unit_test_setup(through_a_storm_nobody_is_created_twice, wire_reset),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
