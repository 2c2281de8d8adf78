/* Collects the templates of labelled photos for eval. */
/* SPDX-License-Identifier: MIT */
#include "commands/eval/collector.h"

#include "service/photos.h"
#include "vision/faces/choice.h"

void eval_collector_release(struct eval_collector *collector)
{
	fc_labelled_release(&collector->labelled);
}

static void note_failure(struct eval_collector *collector, enum fc_status status, const char *text)
{
	if (collector->evaluation->failed++ == 0) {
		collector->first_failure = status;
	}
	progress_hide(&collector->progress);
	out_note(collector->out, "%s", text);
}

/*
 * Find the face that a photo is of; NULL if the photo has no face or is left out. Without a choice, it is the main face even if another one
 * is close: a set without its difficult photos would have better rates.
 */
static void find_subject(struct eval_collector *collector, const struct labelled_photo *photo,
			 const struct fc_analysis *analysis, const struct fc_face **out)
{
	const struct fc_face_choice *choice = photo->has_face ? &photo->face : collector->choice;
	struct fc_error reason = { 0 }, why = { 0 };
	size_t index = 0;
	if (!choice || analysis->face_count == 0) {
		*out = fc_face_main(analysis);
	} else if (fc_face_choose(choice, analysis, NULL, &index, &reason) == FC_OK) {
		*out = &analysis->faces[index];
	} else {
		note_failure(collector,
			     fc_fail(&why, reason.status, "'%s': %s", photo->path, reason.text),
			     why.text);
	}
}

enum fc_status eval_collect(void *context, const struct fc_photo_outcome *outcome,
			    struct fc_error *err)
{
	struct eval_collector *collector = context;
	struct labelled_photo *photo = &collector->photos->items[collector->next++];
	collector->faces += outcome->analysis->face_count;
	const struct progress_state state = {
		.photos = collector->next,
		.faces = collector->faces,
		.accepted = collector->labelled.count,
		.rejected = collector->evaluation->no_face,
		.failed = collector->evaluation->failed,
		.has_total = true,
		.total = collector->photos->count,
	};
	if (progress_due(&collector->progress)) {
		progress_show(&collector->progress, &state);
	}

	if (outcome->status != FC_OK) {
		note_failure(collector, outcome->status, outcome->error);
		return FC_OK;
	}
	const struct fc_face *subject = NULL;
	find_subject(collector, photo, outcome->analysis, &subject);
	if (!subject) {
		collector->evaluation->no_face += outcome->analysis->face_count == 0;
		return FC_OK;
	}
	collector->evaluation->several += outcome->analysis->face_count > 1;
	photo->index = collector->labelled.count;
	if (collector->next <= collector->photos->count - collector->photos->strangers) {
		collector->known++;
	}
	const struct fc_label label = { photo->person, photo->group };
	return fc_labelled_add(&collector->labelled, label, subject->embedding,
			       outcome->analysis->dimension, err);
}
