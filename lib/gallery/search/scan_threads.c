/* A scan of many segments with several threads. */
/* SPDX-License-Identifier: MIT */
#include "gallery/search/scan_threads.h"

#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>

enum { THREADS_MAXIMUM = 64, BYTES_PER_THREAD = 16 << 20 };

/* What the threads of one scan share. */
struct shared {
	const struct fc_scan_task *task;
	const struct fc_kernel *kernel;
	struct fc_scan_source source;
	atomic_size_t next; /* the next set to scan */
	atomic_bool failed;
};

struct scan_thread {
	struct shared *shared;
	pthread_t thread;
	enum fc_status status;
	struct fc_error err;
};

static void *run(void *context)
{
	struct scan_thread *self = context;
	struct shared *shared = self->shared;
	const struct fc_scan_task *task = shared->task;
	while (self->status == FC_OK && !atomic_load(&shared->failed)) {
		size_t next = atomic_fetch_add(&shared->next, 1);
		if (next >= task->set_count) {
			break;
		}
		self->status = fc_scan(shared->kernel, &task->sets[next], task->probes,
				       task->probe_count, &shared->source, &self->err);
	}
	if (self->status != FC_OK) {
		atomic_store(&shared->failed, true);
	}
	return NULL;
}

/* Start up to `number` threads and return how many were started. With fewer threads the scan only takes longer. */
static size_t start_threads(struct shared *shared, struct scan_thread *threads, size_t number)
{
	sigset_t all, before;
	size_t started = 0;
	/* Block all signals in these threads, so that the program's own threads handle them. */
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	for (; started < number; started++) {
		struct scan_thread *thread = &threads[started];
		*thread = (struct scan_thread){ .shared = shared };
		if (pthread_create(&thread->thread, NULL, run, thread) != 0) {
			break;
		}
	}
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return started;
}

enum fc_status fc_scan_threads_run(const struct fc_scan_task *task, unsigned threads,
				   struct fc_error *err)
{
	pthread_mutex_t lock;
	struct shared shared = {
		.task = task,
		.kernel = fc_kernel_at(0),
		.source = { task->fetch, task->damaged, task->context, threads > 1 ? &lock : NULL },
	};
	struct scan_thread self = { .shared = &shared };
	struct scan_thread others[THREADS_MAXIMUM];
	size_t number = threads > THREADS_MAXIMUM ? THREADS_MAXIMUM - 1 : threads - (threads > 0);
	pthread_mutex_init(&lock, NULL);
	size_t started = start_threads(&shared, others, number);
	run(&self);
	const struct scan_thread *failed = self.status != FC_OK ? &self : NULL;
	for (size_t i = 0; i < started; i++) {
		pthread_join(others[i].thread, NULL);
		if (!failed && others[i].status != FC_OK) {
			failed = &others[i];
		}
	}
	pthread_mutex_destroy(&lock);
	return failed ? fc_fail(err, failed->status, "%s", failed->err.text) : FC_OK;
}

unsigned fc_scan_threads_count(const struct fc_scan_task *task)
{
	cpu_set_t processors;
	size_t work = 0;
	size_t size = 1;
	for (size_t i = 0; i < task->set_count; i++) {
		const struct fc_packed *packed = &task->sets[i].packed;
		work += packed->count * packed->padded;
	}
	/* Up to FC_KERNEL_PROBES probes take about as long as one, because the speed of memory is the limit. */
	work *= 1 + task->probe_count / FC_KERNEL_PROBES;
	if (sched_getaffinity(0, sizeof(processors), &processors) == 0) {
		size = (size_t)CPU_COUNT(&processors);
	}
	size = work / BYTES_PER_THREAD < size ? work / BYTES_PER_THREAD : size;
	return size < 1 ? 1 : size > THREADS_MAXIMUM ? THREADS_MAXIMUM : (unsigned)size;
}
