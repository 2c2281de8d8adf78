#!/usr/bin/env python3
"""Validate answers by the description of the Azure Face API: azure_schema.py DESCRIPTION LOG. Each line of LOG is METHOD, PATH, STATUS and
BODY, separated by tabs."""
import json
import re
import sys
import warnings

warnings.simplefilter("ignore")
import jsonschema  # noqa: E402


def operation_of(description, method, path):
    for pattern, methods in description["paths"].items():
        regex = "^" + re.sub(r"\\\{[^}]*\\\}", "[^/]+", re.escape(pattern)) + "$"
        if re.match(regex, "/" + path, re.IGNORECASE) and method.lower() in methods:
            return methods[method.lower()]
    return None


def without_nulls(value):
    """The description has no nulls, but the service and the examples of the description do."""
    if isinstance(value, dict):
        return {k: without_nulls(v) for k, v in value.items() if v is not None}
    if isinstance(value, list):
        return [without_nulls(v) for v in value]
    return value


def problem_of(description, method, path, status, body):
    operation = operation_of(description, method, path)
    if operation is None:
        return None if status in ("404", "405") else "it is not in the description"
    responses = operation["responses"]
    if int(status) < 300 and status not in responses:
        return f"status {status} is not in the description"
    schema = responses.get(status, responses.get("default", {})).get("schema")
    if schema is None:
        return "there should be no body" if body else None
    try:
        jsonschema.validate(
            without_nulls(json.loads(body)),
            dict(schema, definitions=description["definitions"]),
            format_checker=jsonschema.FormatChecker(["uuid", "date-time"]),
        )
    except (ValueError, jsonschema.ValidationError) as error:
        return str(error)
    return None


def main():
    with open(sys.argv[1], encoding="utf-8") as stream:
        description = json.load(stream)
    failed = 0
    with open(sys.argv[2], encoding="utf-8") as stream:
        for line in stream:
            answer = line.rstrip("\n").split("\t", 3)
            problem = problem_of(description, *answer)
            if problem:
                failed = 1
                print(f"{answer[0]} {answer[1]}: {problem}")
    return failed


sys.exit(main())
