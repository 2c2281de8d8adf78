/* Profiles without a photo: list, show, update, merge, move, delete, export-faces. */
/* SPDX-License-Identifier: MIT */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/file.h"
#include "command.h"
#include "photo_options.h"
#include "platform_json.h"
#include "record.h"
#include "service/entry_words.h"
#include "service/profiles.h"
#include "time_cell.h"
#include "words.h"

/* ---- the record of a profile ---- */

struct profile_record {
	const char *pid, *name, *space;
	int64_t person_id, faces;
	const char *created, *updated, *user_data;
	char pid_text[FC_UUID_TEXT_SIZE];
	char created_text[TIME_CELL_SIZE], updated_text[TIME_CELL_SIZE];
};

#define IN(member) offsetof(struct profile_record, member)

/* clang-format off */
#define PROFILE_FIELDS                                                                             \
	{ RECORD_TEXT, "pid", IN(pid), 0, "PROFILE" },                                             \
	{ RECORD_TEXT, "name", IN(name), 0, "NAME" },                                              \
	{ RECORD_TEXT, "space", IN(space), 0, "SPACE" },                                           \
	{ RECORD_INTEGER, "person_id", IN(person_id), 0, "NUMBER" },                               \
	{ RECORD_INTEGER, "faces", IN(faces), 0, "FACES" },                                        \
	{ RECORD_TEXT, "created", IN(created), 0, "CREATED" },                                     \
	{ RECORD_TEXT, "updated", IN(updated), 0, "UPDATED" }
/* clang-format on */

static const struct record_field list_fields[] = {
	PROFILE_FIELDS,
	{ RECORD_TEXT, "user_data", IN(user_data) },
	{ RECORD_END },
};

static const struct record_field single_fields[] = {
	PROFILE_FIELDS,
	{ RECORD_TEXT, "user_data", IN(user_data), 0, "USER DATA" },
	{ RECORD_END },
};

static void fill_record(struct profile_record *record, const struct out *out,
			const struct fc_profile *profile)
{
	*record = (struct profile_record){
		.name = profile->name,
		.space = profile->space,
		.person_id = profile->has_number ? (int64_t)profile->number : RECORD_ABSENT,
		.faces = (int64_t)profile->faces,
		.user_data = profile->user_data,
		.pid = record->pid_text,
	};
	fc_uuid_format(&profile->pid, record->pid_text);
	record->created = time_cell_fill(record->created_text, out, profile->created);
	record->updated = time_cell_fill(record->updated_text, out, profile->updated);
}

static enum fc_status write_one(struct command_context *ctx, const struct fc_profile *profile,
				struct fc_error *err)
{
	struct profile_record record;
	if (ctx->out->format == FORMAT_JSON) {
		struct json_text json = json_text_of(&ctx->out->data, true);
		platform_profile(&json, (enum platform_dialect)ctx->dialect, profile);
		fc_buffer_append_text(&ctx->out->data, "\n");
		return FC_OK;
	}
	FC_CLEANUP(record_writer_release)
	struct record_writer writer = record_writer_of(ctx->out, "profile", single_fields, true);
	fill_record(&record, ctx->out, profile);
	FC_TRY(record_write(&writer, &record, TONE_PLAIN, err));
	return record_finish(&writer, err);
}

/* ---- list ---- */

enum { LIMIT_DEFAULT = 20, LIMIT_MAXIMUM = 1000000 };

struct list_args {
	const char *space, *origin, *since, *until, *name;
	struct option_number limit, offset;
	bool reverse;
	unsigned dialect;
};

#define AT(member) offsetof(struct list_args, member)

static const struct option_row list_options[] = {
	{ OPTION_TEXT, 's', "space", "SPACE", AT(space), "of this space" },
	{ OPTION_TEXT, 0, "origin", "ORIGIN", AT(origin), "with a face from this origin" },
	{ OPTION_TEXT, 0, "since", "TIME", AT(since),
	  "made from this time on: 2022-09-06, yesterday, '2 days ago'" },
	{ OPTION_TEXT, 0, "until", "TIME", AT(until), "made before this time" },
	{ OPTION_TEXT, 0, "name", "TEXT", AT(name), "with this in the name, in whatever case" },
	{ OPTION_NUMBER, 0, "limit", "N", AT(limit), "at most so many; default: 20", .minimum = 1,
	  .maximum = LIMIT_MAXIMUM },
	{ OPTION_NUMBER, 0, "offset", "N", AT(offset), "pass over so many first" },
	{ OPTION_FLAG, 0, "reverse", NULL, AT(reverse), "oldest first" },
	OPTION_ROW_DIALECT(list_args),
	{ OPTION_END },
};

