/* Plot a detection error trade-off as SVG. */
/* SPDX-License-Identifier: MIT */
#include "service/measure/plot.h"

#include <math.h>

#include "base/text.h"

/* Size and margins of the picture in pixels. */
enum { WIDTH = 720, HEIGHT = 520, LEFT = 74, RIGHT = 24, BOTTOM = 64, LINE = 17 };

/* A logarithmic axis, from 10^low to 10^high. */
struct axis {
	int low, high;
};

struct plot {
	struct axis fmr, fnmr;
	double top; /* of the drawing area, below the names of the curves */
	struct fc_buffer *out;
};

/* Map a rate to [0, 1]; rates outside of the axis to its ends. */
static double position(struct axis axis, double rate)
{
	double share = rate > 0 ? (log10(rate) - axis.low) / (axis.high - axis.low) : 0;
	return fmax(0, fmin(1, share));
}

static double x_of(const struct plot *plot, double fmr)
{
	return LEFT + position(plot->fmr, fmr) * (WIDTH - LEFT - RIGHT);
}

static double y_of(const struct plot *plot, double fnmr)
{
	return HEIGHT - BOTTOM - position(plot->fnmr, fnmr) * (HEIGHT - plot->top - BOTTOM);
}

/* Widen the axis to the decade of a rate. */
static void include(struct axis *axis, double rate)
{
	if (rate > 0) {
		/* 0.001 is not exactly a power of ten */
		axis->low = (int)fmin(axis->low, floor(log10(rate) + 1e-9));
		axis->high = (int)fmax(axis->high, ceil(log10(rate) - 1e-9));
	}
}

static void fit_axes(struct plot *plot, const struct fc_plot_curve *curves, size_t count)
{
	const struct axis empty = { .low = 0, .high = -9 };
	plot->fmr = plot->fnmr = empty;
	for (size_t i = 0; i < count; i++) {
		for (size_t k = 0; k < curves[i].count; k++) {
			include(&plot->fmr, curves[i].points[k].fmr);
			include(&plot->fnmr, curves[i].points[k].fnmr);
		}
		for (size_t k = 0; k < curves[i].interval_count; k++) {
			if (curves[i].intervals[k].measurable) {
				include(&plot->fnmr, curves[i].intervals[k].fnmr.high);
			}
		}
	}
	struct axis *axes[] = { &plot->fmr, &plot->fnmr };
	for (size_t i = 0; i < FC_ARRAY_LENGTH(axes); i++) {
		/* at least one decade, also without any error */
		axes[i]->high = axes[i]->high < axes[i]->low ? 0 : axes[i]->high;
		axes[i]->low = (int)fmin(axes[i]->low, axes[i]->high - 1);
	}
}

/* The lines of an axis: one for each decade, and thin ones between them. */
static void draw_lines(const struct plot *plot, struct axis axis, bool is_x)
{
	for (int decade = axis.low; decade <= axis.high; decade++) {
		for (int digit = 1; digit <= 9 && (digit == 1 || decade < axis.high); digit++) {
			double rate = digit * pow(10, decade);
			const char *class = digit == 1 ? "grid" : "thin";
			double at = is_x ? x_of(plot, rate) : y_of(plot, rate);
			if (is_x) {
				fc_buffer_printf(
					plot->out,
					"<line class=\"%s\" x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%d\"/>\n",
					class, at, plot->top, at, HEIGHT - BOTTOM);
			} else {
				fc_buffer_printf(
					plot->out,
					"<line class=\"%s\" x1=\"%d\" y1=\"%.1f\" x2=\"%d\" y2=\"%.1f\"/>\n",
					class, LEFT, at, WIDTH - RIGHT, at);
			}
			if (digit > 1) {
				continue;
			}
			fc_buffer_printf(
				plot->out,
				"<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%g</text>\n",
				is_x ? at : LEFT - 6, is_x ? HEIGHT - BOTTOM + 18 : at + 4,
				is_x ? "middle" : "end", rate);
		}
	}
}

static void draw_grid(const struct plot *plot)
{
	draw_lines(plot, plot->fmr, true);
	draw_lines(plot, plot->fnmr, false);
	fc_buffer_printf(
		plot->out,
		"<text x=\"%d\" y=\"%d\" text-anchor=\"middle\">false match rate</text>\n"
		"<text transform=\"translate(18 %.0f) rotate(-90)\" text-anchor=\"middle\">"
		"false non-match rate</text>\n",
		(LEFT + WIDTH - RIGHT) / 2, HEIGHT - 18, (plot->top + HEIGHT - BOTTOM) / 2);
}

