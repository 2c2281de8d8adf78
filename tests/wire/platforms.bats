#!/usr/bin/env bats
# Profiles, entries, origins and spaces of NeuroIO and SERP, by the program: outputs, exit statuses, and what was sent.

load wire

eval "wire_$(declare -f setup)"

setup() {
	wire_setup
	configure <<-END
		[service "neuro"]
			type = neuroio
			url = $FAKE_URL/neuroio
			iam-url = $FAKE_URL/neuroio-iam
			token-file = $PWD/token
			ca-file = $FAKE_CA
			retry-wait = 10ms
			origin = door
		[service "serp"]
			type = serp
			url = $FAKE_URL/serp/v1/
			token-file = $PWD/token
			ca-file = $FAKE_CA
			retry-wait = 10ms
			origin = door
	END
}

neuro() {
	"$FACECTL" --service neuro "$@"
}

serp() {
	"$FACECTL" --service serp "$@"
}

# field NAME: of the record in `out`.
field() {
	python3 -c 'import json, sys; print(json.loads(open("out").readline()).get(sys.argv[1]))' "$1"
}

@test "create, search, reinit, show and delete, on both" {
	photo ada.png ada
	photo other.png bruno
	photo older.png 'ada~ha'
	for who in neuro serp; do
		expect 0 "$who" --format ndjson profiles create ada.png
		pid=$(field pid)
		[ "$(field result)" = new ]
		[ "$(field origin)" = door ]
		[ "$(field similarity)" = None ]
		expect 0 "$who" --format ndjson profiles create ada.png
		[ "$(field result)" = exact ]
		[ "$(field pid)" = "$pid" ]
		expect 0 "$who" --format ndjson profiles search --require-match ada.png
		[ "$(field pid)" = "$pid" ]
		[ "$(field match_confidence)" = 96.5 ]
		expect 1 "$who" profiles search --require-match other.png
		expect 0 "$who" --format json profiles reinit "$pid" older.png
		empty out
		expect 4 "$who" profiles reinit "$pid" other.png
		says err "service '$who': HTTP 400: image: Face does not match"
		expect 0 "$who" --format ndjson profiles show "$pid"
		[ "$(field total) $(field new) $(field reinit)" = "2 1 1" ]
		[ "$(field faces)" = None ]
		expect 0 "$who" --format ndjson profiles delete "$pid"
		[ "$(cat out)" = '{"type":"profile_delete","schema":1,"person":"'"$pid"'","pid":"'"$pid"'","result":"deleted","dry_run":false}' ]
		expect 1 "$who" profiles delete "$pid"
		expect 2 "$who" profiles show lobby/3
		says err "service '$who' looks up persons by id only"
	done
}

@test "ids of profiles that are not UUIDs, as in the documents, on both" {
	photo ada.png ada
	photo other.png bruno
	for who in neuro serp; do
		for ids in example number; do
			control "$([ "$who" = neuro ] && echo neuroio || echo serp)" "{\"ids\": \"$ids\"}"
			expect 0 "$who" --format ndjson profiles create ada.png
			pid=$(field pid)
			[[ $pid =~ ^(abcdef01-abcd-abcd01-abcdef0)?[0-9]+$ ]]
			expect 0 "$who" --format ndjson profiles create other.png
			[ "$(field pid)" != "$pid" ]
			expect 0 "$who" --format ndjson profiles search ada.png
			[ "$(field pid) $(field result)" = "$pid exact" ]
			expect 0 "$who" --format json profiles search --dialect neuroio ada.png
			says out "\"pid\": \"$pid\""
			expect 0 "$who" profiles reinit "$pid" ada.png
			expect 0 "$who" --format ndjson profiles show "$pid"
			[ "$(field pid) $(field total)" = "$pid 2" ]
			expect 0 "$who" --format json profiles show "$pid"
			says out "\"$pid\""
			expect 0 "$who" --format ndjson entries list --person "$pid"
			[ "$(wc -l <out)" -eq 2 ]
			[ "$(grep -c "\"pid\":\"$pid\"" out)" -eq 2 ]
			expect 0 "$who" --format json entries list --person "$pid"
			says out "\"$pid\""
			expect 0 "$who" --format ndjson entries stats "$pid"
			[ "$(field pid) $(field new) $(field reinit)" = "$pid 1 1" ]
			expect 0 "$who" --format json entries stats "$pid"
			says out "\"pid\": \"$pid\""
			expect 0 "$who" --format ndjson profiles delete --with entries "$pid"
			[ "$(field pid) $(field result) $(field entries)" = "$pid deleted 2" ]
			expect 1 "$who" profiles delete "$pid"
		done
		expect 2 "$who" profiles delete search
		says err "'search' is not an id"
		expect 2 "$who" profiles delete ../7
	done
}

