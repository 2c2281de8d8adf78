/* Shared by the files of the HTTP client. Private to lib/net/http*.c. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_NET_HTTP_CLIENT_H
#define FC_NET_HTTP_CLIENT_H

#include <curl/curl.h>

#include "net/http.h"
#include "net/rate_limit.h"
#include "net/redact.h"
#include "net/url.h"

enum exchange_state {
	EXCHANGE_FREE = 0,
	EXCHANGE_WAITING, /* for its start time, the rate limit or the end of a wait that the service asked for */
	EXCHANGE_RUNNING,
	EXCHANGE_OVER,
};

/* Read position in one body or part. */
struct upload {
	const struct fc_http_content *content;
	uint64_t at;
	bool *broken; /* set to true if a file ends before its expected length */
};

/* One request with all of its tries. */
struct exchange {
	struct fc_http *client;
	enum exchange_state state;
	uint64_t ticket;
	struct fc_http_request request;
	struct fc_http_response response;
	int64_t start_at; /* monotonic milliseconds */
	int64_t deadline;
	char *shown_url;
	/* of the current try */
	CURL *easy;
	curl_mime *mime;
	struct curl_slist *headers;
	char *url;
	struct upload *uploads; /* one for each part, or one for the body */
	int64_t started_at;
	size_t header_bytes;
	bool file_broken;
	bool answer_too_long;
	bool receiver_refused;
	bool address_refused;         /* by public_only */
	char reason[CURL_ERROR_SIZE]; /* libcurl's message */
	/* the result */
	enum fc_status status;
	struct fc_error error;
};

struct fc_http {
	struct fc_http_options options;
	struct fc_url url;
	struct fc_redaction redaction;
	struct fc_rate_limit rate;
	int64_t quiet_until; /* no request starts before this time, because the service asked for a wait */
	bool curl_ready;
	CURLM *multi;
	struct exchange *exchanges; /* options.parallel of them */
};

/* ---- http_request.c ---- */

/* Refuse control characters in headers. */
enum fc_status fc_http_check(const struct fc_http_request *request, struct fc_error *err);

/* Create exchange->easy for the next try. Errors: FC_NO_MEMORY, FC_INTERNAL. */
enum fc_status fc_http_set_up(struct exchange *exchange, struct fc_error *err);

/* Free the resources of a try and wipe secrets. The connection stays open. */
void fc_http_tear_down(struct exchange *exchange);

/* The method's name, such as "GET". */
const char *fc_http_method_name(enum fc_http_method method);

/* ---- http_response.c ---- */

/* libcurl's callbacks; the context is the exchange. */
size_t fc_http_receive_header(char *data, size_t size, size_t count, void *context);
size_t fc_http_receive_body(char *data, size_t size, size_t count, void *context);

/* Remove secrets from the response, and find a requested wait in the text of a 429. */
void fc_http_finish_response(struct exchange *exchange);

/* ---- http_failure.c ---- */

/* The HTTP status with which a proxy refused to connect to the service; 0 if none did. */
int fc_http_proxy_refusal(const struct exchange *exchange);

/* Whether this is a temporary failure. */
bool fc_http_is_passing(const struct exchange *exchange, CURLcode code);

/* The status and message for a try without a complete response. */
enum fc_status fc_http_explain(const struct exchange *exchange, CURLcode code,
			       struct fc_error *err);

#endif
