/* Sets up a libcurl handle for a request: URL, headers, bodies from memory and files, limits. */
/* SPDX-License-Identifier: MIT */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "net/address.h"
#include "net/http_client.h"
#include "net/request_url.h"

const char *fc_http_method_name(enum fc_http_method method)
{
	static const char *const names[] = {
		[FC_HTTP_GET] = "GET",     [FC_HTTP_POST] = "POST",     [FC_HTTP_PUT] = "PUT",
		[FC_HTTP_PATCH] = "PATCH", [FC_HTTP_DELETE] = "DELETE",
	};
	return names[method];
}

static bool is_clean(const char *text)
{
	for (; text && *text != '\0'; text++) {
		if (iscntrl((unsigned char)*text)) {
			return false;
		}
	}
	return true;
}

enum fc_status fc_http_check(const struct fc_http_request *request, struct fc_error *err)
{
	for (size_t i = 0; i < request->header_count; i++) {
		if (!is_clean(request->headers[i].name) || !is_clean(request->headers[i].value)) {
			return fc_fail(err, FC_INVALID_ARGUMENT,
				       "a header must not contain control characters");
		}
	}
	for (size_t i = 0; i < request->part_count; i++) {
		const struct fc_http_part *part = &request->parts[i];
		if (!is_clean(part->name) || !is_clean(part->filename) ||
		    !is_clean(part->content_type)) {
			return fc_fail(err, FC_INVALID_ARGUMENT,
				       "the name of a part must not contain control characters");
		}
	}
	if (!is_clean(request->raw_query) ||
	    (request->raw_query && strpbrk(request->raw_query, " #"))) {
		return fc_fail(err, FC_INVALID_ARGUMENT,
			       "a query must not contain spaces and control characters");
	}
	return is_clean(request->content_type)
		       ? FC_OK
		       : fc_fail(err, FC_INVALID_ARGUMENT,
				 "a content type must not contain control characters");
}

/* ---- upload ---- */

static size_t send_bytes(char *out, size_t size, size_t count, void *context)
{
	struct upload *upload = context;
	const struct fc_http_content *content = upload->content;
	uint64_t left = content->length - upload->at;
	size_t room = size * count;
	size_t wanted = left < room ? (size_t)left : room;
	ssize_t got = (ssize_t)wanted;
	if (wanted == 0) {
		return 0;
	}
	if (content->data) {
		memcpy(out, (const char *)content->data + upload->at, wanted);
	} else {
		do {
			got = pread(content->fd, out, wanted, (off_t)upload->at);
		} while (got < 0 && errno == EINTR);
	}
	if (got <= 0) {
		*upload->broken = true;
		return CURL_READFUNC_ABORT;
	}
	upload->at += (uint64_t)got;
	return (size_t)got;
}

static int seek_bytes(void *context, curl_off_t offset, int origin)
{
	struct upload *upload = context;
	if (origin != SEEK_SET || offset < 0 || (uint64_t)offset > upload->content->length) {
		return CURL_SEEKFUNC_FAIL;
	}
	upload->at = (uint64_t)offset;
	return CURL_SEEKFUNC_OK;
}

static enum fc_status start_uploads(struct exchange *exchange, size_t count, struct fc_error *err)
{
	exchange->uploads = calloc(count + 1, sizeof(*exchange->uploads));
	if (!exchange->uploads) {
		return fc_fail_memory(err);
	}
	for (size_t i = 0; i < count; i++) {
		exchange->uploads[i].broken = &exchange->file_broken;
	}
	return FC_OK;
}

/* ---- options: after the first failure no further option is set ---- */

#define SET(exchange, code, option, value)                                                         \
	do {                                                                                       \
		if ((code) == CURLE_OK) {                                                          \
			(code) = curl_easy_setopt((exchange)->easy, option, value);                \
		}                                                                                  \
	} while (0)

static CURLcode set_multipart(struct exchange *exchange)
{
	const struct fc_http_request *request = &exchange->request;
	CURLcode code = CURLE_OK;
	exchange->mime = curl_mime_init(exchange->easy);
	if (!exchange->mime) {
		return CURLE_OUT_OF_MEMORY;
	}
	for (size_t i = 0; i < request->part_count && code == CURLE_OK; i++) {
		const struct fc_http_part *from = &request->parts[i];
		struct upload *upload = &exchange->uploads[i];
		curl_mimepart *part = curl_mime_addpart(exchange->mime);
		if (!part) {
			return CURLE_OUT_OF_MEMORY;
		}
		upload->content = &from->content;
		code = curl_mime_name(part, from->name);
		code = code ? code : curl_mime_filename(part, from->filename);
		code = code ? code : curl_mime_type(part, from->content_type);
		code = code ? code
			    : curl_mime_data_cb(part, (curl_off_t)from->content.length, send_bytes,
						seek_bytes, NULL, upload);
	}
	SET(exchange, code, CURLOPT_MIMEPOST, exchange->mime);
	return code;
}

