#!/usr/bin/env python3
"""Write a small ONNX network for a test.

Usage: make_network.py FILE [embedder | attributes]

embedder has sface's signature, 1x3x112x112 in and 1x128 out: pooled to 7 by 7, then one convolution over all of it, its weights drawn
from a fixed sequence. attributes looks at 1x3x64x64 and answers with two outputs: `person` (of class 0, of class 1, and the mean of the
first channel) and `mood` (eight classes and two numbers), of which all but the mean are constants.

The protobuf bytes are put together here, after onnx.proto, so that no package is needed.
"""
# SPDX-License-Identifier: MIT

import random
import struct
import sys

FLOAT, INT64_LIST = 1, 7
SIDE, POOL, DIMENSION = 112, 16, 128


def varint(value):
    out = b""
    while value > 127:
        out += bytes([value & 127 | 128])
        value >>= 7
    return out + bytes([value])


def number(field, value):
    return varint(field << 3) + varint(value)


def block(field, data):
    data = data.encode() if isinstance(data, str) else data
    return varint(field << 3 | 2) + varint(len(data)) + data


def ints(name, values):
    return block(1, name) + b"".join(number(8, value) for value in values) + number(20, INT64_LIST)


def node(kind, inputs, output, attributes=()):
    return b"".join(block(1, name) for name in inputs) + block(2, output) + block(4, kind) + b"".join(block(5, a) for a in attributes)


def tensor(name, shape, values):
    return b"".join(number(1, side) for side in shape) + number(2, FLOAT) + block(8, name) + block(9, struct.pack(f"<{len(values)}f", *values))


def value(name, shape):
    sides = b"".join(block(1, number(1, side)) for side in shape)
    return block(1, name) + block(2, block(1, number(1, FLOAT) + block(2, sides)))


def network(graph):
    return number(1, 6) + block(7, b"".join(graph)) + block(8, block(1, "") + number(2, 11))


def embedder():
    small = SIDE // POOL
    numbers = random.Random(1)
    weights = [numbers.gauss(0, 0.01) for _ in range(DIMENSION * 3 * small * small)]
    return network([
        block(1, node("AveragePool", ["data"], "small", [ints("kernel_shape", [POOL, POOL]), ints("strides", [POOL, POOL])])),
        block(1, node("Conv", ["small", "weights"], "wide", [ints("kernel_shape", [small, small])])),
        block(1, node("Flatten", ["wide"], "fc1")),
        block(2, "small"),
        block(5, tensor("weights", [DIMENSION, 3, small, small], weights)),
        block(11, value("data", [1, 3, SIDE, SIDE])),
        block(12, value("fc1", [1, DIMENSION])),
    ])


def attributes():
    side = 64
    outputs = {
        # bias of each value, and what the mean of the first channel adds to it
        "person": ([-1.0, 2.0, 0.0], [0, 0, 1]),
        # probabilities of three classes
        "shares": ([0.25, 0.625, 0.125], [0, 0, 0]),
        "mood": ([0.1, 0.2, 0.3, 0.4, 0.5, 3.0, 0.6, 0.7, 0.25, -7.0], [0] * 10),
    }
    parts = [block(1, node("AveragePool", ["data"], "mean", [ints("kernel_shape", [side, side])]))]
    for name, (biases, shares) in outputs.items():
        weights = [weight for share in shares for weight in (share, 0, 0)]
        parts += [
            block(1, node("Conv", ["mean", name + "_w", name + "_b"], name + "_wide", [ints("kernel_shape", [1, 1])])),
            block(1, node("Flatten", [name + "_wide"], name)),
            block(5, tensor(name + "_w", [len(biases), 3, 1, 1], weights)),
            block(5, tensor(name + "_b", [len(biases)], biases)),
        ]
    parts += [block(2, "faces"), block(11, value("data", [1, 3, side, side]))]
    return network(parts + [block(12, value(name, [1, len(biases)])) for name, (biases, _) in outputs.items()])


def main():
    kind = sys.argv[2] if len(sys.argv) > 2 else "embedder"
    with open(sys.argv[1], "wb") as file:
        file.write({"embedder": embedder, "attributes": attributes}[kind]())


if __name__ == "__main__":
    main()
