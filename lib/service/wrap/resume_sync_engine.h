/* The parts of "set --sync" on a service with a ledger. Private to lib/service/wrap. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_SERVICE_WRAP_RESUME_SYNC_ENGINE_H
#define FC_SERVICE_WRAP_RESUME_SYNC_ENGINE_H

#include "service/batch/missing.h"
#include "service/batch/renames.h"
#include "service/sync.h"
#include "service/wrap/resume_engine.h"
#include "service/wrap/resume_pending.h"

/* What happened to a photo that was sent. */
enum fc_resume_result {
	FC_RESUME_NOT_SENT = 0,
	FC_RESUME_STORED,
	FC_RESUME_REFUSED,
	FC_RESUME_FAILED
};

/* A photo of the folder that is not where the ledger has it: perhaps a new one, or one with known content. */
struct fc_resume_claim {
	char *given_path; /* as the source returned it */
	char *path;       /* absolute */
	char *name;       /* of the person, if it was given by name */
	bool is_known;    /* the person has the photo, from another path */
	bool hashed;      /* key has the content */
	struct fc_ledger_item key;
	bool is_stored; /* the service has a face of the photo for another person */
	struct fc_stored_at at;
	bool has_source; /* that face may move: no other photo of the folder needs it */
	bool is_pending; /* it was pending before this run */
	struct fc_ledger_item source; /* without its text */
	char *reference, *source_path;
	enum fc_resume_result result;
};

/* A photo that was stored, and whether any of its paths still has it. */
struct fc_resume_face {
	struct fc_ledger_item item; /* its text is the reference */
	char *path;                 /* the first one, in the order of paths */
	bool lives;
	bool is_below;        /* one of its paths is below the folder */
	const void *taken_by; /* the first claim that has it as its source */
};

struct fc_resume_faces {
	struct fc_resume_face *items; /* sorted by content, size and person */
	size_t count, capacity;
};

struct fc_resume_syncing {
	struct fc_resume *resume;
	const struct fc_sync_request *request;
	struct fc_tally *tally;
	struct fc_sync_result *result;
	const struct fc_sync_verbs *verbs; /* of the remote service */
	struct fc_batch_ledger ledger;
	struct fc_ledger_target target; /* of the photos of the folder */
	char *root;                     /* absolute, with a slash at its end */
	struct fc_face_choice face;     /* of the photos */
	struct fc_resume_claim *claims; /* in the order of the folder */
	size_t claim_count, claim_capacity;
	struct fc_resume_claim **by_path;
	struct fc_at_home at_home; /* sorted after the survey */
	struct fc_missing_photos missing;
	struct fc_resume_faces faces;
	struct fc_ledger_person_key *staying; /* the persons of faces that live, sorted */
	size_t staying_count;
	struct fc_pending_list pending;
	uint64_t known_faces; /* photos of the folder that were stored before the run */
	/* the source returns the photos in the order of the survey, and so are they reported */
	size_t next_claim, next_result;
	uint64_t photos; /* returned by the source */
};

/* ---- resume_faces.c ---- */

/* Read pending. No gallery: there is nothing. */
enum fc_status fc_resume_read_pending(struct fc_resume_syncing *sync, struct fc_error *err);

/* Read missing, faces and pending from the ledger again. No gallery: there is nothing. */
enum fc_status fc_resume_read_ledger(struct fc_resume_syncing *sync, struct fc_error *err);
void fc_resume_faces_release(struct fc_resume_faces *faces);

/* The faces of a photo, for any person: those from *first on, *count. key: size and content. */
void fc_resume_faces_of(const struct fc_resume_faces *faces, const struct fc_ledger_item *key,
			size_t *first, size_t *count);

/* Whether the person of an item has any face that lives. */
bool fc_resume_stays(const struct fc_resume_syncing *sync, const struct fc_ledger_item *item);

/* Whether two items are the same photo of the same person. */
bool fc_resume_is_same(const struct fc_ledger_item *a, const struct fc_ledger_item *b);

/* ---- resume_claims.c ---- */

/* Compare the whole folder with the ledger: sets claims and at_home. *photos: how many photos there are. */
enum fc_status fc_resume_survey(struct fc_resume_syncing *sync, uint64_t *photos,
				struct fc_error *err);

/* Find the faces of claims that may move, rename persons, and make these faces pending. */
enum fc_status fc_resume_claim_faces(struct fc_resume_syncing *sync, struct fc_error *err);

/* ---- resume_prune.c ---- */

/* Remove the faces that the folder does not have any more, unless they are more than the limit allows. */
enum fc_status fc_resume_prune(struct fc_resume_syncing *sync, struct fc_error *err);

#endif
