/* The person of a photo: the one it was given with, or the one that the ledger knows. */
/* SPDX-License-Identifier: MIT */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "service/local/engine.h"

bool fc_local_has_person(const struct fc_photo *photo)
{
	return photo->has_number || photo->has_pid || photo->person;
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

void fc_local_describe(const struct fc_person *person, char out[FC_LOCAL_PERSON_TEXT])
{
	char pid[FC_UUID_TEXT_SIZE];
	int length;
	fc_uuid_format(&person->pid, pid);
	if (person->has_number) {
		length = snprintf(out, FC_LOCAL_PERSON_TEXT, "person %" PRIu64, person->number);
	} else if (!fc_uuid_is_nil(&person->pid)) {
		length = snprintf(out, FC_LOCAL_PERSON_TEXT, "profile %s", pid);
	} else {
		length = snprintf(out, FC_LOCAL_PERSON_TEXT, "person");
	}
	if (person->name && length > 0 && length < FC_LOCAL_PERSON_TEXT) {
		snprintf(out + length, (size_t)(FC_LOCAL_PERSON_TEXT - length), " (%s)",
			 person->name);
	}
}

struct fc_identity fc_local_known_identity(const struct fc_ledger_photo *photo)
{
	struct fc_identity identity = fc_local_identity(&photo->person);
	identity.pid = photo->item.pid;
	return identity;
}

bool fc_local_is_person_of(const struct fc_photo *photo, const struct fc_identity *person)
{
	if (photo->has_pid) {
		return fc_uuid_equal(&photo->pid, &person->pid);
	}
	if (photo->has_number) {
		return person->has_number && photo->number == person->number;
	}
	return photo->person && person->name && strcmp(photo->person, person->name) == 0;
}

static enum fc_status find(struct fc_gallery_txn *txn, const struct fc_photo *photo, uint32_t space,
			   struct fc_person *out, struct fc_error *err)
{
	if (!photo->has_pid) {
		return photo->has_number ? fc_person_by_number(txn, space, photo->number, out, err)
					 : fc_person_by_name(txn, space, photo->person, out, err);
	}
	FC_CLEANUP(fc_person_release) struct fc_person person = { 0 };
	enum fc_status status = fc_person_get(txn, &photo->pid, &person, err);
	if (status == FC_NOT_FOUND || (status == FC_OK && person.space != space)) {
		char pid[FC_UUID_TEXT_SIZE];
		fc_uuid_format(&photo->pid, pid);
		return fc_fail(err, FC_CONFLICT,
			       "'%s': the space has no person %s; give another pid, or the "
			       "person's name or number",
			       photo->path, pid);
	}
	FC_TRY(status);
	*out = FC_STEAL_STRUCT(person);
	return FC_OK;
}

enum fc_status fc_local_person_of_photo(struct fc_gallery_txn *txn, const struct fc_photo *photo,
					uint32_t space, const char *name, struct fc_person *out,
					bool *is_new, struct fc_error *err)
{
	enum fc_status status = find(txn, photo, space, out, err);
	*is_new = status == FC_NOT_FOUND;
	if (!*is_new) {
		return status;
	}
	struct fc_person person = {
		.space = space,
		.has_number = photo->has_number || photo->number_from > 0,
		.number = photo->number,
		.name = fc_lend(photo->person ? photo->person : name),
		.user_data = fc_lend(photo->user_data),
	};
	if (!photo->has_number && photo->number_from > 0) {
		struct fc_space row;
		FC_TRY(fc_space_read(txn, space, &row, err));
		person.number =
			row.next_number > photo->number_from ? row.next_number : photo->number_from;
	}
	FC_TRY(fc_person_add(txn, &person, err));
	return fc_person_get(txn, &person.pid, out, err);
}
