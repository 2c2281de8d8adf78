/* Write entries of the log as records or as the platform's JSON. */
/* SPDX-License-Identifier: MIT */
#include "output/entry_record.h"

#include <math.h>
#include <string.h>

#include "output/time_cell.h"

struct entry_record {
	int64_t entry;
	const char *created, *space, *origin, *result, *pid, *name;
	double confidence, similarity, detection;
	struct record_reals box;
	int64_t facesize;
	double exposure, sharpness, pan, tilt;
	int64_t age;
	const char *sex, *mood, *liveness, *path, *sha256, *model;
	char created_text[TIME_CELL_SIZE];
	char pid_text[FC_UUID_TEXT_SIZE];
	char sha256_text[FC_SHA256_TEXT_SIZE], model_text[FC_SHA256_TEXT_SIZE];
	double box_values[4];
};

#define IN(member) offsetof(struct entry_record, member)

const struct record_field entry_fields[] = {
	{ RECORD_INTEGER, "entry", IN(entry), 0, "ENTRY" },
	{ RECORD_TEXT, "created", IN(created), 0, "WHEN" },
	{ RECORD_TEXT, "space", IN(space), 0, "SPACE", .rank = 3 },
	{ RECORD_TEXT, "origin", IN(origin), 0, "ORIGIN", .rank = 4 },
	{ RECORD_TEXT, "result", IN(result), 0, "RESULT" },
	{ RECORD_TEXT, "pid", IN(pid), 0, "PROFILE", .rank = 3 },
	{ RECORD_TEXT, "name", IN(name), 0, "NAME" },
	{ RECORD_REAL, "confidence", IN(confidence), 2, "CONFIDENCE", .rank = 5 },
	{ RECORD_REAL, "similarity", IN(similarity), 4, "SIMILARITY", .rank = 2 },
	{ RECORD_REAL, "detection", IN(detection), 5 },
	{ RECORD_REALS, "box", IN(box), 0 },
	{ RECORD_INTEGER, "facesize", IN(facesize), 0, "PIXELS", .rank = 6 },
	{ RECORD_REAL, "exposure", IN(exposure), 4 },
	{ RECORD_REAL, "sharpness", IN(sharpness), 4 },
	{ RECORD_REAL, "pan", IN(pan), 1 },
	{ RECORD_REAL, "tilt", IN(tilt), 1 },
	{ RECORD_INTEGER, "age", IN(age) },
	{ RECORD_TEXT, "sex", IN(sex) },
	{ RECORD_TEXT, "mood", IN(mood) },
	{ RECORD_TEXT, "liveness", IN(liveness) },
	{ RECORD_TEXT, "path", IN(path), 0, "PHOTO", .rank = 1, .end_counts = true },
	{ RECORD_TEXT, "sha256", IN(sha256) },
	{ RECORD_TEXT, "model", IN(model) },
	{ RECORD_END },
};

/* Fill in the measurements of the face, if the photo had a face. */
static void fill_measures(struct entry_record *record, const struct fc_entry *entry)
{
	record->facesize = RECORD_ABSENT;
	record->detection = record->exposure = record->sharpness = NAN;
	record->pan = record->tilt = NAN;
	if (entry->result == FC_RESULT_NF) {
		return;
	}
	record->facesize = entry->face_pixels > 0 ? entry->face_pixels : RECORD_ABSENT;
	record->detection = (double)entry->confidence;
	record->exposure = (double)entry->exposure;
	record->sharpness = (double)entry->sharpness;
	record->pan = (double)entry->pan;
	record->tilt = (double)entry->tilt;
	if (isnan(entry->box[0])) {
		return; /* remote services do not return the box */
	}
	for (size_t i = 0; i < FC_ARRAY_LENGTH(record->box_values); i++) {
		record->box_values[i] = (double)entry->box[i];
	}
	record->box =
		(struct record_reals){ record->box_values, FC_ARRAY_LENGTH(record->box_values) };
}

/* The digest as text; NULL if it is zero, since remote services do not return it. */
static const char *digest_text(const struct fc_sha256 *digest, char out[FC_SHA256_TEXT_SIZE])
{
	static const struct fc_sha256 none = { 0 };
	fc_sha256_format(digest, out);
	return memcmp(digest, &none, sizeof(none)) == 0 ? NULL : out;
}

static void fill_record(struct entry_record *record, const struct out *out,
			const struct fc_entry_row *row)
{
	const struct fc_entry *entry = row->entry;
	*record = (struct entry_record){
		.entry = (int64_t)entry->id,
		.space = row->space,
		.origin = entry->origin,
		.result = record_outcome(out, false, fc_result_name(entry->result)),
		.name = row->person_name,
		.confidence = entry->has_match ? (double)entry->match : NAN,
		.similarity = entry->has_similarity ? (double)entry->similarity : NAN,
		.age = entry->has_age ? entry->age : RECORD_ABSENT,
		.sex = fc_sex_name(entry->sex),
		.mood = fc_mood_name(entry->mood),
		.liveness = fc_liveness_name(entry->liveness),
		.path = entry->path,
		.sha256 = digest_text(&entry->photo, record->sha256_text),
		.model = digest_text(&entry->model, record->model_text),
	};
	fill_measures(record, entry);
	record->created = time_cell_fill(record->created_text, out, entry->created);
	if (entry->has_pid) {
		record->pid = fc_person_id_text(&entry->pid, row->other_id, record->pid_text);
	}
}

struct entry_writer entry_writer_of(struct out *out, const struct fc_platform_dialect *dialect,
				    bool single)
{
	return (struct entry_writer){
		.out = out,
		.dialect = dialect,
		.records = record_writer_of(out, "entry", entry_fields, single),
		.json = fc_json_writer_of(&out->data, true),
	};
}

void entry_writer_release(struct entry_writer *writer)
{
	record_writer_release(&writer->records);
}

enum fc_status entry_write(void *context, const struct fc_entry_row *row, struct fc_error *err)
{
	struct entry_writer *writer = context;
	struct entry_record record;
	writer->count++;
	writer->last_id = row->entry->id;
	if (writer->out->format == FORMAT_JSON) {
		fc_answer_entry(&writer->json, writer->dialect, row);
		return FC_OK;
	}
	fill_record(&record, writer->out, row);
	return record_write(&writer->records, &record, TONE_PLAIN, err);
}
