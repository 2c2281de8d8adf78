/* Find the persons that PERSON arguments name. */
/* SPDX-License-Identifier: MIT */
#include "option/person.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "service/entries.h"

static void list_candidates(const struct command_context *ctx, const struct fc_profile_page *page)
{
	for (size_t i = 0; i < page->count; i++) {
		const struct fc_profile *profile = &page->items[i];
		char pid[FC_UUID_TEXT_SIZE];
		char number[24] = "";
		fc_uuid_format(&profile->pid, pid);
		if (profile->has_number) {
			snprintf(number, sizeof(number), "/%" PRIu64, profile->number);
		}
		out_message(ctx->out, "%s  %s%s%s%s", pid, profile->space, number,
			    profile->name ? "  " : "", profile->name ? profile->name : "");
	}
	if (page->total > page->count) {
		out_message(ctx->out, "and %" PRIu64 " more", page->total - page->count);
	}
}

enum fc_status person_read(struct command_context *ctx, const char *text, const char *space,
			   struct fc_profile *out, struct fc_error *err)
{
	FC_CLEANUP(fc_profile_page_release) struct fc_profile_page page = { 0 };
	enum fc_status status = fc_service_person_find(ctx->service, text, space, &page, err);
	*out = (struct fc_profile){ 0 };
	if (status == FC_UNSUPPORTED) {
		struct fc_person_id id;
		if (!fc_person_id_parse(text, &id)) {
			return fc_fail(err, FC_INVALID_ARGUMENT,
				       "'%s' is not an id, and service '%s' looks up persons by id "
				       "only",
				       text, ctx->settings->service);
		}
		out->pid = id.pid;
		memcpy(out->other_id, id.other, sizeof(out->other_id));
		return FC_OK;
	}
	FC_TRY(status);
	if (page.total == 0) {
		return space ? fc_fail(err, FC_NOT_FOUND, "there is no person '%s' in space '%s'",
				       text, space)
			     : fc_fail(err, FC_NOT_FOUND, "there is no person '%s'", text);
	}
	if (page.total > 1) {
		list_candidates(ctx, &page);
		return fc_fail(err, FC_INVALID_ARGUMENT,
			       "'%s' is ambiguous: it matches %" PRIu64 " persons", text,
			       page.total);
	}
	*out = page.items[0];
	page.items[0] = (struct fc_profile){ 0 };
	return FC_OK;
}

enum fc_status person_find(struct command_context *ctx, const char *text, const char *space,
			   struct fc_uuid *out, struct fc_error *err)
{
	FC_CLEANUP(fc_profile_release) struct fc_profile profile = { 0 };
	FC_TRY(person_read(ctx, text, space, &profile, err));
	if (profile.other_id[0] != '\0') {
		return fc_fail(err, FC_INVALID_ARGUMENT, "'%s' is not a UUID", text);
	}
	*out = profile.pid;
	return FC_OK;
}

enum fc_status person_find_id(struct command_context *ctx, const char *text, const char *space,
			      struct fc_person_id *out, struct fc_error *err)
{
	FC_CLEANUP(fc_profile_release) struct fc_profile profile = { 0 };
	FC_TRY(person_read(ctx, text, space, &profile, err));
	*out = fc_person_id_of(&profile.pid, profile.other_id);
	return FC_OK;
}

enum fc_status person_find_recorded(struct command_context *ctx, const char *text,
				    const char *space, struct fc_person_id *out,
				    struct fc_error *err)
{
	struct fc_person_id person = { 0 };
	const struct fc_entry_list_request request = {
		.filter = { .pids = &person.pid, .pid_count = 1 }, .want_total = true
	};
	const struct fc_entry_sink sink = { 0 };
	struct fc_entry_list_result result = { 0 };
	struct fc_error failure = { 0 };
	enum fc_status status = person_find_id(ctx, text, space, &person, &failure);
	if (status == FC_NOT_FOUND && fc_uuid_parse(text, &person.pid)) {
		FC_TRY(fc_service_entry_list(ctx->service, &request, &sink, &result, err));
		status = result.total > 0 ? FC_OK : FC_NOT_FOUND;
	}
	if (status != FC_OK) {
		*err = failure;
		return status;
	}
	*out = person;
	return FC_OK;
}

enum fc_status persons_find(struct command_context *ctx, const struct option_texts *texts,
			    const char *space, struct fc_uuid *out, struct fc_error *err)
{
	for (size_t i = 0; i < texts->count; i++) {
		FC_TRY(person_find(ctx, texts->items[i], space, &out[i], err));
	}
	return FC_OK;
}
