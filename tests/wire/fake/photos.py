"""Photos for the fake: the head of a PNG with its faces written into a tEXt chunk. There are no pixels in them.

    faces = "anna@102,30,184,134;bob@393,74,461,166"
"""
# SPDX-License-Identifier: MIT

import struct
import zlib

SIGNATURE = b"\x89PNG\r\n\x1a\n"


class Face:
    def __init__(self, name, box):
        self.name = name
        self.box = box

    @property
    def area(self):
        left, top, right, bottom = self.box
        return (right - left) * (bottom - top)

    @property
    def rectangle(self):
        left, top, right, bottom = self.box
        return {"left": left, "top": top, "width": right - left, "height": bottom - top}

    @property
    def landmarks(self):
        """Where such things are in a face that looks straight ahead."""
        left, top, right, bottom = self.box
        places = {"pupilLeft": (0.3, 0.4), "pupilRight": (0.7, 0.4), "noseTip": (0.5, 0.6), "mouthLeft": (0.35, 0.8), "mouthRight": (0.65, 0.8)}
        return {name: {"x": left + x * (right - left), "y": top + y * (bottom - top)} for name, (x, y) in places.items()}


def chunks(data):
    at = len(SIGNATURE)
    while at + 8 <= len(data):
        length, kind = struct.unpack(">I4s", data[at : at + 8])
        yield kind, data[at + 8 : at + 8 + length]
        at += 12 + length


def chunk(kind, body):
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def make(faces, size=1200):
    """A photo of at least `size` bytes."""
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 640, 480, 8, 2, 0, 0, 0))
    return (SIGNATURE + head + chunk(b"tEXt", b"faces\0" + faces.encode())).ljust(size, b"\0")


def size(data):
    kind, body = next(chunks(data))
    assert kind == b"IHDR"
    return struct.unpack(">II", body[:8])


def faces(data):
    """The faces in a photo, or None when it is no image at all."""
    if not data.startswith(SIGNATURE):
        return None
    for kind, body in chunks(data):
        if kind == b"tEXt" and body.startswith(b"faces\0"):
            return [read_face(text) for text in body[6:].decode().split(";") if text]
    return []


def read_face(text):
    name, _, box = text.partition("@")
    return Face(name, [int(edge) for edge in box.split(",")])
