/* Read the file of keys, and compare keys. */
/* SPDX-License-Identifier: MIT */
#include "commands/api/keys.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/digest.h"
#include "base/file.h"
#include "base/memory.h"

enum { FILE_MAXIMUM = 1024 * 1024, KEY_MINIMUM = 16, KEY_MAXIMUM = 512 };

void api_keys_release(struct api_keys *keys)
{
	for (size_t i = 0; i < keys->count; i++) {
		free(keys->items[i].spaces);
	}
	free(keys->items);
	if (keys->text) {
		explicit_bzero(keys->text, keys->length);
	}
	free(keys->text);
	*keys = (struct api_keys){ 0 };
}

static enum fc_status check_owner(int fd, const char *path, struct fc_error *err)
{
	struct stat info;
	if (fstat(fd, &info) != 0) {
		return fc_fail(err, FC_IO, "cannot examine the file of keys '%s'", path);
	}
	if (info.st_uid != geteuid() && info.st_uid != 0) {
		return fc_fail(err, FC_PERMISSION,
			       "the file of keys '%s' belongs to another user; chown it", path);
	}
	if (info.st_mode & (S_IRWXG | S_IRWXO)) {
		return fc_fail(err, FC_PERMISSION,
			       "others may read the file of keys '%s'; run 'chmod 600 %s'", path,
			       path);
	}
	return FC_OK;
}

static int compare_names(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Split "a,b" in place. */
static enum fc_status split_spaces(char *text, struct api_key *key, struct fc_error *err)
{
	size_t room = 2, count = 0;
	for (const char *c = text; *c != '\0'; c++) {
		room += *c == ',';
	}
	key->spaces = calloc(room, sizeof(*key->spaces));
	if (!key->spaces) {
		return fc_fail_memory(err);
	}
	for (char *word = strsep(&text, ","); word; word = strsep(&text, ",")) {
		if (*word == '\0') {
			return fc_fail(err, FC_INVALID_ARGUMENT,
				       "spaces= needs names, with a comma between them");
		}
		key->spaces[count++] = word;
	}
	qsort(key->spaces, count, sizeof(*key->spaces), compare_names);
	return FC_OK;
}

/* The account of a key that has only spaces. Sorted names, so that their order in the file does not matter. */
static enum fc_status derive_subscription(struct api_key *key, struct fc_error *err)
{
	static const struct fc_uuid key_accounts = { { 0x5b, 0x0e, 0x31, 0x6c, 0x8f, 0x5d, 0x4d,
						       0x1a, 0x9c, 0x27, 0x1f, 0x60, 0x4e, 0xa8,
						       0x72, 0xd3 } };
	FC_CLEANUP(fc_buffer_release) struct fc_buffer names = { 0 };
	for (char **name = key->spaces; *name; name++) {
		if (name == key->spaces || strcmp(name[-1], *name) != 0) {
			fc_buffer_printf(&names, "%s,", *name);
		}
	}
	if (!fc_buffer_ok(&names)) {
		return fc_fail_memory(err);
	}
	key->subscription = fc_uuid_of_name(&key_accounts, fc_buffer_text(&names));
	return FC_OK;
}

static enum fc_status read_line(char *line, struct api_key *key, struct fc_error *err)
{
	static const char space[] = " \t\r";
	key->key = strsep(&line, space);
	size_t length = strlen(key->key);
	if (length < KEY_MINIMUM || length > KEY_MAXIMUM) {
		return fc_fail(err, FC_INVALID_ARGUMENT, "a key has %d to %d characters",
			       KEY_MINIMUM, KEY_MAXIMUM);
	}
	while (line) {
		char *word = strsep(&line, space);
		if (*word == '\0') {
			continue;
		}
		if (strncmp(word, "spaces=", 7) == 0 && !key->spaces) {
			FC_TRY(split_spaces(word + 7, key, err));
		} else if (strcmp(word, "dialect=serp") == 0) {
			key->dialect = FC_PLATFORM_SERP;
		} else if (strcmp(word, "dialect=neuroio") == 0) {
			key->dialect = FC_PLATFORM_NEUROIO;
		} else if (strncmp(word, "subscription=", 13) != 0 ||
			   !fc_uuid_parse(word + 13, &key->subscription)) {
			return fc_fail(err, FC_INVALID_ARGUMENT,
				       "expected subscription=UUID, spaces=NAME,NAME or "
				       "dialect=NAME after the key");
		}
	}
	return key->spaces && fc_uuid_is_nil(&key->subscription) ? derive_subscription(key, err)
								 : FC_OK;
}

static enum fc_status read_lines(struct api_keys *keys, const char *path, struct fc_error *err)
{
	char *rest = keys->text;
	size_t lines = 1;
	for (const char *c = rest; *c != '\0'; c++) {
		lines += *c == '\n';
	}
	keys->items = calloc(lines, sizeof(*keys->items));
	if (!keys->items) {
		return fc_fail_memory(err);
	}
	for (size_t number = 1; rest; number++) {
		char *line = strsep(&rest, "\n");
		if (*line != '\0' && *line != '\r' && *line != '#') {
			FC_TRY_PREFIX(read_line(line, &keys->items[keys->count++], err), err,
				      "%s, line %zu", path, number);
		}
	}
	return FC_OK;
}

enum fc_status api_keys_read(const char *path, struct api_keys *out, struct fc_error *err)
{
	FC_CLEANUP(fc_fd_close) int fd = -1;
	FC_CLEANUP(fc_buffer_release) struct fc_buffer text = { 0 };
	FC_TRY(fc_file_open(path, &fd, NULL, err));
	FC_TRY(check_owner(fd, path, err));
	FC_TRY(fc_file_read_fd(fd, FILE_MAXIMUM, path, &text, err));
	out->length = text.length;
	out->text = fc_buffer_steal_text(&text);
	return out->text ? read_lines(out, path, err) : fc_fail_memory(err);
}

/* Compares digests, so that neither the length nor the beginning of a key can be found by measuring time. */
const struct api_key *api_keys_find(const struct api_keys *keys, const char *key)
{
	const struct api_key *found = NULL;
	struct fc_sha256 wanted = fc_sha256_of(key, strlen(key));
	for (size_t i = 0; i < keys->count; i++) {
		struct fc_sha256 digest =
			fc_sha256_of(keys->items[i].key, strlen(keys->items[i].key));
		unsigned different = 0;
		for (size_t byte = 0; byte < sizeof(digest.bytes); byte++) {
			different |= (unsigned)(digest.bytes[byte] ^ wanted.bytes[byte]);
		}
		found = different == 0 ? &keys->items[i] : found;
	}
	return found;
}
