/* How a worker locks itself in before it reads the first byte of a photo. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_VISION_SANDBOX_H
#define FC_VISION_SANDBOX_H

#include <sys/types.h>

#include "base/error.h"
#include "vision/worker/worker.h"

/*
 * Once the process has started: it dies with its parent, leaves no core dump, cannot be inspected by its user's other processes,
 * and never gains privileges. False when the parent is gone already.
 */
FC_MUST_USE bool fc_sandbox_prepare(pid_t parent);

/*
 * Once everything is loaded: limits on memory (what is mapped now, and what photos within the limits take), processor time,
 * descriptors and files; then Landlock, which takes away the file system and the network, and seccomp, which leaves the system
 * calls for computing and for talking on open descriptors, and kills on others. What the kernel does not grant is missing in *out
 * and named in its text.
 */
void fc_sandbox_lock(const struct fc_image_limits *limits, unsigned photo_timeout,
		     struct fc_protections *out);

#endif
