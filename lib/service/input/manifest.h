/*
 * Lists of photos: manifests, which name the person of each photo, and plain lists of paths. Rows are read one at a time, so that memory
 * does not grow with the list. A wrong row becomes a photo that failed, with the row's line in its error.
 *
 * A manifest begins with a line of column names, separated by tabs (TSV) or commas (CSV, RFC 4180), or it is NDJSON, one object per
 * line, recognised by its first brace. Columns or members, in any order: path (required), person_id, pid, name, origin, user_data;
 * others are ignored. An empty value, or null in NDJSON, counts as absent. In NDJSON path_b64 holds a path that is not UTF-8; in TSV
 * \t, \n, \r, \\ and \xNN are escapes. Both are as facectl writes them.
 */
/* SPDX-License-Identifier: MIT */
#ifndef FC_SERVICE_MANIFEST_H
#define FC_SERVICE_MANIFEST_H

#include "service/service.h"

enum fc_manifest_kind {
	FC_MANIFEST_TABLE,   /* TSV, CSV or NDJSON */
	FC_MANIFEST_PATHS,   /* a path on each line */
	FC_MANIFEST_PATHS_0, /* NUL-terminated paths */
};

struct fc_manifest_options {
	enum fc_manifest_kind kind;
	const char *name; /* of the list, for errors, and to recognise CSV by its suffix */
	const char *root; /* relative paths start here; NULL: unchanged */
};

struct fc_manifest;

/* fd is taken over in every case; strings are copied. Errors: FC_NO_MEMORY. */
FC_MUST_USE enum fc_status fc_manifest_open(int fd, const struct fc_manifest_options *options,
					    struct fc_manifest **out, struct fc_error *err);
void fc_manifest_close(struct fc_manifest *manifest);
FC_DEFINE_CLEANUP(struct fc_manifest *, fc_manifest_close);

/* Whether the next row is available; waits up to wait_ms. See fc_list_ready. */
bool fc_manifest_ready(struct fc_manifest *manifest, int wait_ms);

/*
 * The next photo, named by its path, or *end = true. Its strings are valid until the next call. A wrong row has a status, an error and
 * the path "NAME:LINE". Errors: FC_INVALID_ARGUMENT (the first line names no path, or a column twice), FC_UNREADABLE (the
 * list is compressed), FC_IO, FC_NO_MEMORY.
 */
FC_MUST_USE enum fc_status fc_manifest_next(struct fc_manifest *manifest, struct fc_photo *out,
					    bool *end, struct fc_error *err);

/* Bytes of the rows returned so far. */
uint64_t fc_manifest_offset(const struct fc_manifest *manifest);

/*
 * Set the person of a photo from the name of a folder or a file: N, personN and person_N are numbers, everything else is a name. False
 * when it is neither. The photo borrows the text.
 */
bool fc_photo_set_person(struct fc_photo *photo, const char *text);

#endif
