/* All settings with their values and sources: for config list, get and set. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_CMD_CONFIG_VALUES_H
#define FC_CMD_CONFIG_VALUES_H

#include "base/buffer.h"
#include "config/services.h"
#include "config/settings.h"

/* One setting. Its texts are valid during the visit. */
struct config_value {
	const char *key;   /* "core.gallery", "service.vk.url" */
	const char *value; /* secrets redacted; NULL: no value */
	enum setting_source source;
	const char *variable; /* if it comes from the environment */
	const struct config_line *line;
};

struct config_visitor {
	enum fc_status (*visit)(void *context, const struct config_value *value,
				struct fc_error *err);
	void *context;
};

/*
 * Visit the settings in the order of their tables, then those of each service. Services with mistakes are skipped.
 * Errors: FC_NO_MEMORY, and what the visitor returns.
 */
enum fc_status config_values_visit(const struct settings *settings,
				   const struct config_visitor *visitor, struct fc_error *err);

/* Section and name of a key in a configuration file, and its row. */
struct config_place {
	char section[64];
	const char *name; /* points into the key */
	const struct option_row *row;
};

/*
 * Find the section, name and row of a key such as "core.gallery" or "service.vk.url". The type of a service must be set before
 * its other keys. Errors: FC_INVALID_ARGUMENT (no such setting; the message suggests a similar one).
 */
enum fc_status config_place_of(const struct settings *settings, const char *key,
			       struct config_place *out, struct fc_error *err);

/* A copy of the text in which user name and password of a URL are redacted; NULL if out of memory. The caller frees it. */
char *config_without_secrets(const char *text);

#endif