/* The 95 % intervals of the FNMR, as an area from the lower ends, left to right, and back along the upper ones. */
static void draw_band(const struct plot *plot, const struct fc_plot_curve *curve)
{
	const char *start = "<polygon class=\"band\" points=\"";
	for (size_t i = 0; i < 2 * curve->interval_count; i++) {
		bool lower = i < curve->interval_count;
		size_t index = lower ? i : 2 * curve->interval_count - 1 - i;
		const struct fc_operating_point *point = &curve->intervals[index];
		if (!point->measurable || isnan(point->fnmr.low)) {
			continue;
		}
		fc_buffer_printf(plot->out, "%s%.1f,%.1f", start, x_of(plot, point->fmr),
				 y_of(plot, lower ? point->fnmr.low : point->fnmr.high));
		start = " ";
	}
	if (start[0] == ' ') {
		fc_buffer_append_text(plot->out,
				      "\"><title>95 % interval of the FNMR</title></polygon>\n");
	}
}

/* The threshold in use: a ring on the curve, and lines to both axes. */
static void draw_mark(const struct plot *plot, const struct fc_tradeoff *mark)
{
	double x = x_of(plot, mark->fmr), y = y_of(plot, mark->fnmr);
	fc_buffer_printf(
		plot->out,
		"<path class=\"mark\" d=\"M%.1f %d V%.1f H%d\"/>\n"
		"<ellipse class=\"ring\" cx=\"%.1f\" cy=\"%.1f\" rx=\"7\" ry=\"7\"><title>threshold in use: "
		"%.4f</title></ellipse>\n",
		x, HEIGHT - BOTTOM, y, LEFT, x, y, mark->threshold);
}

static void draw_name(const struct plot *plot, const struct fc_plot_curve *curve, size_t index)
{
	fc_buffer_printf(plot->out, "<text class=\"name\" x=\"%d\" y=\"%zu\">", LEFT,
			 22 + 2 * LINE * index);
	fc_text_append_markup(plot->out, curve->name);
	fc_buffer_printf(plot->out, "</text>\n<text x=\"%d\" y=\"%zu\" stroke=\"none\">", LEFT,
			 22 + LINE + 2 * LINE * index);
	if (curve->impostor_count > 0) {
		fc_buffer_printf(plot->out, "%zu pairs of one person, %zu of two persons",
				 curve->genuine_count, curve->impostor_count);
	}
	if (curve->has_mark) {
		fc_buffer_printf(plot->out, "; threshold in use %.4f: FMR %.2g, FNMR %.2g",
				 curve->mark.threshold, curve->mark.fmr, curve->mark.fnmr);
	}
	fc_buffer_append_text(plot->out, "</text>\n");
}

static void draw_curve(const struct plot *plot, const struct fc_plot_curve *curve, size_t index)
{
	static const char *const colours[FC_PLOT_CURVES_MAXIMUM] = { "#06c", "#c40" };
	/* the second curve is dashed, so that they differ without colours */
	fc_buffer_printf(plot->out, "<g fill=\"%s\" stroke=\"%s\"%s>\n", colours[index],
			 colours[index], index > 0 ? " class=\"other\"" : "");
	draw_name(plot, curve, index);
	draw_band(plot, curve);
	fc_buffer_append_text(plot->out, "<polyline class=\"curve\" points=\"");
	for (size_t i = 0; i < curve->count; i++) {
		const struct fc_tradeoff *point = &curve->points[i];
		fc_buffer_printf(plot->out, "%s%.1f,%.1f", i ? " " : "", x_of(plot, point->fmr),
				 y_of(plot, point->fnmr));
	}
	fc_buffer_append_text(plot->out, "\"/>\n");
	for (size_t i = 0; i < curve->count; i++) {
		const struct fc_tradeoff *point = &curve->points[i];
		fc_buffer_printf(
			plot->out,
			"<circle cx=\"%.1f\" cy=\"%.1f\" r=\"3\"><title>FMR %g, FNMR %.4f at "
			"%.4f</title></circle>\n",
			x_of(plot, point->fmr), y_of(plot, point->fnmr), point->fmr, point->fnmr,
			point->threshold);
	}
	if (curve->has_mark) {
		draw_mark(plot, &curve->mark);
	}
	fc_buffer_append_text(plot->out, "</g>\n");
}

void fc_plot_tradeoff(const struct fc_plot_curve *curves, size_t count, struct fc_buffer *out)
{
	struct plot plot = { .top = 14 + 2 * LINE * (double)count, .out = out };
	fit_axes(&plot, curves, count);
	fc_buffer_printf(
		out,
		"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" "
		"viewBox=\"0 0 %d %d\">\n"
		"<style>text{font:13px sans-serif;fill:#333}.name{fill:inherit;stroke:none}"
		".grid{stroke:#ccc}.thin{stroke:#eee}.curve{fill:none;stroke-width:2}"
		".band{fill-opacity:.15;stroke:none}.other .band{stroke:inherit;stroke-dasharray:2 2}.mark,.ring{fill:none}"
		".other .curve{stroke-dasharray:8 4}.mark{stroke-dasharray:2 3}.ring{stroke-width:2}</style>\n"
		"<rect width=\"100%%\" height=\"100%%\" fill=\"#fff\"/>\n",
		WIDTH, HEIGHT, WIDTH, HEIGHT);
	draw_grid(&plot);
	for (size_t i = 0; i < count; i++) {
		draw_curve(&plot, &curves[i], i);
	}
	fc_buffer_append_text(out, "</svg>\n");
}
