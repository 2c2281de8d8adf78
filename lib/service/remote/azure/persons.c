/* The persons of a group that were read so far. Finds them by id, by number and by name. */
/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "service/remote/azure/engine.h"

void fc_azure_persons_release(struct fc_azure_persons *persons)
{
	for (size_t i = 0; i < persons->count; i++) {
		struct fc_azure_person *person = persons->items[i];
		free(person->name);
		free(person->user_data);
		free(person->faces);
		free(person);
	}
	free(persons->items);
	free(persons->by_id);
	free(persons->by_number);
	*persons = (struct fc_azure_persons){ 0 };
}

/* ---- finding ---- */

/* Index of the first person whose id is not less than id. */
static size_t place_of_id(const struct fc_azure_persons *persons, const struct fc_uuid *id)
{
	size_t low = 0, high = persons->id_count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (memcmp(&persons->by_id[middle]->id, id, sizeof(*id)) < 0) {
			low = middle + 1;
		} else {
			high = middle;
		}
	}
	return low;
}

static size_t place_of_number(const struct fc_azure_persons *persons, uint64_t number)
{
	size_t low = 0, high = persons->number_count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (persons->by_number[middle]->number < number) {
			low = middle + 1;
		} else {
			high = middle;
		}
	}
	return low;
}

struct fc_azure_person *fc_azure_person_by_id(const struct fc_azure_persons *persons,
					      const struct fc_uuid *id)
{
	size_t place = place_of_id(persons, id);
	bool found = place < persons->id_count && fc_uuid_equal(&persons->by_id[place]->id, id);
	return found ? persons->by_id[place] : NULL;
}

struct fc_azure_person *fc_azure_person_by_number(const struct fc_azure_persons *persons,
						  uint64_t number)
{
	for (size_t i = place_of_number(persons, number);
	     i < persons->number_count && persons->by_number[i]->number == number; i++) {
		if (!persons->by_number[i]->gone) {
			return persons->by_number[i];
		}
	}
	return NULL;
}

enum fc_status fc_azure_persons_check_number(const struct fc_azure_persons *persons,
					     uint64_t number, struct fc_error *err)
{
	const struct fc_azure_person *first = NULL;
	for (size_t i = place_of_number(persons, number);
	     i < persons->number_count && persons->by_number[i]->number == number; i++) {
		const struct fc_azure_person *person = persons->by_number[i];
		char ids[2][FC_UUID_TEXT_SIZE];
		if (person->gone || !person->has_id) {
			continue;
		}
		if (!first) {
			first = person;
			continue;
		}
		fc_uuid_format(&first->id, ids[0]);
		fc_uuid_format(&person->id, ids[1]);
		return fc_fail(err, FC_CONFLICT,
			       "two persons have the number %llu (%s and %s), because programs "
			       "created them at the same time; give one of them another name",
			       (unsigned long long)number, ids[0], ids[1]);
	}
	return FC_OK;
}

struct fc_azure_person *fc_azure_person_by_name(const struct fc_azure_persons *persons,
						const char *name)
{
	for (size_t i = 0; i < persons->count; i++) {
		struct fc_azure_person *person = persons->items[i];
		if (!person->gone && person->name && strcmp(person->name, name) == 0) {
			return person;
		}
	}
	return NULL;
}

uint64_t fc_azure_persons_next_number(const struct fc_azure_persons *persons)
{
	size_t count = persons->number_count;
	return count > 0 ? persons->by_number[count - 1]->number + 1 : 1;
}

uint64_t fc_azure_persons_count(const struct fc_azure_persons *persons, uint64_t *faces)
{
	uint64_t alive = 0;
	*faces = 0;
	for (size_t i = 0; i < persons->count; i++) {
		if (persons->items[i]->has_id && !persons->items[i]->gone) {
			alive++;
			*faces += persons->items[i]->face_count;
		}
	}
	return alive;
}

bool fc_azure_persons_have_face(const struct fc_azure_persons *persons)
{
	for (size_t i = 0; i < persons->count; i++) {
		if (!persons->items[i]->gone && persons->items[i]->face_count > 0) {
			return true;
		}
	}
	return false;
}

/* ---- storing ---- */

static void insert(struct fc_azure_person **list, size_t *count, size_t place,
		   struct fc_azure_person *person)
{
	memmove(list + place + 1, list + place,
		(*count - place) * sizeof(struct fc_azure_person *));
	list[place] = person;
	(*count)++;
}

static void enter_id(struct fc_azure_persons *persons, struct fc_azure_person *person,
		     const struct fc_uuid *id)
{
	person->has_id = true;
	person->id = *id;
	insert(persons->by_id, &persons->id_count, place_of_id(persons, id), person);
}

static void enter_number(struct fc_azure_persons *persons, struct fc_azure_person *person,
			 uint64_t number)
{
	/* insert it after others with the same number, so that lookups find the first one */
	size_t place = place_of_number(persons, number);
	while (place < persons->number_count && persons->by_number[place]->number == number) {
		place++;
	}
	person->has_number = true;
	person->number = number;
	insert(persons->by_number, &persons->number_count, place, person);
}

void fc_azure_persons_renumber(struct fc_azure_persons *persons, struct fc_azure_person *person,
			       uint64_t number)
{
	size_t place = place_of_number(persons, person->number);
	while (persons->by_number[place] != person) {
		place++;
	}
	persons->number_count--;
	memmove(persons->by_number + place, persons->by_number + place + 1,
		(persons->number_count - place) * sizeof(struct fc_azure_person *));
	enter_number(persons, person, number);
}

