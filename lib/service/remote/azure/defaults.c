/*
 * The limits that Microsoft documents. They are not in the module facectl-remote.so, so that a configuration can be checked
 * without loading it.
 */
/* SPDX-License-Identifier: MIT */
#include "service/remote/azure/azure.h"

struct fc_azure_options fc_azure_defaults(void)
{
	struct fc_azure_options options = {
		.group_prefix = "facectl-",
		.recognition_model = "recognition_04",
		.detection_model = "detection_03",
		.candidates = 5,
		.poll_ms = 1000,
		.poll_ceiling_ms = 10 * 1000,
		.training_ms = 600 * 1000,
		/* Face API v1.0, Face - Detect: JPEG, PNG, GIF and BMP, 1 KB to 6 MB, faces from 36x36 pixels. */
		.limits = {
			.least_bytes = 1024,
			.image_bytes = 6 * 1024 * 1024,
			.smallest_side = 36,
			.formats = 1u << FC_IMAGE_JPEG | 1u << FC_IMAGE_PNG | 1u << FC_IMAGE_BMP,
			.format_names = "JPEG, PNG and BMP",
		},
		.http = fc_http_defaults(),
	};
	/* the limit of a paid subscription; a free one allows 20 requests a minute */
	options.http.requests_a_second = 10;
	/* the service requests waits of up to a minute ("try again in N seconds") */
	options.http.retry.longest_wait_ms = 90 * 1000;
	return options;
}
