/* The importer of the built-in networks makes the same layers as OpenCV's, and leaves everything else to it. */
/* SPDX-License-Identifier: MIT */
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>
#include <opencv2/core/utils/logger.hpp>
#include <string>
#include <vector>

#include "vision/faces/onnx_import.hh"

/* cmocka defines macros with names such as fail, so it comes last. */
extern "C" {
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
}

namespace
{
std::string read_network(const char *name)
{
	std::ifstream file(std::string(std::getenv("FACECTL_TEST_MODELS")) + "/" + name + ".onnx",
			   std::ios::binary);
	return std::string(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
}

std::vector<cv::Mat> run(cv::dnn::Net &net, int side, const std::vector<std::string> &names)
{
	const int shape[] = { 1, 3, side, side };
	cv::Mat input(4, shape, CV_32F);
	cv::RNG random(static_cast<uint64_t>(side));
	std::vector<cv::Mat> outputs;
	random.fill(input, cv::RNG::UNIFORM, -1, 1);
	net.setInput(input);
	net.forward(outputs, names);
	return outputs;
}

void check_same(const char *name, int side, const std::vector<std::string> &names)
{
	const std::string bytes = read_network(name);
	cv::dnn::Net ours, theirs = cv::dnn::readNetFromONNX(bytes.data(), bytes.size());
	assert_true(fc_onnx_import(bytes.data(), bytes.size(), &ours));
	const std::vector<cv::Mat> one = run(ours, side, names), other = run(theirs, side, names);
	assert_int_equal(one.size(), names.size());
	for (size_t i = 0; i < names.size(); i++) {
		assert_true(one[i].size == other[i].size && one[i].total() > 0);
		assert_memory_equal(one[i].data, other[i].data, one[i].total() * one[i].elemSize());
	}
}

void the_built_in_networks_have_the_same_outputs_bit_for_bit(void **)
{
	const std::vector<std::string> faces = { "cls_8",  "obj_8",  "bbox_8",  "kps_8",
						 "cls_16", "obj_16", "bbox_16", "kps_16",
						 "cls_32", "obj_32", "bbox_32", "kps_32" };
	check_same("facectl-detect", 128, faces);
	check_same("facectl-detect", 320, faces);
	check_same("facectl-attributes", 112, { "attributes" });
	const std::string embedder = read_network("facectl-embed-2");
	check_same("facectl-embed-2", 112,
		   cv::dnn::readNetFromONNX(embedder.data(), embedder.size())
			   .getUnconnectedOutLayersNames());
}

/* Replace the first occurrence of a text by one of the same length. */
bool imports_with(const char *from, const char *to)
{
	std::string bytes = read_network("facectl-attributes");
	cv::dnn::Net net;
	const size_t at = bytes.find(from);
	assert_true(at != std::string::npos && strlen(from) == strlen(to));
	bytes.replace(at, strlen(to), to);
	return fc_onnx_import(bytes.data(), bytes.size(), &net);
}

void what_the_built_in_networks_lack_is_left_to_opencv(void **)
{
	cv::dnn::Net net;
	assert_true(imports_with("Relu", "Relu"));
	assert_false(imports_with("Relu", "Selu"));
	assert_false(imports_with("group", "grOup"));
	assert_false(imports_with("strides", "storage"));
	assert_false(fc_onnx_import("", 0, &net));
	assert_false(fc_onnx_import("not a network", 13, &net));
	assert_true(net.empty());
}

void damaged_networks_are_no_fault(void **)
{
	const std::string bytes = read_network("facectl-attributes");
	const size_t structure = 4096; /* nodes and the first weights */
	cv::dnn::Net net;
	for (size_t length = 0; length < structure; length += 13) {
		assert_false(fc_onnx_import(bytes.data(), length, &net));
	}
	uint32_t random = 1;
	for (int i = 0; i < 300; i++) {
		std::string damaged = bytes;
		random = random * 1664525 + 1013904223;
		damaged[(random >> 8) % structure] ^= static_cast<char>(1 << (random >> 4) % 8);
		(void)fc_onnx_import(damaged.data(), damaged.size(), &net);
	}
}
} // namespace

int main()
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_built_in_networks_have_the_same_outputs_bit_for_bit),
		cmocka_unit_test(what_the_built_in_networks_lack_is_left_to_opencv),
		cmocka_unit_test(damaged_networks_are_no_fault),
	};
	cv::utils::logging::setLogLevel(cv::utils::logging::LOG_LEVEL_SILENT);
	return cmocka_run_group_tests(tests, nullptr, nullptr);
}
