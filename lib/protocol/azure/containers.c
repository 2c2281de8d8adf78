/* The JSON of containers and of the faces and persons in them. */
/* SPDX-License-Identifier: MIT */
#include "protocol/azure/containers.h"

static void put_uuid(struct fc_json_writer *json, const char *key, const struct fc_uuid *uuid)
{
	char text[FC_UUID_TEXT_SIZE];
	fc_uuid_format(uuid, text);
	fc_json_put_text(json, key, text);
}

void fc_azure_begin_container(struct fc_json_writer *json,
			      const struct fc_azure_container_row *container)
{
	char model[] = "recognition_00";
	fc_json_begin_object(json);
	fc_json_put_text(json, fc_azure_kinds[container->kind].id_member, container->id);
	fc_json_put_text(json, "name", container->name);
	fc_json_put_text(json, "userData", container->user_data);
	if (container->recognition_model != 0) {
		model[sizeof(model) - 2] = (char)('0' + container->recognition_model);
		fc_json_put_text(json, "recognitionModel", model);
	}
}

void fc_azure_write_persisted_face(struct fc_json_writer *json, const struct fc_uuid *face,
				   const char *user_data)
{
	fc_json_begin_object(json);
	put_uuid(json, "persistedFaceId", face);
	fc_json_put_text(json, "userData", user_data);
	fc_json_end_object(json);
}

void fc_azure_write_person_id(struct fc_json_writer *json, const struct fc_uuid *person)
{
	fc_json_begin_object(json);
	put_uuid(json, "personId", person);
	fc_json_end_object(json);
}

void fc_azure_write_person_faces(struct fc_json_writer *json, const struct fc_uuid *person,
				 const char *name, const char *user_data,
				 const struct fc_uuid *faces, size_t face_count)
{
	fc_json_begin_object(json);
	put_uuid(json, "personId", person);
	fc_json_put_array(json, "persistedFaceIds");
	for (size_t i = 0; i < face_count; i++) {
		char text[FC_UUID_TEXT_SIZE];
		fc_uuid_format(&faces[i], text);
		fc_json_string(json, text);
	}
	fc_json_end_array(json);
	fc_json_put_text(json, "name", name);
	fc_json_put_text(json, "userData", user_data);
	fc_json_end_object(json);
}
