#!/usr/bin/env bats
# set --sync: the folder is the truth.

load helper

facectl() {
	"$FACECTL" --gallery g --attribute-model none --format tsv "$@"
}

# column NAME: that column of the TSV in out.
column() {
	awk -F '\t' -v name="$1" 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == name) c = i; next } { print $c }' out
}

# tree: anna has two photos, ben two, cleo one; all are enrolled.
tree() {
	mkdir -p tree/anna tree/ben tree/cleo
	draw tree/anna/1.jpg ada
	draw tree/anna/2.jpg ada 1
	draw tree/ben/1.jpg bruno
	draw tree/ben/2.jpg bruno 1
	draw tree/cleo/1.jpg chidi
	expect 0 facectl set -s s --from tree
	settle
}

# results [OPTION...]: what set --sync does, as "path result name" of each photo that is not unchanged.
results() {
	expect "${wanted:-0}" facectl set -s s --from tree --sync "$@"
	paste -d ' ' <(column path) <(column result) <(column name) | grep -v ' unchanged ' | sort >results || true
}

# persons: name, number and faces of each person.
persons() {
	run_split facectl profiles list -s s
	paste -d ' ' <(column name) <(column person_id) <(column faces) | sort
}

@test "a photo in another folder is a conflict in every run, and moves with --sync" {
	tree
	mv tree/anna/2.jpg tree/ben/9.jpg
	for _ in 1 2; do
		expect 3 facectl set -s s --from tree
		says err "this photo is already a face of person 1 (anna); if it was moved"
		says err "1 failed (1 conflict); 1 gone (their faces stay without --sync)"
	done
	expect 0 facectl status -s s --from tree
	[ "$(column standing | sort | paste -sd ' ')" = "failed gone unchanged unchanged unchanged unchanged" ]
	results --dry-run
	[ "$(cat results)" = "tree/ben/9.jpg moved ben" ]
	results
	[ "$(cat results)" = "tree/ben/9.jpg moved ben" ]
	[ "$(persons)" = $'anna 1 1\nben 2 3\ncleo 3 1' ]
	results
	[ ! -s results ]
	expect 0 facectl set -s s --from tree
	lacks err gone
	expect 0 facectl gallery check
}

@test "a renamed folder renames its person, who keeps number, UUID and log" {
	local pid
	tree
	run_split facectl profiles list -s s --name anna
	pid=$(column pid)
	mv tree/anna 'tree/anna berg'
	draw 'tree/anna berg/3.jpg' ada 2
	results --dry-run
	[ "$(grep -c ' renamed anna berg' results)" = 2 ]
	results
	[ "$(cat results)" = $'tree/anna berg/1.jpg renamed anna berg\ntree/anna berg/2.jpg renamed anna berg\ntree/anna berg/3.jpg enrolled anna berg' ]
	[ "$(persons)" = $'anna berg 1 3\nben 2 2\ncleo 3 1' ]
	expect 0 facectl profiles show s/1
	[ "$(column pid | sort -u)" = "$pid" ]
	expect 0 facectl entries list --person s/1
	[ "$(column result | sort | paste -sd ' ')" = "new reinit reinit" ]
	expect 0 facectl gallery check
}

@test "folders that take the name of another are renamed in turn" {
	tree
	mv tree/ben tree/dora
	mv tree/anna tree/ben
	results
	[ "$(persons)" = $'ben 1 2\ncleo 3 1\ndora 2 2' ]
}

