#!/usr/bin/env bats
# Statements of the manuals, as they are true.

load helper

@test "names are found without the difference of upper and lower case, in any alphabet" {
	draw ada.jpg ada
	expect 0 "$FACECTL" set --space s --person-id 1 --name Анна ada.jpg
	for part in анна АННА нн; do
		expect 0 "$FACECTL" --format ndjson profiles list --name "$part"
		says out '"person_id":1'
	done
	expect 0 "$FACECTL" --format ndjson profiles list --name Bob
	empty out
}

@test "classes of a pattern match letters of any alphabet" {
	mkdir photos
	draw photos/Жанна-1.jpg ada
	expect 0 "$FACECTL" --format ndjson set --space s --from photos --layout flat --pattern '^([[:alpha:]]+)-[0-9]' --dry-run
	says out '"name":"Жанна"'
}

@test "an interrupted batch that is process 1 of a container ends with 128 + N" {
	unshare --pid --fork true || skip "no PID namespace can be made"
	draw ada.jpg ada
	mkfifo list
	unshare --pid --fork --kill-child "$FACECTL" --gallery g set --space s --person-id 1 --files-from list >out 2>err &
	outer=$!
	exec 7>list
	echo ada.jpg >&7
	until grep -q enrolled out; do kill -0 "$outer" && sleep 0.1; done
	inner=$(cat "/proc/$outer/task/$outer/children")
	kill -TERM "${inner% }"
	status=0
	wait "$outer" || status=$?
	exec 7>&-
	[ "$status" -eq 143 ]
}

@test "commands without a gallery need no home folder" {
	draw ada.jpg ada
	draw again.jpg ada 2
	unset HOME
	expect 0 "$FACECTL" detect ada.jpg
	expect 0 "$FACECTL" verify ada.jpg again.jpg
	expect 0 "$FACECTL" extract ada.jpg
	expect 0 "$FACECTL" models list
	expect 0 "$FACECTL" doctor
	says out "there is no home folder for a gallery; give --gallery DIR"
	expect 2 "$FACECTL" recognize --space s ada.jpg
	says err "there is no home folder"
}

@test "processes of two containers with the same id do not share a gallery" {
	unshare --pid --fork true || skip "no PID namespace can be made"
	draw ada.jpg ada
	draw bruno.jpg bruno
	mkfifo list
	unshare --pid --fork --kill-child "$FACECTL" --gallery g set --space s --person-id 1 --files-from list >first 2>&1 &
	exec 7>list
	echo ada.jpg >&7
	until grep -q enrolled first; do sleep 0.05; done
	expect 75 unshare --pid --fork --kill-child "$FACECTL" --gallery g set --space s --person-id 2 bruno.jpg
	says err "gallery 'g' is in use by a process with the same id, 1, in another container"
	# any other process can
	expect 0 "$FACECTL" --gallery g set --space s --person-id 2 bruno.jpg
	exec 7>&-
	wait
	says first "1 photo: 1 enrolled"
}

@test "a backup replaces another one also where two folders cannot be exchanged" {
	command -v strace >/dev/null || skip "strace is not installed"
	draw ada.jpg ada
	expect 0 "$FACECTL" --gallery g set --space s --person-id 1 ada.jpg
	expect 0 "$FACECTL" --gallery g gallery backup b
	expect 0 "$FACECTL" --gallery g delete --space s --person-id 1
	ASAN_OPTIONS=detect_leaks=0 expect 0 strace -qq -o trace -f -e inject=renameat2:error=EINVAL "$FACECTL" --gallery g gallery backup --force b
	says trace INJECTED
	expect 0 "$FACECTL" --gallery b --format ndjson gallery check
	says out '"faces":0'
	[ "$(ls b)" = "$(printf 'backup.json\ndata.mdb\nlock.mdb\nwrite.lock')" ]
	[ -z "$(find . -maxdepth 1 -name '.*' ! -name .)" ]
}

@test "a duration can be given in weeks" {
	draw ada.jpg ada
	expect 0 "$FACECTL" set --space s --person-id 1 ada.jpg
	expect 1 "$FACECTL" erase --older-than 52w --yes
	says err "nothing to erase"
}

@test "the example of a descriptor is a model" {
	awk '/^# EXAMPLE/ { example = 1 } /^```/ { inside = !inside; next } example && inside' "$BATS_TEST_DIRNAME/../../man/facectl-models.5.scd" |
		sed "s/\"sha256\": \"...\"/\"sha256\": \"$(printf '%064d' 0)\"/" >my-embedder.json
	expect 0 "$FACECTL" --model-path . models show my-embedder
	says out missing
	lacks err "cannot be used"
}

@test "a dry run prints no ids of what it does not store" {
	draw ada.jpg ada
	expect 0 "$FACECTL" --format ndjson set --space s --person-id 1 --dry-run ada.jpg
	says out '"person_id":1'
	lacks out '"pid"'
	lacks out '"face_id"'
	expect 0 "$FACECTL" --format ndjson profiles create --space s --dry-run ada.jpg
	says out '"result":"new"'
	lacks out '"pid"'
	lacks out '"face_id"'
	expect 0 "$FACECTL" --format ndjson recognize --space s --create-new --dry-run ada.jpg
	lacks out '"pid"'
	# what exists keeps its ids
	expect 0 "$FACECTL" --format ndjson set --space s --person-id 1 ada.jpg
	expect 0 "$FACECTL" --format ndjson set --space s --person-id 1 --dry-run ada.jpg
	says out '"pid"'
	says out '"face_id"'
}

@test "what is printed is a manifest for the columns that are needed" {
	draw ada.jpg ada
	expect 0 "$FACECTL" set --space s --person-id 1 --name Ada ada.jpg
	expect 0 "$FACECTL" --format tsv --fields path,name set --space s --person-id 1 --no-ledger ada.jpg -o people.tsv
	expect 0 "$FACECTL" set --space t --manifest people.tsv
	expect 0 "$FACECTL" profiles show t/Ada
}
