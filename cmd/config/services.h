/*
 * Remote services in the configuration, each in a section [service "NAME"]. A table of keys for each type of service is used to
 * read, check and show them.
 */
/* SPDX-License-Identifier: MIT */
#ifndef FC_CMD_CONFIG_SERVICES_H
#define FC_CMD_CONFIG_SERVICES_H

#include "config/config.h"
#include "option/option.h"
#include "service/remote/remote.h"

/* The settings of a service. Those that its section lacks have the default of the type, and `given` is false. */
struct service_settings {
	const char *name;
	unsigned type; /* index into service_types */
	const char *url;
	const char *token_file, *token_env, *token_command;
	const char *ca_file, *proxy, *no_proxy;
	const char *account; /* NULL: the token identifies it */
	bool plain_http;
	unsigned policy; /* enum fc_policy; valid if the section has this key */
	struct option_number connect_timeout, timeout, slow_time; /* milliseconds */
	struct option_number slow_speed, max_answer;              /* bytes (a second) */
	struct option_number retries;
	struct option_number retry_wait, longest_wait, deadline; /* milliseconds */
	struct option_real rate_limit;                           /* requests a second */
	struct option_number jobs;
	struct option_number max_photo_size, min_side, max_side, max_short_side;
	/* set by the type: limits without a key */
	struct fc_remote_limits photo;

	/* type smarty */
	const char *oauth_provider;
	struct option_number searcher, max_photos, max_request_size;

	/* type azure */
	const char *group_prefix, *recognition_model, *detection_model;
	const char *attributes; /* NULL for none */
	struct option_real confidence_threshold;
	struct option_number candidates;
	struct option_number face_id_ttl, training_timeout, training_poll; /* milliseconds */

	/* types neuroio and serp */
	const char *origin, *iam_url;
	bool identify_asm;

	struct option_texts owned; /* allocated strings: paths with "~/" expanded */
};

/* Parameters for opening a service, for the open function of its type. */
struct service_opening {
	const struct fc_remote_module *module;
	const struct service_settings *settings;
	struct fc_token_source token;
	struct fc_http_options http;
	struct fc_remote_limits photo;
	struct fc_cutter cutter; /* set by the caller of remote_start */
};

struct service_type {
	const char *name;
	const struct option_row *rows; /* keys in addition to service_rows */
	/* out->type is set */
	void (*defaults)(struct service_settings *out);
	enum fc_status (*open)(const struct service_opening *opening, struct fc_service **out,
			       struct fc_error *err);
	enum fc_platform_kind kind; /* of the types neuroio and serp */
};

/* ---- service_types.c: the tables ---- */

extern const struct option_row service_rows[]; /* the keys of every type */
extern const struct service_type service_types[];
extern const char *const service_type_names[]; /* ends with NULL */
extern const char *const service_policies[];   /* the words of enum fc_policy */

/* ---- services.c: sections of the configuration ---- */

/* Whether this section belongs to a service: [service "NAME"], also if misspelled. */
bool services_own_section(const char *section);

/* Check the sections of services, and add their errors to config's problems. Errors: FC_NO_MEMORY. */
enum fc_status services_check(struct config *config, struct fc_error *err);

/* The names of all services, sorted; free() the array. NULL when out of memory. */
const char **services_names(const struct config *config, size_t *count);

/* The line that determines the value of a service's key, or NULL. */
const struct config_line *services_line(const struct config *config, const char *name,
					const char *key);

/*
 * Find the row of a key of a service. A service without a type has only the key "type". Errors: FC_INVALID_ARGUMENT (an invalid
 * service name, or no such key; the message suggests a similar one).
 */
enum fc_status services_find_row(const struct config *config, const char *name, const char *key,
				 const struct option_row **out, struct fc_error *err);

/*
 * Read the settings of a service. Release *out even after an error; its strings point into the config. Errors:
 * FC_INVALID_ARGUMENT (no service of this name, or an invalid line), FC_NO_MEMORY.
 */
enum fc_status services_get(const struct config *config, const char *name,
			    struct service_settings *out, struct fc_error *err);
void service_settings_release(struct service_settings *settings);

#endif
