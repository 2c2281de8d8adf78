/* The examples of NeuroIO's and SERP's documents, clients and web interface, read into values and written again. */
/* SPDX-License-Identifier: MIT */
#include <math.h>

#include "base/clock.h"
#include "protocol/platform.h"
#include "same_json.h"

#define PID "c7111b45-c5cb-4c44-b097-5ede3584abe3"

static const struct fc_platform_dialect *const dialects[] = { &fc_platform_neuroio,
							      &fc_platform_serp };

/* ---- persons ---- */

static const char neuroio_person[] =
	"{\"result\":\"ha\",\"pid\":\"" PID "\",\"confidence\":77.5,\"age\":40,\"sex\":0,"
	"\"mood\":\"sadness\",\"liveness\":null}";
static const char serp_person[] =
	"{\"conf\":5,\"person_id\":\"" PID "\",\"distance\":77.5,\"age\":40,\"sex\":0,"
	"\"mood\":\"sad\",\"alive_probability\":null}";

static void persons_are_read_and_written_in_either_dialect(void **state)
{
	(void)state;
	static const char *const texts[] = { neuroio_person, serp_person };
	for (size_t i = 0; i < FC_ARRAY_LENGTH(texts); i++) {
		FC_CLEANUP(fc_json_release) cJSON *json = parsed(texts[i]);
		struct fc_platform_person person;
		assert_int_equal(fc_platform_read_person(json, &person, NULL), FC_OK);
		assert_int_equal(person.result, FC_RESULT_HA);
		assert_int_equal(person.attributes.sex, FC_SEX_MALE);
		assert_int_equal(person.attributes.mood, FC_MOOD_SADNESS);
		for (size_t k = 0; k < FC_ARRAY_LENGTH(dialects); k++) {
			struct fc_buffer out = { 0 };
			struct fc_json_writer writer = fc_json_writer_of(&out, true);
			fc_platform_write_person(&writer, dialects[k], &person);
			assert_same_json(&out, texts[k]);
		}
	}
}

static void matches_are_listed_after_the_person(void **state)
{
	(void)state;
	struct fc_platform_match match = { .result = FC_RESULT_JUNK,
					   .confidence = 66.666,
					   .similarity = 0.4321 };
	assert_true(fc_uuid_parse(PID, &match.pid));
	const struct fc_platform_person person = { .result = FC_RESULT_NM,
						   .matches = &match,
						   .match_count = 1 };
	struct fc_buffer out = { 0 };
	struct fc_json_writer writer = fc_json_writer_of(&out, true);
	fc_platform_write_person(&writer, &fc_platform_neuroio, &person);
	assert_same_json(&out,
			 "{\"result\":\"nm\",\"pid\":null,\"confidence\":null,\"age\":null,\"sex\":"
			 "null,\"mood\":null,\"liveness\":null,\"matches\":[{\"pid\":\"" PID
			 "\",\"result\":\"junk\",\"confidence\":66.67,\"similarity\":0.4321}]}");
}

static void ids_that_are_no_uuids_are_read_compared_and_written(void **state)
{
	(void)state;
	static const char *const refused[] = {
		"",
		"search",
		"..",
		"a/7",
		"7,8",
		"7 ",
		"\xc3\xa9"
		"7",
		"0123456789012345678901234567890123456789012345678901"
		"2345678901234"
	};
	struct fc_person_id first, again, second, uuid;
	char text[FC_UUID_TEXT_SIZE];
	assert_true(fc_person_id_parse("abcdef01-abcd-abcd01-abcdef01", &first));
	assert_true(fc_person_id_parse("abcdef01-abcd-abcd01-abcdef01", &again));
	assert_true(fc_person_id_parse("7", &second));
	assert_true(fc_person_id_parse(PID, &uuid));
	assert_true(fc_uuid_equal(&first.pid, &again.pid));
	assert_false(fc_uuid_equal(&first.pid, &second.pid));
	assert_string_equal(fc_person_id_text(&second.pid, second.other, text), "7");
	assert_string_equal(fc_person_id_text(&uuid.pid, uuid.other, text), PID);
	for (size_t i = 0; i < FC_ARRAY_LENGTH(refused); i++) {
		assert_false(fc_person_id_parse(refused[i], &first));
	}

	static const char *const persons[] = { "{\"result\":\"ha\",\"pid\":\"7\"}",
					       "{\"result\":\"ha\",\"pid\":7}",
					       "{\"conf\":5,\"id\":7}" };
	for (size_t i = 0; i < FC_ARRAY_LENGTH(persons); i++) {
		FC_CLEANUP(fc_json_release) cJSON *json = parsed(persons[i]);
		struct fc_platform_person person;
		assert_int_equal(fc_platform_read_person(json, &person, NULL), FC_OK);
		assert_string_equal(person.person.other, "7");
		assert_true(fc_uuid_equal(&person.person.pid, &second.pid));
	}
	/* the id of something else than a profile, which a person without one may have */
	FC_CLEANUP(fc_json_release) cJSON *json = parsed("{\"result\":\"nm\",\"id\":7}");
	struct fc_platform_person person;
	assert_int_equal(fc_platform_read_person(json, &person, NULL), FC_OK);
	assert_false(person.has_pid);
}

