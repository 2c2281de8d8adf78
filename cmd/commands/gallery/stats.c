/* gallery stats: show the content and the size of the gallery. */
/* SPDX-License-Identifier: MIT */
#include "base/clock.h"
#include "command.h"
#include "commands/gallery/open.h"
#include "commands/gallery/unix_group.h"
#include "gallery/maintain/maintain.h"
#include "output/record.h"

struct stats_args {
	bool tables;
};

static const struct option_row options[] = {
	{ OPTION_FLAG, 0, "tables", NULL, offsetof(struct stats_args, tables),
	  "show the size of each database table instead" },
	{ OPTION_END },
};

struct stats_record {
	const char *gallery, *uuid, *created;
	int64_t format;
	const char *model, *model_sha256;
	int64_t dimension, preprocessing;
	enum record_flag mirror;
	struct fc_gallery_stats stats;
	char uuid_text[FC_UUID_TEXT_SIZE], created_text[FC_TIME_TEXT_SIZE];
	char digest[FC_SHA256_TEXT_SIZE];
	const char *shared_with;
	char group[UNIX_GROUP_SIZE];
};

#define IN(member) offsetof(struct stats_record, member)

static const struct record_field fields[] = {
	{ RECORD_TEXT, "gallery", IN(gallery), 0, "gallery" },
	{ RECORD_TEXT, "uuid", IN(uuid), 0, "uuid" },
	{ RECORD_TEXT, "created", IN(created), 0, "created" },
	{ RECORD_INTEGER, "format", IN(format), 0, "format" },
	{ RECORD_TEXT, "model", IN(model), 0, "model" },
	{ RECORD_TEXT, "model_sha256", IN(model_sha256), 0, "model's sha256" },
	{ RECORD_INTEGER, "dimension", IN(dimension), 0, "dimension" },
	{ RECORD_INTEGER, "preprocessing", IN(preprocessing), 0, "preprocessing" },
	{ RECORD_FLAG, "mirror", IN(mirror), 0, "mirrored too" },
	{ RECORD_INTEGER, "spaces", IN(stats.spaces), 0, "spaces" },
	{ RECORD_INTEGER, "persons", IN(stats.persons), 0, "persons" },
	{ RECORD_INTEGER, "faces", IN(stats.faces), 0, "faces" },
	{ RECORD_INTEGER, "entries", IN(stats.entries), 0, "entries" },
	{ RECORD_INTEGER, "crops", IN(stats.crops), 0, "crops" },
	{ RECORD_INTEGER, "origins", IN(stats.origins), 0, "origins" },
	{ RECORD_INTEGER, "segments", IN(stats.segments.segments), 0, "segments" },
	{ RECORD_INTEGER, "segment_bytes", IN(stats.segments.bytes), 0, "bytes of segments" },
	{ RECORD_INTEGER, "packed", IN(stats.segments.packed), 0, "means in segments" },
	{ RECORD_INTEGER, "tail", IN(stats.segments.tail), 0, "means in none" },
	{ RECORD_INTEGER, "deleted", IN(stats.segments.deleted), 0, "outdated in segments" },
	{ RECORD_INTEGER, "bytes", IN(stats.file_bytes), 0, "bytes" },
	{ RECORD_INTEGER, "page_bytes", IN(stats.page_bytes), 0, "bytes of a page" },
	{ RECORD_INTEGER, "free_pages", IN(stats.free_pages), 0, "free pages" },
	{ RECORD_INTEGER, "map_bytes", IN(stats.map_bytes), 0, "bytes mapped" },
	{ RECORD_INTEGER, "maximum_bytes", IN(stats.maximum_bytes), 0, "limit" },
	{ RECORD_INTEGER, "changes", IN(stats.transaction), 0, "changes" },
	{ RECORD_INTEGER, "readers", IN(stats.readers), 0, "other readers" },
	{ RECORD_INTEGER, "readers_maximum", IN(stats.readers_maximum), 0, "readers at most" },
	{ RECORD_INTEGER, "detected", IN(stats.detected), 0, "detected faces" },
	{ RECORD_TEXT, "shared_with", IN(shared_with), 0, "shared with" },
	{ RECORD_END },
};

/* Fill in the fields that the gallery stores in another form. */
static void fill_record(struct stats_record *record, const char *gallery)
{
	const struct fc_gallery_stats *stats = &record->stats;
	record->gallery = gallery;
	record->format = stats->read_format;
	record->dimension = record->preprocessing = RECORD_ABSENT;
	fc_uuid_format(&stats->gallery, record->uuid_text);
	record->uuid = record->uuid_text;
	fc_time_format(stats->created, record->created_text);
	record->created = record->created_text;
	if (stats->has_pin) {
		fc_sha256_format(&stats->pin.sha256, record->digest);
		record->model = stats->pin.name;
		record->model_sha256 = record->digest;
		record->dimension = stats->pin.dimension;
		record->preprocessing = stats->pin.preprocessing;
		record->mirror = stats->pin.mirror ? RECORD_TRUE : RECORD_FALSE;
	}
}

static const struct record_field table_fields[] = {
	{ RECORD_TEXT, "table", offsetof(struct fc_gallery_table, name), 0, "TABLE" },
	{ RECORD_INTEGER, "records", offsetof(struct fc_gallery_table, records), 0, "RECORDS" },
	{ RECORD_INTEGER, "bytes", offsetof(struct fc_gallery_table, bytes), 0, "BYTES" },
	{ RECORD_END },
};

static enum fc_status write_tables(struct command_context *ctx,
				   const struct fc_gallery_stats *stats, struct fc_error *err)
{
	FC_CLEANUP(record_writer_release)
	struct record_writer writer =
		record_writer_of(ctx->out, "gallery_table", table_fields, false);
	for (size_t i = 0; i < stats->table_count; i++) {
		FC_TRY(record_write(&writer, &stats->tables[i], TONE_PLAIN, err));
	}
	return record_finish(&writer, err);
}

static enum fc_status run(struct command_context *ctx, void *parsed, struct fc_error *err)
{
	const struct stats_args *args = parsed;
	FC_CLEANUP(fc_gallery_closep) struct fc_gallery *gallery = NULL;
	struct stats_record record = { 0 };
	FC_TRY(gallery_open(ctx, FC_GALLERY_READ, &gallery, err));
	FC_TRY(fc_gallery_stats(gallery, &record.stats, err));
	if (args->tables) {
		return write_tables(ctx, &record.stats, err);
	}
	fill_record(&record, ctx->settings->gallery);
	uint32_t group;
	if (fc_gallery_is_shared(gallery, &group)) {
		record.shared_with = unix_group_name(group, record.group);
	}
	return record_show(ctx->out, "gallery_stats", fields, &record, TONE_PLAIN, err);
}

const struct command gallery_stats_command = {
	.name = "gallery stats",
	.summary = "show the content and the size of the gallery",
	.synopsis = "[--tables]",
	.options = options,
	.args_size = sizeof(struct stats_args),
	.run = run,
};
