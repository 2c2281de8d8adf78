/* Translates libcurl's result codes and HTTP statuses to fc_status and messages, in one place for all callers. */
/* SPDX-License-Identifier: MIT */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "net/http_client.h"

static enum fc_status status_of(int http_status)
{
	switch (http_status) {
	case 401:
	case 403:
	case 407:
		return FC_PERMISSION;
	case 408:
	case 425:
	case 429:
		return FC_BUSY;
	case 413:
		return FC_TOO_LARGE;
	default:
		return http_status >= 500 ? FC_BUSY : FC_REFUSED;
	}
}

int fc_http_proxy_refusal(const struct exchange *exchange)
{
	long status = 0;
	FC_IGNORE(curl_easy_getinfo(exchange->easy, CURLINFO_HTTP_CONNECTCODE, &status));
	return status >= 300 ? (int)status : 0;
}

/* Whether both sides have no version of TLS or no cipher in common, or the server has no TLS: a retry cannot change that. */
static bool has_no_common_tls(const struct exchange *exchange)
{
	/* texts of OpenSSL */
	static const char *const reasons[] = { "protocol version",     "unsupported protocol",
					       "version too low",      "wrong version number",
					       "handshake failure",    "no shared cipher",
					       "insufficient security" };
	for (size_t i = 0; i < FC_ARRAY_LENGTH(reasons); i++) {
		if (strstr(exchange->reason, reasons[i])) {
			return true;
		}
	}
	return false;
}

bool fc_http_is_passing(const struct exchange *exchange, CURLcode code)
{
	int refusal = fc_http_proxy_refusal(exchange);
	if (exchange->answer_too_long || exchange->file_broken) {
		return false;
	}
	if (refusal > 0) {
		return status_of(refusal) == FC_BUSY;
	}
	switch ((int)code) {
	case CURLE_COULDNT_RESOLVE_PROXY:
	case CURLE_COULDNT_RESOLVE_HOST:
	case CURLE_COULDNT_CONNECT:
	case CURLE_OPERATION_TIMEDOUT:
	case CURLE_GOT_NOTHING:
	case CURLE_SEND_ERROR:
	case CURLE_RECV_ERROR:
	case CURLE_PARTIAL_FILE:
	case CURLE_HTTP2:
	case CURLE_HTTP2_STREAM:
		return true;
	case CURLE_SSL_CONNECT_ERROR:
		return !has_no_common_tls(exchange);
	default:
		return false;
	}
}

static enum fc_status explain_timeout(const struct exchange *exchange, struct fc_error *err)
{
	const struct fc_http_options *options = &exchange->client->options;
	const char *host = exchange->client->url.host;
	double connected = 0;
	FC_IGNORE(curl_easy_getinfo(exchange->easy, CURLINFO_PRETRANSFER_TIME, &connected));
	if (connected <= 0) {
		return fc_fail(err, FC_BUSY, "no connection to '%s' within %.1f s", host,
			       (double)options->connect_ms / 1000);
	}
	if (strncmp(exchange->reason, "Operation too slow", 18) == 0) {
		return fc_fail(err, FC_BUSY,
			       "'%s' was too slow: less than %" PRIu64 " bytes a second for %.0f s",
			       host, options->slow_bytes, (double)options->slow_ms / 1000);
	}
	return fc_fail(err, FC_BUSY, "no complete response from '%s' within %.1f s", host,
		       (double)options->try_ms / 1000);
}

/* Append libcurl's text, which names the host and port that were tried (possibly a proxy's). A URL in it may hold a password. */
static enum fc_status add_reason(const struct exchange *exchange, enum fc_status status,
				 struct fc_error *err)
{
	FC_CLEANUP(fc_buffer_release) struct fc_buffer words = { 0 };
	fc_text_append_visible(&words, exchange->reason);
	const char *reason = fc_buffer_text(&words);
	if (err && reason && *reason != '\0' && !strchr(reason, '@')) {
		size_t length = strlen(err->text);
		FC_IGNORE(
			snprintf(err->text + length, sizeof(err->text) - length, " (%s)", reason));
	}
	return status;
}

static enum fc_status explain_distrust(const struct exchange *exchange, struct fc_error *err)
{
	FC_CLEANUP(fc_buffer_release) struct fc_buffer words = { 0 };
	fc_text_append_visible(&words, exchange->reason);
	const char *reason = fc_buffer_text(&words);
	return fc_fail(
		err, FC_PERMISSION,
		"the certificate of '%s' is not trusted (%s); nothing was sent. If the service has "
		"its own certificate authority, set ca-file to its certificate",
		exchange->client->url.host, reason ? reason : "");
}

