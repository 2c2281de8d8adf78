/* A scan of many segments by several threads. */
/* SPDX-License-Identifier: MIT */
#include "gallery/search/scan_threads.h"

#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>

enum { THREADS_MAXIMUM = 64, BYTES_PER_THREAD = 16 << 20 };

struct crew {
	const struct fc_crew_task *task;
	const struct fc_kernel *kernel;
	struct fc_scan_faces faces;
	atomic_size_t next; /* set that nobody has taken yet */
	atomic_bool failed;
};

/* One thread's part. */
struct member {
	struct crew *crew;
	pthread_t thread;
	enum fc_status status;
	struct fc_error err;
};

static void work(struct member *member)
{
	struct crew *crew = member->crew;
	const struct fc_crew_task *task = crew->task;
	while (member->status == FC_OK && !atomic_load(&crew->failed)) {
		size_t next = atomic_fetch_add(&crew->next, 1);
		if (next >= task->set_count) {
			break;
		}
		member->status = fc_scan(crew->kernel, &task->sets[next], task->probes,
					 task->probe_count, &crew->faces, &member->err);
	}
	if (member->status != FC_OK) {
		atomic_store(&crew->failed, true);
	}
}

static void *run(void *member)
{
	work(member);
	return NULL;
}

/* Threads of a library leave the program's signals to the program. */
static bool start(struct member *member)
{
	sigset_t all, before;
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	bool started = pthread_create(&member->thread, NULL, run, member) == 0;
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return started;
}

/* How many helpers could be had; fewer only means that it takes longer. */
static size_t start_helpers(struct crew *crew, struct member *helpers, size_t wanted)
{
	size_t started = 0;
	while (started < wanted) {
		struct member *helper = &helpers[started];
		*helper = (struct member){ .crew = crew };
		if (!start(helper)) {
			break;
		}
		started++;
	}
	return started;
}

static enum fc_status finish(struct member *helpers, size_t count, struct fc_error *err)
{
	enum fc_status status = FC_OK;
	for (size_t i = 0; i < count; i++) {
		struct member *helper = &helpers[i];
		pthread_join(helper->thread, NULL);
		if (status == FC_OK && helper->status != FC_OK) {
			status = fc_fail(err, helper->status, "%s", helper->err.text);
		}
	}
	return status;
}

enum fc_status fc_crew_scan(const struct fc_crew_task *task, unsigned threads, struct fc_error *err)
{
	pthread_mutex_t lock;
	struct crew crew = {
		.task = task,
		.kernel = fc_kernel_at(0),
		.faces = { task->fetch, task->context, threads > 1 ? &lock : NULL },
	};
	struct member self = { .crew = &crew };
	struct member helpers[THREADS_MAXIMUM];
	size_t wanted = threads > THREADS_MAXIMUM ? THREADS_MAXIMUM - 1 : threads - (threads > 0);
	pthread_mutex_init(&lock, NULL);
	size_t started = start_helpers(&crew, helpers, wanted);
	work(&self);
	enum fc_status status = finish(helpers, started, err);
	pthread_mutex_destroy(&lock);
	return self.status != FC_OK ? fc_fail(err, self.status, "%s", self.err.text) : status;
}

unsigned fc_crew_size(const struct fc_crew_task *task)
{
	cpu_set_t processors;
	size_t work = 0;
	size_t size = 1;
	for (size_t i = 0; i < task->set_count; i++) {
		const struct fc_packed *packed = &task->sets[i].packed;
		work += packed->count * packed->padded;
	}
	/* Up to eight probes take about as long as one: the memory is what both wait for. */
	work *= 1 + task->probe_count / FC_KERNEL_PROBES;
	if (sched_getaffinity(0, sizeof(processors), &processors) == 0) {
		size = (size_t)CPU_COUNT(&processors);
	}
	size = work / BYTES_PER_THREAD < size ? work / BYTES_PER_THREAD : size;
	return size < 1 ? 1 : size > THREADS_MAXIMUM ? THREADS_MAXIMUM : (unsigned)size;
}
