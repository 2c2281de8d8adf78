"""Two backups to one folder at a time, some of them killed: whoever reports success has left a complete backup, and nothing else stays."""
import hashlib
import json
import os
import shutil

from common import make_gallery

BACKUP = ("gallery", "backup", "--force")


def is_complete(campaign, place):
    status, _, message = campaign.run(place, "gallery", "check")
    manifest = os.path.join(place, "backup.json")
    if status != 0 or not os.path.exists(manifest):
        return f"check {status}: {message}, {os.listdir(place) if os.path.isdir(place) else 'no folder'}"
    with open(manifest, encoding="utf-8") as file, open(os.path.join(place, "data.mdb"), "rb") as data:
        digest = hashlib.sha256(data.read()).hexdigest()
        return "" if json.load(file)["sha256"] == digest else "the SHA-256 of the manifest is another"


def one_pair(campaign, number, gallery, parent, usual):
    randomness = campaign.random
    place = os.path.join(parent, "copy")
    if randomness.random() < 0.3:
        shutil.rmtree(place, ignore_errors=True)
    killed = randomness.random() < 0.3
    running = []
    for _ in range(2):
        running.append(campaign.start(gallery, *BACKUP, place, "--lock-timeout", randomness.choice(["0s", "20s"])))
        campaign.sleep(randomness.uniform(0, usual / 3 if killed else usual))
    if killed:
        running[0].kill()
    statuses, messages = [], []
    for process in running:
        _, message = process.communicate(timeout=60)
        statuses.append(process.returncode)
        messages.append(message.decode(errors="replace"))
    campaign.counts[f"pair {sorted(statuses)}"] += 1
    for status, message in zip(statuses, messages):
        if status not in (0, 75) and not (killed and status == -9):
            campaign.fail("wrong status", f"pair {number}", f"{statuses}: {message}")
    problem = is_complete(campaign, place) if 0 in statuses or os.path.exists(place) else ""
    if problem:
        campaign.fail("not a complete backup", f"pair {number}", f"{statuses}: {problem}")
    if -9 in statuses:
        # A later backup with another name removes what the killed one left.
        status, _, message = campaign.run(gallery, *BACKUP, os.path.join(parent, "other"))
        if status != 0:
            campaign.fail("wrong status", f"pair {number}", f"after a kill: {status}: {message}")
    left = [name for name in os.listdir(parent) if name.startswith(".")]
    empty = [name for name in left if not any(files for _, _, files in os.walk(os.path.join(parent, name)))]
    campaign.counts["an empty folder stays after a kill"] += len(empty)
    if [name for name in left if name not in empty]:
        campaign.fail("leftovers", f"pair {number}", f"{statuses}: {left}")


def run(campaign, options):
    gallery = options.gallery or make_gallery(campaign, "gallery", 300)
    parent = campaign.path("backups")
    os.mkdir(parent)
    usual = campaign.seconds(gallery, *BACKUP, os.path.join(parent, "copy"))
    for number in range(options.cases):
        one_pair(campaign, number, gallery, parent, usual)
    return campaign.report("pairs of overlapping backups", options.cases)
