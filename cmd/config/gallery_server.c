/* What a gallery in a database needs on this machine. */
/* SPDX-License-Identifier: MIT */
#include "config/settings.h"

#include "locate.h"

/* A text that the settings own; NULL stays NULL. */
static enum fc_status own(struct settings *settings, char *text, const char **out,
			  struct fc_error *err)
{
	*out = text;
	return text ? option_texts_own(&settings->owned, text, err) : FC_OK;
}

enum fc_status settings_find_server(struct settings *settings, struct fc_error *err)
{
	FC_CLEANUP(locations_release) struct locations locations = { 0 };
	struct fc_gallery_server *server = &settings->gallery_server;
	char *cache;
	FC_TRY(locations_find(&locations, err));
	FC_TRY(own(settings, FC_STEAL(locations.postgres_module), &server->module, err));
	FC_TRY(settings_home_path("XDG_CACHE_HOME", ".cache", "galleries", &cache, err));
	FC_TRY(own(settings, cache, &server->cache, err));
	server->version = FC_VERSION;
	return FC_OK;
}
