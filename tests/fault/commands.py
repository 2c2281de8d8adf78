"""The commands that the campaigns disturb, and the folder in which they run."""
import gzip
import hashlib
import json
import os
import shlex
import shutil
import subprocess
import sys

from common import make_gallery, records, write_records

CAST = ("ada", "bruno", "chidi", "doris", "fatma")
SMARTY = "/api/v1/persons/{}?oauth_token=t&oauth_provider=mcs"

# name: arguments. Each starts in a fresh copy of the folder that prepare() makes, with its {values}.
COMMANDS = {
    "set": "set --space door --person-id 777 --name New new.jpg",
    "set again": "set --space door --person-id 1 --format ndjson new.jpg",
    "set folder": "set --space people --from people --format ndjson",
    "set sync": "set --space synced --from synced --sync --max-delete 100% --format ndjson",
    "status": "status --space people --from people --format ndjson",
    "recognize": "recognize --space door --no-entry --crops crops two.jpg --format json",
    "annotate": "recognize --space door --no-entry --annotate seen.jpg two.jpg --format json",
    "recognize create": "recognize --space door --create-new two.jpg --format tsv",
    "delete": "delete --space office --person-id 3 --person-id 5 --person-id 7 --format ndjson",
    "erase": "erase office/3 office/5 --yes --format ndjson",
    "erase space": "erase --whole-space office --yes",
    "truncate": "truncate --space office --yes",
    "create": "profiles create --space door new.jpg",
    "search": "profiles search --space door new.jpg --format json",
    "search folder": "profiles search --space door --from people --format ndjson",
    "reinit": "profiles reinit door/90 new.jpg --force",
    "profiles list": "profiles list --space office --format ndjson",
    "profiles show": "profiles show office/3",
    "profiles update": "profiles update office/3 --name Other",
    "profiles merge": "profiles merge office/5 --to office/3 --force",
    "profiles move": "profiles move office/5 --to door",
    "profiles delete": "profiles delete office/5 office/7",
    "profiles audit": "profiles audit --space door --format ndjson",
    "faces add": "faces add --person door/91 new.jpg",
    "faces add list": "faces add --list small new.jpg",
    "faces list": "faces list --space door --format ndjson",
    "faces show": "faces show {face}",
    "faces update": "faces update {face} --user-data changed",
    "faces move": "faces move {face} --to new",
    "faces delete": "faces delete {face}",
    "faces export": "faces export --space door --crops written",
    "entries list": "entries list --limit 50 --format ndjson",
    "entries stats": "entries stats --origin camera",
    "entries show": "entries show 3 --format json",
    "entries delete": "entries delete 3 4",
    "entries prune": "entries prune --older-than 600d --yes",
    "origins create": "origins create gate --space door",
    "origins list": "origins list --format ndjson",
    "origins show": "origins show camera",
    "origins update": "origins update camera --entry-storage-days 900",
    "origins delete": "origins delete side",
    "spaces list": "spaces list --format json",
    "spaces show": "spaces show office",
    "spaces update": "spaces update office --ha 77",
    "spaces rename": "spaces rename office bureau",
    "spaces delete": "spaces delete office --yes",
    "identify": "identify --group staff two.jpg --format ndjson",
    "identify id": "identify --group staff {faceid} --format json",
    "similar": "similar {faceid} --list small --format ndjson",
    "group": "group {faceid} new.jpg two.jpg --format ndjson",
    "persongroups create": "persongroups create guests --name Guests",
    "persongroups list": "persongroups list --format ndjson",
    "persongroups show": "persongroups show staff",
    "persongroups update": "persongroups update staff --name Others",
    "persongroups train": "persongroups train staff",
    "persongroups training": "persongroups training staff --format json",
    "persongroups delete": "persongroups delete staff --yes",
    "facelists create": "facelists create large --large",
    "facelists list": "facelists list --format ndjson",
    "facelists show": "facelists show small --format json",
    "facelists update": "facelists update small --user-data text",
    "facelists delete": "facelists delete small --yes",
    "persons create": "persons create --group staff --name Eve",
    "persons list": "persons list --group staff --format ndjson",
    "persons show": "persons show --group staff Ada",
    "persons update": "persons update --group staff Ada --name Other",
    "persons delete": "persons delete --group staff Ada",
    "snapshots take": "snapshots take --group staff --apply-scope {subscription}",
    "snapshots list": "snapshots list --format ndjson",
    "snapshots show": "snapshots show {snapshot} --format json",
    "snapshots update": "snapshots update {snapshot} --user-data text",
    "snapshots apply": "snapshots apply {snapshot} --to copy",
    "snapshots delete": "snapshots delete {snapshot}",
    "api detect": "api POST /face/v1.0/detect?returnFaceId=true --file new.jpg",
    "api list": "api GET /face/v1.0/persongroups",
    "api create": "api PUT /face/v1.0/facelists/more --json '{{\"name\":\"More\"}}'",
    "api identify": "api POST /face/v1.0/identify --json '{{\"personGroupId\":\"staff\",\"faceIds\":[\"{faceid}\"]}}'",
    "api similar": "api POST /face/v1.0/findsimilars --json '{{\"faceId\":\"{faceid}\",\"faceListId\":\"small\"}}'",
    "api delete": "api DELETE /face/v1.0/persongroups/staff/persons/{person}",
    "api smarty": f"api POST {SMARTY.format('delete')} --form 'meta={{{{\"space\":\"5\",\"images\":[{{{{\"name\":\"x\",\"person_id\":3}}}}]}}}}'",
    "api neuroio": "api GET /v1/entries/ --space office",
    "api cgi": "api --cgi --keys keys",
    "import": "gallery import more.ndjson",
    "export": "gallery export --with entries --output written",
    "backup": "gallery backup kept",
    "compact": "gallery compact",
    "check": "gallery check",
    "reindex": "gallery reindex",
    "stats": "gallery stats --format json",
    "reembed": "gallery reembed --embedder other --set-aside",
    "upgrade": "gallery upgrade --gallery old",
    "config": "config set models.detector yunet",
    "config get": "config get models.detector",
    "config list": "config list --format ndjson",
    "config unset": "config unset core.jobs",
    "config check": "config check",
    "models": "models list --format ndjson",
    "models show": "models show other --format json",
    "models check": "models check other",
    "models use": "models use other",
    "services": "services list --format ndjson",
    "detect": "detect --format json two.jpg",
    "verify": "verify new.jpg people/ada/1.jpg",
    "extract": "extract new.jpg --output written",
    "eval": "eval --from pairs --format json",
    "doctor": "doctor",
    "version": "version",
}


