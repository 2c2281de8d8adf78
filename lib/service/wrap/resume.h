/*
 * A remote service with a ledger: set and profiles create skip photos that were sent to the service before, so that a second run sends
 * nothing, and set --sync makes the service equal to a folder. What is deleted on the service (delete, truncate, spaces delete, profiles delete) is removed from the ledger, too.
 */
/* SPDX-License-Identifier: MIT */
#ifndef FC_SERVICE_WRAP_RESUME_H
#define FC_SERVICE_WRAP_RESUME_H

#include "gallery/gallery.h"
#include "service/service.h"

struct fc_resume_options {
	const char *gallery_directory; /* of the ledger; created when there is something to write */
	const struct fc_gallery_server *gallery_server;
	unsigned lock_timeout; /* milliseconds */
	const char *name;      /* identifies the service in the ledger: its name and its address */
	/* Identifies the account. Photos that were sent with another one are not known, but a deletion removes them from the ledger, too. */
	const char *account;
};

/*
 * Strings are borrowed. Takes ownership of remote, also on errors. The new service supports only the verbs above and spaces list.
 * Errors: FC_NO_MEMORY, FC_INTERNAL.
 */
enum fc_status fc_resume_open(const struct fc_resume_options *options, struct fc_service *remote,
			      struct fc_service **out, struct fc_error *err);

#endif
