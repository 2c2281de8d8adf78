/* The list of photos on the command line. */
/* SPDX-License-Identifier: MIT */
#include "photos/photos.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/text.h"
#include "protocol/smarty.h"

enum { NAME_MAXIMUM = 255 };

bool photo_is_url(const char *path)
{
	return strncmp(path, "https://", 8) == 0 || strncmp(path, "http://", 7) == 0;
}

/* The path in NAME=FILE or FILE. *name_length is 0 if there is no name. */
static const char *split_word(const char *word, size_t *name_length)
{
	const char *equals = strchr(word, '=');
	*name_length = 0;
	if (!equals || equals == word || photo_is_url(word) || access(word, F_OK) == 0) {
		return word;
	}
	*name_length = (size_t)(equals - word);
	return equals + 1;
}

static char *default_name(size_t index)
{
	char *name = NULL;
	return asprintf(&name, "file_%zu", index) < 0 ? NULL : name;
}

static int compare_names(const void *a, const void *b)
{
	const struct fc_photo *const *left = a;
	const struct fc_photo *const *right = b;
	return strcmp((*left)->name, (*right)->name);
}

/* An array of the photos sorted by name; NULL if out of memory. The caller frees it. */
static const struct fc_photo **sort_by_name(const struct photo_list *list)
{
	const struct fc_photo **sorted = calloc(list->count + 1, sizeof(*sorted));
	for (size_t i = 0; sorted && i < list->count; i++) {
		sorted[i] = &list->items[i];
	}
	if (sorted) {
		qsort(sorted, list->count, sizeof(*sorted), compare_names);
	}
	return sorted;
}

static enum fc_status check_names(const struct photo_list *list, struct fc_error *err)
{
	const struct fc_photo **sorted = sort_by_name(list);
	enum fc_status status = sorted ? FC_OK : fc_fail_memory(err);
	size_t inputs = 0;
	for (size_t i = 0; status == FC_OK && i < list->count; i++) {
		inputs += strcmp(list->items[i].path, "-") == 0;
		if (!fc_text_is_label(list->items[i].name, NAME_MAXIMUM)) {
			status =
				fc_fail(err, FC_INVALID_ARGUMENT,
					"'%s' is not a valid name of a photo", list->items[i].name);
		} else if (i > 0 && strcmp(sorted[i - 1]->name, sorted[i]->name) == 0) {
			status = fc_fail(err, FC_INVALID_ARGUMENT, "two photos are named '%s'",
					 sorted[i]->name);
		}
	}
	if (status == FC_OK && inputs > 1) {
		status = fc_fail(err, FC_INVALID_ARGUMENT,
				 "standard input can be given only once, not %zu times", inputs);
	}
	free(sorted);
	return status;
}

enum fc_status photo_list_from_words(const struct option_texts *words, struct photo_list *out,
				     struct fc_error *err)
{
	FC_CLEANUP(photo_list_release) struct photo_list list = { 0 };
	list.items = calloc(words->count + 1, sizeof(*list.items));
	if (!list.items) {
		return fc_fail_memory(err);
	}
	for (size_t i = 0; i < words->count; i++) {
		size_t name_length;
		struct fc_photo *photo = &list.items[list.count++];
		photo->path = split_word(words->items[i], &name_length);
		photo->name =
			name_length > 0 ? strndup(words->items[i], name_length) : default_name(i);
		if (!photo->name) {
			return fc_fail_memory(err);
		}
		if (photo->path[0] == '\0') {
			return fc_fail(err, FC_INVALID_ARGUMENT, "'%s' does not name a file",
				       words->items[i]);
		}
	}
	FC_TRY(check_names(&list, err));
	*out = FC_STEAL_STRUCT(list);
	return FC_OK;
}

enum fc_status photo_list_refuse_folders(const struct photo_list *list, const char *command,
					 struct fc_error *err)
{
	for (size_t i = 0; i < list->count; i++) {
		const char *path = list->items[i].path;
		struct stat info;
		if (stat(path, &info) != 0 || !S_ISDIR(info.st_mode)) {
			continue;
		}
		return command ? fc_fail(err, FC_INVALID_ARGUMENT,
					 "'%s' is a folder; use 'facectl %s --from %s'", path,
					 command, path)
			       : fc_fail(err, FC_INVALID_ARGUMENT, "'%s' is a folder, not a photo",
					 path);
	}
	return FC_OK;
}