static enum fc_status write_page(struct command_context *ctx, const struct fc_profile_page *page,
				 const struct fc_profile_filter *filter, struct fc_error *err)
{
	enum platform_dialect dialect = (enum platform_dialect)ctx->dialect;
	FC_CLEANUP(record_writer_release)
	struct record_writer writer = record_writer_of(ctx->out, "profile", list_fields, false);
	struct json_text json = json_text_of(&ctx->out->data, true);
	const struct platform_page whole = {
		.path = dialect == DIALECT_SERP ? "/v1/profiles/" : "/v1/persons/",
		.limit = filter->limit,
		.offset = filter->offset,
		.total = page->total,
	};
	if (ctx->out->format == FORMAT_JSON) {
		platform_begin_page(&json, dialect, &whole);
		for (size_t i = 0; i < page->count; i++) {
			platform_profile(&json, dialect, &page->items[i]);
		}
		platform_end_page(&json);
		return FC_OK;
	}
	for (size_t i = 0; i < page->count; i++) {
		struct profile_record record;
		fill_record(&record, ctx->out, &page->items[i]);
		FC_TRY(record_write(&writer, &record, TONE_PLAIN, err));
	}
	return record_finish(&writer, err);
}

static enum fc_status run_list(struct command_context *ctx, void *parsed, struct fc_error *err)
{
	const struct list_args *args = parsed;
	FC_CLEANUP(fc_profile_page_release) struct fc_profile_page page = { 0 };
	struct fc_profile_filter filter = {
		.space = args->space,
		.origin = args->origin,
		.name_part = args->name,
		.limit = args->limit.given ? args->limit.value : LIMIT_DEFAULT,
		.offset = args->offset.value,
		.oldest_first = args->reverse,
	};
	ctx->dialect = args->dialect;
	FC_TRY(words_parse_time(args->since, "--since", &filter.has_since, &filter.since, err));
	FC_TRY(words_parse_time(args->until, "--until", &filter.has_until, &filter.until, err));
	FC_TRY(fc_service_profile_list(ctx->service, &filter, &page, err));
	return write_page(ctx, &page, &filter, err);
}

const struct command profiles_list_command = {
	.name = "profiles list",
	.summary = "list profiles, newest first",
	.synopsis = "[OPTION...]",
	.options = list_options,
	.args_size = sizeof(struct list_args),
	.needs = COMMAND_SERVICE | COMMAND_PLATFORM,
	.run = run_list,
};

/* ---- show ---- */

struct pid_args {
	struct option_texts words;
	bool dry_run, erase;
	const char *name, *user_data;
	bool remove_name, remove_user_data;
	const char *space;
	unsigned dialect;
};

#define PID(member) offsetof(struct pid_args, member)

#define OPTION_ROW_PID                                                                             \
	{                                                                                          \
		OPTION_OPERANDS, 0, NULL, "PID", PID(words), "id of the profile", .minimum = 1,    \
										  .maximum = 1     \
	}

static const struct option_row show_options[] = {
	OPTION_ROW_PID,
	OPTION_ROW_DIALECT(pid_args),
	{ OPTION_END },
};

struct face_record {
	int64_t face_id;
	const char *created, *origin;
	double awesomeness, confidence;
	struct record_reals box;
	enum record_flag crop;
	const char *path, *sha256;
	double box_values[4];
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
	{ RECORD_END },
};

/* A profile with its counters; its faces follow as records of their own. */
struct detail_record {
	struct profile_record profile;
	int64_t total, new_count, reinit, exact, ha, junk;
	const char *first_seen, *last_seen;
	char first_text[TIME_CELL_SIZE], last_text[TIME_CELL_SIZE];
};

#define IN_DETAIL(member) offsetof(struct detail_record, member)

