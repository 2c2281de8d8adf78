/* Limits of a Smarty service, as VK documents them. Outside of the module, so that a configuration can be checked without it. */
/* SPDX-License-Identifier: MIT */
#include "service/remote/smarty/smarty.h"

struct fc_smarty_options fc_smarty_defaults(void)
{
	struct fc_smarty_options options = {
		.provider = "mcs",
		/* VK Cloud, "Vision: limits", 2023-05-10; megabytes are taken as 10^6 bytes */
		.limits = {
			.images = 100,
			.request_bytes = 30 * 1000 * 1000,
			.photo = {
				.image_bytes = 15 * 1000 * 1000,
				.smallest_side = 5,
				.longer_side = 3840,
				.shorter_side = 2160,
				.formats = 1u << FC_IMAGE_JPEG | 1u << FC_IMAGE_PNG |
					   1u << FC_IMAGE_TIFF,
				.format_names = "JPEG, PNG and TIFF",
			},
		},
		.http = fc_http_defaults(),
	};
	/* uploading 30 MB over a slow line and processing 100 photos take long */
	options.http.try_ms = 300 * 1000;
	options.http.slow_ms = 60 * 1000;
	options.http.retry.deadline_ms = 600 * 1000;
	return options;
}
