/* Coverage counters of a worker. In a normal build these functions do nothing. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_VISION_WORKER_COUNTERS_H
#define FC_VISION_WORKER_COUNTERS_H

#ifdef FC_COVERAGE
/* Call this before the worker enters its sandbox, where it cannot open the files of its counters. */
void fc_counters_start(void);

/* Write the counters and set them to zero. It returns when they are written. */
void fc_counters_write(void);
#else
static inline void fc_counters_start(void)
{
}

static inline void fc_counters_write(void)
{
}
#endif

#endif