static const struct record_field detail_fields[] = {
	PROFILE_FIELDS,
	{ RECORD_TEXT, "user_data", IN(user_data), 0, "USER DATA" },
	{ RECORD_INTEGER, "total", IN_DETAIL(total), 0, "ENTRIES" },
	{ RECORD_INTEGER, "new", IN_DETAIL(new_count), 0, "NEW" },
	{ RECORD_INTEGER, "reinit", IN_DETAIL(reinit), 0, "REINIT" },
	{ RECORD_INTEGER, "exact", IN_DETAIL(exact), 0, "EXACT" },
	{ RECORD_INTEGER, "ha", IN_DETAIL(ha), 0, "HA" },
	{ RECORD_INTEGER, "junk", IN_DETAIL(junk), 0, "JUNK" },
	{ RECORD_TEXT, "first_seen", IN_DETAIL(first_seen), 0, "FIRST SEEN" },
	{ RECORD_TEXT, "last_seen", IN_DETAIL(last_seen), 0, "LAST SEEN" },
	{ RECORD_END },
};

_Static_assert(offsetof(struct detail_record, profile) == 0,
	       "the fields of a profile are at its start");

static void fill_detail(struct detail_record *record, const struct out *out,
			const struct fc_profile_detail *detail)
{
	const struct fc_entry_stats *stats = &detail->stats;
	fill_record(&record->profile, out, &detail->profile);
	record->total = (int64_t)stats->total;
	record->new_count = (int64_t)stats->results[FC_RESULT_NEW];
	record->reinit = (int64_t)stats->results[FC_RESULT_REINIT];
	record->exact = (int64_t)stats->results[FC_RESULT_EXACT];
	record->ha = (int64_t)stats->results[FC_RESULT_HA];
	record->junk = (int64_t)stats->results[FC_RESULT_JUNK];
	record->first_seen = time_cell_fill(record->first_text, out, stats->first_seen);
	record->last_seen = time_cell_fill(record->last_text, out, stats->last_seen);
}

static void fill_face(struct face_record *record, const struct out *out,
		      const struct fc_face_record *face, bool crop)
{
	*record = (struct face_record){
		.face_id = (int64_t)face->id,
		.origin = face->origin,
		.awesomeness = (double)face->quality,
		.confidence = (double)face->confidence,
		.crop = crop ? RECORD_TRUE : RECORD_FALSE,
		.path = face->path,
		.sha256 = record->sha256_text,
	};
	for (size_t i = 0; i < FC_ARRAY_LENGTH(record->box_values); i++) {
		record->box_values[i] = (double)face->box[i];
	}
	record->box =
		(struct record_reals){ record->box_values, FC_ARRAY_LENGTH(record->box_values) };
	record->created = time_cell_fill(record->created_text, out, face->created);
	fc_sha256_format(&face->photo, record->sha256_text);
}

static enum fc_status write_faces(struct command_context *ctx,
				  const struct fc_profile_detail *detail, struct fc_error *err)
{
	FC_CLEANUP(record_writer_release)
	struct record_writer writer =
		record_writer_of(ctx->out, "profile_face", face_fields, false);
	for (size_t i = 0; i < detail->face_count; i++) {
		struct face_record record;
		fill_face(&record, ctx->out, &detail->faces[i], detail->crops[i]);
		FC_TRY(record_write(&writer, &record, TONE_PLAIN, err));
	}
	return record_finish(&writer, err);
}

static enum fc_status write_detail(struct command_context *ctx,
				   const struct fc_profile_detail *detail, struct fc_error *err)
{
	struct detail_record record;
	FC_CLEANUP(record_writer_release)
	struct record_writer writer = record_writer_of(ctx->out, "profile", detail_fields, true);
	fill_detail(&record, ctx->out, detail);
	FC_TRY(record_write(&writer, &record, TONE_PLAIN, err));
	FC_TRY(record_finish(&writer, err));
	/* one table of TSV has one head */
	if (ctx->out->format == FORMAT_TSV || detail->face_count == 0) {
		return FC_OK;
	}
	if (ctx->out->format == FORMAT_TEXT) {
		fc_buffer_append_text(&ctx->out->data, "\n");
	}
	return write_faces(ctx, detail, err);
}

