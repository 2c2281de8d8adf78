/* The option --attributes. */
/* SPDX-License-Identifier: MIT */
#include "photos/attribute_option.h"

#include <string.h>

#include "option/words.h"

enum { ALL = 1 << (FC_ATTRIBUTE_COUNT + 1), NONE = 1 << (FC_ATTRIBUTE_COUNT + 2) };

const char *const attribute_words[] = {
	[FC_ATTRIBUTE_AGE] = "age",
	[FC_ATTRIBUTE_SEX] = "sex",
	[FC_ATTRIBUTE_EMOTION] = "mood",
	[FC_ATTRIBUTE_VALENCE] = "valence",
	[FC_ATTRIBUTE_AROUSAL] = "arousal",
	[FC_ATTRIBUTE_SMILE] = "smile",
	[FC_ATTRIBUTE_GLASSES] = "glasses",
	[FC_ATTRIBUTE_OCCLUSION] = "occlusion",
	[FC_ATTRIBUTE_COUNT] = "emotions",
	"all",
	"none",
	NULL,
};

enum fc_status attributes_choose(struct command_context *ctx, const struct option_texts *words,
				 struct fc_error *err)
{
	bool available = strcmp(ctx->settings->attributes, "none") != 0;
	unsigned bits = 0;
	ctx->attributes = available ? FC_ATTRIBUTES_USUAL : 0;
	if (words->count == 0) {
		return FC_OK;
	}
	FC_TRY(words_to_bits(words, "--attributes", attribute_words, &bits, err));
	if ((bits & NONE) && bits != NONE) {
		return fc_fail(err, FC_INVALID_ARGUMENT,
			       "--attributes takes none alone, without other words");
	}
	if (bits != NONE && !available) {
		return fc_fail(
			err, FC_INVALID_ARGUMENT,
			"--attributes needs an attribute model, but models.attribute-model is none");
	}
	ctx->attributes_named = bits & FC_ATTRIBUTES_ALL;
	ctx->attributes = bits & ALL ? (unsigned)FC_ATTRIBUTES_ALL : ctx->attributes_named;
	if (bits != NONE && strcmp(ctx->settings->service, "local") != 0) {
		out_note(ctx->out,
			 "--attributes applies only to photos that are analysed on this "
			 "machine; see the attribute keys of services in facectl.conf(5)");
	}
	return FC_OK;
}
