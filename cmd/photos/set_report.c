/* Report the photos of set and of faces add. */
/* SPDX-License-Identifier: MIT */
#include "photos/set_report.h"

#include "output/face_record.h"
#include "photos/enrol_options.h"

struct set_record {
	struct photo_part photo;
	const char *result;
	struct person_part person;
	int64_t face_id;
	struct enrol_part enrol;
	struct face_part face;
	enum record_flag dry_run;
};

const struct record_field set_fields[] = {
	PHOTO_FIELDS(set_record, photo),
	{ RECORD_TEXT, "result", offsetof(struct set_record, result), 0, "RESULT" },
	PERSON_FIELDS(set_record, person),
	{ RECORD_INTEGER, "face_id", offsetof(struct set_record, face_id) },
	ENROL_FIELDS(set_record, enrol),
	FACE_FIELDS(set_record, face),
	{ RECORD_FLAG, "dry_run", offsetof(struct set_record, dry_run) },
	PAGE_FIELDS(set_record, photo, face),
	CUTOUT_FIELD(set_record, photo),
	OCCLUSION_FIELDS(set_record, face),
	{ RECORD_END },
};

static void fill_record(struct set_record *record, const struct report *report,
			const struct fc_photo_outcome *outcome)
{
	const struct fc_analysis *analysis = outcome->analysis;
	bool done = outcome->status == FC_OK && outcome->action != FC_ACTION_SKIPPED;
	bool seen = outcome->status == FC_OK && analysis->face_count > 0;
	photo_part_fill(&record->photo, outcome);
	person_part_fill(&record->person, done ? &outcome->identity : NULL);
	enrol_part_fill(&record->enrol, reason_word(outcome->reason, outcome->status),
			outcome->examined, &outcome->duplicate);
	face_part_fill(&record->face, seen ? &analysis->faces[outcome->chosen] : NULL,
		       outcome->chosen);
	record->result = record_outcome(report->ctx->out, report->dry_run == RECORD_TRUE,
					fc_action_name(outcome->action));
	record->dry_run = report->dry_run;
	record->face_id = done && outcome->face_id > 0 ? (int64_t)outcome->face_id : RECORD_ABSENT;
	if (report->dry_run == RECORD_TRUE && outcome->action == FC_ACTION_ENROLLED) {
		record->face_id = RECORD_ABSENT; /* these were not stored */
		record->person.pid = NULL;
	}
}

enum fc_status set_report_photo(void *context, const struct fc_photo_outcome *outcome,
				struct fc_error *err)
{
	struct report *report = context;
	report_result(report, fc_action_name(outcome->action));
	look_alikes_note(&report->alikes, report->ctx->out, outcome,
			 report->dry_run == RECORD_TRUE);
	if (outcome->status == FC_OK && outcome->action != FC_ACTION_SKIPPED &&
	    outcome->analysis->face_count > 0) {
		report_enrolled(report, &outcome->analysis->faces[outcome->chosen]);
	}
	if (report->shape) {
		/* the document has no word for a photo that is gone */
		if (outcome->action != FC_ACTION_REMOVED) {
			report->shape->photo(&report->json, outcome);
		}
	} else if (!report_leaves_out(report, outcome)) {
		struct set_record record;
		fill_record(&record, report, outcome);
		FC_TRY(record_write(&report->writer, &record,
				    outcome->status == FC_OK ? TONE_PLAIN : TONE_BAD, err));
	}
	return report_photo(report, outcome, err);
}
