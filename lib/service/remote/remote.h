/*
 * Open remote services. Their code and libcurl are in the module facectl-remote.so, which is loaded when a service is opened:
 * processes of commands that work locally contain no network code.
 */
/* SPDX-License-Identifier: MIT */
#ifndef FC_SERVICE_REMOTE_REMOTE_H
#define FC_SERVICE_REMOTE_REMOTE_H

#include "service/remote/module.h"

/* Path of the module, and the version that it must have, which is that of the caller. */
struct fc_remote {
	const char *module;
	const char *version;
};

/*
 * Load the module, whose functions open services and download files. It stays loaded until the process ends. Errors: FC_IO (no
 * module, or another version).
 */
enum fc_status fc_remote_load(const struct fc_remote *remote, const struct fc_remote_module **out,
			      struct fc_error *err);

#endif
