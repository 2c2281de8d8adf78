/*
 * Photos of a verb on a service with a ledger, from the source to the sink: what was sent before is recalled and told in its turn
 * without being sent, what comes back is noted. Private to lib/service/remembered*.c.
 */
/* SPDX-License-Identifier: MIT */
#ifndef FC_SERVICE_REMEMBERED_PHOTOS_H
#define FC_SERVICE_REMEMBERED_PHOTOS_H

#include "service/wrap/resume_engine.h"

/* A photo on its way. */
struct fc_remembered_photo {
	struct fc_remembered_photo *next;
	bool asked; /* item's key and the path are there */
	bool known; /* item tells what came of it before */
	bool path_is_new;
	char *path, *absolute;
	struct fc_file_identity identity;
	struct fc_ledger_item item;
};

struct fc_remembered_list {
	struct fc_remembered_photo *first, **end;
	size_t count;
};

struct fc_remembered_run {
	struct fc_remembered *remembered;
	struct fc_ledger_task task;
	uint64_t rules; /* digest of those that the service refuses photos by; 0: none */
	bool retry_failed;
	struct fc_photo_source photos; /* of the request */
	void *context;                 /* of the functions below */
	/* Tell of a known photo, as report does of one that comes back. */
	enum fc_status (*tell)(void *context, const struct fc_photo *asked, struct fc_error *err);
	/* Have the service carry the request out with these photos instead. */
	enum fc_status (*send)(void *context, struct fc_photo_source photos, struct fc_error *err);

	/* inside */
	struct fc_ledger_target target;
	struct fc_remembered_list under_way; /* in the source's order, which is the sink's */
	struct fc_remembered_list to_note;
	bool has_first;        /* the first photo that is not known was taken already */
	struct fc_photo first; /* borrowed from the source, which is not asked meanwhile */
};

void fc_remembered_run_release(struct fc_remembered_run *run);

/*
 * Carry the verb out. As long as nothing is new the service is not asked at all; then it gets all that follows, the known ones as
 * photos that the source found wrong, so that nobody opens them. What it has done is noted whatever ends the run.
 */
FC_MUST_USE enum fc_status fc_remembered_carry_out(struct fc_remembered_run *run,
						   struct fc_error *err);

/* The photo that the sink is being told of; it is the caller's until fc_remembered_note. Errors: FC_INTERNAL. */
FC_MUST_USE enum fc_status fc_remembered_take(struct fc_remembered_run *run, const char *path,
					      struct fc_remembered_photo **out,
					      struct fc_error *err);

/* What is told of a known photo: unchanged, or skipped with what was wrong with it. analysis gets what is known of the file. */
enum fc_action fc_remembered_action(const struct fc_remembered_photo *photo,
				    struct fc_analysis *analysis);

/* What became of a photo, as far as the ledger is concerned. */
struct fc_remembered_told {
	enum fc_action action;
	enum fc_reason reason;
	const char *error; /* may be NULL */
	const struct fc_analysis *analysis;
	const struct fc_uuid *pid; /* who was made or found, in the service's words; NULL */
};

/*
 * Note it, unless it is known or may be otherwise next time. The photo is taken over in every case. reported is what the sink
 * returned, and is returned here too unless that was FC_OK and this fails.
 */
FC_MUST_USE enum fc_status fc_remembered_note(struct fc_remembered_run *run,
					      struct fc_remembered_photo *photo,
					      const struct fc_remembered_told *told,
					      enum fc_status reported, struct fc_error *err);

#endif
