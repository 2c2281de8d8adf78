/* The option --dialect. */
/* SPDX-License-Identifier: MIT */
#include "option/dialect.h"

const char *const dialect_names[] = { "neuroio", "serp", NULL };
