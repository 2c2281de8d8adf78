/* Report the photos of set and of faces add. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_CMD_PHOTOS_SET_REPORT_H
#define FC_CMD_PHOTOS_SET_REPORT_H

#include "photos/report.h"

extern const struct record_field set_fields[];

/* Report one photo. context: a struct report whose records have set_fields. */
enum fc_status set_report_photo(void *context, const struct fc_photo_outcome *outcome,
				struct fc_error *err);

#endif
