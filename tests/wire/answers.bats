#!/usr/bin/env bats
# Responses that must not be believed, and responses that are too large: nothing is deleted or reported as done because of them.

load wire

eval "wire_$(declare -f setup)"

setup() {
	wire_setup
	a_service_of_each_type
}

on() {
	"$FACECTL" --service "$@"
}

# field NAME: of the record in `out`.
field() {
	python3 -c 'import json, sys; print(json.loads(open("out").readline()).get(sys.argv[1]))' "$1"
}

# portrait FILE NAME: a photo of this person, large enough for Azure.
portrait() {
	photo "$1" "$2"
	head -c 1200 /dev/zero >>"$1"
}

# stored SERVICE: the profiles and entries that a platform has.
stored() {
	control state
	python3 -c 'import json, sys
state = json.load(open("control.json"))[sys.argv[1]]
print(len(state["persons"]), len(state["entries"]))' "$1"
}

@test "profiles delete --with entries deletes nothing if the service ignores the filter by profile" {
	photo ada.png ada
	photo bruno.png bruno
	for type in neuroio serp; do
		who=${type/neuroio/neuro}
		expect 0 on "$who" profiles create bruno.png
		expect 0 on "$who" --format ndjson profiles create ada.png
		pid=$(field pid)
		control "$type" '{"ignores_pids": true}'
		expect 7 on "$who" profiles delete --with entries "$pid"
		says err "service '$who' returned an entry of another profile"
		[ "$(stored "$type")" = "2 2" ]
		expect 7 on "$who" entries list --person "$pid"
		expect 7 on "$who" entries stats "$pid" --origin door
		control "$type" '{"ignores_pids": false}'
		expect 0 on "$who" profiles delete --with entries "$pid"
		[ "$(stored "$type")" = "1 1" ]
	done
}

@test "profiles delete --with entries looks for the profile before it deletes its entries" {
	control neuroio '{"entries": 9}'
	pid=c7111b45-c5cb-4c44-b097-5ede3584abe3
	expect 7 on neuro profiles delete --with entries "$pid"
	says err "service 'neuro' has no profile $pid, but 4 entries of it; delete them with 'facectl entries delete'"
	[ "$(stored neuroio)" = "0 9" ]
}

@test "an error in the body of a successful response is an error" {
	portrait ada.png ada
	for who in neuro serp; do
		type=${who/neuro/neuroio}
		expect 0 on "$who" --format ndjson profiles create ada.png
		pid=$(field pid)
		for deletes in "profiles delete $pid" "entries delete 1"; do
			control faults '["error-body"]'
			# shellcheck disable=SC2086
			expect 7 on "$who" $deletes
			says err "HTTP 200: Internal server error"
		done
		[ "$(stored "$type")" = "1 1" ]
		# NeuroIO is asked for its origins first; then both for the newest entry
		control faults "[$([ $who = serp ] || echo null,) null, $(printf '"error-body", null, %.0s' 1 2 3 4) \"error-body\"]"
		expect 7 on "$who" profiles reinit "$pid" ada.png
		says err "HTTP 200: Internal server error"
	done
	expect 0 on face set --space 5 --person-id 1 ada.png
	for deletes in "delete --space 5 --person-id 1" "truncate --space 5 --yes" "spaces delete --yes 5"; do
		control faults '[null, null, "error-body", "error-body", "error-body", "error-body", "error-body"]'
		[ "$deletes" != "spaces delete --yes 5" ] || control faults '[null, null, null, "error-body", "error-body", "error-body", "error-body", "error-body"]'
		# shellcheck disable=SC2086
		expect 7 on face $deletes
		says err "HTTP 200"
		state 'list(state["groups"]["facectl-5"]["persons"])' "['person1']"
	done
	expect 0 on vk set --space 5 --person-id 1 ada.png
	control faults '["error-body"]'
	expect 7 on vk truncate --space 5 --yes
	says err "service 'vk': HTTP 200: Internal server error"
	control faults '["error-body"]'
	expect 7 on vk delete --space 5 --person-id 1
	state 'list(state["spaces"]["5"]["persons"])' "['1']"
}

