#!/usr/bin/env bats
# The APIs of NeuroIO and SERP through `facectl api`: profiles and entries, with their pages and errors.

load helper
load documents

eval "helper_$(declare -f setup)"

# Two origins in the space lobby, one in attic.
setup() {
	helper_setup
	"$FACECTL" --quiet origins create door --space lobby
	"$FACECTL" --quiet origins create roof --space attic
	draw ada.jpg ada
	draw ada2.jpg ada 2
	draw bruno.jpg bruno
	"$DRAW_FACES" --noise 300x200 none.jpg
	"$DRAW_FACES" --group many.jpg ada bruno
}

neuro() {
	"$FACECTL" --dialect neuroio api "$@"
}

serp() {
	"$FACECTL" --dialect serp api "$@"
}

# invalid FIELD MESSAGE: NeuroIO's error about a field.
invalid() {
	answers '{"error_codes":[400],"message":"Validation error.","fields":[{"name":"'"$1"'","message":"'"$2"'","error_code":400}]}'
}

@test "NeuroIO: create, find, search, reinit and delete a person" {
	expect 0 neuro -i POST /v1/persons/ --form image=@ada.jpg --form source=door --form create_on_ha=False
	says out 'HTTP/1.1 201'
	expect 0 neuro POST /v1/persons/ --form image=@ada2.jpg --form source=door
	pid=$(member pid)
	[ "$(member result)" != new ]
	expect 0 neuro POST /v1/persons/search/ --space lobby --form image=@ada.jpg --form identify_asm=True
	[ "$(member pid) $(member result)" = "$pid exact" ]
	[ "$(member age)" != - ]
	expect 0 neuro POST /v1/persons/search/ --space lobby --form image=@bruno.jpg
	[ "$(member result) $(member pid)" = "nm -" ]
	expect 0 neuro -i POST "/v1/persons/reinit/$pid/" --form image=@ada2.jpg --form source=door --form result=junk
	says out 'HTTP/1.1 204'
	says out 'Content-Length: 0'
	expect 0 neuro POST /v1/persons/search/ --space lobby --form image=@ada2.jpg
	[ "$(member pid) $(member result)" = "$pid exact" ]
	expect 0 neuro -i DELETE "/v1/persons/$pid/"
	says out 'HTTP/1.1 204'
	expect 1 neuro DELETE "/v1/persons/$pid/"
	answers '{"error_codes":[404],"message":"Not found.","fields":[]}'
	expect 0 neuro POST /v1/persons/search/ --space lobby --form image=@ada.jpg
	[ "$(member result)" = nm ]
}

@test "SERP: create, search, reinit and delete a profile" {
	expect 0 serp -i POST /v1/profiles/ --form image=@ada.jpg --form origin_id=1
	says out 'HTTP/1.1 201'
	expect 0 serp POST /v1/profiles/ --form image=@ada.jpg --form origin_id=1
	id=$(member person_id)
	[ "$(member conf)" = 3 ]
	expect 0 serp POST /v1/profiles/search/ --space lobby --form image=@ada.jpg --form image2=@ada2.jpg --form identify_asm=True
	[ "$(member person_id)" = "$id" ]
	expect 0 serp POST /v1/profiles/search/ --space lobby --form image=@none.jpg
	[ "$(member conf) $(member person_id)" = "8 -" ]
	expect 0 serp -i POST "/v1/profiles/$id/reinit/" --form image=@ada2.jpg --form min_conf=4
	says out 'HTTP/1.1 204'
	expect 0 serp -i DELETE "/v1/profiles/$id/"
	says out 'HTTP/1.1 204'
	expect 1 serp DELETE "/v1/profiles/$id/"
	answers '{"detail":[{"loc":["body"],"msg":"Not found.","code":404}]}'
	# the ids of the documents' examples are no UUIDs, so there is no such profile
	expect 1 serp DELETE /v1/profiles/abcdef01-abcd-abcd01-abcdef01/
	expect 1 serp POST /v1/profiles/abcdef01-abcd-abcd01-abcdef01/reinit/ --form image=@ada.jpg
}

