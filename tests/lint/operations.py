#!/usr/bin/env python3
"""Compare the table in docs/azure.md with the table of operations in the source, and its tests with those of the project: operations.py FOLDER"""
# SPDX-License-Identifier: MIT

import os
import re
import sys


def read(*parts):
    with open(os.path.join(*parts), encoding="utf-8") as file:
        return file.read()


def main():
    root = sys.argv[1]
    source = re.findall(r'\{ "(\w+)", "(GET|PUT|POST|PATCH|DELETE)",\s*"([^"]+)"', read(root, "lib/protocol/azure/operations.c"))
    rows = [[cell.strip() for cell in line.strip("|\n").split(" | ")] for line in read(root, "docs/azure.md").split("\n")
            if re.match(r"\| \w+_\w+ \|", line)]
    def exists(test):
        folder, _, name = test.partition("-")
        return (os.path.exists(os.path.join(root, "tests", folder, name.removeprefix("command-") + ".bats"))
                or f"'{test}'" in read(root, "tests", folder, "meson.build"))

    problems = []
    if [row[0] for row in rows] != [operation[0] for operation in source]:
        problems.append("docs/azure.md has other operations than lib/protocol/azure/operations.c")
    for (name, method, path), row in zip(source, rows):
        pattern = r"'?/face/v1\.0/" + re.sub(r"\{\w+\}", "[^/ ]+", path) + r"(\?[^ ]*)?'?( .*)?"
        if not re.fullmatch(f"`{method} {pattern}`", row[2]):
            problems.append(f"{name}: '{row[2]}' is another request")
        if len(row) != 6:
            problems.append(f"{name} has {len(row)} columns")
        for test in ",".join(row[3:]).split(","):
            if not exists(test.strip()):
                problems.append(f"{name}: there is no test '{test.strip()}'")
    for problem in problems:
        print(problem, file=sys.stderr)
    return 1 if problems or not rows else 0


if __name__ == "__main__":
    sys.exit(main())
