/* Answers of NeuroIO and SERP as their documents, clients and web interface print them, byte for byte. */
/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include <math.h>

#include "base/clock.h"
#include "base/json.h"
#include "service/remote/platform/answer.h"

static enum fc_status read_text(int http_status, const char *text,
				struct fc_platform_answer *answer, struct fc_error *err)
{
	FC_CLEANUP(fc_http_response_release)
	struct fc_http_response response = { .status = http_status };
	fc_buffer_append_text(&response.body, text);
	return fc_platform_read(&response, answer, err);
}

static cJSON *parse(const char *text)
{
	cJSON *json = NULL;
	assert_int_equal(fc_json_parse(text, strlen(text), strlen(text), "text", &json, NULL),
			 FC_OK);
	return json;
}

/* ---- failures ---- */

static void failures_are_told_in_the_services_words(void **state)
{
	(void)state;
	static const struct {
		int http_status;
		const char *body;
		enum fc_status status;
		const char *words;
		bool refused, blames_photo;
	} cases[] = {
		/* NeuroIO's documents: a wrong password, a wrong old password */
		{ 400,
		  "{\"error_codes\":[602],\"message\":\"Username and password do not match.\","
		  "\"fields\":[]}",
		  FC_REFUSED, "HTTP 400: Username and password do not match", true, false },
		{ 400,
		  "{\"error_codes\":[400],\"message\":\"Validation error.\",\"fields\":[{\"name\":"
		  "\"old_password\",\"message\":\"Incorrect password.\",\"error_code\":400}]}",
		  FC_REFUSED, "HTTP 400: old_password: Incorrect password", true, false },
		{ 400,
		  "{\"error_codes\":[400],\"message\":\"Validation error.\",\"fields\":[{\"name\":"
		  "\"__all__\",\"message\":\"One.\",\"error_code\":1},{\"name\":\"image\","
		  "\"message\":\"Two.\",\"error_code\":2}]}",
		  FC_BAD_IMAGE, "HTTP 400: One; image: Two", true, true },
		{ 404, "{\"error_codes\":[404],\"message\":\"Not found.\",\"fields\":[]}",
		  FC_NOT_FOUND, "HTTP 404: Not found", true, false },
		{ 401, "{\"error_codes\":[401],\"message\":\"Unauthorized.\",\"fields\":[]}",
		  FC_PERMISSION, "HTTP 401: Unauthorized", true, false },
		{ 500,
		  "{\"error_codes\":[500],\"message\":\"Internal Server Error.\",\"fields\":[]}",
		  FC_BUSY, "HTTP 500: Internal Server Error", false, false },
		/* SERP's documents: a wrong password, a name that is taken */
		{ 400,
		  "{\"detail\":[{\"loc\":[\"body\"],\"msg\":\"incorrect username or password\","
		  "\"code\":33}]}",
		  FC_REFUSED, "HTTP 400: incorrect username or password", true, false },
		{ 422,
		  "{\"detail\":[{\"loc\":[\"body\",\"username\"],\"msg\":\"user with such username "
		  "already exists\",\"code\":13}]}",
		  FC_REFUSED, "HTTP 422: username: user with such username already exists", true,
		  false },
		/* its framework's plain form */
		{ 403, "{\"detail\":\"Not authenticated\"}", FC_PERMISSION,
		  "HTTP 403: Not authenticated", true, false },
		/* no platform at all */
		{ 404, "<html>Not found</html>", FC_REFUSED,
		  "HTTP 404: Not found; is the url that of a NeuroIO or SERP service?", true,
		  false },
		{ 502, "<html>Bad gateway</html>", FC_BUSY, "HTTP 502: Bad gateway", false, false },
		{ 400, "[]", FC_REFUSED, "HTTP 400: []", true, false },
		{ 200, "<html>Sign in</html>", FC_REFUSED,
		  "HTTP 200 with a response without a content type instead of JSON: 'Sign in'; is the "
		  "url that of a NeuroIO or SERP service?",
		  false, false },
		{ 200, "12", FC_REFUSED, NULL, false, false },
	};
	for (size_t i = 0; i < FC_ARRAY_LENGTH(cases); i++) {
		FC_CLEANUP(fc_platform_answer_release) struct fc_platform_answer answer = { 0 };
		struct fc_error err = { 0 };
		assert_int_equal(read_text(cases[i].http_status, cases[i].body, &answer, &err),
				 cases[i].status);
		if (cases[i].words) {
			assert_string_equal(err.text, cases[i].words);
		}
		assert_int_equal(answer.refused, cases[i].refused);
		assert_int_equal(answer.blames_photo, cases[i].blames_photo);
	}
}

