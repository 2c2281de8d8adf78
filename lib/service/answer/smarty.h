/* Write results of the verbs set, recognize, delete and truncate as the JSON of the Smarty API. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_SERVICE_ANSWER_SMARTY_H
#define FC_SERVICE_ANSWER_SMARTY_H

#include "base/json_writer.h"
#include "protocol/smarty_notes.h"
#include "service/photos.h"

/* The envelope of set, recognize and delete: call begin, write the objects, call end. recognize has an end of its own. */
void fc_answer_begin_photos(struct fc_json_writer *json);
void fc_answer_end_photos(struct fc_json_writer *json, const struct fc_smarty_notes *notes);
void fc_answer_end_recognized(struct fc_json_writer *json, const struct fc_smarty_notes *notes);

/* Write the object of a photo of set or recognize. If a Smarty service returned one, it is passed on. */
void fc_answer_photo(struct fc_json_writer *json, const struct fc_photo_outcome *outcome);

/* Write the object of a person of delete. */
void fc_answer_deleted(struct fc_json_writer *json, const struct fc_delete_item *item,
		       const char *space);

/* Write the envelope of truncate. */
void fc_answer_truncated(struct fc_json_writer *json, const struct fc_smarty_notes *notes);

/* Write the envelope of a request that failed. If a Smarty service returned one, it is passed on. */
void fc_answer_smarty_error(struct fc_buffer *out, const struct fc_error *err);

/*
 * If the API answers a request with only this photo by an error instead of an object, fill in the error and return true: a Smarty service
 * did so, or the image is empty.
 */
bool fc_answer_refuses_photo(const struct fc_photo_outcome *outcome, struct fc_error *err);

#endif
