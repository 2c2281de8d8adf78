/* The space and the origin of a photo, and how similarity maps to confidence and bands there. */
/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "gallery/rows/crop.h"
#include "service/local/space_view.h"
#include "vision/image/encode.h"

/* An origin implies its space; if the request has a space, too, it must be the same. */
static enum fc_status find_origin(struct fc_gallery_txn *txn, const char *space, const char *name,
				  struct fc_local_space_view *view, struct fc_error *err)
{
	struct fc_origin origin;
	FC_TRY(fc_origin_find(txn, name, &origin, err));
	FC_TRY(fc_gallery_referred(txn, fc_space_read(txn, origin.space, &view->space, err), err));
	if (space && strcmp(space, view->space.name) != 0) {
		return fc_fail(err, FC_INVALID_ARGUMENT,
			       "origin '%s' is in space '%s', not in '%s'; leave --space out",
			       origin.name, view->space.name, space);
	}
	view->found = true;
	view->settings = origin.settings;
	memcpy(view->origin, origin.name, sizeof(origin.name));
	return FC_OK;
}

enum fc_status fc_local_space_view_find(struct fc_gallery_txn *txn, const char *space,
					const char *origin, bool add, bool need_origin,
					struct fc_local_space_view *out, struct fc_error *err)
{
	struct fc_local_space_view view = { .origin = FC_ORIGIN_CLI };
	struct fc_origin cli;
	FC_TRY(fc_origin_cli(txn, &cli, err));
	view.settings = cli.settings;
	if (origin && strcmp(origin, FC_ORIGIN_CLI) != 0) {
		enum fc_status status = find_origin(txn, space, origin, &view, err);
		if (status == FC_NOT_FOUND && need_origin && err && fc_origin_is_name(origin)) {
			const struct fc_error missing = *err;
			return fc_fail(
				err, FC_NOT_FOUND,
				"%s; create it with 'facectl origins create %s --space SPACE'",
				missing.text, origin);
		}
		FC_TRY(status == FC_NOT_FOUND && !need_origin ? FC_OK : status);
	} else if (space) {
		enum fc_status status = add ? fc_space_ensure(txn, space, &view.space, err)
					    : fc_space_find(txn, space, &view.space, err);
		view.found = status == FC_OK;
		FC_TRY(status == FC_NOT_FOUND ? FC_OK : status);
	} else {
		return fc_fail(err, FC_INVALID_ARGUMENT,
			       "no space is selected; give --space or --origin");
	}
	*out = view;
	return FC_OK;
}

bool fc_local_saves(const struct fc_local_space_view *view, enum fc_result result)
{
	return (view->settings.save_entries >> result & 1) != 0;
}

enum fc_status fc_local_confidence(struct fc_local *local, struct fc_confidence_map *out,
				   struct fc_error *err)
{
	FC_TRY(fc_local_load_embedder(local, err));
	return fc_confidence_map_of(local->embedder, out, err);
}

enum fc_result fc_local_band(struct fc_local *local, const struct fc_bands *bands, float similarity,
			     uint32_t templates)
{
	struct fc_confidence_map map;
	if (fc_local_confidence(local, &map, NULL) != FC_OK) {
		return FC_RESULT_HA;
	}
	map = fc_confidence_map_for(&map, templates);
	enum fc_result band = fc_confidence_band(&map, bands, (double)similarity);
	return band == FC_RESULT_NM ? FC_RESULT_JUNK : band;
}

enum fc_status fc_local_keep_crop(struct fc_gallery_txn *txn, uint32_t space, uint64_t face_id,
				  const struct fc_face *face, struct fc_error *err)
{
	FC_CLEANUP(fc_buffer_release) struct fc_buffer png = { 0 };
	FC_TRY(fc_crop_encode(face->crop, &png, err));
	return fc_crop_put(txn, space, face_id, &png, err);
}

void fc_local_set_match(struct fc_local *local, struct fc_entry *entry, float similarity,
			uint32_t templates)
{
	struct fc_confidence_map map;
	entry->has_similarity = true;
	entry->similarity = similarity;
	entry->has_match = fc_local_confidence(local, &map, NULL) == FC_OK;
	if (entry->has_match) {
		map = fc_confidence_map_for(&map, templates);
		entry->match = (float)fc_confidence_of(&map, (double)similarity);
	}
}