@test "swapped photos, merged and split folders work in one run" {
	tree
	draw tree/anna/3.jpg ada 2
	draw tree/anna/4.jpg ada 3
	results
	mv tree/anna/1.jpg x
	mv tree/ben/1.jpg tree/anna/1.jpg
	mv x tree/ben/1.jpg
	mkdir tree/eve
	mv tree/anna/3.jpg tree/anna/4.jpg tree/eve
	mv tree/cleo/1.jpg tree/ben/7.jpg
	rmdir tree/cleo
	results --dry-run
	cp results planned
	results
	cmp planned results
	says err "persons whose photos all moved, merged into others: 1"
	[ "$(cut -d ' ' -f 1-2 results)" = $'tree/anna/1.jpg moved\ntree/ben/1.jpg moved\ntree/ben/7.jpg moved\ntree/eve/3.jpg moved\ntree/eve/4.jpg moved' ]
	[ "$(persons | sed 's/ [0-9]* / /')" = $'anna 2\nben 3\neve 2' ]
	expect 0 facectl entries list --person s/ben # the entry of cleo is now here
	[ "$(column result | wc -l)" = 3 ]
	expect 0 facectl gallery check
}

@test "a person whose last face moved is merged although the folder has a photo without a face" {
	tree
	"$DRAW_FACES" --noise 300x300 tree/cleo/2.jpg
	wanted=3 results
	mv tree/cleo/1.jpg tree/ben/7.jpg
	results
	says err "persons whose photos all moved, merged into others: 1"
	[ "$(persons | sed 's/ [0-9]* / /')" = $'anna 2\nben 3' ]
}

@test "names in turn within a folder lose no face" {
	tree
	mv tree/anna/2.jpg tree/anna/3.jpg
	mv tree/anna/1.jpg tree/anna/2.jpg
	results
	[ ! -s results ]
	[ "$(persons)" = $'anna 1 2\nben 2 2\ncleo 3 1' ]
	expect 0 facectl status -s s --from tree
	[ "$(column standing | sort -u)" = unchanged ]
}

@test "photos that are gone are listed, limited, and removed with their person" {
	tree
	rm -r tree/cleo tree/ben/2.jpg
	results --dry-run
	[ "$(cat results)" = $'tree/ben/2.jpg removed ben\ntree/cleo/1.jpg removed cleo' ]
	[ "$(persons)" = $'anna 1 2\nben 2 2\ncleo 3 1' ]
	local pose=0
	for limit in 1 0 0% 12%; do
		draw "tree/anna/new-$limit.jpg" doris "$((++pose))"
		wanted=3 results --max-delete "$limit"
		[ "$(cut -d ' ' -f 2- results)" = "enrolled anna" ] # additions stay
		says err "the photos of 2 faces are gone, more than --max-delete allows"
		[ "$(persons | tail -2)" = $'ben 2 2\ncleo 3 1' ]
	done
	results --max-delete 2
	[ "$(cat results)" = $'tree/ben/2.jpg removed ben\ntree/cleo/1.jpg removed cleo' ]
	[ "$(persons | tail -1)" = "ben 2 1" ]
	expect 0 facectl recognize -s s --no-entry tree/ben/1.jpg
	[ "$(column name)" = ben ]
	expect 0 facectl gallery check
}

@test "the default limit is ten percent, but at least five faces" {
	mkdir -p tree/keep tree/go
	draw tree/keep/1.jpg ada
	for i in 1 2 3 4 5 6; do draw "tree/go/$i.jpg" bruno "$i"; done
	expect 0 facectl set -s s --from tree
	rm tree/go/[1-5].jpg
	mv tree/go/6.jpg gone.jpg
	wanted=3 results
	says err "the photos of 6 faces are gone, more than --max-delete allows (5)"
	mv gone.jpg tree/go/6.jpg
	results
	[ "$(grep -c removed results)" = 5 ]
}

@test "a file whose new photo has no face loses the face of the old one" {
	tree
	"$DRAW_FACES" --noise 300x300 tree/anna/2.jpg
	wanted=3 results
	[ "$(cut -d ' ' -f 1-2 results)" = $'tree/anna/2.jpg rejected\ntree/anna/2.jpg removed' ]
	[ "$(persons | head -1)" = "anna 1 1" ]
}

