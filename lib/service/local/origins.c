/* Origins on the local engine, and the thresholds of a space. */
/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "gallery/rows/entry_query.h"
#include "service/local/space_view.h"
#include "service/origins.h"

static bool is_cli(const char *name)
{
	return strcmp(name, FC_ORIGIN_CLI) == 0;
}

static enum fc_status describe(struct fc_gallery_txn *txn, const struct fc_origin *origin,
			       struct fc_origin_row *out, struct fc_error *err)
{
	struct fc_space space = { 0 };
	const char *name = origin->name;
	bool has_space = !is_cli(name);
	struct fc_entry_query query = {
		.origins = &name,
		.origin_count = 1,
		.spaces = &origin->space,
		.space_count = has_space,
	};
	if (has_space) {
		FC_TRY(fc_gallery_referred(txn, fc_space_read(txn, origin->space, &space, err),
					   err));
	}
	FC_TRY(fc_entry_count(txn, &query, &out->entries, err));
	out->origin = *origin;
	memcpy(out->space, space.name, sizeof(out->space));
	return FC_OK;
}

/* A change of an origin, and the row after the change. */
struct revision {
	const char *name, *space;
	const struct fc_origin_settings *settings;
	unsigned fields;
	struct fc_origin_row row;
};

static enum fc_status find(struct fc_gallery_txn *txn, const char *name, struct fc_origin *out,
			   struct fc_error *err)
{
	return is_cli(name) ? fc_origin_cli(txn, out, err) : fc_origin_find(txn, name, out, err);
}

static enum fc_status revise(struct fc_service *service, enum fc_gallery_mode mode,
			     fc_gallery_change *change, struct revision *revision,
			     struct fc_origin_row *out, struct fc_error *err)
{
	FC_TRY(fc_local_change(fc_local_of(service), mode, false, change, revision, err));
	*out = revision->row;
	return FC_OK;
}

/* ---- create ---- */

static enum fc_status create_origin(struct fc_gallery_txn *txn, void *context, struct fc_error *err)
{
	struct revision *revision = context;
	struct fc_origin origin = { .settings = *revision->settings };
	struct fc_space space;
	size_t length = strlen(revision->name);
	if (length >= sizeof(origin.name)) {
		return fc_fail(err, FC_INVALID_ARGUMENT,
			       "the name of the origin is too long (maximum: %d bytes)",
			       FC_LABEL_MAXIMUM);
	}
	memcpy(origin.name, revision->name, length);
	FC_TRY(fc_space_ensure(txn, revision->space, &space, err));
	origin.space = space.id;
	FC_TRY(fc_origin_add(txn, &origin, err));
	return describe(txn, &origin, &revision->row, err);
}

static enum fc_status local_origin_create(struct fc_service *service, const char *name,
					  const char *space,
					  const struct fc_origin_settings *settings,
					  struct fc_origin_row *out, struct fc_error *err)
{
	struct revision revision = { .name = name, .space = space, .settings = settings };
	if (!space) {
		return fc_fail(err, FC_INVALID_ARGUMENT,
			       "an origin belongs to a space; give --space");
	}
	return revise(service, FC_GALLERY_CREATE, create_origin, &revision, out, err);
}

/* ---- list and show ---- */

static enum fc_status local_origin_list(struct fc_service *service, const char *space,
					struct fc_origin_row **out, size_t *count,
					struct fc_error *err)
{
	FC_CLEANUP(fc_gallery_end_readp) struct fc_gallery_txn *txn = NULL;
	FC_CLEANUP(fc_free) struct fc_origin *origins = NULL;
	FC_CLEANUP(fc_free) struct fc_origin_row *rows = NULL;
	struct fc_space only;
	size_t found = 0;
	size_t listed = 0;
	FC_TRY(fc_local_begin_read(fc_local_of(service), &txn, err));
	if (space) {
		FC_TRY(fc_space_find(txn, space, &only, err));
	}
	FC_TRY(fc_origin_list(txn, &origins, &found, err));
	rows = calloc(found + 1, sizeof(*rows));
	if (!rows) {
		return fc_fail_memory(err);
	}
	for (size_t i = 0; i < found; i++) {
		if (!space || origins[i].space == only.id) {
			FC_TRY(describe(txn, &origins[i], &rows[listed++], err));
		}
	}
	*out = FC_STEAL(rows);
	*count = listed;
	return FC_OK;
}

static enum fc_status local_origin_show(struct fc_service *service, const char *name,
					struct fc_origin_row *out, struct fc_error *err)
{
	FC_CLEANUP(fc_gallery_end_readp) struct fc_gallery_txn *txn = NULL;
	struct fc_origin origin;
	FC_TRY(fc_local_begin_read(fc_local_of(service), &txn, err));
	FC_TRY(find(txn, name, &origin, err));
	return describe(txn, &origin, out, err);
}

/* ---- update and delete ---- */

static void set_flag(uint32_t *flags, uint32_t flag, uint32_t from)
{
	*flags = (*flags & ~flag) | (from & flag);
}

