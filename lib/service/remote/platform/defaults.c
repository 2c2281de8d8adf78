/*
 * The limits that the platforms document. They are not in the module facectl-remote.so, so that a configuration can be checked
 * without loading it.
 */
/* SPDX-License-Identifier: MIT */
#include "service/remote/platform/platform.h"

struct fc_platform_options fc_platform_defaults(enum fc_platform_kind kind)
{
	bool serp = kind == FC_PLATFORM_SERP;
	struct fc_platform_options options = {
		.kind = kind,
		.photo = {
			/* NeuroIO's own client rejects 6291456 bytes or more. SERP's limit is unknown; facectl sets this one. */
			.image_bytes = serp ? 64 * 1024 * 1024 : 6291455,
			.formats = 1u << FC_IMAGE_JPEG | 1u << FC_IMAGE_PNG,
			.format_names = "JPEG and PNG",
		},
		.http = fc_http_defaults(),
	};
	options.http.url = serp ? NULL : "https://api.neuroio.com";
	return options;
}
