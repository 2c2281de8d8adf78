/* The table of verbs and services. A test holds it against the services themselves. */
/* SPDX-License-Identifier: MIT */
#include "service/abilities.h"

#include <string.h>

#include "service/operations.h"

enum {
	LOCAL = 1 << 0,
	SMARTY = 1 << 1,
	AZURE = 1 << 2,
	NEUROIO = 1 << 3,
	SERP = 1 << 4,
	PLATFORM = NEUROIO | SERP,
};

const char *const fc_service_kinds[] = { "local", "smarty", "azure", "neuroio", "serp", NULL };

#define AT(member) offsetof(struct fc_service_operations, member)

const struct fc_ability fc_abilities[] = {
	{ "set", AT(set), LOCAL | SMARTY | AZURE },
	{ "recognize", AT(recognize), LOCAL | SMARTY | AZURE },
	{ "delete", AT(delete), LOCAL | SMARTY | AZURE },
	{ "truncate", AT(truncate), LOCAL | SMARTY | AZURE },
	{ "status", AT(survey), LOCAL },
	{ "detect", AT(detect), LOCAL | AZURE },
	{ "verify", AT(verify), LOCAL | AZURE },
	{ "profiles create", AT(profile_create), LOCAL | PLATFORM },
	{ "profiles reinit", AT(profile_reinit), LOCAL | PLATFORM },
	{ "profiles search", AT(profile_search), LOCAL | PLATFORM },
	{ "profiles search --template", AT(template_search), LOCAL },
	{ "profiles list", AT(profile_list), LOCAL },
	{ "profiles show", AT(profile_show), LOCAL | PLATFORM },
	{ "persons by number, name or prefix", AT(person_find), LOCAL },
	{ "profiles update", AT(profile_update), LOCAL },
	{ "profiles merge", AT(profile_merge), LOCAL },
	{ "profiles move", AT(profile_move), LOCAL },
	{ "profiles delete", AT(profile_delete), LOCAL | PLATFORM },
	{ "profiles export-faces", AT(profile_crops), LOCAL },
	{ "entries list", AT(entry_list), LOCAL | PLATFORM },
	{ "entries stats", AT(entry_stats), LOCAL | PLATFORM },
	{ "entries show", AT(entry_show), LOCAL },
	{ "entries delete", AT(entry_delete), LOCAL | PLATFORM },
	{ "entries prune", AT(entry_prune), LOCAL },
	{ "origins create", AT(origin_create), LOCAL | PLATFORM },
	{ "origins list", AT(origin_list), LOCAL | PLATFORM },
	{ "origins show", AT(origin_show), LOCAL | PLATFORM },
	{ "origins update", AT(origin_update), LOCAL | PLATFORM },
	{ "origins delete", AT(origin_delete), LOCAL | PLATFORM },
	{ "spaces list", AT(space_list), LOCAL | AZURE | PLATFORM },
	{ "spaces delete", AT(space_delete), LOCAL | AZURE | PLATFORM },
	{ "spaces thresholds", AT(space_bands), LOCAL | NEUROIO },
	{ "gallery reembed", AT(reembed), LOCAL },
	{ "eval --write-space", AT(space_calibrate), LOCAL },
	{ NULL },
};

static const struct fc_ability *find(const char *verb)
{
	const struct fc_ability *row = fc_abilities;
	while (row->verb && strcmp(row->verb, verb) != 0) {
		row++;
	}
	return row->verb ? row : NULL;
}

bool fc_kind_has(const char *kind, const char *verb)
{
	const struct fc_ability *row = find(verb);
	for (unsigned i = 0; row && fc_service_kinds[i]; i++) {
		if (strcmp(fc_service_kinds[i], kind) == 0) {
			return row->kinds & 1u << i;
		}
	}
	return false;
}

void fc_abilities_describe(const char *verb, struct fc_buffer *out)
{
	const struct fc_ability *row = find(verb);
	unsigned kinds = row ? row->kinds : LOCAL;
	unsigned remote = kinds & ~(unsigned)LOCAL;
	if (kinds & LOCAL) {
		fc_buffer_append_text(out, "the local engine (--service local)");
	}
	if (remote == 0) {
		fc_buffer_append_text(out, " does");
		return;
	}
	fc_buffer_append_text(out, kinds & LOCAL ? " and services of type " : "services of type ");
	for (unsigned i = 0; fc_service_kinds[i]; i++) {
		if (remote & 1u << i) {
			remote &= ~(1u << i);
			fc_buffer_printf(out, "%s%s", fc_service_kinds[i],
					 remote == 0               ? " do"
					 : (remote & (remote - 1)) ? ", "
								   : " and ");
		}
	}
}
