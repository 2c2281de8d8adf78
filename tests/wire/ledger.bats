#!/usr/bin/env bats
# A folder is sent to a service once: the ledger of the gallery knows what was sent, to which service and space.
#
# FACECTL_TEST_STORM says how many photos meet the storm; 200 by default.

load wire

# many COUNT: photos of persons 1 to COUNT in the folder many, old enough for their times to be trusted.
many() {
	"$BATS_TEST_DIRNAME/photo.py" --many many "$1"
	settle
}

# results: each word of the records in out with how often it comes.
results() {
	grep -o '"result":"[a-z]*"' out | sort | uniq -c | tr -s ' \n' ' '
}

requests() {
	control state
	python3 -c 'import json; print(json.load(open("control.json"))["requests"])'
}

send() {
	vk --format ndjson set --space 5 --from many "$@"
}

@test "a second run sends nothing and tells the same persons" {
	many 20
	expect 0 send
	[ "$(results)" = ' 20 "result":"enrolled" ' ]
	before=$(requests)
	expect 0 send
	[ "$(results)" = ' 20 "result":"unchanged" ' ]
	[ "$(grep -c '"examined":false' out)" = 20 ]
	[ "$(grep -o '"person":"[a-z0-9]*"' out | sort -u | wc -l)" = 20 ]
	[ "$(requests)" = "$before" ]
	expect 0 vk --format json set --space 5 --from many
	[ "$(grep -c '"status": 0' out)" = 20 ]
	[ "$(requests)" = "$before" ]
}

@test "a face that this machine cannot choose is an error of the photo, and nothing is sent" {
	many 1
	before=$(requests)
	for choice in largest central index=0 box=1,1,50,50; do
		expect 4 vk --format ndjson set --space 5 --from many --face "$choice" --retry-failed
		says err "'many/1/1.png': truncated PNG"
	done
	printf 'path,person_id,face\nmany/1/1.png,1,2\n' >list.csv
	expect 4 vk set --space 5 --manifest list.csv
	says err "'many/1/1.png': truncated PNG"
	[ "$(requests)" = "$before" ]
	expect 0 send --face main
}

# watch_until N M: follow the folder many until N photos have records; then the photo $arrives arrives, and the run ends when M have.
watch_until() {
	"$FACECTL" --service vk --format ndjson set --space 5 --from many --watch >out 2>err 3>&- &
	local run=$!
	until [ "$(wc -l <out)" -ge "$1" ]; do kill -0 "$run" && sleep 0.01 || return 1; done
	# a photo that arrives while the run waits
	[ -z "${arrives:-}" ] || mv "$arrives" many/1/arrived.png
	until [ "$(wc -l <out)" -ge "$2" ]; do kill -0 "$run" && sleep 0.01 || return 1; done
	kill "$run"
	wait "$run" || true
	keep_records
}

@test "a followed folder is sent as it arrives, and a restart sends nothing again" {
	many 3
	mkdir later
	cp many/3/3.png later/3.png
	"$BATS_TEST_DIRNAME/photo.py" later/3.png p33@194,76,258,167
	arrives=later/3.png watch_until 3 4
	before=$(requests)
	watch_until 4 4
	[ "$(results)" = ' 4 "result":"unchanged" ' ]
	[ "$(requests)" = "$before" ]
	expect 2 vk recognize --space 5 --from many --watch
	says err 'recognize --watch needs --service local'
}

@test "what is new or changed is sent, and what only moved is not" {
	many 5
	expect 0 send
	cp many/1/1.png many/1/again.png
	"$BATS_TEST_DIRNAME/photo.py" many/2/2.png p22@194,76,258,167
	mv many/3/3.png many/3/moved.png
	touch many/4/4.png
	expect 0 send
	[ "$(results)" = ' 1 "result":"enrolled" 5 "result":"unchanged" ' ]
	state 'sorted(state["spaces"]["5"]["persons"]["2"])' "['p2', 'p22']"
	before=$(requests)
	expect 0 send
	[ "$(requests)" = "$before" ]
}

