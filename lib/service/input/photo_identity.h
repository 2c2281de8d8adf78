/* How the ledger identifies a photo's file without opening it. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_SERVICE_INPUT_PHOTO_IDENTITY_H
#define FC_SERVICE_INPUT_PHOTO_IDENTITY_H

#include <sys/stat.h>

#include "gallery/rows/ledger.h"

/*
 * A file that was changed very recently may be changed again without a new modification time, because timestamps have a resolution of a
 * few milliseconds, or two seconds on some file systems. Its identity is not equal to any other, so that the next run reads the file again.
 */
struct fc_file_identity fc_photo_identity(const struct stat *info);

/*
 * The path as the ledger stores it: absolute, without a leading "./". folder: the working folder. The caller frees the result. NULL: out
 * of memory.
 */
char *fc_photo_absolute(const char *folder, const char *path);

/* The absolute path of a folder with photos, with a slash at its end, so that the paths of its photos begin with it. Otherwise as above. */
char *fc_photo_root(const char *folder, const char *path);

#endif
