#!/usr/bin/env python3
"""One grammar for all commands: options.py FACECTL checks its option tables.

An option name has one letter and one type, flag or value, in all tables; each letter has one name; a setting's key and
variable are made of its name.
"""
import collections
import subprocess
import sys

LETTERS = {
    "c": "create-new", "h": "help", "i": "headers", "j": "jobs", "n": "dry-run", "o": "output", "p": "photo", "q": "quiet",
    "s": "space", "t": "threshold", "v": "verbose", "y": "yes", "V": "version", "0": "null",
}
NO_OPTION = ("key", "command", "operand")

Row = collections.namedtuple("Row", "command letter name argument kind choices help variable key")


def rows_of(dump):
    return [Row(*line.split("\t")) for line in dump.splitlines()]


def check(dump):
    """The problems of a dump of the option tables, as sentences."""
    problems = []
    first = {}
    letters = {name: letter for letter, name in LETTERS.items()}
    for row in rows_of(dump):
        if row.kind in NO_OPTION:
            continue
        where = f"'{row.command or 'facectl'} --{row.name}'"
        kind = "flag" if row.kind == "flag" else "value"
        other, other_kind = first.setdefault(row.name, (where, kind))
        if kind != other_kind:
            problems.append(f"{where} is a {kind}, {other} is a {other_kind}")
        if row.letter != letters.get(row.name, ""):
            expected = f"-{letters[row.name]}" if row.name in letters else "none"
            problems.append(f"{where} has the letter '{row.letter}', expected {expected}")
        if row.key and row.key.partition(".")[2] != row.name:
            problems.append(f"{where} has the key {row.key}")
        if row.variable and row.variable != "FACECTL_" + row.name.upper().replace("-", "_"):
            problems.append(f"{where} has the variable {row.variable}")
    return problems


def main():
    dump = subprocess.run([sys.argv[1], "dump-options"], check=True, capture_output=True, text=True).stdout
    problems = check(dump)
    for problem in problems:
        print(problem, file=sys.stderr)
    return bool(problems) or not dump


if __name__ == "__main__":
    sys.exit(main())
