/* Write crops of faces and annotated photos. */
/* SPDX-License-Identifier: MIT */
#include "photos/pictures.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/digest.h"
#include "base/file.h"
#include "base/memory.h"
#include "base/text.h"
#include "vision/image/encode.h"
#include "vision/worker/workers.h"

enum {
	PICTURE_MODE = 0600, /* pictures of faces are personal data */
	FOLDER_MODE = 0700,
	/* Bytes. A name of 255 bytes has room for it, two prefixes "file_N-", the number of a face and the suffix of a temporary file. */
	STEM_MAXIMUM = 180,
	DIGITS = 16, /* of a digest; distinguishes equal names */
};

static bool is_folder(const char *path)
{
	struct stat info;
	return stat(path, &info) == 0 && S_ISDIR(info.st_mode);
}

/* The stem, "-", and digits of the digest of text. The caller frees it; NULL when out of memory. */
static char *with_digest(const char *stem, size_t length, const char *text)
{
	struct fc_sha256 digest = fc_sha256_of(text, strlen(text));
	char digits[FC_SHA256_TEXT_SIZE];
	char *whole = NULL;
	fc_sha256_format(&digest, digits);
	return asprintf(&whole, "%.*s-%.*s", (int)length, stem, DIGITS, digits) < 0 ? NULL : whole;
}

/*
 * The file name without its suffix, slashes, control characters and a leading dot. A long one is cut and ends in its digest. The caller
 * frees it; NULL when out of memory.
 */
static char *stem_of_name(const char *name, bool has_ending)
{
	FC_CLEANUP(fc_buffer_release) struct fc_buffer visible = { 0 };
	fc_text_append_visible(&visible, name);
	FC_CLEANUP(fc_free) char *stem = fc_buffer_steal_text(&visible);
	char *dot = stem && has_ending ? strrchr(stem, '.') : NULL;
	if (dot && dot != stem) {
		*dot = '\0';
	}
	for (char *cursor = stem; cursor && *cursor != '\0'; cursor++) {
		*cursor = *cursor == '/' || *cursor == '\\' ? '_' : *cursor;
	}
	if (stem && stem[0] == '.') {
		stem[0] = '_';
	}
	if (!stem || strlen(stem) <= STEM_MAXIMUM) {
		return FC_STEAL(stem);
	}
	size_t length = STEM_MAXIMUM - DIGITS - 1;
	while (((unsigned char)stem[length] & 0xc0) == 0x80) {
		length--; /* inside a UTF-8 character */
	}
	return with_digest(stem, length, name);
}

/* The stem of a file if the other photos are unknown: the path's digest distinguishes equal file names. */
static char *stem_of_path(const char *path)
{
	FC_CLEANUP(fc_free) char *name = stem_of_name(fc_path_name(path), true);
	return name ? with_digest(name, strlen(name), path) : NULL;
}

static int compare_stems(const void *a, const void *b)
{
	char **const *left = a;
	char **const *right = b;
	return strcmp(**left, **right);
}

/*
 * Prefix each stem that several photos have with "file_N-". *found: whether there was one. Another photo may already have the longer stem,
 * so this is repeated.
 */
static enum fc_status prefix_equal_stems(struct pictures *pictures, bool *found,
					 struct fc_error *err)
{
	*found = false;
	size_t count = pictures->photos->count;
	FC_CLEANUP(fc_free) char ***sorted = calloc(count + 1, sizeof(*sorted));
	FC_CLEANUP(fc_free) bool *shared = calloc(count + 1, sizeof(*shared));
	if (!sorted || !shared) {
		return fc_fail_memory(err);
	}
	for (size_t i = 0; i < count; i++) {
		sorted[i] = &pictures->stems[i];
	}
	qsort(sorted, count, sizeof(*sorted), compare_stems);
	for (size_t i = 1; i < count; i++) {
		if (strcmp(*sorted[i - 1], *sorted[i]) == 0) {
			shared[sorted[i - 1] - pictures->stems] = true;
			shared[sorted[i] - pictures->stems] = true;
		}
	}
	for (size_t i = 0; i < count; i++) {
		char *longer = NULL;
		if (!shared[i]) {
			continue;
		}
		*found = true;
		if (asprintf(&longer, "file_%zu-%s", i, pictures->stems[i]) < 0) {
			return fc_fail_memory(err);
		}
		free(pictures->stems[i]);
		pictures->stems[i] = longer;
	}
	return FC_OK;
}

