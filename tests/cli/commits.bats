#!/usr/bin/env bats
# Commits of verbs that log photos: shared by many photos, and done before anything is printed.

load helper
load calibrated

# The number of the last committed transaction: in the newer of LMDB's two meta pages, behind the map's root records.
last_transaction() {
	local data=$HOME/.local/share/facectl/gallery/data.mdb
	for page in 0 4096; do od -An -t u8 -j $((page + 144)) -N 8 "$data"; done | sort -n | tail -n 1 | tr -d ' '
}

# shares_commits COUNT COMMAND...: far fewer transactions than photos, which it logs COUNT entries of.
shares_commits() {
	local count=$1 before after
	shift
	before=$(last_transaction)
	expect 0 "$@"
	after=$(last_transaction)
	[ "$(wc -l <out)" -eq "$count" ]
	expect 0 "$FACECTL" --format ndjson entries list --limit 100
	[ "$(grep -c '"result":"exact"' out)" -eq "$count" ]
	# A group is committed when it is a second old, too; a photo takes a small part of that.
	[ $((after - before)) -gt 0 ]
	[ $((after - before)) -le $((count / 2)) ]
}

twenty() {
	calibrate
	log_all
	draw ada.jpg ada
	expect 0 "$FACECTL" set --no-entry --space door --person-id 1 ada.jpg
	for _ in {1..20}; do echo ada.jpg; done >list
}

@test "recognize commits many photos at once" {
	twenty
	shares_commits 20 "$FACECTL" --format ndjson recognize --space door --threshold 0.4 --files-from list
}

@test "profiles search commits many photos at once" {
	twenty
	shares_commits 20 "$FACECTL" --format ndjson profiles search --space door --files-from list
}

@test "a photo sees the persons that earlier photos of its commit have added" {
	calibrate
	draw ada.jpg ada
	draw again.jpg ada 2
	draw bruno.jpg bruno
	expect 0 "$FACECTL" --format ndjson recognize --create-new --space door --threshold 0.4 ada.jpg again.jpg bruno.jpg
	[ "$(grep -oE '"person_id":[0-9]+' out | tr '\n' ' ')" = '"person_id":1 "person_id":1 "person_id":2 ' ]
}

# stopped COMMAND...: it gets SIGTERM while it waits for more photos, after 30 of which some are printed.
stopped() {
	mkfifo paths
	"$@" --files-from paths >out 2>err 9>&- &
	local run=$!
	exec 9>paths
	for _ in {1..30}; do echo ada.jpg; done >&9
	until grep -q ada.jpg out; do kill -0 "$run" && sleep 0.01 || return 1; done
	kill -TERM "$run"
	status=0
	wait "$run" || status=$?
	exec 9>&-
	[ "$status" -eq 143 ]
}

@test "SIGTERM commits what is in flight, and what is printed is stored" {
	twenty
	stopped "$FACECTL" -j 1 --format ndjson recognize --space door --threshold 0.4
	printed=$(wc -l <out)
	[ "$printed" -gt 0 ]
	expect 0 "$FACECTL" --format ndjson entries list --limit 100
	[ "$(wc -l <out)" -eq "$printed" ]
}
