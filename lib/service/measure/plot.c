/* Plot a detection error trade-off as SVG. */
/* SPDX-License-Identifier: MIT */
#include "service/measure/plot.h"

#include <math.h>

/* Size and margins of the picture in pixels; number of decades on each axis. */
enum { WIDTH = 640, HEIGHT = 480, LEFT = 70, RIGHT = 20, TOP = 40, BOTTOM = 60 };
enum { FMR_DECADES = 6, FNMR_DECADES = 3 };

/* Map a rate from [10^-decades, 1] to [0, 1], logarithmically. */
static double position(double rate, int decades)
{
	double exponent = rate > 0 ? log10(rate) : -decades;
	double share = 1 + exponent / decades;
	return share < 0 ? 0 : share;
}

static double x_of(double fmr)
{
	return LEFT + position(fmr, FMR_DECADES) * (WIDTH - LEFT - RIGHT);
}

static double y_of(double fnmr)
{
	return HEIGHT - BOTTOM - position(fnmr, FNMR_DECADES) * (HEIGHT - TOP - BOTTOM);
}

static void append_escaped(struct fc_buffer *out, const char *text)
{
	for (; *text; text++) {
		switch (*text) {
		case '<':
			fc_buffer_append_text(out, "&lt;");
			break;
		case '>':
			fc_buffer_append_text(out, "&gt;");
			break;
		case '&':
			fc_buffer_append_text(out, "&amp;");
			break;
		default:
			fc_buffer_append(out, text, 1);
		}
	}
}

static void draw_grid(struct fc_buffer *out)
{
	for (int decade = 0; decade <= FMR_DECADES; decade++) {
		double x = x_of(pow(10, -decade));
		fc_buffer_printf(
			out,
			"<line class=\"grid\" x1=\"%.1f\" y1=\"%d\" x2=\"%.1f\" y2=\"%d\"/>\n"
			"<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%g</text>\n",
			x, TOP, x, HEIGHT - BOTTOM, x, HEIGHT - BOTTOM + 18, pow(10, -decade));
	}
	for (int decade = 0; decade <= FNMR_DECADES; decade++) {
		double y = y_of(pow(10, -decade));
		fc_buffer_printf(
			out,
			"<line class=\"grid\" x1=\"%d\" y1=\"%.1f\" x2=\"%d\" y2=\"%.1f\"/>\n"
			"<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%g</text>\n",
			LEFT, y, WIDTH - RIGHT, y, LEFT - 6, y + 4, pow(10, -decade));
	}
	fc_buffer_printf(out,
			 "<text x=\"%d\" y=\"%d\" text-anchor=\"middle\">false match rate</text>\n"
			 "<text transform=\"translate(18 %d) rotate(-90)\" text-anchor=\"middle\">"
			 "false non-match rate</text>\n",
			 (LEFT + WIDTH - RIGHT) / 2, HEIGHT - 16, (TOP + HEIGHT - BOTTOM) / 2);
}

static void draw_curve(const struct fc_plot_curve *curve, size_t index, struct fc_buffer *out)
{
	static const char *const colours[FC_PLOT_CURVES_MAXIMUM] = { "#06c", "#c40" };
	fc_buffer_printf(out,
			 "<g fill=\"%s\" stroke=\"%s\">\n<text class=\"name\" x=\"%d\" y=\"%zu\">",
			 colours[index], colours[index], LEFT, 18 + 16 * index);
	append_escaped(out, curve->name);
	fc_buffer_append_text(out, "</text>\n<polyline class=\"curve\" points=\"");
	for (size_t i = 0; i < curve->count; i++) {
		const struct fc_tradeoff *point = &curve->points[i];
		fc_buffer_printf(out, "%s%.1f,%.1f", i ? " " : "", x_of(point->fmr),
				 y_of(point->fnmr));
	}
	fc_buffer_append_text(out, "\"/>\n");
	for (size_t i = 0; i < curve->count; i++) {
		const struct fc_tradeoff *point = &curve->points[i];
		fc_buffer_printf(
			out,
			"<circle cx=\"%.1f\" cy=\"%.1f\" r=\"3\"><title>FMR %g, FNMR %.4f at "
			"%.4f</title></circle>\n",
			x_of(point->fmr), y_of(point->fnmr), point->fmr, point->fnmr,
			point->threshold);
	}
	fc_buffer_append_text(out, "</g>\n");
}

void fc_plot_tradeoff(const struct fc_plot_curve *curves, size_t count, struct fc_buffer *out)
{
	fc_buffer_printf(
		out,
		"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" "
		"viewBox=\"0 0 %d %d\">\n"
		"<style>text{font:13px sans-serif;fill:#333}.name{fill:inherit;stroke:none}"
		".grid{stroke:#ddd}.curve{fill:none;stroke-width:2}</style>\n"
		"<rect width=\"100%%\" height=\"100%%\" fill=\"#fff\"/>\n",
		WIDTH, HEIGHT, WIDTH, HEIGHT);
	draw_grid(out);
	for (size_t i = 0; i < count; i++) {
		draw_curve(&curves[i], i, out);
	}
	fc_buffer_append_text(out, "</svg>\n");
}
