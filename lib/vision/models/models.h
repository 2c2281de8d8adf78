/* Models by descriptor: found along the model path, described by <name>.json, verified by SHA-256. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_VISION_MODELS_H
#define FC_VISION_MODELS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/digest.h"
#include "base/error.h"
#include "vision/face.h"

enum fc_model_role {
	FC_ROLE_DETECTOR,
	FC_ROLE_EMBEDDER,
	FC_ROLE_LIVENESS,
	FC_ROLE_ATTRIBUTES,
	FC_ROLE_COUNT,
};

enum fc_channel_order { FC_CHANNELS_BGR, FC_CHANNELS_RGB };

/* How pixels become the network's input: (value * scale - mean[c]) / deviation[c], in the network's channel order. */
struct fc_model_input {
	uint32_t width, height; /* 0 for a detector: any multiples of 32 */
	enum fc_channel_order order;
	float scale;
	float mean[3], deviation[3];
};

/* One measured operating point: at this threshold (cosine) this share of impostor pairs is accepted. */
struct fc_calibration_point {
	double fmr;
	double threshold;
};

struct fc_calibration {
	struct fc_calibration_point *points; /* by falling fmr, so by rising threshold */
	size_t count;
	uint64_t impostor_pairs, genuine_pairs; /* measured on */
	char *source; /* data and command, for people; NULL when there is none */
};

enum { FC_MODEL_FILES_MAXIMUM = 4 };

/* What a network can say of a face. */
enum fc_attribute {
	FC_ATTRIBUTE_AGE,
	FC_ATTRIBUTE_SEX,
	FC_ATTRIBUTE_EMOTION,
	FC_ATTRIBUTE_VALENCE,
	FC_ATTRIBUTE_AROUSAL,
	FC_ATTRIBUTE_COUNT,
};

enum { FC_ATTRIBUTE_LABELS_MAXIMUM = 32 };

/* Where an attribute stands among a network's outputs. */
struct fc_model_attribute {
	enum fc_attribute attribute;
	char *output;        /* the output's name; NULL: the network's only one */
	uint32_t index;      /* of its value, or of the first of its classes */
	float scale, offset; /* of a number: value * scale + offset */
	/* of a word: what each class means, an enum fc_face_sex or fc_emotion; the class with the largest value is meant */
	uint8_t labels[FC_ATTRIBUTE_LABELS_MAXIMUM];
	uint32_t label_count; /* 0: a number */
};

/* One network of a model. */
struct fc_model_file {
	char *name; /* without a folder */
	char *path; /* where it was found, beside the descriptor or along the model path; or NULL */
	uint64_t bytes;
	struct fc_sha256 sha256;
	char **urls; /* download addresses */
	size_t url_count;
	float grow; /* liveness, attributes: the network sees the detector's box grown by this factor; 0: the aligned crop */
};

struct fc_model {
	char *name;
	enum fc_model_role role;
	char *descriptor_path;
	struct fc_model_file files[FC_MODEL_FILES_MAXIMUM]; /* only a liveness model has several */
	size_t file_count;                                  /* at least 1 */
	char *licence;
	char *source; /* where it comes from, for people */
	char *note;   /* fair warning, for people; may be NULL */
	struct fc_model_input input;
	uint32_t preprocessing; /* version of the pixel path; part of a gallery's pin */
	/* detector */
	float score_threshold;
	float nms_iou;
	/* embedder */
	uint32_t dimension;
	bool mirror; /* sum the embeddings of the crop and of its mirror image */
	struct fc_calibration calibration;
	/* liveness: the mean over the networks of the probability of this class is the score */
	uint32_t live_class;
	float passed_from, failed_below; /* scores between them leave it undetermined */
	/* attributes: each once at most */
	struct fc_model_attribute attributes[FC_ATTRIBUTE_COUNT];
	size_t attribute_count;
};

void fc_model_free(struct fc_model *model);
FC_DEFINE_CLEANUP(struct fc_model *, fc_model_free);

