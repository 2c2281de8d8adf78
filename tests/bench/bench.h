/* Measures a piece of work: a warm-up that is not counted, then repetitions; prints one line of TSV. */
/* SPDX-License-Identifier: MIT */
#ifndef TESTS_BENCH_BENCH_H
#define TESTS_BENCH_BENCH_H

#include <stddef.h>

/* The names of the columns that bench_run prints. Once, first. */
void bench_header(void);

/*
 * Do work(context) again and again for about half a second, and print the best and the median time of one call in
 * microseconds, and how many of `amount` units (bytes, vectors, faces) a second that makes at best.
 */
void bench_run(const char *name, void (*work)(void *context), void *context, double amount,
	       const char *unit);

/*
 * One call of work(context), and the best of some repetitions after one that is not counted, in seconds that this thread ran on
 * a processor. For comparisons of single-threaded work within one run, which other programs then hardly disturb.
 */
double bench_once(void (*work)(void *context), void *context);
double bench_best(void (*work)(void *context), void *context, int repetitions);

/* Run a program without output (arguments end with NULL): its wall time in seconds, or a negative number when it failed. */
double bench_process(const char *const *arguments);

#endif
