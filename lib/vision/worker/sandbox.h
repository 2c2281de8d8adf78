/* The sandbox that a worker enters before it reads the first byte of a photo. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_VISION_SANDBOX_H
#define FC_VISION_SANDBOX_H

#include <sys/types.h>

#include "base/error.h"
#include "vision/worker/worker.h"

/*
 * Call this when the process has started. It will die with its parent, leave no core dump, not be inspected by other processes of
 * its user, and never gain privileges. False when the parent is already gone.
 */
FC_MUST_USE bool fc_sandbox_prepare(pid_t parent);

/*
 * Call this when everything is loaded. It limits memory (to what is mapped now and what photos within the limits take), processor
 * time, descriptors and files. Then Landlock takes away the file system and the network, and seccomp leaves the system calls for
 * computing and for communication on open descriptors, and kills the process on others.
 *
 * *out is written in every case. Errors: FC_UNSUPPORTED (Landlock or seccomp is not available; the text names what is missing and
 * the setting that accepts it).
 */
FC_MUST_USE enum fc_status fc_sandbox_lock(const struct fc_image_limits *limits,
					   unsigned photo_timeout, struct fc_protections *out,
					   struct fc_error *err);

#endif
