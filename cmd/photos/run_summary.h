/* Count the photos of a batch by outcome and reason, and write a summary. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_CMD_PHOTOS_RUN_SUMMARY_H
#define FC_CMD_PHOTOS_RUN_SUMMARY_H

#include "base/json_writer.h"
#include "service/input/folder.h"
#include "service/service.h"

enum { SUMMARY_WORDS = 24 };

/* Counts of constant words, in the order of their first use. */
struct word_counts {
	struct word_count {
		const char *word;
		uint64_t count;
	} items[SUMMARY_WORDS];
	size_t count;
};

struct run_summary {
	uint64_t photos, faces;
	uint64_t accepted;    /* neither rejected nor failed */
	uint64_t rejected;    /* not suitable: no image, no face, several faces, a duplicate */
	uint64_t failed;      /* all other errors */
	uint64_t look_alikes; /* enrolled faces that look like another person */
	uint64_t gone;        /* photos of earlier runs that do not exist any more */
	uint64_t away;        /* the same, but perhaps their disk is not mounted */
	uint64_t
		answered; /* photos of a watched folder that an earlier run answered; not in photos */
	struct word_counts results; /* of photos, or of their faces: "enrolled", "known" */
	struct word_counts reasons; /* of rejected and failed photos */
	struct word_counts notes;   /* of photos, see fc_image_note_next */
	int64_t started;            /* milliseconds */
	bool dry_run;               /* the text says "would enrol" instead of "enrolled" */
};

void run_summary_begin(struct run_summary *summary);

/* The action of the outcome: for a failure without one, rejected or failed. */
enum fc_action run_summary_action(const struct fc_photo_outcome *outcome);

/* Count a finished photo. */
void run_summary_count(struct run_summary *summary, const struct fc_photo_outcome *outcome);

/* Count a result of a photo or of one of its faces. run_summary_count counts failures. */
void run_summary_result(struct run_summary *summary, const char *word);

/*
 * Append the text "20 photos: 12 enrolled, 3 rejected (2 no_face, 1 several_faces); skipped 2 hidden; 3.2 s, 6.3 photos/s".
 * skipped may be NULL.
 */
void run_summary_text(const struct run_summary *summary, const struct fc_folder_skipped *skipped,
		      struct fc_buffer *out);

/* Append the summary as a JSON object of type "summary". ended: "done", or the reason for an early end. */
void run_summary_object(const struct run_summary *summary, const struct fc_folder_skipped *skipped,
			const char *ended, struct fc_buffer *out);

#endif
