"""What the fault campaigns share: running facectl, making galleries, counting and reporting."""
import base64
import collections
import hashlib
import json
import os
import random
import resource
import shutil
import signal
import struct
import subprocess
import tempfile
import time
import uuid

# Exit statuses that facectl documents.
DOCUMENTED = {0, 1, 2, 3, 4, 5, 6, 7, 74, 75, 77}
DIMENSION = 128
EMBEDDER = "facectl-embed-2"


class Campaign:
    """One run: a folder of its own, a counter for each outcome, and the failures with what is needed to repeat them."""

    def __init__(self, facectl, seed, result=None):
        self.begun = time.monotonic()
        self.result = result
        self.facectl = os.path.abspath(facectl)
        self.seed = seed
        self.random = random.Random(seed)
        self.counts = collections.Counter()
        self.failures = []
        memory = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
        self.folder = tempfile.mkdtemp(prefix="facectl-fault-", dir=memory)
        home = self.path("home")
        os.mkdir(home)
        self.environment = {"PATH": "/usr/bin:/bin", "HOME": home, "LC_ALL": "C.UTF-8"}
        # After a fault inside LMDB its memory is not freed.
        self.environment["ASAN_OPTIONS"] = "detect_leaks=0"
        _, output, _ = self.run("none", "models", "show", EMBEDDER, "--format", "ndjson")
        shown = json.loads(output)
        with open(shown["descriptor"], encoding="utf-8") as file:
            descriptor = json.load(file)
        self.model = {
            "model": EMBEDDER,
            "model_sha256": shown["sha256"],
            "preprocessing": descriptor["preprocessing"],
            "dimension": DIMENSION,
            "mirror": descriptor["mirror"],
        }

    def __enter__(self):
        return self

    def __exit__(self, *_):
        shutil.rmtree(self.folder, ignore_errors=True)

    def path(self, name):
        return os.path.join(self.folder, name)

    def command(self, gallery, *arguments):
        return [self.facectl, "--gallery", gallery, *arguments]

    def execute(self, command, folder, timeout, environment):
        """Exit status (negative after a signal, None if it did not end in time), standard output, standard error."""
        process = subprocess.Popen(
            command, cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            env={**self.environment, **(environment or {})}, start_new_session=True,
        )
        try:
            output, message = process.communicate(timeout=timeout)
        except subprocess.TimeoutExpired:
            # Also strace and the workers.
            os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
            return None, b"", "no end"
        return process.returncode, output, message.decode(errors="replace")

    def run(self, gallery, *arguments, timeout=20, environment=None):
        return self.execute(self.command(gallery, *arguments), None, timeout, environment)

    def start(self, gallery, *arguments, **options):
        return subprocess.Popen(
            self.command(gallery, *arguments),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=self.environment,
            **options,
        )

    def seconds(self, gallery, *arguments):
        """How long a command takes; it must succeed."""
        begun = time.monotonic()
        self.must(gallery, *arguments)
        return time.monotonic() - begun

    def must(self, gallery, *arguments):
        status, output, message = self.run(gallery, *arguments, timeout=300)
        if status != 0:
            raise SystemExit(f"fault: {' '.join(arguments)}: status {status}: {message}")
        return output

    @staticmethod
    def sleep(seconds):
        time.sleep(seconds)

    def fail(self, kind, where, text):
        self.counts["FAIL " + kind] += 1
        self.failures.append(f"{kind}: {where}: {text.strip()[-300:]}")

    def report(self, title, cases):
        """Print the table; return the exit status of the campaign."""
        seconds = time.monotonic() - self.begun
        usages = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
        processor = sum(usage.ru_utime + usage.ru_stime for usage in usages)
        print(f"{title}: {cases} cases, seed {self.seed}, {seconds:.0f} s, {processor:.0f} s of processor time")
        for name in sorted(self.counts):
            print(f"  {self.counts[name]:7} {name}")
        for text in self.failures[:50]:
            print("  " + text)
        if len(self.failures) > 50:
            print(f"  and {len(self.failures) - 50} more failures")
        if self.result:
            failures = collections.Counter(text.split(":")[0] for text in self.failures)
            with open(self.result, "w", encoding="utf-8") as file:
                json.dump({"cases": cases, "seconds": seconds, "failures": failures}, file)
        return 1 if self.failures else 0


# ---- galleries ----


def template(randomness):
    values = [randomness.gauss(0, 1) for _ in range(DIMENSION)]
    length = sum(value * value for value in values) ** 0.5
    return struct.pack(f"<{DIMENSION}f", *(value / length for value in values))


def digest_of(number):
    return hashlib.sha256(str(number).encode()).hexdigest()


def face_record(model, space, pid, packed, number, **more):
    return {
        "type": "face", "schema": 1, "space": space, "pid": pid, **model,
        "template": base64.b64encode(packed).decode(), "sha256": digest_of(number), "face": 0,
        "box": [10, 10, 90, 110], "landmarks": [30, 40, 70, 40, 50, 60, 35, 80, 65, 80],
        "confidence": 0.9, "awesomeness": 0.6, "path": f"photos/{number}.jpg", **more,
    }


def records(model, randomness, persons, name, spaces=("door", "office"), origin="camera"):
    """Records for gallery import: persons with one to three faces each, names, numbers, and one log entry for each person."""
    yield {"type": "gallery", "schema": 1, "facectl": "0.1.0", **model}
    for space in spaces:
        yield {"type": "space", "schema": 1, "space": space}
    yield {"type": "origin", "schema": 1, "origin": origin, "space": spaces[0]}
    face = 0
    for number in range(1, persons + 1):
        space = spaces[number % len(spaces)]
        pid = str(uuid.UUID(bytes=randomness.randbytes(16), version=4))
        yield {"type": "person", "schema": 1, "space": space, "pid": pid, "person_id": number, "name": name.format(number)}
        for _ in range(1 + number % 3):
            face += 1
            more = {"origin": origin} if space == spaces[0] else {}
            yield face_record(model, space, pid, template(randomness), face, **more)
        yield {
            "type": "entry", "schema": 1, "space": space, "pid": pid, "result": 2, "confidence": 0.9, "sha256": digest_of(face),
            "created": f"2024-0{1 + number % 9}-01T00:00:00Z", "box": [10, 10, 90, 110], "origin": origin,
        }


def write_records(path, lines):
    counts = collections.Counter()
    with open(path, "w", encoding="utf-8") as file:
        for line in lines:
            counts[line["type"] + "s"] += 1
            file.write(json.dumps(line, separators=(",", ":")) + "\n")
        counted = {name: counts[name] for name in ("spaces", "origins", "persons", "faces")}
        entries = {"entries": counts["entrys"]}
        file.write(json.dumps({"type": "end", "schema": 1, **counted, **entries}) + "\n")


def make_gallery(campaign, folder, persons, name="Person {}"):
    """A compacted gallery, so that damage anywhere in the file matters."""
    gallery = campaign.path(folder)
    source = campaign.path(folder + ".ndjson")
    write_records(source, records(campaign.model, random.Random(persons), persons, name))
    campaign.must(gallery, "gallery", "import", source)
    campaign.must(gallery, "gallery", "compact")
    return gallery


def copy_gallery(source, target):
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(source, target)
    os.chmod(target, 0o700)
