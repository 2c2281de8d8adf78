/*
 * Faces that a remote service may have although the folder does not want them. They are stored in the ledger under a task of their own
 * before the service is asked to change anything, so that an interruption at any moment leaves no face that "set --sync" does not know.
 * Private to lib/service/wrap.
 */
/* SPDX-License-Identifier: MIT */
#ifndef FC_SERVICE_WRAP_RESUME_PENDING_H
#define FC_SERVICE_WRAP_RESUME_PENDING_H

#include "service/batch/ledger.h"

/* Values are stored; never renumber. */
enum fc_pending_cause {
	FC_PENDING_GONE = 1,     /* the photo is gone */
	FC_PENDING_MOVED = 2,    /* the photo is in the folder of another person */
	FC_PENDING_REPLACED = 3, /* the file has another photo */
	FC_PENDING_SENT = 4,     /* the photo was sent, and the result is not known yet */
};

struct fc_pending {
	struct fc_ledger_item item; /* key fields and pid; text is NULL */
	enum fc_pending_cause cause;
	char *reference; /* of the face; NULL: not known */
	char *path;      /* of the photo, perhaps shortened; NULL: not known */
	/* SENT: the person that the photo was given for, unless it was given by pid */
	bool has_number;
	uint64_t number;
	char *name;
	const void *taken_by; /* for use by the caller */
};

struct fc_pending_list {
	struct fc_pending *items; /* sorted by size and content */
	size_t count, capacity;
};

void fc_pending_list_release(struct fc_pending_list *list);

/* The faces of a photo, for any person: those from *first on, *count. key: size and content. */
void fc_pending_of(const struct fc_pending_list *list, const struct fc_ledger_item *key,
		   size_t *first, size_t *count);

/* Read all. *out must be empty. */
enum fc_status fc_pending_read(struct fc_gallery_txn *txn, const struct fc_batch_ledger *ledger,
			       struct fc_pending_list *out, struct fc_error *err);

/* Store a face of the ledger as pending. item->text is the reference of the face. */
enum fc_status fc_pending_put(struct fc_gallery_txn *txn, const struct fc_batch_ledger *ledger,
			      const struct fc_ledger_item *item, enum fc_pending_cause cause,
			      const char *path, struct fc_error *err);

/* Before a photo is sent: store that the service may have its face from now on. photo must be hashed. */
enum fc_status fc_pending_put_sent(struct fc_gallery_txn *txn, const struct fc_batch_ledger *ledger,
				   const struct fc_ledger_photo *photo,
				   const struct fc_photo *given, struct fc_error *err);

/* Remove what is stored for the photo and person of an item. FC_OK if there is nothing. */
enum fc_status fc_pending_drop(struct fc_gallery_txn *txn, const struct fc_batch_ledger *ledger,
			       const struct fc_ledger_item *item, struct fc_error *err);

/* A path of the ledger is about to get another item: if it is the only path of a face, the face becomes pending. */
enum fc_status fc_pending_put_replaced(struct fc_gallery_txn *txn,
				       const struct fc_batch_ledger *ledger,
				       const struct fc_ledger_photo *photo, struct fc_error *err);

/*
 * A known photo is about to get a path: if the photo that was written before it, in the same transaction, replaced it at its only path, its
 * item is stored again.
 */
enum fc_status fc_pending_take_back(struct fc_gallery_txn *txn,
				    const struct fc_batch_ledger *ledger,
				    struct fc_ledger_photo *photo, struct fc_error *err);

#endif
