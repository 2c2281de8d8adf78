#!/usr/bin/env python3
"""The schemas reject records that differ from the contract: schemas.py SCHEMA-FOLDER

For each schema a record with every property is made. It is valid; a record without a required property, with a renamed property or with a property of
another type is not.
"""
# SPDX-License-Identifier: MIT

import json
import os
import sys

try:
    import jsonschema
except ImportError:
    print("the Python package jsonschema is missing")
    sys.exit(77)


def sample(schema):
    """A value that the schema of a property allows."""
    if "const" in schema:
        return schema["const"]
    if "enum" in schema:
        return schema["enum"][0]
    if "anyOf" in schema:
        return sample(schema["anyOf"][0])
    if schema["type"] == "array":
        return [sample(schema.get("items", {"type": "string"}))] * schema.get("minItems", 1)
    if schema["type"] == "object":
        return {name: sample(part) for name, part in schema.get("properties", {}).items()}
    texts = {"^[0-9a-f]{64}$": "0" * 64, "^[0-9]{4}": "2026-11-29T14:00:00.5Z", "^[0-9a-f]{8}-": "0" * 8 + "-0000-0000-0000-" + "0" * 12}
    text = next((text for start, text in texts.items() if schema.get("pattern", "").startswith(start)), "text")
    return {"string": text, "integer": 1, "number": 0.5, "boolean": True}[schema["type"]]


def other(value):
    """A value of another type."""
    return 1.5 if isinstance(value, str) else "text" if not isinstance(value, list) else {"text": 1}


def problems(name, schema):
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    record = {key: sample(part) for key, part in schema["properties"].items()}
    if not validator.is_valid(record):
        yield f"{name}: a record with every property is refused: {next(validator.iter_errors(record)).message}"
    for key in schema["required"]:
        if validator.is_valid({k: v for k, v in record.items() if k != key}):
            yield f"{name}: a record without {key} is accepted"
    for key, value in record.items():
        renamed = {k + "x" if k == key else k: v for k, v in record.items()}
        if validator.is_valid(renamed):
            yield f"{name}: a record with {key}x instead of {key} is accepted"
        if validator.is_valid({**record, key: other(value)}):
            yield f"{name}: a record whose {key} has another type is accepted"


def main():
    folder = sys.argv[1]
    names = sorted(name for name in os.listdir(folder) if name.endswith(".json"))
    found = []
    for name in names:
        with open(os.path.join(folder, name), encoding="utf-8") as file:
            found += problems(name, json.load(file))
    print("\n".join(found))
    sys.exit(1 if found or len(names) < 50 else 0)


if __name__ == "__main__":
    main()
