#!/usr/bin/env bats
# Snapshots as files: export, import, and how long snapshots exist.

load helper
load azure
load azure_faces

# a_group: a trained person group with two persons of one face each, and a snapshot of it in the file snap, its id in $id.
a_group() {
	local person
	draw ada.jpg ada 1
	draw bruno.jpg bruno 1
	call 200 PUT persongroups/cast '{"name":"Cast","userData":"of the film","recognitionModel":"recognition_04"}'
	for name in ada bruno; do
		call 200 POST persongroups/cast/persons "{\"name\":\"$name\",\"userData\":\"is $name\"}"
		person=$(value personId)
		call 200 POST "persongroups/cast/persons/$person/persistedfaces?userData=front" "@$name.jpg"
	done
	call 202 POST persongroups/cast/train
	expect 0 "$FACECTL" --format tsv snapshots take --group cast --user-data nightly --fields id --no-header
	id=$(cat out)
	expect 0 "$FACECTL" --output snap snapshots export "$id"
}

changed() {
	python3 "$BATS_TEST_DIRNAME/snapshot_file.py" "$@"
}

@test "a snapshot goes to another gallery as a file: names, ids, user data, model and training are kept" {
	a_group
	[ "$(stat -c %a snap)" = 600 ]
	call 200 GET persongroups/cast/persons
	cp body persons
	expect 0 "$FACECTL" --gallery other snapshots import snap
	says out "imported"
	expect 0 "$FACECTL" --gallery other --format ndjson snapshots list
	says out "\"id\":\"$id\""
	says out '"user_data":"nightly"'
	expect 0 "$FACECTL" --gallery other snapshots apply "$id" --to copy
	expect 0 "$FACECTL" --gallery other gallery check
	export FACECTL_GALLERY=other
	call 200 GET 'persongroups/copy?returnRecognitionModel=true'
	[ "$(value name) $(value userData) $(value recognitionModel)" = "Cast of the film recognition_04" ]
	call 200 GET persongroups/copy/persons
	cmp body persons
	draw ada2.jpg ada 2
	expect 0 "$FACECTL" identify --group copy --require-match ada2.jpg
	says out ada
	# the same bytes come back
	expect 0 "$FACECTL" --output again snapshots export "$id"
	cmp snap again
	# the file is checked with common tools
	[ "$(head -n -1 snap | sha256sum | cut -d ' ' -f 1)" = "$(tail -n 1 snap | grep -oE '[0-9a-f]{64}')" ]
	expect 4 "$FACECTL" snapshots import snap
	says err "has this snapshot already"
}

@test "lists and large groups" {
	draw ada.jpg ada 1
	draw bruno.jpg bruno 1
	expect 0 "$FACECTL" set --space staff --person-id 3 --name Ada ada.jpg
	for kind in facelists largefacelists; do
		call 200 PUT $kind/seen '{"name":"Seen"}'
		call 200 POST $kind/seen/persistedfaces @ada.jpg
		call 200 POST $kind/seen/persistedfaces @bruno.jpg
	done
	for source in "--list seen" "--list seen --large" "--space staff"; do
		# shellcheck disable=SC2086
		expect 0 "$FACECTL" --format tsv snapshots take $source --fields id --no-header
		taken=$(cat out)
		expect 0 "$FACECTL" --output snap snapshots export "$taken"
		expect 0 "$FACECTL" --gallery other snapshots import snap
		expect 0 "$FACECTL" --gallery other snapshots apply "$taken" --to copy
	done
	expect 0 "$FACECTL" --gallery other gallery check
	expect 0 "$FACECTL" --gallery other --format ndjson facelists show copy
	says out '"faces":2'
	expect 0 "$FACECTL" --gallery other profiles show copy/3
	says out Ada
}