static void invalid_persons_are_refused(void **state)
{
	(void)state;
	static const char *const texts[] = {
		"[]",
		"{}",
		"{\"result\":\"5\",\"pid\":\"" PID "\"}",
		"{\"result\":\"ha\"}",
		"{\"result\":9,\"pid\":\"" PID "\"}",
		"{\"conf\":5.5,\"pid\":\"" PID "\"}",
		"{\"result\":2,\"pid\":\"pid\"}",
		"{\"result\":\"nm\",\"pid\":\"" PID "\"}",
		"{\"result\":\"nm\",\"confidence\":101}",
		"{\"result\":\"nm\",\"confidence\":\"77\"}",
		"{\"result\":\"nm\",\"age\":-1}",
		"{\"result\":\"nm\",\"sex\":2}",
		"{\"result\":\"nm\",\"mood\":\"bored\"}",
	};
	for (size_t i = 0; i < FC_ARRAY_LENGTH(texts); i++) {
		FC_CLEANUP(fc_json_release) cJSON *json = parsed(texts[i]);
		struct fc_platform_person person;
		struct fc_error err = { 0 };
		if (fc_platform_read_person(json, &person, &err) != FC_REFUSED) {
			fail_msg("'%s' was accepted", texts[i]);
		}
		assert_true(err.text[0] != '\0');
	}
}

/* ---- profiles ---- */

static void profiles_are_written_with_null_for_what_is_unknown(void **state)
{
	(void)state;
	struct fc_platform_profile profile = { .name = "Anna", .created = 1662454321000000 };
	struct fc_buffer out = { 0 };
	assert_true(fc_uuid_parse(PID, &profile.person.pid));
	struct fc_json_writer writer = fc_json_writer_of(&out, true);
	fc_platform_begin_profile(&writer, &fc_platform_serp, &profile);
	fc_json_end_object(&writer);
	assert_same_json(&out, "{\"id\":\"" PID "\",\"name\":\"Anna\",\"user_data\":null,"
			       "\"number\":null,\"space\":null,\"faces\":null,\"created\":"
			       "\"2022-09-06T08:52:01.000000+00:00\",\"updated\":null}");
}

/* ---- entries ---- */

/* The page that SERP's documents print, with the exposure (251369.71875) as facectl rounds it. */
static const char serp_page[] =
	"{\"next\":\"http://localhost:8080/v1/entries/?limit=20&offset=20\",\"prev\":null,"
	"\"data\":[{\"id\":2,\"space_id\":2,\"origin_id\":1,\"person_id\":\"" PID "\","
	"\"conf\":3,\"photo\":\"\",\"created\":\"2022-09-06T08:52:01.581172+00:00\","
	"\"alive_probability\":null,\"profile_photo\":"
	"\"http://localhost:8080/static/mtmp1/c44385d1-ad78-481c-84ed-2cf3309f3852.png\","
	"\"distance\":100.0,\"exposure\":251369.7188,\"blur\":0.001,\"tilt\":18.51,"
	"\"pan\":8.53,\"age\":40,\"sex\":0,\"mood\":\"sad\"}]}";

