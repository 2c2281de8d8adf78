"""Damaged data files: no signal, no endless loop, no wrong status, and no output that silently lacks records."""
import json
import os
import random

from common import DOCUMENTED, copy_gallery, make_gallery, write_records

PAGE = 4096
KINDS = ("bit", "byte", "word", "sector", "zero", "swap", "noise", "header", "header2", "stale", "pointer")


def damage(randomness, sound):
    """A damaged copy of the bytes, and a description of what was done."""
    data = bytearray(sound)
    kind = randomness.choice(KINDS)
    first = 0 if randomness.random() < 0.05 else 2 * PAGE
    offset = randomness.randrange(first, len(data))
    page = offset - offset % PAGE
    if kind == "bit":
        data[offset] ^= 1 << randomness.randrange(8)
    elif kind == "byte":
        data[offset] = randomness.randrange(256)
    elif kind == "word":
        length = len(data[offset : offset + 16])
        data[offset : offset + length] = randomness.randbytes(length)
    elif kind == "sector":
        sector = offset - offset % 512
        data[sector : sector + 512] = bytes(512)
    elif kind == "zero":
        data[page : page + PAGE] = bytes(PAGE)
    elif kind == "noise":
        data[page : page + PAGE] = randomness.randbytes(PAGE)
    elif kind == "swap":
        other = randomness.randrange(2, len(data) // PAGE) * PAGE
        data[page : page + PAGE], data[other : other + PAGE] = sound[other : other + PAGE], sound[page : page + PAGE]
    elif kind == "stale":
        # A whole page in the place of another, which keeps its number.
        other = randomness.randrange(2, len(data) // PAGE) * PAGE
        data[page + 8 : page + PAGE] = sound[other + 8 : other + PAGE]
    elif kind == "pointer":
        # The position of a node in the page, or the header of the node.
        slot = page + 16 + 2 * randomness.randrange(64)
        data[slot : slot + 2] = randomness.randbytes(2)
    else:
        for _ in range(1 if kind == "header" else 4):
            data[page + randomness.randrange(64)] ^= 1 << randomness.randrange(8)
    return bytes(data), f"{kind} at {offset}"


def identities(output):
    found = []
    for line in output.splitlines():
        record = json.loads(line)
        found.append(tuple(record.get(name) for name in ("pid", "person_id", "name", "result")))
    return found


class Damages:
    def __init__(self, campaign, source):
        self.campaign = campaign
        self.source = source
        self.gallery = campaign.path("damaged")
        copy_gallery(source, self.gallery)
        with open(os.path.join(source, "data.mdb"), "rb") as file:
            self.sound = file.read()
        space, probe = self.make_probe()
        more = self.source + "-more.ndjson"
        listed = ("--format", "ndjson", "--space", space)
        self.readers = {
            "spaces": ("spaces", "list", "--format", "ndjson"),
            "profiles": ("profiles", "list", *listed),
            "entries": ("entries", "list", *listed),
            "stats": ("gallery", "stats", "--format", "ndjson"),
            "search": ("profiles", "search", *listed, "--template", probe, "--no-entry"),
            "check": ("gallery", "check", "--format", "ndjson"),
            "export": ("gallery", "export", "--with", "entries"),
        }
        self.writers = {
            "delete": ("delete", "--space", space, "--person-id", str(self.number)),
            "import": ("gallery", "import", more),
            "compact": ("gallery", "compact"),
            "backup": ("gallery", "backup", "--force", campaign.path("copy")),
            "prune": ("entries", "prune", "--older-than", "1d", "--space", space, "--yes"),
            "truncate": ("truncate", "--space", space, "--yes"),
        }
        self.expected = {}
        for name, command in self.readers.items():
            status, output, message = campaign.run(self.gallery, *command)
            if status != 0:
                raise SystemExit(f"fault: {name} fails on a sound gallery: {status}: {message}")
            self.expected[name] = output
        self.write(self.sound)

    def make_probe(self):
        """Write one face of the gallery as a probe, and the faces of others, as new persons, for import."""
        _, output, _ = self.campaign.run(self.gallery, "gallery", "export")
        lines = [json.loads(line) for line in output.splitlines()]
        faces = [line for line in lines if line["type"] == "face"]
        self.number = next(line["person_id"] for line in lines if line["type"] == "person" and line["pid"] == faces[0]["pid"])
        probe = self.source + "-probe.ndjson"
        with open(probe, "w", encoding="utf-8") as file:
            for line in faces[:: max(1, len(faces) // 5)][:5]:
                file.write(json.dumps({key: line[key] for key in line if key not in ("pid", "space")}) + "\n")
        others = [{**line, "sha256": line["sha256"][::-1]} for line in faces[:40]]
        for line in others:
            line["person_id"] = 900
            del line["pid"], line["persisted_face_id"]
        write_records(self.source + "-more.ndjson", [lines[0], *others])
        return faces[0]["space"], probe

    def write(self, data):
        with open(os.path.join(self.gallery, "data.mdb"), "wb") as file:
            file.write(data)

    def judge(self, where, name, command, status, output, message):
        """Count an outcome, and whether it is a failure."""
        campaign = self.campaign
        campaign.counts[f"{name} {'signal' if status is not None and status < 0 else status}"] += 1
        if status is None:
            campaign.fail("endless loop", where, name)
        elif status < 0:
            campaign.fail("signal", where, f"{name}: {-status}")
        elif status not in DOCUMENTED or status not in (0, 5):
            campaign.fail("wrong status", where, f"{name}: {status}: {message}")
        elif status == 5 and len(message.strip().splitlines()) != 1 and name not in ("check", "check after", "import"):
            campaign.fail("not one line", where, f"{name}: {message}")
        elif status == 0 and name in self.expected:
            self.compare(where, name, output)

    def compare(self, where, name, output):
        expected = self.expected[name]
        if name == "search":
            wrong = [found for found in identities(output) if found not in identities(expected)]
            if wrong and any(found[0] for found in wrong):
                self.campaign.fail("wrong identity", where, str(wrong[:2]))
            elif identities(output) != identities(expected):
                self.campaign.counts["search misses"] += 1
        elif name in ("export", "profiles", "entries", "spaces"):
            lost = set(expected.splitlines()) ^ set(output.splitlines())
            if lost:
                self.campaign.fail(f"silent difference in {name}", where, f"{len(lost)} lines")

    def one(self, number, writes):
        data, what = damage(random.Random(f"{self.campaign.seed}/{number}"), self.sound)
        if data == self.sound:
            return
        where = f"case {number} of {os.path.basename(self.source)}, {what}"
        self.campaign.counts["damaged galleries"] += 1
        self.write(data)
        for name, command in self.readers.items():
            self.judge(where, name, command, *self.campaign.run(self.gallery, *command))
        if writes:
            for name, command in self.writers.items():
                self.write(data)
                status, output, message = self.campaign.run(self.gallery, *command)
                self.judge(where, name, command, status, output, message)
                if status == 0:
                    self.judge(where, "check after", None, *self.campaign.run(self.gallery, "gallery", "check"))
        self.write(self.sound)


def run(campaign, options):
    if options.gallery:
        galleries = [options.gallery]
    else:
        galleries = [make_gallery(campaign, "small", 60), make_gallery(campaign, "large", 2300)]
    chosen = [Damages(campaign, gallery) for gallery in galleries]
    first = options.first
    for number in range(first, first + options.cases):
        chosen[number % 8 == 7 and len(chosen) > 1].one(number, number % 4 == 0)
    return campaign.report("damaged galleries", campaign.counts["damaged galleries"])
