#!/usr/bin/env bats
# faces: single stored faces of persons.

load helper
load calibrated

facectl() {
	"$FACECTL" --gallery g --attribute-model none --format tsv "$@"
}

# column NAME: that column of the TSV in out.
column() {
	awk -F '\t' -v name="$1" 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == name) c = i; next } { print $c }' out
}

# enrol: anna (1) has two faces, ben (2) one.
enrol() {
	mkdir -p tree/anna tree/ben
	draw tree/anna/1.jpg ada
	draw tree/anna/2.jpg ada 1
	draw tree/ben/1.jpg bruno
	expect 0 facectl set -s s --from tree "$@"
}

# face PERSON N: the UUID of the person's N-th face.
face() {
	run_split facectl faces list -s s --person "$1"
	column persisted_face_id | sed -n "${2}p"
}

# paths PERSON: the photos of the person's faces.
paths() {
	run_split facectl faces list -s s --person "$1"
	column path | paste -sd ' '
}

@test "faces are listed by person, by space and page by page, and shown by prefix" {
	local id
	enrol
	expect 0 facectl faces list
	[ "$(column path | paste -sd ' ')" = "tree/anna/1.jpg tree/anna/2.jpg tree/ben/1.jpg" ]
	[ "$(column name | paste -sd ' ')" = "anna anna ben" ]
	[ "$(paths 1)" = "tree/anna/1.jpg tree/anna/2.jpg" ]
	[ "$(paths ben)" = tree/ben/1.jpg ]
	expect 0 facectl set -s other --person-id 1 tree/ben/1.jpg
	expect 0 facectl faces list -s other
	[ "$(column persisted_face_id | wc -l)" = 1 ]
	expect 0 facectl faces list -s s --limit 2
	[ "$(column path | paste -sd ' ')" = "tree/anna/1.jpg tree/anna/2.jpg" ]
	expect 0 facectl faces show "$(face ben 1)" --person s/ben
	expect 1 facectl faces show "$(face ben 1)" --person s/anna
	says err "is not one of that person"
	expect 1 facectl faces list -s nosuch
	id=$(face anna 2)
	expect 0 facectl faces show "${id:0:13}" "$id"
	[ "$(column path | sort -u)" = tree/anna/2.jpg ]
	expect 0 facectl profiles show s/anna --format ndjson
	says out "\"persisted_face_id\":\"$id\""
	expect 1 facectl faces show 00000000
	says err "there is no face '00000000'"
	expect 2 facectl faces show anna
	says err "'anna' does not identify a face"
	expect 3 facectl faces show "$id" 00000000
}

@test "a face moves to another person with its template, crop and ledger, and keeps its UUID" {
	local id
	enrol --keep-crops
	settle
	id=$(face anna 2)
	expect 0 facectl faces move "${id:0:8}" --to s/ben --dry-run
	[ "$(column dry_run)" = yes ]
	[ "$(paths ben)" = tree/ben/1.jpg ]
	expect 0 facectl faces move "${id:0:8}" --to s/ben
	[ "$(column persisted_face_id) $(column result) $(column name)" = "$id moved ben" ]
	[ "$(paths ben)" = "tree/ben/1.jpg tree/anna/2.jpg" ]
	expect 0 facectl faces export "$id" --crops crops
	[ -s "$(column file)" ]
	expect 4 facectl faces move "$id" --to ben -s s
	says err "already belongs to that person"
	# the ledger knows the photo under its new person, and --sync puts the face back
	expect 0 facectl set -s s --from tree
	[ "$(column result | sort -u)" = unchanged ]
	expect 0 facectl set -s s --from tree --sync
	[ "$(column result | sort | paste -sd ' ')" = "moved unchanged unchanged" ]
	[ "$(face anna 2)" = "$id" ]
	expect 0 facectl faces move "$id" --to new
	[ -z "$(column name)" ]
	expect 0 facectl profiles list -s s
	[ "$(column faces | paste -sd ' ')" = "1 1 1" ]
	expect 0 facectl set -s other --person-id 1 tree/ben/1.jpg
	expect 4 facectl faces move "$id" --to other/1
	says err "the person is in another space"
	expect 1 facectl faces move "$id" --to s/77
	expect 2 facectl faces move "$id"
	expect 0 facectl gallery check
}

@test "a deleted face is forgotten, and its photo can be enrolled again" {
	local id
	enrol
	id=$(face anna 1)
	expect 0 facectl faces delete "$id" -n
	expect 3 facectl faces delete "$id" 00000000
	[ "$(column result | paste -sd ' ')" = "deleted not_found" ]
	expect 1 facectl faces delete "$id"
	[ "$(paths anna)" = tree/anna/2.jpg ]
	expect 0 facectl faces delete "$(face anna 1)"
	expect 0 facectl profiles show s/anna # the person stays
	expect 0 facectl set -s s --from tree
	[ "$(column result | paste -sd ' ')" = "enrolled enrolled unchanged" ]
	expect 0 facectl gallery check
}

@test "faces are added to an existing person, with user data" {
	local id
	enrol
	draw new.jpg ada 5
	expect 1 facectl faces add --person s/77 new.jpg
	expect 2 facectl faces add new.jpg
	cp g/data.mdb before
	expect 0 facectl --format ndjson faces add --person s/anna --dry-run new.jpg
	says out '"dry_run":true'
	cmp before g/data.mdb
	expect 0 facectl faces add --person s/anna --user-data badge new.jpg
	[ "$(column result) $(column person)" = "enrolled person1" ]
	expect 0 facectl faces add --person anna -s s new.jpg
	[ "$(column result)" = unchanged ]
	id=$(face anna 3)
	expect 0 facectl faces show "$id"
	[ "$(column user_data)" = badge ]
	expect 0 facectl faces update "$id" --user-data card
	[ "$(column user_data)" = card ]
	expect 0 facectl faces update "$id" --unset user-data
	[ -z "$(column user_data)" ]
	for command in "faces update $id" "persongroups update a" "persons update a --group b" "snapshots update $id"; do
		# shellcheck disable=SC2086
		expect 2 facectl $command --user-data text --unset user-data
		says err "give either --user-data or --unset user-data"
		# shellcheck disable=SC2086
		expect 2 facectl $command --unset name
		says err "--unset takes user-data, not 'name'"
	done
	expect 2 facectl faces update "$id" --user-data ''
	expect 2 facectl faces update "$id"
	# a folder of another person's name does not matter
	mkdir -p more/ben
	draw more/ben/7.jpg ada 6
	expect 0 facectl faces add --person s/1 --no-entry --from more
	expect 0 facectl entries list --person s/1
	[ "$(column path | sort | paste -sd ' ')" = "new.jpg tree/anna/1.jpg tree/anna/2.jpg" ]
	[ "$(paths anna)" = "tree/anna/1.jpg tree/anna/2.jpg new.jpg more/ben/7.jpg" ]
	expect 3 facectl faces add --person s/1 tree/ben/1.jpg more/ben/7.jpg
	says err "this photo is already a face of person 2 (ben)"
}

@test "merging prints the similarity, and strangers need --force" {
	calibrate
	enrol
	draw other.jpg ada 4
	expect 0 facectl set -s s --person-id 9 other.jpg
	expect 4 facectl profiles merge s/ben --to s/anna
	says err "do not look alike: similarity"
	expect 0 facectl profiles merge s/9 --to s/anna
	awk -v s="$(column similarity)" 'BEGIN { exit !(s > 0.5) }'
	expect 0 facectl profiles merge s/ben --to s/anna --force
	awk -v s="$(column similarity)" 'BEGIN { exit !(s < 0.5) }'
}