static enum fc_status run_show(struct command_context *ctx, void *parsed, struct fc_error *err)
{
	const struct pid_args *args = parsed;
	FC_CLEANUP(fc_profile_detail_release) struct fc_profile_detail detail = { 0 };
	struct fc_uuid pid;
	ctx->dialect = args->dialect;
	FC_TRY(words_parse_pid(args->words.items[0], &pid, err));
	FC_TRY(fc_service_profile_show(ctx->service, &pid, &detail, err));
	if (ctx->out->format == FORMAT_JSON) {
		return write_one(ctx, &detail.profile, err);
	}
	return write_detail(ctx, &detail, err);
}

const struct command profiles_show_command = {
	.name = "profiles show",
	.summary = "show a profile, its faces and what was seen of it",
	.synopsis = "PID",
	.options = show_options,
	.args_size = sizeof(struct pid_args),
	.needs = COMMAND_SERVICE | COMMAND_PLATFORM,
	.run = run_show,
};

/* ---- update ---- */

static const struct option_row update_options[] = {
	OPTION_ROW_PID,
	{ OPTION_TEXT, 0, "name", "TEXT", PID(name), "the new name" },
	{ OPTION_TEXT, 0, "user-data", "TEXT", PID(user_data), "anything to keep with it" },
	{ OPTION_FLAG, 0, "remove-name", NULL, PID(remove_name), "take the name away" },
	{ OPTION_FLAG, 0, "remove-user-data", NULL, PID(remove_user_data),
	  "take the user data away" },
	OPTION_ROW_DIALECT(pid_args),
	{ OPTION_END },
};

static enum fc_status run_update(struct command_context *ctx, void *parsed, struct fc_error *err)
{
	const struct pid_args *args = parsed;
	FC_CLEANUP(fc_profile_release) struct fc_profile profile = { 0 };
	struct fc_profile_update_request request = {
		.has_name = args->name || args->remove_name,
		.has_user_data = args->user_data || args->remove_user_data,
		.name = args->name,
		.user_data = args->user_data,
	};
	ctx->dialect = args->dialect;
	if ((args->name && args->remove_name) || (args->user_data && args->remove_user_data)) {
		return fc_fail(err, FC_INVALID_ARGUMENT,
			       "a name or user data is either given or removed");
	}
	FC_TRY(words_parse_pid(args->words.items[0], &request.pid, err));
	FC_TRY(fc_service_profile_update(ctx->service, &request, &profile, err));
	return write_one(ctx, &profile, err);
}

const struct command profiles_update_command = {
	.name = "profiles update",
	.summary = "change a profile's name and user data",
	.synopsis = "PID [--name TEXT] [--user-data TEXT]",
	.options = update_options,
	.args_size = sizeof(struct pid_args),
	.needs = COMMAND_SERVICE | COMMAND_PLATFORM,
	.run = run_update,
};

/* ---- merge and move ---- */

static const struct option_row merge_options[] = {
	{ OPTION_OPERANDS, 0, NULL, "PID OTHER", PID(words), "the profile to keep, and the other",
	  .minimum = 2, .maximum = 2 },
	OPTION_ROW_DIALECT(pid_args),
	{ OPTION_END },
};

static void note_carried(struct command_context *ctx, const struct fc_profile_carried *carried)
{
	out_note(ctx->out, "%" PRIu64 " face%s and %" PRIu64 " entr%s carried over", carried->faces,
		 carried->faces == 1 ? "" : "s", carried->entries,
		 carried->entries == 1 ? "y" : "ies");
}

static enum fc_status run_merge(struct command_context *ctx, void *parsed, struct fc_error *err)
{
	const struct pid_args *args = parsed;
	FC_CLEANUP(fc_profile_release) struct fc_profile profile = { 0 };
	struct fc_profile_carried carried = { 0 };
	struct fc_uuid kept, other;
	ctx->dialect = args->dialect;
	FC_TRY(words_parse_pid(args->words.items[0], &kept, err));
	FC_TRY(words_parse_pid(args->words.items[1], &other, err));
	FC_TRY(fc_service_profile_merge(ctx->service, &kept, &other, &carried, &profile, err));
	note_carried(ctx, &carried);
	return write_one(ctx, &profile, err);
}

