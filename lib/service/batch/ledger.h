/*
 * How verbs that enrol photos, on the local engine or a remote service, use the ledger: a photo is looked up before it is processed, and
 * skipped if an earlier run processed it. Its result is written to the ledger in a transaction of the caller.
 */
/* SPDX-License-Identifier: MIT */
#ifndef FC_SERVICE_BATCH_LEDGER_H
#define FC_SERVICE_BATCH_LEDGER_H

#include "gallery/rows/ledger.h"
#include "service/gallery_handle.h"
#include "service/service.h"

/* A file may have several hard links, for example in snapshots of a folder; it is hashed only once. */
struct fc_ledger_hash {
	struct fc_file_identity identity;
	struct fc_sha256 content;
};

enum { FC_LEDGER_HASHES = 1024 };

struct fc_batch_ledger {
	/* set by the owner; strings are borrowed */
	struct fc_gallery_handle *gallery;
	bool enabled;      /* if false, no photo is looked up or written */
	bool retry_failed; /* process photos again that were refused or failed */
	const char *verb, *service;
	struct fc_sha256 models; /* digest of the models that analyse photos; all zero: unknown */
	const char *space;       /* NULL: the space of the photo's origin */
	const char *origin;      /* of photos that have none of their own; may be NULL */
	/*
	 * Find the place of the photos of an origin: write the name of its space, at most FC_LABEL_MAXIMUM bytes, and append the settings
	 * of space and origin on which results depend. Returns false if `space` is NULL and the origin does not exist. May be NULL if
	 * space is not.
	 */
	bool (*place_of)(struct fc_gallery_txn *txn, const struct fc_batch_ledger *ledger,
			 const char *origin, char *name, struct fc_buffer *settings);
	uint64_t
		rules; /* digest of the options on which results depend, apart from the choice of the face */
	uint32_t rule_reasons; /* FC_REASON_BIT of each refusal that depends on them */
	uint64_t photo_bytes;  /* larger files are not hashed */
	/*
	 * Not NULL: the verb answers each photo below this folder once. A photo is known if its path had the same content before. Known photos
	 * are not reported. Paths that no longer exist are forgotten.
	 */
	const char *answers_below;

	/* state */
	char *folder; /* the working folder */
	/* of the files that were hashed in this run, keyed by inode */
	struct fc_ledger_hash *hashes;
	struct fc_ledger_target target;
	bool has_target;
	char target_space[FC_LABEL_MAXIMUM + 1], target_origin[FC_LABEL_MAXIMUM + 1];
	uint64_t
		target_rules; /* digest of the bytes in place_rules: `rules` and the settings of the place */
	struct fc_buffer place_rules;
	uint64_t answered;    /* number of photos that were not reported */
	uint64_t known_paths; /* number of photos that were looked up and whose path was known */
};

#define FC_REASON_BIT(reason) (UINT32_C(1) << (reason))

/* Errors: FC_NO_MEMORY, FC_IO (the working folder does not exist), FC_INTERNAL. */
enum fc_status fc_batch_ledger_init(struct fc_batch_ledger *ledger, struct fc_error *err);
void fc_batch_ledger_release(struct fc_batch_ledger *ledger);

enum fc_photo_match {
	FC_PHOTO_NEW = 0,      /* must be processed */
	FC_PHOTO_SAME_FILE,    /* known, and unchanged at the same path */
	FC_PHOTO_SAME_CONTENT, /* known from another path, or the path had other content before */
};

/* What the ledger has stored about a photo, or will store. */
struct fc_ledger_photo {
	enum fc_photo_match match;
	char *path; /* absolute; NULL: the photo cannot be in the ledger */
	struct fc_file_identity identity;
	struct fc_ledger_item item; /* only the key is set, unless the photo is known */
	bool hashed;                /* item.content is the digest of the file */
	bool path_is_known;         /* the ledger has this path, with any content */
	bool replaces; /* the path has a face of other content: it is not written with the photo */
	struct fc_sha256 path_content;
	struct fc_person person; /* the person of a known item, if it is in this gallery */
	const char *origin;      /* borrowed from the photo or the ledger */
	struct fc_face_choice face;
};

void fc_ledger_photo_release(struct fc_ledger_photo *photo);

