"""All kinds of campaigns at their full sizes, two at a time beside sixteen mixed processes, and one table of what they found."""
import json
import os
import queue
import subprocess
import sys
import threading
import time

# Minutes that the full sizes take on two idle cores, and of these the minutes of mixed processes.
FULL, MIXED = 35, 20
# Name, full size, parts. Parts spread the commands of one kind over both cores.
KINDS = (
    ("mixed", None, 1),
    ("calls", 20000, 4),
    ("power", 35000, 4),
    ("kills", 3000, 4),
    ("images", 200000, 4),
    ("damage", 5000, 2),
    ("clock", 2000, 2),
    ("year", 200, 2),
    ("residue", 1000, 1),
    ("backups", 1000, 1),
)
LANES = 2
COLUMNS = ("lost, doubled or left", "signals, no end", "wrong status or message")


def column_of(failure):
    if failure.startswith(("signal", "no end", "endless loop", "a worker died")):
        return COLUMNS[1]
    if "status" in failure or "message" in failure or failure in ("not one line", "memory reported as damage", "no record"):
        return COLUMNS[2]
    return COLUMNS[0]


class Run:
    """One process of fault.py."""

    def __init__(self, options, folder, name, size, part, parts):
        self.name = name
        self.path = os.path.join(folder, f"{name}-{part}")
        self.seed = options.seed + part - 1
        self.command = [sys.executable, os.path.join(os.path.dirname(__file__), "fault.py"), name]
        for option in ("facectl", "draw_faces", "shims"):
            self.command += [f"--{option.replace('_', '-')}", getattr(options, option)]
        self.command += ["--seed", str(self.seed), "--result", self.path + ".json", "--minutes", str(MIXED * options.minutes / FULL)]
        if size:
            self.command += ["--cases", str(max(1, round(size * options.minutes / FULL / parts)))]
        if name in ("calls", "power", "kills", "clock"):
            self.command += ["--part", f"{part}/{parts}"]

    def execute(self, nice):
        print("begins: " + " ".join(self.command[1:]), flush=True)
        with open(self.path + ".log", "w", encoding="utf-8") as log:
            subprocess.run([*nice, *self.command], stdout=log, stderr=subprocess.STDOUT, check=False)

    def result(self):
        """The counts; a run that wrote none has failed."""
        try:
            with open(self.path + ".json", encoding="utf-8") as file:
                return json.load(file)
        except OSError:
            return {"cases": 0, "seconds": 0, "failures": {"status: the campaign did not end": 1}}


def work(runs):
    while True:
        try:
            run = runs.get_nowait()
        except queue.Empty:
            return
        run.execute([])


def report(options, runs, seconds):
    print(f"\nseed {options.seed}, {seconds / 60:.1f} minutes")
    print("| kind | cases | seeds | " + " | ".join(COLUMNS) + " | seconds |\n|---|---|---|---|---|---|---|")
    failed = False
    for name, _, parts in KINDS:
        counts = dict.fromkeys(COLUMNS, 0)
        results = [run.result() for run in runs if run.name == name]
        for result in results:
            for failure, count in result["failures"].items():
                counts[column_of(failure)] += count
                failed = True
        seeds = str(options.seed) + (f" to {options.seed + parts - 1}" if parts > 1 else "")
        cells = [name, sum(result["cases"] for result in results), seeds, *counts.values(), round(sum(result["seconds"] for result in results))]
        print("| " + " | ".join(map(str, cells)) + " |")
    if failed:
        print("\nThe failures are in " + os.path.dirname(runs[0].path))
        for run in runs:
            if run.result()["failures"]:
                with open(run.path + ".log", encoding="utf-8") as log:
                    print(log.read())
    return 1 if failed else 0


def run(options):
    options.minutes = options.minutes or FULL
    folder = os.path.abspath("out/fault")
    os.makedirs(folder, exist_ok=True)
    for name in os.listdir(folder):
        os.unlink(os.path.join(folder, name))
    begun = time.monotonic()
    runs = [Run(options, folder, name, size, part, parts) for name, size, parts in KINDS for part in range(1, parts + 1)]
    waiting = queue.Queue()
    for each in runs[1:]:
        waiting.put(each)
    # Sixteen processes would take all of the time of the others.
    threads = [threading.Thread(target=runs[0].execute, args=(["nice", "-n", "15"],))]
    threads += [threading.Thread(target=work, args=(waiting,)) for _ in range(LANES)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return report(options, runs, time.monotonic() - begun)
