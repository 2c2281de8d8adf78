/* Photos in a folder tree. */
/* SPDX-License-Identifier: MIT */
#include "service/folder.h"

#include <errno.h>
#include <fnmatch.h>
#include <fts.h>
#include <regex.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#include "base/file.h"

struct fc_folder {
	struct fc_folder_options options;
	char *root; /* fts wants a string it may change */
	size_t root_length;
	FTS *walk;
	char *person;
	bool has_pattern;
	regex_t pattern;
	struct fc_folder_skipped skipped;
};

static int by_name(const FTSENT **left, const FTSENT **right)
{
	return strcmp((*left)->fts_name, (*right)->fts_name);
}

void fc_folder_close(struct fc_folder *folder)
{
	if (!folder) {
		return;
	}
	if (folder->walk) {
		FC_IGNORE(fts_close(folder->walk));
	}
	if (folder->has_pattern) {
		regfree(&folder->pattern);
	}
	free(folder->root);
	free(folder->person);
	free(folder);
}

void fc_folder_closep(struct fc_folder **folder)
{
	fc_folder_close(*folder);
	*folder = NULL;
}

static enum fc_status compile_pattern(struct fc_folder *folder, struct fc_error *err)
{
	char words[128];
	const char *pattern = folder->options.pattern;
	int code = regcomp(&folder->pattern, pattern, REG_EXTENDED);
	if (code == 0) {
		folder->has_pattern = true;
		return FC_OK;
	}
	FC_IGNORE(regerror(code, &folder->pattern, words, sizeof(words)));
	return fc_fail(err, FC_INVALID_ARGUMENT, "'%s' is no regular expression: %s", pattern,
		       words);
}

enum fc_status fc_folder_open(const struct fc_folder_options *options, struct fc_folder **out,
			      struct fc_error *err)
{
	struct stat info;
	if (stat(options->root, &info) != 0) {
		return fc_fail_errno(err, FC_UNREADABLE, errno, "cannot open folder '%s'",
				     options->root);
	}
	if (!S_ISDIR(info.st_mode)) {
		return fc_fail(err, FC_UNREADABLE, "'%s' is not a folder", options->root);
	}
	FC_CLEANUP(fc_folder_closep) struct fc_folder *folder = calloc(1, sizeof(*folder));
	if (!folder) {
		return fc_fail_memory(err);
	}
	folder->options = *options;
	folder->root = strdup(options->root);
	if (!folder->root) {
		return fc_fail_memory(err);
	}
	folder->root_length = strlen(folder->root);
	while (folder->root_length > 1 && folder->root[folder->root_length - 1] == '/') {
		folder->root[--folder->root_length] = '\0';
	}
	if (options->pattern && options->layout == FC_LAYOUT_FLAT) {
		FC_TRY(compile_pattern(folder, err));
	}
	char *roots[] = { folder->root, NULL };
	folder->walk = fts_open(roots, FTS_PHYSICAL | FTS_COMFOLLOW | FTS_NOCHDIR, by_name);
	if (!folder->walk) {
		return fc_fail_errno(err, FC_IO, errno, "cannot walk folder '%s'", options->root);
	}
	*out = FC_STEAL(folder);
	return FC_OK;
}

static bool is_named_like_a_photo(const char *name)
{
	static const char *const endings[] = { ".jpg",  ".jpeg", ".jpe", ".jfif", ".png",
					       ".webp", ".bmp",  ".tif", ".tiff" };
	const char *ending = strrchr(name, '.');
	for (size_t i = 0; ending && i < FC_ARRAY_LENGTH(endings); i++) {
		if (strcasecmp(ending, endings[i]) == 0) {
			return true;
		}
	}
	return false;
}

static bool matches_any(const char *const *patterns, size_t count, const char *path)
{
	for (size_t i = 0; i < count; i++) {
		if (fnmatch(patterns[i], path, 0) == 0) {
			return true;
		}
	}
	return false;
}

