/* The unknown faces of the log, for group --unknown. */
/* SPDX-License-Identifier: MIT */
#include "commands/azure/unknown.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "option/words.h"
#include "service/entries.h"

static void faces_release(struct wanted_faces *faces)
{
	for (size_t i = 0; i < faces->count; i++) {
		free(faces->items[i].path);
	}
	free(faces->items);
}

/* Keep the face of an entry, unless another entry has it already: a photo may have been recognized several times. */
static enum fc_status keep_face(void *context, const struct fc_entry_row *row, struct fc_error *err)
{
	struct wanted_faces *faces = context;
	const struct fc_entry *entry = row->entry;
	if (!entry->path) {
		return FC_OK;
	}
	for (size_t i = 0; i < faces->count; i++) {
		const struct wanted_face *face = &faces->items[i];
		if (fc_sha256_equal(&face->photo, &entry->photo) &&
		    memcmp(face->box, entry->box, sizeof(face->box)) == 0) {
			return FC_OK;
		}
	}
	FC_TRY(fc_array_grow(&faces->items, sizeof(*faces->items), faces->count, &faces->capacity,
			     err));
	struct wanted_face *face = &faces->items[faces->count++];
	*face = (struct wanted_face){ .photo = entry->photo, .path = strdup(entry->path) };
	memcpy(face->box, entry->box, sizeof(face->box));
	return face->path ? FC_OK : fc_fail_memory(err);
}

static enum fc_status list_faces(struct command_context *ctx, const struct unknown_args *args,
				 struct wanted_faces *out, struct fc_error *err)
{
	struct fc_entry_list_request request = {
		.filter = { .spaces = &args->space,
			    .space_count = 1,
			    .origins = &args->origin,
			    .origin_count = args->origin != NULL,
			    .results = 1u << FC_RESULT_NM },
		.limit = UINT64_MAX,
	};
	const struct fc_entry_sink sink = { keep_face, out };
	struct fc_entry_list_result result;
	struct fc_entry_filter *filter = &request.filter;
	FC_TRY(words_parse_range(args->since, args->until, &filter->has_since, &filter->since,
				 &filter->has_until, &filter->until, err));
	FC_TRY(fc_service_entry_list(ctx->service, &request, &sink, &result, err));
	return out->count > 0 ? FC_OK
			      : fc_fail(err, FC_NOT_FOUND,
					"the log of space '%s' has no unknown faces (result nm); "
					"'facectl origins update --save-entries' sets which "
					"results are logged",
					args->space);
}

enum fc_status gather_unknown(struct gathered *gathered, const struct unknown_args *args,
			      struct fc_error *err)
{
	FC_CLEANUP(faces_release) struct wanted_faces faces = { 0 };
	FC_CLEANUP(fc_free) const char **paths = NULL;
	struct option_texts words = { 0 };
	FC_TRY(fc_service_need(gathered->ctx->service, FC_VERB_ENTRIES_LIST, err));
	FC_TRY(list_faces(gathered->ctx, args, &faces, err));
	paths = calloc(faces.count + 1, sizeof(*paths));
	if (!paths) {
		return fc_fail_memory(err);
	}
	for (size_t i = 0; i < faces.count; i++) {
		bool again = false;
		for (size_t k = 0; k < words.count && !again; k++) {
			again = strcmp(paths[k], faces.items[i].path) == 0;
		}
		if (!again) {
			paths[words.count++] = faces.items[i].path;
		}
	}
	words.items = paths;
	gathered->wanted = &faces;
	enum fc_status status = gather_words(gathered, &words, 0, err);
	gathered->wanted = NULL;
	return status;
}
