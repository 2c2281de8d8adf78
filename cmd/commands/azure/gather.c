/* Collect the faces of photos. */
/* SPDX-License-Identifier: MIT */
#include "commands/azure/gather.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/json.h"
#include "base/memory.h"

void gathered_release(struct gathered *gathered)
{
	for (size_t i = 0; i < gathered->count; i++) {
		free(gathered->items[i].path);
	}
	for (size_t i = 0; i < gathered->analysis_count; i++) {
		fc_analysis_release(gathered->analyses[i]);
		free(gathered->analyses[i]);
	}
	free(gathered->items);
	free(gathered->analyses);
}

static enum fc_status add(struct gathered *gathered, const char *id, const char *path,
			  int64_t index, const cJSON *object, struct fc_error *err)
{
	if (gathered->count == GATHER_MAXIMUM) {
		return fc_fail(err, FC_INVALID_ARGUMENT,
			       "more than %d faces to compare; a face list can have more",
			       GATHER_MAXIMUM);
	}
	FC_TRY(fc_array_grow(&gathered->items, sizeof(*gathered->items), gathered->count,
			     &gathered->capacity, err));
	struct gathered_face *face = &gathered->items[gathered->count];
	*face = (struct gathered_face){ .path = path ? strdup(path) : NULL, .index = index };
	snprintf(face->id, sizeof(face->id), "%s", id);
	probe_box(object, face->box);
	gathered->count++;
	return path && !face->path ? fc_fail_memory(err) : FC_OK;
}

static bool is_unchanged(const struct wanted_faces *wanted, const char *path,
			 const struct fc_sha256 *digest)
{
	bool unchanged = !wanted;
	for (size_t i = 0; wanted && i < wanted->count && !unchanged; i++) {
		unchanged = strcmp(wanted->items[i].path, path) == 0 &&
			    fc_sha256_equal(&wanted->items[i].photo, digest);
	}
	return unchanged;
}

/* Whether this face of a photo has the box of a wanted one. */
static bool is_wanted(const struct wanted_faces *wanted, const struct fc_sha256 *photo,
		      const cJSON *faces, size_t index)
{
	bool found = !wanted;
	for (size_t i = 0; wanted && i < wanted->count && !found; i++) {
		found = fc_sha256_equal(&wanted->items[i].photo, photo) &&
			probe_is_at(faces, index, wanted->items[i].box);
	}
	return found;
}

/* Take the analysis of a photo, and find in it the faces from the first one on. */
static enum fc_status keep_analysis(struct gathered *gathered, struct probe_photo *probe,
				    size_t first, struct fc_error *err)
{
	FC_TRY(fc_array_grow(&gathered->analyses, sizeof(struct fc_analysis *),
			     gathered->analysis_count, &gathered->analysis_capacity, err));
	struct fc_analysis *kept = malloc(sizeof(*kept));
	if (!kept) {
		return fc_fail_memory(err);
	}
	*kept = FC_STEAL_STRUCT(probe->analysis);
	gathered->analyses[gathered->analysis_count++] = kept;
	for (size_t i = first; i < gathered->count; i++) {
		struct gathered_face *face = &gathered->items[i];
		face->analysis = kept;
		face->found = probe_find(kept, face->box);
	}
	return FC_OK;
}

/* Add the faces of a photo whose faces were detected. */
static enum fc_status add_photo(struct gathered *gathered, struct probe_photo *probe,
				struct fc_error *err)
{
	const cJSON *face;
	int64_t index = 0;
	size_t first = gathered->count;
	const char *path = probe->photo.path;
	const struct fc_sha256 digest = fc_sha256_of(probe->bytes.data, probe->bytes.length);
	if (probe->status == FC_OK && !is_unchanged(gathered->wanted, path, &digest)) {
		probe->status = fc_fail(&probe->failure, FC_UNREADABLE,
					"the photo has changed since its faces were logged");
	}
	if (probe->status == FC_OK && cJSON_GetArraySize(probe->call.json) == 0) {
		probe->status = fc_fail(&probe->failure, FC_NO_FACE, "no face found");
	}
	if (probe->status != FC_OK) {
		fc_error_prefix(&probe->failure, "'%s'", path);
		if (!probe_is_of_photo(probe->status)) {
			*err = probe->failure;
			return probe->status;
		}
		out_message(gathered->ctx->out, "%s", probe->failure.text);
		gathered->failed++;
		return FC_OK;
	}
	cJSON_ArrayForEach (face, probe->call.json) {
		const char *id = fc_json_text(face, "faceId");
		if (!id) {
			return fc_fail(err, FC_REFUSED, "the answer has a face without a faceId");
		}
		if (is_wanted(gathered->wanted, &digest, probe->call.json, (size_t)index)) {
			FC_TRY(add(gathered, id, path, index, face, err));
		}
		index++;
	}
	return gathered->want_analyses ? keep_analysis(gathered, probe, first, err) : FC_OK;
}

static enum fc_status flush(struct gathered *gathered, struct probe_block *block,
			    struct fc_error *err)
{
	block->want_analyses = gathered->want_analyses;
	block->want_crops = gathered->want_crops;
	FC_TRY(probe_block_detect(block, gathered->ctx, gathered->model, err));
	for (size_t i = 0; i < block->count; i++) {
		FC_TRY(add_photo(gathered, &block->items[i], err));
	}
	probe_block_release(block);
	return FC_OK;
}

enum fc_status gather_words(struct gathered *gathered, const struct option_texts *words,
			    size_t first, struct fc_error *err)
{
	FC_CLEANUP(probe_block_release) struct probe_block block = { 0 };
	for (size_t i = first; i < words->count; i++) {
		const struct fc_photo photo = { .path = words->items[i] };
		if (probe_is_face_id(photo.path)) {
			FC_TRY(flush(gathered, &block, err));
			FC_TRY(add(gathered, photo.path, NULL, RECORD_ABSENT, NULL, err));
			continue;
		}
		FC_TRY(probe_block_add(&block, gathered->ctx, &photo, err));
		FC_TRY(probe_block_is_full(&block, gathered->ctx) ? flush(gathered, &block, err)
								  : FC_OK);
	}
	return flush(gathered, &block, err);
}

enum fc_status gather_source(struct gathered *gathered, struct photo_source *source,
			     struct fc_error *err)
{
	FC_CLEANUP(probe_block_release) struct probe_block block = { 0 };
	for (bool end = false; !end;) {
		struct fc_photo photo;
		FC_TRY(photo_source_next(source, &photo, &end, err));
		FC_TRY(end ? FC_OK : probe_block_add(&block, gathered->ctx, &photo, err));
		FC_TRY(end || probe_block_is_full(&block, gathered->ctx)
			       ? flush(gathered, &block, err)
			       : FC_OK);
	}
	return FC_OK;
}

struct gathered_face *gathered_find(const struct gathered *gathered, const char *id)
{
	for (size_t i = 0; i < gathered->count; i++) {
		if (strcasecmp(gathered->items[i].id, id) == 0) {
			return &gathered->items[i];
		}
	}
	return NULL;
}
