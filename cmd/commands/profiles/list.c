/* profiles list and profiles show. */
/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "command.h"
#include "option/page.h"
#include "option/person.h"
#include "option/words.h"
#include "output/profile_record.h"
#include "output/time_cell.h"
#include "service/answer/platform.h"
#include "service/profiles.h"
#include "sheet/photo_faces.h"

/* ---- list ---- */

static const struct record_field list_fields[] = {
	PROFILE_FIELDS,
	{ RECORD_TEXT, "user_data", IN_PROFILE(user_data) },
	{ RECORD_END },
};

struct list_args {
	struct option_texts spaces, origins;
	const char *since, *until, *name;
	struct page_args page;
	bool reverse;
	const char *sheet_path;
};

#define AT(member) offsetof(struct list_args, member)

static const struct option_row list_options[] = {
	{ OPTION_TEXTS, 's', "space", "SPACE", AT(spaces),
	  "only profiles of this space; may be repeated" },
	{ OPTION_TEXTS, 0, "origin", "ORIGIN", AT(origins),
	  "with a face from this origin (name or number); may be repeated" },
	{ OPTION_TEXT, 0, "since", "TIME", AT(since),
	  "created at or after this time: 2022-09-06, 'yesterday 14:00', 2d" },
	{ OPTION_TEXT, 0, "until", "TIME", AT(until), "created before this time" },
	{ OPTION_TEXT, 0, "name", "TEXT", AT(name),
	  "whose name contains this text, ignoring case" },
	OPTION_ROWS_PAGE(list_args, page),
	OPTION_ROW_SHEET(list_args, sheet_path),
	{ OPTION_FLAG, 0, "reverse", NULL, AT(reverse), "oldest first" },
	{ OPTION_END },
};

static enum fc_status write_page(struct command_context *ctx, const struct fc_profile_page *page,
				 const struct fc_profile_filter *filter, struct fc_error *err)
{
	const struct fc_platform_dialect *dialect = ctx->dialect;
	FC_CLEANUP(record_writer_release)
	struct record_writer writer = record_writer_of(ctx->out, "profile", list_fields, false);
	struct fc_json_writer json = fc_json_writer_of(&ctx->out->data, true);
	const struct fc_platform_page_request whole = {
		.path = dialect->kind == FC_PLATFORM_SERP ? "/v1/profiles/" : "/v1/persons/",
		.limit = filter->limit == UINT64_MAX ? page->total : filter->limit,
		.offset = filter->offset,
		.total = page->total,
	};
	if (ctx->out->format == FORMAT_JSON) {
		fc_platform_begin_page(&json, dialect, &whole);
		for (size_t i = 0; i < page->count; i++) {
			fc_answer_profile(&json, dialect, &page->items[i]);
		}
		fc_platform_end_page(&json);
		return FC_OK;
	}
	for (size_t i = 0; i < page->count; i++) {
		struct profile_record record;
		profile_record_fill(&record, ctx->out, &page->items[i]);
		FC_TRY(record_write(&writer, &record, TONE_PLAIN, err));
	}
	FC_TRY(record_finish(&writer, err));
	page_note(ctx->out, page->count, page->total);
	return FC_OK;
}

static enum fc_status run_list(struct command_context *ctx, void *parsed, struct fc_error *err)
{
	const struct list_args *args = parsed;
	FC_CLEANUP(fc_profile_page_release) struct fc_profile_page page = { 0 };
	FC_CLEANUP(words_release) struct word_list spaces = { 0 };
	FC_TRY(words_split(&args->spaces, &spaces, err));
	struct fc_profile_filter filter = {
		.spaces = spaces.items,
		.space_count = spaces.count,
		.origins = args->origins.items, /* an origin's name may hold commas */
		.origin_count = args->origins.count,
		.name_part = args->name,
		.offset = args->page.offset.value,
		.oldest_first = args->reverse,
	};
	FC_TRY(page_limit(&args->page, ctx->out, &filter.limit, err));
	FC_TRY(words_parse_range(args->since, args->until, &filter.has_since, &filter.since,
				 &filter.has_until, &filter.until, err));
	FC_CLEANUP(contact_sheet_release) struct contact_sheet sheet = { 0 };
	FC_TRY(contact_sheet_open(&sheet, args->sheet_path, "profiles list", "person", err));
	FC_TRY(fc_service_profile_list(ctx->service, &filter, &page, err));
	for (size_t i = 0; i < page.count; i++) {
		FC_TRY(sheet_add_person(&sheet, ctx, &page.items[i], err));
	}
	FC_TRY(contact_sheet_commit(&sheet, err));
	return write_page(ctx, &page, &filter, err);
}

