"""A stateful fake of the Face API v1.0 with all of its 63 operations.

Written from the API's public description, its list of error codes and recorded sessions, and from nothing in facectl. Every request and
response is compared with the description (contract.py); a difference is a Violation. photos.py defines who is in a photo.
"""
# SPDX-License-Identifier: MIT

import json
import re
import threading
import urllib.parse
import uuid

import photos
from azure_store import CODES, PATHS, Container, SharedStore, Snapshot, face_row, id_member, person_row, words
from contract import Contract, require

LEAST_BYTES, MOST_BYTES = 1024, 6 * 1024 * 1024
FACES_OF_A_PERSON = 248
PAGE = 1000

# Paths below /face/v1.0 and the functions for each method. {c} is a container, {p} a person, {f} a face.
KINDS = "(?P<kind>facelists|largefacelists|persongroups|largepersongroups)"
ROUTES = [
    (r"/(detect|verify|identify|findsimilars|group)", {"POST": "search"}),
    (KINDS, {"GET": "list_containers"}),
    (KINDS + "/{c}", {"PUT": "create", "GET": "get", "PATCH": "update", "DELETE": "delete"}),
    (KINDS + "/{c}/train", {"POST": "train"}),
    (KINDS + "/{c}/training", {"GET": "training"}),
    (KINDS + "/{c}/persons", {"POST": "create_person", "GET": "list_persons"}),
    (KINDS + "/{c}/persons/{p}", {"GET": "get_person", "PATCH": "update_person", "DELETE": "delete_person"}),
    (KINDS + "/{c}(/persons/{p})?/persistedfaces", {"POST": "add_face", "GET": "list_faces"}),
    (KINDS + "/{c}(/persons/{p})?/persistedfaces/{f}", {"GET": "get_face", "PATCH": "update_face", "DELETE": "delete_face"}),
    ("/snapshots", {"POST": "take_snapshot", "GET": "list_snapshots"}),
    ("/snapshots/{s}", {"GET": "get_snapshot", "PATCH": "update_snapshot", "DELETE": "delete_snapshot"}),
    ("/snapshots/{s}/apply", {"POST": "apply_snapshot"}),
    ("/operations/{o}", {"GET": "get_operation"}),
]
NAMES = {"c": "container", "p": "person", "f": "face", "s": "snapshot", "o": "operation"}
PATTERNS = [
    (re.compile("/?" + re.sub(r"\{(\w)\}", lambda m: rf"(?P<{NAMES[m[1]]}>[^/]+)", path).lstrip("/")), methods)
    for path, methods in ROUTES
]


class Refusal(Exception):
    """An answer that is a failure, in the service's words."""

    def __init__(self, status, code, message):
        super().__init__(message)
        self.status = status
        self.text = json.dumps({"error": {"code": code, "message": message}})