@test "errors of uploads" {
	expect 7 neuro POST /v1/persons/ --form image=@ada.jpg
	invalid source 'Field required.'
	says err 'HTTP 400: source: Field required'
	expect 7 neuro POST /v1/persons/ --form source=door
	invalid image 'Field required.'
	expect 7 neuro POST /v1/persons/ --form image=@ada.jpg --form source=nosuch
	invalid source 'Does not exist.'
	# the origin is a name in NeuroIO, a number in SERP
	expect 7 neuro POST /v1/persons/ --form image=@ada.jpg --form source=1
	invalid source 'Does not exist.'
	expect 7 serp POST /v1/profiles/ --form image=@ada.jpg --form origin_id=door
	answers '{"detail":[{"loc":["body","origin_id"],"msg":"Does not exist.","code":422}]}'
	expect 7 neuro POST /v1/persons/ --form image=@ada.jpg --form source=door --form create_on_ha=maybe
	invalid create_on_ha 'Value could not be parsed to a boolean.'
	expect 7 neuro POST /v1/persons/ --form image=@ada.jpg --form source=door --form facesize=big
	invalid facesize 'Value is not a valid integer.'
	expect 7 neuro POST /v1/persons/ --form image=@none.jpg --form source=door
	invalid image 'No face found.'
	expect 7 neuro POST /v1/persons/ --form image=@many.jpg --form source=door
	invalid image 'Several faces found.'
	echo text >text.jpg
	expect 7 neuro POST /v1/persons/ --form image=@text.jpg --form source=door
	invalid image 'Image is not supported.'
	expect 0 neuro POST /v1/persons/ --form image=@ada.jpg --form source=door
	pid=$(member pid)
	expect 7 neuro POST "/v1/persons/reinit/$pid/" --form image=@bruno.jpg --form source=door
	invalid image 'Face does not match.'
	expect 7 neuro POST "/v1/persons/reinit/$pid/" --form image=@ada.jpg --form source=door --form result=new
	invalid result "Value is not a valid enumeration member; permitted: 'exact', 'ha', 'junk'."
	expect 7 neuro PUT /v1/persons/
	answers '{"error_codes":[405],"message":"Method not allowed.","fields":[]}'
	expect 1 neuro GET /v1/nothing/
}

@test "a token with a space sees its origins, profiles and entries alone" {
	expect 0 neuro POST /v1/persons/ --form image=@ada.jpg --form source=door
	pid=$(member pid)
	expect 7 neuro POST /v1/persons/ --space attic --form image=@ada.jpg --form source=door
	invalid source 'Does not exist.'
	expect 1 neuro DELETE "/v1/persons/$pid/" --space attic
	expect 0 neuro GET /v1/entries/ --space attic
	[ "$(member count)" = 0 ]
	expect 0 neuro GET '/v1/entries/?spaces_ids=1' --space attic
	[ "$(member count)" = 0 ]
	expect 1 neuro GET "/v1/entries/stats/pid/$pid/" --space attic
	expect 1 neuro DELETE /v1/entries/1/ --space attic
	expect 0 neuro GET /v1/entries/ --space lobby
	[ "$(member count)" = 1 ]
	expect 0 neuro POST /v1/persons/search/ --space attic --form image=@ada.jpg
	[ "$(member result)" = nm ]
}