@test "another person, space or address is another matter, and so is a photo that is named" {
	many 3
	expect 0 send
	expect 0 vk --format ndjson set --space 6 --from many
	[ "$(results)" = ' 3 "result":"enrolled" ' ]
	mv many/1/1.png many/2/from-1.png
	expect 3 send
	[ "$(results)" = ' 1 "result":"failed" 2 "result":"unchanged" ' ]
	says err "this photo is already a face of person 1; the service cannot remove one face"
	expect 0 vk delete --space 5 --person-id 1
	expect 0 send
	[ "$(results)" = ' 3 "result":"enrolled" ' ]
	set_key url "$FAKE_URL/api"
	expect 0 send
	[ "$(results)" = ' 3 "result":"enrolled" ' ]
	before=$(requests)
	expect 0 vk --format ndjson set --space 5 --person-id 3 many/3/3.png
	[ "$(results)" = ' 1 "result":"enrolled" ' ]
	expect 0 send --no-ledger
	[ "$(results)" = ' 3 "result":"enrolled" ' ]
	[ "$(requests)" -gt "$before" ]
}

@test "another account is another matter, unless it is said to be the same" {
	many 3
	expect 0 send
	echo another-account-of-it >token
	control smarty '{"token": "another-account-of-it"}'
	expect 0 send
	[ "$(results)" = ' 3 "result":"enrolled" ' ]
	set_key account shop
	expect 0 send
	[ "$(results)" = ' 3 "result":"enrolled" ' ]
	echo a-new-token-of-it >token
	control smarty '{"token": "a-new-token-of-it"}'
	before=$(requests)
	expect 0 send
	[ "$(results)" = ' 3 "result":"unchanged" ' ]
	[ "$(requests)" = "$before" ]
}

@test "what is deleted with one token is forgotten for all tokens" {
	many 2
	cp -p token first
	expect 0 send
	echo a-second-token-of-it >token
	control smarty '{"token": "a-second-token-of-it"}'
	expect 0 vk delete --space 5 --person-id 1
	cp -p first token
	control smarty "{\"token\": \"$(head -n 1 first)\"}"
	expect 0 send
	[ "$(results)" = ' 2 "result":"enrolled" ' ]
}

@test "what the service forgets is forgotten here" {
	many 3
	for forget in "delete --space 5 --person-id 1" "truncate --space 5 --yes"; do
		expect 0 send
		# shellcheck disable=SC2086
		expect 0 vk $forget
		expect 0 send
		[ "$(results)" = ' 3 "result":"enrolled" ' ]
	done
	state 'len(state["spaces"]["5"]["persons"])' 3
}

@test "what failed for now is sent again, what was refused is not unless asked" {
	many 3
	"$BATS_TEST_DIRNAME/photo.py" many/2/2.png "p2@194,76,258,167;q@300,76,358,167"
	settle
	set_key retries 0
	control faults '["503:0"]'
	expect 75 send
	expect 3 send
	[ "$(results)" = ' 2 "result":"enrolled" 1 "result":"rejected" ' ]
	before=$(requests)
	run_split send
	[ "$(results)" = ' 1 "result":"skipped" 2 "result":"unchanged" ' ]
	[ "$(requests)" = "$before" ]
	expect 3 send --retry-failed
	[ "$(requests)" -gt "$before" ]
	[ "$(results)" = ' 1 "result":"rejected" 2 "result":"unchanged" ' ]
}

@test "a run that is interrupted goes on where it was" {
	many 60
	set_key max-photos 1
	set_key jobs 1
	control faults '["slow:0.001"]'
	"$FACECTL" --service vk --format ndjson set --space 5 --from many >out 2>err &
	pid=$!
	until [ "$(grep -c '"result"' out)" -ge 10 ]; do sleep 0.02; done
	kill -KILL $pid
	wait $pid || true
	expect 0 send
	[ "$(grep -c '"result"' out)" = 60 ]
	state 'len(state["spaces"]["5"]["persons"])' 60
	before=$(requests)
	expect 0 send
	[ "$(results)" = ' 60 "result":"unchanged" ' ]
	[ "$(requests)" = "$before" ]
}

@test "no gallery is made for a photo that is named" {
	photo ada.png ada
	expect 0 vk set --space 5 --person-id 1 ada.png
	expect 0 vk truncate --space 5 --yes
	[ ! -e "$HOME/.local/share/facectl/gallery" ]
}

# platform TYPE: the service "there" is a platform of that type.
platform() {
	local path=$1
	if [ "$1" = serp ]; then path=serp/v1/; fi
	configure <<-END
		[service "there"]
			type = $1
			url = $FAKE_URL/$path
			token-file = $PWD/token
			ca-file = $FAKE_CA
			retry-wait = 10ms
			origin = door
	END
}

