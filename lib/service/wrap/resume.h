/*
 * A remote service with a ledger: set and profiles create pass over photos that the service was given before, so that a second run
 * sends nothing. What the service forgets (delete, truncate, spaces delete, profiles delete) the ledger forgets too.
 */
/* SPDX-License-Identifier: MIT */
#ifndef FC_SERVICE_REMEMBERED_H
#define FC_SERVICE_REMEMBERED_H

#include "service/service.h"

struct fc_remembered_options {
	const char *gallery_directory; /* of the ledger; made when there is something to remember */
	unsigned lock_timeout;         /* milliseconds */
	const char *name; /* what the ledger calls the service: its name and its address */
};

/*
 * Strings are borrowed; remote belongs to it from now on, also when this fails. It has no verbs but these, and spaces list.
 * Errors: FC_NO_MEMORY, FC_IO (there is no current folder).
 */
FC_MUST_USE enum fc_status fc_remembered_open(const struct fc_remembered_options *options,
					      struct fc_service *remote, struct fc_service **out,
					      struct fc_error *err);

#endif
