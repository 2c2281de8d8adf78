#!/usr/bin/env python3
"""A photo for the fake services: photo.py OUT.png FACES [IN.png]; or many: photo.py --many FOLDER COUNT

FACES is what the fake is to see, "ada@10,10,90,90;bruno@100,10,180,90". Of IN.png, a photo that facectl can see faces in, the pixels
are kept; without it there are none. Many are FOLDER/I/I.png for I from 1, each of a face of its own, pI.
"""
# SPDX-License-Identifier: MIT

import os
import struct
import sys
import zlib

SIGNATURE = b"\x89PNG\r\n\x1a\n"


def chunk(kind, body):
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def write(out, faces, source=None):
    head, rest = chunk(b"IHDR", struct.pack(">IIBBBBB", 640, 480, 8, 2, 0, 0, 0)), b""
    if source:
        with open(source, "rb") as file:
            data = file.read()
        head, rest = data[8:33], data[33:]
    with open(out, "wb") as file:
        file.write(SIGNATURE + head + chunk(b"tEXt", b"faces\0" + faces.encode()) + rest)


def main():
    if sys.argv[1] != "--many":
        write(*sys.argv[1:])
        return
    for i in range(1, int(sys.argv[3]) + 1):
        folder = os.path.join(sys.argv[2], str(i))
        os.makedirs(folder)
        write(os.path.join(folder, f"{i}.png"), f"p{i}@194,76,258,167")


if __name__ == "__main__":
    main()
