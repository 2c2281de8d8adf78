/*
 * The gallery: spaces, persons, faces and entries (format: facectl-gallery.5). Search is in search/search.h, the rest of the public headers
 * next to it.
 *
 * Reads happen in a read transaction, changes in a write transaction; a committed write transaction is on the disk. Results of reads are
 * copies. A process may have one gallery open at a time, and must not use it after fork(). A visit callback must not start another query.
 * It can collect ids and look them up after the visit has ended.
 */
/* SPDX-License-Identifier: MIT */
#ifndef FC_GALLERY_GALLERY_H
#define FC_GALLERY_GALLERY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/digest.h"
#include "base/error.h"
#include "base/uuid.h"
#include "base/words.h"
#include "gallery/bands.h"
#include "gallery/server.h"

enum {
	FC_LABEL_MAXIMUM = 255,           /* bytes of the name of a person or an origin */
	FC_USER_DATA_MAXIMUM = 65536,     /* bytes: 16384 characters */
	FC_PATH_TEXT_MAXIMUM = 4096,      /* bytes of a stored photo path */
	FC_TITLE_MAXIMUM = 512,           /* bytes: 128 characters */
	FC_FACE_USER_DATA_MAXIMUM = 4096, /* bytes: 1024 characters */
	FC_DIMENSION_MAXIMUM = 1024,
	FC_SPACE_ID_SIZE = 65,   /* a name that users give to a space, with its NUL */
	FC_SPACE_NAME_SIZE = 67, /* the name of any space (rows/container.h) */
};

/* Persons are numbered from 1. Clients read the numbers as JSON numbers, so the maximum is what a double holds exactly. */
#define FC_PERSON_NUMBER_MAXIMUM UINT64_C(9007199254740991)

/* ---- open, pin, transactions ---- */

struct fc_gallery;
struct fc_gallery_txn;

enum fc_gallery_mode {
	FC_GALLERY_READ,    /* must exist */
	FC_GALLERY_WRITE,   /* must exist */
	FC_GALLERY_CREATE,  /* created if it is missing */
	FC_GALLERY_UPGRADE, /* must exist, may have an older format; only for fc_gallery_upgrade */
};

struct fc_gallery_options {
	/* or the address of a database: "postgresql://...", "postgres://..." or "service=NAME"; NULL: the user has no home folder */
	const char *directory;
	const struct fc_gallery_server *server; /* NULL: only directories can be opened */
	enum fc_gallery_mode mode;
	unsigned lock_timeout;  /* milliseconds to wait for another writer */
	uint64_t maximum_bytes; /* size limit; 0 = 16 GiB */
};

/*
 * Errors: FC_GALLERY_MISSING (also for a directory without a gallery), FC_DAMAGED (truncated, or not an LMDB file), FC_INCOMPATIBLE
 * (created by a newer facectl, or of an older format), FC_PERMISSION (the gallery must belong to the user, and others must have no access), FC_BUSY, FC_FULL,
 * FC_IO, FC_NO_MEMORY, FC_INVALID_ARGUMENT (no directory, or an insecure connection), FC_UNSUPPORTED (no module for databases).
 */
enum fc_status fc_gallery_open(const struct fc_gallery_options *options, struct fc_gallery **out,
			       struct fc_error *err);
void fc_gallery_close(struct fc_gallery *gallery);
FC_DEFINE_CLEANUP(struct fc_gallery *, fc_gallery_close);

/* The embedder of all templates of a gallery. Set before the first face is added; only fc_gallery_reembed changes it. */
struct fc_embedder_pin {
	struct fc_sha256 sha256;
	uint32_t preprocessing;
	uint32_t dimension;
	bool mirror;
	char name[64]; /* for messages */
};

/* Errors: FC_BUSY (too many readers), FC_IO, FC_DAMAGED. A read never waits for a writer. */
enum fc_status fc_gallery_begin_read(struct fc_gallery *gallery, struct fc_gallery_txn **out,
				     struct fc_error *err);

/*
 * A callback that makes a change inside a transaction. If the gallery has to grow, it is run again from the start, so it must have no
 * effect outside the transaction, and must set its results again each time.
 */
typedef enum fc_status fc_gallery_change(struct fc_gallery_txn *txn, void *context,
					 struct fc_error *err);

