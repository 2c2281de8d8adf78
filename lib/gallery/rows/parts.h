/*
 * Internal functions of rows/, for use inside a transaction by the other files of rows/ and by transfer/ and maintain/. Each file of rows/
 * reads and writes the rows of one kind of record and calls only files before it in this order: space, container, person, face, mean, crop, entry,
 * ledger.
 * cascade.c calls all of them.
 */
/* SPDX-License-Identifier: MIT */
#ifndef FC_GALLERY_ROWS_PARTS_H
#define FC_GALLERY_ROWS_PARTS_H

#include "gallery/rows/record.h"
#include "gallery/store/meta.h"
#include "gallery/store/store.h"

struct fc_origin;
struct fc_calibration;
struct fc_detected;
struct fc_container_snapshot;

/* ---- spaces, and what belongs to one ---- */

enum fc_status fc_space_write(struct fc_gallery_txn *txn, const struct fc_space *space,
			      struct fc_error *err);

/* Add a space, which must not exist. FC_INVALID_ARGUMENT if the name is neither a space's nor that of a container. */
enum fc_status fc_space_add(struct fc_gallery_txn *txn, const char *name, struct fc_space *out,
			    struct fc_error *err);

/* Remove the record of a container, if the space has one. */
enum fc_status fc_container_remove(struct fc_gallery_txn *txn, uint32_t space,
				   struct fc_error *err);

/* Remove all origins of a space. */
enum fc_status fc_origin_remove_all_of(struct fc_gallery_txn *txn, uint32_t space,
				       struct fc_error *err);

/* Like the tables and functions of record.h. */
extern const struct fc_field fc_origin_fields[], fc_container_fields[];
/* created: when the calibration was stored. */
void fc_record_put_calibration(struct fc_buffer *out, const struct fc_calibration *calibration,
			       int64_t created);
enum fc_status fc_record_get_calibration(struct fc_reader *in, struct fc_calibration *out);

/* ---- persons ---- */

/* Add a person to the indexes and the counter of its space (join), or remove it from them (leave). Its faces and entries do not change. */
enum fc_status fc_person_join_space(struct fc_gallery_txn *txn, const struct fc_person *person,
				    struct fc_error *err);
enum fc_status fc_person_leave_space(struct fc_gallery_txn *txn, const struct fc_person *person,
				     struct fc_error *err);

/* Store only a person's record; its rows in the indexes do not change. */
enum fc_status fc_person_write(struct fc_gallery_txn *txn, const struct fc_person *person,
			       enum fc_store_put_mode mode, struct fc_error *err);

/* ---- faces ---- */

/* Like fc_face_by_photo, but also finds a face without a template. */
enum fc_status fc_face_find(struct fc_gallery_txn *txn, uint32_t space,
			    const struct fc_sha256 *photo, uint16_t photo_index,
			    struct fc_face_record *out, struct fc_error *err);

/*
 * As fc_face_add and fc_face_delete, except that the person's mean does not change. Call fc_person_renew_mean after the last change of a
 * person's faces.
 */
enum fc_status fc_face_put_in(struct fc_gallery_txn *txn, struct fc_face_record *face,
			      struct fc_error *err);
enum fc_status fc_face_take_out(struct fc_gallery_txn *txn, const struct fc_face_record *face,
				struct fc_error *err);

/* Replace the mean of a person by that of its present faces. Reads all of them. */
enum fc_status fc_person_renew_mean(struct fc_gallery_txn *txn, const struct fc_uuid *pid,
				    struct fc_error *err);

/* Check whether a face can be stored: its numbers, its texts, and that its template fits the pin. Errors: as fc_face_add. */
enum fc_status fc_face_check(struct fc_gallery_txn *txn, const struct fc_face_record *face,
			     struct fc_error *err);

/* Store a face's record and its rows in the indexes, and nothing else. Sets id, and created if it is 0. */
enum fc_status fc_face_put_rows(struct fc_gallery_txn *txn, struct fc_face_record *face,
				struct fc_error *err);

/* Store only a face's record; its rows in the indexes do not change. */
enum fc_status fc_face_write(struct fc_gallery_txn *txn, const struct fc_face_record *face,
			     enum fc_store_put_mode mode, struct fc_error *err);

/* Add a face's rows in the indexes by photo and by UUID. */
enum fc_status fc_face_index(struct fc_gallery_txn *txn, const struct fc_face_record *face,
			     struct fc_error *err);
enum fc_status fc_face_delete_rows(struct fc_gallery_txn *txn, const struct fc_face_record *face,
				   struct fc_error *err);

/* ---- entries ---- */

/* Called once for each entry of a person. It must remove the entry from the person. */
typedef enum fc_status fc_entry_change(struct fc_gallery_txn *txn, struct fc_entry *entry,
				       const void *context, struct fc_error *err);
enum fc_status fc_entry_change_of_person(struct fc_gallery_txn *txn, const struct fc_uuid *pid,
					 fc_entry_change *change, const void *context,
					 uint64_t *changed, struct fc_error *err);

/* Replace an entry, with its rows in indexes and its counters, by `after`, which has the same id. */
enum fc_status fc_entry_replace(struct fc_gallery_txn *txn, const struct fc_entry *before,
				const struct fc_entry *after, struct fc_error *err);

/* The keys of an entry in the indexes. */
struct fc_entry_rows {
	struct {
		enum fc_database database;
		struct fc_key key;
	} rows[3];
	size_t count;
};
struct fc_entry_rows fc_entry_rows_of(const struct fc_entry *entry);

/* As fc_entry_add, but the entry's person may have been deleted. */
enum fc_status fc_entry_add_past(struct fc_gallery_txn *txn, struct fc_entry *entry,
				 struct fc_error *err);

/* Move all entries of a person to a space. *moved is their number. */
enum fc_status fc_entry_move_of_person(struct fc_gallery_txn *txn, const struct fc_uuid *pid,
				       uint32_t space, uint64_t *moved, struct fc_error *err);

/* Remove all entries of a space. The space's counter of entries does not change. */
enum fc_status fc_entry_remove_all_of(struct fc_gallery_txn *txn, uint32_t space,
				      struct fc_error *err);

/* ---- detected faces ---- */

/* As the functions of record.h; out->id is not changed. */
void fc_record_put_detected(struct fc_buffer *out, const struct fc_detected *detected);
enum fc_status fc_record_get_detected(struct fc_reader *in, struct fc_detected *out);

/* ---- snapshots ---- */

/* As the functions and tables of record.h; out->id is not changed. */
void fc_record_put_snapshot(struct fc_buffer *out, const struct fc_container_snapshot *snapshot);
enum fc_status fc_record_get_snapshot(struct fc_reader *in, struct fc_container_snapshot *out);
extern const struct fc_field fc_snapshot_job_fields[];

/* ---- pin ---- */

/* Pin a gallery to another embedder than before. The caller replaces its templates. */
enum fc_status fc_pin_replace(struct fc_gallery_txn *txn, const struct fc_embedder_pin *pin,
			      struct fc_error *err);

#endif
