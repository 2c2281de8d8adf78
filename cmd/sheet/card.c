/* One face on a contact sheet. */
/* SPDX-License-Identifier: MIT */
#include "sheet/card.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/digest.h"
#include "base/file.h"
#include "base/memory.h"
#include "base/text.h"

void sheet_append_escaped(struct fc_buffer *out, const char *text)
{
	FC_CLEANUP(fc_buffer_release) struct fc_buffer visible = { 0 };
	fc_text_append_visible(&visible, text);
	const char *shown = fc_buffer_text(&visible);
	if (shown) {
		fc_text_append_markup(out, shown);
	} else {
		out->failed = true;
	}
}

void sheet_append_quoted(struct fc_buffer *out, const char *word)
{
	static const char plain[] =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./:=,+@%";
	if (word[0] != '\0' && word[strspn(word, plain)] == '\0') {
		fc_buffer_append_text(out, word);
		return;
	}
	fc_buffer_append_text(out, "'");
	for (; *word != '\0'; word++) {
		if (*word == '\'') {
			fc_buffer_append_text(out, "'\\''");
		} else {
			fc_buffer_append(out, word, 1);
		}
	}
	fc_buffer_append_text(out, "'");
}

/* The last folder and the name of a file. */
static const char *short_path(const char *path)
{
	const char *start = fc_path_name(path);
	for (start -= start > path; start > path && start[-1] != '/'; start--) {
	}
	return start;
}

/* The photo's name as a link to the file. */
static void append_photo(const struct sheet_context *context, struct fc_buffer *out,
			 const char *path, int64_t index)
{
	bool is_file = strcmp(path, "-") != 0 && !strstr(path, "://");
	fc_buffer_append_text(out, "<p class=\"soft\">");
	if (is_file) {
		fc_buffer_append_text(out, "<a href=\"file://");
		for (int part = path[0] == '/'; part < 2; part++) {
			const char *text = part == 0 ? context->folder : path;
			for (; *text != '\0'; text++) {
				unsigned char byte = (unsigned char)*text;
				bool plain = (byte >= '0' && byte <= '9') ||
					     (byte >= 'A' && byte <= 'Z') ||
					     (byte >= 'a' && byte <= 'z') || strchr("/-._~", byte);
				fc_buffer_printf(out, plain ? "%c" : "%%%02X", byte);
			}
			fc_buffer_append_text(out, part == 0 ? "/" : "");
		}
		fc_buffer_append_text(out, "\" title=\"");
		sheet_append_escaped(out, path);
		fc_buffer_append_text(out, "\">");
	}
	fc_buffer_append_text(out, "<bdi>");
	sheet_append_escaped(out, is_file ? short_path(path) : path);
	fc_buffer_append_text(out, is_file ? "</bdi></a>" : "</bdi>");
	if (index >= 0) {
		fc_buffer_printf(out, ", face&nbsp;%lld", (long long)index);
	}
	fc_buffer_append_text(out, "</p>");
}

static void append_element(struct fc_buffer *out, const char *start, const char *text,
			   const char *end)
{
	if (text) {
		fc_buffer_append_text(out, start);
		sheet_append_escaped(out, text);
		fc_buffer_append_text(out, end);
	}
}

/* A command that breaks only between its words, so that no option is broken at a hyphen. */
static void append_command(struct fc_buffer *out, const char *command)
{
	if (!command) {
		return;
	}
	fc_buffer_append_text(out, "<code>");
	while (*command != '\0') {
		size_t length = strcspn(command, " ");
		FC_CLEANUP(fc_free) char *word = strndup(command, length);
		if (!word) {
			out->failed = true;
			return;
		}
		fc_buffer_append_text(out, "<span>");
		sheet_append_escaped(out, word);
		fc_buffer_append_text(out, command[length] == ' ' ? "</span> " : "</span>");
		command += length + (command[length] == ' ');
	}
	fc_buffer_append_text(out, "</code>");
}

static enum fc_status append_image(const struct sheet_context *context,
				   const struct sheet_face *face, struct fc_buffer *out,
				   struct fc_error *err)
{
	uint8_t *jpeg = NULL;
	size_t length = 0;
	if (!face->crop && !face->png) {
		fc_buffer_append_text(out, "<span class=\"none\">no picture</span>");
		return FC_OK;
	}
	if (face->crop && !context->encode(face->crop, &jpeg, &length)) {
		return fc_fail_memory(err);
	}
	fc_buffer_printf(
		out,
		"<img width=\"112\" height=\"112\" loading=\"lazy\" src=\"data:image/%s;base64,",
		face->crop ? "jpeg" : "png");
	if (face->crop) {
		fc_base64_append(out, jpeg, length);
	} else {
		fc_base64_append(out, face->png->data, face->png->length);
	}
	free(jpeg);
	fc_buffer_append_text(out, "\" alt=\"");
	sheet_append_escaped(out, face->name ? face->name : (face->title ? face->title : "face"));
	fc_buffer_append_text(out, "\">");
	return FC_OK;
}

static void append_similarity(struct fc_buffer *out, const struct sheet_face *face)
{
	double width = 100 * fmax(0, fmin(1, face->similarity));
	fc_buffer_printf(out, "<p>similarity %.4f", face->similarity);
	if (!isnan(face->threshold)) {
		fc_buffer_printf(out, " <span class=\"soft\">(threshold %.4f)</span>",
				 face->threshold);
	}
	fc_buffer_printf(
		out, "</p><div class=\"bar\" aria-hidden=\"true\"><i style=\"width:%.1f%%\"></i>",
		width);
	if (!isnan(face->threshold)) {
		fc_buffer_printf(out, "<b style=\"left:%.1f%%\"></b>",
				 100 * fmax(0, fmin(0.995, face->threshold)));
	}
	fc_buffer_append_text(out, "</div>");
}

enum fc_status sheet_format_card(const struct sheet_context *context, const struct sheet_face *face,
				 struct fc_buffer *out, struct fc_error *err)
{
	fc_buffer_clear(out);
	fc_buffer_append_text(out, face->is_good ? "<li class=\"good\"" : "<li");
	double sorted = isnan(face->similarity) ? face->nearest_similarity : face->similarity;
	if (!isnan(sorted)) {
		fc_buffer_printf(out, " data-s=\"%.4f\"", sorted);
	}
	fc_buffer_append_text(out, ">");
	FC_TRY(append_image(context, face, out, err));
	fc_buffer_append_text(out, "<div>");
	append_element(out, "<p class=\"name\"><bdi>", face->name, "</bdi></p>");
	append_element(out, "<p class=\"result\">", face->result, "</p>");
	if (!isnan(face->similarity)) {
		append_similarity(out, face);
	}
	if (face->nearest || !isnan(face->nearest_similarity)) {
		fc_buffer_append_text(out, "<p>nearest other:");
		append_element(out, " <bdi>", face->nearest, "</bdi>");
		if (!isnan(face->nearest_similarity)) {
			fc_buffer_printf(out, " %.4f", face->nearest_similarity);
		}
		fc_buffer_append_text(out, "</p>");
	}
	append_element(out, "<p>", face->note, "</p>");
	if (face->path) {
		append_photo(context, out, face->path, face->index);
	}
	fc_buffer_append_text(out, "</div>");
	append_command(out, face->repair);
	fc_buffer_append_text(out, "</li>\n");
	return fc_buffer_ok(out) ? FC_OK : fc_fail_memory(err);
}
