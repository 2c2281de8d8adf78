/* Collects the templates of labelled photos for eval. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_CMD_COMMANDS_EVAL_COLLECTOR_H
#define FC_CMD_COMMANDS_EVAL_COLLECTOR_H

#include "commands/eval/evaluation.h"
#include "photos/labelled_photos.h"
#include "photos/progress.h"
#include "service/measure/evaluate.h"

/* The templates are in the order of the photos. */
struct eval_collector {
	struct out *out;
	struct progress progress;
	struct labelled_photos *photos;
	const struct fc_face_choice *choice; /* --face; NULL: the main face */
	size_t next;
	uint64_t faces;
	struct fc_labelled labelled;
	size_t known; /* number of templates of known persons; those of strangers follow */
	struct evaluation *evaluation;
	enum fc_status first_failure; /* of a photo */
};

void eval_collector_release(struct eval_collector *collector);

/* The visit of an fc_photo_sink; context: the collector. Photos without a template are counted and reported. Errors: FC_NO_MEMORY. */
enum fc_status eval_collect(void *context, const struct fc_photo_outcome *outcome,
			    struct fc_error *err);

#endif
