/* Write the output of set, recognize, delete and truncate as the JSON of the Smarty API. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_CMD_OUTPUT_SMARTY_JSON_H
#define FC_CMD_OUTPUT_SMARTY_JSON_H

#include "output/answer_shape.h"

extern const struct answer_shape smarty_shape;
extern const struct answer_shape smarty_recognize_shape; /* its body also has "aliases_changed" */

/* The error code of the Smarty API for a photo that failed. */
enum fc_code smarty_code(const struct fc_photo_outcome *outcome);

#endif
