/* Which persons of the gallery a text means: by pid, prefix of a pid, number or name. */
/* SPDX-License-Identifier: MIT */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/number.h"
#include "service/local/engine.h"
#include "service/profiles.h"

enum { PREFIX_MINIMUM = 4, LISTED_MAXIMUM = 20 };

struct finding {
	struct fc_gallery_txn *txn;
	const char *prefix;           /* of the pid; NULL: any */
	const struct fc_space *space; /* the only one that counts; NULL: all do */
	struct fc_profile_page *page;
	uint32_t space_ids[LISTED_MAXIMUM]; /* of the page's items */
	enum fc_status status;
	struct fc_error *err;
};

static enum fc_status add_person(struct finding *finding, const struct fc_person *person)
{
	struct fc_profile_page *page = finding->page;
	page->total++;
	if (page->count == LISTED_MAXIMUM) {
		return FC_OK;
	}
	struct fc_profile *profile = &page->items[page->count];
	*profile = (struct fc_profile){
		.pid = person->pid,
		.has_number = person->has_number,
		.number = person->number,
		.name = person->name ? strdup(person->name) : NULL,
		.created = person->created,
		.updated = person->updated,
		.faces = person->face_count,
	};
	if (person->name && !profile->name) {
		return fc_fail_memory(finding->err);
	}
	finding->space_ids[page->count++] = person->space;
	return FC_OK;
}

static bool consider(const struct fc_person *person, void *context)
{
	struct finding *finding = context;
	char pid[FC_UUID_TEXT_SIZE];
	fc_uuid_format(&person->pid, pid);
	bool fits = (!finding->prefix ||
		     strncasecmp(pid, finding->prefix, strlen(finding->prefix)) == 0) &&
		    (!finding->space || finding->space->id == person->space);
	if (fits) {
		finding->status = add_person(finding, person);
	}
	return finding->status == FC_OK;
}

/* By number, which is unique in a space, else by name. */
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
			return add_person(finding, &person);
		}
	}
	FC_TRY(fc_person_each_named(finding->txn, space->id, text, consider, finding,
				    finding->err));
	return finding->status;
}

static bool is_prefix(const char *text)
{
	size_t length = strlen(text);
	bool fits = length >= PREFIX_MINIMUM && length < FC_UUID_TEXT_SIZE;
	for (size_t i = 0; i < length && fits; i++) {
		bool dash = i == 8 || i == 13 || i == 18 || i == 23;
		fits = dash ? text[i] == '-' : isxdigit((unsigned char)text[i]) != 0;
	}
	return fits;
}

/* The pid's first bytes narrow the walk down, and the whole text is compared. */
static enum fc_status find_by_prefix(struct finding *finding, const char *text)
{
	char filled[FC_UUID_TEXT_SIZE] = "00000000-0000-0000-0000-000000000000";
	struct fc_uuid pid;
	size_t length = strlen(text);
	memcpy(filled, text, length);
	FC_IGNORE(fc_uuid_parse(filled, &pid));
	finding->prefix = text;
	FC_TRY(fc_person_each_near(finding->txn, &pid, length < 8 ? length / 2 : 4, consider,
				   finding, finding->err));
	return finding->status;
}

static enum fc_status find_person(struct finding *finding, const char *text, const char *space_name)
{
	struct fc_space home, space;
	const char *slash = strchr(text, '/');
	if (space_name) {
		FC_TRY(fc_space_find(finding->txn, space_name, &home, finding->err));
		finding->space = &home;
		FC_TRY(find_in_space(finding, &home, text));
		if (finding->page->total > 0) {
			return FC_OK;
		}
	}
	if (slash) {
		char name[sizeof(space.name)] = "";
		size_t length = (size_t)(slash - text);
		if (length >= sizeof(name)) {
			return fc_fail(finding->err, FC_NOT_FOUND, "there is no space '%.*s'",
				       (int)length, text);
		}
		memcpy(name, text, length);
		FC_TRY(fc_space_find(finding->txn, name, &space, finding->err));
		return find_in_space(finding, &space, slash + 1);
	}
	if (is_prefix(text)) {
		return find_by_prefix(finding, text);
	}
	if (space_name) {
		return FC_OK;
	}
	return fc_fail(finding->err, FC_INVALID_ARGUMENT,
		       "'%s' names no person: give a UUID, 4 or more hexadecimal digits that one "
		       "begins with, SPACE/NUMBER or SPACE/NAME",
		       text);
}

enum fc_status fc_local_person_find(struct fc_service *service, const char *text, const char *space,
				    struct fc_profile_page *out, struct fc_error *err)
{
	FC_CLEANUP(fc_gallery_end_readp) struct fc_gallery_txn *txn = NULL;
	FC_CLEANUP(fc_profile_page_release) struct fc_profile_page page = { 0 };
	struct fc_gallery *gallery;
	FC_TRY(fc_local_gallery(fc_local_of(service), FC_GALLERY_READ, &gallery, err));
	FC_TRY(fc_gallery_begin_read(gallery, &txn, err));
	page.items = calloc(LISTED_MAXIMUM, sizeof(*page.items));
	if (!page.items) {
		return fc_fail_memory(err);
	}
	struct finding finding = { .txn = txn, .page = &page, .err = err };
	FC_TRY(find_person(&finding, text, space));
	for (size_t i = 0; i < page.count; i++) {
		struct fc_space record;
		FC_TRY(fc_space_read(txn, finding.space_ids[i], &record, err));
		memcpy(page.items[i].space, record.name, sizeof(page.items[i].space));
	}
	*out = page;
	page = (struct fc_profile_page){ 0 };
	return FC_OK;
}
