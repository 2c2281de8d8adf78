/* The list of photos on the command line, and matching it with --meta. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_CMD_PHOTOS_PHOTOS_H
#define FC_CMD_PHOTOS_PHOTOS_H

#include "command.h"
#include "protocol/smarty_request.h"

struct photo_list {
	struct fc_photo *items; /* names are owned, paths are borrowed */
	size_t count;
	size_t next; /* index of the next photo to hand out */
};

/* Whether an operand is the URL of a photo, which a service fetches. */
bool photo_is_url(const char *path);

/*
 * Create a list with one photo for each word: FILE, NAME=FILE, or "-" for standard input (only once). A word that is itself the
 * path of an existing file is that file, even if it contains "=". A photo without a name is named file_n, where n counts photos
 * from 0, as in the Smarty client. Errors: FC_INVALID_ARGUMENT (a duplicate name, a second "-", or an invalid name),
 * FC_NO_MEMORY.
 */
enum fc_status photo_list_from_words(const struct option_texts *words, struct photo_list *out,
				     struct fc_error *err);

/*
 * Check that no photo is a folder. command: suggest "command --from FOLDER" in the message; NULL if the command cannot read
 * folders. Errors: FC_INVALID_ARGUMENT.
 */
enum fc_status photo_list_refuse_folders(const struct photo_list *list, const char *command,
					 struct fc_error *err);

/*
 * Sort the photos in the order of the images of --meta and set their person numbers. Does nothing if there are no images. The
 * n-th image without a name is file_n. Errors: FC_INVALID_ARGUMENT (an image without a photo, with the error text of the Smarty
 * API; a photo without an image), FC_NO_MEMORY.
 */
enum fc_status photo_list_match(struct photo_list *list, const struct fc_smarty_request *meta,
				struct command_context *ctx, struct fc_error *err);

void photo_list_release(struct photo_list *list);

#endif
