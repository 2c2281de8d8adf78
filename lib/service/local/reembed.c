/* gallery reembed on the local engine: compute new templates from crops and photos, then change the gallery in one transaction. */
/* SPDX-License-Identifier: MIT */
#include "service/reembed.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "gallery/maintain/reembed.h"
#include "gallery/rows/crop.h"
#include "service/input/photo_file.h"
#include "service/local/ledger.h"
#include "service/local/template_spool.h"
#include "vision/faces/overlap.h"

static const char not_there[] = "no crop, and its photo does not exist";

/* Maximum number of repetitions for faces that other processes add during the run. */
enum { ROUNDS = 8 };

/* A face of the gallery, and the source of its new template. */
struct subject {
	struct fc_face_record face; /* without its old template */
	struct fc_buffer crop;      /* the PNG of the crop; empty if none is stored */
	bool is_crop;               /* the crop was submitted to the workers, not the photo */
	bool busy;
};

static void subject_release(struct subject *subject)
{
	fc_face_record_release(&subject->face);
	fc_buffer_release(&subject->crop);
	*subject = (struct subject){ 0 };
}

struct reembed {
	struct fc_local *local;
	const struct fc_reembed_request *request;
	struct fc_reembed_result *result;
	struct fc_gallery *gallery;
	struct fc_embedder_pin from, to;
	bool renewal; /* replace all templates; otherwise only faces without a template get one */
	struct fc_template_spool *spool;
	struct subject *subjects; /* submitted to the workers, indexed by ticket */
	size_t subject_count;
	/* the walk over the gallery */
	uint32_t space;
	uint64_t face;
	bool walked;
	bool unknown; /* the change found a face that was added after the walk */
};

static void reembed_release(struct reembed *reembed)
{
	for (size_t i = 0; reembed->subjects && i < reembed->subject_count; i++) {
		subject_release(&reembed->subjects[i]);
	}
	free(reembed->subjects);
	fc_template_spool_free(reembed->spool);
}

/* ---- the walk ---- */

struct next {
	const struct reembed *reembed;
	struct fc_face_record found;
	bool any, failed;
};

/* Stop at the first face that needs a template. */
static bool take(const struct fc_face_record *face, void *context)
{
	struct next *next = context;
	bool known = false, has = false;
	if (!next->reembed->renewal && face->dimension > 0) {
		return true;
	}
	if (next->reembed->spool) {
		FC_IGNORE(fc_template_spool_get(next->reembed->spool, face->space, face->id, NULL,
						&known, &has, NULL));
	}
	if (known) {
		return true;
	}
	next->any = true;
	next->found = *face;
	next->found.embedding = NULL;
	next->found.origin = NULL;
	next->found.user_data = NULL;
	next->found.path = face->path ? strdup(face->path) : NULL;
	next->failed = face->path && !next->found.path;
	return false;
}

/*
 * Return the next face of the walk in *out, or set walked. Each face is read in its own transaction, so that other processes can reuse
 * old pages of the gallery during the walk.
 */
static enum fc_status next_face(struct reembed *reembed, bool with_crop, struct subject *out,
				bool *has_crop, struct fc_error *err)
{
	FC_CLEANUP(fc_gallery_end_readp) struct fc_gallery_txn *txn = NULL;
	struct next next = { .reembed = reembed };
	FC_TRY(fc_gallery_begin_read(reembed->gallery, &txn, err));
	FC_TRY(fc_face_each(txn, reembed->space, reembed->face, take, &next, err));
	if (next.failed) {
		return fc_fail_memory(err);
	}
	reembed->walked = !next.any;
	if (!next.any) {
		return FC_OK;
	}
	*out = (struct subject){ .face = next.found };
	reembed->space = next.found.space;
	reembed->face = next.found.id;
	FC_TRY(fc_crop_is_kept(txn, next.found.space, next.found.id, has_crop, err));
	if (with_crop && *has_crop) {
		enum fc_status status =
			fc_crop_get(txn, next.found.space, next.found.id, &out->crop, err);
		/* damaged: use the photo instead */
		return status == FC_DAMAGED ? FC_OK : status;
	}
	return FC_OK;
}

static void restart_walk(struct reembed *reembed)
{
	reembed->space = 0;
	reembed->face = 0;
	reembed->walked = false;
}

/* ---- faces whose photo and crop are gone ---- */

