/* Lower bounds of the platform's bands of similarity, on its confidence scale of 0 to 100. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_GALLERY_BANDS_H
#define FC_GALLERY_BANDS_H

/* A match is exact, ha (high accuracy) or junk from these confidences on; below junk there is no match. */
struct fc_bands {
	double exact, ha, junk;
};

/* The platform's own defaults. */
static inline struct fc_bands fc_bands_default(void)
{
	return (struct fc_bands){ .exact = 79.3, .ha = 75.5, .junk = 68.84 };
}

#endif