/*
 * Run change inside a write transaction and commit it. On FC_OK the change is durable; on any other status nothing is stored. Signals that
 * end the process are blocked from begin to commit. FC_INTERNAL if a transaction of this process is open. Other errors, besides those of
 * change: FC_BUSY (the text names the process: it writes, or it reads an old state whose pages cannot be reused, and the file would have to
 * grow although most of it is free), FC_FULL, FC_IO, FC_DAMAGED, FC_GALLERY_LOST (the change with it).
 */
enum fc_status fc_gallery_write(struct fc_gallery *gallery, fc_gallery_change *change,
				void *context, struct fc_error *err);

/* Run change like fc_gallery_write and roll it back: a dry run that finds the same errors. */
enum fc_status fc_gallery_rehearse(struct fc_gallery *gallery, fc_gallery_change *change,
				   void *context, struct fc_error *err);

/*
 * Run part of a change as a nested transaction: it is rolled back unless it returns FC_OK. The change may continue after a failed part,
 * except after an error of the gallery (FC_FULL, FC_IO, FC_DAMAGED, FC_NO_MEMORY), which it must return.
 */
enum fc_status fc_gallery_attempt(struct fc_gallery_txn *txn, fc_gallery_change *change,
				  void *context, struct fc_error *err);

/*
 * Return the status of reading a record to which another record or an index refers: FC_NOT_FOUND becomes FC_DAMAGED, with the text in err
 * extended.
 */
enum fc_status fc_gallery_referred(const struct fc_gallery_txn *txn, enum fc_status status,
				   struct fc_error *err);

/* Another process that reads or writes the gallery at this moment. */
struct fc_gallery_user {
	long process;
	bool writes;
	uint64_t
		behind; /* a reader: number of changes since the state that it reads, whose pages cannot be reused meanwhile */
};

/* Visit the other processes that read or write the gallery. May be called outside of transactions only. */
typedef void fc_gallery_user_visit(const struct fc_gallery_user *user, void *context);
void fc_gallery_each_user(struct fc_gallery *gallery, fc_gallery_user_visit *visit, void *context);

/* End a read transaction. Accepts NULL. */
void fc_gallery_end_read(struct fc_gallery_txn *txn);
FC_DEFINE_CLEANUP(struct fc_gallery_txn *, fc_gallery_end_read);

/* Read the gallery's pin. FC_NOT_FOUND if the gallery has no face yet. */
enum fc_status fc_gallery_pin(struct fc_gallery_txn *txn, struct fc_embedder_pin *out,
			      struct fc_error *err);

/* Whether templates can be compared: same network, same preprocessing. */
bool fc_embedder_pin_equal(const struct fc_embedder_pin *a, const struct fc_embedder_pin *b);

/* Pin a gallery that has no pin. FC_INCOMPATIBLE when it is pinned to another embedder; the text names both. */
enum fc_status fc_gallery_set_pin(struct fc_gallery_txn *txn, const struct fc_embedder_pin *pin,
				  struct fc_error *err);

/* The UUID of the gallery, which backups of it share. */
enum fc_status fc_gallery_uuid(struct fc_gallery_txn *txn, struct fc_uuid *out,
			       struct fc_error *err);

/* ---- spaces ---- */

struct fc_space {
	uint32_t id;
	char name[FC_SPACE_NAME_SIZE];
	int64_t created;
	uint64_t person_count, face_count, entry_count;
	uint64_t mean_count; /* number of persons with a face that has a template */
	/* the number for the next person that is added without a number; starts at 1 */
	uint64_t next_number;
	struct fc_bands bands;
};

/* FC_NOT_FOUND if there is no space with that name; the text has the most similar one. */
enum fc_status fc_space_find(struct fc_gallery_txn *txn, const char *name, struct fc_space *out,
			     struct fc_error *err);

/* FC_NOT_FOUND if there is no space with that id. */
enum fc_status fc_space_read(struct fc_gallery_txn *txn, uint32_t id, struct fc_space *out,
			     struct fc_error *err);

/* Find or create a space. FC_INVALID_ARGUMENT if the name is invalid (fc_text_is_space_name). */
enum fc_status fc_space_ensure(struct fc_gallery_txn *txn, const char *name, struct fc_space *out,
			       struct fc_error *err);

