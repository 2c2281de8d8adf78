/*
 * Photos to a remote service: taken from their source, sent by as many requests at once as the client allows, and handed on in the
 * order of the source, or as they finish where the source wants that. Private to services.
 *
 * A job holds the photos of one request (one photo, for most services) and may take several requests, one after the other: a retry,
 * or a step that needs the answer to the one before. What is sent, and what an answer means, is up to the service.
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
	void *call; /* call_size bytes for the service, zero at first: what its requests point to */
	uint64_t bytes; /* estimated size of a request with all photos */
	bool under_way;
	bool parked; /* set by next when it has to wait for another job: next is called again after the next answer */
};

struct fc_remote_batch {
	const char *service; /* its name, for messages */
	struct fc_http *http;
	const struct fc_http_options *options; /* that http was opened with */
	const struct fc_remote_limits *limits;
	struct fc_photo_source source;
	size_t images;          /* limit of photos in a request, at least 1 */
	uint64_t request_bytes; /* limit of a request's size; 0: none */
	bool in_turn;           /* one job at a time: the next one must see what this one creates */
	size_t call_size;
	void *context; /* of the functions below */
	/* Check a photo before it is sent; marks one that must not be sent as finished. May be NULL. */
	void (*check)(void *context, struct fc_remote_photo *photo);
	/*
	 * Fill in the next request for the photos of the job that are not finished; *wanted false: there is none, and the job is
	 * complete. What the request points to stays in job->call until the next call. An error ends the batch.
	 */
	enum fc_status (*next)(void *context, struct fc_remote_job *job,
			       struct fc_http_request *request, bool *wanted, struct fc_error *err);
	/*
	 * Apply an answer to the photos of the job. status is FC_OK for an answer with any HTTP status, else why there is none (see
	 * fc_http_wait). Reports the state of the service by fc_remote_service_answered or fc_remote_service_failed. An error ends
	 * the batch.
	 */
	enum fc_status (*absorb)(void *context, struct fc_remote_run *run,
				 struct fc_remote_job *job, enum fc_status status,
				 const struct fc_http_response *response, struct fc_error *failure,
				 struct fc_error *err);
	void (*release)(void *call); /* free what a call holds; may be NULL */
	/* Receives each photo, in the order of the source unless that says any_order. An error ends the batch. */
	enum fc_status (*handle)(void *context, struct fc_remote_photo *photo,
				 struct fc_error *err);
};

/*
 * Run a batch. After a signal to stop no more photos are taken. Errors: those of the source, of handle and of the client,
 * and the failure after which the service was considered down.
 */
FC_MUST_USE enum fc_status fc_remote_photos(const struct fc_remote_batch *batch,
					    struct fc_error *err);

/* The service is reachable: resets the count of failures. */
void fc_remote_service_answered(struct fc_remote_run *run);

/* The service failed. No more photos are taken after a failure that would repeat for every photo, or after too many in a row. */
void fc_remote_service_failed(struct fc_remote_run *run, const struct fc_error *failure);

/* For absorb: delay the next request of the job. */
void fc_remote_delay(struct fc_remote_run *run, uint64_t delay_ms);

/* A signal to stop was received: no retries. */
bool fc_remote_stopped(const struct fc_remote_batch *batch);

/* The photo of a job, where each request has one. */
static inline struct fc_remote_photo *fc_remote_only_photo(struct fc_remote_job *job)
{
	return &job->photos[0];
}

enum {
	/* Bytes of a request for each photo besides its own: the header of the part, its line in a meta object. */
	FC_REMOTE_PART_OVERHEAD = 400,
};

#endif
