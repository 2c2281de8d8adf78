/* The sandbox that a worker enters before it reads the first byte of a photo. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_VISION_WORKER_SANDBOX_H
#define FC_VISION_WORKER_SANDBOX_H

#include <sys/types.h>

#include "base/error.h"
#include "vision/worker/worker.h"

/*
 * Call this first when the process has started. Afterwards the process ends with its parent, leaves no core dump, cannot be
 * inspected by other processes of its user, cannot gain privileges, and is the first to be ended if memory runs out. Returns false when the parent has already ended.
 */
FC_MUST_USE bool fc_sandbox_prepare(pid_t parent);

/* Calls allow for each file that may be read later. */
typedef void fc_sandbox_files(void (*allow)(void *context, const char *path), void *context);

/*
 * Call this when everything is loaded. It limits memory (to the memory in use plus what photos within the limits need),
 * processor time, descriptors and files. Then Landlock removes access to the file system and the network, and seccomp allows
 * only system calls for computing and for communication on open descriptors; any other call kills the process.
 *
 * files (NULL: none): only the files that it names can be opened, and only for reading. Threads can be started. A call that is not allowed fails
 * with ENOSYS, because libraries differ in what they try. There must be no thread yet: it would stay outside of the sandbox.
 *
 * *out is written in every case. Errors: FC_UNSUPPORTED (Landlock or seccomp is not available; the text names what is missing
 * and the setting that allows workers without it).
 */
enum fc_status fc_sandbox_lock(const struct fc_image_limits *limits, unsigned photo_timeout,
			       fc_sandbox_files *files, struct fc_protections *out,
			       struct fc_error *err);

#endif
