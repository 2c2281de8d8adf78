/*
 * How verbs that enrol photos use the ledger, local and remote: which photos need no work because an earlier run has done it, and
 * what is kept of a result. A photo is looked up before it is worked on; its result is written in a transaction of the caller.
 */
/* SPDX-License-Identifier: MIT */
#ifndef FC_SERVICE_BATCH_LEDGER_H
#define FC_SERVICE_BATCH_LEDGER_H

#include "gallery/rows/ledger.h"
#include "service/gallery_handle.h"
#include "service/service.h"

struct fc_ledger_hash;

struct fc_batch_ledger {
	/* set by the owner; texts are borrowed */
	struct fc_gallery_handle *gallery;
	bool enabled;      /* else no photo is looked up or written */
	bool retry_failed; /* work again on photos that were refused or failed */
	const char *verb, *service;
	struct fc_sha256 models; /* that photos are analysed with; all zero: unknown */
	const char *space;       /* NULL: that of the photo's origin */
	const char *origin;      /* of photos without one; NULL */
	/* Write the name of an origin's space, FC_LABEL_MAXIMUM bytes at most. False: there is no such space. Needed when space is NULL. */
	bool (*space_of)(struct fc_gallery_txn *txn, const char *origin, char *name);
	uint64_t rules;        /* digest of the options that photos can be refused by */
	uint32_t rule_reasons; /* FC_REASON_BIT of each reason that depends on these options */
	uint64_t photo_bytes;  /* larger files are not hashed */

	/* state */
	char *folder;                  /* the current one */
	struct fc_ledger_hash *hashes; /* of files that were hashed in this run, by inode */
	struct fc_ledger_target target;
	bool has_target;
	char target_space[FC_LABEL_MAXIMUM + 1], target_origin[FC_LABEL_MAXIMUM + 1];
};

#define FC_REASON_BIT(reason) (UINT32_C(1) << (reason))

/* Errors: FC_NO_MEMORY, FC_IO (there is no current folder), FC_INTERNAL. */
FC_MUST_USE enum fc_status fc_batch_ledger_init(struct fc_batch_ledger *ledger,
						struct fc_error *err);
void fc_batch_ledger_release(struct fc_batch_ledger *ledger);

enum fc_photo_match {
	FC_PHOTO_NEW = 0,      /* to be worked on */
	FC_PHOTO_SAME_FILE,    /* known, and unchanged at the same path */
	FC_PHOTO_SAME_CONTENT, /* known from another path, or at a path that held something else */
};

/* What the ledger knows of a photo, or will know of it. */
struct fc_ledger_photo {
	enum fc_photo_match match;
	char *path; /* absolute; NULL: the photo has no place in the ledger */
	struct fc_file_identity identity;
	struct fc_ledger_item item; /* the key; all of it when the photo is known */
	bool hashed;                /* item.content is that of the file */
	bool path_is_known;         /* whatever it held when it was last worked on */
	struct fc_sha256 path_content;
	struct fc_person person; /* of a known item that names one of this gallery */
	const char *origin;      /* borrowed from the photo or the ledger */
};

void fc_ledger_photo_release(struct fc_ledger_photo *photo);

/*
 * Look a photo up by path, and if that does not find it by content. The photo is released by the caller, after an error, too. *fd
 * is opened when the photo is hashed and was not open.
 */
FC_MUST_USE enum fc_status fc_batch_ledger_look_up(struct fc_batch_ledger *ledger,
						   const struct fc_photo *given,
						   struct fc_ledger_photo *photo, int *fd,
						   struct fc_error *err);

/* Find the ledger's target for photos of an origin. *found: their space exists. */
FC_MUST_USE enum fc_status fc_batch_ledger_find_target(struct fc_gallery_txn *txn,
						       struct fc_batch_ledger *ledger,
						       const char *origin, bool *found,
						       struct fc_error *err);

/* The result of a photo. */
struct fc_ledger_result {
	enum fc_action action;
	enum fc_reason reason;
	const char *error;  /* NULL or empty: none */
	uint32_t space;     /* of this gallery; 0: the result names no person of it */
	struct fc_uuid pid; /* the person of the photo, or the one it is a duplicate of */
	uint64_t face;      /* that was stored; 0 */
};

/* Whether the photo may have something to be written once its result is known. */
bool fc_ledger_photo_is_open(const struct fc_ledger_photo *photo);

/*
 * Take the result of a photo. analysis: of the bytes that were worked on. False: nothing is to be written, as the photo is known, or
 * the next run may have another result.
 */
FC_MUST_USE bool fc_batch_ledger_take(struct fc_batch_ledger *ledger, struct fc_ledger_photo *photo,
				      const struct fc_analysis *analysis,
				      const struct fc_ledger_result *result);

/* Write what was taken. */
FC_MUST_USE enum fc_status fc_batch_ledger_write(struct fc_gallery_txn *txn,
						 struct fc_batch_ledger *ledger,
						 struct fc_ledger_photo *photo,
						 struct fc_error *err);

/*
 * The face of this person that the file held before its content changed to the given one. 0: there is none, or another file has
 * it, too.
 */
FC_MUST_USE enum fc_status
fc_batch_ledger_replaced_face(struct fc_gallery_txn *txn, struct fc_batch_ledger *ledger,
			      const struct fc_ledger_photo *photo, const struct fc_sha256 *content,
			      const struct fc_uuid *pid, uint64_t *face, struct fc_error *err);

#endif
