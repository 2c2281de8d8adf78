"""What the fake of the Face API stores: containers with persons and faces, and snapshots of them."""
# SPDX-License-Identifier: MIT

import copy

# The four kinds of container, by the first word of their paths.
CODES = {"facelists": "FaceList", "largefacelists": "LargeFaceList", "persongroups": "PersonGroup", "largepersongroups": "LargePersonGroup"}
PATHS = {code: path for path, code in CODES.items()}


def id_member(path):
    code = CODES[path]
    return code[0].lower() + code[1:] + "Id"


def words(path):
    """LargePersonGroup is "Large person group" in messages."""
    text = "".join(" " + c.lower() if c.isupper() else c for c in CODES[path])
    return text.strip().capitalize()


class Container:
    """A list, which has faces, or a group, which has persons with faces."""

    def __init__(self, path, body):
        self.path = path
        self.name = body["name"]
        self.user_data = body.get("userData")
        self.model = body.get("recognitionModel", "recognition_01")
        self.persons = {}
        self.faces = {}
        self.added = []  # [person's name, digest of the photo] for each face that was ever added
        self.model_of = None  # who each face is, as of the last training
        self.training = None
        self.polls_left = 0
        self.message = None
        self.trainings = 0

    def faces_by_owner(self):
        """Who is on each face: the persons of a group, or the faces of a list."""
        if "facelist" in self.path:
            return {face["who"]: face_id for face_id, face in self.faces.items()}
        return {face["who"]: person for person, row in self.persons.items() for face in row["faces"].values()}

    def train(self, plan):
        self.training = "notstarted"
        self.polls_left = plan["looks"]
        self.trainings += 1
        self.seen = self.faces_by_owner()
        self.fails = plan["failures"] > 0 or not self.seen
        plan["failures"] = max(plan["failures"] - 1, 0)
        self.message = plan["message"] if self.seen else "There is no person in the person group."

    def poll(self):
        """Time passes with each request for the state."""
        if self.training in ("notstarted", "running"):
            self.polls_left -= 1
            self.training = "running"
            if self.polls_left <= 0:
                self.training = "failed" if self.fails else "succeeded"
                if not self.fails:
                    self.model_of = self.seen

    @property
    def is_busy(self):
        return self.training in ("notstarted", "running")

    def row(self, name, query, with_faces=False):
        row = {id_member(self.path): name, "name": self.name}
        if self.user_data is not None:
            row["userData"] = self.user_data
        if query.get("returnRecognitionModel") == "true":
            row["recognitionModel"] = self.model
        if with_faces:
            row["persistedFaces"] = [face_row(*pair) for pair in self.faces.items()]
        return row


def face_row(face_id, face):
    row = {"persistedFaceId": face_id}
    if face["userData"] is not None:
        row["userData"] = face["userData"]
    return row


def person_row(person_id, row):
    answer = {"personId": person_id, "name": row["name"], "persistedFaceIds": list(row["faces"])}
    if row["userData"] is not None:
        answer["userData"] = row["userData"]
    return answer


class Snapshot:
    """A copy of a container, and who may apply it."""

    def __init__(self, account, body, container):
        self.account = account
        self.type = body["type"]
        self.scope = body["applyScope"]
        self.user_data = body.get("userData")
        self.container = copy.deepcopy(container)

    def row(self, snapshot_id):
        row = {
            "id": snapshot_id,
            "account": f"/subscriptions/{self.account}/resourceGroups/Test/providers/Microsoft.CognitiveServices/accounts/Face",
            "type": self.type,
            "applyScope": self.scope,
            "createdTime": "2018-12-25T11:41:02.2331413Z",
            "lastUpdateTime": "2018-12-25T11:51:27.8705696Z",
        }
        if self.user_data is not None:
            row["userData"] = self.user_data
        return row


class SharedStore:
    """Snapshots are visible to several accounts."""

    def __init__(self):
        self.reset()

    def reset(self):
        self.snapshots = {}
        self.operations = {}
        self.made = 0
