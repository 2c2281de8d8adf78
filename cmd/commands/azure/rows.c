/* Output of the commands of the Azure Face API. */
/* SPDX-License-Identifier: MIT */
#include "commands/azure/rows.h"

#include <math.h>
#include <stdlib.h>

#include "base/json.h"
#include "base/when.h"

#define IN(member) offsetof(struct azure_row, member)

/* clang-format off */
#define RESULT_FIELD { RECORD_TEXT, "result", IN(result), 0, "RESULT" }
#define DRY_RUN_FIELD { RECORD_FLAG, "dry_run", IN(dry_run) }

/* A table of fields, and one of commands that change something: these have a result. */
#define TWO_TABLES(name, ...)                                                                      \
	const struct record_field azure_##name##_fields[] = { __VA_ARGS__, { RECORD_END } };       \
	const struct record_field azure_##name##_result_fields[] = { RESULT_FIELD, __VA_ARGS__, DRY_RUN_FIELD, { RECORD_END } }

TWO_TABLES(group,
	{ RECORD_TEXT, "id", IN(id), 0, "ID" },
	{ RECORD_TEXT, "name", IN(name), 0, "NAME" },
	{ RECORD_TEXT, "recognition_model", IN(model), 0, "MODEL", .rank = 2 },
	{ RECORD_TEXT, "user_data", IN(user_data), 0, "USER DATA", .rank = 1 });

TWO_TABLES(list,
	{ RECORD_TEXT, "id", IN(id), 0, "ID" },
	{ RECORD_TEXT, "name", IN(name), 0, "NAME" },
	{ RECORD_INTEGER, "faces", IN(face_count), 0, "FACES" },
	{ RECORD_TEXT, "recognition_model", IN(model), 0, "MODEL", .rank = 2 },
	{ RECORD_TEXT, "user_data", IN(user_data), 0, "USER DATA", .rank = 1 });

TWO_TABLES(person,
	{ RECORD_TEXT, "pid", IN(pid), 0, "PID", .whole = true },
	{ RECORD_TEXT, "name", IN(name), 0, "NAME" },
	{ RECORD_INTEGER, "faces", IN(face_count), 0, "FACES" },
	{ RECORD_TEXTS, "persisted_face_ids", IN(faces), .json_only = true },
	{ RECORD_TEXT, "user_data", IN(user_data), 0, "USER DATA", .rank = 1 });

TWO_TABLES(face,
	{ RECORD_TEXT, "persisted_face_id", IN(face), 0, "FACE", .whole = true },
	{ RECORD_TEXT, "user_data", IN(user_data), 0, "USER DATA", .rank = 1 });

const struct record_field azure_container_delete_fields[] = {
	RESULT_FIELD,
	{ RECORD_TEXT, "id", IN(id), 0, "ID" },
	DRY_RUN_FIELD,
	{ RECORD_END },
};

const struct record_field azure_person_delete_fields[] = {
	RESULT_FIELD,
	{ RECORD_TEXT, "pid", IN(pid), 0, "PERSON", .whole = true },
	DRY_RUN_FIELD,
	{ RECORD_END },
};

const struct record_field azure_face_add_fields[] = {
	RESULT_FIELD,
	{ RECORD_TEXT, "path", IN(path), 0, "PHOTO", .end_counts = true },
	{ RECORD_TEXT, "status", IN(status) },
	{ RECORD_TEXT, "error", IN(error) },
	{ RECORD_TEXT, "persisted_face_id", IN(face), 0, "FACE" },
	{ RECORD_TEXT, "user_data", IN(user_data), 0, "USER DATA", .rank = 1 },
	{ RECORD_FLAG, "dry_run", IN(dry_run) },
	{ RECORD_END },
};

const struct record_field azure_training_fields[] = {
	{ RECORD_TEXT, "id", IN(id), 0, "ID" },
	{ RECORD_TEXT, "state", IN(state), 0, "STATE" },
	{ RECORD_TEXT, "created", IN(created), 0, "CREATED", .rank = 3 },
	{ RECORD_TEXT, "changed", IN(changed), 0, "CHANGED", .rank = 2 },
	{ RECORD_TEXT, "trained", IN(trained), 0, "TRAINED", .rank = 1 },
	{ RECORD_TEXT, "resource", IN(resource), 0, "RESOURCE" },
	{ RECORD_TEXT, "message", IN(message), 0, "MESSAGE" },
	{ RECORD_END },
};

TWO_TABLES(snapshot,
	{ RECORD_TEXT, "id", IN(id), 0, "SNAPSHOT", .whole = true },
	{ RECORD_TEXT, "kind", IN(kind), 0, "KIND" },
	{ RECORD_TEXT, "created", IN(created), 0, "CREATED", .rank = 1 },
	{ RECORD_TEXT, "changed", IN(changed), 0, "CHANGED", .rank = 4 },
	{ RECORD_TEXTS, "apply_scope", IN(scope), 0, "APPLY SCOPE", .rank = 3 },
	{ RECORD_TEXT, "account", IN(account), 0, "ACCOUNT", .rank = RECORD_VERBOSE },
	{ RECORD_TEXT, "user_data", IN(user_data), 0, "USER DATA", .rank = 2 },
	{ RECORD_TEXT, "operation", IN(face_id), 0, "OPERATION", .rank = 5 });

