/* Report faces that were enrolled although they look like another person. */
/* SPDX-License-Identifier: MIT */
#include "photos/look_alikes.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* A person whose photos look like another one is reported from this number of photos on, if they are at least half of the photos. */
enum { SUSPICIOUS = 2 };

static void describe(const struct fc_identity *person, char out[LOOK_ALIKE_TEXT])
{
	char pid[FC_UUID_TEXT_SIZE];
	fc_uuid_format(&person->pid, pid);
	const char *name = person->name ? person->name : "";
	const char *before = person->name ? " (" : "", *after = person->name ? ")" : "";
	if (person->has_number) {
		snprintf(out, LOOK_ALIKE_TEXT, "person %" PRIu64 "%s%.255s%s", person->number,
			 before, name, after);
	} else {
		snprintf(out, LOOK_ALIKE_TEXT, "profile %s%s%.255s%s", pid, before, name, after);
	}
}

static void end_person(struct look_alikes *alikes, const struct out *out)
{
	if (alikes->alike >= SUSPICIOUS && 2 * alikes->alike >= alikes->photos) {
		out_note(out,
			 "the photos of %s may be mislabelled: %" PRIu64 " of %" PRIu64
			 " look like another person, the last one like %s",
			 alikes->person, alikes->alike, alikes->photos, alikes->other);
	}
	alikes->photos = alikes->alike = 0;
}

void look_alikes_note(struct look_alikes *alikes, const struct out *out,
		      const struct fc_photo_outcome *outcome, bool dry_run)
{
	char person[LOOK_ALIKE_TEXT];
	if (outcome->status != FC_OK ||
	    (outcome->action != FC_ACTION_ENROLLED && outcome->action != FC_ACTION_REPLACED)) {
		return;
	}
	describe(&outcome->identity, person);
	if (strcmp(person, alikes->person) != 0) {
		end_person(alikes, out);
		memcpy(alikes->person, person, sizeof(person));
	}
	alikes->photos++;
	if (!outcome->duplicate.found) {
		return;
	}
	describe(&outcome->duplicate.person, alikes->other);
	alikes->alike++;
	alikes->total++;
	out_note(out, "'%s': %s for %s, but looks like %s: similarity %.4f", outcome->path,
		 dry_run ? "would be enrolled" : "enrolled", person, alikes->other,
		 (double)outcome->duplicate.similarity);
}

void look_alikes_end(struct look_alikes *alikes, const struct out *out)
{
	end_person(alikes, out);
	alikes->person[0] = '\0';
}
