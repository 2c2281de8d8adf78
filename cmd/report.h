/* How set, recognize and detect tell what became of each photo, and what the whole came to. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_CMD_REPORT_H
#define FC_CMD_REPORT_H

#include "command.h"
#include "photos.h"
#include "progress.h"
#include "record.h"
#include "smarty_json.h"

struct report {
	struct command_context *ctx;
	struct record_writer writer;
	struct smarty_envelope envelope; /* instead of records: JSON of a Smarty command */
	bool smarty;
	bool document; /* the command writes a JSON document of its own instead of records */
	struct progress progress;
	size_t seen;           /* photos so far, so the index of the next */
	bool only_empty_image; /* the one photo of the request is an empty file */
};

/* The first column of text is the path of one of these photos. */
void report_begin(struct report *report, struct command_context *ctx, const char *type,
		  const struct record_field *fields, const struct photo_list *photos);
void report_release(struct report *report);

/* Called by a sink when a photo's records are written: a message if it failed, progress, and what is written so far goes out. */
FC_MUST_USE enum fc_status
report_photo(struct report *report, const struct fc_photo_outcome *outcome, struct fc_error *err);

/*
 * Close the document and say what the request comes to: status is the verb's own, and with FC_OK the tally decides. extra
 * appends members to the body of a Smarty envelope; may be NULL. An error that each photo's message has told leaves err empty.
 */
FC_MUST_USE enum fc_status report_end(struct report *report, enum fc_status status,
				      const struct fc_tally *tally,
				      void (*extra)(struct json_text *json), struct fc_error *err);

#endif
