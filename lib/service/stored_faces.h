/* Stored faces: the faces of persons, one at a time. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_SERVICE_STORED_FACES_H
#define FC_SERVICE_STORED_FACES_H

#include "service/profiles.h"

struct fc_stored_face {
	struct fc_face_record record; /* without a template; dimension is 0 if there is none */
	struct fc_profile person;
	bool crop; /* its crop is stored */
};

void fc_stored_face_release(struct fc_stored_face *face);

struct fc_stored_face_page {
	struct fc_stored_face *items;
	size_t count;
	uint64_t total; /* on all pages */
};

void fc_stored_face_page_release(struct fc_stored_face_page *page);

/* A person that a stored face is similar to. */
struct fc_neighbour {
	struct fc_profile person;
	float similarity; /* of the face to the person's mean */
};

struct fc_stored_face_filter {
	const char *space; /* NULL: any */
	bool has_pid;
	struct fc_uuid pid; /* faces of this person */
	uint64_t limit, offset;
};

enum fc_stored_face_operation { FC_FACE_UPDATE, FC_FACE_MOVE, FC_FACE_DELETE };

/* A change of a face that list or find returned. */
struct fc_stored_face_change {
	enum fc_stored_face_operation operation;
	const struct fc_face_record *face;
	const char *user_data; /* UPDATE: NULL removes it */
	bool to_new;           /* MOVE: to a new person without a name */
	struct fc_uuid to;     /* MOVE, unless to_new: the person */
	bool dry_run;
};

typedef enum fc_status fc_stored_face_change_verb(struct fc_service *service,
						  const struct fc_stored_face_change *change,
						  struct fc_stored_face *out, struct fc_error *err);

struct fc_stored_face_verbs {
	enum fc_status (*add)(struct fc_service *service, const struct fc_set_request *request,
			      struct fc_tally *tally, struct fc_error *err);
	enum fc_status (*list)(struct fc_service *service,
			       const struct fc_stored_face_filter *filter,
			       struct fc_stored_face_page *out, struct fc_error *err);
	enum fc_status (*find)(struct fc_service *service, const char *text,
			       struct fc_stored_face_page *out, struct fc_error *err);
	fc_stored_face_change_verb *update, *move, *delete;
	enum fc_status (*crop)(struct fc_service *service, const struct fc_face_record *face,
			       struct fc_buffer *png, struct fc_error *err);
	enum fc_status (*nearest)(struct fc_service *service, const struct fc_face_record *face,
				  struct fc_neighbour *out, struct fc_error *err);
};

/* Store faces for existing persons: each photo of the request has a pid. */
static inline enum fc_status fc_service_face_add(struct fc_service *service,
						 const struct fc_set_request *request,
						 struct fc_tally *tally, struct fc_error *err)
{
	*tally = (struct fc_tally){ 0 };
	FC_TRY(fc_service_need(service, FC_VERB_FACES_ADD, err));
	return service->operations->stored_faces->add(service, request, tally, err);
}

/* Errors: FC_NOT_FOUND (the space or the person does not exist). */
static inline enum fc_status fc_service_face_list(struct fc_service *service,
						  const struct fc_stored_face_filter *filter,
						  struct fc_stored_face_page *out,
						  struct fc_error *err)
{
	FC_TRY(fc_service_need(service, FC_VERB_FACES_LIST, err));
	return service->operations->stored_faces->list(service, filter, out, err);
}

/*
 * Find every face whose UUID begins with the text, 4 or more hexadecimal digits. *out has the first few, its total counts all. No match is
 * not an error. Errors: FC_INVALID_ARGUMENT (the text has another form).
 */
static inline enum fc_status fc_service_face_find(struct fc_service *service, const char *text,
						  struct fc_stored_face_page *out,
						  struct fc_error *err)
{
	FC_TRY(fc_service_need(service, FC_VERB_FACES_SHOW, err));
	return service->operations->stored_faces->find(service, text, out, err);
}

/*
 * Change a face. *out: the face afterwards; of a deleted face, before. A person that loses its last face stays.
 * Errors: FC_NOT_FOUND (face or person), FC_CONFLICT (move: the person has the face, or is in another space).
 */
static inline enum fc_status fc_service_face_change(struct fc_service *service,
						    const struct fc_stored_face_change *change,
						    struct fc_stored_face *out,
						    struct fc_error *err)
{
	static const enum fc_verb verbs[] = {
		[FC_FACE_UPDATE] = FC_VERB_FACES_UPDATE,
		[FC_FACE_MOVE] = FC_VERB_FACES_MOVE,
		[FC_FACE_DELETE] = FC_VERB_FACES_DELETE,
	};
	FC_TRY(fc_service_need(service, verbs[change->operation], err));
	const struct fc_stored_face_verbs *faces = service->operations->stored_faces;
	return (change->operation == FC_FACE_UPDATE ? faces->update
		: change->operation == FC_FACE_MOVE ? faces->move
						    : faces->delete)(service, change, out, err);
}

/* Read the stored crop of a face, a PNG file. FC_NOT_FOUND if there is none. */
static inline enum fc_status fc_service_face_crop(struct fc_service *service,
						  const struct fc_face_record *face,
						  struct fc_buffer *png, struct fc_error *err)
{
	FC_TRY(fc_service_need(service, FC_VERB_FACES_EXPORT, err));
	return service->operations->stored_faces->crop(service, face, png, err);
}

/*
 * Find the person of the face's space, other than its own, that is most similar to it. Release out->person with fc_profile_release.
 * FC_NOT_FOUND: there is no other person, or the face has no template.
 */
static inline enum fc_status fc_service_face_nearest(struct fc_service *service,
						     const struct fc_face_record *face,
						     struct fc_neighbour *out, struct fc_error *err)
{
	FC_TRY(fc_service_need(service, FC_VERB_FACES_NEAREST, err));
	return service->operations->stored_faces->nearest(service, face, out, err);
}

#endif
