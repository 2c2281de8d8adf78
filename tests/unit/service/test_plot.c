/* The picture of a detection error trade-off. */
/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include <string.h>

#include "service/measure/plot.h"

static const struct fc_tradeoff points[] = { { 0.01, 0.03, 0.4 }, { 0.001, 0.2, 0.5 } };

static const char *draw(const struct fc_plot_curve *curves, size_t count, struct fc_buffer *out)
{
	fc_buffer_clear(out);
	fc_plot_tradeoff(curves, count, out);
	return fc_buffer_text(out);
}

static void the_axes_have_the_decades_of_the_curve(void **state)
{
	(void)state;
	FC_CLEANUP(fc_buffer_release) struct fc_buffer out = { 0 };
	const struct fc_plot_curve curve = { .name = "a", .points = points, .count = 2 };
	const char *svg = draw(&curve, 1, &out);
	assert_non_null(strstr(svg, ">0.001</text>"));
	assert_non_null(strstr(svg, ">0.01</text>"));
	assert_non_null(strstr(svg, ">1</text>")); /* FNMR 0.2 */
	assert_null(strstr(svg, ">0.0001</text>"));
	assert_non_null(strstr(svg, "points=\"696.0,")); /* the right end is the largest FMR */
	assert_non_null(strstr(svg, " 74.0,"));          /* and the left end the smallest */
}

static void a_curve_without_errors_has_axes_too(void **state)
{
	(void)state;
	FC_CLEANUP(fc_buffer_release) struct fc_buffer out = { 0 };
	const struct fc_tradeoff none[] = { { 0.1, 0, 0.4 } };
	const struct fc_plot_curve curve = { .name = "a", .points = none, .count = 1 };
	const char *svg = draw(&curve, 1, &out);
	assert_null(strstr(svg, "nan"));
	assert_null(strstr(svg, "inf"));
	assert_non_null(strstr(svg, ",456.0\"")); /* the lower edge */
}

static void intervals_are_a_band_and_the_threshold_in_use_is_marked(void **state)
{
	(void)state;
	FC_CLEANUP(fc_buffer_release) struct fc_buffer out = { 0 };
	const struct fc_operating_point intervals[] = {
		{ .fmr = 0.01, .measurable = true, .fnmr = { 0.03, 0.02, 0.05 } },
		{ .fmr = 0.001, .measurable = true, .fnmr = { 0.2, 0.1, 0.3 } },
		{ .fmr = 0.0001 },
	};
	struct fc_plot_curve curve = { .name = "<a & b>",
				       .points = points,
				       .count = 2,
				       .intervals = intervals,
				       .interval_count = 3,
				       .genuine_count = 120,
				       .impostor_count = 4500,
				       .has_mark = true,
				       .mark = { 0.002, 0.15, 0.4321 } };
	const char *svg = draw(&curve, 1, &out);
	assert_non_null(strstr(svg, "&lt;a &amp; b&gt;"));
	assert_non_null(strstr(svg, "120 pairs of one person, 4500 of two persons"));
	assert_non_null(strstr(svg, "threshold in use 0.4321"));
	assert_non_null(strstr(svg, "class=\"ring\""));
	const char *band = strstr(svg, "class=\"band\" points=\"");
	assert_non_null(band);
	size_t corners = 0;
	for (band = strchr(band, '=') + strlen("=\"band\" points=\""); *band != '"'; band++) {
		corners += *band == ',';
	}
	assert_int_equal(corners, 4);
	curve.intervals = NULL;
	curve.interval_count = 0;
	curve.has_mark = false;
	svg = draw(&curve, 1, &out);
	assert_null(strstr(svg, "class=\"band\" "));
	assert_null(strstr(svg, "class=\"ring\""));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_axes_have_the_decades_of_the_curve),
		cmocka_unit_test(a_curve_without_errors_has_axes_too),
		cmocka_unit_test(intervals_are_a_band_and_the_threshold_in_use_is_marked),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
