#!/usr/bin/python3
"""What enrolling many photos costs, each figure as a ratio measured in one run.

    batch.py second-run FACECTL DRAW_FACES [FILES [BYTES]]   a second run over unchanged files, against hashing them
    batch.py workers    FACECTL FOLDER MODELS REFERENCE      2 workers against 1, and against python3-opencv's loop
    batch.py memory     FACECTL DRAW_FACES [FEW [MANY]]      peak memory for many photos against few
    batch.py kills      FACECTL FOLDER [KILLS]               kill -9 again and again: the same gallery as undisturbed

FOLDER has a folder for each person; without it nothing is measured, and the exit status is 77 (skipped). Exits with 1 when a figure is
not what it must be, unless --tell is the last word.
"""
import hashlib
import json
import os
import pathlib
import random
import subprocess
import sys
import tempfile
import time

failed = False


def figure(what, value, must, at_least=True):
    global failed
    good = value >= must if at_least else value <= must
    failed |= not good
    print(f"{what}: {value:.2f} (must be {'at least' if at_least else 'at most'} {must}){'' if good else '  NOT MET'}")


def set_command(facectl, gallery, folder, *options):
    return [facectl, "--gallery", str(gallery), "-q", *options, "set", "--space", "bench", "--from", str(folder)]


def enrol(facectl, gallery, folder, *options):
    """Seconds that set takes for the folder."""
    begun = time.monotonic()
    done = subprocess.run(set_command(facectl, gallery, folder, *options), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    if done.returncode not in (0, 3):
        sys.exit(f"set ended with {done.returncode}")
    return time.monotonic() - begun


def draw(draw_faces, path, *words):
    subprocess.run([draw_faces, str(path), *words], check=True)
    return pathlib.Path(path).read_bytes()


# Behind the end of a JPEG nothing is read, so any length will do, and each number makes another file.
def distinct(photo, number, size):
    return photo + number.to_bytes(8, "big") + bytes(max(0, size - len(photo) - 8))


def second_run(facectl, draw_faces, files=100_000, size=2_000_000):
    kinds = 20
    with tempfile.TemporaryDirectory() as scratch:
        scratch = pathlib.Path(scratch)
        photo = draw(draw_faces, scratch / "drawn.jpg", "ada")
        paths = [scratch / "tree" / "ada" / f"{number // 1000:04}" / f"{number:06}.jpg" for number in range(files)]
        for kind in range(kinds):
            (scratch / f"{kind}.jpg").write_bytes(distinct(photo, kind, size))
        for number, path in enumerate(paths):
            path.parent.mkdir(parents=True, exist_ok=True)
            os.link(scratch / f"{number % kinds}.jpg", path)
        time.sleep(0.1)
        print(f"first run over {files} files: {enrol(facectl, scratch / 'g', scratch / 'tree'):.1f} s")
        again = min(enrol(facectl, scratch / "g", scratch / "tree") for _ in range(3))
        sample = paths[:200]
        begun = time.monotonic()
        for path in sample:
            hashlib.sha256(path.read_bytes()).digest()
        hashing = (time.monotonic() - begun) / len(sample) * files
        print(f"second run {again:.2f} s; hashing {files} files of {size} bytes {hashing:.1f} s, by {len(sample)} of them")
        figure("second run against hashing", hashing / again, 100)


def need(folder):
    if not pathlib.Path(folder).is_dir():
        print(f"skipped: there is no folder '{folder}' of photos")
        sys.exit(77)


def workers(facectl, folder, models, reference):
    need(folder)
    photos = sorted(str(path) for path in pathlib.Path(folder).rglob("*.jpg"))
    with tempfile.TemporaryDirectory() as scratch:
        scratch = pathlib.Path(scratch)
        one = enrol(facectl, scratch / "one", folder, "-j", "1")
        two = enrol(facectl, scratch / "two", folder, "-j", "2")
        print(f"{len(photos)} photos: one worker {one:.1f} s, two {two:.1f} s")
        figure("2 workers against 1", one / two, 1.8)
        networks = [str(pathlib.Path(models) / name) for name in ("facectl-detect.onnx", "facectl-embed-2.onnx")]
        begun = time.monotonic()
        subprocess.run(["/usr/bin/python3", reference, "embed", *networks, str(scratch / "out.npy"), *photos], check=True,
                       stdout=subprocess.DEVNULL)
        loop = time.monotonic() - begun
        print(f"python3-opencv's loop {loop:.1f} s")
        figure("2 workers against python3-opencv", loop / two, 1.7)


def own_memory(pid):
    """What a process and its children have for themselves, in KiB: maps of files are the system's to take back."""
    try:
        children = pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        lines = pathlib.Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0
    own = sum(int(line.split()[1]) for line in lines if line.startswith("RssAnon:"))
    return own + sum(own_memory(child) for child in children)


def peak_of_run(facectl, gallery, folder):
    peak = 0
    process = subprocess.Popen(set_command(facectl, gallery, folder, "-j", "2"), stdout=subprocess.DEVNULL)
    while process.poll() is None:
        peak = max(peak, own_memory(process.pid))
        time.sleep(0.02)
    if process.returncode != 0:
        sys.exit(f"set ended with {process.returncode}")
    return peak


def memory(facectl, draw_faces, few=200, many=20_000):
    with tempfile.TemporaryDirectory() as scratch:
        scratch = pathlib.Path(scratch)
        photo = draw(draw_faces, scratch / "drawn.jpg", "ada")
        peaks = {}
        for count in (few, many):
            for number in range(count):
                path = scratch / str(count) / f"p{number // 100}" / f"{number}.jpg"
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(distinct(photo, number, 0))
            peaks[count] = peak_of_run(facectl, scratch / f"g{count}", scratch / str(count))
            print(f"{count} photos: {peaks[count] / 1024:.1f} MiB at most")
        figure("peak memory, many photos against few", peaks[many] / peaks[few], 1.2, at_least=False)


def contents(facectl, gallery):
    """(person, photo) of every face."""
    def records(*words):
        command = [facectl, "--gallery", str(gallery), "--format", "ndjson", *words]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
        return [json.loads(line) for line in done.stdout.splitlines()]
    return sorted((profile["name"], face["sha256"])
                  for profile in records("profiles", "list", "--space", "bench", "--limit", "1000000")
                  for face in records("profiles", "show", profile["pid"]) if "sha256" in face)


def kills(facectl, folder, times=100):
    need(folder)
    with tempfile.TemporaryDirectory() as scratch:
        scratch = pathlib.Path(scratch)
        usual = enrol(facectl, scratch / "whole", folder)
        random.seed(5)
        for _ in range(times):
            process = subprocess.Popen(set_command(facectl, scratch / "g", folder),
                                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            time.sleep(random.uniform(0, 4 * usual / times + 0.3))
            process.kill()
            process.wait()
        enrol(facectl, scratch / "g", folder)
        subprocess.run([facectl, "--gallery", str(scratch / "g"), "gallery", "check"], check=True, stdout=subprocess.DEVNULL)
        whole, resumed = contents(facectl, scratch / "whole"), contents(facectl, scratch / "g")
        print(f"{len(whole)} faces undisturbed, {len(resumed)} after {times} kills")
        different = len(set(whole) ^ set(resumed)) + abs(len(whole) - len(resumed))
        figure("faces lost, doubled or other", different, 0, at_least=False)


def main():
    actions = {"second-run": second_run, "workers": workers, "memory": memory, "kills": kills}
    words = sys.argv[1:]
    tell = words[-1:] == ["--tell"]
    if tell:
        words.pop()
    if not words or words[0] not in actions:
        sys.exit(__doc__)
    actions[words[0]](*(int(word) if word.isdigit() else word for word in words[1:]))
    sys.exit(1 if failed and not tell else 0)


if __name__ == "__main__":
    main()
