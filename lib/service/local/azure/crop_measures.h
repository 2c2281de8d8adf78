/* Brightness and noise of a face, from its aligned crop. Private to lib/service/local. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_SERVICE_LOCAL_AZURE_CROP_MEASURES_H
#define FC_SERVICE_LOCAL_AZURE_CROP_MEASURES_H

#include <stdint.h>

struct fc_crop_measures {
	double brightness; /* [0, 1] mean grey level of the face's middle */
	double noise; /* [0, 1] standard deviation of the noise there, in units of 20 grey levels */
};

/*
 * crop: FC_CROP_BYTES of RGB. Columns and rows 20 to 91 are measured, which show only the face, as in vision/faces/quality.h. Noise is
 * estimated with the mask [1 -2 1; -2 4 -2; 1 -2 1] by Immerkaer (1996), "Fast noise variance estimation"; fine structures of the face
 * count as noise, too.
 */
struct fc_crop_measures fc_crop_measure(const uint8_t *crop);

#endif
