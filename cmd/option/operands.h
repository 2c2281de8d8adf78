/* Several operands of one command, each with an outcome of its own: all done is 0, some 3, none the status of the first. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_CMD_OPERANDS_H
#define FC_CMD_OPERANDS_H

#include <stddef.h>

#include "base/error.h"

struct operand_outcomes {
	size_t done, failed;
	struct fc_error first; /* of those that failed */
};

/* Count one operand; failure is NULL when it was done. */
void operand_note(struct operand_outcomes *outcomes, const struct fc_error *failure);

/* The status of the command, with the first failure as its text. */
FC_MUST_USE enum fc_status operand_judge(const struct operand_outcomes *outcomes,
					 struct fc_error *err);

#endif
