/*
 * The gallery: spaces, persons, faces and entries in one LMDB directory (design: facectl-gallery.5).
 *
 * Reads happen in a read transaction, changes in a write transaction; a write transaction that was committed is on the disk.
 * Everything that a read returns is a copy. One gallery may be open at a time in a process, and must not be used after fork().
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

enum {
	FC_LABEL_MAXIMUM = 255,       /* bytes of a person's name or an origin's */
	FC_USER_DATA_MAXIMUM = 16384, /* bytes */
	FC_PATH_TEXT_MAXIMUM = 4096,  /* bytes of a remembered photo path */
	FC_DIMENSION_MAXIMUM = 1024,
};

/* Persons are numbered from 1. Their numbers are JSON numbers for others, so they stay where a double is exact. */
#define FC_PERSON_NUMBER_MAXIMUM UINT64_C(9007199254740991)

/* ---- open, pin, transactions ---- */

struct fc_gallery;
struct fc_gallery_txn;

enum fc_gallery_mode {
	FC_GALLERY_READ,   /* must exist */
	FC_GALLERY_WRITE,  /* must exist */
	FC_GALLERY_CREATE, /* made when it is missing */
};

struct fc_gallery_options {
	const char *directory;
	enum fc_gallery_mode mode;
	unsigned lock_timeout;  /* milliseconds to wait for another writer */
	uint64_t maximum_bytes; /* size limit; 0 = 16 GiB */
};

/*
 * Errors: FC_GALLERY_MISSING, FC_DAMAGED (not a gallery, cut short, 0 bytes), FC_INCOMPATIBLE (made by a newer facectl: the text says so),
 * FC_PERMISSION (owner or mode: a gallery must be its user's own and closed to others), FC_BUSY, FC_FULL, FC_IO, FC_NO_MEMORY.
 */
FC_MUST_USE enum fc_status fc_gallery_open(const struct fc_gallery_options *options,
					   struct fc_gallery **out, struct fc_error *err);
void fc_gallery_close(struct fc_gallery *gallery);
FC_DEFINE_CLEANUP(struct fc_gallery *, fc_gallery_close);

/* What all templates of a gallery were made with. Set by the first face, never changed by adding. */
struct fc_embedder_pin {
	struct fc_sha256 sha256;
	uint32_t preprocessing;
	uint32_t dimension;
	bool mirror;
	char name[64]; /* for people */
};

/* Errors: FC_BUSY (too many readers), FC_IO, FC_DAMAGED. A read never waits for a writer. */
FC_MUST_USE enum fc_status fc_gallery_begin_read(struct fc_gallery *gallery,
						 struct fc_gallery_txn **out, struct fc_error *err);

/*
 * A change as a function of a transaction. It may be run again from the start when the gallery had to grow, so it must not act
 * outside the transaction, and must set its results anew each time.
 */
typedef enum fc_status fc_gallery_change(struct fc_gallery_txn *txn, void *context,
					 struct fc_error *err);

/*
 * Run change inside a write transaction and commit it. On FC_OK the change is durable; on anything else nothing of it is
 * stored. Signals that end the process are held back from begin to commit. FC_INTERNAL while a transaction of this process is
 * open. Errors of its own: FC_BUSY (text names the holder's process id), FC_FULL, FC_IO, FC_DAMAGED, FC_GALLERY_MISSING (somebody has
 * removed it: what was stored is gone with it).
 */
FC_MUST_USE enum fc_status fc_gallery_write(struct fc_gallery *gallery, fc_gallery_change *change,
					    void *context, struct fc_error *err);

/*
 * Run a part of a change so that nothing of the part is stored unless it returns FC_OK. The change goes on, whatever the part
 * returned, unless that is an error of the gallery's own (FC_FULL, FC_IO, FC_DAMAGED, FC_NO_MEMORY): then it must end with it.
 */
FC_MUST_USE enum fc_status fc_gallery_attempt(struct fc_gallery_txn *txn, fc_gallery_change *change,
					      void *context, struct fc_error *err);

/* End a read transaction. Accepts NULL. */
void fc_gallery_end_read(struct fc_gallery_txn *txn);
FC_DEFINE_CLEANUP(struct fc_gallery_txn *, fc_gallery_end_read);

/* FC_NOT_FOUND while the gallery has no face yet. */
FC_MUST_USE enum fc_status fc_gallery_pin(struct fc_gallery_txn *txn, struct fc_embedder_pin *out,
					  struct fc_error *err);

