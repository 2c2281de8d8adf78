/* The local engine: opening, closing, its models and its gallery. */
/* SPDX-License-Identifier: MIT */
#include "service/local/local.h"

#include <stdio.h>
#include <stdlib.h>

#include "service/local/engine.h"

#define INCLUDED_EMBEDDER "facectl-embed-2"

static void close_local(struct fc_service *service)
{
	struct fc_local *local = fc_local_of(service);
	fc_workers_stop(local->workers);
	fc_letterer_stop(&local->letterer);
	fc_gallery_handle_close(&local->gallery);
	fc_model_free(local->detector);
	fc_model_free(local->embedder);
	fc_model_free(local->liveness);
	fc_model_free(local->attributes);
	free(local);
}

static void rest(struct fc_service *service)
{
	fc_gallery_handle_close(&fc_local_of(service)->gallery);
}

static void close_localp(struct fc_local **local)
{
	if (*local) {
		close_local(&(*local)->service);
	}
}

static const struct fc_model *model_of(const struct fc_service *service, enum fc_model_role role)
{
	const struct fc_local *local = (const struct fc_local *)service;
	switch (role) {
	case FC_ROLE_DETECTOR:
		return local->detector;
	case FC_ROLE_EMBEDDER:
		return local->embedder;
	case FC_ROLE_LIVENESS:
		return local->liveness;
	case FC_ROLE_ATTRIBUTES:
		return local->attributes;
	case FC_ROLE_COUNT:
		break;
	}
	return NULL;
}

static const struct fc_photo_verbs photo_verbs = {
	.set = fc_local_set,
	.recognize = fc_local_recognize,
	.delete = fc_local_delete,
	.truncate = fc_local_truncate,
	.survey = fc_local_survey,
	.sync = fc_local_sync,
};

static const struct fc_profile_verbs profile_verbs = {
	.create = fc_local_profile_create,
	.reinit = fc_local_profile_reinit,
	.search = fc_local_profile_search,
	.search_templates = fc_local_template_search,
	.list = fc_local_profile_list,
	.show = fc_local_profile_show,
	.find = fc_local_person_find,
	.update = fc_local_profile_update,
	.merge = fc_local_profile_merge,
	.move = fc_local_profile_move,
	.delete = fc_local_profile_delete,
	.erase = fc_local_erase,
	.audit = fc_local_audit,
};

static const struct fc_space_verbs space_verbs = {
	.list = fc_local_space_list,
	.delete = fc_local_space_delete,
	.bands = fc_local_space_bands,
	.calibrate = fc_local_space_calibrate,
	.rename = fc_local_space_rename,
};

static const struct fc_gallery_verbs gallery_verbs = { .reembed = fc_local_reembed };

static const struct fc_model_verbs model_verbs = { .in_use = model_of };

static const struct fc_service_operations operations = {
	.type = "local",
	.close = close_local,
	.rest = rest,
	.photos = &photo_verbs,
	.faces = &fc_local_face_verbs,
	.stored_faces = &fc_local_stored_face_verbs,
	.api = &fc_local_api_verbs,
	.profiles = &profile_verbs,
	.entries = &fc_local_entry_verbs,
	.origins = &fc_local_origin_verbs,
	.spaces = &space_verbs,
	.gallery = &gallery_verbs,
	.models = &model_verbs,
};

enum fc_status fc_local_change(struct fc_local *local, enum fc_gallery_mode mode, bool rehearsal,
			       fc_gallery_change *change, void *context, struct fc_error *err)
{
	struct fc_gallery *gallery;
	FC_TRY(fc_local_gallery(local, mode, &gallery, err));
	return rehearsal ? fc_gallery_rehearse(gallery, change, context, err)
			 : fc_gallery_write(gallery, change, context, err);
}

