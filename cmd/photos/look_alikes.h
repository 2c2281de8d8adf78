/* Report faces that were enrolled although they look like another person, and persons most of whose photos do. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_CMD_PHOTOS_LOOK_ALIKES_H
#define FC_CMD_PHOTOS_LOOK_ALIKES_H

#include "output/out.h"
#include "service/photos.h"

enum { LOOK_ALIKE_TEXT = 320 };

/* The photos of one person in a row. */
struct look_alikes {
	uint64_t total; /* enrolled faces that look like another person */
	uint64_t photos,
		alike; /* of the present person: enrolled, and those that look like another */
	char person[LOOK_ALIKE_TEXT], other[LOOK_ALIKE_TEXT];
};

/* Call for each photo of a run. dry_run: the photo would be enrolled. */
void look_alikes_note(struct look_alikes *alikes, const struct out *out,
		      const struct fc_photo_outcome *outcome, bool dry_run);

/* Call after the last photo, before the summary. */
void look_alikes_end(struct look_alikes *alikes, const struct out *out);

#endif
