/* Detect a face again in a close-up. */
/* SPDX-License-Identifier: MIT */
#include "vision/faces/close_up.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "vision/faces/align.h"
#include "vision/faces/detector_network.h"
#include "vision/faces/sample.h"

enum { SIDE = 128 };

/*
 * The share of the close-up's side that the longer side of the face's box takes. With the first, the surroundings help to decide whether
 * it is a face and which way up. The second puts the eyes about 36 pixels apart, for better landmarks. Mean similarity of the genuine
 * pairs of 121 people of LFW with facectl-embed-2, and of the templates to those of the same photos rolled by 20 degrees:
 *
 *   no close-up     0.586  0.929
 *   0.6             0.583  0.976
 *   0.8             0.587  0.979
 *   0.9             0.589  0.980
 *   0.6, then 0.9   0.590  0.988
 */
static const double deciding_share = 0.6, measuring_share = 0.9;

/*
 * With less of it inside the photo there is no second close-up, because the border cuts the face: of photos of LFW without 42 % of their
 * width, 63 % of 121 people were recognised without it and 60 % with it (64 % without any close-up).
 */
static const double least_inside = 0.85;

/* A face whose first score and close-up have this geometric mean is upright: with 0.92, 4 of 361 upside-down faces were taken for upright ones. */
static const float upright_score = 0.93F;

/*
 * If the best two directions differ by less than this, close-ups at two other scales decide with the first one: the highest sum of the three
 * scores wins, and the direction that the landmarks show gets a margin. Faces in the wrong direction, with facectl-detect (yunet):
 *
 *                                           885 upright    389 upside down
 *   the first close-up alone                  13 (1)          6 (3)
 *   three close-ups                            7 (0)          7 (2)
 *   three close-ups, margin 0.01 of the mean   5 (0)          8 (2)
 *   first close-up alone, margin 0.02         10 (1)         13 (4)
 *
 * Upright are the faces in 775 photos of LFW, also those in the background; upside down are 361 photos that were turned.
 */
static const double doubting_shares[] = { 0.45, 0.75 };
static const float doubt = 0.1F, upright_margin = 0.03F;

/* Close-ups of a face that is rolled by more than this, in radians and apart from quarters, are repeated. */
static const double oblique = M_PI / 12;

/*
 * A detector shows too little of a roll, yunet only half of it. So close-ups for the landmarks of a face that is not straight are repeated until
 * the roll changes by less than 2 degrees. Straight faces have one, so that small differences of a photo do not change the number of them: with
 * several, a drawn face and its AVIF copy had a similarity of 0.969 instead of 0.994. TAR at FMR 1e-3 of 121 people of LFW with yunet and
 * mobilefacenet, photos rolled by 30, 45 and 60 degrees:
 *
 *   one close-up                                94.2  74.4  65.3
 *   until the roll changes by less than 5       94.2  90.1  80.2
 *   3                                           95.9  95.0  90.9
 *   2                                           97.5  96.7  91.7
 *   2, only faces rolled by more than 10        97.5  96.7  81.0
 */
static const double steady = M_PI / 90, straight = M_PI / 18;
enum { MOST_MEASUREMENTS = 6 };

/*
 * The score in the close-up that a face needs whose first score was below the threshold: faces reach 0.87 or more, hands about 0.75.
 */
static const float sure_score = 0.85F;

struct fc_close_up {
	struct fc_detector_network
		network; /* its own: a network that changes between sizes of its input is slower */
	struct fc_image picture;
	float threshold, iou;
};

void fc_close_up_free(struct fc_close_up *close_up)
{
	if (close_up) {
		fc_detector_network_release(&close_up->network);
		fc_image_release(&close_up->picture);
		free(close_up);
	}
}

enum fc_status fc_close_up_new(const struct fc_model *model, const struct fc_buffer *bytes,
			       struct fc_close_up **out, struct fc_error *err)
{
	struct fc_close_up *close_up = calloc(1, sizeof(*close_up));
	if (!close_up) {
		return fc_fail_memory(err);
	}
	close_up->threshold = model->score_threshold;
	close_up->iou = model->nms_iou;
	enum fc_status status = fc_image_init(&close_up->picture, SIDE, SIDE, err);
	if (status == FC_OK) {
		status = fc_detector_network_init(&close_up->network, model, bytes, err);
	}
	if (status != FC_OK) {
		fc_close_up_free(close_up);
		return status;
	}
	*out = close_up;
	return FC_OK;
}

