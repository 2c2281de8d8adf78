/*
 * The functions of OpenCV that facectl uses, as C: run a network, resize a picture, draw on one. They are implemented in one C++
 * file, which catches every exception, keeps OpenCV quiet and on one thread, and links only core, imgproc and dnn.
 */
/* SPDX-License-Identifier: MIT */
#ifndef FC_VISION_FACES_DNN_H
#define FC_VISION_FACES_DNN_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "vision/image/image.h"

struct fc_net;

/*
 * Parse an ONNX network. The bytes must have been verified: OpenCV's parser is not safe for hostile ones.
 * Errors: FC_MODEL_MISMATCH, FC_NO_MEMORY.
 */
enum fc_status fc_net_load(const void *onnx, size_t length, struct fc_net **out,
			   struct fc_error *err);
void fc_net_free(struct fc_net *net);

/* One float tensor of shape 1 x 3 x height x width: three whole planes. { 0 } is empty; its memory is reused. */
struct fc_planes {
	float *values;
	size_t capacity; /* floats */
	uint32_t width, height;
};

/* One output, borrowed from the net until its next run. */
struct fc_tensor {
	const float *values;
	size_t count;
};

enum { FC_NET_OUTPUTS_MAXIMUM = 16 };

/*
 * Run the network. outputs[i] is the output names[i]; if names is NULL and count is 1, it is the network's last output. The
 * first run and each run with another input shape are slower, because OpenCV then allocates memory. Errors: FC_MODEL_MISMATCH
 * (no such output, or not floats), FC_TOO_LARGE (out of the memory that the process may use).
 */
enum fc_status fc_net_run(struct fc_net *net, const struct fc_planes *input,
			  const char *const *names, size_t count, struct fc_tensor *outputs,
			  struct fc_error *err);

/*
 * How many values an output has for an input of this size, found without running the network. name: NULL is the last output.
 * Errors: FC_MODEL_MISMATCH (no such output, or the layers do not fit such an input).
 */
enum fc_status fc_net_output_count(struct fc_net *net, uint32_t width, uint32_t height,
				   const char *name, size_t *count, struct fc_error *err);

/*
 * Fill the picture `out`, whose size is set, with all of `in`: pixel areas are averaged where it shrinks, bilinear where it grows.
 * Errors: FC_TOO_LARGE.
 */
enum fc_status fc_image_resize(const struct fc_image *in, struct fc_image *out,
			       struct fc_error *err);

/* The same, but bilinear also when shrinking, for networks that were trained on such pictures. */
enum fc_status fc_image_resize_bilinear(const struct fc_image *in, struct fc_image *out,
					struct fc_error *err);

struct fc_colour {
	uint8_t red, green, blue;
};

/* Draw a frame of this line width along the inside of a box. */
enum fc_status fc_draw_frame(struct fc_image *image, const struct fc_box *box, int width,
			     struct fc_colour colour, struct fc_error *err);
enum fc_status fc_draw_filled(struct fc_image *image, const struct fc_box *box,
			      struct fc_colour colour, struct fc_error *err);
enum fc_status fc_draw_line(struct fc_image *image, struct fc_point from, struct fc_point to,
			    int width, struct fc_colour colour, struct fc_error *err);

/* Draw ASCII text in a Hershey font whose capitals are `height` pixels tall, with the start of its base line at x, y. */
enum fc_status fc_draw_text(struct fc_image *image, const char *text, int x, int y, double height,
			    struct fc_colour colour, struct fc_error *err);
enum fc_status fc_text_width(const char *text, double height, int *width, struct fc_error *err);

#endif
