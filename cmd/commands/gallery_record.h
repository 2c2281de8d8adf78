/* Writing the records in which faces travel between galleries: one line of JSON each. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_CMD_GALLERY_RECORD_H
#define FC_CMD_GALLERY_RECORD_H

#include "base/buffer.h"
#include "gallery/transfer/transfer.h"

/* Append the line. Zero, empty and absent members are omitted; floats are written so that they read back unchanged. */
void gallery_record_append(struct fc_buffer *out, const struct fc_transfer *record);

#endif
