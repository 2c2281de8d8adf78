"""Power cuts: from the recorded writes of a command, make what a disk may hold after a cut, and look whether it is a gallery that lost nothing."""
import os
import re
import shutil

from kills import acknowledged, is_kept
from place import Baseline, Place

WORKLOADS = (
    "set", "set folder", "set sync", "delete", "truncate", "import", "compact", "backup", "erase", "faces add list", "persons delete", "persongroups delete",
    "snapshots take", "snapshots apply",
)
# These report each piece of work when it is done; the others report once, at their end.
REPORTS_IN_STEPS = ("set folder", "set sync", "delete")
CALLS = (
    "openat,pwrite64,pwritev,pwritev2,write,writev,lseek,fdatasync,fsync,ftruncate,fallocate,rename,renameat,renameat2,unlink,unlinkat,"
    "link,linkat,mkdir,mkdirat"
)
SECTOR = 512
LOCKS = ("lock.mdb", "write.lock", "ledger.lock")


class Disk:
    """Files by name, as they are in memory and as they are on the disk, and what is still on its way from one to the other."""

    def __init__(self, folder):
        self.names, self.durable_names, self.content, self.durable = {}, {}, {}, {}
        self.pending, self.pending_names, self.next = [], [], 0
        for parent, _, files in os.walk(folder):
            for file in files:
                path = os.path.join(parent, file)
                with open(path, "rb") as stream:
                    number = self.add(path)
                    self.content[number] = bytearray(stream.read())
                    self.durable[number] = bytearray(self.content[number])
        self.durable_names, self.pending_names = dict(self.names), []

    def add(self, path):
        self.next += 1
        self.names[path] = self.next
        self.content[self.next], self.durable[self.next] = bytearray(), bytearray()
        self.pending_names.append(("set", path, self.next))
        return self.next

    def apply(self, event):
        kind, path = event[0], event[1]
        if kind == "create":
            if path not in self.names:
                self.add(path)
            return
        if kind == "rename":
            change = ("rename", path, event[2])
            change_names(self.names, change)
            self.pending_names.append(change)
            return
        if kind == "exchange":
            self.names[path], self.names[event[2]] = self.names[event[2]], self.names[path]
            self.pending_names += [("set", path, self.names[path]), ("set", event[2], self.names[event[2]])]
            return
        if kind == "unlink":
            if self.names.pop(path, None):
                self.pending_names.append(("remove", path))
            return
        if kind == "sync" and path not in self.names:
            # A folder: what happened to its names.
            for change in self.pending_names:
                change_names(self.durable_names, change)
            self.pending_names = []
            return
        number = self.names.get(path)
        if number is None:
            return
        if kind == "sync":
            for write in self.pending:
                if write[0] == number:
                    write_bytes(self.durable[number], *write[1:])
            self.pending = [write for write in self.pending if write[0] != number]
            # fsync of a new file makes its name durable on the file systems in use.
            for change in self.pending_names:
                if change[0] == "set" and change[2] == number:
                    change_names(self.durable_names, change)
        elif kind == "durable":
            write_bytes(self.durable[number], *event[2:])
        else:
            self.pending.append((number, *event[2:]))


def change_names(names, change):
    if change[0] == "set":
        names[change[1]] = change[2]
    elif change[0] == "rename":
        # A file, or a folder with all that is in it.
        for path in [path for path in names if path == change[1] or path.startswith(change[1] + "/")]:
            names[change[2] + path[len(change[1]):]] = names.pop(path)
    else:
        names.pop(change[1], None)


def write_bytes(content, offset, data):
    """data is the new length of the file, or bytes."""
    if isinstance(data, int):
        if data < offset:
            del content[data:]
        content.extend(bytes(max(0, data - len(content))))
        del content[data:]
        return
    content.extend(bytes(max(0, offset + len(data) - len(content))))
    content[offset:offset + len(data)] = data


def after_cut(disk, randomness):
    """What a disk may hold: some of the pending writes, in any order, torn at sectors; some of the pending names, in order."""
    names, files = dict(disk.durable_names), {number: bytearray(content) for number, content in disk.durable.items()}
    for change in disk.pending_names[:randomness.randint(0, len(disk.pending_names))]:
        change_names(names, change)
    pending = list(disk.pending)
    randomness.shuffle(pending)
    for number, offset, data in pending:
        choice = randomness.random()
        if choice < 0.4:
            continue
        if choice < 0.7 or isinstance(data, int):
            write_bytes(files[number], offset, data)
            continue
        for at in range(0, len(data), SECTOR):
            if randomness.random() < 0.5:
                write_bytes(files[number], offset + at, data[at:at + SECTOR])
    return {path: files[number] for path, number in names.items()}


# ---- the recorded calls ----

RESUMED = re.compile(r"<\.\.\. \w+ resumed>(.*)$")
ESCAPED = re.compile(r"\\x([0-9a-f]{2})")


def plain(text):
    return bytes.fromhex(text.replace("\\x", ""))


def name(text):
    return ESCAPED.sub(lambda match: chr(int(match[1], 16)), text)


def whole_lines(path):
    """The lines of a trace, with calls that were interrupted by those of another process put together."""
    unfinished = {}
    with open(path, encoding="utf-8", errors="replace") as file:
        for line in file:
            process, _, call = line.rstrip("\n").partition(" ")
            call = call.lstrip()
            if call.endswith("<unfinished ...>"):
                unfinished[process] = call[:-len("<unfinished ...>")].rstrip()
                continue
            resumed = RESUMED.match(call)
            yield unfinished.pop(process, "") + resumed[1] if resumed else call


