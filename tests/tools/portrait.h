/* Head and shoulders of a drawn person. */
/* SPDX-License-Identifier: MIT */
#ifndef TESTS_TOOLS_PORTRAIT_H
#define TESTS_TOOLS_PORTRAIT_H

#include "person.h"

/*
 * The frame's origin is the middle of the face, its unit half the height from hairline to chin. Hair ends at -1.6, the
 * shoulders reach from -1.75 to 1.75 and down beyond 2.
 */
void portrait_draw(struct canvas *canvas, const struct frame *frame, const struct person *who,
		   const struct pose *how);

#endif
