"""The commands that the campaigns disturb, the folder in which they run, and what a gallery holds."""
import collections
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys

from common import make_gallery, records, write_records

CAST = ("ada", "bruno", "chidi", "doris", "fatma")

# These change everything or nothing.
ATOMIC = ("set", "erase", "truncate", "create", "profiles merge", "compact", "reembed")

# name: arguments. Each starts in a fresh copy of the folder that prepare() makes.
COMMANDS = {
    "set": "set --space door --person-id 777 --name New new.jpg",
    "set again": "set --space door --person-id 1 --format ndjson new.jpg",
    "set folder": "set --space people --from people --format ndjson",
    "status": "status --space people --from people --format ndjson",
    "recognize": "recognize --space door --no-entry --crops crops --annotate seen.jpg two.jpg --format json",
    "recognize create": "recognize --space door --create-new two.jpg --format tsv",
    "delete": "delete --space office --person-id 3 --person-id 5 --person-id 7 --format ndjson",
    "erase": "erase office/3 office/5 --yes --format ndjson",
    "truncate": "truncate --space office --yes",
    "create": "profiles create --space door new.jpg",
    "search": "profiles search --space door new.jpg --format json",
    "reinit": "profiles reinit door/90 new.jpg --force",
    "profiles list": "profiles list --space office --format ndjson",
    "profiles show": "profiles show office/3",
    "profiles update": "profiles update office/3 --name Other",
    "profiles merge": "profiles merge office/5 --to office/3 --force",
    "profiles move": "profiles move office/5 --to door",
    "profiles delete": "profiles delete office/5 office/7",
    "entries list": "entries list --limit 50 --format ndjson",
    "entries stats": "entries stats --origin camera",
    "entries delete": "entries delete 3 4",
    "entries prune": "entries prune --older-than 600d --yes",
    "origins create": "origins create gate --space door",
    "origins list": "origins list --format ndjson",
    "spaces list": "spaces list --format json",
    "spaces delete": "spaces delete office --yes",
    "import": "gallery import more.ndjson",
    "export": "gallery export --with entries --output written",
    "backup": "gallery backup kept",
    "compact": "gallery compact",
    "check": "gallery check",
    "reindex": "gallery reindex",
    "stats": "gallery stats --format json",
    "reembed": "gallery reembed --embedder other --set-aside",
    "config": "config set models.detector yunet",
    "models": "models list --format ndjson",
    "detect": "detect --format json two.jpg",
    "verify": "verify new.jpg people/ada/1.jpg",
    "extract": "extract new.jpg --output written",
    "doctor": "doctor",
}


def prepare(campaign, draw_faces):
    """A folder with a gallery of real and generated templates, photos, and records to import."""
    def draw(path, *what):
        os.makedirs(os.path.dirname(path), exist_ok=True)
        subprocess.run([draw_faces, *what[:1], path, *what[1:]] if what[0].startswith("-") else [draw_faces, path, *what], check=True)

    start = campaign.path("start")
    os.mkdir(start)
    gallery = make_gallery(campaign, "start/gallery", 60)
    for name in CAST[:3]:
        draw(os.path.join(start, "people", name, "1.jpg"), name)
        campaign.must(gallery, "set", "--space", "door", "--person-id", str(90 + CAST.index(name)), os.path.join(start, "people", name, "1.jpg"))
    draw(os.path.join(start, "new.jpg"), CAST[3])
    draw(os.path.join(start, "two.jpg"), "--group", CAST[0], CAST[4])
    describe_other_embedder(os.path.join(start, "described"))
    randomness = campaign.random.__class__(5)
    write_records(os.path.join(start, "more.ndjson"), records(campaign.model, randomness, 40, "More {}", spaces=("more", "other"), origin="side"))
    return start


def describe_other_embedder(folder):
    network = os.path.join(folder, "other.onnx")
    os.mkdir(folder)
    subprocess.run([sys.executable, os.path.join(os.path.dirname(__file__), "..", "tools", "make_network.py"), network], check=True)
    with open(network, "rb") as file:
        content = file.read()
    descriptor = {
        "name": "other", "role": "embedder", "file": "other.onnx", "bytes": len(content), "sha256": hashlib.sha256(content).hexdigest(),
        "licence": "made up", "source": "a test", "preprocessing": 1, "dimension": 128, "mirror": False,
        "input": {"width": 112, "height": 112, "order": "RGB", "scale": 1, "mean": [0, 0, 0], "deviation": [1, 1, 1]},
    }
    with open(os.path.join(folder, "other.json"), "w", encoding="utf-8") as file:
        json.dump(descriptor, file)


