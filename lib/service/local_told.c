/* Whom a photo shows, by what was told with it. */
/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "service/local_engine.h"

bool fc_local_is_told(const struct fc_local_photo *photo)
{
	return photo->asked.has_number || photo->asked.has_pid || photo->asked.person;
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
