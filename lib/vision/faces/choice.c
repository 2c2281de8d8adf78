/* Which face of a photo is meant, where a photo must show one person. */
/* SPDX-License-Identifier: MIT */
#include "vision/faces/choice.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "base/number.h"
#include "vision/faces/overlap.h"

static const char *const words[] = {
	[FC_FACE_ONLY] = "only",
	[FC_FACE_MAIN] = "main",
	[FC_FACE_LARGEST] = "largest",
	[FC_FACE_CENTRAL] = "central",
};

/* ---- text ---- */

/* Four numbers, separated by commas, of a box whose sides are longer than 0. */
static bool parse_box(const char *text, bool is_rect, float box[4])
{
	enum { SIDE_MAXIMUM = 1 << 20 };
	char part[32];
	for (int i = 0; i < 4; i++) {
		size_t length = strcspn(text, ",");
		double value;
		if (length >= sizeof(part) || (i < 3) != (text[length] == ',')) {
			return false;
		}
		memcpy(part, text, length);
		part[length] = '\0';
		if (fc_parse_real(part, -SIDE_MAXIMUM, SIDE_MAXIMUM, "", &value, NULL) != FC_OK) {
			return false;
		}
		box[i] = (float)value;
		text += length + (i < 3);
	}
	box[2] += is_rect ? box[0] : 0;
	box[3] += is_rect ? box[1] : 0;
	return box[2] > box[0] && box[3] > box[1];
}

enum fc_status fc_face_choice_parse(const char *text, struct fc_face_choice *out,
				    struct fc_error *err)
{
	struct fc_face_choice choice = { .rule = FC_FACE_INDEX };
	bool has_label = strncmp(text, "index=", 6) == 0;
	uint64_t index;
	for (size_t i = 0; i < FC_ARRAY_LENGTH(words); i++) {
		if (strcmp(text, words[i]) == 0) {
			*out = (struct fc_face_choice){ .rule = (enum fc_face_rule)i };
			return FC_OK;
		}
	}
	bool is_rect = strncmp(text, "rect=", 5) == 0;
	if (is_rect || strncmp(text, "box=", 4) == 0) {
		choice.rule = FC_FACE_BOX;
		if (parse_box(strchr(text, '=') + 1, is_rect, choice.box)) {
			*out = choice;
			return FC_OK;
		}
	} else if (fc_parse_u64(text + (has_label ? 6 : 0), 0, FC_FACES_MAXIMUM - 1, "", &index,
				NULL) == FC_OK) {
		choice.index = (uint16_t)index;
		*out = choice;
		return FC_OK;
	}
	return fc_fail(
		err, FC_INVALID_ARGUMENT,
		"invalid choice of a face '%.64s'; give only, main, largest, central, index=N "
		"(from 0), box=LEFT,TOP,RIGHT,BOTTOM or rect=LEFT,TOP,WIDTH,HEIGHT",
		text);
}

void fc_face_choice_format(const struct fc_face_choice *choice, struct fc_buffer *out)
{
	const float *box = choice->box;
	if (choice->rule == FC_FACE_INDEX) {
		fc_buffer_printf(out, "index=%u", choice->index);
	} else if (choice->rule == FC_FACE_BOX) {
		fc_buffer_printf(out, "box=%g,%g,%g,%g", (double)box[0], (double)box[1],
				 (double)box[2], (double)box[3]);
	} else {
		fc_buffer_append_text(out, words[choice->rule]);
	}
}

/* ---- measures ---- */

static double size_of(const struct fc_analysis *analysis, size_t index)
{
	const struct fc_box *box = &analysis->faces[index].box;
	return sqrt((double)(box->right - box->left) * (double)(box->bottom - box->top));
}

static double distance_of(const struct fc_analysis *analysis, size_t index)
{
	const struct fc_box *box = &analysis->faces[index].box;
	return hypot((double)(box->left + box->right) / 2 - analysis->width / 2.0,
		     (double)(box->top + box->bottom) / 2 - analysis->height / 2.0);
}

double fc_face_main_score(const struct fc_analysis *analysis, size_t index)
{
	double width = analysis->width, height = analysis->height;
	double share = size_of(analysis, index) / sqrt(width * height);
	return share * fmax(0, 1 - distance_of(analysis, index) / (hypot(width, height) / 2));
}

static double measure(enum fc_face_rule rule, const struct fc_analysis *analysis, size_t index)
{
	return rule == FC_FACE_LARGEST   ? size_of(analysis, index)
	       : rule == FC_FACE_CENTRAL ? -distance_of(analysis, index)
					 : fc_face_main_score(analysis, index);
}

