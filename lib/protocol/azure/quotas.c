/* Read quotas. */
/* SPDX-License-Identifier: MIT */
#include "protocol/azure/quotas.h"

#include <inttypes.h>
#include <stddef.h>
#include <string.h>

#include "base/buffer.h"
#include "base/compiler.h"
#include "base/number.h"

#define CONTAINERS(kind) offsetof(struct fc_azure_quotas, of[FC_AZURE_##kind].containers)
#define MEMBERS(kind) offsetof(struct fc_azure_quotas, of[FC_AZURE_##kind].members)

/* Source of the numbers: the descriptions of FaceList_Create, of the operations that create the other kinds, Snapshot_Take and Snapshot_Apply. */
static const struct {
	const char *name;
	size_t place;
	uint64_t free, s0; /* 0: no limit */
} rows[] = {
	{ "face-lists", CONTAINERS(FACE_LIST), 64, 64 },
	{ "face-list-faces", MEMBERS(FACE_LIST), 1000, 1000 },
	{ "large-face-lists", CONTAINERS(LARGE_FACE_LIST), 64, 1000000 },
	{ "large-face-list-faces", MEMBERS(LARGE_FACE_LIST), 1000, 1000000 },
	{ "person-groups", CONTAINERS(PERSON_GROUP), 1000, 1000000 },
	{ "person-group-persons", MEMBERS(PERSON_GROUP), 1000, 10000 },
	{ "large-person-groups", CONTAINERS(LARGE_PERSON_GROUP), 1000, 1000000 },
	{ "large-person-group-persons", MEMBERS(LARGE_PERSON_GROUP), 1000000, 1000000 },
	{ "takes-per-day", offsetof(struct fc_azure_quotas, takes.per_day), 0, 100 },
	{ "takes-per-month", offsetof(struct fc_azure_quotas, takes.per_month), 100, 0 },
	{ "applies-per-day", offsetof(struct fc_azure_quotas, applies.per_day), 0, 100 },
	{ "applies-per-month", offsetof(struct fc_azure_quotas, applies.per_month), 100, 0 },
};

static uint64_t *place(struct fc_azure_quotas *quotas, size_t row)
{
	return (uint64_t *)(void *)((char *)quotas + rows[row].place);
}

static bool read_tier(const char *word, size_t length, struct fc_azure_quotas *out)
{
	static const char *const tiers[] = { "off", "free", "s0" };
	for (size_t tier = 0; tier < FC_ARRAY_LENGTH(tiers); tier++) {
		if (strlen(tiers[tier]) != length || memcmp(tiers[tier], word, length) != 0) {
			continue;
		}
		for (size_t i = 0; i < FC_ARRAY_LENGTH(rows); i++) {
			*place(out, i) = tier == 0 ? 0 : tier == 1 ? rows[i].free : rows[i].s0;
		}
		return true;
	}
	return false;
}

/* NAME=N */
static enum fc_status read_limit(const char *word, size_t length, struct fc_azure_quotas *out,
				 struct fc_error *err)
{
	const char *equals = memchr(word, '=', length);
	char number[24] = "";
	for (size_t i = 0; equals && i < FC_ARRAY_LENGTH(rows); i++) {
		size_t digits = length - (size_t)(equals + 1 - word);
		if (strlen(rows[i].name) == (size_t)(equals - word) &&
		    memcmp(rows[i].name, word, (size_t)(equals - word)) == 0 &&
		    digits < sizeof(number)) {
			memcpy(number, equals + 1, digits);
			return fc_parse_u64(number, 1, INT64_MAX, rows[i].name, place(out, i), err);
		}
	}
	FC_CLEANUP(fc_buffer_release) struct fc_buffer names = { 0 };
	for (size_t i = 0; i < FC_ARRAY_LENGTH(rows); i++) {
		fc_buffer_printf(&names, "%s%s", i > 0 ? ", " : "", rows[i].name);
	}
	const char *text = fc_buffer_text(&names);
	return !text ? fc_fail_memory(err)
		     : fc_fail(err, FC_INVALID_ARGUMENT,
			       "expected off, free, s0, or NAME=N with one of the names %s, not "
			       "'%.*s'",
			       text, (int)length, word);
}

enum fc_status fc_azure_quotas_parse(const char *text, struct fc_azure_quotas *out,
				     struct fc_error *err)
{
	struct fc_azure_quotas quotas = { 0 };
	for (const char *word = text; *word != '\0';) {
		size_t length = strcspn(word, ",");
		if (!read_tier(word, length, &quotas)) {
			FC_TRY(read_limit(word, length, &quotas, err));
		}
		word += length + (word[length] == ',');
	}
	*out = quotas;
	return FC_OK;
}
