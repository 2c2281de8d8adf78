/*
 * Containers of the Azure Face API. A container is a space. A large person group has the name of its space; the names of the other kinds are
 * prefixed, so that each kind has its own ids. A list holds persons with one face each, whose pid is the UUID of the face.
 */
/* SPDX-License-Identifier: MIT */
#ifndef FC_GALLERY_ROWS_CONTAINER_H
#define FC_GALLERY_ROWS_CONTAINER_H

#include "gallery/gallery.h"

enum fc_container_kind {
	FC_CONTAINER_NONE,
	FC_CONTAINER_FACE_LIST,          /* space "f/ID" */
	FC_CONTAINER_LARGE_FACE_LIST,    /* space "l/ID" */
	FC_CONTAINER_PERSON_GROUP,       /* space "g/ID" */
	FC_CONTAINER_LARGE_PERSON_GROUP, /* space "ID" */
	FC_CONTAINER_KINDS,
};

struct fc_container {
	enum fc_container_kind kind;
	char id[FC_SPACE_ID_SIZE];
	uint32_t space;            /* id of its space */
	int64_t created;           /* of its space */
	int64_t trained;           /* time of the last training; 0: never trained */
	uint8_t recognition_model; /* 1 to 4 */
	char *title;               /* NULL if there is none */
	char *user_data;           /* NULL if there is none */
	bool is_stored; /* it has a record of its own; false: a space that was not added as a container */
};

void fc_container_release(struct fc_container *container);

/* The name of a container's space. */
void fc_container_space_name(enum fc_container_kind kind, const char *id,
			     char out[FC_SPACE_NAME_SIZE]);

/* The kind of container that a space is, by its name; *id: its id, which points into name. */
enum fc_container_kind fc_container_kind_of(const char *space_name, const char **id);

/*
 * Add a container with a space. Sets space and created. Errors: FC_CONFLICT (it exists), FC_INVALID_ARGUMENT (invalid id; title or user
 * data too long or not UTF-8).
 */
enum fc_status fc_container_add(struct fc_gallery_txn *txn, struct fc_container *container,
				struct fc_error *err);

/*
 * Find a container. A space that was not added as a container is a large person group with its name as the title, trained when it was
 * created, because what it holds can be searched. FC_NOT_FOUND if there is none. The caller releases *out.
 */
enum fc_status fc_container_find(struct fc_gallery_txn *txn, enum fc_container_kind kind,
				 const char *id, struct fc_container *out, struct fc_error *err);

/* Find or create the space with this name, and the container that it needs. */
enum fc_status fc_container_ensure_space(struct fc_gallery_txn *txn, const char *name,
					 struct fc_space *out, struct fc_error *err);

/* Replace trained, recognition_model, title and user_data. Errors: as fc_container_add. */
enum fc_status fc_container_update(struct fc_gallery_txn *txn, const struct fc_container *container,
				   struct fc_error *err);

/* Return false to stop. The container is borrowed and valid only during the call. */
typedef bool fc_container_visit(const struct fc_container *container, void *context);

/* Visit the containers of a kind in order of their ids, starting after the id `after` ("": from the first), which need not exist. */
enum fc_status fc_container_each(struct fc_gallery_txn *txn, enum fc_container_kind kind,
				 const char *after, fc_container_visit *visit, void *context,
				 struct fc_error *err);

#endif
