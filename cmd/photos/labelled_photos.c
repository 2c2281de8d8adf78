/* Find the photos of known persons. */
/* SPDX-License-Identifier: MIT */
#include "photos/labelled_photos.h"

#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/file.h"
#include "base/memory.h"
#include "service/input/folder.h"
#include "service/measure/metrics.h"

enum { PAIRS_FILE_MAXIMUM = 256 << 20 };

struct labelled_line {
	char *paths[2];
	bool same;
};

struct labelled_lines {
	struct labelled_line *items;
	size_t count, capacity;
};

void labelled_photos_release(struct labelled_photos *photos)
{
	for (size_t i = 0; i < photos->count; i++) {
		free(photos->items[i].path);
	}
	free(photos->items);
	free(photos->pairs);
	*photos = (struct labelled_photos){ 0 };
}

/* Add a photo and take ownership of path, also on failure. */
static enum fc_status add_photo(struct labelled_photos *photos, char *path, size_t person,
				struct fc_error *err)
{
	enum fc_status status = fc_array_grow(&photos->items, sizeof(*photos->items), photos->count,
					      &photos->capacity, err);
	if (status != FC_OK) {
		free(path);
		return status;
	}
	if (person >= FC_METRICS_PERSONS_MAXIMUM) {
		free(path);
		return fc_fail(err, FC_TOO_LARGE,
			       "too many persons (maximum: %d); evaluate a part of them",
			       FC_METRICS_PERSONS_MAXIMUM);
	}
	photos->items[photos->count++] =
		(struct labelled_photo){ path, (uint16_t)person, NO_TEMPLATE };
	if (person == photos->person_count) {
		photos->person_count++;
	}
	return path ? FC_OK : fc_fail_memory(err);
}

enum fc_status labelled_photos_from_folder(const char *root, struct labelled_photos *out,
					   struct fc_error *err)
{
	FC_CLEANUP(labelled_photos_release) struct labelled_photos photos = { 0 };
	FC_CLEANUP(fc_folder_closep) struct fc_folder *folder = NULL;
	FC_CLEANUP(fc_free) char *person = NULL;
	struct fc_folder_options options = { .root = root, .layout = FC_LAYOUT_DIRS };
	FC_TRY(fc_folder_open(&options, &folder, err));
	for (;;) {
		struct fc_folder_photo photo;
		bool end;
		FC_TRY(fc_folder_next(folder, &photo, &end, err));
		if (end) {
			break;
		}
		if (!photo.person) {
			continue;
		}
		/* The walk is sorted: the photos of a person are consecutive. */
		bool is_new = !person || strcmp(person, photo.person) != 0;
		size_t number = photos.person_count - (is_new ? 0 : 1);
		if (is_new) {
			free(person);
			person = strdup(photo.person);
		}
		FC_TRY(add_photo(&photos, person ? strdup(photo.path) : NULL, number, err));
	}
	if (photos.count == 0) {
		return fc_fail(err, FC_INVALID_ARGUMENT,
			       "'%s' has no photos in folders of persons, as in PERSON/photo.jpg",
			       root);
	}
	*out = FC_STEAL_STRUCT(photos);
	return FC_OK;
}

/* Parse a line of the list. Both paths are allocated, and relative ones begin at root. */
static enum fc_status parse_line(char *line, const char *root, struct labelled_line *out,
				 struct fc_error *err)
{
	char *tab = strchr(line, '\t');
	char *second_tab = tab ? strchr(tab + 1, '\t') : NULL;
	if (!second_tab || (strcmp(second_tab + 1, "0") != 0 && strcmp(second_tab + 1, "1") != 0)) {
		return fc_fail(
			err, FC_INVALID_ARGUMENT,
			"the line must have the form PATH<TAB>PATH<TAB>1 (same person) or 0");
	}
	*tab = '\0';
	*second_tab = '\0';
	const char *names[2] = { line, tab + 1 };
	for (size_t i = 0; i < 2; i++) {
		out->paths[i] =
			names[i][0] == '/' ? strdup(names[i]) : fc_path_join(root, names[i]);
		if (!out->paths[i]) {
			return fc_fail_memory(err);
		}
	}
	out->same = second_tab[1] == '1';
	return FC_OK;
}

static void lines_release(struct labelled_lines *lines)
{
	for (size_t i = 0; i < lines->count; i++) {
		free(lines->items[i].paths[0]);
		free(lines->items[i].paths[1]);
	}
	free(lines->items);
}

