/*
 * The ledger: which photos were processed, for which person and with what result, so that running the same task again only needs a stat
 * of each file. It does not depend on the service: a service describes its task and records the result of each photo.
 *
 * An item is one content (size and SHA-256) under one task and for one person. A path leads to the item of the content that its file
 * had when it was last read, and stores the file's identity of that time. Items about a person or a face of this gallery are removed with
 * it, and those of a space when it is emptied.
 */
/* SPDX-License-Identifier: MIT */
#ifndef FC_GALLERY_LEDGER_H
#define FC_GALLERY_LEDGER_H

#include "gallery/gallery.h"

enum { FC_LEDGER_TARGET_SIZE = 8, FC_LEDGER_PERSON_KEY_SIZE = 16, FC_LEDGER_TEXT_MAXIMUM = 479 };

/* What is done with photos. Tasks that differ in any field share no items. */
struct fc_ledger_task {
	const char *verb;        /* "set" */
	const char *service;     /* "local", or the name in the configuration */
	const char *space;       /* its name there */
	struct fc_sha256 models; /* of the models that process the photos; all zero if unknown */
};

/* The hash of a task, for keys. */
struct fc_ledger_target {
	uint8_t bytes[FC_LEDGER_TARGET_SIZE];
};

/* The hash of the person that a photo is said to show, for keys. */
struct fc_ledger_person_key {
	uint8_t bytes[FC_LEDGER_PERSON_KEY_SIZE];
};

/* Errors: FC_INTERNAL (the cryptographic library fails). */
FC_MUST_USE enum fc_status fc_ledger_target_of(const struct fc_ledger_task *task,
					       struct fc_ledger_target *out, struct fc_error *err);

/* Of the first of number, pid and name that is not NULL; all zero if all are. Errors: FC_INTERNAL. */
FC_MUST_USE enum fc_status fc_ledger_person_key_of(const uint64_t *number,
						   const struct fc_uuid *pid, const char *name,
						   struct fc_ledger_person_key *out,
						   struct fc_error *err);

/* A file's stat; times in nanoseconds. A file with the same identity is taken to have the same content. */
struct fc_file_identity {
	uint64_t device, inode, size;
	int64_t modified, changed;
};

bool fc_file_identity_equal(const struct fc_file_identity *a, const struct fc_file_identity *b);

/* Values are stored; never renumber. */
enum fc_ledger_state {
	FC_LEDGER_DONE =
		1, /* the person has the photo's face, or the photo was matched to the person */
	FC_LEDGER_REFUSED = 2, /* by rules: not tried again under the same rules */
	FC_LEDGER_FAILED = 3,  /* not tried again under any rules */
};

struct fc_ledger_item {
	struct fc_ledger_target target;
	struct fc_ledger_person_key person_key;
	uint64_t size;
	struct fc_sha256 content;
	enum fc_ledger_state state;
	uint8_t reason; /* the service's number for it */
	uint64_t rules; /* digest of the rules that refused it; 0 when none were applied */
	int64_t time;
	/* of this gallery; space 0: the item is not about a person here, and pid is another service's */
	uint32_t space;
	struct fc_uuid pid;
	uint64_t face; /* 0: none was stored for it */
	char *text;    /* the reason in words; NULL */
};

void fc_ledger_item_release(struct fc_ledger_item *item);

/* ---- lookup ---- */

/*
 * The item of a path, and whether the file's identity is unchanged since. path is absolute.
 * Errors: FC_NOT_FOUND (the path is unknown), FC_DAMAGED.
 */
FC_MUST_USE enum fc_status
fc_ledger_find_path(struct fc_gallery_txn *txn, const struct fc_ledger_target *target,
		    const char *path, const struct fc_file_identity *identity,
		    struct fc_ledger_item *out, bool *same, struct fc_error *err);

/* Whether any item of the task has this size. If not, a file is new, and need not be hashed to know that. */
FC_MUST_USE enum fc_status fc_ledger_knows_size(struct fc_gallery_txn *txn,
						const struct fc_ledger_target *target,
						uint64_t size, bool *known, struct fc_error *err);

/* The item with the key fields of *key. Errors: FC_NOT_FOUND. */
FC_MUST_USE enum fc_status fc_ledger_find(struct fc_gallery_txn *txn,
					  const struct fc_ledger_item *key,
					  struct fc_ledger_item *out, struct fc_error *err);

/* Whether a path other than this one (NULL: any) leads to the item. */
FC_MUST_USE enum fc_status fc_ledger_has_other_path(struct fc_gallery_txn *txn,
						    const struct fc_ledger_item *item,
						    const char *path, bool *has,
						    struct fc_error *err);

/* Some path that leads to the item, for free(). Errors: FC_NOT_FOUND. */
FC_MUST_USE enum fc_status fc_ledger_first_path(struct fc_gallery_txn *txn,
						const struct fc_ledger_item *item, char **out,
						struct fc_error *err);

/* Return false to stop. Both are borrowed. */
typedef bool fc_ledger_path_visit(const char *path, const struct fc_ledger_item *item,
				  void *context);

/* Every path of a task, in no particular order. */
FC_MUST_USE enum fc_status fc_ledger_each_path(struct fc_gallery_txn *txn,
					       const struct fc_ledger_target *target,
					       fc_ledger_path_visit *visit, void *context,
					       struct fc_error *err);

/* ---- writing ---- */

/*
 * Store an item, and replace the one with the same key fields. task is the task of its target; time is set to now.
 * Errors: FC_NOT_FOUND (no person in this gallery has its pid).
 */
FC_MUST_USE enum fc_status fc_ledger_put(struct fc_gallery_txn *txn,
					 const struct fc_ledger_task *task,
					 struct fc_ledger_item *item, struct fc_error *err);

/*
 * Store that a path leads to an item, which must exist. The item that it led to before is removed unless another path leads to it.
 * Paths of more than FC_PATH_TEXT_MAXIMUM bytes are not stored.
 */
FC_MUST_USE enum fc_status fc_ledger_put_path(struct fc_gallery_txn *txn,
					      const struct fc_ledger_item *item, const char *path,
					      const struct fc_file_identity *identity,
					      struct fc_error *err);

/* Remove a path, and its item too unless another path leads to it. FC_OK if the path is unknown. */
FC_MUST_USE enum fc_status fc_ledger_forget_path(struct fc_gallery_txn *txn,
						 const struct fc_ledger_target *target,
						 const char *path, struct fc_error *err);

/*
 * The gallery got other models, and every stored face a template of them. Items of tasks with models `from` that stored a face become
 * items of the same tasks with models `to`; all others are removed.
 */
FC_MUST_USE enum fc_status fc_ledger_change_models(struct fc_gallery_txn *txn, const char *service,
						   const struct fc_sha256 *from,
						   const struct fc_sha256 *to,
						   struct fc_error *err);

/* Remove all items of a space of a service; space NULL: of all its spaces. */
FC_MUST_USE enum fc_status fc_ledger_forget_space(struct fc_gallery_txn *txn, const char *service,
						  const char *space, struct fc_error *err);

#endif
