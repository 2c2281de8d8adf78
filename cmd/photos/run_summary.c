/* Count the outcomes of a batch, and write its summary. */
/* SPDX-License-Identifier: MIT */
#include "photos/run_summary.h"

#include <inttypes.h>
#include <string.h>

#include "base/clock.h"
#include "output/record.h"
#include "photos/enrol_options.h"

void run_summary_begin(struct run_summary *summary)
{
	*summary = (struct run_summary){ .started = fc_clock_monotonic_ms() };
}

static void count_word(struct word_counts *counts, const char *word)
{
	size_t i = 0;
	while (i < counts->count && strcmp(counts->items[i].word, word) != 0) {
		i++;
	}
	if (i == SUMMARY_WORDS) {
		return;
	}
	if (i == counts->count) {
		counts->items[counts->count++].word = word;
	}
	counts->items[i].count++;
}

void run_summary_result(struct run_summary *summary, const char *word)
{
	if (strcmp(word, fc_action_name(FC_ACTION_FAILED)) != 0 &&
	    strcmp(word, fc_action_name(FC_ACTION_REJECTED)) != 0) {
		count_word(&summary->results, word);
	}
}

static enum fc_reason reason_of(const struct fc_photo_outcome *outcome)
{
	return outcome->reason == FC_REASON_NONE ? fc_reason_of(outcome->status) : outcome->reason;
}

enum fc_action run_summary_action(const struct fc_photo_outcome *outcome)
{
	return outcome->action == FC_ACTION_NONE ? fc_action_of(outcome->status, reason_of(outcome))
						 : outcome->action;
}

void run_summary_count(struct run_summary *summary, const struct fc_photo_outcome *outcome)
{
	enum fc_reason reason = reason_of(outcome);
	enum fc_action action = run_summary_action(outcome);
	summary->photos++;
	summary->faces += outcome->analysis->face_count;
	summary->rejected += action == FC_ACTION_REJECTED;
	summary->failed += action == FC_ACTION_FAILED;
	summary->accepted += action != FC_ACTION_REJECTED && action != FC_ACTION_FAILED;
	unsigned notes = outcome->analysis->notes;
	const char *sentence, *word;
	while ((word = fc_image_note_next(&notes, &sentence)) != NULL) {
		count_word(&summary->notes, word);
	}
	if (reason != FC_REASON_NONE) {
		count_word(&summary->reasons, reason_word(reason, outcome->status));
	}
}

static double seconds_passed(const struct run_summary *summary)
{
	return (double)(fc_clock_monotonic_ms() - summary->started) / 1000.0;
}

/* ---- text ---- */

static void append_count(struct fc_buffer *out, const char **before, uint64_t count,
			 const char *word)
{
	if (count > 0) {
		fc_buffer_printf(out, "%s%" PRIu64 " %s", *before, count, word);
		*before = ", ";
	}
}

/* The result "face" of detect and extract is a noun and needs a plural. */
static const char *plural(const char *word, uint64_t count)
{
	return count > 1 && strcmp(word, "face") == 0 ? "faces" : word;
}

/* Append the names with their counts: " (8 .mov, 3 .txt)", or as counts of their own. */
static void append_names(struct fc_buffer *out, const char **before,
			 const struct fc_name_counts *names)
{
	for (size_t i = 0; i < names->count; i++) {
		append_count(out, before, names->items[i].count, names->items[i].name);
	}
	append_count(out, before, names->rest, "others");
}

static void append_counts(struct fc_buffer *out, const char **before,
			  const struct word_counts *counts, bool dry_run)
{
	for (size_t i = 0; i < counts->count; i++) {
		const struct word_count *item = &counts->items[i];
		const char *word = dry_run ? record_would(item->word) : item->word;
		append_count(out, before, item->count, plural(word, item->count));
	}
}

