/* The functions of the module facectl-remote.so. */
/* SPDX-License-Identifier: MIT */
#include "service/remote/module.h"

const struct fc_remote_module fc_remote_module = {
	.version = FC_VERSION,
	.azure_open = fc_azure_open,
	.smarty_open = fc_smarty_open,
	.platform_open = fc_platform_open,
	.download = fc_download,
	.fetch = fc_fetch,
};
