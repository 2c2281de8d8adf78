/* Strict parsing of numbers: the whole text must be the number. Independent of the locale. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_BASE_NUMBER_H
#define FC_BASE_NUMBER_H

#include <stdint.h>

#include "base/error.h"

/*
 * Parse decimal digits, without sign or space, within [minimum, maximum]. `what` names the value in the error text. Returns FC_OK or
 * FC_INVALID_ARGUMENT; *out is written only on success.
 */
enum fc_status fc_parse_u64(const char *text, uint64_t minimum, uint64_t maximum, const char *what,
			    uint64_t *out, struct fc_error *err);

/* Parse a finite decimal number such as 0.5, -1 or 1e-4, within [minimum, maximum]. A % at the end divides by 100. */
enum fc_status fc_parse_real(const char *text, double minimum, double maximum, const char *what,
			     double *out, struct fc_error *err);

/* Parse a number of bytes: digits with an optional K, M, G or KiB, MiB, GiB, all powers of 1024. */
enum fc_status fc_parse_size(const char *text, uint64_t maximum, const char *what, uint64_t *out,
			     struct fc_error *err);

/* Parse a duration: digits followed by ms, s, m, h or d, or digits alone for seconds. */
enum fc_status fc_parse_duration(const char *text, uint64_t maximum_ms, const char *what,
				 uint64_t *out_ms, struct fc_error *err);

#endif