const struct record_field azure_identify_fields[] = {
	{ RECORD_TEXT, "path", IN(path), 0, "PHOTO", .end_counts = true },
	{ RECORD_TEXT, "status", IN(status) },
	{ RECORD_TEXT, "error", IN(error) },
	{ RECORD_INTEGER, "face", IN(index), 0, "FACE" },
	{ RECORD_REALS, "box", IN(box), 0, "BOX", .rank = 2 },
	{ RECORD_TEXT, "face_id", IN(face_id), 0, "FACE ID", .rank = 4 },
	RESULT_FIELD,
	{ RECORD_INTEGER, "rank", IN(rank), 0, "RANK", .rank = 1 },
	{ RECORD_TEXT, "pid", IN(pid), 0, "PID", .rank = 3 },
	{ RECORD_TEXT, "name", IN(name), 0, "NAME" },
	{ RECORD_REAL, "confidence", IN(confidence), 4, "CONFIDENCE" },
	{ RECORD_END },
};

const struct record_field azure_similar_fields[] = {
	{ RECORD_TEXT, "path", IN(path), 0, "PHOTO", .rank = 1, .end_counts = true },
	{ RECORD_TEXT, "face_id", IN(face_id), 0, "FACE ID", .rank = RECORD_VERBOSE },
	{ RECORD_INTEGER, "rank", IN(rank), 0, "RANK" },
	{ RECORD_REAL, "confidence", IN(confidence), 4, "CONFIDENCE" },
	{ RECORD_TEXT, "match_path", IN(resource), 0, "SIMILAR PHOTO", .end_counts = true, .group = RECORD_OF_PHOTOS },
	{ RECORD_TEXT, "match_face_id", IN(id), 0, "SIMILAR FACE ID", .rank = 2, .group = RECORD_OF_PHOTOS },
	{ RECORD_TEXT, "persisted_face_id", IN(face), 0, "STORED FACE", .group = RECORD_OF_LIST },
	{ RECORD_TEXT, "pid", IN(pid), 0, "PERSON", .group = RECORD_OF_SPACE },
	{ RECORD_TEXT, "name", IN(name), 0, "NAME", .group = RECORD_OF_SPACE },
	{ RECORD_END },
};
/* clang-format on */

struct azure_row azure_row_new(void)
{
	return (struct azure_row){
		.face_count = RECORD_ABSENT,
		.index = RECORD_ABSENT,
		.rank = RECORD_ABSENT,
		.confidence = (double)NAN,
	};
}

void azure_row_release(struct azure_row *row)
{
	free(row->texts);
	row->texts = NULL;
}

/* Add the texts of an array, or the member `name` of its objects. */
static void read_texts(struct azure_row *row, const cJSON *array, const char *name, size_t *count,
		       struct record_texts *out)
{
	const cJSON *item;
	out->items = row->texts + *count;
	cJSON_ArrayForEach (item, array) {
		const char *text = name ? fc_json_text(item, name) : cJSON_GetStringValue(item);
		if (text) {
			row->texts[(*count)++] = text;
			out->count++;
		}
	}
}

enum fc_status azure_row_read(struct azure_row *row, const cJSON *object, struct fc_error *err)
{
	static const struct {
		const char *name;
		size_t offset;
	} texts[] = {
		{ "faceListId", IN(id) },
		{ "largeFaceListId", IN(id) },
		{ "personGroupId", IN(id) },
		{ "largePersonGroupId", IN(id) },
		{ "id", IN(id) },
		{ "personId", IN(pid) },
		{ "persistedFaceId", IN(face) },
		{ "name", IN(name) },
		{ "userData", IN(user_data) },
		{ "recognitionModel", IN(model) },
		{ "status", IN(state) },
		{ "message", IN(message) },
		{ "createdDateTime", IN(created) },
		{ "createdTime", IN(created) },
		{ "lastActionDateTime", IN(changed) },
		{ "lastActionTime", IN(changed) },
		{ "lastUpdateTime", IN(changed) },
		{ "lastSuccessfulTrainingDateTime", IN(trained) },
		{ "resourceLocation", IN(resource) },
		{ "account", IN(account) },
		{ "type", IN(kind) },
	};
	for (size_t i = 0; i < FC_ARRAY_LENGTH(texts); i++) {
		const char *text = fc_json_text(object, texts[i].name);
		if (text) {
			*(const char **)((char *)row + texts[i].offset) = text;
		}
	}
	const cJSON *ids = fc_json_get(object, "persistedFaceIds");
	const cJSON *faces = fc_json_get(object, "persistedFaces");
	const cJSON *scope = fc_json_get(object, "applyScope");
	size_t room = (size_t)cJSON_GetArraySize(ids) + (size_t)cJSON_GetArraySize(faces) +
		      (size_t)cJSON_GetArraySize(scope);
	free(row->texts);
	row->texts = calloc(room + 1, sizeof(*row->texts));
	if (!row->texts) {
		return fc_fail_memory(err);
	}
	size_t count = 0;
	read_texts(row, ids ? ids : faces, ids ? NULL : "persistedFaceId", &count, &row->faces);
	read_texts(row, scope, NULL, &count, &row->scope);
	if (ids || faces) {
		row->face_count = (int64_t)row->faces.count;
	}
	return FC_OK;
}

