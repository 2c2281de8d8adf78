/* Confidence thresholds (0 to 100, as on the platform) that separate exact, ha and junk matches. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_GALLERY_BANDS_H
#define FC_GALLERY_BANDS_H

/* The lowest confidence of an exact, ha (high accuracy) and junk match. Below junk there is no match. */
struct fc_bands {
	double exact, ha, junk;
};

/* The platform's own defaults. */
static inline struct fc_bands fc_bands_default(void)
{
	return (struct fc_bands){ .exact = 79.3, .ha = 75.5, .junk = 68.84 };
}

#endif