class Azure:
    def __init__(self, key, subscription="00000000-0000-4000-8000-00000000000a", shared=None):
        self.key = key
        self.subscription = subscription
        self.shared = shared or SharedStore()
        self.contract = Contract()
        self.lock = threading.Lock()
        self.reset()

    def reset(self):
        self.containers = {path: {} for path in CODES}
        self.faces = {}  # faceId: (who, model)
        self.shared.reset()
        self.requested = set()  # names of operations
        self.conflicts = 0
        self.plan = {"looks": 2, "failures": 0, "message": "Training failed."}
        self.forgets = 0
        self.quota = FACES_OF_A_PERSON
        self.absolute = None  # a URL: Operation-Location is absolute
        # another program: it creates so many persons at the same time as the client, and adds faces to persons whose face is refused
        self.rivals = 0
        self.intruders = 0

    def order(self, order):
        """Settings of a test: trainings' polls, failures and message; conflicts; forgets; quota."""
        with self.lock:
            for name, value in order.items():
                if name in self.plan:
                    self.plan[name] = value
                elif name in ("conflicts", "forgets", "quota", "rivals", "intruders", "absolute"):
                    setattr(self, name, value)
                elif name == "groups":
                    self.containers["largepersongroups"] = {group: self.group_of(body) for group, body in value.items()}
                else:
                    raise ValueError(name)

    def group_of(self, body):
        """A group that exists already, with so many persons who have no faces."""
        group = Container("largepersongroups", body)
        for number in range(1, body.get("persons", 0) + 1):
            group.persons[self.new_id()] = {"name": f"person{number}", "userData": None, "faces": {}}
        return group

    def state(self):
        """The large person groups."""
        with self.lock:
            return {
                name: {
                    # by name: the order in which parallel requests created them does not matter
                    "persons": {row["name"]: sorted(f["who"] for f in row["faces"].values())
                                for row in sorted(group.persons.values(), key=lambda row: row["name"])},
                    "count": len(group.persons),
                    "added": group.added,
                    "trainings": group.trainings,
                    "userData": group.user_data,
                    "model": group.model,
                }
                for name, group in self.containers["largepersongroups"].items()
            }

    def all_containers(self):
        """Who is in each container: {"facelists": {"cast": ["ada"]}}."""
        with self.lock:
            return {path: {name: sorted(one.faces_by_owner()) for name, one in held.items()} for path, held in self.containers.items() if held}

    # ---- requests ----

    def answer(self, method, path, query, headers, body):
        """HTTP status, text and headers. Raises Violation."""
        try:
            require("expect" not in headers, "an Expect header")
            require("transfer-encoding" not in headers, "a chunked body")
            require("oauth" not in query.lower(), "another service's secret")
            if method != "GET" and "content-length" not in headers:
                return 411, "<html>Length Required</html>", {}
            if headers.get("ocp-apim-subscription-key") != self.key:
                raise Refusal(401, "401", "Access denied due to invalid subscription key or wrong API endpoint. Make sure to provide"
                              " a valid key for an active subscription and use a correct regional API endpoint for your resource.")
            operation = self.contract.check(method, path, query, headers, body)
            if operation:
                self.requested.add(operation.name)
            streams = headers.get("content-type", "").startswith("application/octet-stream")
            status, text, extra = self.carry_out(method, path, query, body, streams)
            if operation:
                self.contract.check_response(operation, status, extra, text)
            return status, text, extra
        except Refusal as refusal:
            return refusal.status, refusal.text, {}

    def carry_out(self, method, path, query, body, streams):
        found = next((match, methods) for pattern, methods in PATTERNS if (match := pattern.fullmatch(path)))
        names = {name: urllib.parse.unquote(value) for name, value in found[0].groupdict().items() if value}
        names = {name: value if name == "container" else value.lower() for name, value in names.items()}
        arguments = dict(urllib.parse.parse_qsl(query, keep_blank_values=True))
        function = found[1][method]
        function = found[0][1] if function == "search" else function
        order = json.loads(body) if body and not streams else {}
        if function in ("detect", "add_face"):
            order = body if streams else self.download(order["url"])
        with self.lock:
            answer = getattr(self, function)(names, arguments, order)
        answer = answer if isinstance(answer, tuple) else (200, answer)
        status, value, extra = answer if len(answer) == 3 else (*answer, {})
        return status, "" if value is None else json.dumps(value), extra

    def download(self, url):
        """The image at a URL: its faces are the fragment's, such as http://a.example/#ada@1,2,3,4."""
        return photos.make(urllib.parse.urlsplit(url).fragment)

    def container(self, found, changes=False):
        path = found["kind"]
        container = self.containers[path].get(found["container"])
        if not container:
            raise Refusal(404, CODES[path] + "NotFound", f"{words(path)} is not found.\r\nParameter name: {id_member(path)}")
        if changes:
            if self.conflicts > 0:
                self.conflicts -= 1
                raise Refusal(409, "ConcurrentOperationConflict", f"There is a conflict operation on resource `{CODES[path]}`, please try later.")
            self.check_training(container)
        return container

    def check_training(self, container):
        if container.is_busy:
            container.poll()
            raise Refusal(409, CODES[container.path] + "TrainingNotFinished", f"{words(container.path)} is under training.")

    def person(self, found, changes=False):
        container = self.container(found, changes)
        row = container.persons.get(found["person"])
        if not row:
            raise Refusal(404, "PersonNotFound", "Person `%s` is not found." % found["person"])
        return container, row

    def new_id(self):
        # Numbered, so that a seed gives the same ones again; mixed, so that their order is not that of their creation.
        self.shared.made += 1
        return str(uuid.uuid5(uuid.NAMESPACE_OID, str(self.shared.made)))

    # ---- detect and search ----

    def faces_in(self, body):
        if not LEAST_BYTES <= len(body) <= MOST_BYTES:
            raise Refusal(400, "InvalidImageSize", "Image size is too %s." % ("small" if len(body) < LEAST_BYTES else "big"))
        found = photos.faces(body)
        if found is None:
            raise Refusal(400, "InvalidImage", "Decoding error, image format unsupported.")
        return found

    def detect(self, found, query, body):
        rows = []
        model = query.get("recognitionModel", "recognition_01")
        for face in sorted(self.faces_in(body), key=lambda face: -face.area):
            row = {"faceRectangle": face.rectangle}
            if query.get("returnFaceId") == "true":
                row["faceId"] = self.new_id()
                self.faces[row["faceId"]] = (face.name, model)
            if query.get("returnFaceLandmarks") == "true":
                require(query.get("detectionModel") != "detection_02", "landmarks of detection_02")
                row["faceLandmarks"] = face.landmarks
            if query.get("returnRecognitionModel") == "true":
                row["recognitionModel"] = model
            rows.append(row)
        return rows

    def known_face(self, face, status):
        if face.lower() not in self.faces:
            raise Refusal(status, "FaceNotFound", "Face is not found.")
        return self.faces[face.lower()]

    def searched(self, order, paths):
        """The container that a body names, or None."""
        named = [path for path in paths if order.get(id_member(path))]
        require(len(named) <= 1, "several containers")
        if not named:
            return None
        try:
            container = self.container({"kind": named[0], "container": order[id_member(named[0])]})
        except Refusal as refusal:
            refusal.status = 400
            raise
        if named[0] != "facelists":
            self.check_training(container)
            if container.model_of is None:
                raise Refusal(400, CODES[named[0]] + "NotTrained", f"{words(named[0])} is not trained.")
        return container

    def check_model(self, container, model):
        if container.model != model:
            raise Refusal(400, "BadArgument", "'recognitionModel' is incompatible.")

    def identify(self, found, query, order):
        if not 1 <= len(order["faceIds"]) <= 10:
            raise Refusal(400, "BadArgument", "The length of faceIds is not in a valid range.")
        container = self.searched(order, ("persongroups", "largepersongroups"))
        if self.forgets > 0:
            self.forgets -= 1
            self.faces = {}
        rows = []
        for face in order["faceIds"]:
            who, model = self.known_face(face, 400)
            self.check_model(container, model)
            person = container.model_of.get(who)
            known = person and order.get("confidenceThreshold", 0.5) <= 0.92
            rows.append({"faceId": face, "candidates": [{"personId": person, "confidence": 0.92}] if known else []})
        return rows

    def findsimilars(self, found, query, order):
        who, model = self.known_face(order["faceId"], 400)
        container = self.searched(order, ("facelists", "largefacelists"))
        most = order.get("maxNumOfCandidatesReturned", 20)
        least = 0.0 if order.get("mode") == "matchFace" else 0.5
        if container:
            self.check_model(container, model)
            others = [("persistedFaceId", face_id, face["who"]) for face_id, face in container.faces.items()]
        else:
            others = [("faceId", face, self.known_face(face, 400)[0]) for face in order["faceIds"]]
        rows = [{member: face_id, "confidence": 0.9 if other == who else 0.1} for member, face_id, other in others]
        return sorted((row for row in rows if row["confidence"] >= least), key=lambda row: -row["confidence"])[:most]

    def group(self, found, query, order):
        if not 2 <= len(order["faceIds"]) <= 1000:
            raise Refusal(400, "BadArgument", "The length of faceIds is not in a valid range.")
        by_name = {}
        for face in order["faceIds"]:
            by_name.setdefault(self.known_face(face, 404)[0], []).append(face)
        groups = sorted((faces for faces in by_name.values() if len(faces) > 1), key=lambda faces: -len(faces))
        return {"groups": groups, "messyGroup": [faces[0] for faces in by_name.values() if len(faces) == 1]}

    def verify(self, found, query, order):
        if "faceId1" in order:
            first, second = (self.known_face(order[name], 404)[0] for name in ("faceId1", "faceId2"))
            same = first == second
        else:
            who, model = self.known_face(order["faceId"], 404)
            path = "persongroups" if order.get("personGroupId") else "largepersongroups"
            container, row = self.person({"kind": path, "container": order[id_member(path)], "person": order["personId"].lower()})
            self.check_model(container, model)
            same = who in [face["who"] for face in row["faces"].values()]
        return {"isIdentical": same, "confidence": 0.9 if same else 0.1}

    # ---- containers ----

    def create(self, found, query, order):
        path, name = found["kind"], found["container"]
        if name in self.containers[path]:
            raise Refusal(409, CODES[path] + "Exists", f"{words(path)} already exists.")
        self.containers[path][name] = Container(path, order)

    def delete(self, found, query, order):
        self.container(found)
        del self.containers[found["kind"]][found["container"]]

    def get(self, found, query, order):
        return self.container(found).row(found["container"], query, found["kind"] == "facelists")

    def update(self, found, query, order):
        container = self.container(found)
        self.check_names(order)
        container.name = order.get("name", container.name)
        container.user_data = order.get("userData", container.user_data)

    def check_names(self, order):
        if not order.get("name") and order.get("userData") is None:
            raise Refusal(400, "BadArgument", "Both 'name' and 'userData' are empty.")

    def page(self, held, query):
        start, top = query.get("start", ""), int(query.get("top") or PAGE)
        return [(name, held[name]) for name in sorted(held) if name > start][:top]

    def list_containers(self, found, query, order):
        return [one.row(name, query) for name, one in self.page(self.containers[found["kind"]], query)]

    def train(self, found, query, order):
        self.container(found, changes=True).train(self.plan)
        return 202, None

    def training(self, found, query, order):
        container = self.container(found)
        if container.training is None:
            raise Refusal(404, CODES[container.path] + "NotTrained", f"{words(container.path)} is not trained.")
        container.poll()
        return {
            "status": container.training,
            "createdDateTime": "2017-12-21T12:57:27.00Z",
            "lastActionDateTime": "10/15/2016 3:20:34 PM",
            "message": container.message if container.training == "failed" else None,
        }

    # ---- persons ----

    def create_person(self, found, query, order):
        container = self.container(found, changes=True)
        if not order.get("name"):
            raise Refusal(400, "BadArgument", "'name' is empty.")
        person = self.new_id()
        container.persons[person] = {"name": order["name"], "userData": order.get("userData"), "faces": {}}
        if self.rivals > 0:
            self.rivals -= 1
            container.persons[self.new_id()] = {"name": order["name"], "userData": None, "faces": {}}
        return {"personId": person}

    def list_persons(self, found, query, order):
        return [person_row(*pair) for pair in self.page(self.container(found).persons, query)]

    def get_person(self, found, query, order):
        return person_row(found["person"], self.person(found)[1])

    def update_person(self, found, query, order):
        _, row = self.person(found)
        self.check_names(order)
        row["name"] = order.get("name") or row["name"]
        row["userData"] = order.get("userData", row["userData"])

    def delete_person(self, found, query, order):
        container, _ = self.person(found, changes=True)
        del container.persons[found["person"]]

    # ---- persisted faces ----

    def owner(self, found, changes=False):
        """The container, the faces of a list or person, and the person's name."""
        if "person" in found:
            container, row = self.person(found, changes)
            return container, row["faces"], row["name"]
        container = self.container(found, changes)
        return container, container.faces, None

    def add_face(self, found, query, body):
        container, faces, name = self.owner(found, changes=True)
        seen = self.faces_in(body)
        target = query.get("targetFace")
        if target:
            left, top, width, height = map(int, target.split(","))
            box = {"left": left, "top": top, "width": width, "height": height}
            seen = [face for face in seen if face.rectangle == box]
        if not seen and self.intruders > 0:
            self.intruders -= 1
            faces[self.new_id()] = {"who": "somebody", "userData": None}
        if not seen:
            raise Refusal(400, "InvalidImage", "No face detected in the image.")
        if len(seen) > 1:
            raise Refusal(400, "InvalidImage", "There is more than 1 face in the image.")
        if len(faces) >= self.quota:
            raise Refusal(403, "QuotaExceeded", "Persisted face number reached limit.")
        face = self.new_id()
        faces[face] = {"who": seen[0].name, "userData": query.get("userData")}
        container.added.append([name, query.get("userData"), seen[0].name])
        return {"persistedFaceId": face}

    def face(self, found, changes=False):
        _, faces, _ = self.owner(found, changes)
        if found["face"] not in faces:
            raise Refusal(404, "PersistedFaceNotFound", "Persisted face is not found.")
        return faces

    def get_face(self, found, query, order):
        return face_row(found["face"], self.face(found)[found["face"]])

    def update_face(self, found, query, order):
        self.face(found)[found["face"]]["userData"] = order.get("userData")

    def delete_face(self, found, query, order):
        del self.face(found, changes=True)[found["face"]]

    def list_faces(self, found, query, order):
        return [face_row(*pair) for pair in self.page(self.container(found).faces, query)]

    # ---- snapshots ----

    def begin(self, location):
        """A long operation: its Operation-Location is relative, and lacks the beginning of the path, unless a test wants it absolute."""
        operation = self.new_id()
        self.shared.operations[operation] = {"location": location, "polls_left": self.plan["looks"]}
        return 202, None, {"Operation-Location": f"{self.absolute or ''}/operations/{operation}"}

    def take_snapshot(self, found, query, order):
        path = PATHS[order["type"]]
        container = self.container({"kind": path, "container": order["objectId"]})
        snapshot = self.new_id()
        self.shared.snapshots[snapshot] = Snapshot(self.subscription, order, container)
        return self.begin(f"/snapshots/{snapshot}")

    def snapshot(self, found, own=True):
        snapshot = self.shared.snapshots.get(found["snapshot"])
        if not snapshot or (self.subscription != snapshot.account and (own or self.subscription not in snapshot.scope)):
            raise Refusal(404, "SnapshotNotFound", "Snapshot is not found.")
        return snapshot

    def list_snapshots(self, found, query, order):
        types = query["type"].split(",") if query.get("type") else PATHS
        scope = set(query.get("applyScope", "").split(",")) - {""}
        return [snapshot.row(name) for name, snapshot in sorted(self.shared.snapshots.items())
                if snapshot.account == self.subscription and snapshot.type in types and (not scope or scope & set(snapshot.scope))]

    def get_snapshot(self, found, query, order):
        return self.snapshot(found, own=False).row(found["snapshot"])

    def update_snapshot(self, found, query, order):
        snapshot = self.snapshot(found)
        snapshot.scope = order.get("applyScope", snapshot.scope)
        snapshot.user_data = order.get("userData", snapshot.user_data)

    def delete_snapshot(self, found, query, order):
        self.snapshot(found)
        del self.shared.snapshots[found["snapshot"]]

    def apply_snapshot(self, found, query, order):
        container = self.snapshot(found, own=False).container
        held = self.containers[container.path]
        if order["objectId"] in held:
            raise Refusal(409, CODES[container.path] + "Exists", f"{words(container.path)} already exists.")
        held[order["objectId"]] = Snapshot(self.subscription, {"type": "", "applyScope": []}, container).container
        return self.begin(f"/{CODES[container.path].lower()}/{order['objectId']}")

    def get_operation(self, found, query, order):
        operation = self.shared.operations.get(found["operation"])
        if not operation:
            raise Refusal(404, "OperationNotFound", "Operation is not found.")
        operation["polls_left"] -= 1
        done = operation["polls_left"] <= 0
        return {
            "status": "succeeded" if done else "running",
            "createdTime": "2018-12-25T11:41:02.2331413Z",
            "lastActionTime": "2018-12-25T11:51:27.8705696Z",
            "resourceLocation": operation["location"] if done else None,
            "message": None,
        }
