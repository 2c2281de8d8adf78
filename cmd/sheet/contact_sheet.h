/* --contact-sheet: one HTML page with the faces of a run, grouped by person, that needs no other file, no network and no script. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_CMD_SHEET_CONTACT_SHEET_H
#define FC_CMD_SHEET_CONTACT_SHEET_H

#include <stdbool.h>

#include "base/buffer.h"
#include "base/error.h"
#include "base/file.h"
#include "option/option.h"
#include "sheet/card.h"

#define OPTION_ROW_SHEET(args, member)                                                             \
	{                                                                                          \
		OPTION_PATH, 0, "contact-sheet", "FILE.html", offsetof(struct args, member),       \
			"write an HTML page with all faces, grouped by person"                     \
	}

struct sheet_entry;
struct locations;

/* { 0 } is a page that is not requested: the functions then do nothing. */
struct contact_sheet {
	struct fc_file_draft file;
	int spool; /* the faces in the order of their arrival; they are grouped at the end */
	uint64_t spooled;
	struct sheet_entry *entries;
	size_t count, capacity;
	struct fc_buffer html;
	struct locations *locations;
	const char *command;
	const char *noun; /* what an entry is */
	struct sheet_context context;
	bool open;
};

/*
 * Open the page. path NULL: none is requested. command: the facectl command, for the title. noun: what the page
 * has: "face", "person". Errors: FC_INVALID_ARGUMENT (the name does
 * not end in .html), FC_IO, FC_NO_MEMORY.
 */
enum fc_status contact_sheet_open(struct contact_sheet *sheet, const char *path,
				  const char *command, const char *noun, struct fc_error *err);

enum fc_status contact_sheet_add(struct contact_sheet *sheet, const struct sheet_face *face,
				 struct fc_error *err);

/* Write the page, which then replaces an older file of this name. Only the user can read it. */
enum fc_status contact_sheet_commit(struct contact_sheet *sheet, struct fc_error *err);

/* Commit after a run over photos, also if it ended early. Returns its status, or else that of the page. */
enum fc_status contact_sheet_finish(struct contact_sheet *sheet, enum fc_status status,
				    struct fc_error *err);
void contact_sheet_release(struct contact_sheet *sheet);

#endif
