/* Any bytes as a list of photos, of every kind: every row is a photo or says in words what is wrong with it. */
/* SPDX-License-Identifier: MIT */
#include <limits.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/text.h"
#include "fuzz.h"
#include "gallery/gallery.h"
#include "service/input/manifest.h"

static void check_photo(const struct fc_photo *photo)
{
	FUZZ_CHECK(photo->name && photo->path && photo->path[0] != '\0');
	if (photo->status != FC_OK) {
		FUZZ_CHECK(photo->status == FC_INVALID_ARGUMENT && photo->error[0] != '\0');
		FUZZ_CHECK(strstr(photo->error, "list"));
		return;
	}
	FUZZ_CHECK(strlen(photo->path) < PATH_MAX && strcmp(photo->path, "-") != 0);
	FUZZ_CHECK(!photo->has_number ||
		   (photo->number >= 1 && photo->number <= FC_PERSON_NUMBER_MAXIMUM));
	FUZZ_CHECK(!photo->person || fc_text_is_label(photo->person, 255));
	FUZZ_CHECK(!photo->origin || fc_text_is_label(photo->origin, 255));
	FUZZ_CHECK(!photo->user_data ||
		   fc_text_is_utf8(photo->user_data, strlen(photo->user_data)));
}

static void read_list(const uint8_t *data, size_t size, const struct fc_manifest_options *options)
{
	FC_CLEANUP(fc_manifest_closep) struct fc_manifest *manifest = NULL;
	struct fc_error err = { 0 };
	int fd = memfd_create("list", MFD_CLOEXEC);
	FUZZ_CHECK(fd >= 0 && write(fd, data, size) == (ssize_t)size &&
		   lseek(fd, 0, SEEK_SET) == 0);
	FUZZ_CHECK(fc_manifest_open(fd, options, &manifest, &err) == FC_OK);
	for (size_t rows = 0;; rows++) {
		struct fc_photo photo;
		bool end = false;
		FUZZ_CHECK(rows <= size && fc_manifest_ready(manifest, 0));
		enum fc_status status = fc_manifest_next(manifest, &photo, &end, &err);
		if (status != FC_OK) {
			FUZZ_CHECK(status == FC_INVALID_ARGUMENT || status == FC_UNREADABLE);
			FUZZ_CHECK(err.text[0] != '\0');
			return;
		}
		if (end) {
			break;
		}
		check_photo(&photo);
	}
	FUZZ_CHECK(fc_manifest_offset(manifest) == size);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct fc_manifest_options kinds[] = {
		{ FC_MANIFEST_TABLE, "list", NULL },
		{ FC_MANIFEST_TABLE, "list.csv", "root" },
		{ FC_MANIFEST_PATHS, "list", NULL },
		{ FC_MANIFEST_PATHS_0, "list", "root" },
	};
	for (size_t i = 0; i < FC_ARRAY_LENGTH(kinds); i++) {
		read_list(data, size, &kinds[i]);
	}
	return 0;
}
