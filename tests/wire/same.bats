#!/usr/bin/env bats
# The four Smarty verbs on this machine, on a Smarty service and on an Azure one: the same records and exit statuses, whoever answers.

load wire

eval "wire_$(declare -f setup)"

setup() {
	wire_setup
	azure_section >>"$HOME/.config/facectl/facectl.conf"
}

# records FIELD...: standard input's records by these fields, photo by photo, whatever the order of faces in one.
records() {
	python3 -c '
import json, sys
rows = [json.loads(line) for line in sys.stdin]
photos = list(dict.fromkeys(row.get("path") for row in rows))
for row in sorted(rows, key=lambda row: (photos.index(row.get("path")), row.get("person_id", 0))):
    print(*[row.get(field, "-") for field in sys.argv[1:]])' "$@"
}

# everywhere STATUS "FIELDS" ["FIELDS BUT FOR SMARTY"] -- WORDS...: the command ends with this status on all three, and its records have
# the same fields. They are left in the file same.
everywhere() {
	local wanted=$1 fields=$2 more=
	shift 2
	if [ "$1" != -- ]; then
		more=$1
		shift
	fi
	shift
	expect "$wanted" "$FACECTL" --format ndjson "$@"
	# shellcheck disable=SC2086 # fields are words
	records $fields $more <out >local.records
	# shellcheck disable=SC2086
	records $fields <out >same
	expect "$wanted" "$FACECTL" --service face --format ndjson "$@"
	# shellcheck disable=SC2086
	records $fields $more <out | diff local.records - || return 1
	expect "$wanted" "$FACECTL" --service vk --format ndjson "$@"
	# shellcheck disable=SC2086
	records $fields <out | diff same - || return 1
	cp local.records same
}

enrol_series() {
	draw_photo ada.png ada
	draw_photo fatma.png fatma
	draw_photo chidi.png chidi
	everywhere 0 "path status result person person_id sha256 width height" -- set --space 5 --person-id 1 ada.png
	everywhere 0 "path status result person person_id" -- set --space 5 --meta \
		'{"space":"5","images":[{"name":"b","person_id":2},{"name":"c","person_id":7}]}' b=fatma.png c=chidi.png
}

@test "photos are linked, and known again in other photos" {
	enrol_series
	draw_photo ada2.png ada:3
	draw_photo fatma2.png fatma:2
	draw_photo stranger.png gunnar
	draw_photo nobody.png
	draw_photo group.png ada:2 chidi:1 gunnar:1
	everywhere 0 "path status result person person_id" -- recognize --space 5 ada2.png fatma2.png stranger.png nobody.png group.png
	diff - same <<-END
		ada2.png ok known person1 1
		fatma2.png ok known person2 2
		stranger.png ok unknown - -
		nobody.png ok no_face - -
		group.png ok unknown - -
		group.png ok known person1 1
		group.png ok known person7 7
	END
	everywhere 1 "path status result" -- recognize --space 5 --require-match stranger.png
	everywhere 0 "path status result" -- recognize --space 6 ada.png
}

@test "unknown faces become persons under the next numbers" {
	enrol_series
	draw_photo group.png ada:2 gunnar:1
	draw_photo gunnar2.png gunnar:2
	everywhere 0 "path status person person_id" result -- recognize --space 5 --create-new group.png
	diff - same <<-END
		group.png ok person1 1 known
		group.png ok person8 8 created
	END
	everywhere 0 "path status result person person_id" -- recognize --space 5 gunnar2.png
	[ "$(cat same)" = "gunnar2.png ok known person8 8" ]
}

@test "a photo that is not fit is told of alike, and costs only itself" {
	draw_photo ada.png ada
	draw_photo two.png ada fatma
	draw_photo none.png
	printf 'no photo at all, however long it may be%.0s' {1..50} >text.png
	everywhere 4 "path result" status -- set --space 5 --person-id 1 two.png
	everywhere 4 "path result" status -- set --space 5 --person-id 1 none.png
	everywhere 4 "path result status" -- set --space 5 --person-id 1 text.png
	everywhere 3 "path result" status -- set --space 5 --person-id 1 two.png ada.png text.png
	diff - same <<-END
		two.png rejected several_faces
		ada.png enrolled ok
		text.png rejected bad_image
	END
	everywhere 4 "path result status" -- recognize --space 5 missing.png
}

@test "persons go by their numbers, and spaces are emptied" {
	enrol_series
	everywhere 0 "person person_id" "result faces" -- delete --space 5 --person-id 2
	[ "$(cat same)" = "person2 2 deleted 1" ]
	everywhere 0 "path result" -- recognize --space 5 fatma.png
	[ "$(cat same)" = "fatma.png unknown" ]
	everywhere 0 "space" "persons faces" -- truncate --space 5 --yes
	[ "$(cat same)" = "5 2 2" ]
	everywhere 0 "path result" -- recognize --space 5 ada.png chidi.png
	diff - same <<-END
		ada.png unknown
		chidi.png unknown
	END
}

@test "the envelopes say the same" {
	local service
	draw_photo ada.png ada
	draw_photo two.png ada fatma
	for service in local vk face; do
		expect 0 "$FACECTL" --service $service --format json set --space 5 --person-id 1 file=ada.png
		compact <out >set.$service
		expect 4 "$FACECTL" --service $service --format json set --space 5 --person-id 1 file=two.png
		compact <out >refused.$service
		expect 0 "$FACECTL" --service $service --format json delete --space 5 --person-id 1
		compact <out >delete.$service
		expect 0 "$FACECTL" --service $service --format json truncate --space 5 --yes
		compact <out >truncate.$service
	done
	for service in vk face; do
		diff set.local set.$service
		diff refused.local refused.$service
		diff delete.local delete.$service
		diff truncate.local truncate.$service
	done
}

@test "series of real people, where the folder beside the project has them" {
	local shared=$BATS_TEST_DIRNAME/../../../shared number=0 person name i photos=() images=
	[ -d "$shared/faces/series" ] && [ -f "$shared/models/mobilefacenet.onnx" ] || skip "no photos and models beside the project"
	printf '[models]\n\tmodel-path = %s\n\tdetector = yunet\n\tembedder = mobilefacenet\n' "$shared/models" >>"$HOME/.config/facectl/facectl.conf"
	for person in "$shared"/faces/series/*/; do
		name=$(basename "$person")
		number=$((number + 1))
		for i in 1 2 3 4; do
			photo "$name$i.png" "$name@20,20,90,90" "$person/$name$i.png"
		done
		photos+=("${name}1.png" "${name}2.png")
		images+="{\"person_id\":$number},{\"person_id\":$number},"
	done
	everywhere 0 "path status result person person_id" -- set --space 5 --meta \
		"{\"space\":\"5\",\"images\":[${images%,}]}" "${photos[@]}"
	everywhere 0 "path status result person person_id" -- recognize --space 5 ./*3.png ./*4.png
	[ "$(grep -c known same)" -eq 16 ]
}
