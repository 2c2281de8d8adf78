#!/usr/bin/env bats
# --watch: photos of a folder as they arrive.

load helper

facectl() {
	"$FACECTL" --gallery g --attribute-model none "$@"
}

teardown() {
	[ -z "${run:-}" ] || pkill -9 -P "$run" || true
	[ -z "${run:-}" ] || kill -9 "$run" 2>/dev/null || true
	[ -z "${writer:-}" ] || kill -9 "$writer" 2>/dev/null || true
}

# start COMMAND...: it runs in the background, as $run, with the files out and err.
start() {
	# not ignored, as it is below nohup
	env --default-signal=HUP "$FACECTL" --gallery g --attribute-model none --format ndjson "$@" >out 2>err 3>&- &
	run=$!
}

# until_count FILE TEXT N: wait until N lines of the file have the text.
until_count() {
	local left=6000
	until [ "$(grep -cF -e "$2" "$1")" -ge "$3" ]; do
		if ! kill -0 "$run" 2>/dev/null || [ $((left--)) -eq 0 ]; then
			echo "$1 does not have '$2' $3 times:"
			cat out err
			return 1
		fi
		sleep 0.01
	done
}

# stop [SIGNAL]: the run ends by SIGTERM.
stop() {
	kill "-${1:-TERM}" "$run"
	status=0
	wait "$run" || status=$?
	run=''
	keep_records
	[ "$status" -eq "$((128 + $(kill -l "${1:-TERM}")))" ]
}

# arrive FILE IDENTITY [POSE]: the photo is renamed to its name when it is complete.
arrive() {
	draw arriving.jpg "${@:2}"
	mkdir -p "${1%/*}"
	mv arriving.jpg "$1"
}

# link_later FILE IDENTITY [POSE]: the photo is a hard link, which is complete only when it was the same for two seconds.
link_later() {
	draw linked.jpg "${@:2}"
	ln linked.jpg "$1"
	rm linked.jpg
}

# contents GALLERY: name of the person, SHA-256 of the photo and template of each face.
contents() {
	"$FACECTL" --gallery "$1" gallery export >exported
	python3 - <<'PYTHON'
import json
names = {}
rows = []
for line in open("exported"):
    record = json.loads(line)
    if record["type"] == "person":
        names[record["pid"]] = record.get("name")
    elif record["type"] == "face":
        rows.append((names[record["pid"]], record["sha256"], record["template"][:40]))
print("\n".join(" ".join(map(str, row)) for row in sorted(rows)))
PYTHON
}

# same_as_fresh: the gallery g has the faces of an enrolment of the folder now.
same_as_fresh() {
	rm -rf fresh
	"$FACECTL" --gallery fresh --attribute-model none -q set -s s --from in >/dev/null
	contents fresh >wanted
	[ -s wanted ]
	contents g | diff wanted -
}

@test "set: what is there, what arrives, and new folders; SIGTERM ends with the summary" {
	arrive in/anna/1.jpg ada
	arrive in/ben/1.jpg bruno
	start set -s s --from in --watch
	until_count out '"result":"enrolled"' 2
	arrive in/anna/2.jpg ada 1
	until_count out in/anna/2.jpg 1
	draw copied.jpg bruno 1
	cp copied.jpg in/ben/2.jpg
	until_count out in/ben/2.jpg 1
	arrive in/cleo/deep/er/1.jpg chidi
	until_count out in/cleo/deep/er/1.jpg 1
	arrive in/cleo/deep/er/2.jpg chidi 1
	until_count out in/cleo/deep/er/2.jpg 1
	[ "$(grep -c '"result":"enrolled"' out)" = 6 ]
	stop
	says err '6 photos: 6 enrolled'
	says err 'interrupted by SIGTERM after 6 photos; run the same command to continue'
	same_as_fresh
	expect 0 facectl gallery check
}

