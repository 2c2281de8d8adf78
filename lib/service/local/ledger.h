/*
 * The local engine's memory of the photos that it dealt with: what the ledger knows of one before it is opened, and what is written
 * there afterwards, in the transaction that stores it. Private to the local engine.
 */
/* SPDX-License-Identifier: MIT */
#ifndef FC_SERVICE_LOCAL_LEDGER_H
#define FC_SERVICE_LOCAL_LEDGER_H

#include "gallery/rows/ledger.h"
#include "service/local/engine.h"

/* A file that was hashed in this run; another name of it need not be. */
struct fc_local_hashed {
	struct fc_file_identity identity;
	struct fc_sha256 content;
};

enum { FC_LOCAL_HASHED = 1024 /* that are remembered, by inode */ };

struct fc_local_memory {
	struct fc_local *local;
	const char *verb;
	const char *space, *origin; /* of the request; NULL */
	struct fc_enrol_rules rules;
	uint64_t rules_digest; /* of all that may have refused a photo and may be asked otherwise */
	bool (*hangs_on_rules)(enum fc_reason reason); /* of the verb */
	/* of the photo before this one */
	char origin_of_task[FC_LABEL_MAXIMUM + 1], space_of_task[FC_LABEL_MAXIMUM + 1];
	bool has_task;
	struct fc_ledger_target target;
	struct fc_sha256 models;
	char *folder; /* that relative paths start from */
	struct fc_local_hashed *hashed;
	struct fc_person person; /* whom the last known photo showed */
};

/*
 * Begin to remember; nothing is, unless rules say so. more_rules: what the verb itself judges photos by, NULL for nothing.
 * Errors: FC_NO_MEMORY, FC_IO (there is no current folder), FC_INTERNAL.
 */
FC_MUST_USE enum fc_status fc_local_memory_init(struct fc_local_memory *memory,
						const struct fc_buffer *more_rules,
						struct fc_error *err);
void fc_local_memory_release(struct fc_local_memory *memory);

/* What looks at photos, as the ledger has it: the engine's models, with this embedder. Errors: FC_NO_MEMORY, FC_INTERNAL. */
FC_MUST_USE enum fc_status fc_local_models_digest(const struct fc_local *local,
						  const struct fc_embedder_pin *embedder,
						  struct fc_sha256 *out, struct fc_error *err);

/* As `recall` of struct fc_local_batch. */
FC_MUST_USE enum fc_status fc_local_memory_recall(struct fc_local_memory *memory,
						  struct fc_local_photo *photo, int *fd,
						  struct fc_error *err);

/* A path as the ledger has it, for free(); NULL when out of memory. */
char *fc_local_memory_path(const struct fc_local_memory *memory, const char *path);

/* Make memory->target that of photos with this origin (NULL: the request's space says). *found: their space is there. */
FC_MUST_USE enum fc_status fc_local_memory_settle(struct fc_gallery_txn *txn,
						  struct fc_local_memory *memory,
						  const char *origin, bool *found,
						  struct fc_error *err);

/* What came of a photo. */
struct fc_local_result {
	enum fc_action action;
	enum fc_reason reason;
	const char *error;
	uint32_t space;     /* 0: nobody is meant */
	struct fc_uuid pid; /* whom it became a face of, or is taken for */
	uint64_t face;      /* that was stored; 0 */
};

/* Write that down in the transaction that stores it. What may be otherwise next time is not. */
FC_MUST_USE enum fc_status fc_local_memory_note(struct fc_gallery_txn *txn,
						struct fc_local_memory *memory,
						struct fc_local_photo *photo,
						const struct fc_local_result *result,
						struct fc_error *err);

/* Whether there is anything to note of a photo. */
bool fc_local_memory_has_to_note(const struct fc_local_photo *photo);

/*
 * The face of this person that a file held before its bytes changed, 0 when there is none or another file holds it too.
 */
FC_MUST_USE enum fc_status fc_local_memory_replaced(struct fc_gallery_txn *txn,
						    struct fc_local_memory *memory,
						    const struct fc_local_photo *photo,
						    const struct fc_uuid *pid, uint64_t *face,
						    struct fc_error *err);

/* The memory that set has, for whoever asks what set would do; to be begun. Borrows space and origin. */
struct fc_local_memory fc_local_set_memory(struct fc_local *local, const char *space,
					   const char *origin, const struct fc_enrol_rules *rules);

#endif
