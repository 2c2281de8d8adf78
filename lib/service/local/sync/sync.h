/* The parts of the verb "set --sync" on the local engine. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_SERVICE_LOCAL_SYNC_SYNC_H
#define FC_SERVICE_LOCAL_SYNC_SYNC_H

#include "service/batch/missing.h"
#include "service/batch/renames.h"
#include "service/local/engine.h"
#include "service/sync.h"

/* A path that the ledger has below the folder. */
struct fc_sync_path {
	char *path;
	struct fc_file_identity identity; /* of the file when it was last read */
	struct fc_ledger_item item;       /* only its key fields */
};

struct fc_sync_paths {
	struct fc_sync_path *items; /* sorted by path */
	size_t count, capacity;
};

/* A photo of the folder that the ledger has under another path or person, or at whose path it has other content. */
struct fc_sync_claim {
	struct fc_photo given;
	struct fc_buffer texts; /* the strings of given */
	struct fc_ledger_photo ledger;
	struct fc_ledger_item own; /* ledger.item as the lookup found it, without its text */
	/* set by fc_sync_adopt */
	struct fc_ledger_item source; /* what the ledger has for the photo; face 0: nothing */
	bool renamed;                 /* the person that had the face was renamed */
	uint64_t rules;               /* of the item that had the face */
	enum fc_action action;        /* NONE: the photo is left to set */
	struct fc_person person;      /* whose face it is now */
	uint64_t face;
};

/* A face that was removed, for the report. */
struct fc_sync_removal {
	char *path;
	struct fc_person person;
	uint64_t face;
};

struct fc_sync {
	struct fc_local *local;
	const struct fc_sync_request *request;
	struct fc_sync_result *result;
	struct fc_batch_ledger ledger;
	char *root;                 /* absolute, with a slash at its end */
	struct fc_face_choice face; /* of the photos */
	struct fc_missing_photos
		missing;              /* below the folder; found again before faces are removed */
	uint64_t known_faces;         /* paths of the ledger with a face, before the run */
	struct fc_sync_claim *claims; /* in the order of the folder */
	size_t claim_count, claim_capacity;
	struct fc_at_home at_home; /* sorted after the survey */
	/* the persons of photos that may have a face, as the ledger hashes them */
	struct fc_ledger_person_key *named;
	size_t named_count, named_capacity;
	struct fc_sync_removal *removals;
	size_t removal_count, removal_capacity;
	/* in a dry run: photos that have another place, and paths that have another photo, as the run would have stored; sorted before use */
	struct fc_sha256 *resolved;
	size_t resolved_count, resolved_capacity;
	char **resolved_paths;
	size_t resolved_path_count, resolved_path_capacity;
};

/* ---- sync.c ---- */

/* In a dry run: note that the path would have another photo. */
enum fc_status fc_sync_resolved_path(struct fc_sync *sync, const char *path, struct fc_error *err);

/* ---- paths.c ---- */

/* Read the paths below the folder that the ledger has for set, with any models. No gallery or space: none. */
enum fc_status fc_sync_read_paths(struct fc_sync *sync, struct fc_sync_paths *out,
				  struct fc_error *err);
void fc_sync_paths_release(struct fc_sync_paths *paths);

/* Set known_faces. */
enum fc_status fc_sync_count_faces(struct fc_sync *sync, const struct fc_sync_paths *paths,
				   struct fc_error *err);

/* Set missing. */
enum fc_status fc_sync_find_missing(struct fc_sync *sync, struct fc_error *err);

/* Find the space of the photos. *found: whether it exists. */
enum fc_status fc_sync_find_space(struct fc_sync *sync, struct fc_gallery_txn *txn, uint32_t *out,
				  bool *found, struct fc_error *err);

/* Whether the photo of a path that the ledger has is gone. */
bool fc_sync_is_gone(const struct fc_sync *sync, const char *path,
		     const struct fc_file_identity *identity);

/* ---- adopt.c ---- */

/*
 * Move faces and rename persons so that each photo of the folder that the gallery has belongs to the person of its folder. Sets the action of
 * each claim that it resolves.
 */
enum fc_status fc_sync_adopt(struct fc_sync *sync, struct fc_error *err);

/* ---- rename.c ---- */

/*
 * Rename each person of whose photos none is where the ledger has it, but some are in the folder of a name that no person has. Sets `renamed`
 * of their claims, whose source must be set.
 */
enum fc_status fc_sync_rename(struct fc_sync *sync, struct fc_gallery_txn *txn, uint32_t space,
			      struct fc_error *err);

/* ---- prune.c ---- */

/* Remove the faces whose photos are gone, unless they are more than the limit allows. */
enum fc_status fc_sync_prune(struct fc_sync *sync, struct fc_error *err);

/* Note the face of an item for the report, before it is removed. */
enum fc_status fc_sync_note_removal(struct fc_sync *sync, struct fc_gallery_txn *txn,
				    const char *path, const struct fc_ledger_item *item,
				    struct fc_error *err);
void fc_sync_forget_removals(struct fc_sync *sync);

#endif