/* Set the stem of each photo: its name if one was given or there is no file, else its file name. */
static enum fc_status set_stems(struct pictures *pictures, struct fc_error *err)
{
	size_t count = pictures->photos->count;
	bool repeat = true;
	pictures->stems = calloc(count + 1, sizeof(*pictures->stems));
	for (size_t i = 0; pictures->stems && i < count; i++) {
		const struct fc_photo *photo = &pictures->photos->items[i];
		char made[32];
		snprintf(made, sizeof(made), "file_%zu", i);
		bool from_name = strcmp(photo->name, made) != 0 || strcmp(photo->path, "-") == 0;
		pictures->stems[i] = stem_of_name(
			from_name ? photo->name : fc_path_name(photo->path), !from_name);
		if (!pictures->stems[i]) {
			return fc_fail_memory(err);
		}
	}
	while (pictures->stems && repeat) {
		FC_TRY(prefix_equal_stems(pictures, &repeat, err));
	}
	return pictures->stems ? FC_OK : fc_fail_memory(err);
}

/* The image format that the suffix of the file's name selects; unknown without a suffix. Errors: FC_INVALID_ARGUMENT. */
static enum fc_status choose_format(const char *path, enum fc_image_format *out,
				    struct fc_error *err)
{
	static const struct {
		const char *ending;
		enum fc_image_format format;
	} endings[] = {
		{ ".png", FC_IMAGE_PNG },
		{ ".jpg", FC_IMAGE_JPEG },
		{ ".jpeg", FC_IMAGE_JPEG },
	};
	const char *name = fc_path_name(path);
	const char *dot = strrchr(name, '.');
	for (size_t i = 0; dot && i < FC_ARRAY_LENGTH(endings); i++) {
		if (strcasecmp(dot, endings[i].ending) == 0) {
			*out = endings[i].format;
			return FC_OK;
		}
	}
	*out = FC_IMAGE_UNKNOWN;
	return !dot || dot == name
		       ? FC_OK
		       : fc_fail(err, FC_INVALID_ARGUMENT,
				 "--annotate '%s': pictures are written as PNG or JPEG; "
				 "the name must end in .png, .jpg or .jpeg",
				 path);
}

/* Decide whether --annotate is a file, a folder or standard output, and its format. */
static enum fc_status init_annotate(struct pictures *pictures, bool is_single,
				    const struct out *out, struct fc_error *err)
{
	const char *annotate = pictures->annotate;
	if (strcmp(annotate, "-") == 0) {
		pictures->annotate_is_stdout = true;
		if (!is_single) {
			return fc_fail(err, FC_INVALID_ARGUMENT,
				       "--annotate - is for one photo; for several, name a folder");
		}
		return out->draft.path
			       ? FC_OK
			       : fc_fail(err, FC_INVALID_ARGUMENT,
					 "--annotate - writes the picture to standard output; "
					 "give a file for the results with --output FILE");
	}
	pictures->annotate_is_file =
		is_single && !is_folder(annotate) && annotate[strlen(annotate) - 1] != '/';
	return pictures->annotate_is_file
		       ? choose_format(annotate, &pictures->annotate_format, err)
		       : fc_out_folder_open(annotate, FOLDER_MODE, &pictures->annotate_folder, err);
}

enum fc_status pictures_init(struct pictures *pictures, const char *crops, const char *annotate,
			     const struct photo_source *source, const struct out *out,
			     struct fc_error *err)
{
	bool known = !source->streams && !source->args->unordered;
	*pictures = (struct pictures){ .crops = crops,
				       .annotate = annotate,
				       .crops_folder = { .fd = -1 },
				       .annotate_folder = { .fd = -1 },
				       .photos = known ? &source->list : NULL };
	if (!crops && !annotate) {
		return FC_OK;
	}
	if (annotate) {
		FC_TRY(init_annotate(pictures, known && source->list.count == 1, out, err));
	}
	if (crops) {
		FC_TRY(fc_out_folder_open(crops, FOLDER_MODE, &pictures->crops_folder, err));
	}
	return known ? set_stems(pictures, err) : FC_OK;
}

