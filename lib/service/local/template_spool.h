/*
 * Temporary storage for new templates until they are written to the gallery. The templates are in an unnamed file, which is deleted when
 * the process ends; memory use is 24 bytes per face.
 */
/* SPDX-License-Identifier: MIT */
#ifndef FC_SERVICE_LOCAL_TEMPLATE_SPOOL_H
#define FC_SERVICE_LOCAL_TEMPLATE_SPOOL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

struct fc_template_spool;

/* folder: the file is created in its file system. Errors: FC_IO, FC_FULL, FC_NO_MEMORY. */
enum fc_status fc_template_spool_new(const char *folder, size_t dimension,
				     struct fc_template_spool **out, struct fc_error *err);
void fc_template_spool_free(struct fc_template_spool *spool);

/* Store the template of a face; NULL: it has none. At most once for each face. Errors: FC_IO, FC_FULL, FC_NO_MEMORY. */
enum fc_status fc_template_spool_put(struct fc_template_spool *spool, uint32_t space, uint64_t face,
				     const float *embedding, struct fc_error *err);

/*
 * Look up a face. *known: it was put into the spool. *has: it has a template, which is copied to embedding unless that is NULL.
 * Errors: FC_IO.
 */
enum fc_status fc_template_spool_get(struct fc_template_spool *spool, uint32_t space, uint64_t face,
				     float *embedding, bool *known, bool *has,
				     struct fc_error *err);

#endif
