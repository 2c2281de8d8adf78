/* The client: its queue of requests, and their retries. */
/* SPDX-License-Identifier: MIT */
#include "net/http_client.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "net/request_url.h"
#include "net/retry.h"

/* Upper limit of one wait for the network, so that options.stop is checked often enough. */
enum { NAP_MS = 200 };

static enum fc_status set_up_multi(struct fc_http *client, struct fc_error *err)
{
	client->curl_ready = curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
	client->multi = client->curl_ready ? curl_multi_init() : NULL;
	client->exchanges = calloc(client->options.parallel, sizeof(*client->exchanges));
	if (!client->multi || !client->exchanges) {
		return fc_fail_memory(err);
	}
	long parallel = (long)client->options.parallel;
	if (curl_multi_setopt(client->multi, CURLMOPT_MAXCONNECTS, parallel) != CURLM_OK ||
	    curl_multi_setopt(client->multi, CURLMOPT_PIPELINING, (long)CURLPIPE_MULTIPLEX) !=
		    CURLM_OK) {
		return fc_fail(err, FC_INTERNAL, "libcurl rejected an option");
	}
	return FC_OK;
}

enum fc_status fc_http_open(const struct fc_http_options *options, struct fc_http **out,
			    struct fc_error *err)
{
	FC_CLEANUP(fc_http_closep) struct fc_http *client = calloc(1, sizeof(*client));
	if (!client) {
		return fc_fail_memory(err);
	}
	client->options = *options;
	if (options->parallel < 1 || options->retry.tries < 1 || options->slow_bytes < 1) {
		return fc_fail(err, FC_INVALID_ARGUMENT,
			       "parallel requests, tries and the lowest speed must be at least 1");
	}
	if (!(options->requests_a_second >= 0)) {
		return fc_fail(err, FC_INVALID_ARGUMENT, "the rate limit must not be negative");
	}
	FC_TRY(fc_url_parse(options->url, options->insecure_http, &client->url, err));
	for (size_t i = 0; i < options->secret_count; i++) {
		FC_TRY(fc_redaction_add(&client->redaction, options->secrets[i], err));
	}
	fc_rate_limit_init(&client->rate, options->requests_a_second, fc_clock_monotonic_ms());
	FC_TRY(set_up_multi(client, err));
	*out = FC_STEAL(client);
	return FC_OK;
}

/* Stop the transfer, if any, and free the slot for the next request. */
static void exchange_clear(struct fc_http *client, struct exchange *exchange)
{
	CURL *easy = exchange->easy;
	if (exchange->state == EXCHANGE_RUNNING) {
		FC_IGNORE(curl_multi_remove_handle(client->multi, easy));
	}
	fc_http_tear_down(exchange);
	fc_http_response_release(&exchange->response);
	free(exchange->shown_url);
	*exchange = (struct exchange){ .easy = easy };
}

void fc_http_cancel(struct fc_http *client)
{
	for (size_t i = 0; client->exchanges && i < client->options.parallel; i++) {
		exchange_clear(client, &client->exchanges[i]);
	}
}

void fc_http_close(struct fc_http *client)
{
	if (!client) {
		return;
	}
	fc_http_cancel(client);
	for (size_t i = 0; client->exchanges && i < client->options.parallel; i++) {
		curl_easy_cleanup(client->exchanges[i].easy);
	}
	free(client->exchanges);
	if (client->multi) {
		FC_IGNORE(curl_multi_cleanup(client->multi));
	}
	if (client->curl_ready) {
		curl_global_cleanup();
	}
	fc_redaction_release(&client->redaction);
	fc_url_release(&client->url);
	free(client);
}

size_t fc_http_pending(const struct fc_http *client)
{
	size_t count = 0;
	for (size_t i = 0; i < client->options.parallel; i++) {
		count += client->exchanges[i].state != EXCHANGE_FREE;
	}
	return count;
}

enum fc_status fc_http_submit(struct fc_http *client, uint64_t ticket,
			      const struct fc_http_request *request, struct fc_error *err)
{
	struct exchange *exchange = client->exchanges;
	struct exchange *end = client->exchanges + client->options.parallel;
	FC_TRY(fc_http_check(request, err));
	while (exchange < end && exchange->state != EXCHANGE_FREE) {
		exchange++;
	}
	if (exchange == end) {
		return fc_fail(err, FC_INTERNAL, "too many pending requests");
	}
	exchange->shown_url = fc_request_url(&client->url, request, true);
	if (!exchange->shown_url) {
		return fc_fail_memory(err);
	}
	exchange->client = client;
	exchange->ticket = ticket;
	exchange->request = *request;
	exchange->start_at = fc_clock_monotonic_ms() + (int64_t)request->delay_ms;
	exchange->deadline = exchange->start_at + (int64_t)client->options.retry.deadline_ms;
	exchange->state = EXCHANGE_WAITING;
	return FC_OK;
}

/* ---- one try ---- */

