/* URLs of services and of requests. */
/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include <stdlib.h>

#include "base/memory.h"
#include "net/request_url.h"

static enum fc_status parse(const char *text, bool insecure_http, struct fc_error *err)
{
	FC_CLEANUP(fc_url_release) struct fc_url url = { 0 };
	return fc_url_parse(text, insecure_http, &url, err);
}

static void a_service_needs_https(void **state)
{
	(void)state;
	struct fc_error err = { 0 };
	assert_int_equal(parse("https://smarty.mail.ru", false, NULL), FC_OK);
	assert_int_equal(parse("http://smarty.mail.ru", false, &err), FC_INVALID_ARGUMENT);
	assert_non_null(strstr(err.text, "plain-http = yes"));
	assert_int_equal(parse("http://smarty.mail.ru", true, NULL), FC_OK);
}

static void localhost_may_use_http(void **state)
{
	(void)state;
	static const char *const here[] = { "http://localhost:8080", "http://127.0.0.1/x",
					    "http://127.9.8.7", "http://[::1]:80/" };
	static const char *const there[] = { "http://localhost.example", "http://128.0.0.1",
					     "http://127.0.0.1.example", "http://[::2]",
					     "http://10.0.0.1" };
	for (size_t i = 0; i < FC_ARRAY_LENGTH(here); i++) {
		assert_int_equal(parse(here[i], false, NULL), FC_OK);
	}
	for (size_t i = 0; i < FC_ARRAY_LENGTH(there); i++) {
		assert_int_equal(parse(there[i], false, NULL), FC_INVALID_ARGUMENT);
	}
}

static void an_invalid_service_url_is_refused(void **state)
{
	(void)state;
	static const char *const bad[] = {
		"",
		"smarty.mail.ru",
		"ftp://smarty.mail.ru",
		"file:///etc/passwd",
		"https://",
		"https://user@host/",
		"https://user:password00@host/",
		"https://host/?oauth_token=password00",
		"https://host/#part",
		"https://host/a b",
		"https://host/a\r\nX: y",
	};
	for (size_t i = 0; i < FC_ARRAY_LENGTH(bad); i++) {
		struct fc_error err = { 0 };
		assert_int_equal(parse(bad[i], true, &err), FC_INVALID_ARGUMENT);
		assert_null(strstr(err.text, "password00"));
	}
}

static void a_request_url_starts_with_the_base(void **state)
{
	(void)state;
	FC_CLEANUP(fc_url_release) struct fc_url url = { 0 };
	static const char *const path[] = { "v1", "persons", "ä/.." };
	static const struct fc_http_field query[] = { { "oauth_token", "a+b", true },
						      { "x", "1&2=3", false } };
	struct fc_http_request request = {
		.path = path,
		.path_count = 3,
		.trailing_slash = true,
		.query = query,
		.query_count = 2,
	};
	assert_int_equal(fc_url_parse("https://Host.example:8443/api//", false, &url, NULL), FC_OK);
	assert_string_equal(url.base, "https://Host.example:8443/api");
	FC_CLEANUP(fc_free) char *whole = fc_request_url(&url, &request, false);
	FC_CLEANUP(fc_free) char *shown = fc_request_url(&url, &request, true);
	assert_string_equal(whole, "https://Host.example:8443/api/v1/persons/%C3%A4%2F../"
				   "?oauth_token=a%2Bb&x=1%262%3D3");
	assert_string_equal(shown, "https://Host.example:8443/api/v1/persons/%C3%A4%2F../"
				   "?oauth_token=REDACTED&x=1%262%3D3");
}

static void the_host_is_extracted(void **state)
{
	(void)state;
	FC_CLEANUP(fc_free) char *host = fc_url_host("https://user:x@other.example:81/path?q");
	FC_CLEANUP(fc_free) char *six = fc_url_host("http://[::1]/");
	assert_string_equal(host, "other.example");
	assert_string_equal(six, "::1");
	assert_null(fc_url_host("/path/alone"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_service_needs_https),
		cmocka_unit_test(localhost_may_use_http),
		cmocka_unit_test(an_invalid_service_url_is_refused),
		cmocka_unit_test(a_request_url_starts_with_the_base),
		cmocka_unit_test(the_host_is_extracted),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
