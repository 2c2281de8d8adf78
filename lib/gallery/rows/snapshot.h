/*
 * Snapshots of the Azure Face API: copies of a container inside the gallery, from which new containers are made. A snapshot is taken and
 * applied by an operation in several changes of the gallery, so that other processes can write between them. The operation's record contains
 * where to continue, so any process can complete it.
 */
/* SPDX-License-Identifier: MIT */
#ifndef FC_GALLERY_ROWS_SNAPSHOT_H
#define FC_GALLERY_ROWS_SNAPSHOT_H

#include "gallery/rows/container.h"

enum {
	FC_SNAPSHOT_SCOPE_MAXIMUM = 1000,
	FC_SNAPSHOT_STEP_MAXIMUM = 1000, /* persons copied by one change */
};

/* How long a snapshot exists, in microseconds: by default, and without end. */
#define FC_SNAPSHOT_LIFE (INT64_C(48) * 3600 * 1000000)
#define FC_SNAPSHOT_FOREVER INT64_MAX

/* How long operations are stored, so that those of the last 30 days can be counted. */
#define FC_SNAPSHOT_JOB_KEPT (INT64_C(31) * 24 * 3600 * 1000000)

/* When a snapshot expires that is taken at the time `now`; FC_SNAPSHOT_FOREVER: never. */
static inline int64_t fc_snapshot_expiry(int64_t now, int64_t life)
{
	return life < FC_SNAPSHOT_FOREVER - now ? now + life : FC_SNAPSHOT_FOREVER;
}

struct fc_container_snapshot {
	struct fc_uuid id;
	uint8_t kind;           /* enum fc_container_kind of its container */
	bool complete;          /* it was taken to the end */
	struct fc_uuid account; /* the subscription that took it */
	int64_t created, updated;
	int64_t expires;       /* it does not exist any more at this time */
	char *user_data;       /* NULL if there is none */
	struct fc_uuid *scope; /* subscriptions that may apply it */
	size_t scope_count;
};

void fc_container_snapshot_release(struct fc_container_snapshot *snapshot);

/* Store a snapshot's record. Errors: FC_CONFLICT (is_new, and it exists), FC_INVALID_ARGUMENT (too much user data, or a too large scope). */
enum fc_status fc_snapshot_put(struct fc_gallery_txn *txn,
			       const struct fc_container_snapshot *snapshot, bool is_new,
			       struct fc_error *err);

/* FC_NOT_FOUND if there is no such snapshot at the time `now`. The caller releases *out, which must be empty. */
enum fc_status fc_snapshot_get(struct fc_gallery_txn *txn, const struct fc_uuid *id, int64_t now,
			       struct fc_container_snapshot *out, struct fc_error *err);

/* Visit the snapshots that exist at the time `now`, in order of their ids. Return false to stop. */
typedef bool fc_snapshot_visit(const struct fc_container_snapshot *snapshot, void *context);
enum fc_status fc_snapshot_each(struct fc_gallery_txn *txn, int64_t now, fc_snapshot_visit *visit,
				void *context, struct fc_error *err);

/* Remove a snapshot with all that it contains. */
enum fc_status fc_snapshot_delete(struct fc_gallery_txn *txn, const struct fc_uuid *id,
				  struct fc_error *err);

/*
 * Remove the snapshots that expired at the time `now` or before, those that have been incomplete for two days, and operations that began
 * FC_SNAPSHOT_JOB_KEPT ago.
 */
enum fc_status fc_snapshot_sweep(struct fc_gallery_txn *txn, int64_t now, struct fc_error *err);

/* Remove all snapshots and operations. */
enum fc_status fc_snapshot_drop_all(struct fc_gallery_txn *txn, struct fc_error *err);

/* Remove a person and its faces from all snapshots. */
enum fc_status fc_snapshot_forget_person(struct fc_gallery_txn *txn, const struct fc_uuid *pid,
					 struct fc_error *err);

/* ---- operations ---- */

enum fc_snapshot_state {
	FC_SNAPSHOT_NOT_STARTED,
	FC_SNAPSHOT_RUNNING,
	FC_SNAPSHOT_SUCCEEDED,
	FC_SNAPSHOT_FAILED,
};

struct fc_snapshot_job {
	struct fc_uuid id;
	bool applies;  /* a snapshot is applied, otherwise it is taken */
	uint8_t state; /* enum fc_snapshot_state */
	uint8_t kind;  /* enum fc_container_kind */
	struct fc_uuid account, snapshot;
	char object[FC_SPACE_ID_SIZE]; /* id of the container that is copied, or made */
	int64_t created, acted;
	/* progress */
	uint32_t space;      /* of the container */
	struct fc_uuid last; /* the last person that was copied */
	/* taking: what shows that the container was changed since the operation began */
	uint64_t persons, faces, last_mean;
	char message[160]; /* why it failed; "" otherwise */
};

enum fc_status fc_snapshot_job_put(struct fc_gallery_txn *txn, const struct fc_snapshot_job *job,
				   struct fc_error *err);
enum fc_status fc_snapshot_job_get(struct fc_gallery_txn *txn, const struct fc_uuid *id,
				   struct fc_snapshot_job *out, struct fc_error *err);

/* The number of operations of an account that began after `since`. */
enum fc_status fc_snapshot_count_jobs(struct fc_gallery_txn *txn, const struct fc_uuid *account,
				      bool applies, int64_t since, uint64_t *out,
				      struct fc_error *err);

/*
 * Do the next part of an operation, up to `persons` persons, and store its progress. At the end its state is FC_SNAPSHOT_SUCCEEDED or
 * FC_SNAPSHOT_FAILED. A failed operation leaves no snapshot and no container.
 *
 * The new container of an applied snapshot keeps the ids of faces and, unless the gallery has them already, of persons; the others get new ones.
 * In a list the person is the face, so it may get a new id, too. It is trained as the container was that the snapshot was taken of.
 * Errors: those of the gallery.
 */
enum fc_status fc_snapshot_step(struct fc_gallery_txn *txn, const struct fc_uuid *job, int64_t now,
				uint32_t persons, struct fc_snapshot_job *out,
				struct fc_error *err);

#endif
