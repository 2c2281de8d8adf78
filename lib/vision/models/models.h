/* Find models by name in the model path, and read their network files verified by SHA-256. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_VISION_MODELS_MODELS_H
#define FC_VISION_MODELS_MODELS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "base/digest.h"
#include "base/error.h"
#include "vision/models/model.h"

/* Directories that are searched in order for <name>.json and for the network files. Borrowed strings. */
struct fc_model_path {
	const char *const *directories;
	size_t count;
};

/*
 * Load and check the descriptor of `name` (or of a path that contains a slash and ends in .json) for a role. A missing network
 * file is not an error here; its path is NULL. Errors: FC_MODEL_MISSING (no such descriptor; the text lists the directories),
 * FC_INVALID_ARGUMENT (the descriptor is invalid or has another role), FC_NO_MEMORY.
 */
enum fc_status fc_model_load(const struct fc_model_path *path, const char *name,
			     enum fc_model_role role, struct fc_model **out, struct fc_error *err);

struct fc_model_list {
	/* sorted by role, then name; the first of each name in the model path */
	struct fc_model **models;
	size_t count, capacity;
};

/* Every model in the path. A descriptor that cannot be used is skipped and counted in *unusable. */
enum fc_status fc_model_list(const struct fc_model_path *path, struct fc_model_list *out,
			     size_t *unusable, struct fc_error *err);
void fc_model_list_release(struct fc_model_list *list);

/* True when every network file was found. */
bool fc_model_is_present(const struct fc_model *model);

/* FC_MODEL_MISSING when a network file was not found in the model path. */
enum fc_status fc_model_require_files(const struct fc_model *model, struct fc_error *err);

/*
 * Read one of a model's network files whole and check its size and SHA-256; *bytes holds exactly what was hashed.
 * Errors: FC_MODEL_MISSING, FC_MODEL_MISMATCH (both hashes in the text), FC_IO, FC_NO_MEMORY.
 */
enum fc_status fc_model_read(const struct fc_model *model, size_t file, struct fc_buffer *bytes,
			     struct fc_error *err);

/* Check a size and a SHA-256 that the caller determined. path: for the error text. Errors: FC_MODEL_MISMATCH. */
enum fc_status fc_model_check(const struct fc_model *model, size_t file, uint64_t bytes,
			      const struct fc_sha256 *sha256, const char *path,
			      struct fc_error *err);

/* ---- calibration_sets.c ---- */

/* Whether the set takes part in the thresholds in use: natural photos of adults. */
bool fc_calibration_set_is_used(const struct fc_calibration_set *set);

/*
 * The highest threshold of the sets in use at a false match rate, and the index of its set. NaN if no set in use has two points. Outside of
 * the rates that it was measured at, a set keeps the difference that it has at its outermost point to another set: of those that were
 * measured at the rate, the one with the most impostor pairs.
 */
double fc_calibration_sets_threshold(const struct fc_calibration_set *sets, size_t count,
				     double fmr, size_t *highest);

/*
 * The thresholds in use: fc_calibration_sets_threshold at each rate of a set in use. The numbers of pairs are those of the set with the
 * most impostor pairs, and the factors for means those of the set that has some and the most impostor pairs. *out has no points if no set in use has two. Errors: FC_NO_MEMORY.
 */
enum fc_status fc_calibration_sets_combine(const struct fc_calibration_set *sets, size_t count,
					   struct fc_calibration *out, struct fc_error *err);

/*
 * Write the model's descriptor with another set in its calibration to path, which may be the descriptor's own. The set replaces the one of
 * the same name. Other members are not changed. The rates of the points must be strictly descending. Errors: FC_TOO_LARGE (too many
 * sets), those of fc_file_read and fc_file_replace, FC_NO_MEMORY.
 */
enum fc_status fc_model_write_calibration(const struct fc_model *model,
					  const struct fc_calibration_set *set, const char *path,
					  struct fc_error *err);

/* How a threshold was chosen. */
enum fc_threshold_basis {
	FC_THRESHOLD_GIVEN,   /* --threshold */
	FC_THRESHOLD_FMR,     /* --fmr */
	FC_THRESHOLD_FPIR,    /* --fpir and the number of templates */
	FC_THRESHOLD_SERVICE, /* chosen by a remote service, which does not report it */
};

/*
 * The threshold at a false match rate: linear in log10(fmr) between measured points, and beyond them the line through the
 * outermost two (*extrapolated then true), at most 1 and at least -1. fmr in (0, 1).
 * Errors: FC_NOT_FOUND when the model has fewer than two points.
 */
enum fc_status fc_calibration_threshold(const struct fc_calibration *calibration, double fmr,
					double *threshold, bool *extrapolated,
					struct fc_error *err);

/*
 * The false match rate at which a search over `templates` independent impostors has the false positive identification
 * rate fpir: 1 - (1 - fpir)^(1 / templates) (ISO/IEC 19795-1, open-set identification). templates 0 counts as 1.
 */
double fc_fmr_for_fpir(double fpir, uint64_t templates);

#endif