@test "a photo in two folders stays a conflict, and a face from elsewhere stays" {
	tree
	draw elsewhere.jpg doris
	expect 0 facectl set -s s --person-id 9 --name dora elsewhere.jpg
	rm elsewhere.jpg
	cp tree/anna/1.jpg tree/ben/copy.jpg
	wanted=3 results
	[ "$(cut -d ' ' -f 1-2 results)" = "tree/ben/copy.jpg failed" ]
	[ "$(persons)" = $'anna 1 2\nben 2 2\ncleo 3 1\ndora 9 1' ]
}

@test "excluded photos are not gone" {
	tree
	results --exclude 'cleo/*'
	[ ! -s results ]
	echo ben >tree/.facectlignore
	results
	[ ! -s results ]
}

@test "an empty, missing or unreadable folder changes nothing" {
	tree
	mv tree away
	expect 4 facectl set -s s --from tree --sync --max-delete 100% --allow-empty
	mkdir tree
	expect 4 facectl set -s s --from tree --sync --max-delete 100% --allow-empty
	says err "'tree' has no photo"
	expect 4 facectl set -s s --from tree --sync --dry-run
	rmdir tree
	mv away tree
	results
	[ ! -s results ]
	if [ "$(id -u)" != 0 ]; then
		rm tree/cleo/1.jpg
		chmod 0 tree/ben
		wanted=3 results --max-delete 100%
		says err "no face was removed, because the run did not see the whole folder"
		chmod 700 tree/ben
	fi
}

@test "a folder on another device is not the same folder" {
	local other
	other=$(mktemp -d -p /dev/shm) || skip "no second file system"
	[ "$(stat -c %d "$other")" != "$(stat -c %d .)" ] || skip "no second file system"
	mkdir on-this-device
	ln -s on-this-device tree
	tree
	draw "$other/stranger.jpg" doris
	mkdir "$other/dora"
	mv "$other/stranger.jpg" "$other/dora/1.jpg"
	rm tree
	ln -s "$other" tree
	expect 4 facectl set -s s --from tree --sync --max-delete 100%
	says err "is on another device than in earlier runs"
	[ "$(persons)" = $'anna 1 2\nben 2 2\ncleo 3 1' ]
	expect 1 facectl status -s s --from tree
	[ "$(column standing | sort | uniq -c | xargs)" = "5 away 1 new" ]
	# a run without --sync reads the photos there, and says that this is right
	expect 0 facectl set -s s --from tree
	results --max-delete 100%
	[ "$(persons)" = "dora 4 1" ]
	rm -r "$other"
}

@test "a person named by number keeps the number, and a moved number is another person" {
	mkdir -p tree/7
	draw tree/7/1.jpg ada
	results
	mv tree/7 tree/8
	results
	[ "$(cut -d ' ' -f 1-2 results)" = "tree/8/1.jpg moved" ]
	[ "$(persons)" = " 8 1" ]
	mv tree/8 tree/anna
	results
	[ "$(persons)" = "anna 8 1" ]
}

@test "the options need a folder and the ledger, and services without set do not have them" {
	draw a.jpg ada
	mkdir tree
	expect 2 facectl set -s s --person-id 1 --sync a.jpg
	says err "--sync needs a folder"
	expect 2 facectl set -s s --from tree --sync --no-ledger
	expect 2 facectl set -s s --from tree --max-delete 5
	says err "--max-delete needs --sync"
	expect 2 facectl set -s s --from tree --sync --max-delete 101%
	expect 2 facectl set -s s --from tree --sync --max-delete many
	printf '[service "cloud"]\ntype = neuroio\nurl = http://127.0.0.1:9/\ntoken-env = TOKEN\n' >conf
	TOKEN=x FACECTL_CONFIG=conf expect 2 facectl --service cloud set -s 5 --from tree --sync
	says err "a service of type neuroio does not support 'set --sync'; the local engine (--service local) and services of type smarty and azure do"
}