static void serps_documented_page_is_read_and_written(void **state)
{
	(void)state;
	FC_CLEANUP(fc_json_release) cJSON *json = parsed(serp_page);
	const struct fc_platform_page_request shown = { .path = "http://localhost:8080/v1/entries/",
							.limit = 20,
							.total = 40 };
	struct fc_platform_entry entry;
	struct fc_platform_page page;
	struct fc_buffer out = { 0 };
	struct fc_json_writer writer = fc_json_writer_of(&out, true);
	char created[FC_TIME_TEXT_SIZE];
	assert_int_equal(fc_platform_read_page(json, &page, NULL), FC_OK);
	assert_true(page.has_next_member && page.has_next && !page.has_total);
	assert_int_equal(fc_platform_read_entry(page.items->child, &entry, NULL), FC_OK);
	assert_int_equal(entry.result, FC_RESULT_EXACT);
	assert_null(entry.full_image);
	assert_true(isnan(entry.alive_probability));
	assert_true(entry.origin.has_id && entry.origin.id == 1 && !entry.origin.name);
	fc_time_format(entry.created, created);
	assert_string_equal(created, "2022-09-06T08:52:01.581172Z");
	fc_platform_begin_page(&writer, &fc_platform_serp, &shown);
	fc_platform_write_entry(&writer, &fc_platform_serp, &entry);
	fc_platform_end_page(&writer);
	assert_same_json(&out, serp_page);
}

/* As NeuroIO's web interface declares it. */
static const char neuroio_entry[] =
	"{\"id\":1891406,\"created\":\"2019-08-19T11:56:01.244846Z\",\"face_image\":"
	"\"https://source.unsplash.com/400x400/?face\",\"full_image\":"
	"\"https://source.unsplash.com/420x420/?face\",\"source\":{\"id\":133747,\"name\":"
	"\"default\"},\"space\":{\"id\":7,\"name\":\"door\"},\"facesize\":14280,\"age\":53,"
	"\"sex\":0,\"mood\":\"happiness\",\"liveness\":\"passed\",\"pid\":"
	"\"44d61bb2-7625-42a5-b3a2-58d937ddd30c\",\"result\":\"exact\",\"confidence\":98.25,"
	"\"pid_created\":\"2019-05-21T12:28:26.243846Z\",\"initial_face_image\":"
	"\"https://source.unsplash.com/420x420/?face\",\"initial_full_image\":"
	"\"https://source.unsplash.com/420x420/?face\",\"exposure\":0.5,\"pan\":-3.25,"
	"\"tilt\":1.5}";

static void neuroios_entry_is_read_and_written(void **state)
{
	(void)state;
	FC_CLEANUP(fc_json_release) cJSON *json = parsed(neuroio_entry);
	struct fc_platform_entry entry;
	struct fc_buffer out = { 0 };
	struct fc_json_writer writer = fc_json_writer_of(&out, true);
	assert_int_equal(fc_platform_read_entry(json, &entry, NULL), FC_OK);
	assert_int_equal(entry.attributes.liveness, FC_LIVENESS_PASSED);
	assert_string_equal(entry.origin.name, "default");
	fc_platform_write_entry(&writer, &fc_platform_neuroio, &entry);
	assert_same_json(&out, neuroio_entry);
}

/* The entry in the tests of NeuroIO's web interface is an older server's: conf for result, and no space. */
static void an_older_servers_entry_is_read(void **state)
{
	(void)state;
	FC_CLEANUP(fc_json_release)
	cJSON *json = parsed("{\"id\":1891406,\"created\":\"2019-08-19T11:56:01.244846Z\","
			     "\"source\":{\"id\":133747,\"name\":\"default\"},\"facesize\":14280,"
			     "\"pid\":\"44d61bb2-7625-42a5-b3a2-58d937ddd30c\",\"conf\":"
			     "\"exact\"}");
	struct fc_platform_entry entry;
	assert_int_equal(fc_platform_read_entry(json, &entry, NULL), FC_OK);
	assert_int_equal(entry.result, FC_RESULT_EXACT);
	assert_int_equal(entry.face_pixels, 14280);
	assert_false(entry.has_confidence);
	assert_true(isnan(entry.exposure));
}

