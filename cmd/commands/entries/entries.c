/* The log of processed faces: list, show, stats. */
/* SPDX-License-Identifier: MIT */
#include <inttypes.h>
#include <math.h>
#include <string.h>
#include <time.h>

#include "base/number.h"
#include "command.h"
#include "commands/entries/filter.h"
#include "interrupt.h"
#include "option/page.h"
#include "option/person.h"
#include "output/entry_record.h"
#include "output/time_cell.h"
#include "service/answer/platform.h"

/* ---- list ---- */

enum { WATCH_STEP_MS = 50 };

struct list_args {
	struct entry_filter_args filter;
	struct page_args page;
	bool reverse, watch;
};

#define AT(member) offsetof(struct list_args, member)

static const struct option_row list_options[] = {
	OPTION_ROWS_ENTRY_FILTER(list_args, filter),
	OPTION_ROWS_PAGE(list_args, page),
	{ OPTION_FLAG, 0, "reverse", NULL, AT(reverse), "oldest first" },
	{ OPTION_FLAG, 0, "watch", NULL, AT(watch),
	  "then print new entries as they appear, until interrupted" },
	{ OPTION_END },
};

static enum fc_status prepare_list(struct command_context *ctx, void *parsed, struct fc_error *err)
{
	const struct list_args *args = parsed;
	if (args->watch && ctx->out->format == FORMAT_JSON) {
		return fc_fail(err, FC_INVALID_ARGUMENT,
			       "--watch does not end, so it cannot write one JSON document; use "
			       "--format ndjson");
	}
	return FC_OK;
}

/* Sleep in short steps, so that a signal is handled soon. */
static void wait_for_entries(unsigned pause_ms)
{
	const struct timespec step = { .tv_nsec = WATCH_STEP_MS * 1000000L };
	for (unsigned waited = 0; waited < pause_ms && interrupt_noted() == 0;
	     waited += WATCH_STEP_MS) {
		FC_IGNORE(nanosleep(&step, NULL));
	}
}

/* Print new entries until a signal, a closed pipe or an error. */
static enum fc_status watch(struct command_context *ctx, struct entry_writer *writer,
			    struct fc_entry_list_request *request, struct fc_error *err)
{
	const struct fc_entry_sink sink = { entry_write, writer };
	request->tail = true;
	while (interrupt_noted() == 0) {
		struct fc_entry_list_result result;
		enum fc_status status =
			fc_service_entry_list(ctx->service, request, &sink, &result, err);
		if (status != FC_OK && interrupt_noted() != 0) {
			return FC_OK;
		}
		FC_TRY(status);
		FC_TRY(record_flush(&writer->records, err));
		if (request->tail) {
			request->tail = false;
			request->has_after = true;
			request->limit = PAGE_MAXIMUM;
			request->after = result.last_id;
		}
		if (writer->last_id > request->after) {
			request->after = writer->last_id;
		}
		if (result.last_time > request->after_time) {
			request->after_time = result.last_time;
		}
		wait_for_entries(result.pause_ms);
	}
	return FC_OK;
}

static void note_ahead(const struct out *out, const struct fc_entry_list_result *result)
{
	if (result->ahead > 0) {
		out_note(out,
			 "%" PRIu64 " entr%s dated more than a day ahead, by a wrong clock: not "
			 "listed unless --until is given (--until 9999-12-31)",
			 result->ahead, result->ahead == 1 ? "y is" : "ies are");
	}
}

