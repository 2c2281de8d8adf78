/* Limits of the platforms, as far as they are documented. Outside of the module, so that a configuration can be checked without it. */
/* SPDX-License-Identifier: MIT */
#include "service/remote/platform/platform.h"

struct fc_platform_options fc_platform_defaults(enum fc_platform_kind kind)
{
	bool serp = kind == FC_PLATFORM_SERP;
	struct fc_platform_options options = {
		.kind = kind,
		.photo = {
			/* NeuroIO's own client refuses 6291456 bytes; SERP's limit is not known, this one is facectl's. */
			.image_bytes = serp ? 64 * 1024 * 1024 : 6291455,
			.formats = 1u << FC_IMAGE_JPEG | 1u << FC_IMAGE_PNG,
			.format_names = "JPEG and PNG",
		},
		.http = fc_http_defaults(),
	};
	options.http.url = serp ? NULL : "https://api.neuroio.com";
	/* a thousand entries in one page */
	options.http.answer_bytes = 16 * 1024 * 1024;
	return options;
}
