#!/usr/bin/env bats
# facectl api with an Azure service: all operations, failures, unknown outcomes.

load wire

eval "wire_$(declare -f setup)"

setup() {
	wire_setup
	azure_section | configure
	photo ada.png "ada@194,76,258,167"
	head -c 1200 /dev/zero >>ada.png
}

api() {
	"$FACECTL" --service face api "$@"
}

description=$BATS_TEST_DIRNAME/../../../shared/documents/azure-face-v1.0.json

@test "each of the 63 operations" {
	"$BATS_TEST_DIRNAME/azure_requests.py" "$FACECTL" face ada.png >out || {
		cat out
		false
	}
	[ "$(cut -d' ' -f1,2 out | sort -u | wc -l)" -gt 60 ]
	state 'state["containers"]' "{'facelists': {'copy': ['ada']}}"
	[ -e "$description" ] || skip "requests and responses were not checked: $description is missing"
	# photos are sent as bytes: the forms with a URL follow here
	for owner in facelists largefacelists; do
		expect 0 api PUT /face/v1.0/$owner/urls --json '{"name":"urls"}'
		expect 0 api POST /face/v1.0/$owner/urls/persistedfaces --json '{"url":"http://a.example/#bob@1,2,50,60"}'
	done
	for owner in persongroups largepersongroups; do
		expect 0 api PUT /face/v1.0/$owner/urls --json '{"name":"urls"}'
		expect 0 api POST /face/v1.0/$owner/urls/persons --json '{"name":"Bob"}'
		expect 0 api POST "/face/v1.0/$owner/urls/persons/$(sed 's/.*: *"//; s/".*//' out)/persistedfaces" --json '{"url":"http://a.example/#bob@1,2,50,60"}'
	done
	expect 0 api POST '/face/v1.0/detect?returnFaceId=true' --json '{"url":"http://a.example/#bob@1,2,50,60"}'
	state 'len(state["operations"])' 69
}

@test "the body is unchanged, and the exit status is that of the answer" {
	expect 0 api PUT /face/v1.0/persongroups/cast --json '{"name":"Schöne Grüße"}'
	[ ! -s out ]
	expect 0 api GET '/face/v1.0/persongroups/cast?returnRecognitionModel=true'
	[ "$(cat out)" = '{"personGroupId": "cast", "name": "Sch\u00f6ne Gr\u00fc\u00dfe", "recognitionModel": "recognition_01"}' ]
	expect 7 api PUT /face/v1.0/persongroups/cast --json '{"name":"again"}'
	says out '"PersonGroupExists"'
	says err "HTTP 409: Person group already exists."
	expect 1 api GET /face/v1.0/persongroups/nosuch
	# the message has a second line: standard error has the first one
	says out 'not found.\r\nParameter name: personGroupId'
	[ "$(cat err)" = "facectl: HTTP 404: Person group is not found." ]
	expect 2 api GET /face/v1.0/nosuch
	says err "the Azure Face API has no operation 'GET /face/v1.0/nosuch'"
	expect 2 api GET '/face/v1.0/persongroups?start=%zz'
	echo another-key-than-that >token
	expect 77 api GET /face/v1.0/persongroups
}

@test "limits and conflicts are waited for, and reported in words" {
	expect 0 api PUT /face/v1.0/persongroups/cast --json '{"name":"Cast"}'
	control azure '{"conflicts":2}'
	expect 0 api POST /face/v1.0/persongroups/cast/persons --json '{"name":"Ada"}'
	set_key training-timeout 1ms
	control azure '{"conflicts":1000000}'
	expect 75 api POST /face/v1.0/persongroups/cast/persons --json '{"name":"Ada"}'
	says err "HTTP 409: There is a conflict operation on resource"
	control azure '{"conflicts":0}'
	set_key longest-wait 1s
	control faults '["429-in-words:21"]'
	expect 75 api POST /face/v1.0/persongroups/cast/persons --json '{"name":"Bob"}'
	says err "HTTP 429: Rate limit is exceeded. Try again in 21 seconds."
	control faults '["429:0"]'
	expect 0 api POST /face/v1.0/persongroups/cast/persons --json '{"name":"Bob"}'
	control faults '["redirect"]'
	expect 7 api GET /face/v1.0/persongroups
	control faults '["html", "html", "html", "html", "html", "html", "html", "html"]'
	expect 7 api GET /face/v1.0/persongroups
	says err "is the url that of a Face resource?"
}

@test "what may have been created is not created again" {
	expect 0 api PUT /face/v1.0/persongroups/cast --json '{"name":"Cast"}'
	expect 0 api POST /face/v1.0/persongroups/cast/persons --json '{"name":"Ada"}'
	place="/face/v1.0/persongroups/cast/persons/$(sed 's/.*: *"//; s/".*//' out)"
	for fault in cut-done 500-done 503 silence; do
		control faults "[\"$fault\"]"
		expect 75 api POST "$place/persistedfaces" --file ada.png
		says err "it is not known whether the face was added; list the faces before repeating it"
		control faults "[\"$fault\"]"
		expect 75 api POST /face/v1.0/persongroups/cast/persons --json '{"name":"Bob"}'
		says err "it is not known whether the person was created; list the persons of the group"
	done
	control faults '["short-done"]'
	expect 75 api POST /face/v1.0/snapshots --json \
		'{"type":"PersonGroup","objectId":"cast","applyScope":["00000000-0000-4000-8000-00000000000a"]}'
	says err "list the snapshots before repeating it"
	state 'state["snapshots"]' 1
	# two of each four faults carry the request out
	expect 0 api GET /face/v1.0/persongroups/cast/persons
	[ "$(grep -o '"Bob"' out | wc -l)" = 2 ]
	# requests without such effects are repeated
	control faults '["cut-done", "500-done"]'
	expect 0 api PATCH "$place" --json '{"name":"Ada Lovelace"}'
	control faults '["short-done"]'
	expect 7 api PUT /face/v1.0/persongroups/other --json '{"name":"Other"}'
	says err "already exists.; an earlier try of this request may have created it"
	control faults '["short-done"]'
	expect 1 api DELETE /face/v1.0/persongroups/other
	says err "an earlier try of this request may have deleted it"
}