there() {
	"$FACECTL" --service there --format ndjson "$@"
}

create() {
	there profiles create --from many "$@"
}

# each NAME: that member of the records in out, one in a line.
each() {
	python3 -c 'import json, sys; [print(json.loads(line).get(sys.argv[1])) for line in open("out")]' "$1"
}

@test "profiles are made once, and told by the ids that the platform gave" {
	many 5
	for type in neuroio serp; do
		platform "$type"
		expect 0 create
		[ "$(each action | sort | uniq -c | xargs)" = "5 enrolled" ]
		each pid >pids
		before=$(requests)
		expect 0 create
		[ "$(each action | sort | uniq -c | xargs)" = "5 unchanged" ]
		[ "$(each result | sort -u)" = exact ]
		[ "$(each examined | sort -u)" = False ]
		each pid | diff pids -
		# A list is another way to the same photos.
		printf 'path,origin\n' >list.csv
		printf '%s,door\n' many/*/*.png >>list.csv
		expect 0 there profiles create --manifest list.csv
		[ "$(each action | sort | uniq -c | xargs)" = "5 unchanged" ]
		[ "$(requests)" = "$before" ]
		# Its profiles have no names: that is said once, not of each photo.
		expect 2 create --layout dirs
		[ "$(wc -l <err)" = 1 ]
		says err "service 'there' ($type) does not support names or user data of profiles"
		[ "$(requests)" = "$before" ]
		expect 0 create --no-ledger
		[ "$(requests)" -gt "$before" ]
	done
}

@test "what is new is sent to the platform in its turn, and so is what failed for now" {
	many 3
	platform neuroio
	expect 0 create
	each pid >pids
	rm -r many/2
	"$BATS_TEST_DIRNAME/photo.py" many/1/2.png 'q@194,76,258,167'
	"$BATS_TEST_DIRNAME/photo.py" many/3/4.png ''
	settle
	expect 3 create
	[ "$(each action | xargs)" = "unchanged enrolled unchanged rejected" ]
	[ "$(each pid | sed -n '1p;3p')" = "$(sed -n '1p;3p' pids)" ]
	before=$(requests)
	expect 0 create
	[ "$(each action | xargs)" = "unchanged unchanged unchanged skipped" ]
	[ "$(requests)" = "$before" ]
	# Other rules judge again, and so does who is asked to.
	expect 3 create --min-facesize 3000
	[ "$(each action | xargs)" = "unchanged unchanged unchanged rejected" ]
	expect 3 create --retry-failed
	[ "$(each action | xargs)" = "unchanged unchanged unchanged rejected" ]
	[ "$(requests)" -gt "$before" ]
}

@test "a storm of faults on a platform: nobody is made twice, and the next run makes up for what failed" {
	count=${FACECTL_TEST_STORM:-200}
	many "$count"
	for type in neuroio serp; do
		platform "$type"
		set_key retries 5
		set_key retry-wait 1ms
		control storm '{"rate": 0.2, "seed": 5}'
		run_split create
		[ "$status" -eq 0 ] || [ "$status" -eq 3 ]
		grep -c '"status":"ok"' out >first
		control storm '{"rate": 0, "seed": 0}'
		expect 0 create
		[ "$(wc -l <out)" = "$count" ]
		[ "$(grep -c '"examined":false' out)" = "$(cat first)" ]
		state "len(state['$type']['made']), len(set(state['$type']['made']))" "($count, $count)"
	done
}

@test "ids of profiles that are not UUIDs stay known" {
	many 2
	platform neuroio
	control neuroio '{"ids": "example"}'
	expect 0 create
	each pid >first
	expect 0 create
	[ "$(each examined | sort -u)" = False ]
	each pid | cmp - first
	expect 0 there profiles delete "$(head -n 1 first)"
	expect 0 create
	[ "$(each action | sort | uniq -c | xargs)" = "1 enrolled 1 unchanged" ]
}

@test "a profile that is deleted on the platform is made again" {
	many 3
	platform serp
	expect 0 create
	pid=$(each pid | head -n 1)
	expect 0 there profiles delete "$pid"
	expect 0 create
	[ "$(each action | sort | uniq -c | xargs)" = "1 enrolled 2 unchanged" ]
	[ "$(each examined | sort -u)" = True ]
	state 'len(state["serp"]["persons"])' 3
}