static CURLcode set_body(struct exchange *exchange)
{
	const struct fc_http_request *request = &exchange->request;
	CURLcode code = CURLE_OK;
	if (request->method == FC_HTTP_GET) {
		SET(exchange, code, CURLOPT_HTTPGET, 1L);
		return code;
	}
	if (request->part_count > 0) {
		code = set_multipart(exchange);
	} else {
		struct upload *upload = &exchange->uploads[0];
		upload->content = &request->body;
		SET(exchange, code, CURLOPT_POST, 1L);
		SET(exchange, code, CURLOPT_POSTFIELDSIZE_LARGE,
		    (curl_off_t)upload->content->length);
		SET(exchange, code, CURLOPT_READFUNCTION, send_bytes);
		SET(exchange, code, CURLOPT_READDATA, upload);
		SET(exchange, code, CURLOPT_SEEKFUNCTION, seek_bytes);
		SET(exchange, code, CURLOPT_SEEKDATA, upload);
	}
	SET(exchange, code, CURLOPT_CUSTOMREQUEST, fc_http_method_name(request->method));
	return code;
}

static bool add_header(struct exchange *exchange, const char *name, const char *value)
{
	struct fc_buffer line = { 0 };
	/* "Name:" without a value makes libcurl omit the header */
	fc_buffer_printf(&line, *value ? "%s: %s" : "%s:", name, value);
	char *text = fc_buffer_steal_text(&line);
	struct curl_slist *headers = text ? curl_slist_append(exchange->headers, text) : NULL;
	fc_secret_free(text);
	if (headers) {
		exchange->headers = headers;
	}
	return headers != NULL;
}

static CURLcode set_headers(struct exchange *exchange)
{
	const struct fc_http_request *request = &exchange->request;
	CURLcode code = CURLE_OK;
	/* no Expect header: many services never send the 100 response that it waits for */
	bool added = add_header(exchange, "Expect", "") &&
		     add_header(exchange, "Accept", request->receive ? "*/*" : "application/json");
	if (request->method != FC_HTTP_GET && request->part_count == 0) {
		const char *type = request->content_type ? request->content_type : "";
		added = added && add_header(exchange, "Content-Type", type);
	}
	for (size_t i = 0; i < request->header_count; i++) {
		added = added &&
			add_header(exchange, request->headers[i].name, request->headers[i].value);
	}
	if (!added) {
		return CURLE_OUT_OF_MEMORY;
	}
	SET(exchange, code, CURLOPT_HTTPHEADER, exchange->headers);
	SET(exchange, code, CURLOPT_HEADEROPT, (long)CURLHEADER_SEPARATE);
	SET(exchange, code, CURLOPT_USERAGENT, exchange->client->options.user_agent);
	return code;
}

