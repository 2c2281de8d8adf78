/* The result of analysing one photo. */
/* SPDX-License-Identifier: MIT */
#include "vision/face.h"

#include <stdlib.h>
#include <string.h>

void fc_analysis_release(struct fc_analysis *analysis)
{
	if (!analysis) {
		return;
	}
	for (size_t i = 0; i < analysis->face_count; i++) {
		free(analysis->faces[i].embedding);
		free(analysis->faces[i].crop);
	}
	free(analysis->faces);
	memset(analysis, 0, sizeof(*analysis));
}

static void *duplicate(const void *bytes, size_t length)
{
	void *copy = bytes ? malloc(length) : NULL;
	return copy ? memcpy(copy, bytes, length) : NULL;
}

enum fc_status fc_analysis_copy(const struct fc_analysis *from, struct fc_analysis *out,
				struct fc_error *err)
{
	FC_CLEANUP(fc_analysis_release) struct fc_analysis copy = *from;
	copy.face_count = 0;
	copy.faces = calloc(from->face_count + 1, sizeof(*copy.faces));
	if (!copy.faces) {
		return fc_fail_memory(err);
	}
	for (; copy.face_count < from->face_count; copy.face_count++) {
		const struct fc_face *face = &from->faces[copy.face_count];
		struct fc_face *made = &copy.faces[copy.face_count];
		*made = *face;
		made->crop = NULL;
		made->embedding = duplicate(face->embedding, from->dimension * sizeof(float));
		bool failed = face->embedding && !made->embedding;
		if (!failed && face->crop) {
			made->crop = duplicate(face->crop, FC_CROP_BYTES);
			failed = !made->crop;
		}
		if (failed) {
			free(made->embedding);
			return fc_fail_memory(err);
		}
	}
	*out = FC_STEAL_STRUCT(copy);
	return FC_OK;
}

void fc_attributes_restrict(struct fc_attributes *attributes, unsigned set)
{
	const struct fc_attributes all = *attributes;
	struct fc_attributes kept = {
		.has_age = all.has_age && (set & 1U << FC_ATTRIBUTE_AGE),
		.has_valence = all.has_valence && (set & 1U << FC_ATTRIBUTE_VALENCE),
		.has_arousal = all.has_arousal && (set & 1U << FC_ATTRIBUTE_AROUSAL),
		.has_smile = all.has_smile && (set & 1U << FC_ATTRIBUTE_SMILE),
		.has_glasses = all.has_glasses && (set & 1U << FC_ATTRIBUTE_GLASSES),
		.has_occlusion = all.has_occlusion && (set & 1U << FC_ATTRIBUTE_OCCLUSION),
		.has_emotions = all.has_emotions && (set & FC_ATTRIBUTES_EMOTIONS),
	};
	kept.age = kept.has_age ? all.age : 0;
	kept.valence = kept.has_valence ? all.valence : 0;
	kept.arousal = kept.has_arousal ? all.arousal : 0;
	kept.smile = kept.has_smile ? all.smile : 0;
	kept.glasses = kept.has_glasses ? all.glasses : 0;
	if (set & 1U << FC_ATTRIBUTE_SEX) {
		kept.sex = all.sex;
		kept.sex_probability = all.sex_probability;
	}
	if (set & 1U << FC_ATTRIBUTE_EMOTION) {
		kept.emotion = all.emotion;
		kept.emotion_probability = all.emotion_probability;
	}
	if (kept.has_occlusion) {
		memcpy(kept.occlusion, all.occlusion, sizeof(kept.occlusion));
	}
	if (kept.has_emotions) {
		memcpy(kept.emotions, all.emotions, sizeof(kept.emotions));
	}
	*attributes = kept;
}

const char *fc_image_note_next(unsigned *notes, const char **sentence)
{
	static const struct {
		unsigned note;
		const char *word, *sentence;
	} all[] = {
		{ FC_IMAGE_FIRST_FRAME, "first_frame",
		  "an animation, of which only the first frame was used" },
		{ FC_IMAGE_NO_END, "no_end",
		  "the end of the file is missing, but all pixels were decoded" },
		{ FC_IMAGE_FACES_CUT, "faces_cut",
		  "the photo has more faces than facectl reports (3000); the rest was left out" },
	};
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		if (*notes & all[i].note) {
			*notes &= ~all[i].note;
			*sentence = all[i].sentence;
			return all[i].word;
		}
	}
	return NULL;
}

const char *fc_image_format_name(enum fc_image_format format)
{
	switch (format) {
	case FC_IMAGE_JPEG:
		return "jpeg";
	case FC_IMAGE_PNG:
		return "png";
	case FC_IMAGE_WEBP:
		return "webp";
	case FC_IMAGE_BMP:
		return "bmp";
	case FC_IMAGE_TIFF:
		return "tiff";
	case FC_IMAGE_HEIC:
		return "heic";
	case FC_IMAGE_AVIF:
		return "avif";
	case FC_IMAGE_GIF:
		return "gif";
	case FC_IMAGE_JXL:
		return "jxl";
	case FC_IMAGE_UNKNOWN:
		break;
	}
	return "unknown";
}
