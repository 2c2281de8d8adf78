/* Opening a gallery in a database server, through the module for it. */
/* SPDX-License-Identifier: MIT */
#include "gallery/store/engine.h"

#include <dlfcn.h>
#include <string.h>

bool fc_gallery_is_address(const char *name)
{
	static const char *const beginnings[] = { "postgresql://", "postgres://", "service=" };
	for (size_t i = 0; i < FC_ARRAY_LENGTH(beginnings); i++) {
		if (strncmp(name, beginnings[i], strlen(beginnings[i])) == 0) {
			return true;
		}
	}
	return false;
}

enum fc_status fc_engine_require_lmdb(const struct fc_gallery *gallery, const char *what,
				      struct fc_error *err)
{
	const struct fc_store_engine *engine = fc_engine_of(gallery);
	return !engine ? FC_OK
		       : fc_fail(err, FC_UNSUPPORTED,
				 "%s does not work on a gallery in PostgreSQL ('%s')", what,
				 engine->name(gallery));
}

/* RTLD_NODELETE: an open gallery calls functions of the module. */
enum fc_status fc_engine_open(const struct fc_gallery_options *options, struct fc_gallery **out,
			      struct fc_error *err)
{
	const struct fc_gallery_server *server = options->server;
	const struct fc_engine_options open_options = {
		.name = options->directory,
		.cache = server ? server->cache : NULL,
		.mode = options->mode,
		.lock_timeout = options->lock_timeout,
	};
	void *handle = server && server->module
			       ? dlopen(server->module, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE)
			       : NULL;
	if (!handle) {
		return fc_fail(err, FC_UNSUPPORTED,
			       "'%s' is a gallery in PostgreSQL, and its module cannot be loaded: "
			       "%s; install facectl-postgres.so",
			       options->directory,
			       server && server->module ? dlerror() : "this program has none");
	}
	const struct fc_store_module *module = dlsym(handle, FC_STORE_MODULE);
	if (!module || strcmp(module->version, server->version) != 0) {
		FC_IGNORE(dlclose(handle));
		return fc_fail(
			err, FC_IO,
			"'%s' is not the module of facectl %s; reinstall facectl and the module",
			server->module, server->version);
	}
	return module->open(&open_options, out, err);
}