const struct command profiles_merge_command = {
	.name = "profiles merge",
	.summary = "make one profile of two that are the same person",
	.synopsis = "PID OTHER",
	.help = "Faces and entries of OTHER become PID's, and OTHER is no more. Name, number and "
		"user data are PID's.",
	.options = merge_options,
	.args_size = sizeof(struct pid_args),
	.needs = COMMAND_SERVICE | COMMAND_PLATFORM,
	.run = run_merge,
};

static const struct option_row move_options[] = {
	OPTION_ROW_PID,
	{ OPTION_TEXT, 's', "space", "SPACE", PID(space), "where to; made when it is not there" },
	OPTION_ROW_DIALECT(pid_args),
	{ OPTION_END },
};

static enum fc_status run_move(struct command_context *ctx, void *parsed, struct fc_error *err)
{
	const struct pid_args *args = parsed;
	FC_CLEANUP(fc_profile_release) struct fc_profile profile = { 0 };
	struct fc_profile_carried carried = { 0 };
	struct fc_uuid pid;
	ctx->dialect = args->dialect;
	if (!args->space) {
		return fc_fail(err, FC_INVALID_ARGUMENT, "say where to with --space");
	}
	FC_TRY(words_parse_pid(args->words.items[0], &pid, err));
	FC_TRY(fc_service_profile_move(ctx->service, &pid, args->space, &carried, &profile, err));
	note_carried(ctx, &carried);
	return write_one(ctx, &profile, err);
}

const struct command profiles_move_command = {
	.name = "profiles move",
	.summary = "take a profile to another space",
	.synopsis = "PID --space SPACE",
	.help = "Its faces and entries go with it.",
	.options = move_options,
	.args_size = sizeof(struct pid_args),
	.needs = COMMAND_SERVICE | COMMAND_PLATFORM,
	.run = run_move,
};

/* ---- delete ---- */

static const struct option_row delete_options[] = {
	{ OPTION_OPERANDS, 0, NULL, "PID", PID(words), "id of a profile", .minimum = 1 },
	{ OPTION_FLAG, 0, "erase", NULL, PID(erase), "delete its entries too" },
	OPTION_ROW_DRY_RUN(pid_args),
	OPTION_ROW_DIALECT(pid_args),
	{ OPTION_END },
};

struct delete_record {
	const char *pid, *status;
	int64_t faces, entries;
	char pid_text[FC_UUID_TEXT_SIZE];
};

#define IN_DELETE(member) offsetof(struct delete_record, member)

static const struct record_field delete_fields[] = {
	{ RECORD_TEXT, "pid", IN_DELETE(pid), 0, "PROFILE" },
	{ RECORD_TEXT, "status", IN_DELETE(status), 0, "STATUS" },
	{ RECORD_INTEGER, "faces", IN_DELETE(faces), 0, "FACES" },
	{ RECORD_INTEGER, "entries", IN_DELETE(entries), 0, "ENTRIES" },
	{ RECORD_END },
};

static enum fc_status write_deleted(struct command_context *ctx,
				    const struct fc_profile_delete_request *request,
				    struct fc_error *err)
{
	FC_CLEANUP(record_writer_release)
	struct record_writer writer =
		record_writer_of(ctx->out, "profile_delete", delete_fields, false);
	for (size_t i = 0; i < request->count; i++) {
		const struct fc_profile_delete_item *item = &request->items[i];
		struct delete_record record = {
			.pid = record.pid_text,
			.status = item->status == FC_OK ? "deleted" : "not_found",
			.faces = (int64_t)item->faces,
			.entries = (int64_t)item->entries,
		};
		fc_uuid_format(&item->pid, record.pid_text);
		FC_TRY(record_write(&writer, &record, item->status == FC_OK ? TONE_PLAIN : TONE_BAD,
				    err));
	}
	return record_finish(&writer, err);
}

static enum fc_status judge(const struct fc_profile_delete_request *request, struct fc_error *err)
{
	char pid[FC_UUID_TEXT_SIZE] = "";
	size_t missing = 0;
	for (size_t i = 0; i < request->count; i++) {
		if (request->items[i].status != FC_OK && missing++ == 0) {
			fc_uuid_format(&request->items[i].pid, pid);
		}
	}
	if (missing == 0) {
		return FC_OK;
	}
	return fc_fail(err, missing == request->count ? FC_NOT_FOUND : FC_PARTIAL,
		       "there is no profile %s%s", pid,
		       missing > 1 ? ", and others are not there either" : "");
}

