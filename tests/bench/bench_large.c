/*
 * A gallery of a million faces: the cost of a search compared with reading its codes, alone, in a batch and with all processors, and
 * the cost of adding a face compared with a small gallery.
 *
 * bench-large [FACES [DIRECTORY [FACECTL MODELS DRAW_FACES]]]: the gallery is made below DIRECTORY (/tmp) and removed. With a facectl,
 * its folder of models and draw-faces, whole processes that search by template and that enrol a photo are measured too. Exits with 1
 * if a search differs from a full scan.
 */
/* SPDX-License-Identifier: MIT */
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/digest.h"
#include "base/vector.h"
#include "bench.h"
#include "gallery/search/search.h"
#include "gallery/search/segments.h"
#include "memory.h"
#include "vectors.h"
#include "vision/models/models.h"

enum {
	DIMENSION = 128,
	SMALL = 1000,
	PER_CHANGE = 20000,
	BATCH = 64,
	TOP = 10,
	REPETITIONS = 15,
	ADDITIONS = 101,
	ENROLMENTS = 15,
	CHECKED = 20,
	COLD = 5,
};

struct program {
	const char *facectl, *models, *draw_faces;
};

struct bench_gallery {
	char directory[256];
	struct fc_gallery *gallery;
	uint32_t space;
	size_t count;
	float (*vectors)[DIMENSION]; /* of all faces; NULL: not kept */
	struct fc_uuid newest;       /* the person that was added last */
	uint64_t seed;
	struct fc_embedder_pin pin;
};

static void must(enum fc_status status, const struct fc_error *err)
{
	if (status != FC_OK) {
		fprintf(stderr, "bench: %s\n", err->text);
		exit(70);
	}
}

