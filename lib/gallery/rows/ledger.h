/*
 * The ledger: which photos were dealt with, for whom and with what result, so that doing the same again costs no more than a look at
 * each file's status. It knows nothing of who does the work: a service says what its task is and what came of each photo.
 *
 * An item is one content (size and SHA-256) under one task and for one person. A path leads to the item that the file held when it was
 * last looked at, and remembers what the file system said of it then. Items that speak of a person or face of this gallery are
 * forgotten with it, and those of a space when that is emptied.
 */
/* SPDX-License-Identifier: MIT */
#ifndef FC_GALLERY_LEDGER_H
#define FC_GALLERY_LEDGER_H

#include "gallery/gallery.h"

enum { FC_LEDGER_TARGET_SIZE = 8, FC_LEDGER_PERSON_KEY_SIZE = 16, FC_LEDGER_TEXT_MAXIMUM = 479 };

/* What is done with photos. Two that differ in anything know nothing of each other. */
struct fc_ledger_task {
	const char *verb;        /* "set" */
	const char *service;     /* "local", or the name in the configuration */
	const char *space;       /* its name there */
	struct fc_sha256 models; /* what looks at photos; all zero when that is not known */
};

/* A task as a key. */
struct fc_ledger_target {
	uint8_t bytes[FC_LEDGER_TARGET_SIZE];
};

/* Whom a photo was said to show, as a key. */
struct fc_ledger_person_key {
	uint8_t bytes[FC_LEDGER_PERSON_KEY_SIZE];
};

/* Errors: FC_INTERNAL (the cryptographic library fails). */
FC_MUST_USE enum fc_status fc_ledger_target_of(const struct fc_ledger_task *task,
					       struct fc_ledger_target *out, struct fc_error *err);

/* The first of number, pid and name that is given; of nobody when all are NULL. Errors: FC_INTERNAL. */
FC_MUST_USE enum fc_status fc_ledger_person_key_of(const uint64_t *number,
						   const struct fc_uuid *pid, const char *name,
						   struct fc_ledger_person_key *out,
						   struct fc_error *err);

/* What the file system says of a file; times in nanoseconds. A file that it says the same of holds the same. */
struct fc_file_identity {
	uint64_t device, inode, size;
	int64_t modified, changed;
};

bool fc_file_identity_equal(const struct fc_file_identity *a, const struct fc_file_identity *b);

/* What is stored; never renumber. */
enum fc_ledger_state {
	FC_LEDGER_DONE =
		1, /* the person has the photo's face, or, without one, the photo's answer was a person */
	FC_LEDGER_REFUSED = 2, /* by rules: refused again only under the same ones */
	FC_LEDGER_FAILED = 3,  /* whatever the rules */
};

struct fc_ledger_item {
	struct fc_ledger_target target;
	struct fc_ledger_person_key person_key;
	uint64_t size;
	struct fc_sha256 content;
	enum fc_ledger_state state;
	uint8_t reason; /* the service's number for it */
	uint64_t rules; /* digest of those that it was refused by; 0 when none were asked */
	int64_t time;
	/* of this gallery; space 0: the item speaks of nobody here, and pid is another service's */
	uint32_t space;
	struct fc_uuid pid;
	uint64_t face; /* 0: none was stored for it */
	char *text;    /* the reason in words; NULL */
};

void fc_ledger_item_release(struct fc_ledger_item *item);

/* ---- looking up ---- */

/*
 * What a path held when it was last dealt with, and whether the file is the same still. path is absolute.
 * Errors: FC_NOT_FOUND (nothing is known of it), FC_DAMAGED.
 */
FC_MUST_USE enum fc_status
fc_ledger_find_path(struct fc_gallery_txn *txn, const struct fc_ledger_target *target,
		    const char *path, const struct fc_file_identity *identity,
		    struct fc_ledger_item *out, bool *same, struct fc_error *err);

/* Whether some item of the task has this size: if not, a file need not be hashed to know that it is new. */
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

/* Every path of a task, in no order that means anything. */
FC_MUST_USE enum fc_status fc_ledger_each_path(struct fc_gallery_txn *txn,
					       const struct fc_ledger_target *target,
					       fc_ledger_path_visit *visit, void *context,
					       struct fc_error *err);

/* ---- writing ---- */

/*
 * Remember an item, instead of what was known of its content for that person. task is that of its target; time is set to now.
 * Errors: FC_NOT_FOUND (pid is of this gallery and not there).
 */
FC_MUST_USE enum fc_status fc_ledger_put(struct fc_gallery_txn *txn,
					 const struct fc_ledger_task *task,
					 struct fc_ledger_item *item, struct fc_error *err);

/*
 * Remember that a path leads to an item that is there. What it led to before is forgotten unless another path leads to it.
 * Paths of more than FC_PATH_TEXT_MAXIMUM bytes are not remembered.
 */
FC_MUST_USE enum fc_status fc_ledger_put_path(struct fc_gallery_txn *txn,
					      const struct fc_ledger_item *item, const char *path,
					      const struct fc_file_identity *identity,
					      struct fc_error *err);

/* Forget a path; its item too unless another path leads to it. FC_OK when it is not known. */
FC_MUST_USE enum fc_status fc_ledger_forget_path(struct fc_gallery_txn *txn,
						 const struct fc_ledger_target *target,
						 const char *path, struct fc_error *err);

/*
 * Other models look at photos from now on, and every stored face has a template by them: what was done by the first becomes what was
 * done by the second as far as it stored a face, and all else of it is forgotten.
 */
FC_MUST_USE enum fc_status fc_ledger_change_models(struct fc_gallery_txn *txn, const char *service,
						   const struct fc_sha256 *from,
						   const struct fc_sha256 *to,
						   struct fc_error *err);

/* Forget everything that was done in a space of a service, or with `service` alone (space NULL) in all of them. */
FC_MUST_USE enum fc_status fc_ledger_forget_space(struct fc_gallery_txn *txn, const char *service,
						  const char *space, struct fc_error *err);

#endif
