/* The walk of fc_gallery_check, in the process that calls it. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_GALLERY_CHECK_H
#define FC_GALLERY_CHECK_H

#include "gallery/maintain/maintain.h"
#include "gallery/store/store.h"

struct fc_check_sink {
	fc_check_problem *problem;
	fc_check_problem *stage; /* called with the name of the database that is read next */
	void *context;
};

/* As fc_gallery_check; damage may crash the process. */
FC_MUST_USE enum fc_status fc_check_walk(struct fc_gallery *gallery,
					 const struct fc_check_sink *sink,
					 struct fc_check_report *out, struct fc_error *err);

/* As fc_gallery_check, of a gallery that this process does not have open. */
FC_MUST_USE enum fc_status fc_check_directory(const char *directory, fc_check_problem *problem,
					      void *context, struct fc_check_report *out,
					      struct fc_error *err);

#endif
