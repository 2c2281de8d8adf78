/* Strict parsing of numbers. */
/* SPDX-License-Identifier: MIT */
#include "base/number.h"

#include <ctype.h>
#include <locale.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* Read leading digits; false if there are none or the value overflows. */
static bool read_digits(const char **text, uint64_t *out)
{
	const char *cursor = *text;
	uint64_t value = 0;
	if (!isdigit((unsigned char)*cursor)) {
		return false;
	}
	for (; isdigit((unsigned char)*cursor); cursor++) {
		unsigned digit = (unsigned)(*cursor - '0');
		if (value > (UINT64_MAX - digit) / 10) {
			return false;
		}
		value = value * 10 + digit;
	}
	*text = cursor;
	*out = value;
	return true;
}

enum fc_status fc_parse_u64(const char *text, uint64_t minimum, uint64_t maximum, const char *what,
			    uint64_t *out, struct fc_error *err)
{
	const char *cursor = text;
	uint64_t value;
	if (!read_digits(&cursor, &value) || *cursor != '\0') {
		return fc_fail(err, FC_INVALID_ARGUMENT, "%s takes a whole number, not '%s'", what,
			       text);
	}
	if (value < minimum || value > maximum) {
		return fc_fail(err, FC_INVALID_ARGUMENT, "%s takes %llu to %llu, not %s", what,
			       (unsigned long long)minimum, (unsigned long long)maximum, text);
	}
	*out = value;
	return FC_OK;
}

/* Decimal notation only: no hexadecimal, no infinity, no leading space. */
static bool looks_decimal(const char *text)
{
	size_t length = strspn(text, "0123456789.eE+-");
	return length > 0 && strpbrk(text, "0123456789") &&
	       (text[length] == '\0' || strcmp(text + length, "%") == 0);
}

/* strtod with a decimal point in every locale; NAN when out of memory. */
static double read_decimal(const char *text, char **end)
{
	locale_t plain = newlocale(LC_NUMERIC_MASK, "C", (locale_t)0);
	if (plain == (locale_t)0) {
		return NAN;
	}
	double value = strtod_l(text, end, plain);
	freelocale(plain);
	return value;
}

enum fc_status fc_parse_real(const char *text, double minimum, double maximum, const char *what,
			     double *out, struct fc_error *err)
{
	char *end = NULL;
	double value = looks_decimal(text) ? read_decimal(text, &end) : NAN;
	if (end && *end == '%') {
		value /= 100.0;
		end++;
	}
	if (!end || *end != '\0' || !isfinite(value)) {
		return fc_fail(err, FC_INVALID_ARGUMENT, "%s takes a number, not '%s'", what, text);
	}
	if (value < minimum || value > maximum) {
		return fc_fail(err, FC_INVALID_ARGUMENT, "%s takes %g to %g, not %s", what, minimum,
			       maximum, text);
	}
	*out = value;
	return FC_OK;
}

struct unit {
	const char *name;
	uint64_t factor;
};

/* Parse digits followed by one of the units. The list of units ends with a NULL name. */
static enum fc_status parse_with_unit(const char *text, const struct unit *units, uint64_t maximum,
				      const char *what, const char *example, uint64_t *out,
				      struct fc_error *err)
{
	const char *cursor = text;
	uint64_t value;
	const struct unit *unit = units;
	bool has_digits = read_digits(&cursor, &value);
	while (unit->name && strcmp(unit->name, cursor) != 0) {
		unit++;
	}
	if (!has_digits || !unit->name) {
		return fc_fail(err, FC_INVALID_ARGUMENT, "%s takes a number such as %s, not '%s'",
			       what, example, text);
	}
	if (value > maximum / unit->factor) {
		return fc_fail(err, FC_INVALID_ARGUMENT, "%s is too large: '%s'", what, text);
	}
	*out = value * unit->factor;
	return FC_OK;
}

enum fc_status fc_parse_size(const char *text, uint64_t maximum, const char *what, uint64_t *out,
			     struct fc_error *err)
{
	static const struct unit units[] = {
		{ "", 1 },           { "K", 1u << 10 }, { "KiB", 1u << 10 }, { "M", 1u << 20 },
		{ "MiB", 1u << 20 }, { "G", 1u << 30 }, { "GiB", 1u << 30 }, { NULL, 0 },
	};
	return parse_with_unit(text, units, maximum, what, "64MiB", out, err);
}

enum fc_status fc_parse_duration(const char *text, uint64_t maximum_ms, const char *what,
				 uint64_t *out_ms, struct fc_error *err)
{
	static const struct unit units[] = {
		{ "", 1000 },     { "s", 1000 },     { "ms", 1 },        { "m", 60000 },
		{ "h", 3600000 }, { "d", 86400000 }, { "w", 604800000 }, { NULL, 0 },
	};
	return parse_with_unit(text, units, maximum_ms, what, "30s", out_ms, err);
}