static enum fc_status list_page(struct command_context *ctx, struct entry_writer *writer,
				const struct fc_entry_list_request *request, struct fc_error *err)
{
	const struct fc_entry_sink sink = { entry_write, writer };
	struct fc_entry_list_result result = { 0 };
	struct fc_entry_list_request head = *request;
	head.limit = 0;
	head.want_total = true;
	if (ctx->out->format != FORMAT_JSON) {
		FC_TRY(fc_service_entry_list(ctx->service, request, &sink, &result, err));
		FC_TRY(record_finish(&writer->records, err));
		if (ctx->out->format == FORMAT_TEXT && writer->count == request->limit) {
			FC_TRY(fc_service_entry_list(ctx->service, &head, &sink, &result, err));
			page_note(ctx->out, writer->count, result.total);
		}
		note_ahead(ctx->out, &result);
		return FC_OK;
	}
	/* the document begins with the total, so count the entries first */
	FC_TRY(fc_service_entry_list(ctx->service, &head, &sink, &result, err));
	FC_CLEANUP(fc_buffer_release) struct fc_buffer filters = { 0 };
	bool linked = request->offset > 0 || request->limit < result.total;
	if (linked) {
		FC_TRY(fc_answer_entry_filters(ctx->service, ctx->dialect, &request->filter,
					       &filters, err));
	}
	const struct fc_platform_page_request page = {
		.path = "/v1/entries/",
		.filters = fc_buffer_text(&filters),
		.limit = request->limit == UINT64_MAX ? result.total : request->limit,
		.offset = request->offset,
		.total = result.total,
	};
	fc_platform_begin_page(&writer->json, ctx->dialect, &page);
	FC_TRY(fc_service_entry_list(ctx->service, request, &sink, &result, err));
	fc_platform_end_page(&writer->json);
	note_ahead(ctx->out, &result);
	ctx->answered = true;
	return FC_OK;
}

static enum fc_status run_list(struct command_context *ctx, void *parsed, struct fc_error *err)
{
	const struct list_args *args = parsed;
	FC_CLEANUP(entry_filter_release) struct entry_filter filter = { 0 };
	FC_CLEANUP(entry_writer_release)
	struct entry_writer writer = entry_writer_of(ctx->out, ctx->dialect, false);
	FC_TRY(entry_filter_init(&filter, &args->filter, ctx, err));
	struct fc_entry_list_request request = {
		.filter = filter.filter,
		.offset = args->page.offset.value,
		.oldest_first = args->reverse,
	};
	/* --watch begins with the newest entries in all formats */
	FC_TRY(page_limit(&args->page, ctx->out, &request.limit, err));
	if (args->watch && !args->page.all && !args->page.limit.given) {
		request.limit = PAGE_DEFAULT;
	}
	return args->watch ? watch(ctx, &writer, &request, err)
			   : list_page(ctx, &writer, &request, err);
}

const struct command entries_list_command = {
	.name = "entries list",
	.summary = "list processed faces, newest first",
	.synopsis = "[OPTION...]",
	.help = "Lists the entries that match all filters. Times without a zone are local.",
	.options = list_options,
	.args_size = sizeof(struct list_args),
	.needs = COMMAND_SERVICE,
	.shape = &platform_shape,
	.fields = entry_fields,
	.prepare = prepare_list,
	.run = run_list,
};

/* ---- show ---- */

struct show_args {
	struct option_texts ids;
};

static const struct option_row show_options[] = {
	{ OPTION_OPERANDS, 0, NULL, "ENTRY", offsetof(struct show_args, ids), "number of the entry",
	  .minimum = 1, .maximum = 1 },
	{ OPTION_END },
};

static enum fc_status run_show(struct command_context *ctx, void *parsed, struct fc_error *err)
{
	const struct show_args *args = parsed;
	uint64_t id;
	FC_CLEANUP(entry_writer_release)
	struct entry_writer writer = entry_writer_of(ctx->out, ctx->dialect, true);
	const struct fc_entry_sink sink = { entry_write, &writer };
	FC_TRY(fc_parse_u64(args->ids.items[0], 1, INT64_MAX, "ENTRY", &id, err));
	FC_TRY(fc_service_entry_show(ctx->service, id, &sink, err));
	if (ctx->out->format == FORMAT_JSON) {
		fc_buffer_append_text(&ctx->out->data, "\n");
		return FC_OK;
	}
	return record_finish(&writer.records, err);
}

const struct command entries_show_command = {
	.name = "entries show",
	.summary = "show one entry",
	.synopsis = "ENTRY",
	.options = show_options,
	.args_size = sizeof(struct show_args),
	.needs = COMMAND_SERVICE,
	.shape = &platform_shape,
	.fields = entry_fields,
	.run = run_show,
};

/* ---- stats ---- */

struct stats_args {
	struct option_texts persons;
	const char *space, *origin;
};

static const struct option_row stats_options[] = {
	{ OPTION_OPERANDS, 0, NULL, "PERSON", offsetof(struct stats_args, persons),
	  "UUID or a unique prefix of one, SPACE/NUMBER or SPACE/NAME", .minimum = 0,
	  .maximum = 1 },
	OPTION_ROW_PERSON_SPACE(stats_args),
	{ OPTION_TEXT, 0, "origin", "ORIGIN", offsetof(struct stats_args, origin),
	  "entries from this origin (name or number); with PERSON, only those of the person" },
	{ OPTION_END },
};

