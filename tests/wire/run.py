#!/usr/bin/env python3
"""Run a test program against the fake services, and judge what it left behind.

Usage: run.py PROGRAM...

The program finds the addresses in its environment (FAKE_URL and the like). Besides its own verdict this one counts: the fake
saw no violation of a protocol, nobody followed a redirect, and the token turned up neither in what the program printed nor in
its arguments.
"""
# SPDX-License-Identifier: MIT

import os
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "fake"))

import certificates
import photos
import server

# What no output may hold: a token that percent-encoding changes.
TOKEN = "canary+b313737363830/Zm9vYmFy=="


def start_servers(folder, world):
    made = certificates.make_all(folder)
    environment = {"FAKE_CA": made["authority"]}
    stranger = server.Server(world, "127.0.0.2", server.Stranger).start()
    for name in ("good", "wrong-host", "expired", "self-signed"):
        listening = server.Server(world, certificate=made[name]).start()
        listening.elsewhere = stranger.url
        environment["FAKE_URL" if name == "good" else "FAKE_URL_" + name.upper().replace("-", "_")] = listening.url
    environment["FAKE_URL_OLD_TLS"] = server.Server(world, certificate=made["good"], old_tls=True).start().url
    plain = server.Server(world).start()
    plain.elsewhere = stranger.url
    environment["FAKE_URL_HTTP"] = plain.url
    return environment


def write_token(folder):
    path = os.path.join(folder, "token")
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
        file.write(TOKEN + "\nsecond line\n")
    return path


def shows_token(data):
    return any(secret.encode() in data for secret in (TOKEN, TOKEN.replace("+", "%2B"), TOKEN[:20]))


def main():
    with tempfile.TemporaryDirectory(prefix="facectl-wire-") as folder:
        photos.folder = folder
        world = server.World(TOKEN)
        environment = {**os.environ, **start_servers(folder, world), "FAKE_TOKEN_FILE": write_token(folder), "FAKE_FOLDER": folder}
        program = subprocess.Popen(sys.argv[1:], env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        with open(f"/proc/{program.pid}/cmdline", "rb") as file:
            arguments = file.read()
        output = program.communicate()[0]
        if shows_token(output) or shows_token(arguments):
            print("the token shows in the program's output or arguments")
            return 1
        sys.stdout.buffer.write(output)
        for violation in world.violations:
            print("violation:", violation)
        if world.strangers:
            print("somebody followed a redirect")
        return 1 if world.violations or world.strangers else program.returncode


if __name__ == "__main__":
    sys.exit(main())
