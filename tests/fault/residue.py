"""
What stays in the file of a gallery: after persons and the log are deleted and the gallery is compacted, neither their templates, nor ids, nor names; after they are
erased neither the paths nor the SHA-256 of their photos either.
"""
import base64
import json
import os
import uuid

from common import copy_gallery, make_gallery


def read_persons(campaign, gallery):
    """For each person: space, number, the bytes that must not stay, and those that only erase removes."""
    _, output, _ = campaign.run(gallery, "gallery", "export")
    persons = {}
    for line in map(json.loads, output.splitlines()):
        if line["type"] == "person":
            secrets = [("pid", uuid.UUID(line["pid"]).bytes), ("name", line["name"].encode())]
            persons[line["pid"]] = (line["space"], line["person_id"], secrets, [])
        if line["type"] == "face":
            persons[line["pid"]][2].append(("template", base64.b64decode(line["template"])[:64]))
            persons[line["pid"]][3].append(("path", line["path"].encode()))
            persons[line["pid"]][3].append(("hash", bytes.fromhex(line["sha256"])))
    return list(persons.values())


def one(campaign, number, source, persons):
    gallery = campaign.path("erased")
    copy_gallery(source, gallery)
    chosen = campaign.random.sample(persons, campaign.random.choice([1, 1, 2, 5, 20]))
    erase = number % 2 == 1
    if erase:
        campaign.must(gallery, "erase", "--yes", *(f"{space}/{person}" for space, person, _, _ in chosen))
    else:
        for space, person, _, _ in chosen:
            campaign.must(gallery, "delete", "--space", space, "--person-id", str(person))
        # Entries keep the id of a deleted person.
        campaign.must(gallery, "entries", "prune", "--older-than", "1d", "--yes")
        campaign.must(gallery, "gallery", "compact")
    with open(os.path.join(gallery, "data.mdb"), "rb") as file:
        data = file.read()
    campaign.counts["persons erased" if erase else "persons deleted"] += len(chosen)
    for _, person, secrets, photos in chosen:
        for kind, secret in secrets + (photos if erase else []):
            if secret in data:
                campaign.fail(f"{kind} stays", f"trial {number}", f"person {person}")


def run(campaign, options):
    source = make_gallery(campaign, "gallery", 400, name="Person {}!")
    persons = read_persons(campaign, source)
    for number in range(options.cases):
        one(campaign, number, source, persons)
    return campaign.report("deletions and erasures", options.cases)
