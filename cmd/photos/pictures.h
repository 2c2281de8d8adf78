/* Pictures that a command writes beside its data: aligned crops of faces, and photos with the faces marked. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_CMD_PICTURES_H
#define FC_CMD_PICTURES_H

#include "photos/photo_source.h"

struct pictures {
	const char *crops;    /* folder, or NULL */
	const char *annotate; /* file or folder, or NULL */
	bool annotate_is_file;
	/* What the file's ending says; unknown: as suits the photo. */
	enum fc_image_format annotate_format;
	/* NULL: they are not known beforehand, or not told of in their order. */
	const struct photo_list *photos;
	char **stems; /* by photo: what its files are called, without ending; no two alike */
};

/*
 * Settle where everything goes and make the folders. Files are named after the photos: of a list on the command line as short as tells
 * them apart, else with digits of the path's SHA-256, so that the same photo has the same files in every run. annotate is a file for one
 * photo unless a folder of that name is there.
 * Errors: FC_INVALID_ARGUMENT, FC_PERMISSION, FC_IO, FC_NO_MEMORY.
 */
FC_MUST_USE enum fc_status pictures_init(struct pictures *pictures, const char *crops,
					 const char *annotate, const struct photo_source *source,
					 struct fc_error *err);
void pictures_release(struct pictures *pictures);

/* Write the crops of every face of a photo, the index-th that is told of: STEM-0.png, STEM-1.png, ... */
FC_MUST_USE enum fc_status pictures_write_crops(const struct pictures *pictures, size_t index,
						const struct fc_photo_outcome *outcome,
						struct fc_error *err);

/*
 * Write the annotated picture of a photo, the index-th that is told of.
 * Errors: FC_INVALID_ARGUMENT when it would replace the photo itself, FC_IO, FC_NO_MEMORY.
 */
FC_MUST_USE enum fc_status pictures_write_annotated(const struct pictures *pictures, size_t index,
						    const struct fc_photo_outcome *outcome,
						    const struct fc_buffer *image,
						    enum fc_image_format format,
						    struct fc_error *err);

#endif
