"""
A year in the life of a folder: photos are added, moved, renamed, swapped, changed and removed, and after each change set --sync is killed
and run again. At the end the gallery must hold the same faces as a fresh enrolment of the folder.
"""
import json
import os
import shutil
import subprocess
import time

PEOPLE = 7
POSES = 3
CHANGES = 5
# Attributes are not compared, and estimating them takes most of the time.
SET = ("--attribute-model", "none", "set", "--space", "s", "--from")
SYNC = ("--sync", "--max-delete", "100%")


class Folder:
    """A folder of each person in `root`, with photos of a pool. No photo is in the folder twice."""

    def __init__(self, root, pool, without_face, randomness):
        self.root = root
        self.pool = pool
        self.without_face = without_face
        self.random = randomness
        self.used = {}  # path: photo of the pool
        self.names = 0
        os.mkdir(root)

    def people(self):
        return sorted({os.path.dirname(path) for path in self.used})

    def photos(self, person=None):
        return sorted(path for path in self.used if person in (None, os.path.dirname(path)))

    def new_name(self, start):
        self.names += 1
        return f"{start}{self.names}"

    def put(self, path, photo):
        os.makedirs(os.path.join(self.root, os.path.dirname(path)), exist_ok=True)
        shutil.copyfile(photo, os.path.join(self.root, path))
        self.used[path] = photo

    def rename(self, before, after):
        os.makedirs(os.path.join(self.root, os.path.dirname(after)), exist_ok=True)
        os.rename(os.path.join(self.root, before), os.path.join(self.root, after))
        self.used[after] = self.used.pop(before)
        if not self.photos(os.path.dirname(before)):
            os.rmdir(os.path.join(self.root, os.path.dirname(before)))

    def any_photo(self):
        return self.random.choice(self.photos())

    def any_person(self):
        return self.random.choice(self.people())

    def unused(self):
        return self.random.choice(sorted(set(self.pool) - set(self.used.values())))

    # ---- the changes ----

    def add(self):
        person = self.random.choice([*self.people(), self.new_name("person ")])
        self.put(f"{person}/{self.new_name('new')}.jpg", self.unused())

    def move(self):
        self.rename(self.any_photo(), f"{self.any_person()}/{self.new_name('moved')}.jpg")

    def rename_person(self):
        before = self.any_person()
        after = self.new_name("renamed ")
        for path in self.photos(before):
            self.rename(path, f"{after}/{os.path.basename(path)}")

    def rename_in_turn(self):
        """1 becomes 2, 2 becomes 3, ..."""
        names = self.photos(self.any_person())
        for before, after in reversed(list(zip(names, [*names[1:], f"{os.path.dirname(names[0])}/z.jpg"]))):
            if after not in self.used:
                self.rename(before, after)

    def swap(self):
        one, two = self.any_photo(), self.any_photo()
        one_photo, two_photo = self.used[one], self.used[two]
        self.put(one, two_photo)
        self.put(two, one_photo)

    def swap_people(self):
        one, two = self.any_person(), self.any_person()
        if one != two:
            for path in self.photos(one):
                self.rename(path, f"aside/{os.path.basename(path)}")
            for path in self.photos(two):
                self.rename(path, f"{one}/{os.path.basename(path)}")
            for path in self.photos("aside"):
                self.rename(path, f"{two}/{os.path.basename(path)}")

    def change(self):
        self.put(self.any_photo(), self.unused())

    def overwrite(self):
        """One photo takes the place of another, which is gone."""
        one, two = self.any_photo(), self.any_photo()
        if one != two:
            del self.used[two]
            self.rename(one, two)

    def spoil(self):
        """The file has a photo without a face now."""
        self.put(self.any_photo(), self.without_face)

    def remove(self):
        path = self.any_photo()
        if len(self.used) > 3:
            os.unlink(os.path.join(self.root, path))
            del self.used[path]
            if not self.photos(os.path.dirname(path)):
                os.rmdir(os.path.join(self.root, os.path.dirname(path)))

    def merge(self):
        target = self.any_person()
        for path in self.photos(self.any_person()):
            if os.path.dirname(path) != target:
                self.rename(path, f"{target}/{self.new_name('merged')}.jpg")

    def split(self):
        other = self.new_name("split ")
        for path in self.photos(self.any_person())[::2]:
            self.rename(path, f"{other}/{os.path.basename(path)}")


