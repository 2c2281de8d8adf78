#!/usr/bin/env python3
"""Draws an object over a part of a face: cover.py IN.ppm RECORD OUT.png forehead|eyes|mouth, where RECORD is a record of facectl detect."""
# SPDX-License-Identifier: MIT

import json
import math
import struct
import sys
import zlib


def read_ppm(path):
    with open(path, "rb") as file:
        kind, width, height, depth, pixels = file.read().split(maxsplit=4)
    assert kind == b"P6" and depth == b"255"
    return int(width), int(height), bytearray(pixels)


def write_png(path, width, height, pixels):
    def chunk(kind, body):
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    rows = b"".join(b"\0" + pixels[3 * width * y : 3 * width * (y + 1)] for y in range(height))
    with open(path, "wb") as file:
        file.write(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))


def main():
    width, height, pixels = read_ppm(sys.argv[1])
    with open(sys.argv[2]) as file:
        marks = json.loads(file.readline())["landmarks"]
    right_eye, left_eye, _, right_mouth, left_mouth = zip(marks[::2], marks[1::2])
    middle, eyes = (right_eye[0] + left_eye[0]) / 2, (right_eye[1] + left_eye[1]) / 2
    unit, mouth = left_eye[0] - right_eye[0], (right_mouth[1] + left_mouth[1]) / 2

    def lens(x, y, eye):
        return math.hypot((x - eye[0]) / 0.42, (y - eye[1] - 0.05 * unit) / 0.32) < unit

    # Whether the object is at a point, and its colour: a cap, sunglasses, a mask.
    objects = {
        "forehead": (lambda x, y: y < eyes - 0.38 * unit and abs(x - middle) < 1.3 * unit, (150, 25, 30)),
        "eyes": (lambda x, y: lens(x, y, right_eye) or lens(x, y, left_eye), (15, 15, 18)),
        "mouth": (lambda x, y: mouth - 0.6 * unit < y < mouth + 0.75 * unit and abs(x - middle) < 0.95 * unit, (150, 190, 215)),
    }
    covers, colour = objects[sys.argv[4]]
    for y in range(height):
        for x in range(width):
            if covers(x, y):
                pixels[3 * (width * y + x) : 3 * (width * y + x) + 3] = bytes(colour)
    write_png(sys.argv[3], width, height, pixels)


main()
