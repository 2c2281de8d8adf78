/* A directory for each test, and galleries with persons and faces made from seeds. */
/* SPDX-License-Identifier: MIT */
#ifndef SCRATCH_H
#define SCRATCH_H

#include "unit.h"

#include <stdbool.h>
#include <sys/types.h>

#include "gallery/gallery.h"
#include "gallery/store.h"

enum { DIMENSION = 128 };

struct scratch {
	char directory[64];
	char gallery[80]; /* within directory; not made yet */
	char file[128];   /* of scratch_file */
};

/* Setup and teardown of a cmocka test; *state is a struct scratch. */
int enter_scratch(void **state);
int leave_scratch(void **state);

/* The path of a file in the gallery; good until the next call. */
const char *scratch_file(struct scratch *scratch, const char *name);

/* Open with a lock timeout of 10 seconds. */
enum fc_status try_open(const struct scratch *scratch, enum fc_gallery_mode mode,
			struct fc_gallery **out, struct fc_error *err);
/* As try_open, and must succeed. */
struct fc_gallery *must_open(const struct scratch *scratch, enum fc_gallery_mode mode);
struct fc_gallery_txn *must_read(struct fc_gallery *gallery);

/* A template of length 1 that depends on nothing but seed. */
void make_template(uint64_t seed, float out[DIMENSION]);
struct fc_embedder_pin make_pin(void);

/* One photo of one person: the space, the person if new, a face, and an entry of it. */
struct enrolment {
	const char *space;
	uint64_t number; /* the person's */
	uint64_t seed;   /* of the template and the photo's digest */
	/* results */
	struct fc_uuid pid;
	uint64_t face, entry;
};

enum fc_status enrol(struct fc_gallery_txn *txn, void *enrolment, struct fc_error *err);
void must_enrol(struct fc_gallery *gallery, const char *space, uint64_t number, uint64_t seed);

/* The check finds no problem; its report. */
struct fc_check_report must_check(struct fc_gallery *gallery);
/* Check, tolerate damage: how many problems there are, -1 when the check could not end. */
long count_problems(struct fc_gallery *gallery);

/* Run in a child process, which ends with what run returns. */
pid_t start_child(int (*run)(void *context), void *context);
/* Wait for a child; its exit status, or 128 + N after signal N. */
int wait_for_child(pid_t child);

#endif
