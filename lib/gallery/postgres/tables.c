/* The tables of the records, column by column, in the order in which rows/ packs them. */
/* SPDX-License-Identifier: MIT */
#include "gallery/postgres/tables.h"

#include <string.h>

/* The first member of each list says which database it is for (store/databases.h). */
#define COLUMNS (const struct fc_pg_column[])
#define END                                                                                        \
	{                                                                                          \
		NULL, FC_PG_END                                                                    \
	}

static const struct fc_pg_column none[] = { END };

static const struct fc_pg_column space_columns[] = {
	{ "created", FC_PG_TIME },
	{ "person_count", FC_PG_U64 },
	{ "face_count", FC_PG_U64 },
	{ "entry_count", FC_PG_U64 },
	{ "next_number", FC_PG_U64 },
	{ "exact_1e4", FC_PG_U32 },
	{ "ha_1e4", FC_PG_U32 },
	{ "junk_1e4", FC_PG_U32 },
	{ "name", FC_PG_LABEL },
	{ "mean_count", FC_PG_U64 },
	END,
};

static const struct fc_pg_column person_columns[] = {
	{ "space", FC_PG_U32 },
	{ NULL, FC_PG_HAS },
	{ "number", FC_PG_U64, 0, 1 },
	{ "created", FC_PG_TIME },
	{ "updated", FC_PG_TIME },
	{ "face_count", FC_PG_U32 },
	{ "name", FC_PG_TEXT },
	{ "user_data", FC_PG_TEXT },
	{ "mean", FC_PG_U64 },
	{ "title", FC_PG_TEXT },
	END,
};

static const struct fc_pg_column face_columns[] = {
	{ "pid", FC_PG_UUID },
	{ "template", FC_PG_TEMPLATE },
	{ "created", FC_PG_TIME },
	{ "photo", FC_PG_BYTES, 32 },
	{ "photo_index", FC_PG_U16 },
	{ "box", FC_PG_FLOATS, 4 },
	{ "landmarks", FC_PG_FLOATS, 10 },
	{ "confidence", FC_PG_FLOATS, 1 },
	{ "quality", FC_PG_FLOATS, 1 },
	{ "origin", FC_PG_TEXT },
	{ "path", FC_PG_PATH },
	{ "uuid", FC_PG_UUID },
	{ "may_repeat", FC_PG_FLAG },
	{ "user_data", FC_PG_TEXT },
	END,
};

static const struct fc_pg_column mean_columns[] = {
	{ "pid", FC_PG_UUID },
	{ "face", FC_PG_U64 },
	{ "templates", FC_PG_U32 },
	{ "sums", FC_PG_SUMS },
	END,
};

static const struct fc_pg_column entry_columns[] = {
	{ "created", FC_PG_TIME },
	{ "space", FC_PG_U32 },
	{ "result", FC_PG_U8 },
	{ NULL, FC_PG_HAS },
	{ "pid", FC_PG_UUID, 0, 1 },
	{ "similarity", FC_PG_FLOATS, 1, 2 },
	{ "match", FC_PG_FLOATS, 1, 3 },
	{ "confidence", FC_PG_FLOATS, 1 },
	{ "box", FC_PG_FLOATS, 4 },
	{ "face_pixels", FC_PG_U32 },
	{ "exposure", FC_PG_FLOATS, 1 },
	{ "sharpness", FC_PG_FLOATS, 1 },
	{ "pan", FC_PG_FLOATS, 1 },
	{ "tilt", FC_PG_FLOATS, 1 },
	{ "age", FC_PG_U8, 0, 4 },
	{ "sex", FC_PG_U8 },
	{ "mood", FC_PG_U8 },
	{ "liveness", FC_PG_U8 },
	{ "photo", FC_PG_BYTES, 32 },
	{ "model", FC_PG_BYTES, 32 },
	{ "origin", FC_PG_TEXT },
	{ "path", FC_PG_PATH },
	END,
};