/* Connect only to public addresses: here every address of a host is seen, after its name was resolved. */
static curl_socket_t open_public(void *context, curlsocktype purpose, struct curl_sockaddr *address)
{
	struct exchange *exchange = context;
	(void)purpose;
	if (!fc_address_is_public(&address->addr)) {
		exchange->address_refused = true;
		return CURL_SOCKET_BAD;
	}
	return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

/* Allowed protocols, certificate checks, proxies. */
static CURLcode set_trust(struct exchange *exchange)
{
	const struct fc_http *client = exchange->client;
	const struct fc_http_options *options = &client->options;
	const char *schemes = client->url.secure ? "https" : "http";
	CURLcode code = CURLE_OK;
	SET(exchange, code, CURLOPT_PROTOCOLS_STR, schemes);
	SET(exchange, code, CURLOPT_FOLLOWLOCATION, 0L);
	SET(exchange, code, CURLOPT_SSL_VERIFYPEER, 1L);
	SET(exchange, code, CURLOPT_SSL_VERIFYHOST, 2L);
	SET(exchange, code, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	if (options->ca_file) {
		SET(exchange, code, CURLOPT_CAINFO, options->ca_file);
		SET(exchange, code, CURLOPT_CAPATH, NULL);
	}
	SET(exchange, code, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
	/* empty strings keep libcurl from reading the environment */
	SET(exchange, code, CURLOPT_PROXY, options->proxy ? options->proxy : "");
	SET(exchange, code, CURLOPT_NOPROXY,
	    client->url.loopback ? "*" : (options->no_proxy ? options->no_proxy : ""));
	if (options->public_only) {
		SET(exchange, code, CURLOPT_OPENSOCKETFUNCTION, open_public);
		SET(exchange, code, CURLOPT_OPENSOCKETDATA, exchange);
	}
	SET(exchange, code, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
	SET(exchange, code, CURLOPT_DISALLOW_USERNAME_IN_URL, 1L);
	SET(exchange, code, CURLOPT_HTTP09_ALLOWED, 0L);
	return code;
}

static CURLcode set_limits(struct exchange *exchange)
{
	const struct fc_http_options *options = &exchange->client->options;
	CURLcode code = CURLE_OK;
	SET(exchange, code, CURLOPT_CONNECTTIMEOUT_MS, (long)options->connect_ms);
	SET(exchange, code, CURLOPT_TIMEOUT_MS, (long)options->try_ms);
	SET(exchange, code, CURLOPT_LOW_SPEED_LIMIT, (long)options->slow_bytes);
	SET(exchange, code, CURLOPT_LOW_SPEED_TIME, (long)((options->slow_ms + 999) / 1000));
	SET(exchange, code, CURLOPT_MAXFILESIZE_LARGE, (curl_off_t)options->answer_bytes);
	SET(exchange, code, CURLOPT_NOSIGNAL, 1L);
	SET(exchange, code, CURLOPT_TCP_KEEPALIVE, 1L);
	SET(exchange, code, CURLOPT_MAXLIFETIME_CONN, 300L);
	SET(exchange, code, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_2TLS);
	/*
	 * If a reused connection turns out to be closed, libcurl repeats the request on a new one, even if the service has read
	 * it. A request that must not be executed twice therefore gets a new connection.
	 */
	SET(exchange, code, CURLOPT_FRESH_CONNECT, exchange->request.repeatable ? 0L : 1L);
	return code;
}

static CURLcode set_callbacks(struct exchange *exchange)
{
	CURLcode code = CURLE_OK;
	SET(exchange, code, CURLOPT_PRIVATE, exchange);
	SET(exchange, code, CURLOPT_ERRORBUFFER, exchange->reason);
	SET(exchange, code, CURLOPT_HEADERFUNCTION, fc_http_receive_header);
	SET(exchange, code, CURLOPT_HEADERDATA, exchange);
	SET(exchange, code, CURLOPT_WRITEFUNCTION, fc_http_receive_body);
	SET(exchange, code, CURLOPT_WRITEDATA, exchange);
	return code;
}

enum fc_status fc_http_set_up(struct exchange *exchange, struct fc_error *err)
{
	const struct fc_http_request *request = &exchange->request;
	struct fc_http_response *response = &exchange->response;
	CURLcode code = CURLE_OK;
	size_t uploads = request->part_count > 0 ? request->part_count : 1;
	fc_http_tear_down(exchange);
	/* Clear the previous response, except the number of tries and whether one may have reached the service. */
	const struct fc_http_response before = *response;
	fc_http_response_release(response);
	response->tries = before.tries;
	response->sent = response->sent_before = before.sent;
	exchange->header_bytes = 0;
	exchange->answer_too_long = false;
	exchange->receiver_refused = false;
	exchange->address_refused = false;
	exchange->reason[0] = '\0';
	if (!exchange->easy) {
		exchange->easy = curl_easy_init();
	}
	exchange->url = fc_request_url(&exchange->client->url, request, false);
	if (!exchange->easy || !exchange->url) {
		return fc_fail_memory(err);
	}
	FC_TRY(start_uploads(exchange, uploads, err));
	SET(exchange, code, CURLOPT_URL, exchange->url);
	code = code ? code : set_trust(exchange);
	code = code ? code : set_limits(exchange);
	code = code ? code : set_callbacks(exchange);
	code = code ? code : set_body(exchange);
	code = code ? code : set_headers(exchange);
	if (code == CURLE_OUT_OF_MEMORY) {
		return fc_fail_memory(err);
	}
	return code == CURLE_OK
		       ? FC_OK
		       : fc_fail(err, FC_INTERNAL, "libcurl rejected an option of the request: %s",
				 curl_easy_strerror(code));
}

void fc_http_tear_down(struct exchange *exchange)
{
	if (exchange->easy) {
		curl_easy_reset(exchange->easy);
	}
	curl_mime_free(FC_STEAL(exchange->mime));
	for (struct curl_slist *line = exchange->headers; line; line = line->next) {
		explicit_bzero(line->data, strlen(line->data));
	}
	curl_slist_free_all(FC_STEAL(exchange->headers));
	fc_secret_free(FC_STEAL(exchange->url));
	free(FC_STEAL(exchange->uploads));
}
