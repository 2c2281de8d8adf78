#!/usr/bin/env bats
# Keys of `api --cgi` and their rights. The test plays the web server; tests/wire/cgi.bats has a real one.

load helper

staff=0123456789abcdef0123456789abcdef
guests=fedcba9876543210fedcba9876543210
everything=00112233445566778899aabbccddeeff

# request KEY METHOD PATH [JSON]: the answer in the file out, its body in the file body.
request() {
	local length query=
	printf '%s' "${4-}" >request.json
	length=$(stat -c %s request.json)
	[[ $3 != *\?* ]] || query=${3#*\?}
	run_split env GATEWAY_INTERFACE=CGI/1.1 REQUEST_METHOD="$2" SCRIPT_NAME= PATH_INFO="${3%%\?*}" \
		QUERY_STRING="$query" CONTENT_TYPE=application/json CONTENT_LENGTH="$length" HTTP_OCP_APIM_SUBSCRIPTION_KEY="$1" \
		HTTP_AUTHORIZATION="Token $1" "$FACECTL" api --cgi --keys keys <request.json
	tr -d '\r' <out | sed '1,/^$/d' >body
}

# answers STATUS KEY METHOD PATH [JSON]
answers() {
	request "${@:2}"
	if ! grep -q "^Status: $1" out; then
		echo "${*:2}: not $1 but:"
		cat out err
		return 1
	fi
}

# take KEY GROUP: take a snapshot of a person group; its id in $snapshot, its subscription in $account.
take() {
	answers 202 "$1" POST /face/v1.0/snapshots \
		"{\"type\":\"PersonGroup\",\"objectId\":\"$2\",\"applyScope\":[\"00000000-0000-4000-8000-000000000000\"]}"
	answers 200 "$1" GET "/face/v1.0$(tr -d '\r' <out | sed -n 's/^Operation-Location: //p')"
	answers 200 "$1" GET /face/v1.0/snapshots
	snapshot=$(grep -oE '"id":"[^"]*' body | cut -d '"' -f 4)
	account=$(grep -oE '"account":"[^"]*' body | cut -d / -f 3)
}

keys() {
	printf '%s\n' "$@" >keys
	chmod 600 keys
}

make_groups() {
	for group in staff guests; do
		expect 0 "$FACECTL" api PUT "/face/v1.0/persongroups/$group" --json '{"name":"x"}'
	done
}

@test "a key for some spaces has a subscription of its own: it neither sees nor applies snapshots of other spaces" {
	keys "$staff spaces=staff" "$guests spaces=guests,copy" "$everything"
	make_groups
	# snapshots of the gallery's own subscription, and of another key
	take $everything staff
	answers 200 $guests GET /face/v1.0/snapshots
	[ "$(cat body)" = "[]" ]
	answers 404 $guests GET "/face/v1.0/snapshots/$snapshot"
	take $staff staff
	answers 404 $guests POST "/face/v1.0/snapshots/$snapshot/apply" '{"objectId":"copy"}'
	answers 404 $guests PATCH "/face/v1.0/snapshots/$snapshot" '{"userData":"x"}'
	answers 404 $guests DELETE "/face/v1.0/snapshots/$snapshot"
	# its own it may apply
	take $guests guests
	answers 200 $guests PATCH "/face/v1.0/snapshots/$snapshot" "{\"applyScope\":[\"$account\"]}"
	answers 403 $guests POST "/face/v1.0/snapshots/$snapshot/apply" '{"objectId":"staff"}'
	answers 202 $guests POST "/face/v1.0/snapshots/$snapshot/apply" '{"objectId":"copy"}'
}

@test "keys for the same spaces share a subscription, in whatever order the spaces are" {
	keys "$staff spaces=guests,staff" "$guests spaces=staff,guests,staff" "$everything spaces=staff"
	make_groups
	take $staff staff
	first=$account
	[ "$first" != "$("$FACECTL" gallery stats --format ndjson | grep -oE '"uuid":"[^"]*' | cut -d '"' -f 4)" ]
	answers 200 $guests GET /face/v1.0/snapshots
	says body "$snapshot"
	answers 200 $everything GET /face/v1.0/snapshots
	[ "$(cat body)" = "[]" ]
	# a subscription in the file counts
	keys "$everything spaces=staff subscription=$first"
	answers 200 $everything GET /face/v1.0/snapshots
	says body "$snapshot"
}

@test "spaces without a name are refused, because such a key would have no limit" {
	for spaces in "" "," "staff," "staff,,guests"; do
		keys "$staff spaces=$spaces"
		answers 500 $staff GET /face/v1.0/persongroups
		says err "keys, line 1: spaces= needs names"
		lacks err $staff
	done
}

@test "NeuroIO and SERP: a key for several spaces is refused, because a request does not name one of them" {
	expect 0 "$FACECTL" origins create door --space lobby
	keys "$staff spaces=lobby,attic" "$guests spaces=lobby,attic dialect=serp" "$everything spaces=lobby"
	answers 403 $staff GET /v1/entries/
	says body "needs a key for one space"
	answers 403 $guests GET /v1/entries/
	says body "needs a key for one space"
	answers 200 $everything GET /v1/entries/
}
