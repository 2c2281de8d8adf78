/* Reads the means of a space from the server. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_GALLERY_POSTGRES_MEANS_H
#define FC_GALLERY_POSTGRES_MEANS_H

#include "gallery/postgres/server.h"
#include "gallery/rows/mean.h"

/* The mean is valid during the call. The visit ends with the first error. */
typedef enum fc_status fc_pg_mean_visit(void *context, const struct fc_mean *mean,
					struct fc_error *err);

/* Visit the means of a space with ids above `after`, in order of their ids. FC_DAMAGED if one has another dimension. */
enum fc_status fc_pg_means_each(struct fc_pg_txn *txn, uint32_t space, uint32_t dimension,
				uint64_t after, fc_pg_mean_visit *visit, void *context,
				struct fc_error *err);

#endif
