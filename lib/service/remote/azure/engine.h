/* What the parts of the Azure service share. Private to lib/service/azure*.c. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_SERVICE_AZURE_ENGINE_H
#define FC_SERVICE_AZURE_ENGINE_H

#include <string.h>

#include "service/remote/azure/azure.h"
#include "service/remote/azure/wire.h"
#include "service/remote/common/photos.h"
#include "service/remote/common/words.h"

/* ---- azure_persons.c: whom a group holds, as far as it was read ---- */

struct fc_azure_stored_face {
	struct fc_uuid id;
	bool read; /* whether it bears the digest of a photo */
	bool has_digest;
	struct fc_sha256 digest;
};

/* One person. It stays where it is until the group is forgotten. */
struct fc_azure_person {
	bool has_id; /* false: it is still to be made */
	bool gone;   /* the service does not have it (any more) */
	/* A request to make it, or to add a face to it, came to nobody knows what, and nobody has looked since. */
	bool unsure, unsure_faces;
	struct fc_uuid id;
	bool has_number;
	uint64_t number;
	char *name;      /* what stands behind the number, or the whole name of one without; NULL */
	char *user_data; /* NULL when there is none */
	struct fc_azure_stored_face *faces;
	size_t face_count, face_capacity;
	/* Who is adding a face to it: the service wants this one after the other. */
	const void *worker;
};

struct fc_azure_persons {
	struct fc_azure_person **items;
	size_t count, capacity;
	struct fc_azure_person **by_id, **by_number; /* sorted; those that have one */
	size_t id_count, number_count;
	bool complete; /* the whole list was read */
};

void fc_azure_persons_release(struct fc_azure_persons *persons);

/* NULL when it is not known. Persons that are gone are known. */
struct fc_azure_person *fc_azure_person_by_id(const struct fc_azure_persons *persons,
					      const struct fc_uuid *id);
/* The first of that number which is not gone; NULL for nobody. */
struct fc_azure_person *fc_azure_person_by_number(const struct fc_azure_persons *persons,
						  uint64_t number);
/* The first of that name which is not gone; NULL for nobody. */
struct fc_azure_person *fc_azure_person_by_name(const struct fc_azure_persons *persons,
						const char *name);

/* Remember a person of the service's. What is known of its faces is kept. Errors: FC_NO_MEMORY. */
FC_MUST_USE enum fc_status fc_azure_persons_take(struct fc_azure_persons *persons,
						 const struct fc_azure_person_row *row,
						 struct fc_azure_person **out,
						 struct fc_error *err);

/* Somebody who is not there. */
FC_MUST_USE enum fc_status fc_azure_persons_miss(struct fc_azure_persons *persons,
						 const struct fc_uuid *id, struct fc_error *err);

/* Somebody who is to be made. name and number: at least one. */
FC_MUST_USE enum fc_status
fc_azure_persons_plan(struct fc_azure_persons *persons, const uint64_t *number, const char *name,
		      const char *user_data, struct fc_azure_person **out, struct fc_error *err);

/* A person that was to be made is there now. */
FC_MUST_USE enum fc_status fc_azure_persons_made(struct fc_azure_persons *persons,
						 struct fc_azure_person *person,
						 const struct fc_uuid *id, struct fc_error *err);

/* It was taken back, and is to be made anew if somebody wants it. */
void fc_azure_persons_unmade(struct fc_azure_persons *persons, struct fc_azure_person *person);

/* One more than the highest number, at least 1. */
uint64_t fc_azure_persons_next(const struct fc_azure_persons *persons);

FC_MUST_USE enum fc_status fc_azure_person_add_face(struct fc_azure_person *person,
						    const struct fc_uuid *id,
						    const struct fc_sha256 *digest,
						    struct fc_error *err);

/* How many the service has, and *faces in all. */
uint64_t fc_azure_persons_alive(const struct fc_azure_persons *persons, uint64_t *faces);

bool fc_azure_persons_have_face(const struct fc_azure_persons *persons);

/* ---- the service ---- */

/* The large person group of the space that is in use. */
struct fc_azure_group {
	char space[65];
	char id[65];
	bool exists;
	/* Faces were added since it was trained last. A group that facectl made bears this mark itself (see azure_group.c). */
	bool stale;
	bool ours, marked;
	bool untrainable;   /* the service said that a training failed, or took too long */
	const void *worker; /* who is making or marking it */
	char model[32];     /* its recognition model */
	struct fc_azure_persons persons;
};

struct fc_azure {
	struct fc_service service; /* first, so that a service is its engine */
	struct fc_azure_options options;
	struct fc_token token;
	char *url;
	const char *secrets[1];
	struct fc_http_field headers[1]; /* the key, with every request */
	struct fc_http *http;
	struct fc_azure_group group;
};

