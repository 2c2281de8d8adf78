/* The ledger of the local engine: what it is keyed by. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_SERVICE_LOCAL_LEDGER_H
#define FC_SERVICE_LOCAL_LEDGER_H

#include "service/local/engine.h"

struct fc_local_ledger_options {
	const char *verb;
	const char *space, *origin; /* of the request; NULL */
	const struct fc_enrol_rules *rules;
	const struct fc_buffer
		*more_rules;   /* other options that a photo can be refused by; NULL for none */
	uint32_t rule_reasons; /* as in struct fc_batch_ledger */
};

/*
 * Begin with the ledger of a verb. Texts are borrowed. Released by fc_batch_ledger_release, after an error, too.
 * Errors: those of fc_batch_ledger_init.
 */
FC_MUST_USE enum fc_status fc_local_ledger_init(struct fc_local *local,
						const struct fc_local_ledger_options *options,
						struct fc_batch_ledger *out, struct fc_error *err);

/* The same for set, which the survey of photos uses, too. */
FC_MUST_USE enum fc_status fc_local_set_ledger_init(struct fc_local *local, const char *space,
						    const char *origin,
						    const struct fc_enrol_rules *rules,
						    struct fc_batch_ledger *out,
						    struct fc_error *err);

/* Digest of the models of the engine, with this embedder. Errors: FC_NO_MEMORY, FC_INTERNAL. */
FC_MUST_USE enum fc_status fc_local_models_digest(const struct fc_local *local,
						  const struct fc_embedder_pin *embedder,
						  struct fc_sha256 *out, struct fc_error *err);

#endif
