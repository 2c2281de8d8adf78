#!/usr/bin/env bats
# What the ledger remembers holds only as long as what it depends on: rules, thresholds, persons and their faces.

load helper
load calibrated

facectl() {
	"$FACECTL" --gallery g "$@"
}

rows() {
	facectl --format tsv "$@"
}

# column NAME: that column of the TSV in out.
column() {
	awk -F '\t' -v name="$1" 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == name) c = i; next } { print $c }' out
}

# create EXAMINED RESULT ARGUMENT...: profiles create --from again has this result, and examines the photo or not.
create() {
	expect 0 rows profiles create --from again "${@:3}"
	[ "$(column examined) $(column result)" = "$1 $2" ] || {
		echo "profiles create ${*:3}: $(column examined) $(column result)"
		return 1
	}
}

@test "a photo that only belongs to a profile keeps its band, under the same rules and thresholds" {
	local pid
	calibrate
	draw ada.jpg ada
	mkdir again
	draw again/1.jpg ada 2
	expect 0 rows profiles create -s door ada.jpg
	pid=$(column pid)
	expect 0 facectl spaces update door --exact 99 --ha 90
	settle
	create yes ha -s door
	[ "$(column pid)" = "$pid" ]
	create no ha -s door
	[ "$(column pid)" = "$pid" ]
	expect 0 facectl spaces update door --unset thresholds
	create yes exact -s door
	create no exact -s door
	expect 0 facectl spaces update door --exact 99 --ha 98.5 --junk 90
	create yes junk -s door
	create no junk -s door
	create yes new -s door --create-on-junk
	create no exact -s door
	expect 0 facectl gallery check
}

@test "the settings of an origin decide whether a photo is examined again" {
	calibrate
	draw ada.jpg ada
	mkdir again
	draw again/1.jpg ada 2
	expect 0 facectl origins create camera --space door
	expect 0 facectl spaces update door --exact 99 --ha 90
	expect 0 facectl profiles create --origin camera ada.jpg
	settle
	create yes ha --origin camera
	create no ha --origin camera
	expect 0 facectl origins update camera --min-facesize 100000000
	expect 4 rows profiles create --origin camera --from again
	[ "$(column reason)" = no_face ]
	expect 0 rows profiles create --origin camera --from again
	[ "$(column examined)" = no ]
	expect 0 facectl origins update camera --min-facesize 0 --create-on-ha
	create yes new --origin camera
}

@test "a duplicate is judged again under other thresholds" {
	calibrate
	mkdir -p tree/anna tree/double
	draw tree/anna/1.jpg ada
	draw tree/double/1.jpg ada 2
	settle
	expect 0 rows set -s s --from tree --on-duplicate skip
	[ "$(column result | paste -sd ' ')" = "enrolled skipped" ]
	expect 0 rows set -s s --from tree --on-duplicate skip
	[ "$(column examined | sort -u)" = no ]
	expect 0 facectl spaces update s --exact 99.9 --ha 99.8
	expect 0 rows set -s s --from tree --on-duplicate skip
	[ "$(column result | paste -sd ' ')" = "unchanged enrolled" ]
}

@test "a conflict ends with the face that caused it" {
	mkdir two
	draw two/ada.jpg ada
	draw other.jpg ada 2
	settle
	expect 0 facectl set -s s --person-id 1 two/ada.jpg
	expect 4 rows set -s s --person-id 2 --from two
	[ "$(column reason)" = conflict ]
	expect 4 rows set -s s --person-id 2 --from two
	[ "$(column reason)" = conflict ]
	[ "$(column examined)" = no ]
	expect 0 facectl profiles reinit s/1 other.jpg --force
	expect 0 rows set -s s --person-id 2 --from two
	[ "$(column result)" = enrolled ]
	expect 0 facectl gallery check
}

@test "a conflict names the person by its present name" {
	mkdir two
	draw two/ada.jpg ada
	settle
	expect 0 facectl set -s s --person-id 1 --name Ada two/ada.jpg
	expect 4 rows set -s s --person-id 2 --from two
	[[ $(column message) == *Ada* ]]
	expect 0 facectl profiles update s/1 --name Grace
	expect 4 rows set -s s --person-id 2 --from two
	[[ $(column message) == *Grace* ]]
}

@test "a duplicate ends with the face that it resembles" {
	calibrate
	mkdir two
	draw ada.jpg ada
	draw two/again.jpg ada 2
	draw bruno.jpg bruno
	settle
	expect 0 facectl set -s s --person-id 1 ada.jpg
	expect 0 facectl set -s s --person-id 2 --from two --on-duplicate skip
	expect 0 rows set -s s --person-id 2 --from two --on-duplicate skip
	[ "$(column examined)" = no ]
	expect 0 facectl profiles reinit s/1 bruno.jpg --force
	expect 0 rows set -s s --person-id 2 --from two --on-duplicate skip
	[ "$(column result)" = enrolled ]
}

# two_folders: set --from tree, with two photos each of anna and bruno.
two_folders() {
	mkdir -p tree/anna tree/bruno
	draw tree/anna/1.jpg ada 0
	draw tree/anna/2.jpg ada 1
	draw tree/bruno/1.jpg bruno 0
	draw tree/bruno/2.jpg bruno 1
	settle
	expect 0 rows set -s s --from tree
	[ "$(column result | sort | uniq -c | awk '{ print $1, $2 }')" = "4 enrolled" ]
}

# unchanged: the same command has nothing to do, and examines nothing.
unchanged() {
	expect 0 rows set -s s --from tree
	[ "$(column result | sort | uniq -c | awk '{ print $1, $2 }')" = "4 unchanged" ]
	[ "$(column examined | sort -u)" = no ]
}

@test "who was moved to another space is not enrolled again in the old one" {
	two_folders
	expect 0 facectl profiles move s/anna --to attic
	unchanged
	expect 0 facectl gallery check
	expect 0 rows profiles list -s s
	[ "$(column name)" = bruno ]
	expect 0 rows profiles list -s attic
	[ "$(column faces)" = 2 ]
	# Who is deleted there is new again.
	expect 0 facectl profiles delete attic/anna
	expect 0 rows set -s s --from tree
	[ "$(column result | sort | uniq -c | awk '{ print $1, $2 }' | paste -sd ' ')" = "2 enrolled 2 unchanged" ]
}

@test "the folder of a merged person has no conflict" {
	two_folders
	expect 0 facectl profiles merge s/anna --to s/bruno --force
	unchanged
	[ "$(column name | sort -u)" = bruno ]
	expect 0 rows profiles list -s s
	[ "$(column name) $(column faces)" = "bruno 4" ]
	expect 0 facectl gallery check
}
