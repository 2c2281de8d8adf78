#!/usr/bin/env bats
# set, recognize, delete and truncate as in the Smarty documents: the envelope, the words, the statuses.

load helper
load documents

# The envelope of an error, all on one line.
error() {
	printf '{"status":%s,"body":"%s","htmlencoded":false,"last_modified":0}' "$1" "$2"
}

# What a threshold rests on is tested elsewhere; here it is given.
json() {
	"$FACECTL" --format json "$@"
}

@test "set, recognize and delete answer as in the tutorial" {
	draw ada.jpg ada
	draw again.jpg ada 2
	expect 0 json set -p ada.jpg --meta '{"space":"1", "images":[{"person_id":1}]}'
	answers '{"status":200,"body":{"objects":[{"status":0,"name":"file_0"}]},"htmlencoded":false,"last_modified":0}'
	expect 0 json recognize -p again.jpg --meta '{"space":"1", "create_new":false}' --threshold 0.4
	says out '"tag": "person1"'
	says out '"aliases_changed": false'
	expect 0 json delete --meta '{"space":"1", "images":[{"name":"myname", "person_id":1}]}'
	answers '{"status":200,"body":{"objects":[{"status":0,"name":"myname"}]},"htmlencoded":false,"last_modified":0}'
	expect 0 json truncate --yes --meta '{"space":"1"}'
	answers '{"status":200,"body":{},"htmlencoded":false,"last_modified":0}'
}

@test "a person of recognize has the members of the document, less what is not measured" {
	draw ada.jpg ada
	expect 0 json set --space 5 --person-id 1 file=ada.jpg
	expect 0 json recognize --space 5 --threshold 0.4 file=ada.jpg
	python3 - <<'EOF'
import json
answer = json.load(open("out"))
assert list(answer) == ["status", "body", "htmlencoded", "last_modified"], list(answer)
assert list(answer["body"]) == ["objects", "aliases_changed"]
(photo,) = answer["body"]["objects"]
assert list(photo) == ["status", "name", "persons"]
(person,) = photo["persons"]
assert list(person) == ["tag", "coord", "confidence", "awesomeness", "similarity", "sex", "emotion", "age",
                        "frontality", "visibility"]
assert person["similarity"] == 1
assert all(type(value) is int for value in person["coord"]) and len(person["coord"]) == 4
EOF
}

@test "recognize enrols the unknown with create_new" {
	draw ada.jpg ada
	draw bruno.jpg bruno
	expect 0 json set --space 5 --person-id 1 ada.jpg
	expect 0 json recognize --space 5 --threshold 0.4 bruno.jpg
	says out '"tag": "undefined"'
	says out '"similarity": 1,'
	expect 0 json recognize --threshold 0.4 --meta '{"space":"5","create_new":true}' bruno.jpg
	says out '"tag": "person2"'
	says out '"similarity": 1,'
	expect 0 json recognize --space 5 --threshold 0.4 bruno.jpg
	says out '"tag": "person2"'
}

@test "no face and several faces fail set with the document's words" {
	"$DRAW_FACES" --noise 300x200 none.jpg
	"$DRAW_FACES" --group several.jpg ada bruno
	for photo in none.jpg several.jpg; do
		expect 4 json set --space 5 --person-id 12 file=$photo
		answers '{"status":200,"body":{"objects":[{"status":1,"error":"face set required only one face per image","name":"file"}]},"htmlencoded":false,"last_modified":0}'
	done
	expect 4 "$FACECTL" set --space 5 --person-id 12 several.jpg
	says err "'several.jpg': "
	says err "2 faces"
	lacks err "face set required"
}

@test "no face is no failure of recognize, and has no persons" {
	draw ada.jpg ada
	"$DRAW_FACES" --noise 300x200 none.jpg
	expect 0 json set --space 5 --person-id 1 ada.jpg
	expect 0 json recognize --space 5 --threshold 0.4 file=none.jpg
	answers '{"status":200,"body":{"objects":[{"status":0,"name":"file"}],"aliases_changed":false},"htmlencoded":false,"last_modified":0}'
}

@test "an empty image fails the request when it is the only one, and its object otherwise" {
	draw ada.jpg ada
	: >empty.jpg
	expect 4 json set --space 5 --person-id 12 file=empty.jpg
	answers "$(error 400 "empty image")"
	expect 3 json set --space 5 --person-id 12 file=empty.jpg ada.jpg
	answers '{"status":200,"body":{"objects":[{"status":1,"error":"empty image","name":"file"},{"status":0,"name":"file_1"}]},"htmlencoded":false,"last_modified":0}'
}

