/* Offer ids of person groups, face lists, stored faces and snapshots for completion. */
/* SPDX-License-Identifier: MIT */
#include "base/json.h"
#include "commands/azure/call.h"
#include "commands/complete/complete.h"
#include "service/stored_faces.h"

enum { OFFERED_MAXIMUM = 1000 };

/* Offer the member `id` of each object of a list, with another member as the description. */
static void offer_list(struct completion *completion, struct fc_service *service,
		       enum fc_azure_kind kind, enum fc_azure_verb verb, const char *id,
		       const char *description)
{
	FC_CLEANUP(azure_call_release)
	struct azure_call call = { .service = service, .kind = kind, .verb = verb };
	const cJSON *item;
	if (verb == FC_AZURE_LIST && kind != FC_AZURE_FACE_LIST) {
		azure_query_number(&call, "top", OFFERED_MAXIMUM);
	}
	if (azure_send(&call, NULL) != FC_OK) {
		return;
	}
	cJSON_ArrayForEach (item, call.json) {
		const char *text = fc_json_text(item, id);
		if (text) {
			complete_offer(completion, text, fc_json_text(item, description));
		}
	}
}

void complete_groups(struct completion *completion, struct fc_service *service)
{
	offer_list(completion, service, FC_AZURE_PERSON_GROUP, FC_AZURE_LIST, "personGroupId",
		   "name");
	offer_list(completion, service, FC_AZURE_LARGE_PERSON_GROUP, FC_AZURE_LIST,
		   "largePersonGroupId", "name");
}

void complete_lists(struct completion *completion, struct fc_service *service)
{
	offer_list(completion, service, FC_AZURE_FACE_LIST, FC_AZURE_LIST, "faceListId", "name");
	offer_list(completion, service, FC_AZURE_LARGE_FACE_LIST, FC_AZURE_LIST, "largeFaceListId",
		   "name");
}

void complete_snapshots(struct completion *completion, struct fc_service *service)
{
	offer_list(completion, service, FC_AZURE_NO_KIND, FC_AZURE_SNAPSHOT_LIST, "id", "type");
}

void complete_faces(struct completion *completion, struct fc_service *service)
{
	FC_CLEANUP(fc_stored_face_page_release) struct fc_stored_face_page page = { 0 };
	const struct fc_stored_face_filter filter = {
		.space = completion->space,
		.limit = OFFERED_MAXIMUM,
	};
	if (fc_service_face_list(service, &filter, &page, NULL) != FC_OK) {
		return;
	}
	for (size_t i = 0; i < page.count; i++) {
		const struct fc_stored_face *face = &page.items[i];
		char uuid[FC_UUID_TEXT_SIZE];
		fc_uuid_format(&face->record.uuid, uuid);
		complete_offer(completion, uuid,
			       face->person.name ? face->person.name : face->record.path);
	}
}
