/*
 * A service: the local engine, or a client of a remote one. Its verbs are grouped in facets, one for each noun of the command line;
 * a facet or a verb that the service does not support is NULL. The headers photos.h, faces.h, stored_faces.h, spaces.h, profiles.h, entries.h,
 * origins.h, reembed.h and service.h define the facets and one function for each verb.
 */
/* SPDX-License-Identifier: MIT */
#ifndef FC_SERVICE_VERBS_H
#define FC_SERVICE_VERBS_H

#include <stdbool.h>

#include "base/buffer.h"
#include "base/error.h"
#include "base/memory.h"

struct fc_service;

struct fc_service_operations {
	/* one of fc_service_types; for a service that wraps another: what it adds */
	const char *type;
	void (*close)(struct fc_service *service);
	/* Release what other processes may wait for, such as an open gallery, until the next request. NULL: there is nothing. */
	void (*rest)(struct fc_service *service);
	const char *(*account)(const struct fc_service *service); /* NULL for the local engine */
	const struct fc_photo_verbs *photos;
	const struct fc_sync_verbs *sync; /* of remote services, for "set --sync"; see sync.h */
	const struct fc_face_verbs *faces;
	const struct fc_stored_face_verbs *stored_faces;
	const struct fc_profile_verbs *profiles;
	const struct fc_entry_verbs *entries;
	const struct fc_origin_verbs *origins;
	const struct fc_space_verbs *spaces;
	const struct fc_gallery_verbs *gallery;
	const struct fc_model_verbs *models;
	const struct fc_service_verbs *services;
	const struct fc_api_verbs *api;
};

/* The type of a function that implements a verb: `FC_VERB_FUNCTION(fc_photo_verbs, set) fc_local_set;` declares one. */
#define FC_VERB_FUNCTION(facet, verb) __typeof__(*((struct facet *)NULL)->verb)

/* The first member of every service's own struct. */
struct fc_service {
	const struct fc_service_operations *operations;
};

static inline void fc_service_close(struct fc_service *service)
{
	if (service) {
		service->operations->close(service);
	}
}
FC_DEFINE_CLEANUP(struct fc_service *, fc_service_close);

static inline void fc_service_rest(struct fc_service *service)
{
	if (service->operations->rest) {
		service->operations->rest(service);
	}
}

/* In the order in which they are listed. */
enum fc_verb {
	FC_VERB_SET,
	FC_VERB_SET_SYNC,
	FC_VERB_RECOGNIZE,
	FC_VERB_DELETE,
	FC_VERB_TRUNCATE,
	FC_VERB_ERASE,
	FC_VERB_STATUS,
	FC_VERB_DETECT,
	FC_VERB_VERIFY,
	FC_VERB_PROFILES_CREATE,
	FC_VERB_PROFILES_REINIT,
	FC_VERB_PROFILES_SEARCH,
	FC_VERB_PROFILES_SEARCH_TEMPLATE,
	FC_VERB_PROFILES_LIST,
	FC_VERB_PROFILES_SHOW,
	FC_VERB_PERSONS_FIND,
	FC_VERB_PROFILES_UPDATE,
	FC_VERB_PROFILES_MERGE,
	FC_VERB_PROFILES_MOVE,
	FC_VERB_PROFILES_DELETE,
	FC_VERB_PROFILES_AUDIT,
	FC_VERB_FACES_ADD,
	FC_VERB_FACES_LIST,
	FC_VERB_FACES_SHOW,
	FC_VERB_FACES_UPDATE,
	FC_VERB_FACES_MOVE,
	FC_VERB_FACES_DELETE,
	FC_VERB_FACES_EXPORT,
	FC_VERB_FACES_NEAREST,
	FC_VERB_ENTRIES_LIST,
	FC_VERB_ENTRIES_STATS,
	FC_VERB_ENTRIES_SHOW,
	FC_VERB_ENTRIES_DELETE,
	FC_VERB_ENTRIES_PRUNE,
	FC_VERB_ORIGINS_CREATE,
	FC_VERB_ORIGINS_LIST,
	FC_VERB_ORIGINS_SHOW,
	FC_VERB_ORIGINS_UPDATE,
	FC_VERB_ORIGINS_DELETE,
	FC_VERB_SPACES_LIST,
	FC_VERB_SPACES_DELETE,
	FC_VERB_SPACES_UPDATE,
	FC_VERB_SPACES_RENAME,
	FC_VERB_GALLERY_REEMBED,
	FC_VERB_EXTRACT,
	FC_VERB_EVAL,
	FC_VERB_EVAL_CALIBRATE,
	FC_VERB_SERVICES_CHECK,
	FC_VERB_API,
	FC_VERB_COUNT,
};

/* The name of the verb's command, such as "profiles search". */
const char *fc_verb_name(enum fc_verb verb);

/* "local", "smarty", ...; ends with NULL. */
extern const char *const fc_service_types[];

/* Whether services of that type support the verb; no service needs to be opened. */
bool fc_verb_supported_by(enum fc_verb verb, const char *type);

/* Whether this service supports the verb. */
bool fc_service_supports(const struct fc_service *service, enum fc_verb verb);

/* FC_OK if the service supports the verb, else FC_UNSUPPORTED with a message that lists the types of services that support it. */
enum fc_status fc_service_need(const struct fc_service *service, enum fc_verb verb,
			       struct fc_error *err);

#endif