@test "the JSON is the platform's, whoever answers" {
	photo ada.png ada
	expect 0 neuro --format json profiles search ada.png
	[ "$(compact <out)" = '{"result":"nm","pid":null,"confidence":null,"age":null,"sex":null,"mood":null,"liveness":null}' ]
	expect 0 serp --format json profiles search --dialect serp ada.png
	[ "$(compact <out)" = '{"conf":1,"person_id":null,"distance":null,"age":null,"sex":null,"mood":null,"alive_probability":null}' ]
	set_key identify-asm yes
	expect 0 serp --format json profiles create --dialect serp ada.png
	says out '"age": 30'
	says out '"sex": 1'
	says out '"mood": "angry"'
}

@test "entries: the document's example is answered as the document prints it" {
	control serp '{"entries": 4}'
	expect 0 serp --format json entries list --dialect serp --limit 1 --offset 1
	python3 - <<-'END'
		import json
		page = json.load(open("out"))
		assert list(page) == ["next", "prev", "data"], page
		assert page["next"] == "/v1/entries/?limit=1&offset=2" and page["prev"], page
		entry = page["data"][0]
		assert list(entry) == ["id", "space_id", "origin_id", "person_id", "conf", "photo", "created", "alive_probability",
		                       "profile_photo", "distance", "exposure", "blur", "tilt", "pan", "age", "sex", "mood"], entry
		assert entry["created"] == "2022-09-06T08:52:03.581172+00:00" and entry["conf"] == 3, entry
		assert (entry["exposure"], entry["blur"], entry["tilt"], entry["pan"]) == (251369.7188, 0.001, 18.51, 8.53), entry
		assert entry["profile_photo"].startswith("http://localhost:8080/static/"), entry
	END
	control neuroio '{"entries": 4}'
	expect 0 neuro --format json entries list --limit 2
	python3 - <<-'END'
		import json
		page = json.load(open("out"))
		assert page["count"] == 4 and page["next"] == "/v1/entries/?limit=2&offset=2" and page["previous"] is None, page
		entry = page["results"][0]
		assert entry["source"] == {"id": 2, "name": "hall, left"} and entry["space"] == {"id": 1, "name": "lobby"}, entry
		assert entry["face_image"] == "https://files.neuroio.com/4/face.jpg" and entry["facesize"] == 14280, entry
		assert entry["created"] == "2022-09-06T08:52:04.581172Z" and entry["result"] == "junk", entry
	END
}

@test "entries: every filter arrives, pages are followed" {
	control neuroio '{"entries": 1234, "page_cap": 100}'
	expect 0 neuro --format ndjson entries list --limit 400 --result new,ha --sex female --origin 'hall, left' --space lobby
	[ "$(wc -l <out)" = 177 ]
	[ "$(field origin)" = "hall, left" ]
	[ "$(field sha256) $(field model) $(field box)" = "None None None" ]
	state 'sorted({line.rsplit("&", 1)[0] for line in state["neuroio"]["log"] if "entries" in line})' \
		"['GET /v1/entries/?result=new%2Cha&sex=1&sources_ids=2&spaces_ids=1&limit=300', 'GET /v1/entries/?result=new%2Cha&sex=1&sources_ids=2&spaces_ids=1&limit=400']"
	expect 0 neuro entries list --since 2020-01-31 --until '2022-09-06 08:52' --age-from 1 --age-to 100 --mood fear
	state 'state["neuroio"]["log"][-1]' \
		"GET /v1/entries/?age_from=1&age_to=100&mood=fear&date_from=2020-01-31T00%3A00%3A00%2B00%3A00&date_to=2022-09-06T08%3A52%3A00%2B00%3A00&limit=20&offset=0"
	expect 2 serp entries list --liveness passed
	says err "service 'serp' (serp) does not support filtering by liveness; the local engine does"
	expect 2 neuro entries list --reverse
	expect 2 neuro entries show 1
	says err "a service of type neuroio does not support 'entries show'; the local engine (--service local) does"
}

