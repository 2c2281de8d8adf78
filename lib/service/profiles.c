/* Releasing results of the verbs on profiles. */
/* SPDX-License-Identifier: MIT */
#include "service/profiles.h"

#include <stdlib.h>

void fc_profile_release(struct fc_profile *profile)
{
	free(profile->name);
	free(profile->user_data);
	*profile = (struct fc_profile){ 0 };
}

void fc_profile_page_release(struct fc_profile_page *page)
{
	for (size_t i = 0; i < page->count; i++) {
		fc_profile_release(&page->items[i]);
	}
	free(page->items);
	*page = (struct fc_profile_page){ 0 };
}

void fc_profile_detail_release(struct fc_profile_detail *detail)
{
	for (size_t i = 0; i < detail->face_count; i++) {
		fc_face_record_release(&detail->faces[i]);
	}
	free(detail->faces);
	free(detail->crops);
	fc_profile_release(&detail->profile);
	fc_entry_stats_release(&detail->stats);
	detail->faces = NULL;
	detail->crops = NULL;
	detail->face_count = 0;
}