static enum fc_status start_try(struct fc_http *client, struct exchange *exchange,
				struct fc_error *err)
{
	FC_TRY(fc_http_set_up(exchange, err));
	if (curl_multi_add_handle(client->multi, exchange->easy) != CURLM_OK) {
		return fc_fail(err, FC_INTERNAL, "libcurl cannot start another request");
	}
	exchange->started_at = fc_clock_monotonic_ms();
	exchange->response.tries++;
	exchange->state = EXCHANGE_RUNNING;
	return FC_OK;
}

/* The outcome of a try. */
struct ending {
	CURLcode code;
	enum fc_http_verdict verdict;
	const char *failure; /* message; NULL if there is a response */
};

/* Following a redirect would send the token and the photo to another host. */
static enum fc_status refuse_redirect(const struct exchange *exchange, struct fc_error *err)
{
	char *target = NULL;
	FC_IGNORE(curl_easy_getinfo(exchange->easy, CURLINFO_REDIRECT_URL, &target));
	char *host = target ? fc_url_host(target) : NULL;
	if (host) {
		fc_redact(&exchange->client->redaction, host, strlen(host));
	}
	enum fc_status status = fc_fail(
		err, FC_REFUSED,
		"HTTP %d: redirected to '%s', which is not followed; if the service has moved "
		"there, change its url",
		exchange->response.status, host ? host : "nowhere");
	free(host);
	return status;
}

/* Determine the outcome of a try, and set response, status and error of the exchange. */
static struct ending read_ending(struct exchange *exchange, CURLcode code)
{
	const struct fc_http_request *request = &exchange->request;
	struct ending ending = { .code = code, .verdict = FC_HTTP_FINAL };
	long status = 0;
	long request_bytes = 0;
	FC_IGNORE(curl_easy_getinfo(exchange->easy, CURLINFO_RESPONSE_CODE, &status));
	FC_IGNORE(curl_easy_getinfo(exchange->easy, CURLINFO_REQUEST_SIZE, &request_bytes));
	exchange->response.status = (int)status;
	bool reached = fc_http_proxy_refusal(exchange) == 0 &&
		       (code == CURLE_OK || status > 0 || request_bytes > 0);
	fc_http_finish_response(exchange);
	if (code != CURLE_OK) {
		exchange->response.sent = exchange->response.sent || reached;
		exchange->status = fc_http_explain(exchange, code, &exchange->error);
		ending.failure = exchange->error.text;
		if (fc_http_is_passing(exchange, code)) {
			ending.verdict = reached ? FC_HTTP_TRY_AGAIN : FC_HTTP_NOT_DONE;
		}
		return ending;
	}
	exchange->status = FC_OK;
	if (status >= 300 && status < 400) {
		exchange->status = refuse_redirect(exchange, &exchange->error);
		return ending;
	}
	ending.verdict = fc_retry_verdict(exchange->response.status);
	if (ending.verdict == FC_HTTP_FINAL && request->judge) {
		ending.verdict = request->judge(request->judge_context, &exchange->response);
	}
	exchange->response.sent = exchange->response.sent || ending.verdict != FC_HTTP_NOT_DONE;
	return ending;
}

/* Whether to retry, and how long to wait before. */
static bool plan_next_try(const struct exchange *exchange, const struct ending *ending, int64_t now,
			  uint64_t *wait_ms)
{
	const struct fc_retry_policy *policy = &exchange->client->options.retry;
	const struct fc_http_response *response = &exchange->response;
	bool allowed = ending->verdict == FC_HTTP_NOT_DONE ||
		       (ending->verdict == FC_HTTP_TRY_AGAIN && exchange->request.repeatable);
	if (!allowed || response->tries >= policy->tries ||
	    fc_http_stopped(&exchange->client->options)) {
		return false;
	}
	if (response->has_wait && response->wait_ms > policy->longest_wait_ms) {
		return false;
	}
	*wait_ms = fc_retry_wait(policy, response->tries, fc_retry_draw(), response);
	return now + (int64_t)*wait_ms < exchange->deadline;
}

static void trace_try(const struct exchange *exchange, const struct ending *ending, bool again,
		      uint64_t wait_ms, int64_t now)
{
	const struct fc_http_trace *trace = &exchange->client->options.trace;
	curl_off_t sent = 0;
	if (!trace->call) {
		return;
	}
	FC_IGNORE(curl_easy_getinfo(exchange->easy, CURLINFO_SIZE_UPLOAD_T, &sent));
	struct fc_http_event event = {
		.method = fc_http_method_name(exchange->request.method),
		.url = exchange->shown_url,
		.status = exchange->response.status,
		.failure = ending->failure,
		.request_id = exchange->response.request_id,
		.attempt = exchange->response.tries,
		.seconds = (double)(now - exchange->started_at) / 1000,
		.bytes_sent = (uint64_t)sent,
		.bytes_received = exchange->response.body.length,
		.again = again,
		.wait_ms = wait_ms,
	};
	trace->call(trace->context, &event);
}