static void an_empty_answer_is_one(void **state)
{
	(void)state;
	FC_CLEANUP(fc_platform_answer_release) struct fc_platform_answer answer = { 0 };
	assert_int_equal(read_text(204, "", &answer, NULL), FC_OK);
	assert_null(answer.json);
}

/* ---- entries ---- */

/* The entry that SERP's documents print. */
static void serps_documented_page_is_read(void **state)
{
	(void)state;
	FC_CLEANUP(fc_json_release)
	cJSON *json = parse(
		"{\"next\":\"http://localhost:8080/v1/entries/?limit=20&offset=20\",\"prev\":null,"
		"\"data\":[{\"id\":2,\"space_id\":2,\"origin_id\":1,\"person_id\":"
		"\"c7111b45-c5cb-4c44-b097-5ede3584abe3\",\"conf\":3,\"photo\":\"\",\"created\":"
		"\"2022-09-06T08:52:01.581172+00:00\",\"alive_probability\":null,\"profile_photo\":"
		"\"http://localhost:8080/static/mtmp1/c44385d1-ad78-481c-84ed-2cf3309f3852.png\","
		"\"distance\":100.0,\"exposure\":251369.71875,\"blur\":0.001,\"tilt\":18.51,"
		"\"pan\":8.53,\"age\":40,\"sex\":0,\"mood\":\"sad\"}]}");
	FC_CLEANUP(fc_platform_row_release) struct fc_platform_row entry = { 0 };
	struct fc_platform_page page;
	char created[FC_TIME_TEXT_SIZE];
	assert_int_equal(fc_platform_read_page(json, &page, NULL), FC_OK);
	assert_true(page.has_next_member && page.has_next && !page.has_total);
	assert_int_equal(fc_platform_row_of(page.items->child, &entry, NULL), FC_OK);
	assert_int_equal(entry.entry.id, 2);
	assert_int_equal(entry.row.space_id, 2);
	assert_true(entry.row.has_origin_id && entry.row.origin_id == 1);
	assert_int_equal(entry.entry.result, FC_RESULT_EXACT);
	assert_true(entry.entry.has_match && entry.entry.match == 100);
	assert_null(entry.entry.path);
	assert_false(entry.row.has_alive_probability);
	assert_string_equal(
		entry.row.initial_face_image,
		"http://localhost:8080/static/mtmp1/c44385d1-ad78-481c-84ed-2cf3309f3852.png");
	assert_true(entry.entry.exposure == 251369.71875F);
	assert_true(fabsf(entry.entry.sharpness - 0.999F) < 1e-6F);
	assert_true(entry.entry.has_age && entry.entry.age == 40);
	assert_int_equal(entry.entry.sex, FC_SEX_MALE);
	assert_int_equal(entry.entry.mood, FC_MOOD_SADNESS);
	fc_time_format(entry.entry.created, created);
	assert_string_equal(created, "2022-09-06T08:52:01.581172Z");
}

