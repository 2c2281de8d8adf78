#!/usr/bin/python3
"""What the Azure Face API on the local engine costs, against the commands that do the same.

    azure.py FACECTL FOLDER [COUNT [ROUNDS]]

Uses the first COUNT photos (1000) below FOLDER that have a face. Prints the seconds of a request that groups COUNT faces; identify in a
group against `profiles search` in the same space, and `faces add` to a list against `set`, as ratios; and by how many milliseconds `api`
detect is slower than `detect`, both with the start of the program. Each is the least of ROUNDS (15) alternating runs; enrolments are the least of two. Without
FOLDER nothing is measured, and the exit status is 77 (skipped). Exits with 1 when a figure is not what it must be, unless --tell is the
last word.
"""
import json
import pathlib
import subprocess
import sys
import tempfile
import time

failed = False


def figure(what, value, most):
    global failed
    failed |= value > most
    print(f"{what}: {value:.3f} (must be at most {most}){'  NOT MET' if value > most else ''}")


class Program:
    def __init__(self, path, folder):
        self.path, self.folder = path, folder

    def run(self, *words, statuses=(0, 3)):
        """Seconds that a command takes, and what it prints."""
        begun = time.monotonic()
        done = subprocess.run([self.path, "--gallery", "gallery", "-q", *map(str, words)], cwd=self.folder, stdout=subprocess.PIPE)
        seconds = time.monotonic() - begun
        if done.returncode not in statuses:
            sys.exit(f"azure.py: {' '.join(map(str, words))}: status {done.returncode}")
        return seconds, done.stdout.decode()

    def least(self, rounds, *commands):
        """The least seconds of each command, run in turn."""
        best = [float("inf")] * len(commands)
        for _ in range(rounds):
            for i, words in enumerate(commands):
                best[i] = min(best[i], self.run(*words)[0])
        return best


def main():
    words = [word for word in sys.argv[1:] if word != "--tell"]
    folder = pathlib.Path(words[1]).resolve()
    count = int(words[2]) if len(words) > 2 else 1000
    rounds = int(words[3]) if len(words) > 3 else 15
    if not folder.is_dir():
        print(f"no photos in {folder}: skipped")
        return 77
    photos = sorted(folder.rglob("*.jpg"))[:count]
    with tempfile.TemporaryDirectory() as place:
        program = Program(str(pathlib.Path(words[0]).resolve()), place)
        here = pathlib.Path(place)
        (here / "list.txt").write_text("".join(f"{photo}\n" for photo in photos))
        (here / "people.csv").write_text("path,person_id\n" + "".join(f"{photo},{i + 1}\n" for i, photo in enumerate(photos)))

        adding, setting = [], []
        for i in range(2):
            setting.append(program.run("set", "-s", f"s{i}", "--manifest", "people.csv", "--face", "largest")[0])
            program.run("facelists", "create", f"l{i}", "--large")
            adding.append(program.run("faces", "add", "--list", f"l{i}", "--large", "--face", "largest",
                                      "--files-from", "list.txt")[0])

        ids = []
        for photo in photos:
            faces = json.loads(program.run("api", "POST", "/face/v1.0/detect?recognitionModel=recognition_04", "--file", photo,
                                           statuses=(0, 7))[1] or "[]")
            ids += [face["faceId"] for face in faces[:1]] if isinstance(faces, list) else []
        body = json.dumps({"faceIds": ids[:1000]})
        print(f"{len(ids)} faces")
        group = program.least(min(rounds, 5), ("api", "POST", "/face/v1.0/group", "--json", body))[0]
        figure(f"group of {len(ids)} faces, s", group, 2)

        program.run("persongroups", "train", "s0", "--large")
        identify, search = program.least(
            rounds,
            ("identify", "-s", "s0", photos[0]),
            ("profiles", "search", "-s", "s0", "--no-entry", photos[0]),
        )
        figure("identify against profiles search", identify / search, 1.2)
        figure("faces add against set", min(adding) / min(setting), 1.5)
        api, detect = program.least(rounds, ("api", "POST", "/face/v1.0/detect", "--file", photos[0]), ("detect", photos[0]))
        figure("api detect less detect, ms", (api - detect) * 1000, 10)
    return 1 if failed and "--tell" not in sys.argv else 0


if __name__ == "__main__":
    sys.exit(main())
