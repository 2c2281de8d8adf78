/* The HTTP client against a server that does what it should, and everything that it should not. */
/* SPDX-License-Identifier: MIT */
#include "wire.h"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "base/digest.h"
#include "base/file.h"
#include "base/memory.h"

/* A client and what its requests came to. */
struct session {
	struct fc_http *client;
	struct fc_http_response response;
	struct fc_error err;
	struct fc_buffer trace;
};

static void session_end(struct session *session)
{
	fc_http_close(session->client);
	fc_http_response_release(&session->response);
	fc_buffer_release(&session->trace);
}

static void write_trace(void *context, const struct fc_http_event *event)
{
	fc_buffer_printf(context, "%s %s %d %s %s try %u%s\n", event->method, event->url,
			 event->status, event->failure ? event->failure : "-", event->request_id,
			 event->attempt, event->again ? " again" : "");
}

static void session_open(struct session *session, struct fc_http_options *options)
{
	options->trace.call = write_trace;
	options->trace.context = &session->trace;
	assert_int_equal(fc_http_open(options, &session->client, &session->err), FC_OK);
}

static enum fc_status perform(struct session *session, const struct fc_http_request *request)
{
	fc_http_response_release(&session->response);
	return fc_http_perform(session->client, request, &session->response, &session->err);
}

static struct fc_http_request echo_request(bool repeatable)
{
	static const char *const path[] = { "echo" };
	return (struct fc_http_request){
		.method = FC_HTTP_POST,
		.path = path,
		.path_count = 1,
		.body = { .data = "{}", .length = 2 },
		.content_type = "application/json",
		.repeatable = repeatable,
	};
}

static cJSON *answer_of(const struct session *session)
{
	cJSON *json = cJSON_ParseWithLength((const char *)session->response.body.data,
					    session->response.body.length);
	assert_non_null(json);
	return json;
}

static void arrives_as_it_was_meant(void **state)
{
	(void)state;
	FC_CLEANUP(session_end) struct session session = { 0 };
	struct fc_http_options options = wire_options();
	const char *path[] = { "echo", "a b/c?d" };
	const struct fc_http_field query[] = { { "date_from", "2020-01-31T00:00:00+00:00", false },
					       { "result", "ha,junk", false } };
	const struct fc_http_field headers[] = { { "Authorization", "Token abcdefgh", true } };
	struct fc_http_request request = {
		.method = FC_HTTP_PATCH,
		.path = path,
		.path_count = 2,
		.trailing_slash = true,
		.query = query,
		.query_count = 2,
		.headers = headers,
		.header_count = 1,
		.body = { .data = "{\"name\":\"x\"}", .length = 12 },
		.content_type = "application/json",
	};
	session_open(&session, &options);
	assert_int_equal(perform(&session, &request), FC_OK);
	FC_CLEANUP(fc_json_release) cJSON *json = answer_of(&session);
	const cJSON *seen = fc_json_get(json, "headers");
	assert_string_equal(fc_json_text(json, "method"), "PATCH");
	assert_string_equal(fc_json_text(json, "path"), "/echo/a%20b%2Fc%3Fd/");
	assert_string_equal(fc_json_text(json, "query"),
			    "date_from=2020-01-31T00%3A00%3A00%2B00%3A00&result=ha%2Cjunk");
	assert_string_equal(fc_json_text(seen, "authorization"), "Token abcdefgh");
	assert_string_equal(fc_json_text(seen, "content-type"), "application/json");
	assert_string_equal(fc_json_text(seen, "user-agent"), "facectl-test");
	assert_int_equal(fc_json_get(json, "length")->valueint, 12);
	assert_string_equal(session.response.content_type, "application/json; charset=utf-8");
	assert_true(strncmp(session.response.request_id, "fake-", 5) == 0);
}

