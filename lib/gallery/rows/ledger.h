/*
 * The ledger: which photos were processed, for which person and with what result, so that running the same task again only needs a stat of
 * each file. It does not depend on the service: a service describes its task and records the result of each photo.
 *
 * An item is one content (size and SHA-256) under one task and for one person. A path refers to the item of the content that its file had
 * when it was last read, and stores the file's identity at that time. An item that refers to a person or a face of this gallery is removed
 * together with it; the items of a space are removed when the space is emptied.
 */
/* SPDX-License-Identifier: MIT */
#ifndef FC_GALLERY_ROWS_LEDGER_H
#define FC_GALLERY_ROWS_LEDGER_H

#include "gallery/gallery.h"

enum { FC_LEDGER_TARGET_SIZE = 8, FC_LEDGER_PERSON_KEY_SIZE = 16, FC_LEDGER_TEXT_MAXIMUM = 479 };

/* What is done with photos. Tasks that differ in any field do not share items. */
struct fc_ledger_task {
	const char *verb;    /* "set" */
	const char *service; /* "local", or the name in the configuration */
	const char *space;   /* name of the space at the service */
	/* digest of the models that process the photos, or of the account at a remote service; all zero if unknown */
	struct fc_sha256 models;
};

/* The hash of a task, for keys. */
struct fc_ledger_target {
	uint8_t bytes[FC_LEDGER_TARGET_SIZE];
};

/* The hash of the person that the user named for a photo, for keys. */
struct fc_ledger_person_key {
	uint8_t bytes[FC_LEDGER_PERSON_KEY_SIZE];
};

/* Errors: FC_INVALID_ARGUMENT (a name is too long), FC_NO_MEMORY. */
enum fc_status fc_ledger_target_of(const struct fc_ledger_task *task, struct fc_ledger_target *out,
				   struct fc_error *err);

/* Hash the first of number, pid and name that is not NULL. All zero if all are NULL. Errors: FC_NO_MEMORY. */
enum fc_status fc_ledger_person_key_of(const uint64_t *number, const struct fc_uuid *pid,
				       const char *name, struct fc_ledger_person_key *out,
				       struct fc_error *err);

/*
 * The stat data that identify a file's content; times in nanoseconds. A file whose identity has not changed is assumed to have the same
 * content.
 */
struct fc_file_identity {
	uint64_t device, inode, size;
	int64_t modified, changed;
};

bool fc_file_identity_equal(const struct fc_file_identity *a, const struct fc_file_identity *b);

/* Values are stored; never renumber. */
enum fc_ledger_state {
	FC_LEDGER_DONE =
		1, /* the person has the photo's face, or the photo was matched to the person */
	FC_LEDGER_REFUSED = 2, /* rejected by rules: not processed again with the same rules */
	FC_LEDGER_FAILED = 3,  /* failed: not processed again, whatever the rules */
};

struct fc_ledger_item {
	struct fc_ledger_target target;
	struct fc_ledger_person_key person_key;
	uint64_t size;
	struct fc_sha256 content;
	enum fc_ledger_state state;
	uint8_t reason; /* reason of the state, as a number that the service defines */
	uint64_t rules; /* digest of the rules that rejected it; 0 if no rules were applied */
	int64_t time;
	/* The person in this gallery. space 0: the item does not refer to a person of this gallery, and pid belongs to another service. */
	uint32_t space;
	struct fc_uuid pid;
	uint64_t face; /* 0: no face was stored for the photo */
	/* The reason in words; of a photo that is done: the reference of its face or profile at a service. May be NULL. */
	char *text;
};

void fc_ledger_item_release(struct fc_ledger_item *item);

/* ---- lookup ---- */

/*
 * Find the item of a path, and whether the file's identity is unchanged since the item was stored. path is absolute.
 * Errors: FC_NOT_FOUND (the path is unknown), FC_DAMAGED.
 */
enum fc_status fc_ledger_find_path(struct fc_gallery_txn *txn,
				   const struct fc_ledger_target *target, const char *path,
				   const struct fc_file_identity *identity,
				   struct fc_ledger_item *out, bool *same, struct fc_error *err);

/* Whether any item of the task has this size. If not, a file of this size is new and need not be hashed to look it up. */
enum fc_status fc_ledger_knows_size(struct fc_gallery_txn *txn,
				    const struct fc_ledger_target *target, uint64_t size,
				    bool *known, struct fc_error *err);

/* Find the item with the key fields of *key. Errors: FC_NOT_FOUND. */
enum fc_status fc_ledger_find(struct fc_gallery_txn *txn, const struct fc_ledger_item *key,
			      struct fc_ledger_item *out, struct fc_error *err);

