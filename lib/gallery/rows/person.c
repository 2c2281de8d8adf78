/* Persons. */
/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "base/name.h"
#include "base/text.h"
#include "gallery/rows/ledger_record.h"
#include "gallery/rows/parts.h"

enum fc_status fc_person_get(struct fc_gallery_txn *txn, const struct fc_uuid *pid,
			     struct fc_person *out, struct fc_error *err)
{
	struct fc_key key = fc_key_pid(pid);
	struct fc_person person = { .pid = *pid };
	char text[FC_UUID_TEXT_SIZE];
	enum fc_status status =
		fc_store_read(txn, FC_DB_PERSON, &key, fc_person_fields, &person, err);
	fc_uuid_format(pid, text);
	FC_TRY(fc_store_found(status, err, "there is no person %s", text));
	*out = person;
	return FC_OK;
}

enum fc_status fc_person_get_if_any(struct fc_gallery_txn *txn, uint32_t space,
				    const struct fc_uuid *pid, bool *found, struct fc_person *out,
				    struct fc_error *err)
{
	struct fc_key key = fc_key_space_pid(space, pid);
	enum fc_status status = fc_person_get(txn, pid, out, err);
	*found = status == FC_OK;
	if (status != FC_NOT_FOUND) {
		return status;
	}
	bool listed;
	FC_TRY(fc_store_has(txn, FC_DB_PERSON_SPACE, &key, &listed, err));
	return listed ? fc_store_contradiction(txn, FC_DB_PERSON_SPACE, &key,
					       "its person is missing", err)
		      : FC_OK;
}

enum fc_status fc_person_recount_numbers(struct fc_gallery_txn *txn, struct fc_error *err)
{
	return fc_store_recount(txn, FC_DB_PERSON_NUMBER, err);
}

enum fc_status fc_person_by_number(struct fc_gallery_txn *txn, uint32_t space, uint64_t number,
				   struct fc_person *out, struct fc_error *err)
{
	struct fc_key key = fc_key_in_space(space, number);
	struct fc_reader payload;
	struct fc_uuid pid;
	enum fc_status status = fc_store_get(txn, FC_DB_PERSON_NUMBER, &key, &payload, err);
	FC_TRY(fc_store_found(status, err, "there is no person with number %llu",
			      (unsigned long long)number));
	FC_TRY(fc_store_decoded(txn, FC_DB_PERSON_NUMBER, &key, fc_record_get_pid(&payload, &pid),
				err));
	status = fc_person_get(txn, &pid, out, err);
	return fc_store_followed(txn, FC_DB_PERSON_NUMBER, &key, status, "its person is missing",
				 err);
}

/* The first two persons with a name, to detect that the name is ambiguous. */
struct namesakes {
	struct fc_uuid pids[2];
	size_t count;
};

static bool note_namesake(const struct fc_person *person, void *context)
{
	struct namesakes *namesakes = context;
	namesakes->pids[namesakes->count++] = person->pid;
	return namesakes->count < FC_ARRAY_LENGTH(namesakes->pids);
}

enum fc_status fc_person_by_name(struct fc_gallery_txn *txn, uint32_t space, const char *name,
				 struct fc_person *out, struct fc_error *err)
{
	struct namesakes namesakes = { 0 };
	FC_TRY(fc_person_each_named(txn, space, name, note_namesake, &namesakes, err));
	if (namesakes.count == 0) {
		return fc_fail(err, FC_NOT_FOUND, "there is no person named '%s'", name);
	}
	if (namesakes.count > 1) {
		return fc_fail(err, FC_CONFLICT,
			       "several persons of the space are named '%s'; use the pid or number "
			       "instead",
			       name);
	}
	return fc_gallery_referred(txn, fc_person_get(txn, &namesakes.pids[0], out, err), err);
}

enum fc_status fc_person_write(struct fc_gallery_txn *txn, const struct fc_person *person,
			       enum fc_store_put_mode mode, struct fc_error *err)
{
	struct fc_key key = fc_key_pid(&person->pid);
	return fc_store_write(txn, FC_DB_PERSON, &key, fc_person_fields, person, mode, err);
}

/* Replace the name by its normalised form, which the caller frees. */
static enum fc_status normalise_name(struct fc_person *person, char **name, struct fc_error *err)
{
	FC_TRY(person->name ? fc_name_normalise(person->name, name, err) : FC_OK);
	person->name = *name;
	return FC_OK;
}

