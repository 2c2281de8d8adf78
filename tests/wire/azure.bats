#!/usr/bin/env bats
# An Azure service, by the program: what it says beside the verbs that every service has, and what it never says.

load wire

eval "wire_$(declare -f setup)"

setup() {
	wire_setup
	azure_section | configure
}

face() {
	"$FACECTL" --service face "$@"
}

# photo NAME.png FACES: large enough for the service.
photo() {
	"$BATS_TEST_DIRNAME/photo.py" "$1" "$2"
	head -c 1200 /dev/zero >>"$1"
}

@test "detect, verify and spaces" {
	photo two.png "ada@100,50,200,150;bruno@300,76,358,160"
	photo ada.png "ada@194,76,258,167"
	photo none.png ""
	expect 0 face --format ndjson detect two.png
	python3 - <<-'END'
		import json
		large, small = [json.loads(line) for line in open("out")]
		assert large["box"] == [100, 50, 200, 150] and large["landmarks"][:2] == [130, 90], large
		assert large["eye_distance"] == 40 and large["roll"] == 0, large
		assert not {"confidence", "sharpness", "pan", "awesomeness"} & set(large), large
		assert small["box"] == [300, 76, 358, 160], small
	END
	expect 0 face verify ada.png ada.png
	expect 4 face verify ada.png two.png
	says err "2 faces found, exactly one is needed"
	expect 4 face verify ada.png none.png
	expect 0 face set --space friends --person-id 3 ada.png
	expect 0 face --format tsv spaces list
	grep -q $'\tfriends\t1\t1\t' out
	expect 0 face spaces delete --yes friends
	state 'state["groups"]' "{}"
}

@test "a photo with several faces is added with the target of the chosen one" {
	mkdir -p tree/ada
	photo tree/ada/ada.png "ada@220,140,420,340;bruno@40,40,120,120"
	cp tree/ada/ada.png both.png
	expect 4 face set --space 5 --person-id 1 both.png
	says err "There is more than 1 face in the image"
	state 'next(iter(state["groups"].values()))["persons"]' "{}"
	expect 0 face set --space 5 --from tree
	expect 0 face set --space 5 --person-id 2 --face index=1 both.png
	expect 0 face set --space 5 --person-id 3 --face box=30,30,125,125 both.png
	state '[row[2] for row in next(iter(state["groups"].values()))["added"]]' "['ada', 'bruno', 'bruno']"
	photo tree/ada/ada.png "ada@120,140,300,340;bruno@340,140,530,340"
	expect 4 face set --space 5 --from tree
	says err "2 faces found, and no main face: the box 340,140,530,340 has the score 0.25, 120,140,300,340 has 0.25"
	expect 4 face set --space 5 --person-id 4 --face index=7 both.png
	says err "no face at the given index"
	expect 1 face verify --face largest both.png tree/ada/ada.png
}

@test "the key shows nowhere" {
	photo ada.png "ada@194,76,258,167"
	expect 0 face -v set --space 5 --person-id 1 ada.png
	says err "POST $FAKE_URL/face/v1.0/largepersongroups/facectl-5/train: 202 in "
	expect 0 face -v recognize --space 5 ada.png
	lacks err canary
	lacks out canary
	control faults '["redirect"]'
	expect 7 face recognize --space 5 ada.png
	says err "redirected to '127.0.0.2', which is not followed"
}

@test "a service that is well, and one that is not" {
	expect 0 "$FACECTL" services check face
	state 'state["requests"], state["groups"]' "(1, {})"
	echo another-key-than-that >token
	expect 77 "$FACECTL" services check face
	says err "HTTP 401: Access denied due to invalid subscription key"
	lacks err another-key
	set_key url "$FAKE_URL/elsewhere"
	install -m 600 "$FAKE_TOKEN_FILE" token
	control faults '["html"]'
	expect 7 "$FACECTL" services check face
	says err "is the url that of a Face resource?"
}

@test "what a training came to decides how set ends" {
	photo ada.png "ada@194,76,258,167"
	control azure '{"failures":1,"message":"Not today."}'
	expect 7 face set --space 5 --person-id 1 ada.png
	says out enrolled
	says err "service 'face': the training of space '5' failed: Not today."
	expect 0 face set --space 5 --person-id 1 ada.png
	says out unchanged
	expect 0 face recognize --space 5 --require-match ada.png
	set_key training-timeout 20ms
	photo bruno.png "bruno@194,76,258,167"
	control azure '{"looks":1000000}'
	expect 75 face set --space 5 --person-id 2 bruno.png
	says err "did not end within"
}

@test "envelopes have the service's own words" {
	photo ada.png "ada@194,76,258,167"
	photo broken.png "ada@194,76,258,167"
	sed -i 's/faces/facts/' broken.png
	expect 4 face --format json set --space 5 --person-id 1 file=broken.png
	says out '"error": "face set required only one face per image"'
	says err "broken.png': service 'face': HTTP 400: No face detected in the image."
	state 'state["groups"]["facectl-5"]["persons"]' "{}"
	control azure '{"quota":0}'
	expect 5 face --format json set --space 5 --person-id 1 file=ada.png
	says out '"error": "Persisted face number reached limit."'
}

@test "a person that was made for a photo which is refused goes again, or is told of" {
	photo ada.png ""
	# behind the group, the person and the face: taking the person back
	control faults '[null, null, null, null, "redirect"]'
	expect 4 face set --space 5 --person-id 7 ada.png
	says err "No face detected in the image.; person 7, which was created for it, has no face"
	state 'state["groups"]["facectl-5"]["persons"]' "{'person7': []}"
	expect 0 face delete --space 5 --person-id 7
	control faults '[null, null, null, null, "conflict"]'
	expect 4 face set --space 5 --person-id 7 ada.png
	lacks err "is left"
	state 'state["groups"]["facectl-5"]["persons"]' "{}"
}

@test "a service that went away ends the batch, and the next run goes on" {
	for i in $(seq 60); do photo "$i.png" "p$i@194,76,258,167"; done
	mkdir people
	mv ./*.png people
	set_key retries 1
	control faults "$(python3 -c 'import json; print(json.dumps([None] * 50 + ["silence"] * 1000))')"
	expect 75 face --format ndjson set --space 5 --from people --layout flat --pattern '.*'
	[ "$(grep -c '"result":"enrolled"' out)" -gt 5 ]
	[ "$(grep -c '"result":"failed"' out)" -lt 20 ]
	says err "was closed before the end of the response"
	control faults '[]'
	expect 0 face --format ndjson set --space 5 --from people --layout flat --pattern '.*'
	[ "$(wc -l <out)" = 60 ]
	state 'sorted(map(len, state["groups"]["facectl-5"]["persons"].values())) == [1] * 60' True
}

@test "what it has nothing for" {
	photo ada.png "ada@194,76,258,167"
	expect 2 face spaces update 5 --ha 76
	says err "a service of type azure does not support 'spaces update'; the local engine (--service local)"
	for option in --threshold=0.4 --with=liveness --crops=crops --origin=door; do
		expect 2 face recognize --space 5 $option ada.png
	done
	expect 2 face set --space "$(printf 'x%.0s' {1..60})" --person-id 1 ada.png
	says err "is longer than the 64 characters of a group's id"
	set_key group-prefix Faces
	expect 2 face spaces list
	says err "group-prefix may contain only a-z, 0-9, - and _"
	state 'state["requests"]' 0
}
