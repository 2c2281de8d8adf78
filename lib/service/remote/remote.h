/*
 * Open remote services. Their code and libcurl are in the module facectl-remote.so, which is loaded when a service is opened:
 * processes of commands that work locally contain no network code.
 */
/* SPDX-License-Identifier: MIT */
#ifndef FC_SERVICE_REMOTE_H
#define FC_SERVICE_REMOTE_H

#include "net/download.h"
#include "service/remote/azure/azure.h"
#include "service/remote/platform/platform.h"
#include "service/remote/smarty/smarty.h"

/* Path of the module, and the version that it must have, which is that of the caller. */
struct fc_remote {
	const char *module;
	const char *version;
};

/*
 * Load the module and open a Smarty service. The module stays loaded until the process ends.
 * Errors: FC_IO (no module, or another version), and those of fc_smarty_open.
 */
FC_MUST_USE enum fc_status fc_remote_open_smarty(const struct fc_remote *remote,
						 const struct fc_smarty_options *options,
						 struct fc_service **out, struct fc_error *err);

/* The same for a service of NeuroIO or SERP. Errors: those of fc_platform_open. */
FC_MUST_USE enum fc_status fc_remote_open_platform(const struct fc_remote *remote,
						   const struct fc_platform_options *options,
						   struct fc_service **out, struct fc_error *err);

/* The same for an Azure service. Errors: FC_IO (as above), and those of fc_azure_open. */
FC_MUST_USE enum fc_status fc_remote_open_azure(const struct fc_remote *remote,
						const struct fc_azure_options *options,
						struct fc_service **out, struct fc_error *err);

/* Load the module and download a file. Errors: FC_IO (as above), and those of fc_download. */
FC_MUST_USE enum fc_status fc_remote_download(const struct fc_remote *remote,
					      struct fc_download *download,
					      const struct fc_http_options *http,
					      struct fc_error *err);

#endif
