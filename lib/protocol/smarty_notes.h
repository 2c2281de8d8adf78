/* The members of a Smarty response that belong to no photo. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_PROTOCOL_SMARTY_NOTES_H
#define FC_PROTOCOL_SMARTY_NOTES_H

#include <stdbool.h>
#include <stdint.h>

/* All zero is what the local engine returns, and what the documented examples have. */
struct fc_smarty_notes {
	bool aliases_changed, html_encoded;
	int64_t last_modified;
};

/* Combine the notes of two responses: what one of them says, and the later time. */
static inline void fc_smarty_notes_add(struct fc_smarty_notes *notes,
				       const struct fc_smarty_notes *more)
{
	notes->aliases_changed |= more->aliases_changed;
	notes->html_encoded |= more->html_encoded;
	if (more->last_modified > notes->last_modified) {
		notes->last_modified = more->last_modified;
	}
}

#endif