/* List all spaces, ordered by name. The caller frees *out. */
enum fc_status fc_space_list(struct fc_gallery_txn *txn, struct fc_space **out, size_t *count,
			     struct fc_error *err);

/* FC_INVALID_ARGUMENT if a threshold is not within 0 to 100. */
enum fc_status fc_space_set_bands(struct fc_gallery_txn *txn, uint32_t space,
				  const struct fc_bands *bands, struct fc_error *err);

/*
 * Give a space another name. The ledger forgets the photos of the space, because its records contain the name. Errors: FC_CONFLICT (there is
 * a space of that name), FC_INVALID_ARGUMENT (the name is invalid).
 */
enum fc_status fc_space_rename(struct fc_gallery_txn *txn, uint32_t space, const char *name,
			       struct fc_error *err);

/* Remove all persons and faces of a space. Its entries stay and keep the pids. *persons and *faces: how many were removed. */
enum fc_status fc_space_truncate(struct fc_gallery_txn *txn, uint32_t space, uint64_t *persons,
				 uint64_t *faces, struct fc_error *err);

/* Remove a space with all of its persons, faces, entries and origins. */
enum fc_status fc_space_delete(struct fc_gallery_txn *txn, uint32_t space, struct fc_error *err);

/* ---- persons ---- */

struct fc_person {
	struct fc_uuid pid;
	uint32_t space;
	bool has_number;
	uint64_t number; /* the platform's person_id */
	int64_t created, updated;
	uint32_t face_count;
	uint64_t mean;   /* id of its mean (rows/mean.h); 0 if no face has a template */
	char *name;      /* NULL if there is none */
	char *user_data; /* NULL if there is none */
	/*
	 * A name in the Azure Face API that `name` cannot hold as it is, because it has control characters, more than FC_LABEL_MAXIMUM
	 * bytes or another Unicode form. Then `name` is NULL. NULL if there is none; dropped when a name is set.
	 */
	char *title;
};

void fc_person_release(struct fc_person *person);

/*
 * Add a person. An all-zero person->pid is replaced by a new UUID. created is set to the current time if it is 0, updated always.
 * face_count and mean are ignored.
 * Errors: FC_CONFLICT (number or pid already taken), FC_INVALID_ARGUMENT (invalid name or user data).
 */
enum fc_status fc_person_add(struct fc_gallery_txn *txn, struct fc_person *person,
			     struct fc_error *err);
enum fc_status fc_person_get(struct fc_gallery_txn *txn, const struct fc_uuid *pid,
			     struct fc_person *out, struct fc_error *err);
/*
 * As fc_person_get, for a pid that may outlive its person: *found is false if the person has been deleted. FC_DAMAGED if the record is missing
 * although the space lists the person.
 */
enum fc_status fc_person_get_if_any(struct fc_gallery_txn *txn, uint32_t space,
				    const struct fc_uuid *pid, bool *found, struct fc_person *out,
				    struct fc_error *err);
enum fc_status fc_person_by_number(struct fc_gallery_txn *txn, uint32_t space, uint64_t number,
				   struct fc_person *out, struct fc_error *err);
/* After FC_NOT_FOUND: FC_DAMAGED if numbers are missing in the index. Takes time in proportion to the number of persons. */
enum fc_status fc_person_recount_numbers(struct fc_gallery_txn *txn, struct fc_error *err);

/* Errors: FC_NOT_FOUND, FC_CONFLICT (several persons have the name). */
enum fc_status fc_person_by_name(struct fc_gallery_txn *txn, uint32_t space, const char *name,
				 struct fc_person *out, struct fc_error *err);

/* Replace name, user_data and title (and set updated). */
enum fc_status fc_person_update(struct fc_gallery_txn *txn, const struct fc_person *person,
				struct fc_error *err);

/* Remove a person and its faces. Its entries stay and keep the pid. */
enum fc_status fc_person_delete(struct fc_gallery_txn *txn, const struct fc_uuid *pid,
				struct fc_error *err);

/*
 * Move the faces and entries of `other` to `kept`, which must be in the same space, and remove `other`. The faces get new ids. *faces and
 * *entries: how many were moved.
 * Errors: FC_NOT_FOUND, FC_CONFLICT (both are the same person, or they are in different spaces).
 */
