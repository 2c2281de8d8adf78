"""A stateful fake of the Smarty persons API.

Written from the API's public documents (the reference, the tutorial, the OpenAPI description 1.0.3 and the page of limits), and
from nothing in facectl. What a client may not do is a Violation; what the documents show an error for is that error.
"""
# SPDX-License-Identifier: MIT

import json
import re
import threading
import urllib.parse

import multipart
import photos
from multipart import Violation

IMAGES_MAXIMUM = 100
IMAGE_BYTES = 15 * 1000 * 1000
REQUEST_BYTES = 30 * 1000 * 1000

META_KEYS = {
    "set": {"space", "images"},
    "recognize": {"space", "create_new", "update_embedding", "searcher", "images"},
    "delete": {"space", "images"},
    "truncate": {"space"},
}
IMAGE_KEYS = {"set": {"name", "person_id"}, "recognize": {"name"}, "delete": {"name", "person_id"}}


class Refusal(Exception):
    """An error envelope."""

    def __init__(self, status, body):
        super().__init__(body)
        self.status = status
        self.body = body


def envelope(status, body):
    return json.dumps({"status": status, "body": body, "htmlencoded": False, "last_modified": 0})


def require(condition, words):
    if not condition:
        raise Violation(words)


def is_int(value):
    return isinstance(value, int) and not isinstance(value, bool)


def check_query(query, token):
    pairs = urllib.parse.parse_qsl(query, keep_blank_values=True, strict_parsing=True)
    names = sorted(name for name, _ in pairs)
    require(names == ["oauth_provider", "oauth_token"], f"query parameters are {names}")
    values = dict(pairs)
    require(values["oauth_provider"] in ("mcs", "mr"), "unknown oauth_provider")
    if values["oauth_token"] != token:
        raise Refusal(403, "Forbidden")


def check_headers(headers):
    require("expect" not in headers, "an Expect header")
    require("transfer-encoding" not in headers, "a chunked body")
    require(re.fullmatch(r"\d+", headers.get("content-length", "")), "no Content-Length")
    require("application/json" in headers.get("accept", ""), "JSON is not accepted")


def check_meta(verb, meta):
    require(isinstance(meta, dict), "meta is no object")
    require(set(meta) <= META_KEYS[verb], f"meta has {sorted(meta)}")
    for key in ("create_new", "update_embedding"):
        require(isinstance(meta.get(key, False), bool), f"{key} is no bool")
    require(is_int(meta.get("searcher", 0)), "searcher is no int")
    if not isinstance(meta.get("space"), str) or not re.fullmatch(r"-?\d+", meta["space"]):
        shown = meta.get("space") if isinstance(meta.get("space"), str) else ""
        raise Refusal(400, f'wrong space param : strconv.Atoi: parsing "{shown}": invalid syntax')
    require(meta["space"] in list("0123456789"), f"space {meta['space']}")
    if verb == "truncate":
        return
    images = meta.get("images")
    require(isinstance(images, list) and images, "no images")
    require(len(images) <= IMAGES_MAXIMUM, f"{len(images)} images")
    for image in images:
        require(isinstance(image, dict) and set(image) <= IMAGE_KEYS[verb], f"image meta {image}")
        require(isinstance(image.get("name"), str) and image["name"], "an image without a name")
        if "person_id" in IMAGE_KEYS[verb]:
            if "person_id" not in image:
                raise Refusal(400, "no person_id has been provided")
            require(is_int(image["person_id"]), "person_id is no int")
    names = [image["name"] for image in images]
    require(len(set(names)) == len(names), "image names are not unique")


def read_parts(headers, body):
    """The meta object and the image parts by name."""
    require(len(body) <= REQUEST_BYTES, f"a request of {len(body)} bytes")
    parts = {part.name: part for part in multipart.parse(headers.get("content-type"), body)}
    require("meta" in parts, "no part meta")
    meta = parts.pop("meta")
    require(meta.filename is None, "meta has a file name")
    for part in parts.values():
        require(part.filename, f"part {part.name} has no file name")
        require(part.content_type in ("image/jpeg", "image/png", "image/tiff"), f"{part.content_type}")
        require(len(part.data) <= IMAGE_BYTES, f"an image of {len(part.data)} bytes")
    return json.loads(meta.data), parts


def check_images(verb, meta, parts):
    names = [image["name"] for image in meta.get("images", [])]
    if verb in ("delete", "truncate"):
        require(not parts, f"{verb} with images")
        return
    require(set(parts) <= set(names), f"parts {sorted(set(parts) - set(names))} are in no meta")
    for name in names:
        if name not in parts:
            raise Refusal(400, f"could not get image by name {name}: http: no such file")
        if not parts[name].data:
            raise Refusal(400, "empty image")


