#!/usr/bin/env bats
# The documents to the letter: what the local engine stores and answers. docs/conformance.md lists the rules.

load helper
load documents

json() {
	"$FACECTL" --format json "$@"
}

# fields NAME...: these members of each line of out.
fields() {
	python3 -c 'import json, sys
for line in open("out"):
    record = json.loads(line)
    print(*(record.get(name, "-") for name in sys.argv[1:]))' "$@"
}

@test "create_new: no face creates a person who is in the photo already or in the space" {
	"$DRAW_FACES" --group twice.jpg ada:1 ada:1 bruno
	expect 0 "$FACECTL" recognize --space 5 --create-new twice.jpg --format ndjson
	[ "$(fields result | sort | tr '\n' ' ')" = "created created unknown " ]
	fields result nearest why_unknown | grep -q '^unknown person. person_taken'
	draw ada.jpg ada 1
	expect 0 "$FACECTL" recognize --space 5 --create-new twice.jpg --format ndjson
	[ "$(fields result | sort | tr '\n' ' ')" = "known known unknown " ]
	expect 0 "$FACECTL" spaces list --format ndjson
	[ "$(fields persons)" = 2 ]
	# a dry run decides the same
	expect 0 "$FACECTL" recognize --space 6 --create-new --dry-run twice.jpg --format ndjson
	[ "$(fields result | sort | tr "\n" ,)" = "created,created,unknown," ]
}

@test "spaces of --meta are 0 to 9, and so are numbers with --format json" {
	draw ada.jpg ada
	for space in 12 abc -1; do
		expect 2 json truncate --yes --meta "{\"space\":\"$space\"}"
		answers '{"status":400,"body":"wrong space param : strconv.Atoi: parsing \"'$space'\": invalid syntax","htmlencoded":false,"last_modified":0}'
		expect 2 "$FACECTL" truncate --yes --meta "{\"space\":\"$space\"}"
	done
	expect 2 json set --space 12 --person-id 1 ada.jpg
	expect 0 json set --person-id 1 ada.jpg --meta '{"space":"05"}'
	expect 0 "$FACECTL" profiles show 5/1
	# in our own options, any name
	expect 0 json set --space school --person-id 1 ada.jpg
	expect 0 "$FACECTL" set --space 12 --person-id 1 ada.jpg
}

@test "delete: the rule of set for names, and photos are ignored" {
	draw ada.jpg ada
	expect 0 json set --space 5 --person-id 1 ada.jpg
	expect 2 json delete --meta '{"space":"5","images":[{"name":"","person_id":1}]}'
	says out '"status": 400'
	expect 0 json delete -p file=ada.jpg --meta '{"space":"5","images":[{"person_id":1}]}'
	answers '{"status":200,"body":{"objects":[{"status":0,"name":"file_0"}]},"htmlencoded":false,"last_modified":0}'
}

@test "without a gallery, the first recognition finds an empty space" {
	"$DRAW_FACES" --group friends.jpg ada bruno
	expect 0 json recognize --meta '{"space":"1", "create_new":false}' -p friends.jpg
	[ "$(grep -c '"tag": "undefined"' out)" = 2 ]
}

@test "a photo without a face has each dialect's own word" {
	"$DRAW_FACES" --noise 300x200 none.jpg
	draw ada.jpg ada
	expect 0 "$FACECTL" profiles create --space 5 ada.jpg
	expect 0 "$FACECTL" --dialect neuroio --format json profiles search --space 5 none.jpg
	says out '"result": "nm"'
	expect 0 "$FACECTL" --dialect serp --format json profiles search --space 5 none.jpg
	says out '"conf": 8'
	expect 0 "$FACECTL" --dialect neuroio --format json entries list
	lacks out '"nf"'
}

@test "a filter by the number of a space, as the document shows it" {
	draw ada.jpg ada
	expect 0 "$FACECTL" profiles create --space lobby ada.jpg
	expect 0 "$FACECTL" --format json entries list --space 1
	says out '"count": 1'
	# the links keep the filters
	expect 0 "$FACECTL" profiles create --space lobby ada.jpg
	expect 0 "$FACECTL" --format json entries list --space lobby --result new,exact --limit 1
	says out '&result=new%2Cexact&spaces_ids=1"'
	# names come first
	expect 0 "$FACECTL" profiles create --space 1 ada.jpg
	expect 0 "$FACECTL" --format json entries list --space 1
	says out '"name": "1"'
}

@test "deletions that fail in part have the code of the failure" {
	draw ada.jpg ada
	for _ in 1 2; do
		expect 0 "$FACECTL" profiles create --space 5 ada.jpg
	done
	expect 3 json entries delete 1 999
	says out '404'
	expect 3 json --dialect serp entries delete 2 999
	says out '"code": 404'
	expect 1 json --dialect serp profiles reinit 5/nobody ada.jpg
	says out '"detail"'
}
