"""Stateful fakes of the NeuroIO and the SERP platform.

Written from what their own clients send and expect (the entries and profiles pages, the Python and JavaScript clients and their
tests, and the recorded objects of the web interface), and from nothing in facectl. Where a source leaves an answer open, the fake
says so beside it. What no client sends is a Violation; what a service refuses is an error in its own shape.

Faces are told apart by name (fake/photos.py). "anna~ha" is somebody who looks like anna with high accuracy, "anna~junk" somewhat.
"""
# SPDX-License-Identifier: MIT

import datetime
import json
import re
import threading
import urllib.parse
import uuid

import multipart
import photos
from multipart import Violation

RESULTS = {"nm": 1, "new": 2, "exact": 3, "junk": 4, "ha": 5, "det": 6, "reinit": 7, "nf": 8}
WITH_PROFILE = ("new", "reinit", "exact", "ha", "junk")
CONFIDENCE = {"exact": 96.5, "ha": 77.25, "junk": 70.0}
RANK = {"exact": 3, "ha": 2, "junk": 1}
LIVENESSES = ("passed", "failed", "undetermined")
PAGE_MAXIMUM = 1000
# NeuroIO's JavaScript client refuses a payload of this size and more.
NEUROIO_BYTES = 6291456


class Refusal(Exception):
    """An error of the service. field: what it is about."""

    def __init__(self, status, message, field="__all__", code=None):
        super().__init__(message)
        self.status = status
        self.message = message
        self.field = field
        self.code = code or status


def require(condition, words):
    if not condition:
        raise Violation(words)


def now():
    return datetime.datetime.now(datetime.timezone.utc)


class Dialect:
    """How one platform differs from the other."""

    def __init__(self, name):
        serp = name == "serp"
        self.name = name
        self.serp = serp
        self.persons = "profiles" if serp else "persons"
        self.origins = "origins" if serp else "sources"
        self.results = tuple(RESULTS) if serp else tuple(r for r in RESULTS if r != "nf")
        self.moods = (("angry", "fear", "neutral", "sad", "disgust", "happy", "surprise") if serp else
                      ("neutral", "anger", "contempt", "disgust", "fear", "happiness", "sadness", "surprise"))
        self.create_fields = ({"origin_id", "create_min_facesize", "create_ha", "create_junk", "identify_asm"} if serp else
                              {"source", "facesize", "create_on_ha", "create_on_junk", "identify_asm"})
        self.reinit_fields = ({"create_min_facesize", "min_conf", "identify_asm"} if serp else
                              {"source", "facesize", "result", "identify_asm"})
        self.entry_query = ({"person_ids", "conf", "age_from", "age_to", "sex", "mood", "origin_ids", "spaces_ids", "date_from",
                             "date_to", "limit", "offset"} if serp else
                            {"pid", "result", "age_from", "age_to", "sex", "mood", "liveness", "sources_ids", "spaces_ids",
                             "date_from", "date_to", "limit", "offset"})
        self.settings = ({"min_facesize": 7000, "save_img_for_confs": None, "save_entries_for_confs": None,
                          "upload_create_ha": False, "upload_create_junk": False, "upload_create_min_facesize": 25000,
                          "entry_storage_days": None} if serp else
                         {"license_id": None, "identify_facesize_threshold": 7000, "manual_create_facesize_threshold": 25000,
                          "manual_create_on_ha": False, "manual_create_on_junk": False, "store_images_for_results": []})


def error_text(dialect, refusal):
    if dialect.serp:
        place = ["body"] if refusal.field == "__all__" else ["body", refusal.field]
        return json.dumps({"detail": [{"loc": place, "msg": refusal.message, "code": refusal.code}]})
    if refusal.field == "__all__":
        return json.dumps({"error_codes": [refusal.code], "message": refusal.message, "fields": []})
    field = {"name": refusal.field, "message": refusal.message, "error_code": refusal.code}
    return json.dumps({"error_codes": [refusal.code], "message": "Validation error.", "fields": [field]})


# ---- requests, by the letter ----


def read_query(query, allowed):
    pairs = urllib.parse.parse_qsl(query, keep_blank_values=True, strict_parsing=True) if query else []
    values = dict(pairs)
    require(len(values) == len(pairs), f"a query parameter twice: {query}")
    require(set(values) <= allowed, f"query parameters {sorted(set(values) - allowed)}")
    require("," not in query and "+" not in query and ":" not in query, f"a query that is not encoded: {query}")
    require(all(values.values()), f"an empty query parameter: {query}")
    return values