static double now(void)
{
	struct timespec time;
	clock_gettime(CLOCK_MONOTONIC, &time);
	return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

/* ---- filling ---- */

struct addition {
	struct bench_gallery *into;
	size_t count;
};

static enum fc_status add_face(struct fc_gallery_txn *txn, struct bench_gallery *into, size_t index,
			       struct fc_error *err)
{
	float vector[DIMENSION];
	struct fc_person person = { .space = into->space };
	vectors_fill(vector, DIMENSION, &into->seed);
	if (into->vectors) {
		memcpy(into->vectors[index], vector, sizeof(vector));
	}
	FC_TRY(fc_person_add(txn, &person, err));
	into->newest = person.pid;
	struct fc_face_record face = {
		.space = into->space, .pid = person.pid, .embedding = vector, .dimension = DIMENSION
	};
	for (size_t i = 0; i < FC_SHA256_SIZE; i += sizeof(uint64_t)) {
		uint64_t random = vectors_random(&into->seed);
		memcpy(face.photo.bytes + i, &random, sizeof(random));
	}
	return fc_face_add(txn, &face, err);
}

static enum fc_status add_faces(struct fc_gallery_txn *txn, void *context, struct fc_error *err)
{
	const struct addition *addition = context;
	struct bench_gallery *into = addition->into;
	struct fc_space space;
	uint64_t seed = into->seed;
	FC_TRY(fc_gallery_set_pin(txn, &into->pin, err));
	FC_TRY(fc_space_ensure(txn, "bench", &space, err));
	into->space = space.id;
	for (size_t i = 0; i < addition->count; i++) {
		enum fc_status status = add_face(txn, into, into->count + i, err);
		if (status != FC_OK) {
			into->seed = seed; /* the change may run twice */
			return status;
		}
	}
	return FC_OK;
}

static void add(struct bench_gallery *into, size_t count)
{
	struct addition addition = { into, count };
	struct fc_error err = { 0 };
	must(fc_gallery_write(into->gallery, add_faces, &addition, &err), &err);
	into->count += count;
}

static void open_gallery(struct bench_gallery *bench)
{
	struct fc_error err = { 0 };
	const struct fc_gallery_options options = { .directory = bench->directory,
						    .mode = FC_GALLERY_CREATE,
						    .lock_timeout = 1000 };
	must(fc_gallery_open(&options, &bench->gallery, &err), &err);
}

static void make_gallery(struct bench_gallery *bench, const char *below, size_t count)
{
	snprintf(bench->directory, sizeof(bench->directory), "%s/facectl-bench.XXXXXX", below);
	if (!mkdtemp(bench->directory)) {
		perror(bench->directory);
		exit(70);
	}
	open_gallery(bench);
	double before = now();
	while (bench->count < count) {
		size_t left = count - bench->count;
		add(bench, left < PER_CHANGE ? left : PER_CHANGE);
	}
	double taken = now() - before;
	uint64_t bytes = 0;
	must(fc_store_bytes(bench->gallery, &bytes, NULL), NULL);
	printf("filling with %zu faces, each a person   %8.1f s   %.0f faces a second, %.0f bytes "
	       "a face\n",
	       count, taken, (double)count / taken, (double)bytes / (double)count);
}

static void remove_gallery(struct bench_gallery *bench)
{
	char command[300];
	fc_gallery_close(bench->gallery);
	snprintf(command, sizeof(command), "rm -rf '%s'", bench->directory);
	if (system(command) != 0) {
		fprintf(stderr, "bench: '%s' is still there\n", bench->directory);
	}
}

/* ---- searching ---- */

struct search {
	struct bench_gallery *bench;
	struct fc_gallery_txn *txn;
	float probes[BATCH][DIMENSION];
	size_t count;
	struct fc_search_hit hits[BATCH * TOP];
	size_t counts[BATCH];
	uint64_t seen;
};

static void run_search(void *context)
{
	struct search *search = context;
	struct fc_error err = { 0 };
	must(fc_search(search->txn, search->bench->space, search->probes[0], search->count,
		       DIMENSION, TOP, search->hits, search->counts, &err),
	     &err);
}

static enum fc_status read_codes(void *context, const struct fc_segment *segment, bool *more,
				 struct fc_error *err)
{
	struct search *search = context;
	struct fc_scan_set set;
	(void)more;
	FC_TRY(fc_segments_view(search->txn, search->bench->space, segment, &set, err));
	search->seen ^= bench_read_at(0)->run(
		set.packed.high, 2 * fc_packed_plane_bytes(set.packed.count, set.packed.padded));
	return FC_OK;
}

/* Only read the codes of every segment in place. */
static void run_read(void *context)
{
	struct search *search = context;
	struct fc_error err = { 0 };
	must(fc_segments_each(search->txn, search->bench->space, read_codes, search, &err), &err);
}

/* Every face has its own person, and ids are consecutive. */
static size_t count_differences(const struct search *search)
{
	size_t different = 0;
	for (size_t p = 0; p < CHECKED; p++) {
		struct fc_top expected;
		bool same = search->counts[p] == TOP;
		must(fc_top_init(&expected, TOP, NULL), &(struct fc_error){ .text = "no memory" });
		for (uint64_t i = 0; i < search->bench->count; i++) {
			struct fc_search_hit hit = { .mean = i + 1 };
			hit.score = fc_dot(search->bench->vectors[i], search->probes[p], DIMENSION);
			fc_top_offer(&expected, &hit);
		}
		fc_top_sort(&expected);
		for (size_t i = 0; same && i < TOP; i++) {
			const struct fc_search_hit *hit = &search->hits[p * TOP + i];
			same = hit->mean == expected.hits[i].mean &&
			       hit->score == expected.hits[i].score;
		}
		different += !same;
		fc_top_release(&expected);
	}
	return different;
}

static void use_one_processor(void)
{
	cpu_set_t one;
	CPU_ZERO(&one);
	CPU_SET((size_t)sched_getcpu(), &one);
	if (sched_setaffinity(0, sizeof(one), &one) != 0) {
		perror("sched_setaffinity");
		exit(70);
	}
}

/* Wall time of the first search of a gallery whose file is not in the page cache. */
static double search_cold(struct search *search)
{
	struct bench_gallery *bench = search->bench;
	struct fc_error err = { 0 };
	char path[300];
	double best = 1e9;
	snprintf(path, sizeof(path), "%s/data.mdb", bench->directory);
	for (int i = 0; i < COLD; i++) {
		fc_gallery_close(bench->gallery);
		int fd = open(path, O_RDONLY | O_CLOEXEC);
		if (fd < 0 || fsync(fd) != 0 || posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED) != 0) {
			perror(path);
			exit(70);
		}
		close(fd);
		open_gallery(bench);
		must(fc_gallery_begin_read(bench->gallery, &search->txn, &err), &err);
		double before = now();
		run_search(search);
		double taken = now() - before;
		best = taken < best ? taken : best;
		fc_gallery_end_read(search->txn);
	}
	return best;
}

static double wall(struct search *search)
{
	double best = 1e9;
	for (int i = 0; i < REPETITIONS; i++) {
		double before = now();
		run_search(search);
		double taken = now() - before;
		best = taken < best ? taken : best;
	}
	return best;
}

