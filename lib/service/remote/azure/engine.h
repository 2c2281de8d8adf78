/* Types and functions that the files of the Azure client share. Private to lib/service/remote/azure. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_SERVICE_REMOTE_AZURE_ENGINE_H
#define FC_SERVICE_REMOTE_AZURE_ENGINE_H

#include <string.h>

#include "service/api.h"
#include "service/remote/azure/azure.h"
#include "service/remote/azure/objects.h"
#include "service/remote/azure/wire.h"
#include "service/remote/common/client.h"
#include "service/remote/common/photos.h"
#include "service/remote/common/words.h"
#include "service/spaces.h"
#include "service/sync.h"

enum { FC_AZURE_PAGE = 250 }; /* persons per page; with 248 faces each they are 2.4 MB */

/* ---- persons.c: the persons of a group that were read so far ---- */

struct fc_azure_stored_face {
	struct fc_uuid id;
	bool read; /* its user data, with the digest of its photo, was read */
	bool has_digest;
	struct fc_sha256 digest;
};

/* One person. Its address stays valid until fc_azure_persons_release. */
struct fc_azure_person {
	bool has_id; /* false: not created yet */
	bool gone;   /* it does not exist, or was deleted */
	/* A request that creates it, or adds a face, has an unknown outcome (timeout): read it again before the next request. */
	bool outcome_unknown, faces_unknown;
	struct fc_uuid id;
	bool has_number;
	uint64_t number;
	char *name;      /* the service's name without the number; NULL when empty */
	char *user_data; /* NULL when there is none */
	/* user data of a person that is created without: identifies it if the response is lost */
	char creation[48];
	struct fc_azure_stored_face *faces;
	size_t face_count, face_capacity;
	/* The upload that is adding a face to it; the service allows one at a time. */
	const void *uploader;
};

struct fc_azure_persons {
	struct fc_azure_person **items;
	size_t count, capacity;
	/* sorted; only persons that have an id, or a number */
	struct fc_azure_person **by_id, **by_number;
	size_t id_count, number_count;
	bool complete; /* the whole list was read */
};

void fc_azure_persons_release(struct fc_azure_persons *persons);

/* Find a person by id, including persons that are gone. NULL when it was not read. */
struct fc_azure_person *fc_azure_person_by_id(const struct fc_azure_persons *persons,
					      const struct fc_uuid *id);
/* The first person with that number that is not gone, or NULL. */
struct fc_azure_person *fc_azure_person_by_number(const struct fc_azure_persons *persons,
						  uint64_t number);
/*
 * Check that at most one person has that number. Programs that created persons at the same time may have chosen the same one, and it is
 * not known which of them is meant. Errors: FC_CONFLICT.
 */
enum fc_status fc_azure_persons_check_number(const struct fc_azure_persons *persons,
					     uint64_t number, struct fc_error *err);
/* The first person with that name that is not gone, or NULL. */
struct fc_azure_person *fc_azure_person_by_name(const struct fc_azure_persons *persons,
						const char *name);

/* Store a person as read from the service; digests of its faces that were read before are kept. Errors: FC_NO_MEMORY. */
enum fc_status fc_azure_persons_add(struct fc_azure_persons *persons,
				    const struct fc_azure_person_row *row,
				    struct fc_azure_person **out, struct fc_error *err);

/* Store that no person with that id exists. */
enum fc_status fc_azure_persons_add_missing(struct fc_azure_persons *persons,
					    const struct fc_uuid *id, struct fc_error *err);

/* Store a person that will be created, with a number, a name or both. */
enum fc_status fc_azure_persons_add_new(struct fc_azure_persons *persons, const uint64_t *number,
					const char *name, const char *user_data,
					struct fc_azure_person **out, struct fc_error *err);

/* Store the id of a person that was created. */
enum fc_status fc_azure_persons_created(struct fc_azure_persons *persons,
					struct fc_azure_person *person, const struct fc_uuid *id,
					struct fc_error *err);

/* Store that a created person was deleted again; the next upload creates it. */
void fc_azure_persons_undo_created(struct fc_azure_persons *persons,
				   struct fc_azure_person *person);

/* Change the number of a person. */
void fc_azure_persons_renumber(struct fc_azure_persons *persons, struct fc_azure_person *person,
			       uint64_t number);

/* One more than the highest number, at least 1. */
uint64_t fc_azure_persons_next_number(const struct fc_azure_persons *persons);

enum fc_status fc_azure_person_add_face(struct fc_azure_person *person, const struct fc_uuid *id,
					const struct fc_sha256 *digest, struct fc_error *err);