/* The same network, with pixels that take the same way: what their templates need to compare. */
bool fc_embedder_pin_equal(const struct fc_embedder_pin *a, const struct fc_embedder_pin *b);

/* Pin a gallery that has none. FC_INCOMPATIBLE when it is pinned to another embedder; the text names both. */
FC_MUST_USE enum fc_status fc_gallery_set_pin(struct fc_gallery_txn *txn,
					      const struct fc_embedder_pin *pin,
					      struct fc_error *err);

/* ---- spaces ---- */

struct fc_space {
	uint32_t id;
	char name[65];
	int64_t created;
	uint64_t person_count, face_count, entry_count;
	/* the number that the next person without one of its own would get; from 1 */
	uint64_t next_number;
	struct fc_bands bands;
};

/* FC_NOT_FOUND when there is none of that name. */
FC_MUST_USE enum fc_status fc_space_find(struct fc_gallery_txn *txn, const char *name,
					 struct fc_space *out, struct fc_error *err);

/* FC_NOT_FOUND when there is none with that id. */
FC_MUST_USE enum fc_status fc_space_read(struct fc_gallery_txn *txn, uint32_t id,
					 struct fc_space *out, struct fc_error *err);

/* Find, or make. FC_INVALID_ARGUMENT when the name is none (fc_text_is_space_name). */
FC_MUST_USE enum fc_status fc_space_ensure(struct fc_gallery_txn *txn, const char *name,
					   struct fc_space *out, struct fc_error *err);

/* All spaces by name; *out is the caller's to free(). */
FC_MUST_USE enum fc_status fc_space_list(struct fc_gallery_txn *txn, struct fc_space **out,
					 size_t *count, struct fc_error *err);

/* FC_INVALID_ARGUMENT when one of them is not within 0 to 100. */
FC_MUST_USE enum fc_status fc_space_set_bands(struct fc_gallery_txn *txn, uint32_t space,
					      const struct fc_bands *bands, struct fc_error *err);

/* Remove every person and face of a space; its entries stay and lose their person. *persons and *faces count what went. */
FC_MUST_USE enum fc_status fc_space_truncate(struct fc_gallery_txn *txn, uint32_t space,
					     uint64_t *persons, uint64_t *faces,
					     struct fc_error *err);

/* Truncate, erase its entries and origins, and remove the space itself. */
FC_MUST_USE enum fc_status fc_space_delete(struct fc_gallery_txn *txn, uint32_t space,
					   struct fc_error *err);

/* ---- persons ---- */

struct fc_person {
	struct fc_uuid pid;
	uint32_t space;
	bool has_number;
	uint64_t number; /* Smarty's person_id */
	int64_t created, updated;
	uint32_t face_count;
	char *name;      /* NULL when there is none */
	char *user_data; /* NULL when there is none */
};

void fc_person_release(struct fc_person *person);

/*
 * Add a person. person->pid is used when it is not all zero, else a new one is made and written back; created is set to now unless
 * it is not 0, updated always; face_count is ignored.
 * Errors: FC_CONFLICT (number or pid already taken), FC_INVALID_ARGUMENT (name or user data unfit).
 */
FC_MUST_USE enum fc_status fc_person_add(struct fc_gallery_txn *txn, struct fc_person *person,
					 struct fc_error *err);
FC_MUST_USE enum fc_status fc_person_get(struct fc_gallery_txn *txn, const struct fc_uuid *pid,
					 struct fc_person *out, struct fc_error *err);
FC_MUST_USE enum fc_status fc_person_by_number(struct fc_gallery_txn *txn, uint32_t space,
					       uint64_t number, struct fc_person *out,
					       struct fc_error *err);

/* Errors: FC_NOT_FOUND, FC_CONFLICT when several bear the name. */
FC_MUST_USE enum fc_status fc_person_by_name(struct fc_gallery_txn *txn, uint32_t space,
					     const char *name, struct fc_person *out,
					     struct fc_error *err);

/* Replace name and user_data (and set updated). */
FC_MUST_USE enum fc_status fc_person_update(struct fc_gallery_txn *txn,
					    const struct fc_person *person, struct fc_error *err);

/* Remove a person and its faces; its entries lose their person. */
FC_MUST_USE enum fc_status fc_person_delete(struct fc_gallery_txn *txn, const struct fc_uuid *pid,
					    struct fc_error *err);

/*
 * Give the faces and entries of `other` to `kept`, which is in the same space, and remove `other`. The faces get new ids. *faces and
 * *entries count what was carried over.
 * Errors: FC_NOT_FOUND, FC_CONFLICT (one person twice, or two spaces).
 */