@test "entries: pages, filters and errors" {
	for photo in ada bruno; do
		expect 0 neuro POST /v1/persons/ --form image=@$photo.jpg --form source=door
	done
	expect 0 neuro POST /v1/persons/ --form image=@ada.jpg --form source=roof
	expect 0 neuro GET '/v1/entries/?limit=1'
	[ "$(member count) $(member next) $(member previous)" = "3 /v1/entries/?limit=1&offset=1 -" ]
	expect 0 neuro GET '/v1/entries/?limit=1&offset=1&sources_ids=1%2C2&result=new&date_from=2020-01-31T00%3A00%3A00%2B00%3A00'
	says out '"next": "/v1/entries/?limit=1&offset=2&sources_ids=1%2C2&result=new&date_from=2020-01-31T00%3A00%3A00%2B00%3A00"'
	says out '"previous": "/v1/entries/?limit=1&offset=0&sources_ids=1%2C2'
	expect 0 neuro GET '/v1/entries/?sources_ids=1'
	[ "$(member count) $(member results.0.source.id) $(member results.0.space.name)" = "2 1 lobby" ]
	expect 0 neuro GET '/v1/entries/?spaces_ids=2'
	[ "$(member count)" = 1 ]
	for nothing in sources_ids=99 spaces_ids=99 age_from=200 date_to=2020-01-01 result=junk pid=0db7d1b8-1d3c-4e13-9d8d-0d6bd0d2a2a4; do
		expect 0 neuro GET "/v1/entries/?$nothing"
		[ "$(member count)" = 0 ]
	done
	expect 0 serp GET '/v1/entries/?conf=2&limit=2'
	[ "$(member next) $(member prev) $(member data.0.conf)" = "/v1/entries/?limit=2&offset=2&conf=2 - 2" ]
	pids=$("$FACECTL" profiles list -s lobby --format ndjson --fields pid | python3 -c 'import json, sys; print(",".join(json.loads(line)["pid"] for line in sys.stdin))')
	expect 0 serp GET "/v1/entries/?person_ids=$pids"
	python3 -c 'import json; assert len(json.load(open("out"))["data"]) == 2'
	for bad in result=nf result=2 mood=sad liveness=maybe sex=2 age_from=x sources_ids=door spaces_ids=lobby pid=abcdef01-abcd-abcd01-abcdef01 limit=0 limit=1001 offset=-1 date_from=yesterday; do
		expect 7 neuro GET "/v1/entries/?$bad"
		says out '"error_codes": ['
		says out "\"name\": \"${bad%%=*}\""
	done
	for bad in conf=new mood=anger conf=9; do
		expect 7 serp GET "/v1/entries/?$bad"
		says out '"code": 422'
	done
}

@test "entries: statistics and delete" {
	expect 0 neuro POST /v1/persons/ --form image=@ada.jpg --form source=door
	pid=$(member pid)
	expect 0 neuro POST "/v1/persons/reinit/$pid/" --form image=@ada2.jpg --form source=door --form result=junk
	expect 0 neuro GET "/v1/entries/stats/pid/$pid/"
	[ "$(member pid) $(member total) $(member reinit) $(member pid_source.name)" = "$pid 2 1 door" ]
	expect 1 neuro GET /v1/entries/stats/pid/0db7d1b8-1d3c-4e13-9d8d-0d6bd0d2a2a4/
	expect 1 neuro GET /v1/entries/stats/pid/abcdef01-abcd-abcd01-abcdef01/
	expect 1 serp GET "/v1/entries/stats/pid/$pid/"
	expect 0 neuro GET /v1/entries/stats/sources/
	[ "$(member count) $(member results.0.name) $(member results.0.total) $(member results.0.conf.new)" = "2 door 2 1" ]
	expect 0 neuro -i DELETE /v1/entries/1/
	says out 'HTTP/1.1 204'
	expect 1 neuro DELETE /v1/entries/1/
	answers '{"error_codes":[404],"message":"Not found.","fields":[]}'
	expect 7 neuro DELETE /v1/entries/first/
	invalid id 'Value is not a valid integer.'
	expect 0 neuro GET /v1/entries/
	[ "$(member count)" = 1 ]
}

@test "without a gallery there is nothing" {
	rm -r "$HOME"
	mkdir "$HOME"
	expect 0 neuro GET /v1/entries/
	[ "$(member count)" = 0 ]
	expect 0 neuro POST /v1/persons/search/ --form image=@ada.jpg
	[ "$(member result)" = nm ]
	expect 7 neuro POST /v1/persons/ --form image=@ada.jpg --form source=door
	invalid source 'Does not exist.'
	expect 1 neuro DELETE /v1/persons/0db7d1b8-1d3c-4e13-9d8d-0d6bd0d2a2a4/
	expect 1 neuro DELETE /v1/entries/1/
	expect 1 neuro GET /v1/entries/stats/pid/0db7d1b8-1d3c-4e13-9d8d-0d6bd0d2a2a4/
}

