/* The table of verbs: name, offset in the operations of a service, and the types of services that support the verb. */
/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "service/api.h"
#include "service/entries.h"
#include "service/origins.h"
#include "service/profiles.h"
#include "service/reembed.h"
#include "service/service.h"
#include "service/stored_faces.h"

enum {
	LOCAL = 1 << 0,
	SMARTY = 1 << 1,
	AZURE = 1 << 2,
	NEUROIO = 1 << 3,
	SERP = 1 << 4,
	PLATFORM = NEUROIO | SERP,
	REMOTE = SMARTY | AZURE | PLATFORM,
};

const char *const fc_service_types[] = { "local", "smarty", "azure", "neuroio", "serp", NULL };

/*
 * The types are listed here because the remote services are in a module that need not be loaded to query them. A test compares this table
 * with the operations of each service.
 */
struct row {
	const char *name;
	size_t facet, function; /* offsets in struct fc_service_operations and in the facet */
	unsigned types;
};

#define AT(facet, function)                                                                        \
	offsetof(struct fc_service_operations, facet),                                             \
		offsetof(__typeof__(*((struct fc_service_operations *)NULL)->facet), function)

static const struct row rows[FC_VERB_COUNT] = {
	[FC_VERB_SET] = { "set", AT(photos, set), LOCAL | SMARTY | AZURE },
	[FC_VERB_SET_SYNC] = { "set --sync", AT(photos, sync), LOCAL | SMARTY | AZURE },
	[FC_VERB_RECOGNIZE] = { "recognize", AT(photos, recognize), LOCAL | SMARTY | AZURE },
	[FC_VERB_DELETE] = { "delete", AT(photos, delete), LOCAL | SMARTY | AZURE },
	[FC_VERB_TRUNCATE] = { "truncate", AT(photos, truncate), LOCAL | SMARTY | AZURE },
	[FC_VERB_ERASE] = { "erase", AT(profiles, erase), LOCAL },
	[FC_VERB_STATUS] = { "status", AT(photos, survey), LOCAL },
	[FC_VERB_DETECT] = { "detect", AT(faces, detect), LOCAL | AZURE },
	[FC_VERB_VERIFY] = { "verify", AT(faces, verify), LOCAL | AZURE },
	[FC_VERB_PROFILES_CREATE] = { "profiles create", AT(profiles, create), LOCAL | PLATFORM },
	[FC_VERB_PROFILES_REINIT] = { "profiles reinit", AT(profiles, reinit), LOCAL | PLATFORM },
	[FC_VERB_PROFILES_SEARCH] = { "profiles search", AT(profiles, search), LOCAL | PLATFORM },
	[FC_VERB_PROFILES_SEARCH_TEMPLATE] = { "profiles search --template",
					       AT(profiles, search_templates), LOCAL },
	[FC_VERB_PROFILES_LIST] = { "profiles list", AT(profiles, list), LOCAL | AZURE },
	[FC_VERB_PROFILES_SHOW] = { "profiles show", AT(profiles, show), LOCAL | AZURE | PLATFORM },
	[FC_VERB_PERSONS_FIND] = { "persons by number, name or prefix", AT(profiles, find),
				   LOCAL | AZURE },
	[FC_VERB_PROFILES_UPDATE] = { "profiles update", AT(profiles, update), LOCAL | AZURE },
	[FC_VERB_PROFILES_MERGE] = { "profiles merge", AT(profiles, merge), LOCAL },
	[FC_VERB_PROFILES_MOVE] = { "profiles move", AT(profiles, move), LOCAL },
	[FC_VERB_PROFILES_DELETE] = { "profiles delete", AT(profiles, delete),
				      LOCAL | AZURE | PLATFORM },
	[FC_VERB_PROFILES_AUDIT] = { "profiles audit", AT(profiles, audit), LOCAL },
	[FC_VERB_FACES_ADD] = { "faces add", AT(stored_faces, add), LOCAL },
	[FC_VERB_FACES_LIST] = { "faces list", AT(stored_faces, list), LOCAL },
	[FC_VERB_FACES_SHOW] = { "faces show", AT(stored_faces, find), LOCAL },
	[FC_VERB_FACES_UPDATE] = { "faces update", AT(stored_faces, update), LOCAL },
	[FC_VERB_FACES_MOVE] = { "faces move", AT(stored_faces, move), LOCAL },
	[FC_VERB_FACES_DELETE] = { "faces delete", AT(stored_faces, delete), LOCAL },
	[FC_VERB_FACES_EXPORT] = { "faces export", AT(stored_faces, crop), LOCAL },
	[FC_VERB_FACES_NEAREST] = { "nearest persons of stored faces", AT(stored_faces, nearest),
				    LOCAL },
	[FC_VERB_ENTRIES_LIST] = { "entries list", AT(entries, list), LOCAL | PLATFORM },
	[FC_VERB_ENTRIES_STATS] = { "entries stats", AT(entries, stats), LOCAL | PLATFORM },
	[FC_VERB_ENTRIES_SHOW] = { "entries show", AT(entries, show), LOCAL },
	[FC_VERB_ENTRIES_DELETE] = { "entries delete", AT(entries, delete), LOCAL | PLATFORM },
	[FC_VERB_ENTRIES_PRUNE] = { "entries prune", AT(entries, prune), LOCAL },
	[FC_VERB_ORIGINS_CREATE] = { "origins create", AT(origins, create), LOCAL | PLATFORM },
	[FC_VERB_ORIGINS_LIST] = { "origins list", AT(origins, list), LOCAL | PLATFORM },
	[FC_VERB_ORIGINS_SHOW] = { "origins show", AT(origins, show), LOCAL | PLATFORM },
	[FC_VERB_ORIGINS_UPDATE] = { "origins update", AT(origins, update), LOCAL | PLATFORM },
	[FC_VERB_ORIGINS_DELETE] = { "origins delete", AT(origins, delete), LOCAL | PLATFORM },
	[FC_VERB_SPACES_LIST] = { "spaces list", AT(spaces, list), LOCAL | AZURE | PLATFORM },
	[FC_VERB_SPACES_DELETE] = { "spaces delete", AT(spaces, delete), LOCAL | AZURE | PLATFORM },
	[FC_VERB_SPACES_UPDATE] = { "spaces update", AT(spaces, bands), LOCAL | NEUROIO },
	[FC_VERB_SPACES_RENAME] = { "spaces rename", AT(spaces, rename), LOCAL },
	[FC_VERB_GALLERY_REEMBED] = { "gallery reembed", AT(gallery, reembed), LOCAL },
	[FC_VERB_EXTRACT] = { "extract", AT(models, in_use), LOCAL },
	[FC_VERB_EVAL] = { "eval", AT(models, in_use), LOCAL },
	[FC_VERB_EVAL_CALIBRATE] = { "eval --calibrate --space", AT(spaces, calibrate), LOCAL },
	[FC_VERB_SERVICES_CHECK] = { "services check", AT(services, probe), REMOTE },
	[FC_VERB_API] = { "api", AT(api, call), LOCAL | REMOTE },
};

