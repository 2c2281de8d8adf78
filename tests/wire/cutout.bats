#!/usr/bin/env bats
# Services that accept one face in a photo get the part that shows the chosen one.

load wire

eval "wire_$(declare -f setup)"

setup() {
	wire_setup
	a_service_of_each_type
	rm -f "$FAKE_FOLDER"/received-*
	for person in ada fatma; do
		"$DRAW_FACES" "$person.png" "$person" 0
	done
}

# received: the name of the last part that the fake got.
received() {
	local newest
	newest=$(find "$FAKE_FOLDER" -name 'received-*.jpg' -printf '%f\n' | sort -V | tail -1)
	echo "${newest%.jpg}"
}

# shows PERSON: the last part that the fake got shows this one of the two, and no other face.
shows() {
	local part other=ada
	part=$FAKE_FOLDER/$(received).jpg
	[ "$1" != ada ] || other=fatma
	[ "$("$FACECTL" --format ndjson detect "$part" | grep -c '"box"')" -eq 1 ] || return 1
	"$FACECTL" verify "$part" "$1.png" >/dev/null || return 1
	! "$FACECTL" verify "$part" "$other.png" >/dev/null
}

# field NAME: of the record in `out`.
field() {
	fields "$1" | head -1
}

@test "set sends the main face of a photo in a folder, after the service refused the photo" {
	mkdir -p tree/1 tree/2
	draw_photo tree/1/a.png --portrait ada fatma
	draw_photo tree/2/b.png fatma
	expect 0 vk --format ndjson set --space 5 --from tree
	fields result path person_id >rows
	diff - rows <<-END
		enrolled tree/1/a.png 1
		enrolled tree/2/b.png 2
	END
	state 'state["spaces"]["5"]["persons"]' "{'2': ['fatma'], '1': ['$(received)']}"
	shows ada
	python3 - <<-'END'
		import hashlib, json
		one, two = map(json.loads, open("out"))
		left, top, right, bottom = one["cutout"]
		box = one["box"]
		assert left < box[0] and top < box[1] and box[2] < right and box[3] < bottom, one
		assert right <= one["width"] and bottom <= one["height"], one
		assert one["sha256"] == hashlib.sha256(open("tree/1/a.png", "rb").read()).hexdigest(), one
		assert "cutout" not in two and "box" not in two, two
	END
	# what was enrolled is remembered by the photo, not by its part
	expect 0 vk --format ndjson set --space 5 --from tree
	[ "$(fields result | sort -u)" = unchanged ]
	[ "$(find "$FAKE_FOLDER" -name 'received-*' | wc -l)" -eq 1 ]
	state 'len(state["spaces"]["5"]["links"])' 2
}

@test "one request with many photos: only those with several faces are cut" {
	mkdir -p tree
	for i in 1 2 3 4; do
		mkdir tree/$i
		draw_photo tree/$i/a.png ada
	done
	draw_photo tree/3/a.png --portrait fatma ada
	draw_photo tree/4/a.png
	expect 3 vk --format ndjson set --space 5 --from tree
	[ "$(fields result | paste -sd ' ')" = "enrolled enrolled enrolled rejected" ]
	says err "4/a.png': service 'vk': face set required only one face per image"
	state 'sorted(state["spaces"]["5"]["persons"])' "['1', '2', '3']"
	[ "$(find "$FAKE_FOLDER" -name 'received-*' | wc -l)" -eq 1 ]
	shows fatma
}

