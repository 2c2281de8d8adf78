#!/usr/bin/env bats
# profiles audit: faces and persons that are probably wrong, with the commands that repair them.

load helper

facectl() {
	"$FACECTL" --gallery g --attribute-model none --format tsv "$@"
}

# column NAME: that column of the TSV in out.
column() {
	awk -F '\t' -v name="$1" 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == name) c = i; next } { print $c }' out
}

# findings: "finding path name other_name" of each.
findings() {
	paste -d ' ' <(column finding) <(column path) <(column name) <(column other_name)
}

# repair N: run the command of the N-th finding on this gallery.
repair() {
	local words
	read -ra words <<<"$(column repair | sed -n "${1}p")"
	[ "${words[0]}" = facectl ]
	expect 0 facectl "${words[@]:1}"
}

@test "an audit reports mislabelled, duplicate and weak faces, and its commands repair them" {
	mkdir -p tree/anna tree/ben tree/cleo tree/dora
	for i in 0 1 2 3; do
		draw "tree/anna/$i.jpg" ada "$i"
		draw "tree/ben/$i.jpg" bruno "$i"
		draw "tree/cleo/$i.jpg" chidi "$i"
	done
	expect 0 facectl set -s s --from tree
	expect 0 facectl profiles audit -s s
	[ "$(wc -l <out)" = 1 ]
	draw tree/anna/wrong.jpg bruno 7
	draw tree/ben/stranger.jpg doris 2
	draw tree/dora/5.jpg chidi 5
	draw tree/dora/6.jpg chidi 6
	expect 0 facectl set -s s --from tree
	expect 1 facectl profiles audit -s s
	[ "$(findings)" = $'duplicate  dora cleo\nmislabelled tree/anna/wrong.jpg anna ben\nweak tree/ben/stranger.jpg ben dora' ]
	cp out found
	for i in 1 2 3; do
		cp found out
		repair "$i"
	done
	expect 0 facectl profiles audit -s s
	expect 0 facectl profiles list -s s
	[ "$(paste -d ' ' <(column name) <(column faces) | sort | paste -sd ,)" = "anna 4,ben 5,cleo 6" ]
	expect 0 facectl gallery check
}

@test "an audit needs a space, and finds nothing in one without faces" {
	draw a.jpg ada
	expect 2 facectl profiles audit
	expect 5 facectl profiles audit -s s
	expect 0 facectl set -s s --person-id 1 a.jpg
	expect 1 facectl profiles audit -s nosuch
	expect 0 facectl profiles audit -s s # one face: nothing to compare
	expect 0 facectl truncate -s s --yes
	expect 0 facectl profiles audit -s s
}

@test "enrolling a face that looks like another person is reported, and a folder of them, too" {
	mkdir -p tree/anna tree/ben tree/cleo
	for i in 0 1 2; do
		draw "tree/anna/$i.jpg" ada "$i"
		draw "tree/ben/$i.jpg" bruno "$i"
	done
	draw tree/cleo/1.jpg ada 4
	draw tree/cleo/2.jpg ada 5
	expect 0 facectl set -s s --from tree --dry-run
	says err "'tree/cleo/1.jpg': would be enrolled for person 3 (cleo), but looks like person 1 (anna): similarity 0."
	expect 0 facectl set -s s --from tree
	says err "'tree/cleo/1.jpg': enrolled for person 3 (cleo), but looks like person 1 (anna): similarity 0."
	says err "the photos of person 3 (cleo) may be mislabelled: 2 of 2 look like another person, the last one like person 1 (anna)"
	says err "8 photos: 8 enrolled; 2 like another person"
	lacks err "'tree/ben"
	[ "$(column duplicate_name | paste -sd ,)" = ",,,,,,anna,anna" ]
	awk -v s="$(column duplicate_similarity | tail -1)" 'BEGIN { exit !(s > 0.9) }'
	expect 0 facectl set -s s --from tree
	lacks err "like another person"
	expect 0 facectl set -s quiet --from tree --quiet
	empty err
}

@test "a profile that is created although another one looks like it is reported" {
	mkdir -p tree/anna
	draw a.jpg ada
	draw tree/anna/1.jpg ada 4
	expect 0 facectl profiles create -s s --name lea a.jpg
	expect 0 facectl spaces update s --exact 99.9
	expect 0 facectl profiles create -s s --from tree --layout dirs --create-on-ha --dry-run
	says err "'tree/anna/1.jpg': would be enrolled for profile"
	expect 0 facectl profiles create -s s --from tree --layout dirs --create-on-ha
	says err "'tree/anna/1.jpg': enrolled for profile"
	says err "(anna), but looks like profile"
	says err "(lea): similarity 0."
	says out lea
	[ "$(column result)" = new ]
	[ "$(column duplicate_name)" = lea ]
}