@test "a reinit that was answered with an error is not taken for an earlier one" {
	photo ada.png ada
	for type in neuroio serp; do
		who=${type/neuroio/neuro}
		expect 0 on "$who" --format ndjson profiles create ada.png
		pid=$(field pid)
		expect 0 on "$who" profiles reinit "$pid" ada.png
		control "$type" '{"failing_reinits": 9}'
		expect 75 on "$who" profiles reinit "$pid" ada.png
		says err "HTTP 503: Try again"
		[ "$(stored "$type")" = "1 2" ]
	done
}

@test "a reinit is sent once if the log cannot be read" {
	photo ada.png ada
	expect 0 on serp --format ndjson profiles create ada.png
	pid=$(field pid)
	control faults '["404", "404", "404", "404", "404"]'
	expect 0 on serp profiles reinit "$pid" ada.png
	[ "$(stored serp)" = "1 2" ]
	control serp '{"failing_reinits": 9}'
	control faults '["404", "404", "404", "404", "404"]'
	expect 75 on serp profiles reinit "$pid" ada.png
	says err "the profile may have been changed, so it was not repeated"
	state 'sum("reinit" in line for line in state["serp"]["log"])' 2
}

@test "a server that only has JSON is no service" {
	control faults '["404"]'
	expect 7 "$FACECTL" services check vk
	says err "HTTP 404"
	for who in face neuro serp; do
		control faults '["foreign"]'
		expect 7 "$FACECTL" services check $who
	done
}

@test "a person that an earlier try has deleted is deleted" {
	photo ada.png ada
	control smarty '{"strict": true}'
	expect 0 on vk set --space 5 --person-id 1 ada.png
	control faults '["cut-done"]'
	expect 0 on vk delete --space 5 --person-id 1
	state 'list(state["spaces"]["5"]["persons"])' "[]"
	expect 1 on vk delete --space 5 --person-id 1
	says err "not in space '5'"
}

@test "Azure: a person that another program creates at the same time keeps its number" {
	portrait ada.png ada
	control azure '{"rivals": 1}'
	expect 0 on face --format ndjson recognize --space 5 --create-new ada.png
	state 'state["groups"]["facectl-5"]["count"]' 2
	number=$(field person_id)
	[ "$number" != 1 ]
	state 'state["groups"]["facectl-5"]["persons"]' "{'person1': [], 'person$number': ['ada']}"
}

@test "Azure: of two persons with one number, none is changed or deleted" {
	portrait ada.png ada
	portrait older.png older
	control azure '{"rivals": 1}'
	expect 4 on face set --space 5 --person-id 1 ada.png
	says err "service 'face': space '5': two persons have the number 1 ("
	for refused in "delete --space 5 --person-id 1" "set --space 5 --person-id 1 older.png"; do
		# shellcheck disable=SC2086
		expect 4 on face $refused
		says err "two persons have the number 1 ("
	done
	state 'state["groups"]["facectl-5"]["count"], len(state["groups"]["facectl-5"]["added"])' "(2, 1)"
}

@test "Azure: a person whose face was refused stays if another program added a face to it" {
	portrait none.png ""
	control azure '{"intruders": 1}'
	expect 4 on face set --space 5 --person-id 1 none.png
	state 'state["groups"]["facectl-5"]["persons"]' "{'person1': ['somebody']}"
	expect 4 on face set --space 5 --person-id 2 none.png
	state 'state["groups"]["facectl-5"]["persons"]' "{'person1': ['somebody']}"
}

# within KIB STATUS COMMAND...: the command has this exit status and uses at most this memory.
within() {
	python3 - "$@" >out 2>err <<-'END'
		import resource, subprocess, sys
		status = subprocess.run(sys.argv[3:]).returncode
		most = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
		print("status", status, "with", most, "KiB", file=sys.stderr)
		sys.exit(0 if status == int(sys.argv[2]) and most < int(sys.argv[1]) else 1)
	END
}

@test "a response costs at most 64 MiB of memory" {
	photo ada.png ada
	! ldd "$FACECTL" | grep -q libasan || skip "a sanitizer uses memory of its own"
	control faults '["flood"]'
	within 65536 7 "$FACECTL" --service vk recognize --space 5 ada.png
	says err "the response has more than 200000 values"
	control faults '["flood-names"]'
	within 65536 7 "$FACECTL" --service vk recognize --space 5 ada.png
	says err "the response has no result for it"
}
