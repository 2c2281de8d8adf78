/* Downloads a file over HTTP. */
/* SPDX-License-Identifier: MIT */
#include "net/download.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

#include "net/retry.h"

/* One try, and why its response was rejected. */
struct attempt {
	struct fc_download *download;
	const struct fc_http_options *http;
	bool begun;
	struct fc_error refusal; /* status FC_OK: the response was not rejected */
};

static enum fc_status restart(struct fc_download *download, struct fc_error *err)
{
	download->have = 0;
	return ftruncate(download->fd, 0) == 0
		       ? FC_OK
		       : fc_fail_errno(err, FC_IO, errno, "cannot empty the partial file");
}

/* Check the response's headers before anything is written to the file. */
static enum fc_status begin(struct attempt *attempt, const struct fc_http_response *response,
			    struct fc_error *err)
{
	struct fc_download *download = attempt->download;
	bool part = response->status == 206;
	uint64_t whole = part ? response->range_whole : response->length;
	if (part && (!response->has_range || response->range_start != download->have)) {
		return fc_fail(err, FC_REFUSED, "the server sent a different range than requested");
	}
	if (!part && response->status != 200) {
		return fc_fail(err, FC_REFUSED, "HTTP %d instead of a file", response->status);
	}
	if ((part || response->has_length) && whole != download->bytes) {
		return fc_fail(err, FC_REFUSED,
			       "the server's file has %" PRIu64 " bytes, not %" PRIu64, whole,
			       download->bytes);
	}
	return part ? FC_OK : restart(download, err);
}

static enum fc_status keep(struct attempt *attempt, const void *data, size_t length,
			   struct fc_error *err)
{
	struct fc_download *download = attempt->download;
	const char *bytes = data;
	if (length > download->bytes - download->have) {
		return fc_fail(err, FC_REFUSED, "the server sent more than %" PRIu64 " bytes",
			       download->bytes);
	}
	while (length > 0) {
		ssize_t written = pwrite(download->fd, bytes, length, (off_t)download->have);
		if (written < 0 && errno == EINTR) {
			continue;
		}
		if (written <= 0) {
			return fc_fail_errno(err, errno == ENOSPC ? FC_FULL : FC_IO, errno,
					     "cannot write the partial file");
		}
		bytes += written;
		length -= (size_t)written;
		download->have += (uint64_t)written;
	}
	if (download->progress) {
		download->progress(download->progress_context, download->have, download->bytes);
	}
	return FC_OK;
}

static bool receive(void *context, const struct fc_http_response *response, const void *data,
		    size_t length)
{
	struct attempt *attempt = context;
	enum fc_status status = FC_OK;
	if (fc_http_stopped(attempt->http)) {
		status = fc_fail(&attempt->refusal, FC_BUSY, "interrupted");
	}
	if (status == FC_OK && !attempt->begun) {
		status = begin(attempt, response, &attempt->refusal);
		attempt->begun = true;
	}
	if (status == FC_OK) {
		status = keep(attempt, data, length, &attempt->refusal);
	}
	return status == FC_OK;
}

/* Determine the result of a complete response. */
static enum fc_status judge(struct fc_download *download, const struct fc_http_response *response,
			    struct fc_error *err)
{
	if (response->status == 416 && download->have > 0) {
		FC_TRY(restart(download, err));
		return fc_fail(err, FC_BUSY, "the server cannot resume where the last try ended");
	}
	if (response->status < 200 || response->status > 299) {
		return fc_http_failure(response, NULL, err);
	}
	return download->have == download->bytes
		       ? FC_OK
		       : fc_fail(err, FC_REFUSED,
				 "the server's file has %" PRIu64 " bytes, not %" PRIu64,
				 download->have, download->bytes);
}

static enum fc_status fetch(struct attempt *attempt, struct fc_http *client, uint64_t delay_ms,
			    struct fc_error *err)
{
	FC_CLEANUP(fc_http_response_release) struct fc_http_response response = { 0 };
	char range[64];
	const struct fc_http_field headers[] = { { "Range", range, false } };
	const struct fc_http_request request = {
		.method = FC_HTTP_GET,
		.headers = headers,
		.header_count = attempt->download->have > 0 ? 1 : 0,
		.delay_ms = delay_ms,
		.receive = receive,
		.receive_context = attempt,
	};
	snprintf(range, sizeof(range), "bytes=%" PRIu64 "-", attempt->download->have);
	enum fc_status status = fc_http_perform(client, &request, &response, err);
	if (attempt->refusal.status != FC_OK) {
		if (err) {
			*err = attempt->refusal;
		}
		return attempt->refusal.status;
	}
	return status == FC_OK ? judge(attempt->download, &response, err) : status;
}

enum fc_status fc_download(struct fc_download *download, const struct fc_http_options *http,
			   struct fc_error *err)
{
	FC_CLEANUP(fc_http_closep) struct fc_http *client = NULL;
	static const struct fc_http_response none = { 0 };
	struct fc_http_options options = *http;
	unsigned failures = 0;
	uint64_t delay_ms = 0;
	options.url = download->url;
	options.try_ms = 0; /* no limit while data arrives */
	options.answer_bytes = download->bytes;
	options.parallel = 1;
	/* retries are done here, because each one requests another range */
	options.retry.tries = 1;
	FC_TRY(fc_http_open(&options, &client, err));
	if (download->have >= download->bytes) {
		FC_TRY(restart(download, err));
	}
	for (;;) {
		struct attempt attempt = { .download = download, .http = http };
		uint64_t before = download->have;
		enum fc_status status = fetch(&attempt, client, delay_ms, err);
		if (status != FC_BUSY || fc_http_stopped(http)) {
			return status;
		}
		failures = download->have > before ? 1 : failures + 1;
		if (failures >= http->retry.tries) {
			return status;
		}
		delay_ms = fc_retry_wait(&http->retry, failures, fc_retry_draw(), &none);
	}
}