const struct command profiles_list_command = {
	.name = "profiles list",
	.summary = "list profiles, newest first",
	.synopsis = "[OPTION...]",
	.options = list_options,
	.args_size = sizeof(struct list_args),
	.needs = COMMAND_SERVICE,
	.shape = &platform_shape,
	.fields = list_fields,
	.run = run_list,
};

/* ---- show ---- */

struct show_args {
	struct option_texts words;
	const char *space, *sheet_path;
};

static const struct option_row show_options[] = {
	OPTION_ROWS_PERSON(show_args, 1),
	OPTION_ROW_SHEET(show_args, sheet_path),
	{ OPTION_END },
};

struct face_record {
	int64_t face_id;
	const char *created, *origin;
	double awesomeness, confidence;
	struct record_reals box;
	enum record_flag crop;
	const char *path, *sha256, *uuid;
	double box_values[4];
	char uuid_text[FC_UUID_TEXT_SIZE];
	char created_text[TIME_CELL_SIZE], sha256_text[FC_SHA256_TEXT_SIZE];
};

#define IN_FACE(member) offsetof(struct face_record, member)

static const struct record_field face_fields[] = {
	{ RECORD_INTEGER, "face_id", IN_FACE(face_id), 0, "FACE" },
	{ RECORD_TEXT, "created", IN_FACE(created), 0, "STORED" },
	{ RECORD_TEXT, "origin", IN_FACE(origin), 0, "ORIGIN" },
	{ RECORD_REAL, "awesomeness", IN_FACE(awesomeness), 4, "QUALITY" },
	{ RECORD_REAL, "confidence", IN_FACE(confidence), 5 },
	{ RECORD_REALS, "box", IN_FACE(box) },
	{ RECORD_FLAG, "crop", IN_FACE(crop), 0, "CROP" },
	{ RECORD_TEXT, "path", IN_FACE(path), 0, "PHOTO" },
	{ RECORD_TEXT, "sha256", IN_FACE(sha256) },
	{ RECORD_TEXT, "persisted_face_id", IN_FACE(uuid) },
	{ RECORD_END },
};

/* A profile and its numbers of entries. Its faces follow as separate records. */
struct detail_record {
	struct profile_record profile;
	uint64_t total, results[FC_RESULT_END];
	const char *first_seen, *last_seen;
	char first_text[TIME_CELL_SIZE], last_text[TIME_CELL_SIZE];
};

#define IN_DETAIL(member) offsetof(struct detail_record, member)

#define COUNT_FIELDS                                                                               \
	{ RECORD_INTEGER, "total", IN_DETAIL(total), 0, "ENTRIES" },                               \
		{ RECORD_INTEGER, "new", IN_DETAIL(results[FC_RESULT_NEW]), 0, "NEW" },            \
		{ RECORD_INTEGER, "reinit", IN_DETAIL(results[FC_RESULT_REINIT]), 0, "REINIT" },   \
		{ RECORD_INTEGER, "exact", IN_DETAIL(results[FC_RESULT_EXACT]), 0, "EXACT" },      \
		{ RECORD_INTEGER, "ha", IN_DETAIL(results[FC_RESULT_HA]), 0, "HA" },               \
		{ RECORD_INTEGER, "junk", IN_DETAIL(results[FC_RESULT_JUNK]), 0, "JUNK" },         \
		{ RECORD_TEXT, "first_seen", IN_DETAIL(first_seen), 0, "FIRST SEEN" },             \
	{                                                                                          \
		RECORD_TEXT, "last_seen", IN_DETAIL(last_seen), 0, "LAST SEEN"                     \
	}

