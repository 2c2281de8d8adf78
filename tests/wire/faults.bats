#!/usr/bin/env bats
# A service that lets its clients down: the exit status, the words, and that nothing is sent that may not be sent again.
#
# FACECTL_TEST_STORM says how many photos meet the storm at the end; 200 by default.

load wire

# fault STATUS JSON WORDS: set meets these faults.
fault() {
	photo ada.png ada
	control faults "$2"
	expect "$1" vk set --space 5 --person-id 1 ada.png
	[ -z "${3-}" ] || says err "$3"
}

@test "what fails for now is sent again" {
	fault 0 '["429:0"]'
	fault 0 '["429-in-words:0"]'
	fault 0 '["500","503:0","502","504"]'
	fault 0 '["cut","silence","hang-up-early"]'
	fault 0 '["envelope:500"]'
	empty err
}

@test "what goes on failing is a status to try again by" {
	set_key retries 1
	fault 75 '["500","500"]' "service 'vk': HTTP 500 after 2 tries"
	fault 75 '["503:0","503:0"]' "HTTP 503"
	fault 75 '["cut","cut"]' "was closed before the end of the response"
	set_key longest-wait 2s
	fault 75 '["429:3600"]' "retry after 3600 s"
	fault 75 '["503:3600"]' "retry after 3600 s"
}

@test "a wait that is too long ends the batch, and nothing else is sent" {
	"$BATS_TEST_DIRNAME/photo.py" --many many 20
	set_key longest-wait 2s
	set_key max-photos 1
	set_key jobs 1
	for fault in 429:3600 503:3600; do
		control reset
		control faults "[\"$fault\"]"
		expect 75 vk set --space 5 --from many
		says err "retry after 3600 s"
		state 'state["requests"]' 1
	done
	platform_section serp serp >>"$HOME/.config/facectl/facectl.conf"
	set_key longest-wait 2s
	control serp '{"entries": 5}'
	control faults '["429:3600"]'
	expect 75 "$FACECTL" --service serp entries delete 1 2 3
	state 'state["requests"] - 1, len(state["serp"]["entries"])' '(1, 5)'
}

@test "a silent and a slow service are given up in time" {
	set_key retries 0
	set_key timeout 1s
	fault 75 '["slow:0.2"]' "service 'vk'"
}

@test "what is no service of this kind refuses for good" {
	fault 7 '["html"]' "is the url that of a Smarty service?"
	fault 7 '["html:404"]' "HTTP 404: Sign in Please accept our terms.; is the url that of a Smarty service?"
	fault 7 '["bad-json"]' "instead of a JSON envelope"
	fault 7 '["deep-json"]'
	fault 7 '["huge"]' "has more than 4194304 bytes"
	fault 7 '["redirect"]'
	fault 7 '["long-header"]'
}

@test "a redirect to another host is not followed, with a token least of all" {
	fault 7 '["redirect"]'
	state 'state["strangers"]' 0
}

@test "certificates that are not to be trusted end it before a byte of the request" {
	for url in "$FAKE_URL_EXPIRED" "$FAKE_URL_SELF_SIGNED" "$FAKE_URL_WRONG_HOST"; do
		set_key url "$url"
		fault 77 '[]' certificate
		state 'state["requests"]' 0
	done
}

@test "a server without TLS 1.2 gets nothing, and is asked once" {
	set_key url "$FAKE_URL_OLD_TLS"
	fault 77 '[]' "support TLS 1.2 or newer"
	set_key url "${FAKE_URL_HTTP/http:/https:}"
	fault 77 '[]' "no secure connection to '127.0.0.1'; nothing was sent"
	state 'state["requests"]' 0
}

@test "JSON says of a failure what text says, in an envelope" {
	photo ada.png ada
	set_key retries 0
	control faults '["503:0"]'
	expect 75 vk --format json set --space 5 --person-id 1 file=ada.png
	answer='{"status":503,"body":"Internal Server Error","htmlencoded":false,"last_modified":0}'
	[ "$(compact <out)" = "$answer" ]
	control faults '["503:0"]'
	expect 75 vk --format json truncate --space 5 --yes
	[ "$(compact <out)" = "$answer" ]
	control faults '["503:0"]'
	expect 75 vk --format json delete --space 5 --person-id 1
	[ "$(compact <out)" = "$answer" ]
	echo another-token-than-that >token
	expect 77 vk --format json truncate --space 5 --yes
	says out '"status": 403'
}