/* ---- writing ---- */

/* Show a time as facectl shows all times. A text of another form stays as it is. */
static void show_time(const struct out *out, const char **text, char cell[TIME_CELL_SIZE])
{
	struct fc_error err;
	int64_t time;
	if (*text && fc_when_parse(*text, 0, NULL, "time", &time, &err) == FC_OK) {
		*text = time_cell_fill(cell, out, time);
	}
}

/* Copy a value of an answer, as it is. */
static void copy_value(struct fc_json_writer *json, const cJSON *value)
{
	const cJSON *item;
	if (cJSON_IsObject(value) || cJSON_IsArray(value)) {
		bool object = cJSON_IsObject(value);
		object ? fc_json_begin_object(json) : fc_json_begin_array(json);
		cJSON_ArrayForEach (item, value) {
			if (object) {
				fc_json_key(json, item->string);
			}
			copy_value(json, item);
		}
		object ? fc_json_end_object(json) : fc_json_end_array(json);
	} else if (cJSON_IsString(value)) {
		fc_json_string(json, value->valuestring);
	} else if (cJSON_IsNumber(value)) {
		fc_json_real(json, value->valuedouble, 7);
	} else if (cJSON_IsBool(value)) {
		fc_json_bool(json, cJSON_IsTrue(value));
	} else {
		fc_json_null(json);
	}
}

void azure_rows_begin(struct azure_rows *rows, struct command_context *ctx, const char *type,
		      const struct record_field *fields, bool objects, bool single)
{
	*rows = (struct azure_rows){
		.out = ctx->out,
		.writer = record_writer_of(ctx->out, type, fields, single),
		.json = fc_json_writer_of(&ctx->out->data, true),
		.objects = objects && ctx->out->format == FORMAT_JSON,
		.single = single,
	};
	if (rows->objects && !single) {
		fc_json_begin_array(&rows->json);
	}
}

void azure_rows_release(struct azure_rows *rows)
{
	record_writer_release(&rows->writer);
}

enum fc_status azure_rows_add(struct azure_rows *rows, const cJSON *object, struct azure_row *row,
			      enum record_tone tone, struct fc_error *err)
{
	if (rows->objects) {
		if (object) {
			copy_value(&rows->json, object);
		}
		return FC_OK;
	}
	if (object) {
		FC_TRY(azure_row_read(row, object, err));
	}
	show_time(rows->out, &row->created, row->times[0]);
	show_time(rows->out, &row->changed, row->times[1]);
	show_time(rows->out, &row->trained, row->times[2]);
	return record_write(&rows->writer, row, tone, err);
}

enum fc_status azure_rows_add_deletion(struct azure_rows *rows, struct azure_row *row, bool dry_run,
				       enum fc_status status, const struct fc_error *failure,
				       struct operand_outcomes *outcomes, struct fc_error *err)
{
	bool done = status == FC_OK;
	if (!done && status != FC_NOT_FOUND) {
		*err = *failure;
		return status;
	}
	operand_note(outcomes, done ? NULL : failure);
	row->dry_run = dry_run ? RECORD_TRUE : RECORD_FALSE;
	row->result = done ? record_outcome(rows->out, dry_run, "deleted") : "not_found";
	return azure_rows_add(rows, NULL, row, done ? TONE_PLAIN : TONE_BAD, err);
}

enum fc_status azure_rows_end(struct azure_rows *rows, struct fc_error *err)
{
	if (!rows->objects) {
		return record_finish(&rows->writer, err);
	}
	if (!rows->single) {
		fc_json_end_array(&rows->json);
	}
	fc_buffer_append_text(&rows->out->data, "\n");
	return out_flush(rows->out, err);
}

enum fc_status azure_show(struct command_context *ctx, const char *type,
			  const struct record_field *fields, const cJSON *object,
			  struct azure_row *row, struct fc_error *err)
{
	FC_CLEANUP(azure_rows_release) struct azure_rows rows = { 0 };
	azure_rows_begin(&rows, ctx, type, fields, object != NULL, true);
	FC_TRY(azure_rows_add(&rows, object, row, TONE_PLAIN, err));
	return azure_rows_end(&rows, err);
}