static void invalid_entries_are_refused(void **state)
{
	(void)state;
	static const struct {
		const char *text, *words;
	} cases[] = {
		{ "[]", "no object" },
		{ "{\"id\":-1,\"result\":\"nm\"}", "number" },
		{ "{\"id\":7,\"result\":\"nm\",\"created\":\"2 days ago\"}", "entry 7" },
		{ "{\"id\":7,\"result\":\"nm\",\"created\":12}", "time" },
		{ "{\"id\":7,\"result\":\"nmm\"}", "result" },
		{ "{\"id\":7,\"result\":\"nm\",\"pid\":7.5}", "profile" },
		{ "{\"id\":7,\"result\":\"nm\",\"facesize\":1e12}", "measure" },
		{ "{\"id\":7,\"result\":\"nm\",\"pan\":\"left\"}", "measure" },
		{ "{\"id\":7,\"result\":\"nm\",\"source\":{\"id\":\"x\"}}", "source" },
		{ "{\"id\":7,\"result\":\"nm\",\"alive_probability\":2}", "source" },
	};
	for (size_t i = 0; i < FC_ARRAY_LENGTH(cases); i++) {
		FC_CLEANUP(fc_json_release) cJSON *json = parsed(cases[i].text);
		struct fc_platform_entry entry;
		struct fc_error err = { 0 };
		assert_int_equal(fc_platform_read_entry(json, &entry, &err), FC_REFUSED);
		if (!strstr(err.text, cases[i].words)) {
			fail_msg("'%s' lacks '%s'", err.text, cases[i].words);
		}
	}
}

static void pages_come_in_four_forms(void **state)
{
	(void)state;
	static const char *const texts[] = { "[{\"id\":1}]", "{\"results\":[{\"id\":1}]}",
					     "{\"result\":[{\"id\":1}]}",
					     "{\"data\":[{\"id\":1}]}" };
	struct fc_platform_page page;
	for (size_t i = 0; i < FC_ARRAY_LENGTH(texts); i++) {
		FC_CLEANUP(fc_json_release) cJSON *json = parsed(texts[i]);
		assert_int_equal(fc_platform_read_page(json, &page, NULL), FC_OK);
		assert_int_equal(cJSON_GetArraySize(page.items), 1);
		assert_false(page.has_next_member);
	}
	FC_CLEANUP(fc_json_release) cJSON *none = parsed("{\"count\":0}");
	assert_int_equal(fc_platform_read_page(none, &page, NULL), FC_REFUSED);
}

static void neuroios_page_counts(void **state)
{
	(void)state;
	const struct fc_platform_page_request shown = {
		.path = "/v1/persons/", .limit = 10, .offset = 15, .total = 30
	};
	struct fc_buffer out = { 0 };
	struct fc_json_writer writer = fc_json_writer_of(&out, true);
	fc_platform_begin_page(&writer, &fc_platform_neuroio, &shown);
	fc_platform_end_page(&writer);
	assert_same_json(&out, "{\"count\":30,\"next\":\"/v1/persons/?limit=10&offset=25\","
			       "\"previous\":\"/v1/persons/?limit=10&offset=5\",\"results\":[]}");
}

/* ---- statistics ---- */

static const char person_stats[] =
	"{\"pid\":\"732e7919-508d-4cc2-b5a5-3e1b863c7d33\",\"pid_created\":"
	"\"2019-08-02T15:09:37.721778Z\",\"pid_source\":{\"id\":133971,\"name\":\"upload\"},"
	"\"age\":17,\"sex\":1,\"initial_face_image\":\"https://source.unsplash.com/400x400/"
	"?face\",\"initial_full_image\":\"https://source.unsplash.com/420x420/?face\","
	"\"initial_facesize\":4095,\"initial_liveness\":\"\",\"total\":4,\"exact\":2,\"ha\":0,"
	"\"junk\":0,\"reinit\":1,\"liveness\":{\"passed\":3,\"failed\":0,\"undetermined\":1}}";

