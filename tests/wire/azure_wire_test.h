/* What the tests of the Azure service share: a service at the fake, and photos that are large enough for it. */
/* SPDX-License-Identifier: MIT */
#ifndef AZURE_WIRE_TEST_H
#define AZURE_WIRE_TEST_H

#include "service/remote/azure/azure.h"
#include "smarty_wire_test.h"

enum { AZURE_PHOTO_BYTES = 1200 };

/* Options for the fake at FAKE_URL with its key, and no time between two looks. */
static inline struct fc_azure_options azure_options(void)
{
	struct fc_azure_options options = fc_azure_defaults();
	options.name = "face";
	options.http = wire_options();
	options.token.file = wire_env("FAKE_TOKEN_FILE");
	options.poll_ms = 1;
	options.poll_ceiling_ms = 4;
	return options;
}

static inline struct fc_service *azure_open(const struct fc_azure_options *options)
{
	struct fc_service *service = NULL;
	struct fc_error err = { 0 };
	if (fc_azure_open(options, &service, &err) != FC_OK) {
		fail_msg("%s", err.text);
	}
	return service;
}

/* A photo called `name` with these faces, 640x480. */
static inline void azure_add(struct album *album, const char *name, const char *faces,
			     uint64_t number)
{
	album_add_file(album, name, wire_photo(faces, 640, 480, AZURE_PHOTO_BYTES), number);
}

/* What the fake holds of a space: "persons" by name, "added", "trainings". The caller's. */
static inline cJSON *azure_group(const char *id)
{
	FC_CLEANUP(fc_json_release) cJSON *world = wire_control("state", "null");
	cJSON *groups = cJSON_GetObjectItemCaseSensitive(world, "groups");
	return cJSON_DetachItemFromObjectCaseSensitive(groups, id);
}

#endif
