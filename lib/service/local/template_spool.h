/*
 * Templates on their way into a gallery, by face: in a file without a name, so that a gallery of any size can be done, and nothing
 * stays behind when the process ends. In memory are 24 bytes a face.
 */
/* SPDX-License-Identifier: MIT */
#ifndef FC_SERVICE_TEMPLATE_SPOOL_H
#define FC_SERVICE_TEMPLATE_SPOOL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

struct fc_template_spool;

/* folder: whose file system takes the file. Errors: FC_IO, FC_FULL, FC_NO_MEMORY. */
FC_MUST_USE enum fc_status fc_template_spool_new(const char *folder, size_t dimension,
						 struct fc_template_spool **out,
						 struct fc_error *err);
void fc_template_spool_free(struct fc_template_spool *spool);

/* Keep a face's template; NULL: that there is none. A face is put in once. Errors: FC_IO, FC_FULL, FC_NO_MEMORY. */
FC_MUST_USE enum fc_status fc_template_spool_put(struct fc_template_spool *spool, uint32_t space,
						 uint64_t face, const float *embedding,
						 struct fc_error *err);

/*
 * *known: the face was put in; *has: with a template, which is in embedding then (NULL: not wanted).
 * Errors: FC_IO.
 */
FC_MUST_USE enum fc_status fc_template_spool_get(struct fc_template_spool *spool, uint32_t space,
						 uint64_t face, float *embedding, bool *known,
						 bool *has, struct fc_error *err);

#endif