static struct fc_embedder_pin pin_of(const struct fc_model *embedder)
{
	struct fc_embedder_pin pin = {
		.sha256 = embedder->files[0].sha256,
		.preprocessing = embedder->preprocessing,
		.dimension = embedder->dimension,
		.mirror = embedder->mirror,
	};
	snprintf(pin.name, sizeof(pin.name), "%s", embedder->name);
	return pin;
}

struct fc_embedder_pin fc_local_pin(const struct fc_local *local)
{
	return pin_of(local->embedder);
}

enum fc_status fc_local_describe_embedder(const struct fc_local_options *options, const char *name,
					  struct fc_embedder_pin *out, struct fc_error *err)
{
	struct fc_model *embedder = NULL;
	FC_TRY(fc_model_load(&options->model_path, name, FC_ROLE_EMBEDDER, &embedder, err));
	*out = pin_of(embedder);
	fc_model_free(embedder);
	return FC_OK;
}

enum fc_status fc_local_check_pin(const struct fc_local *local, struct fc_gallery_txn *txn,
				  struct fc_error *err)
{
	struct fc_embedder_pin mine = fc_local_pin(local);
	struct fc_embedder_pin theirs;
	enum fc_status status = fc_gallery_pin(txn, &theirs, err);
	if (status == FC_NOT_FOUND) {
		return FC_OK;
	}
	FC_TRY(status);
	if (fc_sha256_equal(&mine.sha256, &theirs.sha256) &&
	    mine.preprocessing != theirs.preprocessing) {
		return fc_fail(err, FC_INCOMPATIBLE,
			       "the templates of the gallery '%s' were made with version %u of the "
			       "preprocessing of '%s', not %u; make them again with 'facectl "
			       "gallery reembed --embedder %s'",
			       local->options.gallery_directory, theirs.preprocessing, mine.name,
			       mine.preprocessing, mine.name);
	}
	if (!fc_embedder_pin_equal(&mine, &theirs)) {
		return fc_fail(
			err, FC_INCOMPATIBLE,
			"the gallery '%s' was created with embedder '%s', whose templates cannot be "
			"compared with those of '%s'; use --embedder %s or another --gallery, or "
			"change it with 'facectl gallery reembed --embedder %s'",
			local->options.gallery_directory, theirs.name, mine.name, theirs.name,
			mine.name);
	}
	return FC_OK;
}

static const char *default_embedder(const struct fc_local *local)
{
	return local->options.default_embedder ? local->options.default_embedder
					       : INCLUDED_EMBEDDER;
}

/* The name of the embedder to use: from the options, else from the gallery (stored in *pin), else the default. */
static enum fc_status choose_embedder(struct fc_local *local, struct fc_embedder_pin *pin,
				      const char **name, struct fc_error *err)
{
	FC_CLEANUP(fc_gallery_end_readp) struct fc_gallery_txn *txn = NULL;
	if (local->options.embedder) {
		*name = local->options.embedder;
		return FC_OK;
	}
	*name = default_embedder(local);
	if (!local->options.gallery_directory || local->options.ignores_gallery) {
		return FC_OK;
	}
	enum fc_status status = fc_local_begin_read(local, &txn, err);
	if (status == FC_GALLERY_MISSING) {
		return FC_OK;
	}
	FC_TRY(status);
	status = fc_gallery_pin(txn, pin, err);
	if (status == FC_OK) {
		*name = pin->name;
	}
	return status == FC_NOT_FOUND ? FC_OK : status;
}

/* Load a model unless name is NULL. */
static enum fc_status load_optional(const struct fc_local *local, const char *name,
				    enum fc_model_role role, struct fc_model **out,
				    struct fc_error *err)
{
	if (!name) {
		return FC_OK;
	}
	enum fc_status status = fc_model_load(&local->options.model_path, name, role, out, err);
	if (status == FC_OK) {
		status = fc_model_require_files(*out, err);
	}
	if (status == FC_MODEL_MISSING) {
		fc_error_prefix(err, "the %s model is missing", fc_model_role_name(role));
	}
	return status;
}