static enum fc_status report_without(struct reembed *reembed, const struct fc_face_record *face,
				     const char *why, struct fc_error *err)
{
	FC_CLEANUP(fc_gallery_end_readp) struct fc_gallery_txn *txn = NULL;
	FC_CLEANUP(fc_person_release) struct fc_person person = { 0 };
	struct fc_space space = { 0 };
	FC_TRY(fc_gallery_begin_read(reembed->gallery, &txn, err));
	enum fc_status status = fc_person_get(txn, &face->pid, &person, err);
	if (status == FC_OK) {
		status = fc_space_read(txn, face->space, &space, err);
	}
	FC_TRY(status == FC_NOT_FOUND ? FC_OK : status);
	fc_gallery_end_readp(&txn);
	const struct fc_reembed_face found = {
		.face_id = face->id,
		.space = space.name,
		.pid = face->pid,
		.has_number = person.has_number,
		.number = person.number,
		.name = person.name,
		.path = face->path,
		.photo = face->photo,
		.why = why,
	};
	reembed->result->without++;
	return reembed->request->without(reembed->request->context, &found, err);
}

/* ---- photos ---- */

/* Open the file at the path of a face's photo; it may be another photo now. *fd is -1 if there is none that can be opened. Errors: FC_IO. */
static enum fc_status open_photo(const struct reembed *reembed, const struct fc_face_record *face,
				 int *fd, struct fc_error *err)
{
	const struct fc_photo_limit limit = { reembed->local->options.workers.limits.bytes, "" };
	*fd = -1;
	if (!face->path || strcmp(face->path, "-") == 0) {
		return FC_OK;
	}
	enum fc_status status = fc_photo_open(face->path, &limit, fd, NULL, err);
	return status == FC_UNREADABLE || status == FC_TOO_LARGE ? FC_OK : status;
}

static enum fc_status is_photo_of(const struct reembed *reembed, const struct fc_face_record *face,
				  bool *out, struct fc_error *err)
{
	FC_CLEANUP(fc_fd_close) int fd = -1;
	FC_CLEANUP(fc_buffer_release) struct fc_buffer bytes = { 0 };
	*out = false;
	FC_TRY(open_photo(reembed, face, &fd, err));
	if (fd >= 0) {
		FC_TRY(fc_file_read_fd(fd, UINT64_MAX, face->path, &bytes, err));
		struct fc_sha256 found = fc_sha256_of(bytes.data, bytes.length);
		*out = fc_sha256_equal(&found, &face->photo);
	}
	return FC_OK;
}

/* ---- through the workers ---- */

static enum fc_status finish_face(struct reembed *reembed, const struct fc_face_record *face,
				  const float *embedding, const char *why, struct fc_error *err)
{
	const struct fc_reembed_request *request = reembed->request;
	FC_TRY(fc_template_spool_put(reembed->spool, face->space, face->id, embedding, err));
	if (request->step) {
		request->step(request->context, reembed->result->faces, !embedding);
	}
	return embedding ? FC_OK : report_without(reembed, face, why, err);
}

/* Submit the crop or, if there is none, the photo. A face with neither is finished here. Takes ownership of *subject. */
static enum fc_status launch(struct reembed *reembed, struct subject *subject, size_t place,
			     struct fc_error *err)
{
	struct subject *sent = &reembed->subjects[place];
	subject->is_crop = subject->crop.length > 0;
	enum fc_status status = FC_OK;
	int fd = -1;
	if (subject->is_crop) {
		fd = fc_file_in_memory(subject->crop.data, subject->crop.length);
		status = fd < 0 ? fc_fail_errno(err, FC_IO, errno, "cannot copy a crop to memory")
				: FC_OK;
	} else {
		status = open_photo(reembed, &subject->face, &fd, err);
	}
	if (status == FC_OK && fd < 0) {
		status = finish_face(reembed, &subject->face, NULL, not_there, err);
	}
	if (status != FC_OK || fd < 0) {
		subject_release(subject);
		return status;
	}
	*sent = FC_STEAL_STRUCT(*subject);
	sent->busy = true;
	enum fc_want want = FC_WANT_TEMPLATES | (sent->is_crop ? FC_WANT_OF_CROP : FC_WANT_FACES);
	return fc_workers_submit(reembed->local->workers, place, fd, want, err);
}

