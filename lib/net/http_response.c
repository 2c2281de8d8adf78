/* Reads a response: the body, up to its limit, and the headers that are used. */
/* SPDX-License-Identifier: MIT */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/clock.h"
#include "net/http_client.h"
#include "net/retry.h"

enum {
	HEADERS_MAXIMUM = 64 * 1024,
	WORDS_MAXIMUM = 4096, /* bytes of a body that are searched for a requested wait */
};

void fc_http_response_release(struct fc_http_response *response)
{
	fc_buffer_release(&response->body);
	*response = (struct fc_http_response){ 0 };
}

struct slice {
	const char *text;
	size_t length;
};

/* The value of "name: value" without surrounding spaces; text is NULL for another header. */
static struct slice value_of(struct slice line, const char *name)
{
	size_t length = strlen(name);
	if (line.length <= length || strncasecmp(line.text, name, length) != 0 ||
	    line.text[length] != ':') {
		return (struct slice){ 0 };
	}
	struct slice value = { line.text + length + 1, line.length - length - 1 };
	while (value.length > 0 && strchr(" \t", value.text[0])) {
		value.text++;
		value.length--;
	}
	while (value.length > 0 && strchr(" \t\r\n", value.text[value.length - 1])) {
		value.length--;
	}
	return value;
}

/* Copy a header's value. Returns false for another header, and for a value that is too long, which is ignored. */
static bool keep(struct slice line, const char *name, char *out, size_t size)
{
	struct slice value = value_of(line, name);
	if (!value.text || value.length >= size) {
		return false;
	}
	memcpy(out, value.text, value.length);
	out[value.length] = '\0';
	return true;
}

static bool take_number(const char **text, uint64_t *out)
{
	char *end = NULL;
	if (!isdigit((unsigned char)**text)) {
		return false;
	}
	errno = 0;
	*out = strtoull(*text, &end, 10);
	*text = end;
	return errno == 0;
}

/* "Content-Range: bytes 100-199/200" (RFC 9110, 14.4) and Content-Length. */
static void keep_extent(struct slice line, struct fc_http_response *response)
{
	char value[96];
	uint64_t last;
	const char *text = value;
	if (keep(line, "Content-Length", value, sizeof(value))) {
		response->has_length =
			take_number(&text, &response->length) || response->has_length;
	}
	text = value + strlen("bytes ");
	if (keep(line, "Content-Range", value, sizeof(value)) &&
	    strncmp(value, "bytes ", strlen("bytes ")) == 0 &&
	    take_number(&text, &response->range_start) && *text++ == '-' &&
	    take_number(&text, &last) && *text++ == '/' &&
	    take_number(&text, &response->range_whole)) {
		response->has_range = true;
	}
}

size_t fc_http_receive_header(char *data, size_t size, size_t count, void *context)
{
	struct exchange *exchange = context;
	struct fc_http_response *response = &exchange->response;
	struct slice line = { data, size * count };
	exchange->header_bytes += line.length;
	if (exchange->header_bytes > HEADERS_MAXIMUM) {
		exchange->answer_too_long = true;
		return 0;
	}
	/* Azure's header, then the common ones. */
	static const char *const request_ids[] = { "apim-request-id", "x-request-id",
						   "request-id" };
	for (size_t i = 0; i < FC_ARRAY_LENGTH(request_ids); i++) {
		keep(line, request_ids[i], response->request_id, sizeof(response->request_id));
	}
	keep(line, "Content-Type", response->content_type, sizeof(response->content_type));
	keep(line, "Operation-Location", response->operation_location,
	     sizeof(response->operation_location));
	keep_extent(line, response);
	char value[96];
	if (keep(line, "Retry-After", value, sizeof(value)) &&
	    fc_retry_after(value, fc_clock_now() / 1000000, &response->wait_ms)) {
		response->has_wait = true;
	}
	/* a date in whole seconds; an invalid one is ignored */
	int64_t date = keep(line, "Date", value, sizeof(value)) ? curl_getdate(value, NULL) : -1;
	if (date > 0) {
		response->date = date * 1000000;
	}
	return line.length;
}

/* Pass a chunk to request->receive. False if it belongs in the response's body. */
static bool pass_to_receiver(struct exchange *exchange, const void *data, size_t length)
{
	const struct fc_http_request *request = &exchange->request;
	long status = 0;
	FC_IGNORE(curl_easy_getinfo(exchange->easy, CURLINFO_RESPONSE_CODE, &status));
	if (!request->receive || status < 200 || status > 299) {
		return false;
	}
	exchange->response.status = (int)status;
	exchange->receiver_refused =
		!request->receive(request->receive_context, &exchange->response, data, length);
	return true;
}

size_t fc_http_receive_body(char *data, size_t size, size_t count, void *context)
{
	struct exchange *exchange = context;
	struct fc_buffer *body = &exchange->response.body;
	size_t length = size * count;
	if (pass_to_receiver(exchange, data, length)) {
		return exchange->receiver_refused ? 0 : length;
	}
	if (body->length + length > exchange->client->options.answer_bytes) {
		exchange->answer_too_long = true;
		return 0;
	}
	fc_buffer_append(body, data, length);
	return fc_buffer_ok(body) ? length : 0;
}

void fc_http_finish_response(struct exchange *exchange)
{
	const struct fc_redaction *redaction = &exchange->client->redaction;
	struct fc_http_response *response = &exchange->response;
	char *body = (char *)response->body.data;
	size_t words =
		response->body.length < WORDS_MAXIMUM ? response->body.length : WORDS_MAXIMUM;
	fc_redact(redaction, body, response->body.length);
	fc_redact(redaction, response->request_id, strlen(response->request_id));
	fc_redact(redaction, response->content_type, strlen(response->content_type));
	fc_redact(redaction, response->operation_location, strlen(response->operation_location));
	fc_redact(redaction, exchange->reason, strlen(exchange->reason));
	if (response->status == 429 && !response->has_wait) {
		response->has_wait = fc_retry_seconds_in_words(body, words, &response->wait_ms);
	}
}
