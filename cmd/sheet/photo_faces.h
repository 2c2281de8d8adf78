/* Put the faces of photos and of the gallery on a contact sheet. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_CMD_SHEET_PHOTO_FACES_H
#define FC_CMD_SHEET_PHOTO_FACES_H

#include "command.h"
#include "service/profiles.h"
#include "sheet/contact_sheet.h"

/* Recognised faces under their persons, unknown ones under "Unknown". space, origin: of the request; NULL if not given. */
enum fc_status sheet_add_recognized(struct contact_sheet *sheet,
				    const struct fc_photo_outcome *outcome, const char *space,
				    const char *origin, struct fc_error *err);

/* Detected faces, under their photos. */
enum fc_status sheet_add_detected(struct contact_sheet *sheet,
				  const struct fc_photo_outcome *outcome, struct fc_error *err);

/* A photo without faces, or one that failed. */
enum fc_status sheet_add_faceless(struct contact_sheet *sheet,
				  const struct fc_photo_outcome *outcome, struct fc_error *err);

/*
 * A face of the gallery, with its crop if that is stored. face: the texts; its picture, its photo and the nearest other person are filled in here. stored NULL: a person
 * without a face.
 */
enum fc_status sheet_add_stored(struct contact_sheet *sheet, struct command_context *ctx,
				const struct fc_face_record *stored, struct sheet_face *face,
				struct fc_error *err);

/* A person of the gallery, with one of its faces: one with a stored crop, if there is one. */
enum fc_status sheet_add_person(struct contact_sheet *sheet, struct command_context *ctx,
				const struct fc_profile *person, struct fc_error *err);

/* The name of a person, else "person3" or the UUID, in a buffer of the caller. */
const char *sheet_person_title(const struct fc_identity *person, char tag[FC_PERSON_TAG_SIZE]);

#endif