static void every_method_without_a_body_says_so(void **state)
{
	(void)state;
	FC_CLEANUP(session_end) struct session session = { 0 };
	struct fc_http_options options = wire_options();
	session_open(&session, &options);
	for (enum fc_http_method method = FC_HTTP_GET; method <= FC_HTTP_DELETE; method++) {
		const char *path[] = { "echo" };
		struct fc_http_request request = { .method = method,
						   .path = path,
						   .path_count = 1 };
		assert_int_equal(perform(&session, &request), FC_OK);
		FC_CLEANUP(fc_json_release) cJSON *json = answer_of(&session);
		const char *length = fc_json_text(fc_json_get(json, "headers"), "content-length");
		if (method == FC_HTTP_GET) {
			assert_null(length);
		} else {
			assert_string_equal(length, "0");
		}
	}
}

static void a_file_is_streamed_with_its_length(void **state)
{
	(void)state;
	FC_CLEANUP(session_end) struct session session = { 0 };
	FC_CLEANUP(fc_free) char *photo = wire_photo("anna@0,0,9,9", 640, 480, 5000000);
	FC_CLEANUP(fc_fd_close) int fd = open(photo, O_RDONLY | O_CLOEXEC);
	struct fc_http_options options = wire_options();
	struct fc_http_request request = echo_request(true);
	struct fc_sha256 digest;
	char text[FC_SHA256_TEXT_SIZE];
	request.body = (struct fc_http_content){ .fd = fd, .length = 5000000 };
	request.content_type = "application/octet-stream";
	session_open(&session, &options);
	/* The second time all bytes must be sent anew. */
	wire_order("faults", "[\"503:0\"]");
	assert_int_equal(perform(&session, &request), FC_OK);
	assert_int_equal(session.response.tries, 2);
	FC_CLEANUP(fc_json_release) cJSON *json = answer_of(&session);
	assert_int_equal(fc_sha256_of_file(fd, photo, &digest, NULL), FC_OK);
	fc_sha256_format(&digest, text);
	assert_string_equal(fc_json_text(json, "sha256"), text);
	assert_string_equal(fc_json_text(fc_json_get(json, "headers"), "content-length"),
			    "5000000");
}

static void a_file_that_became_shorter_is_told_of(void **state)
{
	(void)state;
	FC_CLEANUP(session_end) struct session session = { 0 };
	FC_CLEANUP(fc_free) char *path = wire_file("short", 5);
	FC_CLEANUP(fc_fd_close) int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct fc_http_options options = wire_options();
	struct fc_http_request request = echo_request(true);
	request.body = (struct fc_http_content){ .fd = fd, .length = 500 };
	session_open(&session, &options);
	assert_int_equal(perform(&session, &request), FC_IO);
	assert_non_null(strstr(session.err.text, "shorter"));
	assert_int_equal(session.response.tries, 1);
}

static void one_connection_serves_many_requests(void **state)
{
	(void)state;
	FC_CLEANUP(session_end) struct session session = { 0 };
	struct fc_http_options options = wire_options();
	struct fc_http_request request = echo_request(true);
	session_open(&session, &options);
	int before = wire_count("connections");
	for (int i = 0; i < 5; i++) {
		assert_int_equal(perform(&session, &request), FC_OK);
	}
	/* One for the requests, one to ask for the count. */
	assert_int_equal(wire_count("connections") - before, 2);
}

static void tries_again_until_it_goes_well(void **state)
{
	(void)state;
	static const char *const faults[] = { "429:0", "503:0", "500",   "502",
					      "504",   "cut",   "short", "silence" };
	for (size_t i = 0; i < FC_ARRAY_LENGTH(faults); i++) {
		FC_CLEANUP(session_end) struct session session = { 0 };
		struct fc_http_options options = wire_options();
		struct fc_http_request request = echo_request(true);
		char plan[64];
		snprintf(plan, sizeof(plan), "[\"%s\",\"%s\"]", faults[i], faults[i]);
		wire_order("faults", plan);
		session_open(&session, &options);
		assert_int_equal(perform(&session, &request), FC_OK);
		assert_int_equal(session.response.status, 200);
		assert_int_equal(session.response.tries, 3);
	}
}

