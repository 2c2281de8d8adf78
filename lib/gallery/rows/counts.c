/* Compares counters with the rows that they count. */
/* SPDX-License-Identifier: MIT */
#include "gallery/rows/counts.h"

#include "base/memory.h"
#include "gallery/rows/parts.h"

enum fc_status fc_check_face_count(struct fc_gallery_txn *txn, const struct fc_person *person,
				   struct fc_error *err)
{
	struct fc_key prefix = fc_key_pid(&person->pid);
	uint64_t count;
	FC_TRY(fc_store_count_prefix(txn, FC_DB_FACE_PERSON, &prefix, &count, err));
	return count == person->face_count
		       ? FC_OK
		       : fc_store_contradiction(txn, FC_DB_PERSON, &prefix,
						"faces of the person are missing in an index", err);
}

enum fc_status fc_check_person_count(struct fc_gallery_txn *txn, uint32_t space,
				     struct fc_error *err)
{
	struct fc_key prefix = fc_key_space(space);
	struct fc_space now;
	uint64_t count;
	enum fc_status status = fc_space_read(txn, space, &now, err);
	if (status == FC_NOT_FOUND) {
		return FC_OK; /* the space was deleted */
	}
	FC_TRY(status);
	FC_TRY(fc_store_count_prefix(txn, FC_DB_PERSON_SPACE, &prefix, &count, err));
	return count == now.person_count
		       ? FC_OK
		       : fc_store_contradiction(txn, FC_DB_SPACE, &prefix,
						"persons of the space are missing in an index",
						err);
}

enum fc_status fc_check_entry_count(struct fc_gallery_txn *txn, struct fc_error *err)
{
	FC_CLEANUP(fc_free) struct fc_space *spaces = NULL;
	struct fc_key everything = { 0 };
	size_t space_count = 0;
	uint64_t expected = 0, count;
	FC_TRY(fc_space_list(txn, &spaces, &space_count, err));
	for (size_t i = 0; i < space_count; i++) {
		expected += spaces[i].entry_count;
	}
	FC_TRY(fc_store_count_prefix(txn, FC_DB_ENTRY, &everything, &count, err));
	return count == expected ? FC_OK
				 : fc_fail(err, FC_DAMAGED,
					   "gallery '%s' is damaged: it has %llu entries, but its "
					   "spaces count %llu",
					   fc_store_path_of(txn), (unsigned long long)count,
					   (unsigned long long)expected);
}