static const struct fc_pg_column origin_columns[] = {
	{ "space", FC_PG_U32 },
	{ "created", FC_PG_TIME },
	{ "min_facesize", FC_PG_U64 },
	{ "create_min_facesize", FC_PG_U64 },
	{ "flags", FC_PG_U32 },
	{ "save_entries", FC_PG_U32 },
	{ "storage_days", FC_PG_U32 },
	{ "name", FC_PG_LABEL },
	END,
};

static const struct fc_pg_column calibration_columns[] = {
	{ "created", FC_PG_TIME }, { "impostor_pairs", FC_PG_U64 }, { "genuine_pairs", FC_PG_U64 },
	{ "source", FC_PG_TEXT },  { "points", FC_PG_REST },        END,
};

static const struct fc_pg_column container_columns[] = {
	{ "trained", FC_PG_TIME },
	{ "recognition_model", FC_PG_U8 },
	{ "title", FC_PG_TEXT },
	{ "user_data", FC_PG_TEXT },
	END,
};

static const struct fc_pg_column detected_columns[] = {
	{ "template", FC_PG_TEMPLATE }, { "created", FC_PG_TIME },
	{ "expires", FC_PG_TIME },      { "photo", FC_PG_BYTES, 32 },
	{ "box", FC_PG_FLOATS, 4 },     { "recognition", FC_PG_U8 },
	{ "detection", FC_PG_U8 },      END,
};

static const struct fc_pg_column snapshot_columns[] = {
	{ "kind", FC_PG_U8 },        { "complete", FC_PG_FLAG }, { "account", FC_PG_UUID },
	{ "created", FC_PG_TIME },   { "updated", FC_PG_TIME },  { "expires", FC_PG_TIME },
	{ "user_data", FC_PG_TEXT }, { "scope", FC_PG_REST },    END,
};

static const struct fc_pg_column job_columns[] = {
	{ "applies", FC_PG_FLAG },  { "state", FC_PG_U8 },      { "kind", FC_PG_U8 },
	{ "account", FC_PG_UUID },  { "snapshot", FC_PG_UUID }, { "object", FC_PG_LABEL },
	{ "created", FC_PG_TIME },  { "acted", FC_PG_TIME },    { "space", FC_PG_U32 },
	{ "last", FC_PG_UUID },     { "persons", FC_PG_U64 },   { "faces", FC_PG_U64 },
	{ "last_mean", FC_PG_U64 }, { "message", FC_PG_PATH },  END,
};

static const struct fc_pg_column task_columns[] = {
	{ "verb", FC_PG_LABEL },
	{ "service", FC_PG_LABEL },
	{ "space", FC_PG_LABEL },
	{ "models", FC_PG_BYTES, 32 },
	END,
};

static const struct fc_pg_column item_columns[] = {
	{ "state", FC_PG_U8 },  { "reason", FC_PG_U8 }, { "rules", FC_PG_U64 },
	{ "time", FC_PG_TIME }, { "space", FC_PG_U32 }, { "pid", FC_PG_UUID },
	{ "face", FC_PG_U64 },  { "text", FC_PG_PATH }, END,
};

static const struct fc_pg_column path_columns[] = {
	{ "device", FC_PG_U64 },        { "inode", FC_PG_U64 },
	{ "file_size", FC_PG_U64 },     { "modified_ns", FC_PG_U64 },
	{ "changed_ns", FC_PG_U64 },    { "size", FC_PG_U64 },
	{ "content", FC_PG_BYTES, 32 }, { "person", FC_PG_BYTES, 16 },
	{ "path", FC_PG_PATH },         END,
};

#define PID                                                                                        \
	{                                                                                          \
		"pid", FC_PG_UUID                                                                  \
	}
#define SPACE                                                                                      \
	{                                                                                          \
		"space", FC_PG_U32                                                                 \
	}
#define ID                                                                                         \
	{                                                                                          \
		"id", FC_PG_U64                                                                    \
	}
