/* A model as its descriptor <name>.json describes it: plain values, the same in facectl and in its workers. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_VISION_MODELS_MODEL_H
#define FC_VISION_MODELS_MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/calibration.h"
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
	uint32_t width, height; /* 0 for a detector that accepts any multiples of 32 */
	enum fc_channel_order order;
	float scale;
	float mean[3], deviation[3];
};

enum { FC_MODEL_FILES_MAXIMUM = 4 };

enum { FC_ATTRIBUTE_LABELS_MAXIMUM = 32 };

/* The place of an attribute in a network's outputs. */
struct fc_model_attribute {
	enum fc_attribute attribute;
	char *output;   /* the output's name; NULL: the network's only one */
	uint32_t index; /* index of its value, or of its first class or region, in the output */
	float scale, offset; /* for a number: the attribute is value * scale + offset */
	/* for a word: the meaning of each class, an enum fc_sex or fc_emotion; the class with the largest value is the result */
	uint8_t labels[FC_ATTRIBUTE_LABELS_MAXIMUM];
	uint32_t label_count; /* 0: the attribute is a number */
	bool probabilities;   /* the values of the classes are their probabilities */
	/* the word is withheld when its probability is lower, or the estimated age is outside of these years */
	float least_probability;
	uint32_t age_from, age_to;
};

/* One network of a model. */
struct fc_model_file {
	char *name; /* without a folder */
	char *path; /* in the descriptor's folder or in the model path; NULL when not found */
	uint64_t bytes;
	struct fc_sha256 sha256;
	char **urls; /* download addresses */
	size_t url_count;
	float grow; /* liveness, attributes: the network sees the detector's box grown by this factor; 0: the aligned crop */
};

/* Thresholds that were measured on one set of photos. */
struct fc_calibration_set {
	char *name;
	/* false: the photos were prepared, for example cropped tightly, which makes faces of different persons more similar */
	bool natural;
	bool adults; /* false: children are among the persons */
	struct fc_calibration calibration;
};

void fc_calibration_set_release(struct fc_calibration_set *set);

enum { FC_CALIBRATION_SETS_MAXIMUM = 16, FC_CALIBRATION_NAME_MAXIMUM = 64 };

struct fc_model {
	char *name;
	enum fc_model_role role;
	char *descriptor_path;
	struct fc_model_file files[FC_MODEL_FILES_MAXIMUM]; /* only a liveness model has several */
	size_t file_count;                                  /* at least 1 */
	char *licence;
	char *source; /* the model's origin, for users */
	char *note;   /* a warning for users; may be NULL */
	struct fc_model_input input;
	uint32_t preprocessing; /* version of the pixel path; part of a gallery's pin */
	/* detector */
	float score_threshold;
	float nms_iou;
	/* embedder */
	uint32_t dimension;
	/* embedder: sum the embeddings of the crop and of its mirror image; attributes: average the outputs of several views */
	bool mirror;
	struct fc_calibration_set *sets;
	size_t set_count;
	struct fc_calibration calibration; /* in use: see fc_calibration_sets_combine */
	/* liveness: the mean over the networks of the probability of this class is the score */
	uint32_t live_class;
	float passed_from, failed_below; /* scores between them leave it undetermined */
	/* attributes: each at most once */
	struct fc_model_attribute attributes[FC_ATTRIBUTE_COUNT];
	size_t attribute_count;
};

void fc_model_free(struct fc_model *model);
FC_DEFINE_CLEANUP(struct fc_model *, fc_model_free);

/* The verdict for a score of a liveness model. */
enum fc_liveness fc_model_life(const struct fc_model *model, float score);

const char *fc_model_role_name(enum fc_model_role role);

/* The name of an attribute: "age", "sex", "emotion", "valence", "arousal", "smile", "glasses", "occlusion". */
const char *fc_attribute_name(enum fc_attribute attribute);

#endif
