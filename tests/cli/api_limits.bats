#!/usr/bin/env bats
# Settings of api: quotas and the size of a request. The body of a request from a file.

load helper
load azure
load azure_faces

# configure LINE...: the section [api] of the configuration.
configure() {
	mkdir -p "$HOME/.config/facectl"
	{ echo "[api]" && printf '%s\n' "$@"; } >"$HOME/.config/facectl/facectl.conf"
}

@test "quotas of containers: the documented code, in every kind; update and delete still work" {
	configure "quotas = face-lists=1,large-face-lists=1,person-groups=1,large-person-groups=1"
	for kind in "facelists Face list" "largefacelists Large face list" "persongroups Person group" "largepersongroups Large person group"; do
		path=${kind%% *}
		call 200 PUT "$path/one" '{"name":"One"}'
		call 403 PUT "$path/two" '{"name":"Two"}'
		code QuotaExceeded
		says body "${kind#* } number reached subscription level limit."
		call 200 PATCH "$path/one" '{"name":"Uno"}'
		call 200 DELETE "$path/one"
		call 200 PUT "$path/two" '{"name":"Two"}'
	done
	expect 5 "$FACECTL" persongroups create three
	says err "number reached"
	# set does not use that API
	draw ada.jpg ada
	expect 0 "$FACECTL" set --space other --person-id 1 ada.jpg
}

@test "quotas of members: persons of groups, faces of lists" {
	draw ada.jpg ada
	configure "quotas = person-group-persons=2,large-person-group-persons=1,face-list-faces=1,large-face-list-faces=1"
	call 200 PUT persongroups/cast '{"name":"Cast"}'
	call 200 POST persongroups/cast/persons '{"name":"Ada"}'
	person=$(value personId)
	call 200 POST persongroups/cast/persons '{"name":"Bruno"}'
	call 403 POST persongroups/cast/persons '{"name":"Carla"}'
	code QuotaExceeded
	says body "Person number reached group level limit."
	# persons have other limits than faces
	for _ in 1 2; do call 200 POST "persongroups/cast/persons/$person/persistedfaces" @ada.jpg; done
	call 200 DELETE "persongroups/cast/persons/$person"
	call 200 POST persongroups/cast/persons '{"name":"Carla"}'
	for list in facelists/seen largefacelists/seen; do
		call 200 PUT $list '{"name":"Seen"}'
		call 200 POST $list/persistedfaces @ada.jpg
		call 403 POST $list/persistedfaces @ada.jpg
		code QuotaExceeded
		says body "Persisted face number reached limit."
	done
	expect 5 "$FACECTL" faces add --list seen ada.jpg
	expect 0 "$FACECTL" gallery check
}

@test "a snapshot is applied only if one more container is allowed" {
	configure "quotas = off,person-groups=1"
	call 200 PUT persongroups/cast '{"name":"Cast"}'
	expect 0 "$FACECTL" --format tsv snapshots take --group cast --fields id --no-header
	expect 5 "$FACECTL" snapshots apply "$(cat out)" --to copy
	says err "number reached"
	call 404 GET persongroups/copy
	code PersonGroupNotFound
}

@test "tiers: a free account has 64 face lists, and a word overrides the tier" {
	configure "quotas = free"
	for i in $(seq 64); do echo "PUT /face/v1.0/facelists/l$i"; done | while read -r method path; do
		"$FACECTL" api "$method" "$path" --json '{"name":"x"}'
	done
	call 403 PUT facelists/l65 '{"name":"x"}'
	code QuotaExceeded
	configure "quotas = s0,face-lists=65"
	call 200 PUT facelists/l65 '{"name":"x"}'
	call 403 PUT facelists/l66 '{"name":"x"}'
	configure "quotas = s0,face-lists=65,off"
	call 200 PUT facelists/l66 '{"name":"x"}'
}

@test "config: the settings are listed, set and checked" {
	expect 0 "$FACECTL" config list
	says out "api.quotas"
	expect 0 "$FACECTL" config get api.max-request-size
	says out 32MiB
	expect 0 "$FACECTL" config set api.quotas free
	expect 0 "$FACECTL" config get api.quotas
	[ "$(cat out)" = free ]
	for word in gold person-groups=0 person-groups=x groups=1 =1; do
		expect 2 "$FACECTL" config set api.quotas $word
	done
	configure "quotas = person-groups=many"
	expect 2 "$FACECTL" config check
	says out "api.quotas: person-groups takes a whole number"
	configure "max-request-size = 10"
	expect 2 "$FACECTL" config check
	# they are no options
	expect 2 "$FACECTL" --quotas free version
	expect 0 "$FACECTL" -h
	lacks out quotas
}

@test "max-request-size: --file, --json, --form and the body of --cgi, which is not read" {
	configure "max-request-size = 2KiB"
	head -c 2049 /dev/zero >big
	for body in "--file big" "--json @big" "--form x=@big"; do
		# shellcheck disable=SC2086
		expect 4 "$FACECTL" api POST /face/v1.0/detect $body
		says err "api.max-request-size"
	done
	expect 4 "$FACECTL" api POST /face/v1.0/detect --json "$(printf '%2049s' x)"
	expect 4 "$FACECTL" api POST /face/v1.0/detect --file - <big
	head -c 2048 /dev/zero >fits
	call 400 POST detect @fits
	printf 'k0123456789abcdef\n' >keys
	chmod 600 keys
	for api in "/face/v1.0/detect 413" "/api/v1/persons/set 400" "/v1/persons/ 413"; do
		run_split env GATEWAY_INTERFACE=CGI/1.1 REQUEST_METHOD=POST PATH_INFO="${api% *}" CONTENT_LENGTH=2049 HTTP_OCP_APIM_SUBSCRIPTION_KEY=k0123456789abcdef \
			HTTP_AUTHORIZATION="Token k0123456789abcdef" QUERY_STRING="oauth_token=k0123456789abcdef&oauth_provider=mcs" "$FACECTL" api --cgi --keys keys </dev/null
		says out "Status: ${api#* }"
	done
}

@test "--json @FILE and @-" {
	printf '{"name":"Cast"}' >body.json
	expect 0 "$FACECTL" api PUT /face/v1.0/persongroups/one --json @body.json
	expect 0 "$FACECTL" api PUT /face/v1.0/persongroups/two --json @- <body.json
	call 200 GET persongroups
	[ "$(ids name)" = "$(printf 'Cast\nCast')" ]
	expect 4 "$FACECTL" api PUT /face/v1.0/persongroups/three --json @none.json
}

@test "quotas of snapshots: how many are taken and applied in a day and in a month" {
	call 200 PUT persongroups/cast '{"name":"Cast"}'
	take() { expect "$1" "$FACECTL" --format tsv snapshots take --group cast --fields id --no-header; }
	count=0
	for period in day month; do
		configure "quotas = takes-per-$period=$((2 * count + 2)),applies-per-$period=$((count + 1))"
		take 0
		id=$(cat out)
		take 0
		take 5
		says err "snapshot operation number reached subscription level limit"
		expect 0 "$FACECTL" snapshots apply "$id" --to "copy-$period"
		expect 5 "$FACECTL" snapshots apply "$id" --to "other-$period"
		call 404 GET "persongroups/other-$period"
		count=$((count + 1))
	done
	configure "quotas = free,takes-per-month=4"
	take 5
	for words in free s0 off; do
		configure "quotas = $words"
		take 0
	done
	configure "quotas = takes=1"
	expect 2 "$FACECTL" snapshots list
	says err "takes-per-day, takes-per-month, applies-per-day, applies-per-month, not 'takes=1'"
}
