/* Option rows that several commands have alike. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_CMD_PHOTO_OPTIONS_H
#define FC_CMD_PHOTO_OPTIONS_H

#include "option.h"

/* clang-format off */
#define OPTION_ROW_SPACE(args)                                                                     \
	{ OPTION_TEXT, 's', "space", "SPACE", offsetof(struct args, space),                        \
	  "set of persons; 0 to 9 in the cloud, any name here" }

#define OPTION_ROW_META(args)                                                                      \
	{ OPTION_TEXT, 0, "meta", "JSON", offsetof(struct args, meta),                             \
	  "the meta object of the Smarty API, as a whole" }

/* Photos as words and with -p are one list, in the order given. */
#define OPTION_ROWS_PHOTOS(args, least)                                                            \
	{ OPTION_TEXTS, 'p', "photo", "PHOTO", offsetof(struct args, photos),                      \
	  "a photo; may be repeated" },                                                            \
	{ OPTION_OPERANDS, 0, NULL, "PHOTO", offsetof(struct args, photos),                        \
	  "file, NAME=FILE, or - for standard input", .minimum = least }

#define OPTION_ROWS_LOG(args)                                                                      \
	{ OPTION_TEXT, 0, "origin", "NAME", offsetof(struct args, origin),                         \
	  "where the photos come from; decides the space" },                                             \
	{ OPTION_FLAG, 0, "no-entry", NULL, offsetof(struct args, no_entry),                       \
	  "leave nothing in the log of processed faces" }

#define OPTION_ROW_DRY_RUN(args)                                                                   \
	{ OPTION_FLAG, 'n', "dry-run", NULL, offsetof(struct args, dry_run),                       \
	  "do everything but store the result" }

#define OPTION_ROWS_THRESHOLD(args)                                                                \
	{ OPTION_REAL, 't', "threshold", "X", offsetof(struct args, threshold),                    \
	  "cosine similarity from which two faces are one person", .minimum = -1, .maximum = 1 },  \
	{ OPTION_REAL, 0, "fmr", "RATE", offsetof(struct args, fmr),                               \
	  "threshold at this false match rate, such as 1e-4", .minimum = 1e-12, .maximum = 0.5 }

#define OPTION_ROW_CROPS(args)                                                                     \
	{ OPTION_PATH, 0, "crops", "DIR", offsetof(struct args, crops),                            \
	  "write the aligned faces there as PNG" }

#define OPTION_ROW_LIVENESS(args)                                                                  \
	{ OPTION_FLAG, 0, "liveness", NULL, offsetof(struct args, liveness),                       \
	  "say whether each face is alive or a picture of one" }
/* clang-format on */

#endif
