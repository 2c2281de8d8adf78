#!/usr/bin/env python3
"""
Attack a facectl from outside and compare what it does with what it promises.

    fault.py KIND [--facectl PATH] [--draw-faces PATH] [--shims FOLDER] [--seed N] [--cases N] [--first N] [--only COMMANDS] [--part K/N]
    fault.py all [--minutes N] [--seed N]

kills: kill -9 at a random moment. power: what a disk may hold after a power cut. calls: a system call or an allocation of any command fails.
clock: the clock jumps. damage: noise in the data file. backups: two backups to one folder at a time, some of them killed. residue: what stays in
the file after delete and compact, and after erase. images: photos with mutated bytes. mixed: sixteen processes at a time. year: a folder of photos that
changes, with a kill after each change. all: every kind at its full size, or at a size for N minutes, and one table.

Each campaign prints its seed and its counts, and ends with 1 if anything failed. The same seed repeats the same cases; --first starts at a later
one, --part takes each Nth command.
"""
import argparse
import importlib
import os
import time

import everything
from common import Campaign

KINDS = [name for name, *_ in everything.KINDS]


class Options(argparse.Namespace):
    def names(self, known):
        """The commands of --only or of this part."""
        part, parts = map(int, self.part.split("/"))
        return (self.only.split(",") if self.only else list(known))[part - 1::parts]


def main():
    parser = argparse.ArgumentParser(description="attack facectl and report what fails")
    parser.add_argument("campaign", choices=[*KINDS, "all"])
    parser.add_argument("--facectl", default=os.environ.get("FACECTL", "build/facectl"))
    parser.add_argument("--draw-faces", default=os.environ.get("DRAW_FACES", "build/draw-faces"))
    parser.add_argument("--shims", default="build/tests/fault", help="folder of the libraries that let allocations fail and the clock jump")
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--cases", type=int, default=100)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--only", help="commands of commands.py, separated by commas; default: all")
    parser.add_argument("--part", default="1/1", help="K/N: each Nth command, from the Kth")
    parser.add_argument("--gallery", help="a gallery to damage in place of generated ones")
    parser.add_argument("--minutes", type=float, help="mixed: how long; all: the time that the sizes are chosen for")
    parser.add_argument("--result", help="write the counts to this file, as JSON")
    options = parser.parse_args(namespace=Options())
    for name in ("facectl", "draw_faces", "shims"):
        setattr(options, name, os.path.abspath(getattr(options, name)))
    if options.campaign == "all":
        raise SystemExit(everything.run(options))
    with Campaign(options.facectl, options.seed, options.result) as campaign:
        raise SystemExit(importlib.import_module(options.campaign).run(campaign, options))


if __name__ == "__main__":
    main()
