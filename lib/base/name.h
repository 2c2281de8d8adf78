/* Names of persons: texts that look the same are the same name. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_BASE_NAME_H
#define FC_BASE_NAME_H

#include "base/error.h"

/*
 * Normalise a name: Unicode form NFC, without white space at both ends. Upper and lower case are kept. A text that is not UTF-8 is copied as it is.
 * The caller frees *out. Errors: FC_NO_MEMORY.
 */
enum fc_status fc_name_normalise(const char *text, char **out, struct fc_error *err);

/* Like fc_name_normalise, and without the difference of upper and lower case (Unicode case folding). */
enum fc_status fc_name_fold(const char *text, char **out, struct fc_error *err);

#endif