static enum fc_status check_texts(const struct fc_person *person, struct fc_error *err)
{
	if (person->name && !fc_text_is_label(person->name, FC_LABEL_MAXIMUM)) {
		return fc_fail(
			err, FC_INVALID_ARGUMENT,
			"the name of a person must be 1 to %d bytes of UTF-8 without control "
			"characters",
			FC_LABEL_MAXIMUM);
	}
	if (person->user_data) {
		size_t length = strlen(person->user_data);
		if (length > FC_USER_DATA_MAXIMUM || !fc_text_is_utf8(person->user_data, length)) {
			return fc_fail(
				err, FC_INVALID_ARGUMENT,
				"the user data of a person must be at most %d bytes of UTF-8",
				FC_USER_DATA_MAXIMUM);
		}
	}
	if (person->title && (strlen(person->title) > FC_TITLE_MAXIMUM ||
			      !fc_text_is_utf8(person->title, strlen(person->title)))) {
		return fc_fail(err, FC_INVALID_ARGUMENT,
			       "the title of a person must be at most %d bytes of UTF-8",
			       FC_TITLE_MAXIMUM);
	}
	return FC_OK;
}

static enum fc_status add_number(struct fc_gallery_txn *txn, const struct fc_person *person,
				 struct fc_space *space, struct fc_error *err)
{
	FC_CLEANUP(fc_buffer_release) struct fc_buffer payload = { 0 };
	struct fc_key key = fc_key_in_space(person->space, person->number);
	if (person->number > FC_PERSON_NUMBER_MAXIMUM) {
		return fc_fail(err, FC_FULL,
			       "space '%s' has no number left for a person: the maximum is %llu",
			       space->name, (unsigned long long)FC_PERSON_NUMBER_MAXIMUM);
	}
	fc_record_put_pid(&payload, &person->pid);
	enum fc_status status =
		fc_store_put(txn, FC_DB_PERSON_NUMBER, &key, &payload, FC_STORE_ADD, err);
	if (status == FC_CONFLICT) {
		return fc_fail(err, FC_CONFLICT, "space '%s' already has a person with number %llu",
			       space->name, (unsigned long long)person->number);
	}
	if (person->number >= space->next_number) {
		space->next_number = person->number + 1;
	}
	return status;
}

static enum fc_status put_name(struct fc_gallery_txn *txn, const struct fc_person *person,
			       struct fc_error *err)
{
	if (!person->name) {
		return FC_OK;
	}
	struct fc_key key = fc_key_name_pid(person->space, person->name, &person->pid);
	return fc_store_put(txn, FC_DB_PERSON_NAME, &key, NULL, FC_STORE_ADD, err);
}

static enum fc_status remove_name(struct fc_gallery_txn *txn, const struct fc_person *person,
				  struct fc_error *err)
{
	if (!person->name) {
		return FC_OK;
	}
	struct fc_key key = fc_key_name_pid(person->space, person->name, &person->pid);
	return fc_store_delete(txn, FC_DB_PERSON_NAME, &key, err);
}

enum fc_status fc_person_join_space(struct fc_gallery_txn *txn, const struct fc_person *person,
				    struct fc_error *err)
{
	struct fc_space space;
	struct fc_key key = fc_key_space_pid(person->space, &person->pid);
	FC_TRY(fc_space_read(txn, person->space, &space, err));
	if (person->has_number) {
		FC_TRY(add_number(txn, person, &space, err));
	}
	FC_TRY(fc_store_put(txn, FC_DB_PERSON_SPACE, &key, NULL, FC_STORE_ADD, err));
	FC_TRY(put_name(txn, person, err));
	space.person_count++;
	return fc_space_write(txn, &space, err);
}

enum fc_status fc_person_leave_space(struct fc_gallery_txn *txn, const struct fc_person *person,
				     struct fc_error *err)
{
	struct fc_space space;
	struct fc_key key = fc_key_space_pid(person->space, &person->pid);
	FC_TRY(fc_store_delete(txn, FC_DB_PERSON_SPACE, &key, err));
	FC_TRY(remove_name(txn, person, err));
	if (person->has_number) {
		key = fc_key_in_space(person->space, person->number);
		FC_TRY(fc_store_delete(txn, FC_DB_PERSON_NUMBER, &key, err));
	}
	FC_TRY(fc_gallery_referred(txn, fc_space_read(txn, person->space, &space, err), err));
	space.person_count--;
	return fc_space_write(txn, &space, err);
}

enum fc_status fc_person_add(struct fc_gallery_txn *txn, struct fc_person *person,
			     struct fc_error *err)
{
	FC_CLEANUP(fc_free) char *name = NULL;
	struct fc_person added = *person;
	FC_TRY(normalise_name(&added, &name, err));
	if (fc_uuid_is_nil(&added.pid)) {
		added.pid = fc_uuid_new();
	}
	added.title = added.name ? NULL : added.title;
	added.updated = fc_clock_now();
	if (added.created == 0) {
		added.created = added.updated;
	}
	added.face_count = 0;
	added.mean = 0;
	struct fc_key key = fc_key_pid(&added.pid);
	struct fc_reader payload;

