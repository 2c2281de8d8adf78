#!/usr/bin/env python3
"""Validate what facectl printed against share/schema: validate.py SCHEMA-FOLDER FOLDER

FOLDER has the outputs of tests: records.ndjson, the lines of NDJSON; tsv, the headings and first rows of TSV; documents, the commands with --format json
and what they printed. Prints what the schemas do not allow. Without the Python package jsonschema only the types and the columns are compared.
"""
# SPDX-License-Identifier: MIT

import json
import os
import re
import shlex
import sys
import warnings

warnings.simplefilter("ignore")

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


# Bodies of the Azure Face API: the definitions of its description that a document, or each element of it, can follow.
AZURE = {
    "facelists": ("FaceList", "LargeFaceList", "TrainingStatus"),
    "faces": ("PersistedFace",),
    "group": ("GroupResult",),
    "identify": ("IdentifyResult",),
    "persongroups": ("PersonGroup", "LargePersonGroup", "TrainingStatus"),
    "persons": ("Person",),
    "similar": ("SimilarFace",),
    "snapshots": ("Snapshot", "OperationStatus"),
}
NOUNS = ("entries", "facelists", "faces", "gallery", "models", "origins", "persongroups", "persons", "profiles", "services", "snapshots", "spaces")
VERBS = ("api", "delete", "detect", "doctor", "erase", "eval", "group", "identify", "recognize", "set", "similar", "status", "truncate", "verify", "version")
PASSED_ON = ("vk",)  # the tests' command for a Smarty service, whose documents are not facectl's
TAKES_VALUE = ("--config", "--gallery", "--output", "-o", "--service", "--space", "-s")


def command_of(words):
    """The command of a command line: "set", "profiles-list"."""
    words = [word for before, word in zip(words, words[1:]) if before not in TAKES_VALUE]
    for index, word in enumerate(words):
        if word in VERBS:
            return word
        if word in NOUNS:
            return "-".join(words[index : index + 2])
    return None


def definitions(folder):
    """The documents of each command, and the errors, as validators: {"profiles-list": [NeuroIO's, SERP's], "error": [...]}."""
    found = {}
    for name in ("smarty", "neuroio", "serp"):
        with open(os.path.join(folder, "documents", name + ".json"), encoding="utf-8") as file:
            schema = json.load(file)
        for reference in schema["anyOf"]:
            validator = jsonschema.Draft202012Validator({**reference, "$defs": schema["$defs"]})
            found.setdefault(reference["$ref"].rsplit("/", 1)[1], []).append(validator)
    return found


def azure_definitions():
    """A validator for each definition of Microsoft's description, which the tests have only where it is beside the project."""
    path = os.path.join(os.environ.get("FACECTL_TEST_SHARED", ""), "documents", "azure-face-v1.0.json")
    if not os.path.exists(path):
        return None
    with open(path, encoding="utf-8") as file:
        known = json.load(file)["definitions"]
    return {name: jsonschema.Draft4Validator({**schema, "definitions": known}) for name, schema in known.items()}


def first_error(validator, value):
    error = next(validator.iter_errors(value), None)
    if error is None:
        return None
    for part in error.context or ():
        error = part if len(part.absolute_path) > len(error.absolute_path) else error
    return f"{'/'.join(map(str, error.absolute_path))}: {error.message[:300]}"


def without_nulls(value):
    """The description of the API has no nulls, but its examples do."""
    if isinstance(value, dict):
        return {key: without_nulls(part) for key, part in value.items() if part is not None}
    return [without_nulls(part) for part in value] if isinstance(value, list) else value


def check_azure(azure, command, document):
    for part in document if isinstance(document, list) else [document]:
        found = [first_error(azure[name], without_nulls(part)) for name in (*AZURE[command.split("-")[0]], "APIError")]
        if all(found):
            return found[0]
    return None


def check_document(found, documents, azure, words, text):
    """What is wrong with a document, or None."""
    try:
        document = json.loads(text)
    except ValueError:
        # a process that is killed may leave a part of a document
        return None if text.rstrip()[-1:] not in ("}", "]") else "this is not JSON"
    command = command_of(words)
    if command is None or command == "api" or document == [] or words[0] in PASSED_ON:
        return None
    records = document if isinstance(document, list) else [document]
    if all(isinstance(record, dict) and "schema" in record for record in records):
        return next(filter(None, (check_record(found, json.dumps(record)) for record in records)), None)
    if command.split("-")[0] in AZURE:
        return check_azure(azure, command, document) if azure else None
    errors = [first_error(validator, document) for validator in documents.get(command, []) + documents["error"]]
    return errors[0] if all(errors) else None


def check_documents(schemas, found, path, wrong):
    documents = definitions(schemas)
    azure = azure_definitions()
    with open(path, encoding="utf-8", errors="surrogateescape") as file:
        for part in set(file.read().split("\0")[:-1]):
            line, _, text = part.partition("\n")
            words = shlex.split(re.sub(r"\$'(?:[^'\\]|\\.)*'", "TEXT", line))
            problem = check_document(found, documents, azure, words, text)
            if problem:
                wrong.setdefault(f"document of {command_of(words)}: {problem}", line)


def main():
    schemas, folder = sys.argv[1:3]
    wrong = {}
    found = validators(schemas)
    path = os.path.join(folder, "records.ndjson")
    if os.path.exists(path):
        with open(path, encoding="utf-8", errors="surrogateescape") as file:
            for line in sorted(set(file)):
                problem = check_record(found, line)
                if problem:
                    wrong.setdefault(problem, line.strip())
    path = os.path.join(folder, "documents")
    if jsonschema and os.path.exists(path):
        check_documents(schemas, found, path, wrong)
    lists = columns(schemas)
    path = os.path.join(folder, "tsv")
    if os.path.exists(path):
        with open(path, encoding="utf-8", errors="surrogateescape") as file:
            lines = file.read().split("\n")
        for heading, row in sorted(set(zip(lines[0::2], lines[1::2]))):
            problem = check_table(lists, heading, row)
            if problem:
                wrong.setdefault(problem, heading)
    for problem, line in wrong.items():
        print(f"{problem}\n    in {line[:300]}")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
