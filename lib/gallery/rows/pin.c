/* The embedder that a gallery's templates were made with. */
/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "gallery/rows/parts.h"

enum fc_status fc_gallery_pin(struct fc_gallery_txn *txn, struct fc_embedder_pin *out,
			      struct fc_error *err)
{
	struct fc_key key = fc_key_text("pin");
	struct fc_embedder_pin pin;
	enum fc_status status = fc_store_read(txn, FC_DB_META, &key, fc_pin_fields, &pin, err);
	FC_TRY(fc_store_found(status, err, "gallery '%s' has no face yet", fc_store_path_of(txn)));
	*out = pin;
	return FC_OK;
}

bool fc_embedder_pin_equal(const struct fc_embedder_pin *a, const struct fc_embedder_pin *b)
{
	return fc_sha256_equal(&a->sha256, &b->sha256) && a->preprocessing == b->preprocessing &&
	       a->dimension == b->dimension && a->mirror == b->mirror;
}

enum { PIN_TEXT_SIZE = 160 };

static void describe(const struct fc_embedder_pin *pin, char out[PIN_TEXT_SIZE])
{
	char digest[FC_SHA256_TEXT_SIZE];
	fc_sha256_format(&pin->sha256, digest);
	snprintf(out, PIN_TEXT_SIZE, "'%s' (sha256 %.12s, %u dimensions, preprocessing %u%s)",
		 pin->name, digest, pin->dimension, pin->preprocessing,
		 pin->mirror ? ", mirrored" : "");
}

static enum fc_status check_pin(const struct fc_embedder_pin *pin, struct fc_error *err)
{
	if (pin->dimension < 1 || pin->dimension > FC_DIMENSION_MAXIMUM ||
	    !memchr(pin->name, '\0', sizeof(pin->name))) {
		return fc_fail(err, FC_INVALID_ARGUMENT,
			       "an embedder must have 1 to %d dimensions, not %u",
			       FC_DIMENSION_MAXIMUM, pin->dimension);
	}
	return FC_OK;
}

static enum fc_status put_pin(struct fc_gallery_txn *txn, const struct fc_embedder_pin *pin,
			      enum fc_store_put_mode mode, struct fc_error *err)
{
	struct fc_key key = fc_key_text("pin");
	return fc_store_write(txn, FC_DB_META, &key, fc_pin_fields, pin, mode, err);
}

enum fc_status fc_gallery_set_pin(struct fc_gallery_txn *txn, const struct fc_embedder_pin *pin,
				  struct fc_error *err)
{
	struct fc_embedder_pin present;
	FC_TRY(check_pin(pin, err));
	enum fc_status status = fc_gallery_pin(txn, &present, err);
	if (status == FC_OK && !fc_embedder_pin_equal(&present, pin)) {
		char was[PIN_TEXT_SIZE], is[PIN_TEXT_SIZE];
		describe(&present, was);
		describe(pin, is);
		return fc_fail(err, FC_INCOMPATIBLE,
			       "gallery '%s' was created with embedder %s, not with %s: use the "
			       "gallery's embedder or another gallery",
			       fc_store_path_of(txn), was, is);
	}
	if (status != FC_NOT_FOUND) {
		return status;
	}
	return put_pin(txn, pin, FC_STORE_ADD, err);
}

enum fc_status fc_pin_replace(struct fc_gallery_txn *txn, const struct fc_embedder_pin *pin,
			      struct fc_error *err)
{
	FC_TRY(check_pin(pin, err));
	return put_pin(txn, pin, FC_STORE_REPLACE, err);
}
