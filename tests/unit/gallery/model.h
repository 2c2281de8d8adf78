/* A gallery and a copy of its expected content, so that every search can be compared with a full scan. */
/* SPDX-License-Identifier: MIT */
#ifndef MODEL_H
#define MODEL_H

#include "scratch.h"

enum { FACES_MAXIMUM = 24000, PERSONS = 3000 };

struct model {
	struct scratch *scratch;
	struct fc_gallery *gallery;
	struct fc_uuid pids[PERSONS]; /* the i-th face is of person i % PERSONS */
	uint32_t space;
	size_t count; /* faces ever added */
	struct {
		uint64_t id;
		struct fc_uuid pid;
		bool gone;
		float embedding[DIMENSION];
	} faces[FACES_MAXIMUM];
};

/* Setup and teardown of a cmocka test; *state is a struct model of an empty gallery. */
int enter_model(void **state);
int leave_model(void **state);
#define WITH_A_MODEL(test) cmocka_unit_test_setup_teardown(test, enter_model, leave_model)

/* The next faces of a model, as a change: whoever makes it counts them in the model once it is made. */
struct addition {
	struct model *model;
	const char *space;
	size_t count;
};

fc_gallery_change add_faces;

/* Add the next faces to space "5". */
void add(struct model *model, size_t count);

/* Delete the faces that go. */
typedef bool model_goes(const struct model *model, size_t face);
void remove_some(struct model *model, model_goes *goes);
model_goes goes_two_of_three;

/* Searches of a transaction find what a full scan finds. */
void compare_with_full_scan(const struct model *model, struct fc_gallery_txn *txn);

/* So do searches of the gallery as it is now, in which the check finds nothing wrong; what its segments are. */
struct fc_segment_stats must_equal_a_full_scan(const struct model *model);

#endif
