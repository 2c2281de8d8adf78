/* What every program that facectl starts over a socket does. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_VISION_WORKER_SERVED_H
#define FC_VISION_WORKER_SERVED_H

#include <stdbool.h>

#include "base/buffer.h"

/* Whether facectl started this process; if not, say on standard error that `program` cannot be used on its own. */
bool fc_served_is_started(const char *program);

/* Send a frame to facectl. Returns false if facectl has closed the socket. */
bool fc_served_send(struct fc_buffer *frame);

#endif