# followed WHO COUNT: its follower has shown so many entries.
followed() {
	for _ in $(seq 300); do
		[ "$(wc -l <"$1.followed")" -lt "$2" ] || return 0
		sleep 0.1
	done
	cat "$1.followed" "$1.err"
	return 1
}

@test "entries: followed, each told once and the oldest first, until a signal" {
	followers=()
	for who in neuro serp; do
		control "${who/neuro/neuroio}" '{"entries": 3}'
		"$FACECTL" --service "$who" --format ndjson entries list --watch --limit 2 >"$who.followed" 2>"$who.err" &
		followers+=($!)
	done
	for who in neuro serp; do followed "$who" 2; done
	# the first of these was made before the last one that was told, and comes late
	for who in neuroio serp; do control "$who" '{"entries": 4}'; done
	for who in neuro serp; do followed "$who" 6; done
	kill "${followers[@]}"
	for follower in "${followers[@]}"; do
		status=0
		wait "$follower" || status=$?
		[ "$status" = 143 ]
	done
	for who in neuro serp; do
		empty "$who.err"
		[ "$(grep -o '"entry":[0-9]*' "$who.followed" | cut -d: -f2 | xargs)" = "2 3 4 5 6 7" ]
	done
	state 'state["serp"]["log"][0], [line for line in state["neuroio"]["log"] if "date_from" in line][0]' \
		"('GET /v1/entries/?limit=2&offset=0', 'GET /v1/entries/?date_from=2022-09-06T08%3A51%3A33.581172%2B00%3A00&limit=500&offset=0')"
	set_key retries 0
	control faults '["503:0"]'
	expect 75 serp entries list --watch
	says err "service 'serp': HTTP 503"
}

@test "entries: followed past one that is dated ahead" {
	control serp '{"dated": [0, 315360000]}'
	"$FACECTL" --service serp --format ndjson entries list --watch --limit 2 >serp.followed 2>serp.err &
	follower=$!
	followed serp 2
	control serp '{"dated": [0]}'
	followed serp 3
	kill "$follower"
	wait "$follower" || true
	[ "$(grep -o '"entry":[0-9]*' serp.followed | cut -d: -f2 | xargs)" = "1 2 3" ]
}

@test "entries: a watch does not hold more than 10000 entries in memory" {
	control serp '{"entries": 10001}'
	expect 7 serp entries list --watch --limit 20000
	says err "service 'serp' has more than 10000 new entries; list them with --since instead of --watch"
}

@test "entries: counted and deleted" {
	control neuroio '{"entries": 70}'
	control serp '{"entries": 80}'
	pid=0db7d1b8-1d3c-4e13-9d8d-0d6bd0d2a2a4
	expect 0 neuro --format json entries stats $pid
	says out '"pid_source": {'
	says out '"initial_face_image": "https://files.neuroio.com/1/face.jpg"'
	says out '"total": 25'
	expect 0 serp --format ndjson entries stats $pid --origin 'hall, left'
	[ "$(field total) $(field new)" = "20 10" ]
	expect 1 neuro entries stats 00000000-1d3c-4e13-9d8d-0d6bd0d2a2a4
	expect 3 neuro --format ndjson entries delete 7 8 999
	[ "$(cut -d, -f3- out)" = $'"entry":7,"result":"deleted","dry_run":false}\n"entry":8,"result":"deleted","dry_run":false}\n"entry":999,"result":"not_found","dry_run":false}' ]
	state 'len(state["neuroio"]["entries"])' 68
}

@test "origins and spaces" {
	for who in neuro serp; do
		expect 0 "$who" --format ndjson origins list
		[ "$(wc -l <out)" = 3 ]
		[ "$(field origin) $(field min_facesize) $(field entries)" = "door 7000 None" ]
		expect 0 "$who" --format ndjson origins update door --min-facesize 400
		[ "$(field min_facesize) $(field create_min_facesize)" = "400 25000" ]
		expect 0 "$who" origins delete roof
		expect 1 "$who" origins show roof
		expect 0 "$who" --format ndjson spaces list
		[ "$(grep -o '"space":"[a-z]*"' out | paste -sd,)" = '"space":"lobby","space":"attic"' ]
	done
	expect 0 neuro --format ndjson origins create gate --space lobby --create-on-ha
	[ "$(field id) $(field create_on_ha)" = "3 True" ]
	expect 0 serp --format ndjson origins create gate
	[ "$(field id) $(field space)" = "3 None" ]
	expect 2 neuro origins create gate --space attic
	says err "works in space 'lobby', not in 'attic'"
	expect 0 neuro --format ndjson spaces update lobby --ha 76
	[ "$(field ha) $(field exact)" = "76 79.3" ]
	expect 0 neuro --format ndjson spaces show lobby
	[ "$(field space) $(field ha)" = "lobby 76" ]
	expect 0 serp --format ndjson spaces show lobby
	[ "$(field space) $(field ha)" = "lobby None" ]
	expect 2 serp spaces update lobby --ha 76
	says err "the local engine (--service local) and services of type neuroio do"
}

