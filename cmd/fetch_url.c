/* Fetch the image of a URL for the local engine. */
/* SPDX-License-Identifier: MIT */
#include "fetch_url.h"

#include "interrupt.h"
#include "service/remote/remote.h"

enum { TIME_LIMIT_MS = 30 * 1000 };

enum fc_status fetch_url(void *context, const char *url, uint64_t limit, struct fc_buffer *out,
			 struct fc_error *err)
{
	const struct url_fetcher *fetcher = context;
	const struct fc_remote remote = { fetcher->locations->remote_module, FC_VERSION };
	const struct fc_remote_module *module;
	struct fc_http_options http = fc_http_defaults();
	http.try_ms = TIME_LIMIT_MS;
	http.user_agent = "facectl/" FC_VERSION;
	http.stop = interrupt_watch();
	FC_TRY(fc_remote_load(&remote, &module, err));
	return module->fetch(url, fetcher->settings->fetch_urls == FETCH_ANY, limit, &http, out,
			     err);
}
