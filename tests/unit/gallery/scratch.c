/* A directory for each test, galleries in it, and what is put into them: persons and faces made from seeds. */
/* SPDX-License-Identifier: MIT */
#include "scratch.h"

#include <fcntl.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

bool is_in_postgres(void)
{
	const char *store = getenv("FACECTL_TEST_STORE");
	return store && strcmp(store, "postgres") == 0;
}

/* Create an empty database with a name of its own in the server of tests/tools/with_postgres. */
static int make_database(struct scratch *scratch)
{
	const char *socket = getenv("FACECTL_TEST_POSTGRES"),
		   *name = strrchr(scratch->directory, '.') + 1;
	char command[256];
	snprintf(command, sizeof(command),
		 "psql -q -h '%s' -U facectl -d postgres -c 'CREATE DATABASE \"%s\"'", socket,
		 name);
	snprintf(scratch->gallery, sizeof(scratch->gallery), "postgresql://facectl@/%s?host=%s",
		 name, socket);
	return system(command);
}

int enter_scratch(void **state)
{
	struct scratch *scratch = calloc(1, sizeof(*scratch));
	if (!scratch) {
		return -1;
	}
	*state = scratch;
	snprintf(scratch->directory, sizeof(scratch->directory), "/tmp/facectl-gallery.XXXXXX");
	if (!mkdtemp(scratch->directory)) {
		return -1;
	}
	snprintf(scratch->gallery, sizeof(scratch->gallery), "%s/gallery", scratch->directory);
	return is_in_postgres() ? make_database(scratch) : 0;
}

int leave_scratch(void **state)
{
	struct scratch *scratch = *state;
	char command[128];
	snprintf(command, sizeof(command), "rm -rf '%s'", scratch->directory);
	int removed = system(command);
	free(scratch);
	return removed == 0 ? 0 : -1;
}

int enter_gallery(void **state)
{
	if (enter_scratch(state) != 0) {
		return -1;
	}
	struct scratch *scratch = *state;
	scratch->open = must_open(scratch, FC_GALLERY_CREATE);
	return 0;
}

int leave_gallery(void **state)
{
	const struct scratch *scratch = *state;
	must_check(scratch->open);
	fc_gallery_close(scratch->open);
	return leave_scratch(state);
}

struct fc_gallery *gallery_of(void **state)
{
	const struct scratch *scratch = *state;
	return scratch->open;
}

const char *scratch_file(struct scratch *scratch, const char *name)
{
	snprintf(scratch->file, sizeof(scratch->file), "%s/%s", scratch->gallery, name);
	return scratch->file;
}

enum fc_status try_open(const struct scratch *scratch, enum fc_gallery_mode mode,
			struct fc_gallery **out, struct fc_error *err)
{
	char cache[sizeof(scratch->directory) + 8];
	snprintf(cache, sizeof(cache), "%s/cache", scratch->directory);
	const struct fc_gallery_server server = { .module = getenv("FACECTL_TEST_MODULE"),
						  .version = FC_TEST_VERSION,
						  .cache = cache };
	const struct fc_gallery_options options = { .directory = scratch->gallery,
						    .server = &server,
						    .mode = mode,
						    .lock_timeout = 10000 };
	return fc_gallery_open(&options, out, err);
}

struct fc_gallery *must_open(const struct scratch *scratch, enum fc_gallery_mode mode)
{
	struct fc_gallery *gallery = NULL;
	struct fc_error err = { 0 };
	if (try_open(scratch, mode, &gallery, &err) != FC_OK) {
		fail_msg("%s", err.text);
	}
	return gallery;
}

struct fc_gallery_txn *must_read(struct fc_gallery *gallery)
{
	struct fc_gallery_txn *txn = NULL;
	assert_int_equal(fc_gallery_begin_read(gallery, &txn, NULL), FC_OK);
	return txn;
}

struct fc_space must_find_space(struct fc_gallery *gallery, const char *name)
{
	struct fc_space space = { 0 };
	struct fc_gallery_txn *txn = must_read(gallery);
	assert_int_equal(fc_space_find(txn, name, &space, NULL), FC_OK);
	fc_gallery_end_read(txn);
	return space;
}

void expect_write(struct fc_gallery *gallery, fc_gallery_change *change, void *context,
		  enum fc_status expected)
{
	struct fc_error err = { 0 };
	enum fc_status status = fc_gallery_write(gallery, change, context, &err);
	if (status != expected) {
		fail_msg("%s instead of %s: %s", fc_status_name(status), fc_status_name(expected),
			 err.text);
	}
}

void must_write(struct fc_gallery *gallery, fc_gallery_change *change, void *context)
{
	expect_write(gallery, change, context, FC_OK);
}

enum fc_status add_person_to_5(struct fc_gallery_txn *txn, void *person, struct fc_error *err)
{
	struct fc_person *added = person;
	struct fc_space space;
	FC_TRY(fc_space_ensure(txn, "5", &space, err));
	added->space = space.id;
	return fc_person_add(txn, added, err);
}

enum fc_status add_entry_to_5(struct fc_gallery_txn *txn, void *entry, struct fc_error *err)
{
	struct fc_entry *added = entry;
	struct fc_space space;
	FC_TRY(fc_space_ensure(txn, "5", &space, err));
	added->space = space.id;
	return fc_entry_add(txn, added, err);
}

