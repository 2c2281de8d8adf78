/* How photos become faces of persons: the rules that a request gives, and the words for what became of a photo. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_SERVICE_ENROL_H
#define FC_SERVICE_ENROL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"

/*
 * What to do with a face that looks like another person of the space than the one it is for: at or above the space's `ha`, or, where
 * profiles are created, wherever the platform's rules find somebody.
 */
enum fc_duplicate_rule {
	FC_DUPLICATE_NEW = 0, /* nothing: enrol it; create answers with whom it found */
	FC_DUPLICATE_ERROR,   /* refuse the photo */
	FC_DUPLICATE_SKIP,    /* leave the photo out */
	FC_DUPLICATE_ATTACH,  /* store the face with that other person */
};

/* What a face must measure to be stored, as vision/face.h has it; 0 asks nothing. */
struct fc_quality_limits {
	float awesomeness, sharpness, exposure; /* at least, [0, 1] */
	float eye_distance;                     /* at least, pixels */
	float pan, tilt;                        /* at most, degrees to either side */
};

/* Whether they ask anything. */
bool fc_quality_limits_ask(const struct fc_quality_limits *limits);

/* All zero: store every face, remember nothing. */
struct fc_enrol_rules {
	enum fc_duplicate_rule on_duplicate;
	struct fc_quality_limits quality;
	bool remember;     /* pass over photos that were dealt with before, by the ledger */
	bool retry_failed; /* but not over those that failed then */
};

/* What became of a photo; in a dry run, what would. */
enum fc_action {
	FC_ACTION_NONE = 0,  /* of a verb that enrols nobody */
	FC_ACTION_ENROLLED,  /* its face is new */
	FC_ACTION_UNCHANGED, /* its face was there */
	FC_ACTION_REPLACED,  /* its face is new, and what the file held before is gone */
	FC_ACTION_ATTACHED,  /* its face is new, with the person that it looks like */
	FC_ACTION_SKIPPED, /* left out, by a rule of the request or as a failure of an earlier run */
	FC_ACTION_REJECTED, /* the photo or its face is not fit */
	FC_ACTION_FAILED,   /* something else went wrong */
	FC_ACTION_COUNT,
};

/* Why a photo was not enrolled, or is passed over. Values are stored in the ledger; never renumber. */
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
	FC_REASON_WORKER_KILLED = 16,    /* by somebody else; tells nothing of the photo */
	FC_REASON_INVALID_ARGUMENT = 17, /* what its list or its place says of it is wrong */
	FC_REASON_COUNT,
};

/* Lower-case words for records: "enrolled"; "face_too_small". NULL for NONE. */
const char *fc_action_name(enum fc_action action);
const char *fc_reason_name(enum fc_reason reason);

/* The reason that a status alone tells. */
enum fc_reason fc_reason_of(enum fc_status status);

/* What a photo that ended with this status and reason comes to: rejected or failed; NONE with FC_OK. */
enum fc_action fc_action_of(enum fc_status status, enum fc_reason reason);

#endif
