"""kill -9 at a random moment: what was acknowledged is there, and the same command afterwards leads to the same gallery as undisturbed."""
import json
import subprocess
import time

from commands import COMMANDS
from place import Baseline, Place

CHANGING = (
    "set", "set folder", "recognize create", "delete", "truncate", "create", "profiles merge", "profiles move", "profiles delete", "entries prune",
    "spaces delete", "import", "backup", "compact", "reindex", "reembed", "erase", "set sync", "faces add list", "persongroups train", "persongroups delete",
    "persons delete", "snapshots take", "snapshots apply", "snapshots delete", "api create", "upgrade",
)
# Repeated after a kill, these may find their work already done.
REPEATABLE = {
    "delete": (0, 1, 3), "profiles delete": (0, 1, 3), "profiles merge": (0, 1), "profiles move": (0, 1, 4), "spaces delete": (0, 1), "erase": (0, 1, 3),
    "reembed": (0, 3, 4), "persongroups delete": (0, 1), "persons delete": (0, 1), "snapshots apply": (0, 4), "snapshots delete": (0, 1), "api create": (0, 7),
}
# Each run adds the same once more.
ADDING = ("faces add list", "snapshots take")
# Each run adds its own entries to the log.
LOGS = ("set", "set folder", "recognize create", "create")


def acknowledged(output, name):
    """What the command has reported as done, in the words of items_of()."""
    done = []
    for line in output.splitlines():
        try:
            record = json.loads(line)
        except ValueError:
            continue
        if name == "set folder" and record.get("result") in ("enrolled", "created", "reinit"):
            done.append(("face", record["sha256"]))
        if name == "set sync" and record.get("result") == "removed":
            done.append(("gone", f"synced/{record['person_id']}"))
        if name == "delete" and record.get("result") == "deleted":
            done.append(("gone", f"{record.get('space', 'office')}/{record['person_id']}"))
    return done


def without_log(state, name):
    return {item: count for item, count in state.items.items() if item[0] != "entry" or name not in LOGS}


def is_kept(state, done):
    kind, value = done
    if kind == "face":
        return any(item[0] == "face" and item[2] == value for item in state.items)
    return not any(item[0] == "person" and item[1] == value for item in state.items)


def one(campaign, case, place, base, usual):
    command = place.command(base.name)
    where = f"case {case}: {COMMANDS[base.name]}"
    place.fresh()
    process = subprocess.Popen(
        command, cwd=place.folder, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=place.environment
    )
    time.sleep(campaign.random.uniform(0, usual[base.name]))
    process.kill()
    output, message = process.communicate(timeout=60)
    killed = process.returncode == -9
    campaign.counts["killed" if killed else "ended before it was killed"] += 1
    # Find the time that the command takes beside whatever else runs.
    usual[base.name] *= 1.03 if killed else 0.9
    if process.returncode not in (-9, base.status):
        return campaign.fail("wrong status", where, f"{process.returncode}: {message.decode(errors='replace')}")
    if not killed:
        return None
    state, problem = place.state()
    if state is None:
        return campaign.fail("damaged gallery", where, problem)
    for done in acknowledged(output, base.name):
        campaign.counts["acknowledged"] += 1
        if not is_kept(state, done):
            return campaign.fail("lost", where, str(done))
    if not state.is_stage_of(base):
        return campaign.fail("lost or doubled", where, state.difference(base.after))
    again = [*command, "--force"] if base.name == "backup" else command
    status, _, text = place.run(again)
    if status not in REPEATABLE.get(base.name, (base.status,)):
        return campaign.fail("wrong status of the second run", where, f"{status}: {text}")
    state, problem = place.state()
    if state is None:
        return campaign.fail("damaged gallery", where, problem)
    if base.name in ADDING:
        state.items -= base.after.items - base.before.items
    if not (base.name in ADDING and state == base.before) and without_log(state, base.name) != without_log(base.after, base.name):
        return campaign.fail("another gallery after the second run", where, state.difference(base.after))
    if base.name == "backup" and place.state("kept")[0] != base.after:
        return campaign.fail("not a complete backup", where, "")
    litter = place.litter()
    if litter:
        campaign.fail("leftovers", where, str(litter))
    return None


def run(campaign, options):
    place = Place(campaign, options.draw_faces)
    names = options.names(CHANGING)
    bases, usual = {}, {}
    for name in names:
        bases[name] = Baseline(place, name)
        place.fresh()
        begun = time.monotonic()
        place.run(place.command(name))
        usual[name] = time.monotonic() - begun
    for case in range(100 * options.cases):
        if campaign.counts["killed"] >= options.cases:
            break
        name = names[case % len(names)]
        campaign.counts[f"runs of {name}"] += 1
        one(campaign, case, place, bases[name], usual)
    return campaign.report("kills of commands that change something", campaign.counts["killed"])