/* SplitMix64, by Steele, Lea and Flood (2014). */
static uint64_t next_random(uint64_t *seed)
{
	uint64_t value = *seed += UINT64_C(0x9E3779B97F4A7C15);
	value = (value ^ value >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
	value = (value ^ value >> 27) * UINT64_C(0x94D049BB133111EB);
	return value ^ value >> 31;
}

void make_template(uint64_t seed, float out[DIMENSION])
{
	double values[DIMENSION], sum = 0;
	for (size_t i = 0; i < DIMENSION; i++) {
		values[i] = (double)next_random(&seed) / (double)UINT64_MAX - 0.5;
		sum += values[i] * values[i];
	}
	for (size_t i = 0; i < DIMENSION; i++) {
		out[i] = (float)(values[i] / sqrt(sum));
	}
}

struct fc_embedder_pin make_pin(void)
{
	struct fc_embedder_pin pin = { .preprocessing = 1,
				       .dimension = DIMENSION,
				       .name = "seeds" };
	memset(pin.sha256.bytes, 0xAB, sizeof(pin.sha256.bytes));
	return pin;
}

static enum fc_status find_or_add(struct fc_gallery_txn *txn, uint32_t space, uint64_t number,
				  struct fc_uuid *pid, struct fc_error *err)
{
	FC_CLEANUP(fc_person_release) struct fc_person person = { 0 };
	enum fc_status status = fc_person_by_number(txn, space, number, &person, err);
	if (status == FC_OK) {
		*pid = person.pid;
		return FC_OK;
	}
	struct fc_person added = { .space = space, .has_number = true, .number = number };
	status = status == FC_NOT_FOUND ? fc_person_add(txn, &added, err) : status;
	*pid = added.pid;
	return status;
}

enum fc_status enrol(struct fc_gallery_txn *txn, void *enrolment, struct fc_error *err)
{
	struct enrolment *wanted = enrolment;
	struct fc_space space;
	float embedding[DIMENSION];
	char origin[] = "cli";
	const struct fc_embedder_pin pin = make_pin();
	make_template(wanted->seed, embedding);

	struct fc_face_record face = { .embedding = embedding,
				       .dimension = DIMENSION,
				       .origin = origin };
	memcpy(face.photo.bytes, &wanted->seed, sizeof(wanted->seed));
	FC_TRY(fc_gallery_set_pin(txn, &pin, err));
	FC_TRY(fc_space_ensure(txn, wanted->space, &space, err));
	FC_TRY(find_or_add(txn, space.id, wanted->number, &face.pid, err));
	face.space = space.id;
	FC_TRY(fc_face_add(txn, &face, err));

	struct fc_entry entry = { .space = space.id,
				  .result = FC_RESULT_NEW,
				  .has_pid = true,
				  .pid = face.pid,
				  .photo = face.photo,
				  .model = pin.sha256,
				  .origin = origin };
	FC_TRY(fc_entry_add(txn, &entry, err));
	wanted->pid = face.pid;
	wanted->face = face.id;
	wanted->entry = entry.id;
	return FC_OK;
}

void must_enrol(struct fc_gallery *gallery, const char *space, uint64_t number, uint64_t seed)
{
	struct enrolment enrolment = { .space = space, .number = number, .seed = seed };
	must_write(gallery, enrol, &enrolment);
}

enum fc_status find_nearest(struct fc_gallery_txn *txn, uint32_t space, uint64_t seed,
			    struct fc_search_hit *hit, size_t *count, struct fc_error *err)
{
	float probe[DIMENSION];
	make_template(seed, probe);
	return fc_search(txn, space, probe, 1, DIMENSION, 1, hit, count, err);
}

static void fail_with(const char *text, void *context)
{
	(void)context;
	fail_msg("%s", text);
}

struct fc_check_report must_check(struct fc_gallery *gallery)
{
	struct fc_check_report report = { 0 };
	struct fc_error err = { 0 };
	if (fc_gallery_check(gallery, fail_with, NULL, &report, &err) != FC_OK) {
		fail_msg("%s", err.text);
	}
	assert_int_equal(report.problems, 0);
	return report;
}

static void count_one(const char *text, void *context)
{
	long *count = context;
	(void)text;
	++*count;
}

long count_problems(struct fc_gallery *gallery)
{
	long count = 0;
	struct fc_check_report report = { 0 };
	if (fc_gallery_check(gallery, count_one, &count, &report, NULL) != FC_OK) {
		return -1;
	}
	return count == (long)report.problems ? count : -1;
}

pid_t start_child(int (*run)(void *context), void *context)
{
	pid_t child = fork();
	if (child == 0) {
		/* cmocka catches these and would go on with the tests. */
		static const int caught[] = { SIGSEGV, SIGBUS, SIGABRT, SIGFPE, SIGILL };
		for (size_t i = 0; i < FC_ARRAY_LENGTH(caught); i++) {
			signal(caught[i], SIG_DFL);
		}
		_exit(run(context));
	}
	assert_true(child > 0);
	return child;
}

int wait_for_child(pid_t child)
{
	int status = 0;
	assert_int_equal(waitpid(child, &status, 0), child);
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

bool file_has_template(struct scratch *scratch, uint64_t seed)
{
	struct stat info;
	float template[DIMENSION];
	int fd = open(scratch_file(scratch, "data.mdb"), O_RDONLY | O_CLOEXEC);
	assert_true(fd >= 0);
	assert_int_equal(fstat(fd, &info), 0);
	void *bytes = mmap(NULL, (size_t)info.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	assert_true(bytes != MAP_FAILED);
	make_template(seed, template);
	bool found = memmem(bytes, (size_t)info.st_size, template, sizeof(template)) != NULL;
	munmap(bytes, (size_t)info.st_size);
	close(fd);
	return found;
}
