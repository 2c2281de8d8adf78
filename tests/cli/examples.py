#!/usr/bin/env python3
"""Run the examples of the manuals: examples.py FACECTL DRAW-FACES MANUALS [PAGE...]

Each page gets a home of its own with drawn photos and a small gallery. Each line of its EXAMPLES must exit with 0, or with the status in STATUSES.
Lines that need another machine or program are in LEFT_OUT, with the reason; a reason that no line needs any more is an error.
"""
# SPDX-License-Identifier: MIT

import os
import re
import shutil
import subprocess
import sys
import tempfile

LEFT_OUT = {
    r"\bssh \w+": "another machine",
    r"parallel -S|sbatch|SLURM|^\w+: |^ +\S": "a cluster",
    r"inotifywait|--watch\b": "runs until it is ended",
    r"pkill": "another process",
    r"https://example\.org|models pull sface|models use sface|sface --calibrate|cp ~/\.local": "the network",
    r"services check vk|--service old": "a remote service",
    r"mobilefacenet": "a model that is not in the package",
    r"& unlock": "the lock of a door",
}
# other statuses than 0
STATUSES = {
    ("facectl-status.1", "facectl status --space staff --from people"): 1,  # the photos are not enrolled yet
    ("facectl-batch.7", "facectl set --space staff --from people --failed-to failed.ndjson"): 3,  # a photo is broken, and is repaired for the next line
}
REPAIRS = {"facectl set --space staff --manifest failed.ndjson --retry-failed": "cp people/Ben/2.jpg people/Ben/9.jpg"}
# folders outside of the home, which are in the page's folder here
OUTSIDE = re.compile(r"(?<=[\s'\"=])/(photos|backup|data|srv)\b")

# path, person of the cast, number of the photo
PHOTOS = """\
anna.jpg ada 0
anna1.jpg ada 1
anna2.jpg ada 2
anna-today.jpg ada 3
visitor.jpg ada 4
passport.jpg ada 6
selfie.jpg ada 7
a.jpg ada 8
b.jpg ada 9
me.jpg ada 5
ben.jpg bruno 0
photo.jpg bruno 2
frame.jpg bruno 3
monday.jpg chidi 0
tuesday.jpg chidi 1
amy1.jpg doris 0
amy2.jpg doris 1
amy/1.jpg doris 2
people/Anna/1.jpg ada 1
people/Anna/2.jpg ada 2
people/Anna/3.jpg ada 3
people/Anna/4.jpg ada 4
people/Ben/1.jpg bruno 1
people/Ben/2.jpg bruno 2
people/Cleo/1.jpg chidi 1
people/Cleo/2.jpg chidi 2
holidays/1.jpg ada 4
holidays/2.jpg bruno 4
holidays/3.jpg ada 6
lfw/1.jpg ada 1
lfw/2.jpg ada 2
lfw/3.jpg bruno 1
"""

AFTER = r"""
"$DRAW_FACES" --group group.jpg ada:2 bruno:1
mkdir -p photos trip staff-photos crowd backup data/photos
cp anna.jpg ben.jpg photos; cp anna.jpg group.jpg trip; cp -r people/* staff-photos; cp -r people/* data/photos
i=0; for person in $("$DRAW_FACES" --cast | head -n 24 | tail -n 16); do i=$((i + 1)); "$DRAW_FACES" crowd/$i.jpg "$person"; done
printf '1.jpg\t2.jpg\t1\n1.jpg\t3.jpg\t0\n2.jpg\t3.jpg\t0\n' >lfw/pairs.tsv
printf 'path,name,group\npeople/Anna/1.jpg,Anna,young\npeople/Anna/2.jpg,Anna,young\npeople/Ben/1.jpg,Ben,old\npeople/Ben/2.jpg,Ben,old\n' >by-age.csv
printf 'path,name\npeople/Anna/1.jpg,Anna\npeople/Ben/1.jpg,Ben\n' >people.csv
facectl set --space 5 --person-id 1 --name Anna people/Anna/1.jpg
facectl set --space door --person-id 1 --name Anna people/Anna/1.jpg people/Anna/2.jpg
facectl set --space door --person-id 2 --name Ben people/Ben/1.jpg
"""
# what the examples of a page take for granted
BEFORE = {
    "facectl-batch.7": ": >people/Ben/9.jpg",
    "facectl-config.1": "mkdir -p ~/.config/facectl; echo token >~/.config/facectl/vk.token; chmod 600 ~/.config/facectl/vk.token",
    "facectl-api.1": "facectl set --space lobby --person-id 1 ben.jpg; facectl origins create door --space door",
    "facectl-entries.1": "facectl origins create camera-1 --space door",
    "facectl-faces.1": "facectl persongroups create cast; facectl persons create --group cast --name Amy; facectl facelists create seen; "
                       "facectl faces add --list seen monday.jpg; facectl set --space door --person-id 1 --keep-crops b.jpg",
    "facectl-extract.1": "rm -r photos; mkdir -p photos/1 photos/2; cp anna.jpg photos/1; cp ben.jpg photos/2; "
                         "facectl extract --person-id 3 monday.jpg >faces.ndjson",
    "facectl-group.1": "facectl set --space family --from people; facectl origins update cli --save-entries all; facectl recognize --space family crowd/*.jpg",
    "facectl-verify.1": "facectl persongroups create cast --large; facectl persons create --group cast --large --name Amy; "
                        "facectl faces add --group cast --large --person Amy anna1.jpg",
    "facectl-identify.1": "facectl persongroups create cast; facectl persons create --group cast --name Amy; "
                          "facectl faces add --group cast --person Amy amy1.jpg; facectl persongroups train cast; "
                          "facectl set --space staff --from people",
    "facectl-persons.1": "facectl persongroups create cast",
    "facectl-snapshots.1": "facectl persongroups create cast; mkdir srv",
    "facectl-profiles.1": "facectl origins create camera-1 --space lobby; rm group.jpg; facectl set --space door --person-id 9 selfie.jpg",
    "facectl-similar.1": "facectl facelists create seen; facectl faces add --list seen monday.jpg",
}
# UUIDs in examples: the command that prints one that exists
UUIDS = {
    "3f9c2a17": "faces list --person door/Ben --format tsv --no-header --fields persisted_face_id",
    "77aa01c2": "faces list --person door/Anna --format tsv --no-header --fields persisted_face_id | head -n 1",
    "0db7d1b8": "profiles show door/9 --format tsv --no-header --fields pid",
}