/*
 * Look up a photo by path and, if that does not find it, by content. The caller releases the photo, also after an error. If the photo
 * must be hashed and *fd is -1, it is opened and *fd is set.
 */
enum fc_status fc_batch_ledger_look_up(struct fc_batch_ledger *ledger, const struct fc_photo *given,
				       struct fc_ledger_photo *photo, int *fd,
				       struct fc_error *err);

/* Hash a photo that was looked up, unless its file cannot be read. If *fd is -1, the photo is opened and *fd is set. */
bool fc_batch_ledger_hash(const struct fc_batch_ledger *ledger, struct fc_ledger_photo *photo,
			  int *fd);

/* Find the ledger's target and rules for photos of an origin. *found: whether their space is known. */
enum fc_status fc_batch_ledger_find_target(struct fc_gallery_txn *txn,
					   struct fc_batch_ledger *ledger, const char *origin,
					   bool *found, struct fc_error *err);

/* Set the target of a photo's item. *found: whether its space exists. */
enum fc_status fc_batch_ledger_set_target(struct fc_gallery_txn *txn,
					  struct fc_batch_ledger *ledger,
					  struct fc_ledger_photo *photo, bool *found,
					  struct fc_error *err);

/*
 * Find the targets of all tasks that differ from that of a photo only in their models. The caller frees *out. *count is 0 if the space of the
 * photo does not exist.
 */
enum fc_status fc_batch_ledger_targets(struct fc_gallery_txn *txn, struct fc_batch_ledger *ledger,
				       const struct fc_ledger_photo *photo,
				       struct fc_ledger_target **out, size_t *count,
				       struct fc_error *err);

/* Store the item of a photo. Call fc_batch_ledger_set_target first. */
enum fc_status fc_batch_ledger_put(struct fc_gallery_txn *txn, const struct fc_batch_ledger *ledger,
				   struct fc_ledger_photo *photo, struct fc_error *err);

/* The result of a photo. */
struct fc_ledger_result {
	enum fc_action action;
	enum fc_result result; /* of profiles create, else 0 */
	enum fc_reason reason;
	const char *error;  /* NULL or empty: none */
	uint32_t space;     /* in this gallery; 0: the result has no person of this gallery */
	struct fc_uuid pid; /* the person of the photo, or the one it is a duplicate of */
	uint64_t face;      /* id of the stored face; 0 for none */
};

/* The result of a known photo: that of its face if it was not stored, else exact, because the photo itself is stored. */
enum fc_result fc_ledger_known_result(const struct fc_ledger_item *item);

/* Whether the ledger may have to be written when the result of the photo is known. */
bool fc_ledger_photo_is_open(const struct fc_ledger_photo *photo);

/*
 * Take the result of a photo. analysis: of the bytes that were processed. Returns false if nothing must be written, because the photo
 * is known or because the next run may have another result.
 */
FC_MUST_USE bool fc_batch_ledger_take(struct fc_batch_ledger *ledger, struct fc_ledger_photo *photo,
				      const struct fc_analysis *analysis,
				      const struct fc_ledger_result *result);

/* Write the result that fc_batch_ledger_take took. */
enum fc_status fc_batch_ledger_write(struct fc_gallery_txn *txn, struct fc_batch_ledger *ledger,
				     struct fc_ledger_photo *photo, struct fc_error *err);

/* Write the path of a photo whose item is stored. */
enum fc_status fc_batch_ledger_put_path(struct fc_gallery_txn *txn,
					const struct fc_ledger_photo *photo, struct fc_error *err);

/* A face that was stored from a file in an earlier run. */
struct fc_ledger_replaced {
	uint32_t space;
	uint64_t face; /* 0: none */
	struct fc_sha256 content;
};

/*
 * Find the face of this person that was stored from the file earlier: from its content before it changed to `content`, unless another
 * file has that content, or from the same content.
 */
enum fc_status fc_batch_ledger_find_replaced(struct fc_gallery_txn *txn,
					     struct fc_batch_ledger *ledger,
					     struct fc_ledger_photo *photo,
					     const struct fc_sha256 *content,
					     const struct fc_uuid *pid,
					     struct fc_ledger_replaced *out, struct fc_error *err);

#endif