struct stats_record {
	const char *pid, *origin;
	uint64_t total, results[FC_RESULT_END], livenesses[FC_LIVENESS_END];
	int64_t ages, age_least, age_most;
	double age_mean;
	int64_t sexes[FC_SEX_END], moods[FC_MOOD_END];
	const char *first_seen, *last_seen;
	char pid_text[FC_UUID_TEXT_SIZE];
	char first_text[TIME_CELL_SIZE], last_text[TIME_CELL_SIZE];
};

#define IN(member) offsetof(struct stats_record, member)

static const struct record_field stats_fields[] = {
	{ RECORD_TEXT, "pid", IN(pid), 0, "PROFILE" },
	{ RECORD_TEXT, "origin", IN(origin), 0, "ORIGIN" },
	{ RECORD_INTEGER, "total", IN(total), 0, "TOTAL" },
	{ RECORD_INTEGER, "new", IN(results[FC_RESULT_NEW]), 0, "NEW" },
	{ RECORD_INTEGER, "reinit", IN(results[FC_RESULT_REINIT]), 0, "REINIT" },
	{ RECORD_INTEGER, "exact", IN(results[FC_RESULT_EXACT]), 0, "EXACT" },
	{ RECORD_INTEGER, "ha", IN(results[FC_RESULT_HA]), 0, "HA" },
	{ RECORD_INTEGER, "junk", IN(results[FC_RESULT_JUNK]), 0, "JUNK" },
	{ RECORD_INTEGER, "nm", IN(results[FC_RESULT_NM]), 0, "NM" },
	{ RECORD_INTEGER, "nf", IN(results[FC_RESULT_NF]), 0, "NF" },
	{ RECORD_INTEGER, "det", IN(results[FC_RESULT_DET]), 0, "DET" },
	{ RECORD_INTEGER, "liveness_passed", IN(livenesses[FC_LIVENESS_PASSED]), 0, "LIVE" },
	{ RECORD_INTEGER, "liveness_failed", IN(livenesses[FC_LIVENESS_FAILED]), 0, "NOT LIVE" },
	{ RECORD_INTEGER, "liveness_undetermined", IN(livenesses[FC_LIVENESS_UNDETERMINED]), 0,
	  "UNDETERMINED" },
	{ RECORD_INTEGER, "ages", IN(ages), 0, "AGES" },
	{ RECORD_INTEGER, "age_least", IN(age_least), 0, "YOUNGEST" },
	{ RECORD_REAL, "age_mean", IN(age_mean), 1, "MEAN AGE" },
	{ RECORD_INTEGER, "age_most", IN(age_most), 0, "OLDEST" },
	{ RECORD_INTEGER, "sex_male", IN(sexes[FC_SEX_MALE]), 0, "MALE" },
	{ RECORD_INTEGER, "sex_female", IN(sexes[FC_SEX_FEMALE]), 0, "FEMALE" },
	{ RECORD_INTEGER, "mood_neutral", IN(moods[FC_MOOD_NEUTRAL]), 0, "NEUTRAL" },
	{ RECORD_INTEGER, "mood_anger", IN(moods[FC_MOOD_ANGER]), 0, "ANGER" },
	{ RECORD_INTEGER, "mood_contempt", IN(moods[FC_MOOD_CONTEMPT]), 0, "CONTEMPT" },
	{ RECORD_INTEGER, "mood_disgust", IN(moods[FC_MOOD_DISGUST]), 0, "DISGUST" },
	{ RECORD_INTEGER, "mood_fear", IN(moods[FC_MOOD_FEAR]), 0, "FEAR" },
	{ RECORD_INTEGER, "mood_happiness", IN(moods[FC_MOOD_HAPPINESS]), 0, "HAPPINESS" },
	{ RECORD_INTEGER, "mood_sadness", IN(moods[FC_MOOD_SADNESS]), 0, "SADNESS" },
	{ RECORD_INTEGER, "mood_surprise", IN(moods[FC_MOOD_SURPRISE]), 0, "SURPRISE" },
	{ RECORD_TEXT, "first_seen", IN(first_seen), 0, "FIRST SEEN" },
	{ RECORD_TEXT, "last_seen", IN(last_seen), 0, "LAST SEEN" },
	{ RECORD_END },
};

