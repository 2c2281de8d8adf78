/* Analyse one photo. */
/* SPDX-License-Identifier: MIT */
#include "vision/faces/analyse.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "vision/faces/align.h"
#include "vision/faces/attributes.h"
#include "vision/faces/choice.h"
#include "vision/faces/detector.h"
#include "vision/faces/embedder.h"
#include "vision/faces/liveness.h"
#include "vision/faces/quality.h"
#include "vision/image/decode.h"

struct fc_analyser {
	struct fc_detector *detector;
	struct fc_embedder *embedder;         /* NULL: no templates */
	struct fc_liveness_network *liveness; /* NULL: no liveness */
	struct fc_attributer *attributer;     /* NULL: no attributes */
	struct fc_image_limits limits;
	const struct fc_codecs *codecs;
};

void fc_analyser_free(struct fc_analyser *analyser)
{
	if (analyser) {
		fc_detector_free(analyser->detector);
		fc_embedder_free(analyser->embedder);
		fc_liveness_free(analyser->liveness);
		fc_attributer_free(analyser->attributer);
		free(analyser);
	}
}

enum fc_status fc_analyser_new(const struct fc_analyser_options *options, struct fc_analyser **out,
			       struct fc_error *err)
{
	FC_CLEANUP(fc_analyser_freep) struct fc_analyser *analyser = calloc(1, sizeof(*analyser));
	if (!analyser) {
		return fc_fail_memory(err);
	}
	analyser->limits = options->limits;
	analyser->codecs = options->codecs;
	FC_TRY(fc_detector_new(options->detector, options->detector_bytes, &analyser->detector,
			       err));
	if (options->embedder) {
		FC_TRY(fc_embedder_new(options->embedder, options->embedder_bytes,
				       &analyser->embedder, err));
	}
	if (options->liveness) {
		FC_TRY(fc_liveness_new(options->liveness, options->liveness_bytes,
				       &analyser->liveness, err));
	}
	if (options->attributes) {
		FC_TRY(fc_attributer_new(options->attributes, options->attributes_bytes,
					 &analyser->attributer, err));
	}
	*out = FC_STEAL(analyser);
	return FC_OK;
}

void fc_analyser_set_embedder(struct fc_analyser *analyser, struct fc_embedder *embedder)
{
	fc_embedder_free(analyser->embedder);
	analyser->embedder = embedder;
}

enum fc_status fc_analyser_warm_up(struct fc_analyser *analyser, struct fc_error *err)
{
	enum { SIDE = 64 };
	const struct fc_box whole = { 0, 0, SIDE, SIDE };
	FC_CLEANUP(fc_image_release) struct fc_image blank = { 0 };

	FC_TRY(fc_image_init(&blank, SIDE, SIDE, err));
	FC_TRY(fc_detector_check(analyser->detector, err));
	if (analyser->embedder) {
		FC_TRY(fc_embedder_check(analyser->embedder, err));
	}
	if (analyser->liveness) {
		float score;
		FC_TRY(fc_liveness_run(analyser->liveness, &blank, &whole, &score, err));
	}
	if (analyser->attributer) {
		FC_TRY(fc_attributer_check(analyser->attributer, err));
	}
	return FC_OK;
}

static float milliseconds_since(int64_t start)
{
	return (float)(fc_clock_monotonic_us() - start) / 1000;
}

/* Check and decode the photo. *out gets the values that could be determined, also after an error. */
static enum fc_status load(const struct fc_analyser *analyser, const void *data, size_t length,
			   struct fc_image *image, struct fc_analysis *out, struct fc_error *err)
{
	struct fc_image_header header;
	int64_t start = fc_clock_monotonic_us();

	out->bytes = length;
	out->sha256 = fc_sha256_of(data, length);
	enum fc_status status =
		fc_image_probe(data, length, &analyser->limits, analyser->codecs, &header, err);
	bool turned = header.orientation >= 5;
	out->format = header.format;
	out->width = turned ? header.height : header.width;
	out->height = turned ? header.width : header.height;
	out->orientation = header.orientation;
	if (status == FC_OK) {
		status = fc_image_decode(data, length, &header, analyser->codecs, image, err);
		out->notes = status == FC_OK ? header.notes : 0;
	}
	out->decode_ms = milliseconds_since(start);
	return status;
}

