#!/usr/bin/env python3
"""Send a request of each operation of the Face API to Prism, which compares it with Microsoft's description: azure_prism.py FACECTL FOLDER

Prism (npm package @stoplight/prism-cli, version in package.json) is installed in FOLDER, which may be kept. It answers a valid request with
an example, and any other one with 422. Skipped without the description, or if npm cannot install Prism.
"""
# SPDX-License-Identifier: MIT

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "fake"))

import photos  # noqa: E402

DESCRIPTION = os.path.join(HERE, "..", "..", "..", "shared", "documents", "azure-face-v1.0.json")
SKIPPED = 77
U = "015839fb-fbd9-4f79-ace9-7675fc2f1dd9"
PHOTO = object()


def skip(reason):
    print("skipped:", reason)
    sys.exit(SKIPPED)


def install(folder):
    """The prism program; skips the test if it cannot be installed."""
    program = os.path.join(folder, "node_modules", ".bin", "prism")
    if os.path.exists(program):
        return program
    if not shutil.which("npm"):
        skip("npm is missing")
    os.makedirs(folder, exist_ok=True)
    shutil.copy(os.path.join(HERE, "package.json"), folder)
    command = ["npm", "install", "--prefix", folder, "--no-package-lock", "--no-audit", "--no-fund", "--fetch-retries", "1"]
    try:
        subprocess.run(command, cwd=folder, check=True, capture_output=True, timeout=600)
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired):
        skip("npm cannot install Prism")
    return program


def without_examples(value):
    if isinstance(value, dict):
        return {name: without_examples(one) for name, one in value.items() if name != "x-ms-examples"}
    return [without_examples(one) for one in value] if isinstance(value, list) else value


def description():
    """The description in the form that Prism can read: full paths, and in place of the overloads for image bytes a body of bytes."""
    with open(DESCRIPTION, encoding="utf-8") as file:
        whole = without_examples(json.load(file))
    whole.update(basePath="/", host="127.0.0.1", schemes=["http"])
    del whole["x-ms-parameterized-host"]
    for path in whole.pop("x-ms-paths"):
        operation = whole["paths"][path.split("?")[0]]["post"]
        if "stream" in path:
            operation["parameters"] = [one for one in operation["parameters"] if one.get("in") != "body" and "Image" not in json.dumps(one)]
            operation["parameters"].append({"name": "Image", "in": "body", "required": True, "schema": {"type": "string", "format": "binary"}})
            operation["consumes"] = ["application/octet-stream"]
        else:
            for parameter in operation["parameters"]:
                if parameter.get("in") == "body":
                    parameter["schema"] = {"type": "object"}
    whole["parameters"] = {name: one for name, one in whole["parameters"].items() if name not in ("Endpoint", "ImageStream")}
    whole["paths"] = {"/face/v1.0" + path: one for path, one in whole["paths"].items()}
    return whole