static inline struct fc_azure *fc_azure_of(struct fc_service *service)
{
	return (struct fc_azure *)service;
}

/* FC_UNSUPPORTED if the request wants a feature that the service lacks. */
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

bool fc_azure_stopped(const struct fc_azure *azure);

/* ---- azure_call.c: one request ---- */

enum { FC_AZURE_PIECES = 9, FC_AZURE_QUERIES = 8, FC_AZURE_TEXTS = 8, FC_AZURE_TEXT_SIZE = 72 };

/* A request with everything that it points to, so that it must stay where it is. { 0 } is empty. */
struct fc_azure_call {
	const char *path[FC_AZURE_PIECES];
	struct fc_http_field query[FC_AZURE_QUERIES];
	char texts[FC_AZURE_TEXTS][FC_AZURE_TEXT_SIZE];
	size_t text_count;
	char *json;
	enum fc_azure_shape shape;
	struct fc_http_request request;
};

void fc_azure_call_release(struct fc_azure_call *call);

/*
 * Start a request anew: method and what its answer holds. What is added by the functions below is borrowed, but for numbers and
 * UUIDs. It is repeatable unless said otherwise.
 */
void fc_azure_begin(const struct fc_azure *azure, struct fc_azure_call *call,
		    enum fc_http_method method, enum fc_azure_shape shape);
void fc_azure_piece(struct fc_azure_call *call, const char *piece);
void fc_azure_piece_uuid(struct fc_azure_call *call, const struct fc_uuid *uuid);
void fc_azure_ask(struct fc_azure_call *call, const char *name, const char *value);
void fc_azure_ask_number(struct fc_azure_call *call, const char *name, uint64_t value);
void fc_azure_ask_uuid(struct fc_azure_call *call, const char *name, const struct fc_uuid *uuid);
void fc_azure_photo_body(struct fc_azure_call *call, const struct fc_remote_photo *photo);
/* Takes json over; NULL is out of memory. */
FC_MUST_USE enum fc_status fc_azure_json_body(struct fc_azure_call *call, cJSON *json,
					      struct fc_error *err);

/* "largepersongroups/ID" of the group in use. */
void fc_azure_begin_group(const struct fc_azure *azure, struct fc_azure_call *call,
			  enum fc_http_method method, enum fc_azure_shape shape);

/*
 * Send a request and read its answer, when no other is under way; conflicts are waited for. trouble may be NULL. Errors: as
 * fc_azure_read and fc_http_perform; the text names the service.
 */
FC_MUST_USE enum fc_status fc_azure_perform(struct fc_azure *azure, struct fc_azure_call *call,
					    cJSON **out, struct fc_azure_error *trouble,
					    struct fc_error *err);

/* Conflicts met by one request: when the first was, 0 for none. */
struct fc_azure_patience {
	int64_t since;
};

/* Whether to try again after a conflict, and when: as long as a training may take. */
bool fc_azure_waits(const struct fc_azure *azure, struct fc_azure_patience *patience,
		    const struct fc_azure_error *trouble, uint64_t *delay_ms);

/* ---- azure_group.c: the group of a space ---- */

/* How much of the list of persons to read. */
enum fc_azure_reading {
	FC_AZURE_NO_PERSONS,
	FC_AZURE_FIRST_PERSONS, /* what one request brings: others are asked for when they turn up */
	FC_AZURE_ALL_PERSONS,
};

/*
 * Put a space in use: read its group, which may not be there, and its persons. Errors: FC_INVALID_ARGUMENT (no such name can
 * be), and the service's.
 */
FC_MUST_USE enum fc_status fc_azure_use(struct fc_azure *azure, const char *space,
					enum fc_azure_reading reading, struct fc_error *err);

/* The request that makes the group, or marks it as one to be trained; *wanted false: there is no need. */
FC_MUST_USE enum fc_status fc_azure_mark_call(struct fc_azure *azure, struct fc_azure_call *call,
					      bool *wanted, struct fc_error *err);
/* It was carried out. */
void fc_azure_marked(struct fc_azure *azure);

/*
 * Train the group and wait for it, when no other request is under way. Without any faces there is nothing to train. Errors: the
 * service's; FC_REFUSED with its words when the training failed, FC_BUSY when it takes too long.
 */
FC_MUST_USE enum fc_status fc_azure_train(struct fc_azure *azure, struct fc_error *err);

/* Delete the group in use with all that is in it. Errors: FC_NOT_FOUND, and the service's. */
FC_MUST_USE enum fc_status fc_azure_drop(struct fc_azure *azure, struct fc_error *err);

