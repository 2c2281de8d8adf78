/* Choose where the labels of faces are drawn, so that they cover no face and no other label. */
/* SPDX-License-Identifier: MIT */
#include "vision/faces/label_layout.h"

#include <math.h>

#include "base/memory.h"
#include "vision/faces/box_grid.h"

enum {
	NEIGHBOURS = 10, /* positions that touch the face */
	DIRECTIONS = 16,
	RINGS = 20, /* distances at which a label is tried, in steps of its height */
	CANDIDATES = NEIGHBOURS + DIRECTIONS * RINGS,
	CELL_MINIMUM = 8, /* pixels */
};

struct layout {
	const struct fc_canvas *canvas;
	const struct fc_box *faces;
	struct fc_label_place *labels; /* those before the current one are placed */
	size_t count;
	float row;               /* top of the last row below the photo */
	struct fc_box_grid grid; /* of the faces and the placed labels */
};

/* What is in the grid. */
enum { FACE, BAR, LEADER };

static bool overlap(const struct fc_box *a, const struct fc_box *b, float gap)
{
	return a->left < b->right + gap && b->left < a->right + gap && a->top < b->bottom + gap &&
	       b->top < a->bottom + gap;
}

/* Narrow the part [*from, *to] of a line, whose coordinate goes from `start` by `delta`, to the range. Returns whether a part remains. */
static bool clip(float start, float delta, float low, float high, float *from, float *to)
{
	if (delta == 0) {
		return start > low && start < high;
	}
	float enter = (low - start) / delta;
	float leave = (high - start) / delta;
	*from = fmaxf(*from, fminf(enter, leave));
	*to = fminf(*to, fmaxf(enter, leave));
	return *from < *to;
}

static bool crosses(struct fc_point a, struct fc_point b, const struct fc_box *box)
{
	float from = 0, to = 1;
	return clip(a.x, b.x - a.x, box->left, box->right, &from, &to) &&
	       clip(a.y, b.y - a.y, box->top, box->bottom, &from, &to);
}

static float within(float value, float minimum, float maximum)
{
	return fmaxf(minimum, fminf(value, maximum));
}

static struct fc_box bar_at(float left, float top, const struct fc_label_place *label)
{
	left = roundf(left);
	top = roundf(top);
	return (struct fc_box){ left, top, left + label->width, top + label->height };
}

/* The candidates of a label, the best first: below the face, above, to its sides, then around it at growing distances. */
static struct fc_box candidate(const struct fc_box *face, const struct fc_label_place *label,
			       int number)
{
	float width = label->width, height = label->height;
	float middle_x = (face->left + face->right) / 2, middle_y = (face->top + face->bottom) / 2;
	const struct fc_point neighbours[NEIGHBOURS] = {
		{ face->left, face->bottom },
		{ middle_x - width / 2, face->bottom },
		{ face->right - width, face->bottom },
		{ face->left, face->top - height },
		{ middle_x - width / 2, face->top - height },
		{ face->right - width, face->top - height },
		{ face->right, face->bottom - height },
		{ face->left - width, face->bottom - height },
		{ face->right, face->top },
		{ face->left - width, face->top },
	};
	if (number < NEIGHBOURS) {
		return bar_at(neighbours[number].x, neighbours[number].y, label);
	}
	int ring = 1 + (number - NEIGHBOURS) / DIRECTIONS;
	/* clockwise, from straight down */
	double angle = 2 * M_PI * ((number - NEIGHBOURS) % DIRECTIONS) / DIRECTIONS;
	float distance = height * (float)ring;
	float x =
		middle_x - (float)sin(angle) * ((face->right - face->left + width) / 2 + distance);
	float y =
		middle_y + (float)cos(angle) * ((face->bottom - face->top + height) / 2 + distance);
	return bar_at(x - width / 2, y - height / 2, label);
}

/* Put the bar there, and the shortest line between it and the face unless they touch. */
static void put(struct fc_label_place *label, const struct fc_box *face, struct fc_box bar)
{
	label->bar = bar;
	label->leader_from = (struct fc_point){
		within((face->left + face->right) / 2, bar.left, bar.right),
		within((face->top + face->bottom) / 2, bar.top, bar.bottom),
	};
	label->leader_to = (struct fc_point){
		within(label->leader_from.x, face->left, face->right),
		within(label->leader_from.y, face->top, face->bottom),
	};
	label->has_leader = !overlap(&bar, face, 1);
}

enum fit { FIT_NONE, FIT_CROSSING, FIT_FREE };

/* A label that is tried. */
struct trial {
	const struct layout *layout;
	size_t index;
};

static bool covers(const void *context, int kind, uint32_t index)
{
	const struct trial *trial = context;
	const struct layout *layout = trial->layout;
	const struct fc_box *bar = &layout->labels[trial->index].bar;
	float gap = layout->canvas->gap;
	return (kind == BAR && overlap(bar, &layout->labels[index].bar, gap)) ||
	       (kind == FACE &&
		overlap(bar, &layout->faces[index], index == trial->index ? 0 : gap));
}

static bool is_crossed(const void *context, int kind, uint32_t index)
{
	const struct trial *trial = context;
	const struct fc_label_place *labels = trial->layout->labels;
	return kind == LEADER && crosses(labels[index].leader_from, labels[index].leader_to,
					 &labels[trial->index].bar);
}

static bool has_leader_across(const void *context, int kind, uint32_t index)
{
	const struct trial *trial = context;
	const struct layout *layout = trial->layout;
	const struct fc_label_place *label = &layout->labels[trial->index];
	const struct fc_box *box = kind == BAR ? &layout->labels[index].bar : &layout->faces[index];
	bool other = kind == BAR || (kind == FACE && index != trial->index);
	return other && crosses(label->leader_from, label->leader_to, box);
}

