/*
 * Photos to a remote service: taken from their source, worked on by as many requests at once as the client allows, handed on in the
 * order they came, or as they are done where the source wants that. Private to services.
 *
 * A job holds the photos of one request (one, for most services) and goes through as many requests as it takes, one after the
 * other: again for what failed for now, a second one that builds on the first. What is sent and what an answer means is the
 * service's.
 */
/* SPDX-License-Identifier: MIT */
#ifndef FC_SERVICE_REMOTE_PHOTOS_H
#define FC_SERVICE_REMOTE_PHOTOS_H

#include "net/http.h"
#include "service/remote/common/photo.h"

struct fc_remote_run;

struct fc_remote_job {
	struct fc_remote_photo *photos;
	size_t count, capacity;
	void *call; /* call_size bytes of the service's own, zero at first: what its requests point to */
	uint64_t bytes; /* of a request with all its photos, nearly */
	bool under_way;
	bool parked; /* set by next, which wants no request: it is asked again when another job's answer has come */
};

struct fc_remote_batch {
	const char *service; /* its name, for messages */
	struct fc_http *http;
	const struct fc_http_options *options; /* that http was opened with */
	const struct fc_remote_limits *limits;
	struct fc_photo_source source;
	size_t images;          /* of a request at most; at least 1 */
	uint64_t request_bytes; /* of a request at most; 0: no limit */
	bool in_turn;           /* one job after the other: what one creates the next must find */
	size_t call_size;
	void *context; /* of the functions below */
	/* Look over a photo that is fit to be sent; one that is not for another reason is finished here. May be NULL. */
	void (*check)(void *context, struct fc_remote_photo *photo);
	/*
	 * Fill in the next request for those of the job's photos that are not finished; *wanted false: there is none, and the job
	 * is over. What the request points to stays in job->call until the next call. An error ends the batch.
	 */
	enum fc_status (*next)(void *context, struct fc_remote_job *job,
			       struct fc_http_request *request, bool *wanted, struct fc_error *err);
	/*
	 * What the answer means for the job's photos: FC_OK and an answer of whatever HTTP status, or why there is none (see
	 * fc_http_wait). An answer or a failure that tells of the service and not of the photo also goes to fc_remote_heard or
	 * fc_remote_weigh. An error ends the batch.
	 */
	enum fc_status (*absorb)(void *context, struct fc_remote_run *run,
				 struct fc_remote_job *job, enum fc_status status,
				 const struct fc_http_response *response, struct fc_error *failure,
				 struct fc_error *err);
	void (*release)(void *call); /* free what a call holds; may be NULL */
	/* Called for each photo, in the source's order unless that says any_order. An error ends the batch. */
	enum fc_status (*handle)(void *context, struct fc_remote_photo *photo,
				 struct fc_error *err);
};

/*
 * Carry a batch out. When a signal asked to stop, no more photos are taken. Errors: what the source, handle and the client return,
 * and the failure that let the service count as down.
 */
FC_MUST_USE enum fc_status fc_remote_photos(const struct fc_remote_batch *batch,
					    struct fc_error *err);

/* The service is there and answers. */
void fc_remote_heard(struct fc_remote_run *run);

/* The service failed. Where that would meet every further photo too, or happens too often in a row, no more photos are taken. */
void fc_remote_weigh(struct fc_remote_run *run, const struct fc_error *failure);

/* For absorb: let the job's next request wait. */
void fc_remote_delay(struct fc_remote_run *run, uint64_t delay_ms);

/* A signal asked to stop: nothing is tried again. */
bool fc_remote_stopped(const struct fc_remote_batch *batch);

/* The only photo of a job, where requests hold one. */
static inline struct fc_remote_photo *fc_remote_only(struct fc_remote_job *job)
{
	return &job->photos[0];
}

enum {
	/* A photo's share of a request beside its bytes: the part's head, its line in a meta object. */
	FC_REMOTE_PART_OVERHEAD = 400,
};

#endif