/* The same, and make it anew without anybody. */
FC_MUST_USE enum fc_status fc_azure_empty(struct fc_azure *azure, struct fc_error *err);

/* ---- azure_adding.c: a photo's face becomes a face of a person ---- */

/*
 * One face on its way to a person: the group is made or marked, the person made, its faces held against the photo's digest, the
 * face added. An answer that never came is looked for before the request is sent again, so that nothing is added twice.
 */
struct fc_azure_adding {
	struct fc_azure_person *person;
	const struct fc_remote_photo *photo;
	bool has_target;
	char digest[FC_SHA256_TEXT_SIZE];
	char rectangle[64];
	enum fc_azure_step {
		FC_AZURE_MARK,
		FC_AZURE_LIST,
		FC_AZURE_CREATE,
		FC_AZURE_READ_FACE,
		FC_AZURE_REFRESH,
		FC_AZURE_ADD,
		FC_AZURE_UNDO,
	} step;      /* that is under way */
	size_t face; /* for FC_AZURE_READ_FACE */
	bool has_cursor;
	struct fc_uuid cursor;
	unsigned attempts; /* that came to nobody knows what */
	struct fc_azure_patience patience;
	struct fc_azure_error trouble; /* of the last answer */
	bool made;   /* the person, which goes again when its first face is refused */
	bool undoes; /* that is under way, because of failure */
	struct fc_error failure;
	struct fc_azure_error refusal; /* that it was */
	bool heard;                    /* the last answer was one, be it that there is a conflict */
	bool done;
	bool unchanged; /* the photo was there before */
};

void fc_azure_adding_start(struct fc_azure_adding *adding, struct fc_azure_person *person,
			   const struct fc_remote_photo *photo, const int *target);

/* Let others work at the person and the group. */
void fc_azure_adding_stop(struct fc_azure *azure, struct fc_azure_adding *adding);

/* The next request. *wanted false: done, or *parked, that is, somebody else is working there. */
FC_MUST_USE enum fc_status fc_azure_adding_next(struct fc_azure *azure,
						struct fc_azure_adding *adding,
						struct fc_azure_call *call, bool *wanted,
						bool *parked, struct fc_error *err);

/* What became of it. A failure ends the adding, and err tells why. *delay_ms: before the next request. */
FC_MUST_USE enum fc_status
fc_azure_adding_absorb(struct fc_azure *azure, struct fc_azure_adding *adding,
		       enum fc_status status, const struct fc_http_response *response,
		       const struct fc_error *failure, uint64_t *delay_ms, struct fc_error *err);

/* ---- azure_detect.c: faces in photos ---- */

/* The request that looks at a photo. with_ids: the faces are to be identified or verified, by this recognition model. */
void fc_azure_detect_call(const struct fc_azure *azure, const struct fc_remote_photo *photo,
			  const char *model, struct fc_azure_call *call);

/* Count for the run whether the service answers sensibly, or that it failed in a way that is not the photo's. */
void fc_azure_weigh(struct fc_remote_run *run, const struct fc_azure_error *trouble,
		    const struct fc_error *failure);

/* The photo failed: "'a.jpg': service 'face': words", and beside it the words as the service said them, if it said any. */
void fc_azure_fail_photo(const struct fc_azure *azure, struct fc_remote_photo *photo,
			 const struct fc_azure_error *trouble, const struct fc_error *failure);

/* ---- the verbs ---- */

enum fc_status fc_azure_probe(struct fc_service *service, struct fc_error *err);
enum fc_status fc_azure_set(struct fc_service *service, const struct fc_set_request *request,
			    struct fc_tally *tally, struct fc_error *err);
enum fc_status fc_azure_recognize(struct fc_service *service,
				  const struct fc_recognize_request *request,
				  struct fc_tally *tally, struct fc_error *err);
enum fc_status fc_azure_detect(struct fc_service *service, const struct fc_detect_request *request,
			       struct fc_tally *tally, struct fc_error *err);
enum fc_status fc_azure_verify(struct fc_service *service, const struct fc_verify_request *request,
			       struct fc_verify_result *out, struct fc_error *err);
enum fc_status fc_azure_delete(struct fc_service *service, const struct fc_delete_request *request,
			       struct fc_error *err);
enum fc_status fc_azure_truncate(struct fc_service *service,
				 const struct fc_truncate_request *request,
				 struct fc_truncate_result *out, struct fc_error *err);
enum fc_status fc_azure_space_list(struct fc_service *service, struct fc_space_summary **out,
				   size_t *count, struct fc_error *err);
enum fc_status fc_azure_space_delete(struct fc_service *service, const char *space,
				     struct fc_error *err);

#endif