static void gives_up_after_its_tries(void **state)
{
	(void)state;
	FC_CLEANUP(session_end) struct session session = { 0 };
	struct fc_http_options options = wire_options();
	struct fc_http_request request = echo_request(true);
	options.retry.tries = 3;
	session_open(&session, &options);
	wire_order("faults", "[\"cut\",\"cut\",\"cut\",\"cut\"]");
	assert_int_equal(perform(&session, &request), FC_BUSY);
	assert_non_null(strstr(session.err.text, "was closed"));
	wire_order("reset", "null");
	wire_order("faults", "[\"503\",\"503\",\"503\",\"503\"]");
	assert_int_equal(perform(&session, &request), FC_OK);
	assert_int_equal(session.response.status, 503);
	assert_int_equal(fc_http_failure(&session.response, "sorry", &session.err), FC_BUSY);
	assert_string_equal(session.err.text, "HTTP 503 after 3 tries: sorry");
	assert_int_equal(wire_count("requests"), 3);
}

static void what_may_not_be_repeated_is_not(void **state)
{
	(void)state;
	static const char *const faults[] = { "500",     "503:0", "502",          "504",     "cut",
					      "silence", "short", "silence-done", "cut-done" };
	for (size_t i = 0; i < FC_ARRAY_LENGTH(faults); i++) {
		FC_CLEANUP(session_end) struct session session = { 0 };
		struct fc_http_options options = wire_options();
		struct fc_http_request before = echo_request(true);
		struct fc_http_request request = echo_request(false);
		char plan[64];
		snprintf(plan, sizeof(plan), "[\"%s\"]", faults[i]);
		session_open(&session, &options);
		wire_order("reset", "null");
		/* leaves a connection that could be used again */
		assert_int_equal(perform(&session, &before), FC_OK);
		wire_order("faults", plan);
		enum fc_status status = perform(&session, &request);
		assert_true(status == FC_BUSY || session.response.status >= 500);
		assert_int_equal(session.response.tries, 1);
		assert_true(session.response.sent);
		assert_int_equal(wire_count("requests"), 2);
	}
}

static void too_many_requests_is_repeated_in_any_case(void **state)
{
	(void)state;
	FC_CLEANUP(session_end) struct session session = { 0 };
	struct fc_http_options options = wire_options();
	struct fc_http_request request = echo_request(false);
	session_open(&session, &options);
	wire_order("faults", "[\"429:0\",\"429:0\"]");
	assert_int_equal(perform(&session, &request), FC_OK);
	assert_int_equal(session.response.status, 200);
	assert_int_equal(session.response.tries, 3);
}

static void a_wait_beyond_patience_ends_the_tries(void **state)
{
	(void)state;
	static const struct {
		const char *plan;
		uint64_t wait_ms;
	} cases[] = { { "[\"429:3600\"]", 3600000 },
		      { "[\"503:999999999\"]", 86400000 },
		      { "[\"429-in-words:21\"]", 21000 } };
	for (size_t i = 0; i < FC_ARRAY_LENGTH(cases); i++) {
		FC_CLEANUP(session_end) struct session session = { 0 };
		struct fc_http_options options = wire_options();
		struct fc_http_request request = echo_request(true);
		session_open(&session, &options);
		wire_order("faults", cases[i].plan);
		assert_int_equal(perform(&session, &request), FC_OK);
		assert_int_equal(session.response.tries, 1);
		assert_true(session.response.has_wait);
		assert_int_equal(session.response.wait_ms, cases[i].wait_ms);
		assert_int_equal(fc_http_failure(&session.response, NULL, &session.err), FC_BUSY);
		assert_non_null(strstr(session.err.text, "retry after"));
	}
}

static void a_service_that_hangs_up_while_we_send_does_not_end_the_process(void **state)
{
	(void)state;
	static const char *const urls[] = { "FAKE_URL", "FAKE_URL_HTTP" };
	FC_CLEANUP(fc_free) char *photo = wire_photo("anna@0,0,9,9", 640, 480, 8000000);
	FC_CLEANUP(fc_fd_close) int fd = open(photo, O_RDONLY | O_CLOEXEC);
	for (size_t i = 0; i < FC_ARRAY_LENGTH(urls); i++) {
		FC_CLEANUP(session_end) struct session session = { 0 };
		struct fc_http_options options = wire_options();
		struct fc_http_request request = echo_request(true);
		request.body = (struct fc_http_content){ .fd = fd, .length = 8000000 };
		options.url = wire_env(urls[i]);
		session_open(&session, &options);
		wire_order("faults", "[\"hang-up-early\",\"hang-up-early\"]");
		assert_int_equal(perform(&session, &request), FC_OK);
		assert_int_equal(session.response.tries, 3);
	}
}