static enum fc_status fail_no_photo(struct command_context *ctx, const char *name,
				    struct fc_error *err)
{
	FC_CLEANUP(fc_buffer_release) struct fc_buffer words = { 0 };
	struct fc_error answer = { 0 };
	fc_smarty_missing_image(name, &words);
	const char *text = fc_buffer_text(&words);
	if (!text) {
		return fc_fail_memory(err);
	}
	FC_IGNORE(fc_fail(&answer, FC_INVALID_ARGUMENT, "%s", text));
	command_answer_error(ctx, &answer);
	return fc_fail(err, FC_INVALID_ARGUMENT,
		       "--meta has an image '%s', but no photo has that name; give it as "
		       "NAME=FILE",
		       name);
}

/* The index in the list of the photo with that name, or list->count. */
static size_t find_photo(const struct photo_list *list, const struct fc_photo **sorted,
			 const char *name)
{
	struct fc_photo named = { .name = name };
	const struct fc_photo *key = &named;
	const struct fc_photo **found =
		bsearch(&key, sorted, list->count, sizeof(*sorted), compare_names);
	return found ? (size_t)(*found - list->items) : list->count;
}

/* Set order[i] to the index of the photo that the i-th image names. */
static enum fc_status match_images(const struct photo_list *list,
				   const struct fc_smarty_request *meta, size_t *order,
				   struct command_context *ctx, struct fc_error *err)
{
	FC_CLEANUP(fc_free) bool *taken = calloc(list->count + 1, sizeof(*taken));
	FC_CLEANUP(fc_free) const struct fc_photo **sorted = sort_by_name(list);
	if (!taken || !sorted) {
		return fc_fail_memory(err);
	}
	for (size_t i = 0; i < meta->image_count; i++) {
		FC_CLEANUP(fc_free) char *made = default_name(i);
		const char *name = meta->images[i].name ? meta->images[i].name : made;
		if (!name) {
			return fc_fail_memory(err);
		}
		order[i] = find_photo(list, sorted, name);
		if (order[i] == list->count) {
			return fail_no_photo(ctx, name, err);
		}
		if (taken[order[i]]) {
			return fc_fail(err, FC_INVALID_ARGUMENT, "--meta has two images named '%s'",
				       name);
		}
		taken[order[i]] = true;
	}
	for (size_t i = 0; i < list->count; i++) {
		if (!taken[i]) {
			return fc_fail(err, FC_INVALID_ARGUMENT,
				       "--meta has no image named '%s' for '%s'",
				       list->items[i].name, list->items[i].path);
		}
	}
	return FC_OK;
}

enum fc_status photo_list_match(struct photo_list *list, const struct fc_smarty_request *meta,
				struct command_context *ctx, struct fc_error *err)
{
	if (!meta->has_images) {
		return FC_OK;
	}
	FC_CLEANUP(fc_free) size_t *order = calloc(meta->image_count + 1, sizeof(*order));
	FC_CLEANUP(fc_free)
	struct fc_photo *arranged = calloc(meta->image_count + 1, sizeof(*arranged));
	if (!order || !arranged) {
		return fc_fail_memory(err);
	}
	FC_TRY(match_images(list, meta, order, ctx, err));
	for (size_t i = 0; i < meta->image_count; i++) {
		arranged[i] = list->items[order[i]];
		arranged[i].has_number = meta->images[i].has_number;
		arranged[i].number = meta->images[i].number;
	}
	/* every photo was matched exactly once, so `order` is a permutation */
	struct fc_photo *before = list->items;
	list->items = FC_STEAL(arranged);
	free(before);
	return FC_OK;
}

void photo_list_release(struct photo_list *list)
{
	for (size_t i = 0; i < list->count; i++) {
		fc_free(&list->items[i].name);
	}
	free(list->items);
	*list = (struct photo_list){ 0 };
}