static const struct record_field count_fields[] = { COUNT_FIELDS, { RECORD_END } };

static const struct record_field detail_fields[] = {
	PROFILE_FIELDS,
	{ RECORD_TEXT, "user_data", IN_PROFILE(user_data), 0, "USER DATA" },
	COUNT_FIELDS,
	{ RECORD_END },
};

_Static_assert(offsetof(struct detail_record, profile) == 0,
	       "the fields of a profile are at its start");

static void fill_face(struct face_record *record, const struct out *out,
		      const struct fc_profile_detail *detail, size_t index)
{
	const struct fc_face_record *face = &detail->faces[index];
	if (detail->only_ids) {
		*record = (struct face_record){ .face_id = RECORD_ABSENT,
						.awesomeness = NAN,
						.confidence = NAN,
						.crop = RECORD_UNSAID,
						.uuid = record->uuid_text };
		fc_uuid_format(&face->uuid, record->uuid_text);
		return;
	}
	*record = (struct face_record){
		.face_id = (int64_t)face->id,
		.origin = face->origin,
		.awesomeness = (double)face->quality,
		.confidence = (double)face->confidence,
		.crop = detail->crops[index] ? RECORD_TRUE : RECORD_FALSE,
		.path = face->path,
		.sha256 = record->sha256_text,
		.uuid = record->uuid_text,
	};
	for (size_t i = 0; i < FC_ARRAY_LENGTH(record->box_values); i++) {
		record->box_values[i] = (double)face->box[i];
	}
	record->box =
		(struct record_reals){ record->box_values, FC_ARRAY_LENGTH(record->box_values) };
	record->created = time_cell_fill(record->created_text, out, face->created);
	fc_sha256_format(&face->photo, record->sha256_text);
	fc_uuid_format(&face->uuid, record->uuid_text);
}

static void fill_detail(struct detail_record *record, const struct out *out,
			const struct fc_profile_detail *detail)
{
	const struct fc_entry_stats *stats = &detail->stats;
	*record = (struct detail_record){ .total = stats->total };
	profile_record_fill(&record->profile, out, &detail->profile);
	memcpy(record->results, stats->results, sizeof(record->results));
	record->first_seen = time_cell_fill(record->first_text, out, stats->first_seen);
	record->last_seen = time_cell_fill(record->last_text, out, stats->last_seen);
	if (detail->only_ids) {
		record->total = (uint64_t)RECORD_ABSENT;
		for (size_t i = 0; i < FC_RESULT_END; i++) {
			record->results[i] = (uint64_t)RECORD_ABSENT;
		}
	}
}

/* The platform's profile with two members that only facectl has: the numbers of entries, and the faces. */
static void write_document(struct command_context *ctx, const struct fc_profile_detail *detail)
{
	struct fc_json_writer json = fc_json_writer_of(&ctx->out->data, true);
	struct detail_record record;
	fill_detail(&record, ctx->out, detail);
	fc_answer_begin_profile(&json, ctx->dialect, &detail->profile);
	fc_json_key(&json, "entries");
	if (detail->only_ids) {
		fc_json_null(&json);
	} else {
		fc_json_begin_object(&json);
		record_put_members(&json, count_fields, &record);
		fc_json_end_object(&json);
	}
	fc_json_key(&json, "profile_faces");
	fc_json_begin_array(&json);
	for (size_t i = 0; i < detail->face_count; i++) {
		struct face_record face;
		fill_face(&face, ctx->out, detail, i);
		fc_json_begin_object(&json);
		record_put_members(&json, face_fields, &face);
		fc_json_end_object(&json);
	}
	fc_json_end_array(&json);
	fc_json_end_object(&json);
	fc_buffer_append_text(&ctx->out->data, "\n");
}

