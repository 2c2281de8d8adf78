/* --crops and --annotate: files with aligned crops of faces, and photos with the faces marked. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_CMD_PICTURES_H
#define FC_CMD_PICTURES_H

#include "photos/photo_source.h"

struct pictures {
	const char *crops;    /* folder, or NULL */
	const char *annotate; /* file or folder, or NULL */
	bool annotate_is_file;
	/* by the suffix of the file; unknown: by the photo */
	enum fc_image_format annotate_format;
	/* NULL if they are not known in advance, or come in any order */
	const struct photo_list *photos;
	char **stems; /* by photo: unique file names without suffix */
};

/*
 * Determine the file names and create the folders. Files are named after the photos: for photos of the command line as short as is
 * unique, else with digits of the path's SHA-256, so that a photo has the same files in every run. annotate is a file for one photo
 * unless it is an existing folder.
 * Errors: FC_INVALID_ARGUMENT, FC_PERMISSION, FC_IO, FC_NO_MEMORY.
 */
FC_MUST_USE enum fc_status pictures_init(struct pictures *pictures, const char *crops,
					 const char *annotate, const struct photo_source *source,
					 struct fc_error *err);
void pictures_release(struct pictures *pictures);

/* Write the crops of all faces of the index-th photo: STEM-0.png, STEM-1.png, ... */
FC_MUST_USE enum fc_status pictures_write_crops(const struct pictures *pictures, size_t index,
						const struct fc_photo_outcome *outcome,
						struct fc_error *err);

/*
 * Write the annotated picture of the index-th photo.
 * Errors: FC_INVALID_ARGUMENT when it would replace the photo itself, FC_IO, FC_NO_MEMORY.
 */
FC_MUST_USE enum fc_status pictures_write_annotated(const struct pictures *pictures, size_t index,
						    const struct fc_photo_outcome *outcome,
						    const struct fc_buffer *image,
						    enum fc_image_format format,
						    struct fc_error *err);

#endif