@test "a name without a photo, a number or a space has the document's words" {
	draw ada.jpg ada
	expect 2 json set file=ada.jpg --meta '{"space":"5","images":[{"name":"file_10","person_id":12}]}'
	answers "$(error 400 "could not get image by name file_10: http: no such file")"
	expect 2 json recognize file=ada.jpg --meta '{"space":"5","images":[{"name":"file1"}]}'
	answers "$(error 400 "could not get image by name file1: http: no such file")"
	expect 2 json delete --meta '{"space":"5","images":[{"name":"aaa"}]}'
	answers "$(error 400 "no person_id has been provided")"
	expect 2 json truncate --meta '{"azaza":"5"}'
	answers "$(error 400 'wrong space param : strconv.Atoi: parsing \"\": invalid syntax')"
	expect 2 json set --person-id 1 ada.jpg
	answers "$(error 400 'wrong space param : strconv.Atoi: parsing \"\": invalid syntax')"
	expect 2 json truncate --space 'A b'
	answers "$(error 400 'wrong space param : strconv.Atoi: parsing \"A b\": invalid syntax')"
}

@test "failures that no document knows are envelopes too, with their exit status" {
	draw ada.jpg ada
	expect 5 json delete --space 5 --person-id 1
	says out '"status": 500'
	expect 6 json set --space 5 --person-id 1 ada.jpg --embedder nonsense
	says out '"status": 500'
	expect 4 json set --space 5 --person-id 1 missing.jpg
	says out '"status": 1,'
	says out 'missing.jpg'
	expect 1 json truncate --space 5 </dev/null
	says out '"status": 200'
	expect 0 json set --space 5 --person-id 1 ada.jpg
	expect 2 json truncate --space 5 </dev/null
	says out '"status": 400'
	expect 2 json set --meta '{' ada.jpg
	says out '"status": 400'
	expect 2 json set --space 6 --person-id 1 --meta '{"space":"5"}' ada.jpg
	says err "--space is '6', but --meta has '5'"
}

@test "nothing to delete is a clean no" {
	draw ada.jpg ada
	expect 0 "$FACECTL" set --space 5 --person-id 1 ada.jpg
	expect 1 "$FACECTL" delete --space 5 --person-id 7
	expect 1 "$FACECTL" delete --space 6 --person-id 1
	expect 1 "$FACECTL" delete --space 5 --person-id 7 --person-id 8
	expect 3 "$FACECTL" delete --space 5 --person-id 7 --person-id 1 --dry-run
	expect 3 "$FACECTL" delete --space 5 --person-id 7 --person-id 1
	says err "not in space '5': 1 of 2 persons"
	expect 1 "$FACECTL" truncate --space 6 --yes
}

@test "a dry run stores nothing" {
	draw ada.jpg ada
	draw again.jpg ada 2
	expect 0 "$FACECTL" set --space 5 --person-id 1 ada.jpg --dry-run
	[ ! -e "$HOME/.local/share/facectl/gallery" ]
	expect 0 "$FACECTL" set --space 5 --person-id 1 ada.jpg
	expect 0 "$FACECTL" set --space 5 --person-id 1 again.jpg --dry-run
	says out 'would enrol'
	expect 0 "$FACECTL" --format ndjson set --space 5 --person-id 1 again.jpg --dry-run
	says out '"result":"enrolled"'
	says out '"dry_run":true'
	expect 0 "$FACECTL" recognize --space new --create-new again.jpg --dry-run
	says out 'would create'
	expect 0 "$FACECTL" delete --space 5 --person-id 1 --dry-run
	says out 'would delete'
	expect 0 "$FACECTL" truncate --space 5 --dry-run
	says out 'would truncate'
	expect 0 "$FACECTL" spaces show 5 --format ndjson
	says out '"persons":1'
}

@test "delete takes persons by number, name and pid" {
	draw ada.jpg ada
	draw bruno.jpg bruno
	expect 0 "$FACECTL" set --space 5 --person-id 1 --name Ada ada.jpg
	expect 0 "$FACECTL" set --space 5 --person-id 2 bruno.jpg
	expect 3 "$FACECTL" --format tsv delete --space 5 --dry-run Ada 5/2 Nobody
	says out $'\tperson1\t1\tdeleted'
	says out $'\tperson2\t2\tdeleted'
	says out $'\tNobody\t\tnot_found'
	expect 2 "$FACECTL" delete Ada
	expect 0 "$FACECTL" delete --space 5 Ada 2
	expect 1 "$FACECTL" delete --space 5 Ada
}

@test "truncate and spaces delete need --yes where nobody can be asked" {
	draw ada.jpg ada
	expect 0 "$FACECTL" set --space 5 --person-id 1 ada.jpg
	expect 2 "$FACECTL" truncate --space 5 </dev/null
	says err "--yes"
	expect 2 "$FACECTL" spaces delete 5 </dev/null
	expect 0 "$FACECTL" spaces delete 5 --yes
	expect 1 "$FACECTL" spaces show 5
}