void run_summary_text(const struct run_summary *summary, const struct fc_folder_skipped *skipped,
		      struct fc_buffer *out)
{
	double seconds = seconds_passed(summary);
	const char *before = ": ";
	fc_buffer_printf(out, "%" PRIu64 " photo%s", summary->photos,
			 summary->photos == 1 ? "" : "s");
	append_counts(out, &before, &summary->results, summary->dry_run);
	append_count(out, &before, summary->rejected, "rejected");
	append_count(out, &before, summary->failed, "failed");
	if (summary->reasons.count > 0) {
		before = " (";
		append_counts(out, &before, &summary->reasons, false);
		fc_buffer_append_text(out, ")");
	}
	before = "; ";
	append_counts(out, &before, &summary->notes, false);
	append_count(out, &before, summary->look_alikes, "like another person");
	append_count(out, &before, summary->gone, "gone (their faces stay without --sync)");
	append_count(out, &before, summary->away, "not found (is their disk mounted?)");
	append_count(out, &before, summary->answered, "answered in an earlier run");
	if (skipped) {
		before = "; skipped ";
		append_names(out, &before, &skipped->litter);
		append_count(out, &before, skipped->hidden, "hidden");
		append_count(out, &before, skipped->other, "not named like a photo");
		if (skipped->other > 0) {
			const char *inside = " (";
			append_names(out, &inside, &skipped->suffixes);
			fc_buffer_append_text(out, ")");
		}
		append_count(out, &before, skipped->linked,
			     skipped->linked == 1 ? "link to a folder" : "links to folders");
		append_count(out, &before, skipped->linked_files,
			     skipped->linked_files == 1 ? "link to a file" : "links to files");
		if (skipped->linked + skipped->linked_files > 0) {
			fc_buffer_printf(out, " (without --follow-links; '%s')",
					 skipped->first_link);
		}
		append_count(out, &before, skipped->loops,
			     skipped->loops == 1 ? "link that is a loop" : "links that are loops");
		append_count(out, &before, skipped->special,
			     "named like a photo but not a regular file");
		append_count(out, &before, skipped->excluded, "excluded");
		append_count(out, &before, skipped->ignored, "ignored by .facectlignore");
	}
	fc_buffer_printf(out, "; %.1f s", seconds);
	if (seconds >= 1 && summary->photos > 0) {
		fc_buffer_printf(out, ", %.1f photos/s", (double)summary->photos / seconds);
	}
}

/* ---- for programs ---- */

static void put_counts(struct fc_json_writer *json, const char *key,
		       const struct word_counts *counts)
{
	fc_json_put_object(json, key);
	for (size_t i = 0; i < counts->count; i++) {
		fc_json_put_integer(json, counts->items[i].word, (int64_t)counts->items[i].count);
	}
	fc_json_end_object(json);
}

static void put_names(struct fc_json_writer *json, const char *key,
		      const struct fc_name_counts *names)
{
	fc_json_put_object(json, key);
	for (size_t i = 0; i < names->count; i++) {
		fc_json_put_integer(json, names->items[i].name, (int64_t)names->items[i].count);
	}
	if (names->rest > 0) {
		fc_json_put_integer(json, "others", (int64_t)names->rest);
	}
	fc_json_end_object(json);
}

void run_summary_object(const struct run_summary *summary, const struct fc_folder_skipped *skipped,
			const char *ended, struct fc_buffer *out)
{
	const struct fc_folder_skipped nothing = { 0 };
	struct fc_json_writer json = fc_json_writer_of(out, false);
	double seconds = seconds_passed(summary);
	skipped = skipped ? skipped : &nothing;
	fc_json_begin_object(&json);
	fc_json_put_text(&json, "type", "summary");
	fc_json_put_integer(&json, "schema", RECORD_SCHEMA);
	fc_json_put_text(&json, "ended", ended);
	fc_json_put_integer(&json, "photos", (int64_t)summary->photos);
	fc_json_put_integer(&json, "faces", (int64_t)summary->faces);
	fc_json_put_integer(&json, "accepted", (int64_t)summary->accepted);
	fc_json_put_integer(&json, "rejected", (int64_t)summary->rejected);
	fc_json_put_integer(&json, "failed", (int64_t)summary->failed);
	fc_json_put_integer(&json, "look_alikes", (int64_t)summary->look_alikes);
	fc_json_put_integer(&json, "gone", (int64_t)summary->gone);
	fc_json_put_integer(&json, "away", (int64_t)summary->away);
	fc_json_put_integer(&json, "answered", (int64_t)summary->answered);
	put_counts(&json, "results", &summary->results);
	put_counts(&json, "reasons", &summary->reasons);
	put_counts(&json, "notes", &summary->notes);
	fc_json_put_object(&json, "passed_over");
	fc_json_put_integer(&json, "hidden", (int64_t)skipped->hidden);
	fc_json_put_integer(&json, "other", (int64_t)skipped->other);
	put_names(&json, "suffixes", &skipped->suffixes);
	put_names(&json, "default_excludes", &skipped->litter);
	fc_json_put_integer(&json, "ignored", (int64_t)skipped->ignored);
	fc_json_put_integer(&json, "loops", (int64_t)skipped->loops);
	fc_json_put_integer(&json, "linked_folders", (int64_t)skipped->linked);
	fc_json_put_integer(&json, "linked_files", (int64_t)skipped->linked_files);
	fc_json_put_integer(&json, "no_files", (int64_t)skipped->special);
	fc_json_put_integer(&json, "excluded", (int64_t)skipped->excluded);
	fc_json_put_integer(&json, "unreadable_folders", (int64_t)skipped->unreadable);
	fc_json_end_object(&json);
	fc_json_put_real(&json, "seconds", seconds, 3);
	if (seconds > 0) {
		fc_json_put_real(&json, "photos_per_second", (double)summary->photos / seconds, 2);
	}
	fc_json_end_object(&json);
	fc_buffer_append_text(out, "\n");
}
