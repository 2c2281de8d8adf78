#!/usr/bin/env bats
# erase: nothing of a person stays in the file, everything else does.

load helper

facectl() {
	"$FACECTL" --gallery gallery "$@"
}

records() {
	facectl --format ndjson "$@"
}

# person NAME FIELD: a field of the only person of that name.
person() {
	records profiles list | python3 -c 'import json, sys
for line in sys.stdin:
	record = json.loads(line)
	if record.get("name") == sys.argv[1]: print(record[sys.argv[2]])' "$1" "$2"
}

# secrets_of NAME PHOTO...: what the file may not contain afterwards, one a line: kind, hexadecimal bytes.
secrets_of() {
	local name=$1
	shift
	records gallery export | python3 -c 'import base64, hashlib, json, sys, uuid
name, photos = sys.argv[1], sys.argv[2:]
lines = [json.loads(line) for line in sys.stdin]
pid = next(line["pid"] for line in lines if line["type"] == "person" and line.get("name") == name)
print("name", name.encode().hex())
print("pid", uuid.UUID(pid).bytes.hex())
for line in lines:
	if line["type"] == "face" and line["pid"] == pid:
		print("template", base64.b64decode(line["template"])[:64].hex())
for photo in photos:
	print("path", photo.encode().hex())
	print("hash", hashlib.sha256(open(photo, "rb").read()).hexdigest())' "$name" "$@" >secrets
	[ -s secrets ]
}

# found_secrets: which kinds of secrets the data file contains, each one time.
found_secrets() {
	python3 -c 'import sys
data = open("gallery/data.mdb", "rb").read()
found = {kind for kind, text in (line.split() for line in open("secrets")) if bytes.fromhex(text) in data}
print(*sorted(found))'
}

enrol_two() {
	mkdir -p "badges/Ada Quux" "badges/Bruno Baz"
	draw "badges/Ada Quux/1.jpg" ada 1
	draw "badges/Ada Quux/2.jpg" ada 2
	draw "badges/Bruno Baz/1.jpg" bruno 1
	"$DRAW_FACES" --noise 200x200 "badges/Ada Quux/noise.png" 3
	draw chidi.jpg chidi
	log_all --gallery gallery
	expect 0 facectl set -s staff --person-id 9 chidi.jpg
	# Not enrolled as yet: this entry has no person.
	expect 0 facectl recognize -s staff "badges/Ada Quux/1.jpg" -t 0.5
	run_split facectl --keep-crops set -s staff --from badges --layout dirs
	expect 0 facectl recognize -s staff "badges/Ada Quux/2.jpg" "badges/Bruno Baz/1.jpg" -t 0.5
}

@test "nothing of an erased person stays in the file" {
	local pid
	enrol_two
	pid=$(person 'Ada Quux' pid)
	secrets_of 'Ada Quux' badges/Ada\ Quux/*
	[ "$(found_secrets)" = "hash name path pid template" ]
	expect 0 records erase -s staff 'Ada Quux' --yes
	says out '"result":"erased"'
	says out '"persons":1,"faces":2,"crops":2,"entries":'
	says out '"shared_photos":0'
	says out "\"persons_sha256\":\"$(printf '%s\n' "$pid" | sha256sum | cut -d ' ' -f 1)\""
	says out "\"sha256\":\"$(sha256sum gallery/data.mdb | cut -d ' ' -f 1)\""
	says out "\"bytes\":$(stat -c %s gallery/data.mdb),"
	says out 'backups'
	[ "$(found_secrets)" = "" ]
	[ ! -e gallery/new.mdb ]
	expect 0 facectl gallery check
	expect 1 facectl profiles show "$pid"
	expect 0 records recognize -s staff "badges/Bruno Baz/1.jpg" -t 0.5
	says out '"name":"Bruno Baz"'
	expect 1 facectl erase -s staff 'Ada Quux' --yes
	says err "there is no person 'Ada Quux'"
}

@test "photos that also show others stay known, and the receipt counts them" {
	draw ada.jpg ada
	log_all --gallery gallery
	"$DRAW_FACES" --group both.jpg ada:3 bruno:4
	expect 0 facectl set -s staff --person-id 1 ada.jpg
	draw bruno.jpg bruno
	expect 0 facectl set -s staff --person-id 2 bruno.jpg
	expect 0 facectl recognize -s staff both.jpg -t 0.5
	expect 0 records erase -s staff 1 -y
	says out '"shared_photos":1'
	expect 0 records profiles list
	says out '"person_id":2'
	expect 0 facectl gallery check
}

@test "erase: several persons, a dry run, statuses" {
	enrol_two
	expect 2 facectl erase --yes
	expect 2 facectl erase --yes -s staff 1 --whole-space staff
	expect 2 facectl erase --yes --older-than 1d --whole-space staff
	expect 2 facectl erase --yes -s staff --whole-space staff
	expect 2 facectl erase -s staff 10 </dev/null
	says err 'needs --yes'
	expect 5 "$FACECTL" --gallery nosuch erase --yes staff/1
	expect 1 facectl erase --yes --whole-space nosuch
	expect 1 facectl erase --yes staff/77 staff/nosuch
	cp gallery/data.mdb before
	expect 0 records erase staff/10 --dry-run
	says out '"persons":1,'
	says out '"dry_run":true'
	lacks out '"sha256"'
	expect 0 facectl erase staff/10 -n
	says out 'would erase'
	expect 0 facectl profiles list
	says out Ada
	expect 3 records erase staff/10 staff/nosuch staff/10 --yes
	says out '"persons":1,'
	says out '"not_found":["staff/nosuch"]'
	says err "there is no person 'staff/nosuch'"
	expect 0 facectl erase staff/11 --yes -o receipt.json --format json
	[ "$(stat -c %a receipt.json)" = 600 ]
	grep -q '"persons": 1,' receipt.json
}

@test "erase --whole-space and --older-than" {
	enrol_two
	draw door.jpg chidi
	expect 0 facectl set -s door --person-id 1 door.jpg
	expect 1 facectl erase --older-than 1d --yes
	expect 1 facectl erase --older-than 0s -s nosuch --yes
	expect 0 records erase --older-than 0s -s door --yes
	says out '"persons":1,'
	expect 0 records profiles list
	[ "$(wc -l <out)" = 3 ]
	secrets_of 'Ada Quux' badges/*/*
	printf 'space %s\n' "$(printf staff | od -An -tx1 | tr -d ' ')" >>secrets
	expect 0 records erase --whole-space staff -y
	says out '"persons":3,"faces":4,'
	[ "$(found_secrets)" = "" ]
	expect 0 records spaces list
	lacks out staff
	expect 0 facectl gallery check
}

