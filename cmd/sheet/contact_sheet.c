/* --contact-sheet: one HTML page with the faces of a run. */
/* SPDX-License-Identifier: MIT */
#include "sheet/contact_sheet.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/digest.h"
#include "base/memory.h"
#include "locate.h"
#include "output/local_zone.h"
#include "output/out.h"
#include "sheet/page.h"
#include "vision/image/jpeg_module.h"

enum { PAGE_MODE = 0600, /* faces are personal data */ COPY_BYTES = 1 << 16 };

struct sheet_entry {
	enum sheet_rank rank;
	char *group, *title;
	uint64_t offset, length; /* in the spool */
};

enum fc_status contact_sheet_add(struct contact_sheet *sheet, const struct sheet_face *face,
				 struct fc_error *err)
{
	if (!sheet->open) {
		return FC_OK;
	}
	FC_TRY(sheet_format_card(&sheet->context, face, &sheet->html, err));
	FC_TRY(fc_array_grow(&sheet->entries, sizeof(*sheet->entries), sheet->count,
			     &sheet->capacity, err));
	struct sheet_entry *entry = &sheet->entries[sheet->count];
	*entry = (struct sheet_entry){
		.rank = face->rank,
		.group = strdup(face->group ? face->group : ""),
		.title = strdup(face->title ? face->title : ""),
		.offset = sheet->spooled,
		.length = sheet->html.length,
	};
	sheet->count++;
	if (!entry->group || !entry->title) {
		return fc_fail_memory(err);
	}
	if (!write_fully(sheet->spool, sheet->html.data, sheet->html.length)) {
		return fc_fail_errno(err, FC_IO, errno, "cannot write '%s'", sheet->file.path);
	}
	sheet->spooled += sheet->html.length;
	return FC_OK;
}

/* ---- the page ---- */

/* A file without a name next to the page, so that it has as much room. */
static int open_spool(const char *path)
{
	FC_CLEANUP(fc_free) char *name = NULL;
	if (asprintf(&name, "%.*s.facectl-XXXXXX", (int)(fc_path_name(path) - path), path) < 0) {
		name = NULL;
		errno = ENOMEM;
		return -1;
	}
	int fd = mkostemp(name, O_CLOEXEC);
	if (fd >= 0) {
		FC_IGNORE(unlink(name));
	}
	return fd;
}