/* A program that reads one face record: the cost without the search. */
static void measure_process(struct bench_gallery *bench, const struct program *program,
			    const struct search *search, double search_wall)
{
	char record[300];
	FC_CLEANUP(fc_buffer_release) struct fc_buffer text = { 0 };
	snprintf(record, sizeof(record), "%s.record", bench->directory);
	fc_base64_append(&text, search->probes[0], sizeof(search->probes[0]));
	FILE *file = fopen(record, "w");
	if (!file || fprintf(file, "{\"model\":\"%s\",\"template\":\"%s\"}\n", bench->pin.name,
			     fc_buffer_text(&text)) < 0) {
		perror(record);
		exit(70);
	}
	fclose(file);
	const char *const words[] = { program->facectl,
				      "--model-path",
				      program->models,
				      "--gallery",
				      bench->directory,
				      "--format",
				      "ndjson",
				      "profiles",
				      "search",
				      "--space",
				      "bench",
				      "--top",
				      "10",
				      "--template",
				      record,
				      NULL };
	const char *const idle[] = { program->facectl, "version", NULL };
	double best = 1e9, least = 1e9;
	for (int i = 0; i < REPETITIONS; i++) {
		double taken = bench_process(words);
		if (taken < 0) {
			fprintf(stderr, "bench: %s failed\n", program->facectl);
			exit(70);
		}
		best = taken < best ? taken : best;
		taken = bench_process(idle);
		least = taken < least ? taken : least;
	}
	unlink(record);
	printf("facectl profiles search --template       %8.2f ms  %.1f ms more than the search\n",
	       best * 1e3, (best - search_wall) * 1e3);
	printf("facectl version                          %8.2f ms\n", least * 1e3);
}

/* program NULL: no process is measured. */
static size_t measure_search(struct bench_gallery *bench, const struct program *program)
{
	static struct search search;
	struct fc_error err = { 0 };
	cpu_set_t all;
	uint64_t seed = 9;
	search.bench = bench;
	for (size_t i = 0; i < BATCH; i++) {
		vectors_fill(search.probes[i], DIMENSION, &seed);
	}
	sched_getaffinity(0, sizeof(all), &all);
	search.count = 1;
	double cold = search_cold(&search);
	/* opened again, so that its pages are not mapped yet */
	fc_gallery_close(bench->gallery);
	open_gallery(bench);
	must(fc_gallery_begin_read(bench->gallery, &search.txn, &err), &err);
	use_one_processor();
	double first = bench_once(run_search, &search);
	sched_setaffinity(0, sizeof(all), &all);
	double threads = wall(&search);

	use_one_processor();
	double read = bench_best(run_read, &search, REPETITIONS);
	double one = bench_best(run_search, &search, REPETITIONS);
	double one_wall = wall(&search);
	search.count = BATCH;
	double batch = bench_best(run_search, &search, REPETITIONS / 3);
	printf("reading the codes once, one thread       %8.2f ms\n", read * 1e3);
	printf("search, one probe, one thread            %8.2f ms  %.2f x the reading\n", one * 1e3,
	       one / read);
	printf("search, the first after opening          %8.2f ms  %.2f x the reading\n",
	       first * 1e3, first / read);
	printf("search, the first, file not in page cache %8.2f ms\n", cold * 1e3);
	printf("search, one probe, %2d processors         %8.2f ms  %.2f x one thread\n",
	       CPU_COUNT(&all), threads * 1e3, threads / one_wall);
	printf("search, %d probes at once, one thread    %8.2f ms  %.1f x the probes per second\n",
	       BATCH, batch * 1e3, one * BATCH / batch);
	double batch_one_wall = wall(&search);
	sched_setaffinity(0, sizeof(all), &all);
	double batch_threads = wall(&search);
	printf("search, %d probes, %2d processors         %8.2f ms  %.2f x one thread\n", BATCH,
	       CPU_COUNT(&all), batch_threads * 1e3, batch_threads / batch_one_wall);
	if (program) {
		measure_process(bench, program, &search, threads);
	}
	size_t different = count_differences(&search);
	printf("%d probes against a full scan: %zu differ\n", CHECKED, different);
	fc_gallery_end_read(search.txn);
	return different;
}

/* ---- adding ---- */

static int by_size(const void *a, const void *b)
{
	const double *x = a, *y = b;
	return (*x > *y) - (*x < *y);
}

static double median(double *times, size_t count)
{
	qsort(times, count, sizeof(times[0]), by_size);
	return times[count / 2];
}

static void print_change(const char *what, double few, const struct bench_gallery *large,
			 double many)
{
	printf("%s, %d faces   %8.2f ms\n", what, SMALL, few * 1e3);
	printf("the same, %zu faces   %8.2f ms  %.2f x that\n", large->count, many * 1e3,
	       many / few);
}

static double add_one(struct bench_gallery *bench)
{
	double before = now();
	add(bench, 1);
	return now() - before;
}