@test "one photo of several fails" {
	photo ada.png ada
	photo group.png "ada@194,76,258,167;bruno@300,76,358,167"
	photo poison.png poison
	expect 3 vk --format ndjson set --space 5 --person-id 1 ada.png group.png missing.png poison.png
	[ "$(grep -c '"result":"enrolled"' out)" = 1 ]
	[ "$(grep -o '"result":"[a-z]*"' out | cut -d '"' -f 4 | paste -sd ' ')" = "enrolled rejected failed failed" ]
	says err "The memory contains data of an unknown image type"
}

@test "photos beyond the service's limits are not sent" {
	photo ada.png ada
	set_key max-photo-size 50
	expect 4 vk set --space 5 --person-id 1 ada.png
	says err "50"
	set_key max-photo-size 0
	set_key max-side 600
	expect 4 vk set --space 5 --person-id 1 ada.png
	says err "'ada.png' is 640x480 pixels; the maximum of service 'vk' is"
	state 'state["requests"]' 0
}

@test "a photo that the service finds too large is told of with its size" {
	photo ada.png ada
	control faults '["413"]'
	expect 4 vk set --space 5 --person-id 1 ada.png
	says err "HTTP 413: Internal Server Error; the photo has 69 bytes; set max-photo-size in the service's section to refuse such photos before they are sent"
}

@test "a person that may have been created is not created again" {
	photo ada.png ada
	for fault in 500-done cut-done; do
		control reset
		control faults "[\"$fault\"]"
		expect 75 vk recognize --space 5 --create-new ada.png
		says err "it was not repeated"
		state 'state["requests"], len(state["spaces"]["5"]["persons"])' '(1, 1)'
	done
	control reset
	control faults '["429:0"]'
	expect 0 vk recognize --space 5 --create-new ada.png
	state 'state["requests"], len(state["spaces"]["5"]["persons"])' '(2, 1)'
}

@test "requests run side by side, and no faster than the rate limit" {
	"$BATS_TEST_DIRNAME/photo.py" --many many 8
	set_key max-photos 1
	# Each is answered when all eight are there.
	control faults '["meet:8", "meet:8", "meet:8", "meet:8", "meet:8", "meet:8", "meet:8", "meet:8"]'
	expect 0 vk --jobs 8 set --space 5 --from many
	state 'len(state["spaces"]["5"]["persons"])' 8
	# Five at once, then five a second: the last of eight is sent 0.6 s after the first, at the earliest.
	set_key rate-limit 5
	control reset
	expect 0 vk -v recognize --space 5 --from many
	[ "$(grep -c "POST " err)" = 8 ]
	state 'state["arrivals"][7] - state["arrivals"][0] >= 0.5' True
}

@test "a storm of faults: each photo is told once and rightly, and nobody is enrolled twice" {
	count=${FACECTL_TEST_STORM:-200}
	"$BATS_TEST_DIRNAME/photo.py" --many many "$count"
	set_key max-photos 7
	set_key retries 8
	set_key retry-wait 1ms
	control storm '{"rate": 0.2, "seed": 11}'
	run_split vk --format ndjson set --space 5 --from many --layout dirs
	control storm '{"rate": 0, "seed": 0}'
	control state
	COUNT=$count python3 - <<-'END'
		import json, os
		count = int(os.environ["COUNT"])
		records = [json.loads(line) for line in open("out")]
		assert sorted(int(r["path"].split("/")[-2]) for r in records) == list(range(1, count + 1))
		state = json.load(open("control.json"))
		assert sum(state["faults"].values()) > count / 7 / 20, state["faults"]
		persons = state["spaces"]["5"]["persons"]
		for record in records:
		    number = record["path"].split("/")[-2]
		    if record["status"] == "ok":
		        assert persons[number] == ["p" + number], (record, persons.get(number))
		for number, faces in persons.items():
		    assert faces == ["p" + number], (number, faces)
		assert sum(r["status"] == "ok" for r in records) > count / 2
	END
	control storm '{"rate": 0.2, "seed": 12}'
	run_split vk --format ndjson recognize --space 6 --create-new --from many
	control state
	COUNT=$count python3 - <<-'END'
		import json, os
		count = int(os.environ["COUNT"])
		records = [json.loads(line) for line in open("out")]
		assert sorted(int(r["path"].split("/")[-2]) for r in records) == list(range(1, count + 1))
		state = json.load(open("control.json"))
		persons = state["spaces"]["6"]["persons"]
		faces = [face for all in persons.values() for face in all]
		assert len(faces) == len(set(faces)), "somebody was created twice"
		for record in records:
		    if record["status"] == "ok":
		        face = "p" + record["path"].split("/")[-2]
		        assert persons[str(record["person_id"])] == [face], record
	END
	[ "$status" -eq 0 ] || [ "$status" -eq 3 ]
}
