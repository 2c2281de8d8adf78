"""A stateful fake of the Face API v1.0, as far as large person groups go.

Written from the API's public description, its list of error codes and recorded sessions, and from nothing in facectl. Every request
is held against the description first (contract.py): what it does not allow is a Violation. Who is in a photo is told by photos.py.
"""
# SPDX-License-Identifier: MIT

import json
import re
import threading
import urllib.parse
import uuid

import photos
from contract import Contract, require

LEAST_BYTES, MOST_BYTES = 1024, 6 * 1024 * 1024
FACES_OF_A_PERSON = 248
PERSONS_OF_A_PAGE = 1000
MODEL = "recognition_04"


class Refusal(Exception):
    """An answer that is a failure, in the service's words."""

    def __init__(self, status, code, message):
        super().__init__(message)
        self.status = status
        self.text = json.dumps({"error": {"code": code, "message": message}})


class Group:
    def __init__(self, body):
        self.name = body["name"]
        self.user_data = body.get("userData")
        self.model = body.get("recognitionModel", "recognition_01")
        self.persons = {}
        self.added = []  # [person's name, digest of the photo] for each face that was ever added
        self.model_of = None  # what the last training saw: who each face is
        self.training = None
        self.looks_left = 0
        self.message = None
        self.trainings = 0

    def train(self, plan):
        self.training = "notstarted"
        self.looks_left = plan["looks"]
        self.trainings += 1
        self.seen = {face["who"]: person for person, row in self.persons.items() for face in row["faces"].values()}
        self.fails = plan["failures"] > 0 or not self.seen
        plan["failures"] = max(plan["failures"] - 1, 0)
        self.message = plan["message"] if self.seen else "There is no person in the person group."

    def look(self):
        """Time passes whenever somebody looks."""
        if self.training in ("notstarted", "running"):
            self.looks_left -= 1
            self.training = "running"
            if self.looks_left <= 0:
                self.training = "failed" if self.fails else "succeeded"
                if not self.fails:
                    self.model_of = self.seen

    @property
    def is_busy(self):
        return self.training in ("notstarted", "running")


