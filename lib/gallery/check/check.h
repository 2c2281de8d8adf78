/* The check of a gallery: fc_gallery_check runs it in a child process, these functions in the calling process. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_GALLERY_CHECK_CHECK_H
#define FC_GALLERY_CHECK_CHECK_H

#include "gallery/maintain/maintain.h"
#include "gallery/store/store.h"

struct fc_check_sink {
	fc_check_problem *problem;
	fc_check_problem *stage; /* called with the name of the database that is read next */
	void *context;
};

/* Like fc_gallery_check, but in this process, which damage may crash. */
enum fc_status fc_check_walk(struct fc_gallery *gallery, const struct fc_check_sink *sink,
			     struct fc_check_report *out, struct fc_error *err);

/* Like fc_gallery_check, for a gallery that is not open in this process. */
enum fc_status fc_check_directory(const char *directory, fc_check_problem *problem, void *context,
				  struct fc_check_report *out, struct fc_error *err);

/* An fc_check_problem that keeps the text of the first problem. context: a struct fc_error, empty before. */
void fc_check_keep_first(const char *text, void *context);

#endif