@test "erase removes what the log still has of a deleted person" {
	local pid
	enrol_two
	pid=$(person 'Ada Quux' pid)
	secrets_of 'Ada Quux' badges/Ada\ Quux/?.jpg
	expect 0 facectl profiles delete "$pid"
	expect 0 records entries list --person "$pid" --fields pid,result,name
	says out "{\"pid\":\"$pid\",\"result\":\"new\"}"
	expect 0 facectl gallery check
	expect 0 facectl gallery compact
	[ "$(found_secrets)" = "hash name path pid" ] # the paths contain the name
	expect 1 facectl erase --older-than 1d --yes
	expect 0 records erase "$pid" --yes
	says out '"persons":0,"faces":0,"crops":0,"entries":'
	lacks out '"entries":0,'
	# The ledger still has the path of a rejected photo that was given for a person of that name.
	[ "$(found_secrets)" = "name" ]
	expect 1 facectl erase "$pid" --yes
	says err 'there is no person'
	# An age covers what is left of a person, too.
	pid=$(person 'Bruno Baz' pid)
	secrets_of 'Bruno Baz' badges/Bruno\ Baz/*
	expect 0 facectl profiles delete "$pid"
	expect 0 records erase --older-than 0s -s staff --yes
	[ "$(found_secrets)" = "" ]
	expect 0 facectl gallery check
}

@test "kill -9 at a random moment of erase leaves the old file or the new one" {
	local rounds=$((${FACECTL_TEST_KILLS:-100} / 5)) round pid old=0 new=0
	expect 0 "$WRITE_LOG" gallery 20000 50
	expect 0 records profiles list --limit 2
	mv gallery pristine
	mapfile -t pids < <(python3 -c 'import json
for line in open("out"): print(json.loads(line)["pid"])')
	RANDOM=12
	for ((round = 1; round <= rounds; round++)); do
		rm -rf gallery
		cp -a pristine gallery
		"$FACECTL" --gallery gallery erase "${pids[0]}" --yes >/dev/null 2>&1 &
		pid=$!
		sleep "0.$(printf '%03d' $((RANDOM % 200)))"
		kill -9 "$pid" 2>/dev/null || true
		wait "$pid" 2>/dev/null || true
		if cmp -s gallery/data.mdb pristine/data.mdb; then
			old=$((old + 1))
			expect 0 facectl profiles show "${pids[0]}"
		else
			new=$((new + 1))
			expect 1 facectl profiles show "${pids[0]}"
			[ ! -e gallery/new.mdb ]
		fi
		if [ -e gallery/new.mdb ]; then
			run_split facectl doctor
			says out 'facectl gallery compact'
		fi
	done
	echo "old $old, new $new"
	expect 0 facectl gallery check
	# The next command that writes deletes what a killed one left.
	: >gallery/new.mdb
	expect 0 facectl profiles update "${pids[1]}" --name other
	[ ! -e gallery/new.mdb ]
}