/* Add the requested values of a face whose box, similarity and crop are known. */
static enum fc_status add_wanted(struct fc_analyser *analyser, const struct fc_image *image,
				 const struct fc_box *box, const struct fc_similarity *similarity,
				 const uint8_t *crop, enum fc_want want, struct fc_face *face,
				 struct fc_error *err)
{
	if (want & FC_WANT_CROPS) {
		face->crop = malloc(FC_CROP_BYTES);
		if (!face->crop) {
			return fc_fail_memory(err);
		}
		memcpy(face->crop, crop, FC_CROP_BYTES);
	}
	face->liveness = NAN;
	if (want & FC_WANT_LIVENESS) {
		FC_TRY(fc_liveness_run(analyser->liveness, image, box, &face->liveness, err));
	}
	if (want & FC_WANT_ATTRIBUTES) {
		FC_TRY(fc_attributer_run(analyser->attributer, image, box, similarity,
					 want & FC_WANT_OCCLUSION, &face->attributes, err));
	}
	if (want & FC_WANT_TEMPLATES) {
		size_t dimension = fc_embedder_dimension(analyser->embedder);
		face->embedding = malloc(dimension * sizeof(*face->embedding));
		return face->embedding
			       ? fc_embedder_run(analyser->embedder, crop, face->embedding, err)
			       : fc_fail_memory(err);
	}
	return FC_OK;
}

/* Whether the face is large enough, turned to the camera and inside the photo, so that its occlusion can be judged. */
static bool shows_regions(const struct fc_quality *quality)
{
	const float least_eye_distance = 10, largest_pan = 40, least_visibility = 0.9F;
	return quality->eye_distance >= least_eye_distance && fabsf(quality->pan) <= largest_pan &&
	       quality->visibility >= least_visibility;
}

/*
 * Align, measure and embed one detection that can be aligned, whose box is in the face already. The caller releases the face with the
 * analysis, also after an error.
 */
static enum fc_status describe(struct fc_analyser *analyser, const struct fc_image *image,
			       const struct fc_detection *detection, enum fc_want want,
			       struct fc_face *face, struct fc_error *err)
{
	uint8_t crop[FC_CROP_BYTES];
	struct fc_similarity similarity = { 0 };

	FC_IGNORE(fc_align_estimate(detection->landmarks,
				    &similarity)); /* drop_unalignable checked it */
	FC_TRY(fc_align_crop(image, &similarity, crop, err));
	memcpy(face->landmarks, detection->landmarks, sizeof(face->landmarks));
	face->confidence = detection->score;
	face->quality =
		fc_quality_measure(detection, &similarity, crop, image->width, image->height);
	if (!shows_regions(&face->quality)) {
		want &= ~(unsigned)FC_WANT_OCCLUSION;
	}
	return add_wanted(analyser, image, &detection->box, &similarity, crop, want, face, err);
}

/* The photo is an aligned crop. */
static enum fc_status describe_crop(struct fc_analyser *analyser, const struct fc_image *image,
				    enum fc_want want, struct fc_analysis *out,
				    struct fc_error *err)
{
	const struct fc_box whole = { 0, 0, FC_CROP_SIDE, FC_CROP_SIDE };
	const struct fc_similarity same = { .a = 1 };
	uint8_t crop[FC_CROP_BYTES];
	if (image->width != FC_CROP_SIDE || image->height != FC_CROP_SIDE) {
		return fc_fail(err, FC_BAD_IMAGE, "an aligned crop has %dx%d pixels, not %ux%u",
			       FC_CROP_SIDE, FC_CROP_SIDE, image->width, image->height);
	}
	out->faces = calloc(1, sizeof(*out->faces));
	if (!out->faces) {
		return fc_fail_memory(err);
	}
	out->face_count = 1;
	out->faces[0] = (struct fc_face){ .box = whole, .confidence = 1 };
	memcpy(out->faces[0].landmarks, fc_align_template, sizeof(out->faces[0].landmarks));
	for (uint32_t row = 0; row < FC_CROP_SIDE; row++) {
		size_t length = (size_t)3 * FC_CROP_SIDE;
		memcpy(crop + row * length, fc_image_row(image, row), length);
	}
	return add_wanted(analyser, image, &whole, &same, crop, want, &out->faces[0], err);
}

/* Drop detections whose landmarks coincide. */
static void drop_unalignable(struct fc_detections *detections)
{
	struct fc_similarity similarity;
	size_t kept = 0;
	for (size_t i = 0; i < detections->count; i++) {
		if (fc_align_estimate(detections->items[i].landmarks, &similarity)) {
			detections->items[kept++] = detections->items[i];
		}
	}
	detections->count = kept;
}

