/* A person found by a search. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_GALLERY_SEARCH_HIT_H
#define FC_GALLERY_SEARCH_HIT_H

#include <stdint.h>

#include "base/uuid.h"

struct fc_search_hit {
	struct fc_uuid pid;
	uint64_t mean;      /* id of the person's mean (rows/mean.h) */
	float score;        /* cosine similarity of the probe and the mean, [-1, 1] */
	uint32_t templates; /* number of templates in the mean */
};

#endif