#define ID32                                                                                       \
	{                                                                                          \
		"id", FC_PG_U32                                                                    \
	}
#define TARGET                                                                                     \
	{                                                                                          \
		"target", FC_PG_BYTES, 8                                                           \
	}
#define ITEM                                                                                       \
	TARGET, { "size", FC_PG_U64 }, { "content", FC_PG_BYTES, 32 },                             \
	{                                                                                          \
		"person", FC_PG_BYTES, 16                                                          \
	}

static const struct fc_pg_table tables[FC_DB_END] = {
	[FC_DB_SPACE] = { "spaces", COLUMNS{ ID32, END }, space_columns },
	[FC_DB_SPACE_NAME] = { "spaces", COLUMNS{ { "name", FC_PG_KEY_TEXT }, END },
			       COLUMNS{ ID32, END }, NULL, FC_DB_SPACE, true },
	[FC_DB_PERSON] = { "persons", COLUMNS{ PID, END }, person_columns },
	[FC_DB_PERSON_SPACE] = { "persons", COLUMNS{ SPACE, PID, END }, none, NULL, FC_DB_PERSON },
	[FC_DB_PERSON_NUMBER] = { "persons", COLUMNS{ SPACE, { "number", FC_PG_U64 }, END },
				  COLUMNS{ PID, END }, "number IS NOT NULL", FC_DB_PERSON, true },
	[FC_DB_PERSON_NAME] = { "persons", COLUMNS{ SPACE, { "name", FC_PG_NAME }, PID, END }, none,
				"name IS NOT NULL", FC_DB_PERSON },
	[FC_DB_FACE] = { "faces", COLUMNS{ SPACE, ID, END }, face_columns },
	[FC_DB_FACE_PERSON] = { "faces", COLUMNS{ PID, ID, END }, none, NULL, FC_DB_FACE },
	[FC_DB_FACE_PHOTO] = { "faces",
			       COLUMNS{ { "photo", FC_PG_BYTES, 32 },
					{ "photo_index", FC_PG_U16 },
					SPACE,
					ID,
					END },
			       none, NULL, FC_DB_FACE },
	[FC_DB_FACE_UUID] = { "faces", COLUMNS{ { "uuid", FC_PG_UUID }, SPACE, ID, END }, none,
			      NULL, FC_DB_FACE },
	[FC_DB_ENTRY] = { "entries", COLUMNS{ ID, END }, entry_columns, .no_upsert = true },
	[FC_DB_ENTRY_PERSON] = { "entries", COLUMNS{ PID, { "created", FC_PG_TIME }, ID, END },
				 none, "pid IS NOT NULL", FC_DB_ENTRY },
	[FC_DB_ENTRY_TIME] = { "entries", COLUMNS{ SPACE, { "created", FC_PG_TIME }, ID, END },
			       none, NULL, FC_DB_ENTRY },
	[FC_DB_ENTRY_ORIGIN] = { "entries",
				 COLUMNS{ SPACE,
					  { "origin", FC_PG_NAME },
					  { "created", FC_PG_TIME },
					  ID,
					  END },
				 none, "origin IS NOT NULL", FC_DB_ENTRY },
	[FC_DB_ENTRY_DAY] = { "entry_days",
			      COLUMNS{ SPACE, { "origin", FC_PG_NAME }, { "day", FC_PG_DAY }, END },
			      COLUMNS{ { "entries", FC_PG_U64 }, END } },
	[FC_DB_ORIGIN] = { "origins", COLUMNS{ ID32, END }, origin_columns },
	[FC_DB_ORIGIN_NAME] = { "origins", COLUMNS{ { "name", FC_PG_KEY_TEXT }, END },
				COLUMNS{ ID32, END }, "id <> 0", FC_DB_ORIGIN, true },
	[FC_DB_CROP] = { "crops", COLUMNS{ SPACE, { "face", FC_PG_U64 }, END },
			 COLUMNS{ { "png", FC_PG_REST }, END } },
	[FC_DB_LEDGER_TASK] = { "ledger_tasks", COLUMNS{ TARGET, END }, task_columns,
				.shared = true },
	[FC_DB_LEDGER_ITEM] = { "ledger_items", COLUMNS{ ITEM, END }, item_columns },
	[FC_DB_LEDGER_PATH] = { "ledger_paths",
				COLUMNS{ TARGET, { "path_hash", FC_PG_BYTES, 16 }, END },
				path_columns },
	[FC_DB_LEDGER_ITEM_PATH] = { "ledger_paths",
				     COLUMNS{ ITEM, { "path_hash", FC_PG_BYTES, 16 }, END }, none,
				     NULL, FC_DB_LEDGER_PATH },
	[FC_DB_LEDGER_SUBJECT] = { "ledger_items", COLUMNS{ PID, { "face", FC_PG_U64 }, ITEM, END },
				   none, "space <> 0", FC_DB_LEDGER_ITEM },
	[FC_DB_CALIBRATION] = { "calibrations", COLUMNS{ SPACE, END }, calibration_columns },
	[FC_DB_MEAN] = { "means", COLUMNS{ SPACE, ID, END }, mean_columns },
	[FC_DB_CONTAINER] = { "containers", COLUMNS{ SPACE, END }, container_columns },
	[FC_DB_DETECTED] = { "detected", COLUMNS{ { "face_id", FC_PG_UUID }, END },
			     detected_columns },
	[FC_DB_DETECTED_TIME] = { "detected",
				  COLUMNS{ { "expires", FC_PG_TIME },
					   { "face_id", FC_PG_UUID },
					   END },
				  none, NULL, FC_DB_DETECTED },
	[FC_DB_SNAPSHOT] = { "snapshots", COLUMNS{ { "id", FC_PG_UUID }, END }, snapshot_columns },
	[FC_DB_SNAPSHOT_PART] = { "snapshot_parts",
				  COLUMNS{ { "snapshot", FC_PG_UUID },
					   PID,
					   { "face", FC_PG_LAST_U64 },
					   END },
				  COLUMNS{ { "record", FC_PG_REST }, END } },
	[FC_DB_SNAPSHOT_JOB] = { "snapshot_jobs", COLUMNS{ { "id", FC_PG_UUID }, END },
				 job_columns },
};

