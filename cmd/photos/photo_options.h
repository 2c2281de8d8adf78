/* Option rows that several commands share. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_CMD_PHOTOS_PHOTO_OPTIONS_H
#define FC_CMD_PHOTOS_PHOTO_OPTIONS_H

#include "photos/photo_source.h"

/* Words of --face, for completion; ends with NULL. */
extern const char *const face_words[];

/* clang-format off */
#define OPTION_ROW_SPACE(args)                                                                     \
	{ OPTION_TEXT, 's', "space", "SPACE", offsetof(struct args, space),                        \
	  "set of persons: 0 to 9 in the cloud, any name on this machine" }

#define OPTION_ROW_META(args)                                                                      \
	{ OPTION_TEXT, 0, "meta", "JSON", offsetof(struct args, meta),                             \
	  "the meta object of the Smarty API, as JSON" }

/* Photo input, into a struct photo_source_args (photo_source.h). Operands and -p are one list, in the order given. */
#define OPTION_ROWS_PLACES(args, member)                                                           \
	{ OPTION_TEXTS, 'p', "photo", "PHOTO", offsetof(struct args, member.photos),               \
	  "a photo; may be repeated" },                                                            \
	{ OPTION_OPERANDS, 0, NULL, "PHOTO", offsetof(struct args, member.photos),                 \
	  "file, NAME=FILE, or - for standard input" },                                            \
	{ OPTION_PATH, 0, "from", "DIR", offsetof(struct args, member.from),                       \
	  "all photos in this folder and its subfolders" },                                    \
	{ OPTION_TEXTS, 0, "include", "PATTERN", offsetof(struct args, member.include),            \
	  "with --from: only photos whose path matches; may be repeated" },                           \
	{ OPTION_TEXTS, 0, "exclude", "PATTERN", offsetof(struct args, member.exclude),            \
	  "with --from: skip photos whose path matches; may be repeated" },                             \
	{ OPTION_FLAG, 0, "follow-links", NULL, offsetof(struct args, member.follow_links),        \
	  "with --from: also follow symbolic links to photos and folders" },                       \
	{ OPTION_FLAG, 0, "no-default-excludes", NULL,                                             \
	  offsetof(struct args, member.no_default_excludes),                                       \
	  "with --from: do not skip previews and recycle bins such as @eaDir" },                   \
	{ OPTION_FLAG, 0, "any-suffix", NULL, offsetof(struct args, member.any_suffix),            \
	  "with --from: also read photos that are not named like one" },                           \
	{ OPTION_PATH, 0, "manifest", "FILE", offsetof(struct args, member.manifest),              \
	  "the photos of a list with columns: TSV, CSV, NDJSON or JSON; - for standard input" },         \
	{ OPTION_PATH, 0, "files-from", "FILE", offsetof(struct args, member.files_from),          \
	  "the photos of a list with a path on each line" },                                       \
	{ OPTION_PATH, 0, "files0-from", "FILE", offsetof(struct args, member.files0_from),        \
	  "the photos of a list of paths, each followed by a NUL byte" },                                               \
	{ OPTION_PATH, 0, "root", "DIR", offsetof(struct args, member.root),                       \
	  "folder that relative paths of a list start from" },                                                \
	{ OPTION_FLAG, 0, "allow-empty", NULL, offsetof(struct args, member.allow_empty),          \
	  "exit with 0 instead of 1 if a folder or list contains no photo" }

/* Limits of a run, and the list of photos that failed. */
#define OPTION_ROWS_RUN(args, member)                                                              \
	{ OPTION_DURATION, 0, "max-time", "TIME", offsetof(struct args, member.max_time),          \
	  "start no more photos after this time" },                                                 \
	{ OPTION_NUMBER, 0, "max-errors", "N", offsetof(struct args, member.max_errors),           \
	  "start no more photos once N have failed", .minimum = 1 },                                     \
	{ OPTION_PATH, 0, "failed-to", "FILE", offsetof(struct args, member.failed_to),            \
	  "append photos that fail to this list, which --manifest can read" }

/* Options of a command that reports on photos (report.h). */
#define OPTION_ROWS_SOURCE(args, member)                                                           \
	OPTION_ROWS_PLACES(args, member), OPTION_ROWS_RUN(args, member)

#define OPTION_ROWS_LAYOUT(args, member)                                                           \
	{ OPTION_CHOICE, 0, "layout", "LAYOUT", offsetof(struct args, member.layout),              \
	  "how --from finds each photo's person: dirs, flat or none", .choices = photo_layouts },     \
	{ OPTION_TEXT, 0, "pattern", "REGEX", offsetof(struct args, member.pattern),               \
	  "with --layout flat: pattern that finds the person in a file name" }

#define OPTION_ROW_FACE(args, member)                                                              \
	{ OPTION_TEXT, 0, "face", "WHICH", offsetof(struct args, member),                          \
	  "face of a photo with several: only, main, largest, central, index=N, box=L,T,R,B or "   \
	  "rect=L,T,W,H", .choices = face_words }

#define OPTION_ROW_WATCH(args, member)                                                             \
	{ OPTION_FLAG, 0, "watch", NULL, offsetof(struct args, member.watch),                      \
	  "with --from: wait for further photos, and process each when it is complete" }

#define OPTION_ROW_UNORDERED(args, member)                                                         \
	{ OPTION_FLAG, 0, "unordered", NULL, offsetof(struct args, member.unordered),              \
	  "print results in order of completion" }

#define OPTION_ROWS_LOG(args)                                                                      \
	{ OPTION_TEXT, 0, "origin", "ORIGIN", offsetof(struct args, origin),                         \
	  "where the photos come from; it determines the space" },                                             \
	{ OPTION_FLAG, 0, "no-entry", NULL, offsetof(struct args, no_entry),                       \
	  "do not add entries to the log of processed faces" }

#define OPTION_ROW_DRY_RUN(args)                                                                   \
	{ OPTION_FLAG, 'n', "dry-run", NULL, offsetof(struct args, dry_run),                       \
	  "do everything except storing the result" }

#define OPTION_ROWS_THRESHOLD(args)                                                                \
	{ OPTION_REAL, 't', "threshold", "X", offsetof(struct args, threshold),                    \
	  "minimum cosine similarity of two faces of the same person", .minimum = -1, .maximum = 1 },  \
	{ OPTION_REAL, 0, "fmr", "RATE", offsetof(struct args, fmr),                               \
	  "threshold at this false match rate, such as 1e-4", .minimum = 1e-12, .maximum = 0.5 }

#define OPTION_ROWS_PICTURES(args)                                                                 \
	{ OPTION_PATH, 0, "annotate", "OUT", offsetof(struct args, annotate),                      \
	  "write the photo with boxes and names to this file or folder" },                         \
	{ OPTION_PATH, 0, "crops", "DIR", offsetof(struct args, crops),                            \
	  "write the aligned faces to this folder as PNG files" }

/* explanation: what each word adds. The command defines the words, with_names. */
#define OPTION_ROW_WITH(args, explanation)                                                         \
	{ OPTION_TEXTS, 0, "with", "WORDS", offsetof(struct args, with_words), explanation,  \
	  .choices = with_names }
/* clang-format on */

#endif