@test "people who compete are refused with both boxes, everywhere" {
	mkdir -p tree/1
	draw_photo tree/1/a.png ada fatma
	run_split "$FACECTL" --format ndjson detect tree/1/a.png
	boxes=$(python3 -c 'import json
for line in open("out"):
    print(",".join("%.0f" % edge for edge in json.loads(line)["box"]))')
	for command in 'vk set --space 5' 'neuro profiles create' 'neuro profiles search' 'serp profiles create'; do
		read -ra words <<<"$command"
		layout=()
		[ "${words[0]}" = vk ] || layout=(--layout none)
		[ "${words[2]}" != search ] || layout=()
		expect 4 "$FACECTL" --service "${words[0]}" --format ndjson "${words[@]:1}" --from tree "${layout[@]}"
		[ "$(field status)" = several_faces ]
		says err "'tree/1/a.png': 2 faces found, and no main face: the box "
		for box in $boxes; do
			says err "$box"
		done
	done
	expect 4 vk --format json set --space 5 --from tree --no-ledger
	says out '"error": "face set required only one face per image"'
	[ -z "$(received)" ]
}

@test "--face chooses on services, too" {
	draw_photo two.png ada fatma
	run_split "$FACECTL" --format ndjson detect two.png
	# the boxes from left to right: those of ada and fatma
	read -r first second < <(python3 -c 'import json
boxes = sorted(json.loads(line)["box"] for line in open("out"))
print(*(",".join(map(str, box)) for box in boxes))')
	expect 4 vk set --space 5 --person-id 1 two.png
	says err "service 'vk': face set required only one face per image"
	[ -z "$(received)" ]
	expect 0 vk set --space 5 --person-id 1 --face "box=$first" two.png
	shows ada
	expect 0 vk --format ndjson set --space 5 --person-id 2 --face "box=$second" two.png
	shows fatma
	[ "$(field face)" != - ]
	for choice in largest central index=1; do
		expect 0 vk --format ndjson set --space 6 --person-id 1 --face "$choice" two.png
		shows ada || shows fatma
	done
	expect 4 vk set --space 5 --person-id 2 --face index=2 two.png
	says err "'two.png': no face at the given index; the boxes of its faces: "
	state 'sorted(state["spaces"]["5"]["persons"])' "['1', '2']"
	# a photo of one person is sent as it is
	draw_photo one.png ada
	expect 0 vk --format ndjson set --space 7 --person-id 1 --face largest one.png
	[ "$(field cutout)" = - ]
	state 'state["spaces"]["7"]["persons"]' "{'1': ['ada']}"
}

@test "profiles create, reinit and search send the chosen face to both platforms" {
	draw_photo a.png --portrait ada fatma
	draw_photo one.png ada
	for who in neuro serp; do
		expect 0 "$FACECTL" --service "$who" --format ndjson profiles create --face main a.png
		[ "$(field result)" = new ]
		[ "$(field cutout)" != - ]
		[ "$(field box)" != - ]
		shows ada
		pid=$(field pid)
		expect 0 "$FACECTL" --service "$who" --format ndjson profiles search --face largest a.png
		shows ada
		[ "$(field why_unknown)" = - ]
		expect 4 "$FACECTL" --service "$who" profiles search a.png
		says err "Several faces found"
		expect 0 "$FACECTL" --service "$who" --format ndjson profiles create one.png
		[ "$(field cutout)" = - ]
		expect 4 "$FACECTL" --service "$who" profiles reinit --face index=7 "$pid" a.png
		says err "'a.png': no face at the given index"
	done
	expect 0 "$FACECTL" --service serp profiles search --face main --photo2 a.png a.png
	[ "$(find "$FAKE_FOLDER" -name 'received-*' | wc -l)" -eq 6 ]
}

@test "without a detector, the service decides about folders, and a choice is an error" {
	mkdir -p tree/1
	draw_photo tree/1/a.png --portrait ada fatma
	draw_photo one.png ada
	export FACECTL_DETECTOR=nosuch
	expect 4 vk set --space 5 --from tree
	says err "service 'vk': face set required only one face per image"
	says err "the service decides which face it uses of photos with several, because this machine cannot find them: "
	expect 4 "$FACECTL" --service neuro profiles create --from tree --layout none
	[ "$(grep -c 'the service decides' err)" -eq 1 ]
	expect 6 vk set --space 5 --person-id 1 --face largest one.png
	says err "--face needs a detector on this machine, because the service has no such option: "
	says err nosuch
	# where there is nothing to choose, no detector is needed
	expect 0 vk set --space 5 --person-id 1 one.png
	mkdir -p others/1
	cp one.png others/1
	expect 0 vk set --space 6 --from others
	lacks err decides
}
