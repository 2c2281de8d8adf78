"""Files to download, from a server that has its moods: /files/MOOD/NAME."""
# SPDX-License-Identifier: MIT

import re
import time

from faults import hang_up

SIZE = 300000
CONTENT = bytes((i * 7 + (i >> 8)) & 255 for i in range(SIZE))


def send_range(handler, start, end):
    handler.send_head(206, {
        "Content-Type": "application/octet-stream",
        "Content-Range": f"bytes {start}-{SIZE - 1}/{SIZE}",
        "Content-Length": str(SIZE - start),
    })
    handler.wfile.write(CONTENT[start:end])


def send(handler, start, end=SIZE):
    """CONTENT from start to end, under the length of all that was asked for."""
    if start > 0:
        send_range(handler, start, end)
    else:
        handler.send_head(200, {"Content-Type": "application/octet-stream", "Content-Length": str(SIZE)})
        handler.wfile.write(CONTENT[:end])
    handler.wfile.flush()


def send_with_length(handler, body, length):
    handler.send_head(200, {"Content-Type": "application/octet-stream", "Content-Length": str(length)})
    handler.wfile.write(body)
    handler.wfile.flush()


def send_without_end(handler):
    handler.send_head(200, {"Content-Type": "application/octet-stream", "Transfer-Encoding": "chunked"})
    for _ in range(64):
        handler.wfile.write(b"4000\r\n" + bytes(0x4000) + b"\r\n")
    handler.wfile.write(b"0\r\n\r\n")


def serve(handler, path):
    mood = path.split("/")[2]
    wanted = re.fullmatch(r"bytes=(\d+)-", handler.headers.get("Range") or "bytes=0-")
    start = int(wanted.group(1))
    with handler.server.world.lock:
        handler.server.world.ranges += start > 0
    if mood == "good":
        send(handler, start)
    elif mood == "no-ranges":
        send(handler, 0)
    elif mood == "other-part" and start > 0:
        send(handler, start + 1)
    elif mood in ("cut", "other-part"):
        send(handler, start, start + (SIZE - start) // 2)
        hang_up(handler)
    elif mood == "stall":
        send(handler, start, start + (SIZE - start) // 2)
        time.sleep(3)
        hang_up(handler)
    elif mood == "says-more":
        send_with_length(handler, CONTENT, SIZE + 1)
    elif mood == "says-less":
        send_with_length(handler, CONTENT[:-1], SIZE - 1)
    elif mood == "sends-more":
        send_without_end(handler)
    elif mood == "wrong":
        send_with_length(handler, CONTENT[:-1] + b"\0", SIZE)
    elif mood == "to-file":
        handler.send_bytes(302, b"", "text/plain", {"Location": "file:///etc/passwd"})
    elif mood == "elsewhere":
        handler.send_bytes(302, b"", "text/plain", {"Location": handler.server.elsewhere + path})
    else:
        handler.send_bytes(404, b"no such file", "text/plain")
