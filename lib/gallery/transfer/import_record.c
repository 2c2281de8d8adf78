/* Storing one record of an import. */
/* SPDX-License-Identifier: MIT */
#include "gallery/transfer/import_record.h"

#include <string.h>

#include "gallery/rows/crop.h"
#include "gallery/rows/entry_query.h"
#include "gallery/rows/parts.h"

static const struct fc_uuid left_out;

/* Mark the record as failed or skipped, according to --on-conflict. */
static enum fc_status handle_conflict(const struct fc_import_scope *scope,
				      struct fc_import_item *item)
{
	item->outcome = scope->conflict == FC_IMPORT_ERROR ? FC_IMPORT_FAILED : FC_IMPORT_SKIPPED;
	return FC_OK;
}

static const char *name_of_space(const struct fc_import_scope *scope,
				 const struct fc_import_item *item)
{
	return scope->space ? scope->space : item->record.space;
}

/* Find the record's space. *out is 0, which is not the id of any space, if it does not exist yet. */
static enum fc_status find_space(const struct fc_import_scope *scope,
				 const struct fc_import_item *item, uint32_t *out,
				 struct fc_error *err)
{
	struct fc_space space;
	enum fc_status status = fc_space_find(scope->txn, name_of_space(scope, item), &space, err);
	*out = status == FC_OK ? space.id : 0;
	return status == FC_NOT_FOUND ? FC_OK : status;
}

/* Create the space of a record that is about to be stored, if it does not exist. */
static enum fc_status need_space(const struct fc_import_scope *scope, struct fc_import_item *item,
				 uint32_t *id, struct fc_error *err)
{
	struct fc_space space;
	if (*id != 0) {
		return FC_OK;
	}
	FC_TRY(fc_container_ensure_space(scope->txn, name_of_space(scope, item), &space, err));
	item->space_added = true;
	*id = space.id;
	return FC_OK;
}

/* ---- spaces and origins ---- */

static enum fc_status put_container(struct fc_import_scope *scope,
				    const struct fc_container *container, uint32_t space,
				    struct fc_error *err)
{
	struct fc_container added = *container;
	added.space = space;
	return container->is_stored ? fc_container_update(scope->txn, &added, err) : FC_OK;
}

static enum fc_status put_space(struct fc_import_scope *scope, struct fc_import_item *item,
				struct fc_error *err)
{
	const struct fc_space *settings = &item->record.settings;
	const char *name = name_of_space(scope, item);
	struct fc_space space;
	enum fc_status status = fc_space_find(scope->txn, name, &space, err);
	bool is_new = status == FC_NOT_FOUND;
	if (is_new) {
		FC_TRY(fc_container_ensure_space(scope->txn, name, &space, err));
		FC_TRY(put_container(scope, &item->record.container, space.id, err));
		space.bands = settings->bands;
		space.created = settings->created ? settings->created : space.created;
	} else {
		FC_TRY(status);
	}
	item->outcome = is_new ? FC_IMPORT_ADDED : FC_IMPORT_UNCHANGED;
	/* Do not reuse numbers that were used in the other gallery. */
	if (settings->next_number > space.next_number) {
		space.next_number = settings->next_number;
	} else if (!is_new) {
		return FC_OK;
	}
	return fc_space_write(scope->txn, &space, err);
}

static enum fc_status put_origin(struct fc_import_scope *scope, struct fc_import_item *item,
				 struct fc_error *err)
{
	struct fc_origin origin = item->record.origin, present;
	uint32_t space;
	FC_TRY(find_space(scope, item, &space, err));
	enum fc_status status = fc_origin_find(scope->txn, origin.name, &present, err);
	if (status == FC_NOT_FOUND) {
		FC_TRY(need_space(scope, item, &space, err));
		origin.space = space;
		item->outcome = FC_IMPORT_ADDED;
		return fc_origin_add(scope->txn, &origin, err);
	}
	FC_TRY(status);
	item->outcome = FC_IMPORT_UNCHANGED;
	if (present.space == space) {
		return FC_OK;
	}
	FC_IGNORE(fc_fail(&item->error, FC_CONFLICT, "origin '%s' belongs to another space here",
			  origin.name));
	return handle_conflict(scope, item);
}

