/* A scan of many segments by several threads. */
/* SPDX-License-Identifier: MIT */
#include "gallery/crew.h"

#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>

enum { THREADS_MAXIMUM = 64, BYTES_PER_THREAD = 16 << 20 };

struct crew {
	const struct fc_crew_task *task;
	const struct fc_kernel *kernel;
	atomic_size_t next; /* set that nobody has taken yet */
	atomic_bool failed;
	pthread_mutex_t looking_up;
};

/* One thread's part. */
struct member {
	struct crew *crew;
	pthread_t thread;
	struct fc_probe *probes;
	size_t probe_count;
	enum fc_status status;
	struct fc_error err;
	float vector[FC_PADDED_MAXIMUM];
};

/* ---- probes of a member's own ---- */

static void member_release(struct member *member)
{
	for (size_t i = 0; i < member->probe_count; i++) {
		fc_probe_release(&member->probes[i]);
	}
	free(member->probes);
	free(member);
}

/* A member that begins with what has been found so far, so that few faces look promising to it. */
static struct member *member_new(struct crew *crew)
{
	const struct fc_crew_task *task = crew->task;
	struct member *member = calloc(1, sizeof(*member));
	struct fc_probe *probes = calloc(task->probe_count, sizeof(*probes));
	if (!member || !probes) {
		free(member);
		free(probes);
		return NULL;
	}
	member->crew = crew;
	member->probes = probes;
	for (size_t i = 0; i < task->probe_count; i++) {
		const struct fc_probe *probe = &task->probes[i];
		if (fc_probe_init(&probes[i], probe->vector, probe->dimension, probe->top.capacity,
				  NULL) != FC_OK) {
			member_release(member);
			return NULL;
		}
		fc_top_join(&probes[i].top, &probe->top);
		member->probe_count++;
	}
	return member;
}

/* ---- work ---- */

static enum fc_status fetch(void *context, uint64_t face_id, struct fc_scan_face *out,
			    struct fc_error *err)
{
	struct member *member = context;
	struct crew *crew = member->crew;
	pthread_mutex_lock(&crew->looking_up);
	enum fc_status status =
		crew->task->look_up(crew->task->context, face_id, &out->pid, member->vector, err);
	pthread_mutex_unlock(&crew->looking_up);
	out->vector = member->vector;
	return status;
}

static void work(struct member *member)
{
	struct crew *crew = member->crew;
	const struct fc_crew_task *task = crew->task;
	while (member->status == FC_OK && !atomic_load(&crew->failed)) {
		size_t next = atomic_fetch_add(&crew->next, 1);
		if (next >= task->set_count) {
			break;
		}
		member->status = fc_scan(crew->kernel, &task->sets[next], member->probes,
					 task->probe_count, fetch, member, &member->err);
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
static size_t start_helpers(struct crew *crew, struct member **helpers, size_t wanted)
{
	size_t started = 0;
	while (started < wanted) {
		struct member *helper = member_new(crew);
		if (!helper) {
			break;
		}
		if (!start(helper)) {
			member_release(helper);
			break;
		}
		helpers[started++] = helper;
	}
	return started;
}

static enum fc_status finish(const struct fc_crew_task *task, struct member **helpers, size_t count,
			     struct fc_error *err)
{
	enum fc_status status = FC_OK;
	for (size_t i = 0; i < count; i++) {
		struct member *helper = helpers[i];
		pthread_join(helper->thread, NULL);
		for (size_t p = 0; p < task->probe_count; p++) {
			fc_top_join(&task->probes[p].top, &helper->probes[p].top);
			task->probes[p].scored += helper->probes[p].scored;
		}
		if (status == FC_OK && helper->status != FC_OK) {
			status = fc_fail(err, helper->status, "%s", helper->err.text);
		}
		member_release(helper);
	}
	return status;
}

enum fc_status fc_crew_scan(const struct fc_crew_task *task, unsigned threads, struct fc_error *err)
{
	struct crew crew = { .task = task, .kernel = fc_kernel_at(0) };
	struct member self = { .crew = &crew, .probes = task->probes };
	struct member *helpers[THREADS_MAXIMUM];
	size_t wanted = threads > THREADS_MAXIMUM ? THREADS_MAXIMUM - 1 : threads - (threads > 0);
	pthread_mutex_init(&crew.looking_up, NULL);
	size_t started = start_helpers(&crew, helpers, wanted);
	work(&self);
	enum fc_status status = finish(task, helpers, started, err);
	pthread_mutex_destroy(&crew.looking_up);
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
