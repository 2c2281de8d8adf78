/*
 * HTTP client: typed requests and responses, limits on everything, retries only where they are safe, and no secrets in messages.
 * Only the files behind this header use libcurl.
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

/* ---- the client: connections to one service ---- */

/* Reported after each try of a request. Texts are borrowed and contain no secrets; bytes from the service are not escaped. */
struct fc_http_event {
	const char *method;
	const char *url;        /* values of secret fields are replaced by REDACTED */
	int status;             /* HTTP status; 0 without a response */
	const char *failure;    /* why there is no complete response; NULL if there is one */
	const char *request_id; /* chosen by the service; "" if none */
	unsigned attempt;       /* 1 for the first */
	double seconds;
	uint64_t bytes_sent, bytes_received; /* body sizes */
	bool again;                          /* the request will be retried ... */
	uint64_t wait_ms;                    /* ... after this time */
};

struct fc_http_trace {
	void (*call)(void *context, const struct fc_http_event *event); /* may be NULL */
	void *context;
};

/* When and how often to retry. Times in milliseconds. */
struct fc_retry_policy {
	unsigned tries;           /* maximum, including the first; at least 1 */
	uint64_t base_ms;         /* the n-th wait is a random part of base * 2^(n-1) ... */
	uint64_t ceiling_ms;      /* ... limited to this */
	uint64_t longest_wait_ms; /* no retry if the service asks for a longer wait */
	uint64_t deadline_ms;     /* time limit for all tries of a request, including waits */
};

struct fc_http_options {
	const char *url;        /* scheme, host, port and the prefix of every request's path */
	bool insecure_http;     /* allow plain http to other machines */
	bool public_only;       /* connect only to public addresses (net/address.h) */
	const char *ca_file;    /* certificates to trust; NULL: the system's */
	const char *proxy;      /* URL; NULL: none. The environment is not read */
	const char *no_proxy;   /* comma-separated hosts to reach without the proxy; NULL: none */
	const char *user_agent; /* NULL: none is sent */
	uint64_t connect_ms;    /* time limit to connect, including TLS */
	uint64_t try_ms;        /* time limit for one try */
	/* abort a try if it transfers less than slow_bytes per second for this time */
	uint64_t slow_ms;
	uint64_t slow_bytes;      /* at least 1 */
	uint64_t answer_bytes;    /* maximum size of a response's body */
	double requests_a_second; /* rate limit of tries; 0 means no limit */
	unsigned parallel;        /* requests at the same time; at least 1 */
	struct fc_retry_policy retry;
	/* Texts to remove from responses and messages. At least 8 bytes each. */
	const char *const *secrets;
	size_t secret_count;
	struct fc_http_trace trace;
	/* Set to non-zero after a signal: running requests are finished, but nothing is retried. May be NULL. */
	const volatile sig_atomic_t *stop;
};

/* Whether a signal to stop was received. If so, do not retry. */
static inline bool fc_http_stopped(const struct fc_http_options *options)
{
	return options->stop && *options->stop != 0;
}

/* The defaults, without a URL. */
struct fc_http_options fc_http_defaults(void);

/*
 * Check the options; nothing is sent yet. Strings are borrowed until fc_http_close.
 * Errors: FC_INVALID_ARGUMENT (an invalid URL or option), FC_NO_MEMORY, FC_INTERNAL.
 */
