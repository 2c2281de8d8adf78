/* The cost of a gallery: opening, a durable change, and searches of 1,000 and 100,000 faces. */
/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench.h"
#include "gallery/gallery.h"
#include "gallery/search/search.h"

enum { DIMENSION = 128, FEW = 1000, MANY = 100000, BATCH = 10000 };

static void must(enum fc_status status, const struct fc_error *err)
{
	if (status != FC_OK) {
		FC_IGNORE(fprintf(stderr, "%s\n", err->text));
		abort();
	}
}

struct bench_gallery {
	char directory[64];
	struct fc_gallery *gallery;
	const char *space;
	struct fc_uuid pid; /* the person that faces are added to */
	uint64_t next;      /* number of the next face */
	uint64_t batch;
};

static void make_template(uint64_t number, float out[DIMENSION])
{
	uint64_t random = number;
	double sum = 0;
	for (size_t i = 0; i < DIMENSION; i++) {
		random = random * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
		out[i] = (float)(random >> 40) / (float)(1 << 24) - 0.5F;
		sum += (double)out[i] * out[i];
	}
	for (size_t i = 0; i < DIMENSION; i++) {
		out[i] = (float)(out[i] / sqrt(sum));
	}
}

/* Add a batch of faces, with a new person for every tenth one. */
static enum fc_status add_batch(struct fc_gallery_txn *txn, void *context, struct fc_error *err)
{
	struct bench_gallery *bench = context;
	const struct fc_embedder_pin pin = { .dimension = DIMENSION, .name = "bench" };
	struct fc_space space;
	float embedding[DIMENSION];
	FC_TRY(fc_gallery_set_pin(txn, &pin, err));
	FC_TRY(fc_space_ensure(txn, bench->space, &space, err));
	for (uint64_t i = bench->next; i < bench->next + bench->batch; i++) {
		struct fc_person person = { .space = space.id };
		if (i % 10 == 0 || i == bench->next) {
			FC_TRY(fc_person_add(txn, &person, err));
			bench->pid = person.pid;
		}
		struct fc_face_record face = { .space = space.id,
					       .pid = bench->pid,
					       .embedding = embedding,
					       .dimension = DIMENSION };
		make_template(i, embedding);
		memcpy(face.photo.bytes, &i, sizeof(i));
		FC_TRY(fc_face_add(txn, &face, err));
	}
	return FC_OK;
}

static void add(struct bench_gallery *bench)
{
	struct fc_error err = { 0 };
	must(fc_gallery_write(bench->gallery, add_batch, bench, &err), &err);
	bench->next += bench->batch;
}

static void add_one(void *context)
{
	struct bench_gallery *bench = context;
	bench->batch = 1;
	add(bench);
}

static void open_and_close(void *context)
{
	struct bench_gallery *bench = context;
	struct fc_error err = { 0 };
	const struct fc_gallery_options options = { .directory = bench->directory,
						    .mode = FC_GALLERY_CREATE,
						    .lock_timeout = 1000 };
	fc_gallery_close(bench->gallery);
	must(fc_gallery_open(&options, &bench->gallery, &err), &err);
}

static void search(void *context)
{
	struct bench_gallery *bench = context;
	struct fc_error err = { 0 };
	struct fc_space space;
	struct fc_search_hit hits[5];
	size_t count;
	float probe[DIMENSION];
	FC_CLEANUP(fc_gallery_end_readp) struct fc_gallery_txn *txn = NULL;
	make_template(7, probe);
	must(fc_gallery_begin_read(bench->gallery, &txn, &err), &err);
	must(fc_space_find(txn, bench->space, &space, &err), &err);
	must(fc_search(txn, space.id, probe, 1, DIMENSION, 5, hits, &count, &err), &err);
}

static void fill(struct bench_gallery *bench, const char *space, uint64_t count)
{
	bench->space = space;
	bench->batch = count < BATCH ? count : BATCH;
	for (uint64_t done = 0; done < count; done += bench->batch) {
		add(bench);
	}
}

int main(void)
{
	struct bench_gallery bench = { .directory = "/tmp/facectl-bench.XXXXXX" };
	if (!mkdtemp(bench.directory)) {
		return 1;
	}
	bench_header();
	open_and_close(&bench);
	fill(&bench, "few", FEW);
	bench_run("search, 1,000 faces", search, &bench, FEW, "faces");
	bench_run("add one face, synced", add_one, &bench, 1, "faces");
	fill(&bench, "many", MANY);
	bench_run("search, 100,000 faces", search, &bench, MANY, "faces");
	bench_run("add one face to 100,000, synced", add_one, &bench, 1, "faces");
	bench_run("open and close, 100,000 faces", open_and_close, &bench, 1, "galleries");
	fc_gallery_close(bench.gallery);
	char command[96];
	snprintf(command, sizeof(command), "rm -rf '%s'", bench.directory);
	return system(command);
}
