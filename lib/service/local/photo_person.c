/* Whom a photo shows: by what was told with it, or by what is remembered of it. */
/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "service/local/engine.h"

bool fc_local_is_told(const struct fc_local_photo *photo)
{
	return photo->asked.has_number || photo->asked.has_pid || photo->asked.person;
}

struct fc_identity fc_local_identity(const struct fc_person *person)
{
	return (struct fc_identity){
		.pid = person->pid,
		.has_number = person->has_number,
		.number = person->number,
		.name = person->name,
	};
}

struct fc_identity fc_local_recalled(const struct fc_local_recall *recall)
{
	return (struct fc_identity){
		.pid = recall->item.pid,
		.has_number = recall->has_number,
		.number = recall->number,
		.name = recall->name,
	};
}

bool fc_local_tells(const struct fc_photo *photo, const struct fc_identity *person)
{
	if (photo->has_pid) {
		return fc_uuid_equal(&photo->pid, &person->pid);
	}
	if (photo->has_number) {
		return person->has_number && photo->number == person->number;
	}
	return photo->person && person->name && strcmp(photo->person, person->name) == 0;
}

static enum fc_status find_by_pid(struct fc_gallery_txn *txn, const struct fc_local_photo *photo,
				  uint32_t space, struct fc_person *out, struct fc_error *err)
{
	FC_CLEANUP(fc_person_release) struct fc_person person = { 0 };
	char pid[FC_UUID_TEXT_SIZE];
	enum fc_status status = fc_person_get(txn, &photo->asked.pid, &person, err);
	if (status == FC_NOT_FOUND || (status == FC_OK && person.space != space)) {
		fc_uuid_format(&photo->asked.pid, pid);
		return fc_fail(err, FC_CONFLICT,
			       "'%s': the space has no person %s; name one that it has, or tell "
			       "the person by name or number",
			       photo->path, pid);
	}
	FC_TRY(status);
	*out = person;
	person = (struct fc_person){ 0 };
	return FC_OK;
}

static enum fc_status find(struct fc_gallery_txn *txn, const struct fc_local_photo *photo,
			   uint32_t space, struct fc_person *out, struct fc_error *err)
{
	if (photo->asked.has_pid) {
		return find_by_pid(txn, photo, space, out, err);
	}
	return photo->asked.has_number
		       ? fc_person_by_number(txn, space, photo->asked.number, out, err)
		       : fc_person_by_name(txn, space, photo->asked.person, out, err);
}

enum fc_status fc_local_told_person(struct fc_gallery_txn *txn, const struct fc_local_photo *photo,
				    uint32_t space, const char *name, struct fc_person *out,
				    bool *is_new, struct fc_error *err)
{
	enum fc_status status = find(txn, photo, space, out, err);
	*is_new = status == FC_NOT_FOUND;
	if (status != FC_NOT_FOUND) {
		return status;
	}
	FC_CLEANUP(fc_person_release)
	struct fc_person person = {
		.space = space,
		.has_number = photo->asked.has_number,
		.number = photo->asked.number,
	};
	if (!person.has_number && photo->asked.number_from > 0) {
		struct fc_space row;
		FC_TRY(fc_space_read(txn, space, &row, err));
		person.has_number = true;
		person.number = row.next_number > photo->asked.number_from
					? row.next_number
					: photo->asked.number_from;
	}
	const char *new_name = photo->asked.person ? photo->asked.person : name;
	person.name = new_name ? strdup(new_name) : NULL;
	person.user_data = photo->asked.user_data ? strdup(photo->asked.user_data) : NULL;
	if ((new_name && !person.name) || (photo->asked.user_data && !person.user_data)) {
		return fc_fail_memory(err);
	}
	FC_TRY(fc_person_add(txn, &person, err));
	*out = person;
	person = (struct fc_person){ 0 };
	return FC_OK;
}
