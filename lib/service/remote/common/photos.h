/*
 * Send photos to a remote service: read them from their source, send as many requests at once as the HTTP client allows, and
 * hand the results to a callback, in the order of the source or, if the source has any_order, as they finish. Private to
 * lib/service.
 *
 * A job holds the photos of one request (one photo, for most services). It may need several requests, one after the other:
 * retries, and steps that depend on an earlier response. The callbacks of the service build the requests and interpret the
 * responses.
 */
/* SPDX-License-Identifier: MIT */
#ifndef FC_SERVICE_REMOTE_COMMON_PHOTOS_H
#define FC_SERVICE_REMOTE_COMMON_PHOTOS_H

#include "net/http.h"
#include "service/remote/common/photo.h"

struct fc_remote_run;

struct fc_remote_job {
	struct fc_remote_photo *photos;
	size_t count, capacity;
	void *call; /* call_size bytes, initially zero, for the service's code: the data that its requests point to */
	uint64_t bytes; /* estimated size of a request with all photos */
	bool under_way;
	bool parked; /* set by next if the job must wait for another job: next is called again after the next response */
};

struct fc_remote_batch {
	const char *service; /* its name, for messages */
	struct fc_http *http;
	const struct fc_http_options *options; /* the options of http */
	const struct fc_remote_limits *limits;
	struct fc_photo_source source;
	size_t images;          /* maximum number of photos in a request, at least 1 */
	uint64_t request_bytes; /* maximum size of a request; 0 means no limit */
	bool in_turn; /* run one job at a time, because each must see what the one before created */
	size_t call_size;
	void *context; /* passed to the functions below */
	/* Check a photo before it is sent. Marks a photo that must not be sent as finished. An error ends the batch. May be NULL. */
	enum fc_status (*check)(void *context, struct fc_remote_photo *photo, struct fc_error *err);
	/*
	 * Fill in the next request for the photos of the job that are not finished. If none is needed, the job is complete: set
	 * *wanted to false. The data that the request points to must stay valid in job->call until the next call. An error ends
	 * the batch.
	 */
	enum fc_status (*next)(void *context, struct fc_remote_job *job,
			       struct fc_http_request *request, bool *wanted, struct fc_error *err);
	/*
	 * Apply a response to the photos of the job. status is FC_OK for a response with any HTTP status, else the reason why
	 * there is none (see fc_http_wait). Must call fc_remote_service_answered or fc_remote_service_failed to report the state
	 * of the service. An error ends the batch.
	 */
	enum fc_status (*absorb)(void *context, struct fc_remote_run *run,
				 struct fc_remote_job *job, enum fc_status status,
				 const struct fc_http_response *response, struct fc_error *failure,
				 struct fc_error *err);
	void (*release)(void *call); /* free the memory that job->call owns; may be NULL */
	/* Called for each finished photo, in the order of the source unless the source has any_order. An error ends the batch. */
	enum fc_status (*handle)(void *context, struct fc_remote_photo *photo,
				 struct fc_error *err);
};

/*
 * Run a batch. After a signal to stop, no more photos are read from the source. Errors: those of the source, of handle and of
 * the HTTP client, and the last failure of a service that is considered down.
 */
enum fc_status fc_remote_photos(const struct fc_remote_batch *batch, struct fc_error *err);

/* Report that the service is reachable: resets the count of failures. */
void fc_remote_service_answered(struct fc_remote_run *run);

/*
 * Report that the service failed. After a failure that would affect every photo, or too many failures in a row, the batch reads
 * no more photos.
 */
void fc_remote_service_failed(struct fc_remote_run *run, const struct fc_error *failure);

/* For absorb: delay the next request of the job. */
void fc_remote_delay(struct fc_remote_run *run, uint64_t delay_ms);

/* The photo of a job, for services with one photo per request. */
static inline struct fc_remote_photo *fc_remote_only_photo(struct fc_remote_job *job)
{
	return &job->photos[0];
}

enum {
	/* Bytes that a photo adds to a request in addition to its file: the header of the part, its line in a meta object. */
	FC_REMOTE_PART_OVERHEAD = 400,
};

#endif
