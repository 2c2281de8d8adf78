/*
 * The verb "set --sync": set with a folder that is the truth. A face whose photo is now in the folder of another person moves to that
 * person; a person whose folder has a new name is renamed; a face whose photo is gone is removed. Only faces that come from the folder
 * according to the ledger are changed.
 */
/* SPDX-License-Identifier: MIT */
#ifndef FC_SERVICE_SYNC_H
#define FC_SERVICE_SYNC_H

#include "service/photos.h"

/* The maximum number of faces to remove: a number, or a share of the faces that the ledger has from the folder. */
struct fc_sync_limit {
	bool is_share;
	uint64_t faces;
	double share;     /* [0, 1] */
	uint64_t minimum; /* faces that may be removed whatever the share is */
};

/* The number of faces that a limit allows if the ledger has `known` faces from the folder. */
static inline uint64_t fc_sync_maximum(const struct fc_sync_limit *limit, uint64_t known)
{
	uint64_t share = (uint64_t)(limit->share * (double)known);
	return !limit->is_share ? limit->faces : share > limit->minimum ? share : limit->minimum;
}

struct fc_sync_request {
	/* photos: all photos of the folder. Its sink also gets the photos that were moved, renamed or removed. */
	struct fc_set_request set;
	struct fc_photo_source survey; /* the same photos; read before those of set */
	const char *root;              /* the folder */
	struct fc_sync_limit limit;
};

struct fc_sync_result {
	uint64_t gone; /* faces whose photos are gone; removed unless one of the next two is set */
	uint64_t maximum; /* number of faces that the limit allows */
	bool over_limit;  /* none was removed, because there are more than the limit allows */
	bool incomplete; /* none was removed, because the run ended early or a folder could not be read */
	uint64_t merged_persons;  /* removed, because all their faces moved to another person */
	uint64_t removed_persons; /* removed with their last face */
};

/*
 * Errors, besides those of set: FC_CONFLICT (the folder has no photo, or is on another device than in earlier runs; nothing was changed).
 */
static inline enum fc_status fc_service_sync(struct fc_service *service,
					     const struct fc_sync_request *request,
					     struct fc_tally *tally, struct fc_sync_result *out,
					     struct fc_error *err)
{
	*tally = (struct fc_tally){ 0 };
	*out = (struct fc_sync_result){ 0 };
	FC_TRY(fc_service_need(service, FC_VERB_SET_SYNC, err));
	return service->operations->photos->sync(service, request, tally, out, err);
}

/* Fail because the folder has no photo. Returns FC_CONFLICT. */
static inline enum fc_status fc_sync_fail_empty(const char *root, struct fc_error *err)
{
	return fc_fail(err, FC_CONFLICT,
		       "'%s' has no photo, so --sync would remove every face that came from it; "
		       "nothing was changed. To remove them, use delete or truncate",
		       root);
}

/* ---- what a remote service does for the verb ---- */

/* A face to remove from a remote service. */
struct fc_sync_face {
	/* The person, by the first of these that is known. A person that the service does not have needs no removal. */
	struct fc_uuid pid; /* nil: not known */
	bool has_number;
	uint64_t number;
	const char *name; /* NULL: not known */
	const char *
		reference; /* of the face, as in struct fc_photo_outcome; NULL: it is found by the digest of its photo */
	struct fc_sha256 content;
	/* results */
	enum fc_status
		status;      /* FC_OK: the service does not have the face, perhaps since earlier */
	char error[160];     /* message of a failure */
	bool person_removed; /* with its last face */
	bool found_number;   /* the number and name of the person, as the service has them */
	uint64_t person_number;
	char *person_name; /* the caller frees it */
};

struct fc_sync_verbs {
	/* The service removes whole persons, not single faces: the caller passes one removal for each person, with its number. */
	bool whole_persons;
	/* FC_UNSUPPORTED, FC_INVALID_ARGUMENT: a request of set that the service cannot carry out, whatever its photos are. */
	enum fc_status (*check)(struct fc_service *service, const struct fc_set_request *request,
				struct fc_error *err);
	/* Find a person by name. *pid is nil if there is none. NULL: persons have no names. */
	enum fc_status (*find)(struct fc_service *service, const char *space, const char *name,
			       struct fc_uuid *pid, struct fc_error *err);
	/*
	 * Give a person another name, unless another person has it. *renamed: whether it was, or would be in a dry run. NULL: persons have
	 * no names.
	 */
	enum fc_status (*rename)(struct fc_service *service, const char *space,
				 const struct fc_uuid *pid, const char *name, bool dry_run,
				 bool *renamed, struct fc_error *err);
	/*
	 * Remove faces, and persons with their last face. A dry run only finds the persons. Failures of single faces are in their status.
	 * Other errors: nothing is known about the faces.
	 */
	enum fc_status (*remove)(struct fc_service *service, const char *space,
				 struct fc_sync_face *removals, size_t count, bool dry_run,
				 struct fc_error *err);
};

#endif
