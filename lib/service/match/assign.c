/* Assign persons to the faces of one photo. */
/* SPDX-License-Identifier: MIT */
#include "service/match/assign.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

#include "base/memory.h"

/*
 * Rows and columns are numbered from 1; column 0 is a placeholder for the row that is being assigned. After the real columns, each row has
 * an extra column of cost 0, so that the row can stay unassigned and a perfect matching always exists.
 */
struct matching {
	const double *gains;
	size_t rows, columns, width;
	double *row_potential, *column_potential, *slack;
	size_t *row_of, *came_from;
	bool *visited;
};

static double cost(const struct matching *matching, size_t row, size_t column)
{
	if (column <= matching->columns) {
		double gain = matching->gains[(row - 1) * matching->columns + column - 1];
		return gain > 0 ? -gain : INFINITY;
	}
	return column == matching->columns + row ? 0 : INFINITY;
}

/* One step of the shortest augmenting path: visit the unvisited column with the lowest cost. */
static size_t nearest_column(struct matching *matching, size_t column)
{
	size_t row = matching->row_of[column];
	size_t nearest = 0;
	double delta = INFINITY;
	for (size_t j = 1; j <= matching->width; j++) {
		if (matching->visited[j]) {
			continue;
		}
		double reduced = cost(matching, row, j) - matching->row_potential[row] -
				 matching->column_potential[j];
		if (reduced < matching->slack[j]) {
			matching->slack[j] = reduced;
			matching->came_from[j] = column;
		}
		if (matching->slack[j] < delta) {
			delta = matching->slack[j];
			nearest = j;
		}
	}
	for (size_t j = 0; j <= matching->width; j++) {
		if (matching->visited[j]) {
			matching->row_potential[matching->row_of[j]] += delta;
			matching->column_potential[j] -= delta;
		} else {
			matching->slack[j] -= delta;
		}
	}
	return nearest;
}

static void place_row(struct matching *matching, size_t row)
{
	size_t column = 0;
	matching->row_of[0] = row;
	for (size_t j = 0; j <= matching->width; j++) {
		matching->slack[j] = INFINITY;
		matching->visited[j] = false;
	}
	do {
		matching->visited[column] = true;
		column = nearest_column(matching, column);
	} while (matching->row_of[column] != 0);
	while (column != 0) {
		size_t before = matching->came_from[column];
		matching->row_of[column] = matching->row_of[before];
		column = before;
	}
}

enum fc_status fc_assign(const double *gains, size_t rows, size_t columns, size_t *chosen,
			 struct fc_error *err)
{
	size_t width = rows + columns;
	FC_CLEANUP(fc_free) double *reals = calloc(rows + 1 + 2 * (width + 1), sizeof(*reals));
	FC_CLEANUP(fc_free) size_t *indexes = calloc(2 * (width + 1), sizeof(*indexes));
	FC_CLEANUP(fc_free) bool *visited = calloc(width + 1, sizeof(*visited));
	if (!reals || !indexes || !visited) {
		return fc_fail_memory(err);
	}
	struct matching matching = {
		.gains = gains,
		.rows = rows,
		.columns = columns,
		.width = width,
		.row_potential = reals,
		.column_potential = reals + rows + 1,
		.slack = reals + rows + 1 + width + 1,
		.row_of = indexes,
		.came_from = indexes + width + 1,
		.visited = visited,
	};
	for (size_t row = 1; row <= rows; row++) {
		place_row(&matching, row);
		chosen[row - 1] = FC_UNASSIGNED;
	}
	for (size_t column = 1; column <= columns; column++) {
		if (matching.row_of[column] != 0) {
			chosen[matching.row_of[column] - 1] = column - 1;
		}
	}
	return FC_OK;
}
