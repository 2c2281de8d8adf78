/*
 * Combine the outcomes of several operands into one exit status: 0 if all succeeded, 3 if some did, else that of the first
 * failure.
 */
/* SPDX-License-Identifier: MIT */
#ifndef FC_CMD_OPTION_OPERANDS_H
#define FC_CMD_OPTION_OPERANDS_H

#include <stddef.h>

#include "base/error.h"

struct operand_outcomes {
	size_t done, failed;
	struct fc_error first; /* the first failure */
};

/* Count the outcome of one operand. failure is NULL if it succeeded. */
void operand_note(struct operand_outcomes *outcomes, const struct fc_error *failure);

/* The status of the command. err is the first failure. */
enum fc_status operand_judge(const struct operand_outcomes *outcomes, struct fc_error *err);

#endif