static struct fc_box grown(const struct fc_box *box, float by)
{
	return (struct fc_box){ box->left - by, box->top - by, box->right + by, box->bottom + by };
}

/* How the label fits where it is put: not at all because it covers something, with a leader that crosses something, or well. */
static enum fit fit_of(const struct layout *layout, size_t index)
{
	const struct fc_label_place *label = &layout->labels[index];
	const struct fc_canvas *canvas = layout->canvas;
	const struct fc_box_grid *grid = &layout->grid;
	const struct fc_box *bar = &label->bar;
	const struct fc_box near = grown(bar, canvas->gap);
	const struct fc_line leader = { label->leader_from, label->leader_to };
	const struct trial trial = { layout, index };
	if (bar->left < 0 || bar->top < 0 || bar->right > canvas->width ||
	    bar->bottom > canvas->height || fc_box_grid_any_at_box(grid, &near, covers, &trial)) {
		return FIT_NONE;
	}
	return fc_box_grid_any_at_box(grid, bar, is_crossed, &trial) ||
			       (label->has_leader &&
				fc_box_grid_any_at_line(grid, &leader, has_leader_across, &trial))
		       ? FIT_CROSSING
		       : FIT_FREE;
}

static bool place_on_photo(struct layout *layout, size_t index)
{
	struct fc_label_place *label = &layout->labels[index];
	const struct fc_box *face = &layout->faces[index];
	float limit = layout->canvas->width - label->width;
	struct fc_box crossing = { 0 };
	bool has_crossing = false;
	for (int i = 0; i < CANDIDATES; i++) {
		struct fc_box bar = candidate(face, label, i);
		put(label, face, bar_at(within(bar.left, 0, limit), bar.top, label));
		enum fit fit = fit_of(layout, index);
		if (fit == FIT_FREE) {
			return true;
		}
		if (fit == FIT_CROSSING && !has_crossing) {
			crossing = label->bar;
			has_crossing = true;
		}
	}
	if (has_crossing) {
		put(label, face, crossing);
	}
	return has_crossing;
}

static bool covers_bar(const void *context, int kind, uint32_t index)
{
	return kind == BAR && covers(context, kind, index);
}

/*
 * Place it in the last row below the photo, or in a new one if that has no room, as near to the horizontal position of its face as
 * possible.
 */
static void place_below(struct layout *layout, size_t index)
{
	struct fc_label_place *label = &layout->labels[index];
	const struct fc_box *face = &layout->faces[index];
	float limit = fmaxf(0, layout->canvas->width - label->width);
	float best = within((face->left + face->right - label->width) / 2, 0, limit);
	float step = fmaxf(label->height, label->width / 4);
	const struct trial trial = { layout, index };
	for (;; layout->row += label->height + layout->canvas->gap) {
		for (float away = 0; away <= limit + step; away += step) {
			for (int side = -1; side <= 1; side += 2) {
				float left = within(best + (float)side * away, 0, limit);
				put(label, face, bar_at(left, layout->row, label));
				struct fc_box near = grown(&label->bar, layout->canvas->gap);
				if (!fc_box_grid_any_at_box(&layout->grid, &near, covers_bar,
							    &trial)) {
					return;
				}
			}
		}
	}
}

/* Labels, the faces and the leaders are looked up in cells of about the size of a label and a face. */
static enum fc_status fill_grid(struct layout *layout, struct fc_error *err)
{
	double size = 0;
	for (size_t i = 0; i < layout->count; i++) {
		const struct fc_box *face = &layout->faces[i];
		size += (double)(face->right - face->left + layout->labels[i].width) / 2;
	}
	size = layout->count > 0 ? size / (double)layout->count : 0;
	FC_TRY(fc_box_grid_init(&layout->grid, fmaxf((float)size, CELL_MINIMUM), layout->count,
				err));
	for (size_t i = 0; i < layout->count; i++) {
		FC_TRY(fc_box_grid_add_box(&layout->grid, &layout->faces[i], FACE, (uint32_t)i,
					   err));
	}
	return FC_OK;
}

static enum fc_status note_place(struct layout *layout, uint32_t index, struct fc_error *err)
{
	const struct fc_label_place *label = &layout->labels[index];
	const struct fc_line leader = { label->leader_from, label->leader_to };
	FC_TRY(fc_box_grid_add_box(&layout->grid, &label->bar, BAR, index, err));
	return label->has_leader ? fc_box_grid_add_line(&layout->grid, &leader, LEADER, index, err)
				 : FC_OK;
}

static void layout_release(struct layout *layout)
{
	fc_box_grid_release(&layout->grid);
}

enum fc_status fc_place_labels(const struct fc_canvas *canvas, const struct fc_box *faces,
			       struct fc_label_place *labels, size_t count, float *height,
			       struct fc_error *err)
{
	FC_CLEANUP(layout_release)
	struct layout layout = { canvas, faces, labels, count, canvas->height + canvas->gap };
	FC_TRY(fill_grid(&layout, err));
	*height = canvas->height;
	for (size_t i = 0; i < count; i++) {
		if (labels[i].width == 0) {
			continue;
		}
		if (!place_on_photo(&layout, i)) {
			place_below(&layout, i);
			*height = fmaxf(*height, labels[i].bar.bottom + canvas->gap);
		}
		FC_TRY(note_place(&layout, (uint32_t)i, err));
	}
	return FC_OK;
}
