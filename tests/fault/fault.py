#!/usr/bin/env python3
"""
Attack a facectl from outside and compare what it does with what it promises.

    fault.py damage --facectl PATH [--seed N] [--cases N] [--first N] [--gallery DIR]
    fault.py backups --facectl PATH [--seed N] [--cases N]
    fault.py residue --facectl PATH [--seed N] [--cases N]
    fault.py calls --facectl PATH --draw-faces PATH [--shim PATH] [--only COMMANDS] [--seed N] [--cases N] [--first N]
    fault.py images --facectl PATH --draw-faces PATH [--seed N] [--cases N]
    fault.py mixed --facectl PATH [--seed N] [--cases N]
    fault.py year --facectl PATH --draw-faces PATH [--seed N] [--cases N]
    fault.py kills|power --facectl PATH --draw-faces PATH [--only COMMANDS] [--seed N] [--cases N]

damage: write noise into the data file, run the commands. backups: two backups to one folder at a time, some of them killed
with kill -9. residue: what stays in the file after delete and compact. calls: a system call or an allocation of any command
fails. images: photos with mutated bytes. kills: kill -9 at a random moment.
mixed: sixteen processes at a time. power: what a disk may hold after a power cut. year: a folder of photos that changes, with a kill
after each change. Each campaign prints its seed and one table, and ends with 1 if anything failed.
The same seed repeats the same cases; --first starts at a later one.
"""
import argparse
import importlib
import os

from common import Campaign


def main():
    parser = argparse.ArgumentParser(description="attack facectl and report what fails")
    parser.add_argument("campaign", choices=["damage", "backups", "residue", "calls", "images", "kills", "mixed", "power", "year"])
    parser.add_argument("--facectl", default=os.environ.get("FACECTL", "build/facectl"))
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--cases", type=int, default=100)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--gallery", help="a gallery to damage in place of generated ones")
    parser.add_argument("--draw-faces", default=os.environ.get("DRAW_FACES", "build/draw-faces"))
    parser.add_argument("--shim", help="library that lets an allocation fail; without it only system calls do")
    parser.add_argument("--only", help="commands of workloads.py, separated by commas; default: all")
    options = parser.parse_args()
    for name in ("draw_faces", "shim"):
        if getattr(options, name):
            setattr(options, name, os.path.abspath(getattr(options, name)))
    with Campaign(options.facectl, options.seed) as campaign:
        raise SystemExit(importlib.import_module(options.campaign).run(campaign, options))


if __name__ == "__main__":
    main()
