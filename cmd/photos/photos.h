/* Photos of the command line, matched with --meta. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_CMD_PHOTOS_H
#define FC_CMD_PHOTOS_H

#include "command.h"
#include "option/meta.h"

struct photo_list {
	struct fc_photo *items; /* names are owned, paths are borrowed */
	size_t count;
	size_t next; /* index of the next photo to hand out */
};

/*
 * One photo for each word: FILE, NAME=FILE, or "-" for standard input (once). If the whole word is the name of a file, it is that file.
 * Without a name the n-th photo is file_n, counted from 0, as in the Smarty client.
 * Errors: FC_INVALID_ARGUMENT (a name or "-" twice, or an invalid name), FC_NO_MEMORY.
 */
FC_MUST_USE enum fc_status photo_list_from_words(const struct option_texts *words,
						 struct photo_list *out, struct fc_error *err);

/* FC_INVALID_ARGUMENT when one is a folder; the text names the command line that reads it. command NULL: it reads no folders. */
FC_MUST_USE enum fc_status photo_list_refuse_folders(const struct photo_list *list,
						     const char *command, struct fc_error *err);

/*
 * Sort the photos in the order of the meta's images and set their person numbers; does nothing without images.
 * An image without a name is file_n. Errors: FC_INVALID_ARGUMENT (an image that no photo is named after, with the document's
 * words; a photo that no image names), FC_NO_MEMORY.
 */
FC_MUST_USE enum fc_status photo_list_match(struct photo_list *list, const struct meta *meta,
					    struct command_context *ctx, struct fc_error *err);

void photo_list_release(struct photo_list *list);

#endif