static bool is_selected(const struct fc_folder_options *options, const char *below_root)
{
	if (options->include_count > 0 &&
	    !matches_any(options->include, options->include_count, below_root)) {
		return false;
	}
	return !matches_any(options->exclude, options->exclude_count, below_root);
}

/* A symbolic link that leads to a regular file counts as that file. */
static bool is_file(const FTSENT *entry)
{
	struct stat info;
	if (entry->fts_info == FTS_F) {
		return true;
	}
	return entry->fts_info == FTS_SL && stat(entry->fts_accpath, &info) == 0 &&
	       S_ISREG(info.st_mode);
}

/* "anna_01.jpg", "anna-2.jpg" and "anna.jpg" are all of "anna". */
static size_t flat_person_length(const char *name)
{
	const char *dot = strrchr(name, '.');
	size_t whole = dot ? (size_t)(dot - name) : strlen(name);
	size_t length = whole;
	while (length > 0 && name[length - 1] >= '0' && name[length - 1] <= '9') {
		length--;
	}
	while (length > 0 && (name[length - 1] == '_' || name[length - 1] == '-')) {
		length--;
	}
	return length > 0 ? length : whole;
}

/* The part of a file's name that the pattern says is the person; *text is the path, and then where the person begins in it. */
static bool match_pattern(const struct fc_folder *folder, const char **text, size_t *length)
{
	regmatch_t found[2];
	const char *name = fc_path_name(*text);
	if (regexec(&folder->pattern, name, FC_ARRAY_LENGTH(found), found, 0) != 0) {
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
	size_t length;
	free(folder->person);
	folder->person = NULL;
	if (folder->options.layout == FC_LAYOUT_DIRS) {
		const char *slash = strchr(below_root, '/');
		if (!slash) {
			return FC_OK;
		}
		length = (size_t)(slash - below_root);
	} else if (!folder->has_pattern) {
		below_root = fc_path_name(below_root);
		length = flat_person_length(below_root);
	} else if (!match_pattern(folder, &below_root, &length)) {
		return FC_OK;
	}
	folder->person = strndup(below_root, length);
	return folder->person ? FC_OK : fc_fail_memory(err);
}

/* Whether this entry of the walk is a photo to hand out; counts what is passed over. */
static bool is_wanted(struct fc_folder *folder, FTSENT *entry)
{
	if (entry->fts_level > 0 && entry->fts_name[0] == '.' && entry->fts_info != FTS_DP) {
		folder->skipped.hidden++;
		FC_IGNORE(fts_set(folder->walk, entry, FTS_SKIP));
		return false;
	}
	if (entry->fts_info == FTS_DNR || entry->fts_info == FTS_ERR) {
		folder->skipped.unreadable++;
		return false;
	}
	if (entry->fts_info == FTS_D || entry->fts_info == FTS_DP || entry->fts_info == FTS_DC) {
		return false;
	}
	if (!is_file(entry) || !is_named_like_a_photo(entry->fts_name)) {
		folder->skipped.other++;
		return false;
	}
	if (!is_selected(&folder->options, entry->fts_path + folder->root_length + 1)) {
		folder->skipped.excluded++;
		return false;
	}
	return true;
}

enum fc_status fc_folder_next(struct fc_folder *folder, struct fc_folder_photo *out, bool *end,
			      struct fc_error *err)
{
	for (;;) {
		errno = 0;
		FTSENT *entry = fts_read(folder->walk);
		if (!entry) {
			if (errno != 0) {
				return fc_fail_errno(err, FC_IO, errno, "cannot walk folder '%s'",
						     folder->root);
			}
			*end = true;
			return FC_OK;
		}
		if (!is_wanted(folder, entry)) {
			continue;
		}
		FC_TRY(name_person(folder, entry->fts_path + folder->root_length + 1, err));
		out->path = entry->fts_path;
		out->person = folder->person;
		*end = false;
		return FC_OK;
	}
}

const struct fc_folder_skipped *fc_folder_skipped(const struct fc_folder *folder)
{
	return &folder->skipped;
}