FC_MUST_USE enum fc_status fc_person_merge(struct fc_gallery_txn *txn, const struct fc_uuid *kept,
					   const struct fc_uuid *other, uint64_t *faces,
					   uint64_t *entries, struct fc_error *err);

/*
 * Take a person with its faces and entries to another space. The faces get new ids.
 * Errors: FC_NOT_FOUND, FC_CONFLICT (it is there already, or its number or the same face of the same photo is).
 */
FC_MUST_USE enum fc_status fc_person_move(struct fc_gallery_txn *txn, const struct fc_uuid *pid,
					  uint32_t space, uint64_t *faces, uint64_t *entries,
					  struct fc_error *err);

/* Return false to stop. The person is the caller's of visit, not yours, and valid during the call only. */
typedef bool fc_person_visit(const struct fc_person *person, void *context);

/* Every person of a space, in pid order, after `after` (NULL = from the start). */
FC_MUST_USE enum fc_status fc_person_each(struct fc_gallery_txn *txn, uint32_t space,
					  const struct fc_uuid *after, fc_person_visit *visit,
					  void *context, struct fc_error *err);

/* Every person of a space with this name, in pid order. */
FC_MUST_USE enum fc_status fc_person_each_named(struct fc_gallery_txn *txn, uint32_t space,
						const char *name, fc_person_visit *visit,
						void *context, struct fc_error *err);

/* Every person of the gallery whose pid has the same first bytes, in pid order. */
FC_MUST_USE enum fc_status fc_person_each_near(struct fc_gallery_txn *txn,
					       const struct fc_uuid *pid, size_t bytes,
					       fc_person_visit *visit, void *context,
					       struct fc_error *err);

/* ---- faces ---- */

struct fc_face_record {
	uint64_t id; /* unique in the gallery, never used again */
	uint32_t space;
	struct fc_uuid pid;
	int64_t created;
	struct fc_sha256 photo; /* of the photo's bytes */
	uint16_t photo_index;   /* which face of the photo, by its detector's order */
	float box[4];           /* left, top, right, bottom */
	float landmarks[10];
	float confidence;
	float quality;    /* awesomeness, [0, 1] */
	char *origin;     /* NULL when unknown */
	char *path;       /* photo's path as given; NULL when not kept */
	float *embedding; /* template: dimension of the pin, L2-normalised */
	/*
	 * 0: the face has no template, because nothing was left to make one from when the gallery got another embedder. It is kept, it
	 * is not searched, and it gives way when its photo is given again.
	 */
	uint32_t dimension;
};

void fc_face_record_release(struct fc_face_record *face);

/*
 * Add a face to a person that is there. id is set, and created unless it is not 0; the template is copied. A face of that person
 * and photo that has no template is removed.
 * Errors: FC_NOT_FOUND (person), FC_INCOMPATIBLE (gallery not pinned, or another dimension), FC_INVALID_ARGUMENT (a template that is
 * not finite and of length 1 within 1e-3), FC_CONFLICT (the same face of the same photo is in this space already).
 */
FC_MUST_USE enum fc_status fc_face_add(struct fc_gallery_txn *txn, struct fc_face_record *face,
				       struct fc_error *err);
FC_MUST_USE enum fc_status fc_face_get(struct fc_gallery_txn *txn, uint32_t space, uint64_t id,
				       struct fc_face_record *out, struct fc_error *err);

/*
 * The face that a photo's index-th face became in a space. FC_NOT_FOUND when it was never added, is deleted, or has no template any
 * more.
 */
FC_MUST_USE enum fc_status fc_face_by_photo(struct fc_gallery_txn *txn, uint32_t space,
					    const struct fc_sha256 *photo, uint16_t photo_index,
					    struct fc_face_record *out, struct fc_error *err);
FC_MUST_USE enum fc_status fc_face_delete(struct fc_gallery_txn *txn, uint32_t space, uint64_t id,
					  struct fc_error *err);

/* Return false to stop. */
typedef bool fc_face_visit(const struct fc_face_record *face, void *context);
FC_MUST_USE enum fc_status fc_face_each_of_person(struct fc_gallery_txn *txn,
						  const struct fc_uuid *pid, fc_face_visit *visit,
						  void *context, struct fc_error *err);

/* Every face of the gallery behind this one, in the order of space and id; (0, 0) is before the first. */
FC_MUST_USE enum fc_status fc_face_each(struct fc_gallery_txn *txn, uint32_t space, uint64_t after,
					fc_face_visit *visit, void *context, struct fc_error *err);

/* ---- search ---- */

