/* Plot a detection error trade-off as SVG. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_SERVICE_MEASURE_PLOT_H
#define FC_SERVICE_MEASURE_PLOT_H

#include "base/buffer.h"
#include "service/measure/metrics.h"

/*
 * Append an SVG 1.1 document with FMR on the x axis and FNMR on the y axis, both logarithmic. title is escaped. An FNMR of zero is
 * drawn on the lower edge.
 */
void fc_plot_tradeoff(const struct fc_tradeoff *points, size_t count, const char *title,
		      struct fc_buffer *out);

#endif
