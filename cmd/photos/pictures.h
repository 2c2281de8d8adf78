/* --crops and --annotate: write aligned crops of faces, and copies of photos with marked faces. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_CMD_PHOTOS_PICTURES_H
#define FC_CMD_PHOTOS_PICTURES_H

#include "base/file.h"
#include "output/out.h"
#include "photos/photo_source.h"

struct pictures {
	const char *crops;    /* folder, or NULL */
	const char *annotate; /* file, folder, "-" for standard output, or NULL */
	/* open from the start, so that no file is written elsewhere if another user replaces them by links */
	struct fc_out_folder crops_folder, annotate_folder;
	bool annotate_is_file, annotate_is_stdout;
	/* format given by the suffix of `annotate`; unknown: use the format of the photo */
	enum fc_image_format annotate_format;
	/* NULL if the photos are not known in advance or are not in order */
	const struct photo_list *photos;
	char **stems;          /* indexed by photo: unique file names without suffix */
	const size_t *current; /* index of the photo that is being annotated */
};

/*
 * Determine the file names and create the folders, which like the files are only for the user. Files are named after the photos. For photos on the command line the names are
 * as short as possible; otherwise they contain digits of the path's SHA-256, so that a photo has the same file names in every
 * run. For a single photo, annotate is a file unless it is an existing folder; its suffix, if there is one, must be that of
 * a format that can be written. Errors: FC_INVALID_ARGUMENT, FC_PERMISSION, FC_IO, FC_NO_MEMORY.
 */
enum fc_status pictures_init(struct pictures *pictures, const char *crops, const char *annotate,
			     const struct photo_source *source, const struct out *out,
			     struct fc_error *err);
void pictures_release(struct pictures *pictures);

/* Write the crops of all faces of the index-th photo: STEM-0.png, STEM-1.png, ... */
enum fc_status pictures_write_crops(const struct pictures *pictures, size_t index,
				    const struct fc_photo_outcome *outcome, struct fc_error *err);

/*
 * For a request: write annotated copies to the files of --annotate; without --annotate, none are requested. current: the index of the
 * photo that the service reports; it and `pictures` must outlive the request. Errors of `take`: FC_INVALID_ARGUMENT (it would overwrite
 * the photo itself), FC_IO, FC_NO_MEMORY.
 */
struct fc_annotation pictures_annotation(struct pictures *pictures, const size_t *current);

#endif
