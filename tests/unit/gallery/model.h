/* A gallery and a copy of its expected content, so that every search can be compared with a full scan of means. */
/* SPDX-License-Identifier: MIT */
#ifndef MODEL_H
#define MODEL_H

#include "scratch.h"

enum { FACES_MAXIMUM = 24000 };

struct model {
	struct scratch *scratch;
	struct fc_gallery *gallery;
	size_t persons; /* the i-th face is added to person i % persons; at first FACES_MAXIMUM */
	struct fc_uuid pids[FACES_MAXIMUM];
	uint64_t changes;                /* number of changes to faces of persons */
	uint64_t changed[FACES_MAXIMUM]; /* number of the last change to each person's faces */
	uint32_t space;
	size_t count; /* faces ever added */
	struct {
		uint64_t id;
		size_t person;
		bool gone;
		float embedding[DIMENSION];
	} faces[FACES_MAXIMUM];
};

/* Setup and teardown of a cmocka test; *state is a struct model of an empty gallery. */
int enter_model(void **state);
int leave_model(void **state);
#define WITH_A_MODEL(test) cmocka_unit_test_setup_teardown(test, enter_model, leave_model)

/* The next faces of a model, as a change: whoever makes it calls note_added once it is made. */
struct addition {
	struct model *model;
	const char *space;
	size_t count;
};

fc_gallery_change add_faces;
void note_added(struct model *model, size_t count);

/* Add the next faces to space "5". */
void add(struct model *model, size_t count);

/* The person's mean has changed. */
void note_change(struct model *model, size_t person);

/* Delete the faces that go. */
typedef bool model_goes(const struct model *model, size_t face);
void remove_some(struct model *model, model_goes *goes);
model_goes goes_two_of_three;

/* Searches of a transaction find what a full scan finds. */
void compare_with_full_scan(const struct model *model, struct fc_gallery_txn *txn);

/* So do searches of the gallery as it is now, in which the check finds nothing wrong; what its segments are. */
struct fc_segment_stats must_equal_a_full_scan(const struct model *model);

#endif
