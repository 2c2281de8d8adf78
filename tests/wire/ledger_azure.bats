#!/usr/bin/env bats
# The ledger with an Azure service, and persons that are told by name: what a service makes of them, and what is remembered of it.

load wire

eval "wire_$(declare -f setup)"

setup() {
	wire_setup
	azure_section >>"$HOME/.config/facectl/facectl.conf"
}

# portrait FILE NAME: a photo of this person, large enough for Azure, in a folder that is made, old enough for its time to be trusted.
portrait() {
	mkdir -p "$(dirname "$1")"
	"$BATS_TEST_DIRNAME/photo.py" "$1" "$2@194,76,258,167"
	head -c 1200 /dev/zero >>"$1"
	settle
}

# fields NAME...: these members of each line of out, sorted.
fields() {
	python3 -c 'import json, sys
for line in sorted(open("out"), key=lambda line: json.loads(line)["path"]):
    record = json.loads(line)
    print(*(record.get(name, "-") for name in sys.argv[1:]))' "$@"
}

requests() {
	control state
	python3 -c 'import json; print(json.load(open("control.json"))["requests"])'
}

# send SERVICE: what the tree has.
send() {
	"$FACECTL" --service "$1" --format ndjson set --space 5 --from tree "${@:2}"
}

@test "a second run sends nothing and tells the same persons, though persons are told by name" {
	portrait tree/1/ada.png ada
	portrait tree/2/bruno.png bruno
	portrait "tree/Doris Day/doris.png" doris
	expect 0 send face
	[ "$(fields result person_id name)" = "enrolled 1 -
enrolled 2 -
enrolled - Doris Day" ]
	stored="{'Doris Day': ['doris'], 'person1': ['ada'], 'person2': ['bruno']}"
	state 'state["groups"]["facectl-5"]["persons"]' "$stored"
	fields person pid >first
	before=$(requests)
	expect 0 send face
	fields person pid | diff first -
	[ "$(fields result person_id name examined)" = "unchanged 1 - False
unchanged 2 - False
unchanged - Doris Day False" ]
	[ "$(requests)" = "$before" ]
	state 'state["groups"]["facectl-5"]["persons"]' "$stored"
	# who is told by name has no number that a later one could be mistaken for
	portrait tree/3/emeka.png emeka
	portrait "tree/Doris Day/older.png" older
	expect 0 send face
	[ "$(fields result person_id name)" = "unchanged 1 -
unchanged 2 -
enrolled 3 -
unchanged - Doris Day
enrolled - Doris Day" ]
	state 'state["groups"]["facectl-5"]["persons"]["Doris Day"]' "['doris', 'older']"
}

@test "what Azure forgets is forgotten here, and a photo of somebody else now is sent" {
	portrait tree/1/ada.png ada
	portrait tree/2/bruno.png bruno
	portrait tree/Doris/doris.png doris
	for forget in "delete --space 5 --person-id 1" "truncate --space 5 --yes" "spaces delete --yes 5"; do
		expect 0 send face
		# shellcheck disable=SC2086
		expect 0 "$FACECTL" --service face $forget
		expect 0 send face
		state 'sorted(state["groups"]["facectl-5"]["persons"])' "['Doris', 'person1', 'person2']"
	done
	mv tree/Doris tree/7
	expect 3 send face
	[ "$(fields result person_id)" = "unchanged 1
unchanged 2
failed -" ]
	expect 0 send face --sync
	[ "$(fields result person_id)" = "unchanged 1
unchanged 2
moved 7" ]
}

@test "Smarty has numbers alone: a name fails for its photo, is told, and is not remembered" {
	portrait tree/1/ada.png ada
	portrait tree/Doris/doris.png doris
	for _ in 1 2; do
		expect 3 send vk
		[ "$(fields status person_id)" = "ok 1
invalid_argument -" ]
		says err "'tree/Doris/doris.png': service 'vk': persons have numbers only, no names: 'Doris'"
		state 'state["spaces"]["5"]["persons"]' "{'1': ['ada']}"
	done
	expect 3 "$FACECTL" --service vk --format json set --space 5 --from tree
	says out '"error": "no person_id has been provided"'
	mv tree/Doris tree/person_4
	expect 0 send vk
	[ "$(fields result person_id)" = "unchanged 1
enrolled 4" ]
	# the number that --person-id gives is not for folders that tell somebody
	mv tree/1 tree/Bruno
	expect 3 send vk --layout dirs --person-id 9
	state 'sorted(state["spaces"]["5"]["persons"])' "['1', '4']"
}

@test "a person of a list, by number, name and id" {
	portrait ada.png ada
	portrait bruno.png bruno
	portrait older.png older
	printf 'path,person_id,name\nada.png,3,Ada\nbruno.png,,Bruno\n' >list.csv
	expect 0 "$FACECTL" --service face --format ndjson set --space 5 --manifest list.csv
	pid=$(fields pid | head -1)
	expect 0 "$FACECTL" --service face --format ndjson set --space 5 --manifest list.csv
	[ "$(fields result)" = "unchanged
unchanged" ]
	printf 'path,pid\nolder.png,%s\n' "$pid" >ids.csv
	expect 0 "$FACECTL" --service face --format ndjson set --space 5 --manifest ids.csv
	[ "$(fields result person_id)" = "enrolled 3" ]
	expect 3 "$FACECTL" --service vk --format ndjson set --space 5 --manifest list.csv
	[ "$(fields status person_id)" = "ok 3
invalid_argument -" ]
	state 'list(state["spaces"]["5"]["persons"])' "['3']"
}

@test "a training that failed is made up for by whoever needs it" {
	portrait tree/1/ada.png ada
	control azure '{"failures":1,"message":"Not today."}'
	expect 7 send face
	expect 0 send face
	[ "$(fields result)" = unchanged ]
	state 'state["groups"]["facectl-5"]["trainings"], state["groups"]["facectl-5"]["userData"]' "(2, 'facectl: trained')"
	expect 0 "$FACECTL" --service face recognize --space 5 --require-match tree/1/ada.png
	before=$(requests)
	expect 0 send face
	[ "$(requests)" = "$before" ]
	expect 0 "$FACECTL" gallery check
}

@test "a training that failed is made up for, though the group has another program's user data" {
	portrait tree/1/ada.png ada
	control azure '{"groups":{"facectl-5":{"name":"five","userData":"mine"}},"failures":2,"message":"Not today."}'
	expect 7 send face
	expect 7 send face
	says err "Not today."
	expect 0 send face
	[ "$(fields result)" = unchanged ]
	state 'state["groups"]["facectl-5"]["trainings"], state["groups"]["facectl-5"]["userData"]' "(3, 'mine')"
	before=$(requests)
	expect 0 send face
	[ "$(requests)" = "$before" ]
}
