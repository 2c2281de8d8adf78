"""Make files of snapshots: snapshot_file.py FILE CHANGE writes a changed copy of FILE, with a checksum that is right unless the change is about it.
snapshot_file.py FILE grow N writes a copy with N persons, whose templates are random."""
import base64
import hashlib
import json
import random
import struct
import sys
import uuid


def random_template(dimension):
    values = [random.gauss(0, 1) for _ in range(dimension)]
    length = sum(value * value for value in values) ** 0.5
    return base64.b64encode(struct.pack(f"<{dimension}f", *[value / length for value in values])).decode()


def grow(records, count):
    header, snapshot = records[0], records[1]
    face = next(record for record in records if record["type"] == "face")
    grown = [header, snapshot]
    for pid in sorted(str(uuid.UUID(int=random.getrandbits(128), version=4)) for _ in range(count)):
        grown.append({"type": "person", "schema": 1, "pid": pid, "title": "P " + pid[:4], "created": face["created"]})
        grown.append({**face, "pid": pid, "persisted_face_id": str(uuid.uuid4()), "template": random_template(header["dimension"])})
    return grown + [{"type": "end", "schema": 1, "persons": count, "faces": count}]


def change(records, name):
    """Change the records in place, or return others. Every one of these must be refused."""
    header, snapshot, end = records[0], records[1], records[-1]
    persons = [record for record in records if record["type"] == "person"]
    faces = [record for record in records if record["type"] == "face"]
    if name == "same-number":
        persons[0]["person_id"] = persons[1]["person_id"] = 7
    elif name == "same-face":
        faces[1]["persisted_face_id"] = faces[0]["persisted_face_id"]
    elif name == "same-person":
        persons[1]["pid"] = persons[0]["pid"]
    elif name == "no-person":
        del persons[0]["pid"]
        persons[0]["person_id"] = 1
    elif name == "nil-person":
        persons[0]["pid"] = faces[0]["pid"] = "00000000-0000-0000-0000-000000000000"
    elif name == "order":
        return [header, snapshot, persons[0], persons[1], *faces, end]
    elif name == "other-model":
        header["model_sha256"] = "0" * 64
    elif name == "other-model-of-face":
        faces[0]["model_sha256"] = "0" * 64
    elif name == "no-model":
        del header["dimension"]
    elif name == "no-snapshot":
        return [header, *records[2:]]
    elif name == "two-snapshots":
        return [header, snapshot, *records[1:]]
    elif name == "nil-snapshot":
        snapshot["snapshot"] = "00000000-0000-0000-0000-000000000000"
    elif name == "kind":
        snapshot["kind"] = "group"
    elif name == "model-label":
        snapshot["recognition_model"] = 9
    elif name == "long-template":
        faces[0]["template"] = base64.b64encode(struct.pack("<512f", *[1.0] * 512)).decode()
    elif name == "short-template":
        faces[0]["template"] = base64.b64encode(struct.pack("<1f", 1.0)).decode()
        del faces[0]["dimension"]
    elif name == "counts":
        end["faces"] += 1
    elif name == "newer":
        header["schema"] = 2
    elif name == "space":
        return [header, snapshot, {"type": "space", "schema": 1, "space": "x"}, *records[2:]]
    elif name == "several-faces-of-list":
        snapshot["kind"] = "face_list"
        second = {**faces[0], "persisted_face_id": str(uuid.uuid4())}
        records.insert(records.index(faces[0]), second)
        end["faces"] += 1
    elif name == "user-data":
        snapshot["snapshot_user_data"] = "x" * 100000
    elif name != "none":
        sys.exit(f"no change is named {name}")
    return records


def main():
    lines = open(sys.argv[1], encoding="utf-8").read().splitlines()
    records = [json.loads(line) for line in lines]
    records = grow(records, int(sys.argv[3])) if sys.argv[2] == "grow" else change(records, sys.argv[2])
    text = "".join(json.dumps(record) + "\n" for record in records[:-1])
    records[-1]["sha256"] = hashlib.sha256(text.encode()).hexdigest()
    sys.stdout.write(text + json.dumps(records[-1]) + "\n")


main()