@test "a file that is being written is waited for, however slowly it is written" {
	arrive in/anna/1.jpg ada
	start set -s s --from in --watch
	until_count out in/anna/1.jpg 1
	draw whole.jpg ada 1
	mkfifo rest
	{
		head -c 3000 whole.jpg
		cat rest
	} >in/anna/2.jpg 3>&- &
	writer=$!
	# hard links report no end of writing: when both are enrolled, four seconds have passed
	link_later in/anna/3.jpg ada 2
	until_count out in/anna/3.jpg 1
	link_later in/anna/4.jpg ada 3
	until_count out in/anna/4.jpg 1
	lacks out in/anna/2.jpg
	tail -c +3001 whole.jpg >rest
	wait "$writer"
	until_count out in/anna/2.jpg 1
	stop
	says err '4 photos: 4 enrolled'
	same_as_fresh
}

@test "a replaced file replaces its face, and swapped files keep theirs" {
	arrive in/anna/1.jpg ada
	arrive in/anna/2.jpg ada 1
	start set -s s --from in --watch
	until_count out '"result":"enrolled"' 2
	draw other.jpg ada 2
	cp other.jpg in/anna/1.jpg
	until_count out '"result":"replaced"' 1
	mv in/anna/1.jpg swap.jpg
	mv in/anna/2.jpg in/anna/1.jpg
	mv swap.jpg in/anna/2.jpg
	until_count out in/anna/2.jpg 2
	# the replaced faces are removed while the run goes on
	until same_as_fresh; do
		kill -0 "$run"
		sleep 0.05
	done
	stop
	expect 0 facectl gallery check
}

