/*
 * Lists of photos: manifests, which name the person of each photo, and plain lists of paths. Rows are read one at a time, so that memory
 * does not grow with the list. An invalid row becomes a failed photo whose error message has the number of the line.
 *
 * A manifest begins with a line of column names, separated by tabs (TSV) or by commas or semicolons (CSV, RFC 4180), or it is NDJSON, one
 * object per line, or a JSON array of objects; the latter are recognised by their first character. Columns or members, in any order: path
 * (required), person_id, pid, name, origin, user_data, group, face; others are ignored. An empty value, or null in NDJSON, means that the value is missing. In NDJSON path_b64 has a path that is not
 * UTF-8; in TSV \t, \n, \r, \\ and \xNN are escapes. The output of facectl uses the same encodings.
 */
/* SPDX-License-Identifier: MIT */
#ifndef FC_SERVICE_INPUT_MANIFEST_H
#define FC_SERVICE_INPUT_MANIFEST_H

#include "service/service.h"

enum fc_manifest_kind {
	FC_MANIFEST_TABLE,   /* TSV, CSV or NDJSON */
	FC_MANIFEST_PATHS,   /* a path on each line */
	FC_MANIFEST_PATHS_0, /* NUL-terminated paths */
};

struct fc_manifest_options {
	enum fc_manifest_kind kind;
	const char *name; /* of the list: used in errors, and its suffix selects TSV or CSV */
	/* folder that relative paths are relative to; NULL: paths are left unchanged */
	const char *root;
};

struct fc_manifest;

/* Takes ownership of fd, also on errors; strings are copied. Errors: FC_NO_MEMORY. */
enum fc_status fc_manifest_open(int fd, const struct fc_manifest_options *options,
				struct fc_manifest **out, struct fc_error *err);
void fc_manifest_close(struct fc_manifest *manifest);
FC_DEFINE_CLEANUP(struct fc_manifest *, fc_manifest_close);

/* Whether the next row is available; waits up to wait_ms. See fc_list_ready. */
bool fc_manifest_ready(struct fc_manifest *manifest, int wait_ms);

/*
 * Read the next photo, or set *end. Its strings are valid until the next call. An invalid row has a status, an error and
 * the path "NAME:LINE". Errors: FC_INVALID_ARGUMENT (the first line has no column 'path', or a column twice), FC_UNREADABLE (the
 * list is compressed), FC_IO, FC_NO_MEMORY.
 */
enum fc_status fc_manifest_next(struct fc_manifest *manifest, struct fc_photo *out, bool *end,
				struct fc_error *err);

/* The column "group" of the last photo: text for eval; NULL if it is missing. Valid until the next photo. */
const char *fc_manifest_group(const struct fc_manifest *manifest);

/* Number of bytes in the rows returned so far. */
uint64_t fc_manifest_offset(const struct fc_manifest *manifest);

/*
 * Set the person of a photo from the name of a folder or a file: N, personN and person_N are numbers, anything else is a name. Returns
 * false if the text is neither a number nor a valid name. The photo borrows the text.
 */
bool fc_photo_set_person(struct fc_photo *photo, const char *text);

#endif