static enum fc_status update_origin(struct fc_gallery_txn *txn, void *context, struct fc_error *err)
{
	struct revision *revision = context;
	const struct fc_origin_settings *from = revision->settings;
	const unsigned fields = revision->fields;
	struct fc_origin origin;
	struct fc_origin_settings *settings = &origin.settings;
	FC_TRY(find(txn, revision->name, &origin, err));
	if (fields & FC_ORIGIN_MIN_FACESIZE) {
		settings->min_facesize = from->min_facesize;
	}
	if (fields & FC_ORIGIN_CREATE_MIN_FACESIZE) {
		settings->create_min_facesize = from->create_min_facesize;
	}
	if (fields & FC_ORIGIN_ON_HA) {
		set_flag(&settings->flags, FC_ORIGIN_CREATE_ON_HA, from->flags);
	}
	if (fields & FC_ORIGIN_ON_JUNK) {
		set_flag(&settings->flags, FC_ORIGIN_CREATE_ON_JUNK, from->flags);
	}
	if (fields & FC_ORIGIN_SAVE_ENTRIES) {
		settings->save_entries = from->save_entries;
	}
	if (fields & FC_ORIGIN_STORAGE_DAYS) {
		settings->entry_storage_days = from->entry_storage_days;
	}
	FC_TRY(is_cli(origin.name) ? fc_origin_cli_update(txn, settings, err)
				   : fc_origin_update(txn, &origin, err));
	return describe(txn, &origin, &revision->row, err);
}

static enum fc_status local_origin_update(struct fc_service *service,
					  const struct fc_origin_update_request *request,
					  struct fc_origin_row *out, struct fc_error *err)
{
	struct revision revision = {
		.name = request->origin,
		.settings = &request->settings,
		.fields = request->fields,
	};
	enum fc_gallery_mode mode = is_cli(request->origin) ? FC_GALLERY_CREATE : FC_GALLERY_WRITE;
	return revise(service, mode, update_origin, &revision, out, err);
}

static enum fc_status delete_origin(struct fc_gallery_txn *txn, void *context, struct fc_error *err)
{
	const struct revision *revision = context;
	struct fc_origin origin;
	if (is_cli(revision->name)) {
		return fc_fail(err, FC_CONFLICT,
			       "origin '" FC_ORIGIN_CLI
			       "' exists in every space; reset its settings with 'facectl origins "
			       "update " FC_ORIGIN_CLI " --unset save-entries'");
	}
	FC_TRY(fc_origin_find(txn, revision->name, &origin, err));
	return fc_origin_delete(txn, origin.id, err);
}

static enum fc_status local_origin_delete(struct fc_service *service, const char *name,
					  struct fc_error *err)
{
	struct revision revision = { .name = name };
	return fc_local_change(fc_local_of(service), FC_GALLERY_WRITE, false, delete_origin,
			       &revision, err);
}

const struct fc_origin_verbs fc_local_origin_verbs = {
	.create = local_origin_create,
	.list = local_origin_list,
	.show = local_origin_show,
	.update = local_origin_update,
	.delete = local_origin_delete,
};

/* ---- thresholds of a space ---- */

struct rebanding {
	const char *space;
	const struct fc_bands_change *change;
	struct fc_bands bands;
};

static enum fc_status change_bands(struct fc_gallery_txn *txn, void *context, struct fc_error *err)
{
	struct rebanding *rebanding = context;
	const struct fc_bands_change *change = rebanding->change;
	struct fc_space space;
	FC_TRY(fc_space_find(txn, rebanding->space, &space, err));
	rebanding->bands = (struct fc_bands){
		.exact = change->has_exact ? change->bands.exact : space.bands.exact,
		.ha = change->has_ha ? change->bands.ha : space.bands.ha,
		.junk = change->has_junk ? change->bands.junk : space.bands.junk,
	};
	FC_TRY(fc_bands_check(&rebanding->bands, err));
	return fc_space_set_bands(txn, space.id, &rebanding->bands, err);
}

enum fc_status fc_local_space_bands(struct fc_service *service, const char *space,
				    const struct fc_bands_change *change,
				    struct fc_space_bands *out, struct fc_error *err)
{
	struct fc_local *local = fc_local_of(service);
	struct rebanding rebanding = { .space = space, .change = change };
	struct fc_confidence_map map;
	bool changes = change->has_exact || change->has_ha || change->has_junk;
	if (changes) {
		FC_TRY(fc_local_change(local, FC_GALLERY_WRITE, false, change_bands, &rebanding,
				       err));
	} else {
		FC_CLEANUP(fc_gallery_end_readp) struct fc_gallery_txn *txn = NULL;
		struct fc_space found;
		FC_TRY(fc_local_begin_read(local, &txn, err));
		FC_TRY(fc_space_find(txn, space, &found, err));
		rebanding.bands = found.bands;
	}
	*out = (struct fc_space_bands){ .confidence = rebanding.bands };
	enum fc_status status = fc_local_confidence(local, &map, err);
	FC_TRY(status == FC_NO_MEMORY || status == FC_IO ? status : FC_OK);
	out->has_similarity = status == FC_OK;
	if (out->has_similarity) {
		out->similarity = (struct fc_bands){
			.exact = fc_similarity_at(&map, rebanding.bands.exact),
			.ha = fc_similarity_at(&map, rebanding.bands.ha),
			.junk = fc_similarity_at(&map, rebanding.bands.junk),
		};
		out->extrapolated = map.extrapolated;
	}
	return FC_OK;
}