	/* All conflicts are found before the first change, because the caller may continue after FC_CONFLICT. */
	FC_TRY(check_texts(&added, err));
	enum fc_status status = fc_store_get(txn, FC_DB_PERSON, &key, &payload, err);
	if (status == FC_OK) {
		char text[FC_UUID_TEXT_SIZE];
		fc_uuid_format(&added.pid, text);
		return fc_fail(err, FC_CONFLICT, "person %s already exists", text);
	}
	FC_TRY(status == FC_NOT_FOUND ? FC_OK : status);
	FC_TRY(fc_person_join_space(txn, &added, err));
	FC_TRY(fc_person_write(txn, &added, FC_STORE_ADD, err));
	added.name = person->name;
	added.title = person->title;
	*person = added;
	return FC_OK;
}

enum fc_status fc_person_update(struct fc_gallery_txn *txn, const struct fc_person *person,
				struct fc_error *err)
{
	FC_CLEANUP(fc_person_release) struct fc_person stored = { 0 };
	FC_CLEANUP(fc_free) char *name = NULL;
	FC_TRY(fc_person_get(txn, &person->pid, &stored, err));
	struct fc_person changed = stored;
	changed.name = person->name;
	changed.user_data = person->user_data;
	changed.title = person->name ? NULL : person->title;
	FC_TRY(normalise_name(&changed, &name, err));
	FC_TRY(check_texts(&changed, err));
	changed.updated = fc_clock_now();
	FC_TRY(remove_name(txn, &stored, err));
	FC_TRY(put_name(txn, &changed, err));
	FC_TRY(fc_ledger_forget_refusals(txn, &person->pid, err));
	return fc_person_write(txn, &changed, FC_STORE_REPLACE, err);
}

/*
 * Visit the persons whose pids are in the keys of a database that begin with `prefix`, from `start` on, except `after`. *visited: their
 * number; UINT64_MAX if the visitor ended the walk.
 */
static enum fc_status visit_keys(struct fc_gallery_txn *txn, enum fc_database database,
				 const struct fc_key *prefix, const struct fc_key *start,
				 size_t pid_offset, const struct fc_uuid *after,
				 fc_person_visit *visit, void *context, uint64_t *visited,
				 struct fc_error *err)
{
	FC_CLEANUP(fc_store_cursor_release) struct fc_store_cursor cursor = { 0 };
	struct fc_reader payload;
	struct fc_key key;
	*visited = 0;
	FC_TRY(fc_store_walk(txn, database, prefix, start, &cursor, err));
	for (bool more = true; more;) {
		FC_CLEANUP(fc_person_release) struct fc_person person = { 0 };
		enum fc_status status = fc_store_next(&cursor, &key, &payload, err);
		if (status == FC_NOT_FOUND) {
			return FC_OK;
		}
		FC_TRY(status);
		struct fc_uuid pid = fc_key_get_pid(&key, pid_offset);
		if (after && fc_uuid_equal(&pid, after)) {
			continue;
		}
		status = fc_person_get(txn, &pid, &person, err);
		FC_TRY(fc_store_followed(txn, database, &key, status, "its person is missing",
					 err));
		(*visited)++;
		more = visit(&person, context);
	}
	*visited = UINT64_MAX;
	return FC_OK;
}

enum fc_status fc_person_each(struct fc_gallery_txn *txn, uint32_t space,
			      const struct fc_uuid *after, fc_person_visit *visit, void *context,
			      struct fc_error *err)
{
	struct fc_key prefix = fc_key_space(space);
	struct fc_key start = after ? fc_key_space_pid(space, after) : prefix;
	struct fc_space record;
	uint64_t visited;
	FC_TRY(visit_keys(txn, FC_DB_PERSON_SPACE, &prefix, &start, prefix.length, after, visit,
			  context, &visited, err));
	if (after || visited == UINT64_MAX) {
		return FC_OK;
	}
	enum fc_status status = fc_space_read(txn, space, &record, err);
	if (status == FC_NOT_FOUND && visited == 0) {
		return FC_OK;
	}
	FC_TRY(fc_gallery_referred(txn, status, err));
	return visited == record.person_count
		       ? FC_OK
		       : fc_store_contradiction(txn, FC_DB_SPACE, &prefix,
						"persons of the space are missing in an index",
						err);
}

enum fc_status fc_person_each_named(struct fc_gallery_txn *txn, uint32_t space, const char *name,
				    fc_person_visit *visit, void *context, struct fc_error *err)
{
	FC_CLEANUP(fc_free) char *normalised = NULL;
	FC_TRY(fc_name_normalise(name, &normalised, err));
	struct fc_key prefix = fc_key_name(space, normalised);
	uint64_t visited;
	return visit_keys(txn, FC_DB_PERSON_NAME, &prefix, NULL, prefix.length, NULL, visit,
			  context, &visited, err);
}

enum fc_status fc_person_each_near(struct fc_gallery_txn *txn, const struct fc_uuid *pid,
				   size_t bytes, fc_person_visit *visit, void *context,
				   struct fc_error *err)
{
	struct fc_key prefix = fc_key_pid(pid);
	prefix.length = bytes < prefix.length ? bytes : prefix.length;
	uint64_t visited;
	return visit_keys(txn, FC_DB_PERSON, &prefix, NULL, 0, NULL, visit, context, &visited, err);
}
