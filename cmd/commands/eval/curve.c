/* The curve of both error rates as a table: written for --curve, read for --overlay. */
/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/number.h"
#include "commands/eval/evaluation.h"

/* A number of the curve; nothing for one that was not measured. */
static void append_number(struct fc_buffer *out, double value, const char *end)
{
	if (!isnan(value)) {
		fc_buffer_printf(out, "%.6f", value);
	}
	fc_buffer_append_text(out, end);
}

/* A text of the curve: quoted in CSV, and with escapes in TSV, if it contains such characters. */
static void append_name(struct fc_buffer *out, const char *name, char separator)
{
	bool quote = separator == ',' && strpbrk(name, ",\"");
	fc_buffer_append_text(out, quote ? "\"" : "");
	for (; *name; name++) {
		if ((quote && *name == '"') || (separator == '\t' && *name == '\\')) {
			fc_buffer_append(out, name, 1);
		}
		fc_buffer_append(out, name, 1);
	}
	fc_buffer_append_text(out, quote ? "\"" : "");
}

static void append_interval(struct fc_buffer *out, const struct fc_rate *rate, const char *between,
			    const char *end)
{
	append_number(out, rate->low, between);
	append_number(out, rate->high, end);
}

/* The interval of the FNMR, which is measured at the FMR of each operating point. */
static const struct fc_rate *interval_at(const struct evaluation *evaluation, double fmr)
{
	for (size_t i = 0; i < FC_METRICS_POINTS; i++) {
		const struct fc_operating_point *point = &evaluation->verification.points[i];
		if (point->measurable && fabs(point->fmr - fmr) < fmr / 1000) {
			return &point->fnmr;
		}
	}
	return &fc_rate_unknown;
}

void evaluation_append_curve(const struct evaluation *evaluation, char separator,
			     struct fc_buffer *out)
{
	bool has_groups = evaluation->group_count > 0;
	const char between[2] = { separator, '\0' };
	const char *end = has_groups ? between : "";
	fc_buffer_printf(out, "fmr%cfnmr%cthreshold%cfnmr_low%cfnmr_high%s%s\n", separator,
			 separator, separator, separator, end, has_groups ? "group" : "");
	for (size_t i = 0; i < evaluation->tradeoff_count; i++) {
		const struct fc_tradeoff *point = &evaluation->tradeoff[i];
		fc_buffer_printf(out, "%g%c", point->fmr, separator);
		append_number(out, point->fnmr, between);
		append_number(out, point->threshold, between);
		append_interval(out, interval_at(evaluation, point->fmr), between, end);
		fc_buffer_append_text(out, "\n");
	}
	for (size_t g = 0; g < evaluation->group_count; g++) {
		for (size_t p = 0; p < FC_METRICS_POINTS; p++) {
			const struct fc_operating_point *overall =
				&evaluation->verification.points[p];
			const struct fc_group_point *point = &evaluation->groups[g].points[p];
			if (!overall->measurable) {
				continue;
			}
			append_number(out, point->fmr.value, between);
			append_number(out, point->fnmr.value, between);
			append_number(out, overall->threshold, between);
			append_interval(out, &point->fnmr, between, between);
			append_name(out, evaluation->group_names[g], separator);
			fc_buffer_append_text(out, "\n");
		}
	}
}

/* Cut off the field at *rest, which ends with the separator or with the text. */
static char *next_field(char **rest, char separator)
{
	char *field = *rest;
	char *end = strchr(field, separator);
	*rest = end ? end + 1 : field + strlen(field);
	if (end) {
		*end = '\0';
	}
	return field;
}

/* Read one row. Rows of groups, and rows without an FNMR, are skipped. has_intervals: the table has their columns. */
static enum fc_status read_row(char *line, char separator, bool has_intervals,
			       struct evaluation_curve *out, struct fc_error *err)
{
	struct fc_tradeoff point = { 0 };
	struct fc_operating_point interval = { .measurable = true };
	const char *fmr = next_field(&line, separator);
	const char *fnmr = next_field(&line, separator);
	const char *threshold = next_field(&line, separator);
	const char *low = has_intervals ? next_field(&line, separator) : "";
	const char *high = has_intervals ? next_field(&line, separator) : "";
	if (*line != '\0' || *fnmr == '\0') {
		return FC_OK;
	}
	FC_TRY(fc_parse_real(fmr, 0, 1, "fmr", &point.fmr, err));
	FC_TRY(fc_parse_real(fnmr, 0, 1, "fnmr", &point.fnmr, err));
	FC_TRY(fc_parse_real(threshold, -1, 1, "threshold", &point.threshold, err));
	if (out->count == FC_TRADEOFF_POINTS) {
		return fc_fail(err, FC_INVALID_ARGUMENT, "more than %d points", FC_TRADEOFF_POINTS);
	}
	out->points[out->count++] = point;
	if (*low == '\0' && *high == '\0') {
		return FC_OK;
	}
	interval.fmr = point.fmr;
	interval.fnmr.value = point.fnmr;
	FC_TRY(fc_parse_real(low, 0, 1, "fnmr_low", &interval.fnmr.low, err));
	FC_TRY(fc_parse_real(high, 0, 1, "fnmr_high", &interval.fnmr.high, err));
	out->intervals[out->interval_count++] = interval;
	return FC_OK;
}

enum fc_status evaluation_read_curve(const char *path, char separator, struct evaluation_curve *out,
				     struct fc_error *err)
{
	static const char columns[][2] = { ",", "\t" };
	enum { BYTES_MAXIMUM = 1 << 20 };
	FC_CLEANUP(fc_buffer_release) struct fc_buffer bytes = { 0 };
	char header[32];
	const char *between = columns[separator == '\t'];
	FC_TRY(fc_file_read(path, BYTES_MAXIMUM, &bytes, err));
	if (!fc_buffer_text(&bytes)) {
		return fc_fail_memory(err);
	}
	snprintf(header, sizeof(header), "fmr%sfnmr%sthreshold", between, between);
	char *rest = (char *)bytes.data;
	*out = (struct evaluation_curve){ 0 };
	const char *first = next_field(&rest, '\n');
	if (strncmp(first, header, strlen(header)) != 0) {
		return fc_fail(
			err, FC_INVALID_ARGUMENT,
			"'%s' is not a table that --curve wrote: its first line must begin with "
			"fmr, fnmr and threshold",
			path);
	}
	bool has_intervals = strstr(first, "fnmr_low") != NULL;
	for (size_t line = 2; *rest != '\0'; line++) {
		enum fc_status status =
			read_row(next_field(&rest, '\n'), separator, has_intervals, out, err);
		if (status != FC_OK) {
			fc_error_prefix(err, "'%s', line %zu", path, line);
			return status;
		}
	}
	return out->count > 0 ? FC_OK
			      : fc_fail(err, FC_INVALID_ARGUMENT, "'%s' contains no points", path);
}
