/* The option --dialect: which platform's JSON a command writes. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_CMD_DIALECT_H
#define FC_CMD_DIALECT_H

#include "option/option.h"
#include "protocol/platform_dialect.h"

/* NULL after the last; the index is an enum fc_platform_kind. */
extern const char *const dialect_names[];

/* clang-format off */
#define OPTION_ROW_DIALECT(args, member)                                                           \
	{ OPTION_CHOICE, 0, "dialect", "DIALECT", offsetof(struct args, member),                   \
	  "whose JSON: neuroio (the default) or serp", .choices = dialect_names }
/* clang-format on */

/* The value of the option. */
static inline const struct fc_platform_dialect *dialect_of(unsigned choice)
{
	return fc_platform_dialect_of((enum fc_platform_kind)choice);
}

#endif