static enum fc_status explain_handshake(const struct exchange *exchange, struct fc_error *err)
{
	const char *host = exchange->client->url.host;
	return has_no_common_tls(exchange)
		       ? fc_fail(err, FC_PERMISSION,
				 "no secure connection to '%s'; nothing was sent. The service must "
				 "support TLS 1.2 or newer",
				 host)
		       : fc_fail(err, FC_BUSY, "TLS handshake with '%s' failed", host);
}

static enum fc_status explain_too_long(const struct exchange *exchange, struct fc_error *err)
{
	return fc_fail(err, FC_REFUSED, "the response of '%s' has more than %" PRIu64 " bytes",
		       exchange->client->url.host, exchange->client->options.answer_bytes);
}

enum fc_status fc_http_explain(const struct exchange *exchange, CURLcode code, struct fc_error *err)
{
	const char *host = exchange->client->url.host;
	int refusal = fc_http_proxy_refusal(exchange);
	if (refusal > 0) {
		return fc_fail(err, status_of(refusal),
			       "the proxy returned HTTP %d instead of connecting to '%s'", refusal,
			       host);
	}
	if (exchange->file_broken) {
		return fc_fail(err, FC_IO, "a file became shorter while it was uploaded");
	}
	if (exchange->answer_too_long) {
		return explain_too_long(exchange, err);
	}
	if (exchange->receiver_refused) {
		return fc_fail(err, FC_IO, "invalid response from '%s'", host);
	}
	if (exchange->address_refused) {
		return fc_fail(err, FC_PERMISSION, "'%s' has no public address", host);
	}
	switch ((int)code) {
	case CURLE_COULDNT_RESOLVE_PROXY:
		return fc_fail(err, FC_BUSY, "cannot resolve the name of the proxy");
	case CURLE_COULDNT_RESOLVE_HOST:
		return fc_fail(err, FC_BUSY, "cannot resolve '%s': no network, or a wrong name",
			       host);
	case CURLE_COULDNT_CONNECT:
		return add_reason(exchange, fc_fail(err, FC_BUSY, "cannot connect to '%s'", host),
				  err);
	case CURLE_SSL_CONNECT_ERROR:
		return add_reason(exchange, explain_handshake(exchange, err), err);
	case CURLE_OPERATION_TIMEDOUT:
		return explain_timeout(exchange, err);
	case CURLE_GOT_NOTHING:
	case CURLE_RECV_ERROR:
	case CURLE_PARTIAL_FILE:
	case CURLE_HTTP2:
	case CURLE_HTTP2_STREAM:
		return fc_fail(err, FC_BUSY,
			       "the connection to '%s' was closed before the end of the response",
			       host);
	case CURLE_SEND_ERROR:
		return fc_fail(err, FC_BUSY, "the connection to '%s' was closed during the request",
			       host);
	case CURLE_PEER_FAILED_VERIFICATION:
		return explain_distrust(exchange, err);
	case CURLE_SSL_CACERT_BADFILE:
		return fc_fail(err, FC_PERMISSION, "cannot read certificates from '%s'",
			       exchange->client->options.ca_file ? exchange->client->options.ca_file
								 : "the system's list");
	case CURLE_FILESIZE_EXCEEDED:
		return explain_too_long(exchange, err);
	case CURLE_WEIRD_SERVER_REPLY:
	case CURLE_UNSUPPORTED_PROTOCOL:
		return fc_fail(err, FC_REFUSED, "the response of '%s' is not HTTP", host);
	case CURLE_OUT_OF_MEMORY:
	case CURLE_WRITE_ERROR:
		return fc_fail_memory(err);
	default:
		return fc_fail(err, FC_BUSY, "the request to '%s' failed: %s", host,
			       curl_easy_strerror(code));
	}
}

enum fc_status fc_http_failure(const struct fc_http_response *response, const char *words,
			       struct fc_error *err)
{
	FC_CLEANUP(fc_buffer_release) struct fc_buffer text = { 0 };
	fc_buffer_printf(&text, "HTTP %d", response->status);
	if (response->tries > 1) {
		fc_buffer_printf(&text, " after %u tries", response->tries);
	}
	if (words) {
		fc_buffer_printf(&text, ": %s", words);
	}
	if (response->has_wait && response->wait_ms > 0) {
		fc_buffer_printf(&text, "; retry after %" PRIu64 " s",
				 (response->wait_ms + 999) / 1000);
	}
	const char *whole = fc_buffer_text(&text);
	return whole ? fc_fail(err, status_of(response->status), "%s", whole) : fc_fail_memory(err);
}