/* Append the faces of a page that can be aligned. */
static enum fc_status find_faces(struct fc_analyser *analyser, const struct fc_image *image,
				 uint16_t page, struct fc_detections *all, struct fc_analysis *out,
				 struct fc_error *err)
{
	FC_CLEANUP(fc_detections_release) struct fc_detections found = { 0 };
	int64_t start = fc_clock_monotonic_us();
	FC_TRY(fc_detector_find(analyser->detector, image, &found, err));
	out->detect_ms += milliseconds_since(start);
	out->notes |= found.cut ? FC_IMAGE_FACES_CUT : 0;
	drop_unalignable(&found);
	for (size_t i = 0; i < found.count; i++) {
		struct fc_detection *each = &found.items[i];
		each->page = page;
		each->inside = (struct fc_box){ fmaxf(0, each->box.left), fmaxf(0, each->box.top),
						fminf((float)image->width, each->box.right),
						fminf((float)image->height, each->box.bottom) };
		FC_TRY(fc_array_grow(&all->items, sizeof(*all->items), all->count, &all->capacity,
				     err));
		all->items[all->count++] = *each;
	}
	return FC_OK;
}

/* Add the faces with their boxes: the choice of the main face needs all boxes. */
static enum fc_status place_faces(const struct fc_detections *detections, struct fc_analysis *out,
				  struct fc_error *err)
{
	out->faces = calloc(detections->count + 1, sizeof(*out->faces));
	if (!out->faces) {
		return fc_fail_memory(err);
	}
	for (size_t i = 0; i < detections->count; i++) {
		struct fc_face *face = &out->faces[out->face_count++];
		face->box = detections->items[i].inside;
		face->page = detections->items[i].page;
	}
	return FC_OK;
}

/* Describe the faces of a page. */
static enum fc_status describe_page(struct fc_analyser *analyser, const struct fc_image *image,
				    uint16_t page, const struct fc_detections *detections,
				    enum fc_want want, struct fc_analysis *out,
				    struct fc_error *err)
{
	int64_t start = fc_clock_monotonic_us();
	for (size_t i = 0; i < out->face_count; i++) {
		if (out->faces[i].page == page) {
			FC_TRY(describe(analyser, image, &detections->items[i],
					fc_want_of_face(want, out, i), &out->faces[i], err));
		}
	}
	out->embed_ms += milliseconds_since(start);
	return FC_OK;
}

static enum fc_status analyse_single(struct fc_analyser *analyser, const struct fc_image *image,
				     enum fc_want want, struct fc_analysis *out,
				     struct fc_error *err)
{
	FC_CLEANUP(fc_detections_release) struct fc_detections detections = { 0 };
	FC_TRY(find_faces(analyser, image, 0, &detections, out, err));
	FC_TRY(place_faces(&detections, out, err));
	return describe_page(analyser, image, 0, &detections, want, out, err);
}

/* ---- several pages ---- */

struct pages {
	struct fc_buffer file; /* a copy, whose first page is changed */
	uint32_t *places;
	size_t count;
};

static void pages_release(struct pages *pages)
{
	fc_buffer_release(&pages->file);
	free(pages->places);
}

static int best_first(const void *a, const void *b)
{
	const struct fc_detection *one = a, *two = b;
	if (one->score != two->score) {
		return one->score > two->score ? -1 : 1;
	}
	return one->page < two->page ? -1 : one->page > two->page;
}

/* The number of a page in records: none if it is the only page. */
static uint16_t number_of(const struct pages *pages, size_t page)
{
	return pages->count > 1 ? (uint16_t)(page + 1) : 0;
}

/* Decode a page. The photo gets the size of its first page. */
static enum fc_status load_page(const struct fc_analyser *analyser, const struct pages *pages,
				size_t page, struct fc_image *image, struct fc_analysis *out,
				struct fc_error *err)
{
	struct fc_analysis other = { 0 };
	fc_tiff_choose_page(pages->file.data, pages->places[page]);
	FC_TRY_PREFIX(load(analyser, pages->file.data, pages->file.length, image, &other, err), err,
		      "page %zu", page + 1);
	out->decode_ms += other.decode_ms;
	if (page == 0) {
		out->width = other.width;
		out->height = other.height;
		out->orientation = other.orientation;
	}
	return FC_OK;
}

