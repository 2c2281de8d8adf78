/*
 * The content of a gallery as lines of JSON, one record each, for import into another gallery (facectl-gallery.5, EXPORT FORMAT). A
 * face's record is complete: person, model, template.
 *
 * Lines are not trusted. They are read and checked here; the program writes them.
 */
/* SPDX-License-Identifier: MIT */
#ifndef FC_GALLERY_TRANSFER_H
#define FC_GALLERY_TRANSFER_H

#include "base/buffer.h"
#include "gallery/gallery.h"
#include "gallery/rows/origin.h"

enum {
	FC_TRANSFER_SCHEMA = 1,
	FC_TRANSFER_LINE_MAXIMUM =
		512 << 10, /* bytes: enough for the largest user data or crop, escaped */
};

enum fc_transfer_kind {
	FC_TRANSFER_GALLERY, /* header of an export: the model */
	FC_TRANSFER_SPACE,
	FC_TRANSFER_ORIGIN,
	FC_TRANSFER_PERSON,
	FC_TRANSFER_FACE,
	FC_TRANSFER_ENTRY,
	FC_TRANSFER_END, /* end of an export: its counts of records */
	FC_TRANSFER_KINDS,
};

/* What an import does with a record that contradicts the gallery. */
enum fc_import_conflict {
	FC_IMPORT_ERROR, /* report it and count it as failed */
	FC_IMPORT_SKIP,  /* leave it out */
	FC_IMPORT_MERGE, /* a person whose number is taken becomes the person with that number; leave out other conflicts */
};

/* The word of a kind: "gallery", "space", ... */
const char *fc_transfer_kind_name(enum fc_transfer_kind kind);

/* The embedder of a record. A record with a template has at least the name. */
struct fc_transfer_model {
	char name[64]; /* "" if unknown */
	bool has_sha256, has_preprocessing, has_mirror;
	struct fc_sha256 sha256;
	uint32_t preprocessing, dimension; /* dimension 0: unknown */
	bool mirror;
};

struct fc_transfer {
	enum fc_transfer_kind kind;
	char space[65]; /* "" if unknown */
	struct fc_transfer_model model;
	/* space: created, next_number and bands of settings. */
	struct fc_space settings;
	struct fc_origin origin; /* origin: without id and space */
	/* person, face: the person; person.created 0 if unknown */
	bool has_pid;
	struct fc_person person;
	struct fc_face_record face; /* face: without id, space and pid */
	struct fc_buffer crop;      /* face: PNG; empty for none */
	struct fc_entry entry;      /* entry: without id and space; has_pid and pid are its own */
	uint64_t counts[FC_TRANSFER_KINDS]; /* end */
};

void fc_transfer_release(struct fc_transfer *record);

/*
 * Read one line. Everything in *out is within the gallery's limits: a template is finite and of length 1, texts are UTF-8 and not too
 * long. A face without the digest of its photo gets that of its template instead. Unknown members are ignored.
 * Errors: FC_INVALID_ARGUMENT, FC_TOO_LARGE (the text says what is wrong), FC_NO_MEMORY. *out is the caller's to release.
 */
FC_MUST_USE enum fc_status fc_transfer_parse(const char *line, size_t length,
					     struct fc_transfer *out, struct fc_error *err);

/* FC_INCOMPATIBLE unless everything that is known of a record's model agrees with the pin; the text says what to do. */
FC_MUST_USE enum fc_status fc_transfer_check_model(const struct fc_transfer_model *model,
						   const struct fc_embedder_pin *pin,
						   struct fc_error *err);

#endif
