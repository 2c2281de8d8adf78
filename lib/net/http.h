/*
 * HTTP as remote services need it: typed requests and answers, limits on everything, repeats only where repeating is safe, and
 * secrets that no message shows. What knows libcurl lies behind this header.
 */
/* SPDX-License-Identifier: MIT */
#ifndef FC_NET_HTTP_H
#define FC_NET_HTTP_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "base/error.h"

struct fc_http;

/* ---- the client: connections to one service, and the manners towards it ---- */

/* One try of a request, told when it is over. Texts are borrowed, hold no secret, and may hold anything else. */
struct fc_http_event {
	const char *method;
	const char *url;        /* values of secret fields are shown as REDACTED */
	int status;             /* HTTP status; 0 when no answer came */
	const char *failure;    /* why no whole answer came; NULL when one did */
	const char *request_id; /* the service's name for it; "" when it gave none */
	unsigned attempt;       /* 1 for the first */
	double seconds;
	uint64_t bytes_sent, bytes_received; /* of the bodies */
	bool again;                          /* it will be tried again ... */
	uint64_t wait_ms;                    /* ... after this time */
};

struct fc_http_trace {
	void (*call)(void *context, const struct fc_http_event *event); /* NULL for none */
	void *context;
};

/* When and how often to try again. Times in milliseconds. */
struct fc_retry_policy {
	unsigned tries;       /* at most, the first included; at least 1 */
	uint64_t base_ms;     /* the n-th wait is a random share of base * 2^(n-1) ... */
	uint64_t ceiling_ms;  /* ... but of no more than this */
	uint64_t patience_ms; /* a service that asks for a longer wait is not asked again */
	uint64_t deadline_ms; /* for all tries of a request with their waits */
};

struct fc_http_options {
	const char *url;     /* scheme, host, port and the path before every request's own */
	bool insecure_http;  /* http to hosts other than this machine */
	const char *ca_file; /* certificates to trust; NULL: the system's */
	const char *proxy; /* URL; NULL: none. The environment is never asked: hand its values in */
	const char *no_proxy;     /* comma-separated hosts that the proxy is not for; NULL: none */
	const char *user_agent;   /* NULL: none is sent */
	uint64_t connect_ms;      /* to connect, TLS included */
	uint64_t try_ms;          /* for one try */
	uint64_t slow_ms;         /* a try is given up after this time below slow_bytes a second */
	uint64_t slow_bytes;      /* at least 1 */
	uint64_t answer_bytes;    /* an answer's body may be this long */
	double requests_a_second; /* tries are spread so that there are no more; 0: no limit */
	unsigned parallel;        /* requests under way at once; at least 1 */
	struct fc_retry_policy retry;
	/* Texts that must show up in no message: they are blotted out of whatever comes back. At least 8 bytes each. */
	const char *const *secrets;
	size_t secret_count;
	struct fc_http_trace trace;
	/* Becomes non-zero when a signal asked to end: what is on its way is finished, nothing is tried again. May be NULL. */
	const volatile sig_atomic_t *stop;
};

/* Everything but the URL at its default. */
struct fc_http_options fc_http_defaults(void);

/*
 * Check the options and get ready; nothing is sent. Strings are borrowed until fc_http_close.
 * Errors: FC_INVALID_ARGUMENT (the address: the text says what is wrong with it), FC_NO_MEMORY, FC_INTERNAL.
 */
FC_MUST_USE enum fc_status fc_http_open(const struct fc_http_options *options, struct fc_http **out,
					struct fc_error *err);
void fc_http_close(struct fc_http *client);
FC_DEFINE_CLEANUP(struct fc_http *, fc_http_close);

/* ---- requests ---- */

enum fc_http_method {
	FC_HTTP_GET,
	FC_HTTP_POST,
	FC_HTTP_PUT,
	FC_HTTP_PATCH,
	FC_HTTP_DELETE,
};

/* A query parameter or a header. Query texts are percent-encoded here; a header with a control character is refused. */
struct fc_http_field {
	const char *name;
	const char *value;
	bool secret; /* never shown */
};

/* Bytes to send: in memory, or read from a file's start without moving its position. Borrowed until the request is over. */
struct fc_http_content {
	const void *data; /* NULL: of the file */
	int fd;
	uint64_t length;
};

/* One part of a multipart/form-data body. */
struct fc_http_part {
	const char *name;
	const char *filename;     /* NULL: a plain field */
	const char *content_type; /* NULL: not said */
	struct fc_http_content content;
};

struct fc_http_response;

