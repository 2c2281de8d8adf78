/*
 * The modules facectl-imgcodecs.so, with OpenCV's decoders for WebP, BMP and TIFF, facectl-heif.so, with those for HEIC and AVIF, and
 * facectl-jxl.so, for JPEG XL. They are loaded only for these formats, because their libraries take about 100 ms to load.
 */
/* SPDX-License-Identifier: MIT */
#ifndef FC_VISION_IMAGE_CODECS_H
#define FC_VISION_IMAGE_CODECS_H

#include "base/error.h"
#include "vision/image/image.h"

struct fc_codecs;

/*
 * Load the module at path and decode one pixel with it, since OpenCV and GDAL register their drivers at first use. Call it before
 * the sandbox is entered. Errors: FC_IO (the text says why), FC_NO_MEMORY.
 */
enum fc_status fc_codecs_open(const char *path, struct fc_codecs **out, struct fc_error *err);
void fc_codecs_close(struct fc_codecs *codecs);
FC_DEFINE_CLEANUP(struct fc_codecs *, fc_codecs_close);

/* Read the size of a HEIC, AVIF or JPEG XL image, as displayed, and the notes on it. Errors: FC_BAD_IMAGE, FC_TOO_LARGE. */
enum fc_status fc_codecs_size(const struct fc_codecs *codecs, const void *data, size_t length,
			      struct fc_image_header *header, struct fc_error *err);

/*
 * Decode a photo whose header fc_image_probe has accepted. The pixels of a TIFF are in displayed orientation, because libtiff
 * rotates them, and so are those of HEIC, AVIF and JPEG XL; those of other formats are in stored orientation. Errors: FC_BAD_IMAGE, FC_TOO_LARGE, FC_NO_MEMORY.
 */
enum fc_status fc_codecs_decode(const struct fc_codecs *codecs, const void *data, size_t length,
				const struct fc_image_header *header, struct fc_image *out,
				struct fc_error *err);

#endif