/* Find the faces of all pages first, and decode the pages with faces again, so that one page at a time is in memory. */
static enum fc_status analyse_pages(struct fc_analyser *analyser, const struct pages *pages,
				    enum fc_want want, struct fc_analysis *out,
				    struct fc_error *err)
{
	FC_CLEANUP(fc_detections_release) struct fc_detections detections = { 0 };
	for (size_t i = 0; i < pages->count; i++) {
		FC_CLEANUP(fc_image_release) struct fc_image image = { 0 };
		FC_TRY(load_page(analyser, pages, i, &image, out, err));
		FC_TRY(find_faces(analyser, &image, number_of(pages, i), &detections, out, err));
	}
	if (detections.count > 0) {
		qsort(detections.items, detections.count, sizeof(*detections.items), best_first);
	}
	if (detections.count > FC_FACES_MAXIMUM) {
		detections.count = FC_FACES_MAXIMUM;
		out->notes |= FC_IMAGE_FACES_CUT;
	}
	FC_TRY(place_faces(&detections, out, err));
	for (size_t i = 0; i < pages->count; i++) {
		FC_CLEANUP(fc_image_release) struct fc_image image = { 0 };
		bool has_face = false;
		for (size_t k = 0; k < out->face_count; k++) {
			has_face = has_face || out->faces[k].page == number_of(pages, i);
		}
		if (has_face) {
			FC_TRY(load_page(analyser, pages, i, &image, out, err));
			FC_TRY(describe_page(analyser, &image, number_of(pages, i), &detections,
					     want, out, err));
		}
	}
	return FC_OK;
}

/* Find the pages of a photo whose first one was decoded. Without several pages, pages->count is 0. */
static enum fc_status find_pages(const void *data, size_t length, struct fc_analysis *out,
				 struct pages *pages, struct fc_error *err)
{
	if (out->format != FC_IMAGE_TIFF) {
		return FC_OK;
	}
	FC_TRY(fc_tiff_pages(data, length, &pages->places, &pages->count, err));
	if (pages->count > 0) {
		fc_buffer_append(&pages->file, data, length);
	}
	out->pages = pages->count > 1 ? (uint32_t)pages->count : 0;
	return fc_buffer_ok(&pages->file) ? FC_OK : fc_fail_memory(err);
}

static enum fc_status check_wanted(const struct fc_analyser *analyser, enum fc_want want,
				   struct fc_error *err)
{
	const char *lacking = NULL;
	if ((want & FC_WANT_TEMPLATES) && !analyser->embedder) {
		lacking = "templates were requested without an embedder";
	} else if ((want & FC_WANT_LIVENESS) && !analyser->liveness) {
		lacking = "liveness was requested without a liveness model";
	} else if ((want & FC_WANT_ATTRIBUTES) && !analyser->attributer) {
		lacking = "attributes were requested without an attributes model";
	}
	return lacking ? fc_fail(err, FC_INVALID_ARGUMENT, "%s", lacking) : FC_OK;
}

enum fc_status fc_analyse(struct fc_analyser *analyser, const void *data, size_t length,
			  enum fc_want want, struct fc_analysis *out, struct fc_error *err)
{
	FC_CLEANUP(fc_image_release) struct fc_image image = { 0 };
	FC_CLEANUP(pages_release) struct pages pages = { 0 };

	*out = (struct fc_analysis){ .orientation = 1 };
	FC_TRY(check_wanted(analyser, want, err));
	if (want & FC_WANT_TEMPLATES) {
		out->dimension = fc_embedder_dimension(analyser->embedder);
	}
	FC_TRY(load(analyser, data, length, &image, out, err));
	int64_t start = fc_clock_monotonic_us();
	enum fc_status status;
	if (want & FC_WANT_OF_CROP) {
		status = describe_crop(analyser, &image, want, out, err);
		out->embed_ms = milliseconds_since(start);
	} else {
		FC_TRY(find_pages(data, length, out, &pages, err));
		status = pages.count > 0 ? analyse_pages(analyser, &pages, want, out, err)
					 : analyse_single(analyser, &image, want, out, err);
	}
	if (status != FC_OK) {
		/* Drop the faces, and keep the values of the file. */
		struct fc_analysis rest = *out;
		rest.faces = NULL;
		rest.face_count = 0;
		fc_analysis_release(out);
		*out = rest;
	}
	return status;
}
