/* Fetch the image of a URL for the local engine. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_CMD_FETCH_URL_H
#define FC_CMD_FETCH_URL_H

#include "engine.h"

/* The values of --fetch-urls. */
enum fetch_urls { FETCH_NO, FETCH_PUBLIC, FETCH_ANY };

struct url_fetcher {
	const struct settings *settings;
	const struct locations *locations;
};

/* context: a struct url_fetcher. Loads the module with libcurl at the first use. */
fc_local_fetch fetch_url;

#endif
