"""Sixteen processes at a time on one gallery: each thread of this program changes persons of its own space and knows what must be there at the end."""
import json
import os
import random
import threading
import time
import uuid

from common import face_record, template, write_records

THREADS = 16
READING = ("profiles list", "entries list", "spaces list", "gallery check", "gallery stats", "gallery export", "origins list", "doctor")
# Busy after --lock-timeout, or an export during merges: nothing was changed.
BUSY = 75


class Worker(threading.Thread):
    def __init__(self, campaign, gallery, number, commands, end):
        super().__init__()
        self.campaign, self.gallery, self.number, self.commands, self.end = campaign, gallery, number, commands, end
        self.space = f"own-{number}"
        self.random = random.Random(campaign.seed * 1000 + number)
        self.persons = {}  # number: SHA-256 of each face
        self.next = 1
        self.face = number * 1000000

    def command(self, expected, *arguments):
        status, output, message = self.campaign.run(self.gallery, *arguments, "--lock-timeout", "60s", timeout=120)
        with self.campaign.lock:
            self.campaign.commands += 1
            self.campaign.counts[f"{' '.join(arguments[:2 if arguments[0] in ('gallery', 'profiles', 'entries', 'spaces', 'origins') else 1])} {status}"] += 1
            if status == BUSY:
                self.campaign.counts["75: " + message.strip()[-60:]] += 1
            if status not in (*expected, BUSY):
                self.campaign.fail("wrong status", " ".join(arguments), f"{status}: {message}")
        return status, output

    def add(self):
        path = self.campaign.path(f"add-{self.number}.ndjson")
        added = {self.next + i: None for i in range(self.random.choice([1, 1, 3, 20]))}
        lines = [{"type": "gallery", "schema": 1, "facectl": "0.1.0", **self.campaign.model}, {"type": "space", "schema": 1, "space": self.space}]
        for number in added:
            pid = str(uuid.UUID(bytes=self.random.randbytes(16), version=4))
            lines.append({"type": "person", "schema": 1, "space": self.space, "pid": pid, "person_id": number, "name": f"P {number}"})
            record = face_record(self.campaign.model, self.space, pid, template(self.random), self.face)
            lines.append(record)
            added[number] = {record["sha256"]}
            self.face += 1
        write_records(path, lines)
        status, _ = self.command((0,), "gallery", "import", path)
        if status == 0:
            self.persons.update(added)
            self.next += len(added)

    def delete(self):
        number = self.random.choice(list(self.persons))
        status, _ = self.command((0,), "delete", "--space", self.space, "--person-id", str(number))
        if status == 0:
            del self.persons[number]

    def merge(self):
        source, target = self.random.sample(list(self.persons), 2)
        status, _ = self.command((0,), "profiles", "merge", f"{self.space}/{source}", "--to", f"{self.space}/{target}", "--force")
        if status == 0:
            self.persons[target] |= self.persons.pop(source)

    def rename(self):
        self.command((0,), "profiles", "update", f"{self.space}/{self.random.choice(list(self.persons))}", "--name", f"N {self.random.random()}")

    def truncate(self):
        if self.command((0,), "truncate", "--space", self.space, "--yes")[0] == 0:
            self.persons.clear()

    def read(self):
        self.command((0, 1), *self.random.choice(READING).split())

    def own(self):
        """Nothing of the own space changes while this reads it."""
        status, output = self.command((0,), "profiles", "list", "--space", self.space, "--format", "ndjson", "--limit", "1000000")
        if status == 0:
            found = sorted(json.loads(line)["person_id"] for line in output.splitlines())
            if found != sorted(self.persons):
                with self.campaign.lock:
                    self.campaign.fail("lost or doubled", self.space, f"{len(found)} persons, {len(self.persons)} expected")

    def maintain(self):
        if self.random.random() < 0.5:
            self.command((0,), "gallery", "compact")
        else:
            self.command((0,), "gallery", "backup", self.campaign.path(f"backup-{self.number}"), "--force")

    def run(self):
        self.add()
        for _ in range(self.commands):
            if self.end and time.monotonic() > self.end:
                return
            choice = self.random.random()
            if len(self.persons) < 2 or choice < 0.3:
                self.add()
            elif choice < 0.45:
                self.delete()
            elif choice < 0.5:
                self.merge()
            elif choice < 0.55:
                self.rename()
            elif choice < 0.56:
                self.truncate()
            elif choice < 0.8:
                self.read()
            elif choice < 0.97 and self.persons:
                self.own()
            else:
                self.maintain()


def compare(campaign, gallery, workers):
    campaign.must(gallery, "gallery", "check")
    _, output, _ = campaign.run(gallery, "gallery", "export", timeout=120)
    persons, found = {}, {}
    for line in map(json.loads, output.splitlines()):
        if line["type"] == "person":
            persons[line["pid"]] = (line["space"], line["person_id"])
            found[persons[line["pid"]]] = []
        elif line["type"] == "face":
            found[persons[line["pid"]]].append(line["sha256"])
    expected = {(worker.space, number): sorted(faces) for worker in workers for number, faces in worker.persons.items()}
    campaign.counts["persons at the end"] = len(expected)
    for person in found.keys() | expected.keys():
        if sorted(found.get(person, [])) != expected.get(person):
            campaign.fail("lost or doubled", str(person), f"{found.get(person)} for {expected.get(person)}")


def run(campaign, options):
    campaign.lock, campaign.commands = threading.Lock(), 0
    gallery = campaign.path("gallery")
    # Until the time is over, if it is limited.
    end = time.monotonic() + 60 * options.minutes if options.minutes else None
    commands = 1 << 30 if end else options.cases // THREADS
    workers = [Worker(campaign, gallery, number, commands, end) for number in range(THREADS)]
    workers[0].add()
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    compare(campaign, gallery, workers)
    largest = os.path.getsize(os.path.join(gallery, "data.mdb"))
    campaign.counts["bytes of the data file"] = largest
    return campaign.report(f"commands, {THREADS} at a time", campaign.commands)