ALL_CHANGES = (
    Folder.add, Folder.move, Folder.rename_person, Folder.rename_in_turn, Folder.swap, Folder.swap_people, Folder.change, Folder.overwrite,
    Folder.spoil, Folder.remove, Folder.merge, Folder.split,
)


def draw_pool(campaign, draw_faces):
    """The photos with a face, and one without."""
    cast = subprocess.run([draw_faces, "--cast"], stdout=subprocess.PIPE, check=True, text=True).stdout.split()[:PEOPLE]
    os.mkdir(campaign.path("pool"))
    pool = []
    for name in cast:
        for pose in range(POSES):
            path = campaign.path(f"pool/{name}-{pose}.jpg")
            subprocess.run([draw_faces, path, name, str(pose)], check=True)
            pool.append(path)
    without_face = campaign.path("noise.jpg")
    subprocess.run([draw_faces, "--noise", "300x300", without_face], check=True)
    return pool, without_face


def faces_of(campaign, gallery):
    """(person, photo, template) of each face, and the names of all persons."""
    status, output, message = campaign.run(gallery, "gallery", "export", "--space", "s")
    if status != 0:
        raise SystemExit(f"year: export: status {status}: {message}")
    names, faces = {}, []
    for line in output.splitlines():
        record = json.loads(line)
        if record["type"] == "person":
            names[record["pid"]] = record["name"]
        elif record["type"] == "face":
            faces.append((names[record["pid"]], record["sha256"], record["template"]))
    return sorted(faces), sorted(names.values())


def kill_at(campaign, gallery, root, moment):
    process = campaign.start(gallery, *SET, root, *SYNC)
    time.sleep(moment)
    process.kill()
    process.communicate(timeout=60)
    campaign.counts["killed" if process.returncode == -9 else "ended before it was killed"] += 1


def one(campaign, case, pool, without_face):
    gallery, root, fresh = (campaign.path(f"{name}-{case}") for name in ("gallery", "photos", "fresh"))
    folder = Folder(root, pool, without_face, campaign.random)
    photos = campaign.random.sample(pool, 7)
    for i, photo in enumerate(photos):
        folder.put(f"person {i % 3}/{i}.jpg", photo)
    history = []
    for i in range(CHANGES + 1):
        if i > 0:
            change = campaign.random.choice(ALL_CHANGES)
            history.append(change.__name__)
            change(folder)
        kill_at(campaign, gallery, root, campaign.random.uniform(0, 0.5 if i == 0 else 0.15))
        status, _, message = campaign.run(gallery, *SET, root, *SYNC, timeout=120)
        if status not in (0, 3):
            return campaign.fail("wrong status", f"case {case}: {history}", f"{status}: {message}")
    status, output, _ = campaign.run(gallery, "--format", "ndjson", "status", "--space", "s", "--from", root)
    states = {json.loads(line)["standing"] for line in output.splitlines()}
    if status != 0 or not states <= {"unchanged", "failed"}:
        campaign.fail("not settled", f"case {case}: {history}", f"{status}: {states}")
    status, _, message = campaign.run(gallery, "gallery", "check")
    if status != 0:
        campaign.fail("damaged", f"case {case}: {history}", f"{status}: {message}")
    campaign.run(fresh, *SET, root, timeout=120)
    found, wanted = faces_of(campaign, gallery), faces_of(campaign, fresh)
    if found == wanted:
        campaign.counts["as a fresh enrolment"] += 1
    else:
        more = [face[:2] for face in found[0] if face not in wanted[0]]
        less = [face[:2] for face in wanted[0] if face not in found[0]]
        campaign.fail("other faces", f"case {case}: {history}", f"more {more}, less {less}, persons {found[1]} for {wanted[1]}")
    for path in (gallery, root, fresh):
        shutil.rmtree(path)
    return None


def run(campaign, options):
    pool, without_face = draw_pool(campaign, options.draw_faces)
    for case in range(options.cases):
        one(campaign, case, pool, without_face)
    return campaign.report(f"histories of {CHANGES} changes", options.cases)
