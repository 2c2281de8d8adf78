/* The photos of a request: from words of the command line, matched with --meta, to a source that the service reads. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_CMD_PHOTOS_H
#define FC_CMD_PHOTOS_H

#include "command.h"
#include "option/meta.h"

struct photo_list {
	struct fc_photo *items; /* names are owned, paths borrowed from the words */
	size_t count;
	size_t next; /* where its source stands */
};

/*
 * One photo for each word: FILE, name=FILE, or "-" for standard input (once). A word with '=' that is a file as a whole is that file.
 * Without a name of its own the n-th photo is file_n, counted from 0, as the Smarty client has it.
 * Errors: FC_INVALID_ARGUMENT (a name twice, unfit, or "-" twice), FC_NO_MEMORY.
 */
FC_MUST_USE enum fc_status photo_list_from_words(const struct option_texts *words,
						 struct photo_list *out, struct fc_error *err);

/* FC_INVALID_ARGUMENT when one is a folder; the text names the command line that reads it. command NULL: it reads no folders. */
FC_MUST_USE enum fc_status photo_list_refuse_folders(const struct photo_list *list,
						     const char *command, struct fc_error *err);

/*
 * Put the photos into the order of the meta's images and give them their person numbers; does nothing when the meta has none.
 * An image without a name is file_n. Errors: FC_INVALID_ARGUMENT (an image that no photo is named after, with the document's
 * words; a photo that no image names), FC_NO_MEMORY.
 */
FC_MUST_USE enum fc_status photo_list_match(struct photo_list *list, const struct meta *meta,
					    struct command_context *ctx, struct fc_error *err);

void photo_list_release(struct photo_list *list);

#endif
