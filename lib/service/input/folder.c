/* Photos in a folder tree. */
/* SPDX-License-Identifier: MIT */
#include "service/input/folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <locale.h>
#include <regex.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/file.h"
#include "base/memory.h"
#include "base/name.h"
#include "service/input/folder_entry.h"
#include "service/input/ignore.h"

/*
 * One folder of the walk. The names of its photos and folders are kept in one buffer, because a folder may have a million entries.
 * No descriptor stays open.
 */
struct level {
	struct fc_buffer
		names; /* for each entry: 'd' (folder), 'l' (link to a folder) or 'f' (photo), the name, a NUL */
	const char **order; /* into names, sorted */
	size_t count, next;
	size_t path_length; /* length of the folder's path, which is the beginning of the path of the walk */
	dev_t device;
	ino_t inode;
	int tag;
	struct fc_ignore *ignore; /* NULL if the folder has no ignore file */
};

struct fc_folder {
	struct fc_folder_options options;
	struct fc_buffer path; /* of the current photo or folder */
	size_t below_root;     /* offset in path of the part below the root */
	struct level *levels;
	size_t depth, capacity;
	char *person, *person_word; /* normalised, and as it is in the path */
	struct fc_error error;      /* of a folder that cannot be read */
	bool has_pattern;
	/* of UTF-8, so that classes such as [[:alpha:]] match all letters; 0: the system has none */
	locale_t locale;
	regex_t pattern;
	struct fc_folder_skipped skipped;
};

static void level_release(struct level *level)
{
	fc_buffer_release(&level->names);
	fc_ignore_free(level->ignore);
	free(level->order);
	*level = (struct level){ 0 };
}

void fc_folder_close(struct fc_folder *folder)
{
	if (!folder) {
		return;
	}
	while (folder->depth > 0) {
		level_release(&folder->levels[--folder->depth]);
	}
	if (folder->has_pattern) {
		regfree(&folder->pattern);
	}
	if (folder->locale != (locale_t)0) {
		freelocale(folder->locale);
	}
	free(folder->levels);
	fc_buffer_release(&folder->path);
	free(folder->person);
	free(folder->person_word);
	free(folder);
}

/* ---- the person of a photo ---- */

static bool matches_any(const char *const *patterns, size_t count, const char *path)
{
	for (size_t i = 0; i < count; i++) {
		if (fnmatch(patterns[i], path, 0) == 0) {
			return true;
		}
	}
	return false;
}

/* Find the person in a file name with the pattern. *text: in, the path; out, the beginning of the person's name in it. */
static bool match_pattern(const struct fc_folder *folder, const char **text, size_t *length)
{
	regmatch_t found[2];
	const char *name = fc_path_name(*text);
	locale_t before = uselocale(folder->locale);
	int code = regexec(&folder->pattern, name, FC_ARRAY_LENGTH(found), found, 0);
	FC_IGNORE(uselocale(before));
	if (code != 0) {
		return false;
	}
	const regmatch_t *part = folder->pattern.re_nsub > 0 ? &found[1] : &found[0];
	if (part->rm_so < 0 || part->rm_eo == part->rm_so) {
		return false;
	}
	*text = name + part->rm_so;
	*length = (size_t)(part->rm_eo - part->rm_so);
	return true;
}

static enum fc_status name_person(struct fc_folder *folder, const char *below_root,
				  struct fc_error *err)
{
	size_t length = 0;
	if (folder->options.layout == FC_LAYOUT_DIRS) {
		const char *slash = strchr(below_root, '/');
		length = slash ? (size_t)(slash - below_root) : 0;
	} else if (!folder->has_pattern) {
		below_root = fc_path_name(below_root);
		length = fc_flat_person_length(below_root);
	} else if (!match_pattern(folder, &below_root, &length)) {
		length = 0;
	}
	/* most photos are of the same person as the one before */
	if (folder->person && strlen(folder->person_word) == length &&
	    memcmp(folder->person_word, below_root, length) == 0) {
		return FC_OK;
	}
	fc_free(&folder->person);
	fc_free(&folder->person_word);
	if (length == 0) {
		return FC_OK;
	}
	folder->person_word = strndup(below_root, length);
	return folder->person_word ? fc_name_normalise(folder->person_word, &folder->person, err)
				   : fc_fail_memory(err);
}

static enum fc_status compile_pattern(struct fc_folder *folder, struct fc_error *err)
{
	char words[128];
	const char *pattern = folder->options.pattern;
	folder->locale = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
	locale_t before = uselocale(folder->locale);
	int code = regcomp(&folder->pattern, pattern, REG_EXTENDED);
	FC_IGNORE(uselocale(before));
	if (code == 0) {
		folder->has_pattern = true;
		return FC_OK;
	}
	FC_IGNORE(regerror(code, &folder->pattern, words, sizeof(words)));
	return fc_fail(err, FC_INVALID_ARGUMENT, "'%s' is not a regular expression: %s", pattern,
		       words);
}

/* ---- one folder ---- */

