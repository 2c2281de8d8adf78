/* Output of the commands of the Azure Face API: a record for each object of an answer, or with --format json the objects as they are. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_CMD_COMMANDS_AZURE_ROWS_H
#define FC_CMD_COMMANDS_AZURE_ROWS_H

#include <cjson/cJSON.h>

#include "command.h"
#include "option/operands.h"
#include "output/record.h"
#include "output/time_cell.h"

/* The members of all objects. Texts are borrowed. */
struct azure_row {
	const char *result, *status, *error;
	const char *path; /* of a photo */
	const char *id, *kind, *pid, *face, *face_id, *name, *user_data, *model;
	const char *state, *message, *created, *changed, *trained, *resource, *account;
	struct record_texts faces, scope;
	struct record_reals box; /* left, top, right, bottom in pixels */
	int64_t face_count, index, rank;
	double confidence;
	enum record_flag dry_run;
	/* storage */
	const char **texts;
	char times[3][TIME_CELL_SIZE];
};

/* A row without values. */
struct azure_row azure_row_new(void);
void azure_row_release(struct azure_row *row);

/* Set the members that the object has. Texts are borrowed from it. Errors: FC_NO_MEMORY. */
enum fc_status azure_row_read(struct azure_row *row, const cJSON *object, struct fc_error *err);

/* The fields of the records; see facectl-output(5). Those with "result" are of commands that change something. */
extern const struct record_field azure_group_fields[], azure_list_fields[], azure_person_fields[],
	azure_face_fields[], azure_snapshot_fields[];
extern const struct record_field azure_group_result_fields[], azure_list_result_fields[],
	azure_person_result_fields[], azure_face_result_fields[], azure_snapshot_result_fields[];
extern const struct record_field azure_container_delete_fields[], azure_person_delete_fields[];
extern const struct record_field azure_face_add_fields[], azure_training_fields[],
	azure_identify_fields[], azure_similar_fields[];

struct azure_rows {
	struct out *out;
	struct record_writer writer;
	struct fc_json_writer json;
	bool objects; /* --format json, and the answers have bodies: write them */
	bool single;
};

/* objects: the answers have bodies, so that --format json writes them instead of records. single: one object, not an array. */
void azure_rows_begin(struct azure_rows *rows, struct command_context *ctx, const char *type,
		      const struct record_field *fields, bool objects, bool single);
void azure_rows_release(struct azure_rows *rows);

/* Write an object: itself, or the row, into which it is read first. object may be NULL. */
enum fc_status azure_rows_add(struct azure_rows *rows, const cJSON *object, struct azure_row *row,
			      enum record_tone tone, struct fc_error *err);

/*
 * Write the row of an object that was deleted, or would be deleted, or does not exist, and count it. status and failure: of the request. Errors:
 * failure, unless it is FC_NOT_FOUND.
 */
enum fc_status azure_rows_add_deletion(struct azure_rows *rows, struct azure_row *row, bool dry_run,
				       enum fc_status status, const struct fc_error *failure,
				       struct operand_outcomes *outcomes, struct fc_error *err);
enum fc_status azure_rows_end(struct azure_rows *rows, struct fc_error *err);

/* Write the object of an answer, or without one the row. */
enum fc_status azure_show(struct command_context *ctx, const char *type,
			  const struct record_field *fields, const cJSON *object,
			  struct azure_row *row, struct fc_error *err);

#endif
