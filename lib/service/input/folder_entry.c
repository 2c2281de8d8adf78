/* What an entry of a folder is. */
/* SPDX-License-Identifier: MIT */
#include "service/input/folder_entry.h"

#include <ctype.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"
#include "vision/image/signature.h"

void fc_name_count(struct fc_name_counts *counts, const char *name)
{
	size_t i = 0;
	while (i < counts->count && strcmp(counts->items[i].name, name) != 0) {
		i++;
	}
	if (i == FC_ARRAY_LENGTH(counts->items)) {
		counts->rest++;
		return;
	}
	if (i == counts->count) {
		snprintf(counts->items[counts->count++].name, sizeof(counts->items[i].name), "%s",
			 name);
	}
	counts->items[i].count++;
}

/* ---- names ---- */

/* The default exclude that matches a name: previews, recycle bins, snapshots and metadata that file servers and systems add. */
static const char *find_litter(const char *name)
{
	static const char *const patterns[] = {
		"@eaDir",
		"#recycle",
		"#snapshot",
		"@Recycle",
		"@Recently-Snapshot",
		".@__thumb",
		"$RECYCLE.BIN",
		"System Volume Information",
		".Trash*",
		"lost+found",
		".thumbnails",
		"Thumbs",
		"Thumbs.db",
		"__MACOSX",
		"._*",
		".AppleDouble",
		".DS_Store",
		".snapshot",
	};
	for (size_t i = 0; i < FC_ARRAY_LENGTH(patterns); i++) {
		/* no pattern begins with a wildcard; fnmatch is slow for the names of many files */
		if (tolower((unsigned char)patterns[i][0]) == tolower((unsigned char)name[0]) &&
		    fnmatch(patterns[i], name, FNM_CASEFOLD) == 0) {
			return patterns[i];
		}
	}
	return NULL;
}

static bool is_named_like_a_photo(const char *name)
{
	static const char *const endings[] = { ".jpg",  ".jpeg", ".jpe",  ".jfif", ".png",
					       ".webp", ".bmp",  ".tif",  ".tiff", ".heic",
					       ".heif", ".hif",  ".avif", ".gif",  ".jxl" };
	const char *ending = strrchr(name, '.');
	for (size_t i = 0; ending && i < FC_ARRAY_LENGTH(endings); i++) {
		if (strcasecmp(ending, endings[i]) == 0) {
			return true;
		}
	}
	return false;
}

static void count_suffix(struct fc_name_counts *counts, const char *name)
{
	enum { SUFFIX_MAXIMUM = 8 };
	char suffix[SUFFIX_MAXIMUM + 2] = ".";
	const char *dot = strrchr(name, '.');
	size_t length = dot ? strlen(dot + 1) : 0;
	for (size_t i = 0; i < length && length <= SUFFIX_MAXIMUM; i++) {
		if (!isalnum((unsigned char)dot[1 + i])) {
			length = 0;
		}
		suffix[1 + i] = (char)tolower((unsigned char)dot[1 + i]);
	}
	fc_name_count(counts, length > 0 && length <= SUFFIX_MAXIMUM ? suffix : "no suffix");
}

size_t fc_flat_person_length(const char *name)
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
	/* "person7.jpg" and "person7_2.jpg" show "person7" */
	bool is_tag = length == strlen("person") && memcmp(name, "person", length) == 0;
	return length > 0 && !is_tag ? length : whole;
}

/* ---- types ---- */

static bool begins_like_a_photo(int folder, const char *name)
{
	char start[FC_SIGNATURE_BYTES];
	FC_CLEANUP(fc_fd_close)
	int fd = openat(folder, name, O_RDONLY | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
	ssize_t length = fd < 0 ? -1 : read(fd, start, sizeof(start));
	return length > 0 && fc_signature(start, (size_t)length) != FC_IMAGE_UNKNOWN;
}

static void note_link(struct fc_folder_skipped *skipped, const char *name, uint64_t *counter)
{
	if (skipped->linked + skipped->linked_files == 0) {
		snprintf(skipped->first_link, sizeof(skipped->first_link), "%s", name);
	}
	(*counter)++;
}

enum fc_entry_kind fc_entry_kind_of(int folder, const struct dirent *entry,
				    const struct fc_folder_options *options,
				    struct fc_folder_skipped *skipped)
{
	const char *name = entry->d_name;
	const char *litter = options->no_default_excludes ? NULL : find_litter(name);
	unsigned char type = entry->d_type;
	struct stat info;
	if (litter) {
		fc_name_count(&skipped->litter, litter);
		return FC_ENTRY_SKIPPED;
	}
	if (name[0] == '.') {
		skipped->hidden++;
		return FC_ENTRY_SKIPPED;
	}
	if (type == DT_UNKNOWN && fstatat(folder, name, &info, AT_SYMLINK_NOFOLLOW) == 0) {
		type = (unsigned char)IFTODT(info.st_mode);
	}
	if (type == DT_DIR) {
		return FC_ENTRY_FOLDER;
	}
	bool is_link = type == DT_LNK;
	if (is_link && fstatat(folder, name, &info, 0) == 0) {
		type = (unsigned char)IFTODT(info.st_mode);
	}
	if (is_link && type == DT_DIR) {
		if (options->follow_links) {
			return FC_ENTRY_LINKED_FOLDER;
		}
		note_link(skipped, name, &skipped->linked);
		return FC_ENTRY_SKIPPED;
	}
	bool is_read = type == DT_REG && (!is_link || options->follow_links);
	if (!is_named_like_a_photo(name) &&
	    !(options->any_suffix && is_read && begins_like_a_photo(folder, name))) {
		skipped->other++;
		count_suffix(&skipped->suffixes, name);
		return FC_ENTRY_SKIPPED;
	}
	if (type != DT_REG) {
		skipped->special++;
		return FC_ENTRY_SKIPPED;
	}
	if (!is_read) {
		note_link(skipped, name, &skipped->linked_files);
	}
	return is_read ? FC_ENTRY_PHOTO : FC_ENTRY_SKIPPED;
}