/* Wait for a worker and store its result. If a crop is unusable, the photo is submitted. */
static enum fc_status collect(struct reembed *reembed, struct fc_error *err)
{
	FC_CLEANUP(fc_analysis_release) struct fc_analysis analysis = { 0 };
	enum fc_status seen = FC_OK;
	struct fc_error photo_err = { 0 };
	uint64_t place = 0;
	enum fc_status status =
		fc_workers_wait(reembed->local->workers, &place, &analysis, &seen, &photo_err, err);
	if (status == FC_BUSY) {
		return FC_OK; /* interrupted by a signal: embed_all checks whether to stop */
	}
	FC_TRY(status);

	struct subject subject = FC_STEAL_STRUCT(reembed->subjects[place]);
	/* The worker failed, or reading: the file was open before. Another run may succeed. */
	if (seen != FC_OK && seen != FC_BAD_IMAGE && seen != FC_TOO_LARGE) {
		status = fc_fail(err, seen == FC_UNREADABLE ? FC_IO : seen,
				 "'%s': %s; the gallery is unchanged",
				 subject.face.path ? subject.face.path : "a crop", photo_err.text);
		subject_release(&subject);
		return status;
	}
	const struct fc_face *face = NULL;
	const char *why = "no crop, and its photo could not be read";
	if (seen == FC_OK && subject.is_crop) {
		face = analysis.face_count == 1 ? &analysis.faces[0] : NULL;
	} else if (seen == FC_OK && !fc_sha256_equal(&analysis.sha256, &subject.face.photo)) {
		why = "no crop, and the file of its photo has other content now";
	} else if (seen == FC_OK) {
		why = "no crop, and the face was not found in its photo again";
		face = fc_face_at(&analysis, subject.face.box);
	}
	if (!face && subject.is_crop) {
		fc_buffer_release(&subject.crop);
		return launch(reembed, &subject, place, err);
	}
	reembed->result->from_crops += face && subject.is_crop;
	reembed->result->from_photos += face && !subject.is_crop;
	status = finish_face(reembed, &subject.face, face ? face->embedding : NULL, why, err);
	subject_release(&subject);
	return status;
}

static enum fc_status fill(struct reembed *reembed, struct fc_error *err)
{
	for (size_t i = 0; i < reembed->subject_count && !reembed->walked; i++) {
		struct subject subject = { 0 };
		bool has_crop = false;
		if (reembed->subjects[i].busy || fc_workers_room(reembed->local->workers) == 0) {
			continue;
		}
		enum fc_status status = next_face(reembed, true, &subject, &has_crop, err);
		if (status == FC_OK && !reembed->walked) {
			status = launch(reembed, &subject, i, err);
		}
		if (status != FC_OK) {
			subject_release(&subject);
			return status;
		}
	}
	return FC_OK;
}

/* Compute the templates of all faces that are not in the spool. */
static enum fc_status embed_all(struct reembed *reembed, struct fc_error *err)
{
	restart_walk(reembed);
	do {
		if (fc_local_stopped(reembed->local)) {
			return fc_fail(err, FC_BUSY, "interrupted; the gallery is unchanged");
		}
		FC_TRY(fill(reembed, err));
		if (fc_workers_pending(reembed->local->workers) > 0) {
			FC_TRY(collect(reembed, err));
		}
	} while (!reembed->walked || fc_workers_pending(reembed->local->workers) > 0);
	return FC_OK;
}

/* ---- survey ---- */

/* Count the crops and photos that exist. Faces that will be set aside are reported later, when this is certain. */
static enum fc_status survey(struct reembed *reembed, struct fc_error *err)
{
	struct fc_reembed_result *result = reembed->result;
	bool reports = !reembed->request->set_aside || reembed->request->dry_run;
	restart_walk(reembed);
	for (;;) {
		FC_CLEANUP(subject_release) struct subject subject = { 0 };
		bool has_crop = false, has_photo = false;
		FC_TRY(next_face(reembed, false, &subject, &has_crop, err));
		if (reembed->walked) {
			return FC_OK;
		}
		result->faces++;
		if (!has_crop) {
			FC_TRY(is_photo_of(reembed, &subject.face, &has_photo, err));
		}
		result->from_crops += has_crop;
		result->from_photos += has_photo;
		if (!has_crop && !has_photo && reports) {
			FC_TRY(report_without(reembed, &subject.face, not_there, err));
		}
	}
}

