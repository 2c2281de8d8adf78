#!/usr/bin/env bats
# The documents that --format json writes are those of the service: its values, its errors, its members that facectl does not know.

load wire

eval "wire_$(declare -f setup)"

setup() {
	wire_setup
	a_service_of_each_type
	photo ada.png ada
}

# answer JSON: the service's answer to the next request, as {"http": STATUS, "body": DOCUMENT}.
answer() {
	control samples "[$1]"
}

# same: `out` is this document.
same() {
	[ "$(compact <out)" = "$1" ] || {
		cat out
		return 1
	}
}

@test "recognize: boxes, attributes and unknown members of a Smarty service stay as they are" {
	# a box of a photo that its orientation turns: 300 pixels high, but 200 by its header
	person='{"tag":"undefined","coord":[50,210,150,290],"confidence":0.9991723,"similarity":0.43,"age":34.6,"emotion":"Fear"}'
	plain='{"tag":"person_7","coordinate":[1,2,3,4],"emotions":"Sadness"}'
	body='{"status":200,"body":{"objects":[{"status":0,"name":"file","persons":['$person,$plain'],"count_by_density":2}],"aliases_changed":true},"htmlencoded":true,"last_modified":1669730000}'
	answer "{\"body\": $body}"
	expect 0 vk --format json recognize --space 5 file=ada.png
	same "$body"
	answer "{\"body\": $body}"
	expect 0 vk --format ndjson recognize --space 5 file=ada.png
	fields person box similarity age mood >got
	diff - got <<-END
		- [50, 210, 150, 290] - 34.6 Fear
		person7 [1, 2, 3, 4] - - Sadness
	END
}

@test "set, delete and truncate pass on the members of the envelope" {
	for verb in "set --person-id 1 file=ada.png" "delete --person-id 1" "truncate --yes"; do
		objects='"objects":[{"status":0,"name":"'$([ "${verb%% *}" = set ] && echo file || echo person1)'"}]'
		[ "${verb%% *}" != truncate ] || objects=
		body='{"status":200,"body":{'$objects'},"htmlencoded":true,"last_modified":77}'
		answer "{\"body\": $body}"
		# shellcheck disable=SC2086
		expect 0 vk --format json ${verb%% *} --space 5 ${verb#* }
		same "$body"
	done
}

@test "an error of a Smarty service is the document, with its status and its words" {
	body='{"status":400,"body":"empty image","htmlencoded":false,"last_modified":0}'
	for verb in "recognize ada.png" "set --person-id 1 ada.png" "delete --person-id 1" "truncate --yes"; do
		for http in 200 400; do
			answer "{\"http\": $http, \"body\": $body}"
			# shellcheck disable=SC2086
			expect 7 vk --format json ${verb%% *} --space 5 ${verb#* }
			same "$body"
			says err "HTTP 400: empty image"
		done
	done
	answer '{"http": 403, "body": {"status": 403, "body": "no such token"}}'
	expect 77 vk --format json recognize --space 5 ada.png
	same '{"status":403,"body":"no such token"}'
}

@test "of several photos, the one that a Smarty service refuses has its words in its object" {
	photo poison.png poison
	expect 3 vk --format json set --space 5 --person-id 1 good=ada.png bad=poison.png
	same '{"status":200,"body":{"objects":[{"status":0,"name":"good"},{"status":1,"error":"The memory contains data of an unknown image type","name":"bad"}]},"htmlencoded":false,"last_modified":0}'
}
