#!/usr/bin/env bats
# set and profiles create follow a folder on remote services: what arrives is sent, and a restart misses and repeats nothing.

load wire

eval "wire_$(declare -f setup)"

setup() {
	wire_setup
	a_service_of_each_type
}

# portrait FILE NAME: a photo of this person, large enough for Azure, in a folder that is made.
portrait() {
	mkdir -p "$(dirname "$1")"
	"$BATS_TEST_DIRNAME/photo.py" "$1" "$2@194,76,258,167"
	head -c 1200 /dev/zero >>"$1"
}

requests() {
	control state
	python3 -c 'import json; print(json.load(open("control.json"))["requests"])'
}

# follow SERVICE COMMAND...: follow the folder tree; the run is $run.
follow() {
	settle
	"$FACECTL" --service "$1" --format ndjson "${@:2}" --from tree --watch >out 2>err 3>&- &
	run=$!
}

# records N: wait until the run has written N records.
records() {
	until [ "$(wc -l <out)" -ge "$1" ]; do kill -0 "$run" && sleep 0.01 || return 1; done
}

# finish: end the run with SIGTERM, by which it ends.
finish() {
	local ended=0
	kill "$run"
	wait "$run" || ended=$?
	[ "$ended" -eq 143 ]
	keep_records follow
}

# each NAME: that member of the records in out, sorted.
each() {
	python3 -c 'import json, sys; print(*sorted(str(json.loads(line).get(sys.argv[1])) for line in open("out")))' "$1"
}

@test "set --watch on azure: each photo is sent once, and the group is trained whenever no photo is left" {
	portrait tree/anna/1.png anna
	portrait tree/ben/1.png ben
	follow face set --space 5
	records 2
	until state 'state["groups"]["facectl-5"]["trainings"]' 1 && state 'state["groups"]["facectl-5"]["userData"]' "facectl: trained"; do
		kill -0 "$run" && sleep 0.01
	done >wait.out
	portrait later/2.png anna2
	mv later/2.png tree/anna/2.png
	portrait later/cleo/1.png cleo
	mv later/cleo tree/cleo
	records 4
	finish
	[ "$(each result)" = "enrolled enrolled enrolled enrolled" ]
	state 'state["groups"]["facectl-5"]["persons"]' "{'anna': ['anna', 'anna2'], 'ben': ['ben'], 'cleo': ['cleo']}"
	expect 0 "$FACECTL" --service face recognize --space 5 --require-match tree/anna/2.png
	before=$(requests)
	follow face set --space 5
	records 4
	finish
	[ "$(each result)" = "unchanged unchanged unchanged unchanged" ]
	[ "$(requests)" = "$before" ]
}

@test "set --watch on azure that is killed is continued by the next run" {
	for i in 1 2 3 4 5 6; do portrait "tree/anna/$i.png" "a$i"; done
	sed -i 's/^\(\[service .*\)$/\1\n\tjobs = 1/' "$HOME/.config/facectl/facectl.conf"
	control faults '["","","","","","","","stall-done"]'
	follow face set --space 5
	until state 'state["faults"].get("stall-done")' 1; do kill -0 "$run" && sleep 0.01; done >wait.out
	kill -KILL "$run"
	wait "$run" || true
	follow face set --space 5
	records 6
	finish
	state 'state["groups"]["facectl-5"]["persons"]' "{'anna': ['a1', 'a2', 'a3', 'a4', 'a5', 'a6']}"
	state 'len(state["groups"]["facectl-5"]["added"])' 6
}

@test "a photo that fails for now is sent again, while the folder is followed" {
	portrait tree/anna/1.png anna
	set_key retries 0
	sed -i 's/^\(\[service "face".*\)$/\1\n\tretries = 0/' "$HOME/.config/facectl/facectl.conf"
	control faults '["","503:0"]'
	follow face set --space 5
	records 1
	finish
	[ "$(each status)" = busy ]
	follow face set --space 5
	records 1
	finish
	[ "$(each result)" = enrolled ]
}

@test "profiles create --watch on neuroio and serp makes each profile once" {
	for service in neuro serp; do
		case $service in neuro) platform=neuroio ;; serp) platform=serp ;; esac
		rm -rf tree
		portrait tree/1.png p1
		portrait tree/2.png p2
		follow "$service" profiles create
		records 2
		portrait later/3.png p3
		mv later/3.png tree/3.png
		records 3
		finish
		[ "$(each action)" = "enrolled enrolled enrolled" ]
		each pid >pids
		before=$(requests)
		follow "$service" profiles create
		records 3
		finish
		# a photo that arrived just before it was sent may be read again, but it is not sent again
		lacks out '"action":"enrolled"'
		each pid | diff pids -
		[ "$(requests)" = "$before" ]
		state "len(state['$platform']['made'])" 3
	done
}