def prepare(campaign, draw_faces):
    """
    A folder with a gallery of real and generated templates, photos, and records to import; and the values of {values}: ids of what the gallery contains.
    """
    # The ledger knows photos by their absolute paths: the commands will run in this folder.
    start = campaign.path("place")
    os.mkdir(start)
    gallery = make_gallery(campaign, "place/gallery", 60)

    def draw(path, *what):
        path = os.path.join(start, path)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        subprocess.run([draw_faces, *what[:1], path, *what[1:]] if what[0].startswith("-") else [draw_faces, path, *what], check=True)
        return path

    def must(*command):
        return campaign.must(gallery, *command)

    photos = {name: draw(f"people/{name}/1.jpg", name) for name in CAST[:3]}
    draw("new.jpg", CAST[3])
    draw("two.jpg", "--group", CAST[0], CAST[4])
    for number, name in enumerate(photos):
        must("set", "--space", "door", "--person-id", str(90 + number), *(["--keep-crops"] if number == 0 else []), photos[name])
        for pose in ("0", "1"):
            draw(f"pairs/{name}/{pose}.jpg", name, pose)
    must("set", "--space", "5", "--person-id", "3", photos["chidi"])
    synced = os.path.join(start, "synced")
    shutil.copytree(os.path.join(start, "people"), synced)
    must("set", "--space", "synced", "--from", synced)
    os.rename(os.path.join(synced, "ada"), os.path.join(synced, "renamed"))
    shutil.rmtree(os.path.join(synced, "bruno"))
    must("persongroups", "create", "staff", "--recognition-model", "recognition_04")
    must("persons", "create", "--group", "staff", "--name", "Ada")
    must("faces", "add", "--group", "staff", "--person", "Ada", photos["ada"])
    must("persongroups", "train", "staff")
    must("facelists", "create", "small", "--recognition-model", "recognition_04")
    must("faces", "add", "--list", "small", photos["ada"])
    subscription = json.loads(must("gallery", "stats", "--format", "json"))["uuid"]
    must("snapshots", "take", "--group", "staff", "--apply-scope", subscription)
    must("origins", "create", "side", "--space", "door")
    detected = must("api", "POST", "/face/v1.0/detect?returnFaceId=true&recognitionModel=recognition_04", "--file", photos["ada"])
    values = {
        "subscription": subscription,
        "faceid": json.loads(detected)[0]["faceId"],
        "snapshot": json.loads(must("snapshots", "list", "--format", "ndjson"))["id"],
        "person": json.loads(must("persons", "list", "--group", "staff", "--format", "ndjson"))["pid"],
        "face": json.loads(must("faces", "list", "--person", "door/90", "--format", "ndjson"))["persisted_face_id"],
    }
    with open(os.path.join(start, "keys"), "w", encoding="utf-8", opener=lambda path, flags: os.open(path, flags, 0o600)) as file:
        file.write("0123456789abcdef0123456789abcdef\n")
    describe_other_embedder(os.path.join(start, "described"))
    unpack_old_gallery(os.path.join(start, "old"))
    randomness = campaign.random.__class__(5)
    write_records(os.path.join(start, "more.ndjson"), records(campaign.model, randomness, 40, "More {}", spaces=("more", "other"), origin="aside"))
    os.mkdir(os.path.join(start, "config"))
    os.mkdir(os.path.join(start, "config", "facectl"))
    with open(os.path.join(start, "config", "facectl", "facectl.conf"), "w", encoding="utf-8") as file:
        file.write("[core]\njobs = 2\n")
    os.rename(start, campaign.path("start"))
    return campaign.path("start"), values