AT = r"(?:AT_FDCWD(?:<([^>]*)>)?|\d+<([^>]*)>), \"([^\"]*)\""
PATTERNS = [
    (re.compile(r"openat\(" + AT + r", ([A-Z_|]+)(?:, \w+)?\) = (\d+)<([^>]*)>"), "open"),
    (re.compile(r"(?:pwrite64|write)\((\d+)<([^>]*)>, \"((?:\\x[0-9a-f]{2})*)\", \d+(?:, (\d+))?\) = (\d+)"), "write"),
    (re.compile(r"p?writev2?\((\d+)<([^>]*)>, \[(.*)\], \d+(?:, (\d+))?(?:, \w+)?\) = (\d+)"), "vector"),
    (re.compile(r"lseek\((\d+)<([^>]*)>, .*\) = (\d+)"), "seek"),
    (re.compile(r"f(?:data)?sync\(\d+<([^>]*)>\) = 0"), "sync"),
    (re.compile(r"ftruncate\(\d+<([^>]*)>, (\d+)\) = 0"), "length"),
    (re.compile(r"rename(?:at2?)?\(" + AT + ", " + AT + r"(?:, (\w+))?\) = 0"), "rename"),
    (re.compile(r"unlinkat\(" + AT + r", \w+\) = 0"), "unlink"),
    (re.compile(r"linkat\(" + AT + ", " + AT + r", \w+\) = 0"), "link"),
]


def path_of(folder, at):
    base, given, text = at
    path = name(text)
    return path if path.startswith("/") else os.path.normpath(os.path.join(name(base or given or folder), path))


def events_of(trace, folder):
    """Events of the files below folder, and what was written to standard output."""
    synchronous, position, events = {}, {}, []
    for line in whole_lines(trace):
        for pattern, kind in PATTERNS:
            match = pattern.match(line)
            if match:
                events += event_of(kind, match.groups(), folder, synchronous, position)
                break
    return [event for event in events if event[0] == "said" or event[1].startswith(folder)]


def event_of(kind, found, folder, synchronous, position):
    if kind == "open":
        flags, descriptor, path = found[3], found[4], name(found[5])
        synchronous[descriptor], position[descriptor] = "SYNC" in flags, 0
        created = [("create", path)] if "O_CREAT" in flags else []
        return created + ([("write", path, 1 << 62, 0)] if "O_TRUNC" in flags else [])
    if kind in ("write", "vector"):
        descriptor, path, offset, done = found[0], name(found[1]), found[3], int(found[4])
        text = found[2] if kind == "write" else "".join(re.findall(r"iov_base=\"((?:\\x[0-9a-f]{2})*)\"", found[2]))
        data = plain(text)[:done]
        if descriptor == "1":
            return [("said", data)]
        if offset is None:
            offset = position.get(descriptor, 0)
            position[descriptor] = offset + len(data)
        return [("durable" if synchronous.get(descriptor) else "write", path, int(offset), data)]
    if kind == "seek":
        position[found[0]] = int(found[2])
        return []
    if kind == "sync":
        return [("sync", name(found[0]))]
    if kind == "length":
        return [("write", name(found[0]), 1 << 62, int(found[1]))]
    if kind == "rename":
        return [("exchange" if found[6] == "RENAME_EXCHANGE" else "rename", path_of(folder, found[:3]), path_of(folder, found[3:6]))]
    if kind == "link":
        return [("rename", path_of(folder, found[:3]), path_of(folder, found[3:6]))]
    return [("unlink", path_of(folder, found[:3]))]


def record(place, workload):
    place.fresh()
    trace = place.campaign.path("trace")
    disk = Disk(place.folder)
    command = ["strace", "-f", "-y", "-xx", "-s", "100000000", "-e", f"trace={CALLS}", "-e", "signal=none", "-o", trace]
    status, _, message = place.run([*command, *place.command(workload)], timeout=120)
    if status != 0:
        raise SystemExit(f"fault: {workload}: status {status}: {message}")
    return disk, events_of(trace, place.folder)


# ---- one cut ----


def build(place, files):
    shutil.rmtree(place.folder)
    os.makedirs(os.path.join(place.folder, "gallery"), mode=0o700)
    for path, content in files.items():
        if os.path.basename(path) in LOCKS:
            continue
        os.makedirs(os.path.dirname(path), mode=0o700, exist_ok=True)
        with open(path, "wb", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
            file.write(content)


def judge(place, base, said):
    state, problem = place.state()
    if state is None:
        return "damaged gallery", problem
    for done in acknowledged(said, base.name):
        if not is_kept(state, done):
            return "lost", str(done)
    if said.strip() and base.name not in REPORTS_IN_STEPS and state != base.after:
        return "reported but not kept", state.difference(base.after)
    if not state.is_stage_of(base):
        return "lost or doubled", state.difference(base.after)
    if base.name == "backup" and said.strip() and place.state("kept")[0] != base.after:
        return "not a complete backup", ""
    return "", ""


def run(campaign, options):
    place = Place(campaign, options.draw_faces)
    workloads = options.names(WORKLOADS)
    share = -(-options.cases // len(workloads))
    for workload in workloads:
        base = Baseline(place, workload)
        start, events = record(place, workload)
        cuts = sorted(campaign.random.randint(1, len(events)) for _ in range(share))
        disk, done, said = start, 0, b""
        campaign.counts[f"writes, syncs and renames of {workload}"] = len(events)
        for cut in cuts:
            for event in events[done:cut]:
                if event[0] == "said":
                    said += event[1]
                else:
                    disk.apply(event)
            done = cut
            build(place, after_cut(disk, campaign.random))
            campaign.counts[f"states of {workload}"] += 1
            kind, text = judge(place, base, said)
            if kind:
                campaign.fail(kind, f"{workload}: cut after {cut} of {len(events)}", text)
    return campaign.report("power cuts", share * len(workloads))
