#!/usr/bin/env python3
"""Send each operation of the Face API with facectl, in an order in which all of them succeed: azure_requests.py FACECTL SERVICE PHOTO

PHOTO shows one face. Prints a line for each request: method, path, HTTP status. With the service "local" the local engine answers.
"""
# SPDX-License-Identifier: MIT

import json
import re
import subprocess
import sys

SCOPE = "00000000-0000-4000-8000-00000000000a"
MODEL = "recognition_04"


class Client:
    def __init__(self, facectl, service, photo):
        self.command = [facectl, "--service", service, "api", "-i"]
        self.photo = photo

    def call(self, method, path, body=None, photo=False):
        arguments = ["--file", self.photo] if photo else ["--json", json.dumps(body)] if body is not None else []
        run = subprocess.run([*self.command, method, "/face/v1.0/" + path, *arguments], capture_output=True, text=True, check=False)
        head, _, text = run.stdout.partition("\r\n\r\n") if "\r\n\r\n" in run.stdout else run.stdout.partition("\n\n")
        status = re.match(r"HTTP/1.1 (\d+)", head)
        print(method, path, status[1] if status else run.stderr.strip())
        if run.returncode != 0:
            sys.exit(f"{method} {path} ends with status {run.returncode}: {run.stdout}{run.stderr}")
        location = re.search(r"(?i)operation-location: *(\S+)", head)
        return json.loads(text) if text.strip() else location and location[1].rsplit("/", 1)[-1]

    def add_face(self, owner):
        return self.call("POST", f"{owner}/persistedfaces?userData=front&detectionModel=detection_01", photo=True)["persistedFaceId"]

    def face_id(self):
        return self.call("POST", f"detect?returnFaceId=true&recognitionModel={MODEL}", photo=True)[0]["faceId"]

    def container(self, kind):
        self.call("PUT", f"{kind}/cast", {"name": "Cast", "userData": "first", "recognitionModel": MODEL})
        self.call("PATCH", f"{kind}/cast", {"name": "The cast"})
        row = self.call("GET", f"{kind}/cast?returnRecognitionModel=true")
        assert (row["name"], row["userData"], row["recognitionModel"]) == ("The cast", "first", MODEL), row
        page = "" if kind == "facelists" else "&top=10"
        assert len(self.call("GET", f"{kind}?returnRecognitionModel=true{page}")) == 1

    def train(self, kind):
        self.call("POST", f"{kind}/cast/train")
        for _ in range(100):
            if self.call("GET", f"{kind}/cast/training")["status"] == "succeeded":
                return
        sys.exit("the training does not end")

    def face_list(self, kind):
        self.container(kind)
        face = self.add_face(f"{kind}/cast")
        other = self.add_face(f"{kind}/cast")
        if kind == "largefacelists":
            self.call("PATCH", f"{kind}/cast/persistedfaces/{face}", {"userData": "left"})
            assert self.call("GET", f"{kind}/cast/persistedfaces/{face}")["userData"] == "left"
            assert len(self.call("GET", f"{kind}/cast/persistedfaces?top=10")) == 2
            self.train(kind)
        member = {"facelists": "faceListId", "largefacelists": "largeFaceListId"}[kind]
        similar = self.call("POST", "findsimilars", {"faceId": self.face_id(), member: "cast", "mode": "matchFace"})
        assert {row["persistedFaceId"] for row in similar} == {face, other}, similar
        self.call("DELETE", f"{kind}/cast/persistedfaces/{other}")

    def person_group(self, kind):
        self.container(kind)
        person = self.call("POST", f"{kind}/cast/persons", {"name": "Ada", "userData": "countess"})["personId"]
        place = f"{kind}/cast/persons/{person}"
        self.call("PATCH", place, {"name": "Ada Lovelace"})
        assert self.call("GET", f"{kind}/cast/persons?top=10")[0]["name"] == "Ada Lovelace"
        face, other = self.add_face(place), self.add_face(place)
        self.call("PATCH", f"{place}/persistedfaces/{face}", {"userData": "left"})
        assert self.call("GET", f"{place}/persistedfaces/{face}")["userData"] == "left"
        self.call("DELETE", f"{place}/persistedfaces/{other}")
        assert self.call("GET", place)["persistedFaceIds"] == [face]
        self.train(kind)
        member = {"persongroups": "personGroupId", "largepersongroups": "largePersonGroupId"}[kind]
        probe = self.face_id()
        rows = self.call("POST", "identify", {"faceIds": [probe], member: "cast", "maxNumOfCandidatesReturned": 2, "confidenceThreshold": 0.5})
        assert rows[0]["candidates"][0]["personId"] == person, rows
        assert self.call("POST", "verify", {"faceId": probe, "personId": person, member: "cast"})["isIdentical"]
        self.call("DELETE", place)

    def await_operation(self, operation):
        for _ in range(100):
            row = self.call("GET", f"operations/{operation}")
            if row["status"] == "succeeded":
                return row["resourceLocation"].rsplit("/", 1)[-1]
        sys.exit("the operation does not end")

    def snapshots(self):
        operation = self.call("POST", "snapshots", {"type": "FaceList", "objectId": "cast", "applyScope": [SCOPE], "userData": "copy"})
        snapshot = self.await_operation(operation)
        self.call("PATCH", f"snapshots/{snapshot}", {"userData": "second"})
        row = self.call("GET", f"snapshots/{snapshot}")
        assert row["userData"] == "second", row
        own = re.search("/subscriptions/([^/]+)", row["account"])[1]
        self.call("PATCH", f"snapshots/{snapshot}", {"applyScope": [own, SCOPE]})
        assert len(self.call("GET", f"snapshots?type=FaceList&applyScope={SCOPE}")) == 1
        self.await_operation(self.call("POST", f"snapshots/{snapshot}/apply", {"objectId": "copy", "mode": "CreateNew"}))
        assert len(self.call("GET", "facelists/copy")["persistedFaces"]) == 1
        self.call("DELETE", f"snapshots/{snapshot}")

    def everything(self):
        first, second = self.face_id(), self.face_id()
        assert self.call("POST", "verify", {"faceId1": first, "faceId2": second})["isIdentical"]
        assert self.call("POST", "group", {"faceIds": [first, second]})["groups"] == [[first, second]]
        for kind in ("facelists", "largefacelists"):
            self.face_list(kind)
        for kind in ("persongroups", "largepersongroups"):
            self.person_group(kind)
        self.snapshots()
        for kind in ("facelists", "largefacelists", "persongroups", "largepersongroups"):
            self.call("DELETE", f"{kind}/cast")


if __name__ == "__main__":
    Client(*sys.argv[1:]).everything()