static enum fc_status read_lines(const char *file, const char *root, struct labelled_lines *lines,
				 struct fc_error *err)
{
	FC_CLEANUP(fc_buffer_release) struct fc_buffer bytes = { 0 };
	FC_TRY(fc_file_read(file, PAIRS_FILE_MAXIMUM, &bytes, err));
	if (!fc_buffer_text(&bytes)) {
		return fc_fail_memory(err);
	}
	char *rest = (char *)bytes.data;
	for (size_t number = 1; rest; number++) {
		char *line = strsep(&rest, "\n");
		if (line[0] == '\0' || line[0] == '#') {
			continue;
		}
		FC_TRY(fc_array_grow(&lines->items, sizeof(*lines->items), lines->count,
				     &lines->capacity, err));
		struct labelled_line *item = &lines->items[lines->count++];
		*item = (struct labelled_line){ 0 };
		FC_TRY_PREFIX(parse_line(line, root, item, err), err, "'%s', line %zu", file,
			      number);
	}
	if (lines->count == 0) {
		return fc_fail(err, FC_INVALID_ARGUMENT, "'%s' contains no pairs", file);
	}
	return FC_OK;
}

static int by_path(const void *left, const void *right)
{
	return strcmp(*(char *const *)left, *(char *const *)right);
}

/* Whether two paths are in the same folder. */
static bool are_neighbours(const char *a, const char *b)
{
	size_t length = (size_t)(fc_path_name(a) - a);
	return length == (size_t)(fc_path_name(b) - b) && memcmp(a, b, length) == 0;
}

/* Collect all paths, sorted and without duplicates. Paths of one folder are consecutive and count as one person. */
static enum fc_status collect_photos(const struct labelled_lines *lines,
				     struct labelled_photos *photos, struct fc_error *err)
{
	size_t count = 2 * lines->count;
	FC_CLEANUP(fc_free) const char **paths = calloc(count, sizeof(*paths));
	if (!paths) {
		return fc_fail_memory(err);
	}
	for (size_t i = 0; i < count; i++) {
		paths[i] = lines->items[i / 2].paths[i % 2];
	}
	qsort(paths, count, sizeof(*paths), by_path);
	for (size_t i = 0; i < count; i++) {
		if (i > 0 && strcmp(paths[i - 1], paths[i]) == 0) {
			continue;
		}
		bool same_folder = i > 0 && are_neighbours(paths[i - 1], paths[i]);
		size_t person = photos->person_count - (same_folder ? 1 : 0);
		FC_TRY(add_photo(photos, strdup(paths[i]), person, err));
	}
	return FC_OK;
}

static int by_photo_path(const void *key, const void *item)
{
	return strcmp(key, ((const struct labelled_photo *)item)->path);
}

static size_t place_of(const struct labelled_photos *photos, const char *path)
{
	const struct labelled_photo *found =
		bsearch(path, photos->items, photos->count, sizeof(*photos->items), by_photo_path);
	return (size_t)(found - photos->items);
}

enum fc_status labelled_photos_from_pairs(const char *file, const char *root,
					  struct labelled_photos *out, struct fc_error *err)
{
	FC_CLEANUP(labelled_photos_release) struct labelled_photos photos = { 0 };
	FC_CLEANUP(lines_release) struct labelled_lines lines = { 0 };
	FC_TRY(read_lines(file, root, &lines, err));
	FC_TRY(collect_photos(&lines, &photos, err));
	photos.pairs = calloc(lines.count, sizeof(*photos.pairs));
	if (!photos.pairs) {
		return fc_fail_memory(err);
	}
	for (size_t i = 0; i < lines.count; i++) {
		photos.pairs[photos.pair_count++] = (struct labelled_photo_pair){
			.first = place_of(&photos, lines.items[i].paths[0]),
			.second = place_of(&photos, lines.items[i].paths[1]),
			.same = lines.items[i].same,
		};
	}
	*out = FC_STEAL_STRUCT(photos);
	return FC_OK;
}

static enum fc_status next_photo(void *context, struct fc_photo *out, bool *end,
				 struct fc_error *err)
{
	struct labelled_photos *photos = context;
	(void)err;
	*end = photos->next == photos->count;
	if (!*end) {
		const char *path = photos->items[photos->next++].path;
		*out = (struct fc_photo){ .name = path, .path = path };
	}
	return FC_OK;
}

struct fc_photo_source labelled_photos_source(struct labelled_photos *photos)
{
	photos->next = 0;
	return (struct fc_photo_source){ .next = next_photo, .context = photos };
}