/* The entry that the tests of NeuroIO's web interface hold: an older server's, with conf for result and no space. */
static void neuroios_recorded_entry_is_read(void **state)
{
	(void)state;
	FC_CLEANUP(fc_json_release)
	cJSON *json = parse(
		"{\"id\":1891406,\"created\":\"2019-08-19T11:56:01.244846Z\",\"source\":{\"id\":"
		"133747,\"name\":\"default\"},\"facesize\":14280,\"age\":53,\"sex\":0,\"mood\":"
		"\"happiness\",\"liveness\":\"passed\",\"pid\":"
		"\"44d61bb2-7625-42a5-b3a2-58d937ddd30c\",\"conf\":\"exact\",\"pid_created\":"
		"\"2019-05-21T12:28:26.243846Z\",\"initial_face_image\":"
		"\"https://source.unsplash.com/420x420/?face\",\"face_image\":"
		"\"https://source.unsplash.com/400x400/?face\",\"full_image\":"
		"\"https://source.unsplash.com/420x420/?face\",\"initial_full_image\":"
		"\"https://source.unsplash.com/420x420/?face\"}");
	FC_CLEANUP(fc_platform_row_release) struct fc_platform_row entry = { 0 };
	char made[FC_TIME_TEXT_SIZE];
	assert_int_equal(fc_platform_row_of(json, &entry, NULL), FC_OK);
	assert_int_equal(entry.entry.id, 1891406);
	assert_string_equal(entry.entry.origin, "default");
	assert_int_equal(entry.row.origin_id, 133747);
	assert_int_equal(entry.entry.face_pixels, 14280);
	assert_int_equal(entry.entry.result, FC_RESULT_EXACT);
	assert_int_equal(entry.entry.liveness, FC_LIVENESS_PASSED);
	assert_int_equal(entry.entry.mood, FC_MOOD_HAPPINESS);
	assert_false(entry.entry.has_match);
	assert_true(isnan(entry.entry.exposure));
	assert_string_equal(entry.row.face_image, "https://source.unsplash.com/400x400/?face");
	fc_time_format(entry.row.person_created, made);
	assert_string_equal(made, "2019-05-21T12:28:26.243846Z");
}

/* The person that they hold, as the statistics have it. */
static void neuroios_recorded_statistics_are_read(void **state)
{
	(void)state;
	FC_CLEANUP(fc_json_release)
	cJSON *json = parse("{\"age\":17,\"entriesIds\":[2145883],\"exact\":0,\"ha\":0,\"pid\":"
			    "\"732e7919-508d-4cc2-b5a5-3e1b863c7d33\",\"pid_created\":"
			    "\"2019-08-02T15:09:37.721778Z\",\"pid_source\":{\"id\":133971,"
			    "\"name\":\"upload\"},"
			    "\"initial_facesize\":4095,\"initial_liveness\":\"\",\"initial_photo\":"
			    "\"https://source.unsplash.com/400x400/"
			    "?face\",\"junk\":0,\"liveness\":{\"failed\":0,"
			    "\"passed\":0,\"undetermined\":0},\"reinit\":0,\"sex\":1,\"total\":1}");
	FC_CLEANUP(fc_entry_stats_release) struct fc_entry_stats stats = { 0 };
	assert_int_equal(fc_platform_stats_of(json, &stats, NULL), FC_OK);
	assert_int_equal(stats.total, 1);
	assert_int_equal(stats.results[FC_RESULT_NEW], 1);
	assert_int_equal(stats.initial.age, 17);
	assert_int_equal(stats.initial.sex, FC_SEX_FEMALE);
	assert_int_equal(stats.initial.face_pixels, 4095);
	assert_string_equal(stats.initial.origin, "upload");
	assert_int_equal(stats.initial.liveness, FC_LIVENESS_UNKNOWN);
}

static void an_origin_without_a_choice_of_results_saves_all(void **state)
{
	(void)state;
	FC_CLEANUP(fc_json_release)
	cJSON *json = parse("{\"id\":7,\"name\":\"door\",\"manual_create_on_ha\":true}");
	struct fc_origin_row row;
	assert_int_equal(fc_platform_origin_of(json, &fc_platform_neuroio, &row, NULL), FC_OK);
	assert_int_equal(row.origin.id, 7);
	assert_string_equal(row.origin.name, "door");
	assert_int_equal(row.origin.settings.flags, FC_ORIGIN_CREATE_ON_HA);
	assert_int_equal(row.origin.settings.save_entries, FC_ORIGIN_ALL_RESULTS);
	assert_true(row.uncounted);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(failures_are_told_in_the_services_words),
		cmocka_unit_test(an_empty_answer_is_one),
		cmocka_unit_test(serps_documented_page_is_read),
		cmocka_unit_test(neuroios_recorded_entry_is_read),
		cmocka_unit_test(neuroios_recorded_statistics_are_read),
		cmocka_unit_test(an_origin_without_a_choice_of_results_saves_all),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