/* Whether a path other than this one (NULL: any path) refers to the item. */
enum fc_status fc_ledger_has_other_path(struct fc_gallery_txn *txn,
					const struct fc_ledger_item *item, const char *path,
					bool *has, struct fc_error *err);

/* Find any path that refers to the item. The caller frees *out. Errors: FC_NOT_FOUND. */
enum fc_status fc_ledger_first_path(struct fc_gallery_txn *txn, const struct fc_ledger_item *item,
				    char **out, struct fc_error *err);

/* The number of paths of all tasks, without reading them. */
enum fc_status fc_ledger_count_paths(struct fc_gallery_txn *txn, uint64_t *out,
				     struct fc_error *err);

/* Return false to stop. path is valid only during the call. Only the key fields of the item are set. */
typedef bool fc_ledger_path_visit(const char *path, const struct fc_file_identity *identity,
				  const struct fc_ledger_item *item, void *context);

/* Visit every path of a task, in no particular order. */
enum fc_status fc_ledger_each_path(struct fc_gallery_txn *txn,
				   const struct fc_ledger_target *target,
				   fc_ledger_path_visit *visit, void *context,
				   struct fc_error *err);

/* Visit every path that refers to an item. */
enum fc_status fc_ledger_each_path_of(struct fc_gallery_txn *txn, const struct fc_ledger_item *item,
				      fc_ledger_path_visit *visit, void *context,
				      struct fc_error *err);

/* The item is valid only during the call. The visit ends with the first error. */
typedef enum fc_status fc_ledger_visit(const struct fc_ledger_item *item, void *context,
				       struct fc_error *err);

/* Visit the items of a content, for any person, whose target, size and content are those of *key. */
enum fc_status fc_ledger_each_of_content(struct fc_gallery_txn *txn,
					 const struct fc_ledger_item *key, fc_ledger_visit *visit,
					 void *context, struct fc_error *err);

/* Visit every item of a task. */
enum fc_status fc_ledger_each_item(struct fc_gallery_txn *txn,
				   const struct fc_ledger_target *target, fc_ledger_visit *visit,
				   void *context, struct fc_error *err);

/* Visit the items of a person, or those of one of its faces if face is not 0. Only their key fields are set. */
enum fc_status fc_ledger_each_of_person(struct fc_gallery_txn *txn, const struct fc_uuid *pid,
					uint64_t face, fc_ledger_visit *visit, void *context,
					struct fc_error *err);

/*
 * Find the tasks that differ from this one only in their models: *out has their targets. The caller frees it.
 */
enum fc_status fc_ledger_targets_of(struct fc_gallery_txn *txn, const struct fc_ledger_task *task,
				    struct fc_ledger_target **out, size_t *count,
				    struct fc_error *err);

/* ---- writing ---- */

/*
 * Store an item, replacing the one with the same key fields, if any. task is the task of item->target. time is set to the current time.
 * Errors: FC_NOT_FOUND (the item's pid is not a person of this gallery).
 */
enum fc_status fc_ledger_put(struct fc_gallery_txn *txn, const struct fc_ledger_task *task,
			     struct fc_ledger_item *item, struct fc_error *err);

/*
 * Store that a path refers to an item, which must exist. The item to which the path referred before is removed unless another path refers
 * to it. Paths of more than FC_PATH_TEXT_MAXIMUM bytes are not stored.
 */
enum fc_status fc_ledger_put_path(struct fc_gallery_txn *txn, const struct fc_ledger_item *item,
				  const char *path, const struct fc_file_identity *identity,
				  struct fc_error *err);

/* Remove a path, and also its item unless another path refers to it. FC_OK if the path is unknown. */
enum fc_status fc_ledger_forget_path(struct fc_gallery_txn *txn,
				     const struct fc_ledger_target *target, const char *path,
				     struct fc_error *err);

/* Remove an item and the paths that refer to it. Errors: FC_NOT_FOUND. */
enum fc_status fc_ledger_forget_item(struct fc_gallery_txn *txn, const struct fc_ledger_item *key,
				     struct fc_error *err);

/*
 * Call when the models of the gallery were changed and every stored face has a new template. Items of tasks with models `from` that stored
 * a face become items of the same tasks with models `to`; all others are removed.
 */
enum fc_status fc_ledger_change_models(struct fc_gallery_txn *txn, const char *service,
				       const struct fc_sha256 *from, const struct fc_sha256 *to,
				       struct fc_error *err);

/* Remove all items of a space of a service. service NULL: of all services; space NULL: of all spaces. */
enum fc_status fc_ledger_forget_space(struct fc_gallery_txn *txn, const char *service,
				      const char *space, struct fc_error *err);

#endif
