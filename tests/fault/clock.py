"""The clock jumps while a command runs, or was wrong before: the same status, output and gallery; only what depends on age may differ."""
import os

from commands import COMMANDS
from calls import judge
from place import Baseline, Place

DAY = 24 * 3600
# Seconds: small corrections, a wrong day or year, the years 1970, 2038, 2106 and 9999.
JUMPS = (-3600, 3600, -DAY, DAY, -400 * DAY, 400 * DAY, -1700000000, 400000000, 2600000000, 250000000000)

UNTIL_NOW = ("api neuroio",)


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
        # A command that changes snapshots removes those that have expired.
        if kind.startswith("not done") and jump >= DAY and "missing [('snapshot'" in text and "added []" in text:
            kind = ""
        # These show entries until now.
        if name in UNTIL_NOW and jump < 0 and kind.startswith("wrong output"):
            kind = ""
        # A faceId that expires in years was stored while the clock was ahead.
        if kind.startswith("status") and (jump >= DAY or jump < -DAY) and "is not found" in result[2] and ("{faceid}" in COMMANDS[name] or "{snapshot}" in COMMANDS[name]):
            campaign.counts["a faceId or snapshot has expired"] += 1
        elif kind:
            campaign.fail(kind, f"case {case}: {COMMANDS[name]}: {jump} s after {calls} readings", text)
    return campaign.report("jumps of the clock", options.cases)
