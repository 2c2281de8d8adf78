#!/usr/bin/env bats
# The documents to the letter: what the local engine stores and answers. docs/conformance.md lists the rules.

load helper
load documents
load calibrated

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
	log_all
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
	log_all
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

@test "an entry keeps the pid of its person after delete and truncate; only erase removes it" {
	draw ada.jpg ada
	draw bruno.jpg bruno
	expect 0 "$FACECTL" set -s 5 --person-id 1 ada.jpg
	expect 0 "$FACECTL" set -s 5 --person-id 2 bruno.jpg
	expect 0 "$FACECTL" entries list --format ndjson --reverse
	fields entry result pid >before
	expect 0 "$FACECTL" delete -s 5 1
	expect 0 "$FACECTL" truncate -s 5 --yes
	expect 0 "$FACECTL" entries list --format ndjson --reverse
	fields entry result pid >after
	cmp before after
	pid=$(awk 'NR == 1 { print $3 }' after)
	expect 0 json entries list --person "$pid" --result new
	is 'd["count"], d["results"][0]["pid"], d["results"][0]["pid_created"]' "(1, '$pid', None)"
	expect 0 json entries stats "$pid"
	is 'd["pid"], d["total"]' "('$pid', 1)"
	expect 1 json entries list --person 0db7d1b8-1d3c-4e13-9d8d-0d6bd0d2a2a4
	expect 0 "$FACECTL" gallery check
	expect 0 "$FACECTL" spaces list --format ndjson
	[ "$(fields persons entries)" = "0 2" ]

	expect 0 "$FACECTL" gallery export --with entries -o export
	expect 0 "$FACECTL" --gallery other gallery import export
	expect 0 "$FACECTL" --gallery other entries list --format ndjson --reverse
	fields entry result pid >imported
	cmp before imported
	expect 0 "$FACECTL" --gallery other gallery check
	# A person that comes back into another space has its entries there.
	expect 0 "$FACECTL" --gallery again set -s 6 --person-id 1 ada.jpg
	expect 0 "$FACECTL" --gallery again gallery export -o back
	back=$("$FACECTL" --gallery again profiles list --format tsv --no-header --fields pid)
	expect 0 "$FACECTL" --gallery again delete -s 6 1
	expect 0 "$FACECTL" --gallery again gallery import -s 7 back
	expect 0 "$FACECTL" --gallery again entries list --person "$back" --format ndjson
	[ "$(fields space)" = 7 ]
	expect 0 "$FACECTL" --gallery again gallery check

	expect 0 "$FACECTL" erase "$pid" --yes
	expect 0 "$FACECTL" entries list --format ndjson
	[ "$(fields result pid | wc -l)" = 1 ]
	expect 1 json entries stats "$pid"
}

@test "photos of a user have entries new and reinit only, unless the settings of cli say more" {
	draw ada.jpg ada
	draw again.jpg ada 1
	draw bruno.jpg bruno
	expect 0 "$FACECTL" set -s 5 --person-id 1 ada.jpg
	expect 0 "$FACECTL" set -s 5 --person-id 1 again.jpg
	expect 0 "$FACECTL" origins show cli --format ndjson
	says out '"origin":"cli","id":0,'
	says out '"save_entries":["new","reinit"]'
	lacks out '"space"'
	expect 0 "$FACECTL" recognize -s 5 ada.jpg bruno.jpg
	expect 0 "$FACECTL" entries list --format ndjson --reverse
	[ "$(fields result | tr '\n' ' ')" = "new reinit " ]

	expect 0 "$FACECTL" origins update cli --save-entries all --entry-storage-days 1
	says out 'cli'
	expect 0 "$FACECTL" recognize -s 5 ada.jpg bruno.jpg
	expect 0 "$FACECTL" recognize -s 6 bruno.jpg
	expect 0 "$FACECTL" entries list --format ndjson --reverse
	[ "$(fields result | tr '\n' ' ')" = "new reinit exact nm " ]
	expect 0 "$FACECTL" gallery check
	expect 0 "$FACECTL" origins show cli --format ndjson
	says out '"entry_storage_days":1,"entries":4,'
	expect 0 "$FACECTL" origins list
	lacks out 'cli'
	expect 0 "$FACECTL" entries prune --yes --format ndjson
	says out '"removed":0'

	expect 4 "$FACECTL" origins create cli -s 5
	expect 4 "$FACECTL" origins delete cli -n
	says err 'exists in every space'
	expect 0 "$FACECTL" origins update cli --unset save-entries,entry-storage-days
	expect 0 "$FACECTL" recognize -s 5 bruno.jpg
	expect 0 "$FACECTL" entries list --format ndjson
	[ "$(fields result | wc -l)" = 4 ]
}
