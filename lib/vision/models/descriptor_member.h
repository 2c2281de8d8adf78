/* Read the members of a descriptor. Errors: FC_INVALID_ARGUMENT with the member's name and what it should be, FC_NO_MEMORY. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_VISION_MODELS_DESCRIPTOR_MEMBER_H
#define FC_VISION_MODELS_DESCRIPTOR_MEMBER_H

#include "base/error.h"
#include "base/json.h"
#include "vision/models/model.h"

/* Always fails: the member should be something else. */
enum fc_status fc_descriptor_wrong(struct fc_error *err, const char *member, const char *should);

/* A text that is not empty, copied. If it is not needed and absent, *out is left as it is. */
enum fc_status fc_descriptor_text(const cJSON *json, const char *member, bool needed, char **out,
				  struct fc_error *err);

enum fc_status fc_descriptor_whole(const cJSON *json, const char *member, double minimum,
				   double maximum, uint64_t *out, struct fc_error *err);

enum fc_status fc_descriptor_real(const cJSON *json, const char *member, double minimum,
				  double maximum, float *out, struct fc_error *err);

/* Absent: false. */
enum fc_status fc_descriptor_flag(const cJSON *json, const char *member, bool *out,
				  struct fc_error *err);

/* The calibration of an embedder: its sets, and what follows from them. */
enum fc_status fc_descriptor_calibration(const cJSON *json, struct fc_model *model,
					 struct fc_error *err);

/* The outputs of an attributes model. */
enum fc_status fc_descriptor_attributes(const cJSON *json, struct fc_model *model,
					struct fc_error *err);

#endif
