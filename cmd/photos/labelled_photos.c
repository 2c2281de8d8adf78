/* Find the photos of known persons and of strangers. */
/* SPDX-License-Identifier: MIT */
#include "photos/labelled_photos.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/file.h"
#include "base/memory.h"
#include "base/text.h"
#include "service/input/folder.h"
#include "service/input/manifest.h"

enum { PAIRS_FILE_MAXIMUM = 256 << 20, GROUP_NAME_MAXIMUM = 64 };

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
	for (size_t i = 0; i < photos->group_count; i++) {
		free(photos->groups[i]);
	}
	free(photos->items);
	free(photos->pairs);
	*photos = (struct labelled_photos){ 0 };
}

static enum fc_status fail_persons(struct fc_error *err)
{
	return fc_fail(err, FC_TOO_LARGE, "too many persons (maximum: %d); evaluate a part of them",
		       FC_METRICS_PERSONS_MAXIMUM);
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
		return fail_persons(err);
	}
	photos->items[photos->count++] = (struct labelled_photo){
		.path = path, .person = (uint16_t)person, .group = FC_NO_GROUP, .index = NO_TEMPLATE
	};
	if (photos->strangers == 0 && person == photos->person_count) {
		photos->person_count++;
	}
	return path ? FC_OK : fc_fail_memory(err);
}

/* Sets of labelled photos often consist of links. */
static enum fc_status open_folder(const char *root, enum fc_folder_layout layout,
				  struct fc_folder **out, struct fc_error *err)
{
	const struct fc_folder_options options = { .root = root,
						   .layout = layout,
						   .follow_links = true };
	return fc_folder_open(&options, out, err);
}

/* The next photo of a folder. What cannot be read is an error, because rates of a part of the photos mislead. */
static enum fc_status next_in_folder(struct fc_folder *folder, struct fc_folder_photo *out,
				     bool *end, struct fc_error *err)
{
	FC_TRY(fc_folder_next(folder, out, end, err));
	return !*end && out->error ? fc_fail(err, FC_UNREADABLE, "%s", out->error) : FC_OK;
}