@test "NeuroIO: create, list, show, update and delete sources" {
	expect 0 neuro -i POST /v1/sources/ --space lobby --json '{"name":"gate","identify_facesize_threshold":7000,"manual_create_on_ha":true}'
	says out 'HTTP/1.1 201'
	expect 0 neuro GET /v1/sources/3/
	[ "$(member name) $(member identify_facesize_threshold) $(member manual_create_facesize_threshold) $(member manual_create_on_ha)" = "gate 7000 0 True" ]
	expect 0 neuro GET '/v1/sources/?limit=2&offset=1'
	[ "$(member count) $(member results.0.name) $(member results.1.name) $(member next)" = "3 roof gate -" ]
	[[ $(member previous) == */v1/sources/* ]]
	expect 0 neuro GET /v1/sources/ --space lobby
	[ "$(member count) $(member results.1.id)" = "2 3" ]
	# what a request does not give is kept
	expect 0 neuro PATCH /v1/sources/3/ --json '{"name":"gate","manual_create_on_junk":true}'
	[ "$(member identify_facesize_threshold) $(member manual_create_on_ha) $(member manual_create_on_junk)" = "7000 True True" ]
	# the source is used by photos
	expect 0 neuro POST /v1/persons/ --form image=@ada.jpg --form source=gate
	expect 0 "$FACECTL" --format ndjson origins show gate
	says out '"space":"lobby"'
	says out '"entries":1'
	expect 0 neuro -i DELETE /v1/sources/3/
	says out 'HTTP/1.1 202'
	expect 1 neuro GET /v1/sources/3/
	answers '{"error_codes":[404],"message":"Not found.","fields":[]}'
}

@test "SERP: create, list, show, update and delete origins" {
	expect 0 serp -i POST /v1/origins/ --space lobby --json '{"name":"gate","save_entries_for_confs":[1,5],"entry_storage_days":30,"upload_create_min_facesize":25000}'
	says out 'HTTP/1.1 201'
	expect 0 serp GET /v1/origins/3/
	[ "$(member save_entries_for_confs) $(member entry_storage_days) $(member upload_create_min_facesize)" = "[1, 5] 30 25000" ]
	expect 0 serp GET /v1/origins/
	[ "$(member data.2.name) $(member next) $(member prev)" = "gate - -" ]
	expect 0 serp PATCH /v1/origins/3/ --json '{"entry_storage_days":null,"upload_create_ha":true}'
	[ "$(member save_entries_for_confs) $(member entry_storage_days) $(member upload_create_ha)" = "[1, 5] - True" ]
	# a token without a space creates origins in the space default
	expect 0 serp POST /v1/origins/ --json '{"name":"yard"}'
	expect 0 "$FACECTL" --format ndjson origins show yard
	says out '"space":"default"'
	expect 0 serp -i DELETE /v1/origins/3/
	says out 'HTTP/1.1 202'
	expect 1 serp DELETE /v1/origins/3/
}

@test "origins: errors, and those of other spaces" {
	expect 7 neuro POST /v1/sources/ --json '{"name":"door"}'
	invalid name "Already exists."
	expect 7 neuro POST /v1/sources/ --json '{"name":"cli"}'
	invalid name "Already exists."
	for name in '"7"' '""' '"a\nb"'; do
		expect 7 neuro POST /v1/sources/ --json "{\"name\":$name}"
		invalid name "Value is not valid."
	done
	expect 7 neuro POST /v1/sources/ --json '{}'
	invalid name "Field required."
	expect 7 neuro POST /v1/sources/ --json '[]'
	says out "not valid JSON"
	expect 7 neuro POST /v1/sources/
	says out "not valid JSON"
	expect 7 neuro PATCH /v1/sources/1/ --json '{"name":"portal"}'
	invalid name "Cannot be changed."
	for setting in '"identify_facesize_threshold":-1' '"manual_create_on_ha":"yes"' '"manual_create_facesize_threshold":1.5'; do
		expect 7 neuro PATCH /v1/sources/1/ --json "{$setting}"
		invalid "$(cut -d '"' -f 2 <<<"$setting")" "Value is not valid."
	done
	for setting in '"save_entries_for_confs":[9]' '"save_entries_for_confs":3' '"entry_storage_days":99999'; do
		expect 7 serp PATCH /v1/origins/1/ --json "{$setting}"
		says out 422
	done
	for method in GET PATCH DELETE; do
		expect 1 neuro $method /v1/sources/2/ --space lobby --json '{}'
		expect 1 neuro $method /v1/sources/door/ --json '{}'
	done
	expect 0 neuro GET /v1/sources/ --space nosuch
	[ "$(member count)" = 0 ]
	expect 7 neuro PUT /v1/sources/1/ --json '{}'
	says out "Method not allowed."
	# the path decides which platform it is
	expect 0 neuro GET /v1/origins/
	[ "$(member data.0.id)" = 1 ]
	expect 0 "$FACECTL" --gallery none --dialect serp api GET /v1/origins/
	[ "$(member next)" = - ]
}

@test "NeuroIO: create and reinit from an entry, whose photo is read again" {
	expect 0 neuro POST /v1/persons/ --form image=@bruno.jpg --form source=door
	expect 0 "$FACECTL" profiles search --origin door ada.jpg
	expect 0 "$FACECTL" --format ndjson entries list --origin door --result nm
	nm=$(grep -oE '"entry":[0-9]+' out | tail -n 1 | cut -d : -f 2)
	expect 0 neuro -i POST /v1/persons/entry/ --space lobby --json "{\"id\":$nm,\"create_on_ha\":false}"
	says out 'HTTP/1.1 201'
	says out '"result": "new"'
	expect 0 neuro POST /v1/persons/search/ --space lobby --form image=@ada2.jpg
	pid=$(member pid)
	[ "$pid" != - ]
	# an entry of that person, with another photo
	expect 0 "$FACECTL" profiles search --origin door ada2.jpg
	expect 0 "$FACECTL" --format ndjson entries list --person "$pid" --limit 1
	entry=$(grep -oE '"entry":[0-9]+' out | head -n 1 | cut -d : -f 2)
	expect 0 neuro -i POST /v1/persons/reinit/ --json "{\"id\":$entry}"
	says out 'HTTP/1.1 204'
	expect 0 "$FACECTL" --format ndjson profiles show "$pid"
	says out '"path":"ada2.jpg"'
	# refused: another space, no such entry, no photo any more, no person, invalid bodies
	expect 1 neuro POST /v1/persons/entry/ --space attic --json "{\"id\":$nm}"
	expect 1 neuro POST /v1/persons/reinit/ --json '{"id":9999}'
	expect 7 neuro POST /v1/persons/reinit/ --json "{\"id\":$nm}"
	invalid id "The entry has no person."
	cp bruno.jpg ada2.jpg
	expect 7 neuro POST /v1/persons/reinit/ --json "{\"id\":$entry}"
	invalid id "The photo of the entry is not available: its file has changed."
	rm ada2.jpg
	expect 7 neuro POST /v1/persons/entry/ --json "{\"id\":$entry}"
	invalid id "The photo of the entry is not available: its file cannot be read."
	for body in '{}' '{"id":"1"}' '{"id":0}' '{"id":1.5}'; do
		expect 7 neuro POST /v1/persons/entry/ --json "$body"
		invalid id "Value is not a valid integer."
	done
	expect 7 neuro POST /v1/persons/entry/ --json "{\"id\":$nm,\"create_on_ha\":\"yes\"}"
	invalid create_on_ha "Value could not be parsed to a boolean."
	expect 7 neuro POST /v1/persons/entry/
}