enum fc_status fc_http_open(const struct fc_http_options *options, struct fc_http **out,
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

/* A query parameter or a header. Query texts are percent-encoded; headers with control characters are refused. */
struct fc_http_field {
	const char *name;
	const char *value;
	bool secret; /* never shown in messages */
};

/* Bytes to send: from memory, or from the start of a file without changing its position. Borrowed until the request ends. */
struct fc_http_content {
	const void *data; /* NULL: read fd */
	int fd;
	uint64_t length;
};

/* One part of a multipart/form-data body. */
struct fc_http_part {
	const char *name;
	const char *filename;     /* NULL: a plain field */
	const char *content_type; /* NULL: none */
	struct fc_http_content content;
};

struct fc_http_response;

/* Whether to retry after a response. */
enum fc_http_verdict {
	FC_HTTP_FINAL,
	FC_HTTP_TRY_AGAIN, /* a temporary failure: retry if the request is repeatable */
	FC_HTTP_NOT_DONE, /* the service did not execute the request: retry even if it is not repeatable */
};

struct fc_http_request {
	enum fc_http_method method;
	const char *const *path; /* segments after the client's URL; percent-encoded when sent */
	size_t path_count;
	bool trailing_slash;
	const struct fc_http_field *query;
	size_t query_count;
	const char *raw_query; /* sent as it is, in place of query; NULL: none */
	const struct fc_http_field *headers;
	size_t header_count;
	/* At most one of body and parts is set. If neither is, methods other than GET send Content-Length: 0. */
	struct fc_http_content body;
	const char *content_type; /* of body */
	const struct fc_http_part *parts;
	size_t part_count;
	/*
	 * The request is idempotent. Any other request is retried only if it cannot have been executed: it was not sent, or the
	 * service returned 429.
	 */
	bool repeatable;
	uint64_t delay_ms; /* wait this long before the first try */
	/*
	 * For large responses: called with each chunk of the body of a 2xx response, and response->body stays empty. If it returns false,
	 * the try ends with FC_IO. The Accept header then allows any type instead of JSON. NULL: the body is stored in response->body.
	 */
	bool (*receive)(void *context, const struct fc_http_response *response, const void *data,
			size_t length);
	void *receive_context;
	/* Called for responses whose HTTP status does not require a retry, to decide by their content. NULL: they are not retried. */
	enum fc_http_verdict (*judge)(void *context, const struct fc_http_response *response);
	void *judge_context;
};

/* { 0 } is empty. */
struct fc_http_response {
	int status; /* 0 without a response */
	struct fc_buffer body;
	char content_type[64];        /* "application/json"; "" if absent */
	char request_id[80];          /* "" if absent */
	char operation_location[256]; /* "" if absent */
	bool has_length;              /* Content-Length was present */
	uint64_t length;
	bool has_range; /* Content-Range was present: start of this part, length of the whole file */
	uint64_t range_start, range_whole;
	bool has_wait; /* the service asked for a wait, in a header or in its message */
	uint64_t wait_ms;
	unsigned tries;
	bool sent;        /* at least one try may have reached the service */
	bool sent_before; /* at least one try before the last one may have reached the service */
	int64_t date;     /* Date header, microseconds since the epoch; 0 if absent */
};

void fc_http_response_release(struct fc_http_response *response);

/* Requests submitted and not yet returned by fc_http_wait. */
size_t fc_http_pending(const struct fc_http *client);

/*
 * Queue a request; fc_http_wait sends it. Everything that the request points to must stay valid until fc_http_wait has returned its result.
 * ticket is chosen by the caller and returned with the response. Fewer than fc_http_options.parallel requests may be pending.
 * Errors: FC_INVALID_ARGUMENT (a field that cannot be sent), FC_NO_MEMORY.
 */
enum fc_status fc_http_submit(struct fc_http *client, uint64_t ticket,
			      const struct fc_http_request *request, struct fc_error *err);

/*
 * Process all requests until any one of them ends. The caller releases *response.
 *
 * *status and *request_err are the result of that request. FC_OK: there is a response, with any HTTP status except a redirect. Otherwise
 * FC_BUSY (the service cannot be reached, is too slow or closed the connection, or the request was interrupted), FC_REFUSED (the response
 * is a redirect, not HTTP, or too large), FC_PERMISSION (an untrusted certificate or invalid CA file), FC_IO (a file became shorter, or
 * receive returned false). The return value is about the client itself: FC_OK, FC_NO_MEMORY, FC_INTERNAL.
 */
enum fc_status fc_http_wait(struct fc_http *client, uint64_t *ticket,
			    struct fc_http_response *response, enum fc_status *status,
			    struct fc_error *request_err, struct fc_error *err);

/*
 * Whether the service asked for a wait that is longer than retry.longest_wait_ms and not over yet. Until then, requests fail with FC_BUSY
 * and are not sent.
 */
bool fc_http_must_wait(const struct fc_http *client);

/* Drop all pending requests. The service may still execute those that were sent. */
void fc_http_cancel(struct fc_http *client);

/* Submit a request and wait for it; no other may be pending. Returns the request's status. */
enum fc_status fc_http_perform(struct fc_http *client, const struct fc_http_request *request,
			       struct fc_http_response *response, struct fc_error *err);

/*
 * Convert a response that reports a failure to a status and a message: 401, 403 and 407 become FC_PERMISSION; 408, 425, 429 and 5xx
 * FC_BUSY; 413 FC_TOO_LARGE; all others FC_REFUSED. words: the service's message to quote; NULL if there is none.
 */
enum fc_status fc_http_failure(const struct fc_http_response *response, const char *words,
			       struct fc_error *err);

#endif
