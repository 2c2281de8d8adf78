/*
 * The content of a gallery as lines of JSON, one record each, for import into another gallery (facectl-gallery.5, EXPORT FORMAT). A face's
 * record is complete: person, model, template.
 *
 * Lines are untrusted input. This file reads and checks them; cmd/ writes them.
 */
/* SPDX-License-Identifier: MIT */
#ifndef FC_GALLERY_TRANSFER_TRANSFER_H
#define FC_GALLERY_TRANSFER_TRANSFER_H

#include "base/buffer.h"
#include "gallery/gallery.h"
#include "gallery/rows/container.h"
#include "gallery/rows/origin.h"
#include "gallery/rows/snapshot.h"

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
	FC_TRANSFER_END,      /* end of an export: its counts of records */
	FC_TRANSFER_SNAPSHOT, /* second line of a snapshot's file */
	FC_TRANSFER_KINDS,
};

/* How an import handles a record that conflicts with the gallery. */
enum fc_import_conflict {
	FC_IMPORT_ERROR, /* report it and count it as failed */
	FC_IMPORT_SKIP,  /* skip it */
	FC_IMPORT_MERGE, /* combine a person whose number is already used with the person that uses it; skip other conflicts */
};

/* The name of a kind, such as "gallery" or "space". */
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
	char space[FC_SPACE_NAME_SIZE]; /* "" if unknown */
	struct fc_transfer_model model;
	/* records of type space: only created, next_number and bands are set */
	struct fc_space settings;
	/* records of type space and snapshot: the container, if it has a record: trained, recognition_model, title, user_data */
	struct fc_container container;
	struct fc_origin origin; /* records of type origin: the origin, without id and space */
	/* records of type person and face: the person; person.created is 0 if unknown */
	bool has_pid;
	struct fc_person person;
	struct fc_face_record face; /* records of type face: the face, without id, space and pid */
	struct fc_buffer crop; /* records of type face: the crop as PNG; empty if there is none */
	/* records of type entry: the entry with its own has_pid and pid, without id and space */
	struct fc_entry entry;
	/* records of type end: the number of records of each kind */
	uint64_t counts[FC_TRANSFER_KINDS];
	/* records of type end, of a snapshot's file: the digest of the lines before it */
	bool has_digest;
	struct fc_sha256 digest;
	/* records of type snapshot: id, kind, created, user_data */
	struct fc_container_snapshot snapshot;
};

void fc_transfer_release(struct fc_transfer *record);

/*
 * Read one line. Everything in *out is within the gallery's limits: a template is finite and of length 1, texts are UTF-8 and not too long.
 * If a face has no digest of its photo, the digest of its template is used instead. Unknown members are ignored.
 * Errors: FC_INVALID_ARGUMENT, FC_TOO_LARGE (the text says what is wrong), FC_NO_MEMORY. The caller releases *out.
 */
enum fc_status fc_transfer_parse(const char *line, size_t length, struct fc_transfer *out,
				 struct fc_error *err);

/* The embedder of a gallery. */
struct fc_transfer_model fc_transfer_model_of(const struct fc_embedder_pin *pin);

/* Describe the embedder by a record's model. Returns false if the record does not have everything that a pin needs. */
bool fc_transfer_pin_of(const struct fc_transfer_model *model, struct fc_embedder_pin *out);

/* The words for kinds of containers: "face_list", "large_face_list", "person_group", "large_person_group"; NULL otherwise. */
extern const char *const fc_transfer_container_words[FC_CONTAINER_KINDS];

/* FC_INCOMPATIBLE unless all known properties of a record's model match the pin. The text explains how to solve the problem. */
enum fc_status fc_transfer_check_model(const struct fc_transfer_model *model,
				       const struct fc_embedder_pin *pin, struct fc_error *err);

#endif