/* An address of this machine that does not count as one, so that proxies come into play: as another host would. */
static char *other_host(void)
{
	char *url = NULL;
	const char *port = strrchr(wire_env("FAKE_URL_HTTP"), ':');
	assert_true(asprintf(&url, "http://0.0.0.0%s", port) > 0);
	return url;
}

static void a_proxy_is_asked_when_one_is_set(void **state)
{
	(void)state;
	FC_CLEANUP(session_end) struct session session = { 0 };
	struct fc_http_options options = wire_options();
	struct fc_http_request request = echo_request(true);
	options.url = "http://service.example";
	options.insecure_http = true;
	options.proxy = wire_env("FAKE_URL_HTTP");
	session_open(&session, &options);
	assert_int_equal(perform(&session, &request), FC_OK);
	FC_CLEANUP(fc_json_release) cJSON *json = answer_of(&session);
	assert_string_equal(fc_json_text(fc_json_get(json, "headers"), "host"), "service.example");
}

/* The fake connects to nobody. */
static void a_proxy_that_refuses_is_told_of(void **state)
{
	(void)state;
	static const struct {
		const char *host;
		enum fc_status status;
		unsigned tries;
		const char *words;
	} cases[] = {
		{ "https://proxy407.example", FC_PERMISSION, 1,
		  "the proxy returned HTTP 407 instead of connecting to 'proxy407.example'" },
		{ "https://proxy503.example", FC_BUSY, 3,
		  "the proxy returned HTTP 503 instead of connecting to 'proxy503.example'" },
	};
	for (size_t i = 0; i < FC_ARRAY_LENGTH(cases); i++) {
		FC_CLEANUP(session_end) struct session session = { 0 };
		struct fc_http_options options = wire_options();
		struct fc_http_request request = echo_request(false);
		options.url = cases[i].host;
		options.proxy = wire_env("FAKE_URL_HTTP");
		options.retry.tries = 3;
		session_open(&session, &options);
		assert_int_equal(perform(&session, &request), cases[i].status);
		assert_string_equal(session.err.text, cases[i].words);
		assert_int_equal(session.response.tries, cases[i].tries);
		assert_false(session.response.sent);
	}
}

static void a_proxy_that_is_not_there_is_named(void **state)
{
	(void)state;
	FC_CLEANUP(session_end) struct session session = { 0 };
	struct fc_http_options options = wire_options();
	struct fc_http_request request = echo_request(true);
	options.url = "https://service.example";
	options.proxy = "http://127.0.0.1:1";
	options.retry.tries = 1;
	session_open(&session, &options);
	assert_int_equal(perform(&session, &request), FC_BUSY);
	assert_non_null(strstr(session.err.text, "cannot connect to 'service.example' ("));
	assert_non_null(strstr(session.err.text, "127.0.0.1 port 1"));
	assert_false(session.response.sent);
}

static void a_proxys_password_shows_nowhere(void **state)
{
	(void)state;
	static const char *const proxies[] = { "http://user:hunter22@127.0.0.1:1",
					       "ftp://user:hunter22@127.0.0.1:1",
					       "socks5://user:hunter22@127.0.0.1:1" };
	for (size_t i = 0; i < FC_ARRAY_LENGTH(proxies); i++) {
		FC_CLEANUP(session_end) struct session session = { 0 };
		struct fc_http_options options = wire_options();
		struct fc_http_request request = echo_request(true);
		options.url = "https://service.example";
		options.proxy = proxies[i];
		options.retry.tries = 1;
		session_open(&session, &options);
		assert_int_equal(perform(&session, &request), FC_BUSY);
		assert_null(strstr(session.err.text, "hunter22"));
	}
}

