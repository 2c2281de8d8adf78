/* Build error messages about remote services. */
/* SPDX-License-Identifier: MIT */
#include "service/remote/common/words.h"

#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"

void fc_remote_copy_words(const char *text, char out[FC_REMOTE_WORDS])
{
	size_t length = fc_text_line_length(text, FC_REMOTE_WORDS - 1);
	memcpy(out, text, length);
	out[length] = '\0';
}

bool fc_remote_is_error(const cJSON *body)
{
	/* of Azure and of many proxies; NeuroIO; SERP */
	static const char *const names[] = { "error", "errors", "error_codes", "detail" };
	for (size_t i = 0; i < FC_ARRAY_LENGTH(names); i++) {
		const cJSON *member = fc_json_get(body, names[i]);
		const char *text = cJSON_GetStringValue(member);
		bool is_empty = cJSON_IsNull(member) || cJSON_IsFalse(member) ||
				(cJSON_IsArray(member) && !member->child) ||
				(text && *text == '\0');
		if (member && !is_empty) {
			return true;
		}
	}
	return false;
}

void fc_remote_doubt_url(struct fc_error *failure, const char *service)
{
	char words[FC_REMOTE_WORDS];
	snprintf(words, sizeof(words), "is the url that of a %s?", service);
	if (failure) {
		fc_remote_add_words(failure, words);
	}
}

/* The end of an HTML element that shows no text, such as a script; else the end of the tag. */
static const char *after_tag(const char *tag)
{
	static const char *const silent[][2] = { { "<script", "</script" },
						 { "<style", "</style" },
						 { "<!--", "-->" } };
	for (size_t i = 0; i < FC_ARRAY_LENGTH(silent); i++) {
		if (strncasecmp(tag, silent[i][0], strlen(silent[i][0])) == 0) {
			const char *end = strcasestr(tag, silent[i][1]);
			tag = end ? end : tag + strlen(tag);
		}
	}
	tag += strcspn(tag, ">");
	return tag + (*tag == '>');
}

void fc_remote_first_words(const struct fc_buffer *body, char out[FC_REMOTE_WORDS])
{
	enum { LONGEST = 100, EXAMINED = 65536 };
	FC_CLEANUP(fc_buffer_release) struct fc_buffer words = { 0 };
	const char *data = body->data ? (const char *)body->data : "";
	size_t length = body->length < EXAMINED ? body->length : EXAMINED;
	FC_CLEANUP(fc_free) char *text = strndup(data, length);
	bool space = false;
	*out = '\0';
	for (const char *at = text; at && *at != '\0' && words.length <= LONGEST;) {
		const char *next = *at == '<' ? after_tag(at) : at + 1;
		if (*at == '<' || strchr(" \t\r\n", *at)) {
			space = words.length > 0;
		} else {
			fc_buffer_append(&words, " ", space);
			fc_buffer_append(&words, at, 1);
			space = false;
		}
		at = next;
	}
	const char *whole = fc_buffer_text(&words);
	if (!whole || (length == body->length && !fc_text_is_utf8(data, length))) {
		return;
	}
	size_t shown = fc_text_line_length(whole, LONGEST);
	snprintf(out, FC_REMOTE_WORDS, "%.*s%s", (int)shown, whole,
		 shown < words.length ? "..." : "");
}

enum fc_status fc_remote_http_failure(const struct fc_http_response *response, const char *message,
				      struct fc_error *err)
{
	char words[FC_REMOTE_WORDS];
	fc_remote_first_words(&response->body, words);
	const char *text = message && message[0] != '\0' ? message : words;
	return fc_http_failure(response, text[0] != '\0' ? text : NULL, err);
}

enum fc_status fc_remote_refuse_foreign(const struct fc_http_response *response,
					const char *service, const char *wanted,
					struct fc_error *err)
{
	char type[FC_REMOTE_WORDS];
	char words[FC_REMOTE_WORDS];
	if (response->status >= 400) {
		enum fc_status status = fc_remote_http_failure(response, NULL, err);
		if (response->status == 404) {
			fc_remote_doubt_url(err, service);
		}
		return status;
	}
	fc_remote_copy_words(response->content_type, type);
	fc_remote_first_words(&response->body, words);
	return fc_fail(
		err, FC_REFUSED, "HTTP %d with %s instead of %s%s%s%s; is the url that of a %s?",
		response->status, type[0] != '\0' ? type : "a response without a content type",
		wanted, words[0] != '\0' ? ": '" : "", words, words[0] != '\0' ? "'" : "", service);
}

void fc_remote_add_words(struct fc_error *failure, const char *words)
{
	size_t length = strlen(failure->text);
	snprintf(failure->text + length, sizeof(failure->text) - length, "; %s", words);
}

enum fc_status fc_remote_refuse(const char *service, const char *type, bool wanted,
				const char *feature, struct fc_error *err)
{
	if (!wanted) {
		return FC_OK;
	}
	return fc_fail(
		err, FC_UNSUPPORTED,
		"service '%s' (%s) does not support %s; the local engine does (--service local)",
		service, type, feature);
}

enum fc_status fc_remote_sync_alone(struct fc_service *service,
				    const struct fc_sync_request *request, struct fc_tally *tally,
				    struct fc_sync_result *out, struct fc_error *err)
{
	(void)service, (void)request, (void)tally, (void)out;
	return fc_fail(err, FC_GALLERY_MISSING,
		       "set --sync needs a gallery for its ledger; give --gallery DIR");
}
