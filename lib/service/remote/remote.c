/* Load the module facectl-remote.so. */
/* SPDX-License-Identifier: MIT */
#include "service/remote/remote.h"

#include <dlfcn.h>
#include <string.h>

#include "service/remote/module.h"

/* RTLD_NODELETE: open services call functions of the module. */
static enum fc_status load(const struct fc_remote *remote, const struct fc_remote_module **out,
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

enum fc_status fc_remote_open_smarty(const struct fc_remote *remote,
				     const struct fc_smarty_options *options,
				     struct fc_service **out, struct fc_error *err)
{
	const struct fc_remote_module *module = NULL;
	FC_TRY(load(remote, &module, err));
	return module->smarty_open(options, out, err);
}

enum fc_status fc_remote_open_platform(const struct fc_remote *remote,
				       const struct fc_platform_options *options,
				       struct fc_service **out, struct fc_error *err)
{
	const struct fc_remote_module *module = NULL;
	FC_TRY(load(remote, &module, err));
	return module->platform_open(options, out, err);
}

enum fc_status fc_remote_open_azure(const struct fc_remote *remote,
				    const struct fc_azure_options *options, struct fc_service **out,
				    struct fc_error *err)
{
	const struct fc_remote_module *module = NULL;
	FC_TRY(load(remote, &module, err));
	return module->azure_open(options, out, err);
}

enum fc_status fc_remote_download(const struct fc_remote *remote, struct fc_download *download,
				  const struct fc_http_options *http, struct fc_error *err)
{
	const struct fc_remote_module *module = NULL;
	FC_TRY(load(remote, &module, err));
	return module->download(download, http, err);
}