static void take_name(struct fc_folder *folder, struct level *level, int fd,
		      const struct dirent *entry)
{
	static const char letters[] = {
		[FC_ENTRY_FOLDER] = 'd', [FC_ENTRY_LINKED_FOLDER] = 'l', [FC_ENTRY_PHOTO] = 'f'
	};
	if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0 ||
	    strcmp(entry->d_name, FC_IGNORE_FILE) == 0) {
		return;
	}
	enum fc_entry_kind kind = fc_entry_kind_of(fd, entry, &folder->options, &folder->skipped);
	if (kind != FC_ENTRY_SKIPPED) {
		fc_buffer_put_u8(&level->names, (uint8_t)letters[kind]);
		fc_buffer_append(&level->names, entry->d_name, strlen(entry->d_name) + 1);
		level->count++;
	}
}

static int by_name(const void *left, const void *right)
{
	return strcmp(*(const char *const *)left + 1, *(const char *const *)right + 1);
}

/* Collect the names in a folder. Takes ownership of fd. Returns 0, or errno if the folder could not be read completely. */
static int read_names(struct fc_folder *folder, struct level *level, int fd)
{
	DIR *entries = fdopendir(fd);
	if (!entries) {
		int failure = errno;
		fc_fd_close(&fd);
		return failure;
	}
	errno = 0;
	for (const struct dirent *entry; (entry = readdir(entries)) != NULL; errno = 0) {
		take_name(folder, level, dirfd(entries), entry);
	}
	int failure = errno;
	FC_IGNORE(closedir(entries));
	return failure;
}

/*
 * Enter the folder at folder->path. Takes ownership of its descriptor fd. *failure: 0, or errno if the folder could not be read
 * completely; in that case it is not entered. Errors: FC_NO_MEMORY, those of fc_ignore_read.
 */
static enum fc_status enter(struct fc_folder *folder, int fd, int *failure, struct fc_error *err)
{
	struct stat info;
	enum fc_status status = fc_array_grow(&folder->levels, sizeof(*folder->levels),
					      folder->depth, &folder->capacity, err);
	if (status != FC_OK) {
		fc_fd_close(&fd);
		return status;
	}
	struct level *level = &folder->levels[folder->depth];
	*level = (struct level){ .path_length = folder->path.length, .tag = -1 };
	if (folder->options.entered) {
		const char *path = (const char *)folder->path.data;
		level->tag = folder->options.entered(folder->options.context, path);
	}
	if (fstat(fd, &info) == 0) {
		level->device = info.st_dev;
		level->inode = info.st_ino;
	}
	status = fc_ignore_read(fd, &level->ignore, err);
	if (status != FC_OK) {
		fc_fd_close(&fd);
		return status;
	}
	*failure = read_names(folder, level, fd);
	if (*failure != 0) {
		level_release(level);
		return FC_OK;
	}
	folder->depth++;
	const char *name = (const char *)level->names.data;
	level->order = calloc(level->count + 1, sizeof(*level->order));
	if (!level->order || !fc_buffer_ok(&level->names)) {
		return fc_fail_memory(err);
	}
	for (size_t i = 0; i < level->count; i++) {
		level->order[i] = name;
		name += strlen(name) + 1;
	}
	qsort(level->order, level->count, sizeof(*level->order), by_name);
	return FC_OK;
}

/* ---- the walk ---- */

enum fc_status fc_folder_open(const struct fc_folder_options *options, struct fc_folder **out,
			      struct fc_error *err)
{
	int fd = open(options->root, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0 && errno == ENOTDIR) {
		return fc_fail(err, FC_UNREADABLE, "'%s' is not a folder", options->root);
	}
	if (fd < 0) {
		return fc_fail_errno(err, FC_UNREADABLE, errno, "cannot open folder '%s'",
				     options->root);
	}
	FC_CLEANUP(fc_folder_closep) struct fc_folder *folder = calloc(1, sizeof(*folder));
	if (!folder) {
		fc_fd_close(&fd);
		return fc_fail_memory(err);
	}
	folder->options = *options;
	size_t length = strlen(options->root);
	while (length > 1 && options->root[length - 1] == '/') {
		length--;
	}
	fc_buffer_append(&folder->path, options->root, length);
	folder->below_root = length + (length > 1 || options->root[0] != '/');
	if (!fc_buffer_text(&folder->path)) {
		fc_fd_close(&fd);
		return fc_fail_memory(err);
	}
	int failure = 0;
	FC_TRY_PREFIX(enter(folder, fd, &failure, err), err, "folder '%s'", options->root);
	if (failure != 0) {
		return fc_fail_errno(err, FC_UNREADABLE, failure, "cannot read folder '%s'",
				     options->root);
	}
	if (options->pattern && options->layout == FC_LAYOUT_FLAT) {
		FC_TRY(compile_pattern(folder, err));
	}
	*out = FC_STEAL(folder);
	return FC_OK;
}

void fc_folder_each_in_root(const struct fc_folder *folder, fc_folder_visit *visit, void *context)
{
	const struct level *root = &folder->levels[0];
	for (size_t i = 0; i < root->count; i++) {
		if (root->order[i][0] != 'f') {
			visit(root->order[i] + 1, context);
		}
	}
}

