#!/usr/bin/env python3
"""share/schema has the fields of all records: schemas.py BUILD-FOLDER [--write]

Compares the tables of fields in cmd/ with the properties of the schemas and with the columns in tsv.txt. --write brings the files up to date; which
properties are required is decided by hand.
"""
# SPDX-License-Identifier: MIT

import json
import os
import re
import subprocess
import sys

FOLDER = "share/schema"
KINDS = {
    "RECORD_TEXT": {"type": "string"},
    "RECORD_INTEGER": {"type": "integer"},
    "RECORD_REAL": {"type": "number"},
    "RECORD_FLAG": {"type": "boolean"},
    "RECORD_TEXTS": {"type": "array", "items": {"type": "string"}},
    "RECORD_REALS": {"type": "array", "items": {"type": "number"}},
    "RECORD_NAMED": {"type": "object", "additionalProperties": {"type": "number"}},
}
# Types whose name or table is chosen while the program runs.
COMPUTED = {
    "profile_create": ("cmd/photos/profile_report.c", None),
    "profile_reinit": ("cmd/photos/profile_report.c", None),
    "profile_search": ("cmd/photos/profile_report.c", None),
    "person_group": (None, ("azure_group_fields", "azure_group_result_fields")),
    "face_list": (None, ("azure_list_fields", "azure_list_result_fields")),
}
HEAD = """# The columns of each type of record in TSV, after the columns "type" and "schema". A type has several lines if commands write different columns.
# New columns are only added at the end, and none changes its meaning without a new schema number.
"""


def closing(text, start):
    """The index of the bracket that closes the one before start."""
    depth = 1
    while depth:
        depth += {"{": 1, "(": 1, "}": -1, ")": -1}.get(text[start], 0)
        start += 1
    return start - 1


def split(text):
    """The parts between the commas of the outermost level."""
    parts, depth, quoted, part = [], 0, False, ""
    for index, char in enumerate(text):
        if char == '"' and text[index - 1] != "\\":
            quoted = not quoted
        depth += 0 if quoted else {"{": 1, "(": 1, "[": 1, "}": -1, ")": -1, "]": -1}.get(char, 0)
        if char == "," and depth == 0 and not quoted:
            parts.append(part.strip())
            part = ""
        else:
            part += char
    return [*parts, part.strip()] if part.strip() else parts


def preprocessed(entry):
    command = re.sub(r"^(ccache )?", "", entry["command"].split(" -o ")[0])
    command = re.sub(r" -M[DQF]\b( \S+)?", lambda m: "" if m.group(0) == " -MD" else " ", command)
    command = re.sub(r" -fprofile\S*| --coverage| -MD\b", "", command)
    return subprocess.run(f"{command} -w -E -P {entry['file']}", shell=True, cwd=entry["directory"], capture_output=True, text=True, check=True).stdout


def tables_of(text):
    """The tables of a source: for each name its fields as (name, kind, in TSV)."""
    found = {}
    for match in re.finditer(r"const struct record_field (\w+)\[\w*\] = \{", text):
        rows = []
        for row in split(text[match.end() : closing(text, match.end())]):
            parts = split(row[1:-1]) if row.startswith("{") else [""]
            if parts[0] in KINDS:
                rows.append((parts[1].strip('"'), parts[0], not re.search(r"\.json_only = (?!false)", row)))
        found[match.group(1)] = rows
    return found


def uses_of(text):
    """Pairs of a type and the expression that names its table: two adjacent arguments of a call."""
    for match in re.finditer(r"\b\w*(?:record|report|show|begin|writer|write|azure)\w*\(", text):
        arguments = split(text[match.end() : closing(text, match.end())])
        for left, right in zip(arguments, arguments[1:]):
            if re.fullmatch(r'"[a-z_]+"', left):
                yield left.strip('"'), right


