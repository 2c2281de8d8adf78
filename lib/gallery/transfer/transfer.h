/*
 * What a gallery holds as lines of JSON, one record each, to be carried to another gallery (facectl-gallery.5, RECORDS THAT TRAVEL). A
 * face's record stands for itself: it says whose it is, what made its template, and the template.
 *
 * Lines come from anywhere. Here they are read and checked; who writes them is up to the program.
 */
/* SPDX-License-Identifier: MIT */
#ifndef FC_GALLERY_TRANSFER_H
#define FC_GALLERY_TRANSFER_H

#include "base/buffer.h"
#include "gallery/gallery.h"
#include "gallery/rows/origin.h"

enum {
	FC_TRANSFER_SCHEMA = 1,
	FC_TRANSFER_LINE_MAXIMUM = 512 << 10, /* bytes: the largest user data or crop, escaped */
};

enum fc_transfer_kind {
	FC_TRANSFER_GALLERY, /* the head of an export: the model */
	FC_TRANSFER_SPACE,
	FC_TRANSFER_ORIGIN,
	FC_TRANSFER_PERSON,
	FC_TRANSFER_FACE,
	FC_TRANSFER_ENTRY,
	FC_TRANSFER_END, /* of an export: how many records it has */
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

/* What a record says of its embedder; the name alone is always there where the record has a template. */
struct fc_transfer_model {
	char name[64]; /* "" when nothing is said */
	bool has_sha256, has_preprocessing, has_mirror;
	struct fc_sha256 sha256;
	uint32_t preprocessing, dimension; /* dimension 0: not said */
	bool mirror;
};

struct fc_transfer {
	enum fc_transfer_kind kind;
	char space[65]; /* "" when it says none */
	struct fc_transfer_model model;
	/* space: created, next_number and bands of settings. */
	struct fc_space settings;
	struct fc_origin origin; /* origin: without id and space */
	/* person, face: whom; person.created 0 when it is not said */
	bool has_pid;
	struct fc_person person;
	struct fc_face_record face; /* face: without id, space and pid */
	struct fc_buffer crop;      /* face: PNG; empty for none */
	struct fc_entry entry;      /* entry: without id and space; has_pid and pid are its own */
	uint64_t counts[FC_TRANSFER_KINDS]; /* end */
};

void fc_transfer_release(struct fc_transfer *record);

/*
 * Read one line. Everything in it is within the gallery's limits then: a template is finite and of length 1, texts are UTF-8 and
 * fit. A face without the digest of its photo gets that of its template instead. Members that are not known are passed over.
 * Errors: FC_INVALID_ARGUMENT, FC_TOO_LARGE (the text says what is wrong), FC_NO_MEMORY. *out is the caller's to release.
 */
FC_MUST_USE enum fc_status fc_transfer_parse(const char *line, size_t length,
					     struct fc_transfer *out, struct fc_error *err);

/* FC_INCOMPATIBLE unless a record's model is this one as far as the record tells; the text says what to do. */
FC_MUST_USE enum fc_status fc_transfer_check_model(const struct fc_transfer_model *model,
						   const struct fc_embedder_pin *pin,
						   struct fc_error *err);

#endif
