/* The shapes of the JSON documents of commands. */
/* SPDX-License-Identifier: MIT */
#include "output/answer_shape.h"

#include "service/answer/platform.h"
#include "service/answer/smarty.h"

static void smarty_error(struct fc_buffer *out, const struct fc_platform_dialect *dialect,
			 const struct fc_error *err)
{
	(void)dialect;
	fc_answer_smarty_error(out, err);
}

const struct answer_shape smarty_shape = {
	.begin = fc_answer_begin_photos,
	.photo = fc_answer_photo,
	.end = fc_answer_end_photos,
	.error = smarty_error,
};

const struct answer_shape smarty_recognize_shape = {
	.begin = fc_answer_begin_photos,
	.photo = fc_answer_photo,
	.end = fc_answer_end_recognized,
	.error = smarty_error,
};

const struct answer_shape platform_shape = { .error = fc_answer_platform_error };
