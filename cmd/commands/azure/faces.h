/* What the commands of stored faces share. Private to commands/azure. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_CMD_COMMANDS_AZURE_FACES_H
#define FC_CMD_COMMANDS_AZURE_FACES_H

#include "commands/azure/listing.h"
#include "photos/photo_source.h"

struct face_args {
	struct option_texts faces;
	struct scope_args scope;
	const char *person, *user_data;
	struct option_texts unset;
	struct listing_args listing;
	bool dry_run, no_entry;
	/* of faces add */
	struct photo_source_args photos;
	struct photo_source source;
};

#define FACE_AT(member) offsetof(struct face_args, member)
/* clang-format off */
#define FACE_ROW_FACES \
	{ OPTION_OPERANDS, 0, NULL, "FACE", FACE_AT(faces), \
	  "persistedFaceId, or a unique prefix of one", .minimum = 1 }
#define FACE_ROWS_OWNER \
	{ OPTION_TEXT, 0, "person", "PERSON", FACE_AT(person), \
	  "the person: UUID or a unique prefix of one, SPACE/NUMBER or SPACE/NAME; with --group " \
	  "also a name" }, \
	OPTION_ROWS_GROUP(face_args, scope), OPTION_ROW_LIST(face_args, scope)
#define FACE_ROW_USER_DATA \
	{ OPTION_TEXT, 0, "user-data", "TEXT", FACE_AT(user_data), "text of your own, up to 1024 characters" }
/* clang-format on */

/* The owner of faces: a person of a group, or a list. */
struct face_owner {
	struct scope scope;
	char person[FC_UUID_TEXT_SIZE]; /* "" for a list */
};

/* Whether the request is about persons of spaces of the local engine. --format json is the document's, which needs an owner. */
bool face_is_of_space(const struct command_context *ctx, const struct face_args *args);

/* The owner that the options name. Errors: FC_INVALID_ARGUMENT, those of scope_person. */
enum fc_status face_owner_of(struct command_context *ctx, const struct face_args *args,
			     struct face_owner *out, struct fc_error *err);

struct azure_call face_call(const struct command_context *ctx, const struct face_owner *owner,
			    enum fc_azure_verb verb);

#endif
