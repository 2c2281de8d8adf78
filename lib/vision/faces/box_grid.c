/* A grid of cells that finds the boxes and lines near a place. */
/* SPDX-License-Identifier: MIT */
#include "vision/faces/box_grid.h"

#include <math.h>
#include <stdlib.h>

#include "base/memory.h"

enum fc_status fc_box_grid_init(struct fc_box_grid *grid, float cell, size_t count,
				struct fc_error *err)
{
	size_t buckets = 64;
	while (buckets < count * 4) {
		buckets *= 2;
	}
	*grid = (struct fc_box_grid){ .cell = cell, .mask = buckets - 1 };
	grid->buckets = calloc(buckets, sizeof(*grid->buckets));
	return grid->buckets ? FC_OK : fc_fail_memory(err);
}

void fc_box_grid_release(struct fc_box_grid *grid)
{
	free(grid->buckets);
	free(grid->items);
	*grid = (struct fc_box_grid){ 0 };
}

/* What is done in a cell: something is added, or all in it is tested until one test holds. */
struct visit {
	struct fc_box_grid *into; /* NULL: a test */
	fc_grid_test *test;
	const void *context;
	bool found;
	int kind;
	uint32_t index;
	struct fc_error *err;
	enum fc_status status;
};

static bool visit_cell(const struct fc_box_grid *grid, struct visit *visit, int column, int row)
{
	uint32_t hash = (uint32_t)column * 73856093U ^ (uint32_t)row * 19349663U;
	uint32_t *bucket = &grid->buckets[(hash ^ hash >> 15) & grid->mask];
	struct fc_box_grid *into = visit->into;
	if (into) {
		visit->status = fc_array_grow(&into->items, sizeof(*into->items), into->count,
					      &into->capacity, visit->err);
		if (visit->status == FC_OK) {
			into->items[into->count] =
				(struct fc_grid_item){ *bucket, visit->index, visit->kind };
			*bucket = (uint32_t)++into->count;
		}
		return visit->status == FC_OK;
	}
	for (uint32_t next = *bucket; next != 0 && !visit->found;) {
		const struct fc_grid_item *item = &grid->items[next - 1];
		visit->found = visit->test(visit->context, item->kind, item->index);
		next = item->next;
	}
	return !visit->found;
}

static int cell_of(const struct fc_box_grid *grid, float value)
{
	return (int)floorf(value / grid->cell);
}

static void visit_box(const struct fc_box_grid *grid, const struct fc_box *box, struct visit *visit)
{
	int right = cell_of(grid, box->right), bottom = cell_of(grid, box->bottom);
	for (int row = cell_of(grid, box->top); row <= bottom; row++) {
		for (int column = cell_of(grid, box->left); column <= right; column++) {
			if (!visit_cell(grid, visit, column, row)) {
				return;
			}
		}
	}
}

/* The cells of each row that the line crosses, and those within a pixel of it, because the crossings are rounded. */
static void visit_line(const struct fc_box_grid *grid, const struct fc_line *line,
		       struct visit *visit)
{
	const struct fc_point *upper = line->from.y <= line->to.y ? &line->from : &line->to;
	const struct fc_point *lower = upper == &line->from ? &line->to : &line->from;
	float slope = lower->y > upper->y ? (lower->x - upper->x) / (lower->y - upper->y) : 0;
	int last = cell_of(grid, lower->y + 1);
	for (int row = cell_of(grid, upper->y - 1); row <= last; row++) {
		float top = fmaxf(upper->y, (float)row * grid->cell - 1);
		float bottom = fminf(lower->y, (float)(row + 1) * grid->cell + 1);
		float a = upper->x + slope * (top - upper->y);
		float b = lower->y > upper->y ? upper->x + slope * (bottom - upper->y) : lower->x;
		int right = cell_of(grid, fmaxf(a, b) + 1);
		for (int column = cell_of(grid, fminf(a, b) - 1); column <= right; column++) {
			if (!visit_cell(grid, visit, column, row)) {
				return;
			}
		}
	}
}

enum fc_status fc_box_grid_add_box(struct fc_box_grid *grid, const struct fc_box *box, int kind,
				   uint32_t index, struct fc_error *err)
{
	struct visit visit = { .into = grid, .kind = kind, .index = index, .err = err };
	visit_box(grid, box, &visit);
	return visit.status;
}

enum fc_status fc_box_grid_add_line(struct fc_box_grid *grid, const struct fc_line *line, int kind,
				    uint32_t index, struct fc_error *err)
{
	struct visit visit = { .into = grid, .kind = kind, .index = index, .err = err };
	visit_line(grid, line, &visit);
	return visit.status;
}

bool fc_box_grid_any_at_box(const struct fc_box_grid *grid, const struct fc_box *box,
			    fc_grid_test *test, const void *context)
{
	struct visit visit = { .test = test, .context = context };
	visit_box(grid, box, &visit);
	return visit.found;
}

bool fc_box_grid_any_at_line(const struct fc_box_grid *grid, const struct fc_line *line,
			     fc_grid_test *test, const void *context)
{
	struct visit visit = { .test = test, .context = context };
	visit_line(grid, line, &visit);
	return visit.found;
}