static enum fc_status enter(struct fc_azure_persons *persons, struct fc_azure_person **out,
			    struct fc_error *err)
{
	/* Grow all lists before inserting, so that the insertions cannot fail. */
	struct fc_azure_person ***lists[] = { &persons->items, &persons->by_id,
					      &persons->by_number };
	size_t capacity = persons->capacity;
	for (size_t i = 0; i < FC_ARRAY_LENGTH(lists); i++) {
		capacity = persons->capacity;
		FC_TRY(fc_array_grow(lists[i], sizeof(**lists[i]), persons->count, &capacity, err));
	}
	persons->capacity = capacity;
	struct fc_azure_person *person = calloc(1, sizeof(*person));
	if (!person) {
		return fc_fail_memory(err);
	}
	persons->items[persons->count++] = person;
	*out = person;
	return FC_OK;
}

static enum fc_status copy_text(const char *text, char **out, struct fc_error *err)
{
	if (!text || *text == '\0') {
		return FC_OK;
	}
	*out = strdup(text);
	return *out ? FC_OK : fc_fail_memory(err);
}

enum fc_status fc_azure_person_add_face(struct fc_azure_person *person, const struct fc_uuid *id,
					const struct fc_sha256 *digest, struct fc_error *err)
{
	FC_TRY(fc_array_grow(&person->faces, sizeof(*person->faces), person->face_count,
			     &person->face_capacity, err));
	struct fc_azure_stored_face *face = &person->faces[person->face_count++];
	*face = (struct fc_azure_stored_face){ .id = *id, .read = digest, .has_digest = digest };
	if (digest) {
		face->digest = *digest;
	}
	return FC_OK;
}

/* Replace the list of faces, but keep the digests that were read before. */
static enum fc_status set_faces(struct fc_azure_person *person, const cJSON *list,
				struct fc_error *err)
{
	FC_CLEANUP(fc_free) struct fc_azure_stored_face *before = person->faces;
	size_t count = person->face_count;
	const cJSON *item;
	person->faces = NULL;
	person->face_count = person->face_capacity = 0;
	cJSON_ArrayForEach (item, list) {
		const char *text = cJSON_GetStringValue(item);
		struct fc_uuid id;
		if (!text || !fc_uuid_parse(text, &id)) {
			continue;
		}
		size_t known = 0;
		while (known < count && !fc_uuid_equal(&before[known].id, &id)) {
			known++;
		}
		FC_TRY(fc_azure_person_add_face(person, &id, NULL, err));
		if (known < count) {
			person->faces[person->face_count - 1] = before[known];
		}
	}
	return FC_OK;
}

enum fc_status fc_azure_persons_add(struct fc_azure_persons *persons,
				    const struct fc_azure_person_row *row,
				    struct fc_azure_person **out, struct fc_error *err)
{
	struct fc_azure_person *person = fc_azure_person_by_id(persons, &row->id);
	const char *words = NULL;
	uint64_t number = 0;
	bool numbered = fc_azure_read_name(row->name, &number, &words);
	if (person && numbered && person->has_number && person->number != number) {
		fc_azure_persons_renumber(persons, person, number);
	}
	if (!person) {
		FC_TRY(enter(persons, &person, err));
		enter_id(persons, person, &row->id);
		if (numbered) {
			enter_number(persons, person, number);
		}
		FC_TRY(copy_text(words, &person->name, err));
		FC_TRY(copy_text(row->user_data, &person->user_data, err));
	}
	person->gone = false;
	*out = person;
	return set_faces(person, row->faces, err);
}

enum fc_status fc_azure_persons_add_missing(struct fc_azure_persons *persons,
					    const struct fc_uuid *id, struct fc_error *err)
{
	struct fc_azure_person *person = fc_azure_person_by_id(persons, id);
	if (!person) {
		FC_TRY(enter(persons, &person, err));
		enter_id(persons, person, id);
	}
	person->gone = true;
	return FC_OK;
}

enum fc_status fc_azure_persons_add_new(struct fc_azure_persons *persons, const uint64_t *number,
					const char *name, const char *user_data,
					struct fc_azure_person **out, struct fc_error *err)
{
	struct fc_azure_person *person = NULL;
	FC_TRY(enter(persons, &person, err));
	if (number) {
		enter_number(persons, person, *number);
	}
	FC_TRY(copy_text(name, &person->name, err));
	FC_TRY(copy_text(user_data, &person->user_data, err));
	const struct fc_uuid creation = fc_uuid_new();
	memcpy(person->creation, "facectl:", 8);
	fc_uuid_format(&creation, person->creation + 8);
	*out = person;
	return FC_OK;
}

enum fc_status fc_azure_persons_created(struct fc_azure_persons *persons,
					struct fc_azure_person *person, const struct fc_uuid *id,
					struct fc_error *err)
{
	if (fc_azure_person_by_id(persons, id)) {
		return fc_fail(err, FC_REFUSED, "two persons have the same personId");
	}
	enter_id(persons, person, id);
	return FC_OK;
}

void fc_azure_persons_undo_created(struct fc_azure_persons *persons, struct fc_azure_person *person)
{
	size_t place = place_of_id(persons, &person->id);
	size_t after = persons->id_count - place - 1;
	memmove(persons->by_id + place, persons->by_id + place + 1,
		after * sizeof(struct fc_azure_person *));
	persons->id_count--;
	person->has_id = false;
	person->face_count = 0;
}