def whole(text, words, least=0, most=2**53):
    require(re.fullmatch(r"0|[1-9]\d*", text) and least <= int(text) <= most, f"{words} is {text!r}")
    return int(text)


def each(text, allowed, words):
    items = text.split(",")
    require(all(item in allowed for item in items), f"{words} is {text!r}")
    return items


def uuids(text):
    items = text.split(",")
    for item in items:
        require(str(uuid.UUID(item)) == item, f"{item!r} is no UUID")
    return items


def truth(text, words):
    require(text in ("true", "false"), f"{words} is {text!r}")
    return text == "true"


def moment(text):
    require(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{6})?\+00:00", text), f"time {text!r}")
    return datetime.datetime.fromisoformat(text)


def read_form(headers, body, images, fields):
    parts = {part.name: part for part in multipart.parse(headers.get("content-type"), body)}
    require(images <= set(parts) | {"image2"}, f"parts {sorted(parts)}")
    require(set(parts) <= images | fields, f"parts {sorted(set(parts) - images - fields)}")
    values = {}
    for name, part in parts.items():
        if name in images:
            require(part.filename and part.content_type in ("image/jpeg", "image/png"), f"part {name}")
        else:
            require(part.filename is None and part.content_type is None, f"field {name} is a file")
            values[name] = part.data.decode("utf-8")
    return {name: parts[name].data for name in images if name in parts}, values


def read_json(headers, body, allowed):
    require(headers.get("content-type") == "application/json", f"content type {headers.get('content-type')}")
    value = json.loads(body)
    require(isinstance(value, dict) and set(value) <= allowed, f"an object with {sorted(value)}")
    return value


