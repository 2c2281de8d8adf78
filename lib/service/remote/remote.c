/* Load the module facectl-remote.so. */
/* SPDX-License-Identifier: MIT */
#include "service/remote/remote.h"

#include <dlfcn.h>
#include <string.h>

/* RTLD_NODELETE: open services call functions of the module. */
enum fc_status fc_remote_load(const struct fc_remote *remote, const struct fc_remote_module **out,
			      struct fc_error *err)
{
	void *handle = dlopen(remote->module, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
	if (!handle) {
		return fc_fail(err, FC_IO, "cannot load the module for remote services: %s",
			       dlerror());
	}
	const struct fc_remote_module *module = dlsym(handle, FC_REMOTE_MODULE);
	if (!module || strcmp(module->version, remote->version) != 0) {
		FC_IGNORE(dlclose(handle));
		return fc_fail(
			err, FC_IO,
			"'%s' is not the module of facectl %s; reinstall facectl and the module",
			remote->module, remote->version);
	}
	*out = module;
	return FC_OK;
}
