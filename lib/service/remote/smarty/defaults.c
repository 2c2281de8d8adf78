/*
 * The limits that VK documents for its service. They are not in the module facectl-remote.so, so that a configuration can be
 * checked without loading it.
 */
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
	options.http.url = "https://smarty.mail.ru";
	/* long enough to upload 30 MB over a slow connection and to process 100 photos */
	options.http.try_ms = 300 * 1000;
	options.http.slow_ms = 60 * 1000;
	options.http.retry.deadline_ms = 600 * 1000;
	return options;
}
