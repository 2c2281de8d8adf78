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

# ---- NeuroIO and SERP ----

on() {
	"$FACECTL" --service "$@"
}

@test "profiles create: a creation that succeeded is never sent again" {
	pid=0db7d1b8-1d3c-4e13-9d8d-0d6bd0d2a2a4
	for who in serp neuro; do
		control reset
		answer '{"http": 201, "body": {"id": "'$pid'"}}'
		[ $who = serp ] || control samples '[{"body": {"results": [{"id": 1, "name": "door"}]}}, {"http": 201, "body": {"id": "'$pid'"}}]'
		expect 0 on $who profiles create --origin "$([ $who = serp ] && echo 1 || echo door)" ada.png --format ndjson
		[ "$(fields pid result)" = "$pid unknown" ]
		type=${who/neuro/neuroio}
		# the log is searched for the entry of a creation, and nothing is created
		state "[line.split()[0] for line in state['$type']['log']]" "['GET']"
		state "state['$type']['made']" '[]'
	done
	# without any profile in it, a search decides, and nothing is created either
	control reset
	answer '{"http": 201, "body": {}}'
	expect 7 on serp profiles create --origin 1 ada.png
	says err "the response has no valid result; a profile may have been created, so it was not repeated"
	state "[line.split()[1] for line in state['serp']['log']]" "['/v1/profiles/search/']"
}

@test "an error of a platform is the document, with its codes and its words" {
	# shellcheck disable=SC2034 # by ${!who}
	neuro='{"error_codes":[400,602],"message":"Validation error.","fields":[{"name":"image","message":"Too dark.","error_code":602}]}'
	# shellcheck disable=SC2034 # by ${!who}
	serp='{"detail":[{"loc":["body","image"],"msg":"too dark","code":13}]}'
	for who in neuro serp; do
		for verb in "profiles search ada.png" "profiles delete 0db7d1b8-1d3c-4e13-9d8d-0d6bd0d2a2a4" "entries delete 5"; do
			for http in 400 404; do
				answer "{\"http\": $http, \"body\": ${!who}}"
				# shellcheck disable=SC2086
				on $who --dialect ${who/neuro/neuroio} --format json $verb >out 2>err || true
				same "${!who}"
			done
		done
	done
}

@test "origins and spaces that are numbers are sent as they are" {
	control serp '{"named": "1"}'
	expect 0 on serp profiles create --origin 1 ada.png
	state "[line.split()[:2] for line in state['serp']['log']]" "[['POST', '/v1/profiles/']]"
	state "[entry[3] for entry in state['serp']['entries']]" '[1]'
	expect 0 on serp entries list --origin 1 --space 2
	state "state['serp']['log'][1]" 'GET /v1/entries/?origin_ids=1&spaces_ids=2&limit=20&offset=0'
	# a name is looked up, and in NeuroIO the origin is a name
	control neuroio '{"named": "1"}'
	expect 0 on neuro profiles create --origin 1 ada.png
	state "[entry[3] for entry in state['neuroio']['entries']]" '[2]'
}

@test "an origin's name is sent unchanged if the token may not list origins" {
	control samples '[{"http": 403, "body": {"error_codes": [403], "message": "Forbidden.", "fields": []}}]'
	expect 0 on neuro profiles create --origin roof ada.png
	state "[entry[3] for entry in state['neuroio']['entries']]" '[3]'
}

@test "pages keep their filters, and what is not known is null" {
	for who in neuro serp; do
		control ${who/neuro/neuroio} '{"entries": 30}'
		expect 0 on $who --dialect ${who/neuro/neuroio} --format json entries list --origin door --space 1 --result nm --since 2020-01-31 --limit 1
		names="conf=1&origin_ids=1&spaces_ids=1" && [ $who = serp ] || names="result=nm&sources_ids=1&spaces_ids=1"
		says out "\"/v1/entries/?limit=1&offset=1&$names&date_from=2020-01-31T"
	done
	# the first request counts the entries
	entry='{"body": {"results": [{"id": 7, "created": "2022-09-06T08:52:01Z", "result": "nm", "source": {"id": 1, "name": "door"}}], "count": 1, "next": null}}'
	answer "$entry, $entry"
	expect 0 on neuro --format json entries list
	grep -q '"id": null' out
	says out '"facesize": null'
}

@test "an origin that does not exist is refused, also where the request has no place for it" {
	expect 0 on serp profiles create --origin 1 --format ndjson ada.png
	pid=$(fields pid)
	for verb in "reinit $pid" search; do
		# shellcheck disable=SC2086
		expect 1 on serp profiles $verb --origin nosuch ada.png
		says err "service 'serp' has no origin 'nosuch'"
	done
	expect 1 on neuro profiles search --origin nosuch ada.png
}