enum fc_status fc_close_up_check(struct fc_close_up *close_up, struct fc_error *err)
{
	static const struct fc_canvas_scale unscaled = { 1, 1 };
	FC_CLEANUP(fc_detections_release) struct fc_detections seen = { 0 };
	return fc_detector_network_run(&close_up->network, &close_up->picture, SIDE, SIDE,
				       close_up->threshold, unscaled, &seen, err);
}

/* A pixel of the close-up is `scale` photo pixels; its middle is at x, y in the photo, and its right points to `angle`. */
struct view {
	double x, y, scale, angle;
};

static struct fc_similarity to_photo(const struct view *view)
{
	const double middle = (SIDE - 1) / 2.0;
	struct fc_similarity out = { view->scale * cos(view->angle), view->scale * sin(view->angle),
				     0, 0 };
	out.x0 = view->x - (out.a - out.b) * middle;
	out.y0 = view->y - (out.b + out.a) * middle;
	return out;
}

/* A face that is upright in the close-up, in the photo. Its box encloses the ellipse that the box in the close-up encloses. */
static struct fc_detection in_photo(const struct fc_detection *seen, const struct view *view)
{
	struct fc_similarity map = to_photo(view);
	const struct fc_box *box = &seen->box;
	double x = ((double)box->left + box->right) / 2, y = ((double)box->top + box->bottom) / 2;
	double half_width = ((double)box->right - box->left) / 2;
	double half_height = ((double)box->bottom - box->top) / 2;
	double across = hypot(map.a * half_width, map.b * half_height);
	double along = hypot(map.b * half_width, map.a * half_height);
	struct fc_point centre = { (float)(map.a * x - map.b * y + map.x0),
				   (float)(map.b * x + map.a * y + map.y0) };
	struct fc_detection out = {
		.box = { centre.x - (float)across, centre.y - (float)along,
			 centre.x + (float)across, centre.y + (float)along },
		.score = seen->score,
	};
	for (size_t i = 0; i < FC_LANDMARKS; i++) {
		const struct fc_point *point = &seen->landmarks[i];
		out.landmarks[i].x = (float)(map.a * point->x - map.b * point->y + map.x0);
		out.landmarks[i].y = (float)(map.b * point->x + map.a * point->y + map.y0);
	}
	return out;
}

/* The direction of the face's right, from its landmarks, in radians. */
static double roll_of(const struct fc_detection *detection)
{
	struct fc_similarity upright = { 1, 0, 0, 0 };
	FC_IGNORE(fc_align_estimate(detection->landmarks, &upright));
	return -atan2(upright.b, upright.a);
}

static struct view view_of(const struct fc_detection *detection, double share, double turn)
{
	const struct fc_box *box = &detection->box;
	return (struct view){
		.x = ((double)box->left + box->right) / 2,
		.y = ((double)box->top + box->bottom) / 2,
		.scale = fmax(box->right - box->left, box->bottom - box->top) / (share * SIDE),
		.angle = turn + roll_of(detection),
	};
}

/* The best face in the close-up that overlaps the box, in the photo; score 0 if there is none. */
static enum fc_status detect(struct fc_close_up *close_up, const struct fc_image *image,
			     const struct view *view, const struct fc_box *box,
			     struct fc_detection *out, struct fc_error *err)
{
	static const struct fc_canvas_scale unscaled = { 1, 1 };
	FC_CLEANUP(fc_detections_release) struct fc_detections seen = { 0 };
	struct fc_similarity map = to_photo(view), to_view = fc_similarity_inverse(&map);

	FC_TRY(fc_image_sample(image, &to_view, &close_up->picture, err));
	FC_TRY(fc_detector_network_run(&close_up->network, &close_up->picture, SIDE, SIDE,
				       close_up->threshold, unscaled, &seen, err));
	fc_detections_suppress(&seen, close_up->iou);
	*out = (struct fc_detection){ 0 };
	for (size_t i = 0; i < seen.count; i++) {
		struct fc_detection face = in_photo(&seen.items[i], view);
		if (fc_box_iou(&face.box, box) > close_up->iou) {
			*out = face;
			break;
		}
	}
	return FC_OK;
}

/* Add the scores that close-ups of other scales give to the face in this direction. */
static enum fc_status add_scores(struct fc_close_up *close_up, const struct fc_image *image,
				 const struct fc_detection *first, int quarter, float *sum,
				 struct fc_error *err)
{
	for (size_t i = 0; i < FC_ARRAY_LENGTH(doubting_shares); i++) {
		struct view view = view_of(first, doubting_shares[i], quarter * M_PI / 2);
		struct fc_detection face;
		FC_TRY(detect(close_up, image, &view, &first->box, &face, err));
		*sum += face.score;
	}
	return FC_OK;
}