/* Whether a folder is one of those that the walk is in. */
static bool leads_back(const struct fc_folder *folder, int fd)
{
	struct stat info;
	bool found = fstat(fd, &info) != 0;
	for (size_t i = 0; i < folder->depth && !found; i++) {
		const struct level *level = &folder->levels[i];
		found = level->device == info.st_dev && level->inode == info.st_ino;
	}
	return found;
}

/* Whether the ignore files exclude the path. That of the innermost folder with a matching pattern decides. */
static bool is_ignored(const struct fc_folder *folder, const char *path, bool is_folder)
{
	enum fc_ignore_match match = FC_IGNORE_NONE;
	for (size_t i = folder->depth; i-- > 0 && match == FC_IGNORE_NONE;) {
		const char *below = path + folder->levels[i].path_length;
		match = fc_ignore_matches(folder->levels[i].ignore, below + (*below == '/'),
					  is_folder);
	}
	return match == FC_IGNORE_SKIP;
}

/*
 * Enter the folder at folder->path. A folder that cannot be opened or read is skipped, and folder->error has the reason. Running out of
 * descriptors or memory is an error, because it would affect all other folders, too.
 */
static enum fc_status descend(struct fc_folder *folder, bool is_link, struct fc_error *err)
{
	const char *path = (const char *)folder->path.data;
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC | (is_link ? 0 : O_NOFOLLOW));
	int failure = fd < 0 ? errno : 0;
	const char *verb = fd < 0 ? "open" : "read";
	if (fd >= 0 && is_link && leads_back(folder, fd)) {
		fc_fd_close(&fd);
		folder->skipped.loops++;
		return FC_OK;
	}
	if (fd >= 0) {
		enum fc_status status = enter(folder, fd, &failure, &folder->error);
		if (status != FC_OK && status != FC_NO_MEMORY) {
			folder->skipped.unreadable++;
			fc_error_prefix(&folder->error, "folder '%s'", path);
			return FC_OK;
		}
		FC_TRY(status == FC_OK ? FC_OK : fc_fail_memory(err));
	}
	if (failure == 0) {
		return FC_OK;
	}
	if (failure == EMFILE || failure == ENFILE || failure == ENOMEM) {
		return fc_fail_errno(err, FC_IO, failure, "cannot %s folder '%s'", verb, path);
	}
	/* The patterns may exclude the folder, or everything in it. */
	const struct fc_folder_options *options = &folder->options;
	const char *below_root = path + folder->below_root;
	FC_CLEANUP(fc_free) char *inside = fc_path_join(below_root, "");
	if (matches_any(options->exclude, options->exclude_count, below_root) ||
	    (inside && matches_any(options->exclude, options->exclude_count, inside))) {
		folder->skipped.excluded++;
		return FC_OK;
	}
	folder->skipped.unreadable++;
	FC_IGNORE(fc_fail_errno(&folder->error, FC_UNREADABLE, failure, "cannot %s folder '%s'",
				verb, path));
	return FC_OK;
}

enum fc_status fc_folder_next(struct fc_folder *folder, struct fc_folder_photo *out, bool *end,
			      struct fc_error *err)
{
	while (folder->depth > 0) {
		struct level *level = &folder->levels[folder->depth - 1];
		if (level->next == level->count) {
			level_release(level);
			folder->depth--;
			continue;
		}
		const char *name = level->order[level->next++];
		bool at_slash = folder->path.data[level->path_length - 1] == '/';
		folder->path.length = level->path_length;
		fc_buffer_append_text(&folder->path, at_slash ? "" : "/");
		fc_buffer_append_text(&folder->path, name + 1);
		if (!fc_buffer_text(&folder->path)) {
			return fc_fail_memory(err);
		}
		const char *path = (const char *)folder->path.data;
		if (is_ignored(folder, path, name[0] != 'f')) {
			folder->skipped.ignored++;
			continue;
		}
		if (name[0] != 'f') {
			folder->error = (struct fc_error){ 0 };
			FC_TRY(descend(folder, name[0] == 'l', err));
			if (folder->error.status == FC_OK) {
				continue;
			}
			*out = (struct fc_folder_photo){ .path = path,
							 .error = folder->error.text };
			*end = false;
			return FC_OK;
		}
		const struct fc_folder_options *options = &folder->options;
		const char *below_root = path + folder->below_root;
		if ((options->include_count > 0 &&
		     !matches_any(options->include, options->include_count, below_root)) ||
		    matches_any(options->exclude, options->exclude_count, below_root)) {
			folder->skipped.excluded++;
			continue;
		}
		FC_TRY(name_person(folder, below_root, err));
		*out = (struct fc_folder_photo){ .path = path,
						 .person = folder->person,
						 .tag = level->tag };
		*end = false;
		return FC_OK;
	}
	*end = true;
	return FC_OK;
}

const struct fc_folder_skipped *fc_folder_skipped(const struct fc_folder *folder)
{
	return &folder->skipped;
}
