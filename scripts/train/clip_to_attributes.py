#!/usr/bin/env python3
"""Rewrite an ONNX file's Clip bounds from inputs to attributes, as OpenCV 4.6 reads them; the results stay the same.

  clip_to_attributes.py IN.onnx OUT.onnx
"""
# SPDX-License-Identifier: MIT

import sys

import onnx
from onnx import helper, numpy_helper

LARGEST = 3.4e38                # stands for a bound that is not there
LAST_OPSET = 10                 # the last in which Clip has its bounds as attributes


def constants_of(graph):
    constants = {i.name: numpy_helper.to_array(i) for i in graph.initializer}
    for node in graph.node:
        if node.op_type == "Constant":
            constants[node.output[0]] = numpy_helper.to_array(node.attribute[0].t)
    return constants


def bound(node, index, constants, otherwise):
    name = node.input[index] if len(node.input) > index else ""
    return float(constants[name]) if name else otherwise


def rewrite(model):
    """How many nodes were rewritten."""
    graph, count = model.graph, 0
    constants = constants_of(graph)
    for node in graph.node:
        if node.op_type == "Clip" and len(node.input) > 1:
            low, high = bound(node, 1, constants, -LARGEST), bound(node, 2, constants, LARGEST)
            del node.input[1:]
            del node.attribute[:]
            node.attribute.extend([helper.make_attribute("min", low), helper.make_attribute("max", high)])
            count += 1
    used = {name for node in graph.node for name in node.input}
    for node in list(graph.node):
        if node.op_type == "Constant" and node.output[0] not in used:
            graph.node.remove(node)
    for opset in model.opset_import:
        if opset.domain == "":
            opset.version = min(opset.version, LAST_OPSET)
    return count


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    model = onnx.load(sys.argv[1])
    print("rewrote", rewrite(model))
    onnx.save(model, sys.argv[2])


if __name__ == "__main__":
    main()