/*
 * The best detection of the close-ups at 0, 90, 180 and 270 degrees from what the landmarks say, because a detector puts the landmarks of
 * an upright face on one that is upside down. Close-ups that cannot change anything are left out.
 */
static enum fc_status detect_turned(struct fc_close_up *close_up, const struct fc_image *image,
				    const struct fc_detection *first, struct fc_detection *out,
				    struct fc_error *err)
{
	enum { QUARTERS = 4 };
	struct fc_detection seen[QUARTERS] = { 0 };
	int best = 0,
	    second =
		    0; /* second: that of the next lower score; equal to best if there is only one */
	for (int i = 0; i < QUARTERS; i++) {
		struct view view = view_of(first, deciding_share, i * M_PI / 2);
		FC_TRY(detect(close_up, image, &view, &first->box, &seen[i], err));
		if (seen[i].score > seen[best].score) {
			second = best;
			best = i;
		} else if (i > 0 && (second == best || seen[i].score > seen[second].score)) {
			second = i;
		}
		if (first->score < close_up->threshold ||
		    sqrtf(first->score * seen[best].score) >= upright_score) {
			break;
		}
	}
	if (seen[second].score > 0 && seen[best].score - seen[second].score < doubt) {
		float best_sum = seen[best].score + (best == 0 ? upright_margin : 0);
		float second_sum = seen[second].score + (second == 0 ? upright_margin : 0);
		FC_TRY(add_scores(close_up, image, first, best, &best_sum, err));
		FC_TRY(add_scores(close_up, image, first, second, &second_sum, err));
		if (second_sum > best_sum) {
			best = second;
		}
	}
	*out = seen[best];
	return FC_OK;
}

/*
 * detect_turned for a face that may have any roll. If the close-up shows another roll than the landmarks did, apart from quarters, all
 * close-ups were oblique, and they are repeated with the new roll.
 */
static enum fc_status decide(struct fc_close_up *close_up, const struct fc_image *image,
			     const struct fc_detection *first, struct fc_detection *out,
			     struct fc_error *err)
{
	FC_TRY(detect_turned(close_up, image, first, out, err));
	if (out->score > 0 && fabs(remainder(roll_of(out) - roll_of(first), M_PI / 2)) > oblique) {
		struct fc_detection again = *out, second;
		again.score = first->score;
		FC_TRY(detect_turned(close_up, image, &again, &second, err));
		if (second.score > out->score) {
			*out = second;
		}
	}
	return FC_OK;
}

/* The share of a close-up that is inside the photo, as if it were not rotated. */
static double inside_share(const struct view *view, const struct fc_image *image)
{
	double half = view->scale * SIDE / 2;
	double width = fmin(view->x + half, image->width) - fmax(view->x - half, 0);
	double height = fmin(view->y + half, image->height) - fmax(view->y - half, 0);
	return fmax(width, 0) * fmax(height, 0) / (4 * half * half);
}

/* Take the landmarks from close-ups along the face's roll, each rolled as the one before showed it. */
static enum fc_status measure(struct fc_close_up *close_up, const struct fc_image *image,
			      struct fc_detection *detection, struct fc_error *err)
{
	double change = M_PI;
	for (int i = 0; i < MOST_MEASUREMENTS && fabs(change) > steady; i++) {
		struct view view = view_of(detection, measuring_share, 0);
		struct fc_detection measured = { 0 };
		if (inside_share(&view, image) >= least_inside) {
			FC_TRY(detect(close_up, image, &view, &detection->box, &measured, err));
		}
		if (measured.score <= 0) {
			break;
		}
		double roll = roll_of(&measured);
		bool is_straight = fabs(remainder(roll, M_PI / 2)) < straight;
		change = is_straight ? 0 : remainder(roll - roll_of(detection), 2 * M_PI);
		memcpy(detection->landmarks, measured.landmarks, sizeof(measured.landmarks));
	}
	return FC_OK;
}

enum fc_status fc_close_up_refine(struct fc_close_up *close_up, const struct fc_image *image,
				  struct fc_detection *detection, struct fc_error *err)
{
	struct fc_detection decided;
	FC_TRY(decide(close_up, image, detection, &decided, err));
	float needed = detection->score < close_up->threshold ? sure_score : close_up->threshold;
	if (decided.score < needed) {
		detection->score = 0;
		return FC_OK;
	}
	decided.score = sqrtf(detection->score * decided.score);
	*detection = decided;
	return measure(close_up, image, detection, err);
}