enum fc_status fc_person_merge(struct fc_gallery_txn *txn, const struct fc_uuid *kept,
			       const struct fc_uuid *other, uint64_t *faces, uint64_t *entries,
			       struct fc_error *err);

/*
 * Move a person with its faces and entries to another space. The faces get new ids.
 * Errors: FC_NOT_FOUND, FC_CONFLICT (the space already has the person, its number, or the same face of the same photo).
 */
enum fc_status fc_person_move(struct fc_gallery_txn *txn, const struct fc_uuid *pid, uint32_t space,
			      uint64_t *faces, uint64_t *entries, struct fc_error *err);

/* Return false to stop. The person is borrowed and valid only during the call. */
typedef bool fc_person_visit(const struct fc_person *person, void *context);

/* Visit the persons of a space in order of their pids, starting after the pid `after` (NULL: from the first). */
enum fc_status fc_person_each(struct fc_gallery_txn *txn, uint32_t space,
			      const struct fc_uuid *after, fc_person_visit *visit, void *context,
			      struct fc_error *err);

/* Visit the persons of a space with this name, in order of their pids. */
enum fc_status fc_person_each_named(struct fc_gallery_txn *txn, uint32_t space, const char *name,
				    fc_person_visit *visit, void *context, struct fc_error *err);

/* Visit the persons of the gallery whose pids have the same first `bytes` bytes as pid, in order of their pids. */
enum fc_status fc_person_each_near(struct fc_gallery_txn *txn, const struct fc_uuid *pid,
				   size_t bytes, fc_person_visit *visit, void *context,
				   struct fc_error *err);

/*
 * Find every person that a text can refer to. The text is a pid, the first 4 or more characters of a pid, SPACE/NUMBER or SPACE/NAME. If
 * space is not NULL, it may also be a number or a name alone, and only persons of that space are found. It is not an error if no person is
 * found.
 * Errors: FC_INVALID_ARGUMENT (the text has none of these forms), FC_NOT_FOUND (SPACE does not exist).
 */
enum fc_status fc_person_find(struct fc_gallery_txn *txn, const char *text, const char *space,
			      fc_person_visit *visit, void *context, struct fc_error *err);

/* ---- faces ---- */

struct fc_face_record {
	uint64_t id; /* unique in the gallery, never reused */
	uint32_t space;
	struct fc_uuid pid;
	int64_t created;
	struct fc_sha256 photo; /* digest of the photo's bytes */
	uint16_t photo_index;   /* index of the face in the photo, in the detector's order */
	float box[4];           /* left, top, right, bottom */
	float landmarks[10];
	float confidence;
	float quality;    /* the platform's "awesomeness", [0, 1] */
	char *origin;     /* NULL if unknown */
	char *path;       /* the photo's path as given; NULL if not stored */
	float *embedding; /* the template, L2-normalised; its dimension is that of the pin */
	/*
	 * 0 means that the face has no template, because its photo was missing when the gallery's embedder was changed. Such a face is
	 * stored but not found by searches. It is replaced when its photo is added again.
	 */
	uint32_t dimension;
	/* The persistedFaceId of the Azure Face API. It stays the same when the face moves. If it is nil, the face gets a new one when it is added. */
	struct fc_uuid uuid;
	/* The space may have the same face of the same photo already. Searches by photo find the face that was added first. */
	bool may_repeat;
	char *user_data; /* NULL if there is none */
};

void fc_face_record_release(struct fc_face_record *face);

/*
 * Add a face to an existing person. Sets id, and created if it is 0; the template is copied. If the person already has this face of the
 * photo, but without a template, that face is replaced; the new one gets its UUID and user data.
 * Errors: FC_NOT_FOUND (person), FC_INCOMPATIBLE (gallery not pinned, or another dimension), FC_INVALID_ARGUMENT (template not finite, or
 * its length differs from 1 by more than 1e-3; texts that are too long), FC_CONFLICT (the space already has the same face of the same photo,
 * or its UUID).
 */
enum fc_status fc_face_add(struct fc_gallery_txn *txn, struct fc_face_record *face,
			   struct fc_error *err);
enum fc_status fc_face_get(struct fc_gallery_txn *txn, uint32_t space, uint64_t id,
			   struct fc_face_record *out, struct fc_error *err);