/* ---- persons ---- */

/* The person of a record in this gallery. */
struct target {
	bool refused; /* a conflict: the record's outcome is set */
	bool exists;  /* the gallery has a person with this pid */
	struct fc_uuid pid;
};

/* Remember which pid the record's person has in this gallery, for later records. All zero: the person was skipped. */
static enum fc_status store_pid(struct fc_import_scope *scope, const struct fc_transfer *record,
				const struct fc_uuid *pid, struct fc_error *err)
{
	return fc_pid_map_put(scope->new_pids, &record->person.pid, pid, err);
}

static const struct fc_uuid *find_pid(const struct fc_import_scope *scope,
				      const struct fc_uuid *pid)
{
	const struct fc_uuid *known = fc_pid_map_get(scope->new_pids, pid);
	return known ? known : fc_pid_map_get(scope->stored_pids, pid);
}

static enum fc_status refuse(struct fc_import_scope *scope, struct fc_import_item *item,
			     struct target *target, struct fc_error *err)
{
	target->refused = true;
	FC_TRY(handle_conflict(scope, item));
	return item->record.has_pid ? store_pid(scope, &item->record, &left_out, err) : FC_OK;
}

/* Check whether the number of a person with a new pid is already used in the gallery. */
static enum fc_status check_number(struct fc_import_scope *scope, struct fc_import_item *item,
				   uint32_t space, struct target *target, struct fc_error *err)
{
	FC_CLEANUP(fc_person_release) struct fc_person holder = { 0 };
	const struct fc_person *person = &item->record.person;
	char pid[FC_UUID_TEXT_SIZE];
	if (!person->has_number) {
		return FC_OK;
	}
	enum fc_status status =
		fc_person_by_number(scope->txn, space, person->number, &holder, err);
	if (status == FC_NOT_FOUND) {
		return FC_OK;
	}
	FC_TRY(status);
	if (scope->conflict == FC_IMPORT_MERGE) {
		target->exists = true;
		target->pid = holder.pid;
		return store_pid(scope, &item->record, &holder.pid, err);
	}
	fc_uuid_format(&holder.pid, pid);
	FC_IGNORE(fc_fail(
		&item->error, FC_CONFLICT,
		"person_id %llu is already used by profile %s; --on-conflict merge combines the "
		"two",
		(unsigned long long)person->number, pid));
	return refuse(scope, item, target, err);
}

static enum fc_status find_by_pid(struct fc_import_scope *scope, struct fc_import_item *item,
				  uint32_t space, struct target *target, struct fc_error *err)
{
	FC_CLEANUP(fc_person_release) struct fc_person present = { 0 };
	const struct fc_uuid *pid = &item->record.person.pid;
	const struct fc_uuid *known = find_pid(scope, pid);
	if (known && fc_uuid_is_nil(known)) {
		item->outcome = FC_IMPORT_SKIPPED;
		target->refused = true;
		return FC_OK;
	}
	target->pid = known ? *known : *pid;
	enum fc_status status = fc_person_get(scope->txn, &target->pid, &present, err);
	if (status == FC_NOT_FOUND) {
		target->pid = *pid;
		return check_number(scope, item, space, target, err);
	}
	FC_TRY(status);
	target->exists = true;
	if (present.space != space) {
		FC_IGNORE(fc_fail(&item->error, FC_CONFLICT,
				  "its person is in another space here; move it first"));
		return refuse(scope, item, target, err);
	}
	return FC_OK;
}

static enum fc_status find_otherwise(struct fc_import_scope *scope, struct fc_import_item *item,
				     uint32_t space, struct target *target, struct fc_error *err)
{
	FC_CLEANUP(fc_person_release) struct fc_person present = { 0 };
	const struct fc_person *person = &item->record.person;
	enum fc_status status =
		person->has_number
			? fc_person_by_number(scope->txn, space, person->number, &present, err)
			: fc_person_by_name(scope->txn, space, person->name, &present, err);
	if (status == FC_CONFLICT) {
		FC_IGNORE(fc_fail(&item->error, FC_CONFLICT, "several persons here are named '%s'",
				  person->name));
		return refuse(scope, item, target, err);
	}
	target->exists = status == FC_OK;
	target->pid = present.pid;
	return status == FC_NOT_FOUND ? FC_OK : status;
}

