/* Make a picture of a photo: with marks drawn on it, or of a part of it. */
/* SPDX-License-Identifier: MIT */
#include "vision/faces/picture.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "vision/faces/annotate.h"
#include "vision/image/decode.h"
#include "vision/image/encode.h"
#include "vision/image/signature.h"

/* Copy a TIFF with the page as its first one, or leave *out empty if the only page is that already. page: 0 is the first one. */
static enum fc_status choose_page(const struct fc_buffer *photo, size_t page, struct fc_buffer *out,
				  struct fc_error *err)
{
	FC_CLEANUP(fc_free) uint32_t *places = NULL;
	size_t count = 0;
	if (fc_signature(photo->data, photo->length) == FC_IMAGE_TIFF) {
		FC_TRY(fc_tiff_pages(photo->data, photo->length, &places, &count, err));
	}
	if (page > 0 && page >= count) {
		return fc_fail(err, FC_INVALID_ARGUMENT, "the photo has no page %zu", page + 1);
	}
	if (count > 0) {
		fc_buffer_append(out, photo->data, photo->length);
		if (!fc_buffer_ok(out)) {
			return fc_fail_memory(err);
		}
		fc_tiff_choose_page(out->data, places[page]);
	}
	return FC_OK;
}

/* Replace the image by the part of it that is in the area. */
static enum fc_status cut(struct fc_image *image, const struct fc_area *area, struct fc_error *err)
{
	struct fc_image part = { 0 };
	if (area->left >= image->width || area->top >= image->height) {
		return fc_fail(err, FC_INVALID_ARGUMENT, "the photo has no pixels at %u,%u",
			       area->left, area->top);
	}
	uint32_t width = image->width - area->left, height = image->height - area->top;
	FC_TRY(fc_image_init(&part, area->width < width ? area->width : width,
			     area->height < height ? area->height : height, err));
	for (uint32_t row = 0; row < part.height; row++) {
		memcpy(fc_image_row(&part, row),
		       fc_image_row(image, area->top + row) + (size_t)3 * area->left,
		       (size_t)3 * part.width);
	}
	fc_image_release(image);
	*image = part;
	return FC_OK;
}

enum fc_status fc_picture_draw(const struct fc_image_limits *limits, const struct fc_codecs *codecs,
			       const struct fc_buffer *photo, const struct fc_drawing *drawing,
			       struct fc_buffer *out, struct fc_error *err)
{
	FC_CLEANUP(fc_image_release) struct fc_image image = { 0 };
	FC_CLEANUP(fc_buffer_release) struct fc_buffer paged = { 0 };
	struct fc_image_header header;
	bool part = drawing->area.width > 0;
	if (drawing->format != FC_IMAGE_JPEG && drawing->format != FC_IMAGE_PNG) {
		return fc_fail(err, FC_INVALID_ARGUMENT,
			       "a picture must be a JPEG or PNG file, not %s",
			       fc_image_format_name(drawing->format));
	}
	FC_TRY(choose_page(photo, drawing->page > 0 ? drawing->page - 1U : 0, &paged, err));
	const struct fc_buffer *file = paged.length > 0 ? &paged : photo;
	FC_TRY(fc_image_probe(file->data, file->length, limits, codecs, &header, err));
	FC_TRY(fc_image_decode(file->data, file->length, &header, codecs, &image, err));
	FC_TRY(part ? cut(&image, &drawing->area, err) : FC_OK);
	FC_TRY(fc_annotate(&image, drawing->marks, drawing->count, err));
	return drawing->format == FC_IMAGE_PNG
		       ? fc_png_encode(&image, out, err)
		       : fc_jpeg_encode(&image, part ? FC_JPEG_PART_QUALITY : FC_JPEG_QUALITY, out,
					err);
}
