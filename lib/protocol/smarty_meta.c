/* The meta object of a Smarty request. */
/* SPDX-License-Identifier: MIT */
#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "protocol/smarty.h"

/* Whether a name needs no escaping anywhere (letters, digits and .-_) and is not "meta", the name of another part. */
static bool is_plain(const char *name)
{
	size_t length = strlen(name);
	for (size_t i = 0; i < length; i++) {
		unsigned char c = (unsigned char)name[i];
		if (c >= 0x80 || (!isalnum(c) && !strchr("-._", c))) {
			return false;
		}
	}
	return length > 0 && length < FC_SMARTY_NAME_SIZE && strcmp(name, "meta") != 0;
}

void fc_smarty_choose_names(const char *const *wanted, size_t count, struct fc_smarty_name *out)
{
	bool fit = true;
	for (size_t i = 0; i < count && fit; i++) {
		fit = wanted[i] && is_plain(wanted[i]);
		for (size_t k = 0; k < i && fit; k++) {
			fit = strcmp(wanted[i], wanted[k]) != 0;
		}
	}
	for (size_t i = 0; i < count; i++) {
		if (fit) {
			snprintf(out[i].text, sizeof(out[i].text), "%s", wanted[i]);
		} else {
			snprintf(out[i].text, sizeof(out[i].text), "file_%zu", i);
		}
	}
}

static const char *truth(bool value)
{
	return value ? "true" : "false";
}

void fc_smarty_write_meta(const struct fc_smarty_meta *meta, struct fc_buffer *out)
{
	/* A space is one digit and the names are plain: nothing needs escaping. */
	fc_buffer_printf(out, "{\"space\":\"%s\"", meta->space);
	if (meta->recognizes) {
		/* Always send both, because the service's default for update_embedding is true. */
		fc_buffer_printf(out, ",\"create_new\":%s,\"update_embedding\":%s",
				 truth(meta->create_new), truth(meta->update_embedding));
	}
	if (meta->has_searcher) {
		fc_buffer_printf(out, ",\"searcher\":%u", meta->searcher);
	}
	if (meta->has_images) {
		fc_buffer_append_text(out, ",\"images\":[");
		for (size_t i = 0; i < meta->count; i++) {
			fc_buffer_printf(out, "%s{\"name\":\"%s\"", i > 0 ? "," : "",
					 meta->names[i].text);
			if (meta->numbers) {
				fc_buffer_printf(out, ",\"person_id\":%" PRIu64, meta->numbers[i]);
			}
			fc_buffer_append_text(out, "}");
		}
		fc_buffer_append_text(out, "]");
	}
	fc_buffer_append_text(out, "}");
}