static enum fc_status refuse(const struct reembed *reembed, struct fc_error *err)
{
	return fc_fail(err, FC_INCOMPATIBLE,
		       "%llu of %llu faces of the gallery '%s' have neither a crop nor a photo, so "
		       "'%s' cannot compute their templates; nothing was changed; restore the "
		       "photos, or give --set-aside to keep these faces without a template",
		       (unsigned long long)reembed->result->without,
		       (unsigned long long)reembed->result->faces,
		       reembed->local->options.gallery_directory, reembed->to.name);
}

/* ---- the change ---- */

static enum fc_status template_of(void *context, uint32_t space, uint64_t face, float *out,
				  bool *has, struct fc_error *err)
{
	struct reembed *reembed = context;
	bool known = false;
	FC_TRY(fc_template_spool_get(reembed->spool, space, face, out, &known, has, err));
	reembed->unknown = !known;
	return known ? FC_OK
		     : fc_fail(err, FC_BUSY,
			       "other processes keep adding faces to the gallery '%s'",
			       reembed->local->options.gallery_directory);
}

/* Faces that other processes add during the run are embedded in another round. */
static enum fc_status embed_and_change(struct reembed *reembed, struct fc_error *err)
{
	struct fc_reembedding reembedding = {
		.from = reembed->from,
		.to = reembed->to,
		.template_of = template_of,
		.context = reembed,
	};
	struct fc_reembedded done;
	enum fc_status status = FC_OK;
	FC_TRY(fc_local_models_digest(reembed->local, &reembed->from, &reembedding.models_from,
				      err));
	FC_TRY(fc_local_models_digest(reembed->local, &reembed->to, &reembedding.models_to, err));
	for (int round = 0; round < ROUNDS; round++) {
		FC_TRY(embed_all(reembed, err));
		if (reembed->result->without > 0 && !reembed->request->set_aside) {
			return refuse(reembed, err);
		}
		reembed->unknown = false;
		status = fc_gallery_reembed(reembed->gallery, &reembedding, &done, err);
		if (status != FC_BUSY || !reembed->unknown) {
			break;
		}
	}
	reembed->result->changed = status == FC_OK;
	return status;
}

static enum fc_status begin(struct reembed *reembed, bool *empty, struct fc_error *err)
{
	FC_CLEANUP(fc_gallery_end_readp) struct fc_gallery_txn *txn = NULL;
	struct fc_local *local = reembed->local;
	enum fc_gallery_mode mode = reembed->request->dry_run ? FC_GALLERY_READ : FC_GALLERY_WRITE;
	FC_TRY(fc_local_gallery(local, mode, &reembed->gallery, err));
	FC_TRY(fc_gallery_begin_read(reembed->gallery, &txn, err));
	reembed->to = fc_local_pin(local);
	enum fc_status status = fc_gallery_pin(txn, &reembed->from, err);
	*empty = status == FC_NOT_FOUND;
	memcpy(reembed->result->to, reembed->to.name, sizeof(reembed->to.name));
	if (status != FC_OK) {
		return *empty ? FC_OK : status;
	}
	memcpy(reembed->result->from, reembed->from.name, sizeof(reembed->from.name));
	reembed->renewal = !fc_embedder_pin_equal(&reembed->from, &reembed->to);
	return FC_OK;
}

enum fc_status fc_local_reembed(struct fc_service *service,
				const struct fc_reembed_request *request,
				struct fc_reembed_result *out, struct fc_error *err)
{
	FC_CLEANUP(reembed_release)
	struct reembed reembed = {
		.local = fc_local_of(service),
		.request = request,
		.result = out,
	};
	bool empty = false;
	FC_TRY(begin(&reembed, &empty, err));
	if (empty) {
		return FC_OK; /* the first face will pin the gallery */
	}
	FC_TRY(survey(&reembed, err));
	if (out->without > 0 && !request->set_aside) {
		return refuse(&reembed, err);
	}
	if (request->dry_run || out->faces == 0) {
		return FC_OK;
	}
	FC_TRY(fc_local_start_workers(reembed.local, err));
	reembed.subject_count = fc_workers_room(reembed.local->workers);
	reembed.subjects = calloc(reembed.subject_count, sizeof(*reembed.subjects));
	if (!reembed.subjects) {
		return fc_fail_memory(err);
	}
	FC_TRY(fc_template_spool_new(reembed.local->options.gallery_directory, reembed.to.dimension,
				     &reembed.spool, err));
	out->from_crops = out->from_photos = out->without = 0;
	return embed_and_change(&reembed, err);
}
