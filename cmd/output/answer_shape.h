/*
 * Functions that write the JSON document of a command with --format json, for commands whose document is not an array of records.
 */
/* SPDX-License-Identifier: MIT */
#ifndef FC_CMD_OUTPUT_ANSWER_SHAPE_H
#define FC_CMD_OUTPUT_ANSWER_SHAPE_H

#include "base/json_writer.h"
#include "protocol/platform_dialect.h"
#include "service/service.h"

struct answer_shape {
	/* Write a document with an object for each photo. NULL: the command writes its document itself. */
	void (*begin)(struct fc_json_writer *json);
	void (*photo)(struct fc_json_writer *json, const struct fc_photo_outcome *outcome);
	void (*end)(struct fc_json_writer *json, const struct fc_smarty_notes *notes);
	/* Write the document of a request that failed. */
	void (*error)(struct fc_buffer *out, const struct fc_platform_dialect *dialect,
		      const struct fc_error *err);
};

extern const struct answer_shape smarty_shape;
extern const struct answer_shape smarty_recognize_shape; /* its body also has "aliases_changed" */
/* Has only the error document: the other documents differ from command to command. */
extern const struct answer_shape platform_shape;

#endif