@test "a file that was changed, also by somebody who knows the checksum, is refused and leaves nothing" {
	a_group
	changed snap none >same
	expect 0 "$FACECTL" --gallery good snapshots import same
	for change in same-number same-face same-person no-person nil-person order other-model-of-face no-model no-snapshot two-snapshots \
		nil-snapshot kind model-label long-template short-template counts newer space several-faces-of-list user-data; do
		changed snap $change >bad
		expect 4 "$FACECTL" --gallery other snapshots import bad
		says err "bad:" || { echo "$change" && return 1; }
		[ ! -e other ] || { echo "$change: there is a gallery" && return 1; }
	done
	# the model is another one than the gallery's
	changed snap other-model | sed 's/"model_sha256": "[0-9a-f]*"/"model_sha256": "'"$(printf '0%.0s' {1..64})"'"/' >unsealed
	changed unsealed none >bad
	expect 0 "$FACECTL" --gallery good snapshots delete "$id"
	expect 5 "$FACECTL" --gallery good snapshots import bad
	sed 's/nightly/noghtly/' snap >bad
	expect 4 "$FACECTL" --gallery other snapshots import bad
	says err "checksum is wrong"
	head -n -1 snap >bad
	expect 4 "$FACECTL" --gallery other snapshots import bad
	says err "truncated"
	cat snap snap >bad
	expect 4 "$FACECTL" --gallery other snapshots import bad
	says err "after the end"
	head -c 3000 /dev/urandom >bad
	expect 4 "$FACECTL" --gallery other snapshots import bad
	expect 4 "$FACECTL" --gallery other snapshots import none.ndjson
	expect 4 "$FACECTL" --gallery other snapshots import /dev/null
	expect 0 "$FACECTL" --output export gallery export
	expect 4 "$FACECTL" --gallery other snapshots import export
	says err "use 'gallery import'"
	[ ! -e other ]
	expect 0 "$FACECTL" --gallery good snapshots import same
	expect 2 "$FACECTL" --gallery good gallery import snap
	says err "use 'snapshots import'"
	expect 0 "$FACECTL" --gallery good --format ndjson snapshots list
	[ "$(wc -l <out)" = 1 ]
}

@test "an import that is killed leaves no snapshot, and the same command imports it" {
	command -v strace >/dev/null || skip "no strace"
	a_group
	changed snap grow 700 >large
	expect 0 "$FACECTL" gallery stats
	local killed=0
	for n in 1 2 3 4 5 6 7 8; do
		status=0
		ASAN_OPTIONS=detect_leaks=0 strace -f -qq -o trace -e trace=fdatasync,fsync,msync -e inject=fdatasync,fsync,msync:signal=KILL:when=$n \
			"$FACECTL" --gallery other snapshots import large >out 2>err || status=$?
		[ $status -ne 0 ] || break
		killed=$((killed + 1))
		expect 0 "$FACECTL" --gallery other --format ndjson snapshots list
		empty out
		run_split "$FACECTL" --gallery other gallery check
		[ "$status" = 0 ] || [ ! -e other/data.mdb ]
	done
	[ $killed -ge 4 ]
	[ $status -eq 0 ] || expect 0 "$FACECTL" --gallery other snapshots import large
	expect 0 "$FACECTL" --gallery other snapshots apply "$id" --to copy
	expect 0 "$FACECTL" --gallery other --format ndjson persongroups show copy
	expect 0 "$FACECTL" --gallery other --format ndjson persons list --group copy --all
	[ "$(wc -l <out)" = 700 ]
	expect 0 "$FACECTL" --gallery other gallery check
}

@test "--ttl: a snapshot expires earlier, later or never" {
	a_group
	expect 0 "$FACECTL" --format tsv snapshots take --group cast --ttl 1ms --fields id --no-header
	expect 1 "$FACECTL" snapshots show "$(cat out)"
	expect 0 "$FACECTL" --format tsv snapshots take --group cast --ttl never --fields id --no-header
	forever=$(cat out)
	expect 0 "$FACECTL" snapshots show "$forever"
	expect 0 "$FACECTL" snapshots update "$id" --ttl 90d
	expect 0 "$FACECTL" snapshots show "$id"
	expect 0 "$FACECTL" snapshots update "$id" --ttl 1ms
	expect 1 "$FACECTL" snapshots show "$id"
	expect 1 "$FACECTL" snapshots export "$id"
	expect 0 "$FACECTL" --gallery other snapshots import snap --ttl 1ms
	expect 1 "$FACECTL" --gallery other snapshots show "$id"
	# one that has expired is replaced
	expect 0 "$FACECTL" --gallery other snapshots import snap --ttl never
	expect 0 "$FACECTL" --gallery other snapshots show "$id"
	for ttl in 0 -1d soon 1000000d; do
		expect 2 "$FACECTL" snapshots take --group cast --ttl=$ttl
	done
}

@test "who may apply: by default the gallery's own subscription, else those that are named" {
	a_group
	expect 0 "$FACECTL" --gallery other snapshots import snap --apply-scope 11111111-1111-4111-8111-111111111111
	expect 77 "$FACECTL" --gallery other snapshots apply "$id" --to copy
	expect 2 "$FACECTL" --gallery third snapshots import snap --apply-scope me
	[ ! -e third ]
	expect 0 "$FACECTL" snapshots apply "$id" --to copy
	expect 5 "$FACECTL" --gallery none snapshots export "$id"
	expect 2 "$FACECTL" snapshots export nosuch
	expect 1 "$FACECTL" snapshots export 00000000-0000-4000-8000-000000000001
	expect 2 "$FACECTL" snapshots take
}
