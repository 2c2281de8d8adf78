/* Import an ONNX network into OpenCV. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_VISION_FACES_ONNX_IMPORT_HH
#define FC_VISION_FACES_ONNX_IMPORT_HH

#include <cstddef>
#include <opencv2/dnn.hpp>

/*
 * Make the same layers as cv::dnn::readNetFromONNX, in a third of the time: that copies the weights several times and looks for patterns in
 * the graph. Returns false, and leaves *out unchanged, if the network has anything that the built-in networks lack; OpenCV imports it
 * then. A layer has the name of its output. Throws std::bad_alloc, and
 * cv::Exception if memory runs out.
 */
bool fc_onnx_import(const void *onnx, std::size_t length, cv::dnn::Net *out);

#endif
