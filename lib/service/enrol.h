/* Enrolment: the rules of a request, and the actions and reasons that describe the outcome of a photo. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_SERVICE_ENROL_H
#define FC_SERVICE_ENROL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "vision/face.h"

/*
 * What to do with a face that is similar to another person of the space than the one it was given for: the similarity is at or above the
 * space's `ha` threshold or, with profiles create, the platform's rules find a profile.
 */
enum fc_duplicate_rule {
	FC_DUPLICATE_NEW = 0, /* enrol it; profiles create reports the profile that it found */
	FC_DUPLICATE_ERROR,   /* refuse the photo */
	FC_DUPLICATE_SKIP,    /* skip the photo */
	FC_DUPLICATE_ATTACH,  /* store the face with that other person */
};

/* Minimum quality of a stored face, in the units of vision/face.h. 0: no limit. */
struct fc_quality_limits {
	float awesomeness, sharpness, exposure, visibility; /* minimum, [0, 1] */
	float eye_distance;                                 /* minimum, pixels */
	float pan, tilt;                                    /* maximum absolute value, degrees */
};

/*
 * The limits of a caller who sets none. Tiny and cut faces of different people have similar templates: at the threshold of FMR 1e-3, pairs of
 * strangers match at a rate of 42 % with 7 pixels between the eyes, 3 % with 10, 0.5 % with 14; and of 3.6 % with a visibility of 0.80,
 * 0.6 % with 0.86 (121 people of LFW, facectl-detect and facectl-embed-2, both photos equally small or cut). If only one of the two is
 * tiny or cut, the rate does not rise, so only enrolment has limits.
 */
extern const struct fc_quality_limits fc_quality_floor;

/* Whether any limit is set, apart from those of fc_quality_floor. */
bool fc_quality_limits_ask(const struct fc_quality_limits *limits);

/* All zero: every face is stored, and the ledger is not used. */
struct fc_enrol_rules {
	enum fc_duplicate_rule on_duplicate;
	struct fc_quality_limits quality;
	bool remember;     /* skip photos that are in the ledger */
	bool retry_failed; /* with remember: process photos again that failed */
};

/* The outcome of a photo; in a dry run, what it would be. */
enum fc_action {
	FC_ACTION_NONE = 0,  /* the verb does not enrol */
	FC_ACTION_ENROLLED,  /* its face is new */
	FC_ACTION_UNCHANGED, /* its face was stored before */
	FC_ACTION_REPLACED, /* its face is new, and replaces the face of the file's previous photo */
	FC_ACTION_ATTACHED, /* its face is new, and was stored with the person that it is similar to */
	FC_ACTION_MOVED,    /* its face was stored before, and belongs to another person now */
	FC_ACTION_RENAMED,  /* its face was stored before, and its person has another name now */
	FC_ACTION_REMOVED,  /* the photo is gone, and its face was removed */
	FC_ACTION_SKIPPED,  /* by a rule of the request, or because it failed in an earlier run */
	FC_ACTION_REJECTED, /* the photo or its face is unsuitable */
	FC_ACTION_FAILED,   /* another error */
	FC_ACTION_COUNT,
};

/* Why a photo was not enrolled, or is skipped. Values are stored in the ledger; never renumber. */
enum fc_reason {
	FC_REASON_NONE = 0,
	FC_REASON_UNREADABLE = 1,
	FC_REASON_BAD_IMAGE = 2,
	FC_REASON_TOO_LARGE = 3,
	FC_REASON_NO_FACE = 4,
	FC_REASON_SEVERAL_FACES = 5,
	FC_REASON_FACE_TOO_SMALL = 6, /* too few pixels between the eyes */
	FC_REASON_TOO_BLURRED = 7,
	FC_REASON_BADLY_EXPOSED = 8,
	FC_REASON_TURNED_AWAY = 9, /* pan or tilt */
	FC_REASON_POOR_QUALITY = 10,
	FC_REASON_DUPLICATE = 11,
	FC_REASON_DECODER_CRASHED = 12,
	FC_REASON_TIMED_OUT = 13,
	FC_REASON_CONFLICT = 14,
	FC_REASON_OTHER = 15,
	FC_REASON_WORKER_KILLED = 16,    /* by another process; not caused by the photo */
	FC_REASON_INVALID_ARGUMENT = 17, /* its list row or its path is invalid */
	FC_REASON_CUT_OFF = 18,          /* too little of the face is inside the photo */
	FC_REASON_COUNT,
};

/*
 * Check a face that is going to be enrolled. FC_POOR_QUALITY if a limit is violated: the message has the first such limit and the measured
 * value, *reason says which it is. path: of the photo, for the message.
 */
enum fc_status fc_quality_check(const struct fc_quality_limits *limits, const struct fc_face *face,
				const char *path, enum fc_reason *reason, struct fc_error *err);

/* Lower-case words for records: "enrolled"; "face_too_small". NULL for NONE. */
const char *fc_action_name(enum fc_action action);
const char *fc_reason_name(enum fc_reason reason);

/* The reason for a status. */
enum fc_reason fc_reason_of(enum fc_status status);

/* The action for a photo with this status and reason: rejected or failed; NONE with FC_OK. */
enum fc_action fc_action_of(enum fc_status status, enum fc_reason reason);

#endif