const struct fc_face *fc_face_main(const struct fc_analysis *analysis)
{
	size_t best = 0;
	for (size_t i = 1; i < analysis->face_count; i++) {
		if (fc_face_main_score(analysis, i) > fc_face_main_score(analysis, best)) {
			best = i;
		}
	}
	return analysis->face_count > 0 ? &analysis->faces[best] : NULL;
}

/* ---- choice ---- */

/* Append "66,59,169,199 (0)", for faces that are candidates. A message has room for a few. */
static void list_boxes(const struct fc_analysis *analysis, const bool *leave_out, char *out,
		       size_t size)
{
	enum { SHOWN = 6 };
	size_t shown = 0, length = 0;
	out[0] = '\0';
	for (size_t i = 0; i < analysis->face_count && length < size; i++) {
		const struct fc_box *box = &analysis->faces[i].box;
		if (leave_out && leave_out[i]) {
			continue;
		}
		if (shown++ == SHOWN) {
			snprintf(out + length, size - length, " ...");
			return;
		}
		length +=
			(size_t)snprintf(out + length, size - length, "%s%.0f,%.0f,%.0f,%.0f",
					 shown > 1 ? " " : "", (double)box->left, (double)box->top,
					 (double)box->right, (double)box->bottom);
	}
}

static enum fc_status fail_competing(const struct fc_analysis *analysis, size_t best, size_t second,
				     struct fc_error *err)
{
	const struct fc_box *a = &analysis->faces[best].box, *b = &analysis->faces[second].box;
	return fc_fail(
		err, FC_SEVERAL_FACES,
		"%zu faces found, and no main face: the box %.0f,%.0f,%.0f,%.0f has the score "
		"%.2f, %.0f,%.0f,%.0f,%.0f has %.2f; choose one with --face",
		analysis->face_count, (double)a->left, (double)a->top, (double)a->right,
		(double)a->bottom, fc_face_main_score(analysis, best), (double)b->left,
		(double)b->top, (double)b->right, (double)b->bottom,
		fc_face_main_score(analysis, second));
}

enum fc_status fc_face_choose(const struct fc_face_choice *choice,
			      const struct fc_analysis *analysis, const bool *leave_out,
			      size_t *index, struct fc_error *err)
{
	size_t count = 0, best = 0, second = 0;
	double most = 0, next = 0;
	char boxes[200];
	if (fc_face_choice_is_explicit(choice)) {
		const struct fc_face *face =
			choice->rule == FC_FACE_BOX            ? fc_face_at(analysis, choice->box)
			: choice->index < analysis->face_count ? &analysis->faces[choice->index]
							       : NULL;
		if (face && !(leave_out && leave_out[face - analysis->faces])) {
			*index = (size_t)(face - analysis->faces);
			return FC_OK;
		}
	}
	for (size_t i = 0; i < analysis->face_count; i++) {
		double value = measure(choice->rule, analysis, i);
		if (leave_out && leave_out[i]) {
			continue;
		}
		if (count++ == 0 || value > most) {
			next = most;
			second = best;
			most = value;
			best = i;
		} else if (count == 2 || value > next) {
			next = value;
			second = i;
		}
	}
	if (count == 0) {
		return fc_fail(err, FC_NO_FACE, "no face found");
	}
	list_boxes(analysis, leave_out, boxes, sizeof(boxes));
	if (fc_face_choice_is_explicit(choice)) {
		return fc_fail(err, FC_NO_FACE,
			       "no face at the given %s; the boxes of its faces: %s",
			       choice->rule == FC_FACE_BOX ? "box" : "index", boxes);
	}
	if (count > 1 && choice->rule == FC_FACE_ONLY) {
		return fc_fail(
			err, FC_SEVERAL_FACES,
			"%zu faces found, exactly one is needed; choose one with --face, boxes: "
			"%s",
			count, boxes);
	}
	if (count > 1 && choice->rule == FC_FACE_MAIN && most - next < FC_FACE_MAIN_MARGIN &&
	    most < FC_FACE_MAIN_RATIO * next) {
		return fail_competing(analysis, best, second, err);
	}
	*index = best;
	return FC_OK;
}

enum fc_want fc_want_of_face(enum fc_want want, const struct fc_analysis *analysis, size_t index)
{
	const struct fc_face_choice choice = { .rule = want & FC_WANT_MAIN ? FC_FACE_MAIN
									   : FC_FACE_ONLY };
	size_t chosen;
	if (!(want & (FC_WANT_ALONE | FC_WANT_MAIN)) || analysis->face_count == 1) {
		return want;
	}
	return fc_face_choose(&choice, analysis, NULL, &chosen, NULL) == FC_OK && chosen == index
		       ? want
		       : FC_WANT_FACES;
}
