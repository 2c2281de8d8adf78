#!/usr/bin/env python3
"""Rewrite an ONNX file's narrow 3x3 depthwise convolutions for OpenCV 4.6: the same result in less time.

  widen_depthwise.py IN.onnx OUT.onnx

OpenCV 4.6's fast path for them needs maps at least 18 wide. Narrower ones get columns of zeros on the right before the convolution,
and what these become is cut off behind it (and behind the activation that follows). For opset 10, which clip_to_attributes.py writes.
"""
# SPDX-License-Identifier: MIT

import sys

import numpy as np
import onnx
from onnx import helper, numpy_helper, shape_inference

LEAST_WIDTH = 18
OPSET = 10                      # Pad has its amounts as attributes, Slice its bounds as inputs


def shapes_of(model):
    graph = shape_inference.infer_shapes(model).graph
    return {v.name: [d.dim_value for d in v.type.tensor_type.shape.dim] for v in list(graph.value_info) + list(graph.input)}


def users_of(graph):
    users = {}
    for node in graph.node:
        for name in node.input:
            users.setdefault(name, []).append(node)
    return users


def is_narrow(node, shapes):
    if node.op_type != "Conv":
        return False
    attributes = {a.name: helper.get_attribute_value(a) for a in node.attribute}
    shape = shapes.get(node.input[0], [])
    return attributes["kernel_shape"] == [3, 3] and attributes["group"] > 1 and len(shape) == 4 and shape[3] < LEAST_WIDTH


def end_of(node, users):
    """The output behind which to cut: the activation's, if nobody else wants the convolution's."""
    output = node.output[0]
    after = users.get(output, [])
    return after[0].output[0] if len(after) == 1 and after[0].op_type in ("Clip", "Relu") else output


def cut(graph, output, width, number):
    """A node that keeps the first columns of output."""
    name = f"crop{number}"
    bounds = {"start": 0, "end": width, "axis": 3}
    for part, value in bounds.items():
        graph.initializer.append(numpy_helper.from_array(np.array([value]), f"{name}_{part}"))
    return helper.make_node("Slice", [output] + [f"{name}_{part}" for part in bounds], [name])


def rewrite(model):
    """How many convolutions were rewritten."""
    graph, nodes, renamed, pending, count = model.graph, [], {}, {}, 0
    shapes, users = shapes_of(model), users_of(graph)
    ends = {node.output[0]: end_of(node, users) for node in graph.node}
    for node in graph.node:
        narrow = is_narrow(node, shapes)
        width = shapes[node.input[0]][3] if narrow else 0
        for i, name in enumerate(node.input):
            node.input[i] = renamed.get(name, name)
        if narrow:
            count += 1
            stride = {a.name: helper.get_attribute_value(a) for a in node.attribute}["strides"][0]
            pads = [0] * 7 + [LEAST_WIDTH - width]
            nodes.append(helper.make_node("Pad", [node.input[0]], [f"pad{count}"], mode="constant", pads=pads, value=0.0))
            node.input[0] = f"pad{count}"
            pending[ends[node.output[0]]] = (-(-width // stride), count)
        nodes.append(node)
        for output in node.output:
            if output in pending:
                nodes.append(cut(graph, output, *pending.pop(output)))
                renamed[output] = nodes[-1].output[0]
    del graph.node[:]
    graph.node.extend(nodes)
    del graph.value_info[:]
    return count


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    model = onnx.load(sys.argv[1])
    if model.opset_import[0].version != OPSET:
        sys.exit(f"{sys.argv[1]} is not of opset {OPSET}: run clip_to_attributes.py first")
    print("rewrote", rewrite(model))
    onnx.save(model, sys.argv[2])


if __name__ == "__main__":
    main()