def read_tables(build):
    """For each type the lists of fields that its records can have."""
    with open(os.path.join(build, "compile_commands.json"), encoding="utf-8") as file:
        entries = json.load(file)
    local, shared, uses = {}, {}, []
    for entry in entries:
        path = os.path.relpath(os.path.join(entry["directory"], entry["file"]))
        if not path.startswith("cmd/") or not path.endswith(".c"):
            continue
        with open(path, encoding="utf-8") as file:
            text = file.read()
        if "record_field" in text:
            local[path] = tables_of(preprocessed(entry))
            for name, rows in local[path].items():
                shared.setdefault(name, []).append(rows)
        uses += [(path, *use) for use in uses_of(text)]
    found = {}
    for path, kind, expression in uses:
        for name in re.findall(r"\w+", expression):
            rows = local.get(path, {}).get(name) or (shared[name][0] if len(shared.get(name, [])) == 1 else None)
            if rows and rows not in found.setdefault(kind, []):
                found[kind].append(rows)
    for kind, (path, names) in COMPUTED.items():
        found[kind] = list(local[path].values()) if path else [shared[name][0] for name in names]
    return {kind: lists for kind, lists in found.items() if lists}


def properties_of(kind, lists):
    found = {"type": {"const": kind}, "schema": {"const": 1}}
    for rows in lists:
        for name, type_name, _ in rows:
            found.setdefault(name, KINDS[type_name])
    return found


def path_of(kind):
    return os.path.join(FOLDER, kind + ".json")


def read(kind):
    if not os.path.exists(path_of(kind)):
        return {}
    with open(path_of(kind), encoding="utf-8") as file:
        return json.load(file)


def schema_of(kind, lists, required):
    properties = properties_of(kind, lists)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"A record of type {kind}",
        "type": "object",
        "properties": properties,
        # the bytes of a text that is not UTF-8, in base64
        "patternProperties": {"_b64$": {"type": "string"}},
        "required": [name for name in properties if name in required],
        "additionalProperties": False,
    }


def documents_of(kinds):
    """The document of commands without a document of their own: one record, or an array of them."""
    record = {"$ref": "#/$defs/record"}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A document of records",
        "description": "--format json of commands without a document of an API",
        "anyOf": [record, {"type": "array", "items": record}],
        "$defs": {"record": {"anyOf": [{"$ref": f"../{kind}.json"} for kind in sorted(kinds)]}},
    }


def columns_of(tables):
    lines = {f"{kind}\t" + "\t".join(name for name, _, shown in rows if shown) for kind, lists in tables.items() for rows in lists}
    return HEAD + "\n".join(sorted(lines)) + "\n"


def main():
    tables = read_tables(sys.argv[1])
    write = "--write" in sys.argv[2:]
    failed = False
    for kind, lists in sorted(tables.items()):
        before = read(kind)
        schema = schema_of(kind, lists, before.get("required", ["type", "schema"]))
        if before != schema and write:
            with open(path_of(kind), "w", encoding="utf-8") as file:
                file.write(json.dumps(schema, indent=2) + "\n")
        elif before != schema:
            differing = sorted(set(before.get("properties", {})) ^ set(schema["properties"]))
            print(f"{path_of(kind)} differs from the table of fields: {', '.join(differing) or 'types'}")
            failed = True
    documents = json.dumps(documents_of(tables), indent=2) + "\n"
    for name, text in (("tsv.txt", columns_of(tables)), ("documents/records.json", documents)):
        path = os.path.join(FOLDER, name)
        if write:
            with open(path, "w", encoding="utf-8") as file:
                file.write(text)
        else:
            with open(path, encoding="utf-8") as file:
                if file.read() != text:
                    print(f"{path} differs from the tables of fields")
                    failed = True
    if failed:
        print("tests/lint/schemas.py BUILD-FOLDER --write brings them up to date")
    sys.exit(1 if failed or len(tables) < 50 else 0)


if __name__ == "__main__":
    main()