static void the_statistics_of_a_person_are_read_and_written(void **state)
{
	(void)state;
	FC_CLEANUP(fc_json_release) cJSON *json = parsed(person_stats);
	struct fc_platform_stats stats;
	struct fc_buffer out = { 0 };
	struct fc_json_writer writer = fc_json_writer_of(&out, true);
	assert_int_equal(fc_platform_read_person_stats(json, &stats, NULL), FC_OK);
	assert_int_equal(stats.results[FC_RESULT_NEW], 1); /* what the others leave of the total */
	fc_platform_write_person_stats(&writer, &stats);
	assert_same_json(&out, person_stats);
}

static void the_statistics_of_an_origin_are_written(void **state)
{
	(void)state;
	struct fc_platform_stats stats = { .total = 3,
					   .origin = { .has_id = true, .id = 7, .name = "door" } };
	struct fc_buffer out = { 0 };
	struct fc_json_writer writer = fc_json_writer_of(&out, true);
	stats.results[FC_RESULT_HA] = 3;
	stats.livenesses[FC_LIVENESS_FAILED] = 1;
	fc_platform_write_origin_stats(&writer, &stats);
	assert_same_json(&out, "{\"id\":7,\"name\":\"door\",\"total\":3,\"conf\":{\"reinit\":0,"
			       "\"exact\":0,\"ha\":3,\"junk\":0,\"nm\":0,\"det\":0,\"new\":0,"
			       "\"nf\":0},\"liveness\":{\"passed\":0,\"failed\":1,"
			       "\"undetermined\":0}}");
}

/* ---- errors ---- */

static void errors_are_read_and_written(void **state)
{
	(void)state;
	static const struct {
		size_t dialect;
		const char *json;
	} cases[] = {
		{ 0, "{\"error_codes\":[400],\"message\":\"No face found.\",\"fields\":[]}" },
		{ 1, "{\"detail\":[{\"loc\":[\"body\"],\"msg\":\"No face found\",\"code\":400}]}" },
	};
	for (size_t i = 0; i < FC_ARRAY_LENGTH(cases); i++) {
		FC_CLEANUP(fc_json_release) cJSON *json = parsed(cases[i].json);
		struct fc_platform_error error;
		struct fc_buffer out = { 0 };
		struct fc_json_writer writer = fc_json_writer_of(&out, true);
		fc_platform_read_error(json, &error);
		assert_string_equal(error.message, "No face found");
		fc_platform_write_error(&writer, dialects[cases[i].dialect], FC_NO_FACE,
					error.message);
		assert_same_json(&out, cases[i].json);
	}
}

static void an_error_of_the_photo_is_recognised(void **state)
{
	(void)state;
	static const struct {
		const char *json, *message;
		bool blames_photo;
	} cases[] = {
		{ "{\"error_codes\":[400],\"message\":\"Validation error.\",\"fields\":[{\"name\":"
		  "\"__all__\",\"message\":\"One.\",\"error_code\":1},{\"name\":\"image\","
		  "\"message\":\"Two.\",\"error_code\":2}]}",
		  "One; image: Two", true },
		{ "{\"detail\":[{\"loc\":[\"body\",\"username\"],\"msg\":\"user with such username "
		  "already exists\",\"code\":13}]}",
		  "username: user with such username already exists", false },
		{ "{\"detail\":\"Not authenticated\"}", "Not authenticated", false },
		{ "[]", "", false },
	};
	for (size_t i = 0; i < FC_ARRAY_LENGTH(cases); i++) {
		FC_CLEANUP(fc_json_release) cJSON *json = parsed(cases[i].json);
		struct fc_platform_error error;
		fc_platform_read_error(json, &error);
		assert_string_equal(error.message, cases[i].message);
		assert_int_equal(error.blames_photo, cases[i].blames_photo);
	}
}

/* ---- origins and words ---- */