static void hosts_without_a_proxy_are_asked_themselves(void **state)
{
	(void)state;
	FC_CLEANUP(session_end) struct session session = { 0 };
	FC_CLEANUP(fc_free) char *url = other_host();
	struct fc_http_options options = wire_options();
	struct fc_http_request request = echo_request(true);
	options.url = url;
	options.insecure_http = true;
	options.proxy = "http://127.0.0.1:1";
	options.no_proxy = "elsewhere.example,0.0.0.0";
	session_open(&session, &options);
	assert_int_equal(perform(&session, &request), FC_OK);
}

static void the_environments_proxy_is_not_used(void **state)
{
	(void)state;
	FC_CLEANUP(session_end) struct session session = { 0 };
	FC_CLEANUP(fc_free) char *url = other_host();
	struct fc_http_options options = wire_options();
	struct fc_http_request request = echo_request(true);
	options.url = url;
	options.insecure_http = true;
	assert_int_equal(setenv("http_proxy", "http://127.0.0.1:1", 1), 0);
	assert_int_equal(setenv("all_proxy", "http://127.0.0.1:1", 1), 0);
	session_open(&session, &options);
	assert_int_equal(perform(&session, &request), FC_OK);
}

static void only_trusted_certificates_are_spoken_to(void **state)
{
	(void)state;
	static const char *const names[] = { "FAKE_URL_WRONG_HOST", "FAKE_URL_EXPIRED",
					     "FAKE_URL_SELF_SIGNED", "FAKE_URL" };
	for (size_t i = 0; i < FC_ARRAY_LENGTH(names); i++) {
		FC_CLEANUP(session_end) struct session session = { 0 };
		struct fc_http_options options = wire_options();
		struct fc_http_request request = echo_request(true);
		options.url = wire_env(names[i]);
		if (strcmp(names[i], "FAKE_URL") == 0) {
			options.ca_file =
				NULL; /* the system knows nothing of the test's authority */
		}
		session_open(&session, &options);
		assert_int_equal(perform(&session, &request), FC_PERMISSION);
		assert_non_null(strstr(session.err.text, "is not trusted"));
		assert_int_equal(session.response.tries, 1);
		assert_false(session.response.sent);
	}
	assert_int_equal(wire_count("requests"), 0);
}

static void a_broken_list_of_certificates_is_named(void **state)
{
	(void)state;
	FC_CLEANUP(session_end) struct session session = { 0 };
	struct fc_http_options options = wire_options();
	struct fc_http_request request = echo_request(true);
	options.ca_file = "/nonexistent/ca.pem";
	session_open(&session, &options);
	assert_int_equal(perform(&session, &request), FC_PERMISSION);
	assert_non_null(strstr(session.err.text, "/nonexistent/ca.pem"));
}

static void a_redirect_is_refused_and_its_host_named(void **state)
{
	(void)state;
	FC_CLEANUP(session_end) struct session session = { 0 };
	struct fc_http_options options = wire_options();
	struct fc_http_request request = echo_request(true);
	session_open(&session, &options);
	wire_order("faults", "[\"redirect\"]");
	assert_int_equal(perform(&session, &request), FC_REFUSED);
	assert_non_null(strstr(session.err.text, "127.0.0.2"));
	assert_int_equal(wire_count("requests"), 1);
	assert_int_equal(wire_count("strangers"), 0);
}

static void an_endless_answer_is_cut_at_its_limit(void **state)
{
	(void)state;
	static const char *const plans[] = { "[\"huge\"]", "[\"long-header\"]" };
	for (size_t i = 0; i < FC_ARRAY_LENGTH(plans); i++) {
		FC_CLEANUP(session_end) struct session session = { 0 };
		struct fc_http_options options = wire_options();
		struct fc_http_request request = echo_request(true);
		options.answer_bytes = 1000000;
		session_open(&session, &options);
		wire_order("faults", plans[i]);
		assert_int_equal(perform(&session, &request), FC_REFUSED);
		assert_non_null(strstr(session.err.text, "more than"));
		assert_true(session.response.body.length <= 1000000);
		assert_int_equal(session.response.tries, 1);
	}
}

