/*
 * Analyse one photo, in the worker process: check, decode, detect, align, measure, embed.
 *
 * Nothing here opens a file: models and photos come as bytes, and fc_analyser_warm_up uses everything that OpenCV loads lazily,
 * so that the process can enter its sandbox before the first photo. An analyser belongs to one thread.
 */
/* SPDX-License-Identifier: MIT */
#ifndef FC_VISION_FACES_ANALYSE_H
#define FC_VISION_FACES_ANALYSE_H

#include "base/buffer.h"
#include "base/error.h"
#include "vision/face.h"
#include "vision/models/models.h"

struct fc_analyser;
struct fc_codecs;
struct fc_embedder;

struct fc_analyser_options {
	/* Only read during fc_analyser_new. The bytes are those that were verified against the model's SHA-256. */
	const struct fc_model *detector;
	const struct fc_buffer *detector_bytes;
	const struct fc_model *embedder; /* NULL when no templates are needed */
	const struct fc_buffer *embedder_bytes;
	const struct fc_model *liveness;        /* NULL when it is not needed */
	const struct fc_buffer *liveness_bytes; /* one for each of its networks */
	const struct fc_model *attributes;      /* NULL when they are not needed */
	const struct fc_buffer *attributes_bytes;
	struct fc_image_limits limits;
	/* borrowed; NULL refuses WebP, BMP and TIFF as FC_UNSUPPORTED */
	const struct fc_codecs *codecs;
};

/*
 * Errors: FC_MODEL_MISMATCH (OpenCV cannot use the bytes, or they do not fit the descriptor), FC_INVALID_ARGUMENT (a descriptor
 * is not for this use), FC_NO_MEMORY.
 */
enum fc_status fc_analyser_new(const struct fc_analyser_options *options, struct fc_analyser **out,
			       struct fc_error *err);
void fc_analyser_free(struct fc_analyser *analyser);
FC_DEFINE_CLEANUP(struct fc_analyser *, fc_analyser_free);

/* Use this embedder from now on. The analyser takes it over. */
void fc_analyser_set_embedder(struct fc_analyser *analyser, struct fc_embedder *embedder);

/*
 * Run the detector once, so that OpenCV loads what it needs, and check the other networks. Errors: FC_MODEL_MISMATCH (the outputs
 * differ from the descriptor's), FC_NO_MEMORY.
 */
enum fc_status fc_analyser_warm_up(struct fc_analyser *analyser, struct fc_error *err);

/*
 * Analyse the bytes of one image file. The caller releases *out in every case. If the photo is refused, *out has the values that
 * could be determined (bytes and sha256 always; format and size if they were read).
 *
 * Returns FC_OK (there may be no faces), FC_BAD_IMAGE (not an allowed image, a damaged one, or not an aligned crop with
 * FC_WANT_OF_CROP), FC_TOO_LARGE (over a limit, or over the memory limit of the worker), FC_UNSUPPORTED (the format needs the
 * codecs, which this analyser lacks), FC_INVALID_ARGUMENT (no model for what is requested), FC_NO_MEMORY, FC_INTERNAL.
 */
enum fc_status fc_analyse(struct fc_analyser *analyser, const void *data, size_t length,
			  enum fc_want want, struct fc_analysis *out, struct fc_error *err);

#endif
