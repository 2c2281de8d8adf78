/* Import an ONNX network into OpenCV; see onnx_import.hh. */
/* SPDX-License-Identifier: MIT */
#include "vision/faces/onnx_import.hh"

#include <climits>
#include <cstring>
#include <string>

#include "vision/faces/onnx_graph.hh"

using namespace fc_onnx;

namespace
{
using layer_parameters = cv::dnn::LayerParams;

cv::dnn::DictValue list(const integers &values)
{
	return cv::dnn::DictValue::arrayInt(values.data(), static_cast<int>(values.size()));
}

void set(layer_parameters *out, const char *name, const integers &values, size_t count)
{
	require(values.size() == count);
	out->set(name, list(values));
}

cv::Mat weights(const graph &graph, const node &node, size_t input)
{
	const tensor &tensor = graph.constant(node, input, tensor::FLOATS);
	size_t count = 1;
	for (int side : tensor.shape) {
		require(side > 0 && count <= tensor.bytes.size());
		count *= static_cast<size_t>(side);
	}
	require(!tensor.shape.empty() && count * sizeof(float) == tensor.bytes.size());
	cv::Mat out(static_cast<int>(tensor.shape.size()), tensor.shape.data(), CV_32F);
	memcpy(out.data, tensor.bytes.data(), tensor.bytes.size());
	return out;
}

/* Set the layer of a node up. Returns how many of its first inputs are layers. */
using operation = size_t (*)(const graph &graph, node *node, layer_parameters *out);

size_t convolution(const graph &graph, node *node, layer_parameters *out)
{
	require(node->inputs.size() == 3);
	out->type = "Convolution";
	set(out, "kernel_size", node->take("kernel_shape").values, 2);
	set(out, "stride", node->take("strides").values, 2);
	set(out, "pad", node->take("pads").values, 4);
	set(out, "dilation", node->take("dilations").values, 2);
	out->set("group", node->take_number("group"));
	out->set("bias_term", true);
	out->blobs = { weights(graph, *node, 1), weights(graph, *node, 2) };
	require(out->blobs[0].dims == 4);
	out->set("num_output", out->blobs[0].size[0]);
	return 1;
}

template <const char *Type, size_t Inputs>
size_t plain(const graph &, node *node, layer_parameters *out)
{
	require(node->inputs.size() == Inputs);
	out->type = Type;
	return Inputs;
}

size_t global_average(const graph &, node *, layer_parameters *out)
{
	out->type = "Pooling";
	out->set("pool", "AVE");
	out->set("global_pooling", true);
	return 1;
}

size_t softmax(const graph &, node *node, layer_parameters *out)
{
	out->type = "Softmax";
	out->set("axis", node->take_number("axis"));
	return 1;
}

size_t flatten(const graph &, node *node, layer_parameters *out)
{
	out->type = "Flatten";
	out->set("axis", node->take_number("axis"));
	return 1;
}

size_t concatenation(const graph &, node *node, layer_parameters *out)
{
	out->type = "Concat";
	out->set("axis", node->take_number("axis"));
	return node->inputs.size();
}

size_t transposition(const graph &, node *node, layer_parameters *out)
{
	out->type = "Permute";
	set(out, "order", node->take("perm").values, 4);
	return 1;
}

size_t reshaping(const graph &graph, node *node, layer_parameters *out)
{
	require(node->inputs.size() == 2);
	out->type = "Reshape";
	out->set("dim", list(graph.numbers(*node, 1)));
	return 1;
}

size_t padding(const graph &graph, node *node, layer_parameters *out)
{
	/* ONNX has all beginnings first and then all ends. */
	require(node->inputs.size() == 3 && node->take("mode").text == "constant");
	const integers sides = graph.numbers(*node, 1);
	const cv::Mat value = weights(graph, *node, 2);
	const size_t axes = sides.size() / 2;
	integers pairs;
	require(axes > 0 && sides.size() % 2 == 0);
	for (size_t i = 0; i < axes; i++) {
		pairs.push_back(sides[i]);
		pairs.push_back(sides[i + axes]);
	}
	out->type = "Padding";
	out->set("paddings", list(pairs));
	out->set("value", value.at<float>(0));
	return 1;
}

size_t slice(const graph &graph, node *node, layer_parameters *out)
{
	require(node->inputs.size() == 4);
	const integers begins = graph.numbers(*node, 1), ends = graph.numbers(*node, 2);
	const integers axes = graph.numbers(*node, 3);
	integers begin(4, 0), end(4, INT_MAX);
	require(begins.size() == axes.size() && ends.size() == axes.size());
	for (size_t i = 0; i < axes.size(); i++) {
		require(axes[i] >= 0 && axes[i] < 4 && begins[i] >= 0 && ends[i] > begins[i]);
		begin[static_cast<size_t>(axes[i])] = begins[i];
		end[static_cast<size_t>(axes[i])] = ends[i];
	}
	out->type = "Slice";
	out->set("begin", list(begin));
	out->set("end", list(end));
	return 1;
}

size_t enlargement(const graph &graph, node *node, layer_parameters *out)
{
	require(node->inputs.size() == 3 && node->take("mode").text == "nearest" &&
		node->take("coordinate_transformation_mode").text == "asymmetric" &&
		node->take("nearest_mode").text == "floor");
	node->take("cubic_coeff_a");
	const cv::Mat scales = weights(graph, *node, 2);
	require(scales.total() == 4);
	out->type = "Resize";
	out->set("interpolation", "nearest");
	out->set("zoom_factor_y", scales.ptr<float>()[2]);
	out->set("zoom_factor_x", scales.ptr<float>()[3]);
	return 1;
}

constexpr char kRelu[] = "ReLU", kSigmoid[] = "Sigmoid", kSum[] = "Eltwise";

constexpr struct {
	std::string_view name;
	operation make;
} kOperations[] = {
	{ "Add", plain<kSum, 2> },
	{ "Concat", concatenation },
	{ "Conv", convolution },
	{ "Flatten", flatten },
	{ "GlobalAveragePool", global_average },
	{ "Pad", padding },
	{ "Relu", plain<kRelu, 1> },
	{ "Reshape", reshaping },
	{ "Resize", enlargement },
	{ "Sigmoid", plain<kSigmoid, 1> },
	{ "Slice", slice },
	{ "Softmax", softmax },
	{ "Transpose", transposition },
};

size_t set_up(const graph &graph, node *node, layer_parameters *out)
{
	for (const auto &known : kOperations) {
		if (known.name == node->operation) {
			const size_t inputs = known.make(graph, node, out);
			require(node->attributes.empty() && inputs <= node->inputs.size());
			return inputs;
		}
	}
	throw unsupported();
}

cv::dnn::Net make_net(graph *graph)
{
	cv::dnn::Net net;
	std::unordered_map<std::string_view, int> ids = { { graph->input, 0 } };
	net.setInputsNames({ std::string(graph->input) });
	for (node &node : graph->nodes) {
		if (node.operation == "Constant") {
			graph->constants[node.output] = node.take("value").constant;
			continue;
		}
		layer_parameters layer;
		const size_t inputs = set_up(*graph, &node, &layer);
		layer.name = std::string(node.output);
		require(!node.output.empty() && ids.count(node.output) == 0);
		const int id = net.addLayer(layer.name, layer.type, layer);
		for (size_t i = 0; i < inputs; i++) {
			const auto source = ids.find(node.inputs[i]);
			require(source != ids.end());
			net.connect(source->second, 0, id, static_cast<int>(i));
		}
		ids[node.output] = id;
	}
	/* Some operations depend on shapes, such as a sum of different ones: OpenCV's importer has other layers for these. */
	std::vector<int> layers;
	std::vector<std::vector<cv::dnn::MatShape>> in, out;
	net.getLayersShapes(graph->input_shape, layers, in, out);
	return net;
}
} // namespace

bool fc_onnx_import(const void *onnx, size_t length, cv::dnn::Net *out)
{
	try {
		graph graph = read_graph({ static_cast<const char *>(onnx), length });
		*out = make_net(&graph);
		return true;
	} catch (const unsupported &) {
		return false;
	} catch (const cv::Exception &exception) {
		if (exception.code == cv::Error::StsNoMem) {
			throw;
		}
		return false;
	}
}
