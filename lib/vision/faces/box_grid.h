/* A grid of cells that finds the boxes and lines near a place. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_VISION_FACES_BOX_GRID_H
#define FC_VISION_FACES_BOX_GRID_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "vision/face.h"

struct fc_line {
	struct fc_point from, to;
};

/* One thing in one cell. */
struct fc_grid_item {
	uint32_t next; /* in the same bucket, plus 1; 0: none */
	uint32_t index;
	int kind;
};

/* Cells have no limits: they are found by a hash, and a bucket can also have items of other cells. */
struct fc_box_grid {
	float cell; /* side of a cell in pixels */
	uint32_t *buckets;
	size_t mask;
	struct fc_grid_item *items;
	size_t count, capacity;
};

/* count: about how many things will be added. Errors: FC_NO_MEMORY. */
enum fc_status fc_box_grid_init(struct fc_box_grid *grid, float cell, size_t count,
				struct fc_error *err);
void fc_box_grid_release(struct fc_box_grid *grid);

/* Add a thing, which the caller's kind and index identify. Errors: FC_NO_MEMORY. */
enum fc_status fc_box_grid_add_box(struct fc_box_grid *grid, const struct fc_box *box, int kind,
				   uint32_t index, struct fc_error *err);
enum fc_status fc_box_grid_add_line(struct fc_box_grid *grid, const struct fc_line *line, int kind,
				    uint32_t index, struct fc_error *err);

/*
 * Whether the test holds for a thing in the cells of a box or line. Things elsewhere can be tested too, and a thing more than once, but all
 * that share a cell are.
 */
typedef bool fc_grid_test(const void *context, int kind, uint32_t index);
bool fc_box_grid_any_at_box(const struct fc_box_grid *grid, const struct fc_box *box,
			    fc_grid_test *test, const void *context);
bool fc_box_grid_any_at_line(const struct fc_box_grid *grid, const struct fc_line *line,
			     fc_grid_test *test, const void *context);

#endif