def arguments_of(name):
    return ["--gallery", "gallery", *COMMANDS[name].split()]


class Place:
    """A copy of the start folder in which a command runs with an own home."""

    def __init__(self, campaign, start):
        self.campaign, self.start, self.folder = campaign, start, campaign.path("place")
        self.environment = {**campaign.environment, "HOME": self.folder, "XDG_CONFIG_HOME": os.path.join(self.folder, "config"), "FACECTL_MODEL_PATH": "described"}

    def fresh(self):
        shutil.rmtree(self.folder, ignore_errors=True)
        shutil.copytree(self.start, self.folder)
        os.chmod(os.path.join(self.folder, "gallery"), 0o700)

    def run(self, command, timeout=30, environment=None):
        return self.campaign.execute(command, self.folder, timeout, {**self.environment, **(environment or {})})

    def state(self, gallery="gallery"):
        """What the gallery holds, without what differs from run to run; the reason, if that cannot be read."""
        if not os.path.exists(os.path.join(self.folder, gallery, "data.mdb")):
            return State(collections.Counter()), ""
        for verb in (("check",), ("export", "--with", "entries")):
            status, output, message = self.run([self.campaign.facectl, "--gallery", gallery, "gallery", *verb])
            if status != 0:
                return None, f"gallery {verb[0]}: status {status}: {message}"
        return State(items_of(output)), ""

    def litter(self):
        """Files that no command should leave behind."""
        known = {"data.mdb", "lock.mdb", "reserve", "write.lock", "ledger.lock"}
        left = [name for name in os.listdir(os.path.join(self.folder, "gallery")) if name not in known]
        return left + [name for name in os.listdir(self.folder) if name.startswith(".") and name not in (".cache", ".config")]


def items_of(output):
    """A multiset of what the records of an export say, persons by number and name."""
    items, persons = collections.Counter(), {}
    for line in map(json.loads, output.splitlines()):
        kind = line["type"]
        if kind == "person":
            persons[line["pid"]] = f"{line['space']}/{line.get('person_id')}"
            items["person", persons[line["pid"]], line.get("name")] += 1
        elif kind == "face":
            items["face", persons[line["pid"]], line["sha256"], line["template"][:40]] += 1
        elif kind == "entry":
            items["entry", line["space"], line.get("sha256"), line.get("result")] += 1
        elif kind in ("space", "origin"):
            items[kind, line["space"], line.get("origin")] += 1
    return items


class State:
    def __init__(self, items):
        self.items = items

    def __eq__(self, other):
        return self.items == other.items

    def is_stage_of(self, base):
        """Whether a command with this baseline may leave this state behind when it is interrupted."""
        if base.name in ATOMIC:
            return self.items in (base.before.items, base.after.items)
        return self.is_between(base.before, base.after)

    def is_between(self, before, after):
        """Whether each item is there as often as before, after, or in between: a command commits in several steps."""
        for item in self.items.keys() | before.items.keys() | after.items.keys():
            low, high = sorted((before.items[item], after.items[item]))
            if not low <= self.items[item] <= high:
                return False
        return True

    def difference(self, other):
        return f"missing {list((other.items - self.items))[:3]}, added {list((self.items - other.items))[:3]}"


VARIES = re.compile(
    rb"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|\d{4}-\d\d-\d\d[T ][0-9:.]+Z?|\d+(\.\d+)? ?(ms|s|MB|KB|KiB|MiB|bytes|B)\b|\b\d{5,}\b|/dev/shm/[^ \"']*"
)


def normalised(output):
    return VARIES.sub(b"~", output)


class Baseline:
    """What a command does if nothing goes wrong."""

    def __init__(self, place, name):
        self.name = name
        command = [place.campaign.facectl, *arguments_of(name)]
        place.fresh()
        self.before, problem = place.state()
        runs = []
        for _ in range(2):
            place.fresh()
            status, output, message = place.run(command)
            runs.append(normalised(output))
        # 1: not verified; 3: without a crop or photo, faces cannot be embedded again.
        if problem or status not in (0, 1, 3):
            raise SystemExit(f"fault: {name}: status {status}: {problem}{message}")
        self.status, self.output, self.message = status, output, message
        self.same_output = runs[0] == runs[1]
        self.after, problem = place.state()
        if problem:
            raise SystemExit(f"fault: {name}: {problem}")
        self.files = {name for name in os.listdir(place.folder) if not name.startswith(".")}

    def equals(self, output):
        if self.same_output:
            return normalised(output) == normalised(self.output)
        return len(output.splitlines()) == len(self.output.splitlines())
