/* Draw boxes and names on a photo. */
/* SPDX-License-Identifier: MIT */
#include "vision/faces/annotate.h"

#include <math.h>
#include <string.h>

#include "vision/faces/dnn.h"

enum { LABEL_SIZE = 128 };

static const struct fc_colour green = { 60, 190, 75 };
static const struct fc_colour grey = { 175, 175, 175 };
static const struct fc_colour black = { 0, 0, 0 };

/* Sizes in pixels, from the photo's longer side. */
struct style {
	int line;
	int letter; /* height of a capital letter */
	int padding;
};

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

static float within(float value, float minimum, float maximum)
{
	return fmaxf(minimum, fminf(value, maximum));
}

/* Position of the label bar: below the box if there is room, else above it, else at the lower edge of the photo. */
static struct fc_box bar_for(const struct fc_image *image, const struct fc_box *box, float width,
			     float height)
{
	float limit_x = fmaxf(0, (float)image->width - width);
	float limit_y = fmaxf(0, (float)image->height - height);
	float top = box->bottom <= limit_y ? box->bottom : box->top - height;
	float left = within(box->left, 0, limit_x);
	if (top < 0) {
		top = within(box->bottom - height, 0, limit_y);
	}
	return (struct fc_box){ left, top, left + width, top + height };
}

static enum fc_status draw_label(struct fc_image *image, const struct fc_mark *mark,
				 struct style style, struct fc_colour colour, struct fc_error *err)
{
	char text[LABEL_SIZE];
	int width;

	fc_annotate_ascii(mark->label, text, sizeof(text));
	FC_TRY(fc_text_width(text, style.letter, &width, err));
	while (text[0] != '\0' && width > (int)image->width - 2 * style.padding) {
		text[strlen(text) - 1] = '\0';
		FC_TRY(fc_text_width(text, style.letter, &width, err));
	}
	if (text[0] == '\0') {
		return FC_OK;
	}
	struct fc_box bar = bar_for(image, &mark->box, (float)(width + 2 * style.padding),
				    (float)(style.letter + 2 * style.padding));
	FC_TRY(fc_draw_filled(image, &bar, colour, err));
	return fc_draw_text(image, text, (int)bar.left + style.padding,
			    (int)bar.bottom - style.padding, style.letter, black, err);
}

enum fc_status fc_annotate(struct fc_image *image, const struct fc_mark *marks, size_t count,
			   struct fc_error *err)
{
	uint32_t longer = image->width > image->height ? image->width : image->height;
	struct style style = { .line = (int)fmax(1, longer / 400.0),
			       .letter = (int)fmax(8, longer / 80.0) };
	style.padding = style.letter / 2;
	int edge = style.line / 3 + 1;
	for (size_t i = 0; i < count; i++) {
		const struct fc_mark *mark = &marks[i];
		struct fc_box outer = grown(&mark->box, (float)edge);
		struct fc_box inner = grown(&mark->box, (float)-style.line);
		FC_TRY(fc_draw_frame(image, &outer, edge, black, err));
		FC_TRY(fc_draw_frame(image, &mark->box, style.line, mark->known ? green : grey,
				     err));
		FC_TRY(fc_draw_frame(image, &inner, edge, black, err));
	}
	/* Names are drawn last, so that no frame crosses one. */
	for (size_t i = 0; i < count; i++) {
		FC_TRY(draw_label(image, &marks[i], style, marks[i].known ? green : grey, err));
	}
	return FC_OK;
}
