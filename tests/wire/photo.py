#!/usr/bin/env python3
"""A photo for the fake services: photo.py OUT.png FACES [IN.png]

FACES is what the fake is to see, "ada@10,10,90,90;bruno@100,10,180,90". Of IN.png, a photo that facectl can see faces in, the pixels
are kept; without it there are none.
"""
# SPDX-License-Identifier: MIT

import struct
import sys
import zlib

SIGNATURE = b"\x89PNG\r\n\x1a\n"


def chunk(kind, body):
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def main():
    out, faces = sys.argv[1:3]
    head, rest = chunk(b"IHDR", struct.pack(">IIBBBBB", 640, 480, 8, 2, 0, 0, 0)), b""
    if len(sys.argv) > 3:
        with open(sys.argv[3], "rb") as file:
            data = file.read()
        head, rest = data[8:33], data[33:]
    with open(out, "wb") as file:
        file.write(SIGNATURE + head + chunk(b"tEXt", b"faces\0" + faces.encode()) + rest)


if __name__ == "__main__":
    main()
