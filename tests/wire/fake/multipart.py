"""multipart/form-data taken apart by the letter of RFC 7578 and RFC 2046: whatever is odd is a violation."""
# SPDX-License-Identifier: MIT

import re


class Violation(Exception):
    """The request does not keep to the protocol."""


class Part:
    def __init__(self, name, filename, content_type, data):
        self.name = name
        self.filename = filename
        self.content_type = content_type
        self.data = data


def boundary_of(content_type):
    match = re.fullmatch(r"multipart/form-data; boundary=([A-Za-z0-9'()+_,./:=?-]{1,70})", content_type or "")
    if not match:
        raise Violation(f"content type is {content_type!r}")
    return match.group(1).encode()


def parse_part(text):
    head, separator, data = text.partition(b"\r\n\r\n")
    if not separator:
        raise Violation("a part without an end of its head")
    fields = {}
    for line in head.decode("ascii").split("\r\n"):
        name, colon, value = line.partition(": ")
        if not colon or name.lower() in fields:
            raise Violation(f"part header {line!r}")
        fields[name.lower()] = value
    if set(fields) - {"content-disposition", "content-type"}:
        raise Violation(f"part headers {sorted(fields)}")
    disposition = fields.get("content-disposition", "")
    match = re.fullmatch(r'form-data; name="([^"\r\n]+)"(?:; filename="([^"\r\n]+)")?', disposition)
    if not match:
        raise Violation(f"content disposition {disposition!r}")
    return Part(match.group(1), match.group(2), fields.get("content-type"), data)


def parse(content_type, body):
    """The parts in their order."""
    delimiter = b"--" + boundary_of(content_type)
    pieces = (b"\r\n" + body).split(b"\r\n" + delimiter)
    if pieces[0] != b"" or pieces[-1] not in (b"--\r\n", b"--"):
        raise Violation("the body does not start and end with the boundary")
    parts = []
    for piece in pieces[1:-1]:
        if not piece.startswith(b"\r\n"):
            raise Violation("something follows a boundary")
        parts.append(parse_part(piece[2:]))
    names = [part.name for part in parts]
    if len(set(names)) != len(names):
        raise Violation(f"part names are not unique: {names}")
    return parts
