"""Photos for the fake: PNG files with their faces written into a tEXt chunk. Most have no pixels.

    faces = "anna@102,30,184,134;bob@393,74,461,166"

In a JPEG file, the part of a photo that facectl made, facectl itself finds the faces: received-1, ... The file is stored as FOLDER/received-1.jpg.
"""
# SPDX-License-Identifier: MIT

import json
import os
import struct
import subprocess
import threading
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


folder = None
received = 0
lock = threading.Lock()


def store(data):
    global received
    with lock:
        received += 1
        name = f"received-{received}"
    with open(os.path.join(folder, name + ".jpg"), "wb") as file:
        file.write(data)
    return name


def seen(data):
    """The faces that facectl finds in a photo."""
    name = store(data)
    command = [os.environ["FACECTL"], "--format", "ndjson", "detect", "-"]
    output = subprocess.run(command, input=data, stdout=subprocess.PIPE, check=True, env={"HOME": folder}).stdout
    records = [json.loads(line) for line in output.splitlines()]
    return [Face(name, [round(edge) for edge in record["box"]]) for record in records if "box" in record]


def faces(data):
    """The faces in a photo, or None when it is no image at all."""
    if data.startswith(b"\xff\xd8\xff"):
        return seen(data)
    if not data.startswith(SIGNATURE):
        return None
    for kind, body in chunks(data):
        if kind == b"tEXt" and body.startswith(b"faces\0"):
            return [read_face(text) for text in body[6:].decode().split(";") if text]
    return []


def read_face(text):
    name, _, box = text.partition("@")
    return Face(name, [int(edge) for edge in box.split(",")])