enum fc_status labelled_photos_from_folder(const char *root, struct labelled_photos *out,
					   struct fc_error *err)
{
	FC_CLEANUP(labelled_photos_release) struct labelled_photos photos = { 0 };
	FC_CLEANUP(fc_folder_closep) struct fc_folder *folder = NULL;
	FC_CLEANUP(fc_free) char *person = NULL;
	FC_TRY(open_folder(root, FC_LAYOUT_DIRS, &folder, err));
	for (;;) {
		struct fc_folder_photo photo;
		bool end;
		FC_TRY(next_in_folder(folder, &photo, &end, err));
		if (end) {
			break;
		}
		if (!photo.person) {
			photos.unassigned++;
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

/* ---- manifests ---- */

/* A row: whose photo it is, in the order of the rows. */
struct row_person {
	char *key;
	size_t photo;
};

struct row_persons {
	struct row_person *items;
	size_t count, capacity;
};

static void row_persons_release(struct row_persons *rows)
{
	for (size_t i = 0; i < rows->count; i++) {
		free(rows->items[i].key);
	}
	free(rows->items);
}

static int by_key(const void *left, const void *right)
{
	return strcmp(((const struct row_person *)left)->key,
		      ((const struct row_person *)right)->key);
}

/* A text that is the same for all photos of a person. Errors: FC_INVALID_ARGUMENT. */
static enum fc_status person_key(const struct fc_photo *photo, char **out, struct fc_error *err)
{
	char pid[FC_UUID_TEXT_SIZE];
	int length = 0;
	if (photo->has_pid) {
		fc_uuid_format(&photo->pid, pid);
		length = asprintf(out, "pid %s", pid);
	} else if (photo->has_number) {
		length = asprintf(out, "number %" PRIu64, photo->number);
	} else if (photo->person) {
		length = asprintf(out, "name %s", photo->person);
	} else {
		return fc_fail(err, FC_INVALID_ARGUMENT,
			       "'%s' has no person; the manifest needs a column pid, person_id or "
			       "name with a value in each row",
			       photo->path);
	}
	if (length < 0) {
		*out = NULL;
		return fc_fail_memory(err);
	}
	return FC_OK;
}

/* The index of a group, which is added if it is new. NULL: FC_NO_GROUP. */
static enum fc_status find_group(struct labelled_photos *photos, const char *name, uint8_t *out,
				 struct fc_error *err)
{
	size_t i = 0;
	*out = FC_NO_GROUP;
	if (!name) {
		return FC_OK;
	}
	if (!fc_text_is_label(name, GROUP_NAME_MAXIMUM)) {
		return fc_fail(err, FC_INVALID_ARGUMENT,
			       "'%s': the group must be 1 to %d bytes of UTF-8 without control "
			       "characters",
			       photos->items[photos->count - 1].path, GROUP_NAME_MAXIMUM);
	}
	while (i < photos->group_count && strcmp(photos->groups[i], name) != 0) {
		i++;
	}
	if (i == FC_GROUPS_MAXIMUM) {
		return fc_fail(err, FC_INVALID_ARGUMENT,
			       "the column 'group' has too many different values (maximum: %d)",
			       FC_GROUPS_MAXIMUM);
	}
	if (i == photos->group_count) {
		photos->groups[i] = strdup(name);
		if (!photos->groups[i]) {
			return fc_fail_memory(err);
		}
		photos->group_count++;
	}
	*out = (uint8_t)i;
	return FC_OK;
}

/* Add the photo of a row, with the person 0 for now. */
static enum fc_status add_row(struct labelled_photos *photos, const struct fc_photo *photo,
			      const char *group, struct row_persons *rows, struct fc_error *err)
{
	if (photo->status != FC_OK) {
		return fc_fail(err, photo->status, "%s", photo->error);
	}
	FC_TRY(fc_array_grow(&rows->items, sizeof(*rows->items), rows->count, &rows->capacity,
			     err));
	struct row_person *row = &rows->items[rows->count];
	row->photo = photos->count;
	FC_TRY(person_key(photo, &row->key, err));
	rows->count++;
	FC_TRY(add_photo(photos, strdup(photo->path), 0, err));
	photos->items[row->photo].has_face = photo->has_face;
	photos->items[row->photo].face = photo->face;
	return find_group(photos, group, &photos->items[row->photo].group, err);
}

enum fc_status labelled_photos_from_manifest(const char *file, const char *root,
					     struct labelled_photos *out, struct fc_error *err)
{
	FC_CLEANUP(labelled_photos_release) struct labelled_photos photos = { 0 };
	FC_CLEANUP(row_persons_release) struct row_persons rows = { 0 };
	FC_CLEANUP(fc_manifest_closep) struct fc_manifest *manifest = NULL;
	const struct fc_manifest_options options = { .name = file, .root = root };
	int fd = open(file, O_RDONLY | O_NOCTTY | O_CLOEXEC);
	if (fd < 0) {
		return fc_fail_errno(err, FC_UNREADABLE, errno, "cannot open '%s'", file);
	}
	FC_TRY(fc_manifest_open(fd, &options, &manifest, err));
	for (;;) {
		struct fc_photo photo;
		bool end;
		FC_TRY(fc_manifest_next(manifest, &photo, &end, err));
		if (end) {
			break;
		}
		FC_TRY(add_row(&photos, &photo, fc_manifest_group(manifest), &rows, err));
	}
	if (photos.count == 0) {
		return fc_fail(err, FC_INVALID_ARGUMENT, "'%s' contains no photos", file);
	}
	qsort(rows.items, rows.count, sizeof(*rows.items), by_key);
	photos.person_count = 0;
	for (size_t i = 0; i < rows.count; i++) {
		bool is_new = i == 0 || strcmp(rows.items[i - 1].key, rows.items[i].key) != 0;
		photos.person_count += is_new;
		if (photos.person_count > FC_METRICS_PERSONS_MAXIMUM) {
			return fail_persons(err);
		}
		photos.items[rows.items[i].photo].person = (uint16_t)(photos.person_count - 1);
	}
	*out = FC_STEAL_STRUCT(photos);
	return FC_OK;
}

/* ---- strangers ---- */

enum fc_status labelled_photos_add_strangers(struct labelled_photos *photos, const char *root,
					     struct fc_error *err)
{
	FC_CLEANUP(fc_folder_closep) struct fc_folder *folder = NULL;
	size_t before = photos->strangers;
	FC_TRY(open_folder(root, FC_LAYOUT_FLAT, &folder, err));
	for (;;) {
		struct fc_folder_photo photo;
		bool end;
		FC_TRY(next_in_folder(folder, &photo, &end, err));
		if (end) {
			break;
		}
		size_t person = photos->person_count + photos->strangers++;
		FC_TRY(add_photo(photos, strdup(photo.path), person, err));
	}
	if (photos->strangers == before) {
		return fc_fail(err, FC_INVALID_ARGUMENT, "'%s' has no photos", root);
	}
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
