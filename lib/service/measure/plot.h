/* Plot a detection error trade-off as SVG. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_SERVICE_MEASURE_PLOT_H
#define FC_SERVICE_MEASURE_PLOT_H

#include "base/buffer.h"
#include "service/measure/metrics.h"

struct fc_plot_curve {
	const char *name; /* any text */
	const struct fc_tradeoff *points;
	size_t count;
	/* Where the FNMR has an interval: drawn as a band. NULL: none. */
	const struct fc_operating_point *intervals;
	size_t interval_count;
	size_t genuine_count, impostor_count; /* 0: not known */
	bool has_mark;                        /* the threshold in use is marked on the curve */
	struct fc_tradeoff mark;
};

enum { FC_PLOT_CURVES_MAXIMUM = 2 };

/*
 * Append an SVG 1.1 document with FMR on the x axis and FNMR on the y axis, both logarithmic, and the names of the curves in their colours. The
 * axes have the decades in which the curves lie. An FNMR of zero is drawn on the lower edge.
 */
void fc_plot_tradeoff(const struct fc_plot_curve *curves, size_t count, struct fc_buffer *out);

#endif
