/* The quality that a face needs to be enrolled. */
/* SPDX-License-Identifier: MIT */
#include "service/enrol.h"

#include <math.h>
#include <stddef.h>

#include "base/memory.h"

const struct fc_quality_limits fc_quality_floor = { .eye_distance = 10, .visibility = 0.85F };

bool fc_quality_limits_ask(const struct fc_quality_limits *limits)
{
	const struct fc_quality_limits *floor = &fc_quality_floor;
	return limits->awesomeness > 0 || limits->sharpness > 0 || limits->exposure > 0 ||
	       limits->pan > 0 || limits->tilt > 0 ||
	       (limits->eye_distance > 0 && limits->eye_distance != floor->eye_distance) ||
	       (limits->visibility > 0 && limits->visibility != floor->visibility);
}

struct measure {
	enum fc_reason reason;
	float measured, limit;
	bool at_most;
	const char *what; /* unit or label printed after the value */
	const char *fix;
};

/* Number of decimals that shows the limit as it was given, and the measured value as different from it. */
static int decimals_of(const struct measure *measure)
{
	enum { ENOUGH = 4 };
	bool whole = measure->reason == FC_REASON_FACE_TOO_SMALL ||
		     measure->reason == FC_REASON_TURNED_AWAY;
	int decimals = whole ? 0 : 2;
	for (; decimals < ENOUGH; decimals++) {
		float unit = powf(10, (float)-decimals);
		float limit = roundf(measure->limit / unit) * unit;
		float measured = roundf(fabsf(measure->measured) / unit) * unit;
		if (fabsf(limit - measure->limit) < 1e-5F && fabsf(limit - measured) > unit / 2) {
			break;
		}
	}
	return decimals;
}

enum fc_status fc_quality_check(const struct fc_quality_limits *limits, const struct fc_face *face,
				const char *path, enum fc_reason *reason, struct fc_error *err)
{
	const struct fc_quality *quality = &face->quality;
	const struct measure measures[] = {
		{ FC_REASON_FACE_TOO_SMALL, quality->eye_distance, limits->eye_distance, false,
		  "px between the eyes", "take the photo from closer, or with more pixels" },
		{ FC_REASON_CUT_OFF, quality->visibility, limits->visibility, false,
		  "of the face inside the photo", "take a photo that shows the whole face" },
		{ FC_REASON_TOO_BLURRED, quality->sharpness, limits->sharpness, false,
		  "of sharpness", "take a sharper photo" },
		{ FC_REASON_BADLY_EXPOSED, quality->exposure, limits->exposure, false,
		  "of exposure", "take a photo in even light" },
		{ FC_REASON_TURNED_AWAY, quality->pan, limits->pan, true, "degrees to the side",
		  "take a photo from the front" },
		{ FC_REASON_TURNED_AWAY, quality->tilt, limits->tilt, true, "degrees up or down",
		  "take a photo at the height of the eyes" },
		{ FC_REASON_POOR_QUALITY, quality->awesomeness, limits->awesomeness, false,
		  "of quality", "take a better photo" },
	};
	for (size_t i = 0; i < FC_ARRAY_LENGTH(measures); i++) {
		const struct measure *measure = &measures[i];
		float limit = measure->limit, measured = measure->measured;
		if (limit <= 0 ||
		    (measure->at_most ? fabsf(measured) <= limit : measured >= limit)) {
			continue;
		}
		int decimals = decimals_of(measure);
		*reason = measure->reason;
		return fc_fail(err, FC_POOR_QUALITY, "'%.200s': %s: %.*f %s, %s%.*f required; %s",
			       path, fc_reason_name(measure->reason), decimals, (double)measured,
			       measure->what, measure->at_most ? "at most " : "", decimals,
			       (double)limit, measure->fix);
	}
	return FC_OK;
}
