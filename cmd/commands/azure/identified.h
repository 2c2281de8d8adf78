/* Crops, annotated copies and the contact sheet of photos whose faces were identified. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_CMD_COMMANDS_AZURE_IDENTIFIED_H
#define FC_CMD_COMMANDS_AZURE_IDENTIFIED_H

#include "command.h"
#include "photos/pictures.h"
#include "sheet/contact_sheet.h"

/* The first candidate of a face. */
struct identified {
	double box[4];
	bool known;
	struct fc_uuid pid;
	char *name; /* owned; NULL for none */
	double confidence;
};

struct identified_pictures {
	struct command_context *ctx;
	struct pictures *pictures;
	struct contact_sheet *sheet;
	const char *space; /* for commands on the contact sheet; may be NULL */
	size_t index;      /* of the photo */
	struct identified *items;
	size_t count, capacity;
};

/* Whether any of the three is requested. */
bool identified_wanted(const struct identified_pictures *faces);

/* Add a face of the current photo. name: copied; may be NULL. */
enum fc_status identified_add(struct identified_pictures *faces, const double box[4],
			      const struct fc_uuid *pid, const char *name, double confidence,
			      struct fc_error *err);

/*
 * Write the pictures of the current photo, whose faces were added, and begin the next one. The answers of the Azure Face API have no
 * pictures: the service finds the faces of the photo again. Errors: those of fc_service_detect and of the photo.
 */
enum fc_status identified_write(struct identified_pictures *faces, const struct fc_photo *photo,
				const struct fc_buffer *bytes, struct fc_error *err);

/* The current photo failed: put it on the contact sheet, and begin the next one. */
enum fc_status identified_fail(struct identified_pictures *faces,
			       const struct fc_photo_outcome *outcome, struct fc_error *err);

void identified_release(struct identified_pictures *faces);

#endif
