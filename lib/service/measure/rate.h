/* Rates with confidence intervals. Private to lib/service/measure, except struct fc_rate and fc_rate_unknown. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_SERVICE_MEASURE_RATE_H
#define FC_SERVICE_MEASURE_RATE_H

#include <stddef.h>
#include <stdint.h>

/* A rate with its 95 % confidence interval. NaN: not measured. */
struct fc_rate {
	double value, low, high;
};

extern const struct fc_rate fc_rate_unknown;

/* The complement, 1 - rate. */
struct fc_rate fc_rate_rest(const struct fc_rate *rate);

enum { FC_REPLICATES = 200 };

/*
 * How often each person is drawn in one replicate of a bootstrap: `persons` draws with replacement. Start with *state 1; the replicates
 * are the same in each run.
 */
void fc_replicate_draw(uint32_t *weights, size_t persons, uint64_t *state);

/*
 * The interval contains 95 % of the replicates, which are sorted here. If these do not differ, or if the rate is 0 or 1, the interval also
 * contains Wilson's score interval for `persons` independent trials, the number of persons that the rate was measured on: replicates cannot
 * show errors that the sample does not contain.
 */
struct fc_rate fc_rate_of(double value, double replicates[FC_REPLICATES], size_t persons);

/* Wilson's score interval (E. B. Wilson, 1927) of a share of `count` independent trials. */
struct fc_rate fc_rate_wilson(double share, size_t count);

#endif
