/* Names of actions and reasons. */
/* SPDX-License-Identifier: MIT */
#include "service/enrol.h"

#include <stddef.h>

const char *fc_action_name(enum fc_action action)
{
	static const char *const names[FC_ACTION_COUNT] = {
		[FC_ACTION_ENROLLED] = "enrolled", [FC_ACTION_UNCHANGED] = "unchanged",
		[FC_ACTION_REPLACED] = "replaced", [FC_ACTION_ATTACHED] = "attached",
		[FC_ACTION_MOVED] = "moved",       [FC_ACTION_RENAMED] = "renamed",
		[FC_ACTION_REMOVED] = "removed",   [FC_ACTION_SKIPPED] = "skipped",
		[FC_ACTION_REJECTED] = "rejected", [FC_ACTION_FAILED] = "failed",
	};
	return (unsigned)action < FC_ACTION_COUNT ? names[action] : NULL;
}

const char *fc_reason_name(enum fc_reason reason)
{
	static const char *const names[FC_REASON_COUNT] = {
		[FC_REASON_UNREADABLE] = "unreadable",
		[FC_REASON_BAD_IMAGE] = "bad_image",
		[FC_REASON_TOO_LARGE] = "too_large",
		[FC_REASON_NO_FACE] = "no_face",
		[FC_REASON_SEVERAL_FACES] = "several_faces",
		[FC_REASON_FACE_TOO_SMALL] = "face_too_small",
		[FC_REASON_TOO_BLURRED] = "too_blurred",
		[FC_REASON_BADLY_EXPOSED] = "badly_exposed",
		[FC_REASON_TURNED_AWAY] = "turned_away",
		[FC_REASON_POOR_QUALITY] = "poor_quality",
		[FC_REASON_DUPLICATE] = "duplicate",
		[FC_REASON_DECODER_CRASHED] = "decoder_crashed",
		[FC_REASON_TIMED_OUT] = "timed_out",
		[FC_REASON_CONFLICT] = "conflict",
		[FC_REASON_OTHER] = "other",
		[FC_REASON_WORKER_KILLED] = "worker_killed",
		[FC_REASON_INVALID_ARGUMENT] = "invalid_argument",
		[FC_REASON_CUT_OFF] = "cut_off",
	};
	return (unsigned)reason < FC_REASON_COUNT ? names[reason] : NULL;
}

enum fc_reason fc_reason_of(enum fc_status status)
{
	switch (status) {
	case FC_OK:
		return FC_REASON_NONE;
	case FC_UNREADABLE:
		return FC_REASON_UNREADABLE;
	case FC_BAD_IMAGE:
		return FC_REASON_BAD_IMAGE;
	case FC_TOO_LARGE:
		return FC_REASON_TOO_LARGE;
	case FC_NO_FACE:
		return FC_REASON_NO_FACE;
	case FC_SEVERAL_FACES:
		return FC_REASON_SEVERAL_FACES;
	case FC_POOR_QUALITY:
		return FC_REASON_POOR_QUALITY;
	case FC_CONFLICT:
		return FC_REASON_CONFLICT;
	case FC_WORKER_DIED:
		return FC_REASON_DECODER_CRASHED;
	case FC_WORKER_KILLED:
		return FC_REASON_WORKER_KILLED;
	case FC_TIMED_OUT:
		return FC_REASON_TIMED_OUT;
	case FC_INVALID_ARGUMENT:
		return FC_REASON_INVALID_ARGUMENT;
	default:
		return FC_REASON_OTHER;
	}
}

enum fc_action fc_action_of(enum fc_status status, enum fc_reason reason)
{
	switch (status) {
	case FC_OK:
		return FC_ACTION_NONE;
	case FC_BAD_IMAGE:
	case FC_TOO_LARGE:
	case FC_NO_FACE:
	case FC_SEVERAL_FACES:
	case FC_POOR_QUALITY:
		return FC_ACTION_REJECTED;
	default:
		return reason == FC_REASON_DUPLICATE ? FC_ACTION_REJECTED : FC_ACTION_FAILED;
	}
}