/* Records of FC_DB_META: tables of one row, which have a constant key. */
static const struct {
	const char *key;
	struct fc_pg_table table;
} meta[] = {
	{ "format",
	  { "gallery", none,
	    COLUMNS{ { "read_format", FC_PG_U32 },
		     { "write_format", FC_PG_U32 },
		     { "id", FC_PG_UUID },
		     { "created", FC_PG_TIME },
		     END } } },
	{ "pin",
	  { "embedder", none,
	    COLUMNS{ { "sha256", FC_PG_BYTES, 32 },
		     { "preprocessing", FC_PG_U32 },
		     { "dimension", FC_PG_U32 },
		     { "mirror", FC_PG_FLAG },
		     { "name", FC_PG_LABEL },
		     END } } },
	{ "relocations", { "relocations", none, COLUMNS{ { "count", FC_PG_U64 }, END } } },
};

const struct fc_pg_table *fc_pg_table_of(enum fc_database database, const struct fc_key *key)
{
	for (size_t i = 0; database == FC_DB_META && key && i < sizeof(meta) / sizeof(*meta); i++) {
		if (key->length == strlen(meta[i].key) &&
		    memcmp(key->bytes, meta[i].key, key->length) == 0) {
			return &meta[i].table;
		}
	}
	return tables[database].name ? &tables[database] : NULL;
}

size_t fc_pg_column_count(const struct fc_pg_column *columns)
{
	size_t count = 0;
	while (columns[count].kind != FC_PG_END) {
		count++;
	}
	return count;
}
