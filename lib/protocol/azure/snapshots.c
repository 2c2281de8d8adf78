/* The JSON of snapshots and of the operations on them. */
/* SPDX-License-Identifier: MIT */
#include "protocol/azure/snapshots.h"

#include <stdio.h>

#include "base/clock.h"

static void put_time(struct fc_json_writer *json, const char *key, int64_t time)
{
	char text[FC_TIME_TEXT_SIZE];
	fc_time_format(time, text);
	fc_json_put_text(json, key, text);
}

void fc_azure_write_snapshot(struct fc_json_writer *json,
			     const struct fc_azure_snapshot_row *snapshot)
{
	char id[FC_UUID_TEXT_SIZE], account[FC_UUID_TEXT_SIZE + sizeof("/subscriptions/")];
	fc_json_begin_object(json);
	fc_uuid_format(&snapshot->id, id);
	fc_json_put_text(json, "id", id);
	fc_uuid_format(&snapshot->subscription, id);
	snprintf(account, sizeof(account), "/subscriptions/%s", id);
	fc_json_put_text(json, "account", account);
	fc_json_put_text(json, "type", fc_azure_kinds[snapshot->kind].code);
	fc_json_put_array(json, "applyScope");
	for (size_t i = 0; i < snapshot->scope_count; i++) {
		fc_uuid_format(&snapshot->scope[i], id);
		fc_json_string(json, id);
	}
	fc_json_end_array(json);
	fc_json_put_text(json, "userData", snapshot->user_data);
	put_time(json, "createdTime", snapshot->created);
	put_time(json, "lastUpdateTime", snapshot->updated);
	fc_json_end_object(json);
}

/* The service sends null for what is not known yet. */
static void put_text_or_null(struct fc_json_writer *json, const char *key, const char *text)
{
	fc_json_key(json, key);
	if (text) {
		fc_json_string(json, text);
	} else {
		fc_json_null(json);
	}
}

void fc_azure_write_operation(struct fc_json_writer *json,
			      const struct fc_azure_operation_row *operation)
{
	fc_json_begin_object(json);
	fc_json_put_text(json, "status", operation->status);
	put_time(json, "createdTime", operation->created);
	put_time(json, "lastActionTime", operation->acted);
	put_text_or_null(json, "resourceLocation", operation->resource);
	put_text_or_null(json, "message", operation->message);
	fc_json_end_object(json);
}