/* Find the space and the person of a record. */
static enum fc_status find_target(struct fc_import_scope *scope, struct fc_import_item *item,
				  uint32_t *space, struct target *target, struct fc_error *err)
{
	FC_TRY(find_space(scope, item, space, err));
	return item->record.has_pid ? find_by_pid(scope, item, *space, target, err)
				    : find_otherwise(scope, item, *space, target, err);
}

static enum fc_status add_person(struct fc_import_scope *scope, struct fc_import_item *item,
				 uint32_t *space, struct target *target, struct fc_error *err)
{
	/* The texts belong to the record. */
	struct fc_person person = item->record.person;
	FC_TRY(need_space(scope, item, space, err));
	person.space = *space;
	FC_TRY(fc_person_add(scope->txn, &person, err));
	target->exists = true;
	target->pid = person.pid;
	/* the log can have entries of the person from before its deletion, from another space */
	uint64_t moved;
	return fc_entry_move_of_person(scope->txn, &person.pid, person.space, &moved, err);
}

static enum fc_status put_person(struct fc_import_scope *scope, struct fc_import_item *item,
				 struct fc_error *err)
{
	struct target target = { 0 };
	uint32_t space = 0;
	FC_TRY(find_target(scope, item, &space, &target, err));
	if (target.refused) {
		return FC_OK;
	}
	item->outcome = target.exists ? FC_IMPORT_UNCHANGED : FC_IMPORT_ADDED;
	return target.exists ? FC_OK : add_person(scope, item, &space, &target, err);
}

/* ---- faces ---- */

static enum fc_status add_face(struct fc_import_scope *scope, struct fc_import_item *item,
			       uint32_t space, const struct target *target, struct fc_error *err)
{
	/* The texts belong to the record. */
	struct fc_face_record face = item->record.face;
	face.space = space;
	face.pid = target->pid;
	item->outcome = FC_IMPORT_ADDED;
	enum fc_status status = fc_face_add(scope->txn, &face, &item->error);
	if (status == FC_CONFLICT) {
		/* another person has this face, without a template */
		return handle_conflict(scope, item);
	}
	if (status != FC_OK) {
		return fc_fail(err, status, "%s", item->error.text);
	}
	return item->record.crop.length > 0
		       ? fc_crop_put(scope->txn, space, face.id, &item->record.crop, err)
		       : FC_OK;
}

/* Find the same face in this gallery: by its UUID, or by its photo unless that may be there several times. */
static enum fc_status find_face(const struct fc_import_scope *scope, uint32_t space,
				const struct fc_face_record *face, struct fc_face_record *out,
				struct fc_error *err)
{
	enum fc_status status = FC_NOT_FOUND;
	if (!fc_uuid_is_nil(&face->uuid)) {
		status = fc_face_by_uuid(scope->txn, space, &face->uuid, out, err);
	}
	if (status == FC_OK && out->dimension == 0) {
		fc_face_record_release(out);
		status = FC_NOT_FOUND;
	}
	return status == FC_NOT_FOUND && !face->may_repeat
		       ? fc_face_by_photo(scope->txn, space, &face->photo, face->photo_index, out,
					  err)
		       : status;
}

