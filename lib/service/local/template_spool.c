/* Temporary storage for new templates until they are written to the gallery. */
/* SPDX-License-Identifier: MIT */
#include "service/local/template_spool.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"
#include "gallery/server.h"

struct place {
	uint32_t space;
	bool has;
	uint64_t face;
	uint64_t slot; /* in the file */
};

struct fc_template_spool {
	int fd;
	size_t dimension;
	struct place *places;
	size_t count, room;
	uint64_t slots;
	bool sorted;
};

void fc_template_spool_free(struct fc_template_spool *spool)
{
	if (spool) {
		fc_fd_close(&spool->fd);
		free(spool->places);
		free(spool);
	}
}

enum fc_status fc_template_spool_new(const char *folder, size_t dimension,
				     struct fc_template_spool **out, struct fc_error *err)
{
	struct fc_template_spool *spool = calloc(1, sizeof(*spool));
	if (!spool) {
		return fc_fail_memory(err);
	}
	spool->dimension = dimension;
	bool is_folder = !fc_gallery_is_address(folder);
	spool->fd = is_folder ? open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600) : -1;
	if (!is_folder ||
	    (spool->fd < 0 && (errno == EOPNOTSUPP || errno == EISDIR || errno == EINVAL))) {
		/* there is no folder, or the file system has no unnamed files: use memory */
		spool->fd = memfd_create("templates", MFD_CLOEXEC);
	}
	if (spool->fd < 0) {
		int problem = errno;
		fc_template_spool_free(spool);
		return fc_fail_errno(err, FC_IO, problem, "cannot create a temporary file in '%s'",
				     folder);
	}
	*out = spool;
	return FC_OK;
}

static size_t slot_bytes(const struct fc_template_spool *spool)
{
	return spool->dimension * sizeof(float);
}

static enum fc_status write_slot(struct fc_template_spool *spool, const float *embedding,
				 struct fc_error *err)
{
	const char *bytes = (const char *)embedding;
	size_t size = slot_bytes(spool), done = 0;
	off_t start = (off_t)(spool->slots * size);
	while (done < size) {
		ssize_t got = pwrite(spool->fd, bytes + done, size - done, start + (off_t)done);
		if (got < 0 && errno != EINTR) {
			return fc_fail_errno(err, errno == ENOSPC ? FC_FULL : FC_IO, errno,
					     "cannot write a template to the temporary file");
		}
		done += got > 0 ? (size_t)got : 0;
	}
	spool->slots++;
	return FC_OK;
}

enum fc_status fc_template_spool_put(struct fc_template_spool *spool, uint32_t space, uint64_t face,
				     const float *embedding, struct fc_error *err)
{
	FC_TRY(fc_array_grow(&spool->places, sizeof(*spool->places), spool->count, &spool->room,
			     err));
	struct place place = { space, embedding != NULL, face, spool->slots };
	if (embedding) {
		FC_TRY(write_slot(spool, embedding, err));
	}
	spool->places[spool->count++] = place;
	spool->sorted = false;
	return FC_OK;
}

static int compare(const void *a, const void *b)
{
	const struct place *left = a, *right = b;
	if (left->space != right->space) {
		return left->space < right->space ? -1 : 1;
	}
	return (left->face > right->face) - (left->face < right->face);
}

enum fc_status fc_template_spool_get(struct fc_template_spool *spool, uint32_t space, uint64_t face,
				     float *embedding, bool *known, bool *has, struct fc_error *err)
{
	const struct place key = { .space = space, .face = face };
	const struct place *place = NULL;
	if (spool->count > 0) {
		if (!spool->sorted) {
			qsort(spool->places, spool->count, sizeof(*spool->places), compare);
			spool->sorted = true;
		}
		place = bsearch(&key, spool->places, spool->count, sizeof(*place), compare);
	}
	*known = place != NULL;
	*has = place && place->has;
	if (!*has || !embedding) {
		return FC_OK;
	}
	size_t size = slot_bytes(spool);
	ssize_t got = pread(spool->fd, embedding, size, (off_t)(place->slot * size));
	return got == (ssize_t)size
		       ? FC_OK
		       : fc_fail(err, FC_IO, "cannot read a template from the temporary file");
}
