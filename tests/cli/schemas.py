#!/usr/bin/env python3
"""The schemas reject records that differ from the contract: schemas.py SCHEMA-FOLDER

For each schema of a record and each definition of a document a value with every property is made. It is valid; one without a required property, with a
renamed property or with a property of another type is not, at any depth.
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

import validate  # noqa: E402


def resolve(schema, defs):
    while "$ref" in schema:
        schema = defs[schema["$ref"].rsplit("/", 1)[1]]
    return schema


def sample(schema, defs):
    """A value that the schema of a property allows."""
    schema = resolve(schema, defs)
    if "const" in schema:
        return schema["const"]
    if "enum" in schema:
        return schema["enum"][0]
    if "anyOf" in schema:
        return sample(schema["anyOf"][0], defs)
    kind = schema["type"] if isinstance(schema["type"], str) else schema["type"][0]
    if kind == "array":
        return [sample(schema.get("items", {"type": "string"}), defs)] * schema.get("minItems", 1)
    if kind == "object":
        return {name: sample(part, defs) for name, part in schema.get("properties", {}).items()}
    texts = {"^[0-9a-f]{64}$": "0" * 64, "^[0-9]{4}": "2026-11-29T14:00:00.5Z", "^[0-9a-f]{8}-": "0" * 8 + "-0000-0000-0000-" + "0" * 12}
    text = next((text for start, text in texts.items() if schema.get("pattern", "").startswith(start)), "text")
    text = text.replace("Z", "+00:00") if "00:00" in schema.get("pattern", "") else text
    return {"string": text, "integer": 1, "number": 0.5, "boolean": True}[kind]


def other(value):
    """A value of another type."""
    return 1.5 if isinstance(value, str) else "text" if not isinstance(value, list) else {"text": 1}


def changes(schema, value, defs):
    """Pairs of a description and a value that differs in one property of an object, at any depth."""
    schema = resolve(schema, defs)
    if "anyOf" in schema:
        schema = resolve(schema["anyOf"][0], defs)
    if isinstance(value, list) and value and "items" in schema:
        for what, changed in changes(schema["items"], value[0], defs):
            yield what, [changed, *value[1:]]
    if not isinstance(value, dict) or "properties" not in schema:
        return
    for key in schema.get("required", ()):
        yield f"without {key}", {k: v for k, v in value.items() if k != key}
    for key, part in value.items():
        yield f"with {key}x instead of {key}", {k + "x" if k == key else k: v for k, v in value.items()}
        yield f"whose {key} has another type", {**value, key: other(part)}
        for what, changed in changes(schema["properties"][key], part, defs):
            yield f"{what} in {key}", {**value, key: changed}


def problems(name, schema, defs):
    validator = jsonschema.Draft202012Validator({**schema, "$defs": defs})
    # each alternative on its own
    for alternative in resolve(schema, defs).get("anyOf", [schema]):
        value = sample(alternative, defs)
        if not validator.is_valid(value):
            yield f"{name}: a value with every property is refused: {next(validator.iter_errors(value)).message}"
        for what, changed in changes(alternative, value, defs):
            if validator.is_valid(changed):
                yield f"{name}: a value {what} is accepted"


def read(*path):
    with open(os.path.join(*path), encoding="utf-8") as file:
        schema = json.load(file)
    jsonschema.Draft202012Validator.check_schema(schema)
    return schema


def unnoticed(folder):
    """Documents that the suites would not notice."""
    found, documents = validate.validators(folder), validate.definitions(folder)
    page = '{"count": 0, "next": null, "previous": null, "results": []}'
    for words, text, valid in (
        ("facectl -s set profiles list", page, True),
        ("facectl profiles list", page.replace("next", "nextx"), False),
        ("facectl --gallery gallery profiles show 1", page, False),
        ("facectl -s 5 truncate", '{"status": 200, "body": {}, "htmlencoded": false, "last_modified": 0}', True),
        ("facectl set -s 5 a.jpg", '{"status": 200, "body": {}, "htmlencoded": false, "last_modified": 0}', False),
        ("facectl origins delete a", '[{"type": "origin_delete", "schema": 2}]', False),
    ):
        if (validate.check_document(found, documents, None, words.split(), text) is None) != valid:
            yield f"{words}: {text} is {'refused' if valid else 'accepted'}"


def main():
    folder = sys.argv[1]
    names = sorted(name for name in os.listdir(folder) if name.endswith(".json"))
    found = []
    for name in names:
        found += problems(name, read(folder, name), {})
    documents = 0
    for name in ("neuroio", "serp", "smarty"):
        schema = read(folder, "documents", name + ".json")
        for reference in schema["anyOf"]:
            documents += 1
            found += problems(f"{name} {reference['$ref']}", reference, schema["$defs"])
    found += unnoticed(folder)
    print("\n".join(found))
    sys.exit(1 if found or len(names) < 50 or documents < 20 else 0)


if __name__ == "__main__":
    main()