def requests():
    """Method, path and body of a request of each operation."""
    add = "persistedfaces?userData=front&targetFace=1,2,30,40&detectionModel=detection_03"
    yield "POST", "detect?returnFaceId=true&returnFaceLandmarks=true&returnFaceAttributes=headPose,blur&recognitionModel=recognition_04" \
        "&returnRecognitionModel=true&detectionModel=detection_01&faceIdTimeToLive=600", PHOTO
    yield "POST", "verify", {"faceId1": U, "faceId2": U}
    yield "POST", "identify", {"faceIds": [U], "personGroupId": "cast", "maxNumOfCandidatesReturned": 5, "confidenceThreshold": 0.5}
    yield "POST", "findsimilars", {"faceId": U, "largeFaceListId": "cast", "maxNumOfCandidatesReturned": 10, "mode": "matchFace"}
    yield "POST", "group", {"faceIds": [U, U]}
    for kind in ("facelists", "largefacelists", "persongroups", "largepersongroups"):
        large = kind.startswith("large")
        yield "PUT", f"{kind}/cast", {"name": "Cast", "userData": "first", "recognitionModel": "recognition_04"}
        yield "GET", f"{kind}/cast?returnRecognitionModel=true", None
        yield "PATCH", f"{kind}/cast", {"name": "Cast"}
        yield "DELETE", f"{kind}/cast", None
        yield "GET", f"{kind}?returnRecognitionModel=true" + ("" if kind == "facelists" else "&start=a&top=10"), None
        if kind != "facelists":
            yield "POST", f"{kind}/cast/train", None
            yield "GET", f"{kind}/cast/training", None
        owner = f"{kind}/cast"
        if "group" in kind:
            yield "POST", f"{kind}/cast/persons", {"name": "Ada", "userData": "countess"}
            yield "GET", f"{kind}/cast/persons?start={U}&top=10", None
            owner = f"{kind}/cast/persons/{U}"
            yield "GET", owner, None
            yield "PATCH", owner, {"name": "Ada"}
            yield "DELETE", owner, None
        yield "POST", f"{owner}/{add}", PHOTO
        yield "DELETE", f"{owner}/persistedfaces/{U}", None
        if kind != "facelists":
            yield "GET", f"{owner}/persistedfaces/{U}", None
            yield "PATCH", f"{owner}/persistedfaces/{U}", {"userData": "left"}
        if kind == "largefacelists" and large:
            yield "GET", f"{owner}/persistedfaces?start={U}&top=10", None
    yield "POST", "snapshots", {"type": "FaceList", "objectId": "cast", "applyScope": [U], "userData": "copy"}
    yield "GET", f"snapshots?type=FaceList&applyScope={U}", None
    yield "GET", f"snapshots/{U}", None
    yield "PATCH", f"snapshots/{U}", {"applyScope": [U], "userData": "copy"}
    yield "DELETE", f"snapshots/{U}", None
    yield "POST", f"snapshots/{U}/apply", {"objectId": "copy", "mode": "CreateNew"}
    yield "GET", f"operations/{U}", None


def wait_for(port, process):
    for _ in range(600):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            if process.poll() is not None:
                sys.exit("Prism ended")
            time.sleep(0.1)
    sys.exit("Prism does not listen")


def free_port():
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return listening.getsockname()[1]


def send_all(facectl, folder, port):
    photo, config, token = (os.path.join(folder, name) for name in ("ada.png", "facectl.conf", "token"))
    with open(photo, "wb") as file:
        file.write(photos.make("ada@1,2,50,60"))
    with open(os.open(token, os.O_WRONLY | os.O_CREAT, 0o600), "w", encoding="ascii") as file:
        file.write("a-key-of-a-subscription\n")
    with open(config, "w", encoding="utf-8") as file:
        file.write(f'[service "prism"]\ntype = azure\nurl = http://127.0.0.1:{port}\ntoken-file = {token}\nretries = 0\nrate-limit = 0\n')
    failed, count = 0, 0
    for method, path, body in requests():
        arguments = ["--file", photo] if body is PHOTO else ["--json", json.dumps(body)] if body else []
        command = [facectl, "--config", config, "--service", "prism", "api", method, "/face/v1.0/" + path, *arguments]
        run = subprocess.run(command, capture_output=True, text=True, check=False)
        count += 1
        if run.returncode != 0:
            failed += 1
            print(method, path, "ends with", run.returncode, run.stdout[:2000], run.stderr)
    print(f"{count} requests, {failed} are not valid")
    return failed == 0 and count == 63


def main():
    facectl, kept = sys.argv[1:]
    if not os.path.exists(DESCRIPTION):
        skip(f"{DESCRIPTION} is missing")
    prism = install(kept)
    with tempfile.TemporaryDirectory(prefix="facectl-prism-") as folder:
        contract = os.path.join(folder, "azure.json")
        with open(contract, "w", encoding="utf-8") as file:
            json.dump(description(), file)
        port = free_port()
        with subprocess.Popen([prism, "mock", "-d", "-p", str(port), contract], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
            try:
                wait_for(port, process)
                good = send_all(facectl, folder, port)
            finally:
                process.terminate()
    sys.exit(0 if good else 1)


if __name__ == "__main__":
    main()