static void origins_are_read_by_the_dialects_names(void **state)
{
	(void)state;
	FC_CLEANUP(fc_json_release)
	cJSON *json = parsed("{\"id\":7,\"name\":\"door\",\"created\":null,\"min_facesize\":7000,"
			     "\"upload_create_min_facesize\":25000,\"upload_create_ha\":true,"
			     "\"save_entries_for_confs\":[2,3],\"entry_storage_days\":null,"
			     "\"identify_facesize_threshold\":1,\"manual_create_on_junk\":true}");
	FC_CLEANUP(fc_json_release)
	cJSON *invalid = parsed("{\"id\":7,\"name\":\"door\",\"upload_create_ha\":1}");
	struct fc_platform_origin origin;
	assert_int_equal(fc_platform_read_origin(json, &fc_platform_serp, &origin, NULL), FC_OK);
	assert_true(origin.id == 7 && origin.min_facesize == 7000 &&
		    origin.create_min_facesize == 25000);
	assert_true(origin.on_ha && !origin.on_junk);
	assert_true(origin.has_save_entries && origin.save_entries == (1u << 2 | 1u << 3));
	assert_int_equal(fc_platform_read_origin(json, &fc_platform_neuroio, &origin, NULL), FC_OK);
	assert_true(origin.min_facesize == 1 && !origin.on_ha && origin.on_junk);
	assert_false(origin.has_save_entries);
	assert_int_equal(fc_platform_read_origin(invalid, &fc_platform_serp, &origin, NULL),
			 FC_REFUSED);
}

static void words_of_both_platforms_are_known(void **state)
{
	(void)state;
	enum fc_result result;
	enum fc_mood mood;
	enum fc_sex sex;
	for (unsigned i = FC_MOOD_NEUTRAL; i < FC_MOOD_END; i++) {
		for (size_t k = 0; k < FC_ARRAY_LENGTH(dialects); k++) {
			const char *word = fc_platform_mood_word(dialects[k], (enum fc_mood)i);
			assert_int_equal(word == NULL,
					 i == FC_MOOD_CONTEMPT && dialects[k] == &fc_platform_serp);
			assert_true(!word || (fc_platform_parse_mood(word, &mood) && mood == i));
		}
	}
	for (unsigned i = FC_RESULT_NM; i < FC_RESULT_END; i++) {
		for (size_t k = 0; k < FC_ARRAY_LENGTH(dialects); k++) {
			const char *word = fc_platform_result_word(dialects[k], (enum fc_result)i);
			assert_true(fc_platform_parse_result(word, &result) && result == i);
		}
	}
	assert_string_equal(fc_platform_result_word(&fc_platform_serp, FC_RESULT_HA), "5");
	assert_string_equal(fc_platform_mood_word(&fc_platform_serp, FC_MOOD_ANGER), "angry");
	assert_true(fc_platform_parse_sex("0", &sex) && sex == FC_SEX_MALE);
	assert_true(fc_platform_parse_sex("female", &sex) && sex == FC_SEX_FEMALE);
	assert_false(fc_platform_parse_result("9", &result));
	assert_false(fc_platform_parse_mood("", &mood));
	assert_false(fc_platform_parse_sex("2", &sex));
}

static void times_have_microseconds_only_where_there_are_some(void **state)
{
	(void)state;
	char text[FC_PLATFORM_TIME_SIZE];
	fc_platform_format_time(1662454321000000, text);
	assert_string_equal(text, "2022-09-06T08:52:01+00:00");
	fc_platform_format_time(1662454321581172, text);
	assert_string_equal(text, "2022-09-06T08:52:01.581172+00:00");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(persons_are_read_and_written_in_either_dialect),
		cmocka_unit_test(matches_are_listed_after_the_person),
		cmocka_unit_test(ids_that_are_no_uuids_are_read_compared_and_written),
		cmocka_unit_test(invalid_persons_are_refused),
		cmocka_unit_test(profiles_are_written_with_null_for_what_is_unknown),
		cmocka_unit_test(serps_documented_page_is_read_and_written),
		cmocka_unit_test(neuroios_entry_is_read_and_written),
		cmocka_unit_test(an_older_servers_entry_is_read),
		cmocka_unit_test(invalid_entries_are_refused),
		cmocka_unit_test(pages_come_in_four_forms),
		cmocka_unit_test(neuroios_page_counts),
		cmocka_unit_test(the_statistics_of_a_person_are_read_and_written),
		cmocka_unit_test(the_statistics_of_an_origin_are_written),
		cmocka_unit_test(errors_are_read_and_written),
		cmocka_unit_test(an_error_of_the_photo_is_recognised),
		cmocka_unit_test(origins_are_read_by_the_dialects_names),
		cmocka_unit_test(words_of_both_platforms_are_known),
		cmocka_unit_test(times_have_microseconds_only_where_there_are_some),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