static enum fc_status run_delete(struct command_context *ctx, void *parsed, struct fc_error *err)
{
	const struct pid_args *args = parsed;
	FC_CLEANUP(fc_free)
	struct fc_profile_delete_item *items = calloc(args->words.count, sizeof(*items));
	const struct fc_profile_delete_request request = {
		.items = items,
		.count = args->words.count,
		.erase = args->erase,
		.dry_run = args->dry_run,
	};
	ctx->dialect = args->dialect;
	if (!items) {
		return fc_fail_memory(err);
	}
	for (size_t i = 0; i < request.count; i++) {
		FC_TRY(words_parse_pid(args->words.items[i], &items[i].pid, err));
	}
	FC_TRY(fc_service_profile_delete(ctx->service, &request, err));
	if (ctx->out->format != FORMAT_JSON) {
		FC_TRY(write_deleted(ctx, &request, err));
	}
	return judge(&request, err);
}

const struct command profiles_delete_command = {
	.name = "profiles delete",
	.summary = "delete profiles and their faces",
	.synopsis = "PID...",
	.help = "Their entries stay and belong to nobody, unless --erase takes them too. Under "
		"--format json success is silent, as the platform's empty answer is.",
	.options = delete_options,
	.args_size = sizeof(struct pid_args),
	.needs = COMMAND_SERVICE | COMMAND_PLATFORM,
	.run = run_delete,
};

/* ---- export-faces ---- */

static const struct option_row export_options[] = {
	{ OPTION_OPERANDS, 0, NULL, "PID DIR", PID(words),
	  "id of the profile, and the folder for its faces", .minimum = 2, .maximum = 2 },
	{ OPTION_END },
};

struct export
{
	struct record_writer writer;
	const char *directory;
	char pid[FC_UUID_TEXT_SIZE];
};

struct export_record {
	int64_t face_id;
	const char *file;
};

static const struct record_field export_fields[] = {
	{ RECORD_INTEGER, "face_id", offsetof(struct export_record, face_id), 0, "FACE" },
	{ RECORD_TEXT, "file", offsetof(struct export_record, file), 0, "FILE" },
	{ RECORD_END },
};

static void export_release(struct export *export)
{
	record_writer_release(&export->writer);
}

static enum fc_status export_face(void *context, uint64_t face_id, const struct fc_buffer *png,
				  struct fc_error *err)
{
	struct export *export = context;
	char name[96];
	FC_IGNORE(snprintf(name, sizeof(name), "%s-%" PRIu64 ".png", export->pid, face_id));
	FC_CLEANUP(fc_free) char *path = fc_path_join(export->directory, name);
	if (!path) {
		return fc_fail_memory(err);
	}
	FC_TRY(fc_file_replace(path, png->data, png->length, 0600, err));
	const struct export_record record = { .face_id = (int64_t)face_id, .file = path };
	return record_write(&export->writer, &record, TONE_PLAIN, err);
}

static enum fc_status run_export(struct command_context *ctx, void *parsed, struct fc_error *err)
{
	const struct pid_args *args = parsed;
	FC_CLEANUP(export_release)
	struct export export = {
		.writer = record_writer_of(ctx->out, "export_face", export_fields, false),
		.directory = args->words.items[1],
	};
	struct fc_uuid pid;
	size_t count = 0;
	FC_TRY(words_parse_pid(args->words.items[0], &pid, err));
	fc_uuid_format(&pid, export.pid);
	FC_TRY(fc_make_directories(export.directory, 0700, err));
	FC_TRY(fc_service_profile_crops(ctx->service, &pid, export_face, &export, &count, err));
	if (count == 0) {
		return fc_fail(err, FC_NOT_FOUND,
			       "no crop of profile %s is kept; --keep-crops keeps them when faces "
			       "are stored",
			       export.pid);
	}
	return record_finish(&export.writer, err);
}

const struct command profiles_export_faces_command = {
	.name = "profiles export-faces",
	.summary = "write the kept crops of a profile's faces",
	.synopsis = "PID DIR",
	.help = "Crops are kept where --keep-crops said so: 112 x 112 pixels, PNG.",
	.options = export_options,
	.args_size = sizeof(struct pid_args),
	.needs = COMMAND_SERVICE,
	.run = run_export,
};
