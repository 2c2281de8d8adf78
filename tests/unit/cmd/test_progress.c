/* How long a batch will still take, and what is printed about it. */
/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include <cjson/cJSON.h>
#include <math.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/clock.h"
#include "photos/progress.h"

static struct progress begun_at(int64_t now)
{
	return (struct progress){ .started = now, .earlier = { now, 0 }, .later = { now, 0 } };
}

static void an_even_run_takes_as_long_as_it_took(void **state)
{
	(void)state;
	struct progress progress = begun_at(5000);
	for (int second = 1; second < 100; second++) {
		double left =
			progress_seconds_left(&progress, second / 100.0, 5000 + second * 1000);
		double expected = 100 - second;
		assert_float_equal(left, expected, 1e-6);
	}
}

/* Nine tenths are remembered from the run before. */
static void what_was_passed_over_at_first_is_soon_forgotten(void **state)
{
	(void)state;
	struct progress progress = begun_at(0);
	double left = progress_seconds_left(&progress, 0.9, 1000);
	assert_true(left < 1);
	for (int second = 2; second <= 22; second++) {
		left = progress_seconds_left(&progress, 0.9 + second / 10000.0, second * 1000);
	}
	assert_float_equal(left, 978, 1);
}

static void nobody_can_tell_without_a_share_or_a_step(void **state)
{
	(void)state;
	struct progress progress = begun_at(0);
	assert_true(isnan(progress_seconds_left(&progress, NAN, 1000)));
	assert_true(isnan(progress_seconds_left(&progress, 0, 1000)));
	assert_true(isnan(progress_seconds_left(&progress, 0.5, 0)));
	assert_true(isnan(progress_seconds_left(&progress, 1.5, 1000)));
	assert_float_equal(progress_seconds_left(&progress, 1, 1000), 0, 0);
}

/* ---- output ---- */

enum { HOUR = 3600 * 1000 /* milliseconds */ };

/* A run that started some milliseconds ago and prints to a file in memory. */
static struct progress started_before(int64_t milliseconds)
{
	struct progress progress = begun_at(fc_clock_monotonic_ms() - milliseconds);
	progress.fd = memfd_create("progress", MFD_CLOEXEC);
	assert_true(progress.fd >= 0);
	return progress;
}

/* Return everything that was printed, and close the file. */
static const char *printed(struct progress *progress)
{
	static char text[1024];
	ssize_t length = pread(progress->fd, text, sizeof(text) - 1, 0);
	assert_true(length >= 0);
	text[length] = '\0';
	fc_fd_close(&progress->fd);
	return text;
}

static void the_line_has_the_total_the_counts_and_the_remaining_time(void **state)
{
	(void)state;
	struct progress progress = started_before(2 * HOUR);
	const struct progress_state half = {
		.photos = 100,
		.faces = 90,
		.accepted = 80,
		.rejected = 15,
		.failed = 5,
		.has_total = true,
		.total = 200,
		.share = NAN,
	};
	progress_show(&progress, &half);
	assert_true(progress.shown);
	progress_hide(&progress);
	assert_false(progress.shown);
	const char *line = printed(&progress);
	unsigned hours = 0, minutes = 0;
	const char *left = strstr(line, " failed, ");
	assert_non_null(left);
	assert_int_equal(sscanf(left, " failed, %u:%u:", &hours, &minutes), 2);
	assert_int_equal(hours * 60 + minutes, 120);
	assert_non_null(strstr(
		line, "\r100/200 photos, 0.0 faces/s, 80 accepted, 15 rejected, 5 failed, "));
	assert_non_null(strstr(line, " left\033[K\r\033[K")); /* erased by progress_hide */
}

static void a_message_has_the_share_of_the_list_when_the_total_is_unknown(void **state)
{
	(void)state;
	struct progress progress = started_before(HOUR / 2);
	const struct out out = { .message_fd = progress.fd };
	const struct progress_state half = { .photos = 7, .share = 0.5 };
	unsigned minutes = 0, seconds = 60;
	progress_answer(&progress, &half, &out);
	const char *line = printed(&progress);
	assert_non_null(strstr(line, "facectl: 7 photos (50 % of the list), 0.0 faces/s, "));
	const char *left = strstr(line, " failed, ");
	assert_non_null(left);
	assert_int_equal(sscanf(left, " failed, %u:%u left\n", &minutes, &seconds), 2);
	assert_int_equal(minutes, 30);
	assert_in_range(seconds, 0, 59);
}

static void no_remaining_time_is_shown_when_it_is_unknown(void **state)
{
	(void)state;
	struct progress progress = started_before(HOUR);
	const struct progress_state nothing = { .share = NAN };
	progress_show(&progress, &nothing);
	const char *line = printed(&progress);
	assert_non_null(strstr(line, "\r0 photos, 0.0 faces/s, "));
	assert_null(strstr(line, "left"));
	assert_null(strstr(line, "of the list"));
}

static double number_of(const cJSON *object, const char *key)
{
	const cJSON *member = cJSON_GetObjectItemCaseSensitive(object, key);
	if (!cJSON_IsNumber(member)) {
		fail_msg("'%s' is not a number", key);
	}
	return cJSON_GetNumberValue(member);
}

static void programs_get_one_object_a_line(void **state)
{
	(void)state;
	struct progress progress = started_before(HOUR);
	struct out out = { 0 };
	const struct progress_state quarter = {
		.photos = 50,
		.faces = 40,
		.accepted = 30,
		.rejected = 15,
		.failed = 5,
		.has_total = true,
		.total = 200,
		.share = NAN,
	};
	const struct progress_state unknown = { .photos = 50, .share = NAN };
	progress.objects = true;
	assert_true(progress_due(&progress));
	progress_show(&progress, &quarter);
	assert_false(progress.shown); /* nothing to erase */
	progress_answer(&progress, &unknown, &out);
	const char *end = NULL;
	cJSON *first = cJSON_ParseWithOpts(printed(&progress), &end, false);
	assert_non_null(first);
	assert_int_equal(*end, '\n');
	cJSON *second = cJSON_Parse(end + 1);
	assert_non_null(second);
	assert_string_equal(cJSON_GetStringValue(cJSON_GetObjectItem(first, "type")), "progress");
	assert_true(number_of(first, "photos") == 50 && number_of(first, "total") == 200);
	assert_true(number_of(first, "faces") == 40 && number_of(first, "accepted") == 30);
	assert_true(number_of(first, "rejected") == 15 && number_of(first, "failed") == 5);
	assert_in_range((int)number_of(first, "seconds"), 3600, 3660);
	assert_in_range((int)number_of(first, "seconds_left"), 3 * 3600, 3 * 3660);
	assert_true(number_of(first, "photos_per_second") > 0.013);
	assert_true(number_of(first, "photos_per_second") < 0.015);
	assert_false(cJSON_HasObjectItem(second, "total"));
	assert_false(cJSON_HasObjectItem(second, "seconds_left"));
	cJSON_Delete(first);
	cJSON_Delete(second);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_even_run_takes_as_long_as_it_took),
		cmocka_unit_test(what_was_passed_over_at_first_is_soon_forgotten),
		cmocka_unit_test(nobody_can_tell_without_a_share_or_a_step),
		cmocka_unit_test(the_line_has_the_total_the_counts_and_the_remaining_time),
		cmocka_unit_test(a_message_has_the_share_of_the_list_when_the_total_is_unknown),
		cmocka_unit_test(no_remaining_time_is_shown_when_it_is_unknown),
		cmocka_unit_test(programs_get_one_object_a_line),
	};
	return cmocka_run_group_tests_name("cmd/progress", tests, NULL, NULL);
}