/* Check that the model estimates the attributes that were asked for. */
static enum fc_status check_attributes(const struct fc_local *local, struct fc_error *err)
{
	const struct fc_model *model = local->attributes;
	unsigned missing = model ? local->options.attributes_required : 0;
	for (size_t i = 0; model && i < model->attribute_count; i++) {
		const struct fc_model_attribute *item = &model->attributes[i];
		missing &= ~(1U << item->attribute);
		if (item->attribute == FC_ATTRIBUTE_EMOTION && item->probabilities) {
			missing &= ~(unsigned)FC_ATTRIBUTES_EMOTIONS;
		}
	}
	for (unsigned bit = 0; bit <= FC_ATTRIBUTE_COUNT; bit++) {
		if (missing & 1U << bit) {
			return fc_fail(err, FC_MODEL_MISSING,
				       "the attribute model '%s' does not estimate %s", model->name,
				       bit == FC_ATTRIBUTE_COUNT
					       ? "the probabilities of emotions"
					       : fc_attribute_name((enum fc_attribute)bit));
		}
	}
	return FC_OK;
}

enum fc_status fc_local_check_liveness(const struct fc_local *local, bool required,
				       struct fc_error *err)
{
	return !required || local->liveness
		       ? FC_OK
		       : fc_fail(err, FC_MODEL_MISSING,
				 "liveness cannot be checked: no liveness model is in use");
}

enum fc_status fc_local_load_embedder(struct fc_local *local, struct fc_error *err)
{
	struct fc_embedder_pin pin;
	const char *name = NULL;
	if (local->embedder) {
		return FC_OK;
	}
	FC_TRY(choose_embedder(local, &pin, &name, err));
	enum fc_status status = fc_model_load(&local->options.model_path, name, FC_ROLE_EMBEDDER,
					      &local->embedder, err);
	if (status == FC_MODEL_MISSING && name == pin.name) {
		return fc_fail(
			err, FC_INCOMPATIBLE,
			"the gallery '%s' was created with embedder '%s', which is not installed; "
			"add its folder with --model-path, or replace its templates with "
			"'facectl gallery reembed --embedder %s'",
			local->options.gallery_directory, name, default_embedder(local));
	}
	return status;
}

enum fc_status fc_local_start_workers(struct fc_local *local, struct fc_error *err)
{
	return local->workers ? FC_OK
			      : fc_workers_start(&local->options.workers, &local->workers, err);
}

enum fc_status fc_local_open(const struct fc_local_options *options, struct fc_service **out,
			     struct fc_error *err)
{
	FC_CLEANUP(close_localp) struct fc_local *local = calloc(1, sizeof(*local));
	if (!local) {
		return fc_fail_memory(err);
	}
	local->service.operations = &operations;
	local->options = *options;
	local->gallery.options = (struct fc_gallery_options){
		.directory = options->gallery_directory,
		.server = options->gallery_server,
		.lock_timeout = options->lock_timeout,
	};
	if (options->vision) {
		struct fc_workers_options *workers = &local->options.workers;
		if (!options->no_templates || options->embedder) {
			FC_TRY(fc_local_load_embedder(local, err));
		}
		FC_TRY(fc_model_load(&options->model_path, options->detector, FC_ROLE_DETECTOR,
				     &local->detector, err));
		FC_TRY(load_optional(local, options->liveness, FC_ROLE_LIVENESS, &local->liveness,
				     err));
		FC_TRY(load_optional(local, options->attributes, FC_ROLE_ATTRIBUTES,
				     &local->attributes, err));
		FC_TRY(check_attributes(local, err));
		workers->detector = local->detector;
		workers->embedder = local->embedder;
		workers->liveness = local->liveness;
		workers->attributes = local->attributes;
	}
	*out = &FC_STEAL(local)->service;
	return FC_OK;
}
