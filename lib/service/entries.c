/* Releasing results of the verbs on entries. */
/* SPDX-License-Identifier: MIT */
#include "service/entries.h"

#include <stdlib.h>

void fc_entry_stats_release(struct fc_entry_stats *stats)
{
	fc_entry_release(&stats->initial);
	free(stats->initial_face_image);
	*stats = (struct fc_entry_stats){ 0 };
}
