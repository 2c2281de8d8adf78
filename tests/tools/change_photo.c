/* change-photo: writes copies of photos that are rotated, scaled or cut, to measure what these changes cost. */
/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "vision/faces/sample.h"
#include "vision/image/decode.h"
#include "vision/image/encode.h"

static const char USAGE[] =
	"usage: change-photo DEGREES SIDE CUT FOLDER PHOTO...\n"
	"\n"
	"Writes a copy of each JPEG or PNG photo into FOLDER, as a JPEG file.\n"
	"DEGREES  rotation, clockwise; the photo keeps its size, and what it does not cover is black\n"
	"SIDE     the copy's longer side in pixels\n"
	"CUT      the share of the width that is missing at the left, for example 0.4\n";

struct change {
	double degrees, side, cut;
};

/* The similarity from the photo to its copy: rotate and scale around the centre, then move the cut part out of the picture. */
static enum fc_status copy_of(const struct fc_image *photo, const struct change *change,
			      struct fc_image *out, struct fc_error *err)
{
	double scale = change->side / fmax(photo->width, photo->height);
	double width = round(photo->width * scale), height = round(photo->height * scale);
	double cut = round(width * change->cut), angle = change->degrees * M_PI / 180;
	double x = (photo->width - 1.0) / 2, y = (photo->height - 1.0) / 2;
	struct fc_similarity to_copy = { .a = scale * cos(angle), .b = scale * sin(angle) };

	to_copy.x0 = (width - 1) / 2 - cut - (to_copy.a * x - to_copy.b * y);
	to_copy.y0 = (height - 1) / 2 - (to_copy.b * x + to_copy.a * y);
	FC_TRY(fc_image_init(out, (uint32_t)(width - cut), (uint32_t)height, err));
	return fc_image_sample(photo, &to_copy, out, err);
}

static enum fc_status write_copy(const char *path, const struct change *change, const char *folder,
				 struct fc_error *err)
{
	static const struct fc_image_limits limits = { 64 << 20, 100000000, 20000 };
	FC_CLEANUP(fc_buffer_release) struct fc_buffer file = { 0 }, jpeg = { 0 }, name = { 0 };
	FC_CLEANUP(fc_image_release) struct fc_image photo = { 0 }, copy = { 0 };
	struct fc_image_header header;
	const char *slash = strrchr(path, '/');

	FC_TRY(fc_file_read(path, limits.bytes, &file, err));
	FC_TRY(fc_image_probe(file.data, file.length, &limits, NULL, &header, err));
	FC_TRY(fc_image_decode(file.data, file.length, &header, NULL, &photo, err));
	FC_TRY(copy_of(&photo, change, &copy, err));
	FC_TRY(fc_jpeg_encode(&copy, FC_JPEG_QUALITY, &jpeg, err));
	fc_buffer_printf(&name, "%s/%s", folder, slash ? slash + 1 : path);
	return fc_file_replace(fc_buffer_text(&name), jpeg.data, jpeg.length, 0644, err);
}

int main(int argc, char **argv)
{
	if (argc < 6) {
		fputs(USAGE, stderr);
		return 2;
	}
	struct change change = { strtod(argv[1], NULL), strtod(argv[2], NULL),
				 strtod(argv[3], NULL) };
	if (!(change.side >= 1 && change.side <= 20000 && change.cut >= 0 && change.cut < 1 &&
	      isfinite(change.degrees))) {
		fputs(USAGE, stderr);
		return 2;
	}
	for (int i = 5; i < argc; i++) {
		struct fc_error err = { 0 };
		if (write_copy(argv[i], &change, argv[4], &err) != FC_OK) {
			fprintf(stderr, "change-photo: '%s': %s\n", argv[i], err.text);
			return 1;
		}
	}
	return 0;
}