@test "failures have their exit statuses" {
	photo ada.png ada
	control faults '["500", "500", "500", "500", "500"]'
	expect 75 neuro profiles search ada.png
	control faults '["429:0"]'
	expect 0 neuro profiles search ada.png
	control faults '["503:0", "429:0", "502"]'
	expect 0 neuro entries list
	control faults '["429:300"]'
	expect 75 neuro entries list
	says err "retry after 300 s"
	control faults '["html"]'
	expect 7 serp entries list
	says err "is the url that of a NeuroIO or SERP service?"
	printf 'another-token\n' >token
	expect 77 neuro entries list
	says err "service 'neuro': HTTP 401: Unauthorized"
	set_key url ""
	expect 2 serp entries list
}

@test "a wrong address is a mistake, and not nobody" {
	photo ada.png ada
	for who in neuro serp; do
		for fault in html:404 404; do
			for asked in "services check $who" "entries list" "profiles create ada.png" "profiles search --require-match ada.png" \
				"origins create gate"; do
				control faults "[\"$fault\"]"
				# shellcheck disable=SC2086
				expect 7 "$who" $asked
				says err "HTTP 404"
				says err "; is the url that of a NeuroIO or SERP service?"
			done
		done
		control faults '["html:404"]'
		expect 7 "$who" entries delete 1
		says err "is the url that of"
		control faults '["404"]'
		expect 1 "$who" entries delete 1
	done
	state 'state["neuroio"]["made"], len(state["serp"]["origins"])' '([], 3)'
}

@test "what cannot be known to have been done is found out, and made once" {
	photo ada.png ada
	photo bruno.png bruno
	control faults '[null, "cut-done", null, null, "500", "silence"]'
	expect 0 neuro --format ndjson profiles create ada.png bruno.png
	[ "$(grep -c '"result":"new"' out)" = 2 ]
	state 'sorted(state["neuroio"]["made"])' "['ada', 'bruno']"
	control reset
	set_key retries 1
	control faults '[null, "500-done", "500", "500", "500", "500", "500"]'
	expect 75 serp profiles create ada.png
	says err "a profile may have been created, so it was not repeated; check with 'facectl profiles search'"
	state 'state["serp"]["made"]' "['ada']"
}

@test "an origin must be told, and be there" {
	photo ada.png ada
	sed -i '/origin = door/d' "$HOME/.config/facectl/facectl.conf"
	expect 2 serp profiles create ada.png
	says err "service 'serp' requires an origin for photos; give --origin"
	expect 1 serp profiles create --origin cellar ada.png
	says err "service 'serp' has no origin 'cellar'; create it with 'facectl origins create'"
	expect 0 serp --format ndjson profiles create --origin 2 ada.png
	# a number is sent as it is, without a request for its name
	[ "$(field origin)" = 2 ]
	state 'state["serp"]["entries"][0][3]' 2
	# SERP does not ask for one where it knows the profile
	expect 0 serp profiles reinit "$(field pid)" ada.png
	expect 2 neuro profiles reinit "$(field pid)" ada.png
}

@test "services check asks both addresses, and changes nothing" {
	expect 0 "$FACECTL" services check
	grep -qE '^neuro +ok +ok +200' out
	grep -qE '^serp +ok +ok +200' out
	state 'state["neuroio"]["log"], state["serp"]["log"]' \
		"(['GET /v1/whoami/', 'GET /v1/sources/?limit=1&offset=0'], ['GET /v1/origins/?limit=1&offset=0'])"
	expect 0 "$FACECTL" services list --format ndjson
	says out '"service_type":"neuroio"'
	says out '"commands":"profiles (create, reinit, search, show, delete), entries (list, stats, delete), origins, spaces (list, delete, update), services, api"'
}
