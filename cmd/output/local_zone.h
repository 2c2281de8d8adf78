/* The time zone of this machine, or that of the variable TZ. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_CMD_OUTPUT_LOCAL_ZONE_H
#define FC_CMD_OUTPUT_LOCAL_ZONE_H

#include "base/when.h"

extern const struct fc_zone local_zone;

#endif