/* Directories that are searched in order for <name>.json and for the network files. Borrowed strings. */
struct fc_model_path {
	const char *const *directories;
	size_t count;
};

/*
 * Load and check the descriptor of `name` (or of a path that contains a slash and ends in .json) for a role.
 * A missing network file is no error here: its path is NULL then.
 * Errors: FC_MODEL_MISSING (no such descriptor; the text lists the directories), FC_INVALID_ARGUMENT (descriptor unusable or of
 * another role), FC_NO_MEMORY.
 */
FC_MUST_USE enum fc_status fc_model_load(const struct fc_model_path *path, const char *name,
					 enum fc_model_role role, struct fc_model **out,
					 struct fc_error *err);

struct fc_model_list {
	/* sorted by role, then name; the first of a name along the path */
	struct fc_model **models;
	size_t count;
};

/* Every descriptor along the path. A descriptor that cannot be used is skipped and counted in *unusable. */
FC_MUST_USE enum fc_status fc_model_list(const struct fc_model_path *path,
					 struct fc_model_list *out, size_t *unusable,
					 struct fc_error *err);
void fc_model_list_release(struct fc_model_list *list);

/* True when every network file was found. */
bool fc_model_is_present(const struct fc_model *model);

/* FC_MODEL_MISSING when a network file was not found along the model path. */
FC_MUST_USE enum fc_status fc_model_require_files(const struct fc_model *model,
						  struct fc_error *err);

/*
 * Read one of a model's network files whole and check its size and SHA-256; *bytes holds just what was hashed.
 * Errors: FC_MODEL_MISSING, FC_MODEL_MISMATCH (both hashes in the text), FC_IO, FC_NO_MEMORY.
 */
FC_MUST_USE enum fc_status fc_model_read(const struct fc_model *model, size_t file,
					 struct fc_buffer *bytes, struct fc_error *err);

/* The same check of a size and a SHA-256 found elsewhere; path is for the text. Errors: FC_MODEL_MISMATCH. */
FC_MUST_USE enum fc_status fc_model_check(const struct fc_model *model, size_t file, uint64_t bytes,
					  const struct fc_sha256 *sha256, const char *path,
					  struct fc_error *err);

/*
 * Write the model's descriptor with another calibration to path (which may be where it came from); everything else in it stays.
 * The points' rates fall strictly. Errors: those of fc_file_read and fc_file_replace, FC_NO_MEMORY.
 */
FC_MUST_USE enum fc_status fc_model_write_calibration(const struct fc_model *model,
						      const struct fc_calibration *calibration,
						      const char *path, struct fc_error *err);

/* What a score of a liveness model comes to. */
enum fc_life fc_model_life(const struct fc_model *model, float score);

const char *fc_model_role_name(enum fc_model_role role);

/* "age", "sex", "emotion", "valence", "arousal" */
const char *fc_attribute_name(enum fc_attribute attribute);

/* What a threshold rests on. */
enum fc_threshold_basis {
	FC_THRESHOLD_GIVEN,   /* --threshold */
	FC_THRESHOLD_FMR,     /* --fmr */
	FC_THRESHOLD_FPIR,    /* --fpir and the number of templates */
	FC_THRESHOLD_SERVICE, /* a remote service's own, which it keeps to itself */
};

/*
 * The threshold at a false match rate: linear in log10(fmr) between measured points, and beyond them the line through the
 * outermost two (*extrapolated then true). fmr in (0, 1).
 * Errors: FC_NOT_FOUND when the model has fewer than two points.
 */
FC_MUST_USE enum fc_status fc_calibration_threshold(const struct fc_calibration *calibration,
						    double fmr, double *threshold,
						    bool *extrapolated, struct fc_error *err);

/*
 * The false match rate at which a search over `templates` independent impostors has the false positive identification
 * rate fpir: 1 - (1 - fpir)^(1 / templates) (ISO/IEC 19795-1, open-set identification). templates 0 counts as 1.
 */
double fc_fmr_for_fpir(double fpir, uint64_t templates);

#endif