def examples(text):
    """The lines of the examples: a line that ends in | or \\ goes on in the next one."""
    section = re.search(r"^# EXAMPLES?\n(.*?)(?=^# |\Z)", text, re.M | re.S)
    for block in re.findall(r"^```\n(.*?)^```", section.group(1) if section else "", re.M | re.S):
        if "facectl" not in block or "<<'END'" in block or "apiVersion" in block or block.startswith(("{", "[")):
            continue
        yield from re.sub(r"([|\\])\n\s*", r"\1 ", block).strip().split("\n")


def shell(command, home, environment):
    return subprocess.run(["bash", "-o", "pipefail", "-c", command], cwd=home, env={**environment, "HOME": home}, stdin=subprocess.DEVNULL,
                          capture_output=True, text=True, errors="replace", timeout=120, check=False)


def main():
    program, draw, manuals, wanted = sys.argv[1], sys.argv[2], sys.argv[3], sys.argv[4:]
    failed, run, left_out = 0, 0, dict.fromkeys(LEFT_OUT, 0)
    with tempfile.TemporaryDirectory() as folder:
        environment = {"PATH": f"{os.path.dirname(os.path.abspath(program))}:{os.environ['PATH']}", "DRAW_FACES": os.path.abspath(draw), "LC_ALL": "C.UTF-8"}
        template = os.path.join(folder, "template")
        os.mkdir(template)
        place = "\n".join(f'mkdir -p "$(dirname {photo[0]})"; "$DRAW_FACES" {" ".join(photo)}' for photo in map(str.split, PHOTOS.splitlines()))
        made = shell(f"set -e; cd \"$HOME\"\n{place}\n{AFTER}", template, environment)
        if made.returncode != 0:
            sys.exit(f"the home cannot be prepared: {made.stderr}")
        for name in sorted(os.listdir(manuals)):
            page = name.removesuffix(".scd")
            if not name.endswith(".scd") or (wanted and page not in wanted):
                continue
            with open(os.path.join(manuals, name), encoding="utf-8") as file:
                lines = list(examples(file.read()))
            home = os.path.join(folder, page)
            if lines:
                shutil.copytree(template, home, symlinks=True)
                before = shell(BEFORE.get(page, ""), home, environment)
                if before.returncode != 0:
                    print(f"{page}: cannot be prepared: {before.stderr}")
                    failed += 1
            for line in lines:
                reason = next((pattern for pattern in LEFT_OUT if re.search(pattern, line)), None)
                if reason:
                    left_out[reason] += 1
                    continue
                programs = re.findall(r"(?:^|\| *)(jq|zstd|parallel)\b", line)
                if any(not shutil.which(other) for other in programs):
                    print(f"{page}: left out without {programs}: {line}")
                    continue
                command = OUTSIDE.sub(lambda match: f"{home}/{match.group(1)}", line)
                for uuid, source in UUIDS.items():
                    if uuid in command:
                        command = command.replace(uuid, shell(f"facectl {source}", home, environment).stdout.strip())
                shell(REPAIRS.get(line, ""), home, environment)
                variable = re.match(r"(\w+)=\$\(", command)
                if variable:
                    command += f' && printf %s "${variable[1]}"'
                result = shell(command, home, environment)
                run += 1
                if variable:
                    environment[variable[1]] = result.stdout
                if result.returncode != STATUSES.get((page, line), 0):
                    failed += 1
                    print(f"{page}: status {result.returncode}: {line}\n  {result.stderr.strip()}")
    unused = [] if wanted else [LEFT_OUT[pattern] for pattern, count in left_out.items() if count == 0]
    print(f"{run} examples were run, {failed} failed; left out: " +
          ", ".join(f"{count} ({LEFT_OUT[pattern]})" for pattern, count in left_out.items() if count))
    if unused:
        print(f"no example needs: {', '.join(unused)}")
    sys.exit(1 if failed or unused else 0)


if __name__ == "__main__":
    main()
