/*
 * The place of a backup: the folder NAME, and while a backup is made, the folder .NAME.new next to it, which is locked.
 *
 * .NAME.new/new contains the new backup until it is complete. Then it is swapped with NAME, and the old backup is removed. A process that
 * dies leaves .NAME.new behind with its lock free; the next backup to any name in the same folder removes it.
 */
/* SPDX-License-Identifier: MIT */
#ifndef FC_GALLERY_MAINTAIN_BACKUP_DRAFT_H
#define FC_GALLERY_MAINTAIN_BACKUP_DRAFT_H

#include "gallery/gallery.h"

struct fc_backup_draft {
	const char *place; /* of the backup, as given */
	char *name;        /* the last component of place */
	char *lock_name;   /* .NAME.new */
	char *path;        /* of the new backup, for error texts and for opening it */
	int parent;
	int lock;   /* descriptor of .NAME.new, which holds the lock; -1 before */
	int folder; /* descriptor of the new backup; -1 before it is created */
};

void fc_backup_draft_release(struct fc_backup_draft *draft);

/*
 * Check that a backup may be created at `place`, lock the place, remove what killed processes left, and create the folder of the new
 * backup. Fill a draft of { 0 }; release it also after an error.
 * Errors: FC_CONFLICT (place exists), FC_INVALID_ARGUMENT (place is the gallery, or inside it), FC_BUSY (another backup to the same place
 * runs longer than the gallery's time limit), FC_IO.
 */
enum fc_status fc_backup_draft_open(const struct fc_gallery *gallery, const char *place, bool force,
				    struct fc_backup_draft *draft, struct fc_error *err);

/*
 * Give the new backup its name, in place of an old one only with `force`. Errors: FC_CONFLICT, FC_BUSY (another program changed the place),
 * FC_IO.
 */
enum fc_status fc_backup_draft_install(struct fc_backup_draft *draft, bool force,
				       struct fc_error *err);

#endif
