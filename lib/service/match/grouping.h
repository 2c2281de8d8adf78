/*
 * Grouping of faces by person. This is hierarchical clustering with average linkage: two groups are joined while the mean of the similarities
 * between their faces is at least the cut, the most similar ones first. The mean of the cosines of all pairs equals the dot product of
 * the means of two groups, so only these are stored, and memory grows with the number of faces, not of pairs. Groups are joined in
 * chains of nearest neighbours (Murtagh 1983, "A survey of recent advances in hierarchical clustering algorithms"), which gives the same
 * groups as always joining the most similar pair, in time that grows with the square of the number of faces.
 */
/* SPDX-License-Identifier: MIT */
#ifndef FC_SERVICE_MATCH_GROUPING_H
#define FC_SERVICE_MATCH_GROUPING_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

/*
 * Group `count` templates of length 1, which follow each other in `templates`. groups[i] is set to the number of the group of the i-th:
 * groups are numbered by their size, largest first; *group_count is their number. A face that is similar to no other has a group of its own.
 * Faces are grouped, and groups numbered, in the same way whatever the order of the templates.
 * Errors: FC_NO_MEMORY.
 */
enum fc_status fc_group_faces(const float *templates, size_t count, size_t dimension, double cut,
			      uint32_t *groups, uint32_t *group_count, struct fc_error *err);

#endif