/* What an answer means for trying again, where the HTTP status alone does not tell. */
enum fc_http_verdict {
	FC_HTTP_FINAL,
	FC_HTTP_TRY_AGAIN, /* something failed for now: again, if the request is repeatable */
	FC_HTTP_NOT_DONE,  /* surely not carried out: again in any case */
};

struct fc_http_request {
	enum fc_http_method method;
	const char *const *path; /* pieces behind the client's URL, each percent-encoded here */
	size_t path_count;
	bool trailing_slash;
	const struct fc_http_field *query;
	size_t query_count;
	const struct fc_http_field *headers;
	size_t header_count;
	/* At most one of both bodies. Without any, all but GET say Content-Length: 0. */
	struct fc_http_content body;
	const char *content_type; /* of body */
	const struct fc_http_part *parts;
	size_t part_count;
	/*
	 * Carrying the request out twice comes to the same as once. One that is not repeatable is tried again only when nothing of
	 * it can have been carried out: it was never sent, or the service said 429.
	 */
	bool repeatable;
	uint64_t delay_ms; /* do not start earlier */
	/*
	 * For what is too long for memory: gets the body of an answer with status 2xx piece by piece, which response->body then
	 * lacks. False ends the try with FC_IO. NULL: the body is kept. Asks for no JSON.
	 */
	bool (*receive)(void *context, const struct fc_http_response *response, const void *data,
			size_t length);
	void *receive_context;
	/* Asked about answers that the HTTP status alone makes final; NULL: they are. */
	enum fc_http_verdict (*judge)(void *context, const struct fc_http_response *response);
	void *judge_context;
};

/* { 0 } is an empty one. */
struct fc_http_response {
	int status; /* 0 when no answer came */
	struct fc_buffer body;
	char content_type[64];        /* "application/json"; "" when not said */
	char request_id[80];          /* "" when not said */
	char operation_location[256]; /* "" when not said */
	bool has_length;              /* the body's, as it was announced */
	uint64_t length;
	bool has_range; /* of a part of something: where it starts, and how long the whole is */
	uint64_t range_start, range_whole;
	bool has_wait; /* the service asked for a wait, in a header or in words */
	uint64_t wait_ms;
	unsigned tries;
	bool sent;        /* at least one try may have reached the service, whatever came back */
	bool sent_before; /* the same of the tries before the last one */
	int64_t date; /* of the answer by the service's clock, microseconds since the epoch; 0 when not said */
};

void fc_http_response_release(struct fc_http_response *response);

/* Requests submitted and not yet returned by fc_http_wait. */
size_t fc_http_pending(const struct fc_http *client);

/*
 * Take a request; it is sent by fc_http_wait. All that it points to must stay until it is returned there. ticket is the
 * caller's and comes back with the answer. Call only while fewer are pending than fc_http_options.parallel.
 * Errors: FC_INVALID_ARGUMENT (a field that cannot be sent), FC_NO_MEMORY.
 */
FC_MUST_USE enum fc_status fc_http_submit(struct fc_http *client, uint64_t ticket,
					  const struct fc_http_request *request,
					  struct fc_error *err);

/*
 * Work on all requests until one is over, in whatever order. *response is the caller's to release.
 *
 * *status and *request_err tell of that request. FC_OK: an answer is there, whatever its HTTP status (but for redirects). Else
 * FC_BUSY (not reached, too slow, cut off, interrupted), FC_REFUSED (a redirect, not HTTP, an answer over the limit),
 * FC_PERMISSION (the certificate is not to be trusted, or the CA file is none), FC_IO (a file to send became shorter).
 * The return value tells of the client: FC_OK, FC_NO_MEMORY, FC_INTERNAL.
 */
FC_MUST_USE enum fc_status fc_http_wait(struct fc_http *client, uint64_t *ticket,
					struct fc_http_response *response, enum fc_status *status,
					struct fc_error *request_err, struct fc_error *err);

/* Drop every request that was submitted and not yet returned. What is on its way may still be carried out. */
void fc_http_cancel(struct fc_http *client);

/* One request from submit to answer, when no other is under way. Returns the request's own status. */
FC_MUST_USE enum fc_status fc_http_perform(struct fc_http *client,
					   const struct fc_http_request *request,
					   struct fc_http_response *response, struct fc_error *err);

/*
 * An answer that is a failure, as a status and words: 401, 403 and 407 are FC_PERMISSION, 408, 429 and 5xx FC_BUSY, 413
 * FC_TOO_LARGE, the others FC_REFUSED. words: what the service says; NULL when it says nothing fit to show.
 */
enum fc_status fc_http_failure(const struct fc_http_response *response, const char *words,
			       struct fc_error *err);

#endif
