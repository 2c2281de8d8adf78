/* The default options of HTTP requests. Needs no libcurl. */
/* SPDX-License-Identifier: MIT */
#include "net/http.h"

struct fc_http_options fc_http_defaults(void)
{
	return (struct fc_http_options){
		.connect_ms = 10 * 1000,
		.try_ms = 60 * 1000,
		.slow_ms = 20 * 1000,
		.slow_bytes = 64,
		.answer_bytes = 4 * 1024 * 1024,
		.parallel = 4,
		.retry = {
			.tries = 5,
			.base_ms = 1000,
			.ceiling_ms = 30 * 1000,
			.longest_wait_ms = 60 * 1000,
			.deadline_ms = 180 * 1000,
		},
	};
}
