/*
 * Measured properties of a face; see struct fc_quality.
 *
 * sharpness    v / (v + 100), where v is the variance of the 3x3 Laplacian [0 1 0; 1 -4 1; 0 1 0] over the grey aligned crop:
 *              the focus measure LAPV of Pech-Pacheco et al. (2000), "Diatom autofocusing in brightfield microscopy". 100 is the value
 *              below which pictures are commonly called blurred, and gives 0.5. A small face that had to grow to the crop has
 *              few fine details and counts as blurred, since it is equally useless.
 * exposure     (1 - ((m - 127.5) / 127.5)^2) * (1 - c), with m the mean grey level and c the share of pixels at or below 4 or at or
 *              above 251, both over the crop's middle (columns and rows 20 to 91), which shows only the face.
 *              Both measures leave out pixels of the crop that are outside of the photo.
 * eye_distance between the two eye landmarks, in the photo's pixels.
 * roll         of the line from the right eye (left in the image) to the left one: atan2(dy, dx).
 * pan, tilt    from where the nose's tip lies after turning the face upright by roll. In a frontal face it is on the line
 *              from the middle of the eyes to the middle of the mouth, at 0.56 of that line, which is 1.03 times as long as the eyes'
 *              distance: means of 84 near-frontal photos of LFW with facectl-detect (yunet: 0.58 and 0.98). It protrudes
 *              by 0.43 of the eyes' distance (63 mm apart, 27 mm: eyes, nose and mouth of the 3D face model that is commonly
 *              used with OpenCV's solvePnP). A turn by pan moves it sideways by sin(pan) of that and narrows the eyes' distance by
 *              cos(pan), so tan(pan) = (offset / eye distance) / 0.43; likewise tilt with the height from eyes to mouth.
 *              Five points do not allow more: expect errors of about 10 degrees, and larger ones beyond 45.
 * visibility   share of the crop's middle, as for exposure, that lies inside the photo. The box does not show what is cut off, because
 *              detectors keep it inside; the whole crop reaches beyond tight portraits.
 * frontality   2 * cos(pan) * cos(tilt) - 1.
 * awesomeness  geometric mean of five values in [0, 1]: sharpness, exposure, visibility, cos(pan) * cos(tilt), and
 *              min(1, eye_distance / 90), as ISO/IEC 19794-5 requires about 90 pixels between the eyes of a full frontal
 *              photo. One bad property makes the result bad.
 *
 * Grey is 0.299 R + 0.587 G + 0.114 B (ITU-R BT.601).
 */
/* SPDX-License-Identifier: MIT */
#ifndef FC_VISION_FACES_QUALITY_H
#define FC_VISION_FACES_QUALITY_H

#include "vision/face.h"
#include "vision/faces/detections.h"
#include "vision/faces/sample.h"

/*
 * similarity: from the photo to the crop. crop: FC_CROP_BYTES of the aligned face. width, height: the photo's. Every value is finite.
 */
struct fc_quality fc_quality_measure(const struct fc_detection *detection,
				     const struct fc_similarity *similarity, const uint8_t *crop,
				     uint32_t width, uint32_t height);

#endif
