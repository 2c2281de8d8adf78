/* Write the records that transfer faces between galleries, each as one line of JSON. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_CMD_COMMANDS_GALLERY_RECORD_H
#define FC_CMD_COMMANDS_GALLERY_RECORD_H

#include "base/buffer.h"
#include "gallery/transfer/transfer.h"

/* Append the line of a record. Members that are zero, empty or absent are omitted; floats are read back exactly. */
void gallery_record_append(struct fc_buffer *out, const struct fc_transfer *record);

#endif
