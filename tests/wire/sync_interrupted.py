#!/usr/bin/env python3
"""set --sync on a service, with runs that are killed at every request, and with answers that are lost: sync_interrupted.py FACECTL

However a run ends, the next one leaves the service with the faces that the folder has, each once. The last test plays random histories of a
folder, with a kill in most runs. FACECTL_TEST_HISTORIES is their number; FACECTL_TEST_EVERY is 1 if every request is attacked.
"""
# SPDX-License-Identifier: MIT

import json
import os
import random
import shutil
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import photo
import run
import server

FACECTL = sys.argv[1]
HISTORIES = int(os.environ.get("FACECTL_TEST_HISTORIES", 3))
EVERY = int(os.environ.get("FACECTL_TEST_EVERY", 15))
MOST_REQUESTS = 80
SECTIONS = """[service "face"]
	type = azure
	url = {FAKE_URL}/face/v1.0/
	training-poll = 1ms
[service "vk"]
	type = smarty
	url = {FAKE_URL}
"""
COMMON = """	token-file = {token}
	ca-file = {FAKE_CA}
	retry-wait = 1ms
	rate-limit = 0
	jobs = {jobs}
"""


class Site:
    """A folder, the fake services, and facectl between them."""

    def __init__(self, base, world, addresses, jobs=1):
        self.base, self.world = base, world
        self.tree = os.path.join(base, "tree")
        self.home = os.path.join(base, "home")
        self.made = 0
        values = {**addresses, "token": run.write_token(base), "jobs": jobs}
        parts = SECTIONS.split("[service")[1:]
        text = "".join("[service" + part + COMMON for part in parts).format(**values)
        self.configuration = os.path.join(base, "facectl.conf")
        with open(self.configuration, "w", encoding="utf-8") as file:
            file.write(text)
        os.makedirs(self.home)

    def reset(self):
        shutil.rmtree(self.tree, ignore_errors=True)
        shutil.rmtree(self.home)
        os.makedirs(self.home)
        self.world.control("reset", None)

    def path(self, name):
        return os.path.join(self.tree, name)

    def portrait(self, name, who):
        path = self.path(name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        photo.write(path, who + "@194,76,258,167")
        with open(path, "ab") as file:
            file.write(b"\0" * 1200 + who.encode())

    def move(self, old, new):
        os.makedirs(os.path.dirname(self.path(new)), exist_ok=True)
        os.rename(self.path(old), self.path(new))

    def command(self, service):
        return [FACECTL, "--service", service, "--format", "ndjson", "set", "--space", "5", "--from", self.tree, "--sync",
                "--max-delete", "100%"]

    def start(self, service):
        environment = {"PATH": os.environ["PATH"], "HOME": self.home, "FACECTL_CONFIG": self.configuration}
        return subprocess.Popen(self.command(service), env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def sync(self, service, statuses=(0,)):
        process = self.start(service)
        out, err = process.communicate()
        if process.returncode not in statuses:
            raise AssertionError(f"status {process.returncode}: {err}")
        return [json.loads(line) for line in out.splitlines()]

    def killed_at(self, service, number, fault):
        """Kill a run at this request. False: it ended before."""
        self.world.faults.reset()
        self.world.faults.plan([""] * (number - 1) + [fault])
        process = self.start(service)
        while process.poll() is None:
            if self.world.faults.counts.get(fault):
                process.kill()
                process.communicate()
                self.world.faults.reset()
                return True
        process.communicate()
        self.world.faults.reset()
        return False

    def folder(self):
        """Who is in each folder."""
        found = {}
        for name in sorted(os.listdir(self.tree)):
            photos = sorted(os.listdir(self.path(name)))
            if photos:
                found[name] = sorted(self.who(os.path.join(name, one)) for one in photos)
        return found

    def who(self, name):
        with open(self.path(name), "rb") as file:
            return file.read().rsplit(b"\0", 1)[1].decode()

    def stored(self, service):
        if service == "vk":
            spaces = self.world.smarty.state()
            return {name: who for name, who in spaces.get("5", {"persons": {}})["persons"].items() if who}
        return self.world.azure.state().get("facectl-5", {"persons": {}})["persons"]

    def must_be_equal(self, service, what):
        folder, stored = self.folder(), self.stored(service)
        if folder != stored:
            raise AssertionError(f"{what}: the folder has {folder}, the service {stored}")
        if service == "face":
            mark = self.world.azure.state()["facectl-5"]["userData"]
            if stored and mark != "facectl: trained":
                raise AssertionError(f"{what}: the group is '{mark}'")

    def must_have(self, service, what):
        """The service has the faces of the folder, and perhaps others of the same persons."""
        folder, stored = self.folder(), self.stored(service)
        if set(folder) != set(stored) or any(set(who) - set(stored[name]) for name, who in folder.items()):
            raise AssertionError(f"{what}: the folder has {folder}, the service {stored}")

    def must_be_at_rest(self, service, what):
        before = self.world.requests
        records = self.sync(service)
        changed = [record for record in records if record["result"] != "unchanged"]
        if changed or self.world.requests != before:
            raise AssertionError(f"{what}: another run has changes: {changed}")


def begin(site, service, names):
    anna, ben, cleo, dora, eve = names
    site.reset()
    for name, who in ((anna, "a1"), (anna, "a2"), (ben, "b1"), (ben, "b2"), (cleo, "c1"), (dora, "d1"), (dora, "d2")):
        site.portrait(f"{name}/{who}.png", who)
    site.sync(service)
    os.remove(site.path(f"{cleo}/c1.png"))
    site.move(f"{dora}/d1.png", f"{eve}/d1.png")
    site.move(f"{dora}/d2.png", f"{eve}/d2.png")
    site.portrait(f"{anna}/a3.png", "a3")
    if service == "face":  # a face can move between persons who stay
        site.move(f"{anna}/a2.png", f"{ben}/a2.png")


NAMES = {"face": ("anna", "ben", "cleo", "dora", "eve"), "vk": ("1", "2", "3", "4", "5")}


def kill_everywhere(site, service, change_back):
    names = NAMES[service]
    for offset, fault in enumerate(("stall", "stall-done")):
        number = 1 + offset * (EVERY // 2)
        while True:
            begin(site, service, names)
            if not site.killed_at(service, number, fault):
                break
            what = f"{service}, killed at request {number} ({fault}){', folder changed back' if change_back else ''}"
            if change_back:
                anna, ben, cleo, dora, eve = names
                if service == "face":
                    site.move(f"{ben}/a2.png", f"{anna}/a2.png")
                site.move(f"{eve}/d1.png", f"{dora}/d1.png")
                site.move(f"{eve}/d2.png", f"{dora}/d2.png")
                os.remove(site.path(f"{anna}/a3.png"))
                site.portrait(f"{cleo}/c1.png", "c1")
            if change_back and service == "vk":
                # a photo that was sent to a person who stays cannot be removed, which is reported
                site.sync(service, (0, 3))
                site.must_have(service, what)
            else:
                site.sync(service)
                site.must_be_equal(service, what)
                site.must_be_at_rest(service, what)
            number += EVERY
            if number > MOST_REQUESTS:
                raise AssertionError("the run does not end")
        if number < (12 if service == "face" else 3):
            raise AssertionError(f"{service}: only {number} requests")


def lose_answers(site, service):
    for offset, fault in enumerate(("cut-done", "500-done", "html-done")):
        for number in range(1 + offset * (EVERY // 3), MOST_REQUESTS, EVERY):
            begin(site, service, NAMES[service])
            site.world.faults.reset()
            site.world.faults.plan([""] * (number - 1) + [fault])
            records = site.sync(service, (0, 3))
            happened = site.world.faults.counts.get(fault)
            site.world.faults.reset()
            what = f"{service}, request {number} {fault}"
            if any(record["status"] != "ok" for record in records):
                site.sync(service)
            site.must_be_equal(service, what)
            if service == "face":
                added = sorted(who for _, _, who in site.world.azure.state()["facectl-5"]["added"])
                if added != sorted(["a1", "a2", "a2", "a3", "b1", "b2", "c1", "d1", "d2"]):
                    raise AssertionError(f"{what}: added {added}")
            if not happened:
                break
            site.must_be_at_rest(service, what)


def step(site, draw):
    """One change of the folder."""
    photos = sorted(os.path.join(name, one) for name in os.listdir(site.tree) for one in os.listdir(site.path(name)))
    kind = draw.choice(["add", "add", "add", "remove", "move", "rename", "swap", "replace", "merge"])
    person = draw.choice(["anna", "ben", "cleo", "dora"])
    site.made += 1
    who = f"p{site.made}"
    if kind == "add" or len(photos) < 3:
        site.portrait(f"{person}/{who}.png", who)
    elif kind == "remove":
        os.remove(site.path(draw.choice(photos)))
    elif kind == "replace":
        site.portrait(draw.choice(photos), who)
    elif kind == "move":
        site.move(draw.choice(photos), f"{person}/{who}.png")
    elif kind == "swap":
        a, b = draw.sample(photos, 2)
        site.move(a, "swap/x")
        site.move(b, a)
        site.move("swap/x", b)
        os.rmdir(site.path("swap"))
    else:
        source = os.path.dirname(draw.choice(photos))
        target = person if kind == "merge" else f"new {site.made}"
        for name in os.listdir(site.path(source)):
            site.move(f"{source}/{name}", f"{target}/{source}{site.made}{name}")


def play(site, seed):
    """A random history: changes, runs that are killed anywhere, and at the end a run that is not."""
    draw = random.Random(seed)
    site.reset()
    site.made = 0
    os.makedirs(site.tree)
    for who in ("a", "b", "c"):
        site.portrait(f"{who}/{who}0.png", f"{who}0")
    for _ in range(8):
        for _ in range(draw.randrange(1, 4)):
            step(site, draw)
        if draw.random() < 0.7:
            site.killed_at("face", draw.randrange(1, 40), draw.choice(["stall", "stall-done"]))
        else:
            site.sync("face")
        for name in os.listdir(site.tree):
            if not os.listdir(site.path(name)):
                os.rmdir(site.path(name))
        if not os.listdir(site.tree):
            site.portrait("anna/again.png", f"again{site.made}")
    site.sync("face")
    site.must_be_equal("face", f"history {seed}")
    site.must_be_at_rest("face", f"history {seed}")


def main():
    with tempfile.TemporaryDirectory(prefix="facectl-wire-") as folder:
        world = server.World(run.TOKEN)
        addresses = run.start_servers(folder, world)
        os.makedirs(os.path.join(folder, "site"))
        site = Site(os.path.join(folder, "site"), world, addresses)
        for service in ("face", "vk"):
            for change_back in (False, True):
                kill_everywhere(site, service, change_back)
            lose_answers(site, service)
        for seed in range(HISTORIES):
            play(site, seed)
        if world.violations:
            raise AssertionError(f"violations: {world.violations}")


if __name__ == "__main__":
    main()