@test "recognize answers each photo once, over kill -9, restarts and other options" {
	arrive in/anna/1.jpg ada
	arrive in/ben/1.jpg bruno
	expect 0 facectl set -s s --from in
	log_all --gallery g
	mkdir cam
	arrive cam/1.jpg ada 1
	echo none >cam/none.jpg
	start recognize -s s --from cam --watch
	until_count out '"path"' 2
	arrive cam/2.jpg bruno 1
	until_count out cam/2.jpg 1
	kill -9 "$run"
	wait "$run" || true
	arrive cam/3.jpg ada 2
	start recognize -s s --from cam --watch
	until_count out cam/3.jpg 1
	# written again with the same content, and changed
	touch cam/1.jpg
	draw changed.jpg bruno 2
	cp changed.jpg cam/2.jpg
	until_count out cam/2.jpg 1
	# the same photo at another path is another arrival
	mkdir cam/later
	cp changed.jpg cam/later/4.jpg
	until_count out cam/later/4.jpg 1
	stop
	[ "$(wc -l <out)" = 3 ]
	says err '3 photos: 3 known; 4 answered in an earlier run'
	expect 0 facectl --format ndjson entries list -s s --origin cli --limit 100
	[ "$(grep -o '"path":"cam/[^"]*"' out | sort | uniq -c | awk '{ print $1, $2 }' | paste -sd ' ')" = \
		'1 "path":"cam/1.jpg" 2 "path":"cam/2.jpg" 1 "path":"cam/3.jpg" 1 "path":"cam/later/4.jpg"' ]
	# another threshold is another question
	start recognize -s s --from cam --watch -t 0.9
	until_count out '"path"' 5
	stop
	expect 0 facectl gallery check
}

@test "profiles create and search follow a folder, and search answers once" {
	mkdir in
	start profiles create -s s --from in --watch
	arrive in/1.jpg ada
	until_count out '"result":"new"' 1
	arrive in/2.jpg ada 1
	until_count out '"result":"exact"' 1
	stop HUP
	says err 'interrupted by SIGHUP'
	start profiles search -s s --from in --watch
	until_count out '"result":"exact"' 2
	stop
	arrive in/3.jpg bruno
	start profiles search -s s --from in --watch
	until_count out in/3.jpg 1
	stop
	[ "$(wc -l <out)" = 1 ]
	says err '2 answered in an earlier run'
	# photos that are gone are forgotten
	mv in/1.jpg away.jpg
	start profiles search -s s --from in --watch
	arrive in/4.jpg bruno 1
	until_count out in/4.jpg 1
	stop
	mv away.jpg in/1.jpg
	start profiles search -s s --from in --watch
	until_count out in/1.jpg 1
	stop
	expect 0 facectl gallery check
}

@test "set: kill -9 at any moment, and again: nothing is lost, and nothing is there twice" {
	local i
	mkdir in
	RANDOM=5
	for i in 1 2 3 4 5 6; do
		start set -s s --from in --watch
		arrive "in/anna/$i.jpg" ada $((i % 4))
		arrive "in/ben/$i.jpg" bruno $((i % 3))
		[ $((i % 2)) = 0 ] || until_count out "in/ben/$i.jpg" 1
		sleep "0.0$((RANDOM % 9))"
		kill -9 "$run"
		wait "$run" || true
	done
	start set -s s --from in --watch
	arrive in/cleo/1.jpg chidi
	until_count out in/cleo/1.jpg 1
	until_count out '"path"' 13
	stop
	same_as_fresh
	expect 0 facectl gallery check
}

@test "a folder that is gone is waited for" {
	arrive in/anna/1.jpg ada
	start set -s s --from in --watch
	until_count out in/anna/1.jpg 1
	mv in elsewhere
	until_count err "waiting for the folder" 1
	arrive elsewhere/anna/2.jpg ada 1
	mv elsewhere in
	until_count err "the folder 'in' is there again" 1
	until_count out in/anna/2.jpg 1
	[ "$(wc -l <out)" = 2 ]
	# a folder that moves within the tree is watched at its new place
	mv in/anna in/berg
	until_count out in/berg/2.jpg 1
	arrive in/berg/3.jpg ada 2
	until_count out in/berg/3.jpg 1
	stop
}

@test "without watches the folder is read again and again" {
	command -v strace >/dev/null || skip "no strace"
	arrive in/anna/1.jpg ada
	ASAN_OPTIONS=$ASAN_OPTIONS:detect_leaks=0 strace -qq -o trace -e trace=inotify_add_watch -e inject=inotify_add_watch:error=ENOSPC \
		"$FACECTL" --gallery g --attribute-model none --format ndjson set -s s --from in --watch >out 2>err 3>&- &
	run=$!
	until_count out in/anna/1.jpg 1
	until_count err 'the limit of watches is reached' 1
	arrive in/anna/2.jpg ada 1
	until_count out in/anna/2.jpg 1
	kill "$(pgrep -P "$run")"
	wait "$run" || true
	run=''
	[ "$(grep -c 'the limit of watches' err)" = 1 ]
}

@test "other processes can use the gallery, even compact it, while nothing arrives" {
	arrive in/anna/1.jpg ada
	start set -s s --from in --watch
	until_count out in/anna/1.jpg 1
	"$FACECTL" --gallery g --lock-timeout 60s gallery compact >/dev/null
	"$FACECTL" --gallery g --attribute-model none -q set -s s --person-id 7 in/anna/1.jpg --on-duplicate new >/dev/null || true
	arrive in/anna/2.jpg ada 1
	until_count out in/anna/2.jpg 1
	stop
	expect 0 facectl gallery check
}

@test "--max-time ends a run that has nothing to do with status 0" {
	arrive in/anna/1.jpg ada
	expect 0 facectl set -s s --from in --watch --max-time 5s
	says out anna
	mkdir empty
	expect 0 facectl set -s s --from empty --watch --max-time 100ms
}

@test "what --watch cannot be combined with is refused" {
	mkdir in
	expect 2 facectl set -s s --watch in/1.jpg
	says err '--watch needs a folder: --from DIR'
	echo path >list.csv
	expect 2 facectl recognize -s s --manifest list.csv --watch
	expect 2 facectl set -s s --from in --watch --dry-run
	says err 'give either --watch or --dry-run'
	expect 2 facectl set -s s --from in --watch --sync
	says err 'give either --watch or --sync'
	expect 2 facectl --format json set -s s --from in --watch
	says err 'use --format ndjson'
	expect 4 facectl set -s s --from missing --watch
	says err "cannot open folder 'missing'"
}