/* Number of existing persons, and of their faces. */
uint64_t fc_azure_persons_count(const struct fc_azure_persons *persons, uint64_t *faces);

bool fc_azure_persons_have_face(const struct fc_azure_persons *persons);

/* ---- the service ---- */

/* The large person group of the current space. */
struct fc_azure_group {
	char space[65];
	char id[65];
	bool exists;
	/* Faces were added since the last training. A group created by facectl has this mark in its user data (see group.c). */
	bool needs_training;
	/* ours: facectl wrote its user data; marked: the user data has the mark */
	bool ours, marked;
	bool training_failed; /* the training failed or took too long */
	bool created_numbers; /* this process created persons with numbers that the user chose */
	const void *uploader; /* the upload that is creating or marking the group */
	char model[32];       /* its recognition model */
	struct fc_azure_persons persons;
};

struct fc_azure {
	/* first, so that a pointer to the service is a pointer to its engine */
	struct fc_service service;
	struct fc_azure_options options;
	struct fc_remote_client client;
	struct fc_http_field headers[1]; /* the key, sent with every request */
	struct fc_azure_group group;
	/* The faces of the list or person that a face was last added to: path of the request, and whether its faces are known. */
	struct {
		char *path;
		bool listed;
		struct fc_azure_objects faces;
	} last_owner;
};

static inline struct fc_azure *fc_azure_of(struct fc_service *service)
{
	return (struct fc_azure *)service;
}

/* Returns FC_UNSUPPORTED if wanted is true: the service does not support the feature. */
static inline enum fc_status fc_azure_refuse(const struct fc_azure *azure, bool wanted,
					     const char *feature, struct fc_error *err)
{
	return fc_remote_refuse(azure->options.name, "azure", wanted, feature, err);
}

/* The same for an origin other than the default "cli". */
static inline enum fc_status fc_azure_refuse_origin(const struct fc_azure *azure,
						    const char *origin, struct fc_error *err)
{
	return fc_azure_refuse(azure, origin && strcmp(origin, "cli") != 0, "origins", err);
}

/* ---- call.c: one request ---- */

enum { FC_AZURE_PATH_PARTS = 9, FC_AZURE_QUERIES = 8, FC_AZURE_TEXTS = 8, FC_AZURE_TEXT_SIZE = 72 };

/* A request and the memory that it points to. It must not be moved in memory. { 0 } is empty. */
struct fc_azure_call {
	const char *path[FC_AZURE_PATH_PARTS];
	struct fc_http_field query[FC_AZURE_QUERIES];
	char texts[FC_AZURE_TEXTS][FC_AZURE_TEXT_SIZE];
	size_t text_count;
	char *json;
	enum fc_azure_shape shape;
	struct fc_http_request request;
};

void fc_azure_call_release(struct fc_azure_call *call);

/*
 * Reset to a new, repeatable request; shape is that of its response. The functions below borrow texts and photos, and copy
 * numbers and UUIDs.
 */
void fc_azure_begin(const struct fc_azure *azure, struct fc_azure_call *call,
		    enum fc_http_method method, enum fc_azure_shape shape);
void fc_azure_add_path(struct fc_azure_call *call, const char *piece);
void fc_azure_add_path_uuid(struct fc_azure_call *call, const struct fc_uuid *uuid);
void fc_azure_add_query(struct fc_azure_call *call, const char *name, const char *value);
void fc_azure_add_query_number(struct fc_azure_call *call, const char *name, uint64_t value);
void fc_azure_add_query_uuid(struct fc_azure_call *call, const char *name,
			     const struct fc_uuid *uuid);
void fc_azure_photo_body(struct fc_azure_call *call, const struct fc_remote_photo *photo);
/* Set the body. Takes ownership of json; if it is NULL, fails with FC_NO_MEMORY. */
enum fc_status fc_azure_json_body(struct fc_azure_call *call, cJSON *json, struct fc_error *err);

/* The same, with a path that starts with "largepersongroups/ID" of the current group. */
void fc_azure_begin_group(const struct fc_azure *azure, struct fc_azure_call *call,
			  enum fc_http_method method, enum fc_azure_shape shape);

/*
 * Send a request, while no other is in flight, and read the response. Retries after conflicts. out and error may be NULL. Errors: those of
 * fc_azure_read and fc_http_perform; the message names the service.
 */
enum fc_status fc_azure_perform(struct fc_azure *azure, struct fc_azure_call *call, cJSON **out,
				struct fc_azure_error *error, struct fc_error *err);

