/* Measures the time of a function. */
/* SPDX-License-Identifier: MIT */
#include "bench.h"

#include <fcntl.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>

#include "base/compiler.h"

extern char **environ;

enum { TIMES_MAXIMUM = 10000 };
static const double BUDGET_US = 500000;

static double now_us(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3;
}

static double thread_seconds(void)
{
	struct timespec now;
	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static int compare(const void *a, const void *b)
{
	const double *x = a, *y = b;
	return (*x > *y) - (*x < *y);
}

void bench_header(void)
{
	puts("name\tbest_us\tmedian_us\tper_second\tunit");
}

void bench_run(const char *name, void (*work)(void *context), void *context, double amount,
	       const char *unit)
{
	double *times = calloc(TIMES_MAXIMUM, sizeof(*times));
	size_t count = 0;
	if (!times) {
		perror(name);
		exit(1);
	}
	work(context);
	for (double start = now_us();
	     count < TIMES_MAXIMUM && (count < 3 || now_us() - start < BUDGET_US);) {
		double before = now_us();
		work(context);
		times[count++] = now_us() - before;
	}
	qsort(times, count, sizeof(*times), compare);
	printf("%s\t%.1f\t%.1f\t%.4g\t%s\n", name, times[0], times[count / 2],
	       amount * 1e6 / times[0], unit);
	free(times);
}

double bench_once(void (*work)(void *context), void *context)
{
	double before = thread_seconds();
	work(context);
	return thread_seconds() - before;
}

double bench_best(void (*work)(void *context), void *context, int repetitions)
{
	double best = 1e9;
	work(context);
	for (int i = 0; i < repetitions; i++) {
		double taken = bench_once(work, context);
		best = taken < best ? taken : best;
	}
	return best;
}

double bench_process(const char *const *arguments)
{
	pid_t pid;
	int status;
	posix_spawn_file_actions_t actions;
	FC_IGNORE(posix_spawn_file_actions_init(&actions));
	FC_IGNORE(posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0));
	double begun = now_us();
	char *const *words = (char *const *)(uintptr_t)arguments;
	bool started = posix_spawnp(&pid, arguments[0], &actions, NULL, words, environ) == 0;
	bool ended = started && waitpid(pid, &status, 0) == pid;
	FC_IGNORE(posix_spawn_file_actions_destroy(&actions));
	return ended && WIFEXITED(status) && WEXITSTATUS(status) == 0 ? (now_us() - begun) / 1e6
								      : -1;
}
