/* Every setting there is, with its value and where that comes from: for config list, get and set. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_CMD_CONFIG_VALUES_H
#define FC_CMD_CONFIG_VALUES_H

#include "base/buffer.h"
#include "config/services.h"
#include "config/settings.h"

/* One setting. Texts are borrowed from whoever visits. */
struct config_value {
	const char *key;   /* "core.gallery", "service.vk.url" */
	const char *value; /* secrets blotted out; NULL: it has none */
	enum setting_source source;
	const char *variable; /* of the environment, when it comes from there */
	const struct config_line *line;
};

struct config_visitor {
	enum fc_status (*visit)(void *context, const struct config_value *value,
				struct fc_error *err);
	void *context;
};

/*
 * Visit the settings in the order of their tables, then those of each service. A service whose section is wrong is passed over.
 * Errors: FC_NO_MEMORY, and what the visitor returns.
 */
FC_MUST_USE enum fc_status config_values_visit(const struct settings *settings,
					       const struct config_visitor *visitor,
					       struct fc_error *err);

/* A key taken apart: which section and name a file has for it, and the row that it must keep to. */
struct config_place {
	char section[64];
	const char *name; /* within the key */
	const struct option_row *row;
};

/*
 * Find the place of "core.gallery" or "service.vk.url". A service's keys are known once it has a type.
 * Errors: FC_INVALID_ARGUMENT (there is no such setting; the text says what comes close).
 */
FC_MUST_USE enum fc_status config_place_of(const struct settings *settings, const char *key,
					   struct config_place *out, struct fc_error *err);

/* The text with the user name and the password of an address in it blotted out; free() it. NULL when out of memory. */
char *config_without_secrets(const char *text);

#endif