static enum fc_status put_face(struct fc_import_scope *scope, struct fc_import_item *item,
			       struct fc_error *err)
{
	FC_CLEANUP(fc_face_record_release) struct fc_face_record known = { 0 };
	const struct fc_face_record *face = &item->record.face;
	struct target target = { 0 };
	uint32_t space = 0;
	FC_TRY(find_target(scope, item, &space, &target, err));
	if (target.refused) {
		return FC_OK;
	}
	enum fc_status status = find_face(scope, space, face, &known, err);
	if (status == FC_OK) {
		if (target.exists && fc_uuid_equal(&known.pid, &target.pid)) {
			item->outcome = FC_IMPORT_UNCHANGED;
			return FC_OK;
		}
		char pid[FC_UUID_TEXT_SIZE];
		fc_uuid_format(&known.pid, pid);
		FC_IGNORE(fc_fail(&item->error, FC_CONFLICT,
				  "profile %s already has this face of this photo", pid));
		return handle_conflict(scope, item);
	}
	if (status != FC_NOT_FOUND) {
		return status;
	}
	item->person_added = !target.exists;
	if (!target.exists) {
		FC_TRY(add_person(scope, item, &space, &target, err));
	}
	return add_face(scope, item, space, &target, err);
}

/* ---- entries ---- */

struct comparison {
	const struct fc_entry *wanted;
	bool found;
};

static bool compare_entry(const struct fc_entry *entry, void *context)
{
	struct comparison *comparison = context;
	const struct fc_entry *wanted = comparison->wanted;
	comparison->found = entry->result == wanted->result && entry->has_pid == wanted->has_pid &&
			    (!entry->has_pid || fc_uuid_equal(&entry->pid, &wanted->pid)) &&
			    fc_sha256_equal(&entry->photo, &wanted->photo) &&
			    memcmp(entry->box, wanted->box, sizeof(entry->box)) == 0;
	return !comparison->found;
}

/* Set the entry's person in this gallery. The entry has no person if that person is in another space or was left out. */
static enum fc_status resolve_person(struct fc_import_scope *scope, struct fc_entry *entry,
				     struct fc_error *err)
{
	FC_CLEANUP(fc_person_release) struct fc_person person = { 0 };
	if (!entry->has_pid) {
		return FC_OK;
	}
	const struct fc_uuid *known = find_pid(scope, &entry->pid);
	if (known) {
		entry->pid = *known;
	}
	enum fc_status status = fc_person_get(scope->txn, &entry->pid, &person, err);
	bool deleted = status == FC_NOT_FOUND;
	entry->has_pid = !fc_uuid_is_nil(&entry->pid) && (deleted || person.space == entry->space);
	return deleted ? FC_OK : status;
}

static enum fc_status put_entry(struct fc_import_scope *scope, struct fc_import_item *item,
				struct fc_error *err)
{
	struct fc_entry entry = item->record.entry;
	struct comparison comparison = { .wanted = &entry };
	FC_TRY(find_space(scope, item, &entry.space, err));
	FC_TRY(need_space(scope, item, &entry.space, err));
	FC_TRY(resolve_person(scope, &entry, err));
	const struct fc_entry_query query = { .spaces = &entry.space,
					      .space_count = 1,
					      .has_since = true,
					      .since = entry.created,
					      .has_until = true,
					      .until = entry.created + 1 };
	FC_TRY(fc_entry_each(scope->txn, &query, 0, compare_entry, &comparison, err));
	item->outcome = comparison.found ? FC_IMPORT_UNCHANGED : FC_IMPORT_ADDED;
	return comparison.found ? FC_OK : fc_entry_add_past(scope->txn, &entry, err);
}

/* ---- any record ---- */

enum fc_status fc_import_record(struct fc_import_scope *scope, struct fc_import_item *item,
				struct fc_error *err)
{
	typedef enum fc_status putter(struct fc_import_scope * scope, struct fc_import_item * item,
				      struct fc_error * err);
	static putter *const putters[FC_TRANSFER_KINDS] = {
		[FC_TRANSFER_SPACE] = put_space,   [FC_TRANSFER_ORIGIN] = put_origin,
		[FC_TRANSFER_PERSON] = put_person, [FC_TRANSFER_FACE] = put_face,
		[FC_TRANSFER_ENTRY] = put_entry,
	};
	item->outcome = FC_IMPORT_UNCHANGED;
	item->space_added = item->person_added = false;
	item->error = (struct fc_error){ 0 };
	return putters[item->record.kind](scope, item, err);
}