struct fc_search_hit {
	struct fc_uuid pid;
	uint64_t face_id; /* the person's best face */
	float score;      /* cosine similarity, [-1, 1] */
};

/*
 * For each of probe_count templates (one after the other in probes) the `top` best persons of a space, each by its best face,
 * by falling score and then by rising face id. hits has room for probe_count * top; counts[i] tells how many were found for probe i.
 * Exact: equals a full scan in f32.
 * Errors: FC_INCOMPATIBLE (other dimension), FC_DAMAGED.
 */
FC_MUST_USE enum fc_status fc_search(struct fc_gallery_txn *txn, uint32_t space,
				     const float *probes, size_t probe_count, uint32_t dimension,
				     size_t top, struct fc_search_hit *hits, size_t *counts,
				     struct fc_error *err);

/* ---- segments: what search reads ---- */

/*
 * Search reads templates in a packed form that is made from the faces, thousands to a segment, as they are added. The newest
 * faces, the tail, are not packed yet.
 */
struct fc_segment_stats {
	uint64_t segments;
	uint64_t packed; /* faces in segments */
	/* faces that are gone and of which a segment still holds the packed form */
	uint64_t deleted;
	uint64_t tail;  /* faces in none */
	uint64_t bytes; /* of segments */
};

/* Of one space. FC_NOT_FOUND when it is not there. */
FC_MUST_USE enum fc_status fc_space_segments(struct fc_gallery_txn *txn, uint32_t space,
					     struct fc_segment_stats *out, struct fc_error *err);

enum fc_reindex {
	FC_REINDEX_DELETED, /* spaces in whose segments there is something of a deleted face */
	FC_REINDEX_ALL,
};

/*
 * Make segments anew from the faces: what it takes when they are damaged, or so that nothing of deleted faces is left in them. Each
 * space is a change of its own, so that little is to be done again if this is interrupted. *spaces counts them.
 * Errors: those of fc_gallery_write; FC_DAMAGED when a face is.
 */
FC_MUST_USE enum fc_status fc_gallery_reindex(struct fc_gallery *gallery, enum fc_reindex which,
					      uint64_t *spaces, struct fc_error *err);

/* ---- entries: the log of processed faces ---- */

struct fc_entry {
	uint64_t id;
	int64_t created;
	uint32_t space;
	enum fc_result result;
	bool has_pid;
	struct fc_uuid pid;
	bool has_similarity;
	float similarity; /* cosine to the person's best face */
	bool has_match;
	float match;      /* similarity on the scale of 0 to 100, as it was read then */
	float confidence; /* the detector's */
	float box[4];
	uint32_t face_pixels; /* area of the box */
	float exposure, sharpness, pan, tilt;
	bool has_age;
	uint8_t age; /* years */
	enum fc_sex sex;
	enum fc_mood mood;
	enum fc_liveness liveness;
	struct fc_sha256 photo;
	struct fc_sha256 model; /* the embedder's file */
	char *origin;           /* NULL when unknown */
	char *path;             /* NULL when not kept */
};

void fc_entry_release(struct fc_entry *entry);

/* id is set; created too unless it is not 0. */
FC_MUST_USE enum fc_status fc_entry_add(struct fc_gallery_txn *txn, struct fc_entry *entry,
					struct fc_error *err);
FC_MUST_USE enum fc_status fc_entry_get(struct fc_gallery_txn *txn, uint64_t id,
					struct fc_entry *out, struct fc_error *err);

FC_MUST_USE enum fc_status fc_entry_delete(struct fc_gallery_txn *txn, uint64_t id,
					   struct fc_error *err);

/* Remove all entries of a person; *removed counts them. */
FC_MUST_USE enum fc_status fc_entry_delete_of_person(struct fc_gallery_txn *txn,
						     const struct fc_uuid *pid, uint64_t *removed,
						     struct fc_error *err);

/* ---- check ---- */

struct fc_check_report {
	uint64_t spaces, persons, faces, entries;
	uint64_t problems;
	uint64_t bytes; /* of the data file */
};

/* Called once for each problem, with a line of text that names the record. */
typedef void fc_check_problem(const char *text, void *context);

/*
 * Read everything: structure, every record's CRC, and that indexes and records agree. Damage is counted and reported, and only
 * what keeps the check from going on is returned as an error. The reading is done by a child process, so that damage cannot
 * crash this one; no transaction may be open.
 */
FC_MUST_USE enum fc_status fc_gallery_check(struct fc_gallery *gallery, fc_check_problem *problem,
					    void *context, struct fc_check_report *out,
					    struct fc_error *err);

#endif
