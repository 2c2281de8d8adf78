/* Draw boxes and names on a photo. */
/* SPDX-License-Identifier: MIT */
#include "vision/faces/annotate.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "vision/faces/dnn.h"
#include "vision/faces/label_layout.h"

enum {
	LABEL_SIZE = 128,
	DASH = 4, /* length of a dash and of a gap, in widths of the line */
};

static const struct fc_colour black = { 0, 0, 0 };
static const struct fc_colour dark = { 40, 40, 40 };
static const struct fc_colour white = { 255, 255, 255 };
static const struct fc_colour green = { 60, 200, 80 };

struct drawing {
	struct fc_image *image;
	const struct fc_mark *marks;
	size_t count;
	int line;             /* width of frames in pixels, from the photo's longer side */
	int edge;             /* width of the black lines along both sides of a frame */
	struct fc_box *faces; /* with their frames */
	struct fc_label_place *places;
	char (*texts)[LABEL_SIZE]; /* those without a stencil */
};

static void drawing_release(struct drawing *drawing)
{
	free(drawing->faces);
	free(drawing->places);
	free(drawing->texts);
}

void fc_annotate_ascii(const char *label, char *out, size_t size)
{
	size_t used = 0;
	for (; *label && used + 1 < size; label++) {
		unsigned char byte = (unsigned char)*label;
		if (byte >= 0x20 && byte < 0x7f) {
			out[used++] = *label;
		} else if ((byte & 0xc0) != 0x80) {
			out[used++] = '?';
		}
	}
	out[used] = '\0';
}

static struct fc_box grown(const struct fc_box *box, float by)
{
	return (struct fc_box){ box->left - by, box->top - by, box->right + by, box->bottom + by };
}

static int letter_of(const struct fc_mark *mark)
{
	return mark->letter > 0 ? (int)mark->letter : 8;
}

/* The size of the label's bar. A text that is wider than the photo is cut. */
static enum fc_status measure(struct drawing *drawing, size_t index, struct fc_error *err)
{
	const struct fc_mark *mark = &drawing->marks[index];
	struct fc_label_place *place = &drawing->places[index];
	char *text = drawing->texts[index];
	int letter = letter_of(mark), width = 0;
	if (mark->stencil.width > 0) {
		place->width = fminf((float)mark->stencil.width + (float)letter,
				     (float)drawing->image->width);
		place->height = (float)mark->stencil.height;
		return FC_OK;
	}
	fc_annotate_ascii(mark->label, text, LABEL_SIZE);
	while (text[0] != '\0') {
		FC_TRY(fc_text_width(text, letter, &width, err));
		if (width + letter <= (int)drawing->image->width) {
			place->width = (float)(width + letter);
			place->height = (float)(letter * 2);
			break;
		}
		text[strlen(text) - 1] = '\0';
	}
	return FC_OK;
}

/* Add a dark strip below the photo until it has this height. */
static enum fc_status extend(struct fc_image *image, uint32_t height, struct fc_error *err)
{
	if (height <= image->height) {
		return FC_OK;
	}
	FC_CLEANUP(fc_image_release) struct fc_image taller = { 0 };
	FC_TRY(fc_image_init(&taller, image->width, height, err));
	for (uint32_t row = 0; row < height; row++) {
		if (row < image->height) {
			memcpy(fc_image_row(&taller, row), fc_image_row(image, row),
			       3 * (size_t)image->width);
		} else {
			memset(fc_image_row(&taller, row), dark.red, 3 * (size_t)image->width);
		}
	}
	fc_image_release(image);
	*image = FC_STEAL_STRUCT(taller);
	return FC_OK;
}

/* A frame along the inside of a box, as dashes. */
static enum fc_status draw_dashes(const struct drawing *drawing, const struct fc_box *box,
				  struct fc_colour colour, struct fc_error *err)
{
	float width = (float)drawing->line, step = width * DASH;
	for (float x = box->left; x < box->right; x += 2 * step) {
		float end = fminf(x + step, box->right);
		struct fc_box top = { x, box->top, end, box->top + width };
		struct fc_box bottom = { x, box->bottom - width, end, box->bottom };
		FC_TRY(fc_draw_filled(drawing->image, &top, colour, err));
		FC_TRY(fc_draw_filled(drawing->image, &bottom, colour, err));
	}
	for (float y = box->top; y < box->bottom; y += 2 * step) {
		float end = fminf(y + step, box->bottom);
		struct fc_box left = { box->left, y, box->left + width, end };
		struct fc_box right = { box->right - width, y, box->right, end };
		FC_TRY(fc_draw_filled(drawing->image, &left, colour, err));
		FC_TRY(fc_draw_filled(drawing->image, &right, colour, err));
	}
	return FC_OK;
}

