#!/usr/bin/env bats
# The snapshots of the Azure Face API on the local engine.

load helper
load azure
load azure_faces

missing=00000000-0000-4000-8000-000000000000
other=11111111-1111-4111-8111-111111111111

# subscription: the UUID of the gallery's own subscription.
subscription() {
	"$FACECTL" gallery stats --format ndjson | grep -oE '"uuid":"[^"]*' | cut -d '"' -f 4
}

# cast: a trained large person group with two persons, made with set.
cast() {
	draw ada.jpg ada 1
	draw bruno.jpg bruno 1
	expect 0 "$FACECTL" set --space cast --person-id 1 ada.jpg
	expect 0 "$FACECTL" set --space cast --person-id 2 bruno.jpg
}

# take JSON: take a snapshot; its id in $snapshot.
take() {
	call 202 POST snapshots "$1"
	[ ! -s body ]
	local location
	location=$(grep -oE 'Operation-Location: /operations/[0-9a-f-]{36}' out | cut -d/ -f3)
	call 200 GET "operations/$location"
	[ "$(value status)" = succeeded ]
	snapshot=$(value resourceLocation)
	snapshot=${snapshot#/snapshots/}
}

@test "a snapshot is taken, applied, and its copy is searched" {
	cast
	me=$(subscription)
	take "{\"type\":\"LargePersonGroup\",\"objectId\":\"cast\",\"applyScope\":[\"$me\"],\"userData\":\"weekly\"}"
	call 200 GET "snapshots/$snapshot"
	[ "$(value type)" = LargePersonGroup ]
	[ "$(value userData)" = weekly ]
	[ "$(value account)" = "/subscriptions/$me" ]
	call 200 GET snapshots
	[ "$(value '[0].id')" = "$snapshot" ]

	call 202 POST "snapshots/$snapshot/apply" '{"objectId":"copy"}'
	operation=$(grep -oE 'Operation-Location: /operations/[0-9a-f-]{36}' out | cut -d/ -f3)
	call 200 GET "operations/$operation"
	[ "$(value status)" = succeeded ]
	[ "$(value resourceLocation)" = /largepersongroups/copy ]
	# trained like its source
	draw ada2.jpg ada 2
	probe=$(face_id ada2.jpg)
	call 200 POST identify "{\"largePersonGroupId\":\"copy\",\"faceIds\":[\"$probe\"]}"
	person=$(value '[0].candidates[0].personId')
	[ "$person" != None ]
	expect 0 "$FACECTL" profiles show "$person"
	says out copy
	expect 0 "$FACECTL" gallery check

	# the copy does not change when its source does, nor when the snapshot is deleted
	expect 0 "$FACECTL" truncate --space cast --yes
	call 200 DELETE "snapshots/$snapshot"
	call 404 GET "snapshots/$snapshot"
	code SnapshotNotFound
	call 200 POST verify "{\"faceId\":\"$probe\",\"personId\":\"$person\",\"largePersonGroupId\":\"copy\"}"
	[ "$(value isIdentical)" = True ]
}

@test "person groups and lists: a snapshot keeps names, user data and ids" {
	me=$(subscription_after_detect)
	call 200 PUT persongroups/cast '{"name":"Cast","userData":"of the film","recognitionModel":"recognition_04"}'
	call 200 POST persongroups/cast/persons '{"name":"Ada","userData":"lead"}'
	person=$(value personId)
	call 202 POST persongroups/cast/train
	take "{\"type\":\"PersonGroup\",\"objectId\":\"cast\",\"applyScope\":[\"$me\"]}"
	call 200 DELETE persongroups/cast
	call 202 POST "snapshots/$snapshot/apply" '{"objectId":"cast","mode":"CreateNew"}'
	call 200 GET 'persongroups/cast?returnRecognitionModel=true'
	[ "$(value name)" = Cast ]
	[ "$(value userData)" = "of the film" ]
	[ "$(value recognitionModel)" = recognition_04 ]
	call 200 GET "persongroups/cast/persons/$person"
	[ "$(value name)" = Ada ]
	[ "$(value userData)" = lead ]
	call 200 GET persongroups/cast/training
	[ "$(value status)" = succeeded ]
}

# subscription_after_detect: the same, in a gallery that is new.
subscription_after_detect() {
	draw ada.jpg ada 1
	face_id ada.jpg >/dev/null
	subscription
}

@test "list: by type and scope; update keeps absent members" {
	cast
	me=$(subscription)
	take "{\"type\":\"LargePersonGroup\",\"objectId\":\"cast\",\"applyScope\":[\"$other\"],\"userData\":\"one\"}"
	call 200 GET 'snapshots?type=FaceList,PersonGroup'
	[ "$(cat body)" = "[]" ]
	call 200 GET 'snapshots?type=LargePersonGroup'
	says body "$snapshot"
	call 200 GET "snapshots?applyScope=$me"
	[ "$(cat body)" = "[]" ]
	call 200 GET "snapshots?applyScope=$me,$other"
	says body "$snapshot"
	call 200 PATCH "snapshots/$snapshot" '{"userData":"two"}'
	call 200 GET "snapshots/$snapshot"
	[ "$(value userData)" = two ]
	[ "$(value 'applyScope[0]')" = "$other" ]
	call 200 PATCH "snapshots/$snapshot" "{\"applyScope\":[\"$me\"]}"
	call 200 GET "snapshots/$snapshot"
	[ "$(value userData)" = two ]
	[ "$(value 'applyScope[0]')" = "$me" ]
}

@test "documented errors, and the rights of subscriptions" {
	cast
	me=$(subscription)
	while IFS='|' read -r http_status json error; do
		call "$http_status" POST snapshots "$json"
		code "$error"
	done <<-END
		404|{"type":"LargePersonGroup","objectId":"none","applyScope":["$me"]}|LargePersonGroupNotFound
		404|{"type":"FaceList","objectId":"cast","applyScope":["$me"]}|FaceListNotFound
		400|{"type":"Group","objectId":"cast","applyScope":["$me"]}|BadArgument
		400|{"type":"LargePersonGroup","objectId":"Cast","applyScope":["$me"]}|BadArgument
		400|{"type":"LargePersonGroup","objectId":"cast","applyScope":["x"]}|BadArgument
		400|{"type":"LargePersonGroup","objectId":"cast"}|BadArgument
	END
	take "{\"type\":\"LargePersonGroup\",\"objectId\":\"cast\",\"applyScope\":[\"$other\"]}"
	# only subscriptions of the scope apply it, the one that took it included
	call 403 POST "snapshots/$snapshot/apply" '{"objectId":"copy"}'
	code Forbidden
	call 200 PATCH "snapshots/$snapshot" "{\"applyScope\":[\"$me\"]}"
	call 409 POST "snapshots/$snapshot/apply" '{"objectId":"cast"}'
	code LargePersonGroupExists
	call 400 POST "snapshots/$snapshot/apply" '{"objectId":"copy","mode":"Merge"}'
	code BadArgument
	for request in "GET snapshots/$missing" "DELETE snapshots/$missing"; do
		# shellcheck disable=SC2086
		call 404 $request
		code SnapshotNotFound
	done
	call 404 PATCH "snapshots/$missing" '{"userData":"x"}'
	code SnapshotNotFound
	call 404 POST "snapshots/$missing/apply" '{"objectId":"copy"}'
	code SnapshotNotFound
	call 404 GET "operations/$missing"
	code OperationNotFound
	call 400 GET operations/x
	code BadArgument
}
