"""Photos with mutated bytes, through the real worker: each has a record, no worker dies, and no photo is blamed for another one."""
import collections
import json
import os
import shutil
import struct
import subprocess
import sys

from common import DOCUMENTED

sys.path.append(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "cli"))
import make_media  # noqa: E402

BATCH = 1000


def bmp(width, height, rgb):
    rows = b"".join(
        bytes(channel for x in range(width) for channel in reversed(rgb[3 * (y * width + x):3 * (y * width + x) + 3])) + bytes(-3 * width % 4)
        for y in reversed(range(height))
    )
    return b"BM" + struct.pack("<IHHI", 54 + len(rows), 0, 0, 54) + struct.pack("<IiiHHIIiiII", 40, width, height, 1, 24, 0, len(rows), 2835, 2835, 0, 0) + rows


def tiff(width, height, rgb):
    tags = [(256, 4, 1, width), (257, 4, 1, height), (258, 3, 3, 134), (259, 3, 1, 1), (262, 3, 1, 2), (273, 4, 1, 140), (277, 3, 1, 3),
            (278, 4, 1, height), (279, 4, 1, len(rgb)), (284, 3, 1, 1)]
    directory = struct.pack("<H", len(tags)) + b"".join(struct.pack("<HHII", *tag) for tag in tags) + struct.pack("<I", 0)
    return b"II*\0" + struct.pack("<I", 8) + directory + struct.pack("<HHH", 8, 8, 8) + rgb


def seeds(campaign, draw_faces):
    """A small photo in each format that can be made here: decoding is tested, not detection."""
    folder = campaign.path("seeds")
    os.mkdir(folder)

    def path(name):
        return os.path.join(folder, name)

    for name, options in {"face.jpg": [], "face.png": [], "face.ppm": [], "turned.jpg": ["--orientation", "6"]}.items():
        subprocess.run([draw_faces, *options, path(name), "ada", "0", "32"], check=True)
    with open(path("face.ppm"), "rb") as file:
        kind, size, _, rgb = file.read().split(b"\n", 3)
    width, height = map(int, size.split())
    assert kind == b"P6" and len(rgb) == 3 * width * height
    os.remove(path("face.ppm"))
    for name, write in {"face.bmp": bmp, "face.tif": tiff}.items():
        with open(path(name), "wb") as file:
            file.write(write(width, height, rgb))
    picture = (width, height, rgb)
    for name, write in {"moving.gif": make_media.gif, "pages.tif": make_media.tiff}.items():
        with open(path(name), "wb") as file:
            file.write(write([picture, picture]))
    makers = {"face.webp": ["cwebp", "-quiet", path("face.png"), "-o"], "moving.webp": ["img2webp", path("face.png"), path("turned.jpg"), "-o"], "exact.webp": ["cwebp", "-quiet", "-lossless", path("face.png"), "-o"],
              "face.heic": ["heif-enc", path("face.png"), "-o"], "face.avif": ["heif-enc", "--avif", path("face.png"), "-o"],
              "face.jxl": ["cjxl", path("face.png")], "exact.jxl": ["cjxl", "-d", "0", path("face.png")], "turned.jxl": ["cjxl", path("turned.jpg")], "moving.jxl": ["cjxl", path("moving.gif")]}
    for name, command in makers.items():
        if shutil.which(command[0]):
            subprocess.run([*command, path(name)], check=True, capture_output=True)
    result = {}
    for name in sorted(os.listdir(folder)):
        with open(path(name), "rb") as file:
            result[name] = file.read()
    return result


def mutated(randomness, data):
    data = bytearray(data)
    for _ in range(randomness.choice([1, 1, 2, 4, 16])):
        kind, at = randomness.randrange(6), randomness.randrange(len(data))
        if randomness.random() < 0.5:
            # Headers and tables are in front.
            at = randomness.randrange(min(len(data), 256))
        if kind == 0:
            data[at] ^= 1 << randomness.randrange(8)
        elif kind == 1:
            data[at] = randomness.choice([0, 1, 0x7f, 0x80, 0xff, randomness.randrange(256)])
        elif kind == 2:
            data[at:at + 4] = struct.pack(randomness.choice("<>") + "I", randomness.choice([0, 1, 0x7fffffff, 0xffffffff, 0x10000, randomness.getrandbits(32)]))
        elif kind == 3 and len(data) > 16:
            del data[at:at + randomness.randint(1, 64)]
        elif kind == 4:
            data[at:at] = data[at:at + randomness.randint(1, 64)]
        elif kind == 5 and len(data) > 16:
            del data[max(16, at):]
        if not data:
            return b"\0"
    return bytes(data)


def one_batch(campaign, first, count, originals):
    folder = campaign.path("photos")
    shutil.rmtree(folder, ignore_errors=True)
    os.mkdir(folder)
    names = []
    for number in range(first, first + count):
        name = campaign.random.choice(list(originals))
        names.append(os.path.join(folder, f"{number}-{name}"))
        with open(names[-1], "wb") as file:
            file.write(mutated(campaign.random, originals[name]))
    status, output, message = campaign.run("none", "--attribute-model", "none", "detect", "--format", "ndjson", *names, timeout=300)
    where = f"photos from {first}"
    if status is None or status < 0 or status not in DOCUMENTED:
        return campaign.fail("wrong status", where, f"{status}: {message}")
    found = collections.Counter()
    for line in output.splitlines():
        record = json.loads(line)
        found[record["path"]] += 1
        outcome = record.get("status") or record["result"]
        campaign.counts[outcome] += 1
        if outcome.startswith("worker") or outcome in ("timed_out", "internal"):
            campaign.fail("a worker died", record["path"], record.get("error", ""))
            shutil.copy(record["path"], campaign.kept)
    missing = set(names) - set(found)
    if missing:
        campaign.fail("no record", where, f"{status}: {sorted(missing)[:3]} {message}")
    return None


def run(campaign, options):
    originals = seeds(campaign, options.draw_faces)
    campaign.kept = os.path.join(os.getcwd(), "out")
    os.makedirs(campaign.kept, exist_ok=True)
    for first in range(0, options.cases, BATCH):
        one_batch(campaign, first, min(BATCH, options.cases - first), originals)
    return campaign.report(f"mutated photos of {', '.join(originals)}", options.cases)
