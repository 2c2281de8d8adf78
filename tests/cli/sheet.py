#!/usr/bin/env python3
"""Check a contact sheet: sheet.py FILE COUNT [TEXT...]

The page is well-formed, loads nothing from elsewhere, has COUNT faces, each with a picture that a screen reader can name, and the texts.
"""
import base64
import hashlib
import html.parser
import re
import sys

VOID = {"meta", "img", "input", "br"}
ALLOWED = {"html", "head", "meta", "title", "style", "body", "header", "h1", "h2", "small", "p", "form", "label", "input", "select",
           "option", "output", "main", "section", "ul", "li", "img", "span", "div", "i", "b", "a", "bdi", "code", "footer", "script"}


class Page(html.parser.HTMLParser):
    def __init__(self):
        super().__init__()
        self.open, self.count, self.ids, self.texts, self.script, self.policy = [], {}, set(), [], "", ""

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        assert tag in ALLOWED, tag
        self.count[tag] = self.count.get(tag, 0) + 1
        for name, value in attributes.items():
            assert not name.startswith("on"), f"{tag} has the handler {name}"
            if name == "src":
                kind, data = value.split(",", 1)
                assert kind in ("data:image/jpeg;base64", "data:image/png;base64"), kind
                start = base64.b64decode(data, validate=True)[:4]
                assert start in (b"\xff\xd8\xff\xe0", b"\x89PNG"), start
            if name == "href":
                assert value.startswith("file:///"), value
                assert re.fullmatch(r"[A-Za-z0-9/._~%:-]+", value), value
            if name == "id":
                assert value not in self.ids, value
                self.ids.add(value)
        if tag == "img":
            assert attributes["alt"], "a picture without a text"
        if tag == "section":
            self.label = attributes["aria-labelledby"]
        if tag == "h2":
            assert attributes["id"] == self.label
        if attributes.get("http-equiv") == "Content-Security-Policy":
            self.policy = attributes["content"]
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag, tag

    def handle_data(self, data):
        if self.open and self.open[-1] == "script":
            self.script += data
        elif self.open and self.open[-1] != "style":
            self.texts.append(data)


def main():
    path, count, wanted = sys.argv[1], int(sys.argv[2]), sys.argv[3:]
    with open(path, encoding="utf-8") as file:
        text = file.read()
    page = Page()
    page.feed(text)
    page.close()
    assert not page.open, page.open
    assert text.startswith("<!DOCTYPE html>") and '<html lang="en">' in text
    digest = base64.b64encode(hashlib.sha256(page.script.encode()).digest()).decode()
    assert f"script-src 'sha256-{digest}'" in page.policy and "default-src 'none'" in page.policy, page.policy
    assert page.count.get("li", 0) == count, f"{page.count.get('li', 0)} faces instead of {count}"
    assert page.count.get("h1") == 1
    assert not re.search(r"https?://", text), "an address of the network"
    assert "prefers-color-scheme:dark" in text and "@media print" in text
    shown = " ".join("".join(page.texts).split())
    for text in wanted:
        assert text in shown, f"'{text}' is not on the page"


main()
