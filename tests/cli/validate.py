#!/usr/bin/env python3
"""Validate what facectl printed against share/schema: validate.py SCHEMA-FOLDER FOLDER

FOLDER has the outputs of tests: records.ndjson, the lines of NDJSON; tsv, the headings and first rows of TSV. Prints what the schemas do not allow.
Without the Python package jsonschema only the types and the columns are compared.
"""
# SPDX-License-Identifier: MIT

import json
import os
import sys

try:
    import jsonschema
except ImportError:
    jsonschema = None


def validators(folder):
    """A validator for each type of record."""
    found = {}
    for name in sorted(os.listdir(folder)):
        if name.endswith(".json"):
            with open(os.path.join(folder, name), encoding="utf-8") as file:
                schema = json.load(file)
            kind = schema["properties"].get("type", {}).get("const")
            if kind:
                found.setdefault(kind, []).append(jsonschema.Draft202012Validator(schema) if jsonschema else None)
    return found


def check_record(found, line):
    """What is wrong with a line of NDJSON, or None."""
    try:
        record = json.loads(line)
    except ValueError:
        # a process that is killed may leave a part of a line
        return None if not line.rstrip().endswith("}") else "this is not JSON"
    kind = record.get("type")
    if kind is None:
        return None  # --fields: the user chose the members
    if kind not in found:
        return f"there is no schema for type {kind!r}"
    if not jsonschema:
        return None
    errors = []
    for validator in found[kind]:
        wrong = [f"{'/'.join(map(str, error.absolute_path)) or kind}: {error.message[:300]}" for error in validator.iter_errors(record)]
        if not wrong:
            return None
        errors += wrong
    return "; ".join(errors)


def columns(folder):
    """The lists of columns of each type in tsv.txt."""
    found = {}
    with open(os.path.join(folder, "tsv.txt"), encoding="utf-8") as file:
        for line in file:
            if not line.startswith("#") and line.strip():
                kind, names = line.rstrip("\n").split("\t", 1)
                found.setdefault(kind, []).append(names)
    return found


def check_table(found, heading, row):
    """What is wrong with the heading of a TSV output and its first row, which may be missing."""
    names = heading.split("\t", 2)[2]
    kind = row.split("\t", 1)[0] if row else None
    if kind is None:
        return None if any(names in lists for lists in found.values()) else f"no type has the columns {names!r}"
    return None if names in found.get(kind, []) else f"type {kind!r} does not have the columns {names!r}"


def main():
    schemas, folder = sys.argv[1:3]
    wrong = {}
    found = validators(schemas)
    count = 0
    path = os.path.join(folder, "records.ndjson")
    if os.path.exists(path):
        with open(path, encoding="utf-8", errors="surrogateescape") as file:
            for line in sorted(set(file)):
                count += 1
                problem = check_record(found, line)
                if problem:
                    wrong.setdefault(problem, line.strip())
    lists = columns(schemas)
    path = os.path.join(folder, "tsv")
    if os.path.exists(path):
        with open(path, encoding="utf-8", errors="surrogateescape") as file:
            lines = file.read().split("\n")
        for heading, row in sorted(set(zip(lines[0::2], lines[1::2]))):
            count += 1
            problem = check_table(lists, heading, row)
            if problem:
                wrong.setdefault(problem, heading)
    for problem, line in wrong.items():
        print(f"{problem}\n    in {line[:300]}")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