class Platform:
    def __init__(self, name, token):
        self.dialect = Dialect(name)
        self.token = token
        self.lock = threading.Lock()
        self.reset()

    def reset(self):
        self.persons = {}
        self.made = []
        self.entries = []
        self.entry_id = 0
        self.origins = {
            1: {"id": 1, "name": "door", "space": 1, **self.dialect.settings},
            2: {"id": 2, "name": "hall, left", "space": 1, **self.dialect.settings},
            3: {"id": 3, "name": "roof", "space": 2, **self.dialect.settings},
        }
        self.spaces = {1: "lobby", 2: "attic"}
        self.thresholds = {"exact": 79.3, "ha": 75.5, "junk": 68.84}
        self.page_cap = PAGE_MAXIMUM
        self.old = False
        self.sees_spaces = True
        self.grows = 0
        # how many reinits it fails, and whether it knows the filter by profile
        self.failing_reinits = 0
        self.ignores_pids = False
        # the ids of profiles: uuid, example (as the documents print them) or number
        self.ids_are = "uuid"
        self.id_count = 0
        self.log = []

    # ---- what tests ask of the fake ----

    def order(self, order):
        with self.lock:
            for name in ("page_cap", "old", "sees_spaces", "grows", "failing_reinits", "ignores_pids"):
                setattr(self, name, order.get(name, getattr(self, name)))
            self.ids_are = order.get("ids", self.ids_are)
            # the second origin has this name
            self.origins[2]["name"] = order.get("named", self.origins[2]["name"])
            for seconds in order.get("dated", []):
                self.add_entry("det", None, 1, now() + datetime.timedelta(seconds=seconds))
            for i in range(order.get("entries", 0)):
                self.seed(i)

    def seed(self, i):
        """The i-th of a log that is the same every time, a second after the one before."""
        pids = ["c7111b45-c5cb-4c44-b097-5ede3584abe3", "0db7d1b8-1d3c-4e13-9d8d-0d6bd0d2a2a4"]
        result = self.dialect.results[i % len(self.dialect.results)]
        self.add_entry(
            result,
            pids[i % 2] if result in WITH_PROFILE else None,
            1 + i % 2,
            datetime.datetime(2022, 9, 6, 8, 52, 1, 581172, datetime.timezone.utc) + datetime.timedelta(seconds=i),
            age=20 + i % 50,
            sex=i % 2,
            mood=self.dialect.moods[i % len(self.dialect.moods)],
            liveness=LIVENESSES[i % 3],
        )

    def add_entry(self, result, pid, origin, created, age=None, sex=None, mood=None, liveness=""):
        self.entry_id += 1
        self.entries.insert(0, {
            "id": self.entry_id, "result": result, "pid": pid, "origin": origin, "space": self.origins[origin]["space"],
            "created": created, "age": age, "sex": sex, "mood": mood, "liveness": liveness,
        })

    def state(self):
        with self.lock:
            return {
                "persons": {pid: sorted(faces) for pid, faces in self.persons.items()},
                "made": self.made,
                "entries": [[e["id"], e["result"], e["pid"], e["origin"]] for e in self.entries],
                "origins": list(self.origins.values()),
                "thresholds": self.thresholds,
                "log": self.log,
            }

    # ---- requests ----

    def answer(self, method, path, query, headers, body, iam):
        """HTTP's status and a text. Raises Violation."""
        try:
            self.check_headers(method, headers)
            require(path.startswith("/v1/") and path.endswith("/"), f"path {path}")
            pieces = path[len("/v1/"):-1].split("/")
            with self.lock:
                self.log.append(f"{method} {path}" + (f"?{query}" if query else ""))
                return self.dispatch(method, pieces, query, headers, body, iam)
        except Refusal as refusal:
            return refusal.status, error_text(self.dialect, refusal)

    def check_headers(self, method, headers):
        require("expect" not in headers, "an Expect header")
        require("transfer-encoding" not in headers, "a chunked body")
        require("application/json" in headers.get("accept", ""), "JSON is not accepted")
        require(method == "GET" or re.fullmatch(r"\d+", headers.get("content-length", "")), "no Content-Length")
        require(headers.get("authorization", "").startswith("Token "), "no token")
        if headers["authorization"] != f"Token {self.token}":
            raise Refusal(401, "Unauthorized.")

    def dispatch(self, method, pieces, query, headers, body, iam):
        dialect = self.dialect
        handlers = {
            dialect.persons: self.serve_persons,
            "entries": self.serve_entries,
            dialect.origins: self.serve_origins,
            "spaces": self.serve_spaces,
            "whoami": self.serve_whoami,
            "settings": self.serve_settings,
        }
        require(pieces[0] in handlers, f"{method} /v1/{'/'.join(pieces)}/")
        if not dialect.serp:
            require((pieces[0] in ("spaces", "whoami")) == iam, f"{pieces[0]} at the wrong address")
        status, value = handlers[pieces[0]](method, pieces[1:], query, headers, body)
        return status, "" if value is None else json.dumps(value)

    # ---- persons ----

    def new_id(self):
        self.id_count += 1
        return {"uuid": str(uuid.uuid4()), "example": f"abcdef01-abcd-abcd01-abcdef0{self.id_count}",
                "number": str(self.id_count)}[self.ids_are]

    def ids(self, text):
        """The ids of a request."""
        return uuids(text) if self.ids_are == "uuid" else text.split(",")

    def shown(self, pid):
        return int(pid) if pid and pid.isdigit() else pid

    def serve_persons(self, method, pieces, query, headers, body):
        require(not query, f"a query: {query}")
        if method == "POST" and not pieces:
            return self.create(headers, body)
        if method == "POST" and pieces == ["search"]:
            return self.search(headers, body)
        if method == "POST" and len(pieces) == 2 and pieces[1 if self.dialect.serp else 0] == "reinit":
            return self.reinit(self.ids(pieces[0 if self.dialect.serp else 1])[0], headers, body)
        require(method == "DELETE" and len(pieces) == 1 and not body, f"{method} {pieces}")
        pid = self.ids(pieces[0])[0]
        if pid not in self.persons:
            raise Refusal(404, "Not found.")
        del self.persons[pid]
        return 204, None

    def one_face(self, images):
        require(self.dialect.serp or sum(map(len, images.values())) < NEUROIO_BYTES, "a payload too large")
        found = [photos.faces(data) for data in images.values()]
        # The words of both are published nowhere.
        if any(faces is None for faces in found):
            raise Refusal(400, "Image is not supported.", "image")
        if any(len(faces) > 1 for faces in found):
            raise Refusal(400, "Several faces found.", "image")
        return found[0][0].name if found[0] else None

    def match(self, face):
        """Result and profile of a face."""
        like, _, band = face.partition("~")
        for pid, faces in self.persons.items():
            if face in faces:
                return "exact", pid
        for pid, faces in self.persons.items():
            if band and like in faces:
                return band, pid
        return "nm", None

    def person(self, result, pid, asm):
        """The members of a profile's answer are known; SERP's names are those of its entries."""
        confidence = 100 if result == "new" else CONFIDENCE.get(result)
        guess = {"age": 30, "sex": 1, "mood": self.dialect.moods[0]} if asm else {"age": None, "sex": None, "mood": None}
        if self.dialect.serp:
            return {"conf": RESULTS[result], "person_id": self.shown(pid), "distance": confidence, **guess}
        return {"result": result, "pid": self.shown(pid), "confidence": confidence, "liveness": "", **guess}

    def read_origin(self, values):
        if self.dialect.serp:
            if "origin_id" not in values:
                raise Refusal(422, "field required", "origin_id")
            origin = self.origins.get(whole(values["origin_id"], "origin_id"))
        else:
            require("source" in values, "no source")
            origin = next((o for o in self.origins.values() if o["name"] == values["source"]), None)
        if not origin:
            raise Refusal(400, "Does not exist.", "origin_id" if self.dialect.serp else "source")
        return origin

    def check_fields(self, values):
        for name in ("facesize", "create_min_facesize"):
            whole(values.get(name, "0"), name)
        for name in ("create_on_ha", "create_on_junk", "create_ha", "create_junk", "identify_asm"):
            truth(values.get(name, "false"), name)

    def create(self, headers, body):
        images, values = read_form(headers, body, {"image"}, self.dialect.create_fields)
        self.check_fields(values)
        origin = self.read_origin(values)
        face = self.one_face(images)
        if face is None:
            raise Refusal(400, "No face found.", "image")
        names = ("create_ha", "create_junk") if self.dialect.serp else ("create_on_ha", "create_on_junk")
        anew = {"ha": values.get(names[0]) == "true", "junk": values.get(names[1]) == "true", "exact": False, "nm": True}
        result, pid = self.match(face)
        if anew[result]:
            result, pid = "new", self.new_id()
            self.persons[pid] = {face}
            self.made.append(face)
            self.add_entry("new", pid, origin["id"], now())
        return 201, self.person(result, pid, values.get("identify_asm") == "true")

    def search(self, headers, body):
        allowed = {"image", "image2"} if self.dialect.serp else {"image"}
        images, values = read_form(headers, body, allowed, {"identify_asm"})
        require("image" in images, "no image")
        require("identify_asm" in values, "no identify_asm")
        self.check_fields(values)
        face = self.one_face(images)
        if face is None and not self.dialect.serp:
            raise Refusal(400, "No face found.", "image")
        result, pid = self.match(face) if face else ("nf", None)
        answer = self.person(result, pid, values["identify_asm"] == "true")
        return (404 if self.old and pid is None else 200), answer

    def reinit(self, pid, headers, body):
        images, values = read_form(headers, body, {"image"}, self.dialect.reinit_fields)
        self.check_fields(values)
        if pid not in self.persons:
            raise Refusal(404, "Not found.")
        if self.failing_reinits > 0:
            self.failing_reinits -= 1
            raise Refusal(503, "Try again.")
        face = self.one_face(images)
        if face is None:
            raise Refusal(400, "No face found.", "image")
        least = values.get("min_conf" if self.dialect.serp else "result")
        if self.dialect.serp:
            least = next((word for word, number in RESULTS.items() if str(number) == least), None)
        require(least in RANK, f"least result {least!r}")
        origin = 1 if self.dialect.serp else self.read_origin(values)["id"]
        result, found = self.match(face)
        if found != pid or RANK.get(result, 0) < RANK[least]:
            raise Refusal(400, "Face does not match.", "image")
        self.persons[pid] = {face, face.partition("~")[0]}
        self.add_entry("reinit", pid, origin, now())
        return 204, None

    # ---- entries ----

    def serve_entries(self, method, pieces, query, headers, body):
        require(not body, "a body")
        if method == "GET" and not pieces:
            return 200, self.page("entries", *self.select(query), self.show_entry)
        if method == "GET" and pieces[:2] == ["stats", "pid"] and len(pieces) == 3 and not self.dialect.serp:
            return 200, self.stats(self.ids(pieces[2])[0])
        require(method == "DELETE" and len(pieces) == 1, f"{method} {pieces}")
        number = whole(pieces[0], "entry", 1)
        entry = next((e for e in self.entries if e["id"] == number), None)
        if not entry:
            raise Refusal(404, "Not found.")
        self.entries.remove(entry)
        return 204, None

    def select(self, query):
        dialect = self.dialect
        values = read_query(query, dialect.entry_query)
        pids = self.ids(values[p]) if (p := "person_ids" if dialect.serp else "pid") in values else None
        results = None
        if dialect.serp and "conf" in values:
            results = [word for word in RESULTS if str(RESULTS[word]) in
                       each(values["conf"], [str(n) for n in RESULTS.values()], "conf")]
        elif "result" in values:
            results = each(values["result"], dialect.results, "result")
        moods = each(values["mood"], dialect.moods, "mood") if "mood" in values else None
        lives = each(values["liveness"], LIVENESSES, "liveness") if "liveness" in values else None
        sexes = each(values["sex"], ("0", "1"), "sex") if "sex" in values else None
        require(not dialect.serp or not sexes or len(sexes) == 1, "two sexes")
        origins = [whole(n, "origin", 1) for n in values[o].split(",")] if (
            o := "origin_ids" if dialect.serp else "sources_ids") in values else None
        spaces = [whole(n, "space", 1) for n in values["spaces_ids"].split(",")] if "spaces_ids" in values else None
        since = moment(values["date_from"]) if "date_from" in values else None
        until = moment(values["date_to"]) if "date_to" in values else None
        youngest = whole(values["age_from"], "age_from") if "age_from" in values else None
        oldest = whole(values["age_to"], "age_to") if "age_to" in values else None
        found = [e for e in self.entries if
                 (pids is None or self.ignores_pids or e["pid"] in pids) and (results is None or e["result"] in results) and
                 (moods is None or e["mood"] in moods) and (lives is None or e["liveness"] in lives) and
                 (sexes is None or str(e["sex"]) in sexes) and (origins is None or e["origin"] in origins) and
                 (spaces is None or e["space"] in spaces) and
                 (since is None or e["created"] >= since) and (until is None or e["created"] < until) and
                 (youngest is None or (e["age"] or -1) >= youngest) and (oldest is None or (e["age"] or 999) <= oldest)]
        return found, values

    def page(self, name, items, values, show):
        limit = min(whole(values.get("limit", "20"), "limit", 1, PAGE_MAXIMUM), self.page_cap)
        offset = whole(values.get("offset", "0"), "offset")
        link = f"http://localhost:8080/v1/{name}/?limit={limit}&offset="
        following = link + str(offset + limit) if offset + limit < len(items) else None
        shown = [show(item) for item in items[offset:offset + limit]]
        if name == "entries" and self.grows > 0:
            # somebody passes a camera while pages are read
            self.grows -= 1
            self.add_entry("det", None, 1, now())
        if self.dialect.serp:
            return {"next": following, "prev": link + "0" if offset else None, "data": shown}
        return {"count": len(items), "next": following, "previous": link + "0" if offset else None, "results": shown}

    def show_entry(self, entry):
        # a NeuroIO entry as its web interface's tests record it, a SERP entry as its documents print it
        created = entry["created"].isoformat(timespec="microseconds")
        match = 100.0 if entry["result"] == "new" else CONFIDENCE.get(entry["result"])
        if self.dialect.serp:
            return {
                "id": entry["id"], "space_id": entry["space"], "origin_id": entry["origin"], "person_id": self.shown(entry["pid"]),
                "conf": RESULTS[entry["result"]], "photo": "", "created": created, "alive_probability": None,
                "profile_photo": "http://localhost:8080/static/mtmp1/c44385d1.png", "distance": match, "exposure": 251369.71875,
                "blur": 0.001, "tilt": 18.51, "pan": 8.53, "age": entry["age"], "sex": entry["sex"], "mood": entry["mood"],
            }
        return {
            "id": entry["id"], "created": created.replace("+00:00", "Z"),
            "face_image": f"https://files.neuroio.com/{entry['id']}/face.jpg",
            "full_image": f"https://files.neuroio.com/{entry['id']}/full.jpg",
            "source": {"id": entry["origin"], "name": self.origins[entry["origin"]]["name"]},
            "space": {"id": entry["space"], "name": self.spaces[entry["space"]]},
            "facesize": 14280, "age": entry["age"], "sex": entry["sex"], "mood": entry["mood"] or "",
            "liveness": entry["liveness"], "pid": self.shown(entry["pid"]), "result": entry["result"], "confidence": match,
            "pid_created": created.replace("+00:00", "Z") if entry["pid"] else None, "initial_face_image": "",
            "initial_full_image": "", "exposure": 0.5, "pan": 1.25, "tilt": -2.5,
        }

    def stats(self, pid):
        entries = [e for e in self.entries if e["pid"] == pid]
        if not entries:
            raise Refusal(404, "Not found.")
        first = entries[-1]
        count = {result: sum(e["result"] == result for e in entries) for result in ("exact", "ha", "junk", "reinit")}
        return {
            "pid": self.shown(pid), "pid_created": first["created"].isoformat(timespec="microseconds").replace("+00:00", "Z"),
            "pid_source": {"id": first["origin"], "name": self.origins[first["origin"]]["name"]},
            "age": first["age"], "sex": first["sex"], "initial_face_image": "https://files.neuroio.com/1/face.jpg",
            "initial_full_image": "https://files.neuroio.com/1/full.jpg", "initial_facesize": 14280, "initial_liveness": "",
            "total": len(entries), **count,
            "liveness": {life: sum(e["liveness"] == life for e in entries) for life in LIVENESSES},
        }

    # ---- origins, spaces, settings ----

    def show_origin(self, origin):
        return {name: value for name, value in origin.items() if name != "space"}

    def serve_origins(self, method, pieces, query, headers, body):
        fields = {"name", *self.dialect.settings}
        if method == "GET" and not pieces:
            values = read_query(query, {"q", "spaces_ids", "limit", "offset"})
            spaces = [int(n) for n in values.get("spaces_ids", "1,2").split(",")]
            return 200, self.page(self.dialect.origins, [o for o in self.origins.values() if o["space"] in spaces], values,
                                  self.show_origin)
        require(not query, f"a query: {query}")
        if method == "POST" and not pieces:
            value = read_json(headers, body, fields)
            require(isinstance(value.get("name"), str) and value["name"], "an origin without a name")
            if any(o["name"] == value["name"] for o in self.origins.values()):
                raise Refusal(400, "Already exists.", "name")
            number = max(self.origins) + 1
            self.origins[number] = {"id": number, "space": 1, **self.dialect.settings, **value}
            return 201, self.show_origin(self.origins[number])
        require(len(pieces) == 1, f"{method} {pieces}")
        number = whole(pieces[0], "origin", 1)
        if number not in self.origins:
            raise Refusal(404, "Not found.")
        if method == "PATCH":
            value = read_json(headers, body, fields)
            require("name" in value, "a change without the name")
            self.origins[number].update(value)
        elif method == "DELETE":
            del self.origins[number]
            return 202, None
        return 200, self.show_origin(self.origins[number])

    def serve_spaces(self, method, pieces, query, headers, body):
        if not self.sees_spaces:
            raise Refusal(403, "Forbidden.")
        if method == "GET" and not pieces:
            values = read_query(query, {"q", "limit", "offset"})
            return 200, self.page("spaces", [{"id": n, "name": name} for n, name in self.spaces.items()], values, dict)
        require(method == "DELETE" and len(pieces) == 1 and not body, f"{method} {pieces}")
        if whole(pieces[0], "space", 1) not in self.spaces:
            raise Refusal(404, "Not found.")
        del self.spaces[int(pieces[0])]
        return 204, None

    def serve_whoami(self, method, pieces, query, headers, body):
        require(method == "GET" and not pieces and not query, f"{method} whoami {pieces}")
        return 200, {"username": "tester"} if self.dialect.serp else {"username": "tester", "space": {"id": 1, "name": "lobby"}}

    def serve_settings(self, method, pieces, query, headers, body):
        require(pieces == ["thresholds"] and not self.dialect.serp, f"settings {pieces}")
        if method == "PUT":
            value = read_json(headers, body, {"exact", "ha", "junk"})
            require(set(value) == {"exact", "ha", "junk"}, "not all thresholds")
            self.thresholds = value
        else:
            require(method == "GET", method)
        return 200, {"space_id": 1, **self.thresholds}
