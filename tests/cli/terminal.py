#!/usr/bin/env python3
"""Run a command on a terminal of its own: terminal.py COLUMNS ANSWER COMMAND...

ANSWER is typed once the command has printed a question mark; "" types nothing. Prints what the terminal shows as it comes, and ends with the
command's exit status.
"""
# SPDX-License-Identifier: MIT

import fcntl
import os
import pty
import struct
import sys
import termios


def main():
    columns, answer, command = int(sys.argv[1]), sys.argv[2], sys.argv[3:]
    program, terminal = pty.fork()
    if program == 0:
        fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
        os.execvp(command[0], command)
    shown = b""
    while True:
        try:
            block = os.read(terminal, 65536)
        except OSError:
            break
        if not block:
            break
        shown += block
        os.write(1, block)
        if answer and b"?" in shown:
            os.write(terminal, answer.encode() + b"\n")
            answer = ""
    sys.exit(os.waitstatus_to_exitcode(os.waitpid(program, 0)[1]))


if __name__ == "__main__":
    main()
