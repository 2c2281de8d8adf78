/* Parses and checks URLs of services. */
/* SPDX-License-Identifier: MIT */
#include "net/url.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <curl/curl.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/memory.h"

void fc_url_release(struct fc_url *url)
{
	free(url->base);
	free(url->host);
	*url = (struct fc_url){ 0 };
}

FC_DEFINE_CLEANUP(CURLU *, curl_url_cleanup);
FC_DEFINE_CLEANUP(char *, curl_free);

/* A part of the URL as a new string; NULL if it has no such part. */
static char *part_of(CURLU *url, CURLUPart part)
{
	FC_CLEANUP(curl_freep) char *text = NULL;
	if (curl_url_get(url, part, &text, 0) != CURLUE_OK) {
		return NULL;
	}
	return strdup(text);
}

static bool has_part(CURLU *url, CURLUPart part)
{
	FC_CLEANUP(curl_freep) char *text = NULL;
	return curl_url_get(url, part, &text, 0) == CURLUE_OK;
}

/* The host, an IPv6 address without its brackets. */
static char *host_of(CURLU *url)
{
	char *host = part_of(url, CURLUPART_HOST);
	size_t length = host ? strlen(host) : 0;
	if (length > 2 && host[0] == '[') {
		memmove(host, host + 1, length - 2);
		host[length - 2] = '\0';
	}
	return host;
}

/* libcurl resolves localhost to this machine without a resolver. */
static bool is_loopback(const char *host)
{
	struct in_addr four;
	struct in6_addr six;
	if (inet_pton(AF_INET, host, &four) == 1) {
		return ntohl(four.s_addr) >> 24 == 127;
	}
	if (inet_pton(AF_INET6, host, &six) == 1) {
		return IN6_IS_ADDR_LOOPBACK(&six);
	}
	return strcasecmp(host, "localhost") == 0;
}

static const char *objection_to(CURLU *url, const char *scheme)
{
	if (strcmp(scheme, "https") != 0 && strcmp(scheme, "http") != 0) {
		return "only https (and http to this machine) can be used";
	}
	if (has_part(url, CURLUPART_USER) || has_part(url, CURLUPART_PASSWORD)) {
		return "it has a user name or password; put them in a token file";
	}
	if (has_part(url, CURLUPART_QUERY) || has_part(url, CURLUPART_FRAGMENT)) {
		return "it must not have a part that starts with '?' or '#'";
	}
	return NULL;
}

static bool has_controls(const char *text)
{
	for (; *text != '\0'; text++) {
		if (iscntrl((unsigned char)*text) || *text == ' ') {
			return true;
		}
	}
	return false;
}

enum fc_status fc_url_parse(const char *text, bool insecure_http, struct fc_url *out,
			    struct fc_error *err)
{
	FC_CLEANUP(fc_url_release) struct fc_url result = { 0 };
	FC_CLEANUP(curl_url_cleanupp) CURLU *url = curl_url();
	if (!url) {
		return fc_fail_memory(err);
	}
	bool parsed = !has_controls(text) &&
		      curl_url_set(url, CURLUPART_URL, text, CURLU_NON_SUPPORT_SCHEME) == CURLUE_OK;
	FC_CLEANUP(fc_free) char *scheme = parsed ? part_of(url, CURLUPART_SCHEME) : NULL;
	result.host = parsed ? host_of(url) : NULL;
	result.base = parsed ? part_of(url, CURLUPART_URL) : NULL;
	if (!scheme || !result.host || !result.base) {
		/* Not shown: there may be a password in it. */
		return fc_fail(err, FC_INVALID_ARGUMENT,
			       "the service's url is not of the form https://host/path");
	}
	const char *objection = objection_to(url, scheme);
	if (objection) {
		return fc_fail(err, FC_INVALID_ARGUMENT, "the service's url (host '%s'): %s",
			       result.host, objection);
	}
	result.secure = strcmp(scheme, "https") == 0;
	result.loopback = is_loopback(result.host);
	if (!result.secure && !result.loopback && !insecure_http) {
		return fc_fail(err, FC_INVALID_ARGUMENT,
			       "'%s' is not https; use https, or set plain-http = yes",
			       result.base);
	}
	size_t length = strlen(result.base);
	while (length > 0 && result.base[length - 1] == '/') {
		result.base[--length] = '\0';
	}
	*out = FC_STEAL_STRUCT(result);
	return FC_OK;
}

void fc_url_append_encoded(struct fc_buffer *out, const char *text)
{
	for (; *text != '\0'; text++) {
		unsigned char c = (unsigned char)*text;
		if (c < 0x80 && (isalnum(c) || strchr("-._~", c))) {
			fc_buffer_append(out, &c, 1);
		} else {
			fc_buffer_printf(out, "%%%02X", c);
		}
	}
}

char *fc_url_encode(const char *text)
{
	struct fc_buffer out = { 0 };
	fc_url_append_encoded(&out, text);
	return fc_buffer_steal_text(&out);
}

char *fc_url_host(const char *text)
{
	FC_CLEANUP(curl_url_cleanupp) CURLU *url = curl_url();
	if (!url || curl_url_set(url, CURLUPART_URL, text, CURLU_NON_SUPPORT_SCHEME) != CURLUE_OK) {
		return NULL;
	}
	return host_of(url);
}
