/* Finds out whether a creation happened whose answer was lost, by the objects that exist before and after it. */
/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/memory.h"
#include "service/remote/azure/lost.h"

/* A list of more objects is not read. */
enum { OBJECTS_MAXIMUM = 1000, FACES_PAGE = 1000 };

/* What distinguishes the created object from others, and how the service lists them. */
struct search {
	const char *id;       /* the member with the id of an object */
	const char *array;    /* the member with the objects; NULL: the answer is the array */
	const char *texts[2]; /* members that are the same as in the request */
	bool is_parent;       /* the objects are listed by the container of the path */
	unsigned page;        /* 0: the answer has all */
};

static const struct search *search_of(const struct fc_azure_operation *operation)
{
	static const struct search person = { .id = "personId",
					      .texts = { "name", "userData" },
					      .page = FC_AZURE_PAGE };
	static const struct search snapshot = { .id = "id", .texts = { "type", "userData" } };
	static const struct search face_of_person = { .array = "persistedFaceIds",
						      .is_parent = true };
	static const struct search face_of_list = { .id = "persistedFaceId",
						    .array = "persistedFaces",
						    .is_parent = true };
	static const struct search face_of_large_list = { .id = "persistedFaceId",
							  .page = FACES_PAGE };
	switch ((int)operation->verb) {
	case FC_AZURE_PERSON_CREATE:
		return &person;
	case FC_AZURE_SNAPSHOT_TAKE:
		return &snapshot;
	case FC_AZURE_FACE_ADD:
		return operation->kind == FC_AZURE_FACE_LIST         ? &face_of_list
		       : operation->kind == FC_AZURE_LARGE_FACE_LIST ? &face_of_large_list
								     : &face_of_person;
	default:
		return NULL;
	}
}

/* An absent text and an empty one are the same. */
static bool is_same(const struct search *search, const cJSON *item, const cJSON *wanted)
{
	for (size_t i = 0; i < FC_ARRAY_LENGTH(search->texts); i++) {
		const char *name = search->texts[i];
		const char *a = name ? fc_json_text(item, name) : NULL;
		const char *b = name ? fc_json_text(wanted, name) : NULL;
		if (strcmp(a ? a : "", b ? b : "") != 0) {
			return false;
		}
	}
	return true;
}

/* Add the objects of an answer. *last: the id of its last object; *listed: their number. */
static enum fc_status add_objects(const struct search *search, const cJSON *answer,
				  const cJSON *wanted, struct fc_azure_objects *out,
				  struct fc_uuid *last, size_t *listed, struct fc_error *err)
{
	const cJSON *array = search->array ? fc_json_get(answer, search->array) : answer, *item;
	*listed = 0;
	cJSON_ArrayForEach (item, array) {
		const char *text =
			search->id ? fc_json_text(item, search->id) : cJSON_GetStringValue(item);
		if (!text || !fc_uuid_parse(text, last)) {
			return fc_fail(err, FC_REFUSED, "the list has an object without an id");
		}
		++*listed;
		if (is_same(search, item, wanted)) {
			FC_TRY(fc_azure_objects_add(out, last, err));
		}
	}
	return FC_OK;
}

enum fc_status fc_azure_objects_list(struct fc_azure *azure,
				     const struct fc_azure_creation *creation, uint64_t delay_ms,
				     struct fc_azure_objects *out, struct fc_error *err)
{
	const struct search *search = search_of(creation->operation);
	FC_CLEANUP(fc_azure_objects_release) struct fc_azure_objects objects = { 0 };
	FC_CLEANUP(fc_json_release) cJSON *wanted = NULL;
	size_t listed = 0, total = 0;
	struct fc_uuid last;
	if (search->texts[0]) {
		FC_TRY(fc_json_parse(creation->body, creation->length, creation->length,
				     "the request", &wanted, err));
	}
	do {
		FC_CLEANUP(fc_azure_call_release) struct fc_azure_call call = { 0 };
		FC_CLEANUP(fc_json_release) cJSON *json = NULL;
		fc_azure_begin(azure, &call, FC_HTTP_GET,
			       search->array ? FC_AZURE_OBJECT : FC_AZURE_ARRAY);
		/* the first two parts are "face" and "v1.0" */
		for (size_t i = 2; i < creation->path_count - search->is_parent; i++) {
			fc_azure_add_path(&call, creation->path[i]);
		}
		if (search->page > 0) {
			fc_azure_add_query_number(&call, "top", search->page);
		}
		if (total > 0) {
			fc_azure_add_query_uuid(&call, "start", &last);
		}
		call.request.delay_ms = delay_ms;
		delay_ms = 0;
		FC_TRY(fc_azure_perform(azure, &call, &json, NULL, err));
		FC_TRY(add_objects(search, json, wanted, &objects, &last, &listed, err));
		total += listed;
		if (search->page > 0 && total > OBJECTS_MAXIMUM) {
			return fc_fail(err, FC_UNSUPPORTED, "there are too many objects");
		}
	} while (search->page > 0 && listed == search->page);
	*out = FC_STEAL_STRUCT(objects);
	return FC_OK;
}
