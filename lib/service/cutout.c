/* Cut the chosen face out of a photo. */
/* SPDX-License-Identifier: MIT */
#include "service/cutout.h"

void fc_cutout_release(struct fc_cutout *cutout)
{
	fc_analysis_release(&cutout->analysis);
	fc_buffer_release(&cutout->image);
	*cutout = (struct fc_cutout){ 0 };
}