enum fc_status contact_sheet_open(struct contact_sheet *sheet, const char *path,
				  const char *command, const char *noun, struct fc_error *err)
{
	*sheet = (struct contact_sheet){
		.file = { .fd = -1 },
		.spool = -1,
		.command = command,
		.noun = noun,
	};
	if (!path) {
		return FC_OK;
	}
	sheet->open = true;
	const char *dot = strrchr(fc_path_name(path), '.');
	if (!dot || (strcasecmp(dot, ".html") != 0 && strcasecmp(dot, ".htm") != 0)) {
		return fc_fail(err, FC_INVALID_ARGUMENT,
			       "--contact-sheet '%s': the name must end in .html", path);
	}
	sheet->locations = calloc(1, sizeof(*sheet->locations));
	sheet->context.folder = getcwd(NULL, 0);
	if (!sheet->locations || !sheet->context.folder) {
		return fc_fail_memory(err);
	}
	FC_TRY(locations_find(sheet->locations, err));
	void *module = dlopen(sheet->locations->jpeg_module, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
	void *symbol = module ? dlsym(module, FACECTL_CROP_JPEG) : NULL;
	if (!symbol) {
		return fc_fail(err, FC_IO, "a contact sheet needs the module facectl-jpeg.so: %s",
			       dlerror());
	}
	memcpy(&sheet->context.encode, &symbol, sizeof(symbol));
	FC_TRY(fc_file_draft_open(path, PAGE_MODE, &sheet->file, err));
	sheet->spool = open_spool(path);
	return sheet->spool >= 0
		       ? FC_OK
		       : fc_fail_errno(err, FC_IO, errno, "cannot write next to '%s'", path);
}

static int compare_entries(const void *a, const void *b)
{
	const struct sheet_entry *left = a, *right = b;
	int order = (int)left->rank - (int)right->rank;
	order = order ? order : strcoll(left->title, right->title);
	order = order ? order : strcmp(left->group, right->group);
	return order ? order : (left->offset > right->offset) - (left->offset < right->offset);
}

static bool same_group(const struct sheet_entry *a, const struct sheet_entry *b)
{
	return a->rank == b->rank && strcmp(a->group, b->group) == 0 &&
	       strcmp(a->title, b->title) == 0;
}

static const char *plural(size_t count)
{
	return count == 1 ? "" : "s";
}

static void format_head(struct contact_sheet *sheet, size_t groups)
{
	struct fc_buffer *out = &sheet->html;
	struct fc_sha256 digest = fc_sha256_of(sheet_script, strlen(sheet_script));
	char now[FC_WHEN_TEXT_SIZE];
	fc_buffer_clear(out);
	/* the policy forbids everything but this style, this script and the pictures in the page */
	fc_buffer_append_text(
		out, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
		     "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
		     "img-src data:; style-src 'unsafe-inline'; script-src 'sha256-");
	fc_base64_append(out, digest.bytes, sizeof(digest.bytes));
	fc_buffer_append_text(out,
			      "'\">\n<meta name=\"viewport\" content=\"width=device-width\">\n"
			      "<meta name=\"referrer\" content=\"no-referrer\">\n<title>facectl ");
	sheet_append_escaped(out, sheet->command);
	fc_buffer_append_text(out, "</title>\n<style>\n");
	fc_buffer_append_text(out, sheet_style);
	fc_buffer_append_text(out, "</style>\n</head>\n<body>\n<header><h1>facectl ");
	sheet_append_escaped(out, sheet->command);
	fc_when_format(fc_clock_now(), &local_zone, now);
	fc_buffer_printf(out, "</h1>\n<p class=\"summary\">%zu %s%s in %zu group%s", sheet->count,
			 sheet->noun, plural(sheet->count), groups, plural(groups));
	fc_buffer_printf(out, "; %s</p>\n", now);
	fc_buffer_append_text(out, sheet_controls);
	fc_buffer_append_text(out, "</header>\n<main>\n");
	if (sheet->count == 0) {
		fc_buffer_printf(out, "<p>There is no %s.</p>\n", sheet->noun);
	}
}

static enum fc_status flush(struct contact_sheet *sheet, struct fc_error *err)
{
	if (!fc_buffer_ok(&sheet->html)) {
		return fc_fail_memory(err);
	}
	if (!write_fully(sheet->file.fd, sheet->html.data, sheet->html.length)) {
		return fc_fail_errno(err, FC_IO, errno, "cannot write '%s'", sheet->file.path);
	}
	fc_buffer_clear(&sheet->html);
	return FC_OK;
}

/* Copy a face from the spool to the page. */
static enum fc_status copy_face(struct contact_sheet *sheet, const struct sheet_entry *entry,
				struct fc_error *err)
{
	uint8_t block[COPY_BYTES];
	uint64_t done = 0;
	while (done < entry->length) {
		uint64_t left = entry->length - done;
		ssize_t got = pread(sheet->spool, block, left < COPY_BYTES ? left : COPY_BYTES,
				    (off_t)(entry->offset + done));
		if (got < 0 && errno == EINTR) {
			continue;
		}
		if (got <= 0 || !write_fully(sheet->file.fd, block, (size_t)got)) {
			return fc_fail_errno(err, FC_IO, got == 0 ? EIO : errno,
					     "cannot write '%s'", sheet->file.path);
		}
		done += (uint64_t)got;
	}
	return FC_OK;
}

/* The faces of one group, from the first-th on. *next: the first face of the next group. */
static enum fc_status write_group(struct contact_sheet *sheet, size_t first, size_t *next,
				  struct fc_error *err)
{
	const struct sheet_entry *entry = &sheet->entries[first];
	size_t end = first;
	while (end < sheet->count && same_group(entry, &sheet->entries[end])) {
		end++;
	}
	fc_buffer_printf(&sheet->html, "<section aria-labelledby=\"g%zu\"><h2 id=\"g%zu\"><bdi>",
			 first, first);
	sheet_append_escaped(&sheet->html, entry->title);
	fc_buffer_printf(&sheet->html, "</bdi> <small>%zu</small></h2>\n<ul>\n", end - first);
	FC_TRY(flush(sheet, err));
	for (size_t i = first; i < end; i++) {
		FC_TRY(copy_face(sheet, &sheet->entries[i], err));
	}
	fc_buffer_append_text(&sheet->html, "</ul></section>\n");
	*next = end;
	return FC_OK;
}

enum fc_status contact_sheet_commit(struct contact_sheet *sheet, struct fc_error *err)
{
	size_t groups = 0;
	if (!sheet->open) {
		return FC_OK;
	}
	if (sheet->count > 0) {
		qsort(sheet->entries, sheet->count, sizeof(*sheet->entries), compare_entries);
	}
	for (size_t i = 0; i < sheet->count; i++) {
		groups += i == 0 || !same_group(&sheet->entries[i - 1], &sheet->entries[i]);
	}
	format_head(sheet, groups);
	for (size_t i = 0; i < sheet->count;) {
		FC_TRY(write_group(sheet, i, &i, err));
	}
	fc_buffer_append_text(&sheet->html,
			      "</main>\n<footer>This page has pictures of faces and names: it is "
			      "personal data.</footer>\n<script>");
	fc_buffer_append_text(&sheet->html, sheet_script);
	fc_buffer_append_text(&sheet->html, "</script>\n</body>\n</html>\n");
	FC_TRY(flush(sheet, err));
	return fc_file_draft_commit(&sheet->file, err);
}

enum fc_status contact_sheet_finish(struct contact_sheet *sheet, enum fc_status status,
				    struct fc_error *err)
{
	if (status == FC_OK) {
		return contact_sheet_commit(sheet, err);
	}
	FC_IGNORE(contact_sheet_commit(sheet, NULL));
	return status;
}

void contact_sheet_release(struct contact_sheet *sheet)
{
	if (!sheet->open) {
		return;
	}
	for (size_t i = 0; i < sheet->count; i++) {
		free(sheet->entries[i].group);
		free(sheet->entries[i].title);
	}
	free(sheet->entries);
	fc_file_draft_release(&sheet->file);
	fc_fd_close(&sheet->spool);
	fc_buffer_release(&sheet->html);
	if (sheet->locations) {
		locations_release(sheet->locations);
	}
	free(sheet->locations);
	free(sheet->context.folder);
	*sheet = (struct contact_sheet){ 0 };
}
