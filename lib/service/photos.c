/* Photos in memory as a source; counting the outcomes of photos. */
/* SPDX-License-Identifier: MIT */
#include "service/photos.h"

#include <inttypes.h>
#include <stdio.h>

static enum fc_status next_of_array(void *context, struct fc_photo *out, bool *end,
				    struct fc_error *err)
{
	struct fc_photo_array *array = context;
	(void)err;
	*end = array->count == 0;
	if (!*end) {
		*out = *array->photos++;
		array->count--;
	}
	return FC_OK;
}

struct fc_photo_source fc_photo_array_source(struct fc_photo_array *array)
{
	return (struct fc_photo_source){ .next = next_of_array, .context = array };
}

void fc_tally_count(struct fc_tally *tally, enum fc_status status)
{
	tally->photos++;
	if (status == FC_OK) {
		tally->done++;
		return;
	}
	if (tally->failed++ == 0) {
		tally->first_failure = status;
	}
}

void fc_tally_note(struct fc_tally *tally, enum fc_action action, enum fc_reason reason)
{
	tally->actions[action]++;
	tally->reasons[reason] += reason != FC_REASON_NONE;
}

void fc_tally_add(struct fc_tally *tally, const struct fc_tally *more)
{
	tally->first_failure = tally->failed == 0 ? more->first_failure : tally->first_failure;
	tally->photos += more->photos;
	tally->done += more->done;
	tally->failed += more->failed;
	tally->faces += more->faces;
	tally->known += more->known;
	tally->created += more->created;
	tally->gone += more->gone;
	tally->away += more->away;
	tally->answered += more->answered;
	tally->disagreed += more->disagreed;
	for (size_t i = 0; i < FC_ACTION_COUNT; i++) {
		tally->actions[i] += more->actions[i];
	}
	for (size_t i = 0; i < FC_REASON_COUNT; i++) {
		tally->reasons[i] += more->reasons[i];
	}
	fc_smarty_notes_add(&tally->notes, &more->notes);
}

void fc_person_tag(const struct fc_identity *identity, char tag[FC_PERSON_TAG_SIZE])
{
	if (identity->has_number) {
		snprintf(tag, FC_PERSON_TAG_SIZE, "person%" PRIu64, identity->number);
	} else if (fc_uuid_is_nil(&identity->pid) && identity->name) {
		snprintf(tag, FC_PERSON_TAG_SIZE, "%s", identity->name);
	} else {
		fc_uuid_format(&identity->pid, tag);
	}
}

const char *fc_unnamed_name(enum fc_unnamed unnamed)
{
	static const char *const names[FC_UNNAMED_COUNT] = {
		[FC_UNNAMED_NO_PERSONS] = "no_persons",
		[FC_UNNAMED_BELOW_THRESHOLD] = "below_threshold",
		[FC_UNNAMED_PERSON_TAKEN] = "person_taken",
	};
	return (unsigned)unnamed < FC_UNNAMED_COUNT ? names[unnamed] : NULL;
}