void pictures_release(struct pictures *pictures)
{
	for (size_t i = 0; pictures->stems && i < pictures->photos->count; i++) {
		free(pictures->stems[i]);
	}
	free(pictures->stems);
	/* all zero if it was never initialised */
	if (pictures->crops || pictures->annotate) {
		fc_out_folder_close(&pictures->crops_folder);
		fc_out_folder_close(&pictures->annotate_folder);
	}
	*pictures = (struct pictures){ 0 };
}

/* The stem of the file names of a photo; the caller frees it. */
static char *choose_stem(const struct pictures *pictures, size_t index, const char *path)
{
	return pictures->photos ? strdup(pictures->stems[index]) : stem_of_path(path);
}

enum fc_status pictures_write_crops(const struct pictures *pictures, size_t index,
				    const struct fc_photo_outcome *outcome, struct fc_error *err)
{
	const struct fc_analysis *analysis = outcome->analysis;
	if (!pictures->crops || analysis->face_count == 0) {
		return FC_OK;
	}
	FC_CLEANUP(fc_free) char *stem = choose_stem(pictures, index, outcome->path);
	for (size_t i = 0; i < analysis->face_count; i++) {
		FC_CLEANUP(fc_free) char *name = NULL;
		FC_CLEANUP(fc_buffer_release) struct fc_buffer image = { 0 };
		if (!analysis->faces[i].crop) {
			continue;
		}
		if (!stem || asprintf(&name, "%s-%zu.png", stem, i) < 0) {
			name = NULL;
			return fc_fail_memory(err);
		}
		FC_TRY(fc_crop_encode(analysis->faces[i].crop, &image, err));
		FC_TRY(fc_out_folder_replace(&pictures->crops_folder, name, image.data,
					     image.length, PICTURE_MODE, err));
	}
	return FC_OK;
}

static bool same_file(const char *a, const char *b)
{
	struct stat left;
	struct stat right;
	return stat(a, &left) == 0 && stat(b, &right) == 0 && left.st_dev == right.st_dev &&
	       left.st_ino == right.st_ino;
}

static enum fc_status write_annotated(void *context, const char *photo,
				      const struct fc_buffer *image, enum fc_image_format format,
				      struct fc_error *err)
{
	const struct pictures *pictures = context;
	FC_CLEANUP(fc_free) char *stem = choose_stem(pictures, *pictures->current, photo);
	FC_CLEANUP(fc_free) char *path = NULL;
	if (pictures->annotate_is_stdout) {
		return write_fully(STDOUT_FILENO, image->data, image->length)
			       ? FC_OK
			       : fc_fail_errno(err, FC_IO, errno,
					       "cannot write the picture to standard output");
	}
	const char *ending = format == FC_IMAGE_PNG ? "png" : "jpg";
	int length = pictures->annotate_is_file ? asprintf(&path, "%s", pictures->annotate)
						: asprintf(&path, "%s/%s.%s", pictures->annotate,
							   stem ? stem : "", ending);
	if (length < 0 || !stem) {
		free(path);
		path = NULL;
		return fc_fail_memory(err);
	}
	if (same_file(path, photo)) {
		return fc_fail(err, FC_INVALID_ARGUMENT,
			       "--annotate would overwrite the photo '%s' itself", path);
	}
	return pictures->annotate_is_file
		       ? fc_file_replace(path, image->data, image->length, PICTURE_MODE, err)
		       : fc_out_folder_replace(&pictures->annotate_folder, fc_path_name(path),
					       image->data, image->length, PICTURE_MODE, err);
}

struct fc_annotation pictures_annotation(struct pictures *pictures, const size_t *current)
{
	pictures->current = current;
	return (struct fc_annotation){
		.take = pictures->annotate ? write_annotated : NULL,
		.context = pictures,
		.format = pictures->annotate_format,
	};
}
