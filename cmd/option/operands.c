/* Combine the outcomes of several operands into the status of a command. */
/* SPDX-License-Identifier: MIT */
#include "option/operands.h"

void operand_note(struct operand_outcomes *outcomes, const struct fc_error *failure)
{
	if (!failure) {
		outcomes->done++;
	} else if (outcomes->failed++ == 0) {
		outcomes->first = *failure;
	}
}

enum fc_status operand_judge(const struct operand_outcomes *outcomes, struct fc_error *err)
{
	if (outcomes->failed == 0) {
		return FC_OK;
	}
	enum fc_status status = outcomes->done > 0 ? FC_PARTIAL : outcomes->first.status;
	if (outcomes->failed == 1) {
		FC_IGNORE(fc_fail(err, outcomes->first.status, "%s", outcomes->first.text));
	} else {
		FC_IGNORE(fc_fail(err, outcomes->first.status, "%s, and %zu more failed",
				  outcomes->first.text, outcomes->failed - 1));
	}
	fc_error_copy_answer(err, &outcomes->first);
	return status;
}
