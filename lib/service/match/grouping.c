/* Grouping of faces by person. */
/* SPDX-License-Identifier: MIT */
#include "service/match/grouping.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/vector.h"

#define NONE UINT32_MAX

/* Faces and groups are known by their number in sorted order. A group has the number of one of its faces. */
struct grouping {
	size_t count, dimension;
	float *means;     /* of the templates of each group */
	uint32_t *sizes;  /* number of faces of each group */
	uint32_t *joined; /* the group that a group was joined to, or itself */
	uint32_t *active; /* groups that can still be joined, in no order */
	uint32_t active_count;
	uint32_t *chain; /* each group is the nearest neighbour of the one before */
	uint32_t chain_count;
};

static void grouping_release(struct grouping *grouping)
{
	free(grouping->means);
	free(grouping->sizes);
	free(grouping->joined);
	free(grouping->active);
	free(grouping->chain);
}

static float *mean_of(const struct grouping *grouping, uint32_t group)
{
	return grouping->means + group * grouping->dimension;
}

/* ---- order ---- */

struct template_order {
	const float *templates;
	size_t dimension;
};

/* By the bytes of the templates, so that the order of the input does not matter. Equal templates are in the same group anyway. */
static int compare_templates(const void *a, const void *b, void *context)
{
	const struct template_order *order = context;
	const uint32_t *x = a, *y = b;
	return memcmp(order->templates + *x * order->dimension,
		      order->templates + *y * order->dimension,
		      order->dimension * sizeof(*order->templates));
}

/* sorted[i]: the template that is the i-th in sorted order. */
static enum fc_status grouping_init(struct grouping *grouping, const float *templates,
				    const uint32_t *sorted, struct fc_error *err)
{
	size_t count = grouping->count, dimension = grouping->dimension;
	grouping->means = calloc(count * dimension, sizeof(*grouping->means));
	grouping->sizes = calloc(count, sizeof(*grouping->sizes));
	grouping->joined = calloc(count, sizeof(*grouping->joined));
	grouping->active = calloc(count, sizeof(*grouping->active));
	grouping->chain = calloc(count, sizeof(*grouping->chain));
	if (!grouping->means || !grouping->sizes || !grouping->joined || !grouping->active ||
	    !grouping->chain) {
		return fc_fail_memory(err);
	}
	for (uint32_t i = 0; i < count; i++) {
		memcpy(mean_of(grouping, i), templates + sorted[i] * dimension,
		       dimension * sizeof(*templates));
		grouping->sizes[i] = 1;
		grouping->joined[i] = i;
		grouping->active[i] = i;
	}
	grouping->active_count = (uint32_t)count;
	return FC_OK;
}

/* ---- joining ---- */

static void deactivate(struct grouping *grouping, uint32_t group)
{
	uint32_t i = 0;
	while (grouping->active[i] != group) {
		i++;
	}
	grouping->active[i] = grouping->active[--grouping->active_count];
}

/* The active group that is most similar to a group. Of equal ones, `preferred`, then the one with the lowest number. */
static uint32_t nearest(const struct grouping *grouping, uint32_t group, uint32_t preferred,
			float *similarity)
{
	uint32_t best = preferred;
	*similarity = best == NONE ? -2
				   : fc_dot(mean_of(grouping, group), mean_of(grouping, best),
					    grouping->dimension);
	for (uint32_t i = 0; i < grouping->active_count; i++) {
		uint32_t other = grouping->active[i];
		if (other == group || other == preferred) {
			continue;
		}
		float score = fc_dot(mean_of(grouping, group), mean_of(grouping, other),
				     grouping->dimension);
		if (score > *similarity ||
		    (score == *similarity && best != preferred && other < best)) {
			*similarity = score;
			best = other;
		}
	}
	return best;
}

static void join(struct grouping *grouping, uint32_t a, uint32_t b)
{
	uint32_t kept = a < b ? a : b, gone = a < b ? b : a;
	float *mean = mean_of(grouping, kept);
	const float *other = mean_of(grouping, gone);
	double size = grouping->sizes[kept], added = grouping->sizes[gone];
	for (size_t i = 0; i < grouping->dimension; i++) {
		mean[i] = (float)((size * (double)mean[i] + added * (double)other[i]) /
				  (size + added));
	}
	grouping->sizes[kept] += grouping->sizes[gone];
	grouping->joined[gone] = kept;
	deactivate(grouping, gone);
}

static void join_all(struct grouping *grouping, double cut)
{
	while (grouping->active_count > 0) {
		if (grouping->chain_count == 0) {
			grouping->chain[grouping->chain_count++] = grouping->active[0];
		}
		uint32_t last = grouping->chain[grouping->chain_count - 1];
		uint32_t before = grouping->chain_count > 1
					  ? grouping->chain[grouping->chain_count - 2]
					  : NONE;
		float similarity;
		uint32_t next = nearest(grouping, last, before, &similarity);
		if (next == NONE || (double)similarity < cut) {
			/* complete: joining other groups makes none more similar to this one */
			deactivate(grouping, last);
			grouping->chain_count--;
		} else if (next == before) {
			grouping->chain_count -= 2;
			join(grouping, last, before);
		} else {
			grouping->chain[grouping->chain_count++] = next;
		}
	}
}

/* ---- the result ---- */

static uint32_t group_of(const struct grouping *grouping, uint32_t face)
{
	while (grouping->joined[face] != face) {
		face = grouping->joined[face];
	}
	return face;
}

/* Larger groups first, then the one with the lower number. */
static int compare_groups(const void *a, const void *b, void *context)
{
	const struct grouping *grouping = context;
	const uint32_t *x = a, *y = b;
	uint32_t size_x = grouping->sizes[*x], size_y = grouping->sizes[*y];
	return size_x != size_y ? (size_x < size_y) - (size_x > size_y) : (*x > *y) - (*x < *y);
}

/* Number the groups. The arrays of active groups and of the chain are used for other purposes: they are not needed any more. */
static uint32_t number_groups(struct grouping *grouping, const uint32_t *sorted, uint32_t *groups)
{
	uint32_t *roots = grouping->active, *numbers = grouping->chain;
	uint32_t count = 0;
	for (uint32_t i = 0; i < grouping->count; i++) {
		if (grouping->joined[i] == i) {
			roots[count++] = i;
		}
	}
	qsort_r(roots, count, sizeof(*roots), compare_groups, grouping);
	for (uint32_t i = 0; i < count; i++) {
		numbers[roots[i]] = i;
	}
	for (uint32_t i = 0; i < grouping->count; i++) {
		groups[sorted[i]] = numbers[group_of(grouping, i)];
	}
	return count;
}

enum fc_status fc_group_faces(const float *templates, size_t count, size_t dimension, double cut,
			      uint32_t *groups, uint32_t *group_count, struct fc_error *err)
{
	FC_CLEANUP(grouping_release)
	struct grouping grouping = { .count = count, .dimension = dimension };
	struct template_order order = { templates, dimension };
	FC_CLEANUP(fc_free) uint32_t *sorted = calloc(count + 1, sizeof(*sorted));
	*group_count = 0;
	if (!sorted) {
		return fc_fail_memory(err);
	}
	if (count == 0) {
		return FC_OK;
	}
	for (uint32_t i = 0; i < count; i++) {
		sorted[i] = i;
	}
	qsort_r(sorted, count, sizeof(*sorted), compare_templates, &order);
	FC_TRY(grouping_init(&grouping, templates, sorted, err));
	join_all(&grouping, cut);
	*group_count = number_groups(&grouping, sorted, groups);
	return FC_OK;
}
