/* Writing the records in which faces travel between galleries: one line of JSON each. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_CMD_GALLERY_RECORD_H
#define FC_CMD_GALLERY_RECORD_H

#include "base/buffer.h"
#include "gallery/transfer/transfer.h"

/* Append the line. What is zero, empty or unsaid is left out; floats read back as the same. */
void gallery_record_append(struct fc_buffer *out, const struct fc_transfer *record);

#endif
