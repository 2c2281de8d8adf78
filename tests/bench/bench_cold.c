/*
 * One cold `facectl recognize` of a small JPEG in a gallery of 1,000 faces, whole process, against loading the models and running
 * them alone, and against a python3-opencv script that does the same work.
 *
 * bench_cold FACECTL DRAW-FACES MODELS REFERENCE.py
 */
/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "bench.h"
#include "gallery/gallery.h"
#include "vision/faces/analyse.h"
#include "vision/models/models.h"

enum { FACES = 1000, ROUNDS = 15 };

static void must(enum fc_status status, const struct fc_error *err)
{
	if (status != FC_OK) {
		FC_IGNORE(fprintf(stderr, "%s\n", err->text));
		exit(1);
	}
}

static double now(void)
{
	struct timespec time;
	FC_IGNORE(clock_gettime(CLOCK_MONOTONIC, &time));
	return (double)time.tv_sec * 1e3 + (double)time.tv_nsec / 1e6;
}

/* The time of a program in milliseconds; negative if it failed. */
static double run(const char *const *arguments)
{
	return bench_process(arguments) * 1e3;
}

/* A gallery of random templates, pinned to the embedder. */
static enum fc_status fill(struct fc_gallery_txn *txn, void *context, struct fc_error *err)
{
	const struct fc_model *embedder = context;
	struct fc_embedder_pin pin = {
		.sha256 = embedder->files[0].sha256,
		.preprocessing = embedder->preprocessing,
		.dimension = embedder->dimension,
		.mirror = embedder->mirror,
	};
	struct fc_space space;
	uint64_t random = 1;
	snprintf(pin.name, sizeof(pin.name), "%s", embedder->name);
	FC_TRY(fc_gallery_set_pin(txn, &pin, err));
	FC_TRY(fc_space_ensure(txn, "bench", &space, err));
	for (uint64_t number = 1; number <= FACES; number++) {
		float template[FC_DIMENSION_MAXIMUM];
		double sum = 0;
		for (size_t i = 0; i < embedder->dimension; i++) {
			random = random * UINT64_C(6364136223846793005) +
				 UINT64_C(1442695040888963407);
			template[i] = (float)(random >> 40) / (float)(1 << 24) - 0.5F;
			sum += (double)template[i] * (double)template[i];
		}
		for (size_t i = 0; i < embedder->dimension; i++) {
			template[i] = (float)((double)template[i] / sqrt(sum));
		}
		struct fc_person person = {
			.space = space.id,
			.has_number = true,
			.number = number,
		};
		FC_TRY(fc_person_add(txn, &person, err));
		struct fc_face_record face = {
			.space = space.id,
			.pid = person.pid,
			.embedding = template,
			.dimension = embedder->dimension,
		};
		memcpy(face.photo.bytes, &number, sizeof(number));
		FC_TRY(fc_face_add(txn, &face, err));
	}
	return FC_OK;
}

struct models {
	struct fc_model *detector, *embedder;
};

/* Read, verify and load both models, and analyse the photo once: milliseconds. */
static double load_and_look(const struct models *models, const struct fc_buffer *photo)
{
	struct fc_error err = { 0 };
	FC_CLEANUP(fc_buffer_release) struct fc_buffer detector = { 0 };
	FC_CLEANUP(fc_buffer_release) struct fc_buffer embedder = { 0 };
	FC_CLEANUP(fc_analyser_freep) struct fc_analyser *analyser = NULL;
	FC_CLEANUP(fc_analysis_release) struct fc_analysis analysis = { 0 };
	double begun = now();
	must(fc_model_read(models->detector, 0, &detector, &err), &err);
	must(fc_model_read(models->embedder, 0, &embedder, &err), &err);
	struct fc_analyser_options options = {
		.detector = models->detector,
		.detector_bytes = &detector,
		.embedder = models->embedder,
		.embedder_bytes = &embedder,
		.limits = { .bytes = 64 << 20, .pixels = 100000000, .side = 20000 },
	};
	must(fc_analyser_new(&options, &analyser, &err), &err);
	must(fc_analyse(analyser, photo->data, photo->length, FC_WANT_TEMPLATES, &analysis, &err),
	     &err);
	return now() - begun;
}

static void keep_best(double *best, double time)
{
	if (time >= 0 && (*best < 0 || time < *best)) {
		*best = time;
	}
}

static char *path_in(const char *folder, const char *name)
{
	char *path = fc_path_join(folder, name);
	if (!path) {
		abort();
	}
	return path;
}

int main(int argc, char **argv)
{
	struct fc_error err = { 0 };
	char folder[] = "/tmp/facectl-bench-XXXXXX";
	if (argc != 5 || !mkdtemp(folder)) {
		FC_IGNORE(
			fprintf(stderr, "usage: bench_cold FACECTL DRAW-FACES MODELS REFERENCE\n"));
		return 2;
	}
	const char *directories[] = { argv[3] };
	const struct fc_model_path path = { directories, 1 };
	struct models models = { 0 };
	must(fc_model_load(&path, "facectl-detect", FC_ROLE_DETECTOR, &models.detector, &err),
	     &err);
	must(fc_model_load(&path, "facectl-embed-2", FC_ROLE_EMBEDDER, &models.embedder, &err),
	     &err);

	char *photo = path_in(folder, "photo.jpg");
	char *gallery_folder = path_in(folder, "gallery");
	char *array = path_in(folder, "gallery.npy");
	const char *draw[] = { argv[2], photo, "ada", "0", "250", NULL };
	FC_CLEANUP(fc_buffer_release) struct fc_buffer bytes = { 0 };
	if (run(draw) < 0) {
		return 1;
	}
	must(fc_file_read(photo, 1 << 20, &bytes, &err), &err);
	struct fc_gallery_options options = {
		.directory = gallery_folder,
		.mode = FC_GALLERY_CREATE,
	};
	struct fc_gallery *gallery = NULL;
	must(fc_gallery_open(&options, &gallery, &err), &err);
	must(fc_gallery_write(gallery, fill, models.embedder, &err), &err);
	fc_gallery_close(gallery);

	const char *facectl[] = { argv[1],   "--gallery", gallery_folder, "recognize",
				  "--space", "bench",     photo,          NULL };
	const char *prepare[] = { "/usr/bin/python3",
				  argv[4],
				  "embed",
				  models.detector->files[0].path,
				  models.embedder->files[0].path,
				  array,
				  photo,
				  NULL };
	const char *python[] = { "/usr/bin/python3",
				 argv[4],
				 "recognize",
				 models.detector->files[0].path,
				 models.embedder->files[0].path,
				 array,
				 photo,
				 NULL };
	bool has_python = run(prepare) >= 0;
	double whole = -1, alone = -1, script = -1;
	for (int round = 0; round < ROUNDS; round++) {
		keep_best(&whole, run(facectl));
		keep_best(&alone, load_and_look(&models, &bytes));
		if (has_python) {
			keep_best(&script, run(python));
		}
	}
	printf("models and inference alone\t%.1f ms\n", alone);
	printf("facectl recognize\t%.1f ms\t%.1f ms more\n", whole, whole - alone);
	if (script > 0) {
		printf("python3-opencv\t%.1f ms\t%.1f x facectl\n", script, script / whole);
	} else {
		printf("python3-opencv\tskipped: not installed\n");
	}
	const char *clean[] = { "/bin/rm", "-r", folder, NULL };
	FC_IGNORE(run(clean));
	fc_model_free(models.detector);
	fc_model_free(models.embedder);
	free(photo);
	free(gallery_folder);
	free(array);
	return whole < 0;
}