/* Known and unknown faces differ also without colours: a solid and a dashed frame. */
static enum fc_status draw_mark(const struct drawing *drawing, const struct fc_mark *mark,
				struct fc_error *err)
{
	struct fc_image *image = drawing->image;
	struct fc_box outer = grown(&mark->box, (float)drawing->edge);
	struct fc_box inner = grown(&mark->box, (float)-drawing->line);
	FC_TRY(fc_draw_frame(image, &outer, drawing->edge, black, err));
	FC_TRY(fc_draw_frame(image, &inner, drawing->edge, black, err));
	if (mark->known) {
		return fc_draw_frame(image, &mark->box, drawing->line, green, err);
	}
	FC_TRY(fc_draw_frame(image, &mark->box, drawing->line, black, err));
	return draw_dashes(drawing, &mark->box, white, err);
}

static enum fc_status draw_leader(const struct drawing *drawing, size_t index, struct fc_error *err)
{
	const struct fc_label_place *place = &drawing->places[index];
	const struct fc_colour colour = drawing->marks[index].known ? green : white;
	if (place->width == 0 || !place->has_leader) {
		return FC_OK;
	}
	FC_TRY(fc_draw_line(drawing->image, place->leader_from, place->leader_to,
			    drawing->line + 2 * drawing->edge, black, err));
	return fc_draw_line(drawing->image, place->leader_from, place->leader_to, drawing->line,
			    colour, err);
}

static void draw_stencil(struct fc_image *image, const struct fc_stencil *stencil, int left,
			 int top, struct fc_colour colour)
{
	const uint8_t ink[] = { colour.red, colour.green, colour.blue };
	for (int y = 0; y < (int)stencil->height; y++) {
		const uint8_t *opacity = stencil->opacity + (size_t)y * stencil->width;
		if (top + y < 0 || top + y >= (int)image->height) {
			continue;
		}
		for (int x = 0; x < (int)stencil->width; x++) {
			if (left + x < 0 || left + x >= (int)image->width) {
				continue;
			}
			uint8_t *pixel = fc_image_row(image, (uint32_t)(top + y)) + 3 * (left + x);
			for (int i = 0; i < 3; i++) {
				int change = (ink[i] - pixel[i]) * opacity[x];
				pixel[i] = (uint8_t)(pixel[i] + change / 255);
			}
		}
	}
}

static enum fc_status draw_label(const struct drawing *drawing, size_t index, struct fc_error *err)
{
	const struct fc_mark *mark = &drawing->marks[index];
	const struct fc_label_place *place = &drawing->places[index];
	const struct fc_colour ink = mark->known ? black : white;
	const struct fc_box *bar = &place->bar;
	int letter = letter_of(mark);
	if (place->width == 0) {
		return FC_OK;
	}
	FC_TRY(fc_draw_filled(drawing->image, bar, mark->known ? green : dark, err));
	if (!mark->known) {
		FC_TRY(fc_draw_frame(drawing->image, bar, 1, white, err));
	}
	if (mark->stencil.width > 0) {
		draw_stencil(drawing->image, &mark->stencil, (int)bar->left + letter / 2,
			     (int)bar->top, ink);
		return FC_OK;
	}
	return fc_draw_text(drawing->image, drawing->texts[index], (int)bar->left + letter / 2,
			    (int)bar->top + letter * 3 / 2, letter, ink, err);
}

enum fc_status fc_annotate(struct fc_image *image, const struct fc_mark *marks, size_t count,
			   struct fc_error *err)
{
	uint32_t longer = image->width > image->height ? image->width : image->height;
	int line = (int)fmax(1, longer / 500.0);
	FC_CLEANUP(drawing_release)
	struct drawing drawing = {
		.image = image,
		.marks = marks,
		.count = count,
		.line = line,
		.edge = line / 3 + 1,
		.faces = calloc(count + 1, sizeof(*drawing.faces)),
		.places = calloc(count + 1, sizeof(*drawing.places)),
		.texts = calloc(count + 1, sizeof(*drawing.texts)),
	};
	const struct fc_canvas canvas = { (float)image->width, (float)image->height, (float)line };
	if (!drawing.faces || !drawing.places || !drawing.texts) {
		return fc_fail_memory(err);
	}
	for (size_t i = 0; i < count; i++) {
		struct fc_box face = grown(&marks[i].box, (float)drawing.edge);
		drawing.faces[i] = (struct fc_box){ floorf(face.left), floorf(face.top),
						    ceilf(face.right), ceilf(face.bottom) };
		FC_TRY(measure(&drawing, i, err));
	}
	float height;
	FC_TRY(fc_place_labels(&canvas, drawing.faces, drawing.places, count, &height, err));
	FC_TRY(extend(image, (uint32_t)height, err));
	for (size_t i = 0; i < count; i++) {
		FC_TRY(draw_leader(&drawing, i, err));
	}
	for (size_t i = 0; i < count; i++) {
		FC_TRY(draw_mark(&drawing, &marks[i], err));
	}
	for (size_t i = 0; i < count; i++) {
		FC_TRY(draw_label(&drawing, i, err));
	}
	return FC_OK;
}