/*
 * Find the stored face of a space by its photo and its index in the photo. FC_NOT_FOUND if it was never added, was deleted, or no longer
 * has a template.
 */
enum fc_status fc_face_by_photo(struct fc_gallery_txn *txn, uint32_t space,
				const struct fc_sha256 *photo, uint16_t photo_index,
				struct fc_face_record *out, struct fc_error *err);
/* Find the face of a space with a UUID. FC_NOT_FOUND if there is none. */
enum fc_status fc_face_by_uuid(struct fc_gallery_txn *txn, uint32_t space,
			       const struct fc_uuid *uuid, struct fc_face_record *out,
			       struct fc_error *err);

/* Replace the user data of a face (NULL: none). FC_INVALID_ARGUMENT: too long or not UTF-8. */
enum fc_status fc_face_set_user_data(struct fc_gallery_txn *txn, uint32_t space, uint64_t id,
				     const char *user_data, struct fc_error *err);
enum fc_status fc_face_delete(struct fc_gallery_txn *txn, uint32_t space, uint64_t id,
			      struct fc_error *err);

/*
 * Move a face, with its crop, to another person of the same space. It gets a new id and keeps the time at which it was stored. The person
 * that it leaves stays, even without a face.
 * Errors: FC_NOT_FOUND (face or person), FC_CONFLICT (the face belongs to that person).
 */
enum fc_status fc_face_move(struct fc_gallery_txn *txn, uint32_t space, uint64_t id,
			    const struct fc_uuid *pid, uint64_t *new_id, struct fc_error *err);

/* Return false to stop. */
typedef bool fc_face_visit(const struct fc_face_record *face, void *context);
enum fc_status fc_face_each_of_person(struct fc_gallery_txn *txn, const struct fc_uuid *pid,
				      fc_face_visit *visit, void *context, struct fc_error *err);

/*
 * Visit the faces of the gallery whose UUIDs begin with a text of 4 or more hexadecimal digits, in order of their UUIDs.
 * Errors: FC_INVALID_ARGUMENT (the text has another form).
 */
enum fc_status fc_face_each_of_prefix(struct fc_gallery_txn *txn, const char *text,
				      fc_face_visit *visit, void *context, struct fc_error *err);

/* Visit the faces of the gallery in order of space and id, starting after the face (space, after). (0, 0) is before the first face. */
enum fc_status fc_face_each(struct fc_gallery_txn *txn, uint32_t space, uint64_t after,
			    fc_face_visit *visit, void *context, struct fc_error *err);

/* ---- entries: the log of processed faces ---- */

struct fc_entry {
	uint64_t id;
	int64_t created;
	uint32_t space;
	enum fc_result result;
	bool has_pid;
	struct fc_uuid pid;
	bool has_similarity;
	float similarity; /* cosine to the person's mean */
	bool has_match;
	float match; /* similarity on the scale of 0 to 100, by the calibration in use at that time */
	float confidence; /* the detector's confidence */
	float box[4];
	uint32_t face_pixels; /* area of the box */
	float exposure, sharpness, pan, tilt;
	bool has_age;
	uint8_t age; /* years */
	enum fc_sex sex;
	enum fc_mood mood;
	enum fc_liveness liveness;
	struct fc_sha256 photo;
	struct fc_sha256 model; /* SHA-256 of the embedder's model file */
	char *origin;           /* NULL if unknown */
	char *path;             /* NULL if not stored */
};

void fc_entry_release(struct fc_entry *entry);

/*
 * Add an entry. Its person must be in its space. The entry keeps the pid if the person is deleted later. Sets id, and created if it is 0.
 */
enum fc_status fc_entry_add(struct fc_gallery_txn *txn, struct fc_entry *entry,
			    struct fc_error *err);
enum fc_status fc_entry_get(struct fc_gallery_txn *txn, uint64_t id, struct fc_entry *out,
			    struct fc_error *err);

enum fc_status fc_entry_delete(struct fc_gallery_txn *txn, uint64_t id, struct fc_error *err);

/* Remove all entries of a person, who may have been deleted. *removed is their number. */
enum fc_status fc_entry_delete_of_person(struct fc_gallery_txn *txn, const struct fc_uuid *pid,
					 uint64_t *removed, struct fc_error *err);

#endif
