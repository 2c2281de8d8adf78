/* The JSON of containers and of the faces and persons in them, as the Azure Face API answers. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_PROTOCOL_AZURE_CONTAINERS_H
#define FC_PROTOCOL_AZURE_CONTAINERS_H

#include <stddef.h>

#include "base/json_writer.h"
#include "base/uuid.h"
#include "protocol/azure/operations.h"

struct fc_azure_container_row {
	enum fc_azure_kind kind;
	const char *id;
	const char *name;
	const char *user_data; /* NULL when it has none */
	int recognition_model; /* 1 to 4; 0: not written */
};

/* Write a container as an object. The caller can add members to it before it writes its end. */
void fc_azure_begin_container(struct fc_json_writer *json,
			      const struct fc_azure_container_row *container);

/* Write {"persistedFaceId":"FACE","userData":"..."}. user_data may be NULL. */
void fc_azure_write_persisted_face(struct fc_json_writer *json, const struct fc_uuid *face,
				   const char *user_data);

/* Write {"personId":"PERSON"}, the answer to the creation of a person. */
void fc_azure_write_person_id(struct fc_json_writer *json, const struct fc_uuid *person);

/* Write a person with its faces. name and user_data may be NULL. */
void fc_azure_write_person_faces(struct fc_json_writer *json, const struct fc_uuid *person,
				 const char *name, const char *user_data,
				 const struct fc_uuid *faces, size_t face_count);

#endif