static void a_drip_is_not_waited_for(void **state)
{
	(void)state;
	FC_CLEANUP(session_end) struct session session = { 0 };
	struct fc_http_options options = wire_options();
	struct fc_http_request request = echo_request(true);
	options.try_ms = 300;
	options.retry.tries = 2;
	session_open(&session, &options);
	wire_order("faults", "[\"slow:0.05\",\"slow:0.05\"]");
	assert_int_equal(perform(&session, &request), FC_BUSY);
	assert_non_null(strstr(session.err.text, "no complete response"));
	assert_int_equal(session.response.tries, 2);
}

static void nobody_there_is_not_a_request_sent(void **state)
{
	(void)state;
	FC_CLEANUP(session_end) struct session session = { 0 };
	struct fc_http_options options = wire_options();
	struct fc_http_request request = echo_request(false);
	options.url = "https://127.0.0.1:1";
	options.retry.tries = 3;
	session_open(&session, &options);
	assert_int_equal(perform(&session, &request), FC_BUSY);
	assert_non_null(strstr(session.err.text, "cannot connect"));
	assert_int_equal(session.response.tries, 3);
	assert_false(session.response.sent);
}

static void many_requests_go_side_by_side(void **state)
{
	(void)state;
	enum { REQUESTS = 60 };
	FC_CLEANUP(session_end) struct session session = { 0 };
	struct fc_http_options options = wire_options();
	struct fc_http_request request = echo_request(true);
	unsigned answered[REQUESTS] = { 0 };
	options.parallel = 8;
	session_open(&session, &options);
	wire_order("storm", "{\"rate\":0.2,\"seed\":7}");
	uint64_t next = 0;
	for (unsigned done = 0; done < REQUESTS; done++) {
		while (next < REQUESTS && fc_http_pending(session.client) < options.parallel) {
			assert_int_equal(fc_http_submit(session.client, next++, &request, NULL),
					 FC_OK);
		}
		uint64_t ticket;
		enum fc_status status;
		fc_http_response_release(&session.response);
		assert_int_equal(fc_http_wait(session.client, &ticket, &session.response, &status,
					      NULL, NULL),
				 FC_OK);
		answered[ticket]++;
	}
	assert_int_equal(fc_http_pending(session.client), 0);
	for (size_t i = 0; i < REQUESTS; i++) {
		assert_int_equal(answered[i], 1);
	}
}

static volatile sig_atomic_t stop;

static void wish_to_end(void *context, const struct fc_http_event *event)
{
	(void)context;
	(void)event;
	stop = 1;
}

static void a_wish_to_end_cuts_the_waiting_short(void **state)
{
	(void)state;
	FC_CLEANUP(fc_http_closep) struct fc_http *client = NULL;
	FC_CLEANUP(fc_http_response_release) struct fc_http_response response = { 0 };
	struct fc_http_options options = wire_options();
	struct fc_http_request request = echo_request(true);
	options.retry.longest_wait_ms = 3600 * 1000;
	options.retry.deadline_ms = 3600 * 1000;
	options.stop = &stop;
	options.trace.call = wish_to_end;
	stop = 0;
	assert_int_equal(fc_http_open(&options, &client, NULL), FC_OK);
	wire_order("faults", "[\"503:600\"]");
	assert_int_equal(fc_http_perform(client, &request, &response, NULL), FC_OK);
	assert_int_equal(response.status, 503);
	assert_int_equal(response.tries, 1);
}

static void no_secret_comes_back(void **state)
{
	(void)state;
	static const char secret[] = "se/cret+canary==";
	static const char *const secrets[] = { secret };
	FC_CLEANUP(session_end) struct session session = { 0 };
	struct fc_http_options options = wire_options();
	struct fc_http_request request = echo_request(true);
	const struct fc_http_field query[] = { { "oauth_token", secret, true } };
	const struct fc_http_field headers[] = { { "X-Key", secret, true } };
	options.secrets = secrets;
	options.secret_count = 1;
	request.query = query;
	request.query_count = 1;
	request.headers = headers;
	request.header_count = 1;
	session_open(&session, &options);
	wire_order("faults", "[\"500\"]");
	assert_int_equal(perform(&session, &request), FC_OK);
	FC_CLEANUP(fc_json_release) cJSON *json = answer_of(&session);
	assert_string_equal(fc_json_text(json, "query"), "oauth_token=************************");
	assert_string_equal(fc_json_text(fc_json_get(json, "headers"), "x-key"),
			    "****************");
	const char *trace = fc_buffer_text(&session.trace);
	assert_non_null(strstr(trace, "/echo?oauth_token=REDACTED 500 - fake-1 try 1 again\n"));
	assert_non_null(strstr(trace, "/echo?oauth_token=REDACTED 200 - fake-2 try 2\n"));
}

