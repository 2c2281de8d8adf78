/* The constant parts of a contact sheet. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_CMD_SHEET_PAGE_H
#define FC_CMD_SHEET_PAGE_H

extern const char sheet_style[];
extern const char sheet_script[];

/* The controls that the script shows. */
extern const char sheet_controls[];

#endif