# What a web server passes to `api --cgi`, and the user's configuration.
ENVIRONMENT = {
    "GATEWAY_INTERFACE": "CGI/1.1", "REQUEST_METHOD": "GET", "REQUEST_URI": "/face/v1.0/persongroups", "PATH_INFO": "/face/v1.0/persongroups", "QUERY_STRING": "", "HTTPS": "on",
    "SERVER_PROTOCOL": "HTTP/1.1", "HTTP_OCP_APIM_SUBSCRIPTION_KEY": "0123456789abcdef0123456789abcdef", "FACECTL_MODEL_PATH": "described",
}


def arguments_of(name, values):
    return ["--gallery", "gallery", *shlex.split(COMMANDS[name].format(**values))]


def describe_other_embedder(folder):
    network = os.path.join(folder, "other.onnx")
    os.mkdir(folder)
    subprocess.run([sys.executable, os.path.join(os.path.dirname(__file__), "..", "tools", "make_network.py"), network], check=True)
    with open(network, "rb") as file:
        content = file.read()
    descriptor = {
        "name": "other", "role": "embedder", "file": "other.onnx", "bytes": len(content), "sha256": hashlib.sha256(content).hexdigest(),
        "licence": "made up", "source": "a test", "preprocessing": 1, "dimension": 128, "mirror": False,
        "input": {"width": 112, "height": 112, "order": "RGB", "scale": 1, "mean": [0, 0, 0], "deviation": [1, 1, 1]},
    }
    with open(os.path.join(folder, "other.json"), "w", encoding="utf-8") as file:
        json.dump(descriptor, file)


def unpack_old_gallery(folder):
    os.mkdir(folder, mode=0o700)
    path = os.path.join(os.path.dirname(__file__), "..", "cli", "gallery-format-1.mdb.gz")
    with gzip.open(path) as packed, open(os.path.join(folder, "data.mdb"), "wb", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
        shutil.copyfileobj(packed, file)
