/* The functions of the module facectl-remote.so, found by the symbol FC_REMOTE_MODULE; see service/remote/remote.h. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_SERVICE_REMOTE_MODULE_H
#define FC_SERVICE_REMOTE_MODULE_H

#include "net/download.h"
#include "net/fetch.h"
#include "service/remote/azure/azure.h"
#include "service/remote/platform/platform.h"
#include "service/remote/smarty/smarty.h"

struct fc_remote_module {
	const char *version; /* version of facectl; must be equal to the caller's */
	enum fc_status (*azure_open)(const struct fc_azure_options *options,
				     struct fc_service **out, struct fc_error *err);
	enum fc_status (*smarty_open)(const struct fc_smarty_options *options,
				      struct fc_service **out, struct fc_error *err);
	enum fc_status (*platform_open)(const struct fc_platform_options *options,
					struct fc_service **out, struct fc_error *err);
	enum fc_status (*download)(struct fc_download *download, const struct fc_http_options *http,
				   struct fc_error *err);
	enum fc_status (*fetch)(const char *url, bool private_addresses, uint64_t limit,
				const struct fc_http_options *http, struct fc_buffer *out,
				struct fc_error *err);
};

#define FC_REMOTE_MODULE "fc_remote_module"

__attribute__((visibility("default"))) extern const struct fc_remote_module fc_remote_module;

#endif
