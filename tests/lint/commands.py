#!/usr/bin/env python3
"""Every command line in the manuals, in the README and in messages is one that facectl accepts: commands.py FACECTL

Each line is parsed by the program itself: with -h it only checks the command, the options and their values, and prints help. Configurations and
JSON documents in the manuals are read too.
"""
# SPDX-License-Identifier: MIT

import glob
import json
import os
import re
import shlex
import subprocess
import sys
import tempfile

TEXTS = sorted(glob.glob("man/*.scd")) + ["README.md"] + sorted(glob.glob("docs/*.md"))
SOURCES = sorted(glob.glob("cmd/**/*.c", recursive=True) + glob.glob("lib/**/*.c", recursive=True))
BREAKS = {"|", "||", "&&", ";", "do", "done", "then", "fi", "&", "(", ")"}


def blocks(path):
    """The literal blocks of a page: between lines of three backquotes, and indented lines of Markdown."""
    with open(path, encoding="utf-8") as file:
        text = file.read()
    found = re.findall(r"^```[a-z]*\n(.*?)^```", text, re.M | re.S)
    if path.endswith(".md"):
        found += ["\n".join(line.strip() for line in part.split("\n")) for part in re.findall(r"(?:^ {4}\S.*\n)+", text, re.M)]
    # whole commands in the text, which has placeholders as _NAME_
    return found + re.findall(r"`(facectl [a-z][^`]*)`" if path == "README.md" else r"\*(facectl [a-z][^*_]*)\*", text)


def commands_of(line):
    """The facectl commands of a line of shell, as lists of words."""
    # what the shell or parallel(1) replaces, and what a reader may leave out
    line = re.sub(r"\$\([^()]*\)|`[^`]*`|\$\{[^}]*\}|\{/?\}", "1", line.removeprefix("$ "))
    line = re.sub(r"\[(-[^\]]*)\]", r"\1", line)
    try:
        lexer = shlex.shlex(line, posix=True, punctuation_chars="|&;()<>")
        lexer.whitespace_split = True
        lexer.commenters = "#"
        words = list(lexer)
    except ValueError:
        return
    command = None
    skip = False
    for word in [*words, ";"]:
        if word in BREAKS or set(word) <= set("|&;()"):
            if command:
                yield command
            command = None
        elif set(word) <= set("<>&"):
            skip = True
        elif skip:
            skip = False
        elif command is not None:
            command.append(word)
        elif word == "facectl":
            command = []


def in_texts():
    for path in TEXTS:
        for block in blocks(path):
            for line in re.sub(r"\\\n", " ", block).split("\n"):
                for words in commands_of(line):
                    yield path, words


def in_sources():
    """Hints in messages: 'facectl ...' between single quotes in strings, which may be continued on the next line."""
    for path in SOURCES:
        with open(path, encoding="utf-8") as file:
            text = re.sub(r'"\s*\n\s*"', "", file.read())
        text = re.sub(r"/\*.*?\*/", "", text, flags=re.S)
        for string in re.findall(r'"((?:[^"\\\n]|\\.)*)"', text):
            for hint in re.findall(r"'facectl ([^']+)'", string) + re.findall(r"^facectl ([a-z].*[a-z])$", string):
                words = re.sub(r"%[.*]*s", "name", re.sub(r"%\d*l*[ud]", "1", hint)).split()
                if words[0] not in ("name", "COMMAND"):  # any command
                    yield path, words


def is_accepted(facectl, words, home):
    """What facectl says of the line, or None if it accepts it."""
    words = ["1" if word == "N" else word for word in words]
    done = subprocess.run([facectl, "-h", *words], env={"HOME": home}, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    # the text mentions options without their values
    is_open = words[-1].startswith("--") and " needs a value: " in done.stderr
    return None if is_open or (done.returncode == 0 and done.stdout.startswith("usage: ")) else done.stderr.strip() or done.stdout.strip()


def documents(facectl, home):
    """Problems of the configurations and the JSON documents in the manuals."""
    for path in TEXTS:
        for block in blocks(path):
            if block.startswith("[") and re.match(r'\[[a-z]+( "[^"]+")?\]\n', block):
                config = os.path.join(home, "example.conf")
                with open(config, "w", encoding="utf-8") as file:
                    file.write(block)
                done = subprocess.run([facectl, "--config", config, "config", "list"], env={"HOME": home}, capture_output=True, text=True, check=False)
                if done.returncode or done.stderr:
                    yield path, done.stderr.strip()
            elif block.startswith("{") and "..." not in block.replace('"..."', ""):
                for line in [block] if "\n}" in block else block.strip().split("\n"):
                    try:
                        json.loads(f"[{line}]")
                    except ValueError as error:
                        yield path, f"{error}: {line[:60]}"


def main():
    facectl = os.path.abspath(sys.argv[1])
    failed = False
    count = 0
    with tempfile.TemporaryDirectory() as home:
        for path, words in [*in_texts(), *in_sources()]:
            count += 1
            problem = is_accepted(facectl, words, home)
            if problem:
                print(f"{path}: 'facectl {' '.join(words)}' is not accepted: {problem}")
                failed = True
        for path, problem in documents(facectl, home):
            print(f"{path}: {problem}")
            failed = True
    if count < 100:
        print(f"only {count} command lines were found")
        failed = True
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