/* State of retries after conflicts of one request. since: time of the first conflict; 0: none. */
struct fc_azure_conflict {
	int64_t since;
};

/* Whether to retry after a conflict, and when. Retries until the time limit of a training. */
bool fc_azure_retry_conflict(const struct fc_azure *azure, struct fc_azure_conflict *conflict,
			     const struct fc_azure_error *error, uint64_t *delay_ms);

/* ---- group.c: the group of a space ---- */

/* How much of the list of persons to read. */
enum fc_azure_reading {
	FC_AZURE_NO_PERSONS,
	FC_AZURE_FIRST_PERSONS, /* one page; other persons are read when a candidate refers to them */
	FC_AZURE_ALL_PERSONS,
};

/*
 * Make a space the current one: read its group, which may not exist, and its persons. Errors: FC_INVALID_ARGUMENT (the name is
 * not valid), and those of fc_azure_perform.
 */
enum fc_status fc_azure_use_space(struct fc_azure *azure, const char *space,
				  enum fc_azure_reading reading, struct fc_error *err);

/* Read the persons again, all of them. */
enum fc_status fc_azure_read_persons(struct fc_azure *azure, struct fc_error *err);

/* Build the request that creates the group, or marks it as untrained. *wanted: one of them is needed. */
enum fc_status fc_azure_mark_call(struct fc_azure *azure, struct fc_azure_call *call, bool *wanted,
				  struct fc_error *err);
/* Call when that request succeeded. */
void fc_azure_mark_done(struct fc_azure *azure);

/*
 * Train the group and wait for the end, while no other request is in flight. A group without faces is not trained. Errors: those
 * of fc_azure_perform, FC_REFUSED (the training failed; the text has the service's message), FC_BUSY (it takes too long).
 */
enum fc_status fc_azure_train(struct fc_azure *azure, struct fc_error *err);

/* Delete the current group with its persons. Errors: FC_NOT_FOUND, and those of fc_azure_perform. */
enum fc_status fc_azure_delete_group(struct fc_azure *azure, struct fc_error *err);

/* Delete the current group and create it again. */
enum fc_status fc_azure_empty_group(struct fc_azure *azure, struct fc_error *err);

/* ---- upload.c: add the face of a photo to a person ---- */

/*
 * The steps that add one face to a person: create or mark the group, create the person, change its number if another program has just
 * used it, compare the digests of its faces with the photo's, add the face. If the outcome of a request is unknown, the person or its faces are read before the request is sent
 * again, so that nothing is added twice.
 */
struct fc_azure_upload {
	struct fc_azure_person *person;
	const struct fc_remote_photo *photo;
	bool has_target;
	bool finds_face; /* the face must be chosen before it is added */
	char digest[FC_SHA256_TEXT_SIZE];
	char rectangle[64];
	bool numbers_itself; /* the number of the created person was chosen by facectl, so it can be changed */
	enum fc_azure_step {
		FC_AZURE_STEP_MARK,
		FC_AZURE_STEP_LIST,
		FC_AZURE_STEP_CREATE,
		FC_AZURE_STEP_CHECK_NUMBER,
		FC_AZURE_STEP_RENUMBER,
		FC_AZURE_STEP_READ_FACE,
		FC_AZURE_STEP_REFRESH,
		FC_AZURE_STEP_FIND_FACE, /* choose the face of a photo with several */
		FC_AZURE_STEP_ADD,
		FC_AZURE_STEP_CHECK_UNDO, /* find out whether another program added a face to the person */
		FC_AZURE_STEP_UNDO,
	} step;                    /* in flight */
	enum fc_azure_shape shape; /* of its response */
	size_t face;               /* index of the face that FC_AZURE_STEP_READ_FACE reads */
	bool has_cursor;
	struct fc_uuid cursor;
	unsigned attempts; /* number of attempts with unknown outcome */
	struct fc_azure_conflict conflict;
	struct fc_azure_error error; /* error in the last response */
	bool created; /* this upload created the person, which is deleted if its first face is refused */
	bool is_number_checked, renumbers;
	unsigned renumbered; /* how often the number was changed */
	bool undoing;        /* the person is being deleted because of `failure` */
	bool is_undo_checked, has_other_faces;
	struct fc_error failure;
	struct fc_azure_error refusal; /* error of the last refusal */
	bool answered;                 /* the last request got an HTTP response (including 409) */
	bool done;
	bool unchanged;        /* the person already had the photo */
	struct fc_uuid stored; /* when done: the face of the photo */
};

