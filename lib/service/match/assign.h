/* Assign persons to the faces of one photo: at most one face for each person. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_SERVICE_MATCH_ASSIGN_H
#define FC_SERVICE_MATCH_ASSIGN_H

#include <stddef.h>

#include "base/error.h"

#define FC_UNASSIGNED ((size_t)-1)

/*
 * Assign columns (persons) to rows (faces) so that no column is used twice and the sum of the gains is maximal.
 * gains: rows * columns, in row-major order; a gain <= 0 means that the row cannot have this column.
 * chosen: for each row, a column or FC_UNASSIGNED.
 *
 * The Hungarian method with potentials, O(rows^2 * (rows + columns)) (Kuhn 1955; Jonker and Volgenant 1987).
 * Errors: FC_NO_MEMORY.
 */
enum fc_status fc_assign(const double *gains, size_t rows, size_t columns, size_t *chosen,
			 struct fc_error *err);

#endif