const char *fc_verb_name(enum fc_verb verb)
{
	return rows[verb].name;
}

bool fc_verb_supported_by(enum fc_verb verb, const char *type)
{
	for (unsigned i = 0; fc_service_types[i]; i++) {
		if (strcmp(fc_service_types[i], type) == 0) {
			return rows[verb].types & 1u << i;
		}
	}
	return false;
}

bool fc_service_supports(const struct fc_service *service, enum fc_verb verb)
{
	const struct row *row = &rows[verb];
	const char *facet;
	void *function;
	memcpy(&facet, (const char *)service->operations + row->facet, sizeof(facet));
	if (!facet) {
		return false;
	}
	memcpy(&function, facet + row->function, sizeof(function));
	return function != NULL;
}

/* For example "the local engine (--service local) and services of type smarty and azure". */
static void describe_types(unsigned types, struct fc_buffer *out)
{
	unsigned remote = types & REMOTE;
	if (types & LOCAL) {
		fc_buffer_append_text(out, "the local engine (--service local)");
	}
	if (remote != 0) {
		fc_buffer_append_text(out, types & LOCAL ? " and services of type "
							 : "services of type ");
	}
	for (unsigned i = 0; fc_service_types[i]; i++) {
		if (remote & 1u << i) {
			remote &= ~(1u << i);
			bool last_but_one = remote && (remote & (remote - 1)) == 0;
			fc_buffer_printf(out, "%s%s", fc_service_types[i],
					 last_but_one ? " and "
					 : remote     ? ", "
						      : "");
		}
	}
}

enum fc_status fc_service_need(const struct fc_service *service, enum fc_verb verb,
			       struct fc_error *err)
{
	FC_CLEANUP(fc_buffer_release) struct fc_buffer others = { 0 };
	if (fc_service_supports(service, verb)) {
		return FC_OK;
	}
	describe_types(rows[verb].types, &others);
	const char *text = fc_buffer_text(&others);
	if (!text) {
		return fc_fail_memory(err);
	}
	bool one = rows[verb].types == LOCAL;
	bool wraps =
		true; /* a service that wraps another has a type of its own, which users do not know */
	for (unsigned i = 0; fc_service_types[i]; i++) {
		wraps = wraps && strcmp(fc_service_types[i], service->operations->type) != 0;
	}
	return fc_fail(err, FC_UNSUPPORTED, "%s%s does not support '%s'; %s %s",
		       wraps ? "this service" : "a service of type ",
		       wraps ? "" : service->operations->type, rows[verb].name, text,
		       one ? "does" : "do");
}