/* target: the face's rectangle; NULL if the photo has only one, or if the choice of the photo decides. */
void fc_azure_upload_start(struct fc_azure_upload *upload, struct fc_azure_person *person,
			   const struct fc_remote_photo *photo, const int *target);

/* Release the person and the group for other uploads. */
void fc_azure_upload_stop(struct fc_azure *azure, struct fc_azure_upload *upload);

/*
 * Build the next request. If *wanted is false, the upload is done, or, if *parked, it waits until another upload releases the
 * person or the group.
 */
enum fc_status fc_azure_upload_next(struct fc_azure *azure, struct fc_azure_upload *upload,
				    struct fc_azure_call *call, bool *wanted, bool *parked,
				    struct fc_error *err);

/* For upload.c: set the step to the first thing that is missing, and build its request. */
enum fc_status fc_azure_upload_call(struct fc_azure *azure, struct fc_azure_upload *upload,
				    struct fc_azure_call *call, struct fc_error *err);

/* Apply the response. A failure ends the upload. *delay_ms: delay before the next request. */
enum fc_status fc_azure_upload_absorb(struct fc_azure *azure, struct fc_azure_upload *upload,
				      enum fc_status status,
				      const struct fc_http_response *response,
				      const struct fc_error *failure, uint64_t *delay_ms,
				      struct fc_error *err);

/* ---- detect.c: faces in photos ---- */

/* Choose the face that the photo was given for. Errors: FC_NO_FACE, FC_SEVERAL_FACES. */
enum fc_status fc_azure_choose_face(const struct fc_remote_photo *photo,
				    const struct fc_azure_sight *sight, size_t *face,
				    struct fc_error *err);

/* Build the request that detects the faces of a photo. ids: also request faceIds, whose models must live as long as the call; NULL: do not. */
void fc_azure_detect_call(const struct fc_azure *azure, const struct fc_remote_photo *photo,
			  const struct fc_face_id_request *ids, struct fc_azure_call *call);

/* Report a failure to the run: either the service responded and rejects the photo, or the service itself failed. */
void fc_azure_count_answer(struct fc_remote_run *run, const struct fc_azure_error *error,
			   const struct fc_error *failure);

/* Fail the photo with "'a.jpg': service 'face': MESSAGE", and keep the service's own message, if any. */
void fc_azure_fail_photo(const struct fc_azure *azure, struct fc_remote_photo *photo,
			 const struct fc_azure_error *error, const struct fc_error *failure);

/*
 * Initial values of a batch with one photo per request; the caller sets the other members. job->call must be a struct
 * fc_azure_call, or a struct that begins with one and owns no other memory.
 */
struct fc_remote_batch fc_azure_batch(const struct fc_azure *azure, struct fc_photo_source source);

/* ---- engine.c ---- */

/* The spaces: groups whose id is the prefix followed by a valid name of a space. { 0 } is empty. */
struct fc_azure_spaces {
	struct fc_space_summary *items; /* only their names */
	size_t count, capacity;
	char last[65]; /* while the list is read: the last id */
};

void fc_azure_spaces_release(struct fc_azure_spaces *spaces);

enum fc_status fc_azure_list_spaces(struct fc_azure *azure, struct fc_azure_spaces *list,
				    struct fc_error *err);

/* Delete a person of the current group. A person that is gone already is no error. */
enum fc_status fc_azure_delete_person(struct fc_azure *azure, struct fc_azure_person *person,
				      struct fc_error *err);

/* FC_UNSUPPORTED for options of set that the service does not have. Dry runs are not checked. */
enum fc_status fc_azure_check_set(struct fc_service *service, const struct fc_set_request *request,
				  struct fc_error *err);

/* ---- sync.c: removing faces and renaming persons for set --sync ---- */

extern const struct fc_sync_verbs fc_azure_sync_verbs;

/* ---- the verbs ---- */

enum fc_status fc_azure_set(struct fc_service *service, const struct fc_set_request *request,
			    struct fc_tally *tally, struct fc_error *err);
enum fc_status fc_azure_recognize(struct fc_service *service,
				  const struct fc_recognize_request *request,
				  struct fc_tally *tally, struct fc_error *err);
enum fc_status fc_azure_detect(struct fc_service *service, const struct fc_detect_request *request,
			       struct fc_tally *tally, struct fc_error *err);
enum fc_status fc_azure_verify(struct fc_service *service, const struct fc_verify_request *request,
			       struct fc_verify_result *out, struct fc_error *err);

extern const struct fc_profile_verbs fc_azure_profile_verbs;
extern const struct fc_api_verbs fc_azure_api_verbs;

#endif