static enum fc_status delete_newest(struct fc_gallery_txn *txn, void *context, struct fc_error *err)
{
	const struct bench_gallery *bench = context;
	return fc_person_delete(txn, &bench->newest, err);
}

static double delete_one(struct bench_gallery *bench)
{
	struct fc_error err = { 0 };
	double before = now();
	must(fc_gallery_write(bench->gallery, delete_newest, bench, &err), &err);
	return now() - before;
}

/* alternating, so that the disk is equally busy for both */
static void measure_changes(struct bench_gallery *small, struct bench_gallery *large)
{
	double few[ADDITIONS], many[ADDITIONS], few_deleted[ADDITIONS], many_deleted[ADDITIONS];
	for (size_t i = 0; i < ADDITIONS; i++) {
		few[i] = add_one(small);
		many[i] = add_one(large);
		few_deleted[i] = delete_one(small);
		many_deleted[i] = delete_one(large);
	}
	print_change("deleting a person with a face, synced", median(few_deleted, ADDITIONS), large,
		     median(many_deleted, ADDITIONS));
	print_change("adding a person with a face, synced", median(few, ADDITIONS), large,
		     median(many, ADDITIONS));
}

/* A photo with a new hash: bytes after the end of a JPEG are ignored. */
static void touch_photo(const char *path, uint32_t number)
{
	FILE *file = fopen(path, "ab");
	if (!file || fwrite(&number, sizeof(number), 1, file) != 1 || fclose(file) != 0) {
		perror(path);
		exit(70);
	}
}

static double enrol_one(const struct bench_gallery *bench, const struct program *program,
			const char *photo)
{
	const char *const words[] = {
		program->facectl, "--model-path", program->models, "--gallery",
		bench->directory, "set",          "--space",       "bench",
		"--person-id",    "1000000001",   photo,           NULL
	};
	double taken = bench_process(words);
	if (taken < 0) {
		fprintf(stderr, "bench: %s failed\n", program->facectl);
		exit(70);
	}
	return taken;
}

/* Like measure_adding, but with a whole `facectl set`. */
static void measure_enrolling(const struct bench_gallery *small, const struct bench_gallery *large,
			      const struct program *program)
{
	double few[ENROLMENTS], many[ENROLMENTS];
	char photo[300];
	snprintf(photo, sizeof(photo), "%s/drawn.jpg", small->directory);
	const char *const draw[] = { program->draw_faces, photo, "ada", NULL };
	if (bench_process(draw) < 0) {
		fprintf(stderr, "bench: %s failed\n", program->draw_faces);
		exit(70);
	}
	for (uint32_t i = 0; i < ENROLMENTS; i++) {
		touch_photo(photo, i);
		few[i] = enrol_one(small, program, photo);
		many[i] = enrol_one(large, program, photo);
	}
	print_change("facectl set of a photo", median(few, ENROLMENTS), large,
		     median(many, ENROLMENTS));
}

/* Pinned to the installed embedder if its folder is given, so that facectl accepts the gallery. */
static struct fc_embedder_pin make_pin(const char *models)
{
	struct fc_embedder_pin pin = { .dimension = DIMENSION, .name = "bench" };
	const struct fc_model_path path = { &models, 1 };
	struct fc_model *embedder = NULL;
	struct fc_error err = { 0 };
	if (models) {
		must(fc_model_load(&path, "facectl-embed-2", FC_ROLE_EMBEDDER, &embedder, &err),
		     &err);
		pin.sha256 = embedder->files[0].sha256;
		pin.preprocessing = embedder->preprocessing;
		pin.mirror = embedder->mirror;
		snprintf(pin.name, sizeof(pin.name), "%s", embedder->name);
		fc_model_free(embedder);
	}
	return pin;
}

int main(int argc, char **argv)
{
	size_t count = argc > 1 ? (size_t)strtoull(argv[1], NULL, 10) : 1000000;
	const char *below = argc > 2 ? argv[2] : "/tmp";
	static struct bench_gallery small = { .seed = 1 }, large = { .seed = 2 };
	struct program all;
	const struct program *program = NULL;
	if (argc > 5) {
		all = (struct program){ argv[3], argv[4], argv[5] };
		program = &all;
	}
	setvbuf(stdout, NULL, _IOLBF, 0);
	small.pin = large.pin = make_pin(program ? program->models : NULL);
	large.vectors = bench_memory((count + ADDITIONS) * sizeof(*large.vectors));
	make_gallery(&large, below, count);
	size_t different = measure_search(&large, program);
	make_gallery(&small, below, SMALL);
	measure_changes(&small, &large);
	if (program) {
		measure_enrolling(&small, &large, program);
	}
	remove_gallery(&small);
	remove_gallery(&large);
	return different > 0;
}
