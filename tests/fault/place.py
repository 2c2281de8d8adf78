"""The folder in which a disturbed command runs, what a gallery contains, and what the command does undisturbed."""
import collections
import json
import os
import re
import shutil

from commands import ENVIRONMENT, arguments_of, prepare

# These change everything or nothing.
ATOMIC = ("set", "erase", "erase space", "truncate", "create", "profiles merge", "compact", "reembed", "snapshots apply", "upgrade")
# These number the persons in the order in which photos are read.
NUMBERING = ("set folder",)
KNOWN_FILES = {"data.mdb", "lock.mdb", "reserve", "write.lock", "ledger.lock"}


class Place:
    """A copy of the folder that prepare() makes, which is also the home of the commands."""

    def __init__(self, campaign, draw_faces):
        self.campaign, self.folder = campaign, campaign.path("place")
        self.start, self.values = prepare(campaign, draw_faces)
        self.environment = {**campaign.environment, **ENVIRONMENT, "HOME": self.folder, "XDG_CONFIG_HOME": os.path.join(self.folder, "config")}
        self.fresh()
        self.sound, self.unchanged = None, None
        self.unchanged, problem = self.state()
        if problem:
            raise SystemExit(f"fault: the gallery of the commands: {problem}")
        with open(os.path.join(self.folder, "gallery", "data.mdb"), "rb") as file:
            self.sound = file.read()

    def fresh(self):
        shutil.rmtree(self.folder, ignore_errors=True)
        shutil.copytree(self.start, self.folder)
        for gallery in ("gallery", "old"):
            os.chmod(os.path.join(self.folder, gallery), 0o700)

    def command(self, name):
        return [self.campaign.facectl, *arguments_of(name, self.values)]

    def run(self, command, timeout=30, environment=None):
        return self.campaign.execute(command, self.folder, timeout, {**self.environment, **(environment or {})})

    def state(self, gallery="gallery"):
        """What the gallery holds, without what differs from run to run; the reason, if that cannot be read."""
        path = os.path.join(self.folder, gallery, "data.mdb")
        if not os.path.exists(path):
            return State(collections.Counter()), ""
        with open(path, "rb") as file:
            content = file.read()
        # Most disturbed commands leave the file as it was.
        if content == self.sound:
            return self.unchanged, ""
        return self.read_state(gallery)

    def read_state(self, gallery):
        records = b""
        for verb in (("gallery", "check"), ("snapshots", "list"), ("gallery", "export", "--with", "entries")):
            status, output, message = self.run([self.campaign.facectl, "--gallery", gallery, *verb, "--format", "ndjson"])
            if status != 0:
                return None, f"{' '.join(verb)}: status {status}: {message}"
            records += output
        return State(items_of(records)), ""

    def litter(self):
        """Files that no command should leave behind."""
        left = [name for name in os.listdir(os.path.join(self.folder, "gallery")) if name not in KNOWN_FILES]
        return left + [name for name in os.listdir(self.folder) if name.startswith(".") and name not in (".cache", ".config")]


def items_of(output):
    """A multiset of what records say, persons by number and name."""
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
            items[kind, line["space"], line.get("origin"), line.get("title")] += 1
        elif kind == "snapshot":
            items[kind, line["kind"], line.get("user_data")] += 1
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
        if base.name in NUMBERING:
            return self.without_numbers().is_between(base.before.without_numbers(), base.after.without_numbers())
        return self.is_between(base.before, base.after)

    def without_numbers(self):
        """With the name of each person in place of the number, which depends on the persons before."""
        names = {item[1]: item[1].split("/")[0] + "/" + (item[2] or item[1]) for item in self.items if item[0] == "person"}
        items = collections.Counter()
        for item, count in self.items.items():
            items[tuple(names.get(part, part) if index == 1 else part for index, part in enumerate(item))] += count
        return State(items)

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
        self.before = place.unchanged
        runs = []
        for _ in range(2):
            place.fresh()
            status, output, message = place.run(place.command(name))
            runs.append(normalised(output))
        # 1: not verified; 3: without a crop or photo, faces cannot be embedded again.
        if status not in (0, 1, 3):
            raise SystemExit(f"fault: {name}: status {status}: {message}")
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
