/* Build error messages about remote services. */
/* SPDX-License-Identifier: MIT */
#include "service/remote/common/words.h"

#include <stdio.h>
#include <string.h>

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

enum fc_status fc_remote_refuse_foreign(const struct fc_http_response *response,
					const char *service, const char *wanted,
					struct fc_error *err)
{
	char type[FC_REMOTE_WORDS];
	fc_remote_copy_words(response->content_type, type);
	if (response->status >= 400) {
		enum fc_status status = fc_http_failure(response, NULL, err);
		if (response->status == 404) {
			fc_remote_doubt_url(err, service);
		}
		return status;
	}
	return fc_fail(err, FC_REFUSED, "HTTP %d with %s instead of %s; is the url that of a %s?",
		       response->status,
		       type[0] != '\0' ? type : "a response without a content type", wanted,
		       service);
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
