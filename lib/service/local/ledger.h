/* Set up the ledger for verbs of the local engine. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_SERVICE_LOCAL_LEDGER_H
#define FC_SERVICE_LOCAL_LEDGER_H

#include "service/local/engine.h"

struct fc_local_ledger_options {
	const char *verb;
	const char *space, *origin; /* of the request; may be NULL */
	const struct fc_enrol_rules *rules;
	/* other options that can cause a photo to be refused; NULL for none */
	const struct fc_buffer *more_rules;
	/* as in struct fc_batch_ledger; answers that were given stay valid with other models */
	uint32_t rule_reasons;
	const char *answers_below;
};

/*
 * Initialise the ledger of a verb. Strings are borrowed. Release it with fc_batch_ledger_release, also after an error.
 * Errors: those of fc_batch_ledger_init.
 */
enum fc_status fc_local_ledger_init(struct fc_local *local,
				    const struct fc_local_ledger_options *options,
				    struct fc_batch_ledger *out, struct fc_error *err);

/* Initialise the ledger of set, which the verb status uses, too. */
enum fc_status fc_local_set_ledger_init(struct fc_local *local, const char *space,
					const char *origin, const struct fc_enrol_rules *rules,
					struct fc_batch_ledger *out, struct fc_error *err);

/* Digest of the engine's models, with this embedder in place of its own. Errors: FC_NO_MEMORY, FC_INTERNAL. */
enum fc_status fc_local_models_digest(const struct fc_local *local,
				      const struct fc_embedder_pin *embedder, struct fc_sha256 *out,
				      struct fc_error *err);

#endif