class Space:
    """Persons by number, each a set of the faces that were linked to it."""

    def __init__(self):
        self.persons = {}
        self.links = []

    def find(self, face):
        return next((n for n, faces in sorted(self.persons.items()) if face in faces), None)

    def link(self, number, face):
        self.persons.setdefault(number, set()).add(face)
        self.links.append([number, face])

    def create(self, face):
        number = max(self.persons, default=0) + 1
        self.link(number, face)
        return number


class Smarty:
    def __init__(self, token):
        self.own_token = token
        self.lock = threading.Lock()
        self.reset()

    def reset(self):
        self.token = self.own_token
        self.spaces = {}
        self.temporary = {}
        self.refused = set()
        # whether it refuses to delete a person that it does not have
        self.strict = False

    def order(self, order):
        self.strict = order.get("strict", self.strict)
        self.token = order.get("token", self.token)

    def answer(self, verb, query, headers, body):
        """The envelope's text. Raises Violation."""
        try:
            check_headers(headers)
            check_query(query, self.token)
            meta, parts = read_parts(headers, body)
            check_meta(verb, meta)
            check_images(verb, meta, parts)
            with self.lock:
                return envelope(200, getattr(self, verb)(meta, parts))
        except Refusal as refusal:
            return envelope(refusal.status, refusal.body)

    def space(self, meta):
        return self.spaces.setdefault(meta["space"], Space())

    def trouble(self, image, found):
        """An object for an image that fails for now or for good, or None.

        A face named wobbly-N fails N times for now; one named poison sinks the whole request.
        """
        name = image["name"]
        if found is None:
            return {"status": 1, "error": "unable decode input image", "name": name}
        for face in found:
            if face.name == "poison":
                raise Refusal(400, "The memory contains data of an unknown image type")
            if face.name.startswith("wobbly-"):
                seen = self.temporary.get(face.name, 0)
                self.temporary[face.name] = seen + 1
                if seen < int(face.name.split("-")[1]):
                    return {"status": 2, "error": "try again later", "name": name}
        return None

    def set(self, meta, parts):
        found = {name: photos.faces(part.data) for name, part in parts.items()}
        troubles = {i["name"]: self.trouble(i, found[i["name"]]) for i in meta["images"]}
        objects = []
        for image in meta["images"]:
            name = image["name"]
            if troubles[name]:
                objects.append(troubles[name])
            elif len(found[name]) != 1:
                words = "face set required only one face per image"
                objects.append({"status": 1, "error": words, "name": name})
            else:
                self.space(meta).link(image["person_id"], found[name][0].name)
                objects.append({"status": 0, "name": name})
        return {"objects": objects}

    def recognize(self, meta, parts):
        found = {name: photos.faces(part.data) for name, part in parts.items()}
        troubles = {i["name"]: self.trouble(i, found[i["name"]]) for i in meta["images"]}
        objects = []
        for image in meta["images"]:
            name = image["name"]
            entry = troubles[name] or {"status": 0, "name": name}
            persons = [self.person(meta, face) for face in found[name] or []]
            if persons and not troubles[name]:
                entry["persons"] = persons
            objects.append(entry)
        return {"objects": objects, "aliases_changed": False}

    def person(self, meta, face):
        space = self.space(meta)
        number = space.find(face.name)
        if number is None and meta.get("create_new", False):
            number = space.create(face.name)
        return {
            "tag": "undefined" if number is None else f"person{number}",
            "coord": face.box,
            "confidence": 0.99917,
            "awesomeness": 0.4894,
            "similarity": 1 if number is None else 0.9721,
            "frontality": 0.8921,
            "visibility": 0.9985,
        }

    def delete(self, meta, parts):
        objects = []
        for image in meta["images"]:
            found = self.space(meta).persons.pop(image["person_id"], None)
            refused = self.strict and found is None
            objects.append({"status": 1, "error": "Person not found", "name": image["name"]} if refused else
                           {"status": 0, "name": image["name"]})
        return {"objects": objects}

    def truncate(self, meta, parts):
        self.spaces.pop(meta["space"], None)
        return {}

    def state(self):
        with self.lock:
            return {
                name: {"persons": {str(n): sorted(f) for n, f in s.persons.items()}, "links": s.links}
                for name, s in self.spaces.items()
            }