static enum fc_status write_detail(struct command_context *ctx,
				   const struct fc_profile_detail *detail, struct fc_error *err)
{
	struct detail_record record;
	fill_detail(&record, ctx->out, detail);
	FC_TRY(record_show(ctx->out, "profile", detail_fields, &record, TONE_PLAIN, err));
	/* TSV has one header line, and --fields are those of the profile: they leave out the faces */
	if (ctx->out->format == FORMAT_TSV || ctx->out->fields || detail->face_count == 0) {
		return FC_OK;
	}
	if (ctx->out->format == FORMAT_TEXT) {
		fc_buffer_append_text(&ctx->out->data, "\n");
	}
	FC_CLEANUP(record_writer_release)
	struct record_writer writer =
		record_writer_of(ctx->out, "profile_face", face_fields, false);
	for (size_t i = 0; i < detail->face_count; i++) {
		struct face_record face;
		fill_face(&face, ctx->out, detail, i);
		FC_TRY(record_write(&writer, &face, TONE_PLAIN, err));
	}
	return record_finish(&writer, err);
}

/* All faces of the person. */
static enum fc_status write_sheet(struct command_context *ctx, const char *path,
				  const struct fc_profile_detail *detail, struct fc_error *err)
{
	FC_CLEANUP(contact_sheet_release) struct contact_sheet sheet = { 0 };
	FC_TRY(contact_sheet_open(&sheet, path, "profiles show", "face", err));
	const struct fc_profile *person = &detail->profile;
	const struct fc_identity identity = { .pid = person->pid,
					      .has_number = person->has_number,
					      .number = person->number,
					      .name = person->name };
	char tag[FC_PERSON_TAG_SIZE];
	for (size_t i = 0; i < detail->face_count; i++) {
		const struct fc_face_record *stored = &detail->faces[i];
		char repair[96], uuid[FC_UUID_TEXT_SIZE], stored_at[TIME_CELL_SIZE], note[160];
		fc_uuid_format(&stored->uuid, uuid);
		snprintf(repair, sizeof(repair), "facectl faces delete %s", uuid);
		const char *when = time_cell_fill(stored_at, ctx->out, stored->created);
		snprintf(note, sizeof(note), "quality %.3f, stored %s%s", (double)stored->quality,
			 when ? when : "", detail->crops[i] ? "" : "; no crop is stored");
		struct sheet_face shown = {
			.title = sheet_person_title(&identity, tag),
			.result = "face",
			.is_good = true,
			.similarity = NAN,
			.threshold = NAN,
			.nearest_similarity = NAN,
			.note = note,
			.repair = repair,
		};
		FC_TRY(sheet_add_stored(&sheet, ctx, stored, &shown, err));
	}
	return contact_sheet_commit(&sheet, err);
}

static enum fc_status run_show(struct command_context *ctx, void *parsed, struct fc_error *err)
{
	const struct show_args *args = parsed;
	FC_CLEANUP(fc_profile_detail_release) struct fc_profile_detail detail = { 0 };
	struct fc_person_id person;
	FC_TRY(person_find_id(ctx, args->words.items[0], args->space, &person, err));
	FC_TRY(fc_service_profile_show(ctx->service, &person, &detail, err));
	FC_TRY(write_sheet(ctx, args->sheet_path, &detail, err));
	if (ctx->out->format == FORMAT_JSON) {
		write_document(ctx, &detail);
		return FC_OK;
	}
	return write_detail(ctx, &detail, err);
}

const struct command profiles_show_command = {
	.name = "profiles show",
	.summary = "show a profile, its faces and its numbers of entries",
	.synopsis = "PERSON",
	.options = show_options,
	.args_size = sizeof(struct show_args),
	.needs = COMMAND_SERVICE,
	.shape = &platform_shape,
	.fields = detail_fields,
	.run = run_show,
};
