"""Compare requests and responses with an API description (OpenAPI 2): path, query, headers and body.

The whole description of the Face API is used if it lies beside the sources; else the excerpt in azure-face-excerpt.json, which holds the
operations of spaces. Operations outside of the excerpt are then not checked.
"""
# SPDX-License-Identifier: MIT

import json
import os
import re
import urllib.parse

from multipart import Violation

HERE = os.path.dirname(os.path.abspath(__file__))
WHOLE = os.path.join(HERE, "..", "..", "..", "..", "shared", "documents", "azure-face-v1.0.json")
EXCERPT = os.path.join(HERE, "azure-face-excerpt.json")

UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


def require(condition, words):
    if not condition:
        raise Violation(words)


class Operation:
    def __init__(self, method, path, description):
        self.method = method.upper()
        self.path = path.partition("?")[0]
        self.streams = "overload=stream" in path
        self.person = "overload=person" in path
        self.name = description["operationId"]
        self.pattern = re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", self.path))
        self.parameters = description.get("parameters", [])
        self.responses = description.get("responses", {})


class Contract:
    def __init__(self):
        self.is_whole = os.path.exists(WHOLE)
        with open(WHOLE if self.is_whole else EXCERPT, encoding="utf-8") as file:
            self.description = json.load(file)
        self.operations = [
            Operation(method, path, description)
            for part in ("paths", "x-ms-paths")
            for path, methods in self.description.get(part, {}).items()
            for method, description in methods.items()
        ]

    def resolve(self, schema):
        """A schema or parameter without references; those into the file of common parameters are known by their names."""
        reference = schema.get("$ref")
        if not reference:
            return schema
        where, _, name = reference.partition("#/")
        if where:
            return {"common": name.rsplit("/", 1)[-1]}
        target = self.description
        for step in name.split("/"):
            target = target[step]
        return self.resolve(target)

    def check(self, method, path, query, headers, body):
        """The operation; None if the excerpt lacks it. Raises Violation."""
        streams = headers.get("content-type", "").startswith("application/octet-stream")
        for operation in self.operations:
            match = operation.pattern.fullmatch(path)
            overload = self.is_overload(operation, body)
            if match and operation.method == method and operation.streams == streams and not overload:
                found = {name: urllib.parse.unquote(value) for name, value in match.groupdict().items()}
                self.check_parameters(operation, found, query, headers, body)
                return operation
        require(not self.is_whole, f"{method} {path} is no operation")
        return None

    def is_overload(self, operation, body):
        """verify compares two faces or a face and a person: the description has an operation for each."""
        return operation.path == "/verify" and operation.person != (b'"personId"' in body)

    def check_response(self, operation, status, headers, text):
        """Compare a successful response with its schema."""
        if not self.is_whole:
            return
        require(str(status) in operation.responses, f"{operation.name} answers with {status}")
        description = operation.responses[str(status)]
        require(bool(text) == ("schema" in description), f"{operation.name} with the body '{text[:50]}'")
        for name in description.get("headers", {}):
            require(name in headers, f"{operation.name} answers without {name}")
        if text:
            self.check_value(operation.name, json.loads(text), description["schema"], is_response=True)

    def check_parameters(self, operation, found, query, headers, body):
        pairs = urllib.parse.parse_qsl(query, keep_blank_values=True, strict_parsing=True) if query else []
        given = dict(pairs)
        require(len(given) == len(pairs), "a query parameter twice")
        wants_body = False
        for parameter in map(self.resolve, operation.parameters):
            kind = parameter.get("in") or parameter["common"]
            if kind == "path":
                self.check_text(parameter["name"], found[parameter["name"]], parameter)
            elif kind == "query":
                text = given.pop(parameter["name"], None)
                require(text is not None or not parameter.get("required"), f"no {parameter['name']}")
                if text is not None:
                    self.check_text(parameter["name"], text, parameter)
            elif kind == "body":
                wants_body = True
                require(headers.get("content-type", "").startswith("application/json"), "a body that is no JSON")
                self.check_value("body", json.loads(body), parameter["schema"])
            elif kind == "ImageUrl":
                wants_body = True
                order = json.loads(body)
                require(set(order) == {"url"} and isinstance(order["url"], str), "a body without the URL of an image")
            elif kind == "ImageStream":
                wants_body = True
                require(len(body) > 0, "no image")
        require(not given, f"query parameters {sorted(given)}")
        require(wants_body or not body, "a body where none is wanted")

    def check_text(self, name, text, rules):
        """A value out of a path or a query."""
        kind = rules["type"]
        if kind == "boolean":
            require(text in ("true", "false"), f"{name}={text}")
        elif kind == "integer":
            require(re.fullmatch(r"-?\d+", text), f"{name}={text}")
            self.check_value(name, int(text), rules)
        elif kind == "array":
            items = text.split(",")
            rule = self.resolve(rules["items"])
            for item in items:
                self.check_text(name, item, rule)
            require(len(items) <= rule.get("maxItems", len(items)), f"{name} has {len(items)} items")
            require(len(items) >= rule.get("minItems", 1), f"{name} has {len(items)} items")
        else:
            self.check_value(name, text, rules)

    def check_value(self, name, value, schema, is_response=False):
        schema = self.resolve(schema)
        kind = schema.get("type")
        if kind == "object" or "properties" in schema:
            self.check_object(name, value, schema, is_response)
        elif kind == "array":
            require(isinstance(value, list), f"{name} is no list")
            require(schema.get("minItems", 0) <= len(value) <= schema.get("maxItems", len(value)), f"{name} is too long")
            for item in value:
                self.check_value(name, item, schema["items"], is_response)
        elif kind in ("integer", "number"):
            require(isinstance(value, int if kind == "integer" else (int, float)), f"{name} is no {kind}")
            require(not isinstance(value, bool), f"{name} is no {kind}")
            require(schema.get("minimum", value) <= value <= schema.get("maximum", value), f"{name}={value}")
        elif kind == "string":
            require(isinstance(value, str), f"{name} is no text")
            require(schema.get("minLength", 0) <= len(value) <= schema.get("maxLength", len(value)), f"{name} is too long")
            require(re.search(schema.get("pattern", ""), value), f"{name}={value}")
            require(value in schema.get("enum", [value]), f"{name}={value}")
            require(schema.get("format") != "uuid" or UUID.fullmatch(value), f"{name}={value}")

    def members(self, schema):
        """What an object may hold, and what it must."""
        allowed, required = dict(schema.get("properties", {})), set(schema.get("required", []))
        for part in map(self.resolve, schema.get("allOf", [])):
            more, must = self.members(part)
            allowed.update(more)
            required |= must
        return allowed, required

    def check_object(self, name, value, schema, is_response):
        require(isinstance(value, dict), f"{name} is no object")
        allowed, required = self.members(schema)
        require(required <= set(value), f"{name} lacks {sorted(required - set(value))}")
        require(set(value) <= set(allowed), f"{name} has {sorted(set(value) - set(allowed))}")
        for member, item in value.items():
            # the service answers with null for some members that are absent, and spells a state as the text of the description does
            if not is_response or (item is not None and item != "notstarted"):
                self.check_value(member, item, allowed[member], is_response)