static void finish_try(struct fc_http *client, struct exchange *exchange, CURLcode code)
{
	int64_t now = fc_clock_monotonic_ms();
	struct ending ending = read_ending(exchange, code);
	uint64_t wait_ms = 0;
	bool again = plan_next_try(exchange, &ending, now, &wait_ms);
	trace_try(exchange, &ending, again, again ? wait_ms : 0, now);
	FC_IGNORE(curl_multi_remove_handle(client->multi, exchange->easy));
	fc_http_tear_down(exchange);
	exchange->state = again ? EXCHANGE_WAITING : EXCHANGE_OVER;
	exchange->start_at = now + (int64_t)wait_ms;
	/* 429 and a long wait apply to all requests of this client */
	const struct fc_http_response *response = &exchange->response;
	bool is_long = response->wait_ms > client->options.retry.longest_wait_ms;
	int64_t until = again ? exchange->start_at : now + (int64_t)response->wait_ms;
	if ((response->status == 429 && again) ||
	    (response->has_wait && (response->status == 429 || is_long))) {
		client->quiet_until = until > client->quiet_until ? until : client->quiet_until;
	}
}

/* ---- all requests ---- */

bool fc_http_must_wait(const struct fc_http *client)
{
	int64_t left = client->quiet_until - fc_clock_monotonic_ms();
	return left > (int64_t)client->options.retry.longest_wait_ms;
}

/* Why the requests that were not started yet cannot be sent. FC_OK: they can. */
static enum fc_status check_start(const struct fc_http *client, struct fc_error *err)
{
	if (fc_http_stopped(&client->options)) {
		return fc_fail(err, FC_BUSY, "interrupted before it was sent");
	}
	if (fc_http_must_wait(client)) {
		int64_t left = client->quiet_until - fc_clock_monotonic_ms();
		return fc_fail(err, FC_BUSY,
			       "not sent, because the service requested a wait; retry after "
			       "%" PRId64 " s",
			       (left + 999) / 1000);
	}
	return FC_OK;
}

/* Start the waiting requests that are due; *nap is reduced to the time until the next one is due. */
static enum fc_status start_due(struct fc_http *client, int64_t *nap, struct fc_error *err)
{
	int64_t now = fc_clock_monotonic_ms();
	for (size_t i = 0; i < client->options.parallel; i++) {
		struct exchange *exchange = &client->exchanges[i];
		if (exchange->state != EXCHANGE_WAITING) {
			continue;
		}
		struct fc_error why = { 0 };
		if (check_start(client, &why) != FC_OK) {
			/* after a try, its result remains */
			if (exchange->response.tries == 0) {
				exchange->status = why.status;
				exchange->error = why;
			}
			exchange->state = EXCHANGE_OVER;
			continue;
		}
		bool quiet = client->quiet_until > exchange->start_at;
		int64_t left = (quiet ? client->quiet_until : exchange->start_at) - now;
		if (left <= 0) {
			left = fc_rate_limit_take(&client->rate, now);
		}
		if (left <= 0) {
			FC_TRY(start_try(client, exchange, err));
		} else if (left < *nap) {
			*nap = left;
		}
	}
	return FC_OK;
}

static void collect_endings(struct fc_http *client)
{
	CURLMsg *message;
	int left;
	while ((message = curl_multi_info_read(client->multi, &left))) {
		char *private = NULL;
		if (message->msg != CURLMSG_DONE) {
			continue;
		}
		CURLcode code = message->data.result;
		FC_IGNORE(curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &private));
		finish_try(client, (struct exchange *)(void *)private, code);
	}
}

enum fc_status fc_http_wait(struct fc_http *client, uint64_t *ticket,
			    struct fc_http_response *response, enum fc_status *status,
			    struct fc_error *request_err, struct fc_error *err)
{
	if (fc_http_pending(client) == 0) {
		return fc_fail(err, FC_INTERNAL, "no request to wait for");
	}
	for (;;) {
		int64_t nap = NAP_MS;
		int running;
		FC_TRY(start_due(client, &nap, err));
		for (size_t i = 0; i < client->options.parallel; i++) {
			struct exchange *exchange = &client->exchanges[i];
			if (exchange->state != EXCHANGE_OVER) {
				continue;
			}
			*ticket = exchange->ticket;
			*response = FC_STEAL_STRUCT(exchange->response);
			*status = exchange->status;
			if (exchange->status != FC_OK && request_err) {
				*request_err = exchange->error;
			}
			exchange_clear(client, exchange);
			return FC_OK;
		}
		/* returns at once if a request has just been started */
		CURLMcode code = curl_multi_poll(client->multi, NULL, 0, (int)nap, NULL);
		if (code == CURLM_OK) {
			code = curl_multi_perform(client->multi, &running);
		}
		if (code != CURLM_OK) {
			return fc_fail(err,
				       code == CURLM_OUT_OF_MEMORY ? FC_NO_MEMORY : FC_INTERNAL,
				       "libcurl failed: %s", curl_multi_strerror(code));
		}
		collect_endings(client);
	}
}

enum fc_status fc_http_perform(struct fc_http *client, const struct fc_http_request *request,
			       struct fc_http_response *response, struct fc_error *err)
{
	uint64_t ticket;
	enum fc_status status;
	FC_TRY(fc_http_submit(client, 0, request, err));
	FC_TRY(fc_http_wait(client, &ticket, response, &status, err, err));
	return status;
}
