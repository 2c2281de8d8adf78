/* Read the graph of an ONNX network. */
/* SPDX-License-Identifier: MIT */
#include "vision/faces/onnx_graph.hh"

#include <algorithm>
#include <climits>
#include <cstring>

namespace fc_onnx
{
void require(bool condition)
{
	if (!condition) {
		throw unsupported();
	}
}

namespace
{
/* ---- the wire format of protobuf: https://protobuf.dev/programming-guides/encoding ---- */

struct field {
	uint64_t number;
	uint64_t value;         /* of a number */
	std::string_view bytes; /* of anything else */
	bool is_number;
};

class reader
{
	std::string_view rest;

	std::string_view take(uint64_t length)
	{
		require(length <= rest.size());
		std::string_view taken = rest.substr(0, length);
		rest.remove_prefix(length);
		return taken;
	}

      public:
	explicit reader(std::string_view bytes) : rest(bytes)
	{
	}

	bool at_end() const
	{
		return rest.empty();
	}

	uint64_t number()
	{
		uint64_t value = 0;
		for (unsigned shift = 0;; shift += 7) {
			require(shift < 64);
			const uint8_t byte = static_cast<uint8_t>(take(1)[0]);
			value |= static_cast<uint64_t>(byte & 127) << shift;
			if (byte < 128) {
				return value;
			}
		}
	}

	bool next(field *out)
	{
		enum { NUMBER = 0, EIGHT_BYTES = 1, BYTES = 2, FOUR_BYTES = 5 };
		if (at_end()) {
			return false;
		}
		const uint64_t key = number(), type = key & 7;
		*out = {};
		out->number = key >> 3;
		out->is_number = type == NUMBER;
		require(type <= BYTES || type == FOUR_BYTES);
		if (out->is_number) {
			out->value = number();
		} else {
			out->bytes = take(type == EIGHT_BYTES  ? 8
					  : type == FOUR_BYTES ? 4
							       : number());
		}
		return true;
	}
};

void append(integers *out, int64_t value)
{
	/* The end of a slice may be the largest of 64 bits. */
	require(value >= INT_MIN);
	out->push_back(static_cast<int>(std::min<int64_t>(value, INT_MAX)));
}

/* Append the value or the packed values of a repeated field. */
void append(integers *out, const field &field)
{
	if (field.is_number) {
		append(out, static_cast<int64_t>(field.value));
		return;
	}
	for (reader values(field.bytes); !values.at_end();) {
		append(out, static_cast<int64_t>(values.number()));
	}
}

/* ---- the graph ---- */

tensor read_tensor(std::string_view bytes)
{
	tensor out;
	field field;
	for (reader reader(bytes); reader.next(&field);) {
		switch (field.number) {
		case 1:
			append(&out.shape, field);
			break;
		case 2:
			out.type = field.value;
			break;
		case 8:
			out.name = field.bytes;
			break;
		case 9:
			out.bytes = field.bytes;
			break;
		default:
			throw unsupported();
		}
	}
	return out;
}

void read_attribute(std::string_view bytes, node *node)
{
	std::string_view name;
	attribute out;
	field field;
	for (reader reader(bytes); reader.next(&field);) {
		switch (field.number) {
		case 1:
			name = field.bytes;
			break;
		case 4:
			out.text = field.bytes;
			break;
		case 5:
			out.constant = read_tensor(field.bytes);
			break;
		case 3:
		case 8:
			append(&out.values, field);
			break;
		case 2:  /* a float: none of those that are used is one */
		case 20: /* the type */
			break;
		default:
			throw unsupported();
		}
	}
	node->attributes.emplace_back(name, std::move(out));
}

node read_node(std::string_view bytes)
{
	node out;
	field field;
	for (reader reader(bytes); reader.next(&field);) {
		switch (field.number) {
		case 1:
			out.inputs.push_back(field.bytes);
			break;
		case 2:
			require(out.output.empty());
			out.output = field.bytes;
			break;
		case 4:
			out.operation = field.bytes;
			break;
		case 5:
			read_attribute(field.bytes, &out);
			break;
		case 3: /* the name */
			break;
		default:
			throw unsupported();
		}
	}
	return out;
}

/* The bytes of the last field of this number; empty if there is none. */
std::string_view bytes_of(std::string_view message, uint64_t number)
{
	std::string_view out;
	field field;
	for (reader reader(message); reader.next(&field);) {
		out = field.number == number ? field.bytes : out;
	}
	return out;
}

/* The sides of a tensor; one that depends on another value is not supported. */
integers read_shape(std::string_view message)
{
	integers out;
	field side, value;
	for (reader sides(message); sides.next(&side);) {
		reader reader(side.bytes);
		require(reader.next(&value) && value.number == 1);
		append(&out, static_cast<int64_t>(value.value));
	}
	return out;
}
} // namespace

attribute node::take(std::string_view name)
{
	const auto found = std::find_if(attributes.begin(), attributes.end(),
					[&](const auto &pair) { return pair.first == name; });
	require(found != attributes.end());
	attribute out = std::move(found->second);
	attributes.erase(found);
	return out;
}

int node::take_number(std::string_view name)
{
	const attribute out = take(name);
	require(out.values.size() == 1);
	return out.values[0];
}

const tensor &graph::constant(const node &node, size_t index, uint64_t type) const
{
	require(index < node.inputs.size());
	const auto found = constants.find(node.inputs[index]);
	require(found != constants.end() && found->second.type == type);
	return found->second;
}

integers graph::numbers(const node &node, size_t index) const
{
	const std::string_view bytes = constant(node, index, tensor::INTEGERS).bytes;
	integers out;
	for (size_t i = 0; i + sizeof(int64_t) <= bytes.size(); i += sizeof(int64_t)) {
		int64_t value;
		memcpy(&value, bytes.data() + i, sizeof(value));
		append(&out, value);
	}
	return out;
}

graph read_graph(std::string_view model)
{
	graph out;
	field field;
	for (reader reader(bytes_of(model, 7)); reader.next(&field);) {
		switch (field.number) {
		case 1:
			out.nodes.push_back(read_node(field.bytes));
			break;
		case 5: {
			tensor tensor = read_tensor(field.bytes);
			out.constants[tensor.name] = std::move(tensor);
			break;
		}
		case 11:
			require(out.input.empty());
			out.input = bytes_of(field.bytes, 1);
			out.input_shape =
				read_shape(bytes_of(bytes_of(bytes_of(field.bytes, 2), 1), 2));
			break;
		default:
			break;
		}
	}
	require(!out.nodes.empty() && !out.input.empty());
	return out;
}
} // namespace fc_onnx
