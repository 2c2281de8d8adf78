/* Feed every file of the given folders to a fuzz target: the corpus as a plain regression test. */
/* SPDX-License-Identifier: MIT */
#include <dirent.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "fuzz.h"

static bool replay_file(const char *path)
{
	FC_CLEANUP(fc_buffer_release) struct fc_buffer content = { 0 };
	struct fc_error err = { 0 };
	if (fc_file_read(path, UINT64_C(1) << 30, &content, &err) != FC_OK) {
		FC_IGNORE(fprintf(stderr, "%s\n", err.text));
		return false;
	}
	/* A copy of the very size, so that AddressSanitizer sees one byte too many. */
	FC_CLEANUP(fc_free) uint8_t *exact = malloc(content.length + 1);
	if (!exact) {
		return false;
	}
	uint8_t *data = exact + 1;
	if (content.length > 0) {
		memcpy(data, content.data, content.length);
	}
	FC_IGNORE(LLVMFuzzerTestOneInput(data, content.length));
	return true;
}

static int replay_folder(const char *folder)
{
	struct dirent **entries = NULL;
	int replayed = 0;
	int count = scandir(folder, &entries, NULL, alphasort);
	for (int i = 0; i < count; i++) {
		FC_CLEANUP(fc_free) char *path = fc_path_join(folder, entries[i]->d_name);
		if (entries[i]->d_name[0] != '.' && path && replay_file(path)) {
			replayed++;
		}
		free(entries[i]);
	}
	free(entries);
	return replayed;
}

int main(int argc, char **argv)
{
	int replayed = 0;
	for (int i = 1; i < argc; i++) {
		replayed += replay_folder(argv[i]);
	}
	FC_IGNORE(printf("%d inputs\n", replayed));
	return replayed > 0 ? 0 : 1;
}