/* Copy counts by a word. They are absent if no entry has one, because then nothing was estimated. */
static void copy_counts(int64_t *out, const uint64_t *counts, size_t end)
{
	bool any = false;
	for (size_t i = 1; i < end; i++) {
		any = any || counts[i] > 0;
	}
	for (size_t i = 1; i < end; i++) {
		out[i] = any ? (int64_t)counts[i] : RECORD_ABSENT;
	}
}

static void fill_attribute_counts(struct stats_record *record, const struct fc_entry_stats *stats)
{
	bool aged = stats->ages > 0;
	record->ages = aged ? (int64_t)stats->ages : RECORD_ABSENT;
	record->age_least = aged ? stats->age_least : RECORD_ABSENT;
	record->age_most = aged ? stats->age_most : RECORD_ABSENT;
	record->age_mean = aged ? (double)stats->age_sum / (double)stats->ages : (double)NAN;
	copy_counts(record->sexes, stats->sexes, FC_SEX_END);
	copy_counts(record->moods, stats->moods, FC_MOOD_END);
}

static void fill_stats(struct stats_record *record, const struct out *out,
		       const struct fc_person_id *person, const char *origin,
		       const struct fc_entry_stats *stats)
{
	*record = (struct stats_record){ .origin = origin, .total = stats->total };
	memcpy(record->results, stats->results, sizeof(record->results));
	memcpy(record->livenesses, stats->livenesses, sizeof(record->livenesses));
	fill_attribute_counts(record, stats);
	record->first_seen = time_cell_fill(record->first_text, out, stats->first_seen);
	record->last_seen = time_cell_fill(record->last_text, out, stats->last_seen);
	if (person) {
		record->pid = fc_person_id_text(&person->pid, person->other, record->pid_text);
	}
}

static void append_stats(struct command_context *ctx, const struct fc_person_id *person,
			 const char *origin, const struct fc_entry_stats *stats)
{
	struct fc_json_writer json = fc_json_writer_of(&ctx->out->data, true);
	const struct fc_platform_page_request page = {
		.path = "/v1/entries/stats/sources/",
		.limit = PAGE_DEFAULT,
		.total = 1,
	};
	if (person) {
		fc_answer_person_stats(&json, person, stats);
		fc_buffer_append_text(&ctx->out->data, "\n");
		return;
	}
	fc_platform_begin_page(&json, ctx->dialect, &page);
	fc_answer_origin_stats(&json, stats->has_initial_origin_id ? stats->initial_origin_id : 0,
			       stats->has_initial ? stats->initial.origin : origin, stats);
	fc_platform_end_page(&json);
}

static enum fc_status run_stats(struct command_context *ctx, void *parsed, struct fc_error *err)
{
	const struct stats_args *args = parsed;
	FC_CLEANUP(fc_entry_stats_release) struct fc_entry_stats stats = { 0 };
	struct stats_record record;
	struct fc_person_id person = { 0 };
	const char *other_id = person.other;
	bool has_pid = args->persons.count > 0;
	struct fc_entry_filter filter = {
		.pids = &person.pid,
		.pid_count = has_pid,
		.other_ids = &other_id,
		.origins = &args->origin,
		.origin_count = args->origin != NULL,
	};
	if (!has_pid && !args->origin) {
		return fc_fail(err, FC_INVALID_ARGUMENT, "give a PERSON or --origin");
	}
	if (has_pid) {
		FC_TRY(person_find_recorded(ctx, args->persons.items[0], args->space, &person,
					    err));
	}
	FC_TRY(fc_service_entry_stats(ctx->service, &filter, &stats, err));
	if (ctx->out->format == FORMAT_JSON) {
		append_stats(ctx, has_pid ? &person : NULL, args->origin, &stats);
		return FC_OK;
	}
	fill_stats(&record, ctx->out, has_pid ? &person : NULL, args->origin, &stats);
	return record_show(ctx->out, "stats", stats_fields, &record, TONE_PLAIN, err);
}

const struct command entries_stats_command = {
	.name = "entries stats",
	.summary = "count the entries of a person or of an origin",
	.synopsis = "PERSON | --origin ORIGIN",
	.options = stats_options,
	.args_size = sizeof(struct stats_args),
	.needs = COMMAND_SERVICE,
	.shape = &platform_shape,
	.fields = stats_fields,
	.run = run_stats,
};
