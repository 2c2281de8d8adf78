/*
 * Labels of faces in any script. Names are hostile input, and the libraries that draw them abort when memory runs out; so the program facectl-lettering
 * draws them, in a sandbox in which it can only read the files of fonts.
 */
/* SPDX-License-Identifier: MIT */
#ifndef FC_VISION_WORKER_LETTERER_H
#define FC_VISION_WORKER_LETTERER_H

#include "vision/face.h"
#include "vision/worker/process.h"
#include "vision/worker/worker.h"

/* { 0 } is one whose process starts when the first text is drawn. */
struct fc_letterer {
	struct fc_worker_process process; /* pid 0: none */
	unsigned failures;
};

/*
 * Draw a text as fc_lettering_draw does. The caller frees out->opacity. *out is empty if the fonts lack a character, the program is not installed, or it
 * failed several times. Errors: FC_NO_MEMORY; all others: the program failed; the text says how, and the next call starts a new process.
 */
enum fc_status fc_letterer_draw(struct fc_letterer *letterer,
				const struct fc_letterer_options *options, const char *text,
				uint32_t letter, uint32_t width_maximum, struct fc_stencil *out,
				struct fc_error *err);

/* End the process, if there is one. */
void fc_letterer_stop(struct fc_letterer *letterer);

/* The height of capitals, in pixels, that suits a face on a photo of this size: readable, and not larger than the face. */
uint32_t fc_letter_height(uint32_t width, uint32_t height, const struct fc_box *face);

#endif
