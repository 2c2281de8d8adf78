/* The container that a request names, and changes of what it holds. Private to lib/service/local. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_SERVICE_LOCAL_AZURE_CONTAINER_H
#define FC_SERVICE_LOCAL_AZURE_CONTAINER_H

#include "gallery/rows/container.h"
#include "service/local/azure/azure.h"

/* The gallery's name for a kind. */
enum fc_container_kind fc_azure_container_kind(enum fc_azure_kind kind);

/* Whether a kind holds faces instead of persons. */
static inline bool fc_azure_is_list(enum fc_azure_kind kind)
{
	return kind == FC_AZURE_FACE_LIST || kind == FC_AZURE_LARGE_FACE_LIST;
}

/*
 * Begin to read the gallery, and find the container of the request. If it does not exist, the call is refused, *txn is NULL and *out empty.
 * The caller ends *txn and releases *out.
 */
enum fc_status fc_azure_read_container(struct fc_azure_call *call, struct fc_gallery_txn **txn,
				       struct fc_container *out, struct fc_error *err);

/* A change of a container. */
struct fc_azure_edit {
	const struct fc_azure_call *call;
	const struct fc_azure_request *request;
	void *context;
	/* Set by the function, which then returns FC_OK without having changed anything: answer with this error. */
	enum fc_azure_fault fault;
	const char *detail; /* NULL: none */
};

typedef enum fc_status fc_azure_edit_function(struct fc_gallery_txn *txn,
					      struct fc_container *container,
					      struct fc_azure_edit *edit, struct fc_error *err);

/* Run a change of the request's container. It may be run twice, as every change of the gallery. If there is no such container, refuse the call. */
enum fc_status fc_azure_edit_container(struct fc_azure_call *call, fc_azure_edit_function *run,
				       void *context, struct fc_error *err);

/*
 * Set *fault if the quotas do not allow one more container of the kind, or one more person or face in a container. Otherwise *fault is not
 * changed.
 */
enum fc_status fc_azure_check_quota(const struct fc_azure_call *call, struct fc_gallery_txn *txn,
				    enum fc_azure_kind kind, enum fc_azure_fault *fault,
				    struct fc_error *err);
enum fc_status fc_azure_check_member_quota(const struct fc_azure_call *call,
					   struct fc_gallery_txn *txn,
					   const struct fc_container *container,
					   enum fc_azure_fault *fault, struct fc_error *err);

/* Find the request's person in a container. FC_NOT_FOUND: there is none, or it is in another space. */
enum fc_status fc_azure_find_person(struct fc_gallery_txn *txn,
				    const struct fc_container *container, const struct fc_uuid *pid,
				    struct fc_person *out, struct fc_error *err);

/*
 * The last UUID whose text does not come after `start`, for lists that begin after a text. Returns false if there is none: the list begins
 * with the first UUID.
 */
bool fc_azure_start_uuid(const char *start, struct fc_uuid *out);

/* A page of persons of a container, in order of their pids. */
struct fc_azure_pids {
	struct fc_uuid *items;
	size_t count, capacity;
	size_t limit;
	bool failed; /* out of memory */
};

void fc_azure_pids_release(struct fc_azure_pids *pids);

/* Collect up to pids->limit persons after the text `start`. */
enum fc_status fc_azure_collect_pids(struct fc_gallery_txn *txn,
				     const struct fc_container *container, const char *start,
				     struct fc_azure_pids *pids, struct fc_error *err);

/* Write the faces of a list as an array, up to `limit` after the text `start`. */
enum fc_status fc_azure_write_faces(struct fc_azure_call *call, struct fc_gallery_txn *txn,
				    const struct fc_container *list, const char *start,
				    size_t limit, struct fc_error *err);

/* ---- the operations ---- */

fc_azure_handler fc_azure_create, fc_azure_get, fc_azure_update, fc_azure_delete, fc_azure_list,
	fc_azure_train, fc_azure_training_status;
fc_azure_handler fc_azure_person_create, fc_azure_person_get, fc_azure_person_update,
	fc_azure_person_delete, fc_azure_person_list;
fc_azure_handler fc_azure_face_add, fc_azure_face_get, fc_azure_face_update, fc_azure_face_delete,
	fc_azure_face_list;

#endif
