/*
 * Remote services in the configuration, each in a section [service "NAME"]. One table of keys for each type of service drives
 * reading, checking and showing them.
 */
/* SPDX-License-Identifier: MIT */
#ifndef FC_CMD_SERVICES_H
#define FC_CMD_SERVICES_H

#include "config/config.h"
#include "option/option.h"
#include "service/remote/remote.h"

/* The settings of a section; those it lacks have the type's default and are not `given`. */
struct service_settings {
	const char *name;
	unsigned type; /* index into service_types */
	const char *url;
	const char *token_file, *token_env, *token_command;
	const char *ca_file, *proxy, *no_proxy;
	bool plain_http;
	unsigned policy; /* enum fc_policy, if the section has it */
	struct option_number connect_timeout, timeout, slow_time; /* milliseconds */
	struct option_number slow_speed, max_answer;              /* bytes (a second) */
	struct option_number retries;
	struct option_number retry_wait, longest_wait, deadline; /* milliseconds */
	struct option_real rate_limit;                           /* requests a second */
	struct option_number jobs;
	struct option_number max_photo_size, min_side, max_side, max_short_side;
	/* of the type; limits that have no key */
	struct fc_remote_limits photo;

	/* smarty */
	const char *oauth_provider;
	struct option_number searcher, max_photos, max_request_size;

	/* azure */
	const char *group_prefix, *recognition_model, *detection_model;
	const char *attributes; /* NULL for none */
	struct option_real confidence_threshold;
	struct option_number candidates;
	struct option_number face_id_ttl, training_timeout, training_poll; /* milliseconds */

	/* neuroio and serp */
	const char *origin, *iam_url;
	bool identify_asm;

	struct option_texts owned; /* paths with an expanded home folder */
};

/* What a type needs to open a service. */
struct service_opening {
	const struct fc_remote *remote;
	const struct service_settings *settings;
	struct fc_token_source token;
	struct fc_http_options http;
	struct fc_remote_limits photo;
};

struct service_type {
	const char *name;
	const struct option_row *rows; /* in addition to service_rows; the names are the keys */
	void (*defaults)(struct service_settings *out);
	enum fc_status (*open)(const struct service_opening *opening, struct fc_service **out,
			       struct fc_error *err);
};

/* ---- service_types.c: the tables ---- */

extern const struct option_row service_rows[]; /* the keys of every type */
extern const struct service_type service_types[];
extern const char *const service_type_names[]; /* ends with NULL */
extern const char *const service_policies[];   /* the words of enum fc_policy */

/* ---- services.c: sections of the configuration ---- */

/* Whether the section is [service "NAME"], or a misspelled one. */
bool services_own_section(const char *section);

/* Add the mistakes in the sections of services to the problems. Errors: FC_NO_MEMORY. */
FC_MUST_USE enum fc_status services_check(struct config *config, struct fc_error *err);

/* The names of all services, sorted; free() the array. NULL when out of memory. */
const char **services_names(const struct config *config, size_t *count);

/* The line that counts for a key of a service, or NULL. */
const struct config_line *services_line(const struct config *config, const char *name,
					const char *key);

/*
 * The row of a key of the service of that name. A service without a type has only the key "type".
 * Errors: FC_INVALID_ARGUMENT (a bad name, or no such key; the text gives the nearest one).
 */
FC_MUST_USE enum fc_status services_find_row(const struct config *config, const char *name,
					     const char *key, const struct option_row **out,
					     struct fc_error *err);

/*
 * The settings of a service. Release them in any case; strings are borrowed from the config.
 * Errors: FC_INVALID_ARGUMENT (there is none of this name, or a line of it is wrong), FC_NO_MEMORY.
 */
FC_MUST_USE enum fc_status services_get(const struct config *config, const char *name,
					struct service_settings *out, struct fc_error *err);
void service_settings_release(struct service_settings *settings);

#endif
