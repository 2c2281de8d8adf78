/* Measures the time of a function: a warm-up, then repetitions; prints one line of TSV. */
/* SPDX-License-Identifier: MIT */
#ifndef TESTS_BENCH_BENCH_H
#define TESTS_BENCH_BENCH_H

#include <stddef.h>

/* Print the header of the columns. Call it once, first. */
void bench_header(void);

/*
 * Repeat work(context) for about half a second, and print the best and the median time of a call in microseconds, and the best
 * rate in units (bytes, vectors, faces) per second; `amount` is the units of one call.
 */
void bench_run(const char *name, void (*work)(void *context), void *context, double amount,
	       const char *unit);

/*
 * The best CPU time of some calls of work(context) after a warm-up, in seconds of this thread. For comparing single-threaded work
 * within one run: other programs have little influence.
 */
double bench_once(void (*work)(void *context), void *context);
double bench_best(void (*work)(void *context), void *context, int repetitions);

/* Run a program without output (arguments end with NULL). Its wall time in seconds; negative if it failed. */
double bench_process(const char *const *arguments);

#endif