class Azure:
    def __init__(self, key):
        self.key = key
        self.contract = Contract()
        self.lock = threading.Lock()
        self.reset()

    def reset(self):
        self.groups = {}
        self.faces = {}  # faceId: (who, model)
        self.conflicts = 0
        self.plan = {"looks": 2, "failures": 0, "message": "Training failed."}
        self.forgets = 0
        self.quota = FACES_OF_A_PERSON
        # another program: it creates so many persons at the same time as the client, and adds faces to persons whose face is refused
        self.rivals = 0
        self.intruders = 0
        self.made = 0

    def order(self, order):
        """What a test wants of the service: trainings' looks, failures and message; conflicts; forgets; quota."""
        with self.lock:
            for name, value in order.items():
                if name in self.plan:
                    self.plan[name] = value
                elif name in ("conflicts", "forgets", "quota", "rivals", "intruders"):
                    setattr(self, name, value)
                elif name == "groups":
                    self.groups = {group: self.group_of(body) for group, body in value.items()}
                else:
                    raise ValueError(name)

    def group_of(self, body):
        """A group that is there already, with so many persons who have no faces."""
        group = Group(body)
        for number in range(1, body.get("persons", 0) + 1):
            group.persons[self.new_id()] = {"name": f"person{number}", "userData": None, "faces": {}}
        return group

    def state(self):
        with self.lock:
            return {
                name: {
                    # by name: which of several at once was made first says nothing
                    "persons": {row["name"]: sorted(f["who"] for f in row["faces"].values())
                                for row in sorted(group.persons.values(), key=lambda row: row["name"])},
                    "count": len(group.persons),
                    "added": group.added,
                    "trainings": group.trainings,
                    "userData": group.user_data,
                    "model": group.model,
                }
                for name, group in self.groups.items()
            }

    # ---- requests ----

    def answer(self, method, path, query, headers, body):
        """HTTP status and text. Raises Violation."""
        try:
            require("expect" not in headers, "an Expect header")
            require("transfer-encoding" not in headers, "a chunked body")
            require("oauth" not in query.lower(), "another service's secret")
            if method != "GET" and "content-length" not in headers:
                return 411, "<html>Length Required</html>"
            if headers.get("ocp-apim-subscription-key") != self.key:
                raise Refusal(401, "401", "Access denied due to invalid subscription key or wrong API endpoint. Make sure to provide"
                              " a valid key for an active subscription and use a correct regional API endpoint for your resource.")
            operation, found = self.contract.check(method, path, query, headers, body)
            arguments = dict(urllib.parse.parse_qsl(query, keep_blank_values=True))
            name = re.sub(r"(?<!^)(?=[A-Z])", "_", operation.split("_")[0] + operation.split("_")[1]).lower()
            with self.lock:
                return getattr(self, name)(found, arguments, body)
        except Refusal as refusal:
            return refusal.status, refusal.text

    def group(self, found, changes=False):
        group = self.groups.get(found["largePersonGroupId"])
        if not group:
            raise Refusal(404, "LargePersonGroupNotFound", "Large person group is not found.\r\nParameter name: largePersonGroupId")
        if changes:
            if self.conflicts > 0:
                self.conflicts -= 1
                raise Refusal(409, "ConcurrentOperationConflict", "There is a conflict operation on resource `LargePersonGroup`, please try later.")
            if group.is_busy:
                group.look()
                raise Refusal(409, "LargePersonGroupTrainingNotFinished", "Large person group is under training.")
        return group

    def person(self, found, changes=False):
        group = self.group(found, changes)
        row = group.persons.get(found["personId"].lower())
        if not row:
            raise Refusal(404, "PersonNotFound", "Person `%s` is not found." % found["personId"])
        return group, row

    def new_id(self):
        # Numbered, so that a seed gives the same ones again; mixed, so that their order is not that of their making.
        self.made += 1
        return str(uuid.uuid5(uuid.NAMESPACE_OID, str(self.made)))

    # ---- faces ----

    def look(self, body):
        if not LEAST_BYTES <= len(body) <= MOST_BYTES:
            raise Refusal(400, "InvalidImageSize", "Image size is too %s." % ("small" if len(body) < LEAST_BYTES else "big"))
        found = photos.faces(body)
        if found is None:
            raise Refusal(400, "InvalidImage", "Decoding error, image format unsupported.")
        return found

    def face_detect_with_stream(self, found, query, body):
        seen = sorted(self.look(body), key=lambda face: -face.area)
        rows = []
        for face in seen:
            row = {"faceRectangle": face.rectangle}
            if query.get("returnFaceId") == "true":
                row["faceId"] = self.new_id()
                self.faces[row["faceId"]] = (face.name, query.get("recognitionModel", "recognition_01"))
            if query.get("returnFaceLandmarks") == "true":
                require(query.get("detectionModel") != "detection_02", "landmarks of detection_02")
                row["faceLandmarks"] = face.landmarks
            rows.append(row)
        return 200, json.dumps(rows)

    def known_face(self, face, status):
        if face not in self.faces:
            raise Refusal(status, "FaceNotFound", "Face is not found.")
        return self.faces[face]

    def face_identify(self, found, query, body):
        order = json.loads(body)
        require("personGroupId" not in order, "personGroupId")
        if not order["faceIds"]:
            raise Refusal(400, "BadArgument", "The length of faceIds is not in a valid range.")
        group = self.group(order)
        if group.is_busy:
            group.look()
            raise Refusal(409, "LargePersonGroupTrainingNotFinished", "Large person group is under training.")
        if group.model_of is None:
            raise Refusal(400, "LargePersonGroupNotTrained", "Large person group is not trained.")
        if self.forgets > 0:
            self.forgets -= 1
            self.faces = {}
        rows = []
        for face in order["faceIds"]:
            who, model = self.known_face(face, 400)
            if model != group.model:
                raise Refusal(400, "BadArgument", "'recognitionModel' is incompatible.")
            person = group.model_of.get(who)
            rows.append({"faceId": face, "candidates": [{"personId": person, "confidence": 0.92}] if person else []})
        return 200, json.dumps(rows)

    def face_verify_face_to_face(self, found, query, body):
        order = json.loads(body)
        first, second = (self.known_face(order[name], 404)[0] for name in ("faceId1", "faceId2"))
        same = first == second
        return 200, json.dumps({"isIdentical": same, "confidence": 0.9 if same else 0.1})

    # ---- groups ----

    def large_person_group_create(self, found, query, body):
        name = found["largePersonGroupId"]
        if name in self.groups:
            raise Refusal(409, "LargePersonGroupExists", "Large person group already exists.")
        self.groups[name] = Group(json.loads(body))
        return 200, ""

    def large_person_group_delete(self, found, query, body):
        self.group(found)
        del self.groups[found["largePersonGroupId"]]
        return 200, ""

    def row_of(self, name, group, query):
        row = {"largePersonGroupId": name, "name": group.name, "userData": group.user_data}
        if query.get("returnRecognitionModel") == "true":
            row["recognitionModel"] = group.model
        return row

    def large_person_group_get(self, found, query, body):
        return 200, json.dumps(self.row_of(found["largePersonGroupId"], self.group(found), query))

    def large_person_group_update(self, found, query, body):
        group = self.group(found)
        order = json.loads(body)
        if not order.get("name") and not order.get("userData"):
            raise Refusal(400, "BadArgument", "Both 'name' and 'userData' are empty.")
        group.name = order.get("name", group.name)
        group.user_data = order.get("userData", group.user_data)
        return 200, ""

    def large_person_group_list(self, found, query, body):
        start, top = query.get("start", ""), int(query.get("top") or PERSONS_OF_A_PAGE)
        names = sorted(name for name in self.groups if name > start)[:top]
        return 200, json.dumps([self.row_of(name, self.groups[name], query) for name in names])

    def large_person_group_train(self, found, query, body):
        group = self.group(found, changes=True)
        group.train(self.plan)
        return 202, ""

    def large_person_group_get_training_status(self, found, query, body):
        group = self.group(found)
        if group.training is None:
            raise Refusal(404, "LargePersonGroupNotTrained", "Large person group is not trained.")
        group.look()
        failed = group.training == "failed"
        return 200, json.dumps({
            "status": group.training,
            "createdDateTime": "2017-12-21T12:57:27.00Z",
            "lastActionDateTime": "10/15/2016 3:20:34 PM",
            "message": group.message if failed else None,
        })

    # ---- persons ----

    def large_person_group_person_create(self, found, query, body):
        group = self.group(found, changes=True)
        order = json.loads(body)
        if not order.get("name"):
            raise Refusal(400, "BadArgument", "'name' is empty.")
        person = self.new_id()
        group.persons[person] = {"name": order["name"], "userData": order.get("userData"), "faces": {}}
        if self.rivals > 0:
            self.rivals -= 1
            group.persons[self.new_id()] = {"name": order["name"], "userData": None, "faces": {}}
        return 200, json.dumps({"personId": person})

    def person_row(self, person, row):
        return {"personId": person, "name": row["name"], "userData": row["userData"], "persistedFaceIds": list(row["faces"])}

    def large_person_group_person_list(self, found, query, body):
        group = self.group(found)
        start, top = query.get("start", ""), int(query.get("top") or PERSONS_OF_A_PAGE)
        ids = sorted(person for person in group.persons if person > start)[:top]
        return 200, json.dumps([self.person_row(person, group.persons[person]) for person in ids])

    def large_person_group_person_get(self, found, query, body):
        _, row = self.person(found)
        return 200, json.dumps(self.person_row(found["personId"].lower(), row))

    def large_person_group_person_update(self, found, query, body):
        _, row = self.person(found)
        order = json.loads(body)
        if not order.get("name") and not order.get("userData"):
            raise Refusal(400, "BadArgument", "Both 'name' and 'userData' are empty.")
        row["name"] = order.get("name") or row["name"]
        row["userData"] = order.get("userData", row["userData"])
        return 200, ""

    def large_person_group_person_delete(self, found, query, body):
        group, _ = self.person(found, changes=True)
        del group.persons[found["personId"].lower()]
        return 200, ""

    def large_person_group_person_get_face(self, found, query, body):
        _, row = self.person(found)
        face = row["faces"].get(found["persistedFaceId"].lower())
        if not face:
            raise Refusal(404, "PersistedFaceNotFound", "No persisted face of the person is found.")
        return 200, json.dumps({"persistedFaceId": found["persistedFaceId"].lower(), "userData": face["userData"]})

    def large_person_group_person_delete_face(self, found, query, body):
        _, row = self.person(found, changes=True)
        if not row["faces"].pop(found["persistedFaceId"].lower(), None):
            raise Refusal(404, "PersistedFaceNotFound", "No persisted face of the person is found.")
        return 200, ""

    def large_person_group_person_add_face_from_stream(self, found, query, body):
        group, row = self.person(found, changes=True)
        seen = self.look(body)
        target = query.get("targetFace")
        if target:
            left, top, width, height = map(int, target.split(","))
            box = {"left": left, "top": top, "width": width, "height": height}
            seen = [face for face in seen if face.rectangle == box]
        if not seen and self.intruders > 0:
            self.intruders -= 1
            row["faces"][self.new_id()] = {"who": "somebody", "userData": None}
        if not seen:
            raise Refusal(400, "InvalidImage", "No face detected in the image.")
        if len(seen) > 1:
            raise Refusal(400, "InvalidImage", "There is more than 1 face in the image.")
        if len(row["faces"]) >= self.quota:
            raise Refusal(403, "QuotaExceeded", "Persisted face number reached limit.")
        face = self.new_id()
        row["faces"][face] = {"who": seen[0].name, "userData": query.get("userData")}
        group.added.append([row["name"], query.get("userData"), seen[0].name])
        return 200, json.dumps({"persistedFaceId": face})