static void a_header_cannot_smuggle_another(void **state)
{
	(void)state;
	FC_CLEANUP(session_end) struct session session = { 0 };
	struct fc_http_options options = wire_options();
	struct fc_http_request request = echo_request(true);
	const struct fc_http_field headers[] = { { "X-Key", "a\r\nX-Other: b", false } };
	request.headers = headers;
	request.header_count = 1;
	session_open(&session, &options);
	assert_int_equal(perform(&session, &request), FC_INVALID_ARGUMENT);
}

static void plain_http_serves_this_machine(void **state)
{
	(void)state;
	FC_CLEANUP(session_end) struct session session = { 0 };
	struct fc_http_options options = wire_options();
	struct fc_http_request request = echo_request(true);
	options.url = wire_env("FAKE_URL_HTTP");
	session_open(&session, &options);
	assert_int_equal(perform(&session, &request), FC_OK);
	assert_int_equal(session.response.status, 200);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(arrives_as_it_was_meant, wire_reset),
		cmocka_unit_test_setup(every_method_without_a_body_says_so, wire_reset),
		cmocka_unit_test_setup(a_file_is_streamed_with_its_length, wire_reset),
		cmocka_unit_test_setup(a_file_that_became_shorter_is_told_of, wire_reset),
		cmocka_unit_test_setup(one_connection_serves_many_requests, wire_reset),
		cmocka_unit_test_setup(tries_again_until_it_goes_well, wire_reset),
		cmocka_unit_test_setup(gives_up_after_its_tries, wire_reset),
		cmocka_unit_test_setup(what_may_not_be_repeated_is_not, wire_reset),
		cmocka_unit_test_setup(too_many_requests_is_repeated_in_any_case, wire_reset),
		cmocka_unit_test_setup(a_wait_beyond_patience_ends_the_tries, wire_reset),
		cmocka_unit_test_setup(
			a_service_that_hangs_up_while_we_send_does_not_end_the_process, wire_reset),
		cmocka_unit_test_setup(a_proxy_is_asked_when_one_is_set, wire_reset),
		cmocka_unit_test_setup(a_proxy_that_refuses_is_told_of, wire_reset),
		cmocka_unit_test_setup(a_proxy_that_is_not_there_is_named, wire_reset),
		cmocka_unit_test_setup(a_proxys_password_shows_nowhere, wire_reset),
		cmocka_unit_test_setup(hosts_without_a_proxy_are_asked_themselves, wire_reset),
		cmocka_unit_test_setup(the_environments_proxy_is_not_used, wire_reset),
		cmocka_unit_test_setup(only_trusted_certificates_are_spoken_to, wire_reset),
		cmocka_unit_test_setup(a_broken_list_of_certificates_is_named, wire_reset),
		cmocka_unit_test_setup(a_redirect_is_refused_and_its_host_named, wire_reset),
		cmocka_unit_test_setup(an_endless_answer_is_cut_at_its_limit, wire_reset),
		cmocka_unit_test_setup(a_drip_is_not_waited_for, wire_reset),
		cmocka_unit_test_setup(nobody_there_is_not_a_request_sent, wire_reset),
		cmocka_unit_test_setup(many_requests_go_side_by_side, wire_reset),
		cmocka_unit_test_setup(a_wish_to_end_cuts_the_waiting_short, wire_reset),
		cmocka_unit_test_setup(no_secret_comes_back, wire_reset),
		cmocka_unit_test_setup(a_header_cannot_smuggle_another, wire_reset),
		cmocka_unit_test_setup(plain_http_serves_this_machine, wire_reset),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
