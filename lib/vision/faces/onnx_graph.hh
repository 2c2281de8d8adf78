/* Read the graph of an ONNX network. The numbers of fields in the source are those of onnx.proto. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_VISION_FACES_ONNX_GRAPH_HH
#define FC_VISION_FACES_ONNX_GRAPH_HH

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace fc_onnx
{
/* Thrown if a network has something that is not supported here, or is malformed. */
struct unsupported {
};

void require(bool condition);

using integers = std::vector<int>;

/* Text and bytes are borrowed from the file. */
struct tensor {
	enum { FLOATS = 1, INTEGERS = 7 };
	std::string_view name, bytes;
	integers shape;
	uint64_t type = 0;
};

struct attribute {
	std::string_view text;
	integers values;
	tensor constant;
};

struct node {
	std::string_view operation;
	std::vector<std::string_view> inputs;
	std::string_view output;
	std::vector<std::pair<std::string_view, attribute>> attributes;

	/* Remove an attribute and return it. Those that remain are not supported. */
	attribute take(std::string_view name);
	int take_number(std::string_view name);
};

struct graph {
	std::string_view input; /* the only one */
	integers input_shape;
	std::vector<node> nodes; /* in the order of execution */
	std::unordered_map<std::string_view, tensor> constants;

	/* An input of a node that is a constant of this type. */
	const tensor &constant(const node &node, size_t index, uint64_t type) const;

	/* The values of a constant; those above INT_MAX become INT_MAX. */
	integers numbers(const node &node, size_t index) const;
};

graph read_graph(std::string_view model);
} // namespace fc_onnx

#endif
