/* Finds the persons that a text refers to: by pid, prefix of a pid, number or name. */
/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "base/number.h"
#include "gallery/gallery.h"

struct finding {
	struct fc_gallery_txn *txn;
	const char *prefix; /* prefix of the pid; NULL: any pid */
	/* only persons of this space are found; NULL: of all spaces */
	const struct fc_space *space;
	fc_person_visit *visit;
	void *context;
	bool found;
	struct fc_error *err;
};

static bool consider(const struct fc_person *person, void *context)
{
	struct finding *finding = context;
	if ((finding->prefix && !fc_uuid_begins_with(&person->pid, finding->prefix)) ||
	    (finding->space && finding->space->id != person->space)) {
		return true;
	}
	finding->found = true;
	return finding->visit(person, finding->context);
}

/* Find by number, which is unique in a space, and if the text is not a number, by name. */
static enum fc_status find_in_space(struct finding *finding, const struct fc_space *space,
				    const char *text)
{
	FC_CLEANUP(fc_person_release) struct fc_person person = { 0 };
	uint64_t number;
	if (fc_parse_u64(text, 1, FC_PERSON_NUMBER_MAXIMUM, "NUMBER", &number, NULL) == FC_OK) {
		enum fc_status status =
			fc_person_by_number(finding->txn, space->id, number, &person, finding->err);
		if (status != FC_NOT_FOUND) {
			FC_TRY(status);
			consider(&person, finding);
			return FC_OK;
		}
	}
	return fc_person_each_named(finding->txn, space->id, text, consider, finding, finding->err);
}

enum fc_status fc_person_find(struct fc_gallery_txn *txn, const char *text, const char *space_name,
			      fc_person_visit *visit, void *context, struct fc_error *err)
{
	struct finding finding = { .txn = txn, .visit = visit, .context = context, .err = err };
	struct fc_space home, space;
	struct fc_uuid pid;
	size_t bytes;
	const char *slash = strchr(text, '/');
	if (space_name) {
		FC_TRY(fc_space_find(txn, space_name, &home, err));
		finding.space = &home;
		FC_TRY(find_in_space(&finding, &home, text));
		if (finding.found) {
			return FC_OK;
		}
	}
	if (slash) {
		char name[sizeof(space.name)] = "";
		size_t length = (size_t)(slash - text);
		if (length >= sizeof(name)) {
			return fc_fail(err, FC_NOT_FOUND, "there is no space '%.*s'", (int)length,
				       text);
		}
		memcpy(name, text, length);
		FC_TRY(fc_space_find(txn, name, &space, err));
		return find_in_space(&finding, &space, slash + 1);
	}
	if (fc_uuid_parse_prefix(text, &pid, &bytes)) {
		finding.prefix = text;
		return fc_person_each_near(txn, &pid, bytes, consider, &finding, err);
	}
	if (space_name) {
		return FC_OK;
	}
	return fc_fail(
		err, FC_INVALID_ARGUMENT,
		"'%s' does not identify a person: use a UUID, its first 4 or more hexadecimal "
		"digits, SPACE/NUMBER or SPACE/NAME",
		text);
}
