#!/usr/bin/env python3
"""
Attack a facectl from outside and compare what it does with what it promises.

    fault.py damage --facectl PATH [--seed N] [--cases N] [--first N] [--gallery DIR]
    fault.py backups --facectl PATH [--seed N] [--cases N]
    fault.py residue --facectl PATH [--seed N] [--cases N]

damage: write noise into the data file, run the commands. backups: two backups to one folder at a time, some of them killed
with kill -9. residue: what stays in the file after delete and compact. Each campaign prints its seed and one table, and ends with 1 if anything failed.
The same seed repeats the same cases; --first starts at a later one.
"""
import argparse
import importlib
import os

from common import Campaign


def main():
    parser = argparse.ArgumentParser(description="attack facectl and report what fails")
    parser.add_argument("campaign", choices=["damage", "backups", "residue"])
    parser.add_argument("--facectl", default=os.environ.get("FACECTL", "build/facectl"))
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--cases", type=int, default=100)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--gallery", help="a gallery to damage in place of generated ones")
    options = parser.parse_args()
    with Campaign(options.facectl, options.seed) as campaign:
        raise SystemExit(importlib.import_module(options.campaign).run(campaign, options))


if __name__ == "__main__":
    main()
