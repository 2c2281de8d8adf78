/* Set up the ledger for verbs of the local engine. */
/* SPDX-License-Identifier: MIT */
#include "service/local/ledger.h"

#include <stdio.h>

#include "service/local/space_view.h"

static enum fc_status digest_of(const struct fc_buffer *bytes, struct fc_sha256 *out,
				struct fc_error *err)
{
	if (!fc_buffer_ok(bytes)) {
		return fc_fail_memory(err);
	}
	*out = fc_sha256_of(bytes->data, bytes->length);
	return FC_OK;
}

static enum fc_status digest_rules(const struct fc_local *local,
				   const struct fc_local_ledger_options *options, uint64_t *out,
				   struct fc_error *err)
{
	FC_CLEANUP(fc_buffer_release) struct fc_buffer bytes = { 0 };
	const struct fc_quality_limits *quality = &options->rules->quality;
	const struct fc_image_limits *limits = &local->options.workers.limits;
	const float least[] = { quality->awesomeness,  quality->sharpness, quality->exposure,
				quality->eye_distance, quality->pan,       quality->tilt,
				quality->visibility };
	struct fc_sha256 digest;
	fc_buffer_put_f32s(&bytes, least, FC_ARRAY_LENGTH(least));
	fc_buffer_put_u8(&bytes, (uint8_t)options->rules->on_duplicate);
	fc_buffer_put_u64(&bytes, limits->bytes);
	fc_buffer_put_u64(&bytes, limits->pixels);
	fc_buffer_put_u32(&bytes, limits->side);
	/* The models' digests do not cover what their descriptors say. */
	struct fc_confidence_map map = { 0 };
	FC_IGNORE(fc_confidence_map_of(local->embedder, &map, NULL));
	fc_buffer_append(&bytes, map.similarity, sizeof(map.similarity));
	if (options->more_rules) {
		fc_buffer_append(&bytes, options->more_rules->data, options->more_rules->length);
	}
	FC_TRY(digest_of(&bytes, &digest, err));
	struct fc_reader reader = fc_reader_of(digest.bytes, sizeof(digest.bytes));
	*out = fc_reader_u64(&reader) | 1; /* 0 means none */
	return FC_OK;
}

enum fc_status fc_local_models_digest(const struct fc_local *local,
				      const struct fc_embedder_pin *embedder, struct fc_sha256 *out,
				      struct fc_error *err)
{
	FC_CLEANUP(fc_buffer_release) struct fc_buffer bytes = { 0 };
	const struct fc_model *liveness = local->liveness;
	static const struct fc_sha256 none;
	const struct {
		const struct fc_sha256 *file;
		uint32_t preprocessing;
	} models[] = {
		{ &local->detector->files[0].sha256, local->detector->preprocessing },
		{ &embedder->sha256, embedder->preprocessing },
		{ liveness ? &liveness->files[0].sha256 : &none,
		  liveness ? liveness->preprocessing : 0 },
	};
	for (size_t i = 0; i < FC_ARRAY_LENGTH(models); i++) {
		fc_buffer_append(&bytes, models[i].file->bytes, sizeof(models[i].file->bytes));
		fc_buffer_put_u32(&bytes, models[i].preprocessing);
	}
	return digest_of(&bytes, out, err);
}

static bool place_of(struct fc_gallery_txn *txn, const struct fc_batch_ledger *ledger,
		     const char *origin, char *name, struct fc_buffer *settings)
{
	struct fc_local_space_view view = { .settings = fc_origin_settings_default(NULL) };
	bool found = fc_local_space_view_find(txn, ledger->space, origin, false, true, &view,
					      NULL) == FC_OK &&
		     view.found;
	if (!found && !ledger->space) {
		return false;
	}
	const struct fc_bands bands = found ? view.space.bands : fc_bands_default();
	fc_buffer_append(settings, &bands, sizeof(bands));
	fc_buffer_put_u64(settings, view.settings.min_facesize);
	fc_buffer_put_u64(settings, view.settings.create_min_facesize);
	fc_buffer_put_u32(settings, view.settings.flags);
	snprintf(name, FC_LABEL_MAXIMUM + 1, "%s", found ? view.space.name : ledger->space);
	return true;
}

enum fc_status fc_local_ledger_init(struct fc_local *local,
				    const struct fc_local_ledger_options *options,
				    struct fc_batch_ledger *out, struct fc_error *err)
{
	*out = (struct fc_batch_ledger){
		.gallery = &local->gallery,
		.enabled = options->rules->remember,
		.retry_failed = options->rules->retry_failed,
		.verb = options->verb,
		.service = "local",
		.space = options->space,
		.origin = options->origin,
		.place_of = place_of,
		.rule_reasons = options->rule_reasons,
		.photo_bytes = local->options.workers.limits.bytes,
		.answers_below = options->answers_below,
	};
	if (!out->enabled) {
		return FC_OK;
	}
	const struct fc_embedder_pin embedder = fc_local_pin(local);
	FC_TRY(digest_rules(local, options, &out->rules, err));
	FC_TRY(out->answers_below ? FC_OK
				  : fc_local_models_digest(local, &embedder, &out->models, err));
	return fc_batch_ledger_init(out, err);
}

/* Refusals because of the number of faces depend only on the choice of the face. Refusals by a limit do: another limit may accept the photo. */
enum fc_status fc_local_set_ledger_init(struct fc_local *local, const char *space,
					const char *origin, const struct fc_enrol_rules *rules,
					struct fc_batch_ledger *out, struct fc_error *err)
{
	const struct fc_local_ledger_options options = {
		.verb = "set",
		.space = space,
		.origin = origin,
		.rules = rules,
		.rule_reasons = ~(
			FC_REASON_BIT(FC_REASON_BAD_IMAGE) | FC_REASON_BIT(FC_REASON_NO_FACE) |
			FC_REASON_BIT(FC_REASON_SEVERAL_FACES) | FC_REASON_BIT(FC_REASON_CONFLICT) |
			FC_REASON_BIT(FC_REASON_DECODER_CRASHED) |
			FC_REASON_BIT(FC_REASON_TIMED_OUT)),
	};
	return fc_local_ledger_init(local, &options, out, err);
}
