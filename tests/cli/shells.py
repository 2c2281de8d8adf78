#!/usr/bin/env python3
"""Type a text and a tab into a shell on a terminal: shells.py bash|zsh|fish SCRIPT TEXT WANTED...

SCRIPT is the completion of the shell. Exits with 0 as soon as the shell shows every wanted text, and with 1 if it does not within a minute.
"""
# SPDX-License-Identifier: MIT

import os
import pty
import re
import select
import sys
import time

START = {
    "bash": (["bash", "--norc", "--noprofile", "-i"], "PS1='$ '; bind 'set show-all-if-ambiguous on'; bind 'set bell-style none'; bind 'set "
             "page-completions off'; bind 'set enable-bracketed-paste off'; source '{script}'\n"),
    "zsh": (["zsh", "-f", "-i"], "PS1='$ '; unsetopt zle_bracketed_paste 2>/dev/null; unset zle_bracketed_paste; autoload -U compinit; compinit -u -D; "
            "source '{script}'\n"),
    "fish": (["fish", "--no-config", "-i"], "function fish_prompt; echo '$ '; end; set fish_greeting; set -g fish_autosuggestion_enabled 0; source '{script}'\n"),
}


LONGEST = 60  # seconds to wait for a text


def plain(text):
    text = re.sub(rb"\x1b\[[0-9;?]*[a-zA-Z]|\x1b[()][A-Z0-9]|\x1b[=>]|\x1b\][^\x07]*\x07", b"", text)
    return text.decode(errors="replace").replace("\r", "\n")


def until(terminal, wanted):
    """Read until every wanted text has appeared. Returns what was shown, and whether it did."""
    text = b""
    end = time.monotonic() + LONGEST
    while time.monotonic() < end:
        words = re.sub(r"\s+", " ", plain(text))
        if all(word in words for word in wanted):
            return words, True
        if not select.select([terminal], [], [], 1)[0]:
            continue
        try:
            block = os.read(terminal, 65536)
        except OSError:
            break
        # fish asks for the terminal's attributes and waits for the answer
        if b"\x1b[c" in block or b"\x1b[0c" in block:
            os.write(terminal, b"\x1b[?62;c")
        text += block
    return plain(text), False


def main():
    shell, script, text, wanted = sys.argv[1], sys.argv[2], sys.argv[3], sys.argv[4:]
    command, start = START[shell]
    os.environ.update(TERM="xterm", COLUMNS="200", LINES="60", PAGER="cat")
    program, terminal = pty.fork()
    if program == 0:
        os.execvp(command[0], command)
    os.write(terminal, start.format(script=script).encode() + b"echo rea''dy\n")
    until(terminal, ["ready"])
    # once more, on a prompt that the settings apply to
    os.write(terminal, b"echo agai''n\n")
    until(terminal, ["again"])
    os.write(terminal, text.encode() + b"\t")
    screen, found = until(terminal, wanted)
    os.kill(program, 9)
    os.close(terminal)
    os.waitpid(program, 0)
    if not found:
        print(f"{shell}: {text!r} is not completed to {wanted} but shows: {screen}")
    sys.exit(0 if found else 1)


if __name__ == "__main__":
    main()
