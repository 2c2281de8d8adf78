/* The schema "facectl" of a database: its creation, and the check of its version. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_GALLERY_POSTGRES_SCHEMA_H
#define FC_GALLERY_POSTGRES_SCHEMA_H

#include "gallery/gallery.h"
#include "gallery/postgres/connection.h"

/* Create the schema with an empty gallery, in one transaction. FC_OK if another process created it meanwhile. */
enum fc_status fc_pg_schema_create(struct fc_pg_connection *connection, struct fc_error *err);

/* Check the version, and get the id of the gallery. Errors: FC_GALLERY_MISSING (there is no schema), FC_INCOMPATIBLE (of a newer facectl, or of an older one unless mode is FC_GALLERY_UPGRADE). */
enum fc_status fc_pg_schema_check(struct fc_pg_connection *connection, enum fc_gallery_mode mode,
				  struct fc_uuid *id, struct fc_error *err);

#endif
