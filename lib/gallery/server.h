/* Galleries in a database server: what they need on this machine. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_GALLERY_SERVER_H
#define FC_GALLERY_SERVER_H

#include <stdbool.h>

struct fc_gallery_server {
	const char *module;  /* path of facectl-postgres.so */
	const char *version; /* that the module must have, which is that of the caller */
	const char *cache;   /* folder for copies of templates; NULL: none */
};

/* Whether the name of a gallery is the address of a database: "postgresql://...", "postgres://..." or "service=NAME". */
bool fc_gallery_is_address(const char *name);

#endif
