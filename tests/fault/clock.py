"""The clock jumps while a command runs, or was wrong before: the same status, output and gallery; only what depends on age may differ."""
import os
import re

from commands import COMMANDS
from calls import judge
from place import Baseline, Place, normalised

DAY = 24 * 3600
# Seconds: small corrections, a wrong day or year, the years 1970, 2038, 2106 and 9999.
JUMPS = (-3600, 3600, -DAY, DAY, -400 * DAY, 400 * DAY, -1700000000, 400000000, 2600000000, 250000000000)

# Show entries until now; show snapshots that have not expired.
UNTIL_NOW = ("api neuroio",)
NOT_EXPIRED = ("snapshots list",)
# Entries are removed by their age.
PRUNES = ("entries prune",)
DIGEST = re.compile(rb"[0-9a-f]{64}")


def depends_on_age(name, jump, kind, text, base, result):
    """Whether the difference is what the age of entries, snapshots (48 hours) and faceIds (24 hours) explains."""
    _, output, message = result
    if name in PRUNES:
        return kind.startswith(("not done", "wrong output"))
    if kind.startswith("not done"):
        # Snapshots that have expired are removed; one that was taken while the clock was behind has expired.
        return abs(jump) > 2 * DAY and "missing [('snapshot'" in text and "added []" in text
    if kind.startswith("wrong output"):
        if name.startswith("erase"):
            # The digest of the new file, which lacks expired faceIds and snapshots.
            return jump >= DAY and DIGEST.sub(b"~", normalised(output)) == DIGEST.sub(b"~", normalised(base.output))
        return (name in UNTIL_NOW and jump < 0) or (name in NOT_EXPIRED and jump > 2 * DAY)
    if kind.startswith("status"):
        uses_id = "{faceid}" in COMMANDS[name] or "{snapshot}" in COMMANDS[name] or "face is not found" in message
        return uses_id and "is not found" in message and (jump >= DAY or jump < -DAY)
    return False


def run(campaign, options):
    shim = os.path.join(options.shims, "shift_clock.so")
    place = Place(campaign, options.draw_faces)
    names = options.names(COMMANDS)
    bases = {}
    for case in range(options.cases):
        name, jump, calls = campaign.random.choice(names), campaign.random.choice(JUMPS), campaign.random.choice((0, 0, 1, 2, 3, 5, 10))
        bases[name] = bases.get(name) or Baseline(place, name)
        place.fresh()
        result = place.run(place.command(name), environment={"LD_PRELOAD": shim, "SHIFT_CLOCK": str(jump), "SHIFT_CLOCK_AFTER": str(calls)})
        kind, text = judge(place, bases[name], result, "clock")
        campaign.counts[f"exit status {result[0]}"] += 1
        if kind and depends_on_age(name, jump, kind, text, bases[name], result):
            campaign.counts["differs because something has expired"] += 1
        elif kind:
            campaign.fail(kind, f"case {case}: {COMMANDS[name]}: {jump} s after {calls} readings", text)
    return campaign.report("jumps of the clock", options.cases)
