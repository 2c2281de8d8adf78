/*
 * Lists of photos: manifests, which tell whom each photo shows, and plain lists of paths. Read one row at a time, so that a list of
 * ten million costs no more memory than one of ten. A row that is wrong is a photo that failed, with the row's line in its error.
 *
 * A manifest begins with a line of column names, parted by tabs (TSV) or commas (CSV, RFC 4180), or is NDJSON, one object on each
 * line, which is known by its first brace. Columns or members, in any order: path (needed), person_id, pid, name, origin, user_data;
 * others are passed over. What is empty, or null in NDJSON, is not said. A member path_b64 stands for a path that is no UTF-8, and in
 * TSV \t, \n, \r, \\ and \xNN are the bytes that they name, as facectl itself writes them.
 */
/* SPDX-License-Identifier: MIT */
#ifndef FC_SERVICE_MANIFEST_H
#define FC_SERVICE_MANIFEST_H

#include "service/service.h"

enum fc_manifest_kind {
	FC_MANIFEST_TABLE,   /* TSV, CSV or NDJSON */
	FC_MANIFEST_PATHS,   /* a path on each line */
	FC_MANIFEST_PATHS_0, /* paths with a NUL behind each */
};

struct fc_manifest_options {
	enum fc_manifest_kind kind;
	const char *name; /* of the list, for errors and to tell CSV by */
	const char *root; /* relative paths begin here; NULL: as they are */
};

struct fc_manifest;

/* fd is taken over in every case; strings are copied. Errors: FC_NO_MEMORY. */
FC_MUST_USE enum fc_status fc_manifest_open(int fd, const struct fc_manifest_options *options,
					    struct fc_manifest **out, struct fc_error *err);
void fc_manifest_close(struct fc_manifest *manifest);
FC_DEFINE_CLEANUP(struct fc_manifest *, fc_manifest_close);

/* As fc_list_ready: whether the next row is there, waiting up to wait_ms for it. */
bool fc_manifest_ready(struct fc_manifest *manifest, int wait_ms);

/*
 * The next photo, named by its path, or *end = true. Its strings live until the next call. A row that is wrong has a status, an error
 * and "NAME:LINE" as its path. Errors: FC_INVALID_ARGUMENT (the first line names no path, or a column twice), FC_UNREADABLE (the
 * list is compressed), FC_IO, FC_NO_MEMORY.
 */
FC_MUST_USE enum fc_status fc_manifest_next(struct fc_manifest *manifest, struct fc_photo *out,
					    bool *end, struct fc_error *err);

/* Bytes of the rows handed out. */
uint64_t fc_manifest_offset(const struct fc_manifest *manifest);

/*
 * Tell whom a photo shows by the name of a folder or a file: N, personN and person_N are numbers, everything else is a name. False
 * when it can be neither. text must live as long as the photo.
 */
bool fc_photo_tell_person(struct fc_photo *photo, const char *text);

#endif
