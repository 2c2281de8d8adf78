/*
 * A gallery with a log of any length, for tests and measurements: write-log GALLERY COUNT [PERSONS]
 *
 * Entries are spread evenly over the year 2022, in the spaces door and office in turn, every third one from origin camera. What
 * models would measure is made up from the entry's number i: age i % 100, sex, mood and liveness each value in turn. Prints the
 * id of the first person.
 *
 * write-log GALLERY hold begins to read the gallery and stops itself.
 */
/* SPDX-License-Identifier: MIT */
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gallery/gallery.h"
#include "gallery/rows/origin.h"

/* 2022-01-01T00:00:00Z */
#define FIRST INT64_C(1640995200000000)
#define YEAR (INT64_C(365) * 86400 * 1000000)

enum { BATCH = 20000 };

struct job {
	uint64_t count, done;
	size_t persons;
	uint32_t spaces[2];
	struct fc_uuid *pids; /* even ones in door, odd ones in office */
};

static enum fc_status prepare(struct fc_gallery_txn *txn, void *context, struct fc_error *err)
{
	struct job *job = context;
	static const char *const names[] = { "door", "office" };
	struct fc_origin camera = { .name = "camera",
				    .settings = fc_origin_settings_default(NULL) };
	for (size_t i = 0; i < FC_ARRAY_LENGTH(names); i++) {
		struct fc_space space;
		FC_TRY(fc_space_ensure(txn, names[i], &space, err));
		job->spaces[i] = space.id;
	}
	camera.space = job->spaces[0];
	FC_TRY(fc_origin_add(txn, &camera, err));
	for (size_t i = 0; i < job->persons; i++) {
		struct fc_person person = { .space = job->spaces[i % 2] };
		FC_TRY(fc_person_add(txn, &person, err));
		job->pids[i] = person.pid;
	}
	return FC_OK;
}

static struct fc_entry make_entry(const struct job *job, uint64_t i)
{
	static char camera[] = "camera";
	static char cli[] = FC_ORIGIN_CLI;
	size_t person = (size_t)(i % job->persons);
	struct fc_entry entry = {
		.created = FIRST + (int64_t)(i * (uint64_t)(YEAR / (int64_t)job->count)),
		.space = job->spaces[person % 2],
		.result = (enum fc_result)(FC_RESULT_NEW + i % 4), /* new, exact, junk, ha */
		.has_pid = true,
		.pid = job->pids[person],
		.has_similarity = true,
		.similarity = 0.7f,
		.has_match = true,
		.match = 80,
		.confidence = 0.9f,
		.face_pixels = 14280,
		.has_age = true,
		.age = (uint8_t)(i % 100),
		.sex = (enum fc_sex)(FC_SEX_MALE + i % 2),
		.mood = (enum fc_mood)(FC_MOOD_NEUTRAL + i % 8),
		.liveness = (enum fc_liveness)(FC_LIVENESS_PASSED + i % 3),
		.origin = i % 3 == 0 && person % 2 == 0 ? camera : cli,
	};
	if (i % 10 == 9) { /* no person */
		entry.result = FC_RESULT_NM;
		entry.has_pid = entry.has_similarity = entry.has_match = false;
	}
	memcpy(entry.photo.bytes, &i, sizeof(i));
	return entry;
}

static enum fc_status write_batch(struct fc_gallery_txn *txn, void *context, struct fc_error *err)
{
	const struct job *job = context;
	uint64_t end = job->done + BATCH < job->count ? job->done + BATCH : job->count;
	for (uint64_t i = job->done; i < end; i++) {
		struct fc_entry entry = make_entry(job, i);
		FC_TRY(fc_entry_add(txn, &entry, err));
	}
	return FC_OK;
}

static enum fc_status write_log(const char *directory, struct job *job, struct fc_error *err)
{
	FC_CLEANUP(fc_gallery_closep) struct fc_gallery *gallery = NULL;
	const struct fc_gallery_options options = {
		.directory = directory,
		.mode = FC_GALLERY_CREATE,
		.lock_timeout = 10000,
	};
	FC_TRY(fc_gallery_open(&options, &gallery, err));
	FC_TRY(fc_gallery_write(gallery, prepare, job, err));
	while (job->done < job->count) {
		FC_TRY(fc_gallery_write(gallery, write_batch, job, err));
		job->done += BATCH;
	}
	return FC_OK;
}

static enum fc_status hold(const char *directory, struct fc_error *err)
{
	FC_CLEANUP(fc_gallery_closep) struct fc_gallery *gallery = NULL;
	FC_CLEANUP(fc_gallery_end_readp) struct fc_gallery_txn *txn = NULL;
	const struct fc_gallery_options options = { .directory = directory,
						    .mode = FC_GALLERY_READ };
	FC_TRY(fc_gallery_open(&options, &gallery, err));
	FC_TRY(fc_gallery_begin_read(gallery, &txn, err));
	raise(SIGSTOP);
	return FC_OK;
}

int main(int argc, char **argv)
{
	struct fc_error err = { 0 };
	if (argc < 3) {
		fprintf(stderr, "usage: write-log GALLERY COUNT [PERSONS] | GALLERY hold\n");
		return 2;
	}
	if (strcmp(argv[2], "hold") == 0) {
		enum fc_status held = hold(argv[1], &err);
		fprintf(stderr, "%s", held == FC_OK ? "" : err.text);
		return held == FC_OK ? 0 : 1;
	}
	struct job job = {
		.count = strtoull(argv[2], NULL, 10),
		.persons = argc > 3 ? strtoul(argv[3], NULL, 10) : 4,
	};
	job.pids = calloc(job.persons, sizeof(*job.pids));
	if (job.count == 0 || job.persons == 0 || !job.pids) {
		fprintf(stderr, "write-log: counts are 1 or more\n");
		return 2;
	}
	if (write_log(argv[1], &job, &err) != FC_OK) {
		fprintf(stderr, "write-log: %s\n", err.text);
		return 1;
	}
	char pid[FC_UUID_TEXT_SIZE];
	fc_uuid_format(&job.pids[0], pid);
	puts(pid);
	free(job.pids);
	return 0;
}
