#!/usr/bin/env bats
# The commands for the objects of the Azure Face API, with a service.

load wire

eval "wire_$(declare -f setup)"

setup() {
	wire_setup
	azure_section | configure
	for name in ada bob eve; do photo $name.png "$name@194,76,258,167"; done
	photo both.png "ada@100,50,200,150;bob@300,76,358,160"
	photo none.png ""
	for file in *.png; do head -c 1200 /dev/zero >>"$file"; done
}

field() {
	python3 -c 'import json, sys; print(json.loads(open("out").readline()).get(sys.argv[1]))' "$1"
}

face() {
	"$FACECTL" --service face "$@"
}

# a_trained_group [--large]: the group cast with Ada and Bob.
a_trained_group() {
	face persongroups create cast --name "The cast" --recognition-model recognition_04 "$@" >out
	for name in ada bob; do
		face persons create --group cast --name $name "$@" >out
		face faces add --group cast --person $name $name.png "$@" >out
	done
	face persongroups train cast "$@" >out
}

@test "person groups of both kinds" {
	for large in "" --large; do
		# shellcheck disable=SC2086
		a_trained_group $large
		says out succeeded
		# shellcheck disable=SC2086
		expect 4 face persongroups create cast $large
		says err "service 'face': HTTP 409:" || says err "already exists"
		# shellcheck disable=SC2086
		expect 0 face persongroups update cast --user-data "since 2019" $large
		# shellcheck disable=SC2086
		expect 0 face --format ndjson persongroups show cast $large
		says out '"id":"cast","name":"The cast","recognition_model":"recognition_04","user_data":"since 2019"'
		# shellcheck disable=SC2086
		expect 0 face persongroups training cast $large
		says out succeeded
	done
	expect 0 face --format json persongroups show cast
	[ "$(compact <out)" = '{"personGroupId":"cast","name":"The cast","userData":"since 2019","recognitionModel":"recognition_04"}' ]
	expect 2 face persongroups delete cast </dev/null
	says err "--yes"
	expect 0 face --format ndjson persongroups delete cast --dry-run
	says out '"dry_run":true'
	expect 3 face persongroups delete cast nosuch --yes
	head -1 out | grep -q '^RESULT *ID$'
	expect 1 face persongroups show cast
	says err "person group is not found" || says err "Person group is not found."
	expect 0 face persongroups show cast --large
	expect 2 face persongroups update cast
}

@test "persons by UUID, prefix and name" {
	a_trained_group
	expect 0 face --format tsv persons list --group cast --fields pid,name,faces --no-header
	[ "$(cut -f2,3 out | sort | tr '\t\n' ' ;')" = "ada 1;bob 1;" ]
	pid=$(awk '$2 == "ada" { print $1 }' out)
	expect 0 face --format json persons show "${pid:0:8}" --group cast
	says out '"persistedFaceIds"'
	expect 0 face persons update ada --group cast --name Ada --user-data countess
	expect 0 face --format json persons show "$pid" --group cast
	says out '"userData": "countess"'
	expect 0 face persons create --group cast --name Ada
	expect 2 face persons show Ada --group cast
	says err "'Ada' is ambiguous: it matches 2 persons"
	says err "$pid"
	expect 1 face persons show nobody --group cast
	expect 2 face persons show "$pid"
	says err "give --group"
	expect 0 face persons delete "$pid" --group cast --dry-run
	expect 3 face persons delete "$pid" nobody --group cast
	expect 1 face persons delete "$pid" --group cast
}

@test "a creation whose answer was lost is looked for before it is repeated" {
	a_trained_group
	ada=$(face --format tsv persons list --group cast --fields pid,name --no-header | awk '$2 == "ada" { print $1 }')
	face facelists create seen --recognition-model recognition_04 >out
	face facelists create seen --large --recognition-model recognition_04 >out
	for fault in cut-done 500-done 503 silence; do
		before=$(face --format json persons list --group cast | grep -c personId)
		# a person of the same name does not hide a new one
		control faults "[null, \"$fault\"]"
		expect 0 face --format ndjson persons create --group cast --name ada
		lacks out "$ada"
		[ "$(face --format json persons list --group cast | grep -c personId)" = $((before + 1)) ]
		for owner in "--group cast --person $ada" "--list seen" "--list seen --large"; do
			# shellcheck disable=SC2086
			before=$(face --format ndjson faces list $owner | wc -l)
			control faults "[null, \"$fault\"]"
			# shellcheck disable=SC2086
			expect 0 face --format ndjson faces add $owner eve.png bob.png
			[ "$(grep -c '"result":"added"' out)" = 2 ]
			# shellcheck disable=SC2086
			face --format ndjson faces list $owner >listed
			[ "$(wc -l <listed)" = $((before + 2)) ]
			grep -qf <(sed 's/.*"persisted_face_id":"//; s/".*//' out) listed
		done
	done
	scope=00000000-0000-4000-8000-00000000000a
	control faults '[null, "503"]'
	expect 0 face snapshots take --group cast --apply-scope $scope
	control faults '[null, "500-done"]'
	expect 75 face snapshots take --group cast --apply-scope $scope
	says err 'was taken'
	state 'state["snapshots"]' 2
}

@test "a creation stays unknown if it cannot be distinguished from others" {
	a_trained_group
	# the list after it fails, too
	control faults '[null, "cut-done", "404"]'
	expect 75 face persons create --group cast --name ada
	says err 'it is not known whether the person was created'
	says err 'list the persons of the group before repeating it'
	[ "$(face --format ndjson persons list --group cast | wc -l)" = 3 ]
}

@test "a creation whose answer was lost is looked for among at most 1000 persons" {
	scope() { control azure "{\"groups\":{\"cast\":{\"name\":\"Cast\",\"persons\":$1}}}"; }
	persons() { face --format json persons list --group cast --large --all | grep -c personId; }
	# 4 pages of 250 persons before the creation, and 4 after it
	scope 999
	control faults '[null, null, null, null, "cut-done"]'
	expect 0 face --format ndjson persons create --group cast --large --name Ada
	says out '"name":"Ada"'
	[ "$(persons)" -eq 1000 ]
	# the list before the creation has 1001 persons: too many to look for another
	scope 1001
	control faults '[null, null, null, null, null, "cut-done"]'
	expect 75 face persons create --group cast --large --name Ada
	says err 'it is not known whether the person was created'
	[ "$(persons)" -eq 1002 ]
	# a creation that is answered needs no list
	expect 0 face persons create --group cast --large --name Eve
	[ "$(persons)" -eq 1003 ]
}

@test "lists are read in pages" {
	face persongroups create many >out
	for i in $(seq 25); do printf '%s\n' "{\"name\":\"p$i\"}"; done >bodies
	while read -r body; do face api POST /face/v1.0/persongroups/many/persons --json "$body" >out; done <bodies
	expect 0 face persons list --group many
	says err "20 shown, and there are more; --all lists all"
	[ "$(grep -c ' p[0-9]' out)" = 20 ]
	expect 0 face persons list --group many --all
	[ "$(grep -c ' p[0-9]' out)" = 25 ]
	expect 0 face --format ndjson persons list --group many --limit 7
	[ "$(wc -l <out)" = 7 ]
	last=$(tail -1 out | sed 's/.*"pid":"//; s/".*//')
	expect 0 face --format ndjson persons list --group many --after "$last"
	[ "$(wc -l <out)" = 18 ]
	expect 0 face --format json persons list --group many
	[ "$(grep -c personId out)" = 25 ]
	for i in 1 2 3; do face facelists create list$i >out; done
	expect 0 face --format ndjson facelists list --after list1 --limit 1
	says out '"id":"list2"'
	[ "$(wc -l <out)" = 1 ]
}

@test "face lists and their faces" {
	face facelists create seen --recognition-model recognition_04 >out
	face facelists create seen --large --recognition-model recognition_04 >out
	expect 0 face faces add --list seen ada.png bob.png --user-data monday
	expect 0 face faces add --list seen --large --from . --include 'a*.png' --include 'bob.png'
	expect 0 face --format ndjson facelists show seen
	says out '"faces":2'
	expect 0 face --format tsv faces list --list seen --fields persisted_face_id,user_data --no-header
	[ "$(cut -f2 out | sort -u)" = monday ]
	id=$(head -1 out | cut -f1)
	expect 0 face --format json faces show "${id:0:8}" --list seen
	[ "$(compact <out)" = "{\"persistedFaceId\":\"$id\",\"userData\":\"monday\"}" ]
	expect 2 face faces update "$id" --list seen --user-data x
	says err "faces of a face list cannot be changed"
	expect 0 face --format tsv faces list --list seen --large --fields persisted_face_id --no-header
	large=$(head -1 out)
	expect 0 face faces update "$large" --list seen --large --user-data tuesday
	expect 0 face --format json faces show "$large" --list seen --large
	says out tuesday
	expect 2 face facelists train seen
	expect 0 face facelists train seen --large
	expect 0 face faces delete "$id" --list seen
	expect 1 face faces delete "$id" --list seen
	state 'len(state["containers"]["facelists"]["seen"]), len(state["containers"]["largefacelists"]["seen"])' "(1, 2)"
	# photos that cannot be added are reported, and the others are added
	expect 3 face --format ndjson faces add --list seen both.png none.png eve.png
	says err "both.png': 'seen': There is more than 1 face in the image" || says err "There is more than 1 face"
	[ "$(grep -c '"result":"added"' out)" = 1 ]
	expect 0 face faces add --list seen --face largest both.png
	expect 0 face faces add --list seen --face rect=300,76,58,84 both.png
	expect 4 face faces add --list seen none.png
	expect 2 face faces add both.png
	says err "give either --person or --list"
}

@test "identify faces of photos" {
	a_trained_group
	expect 0 face --format ndjson identify --group cast both.png eve.png none.png
	fields result name rank face <out >got
	[ "$(tr '\n' ';' <got)" = "identified ada 1 0;identified bob 1 1;unknown - - 0;no_face - - -;" ]
	expect 0 face --format json identify --group cast ada.png
	says out '"candidates"'
	expect 1 face identify --group cast eve.png --require-match
	expect 0 face identify --group cast --min-confidence 0.95 ada.png
	says out unknown
	face api POST '/face/v1.0/detect?returnFaceId=true&recognitionModel=recognition_04' --file ada.png >out
	id=$(sed 's/.*"faceId": *"//; s/".*//' out)
	expect 0 face identify --group cast "$id"
	says out ada
	# a person that was deleted meanwhile has no name; an error is not the same
	control faults '[null, null, "404"]'
	expect 0 face --format ndjson identify --group cast "$id"
	lacks out '"name"'
	control faults '[null, null, "503:0", "503:0", "503:0", "503:0", "503:0"]'
	expect 75 face identify --group cast "$id"
	control faults "[]"
	expect 1 face identify --group nosuch ada.png
	expect 2 face identify ada.png
	expect 3 face identify --group cast ada.png nosuch.png
	expect 4 face identify --group cast nosuch.png
	face persongroups create new --recognition-model recognition_04 >out
	expect 7 face identify --group new ada.png
	says err "not trained.; run 'facectl persongroups train new'"
	# more faces than one request may have
	photo crowd.png "$(for i in $(seq 12); do printf 'ada@%d,0,%d,40;' $((i * 45)) $((i * 45 + 40)); done)"
	head -c 1200 /dev/zero >>crowd.png
	expect 0 face --format ndjson identify --group cast crowd.png
	[ "$(grep -c '"name":"ada"' out)" = 12 ]
}

@test "thresholds by similarity need the local engine" {
	for words in "identify --group cast" "similar --list cast"; do
		for cut in "--threshold 0.5" "--fmr 1e-4" "--fpir 1%"; do
			# shellcheck disable=SC2086
			expect 2 face $words $cut ada.png
			says err "give --min-confidence"
		done
	done
	state "state['requests']" 0
}

@test "verify a photo and a person" {
	a_trained_group
	expect 0 face --format ndjson verify ada.png --person ada --group cast
	says out '"same":true,"person":"ada","confidence":'
	expect 1 face verify ada.png --person bob --group cast
	expect 2 face verify ada.png --person ada
	says err 'give --group'
}

@test "detect and verify send URLs, which the service fetches" {
	url='https://photos.example/ada.png#ada@194,76,258,167'
	expect 0 face --format ndjson detect "$url"
	says out "\"path\":\"$url\""
	says out '"result":"face"'
	lacks out '"sha256"'
	expect 0 face verify "$url" ada.png
	expect 1 face verify "$url" bob.png
}

@test "detect --with face-id" {
	expect 0 face --format ndjson detect --with face-id --ttl 2h --recognition-model recognition_04 both.png
	[ "$(grep -c '"face_id":"' out)" = 2 ]
	id=$(fields face_id <out | head -1)
	expect 0 face --format ndjson detect --with face-id --recognition-model recognition_04 ada.png
	expect 0 face --format ndjson verify "$(fields face_id <out)" "$id"
	expect 2 face detect --with face-id,template ada.png
	says err "templates"
	expect 0 face --format ndjson detect ada.png
	lacks out face_id
}

@test "similar faces" {
	face facelists create seen --recognition-model recognition_04 >out
	face faces add --list seen ada.png bob.png >out
	expect 0 face --format ndjson similar --list seen ada.png
	fields confidence rank <out >got
	[ "$(cat got)" = "0.9 1" ]
	expect 0 face --format ndjson similar --list seen --mode face ada.png
	[ "$(wc -l <out)" = 2 ]
	expect 0 face --format ndjson similar ada.png both.png eve.png
	says out '"match_path":"both.png"'
	[ "$(wc -l <out)" = 1 ]
	expect 1 face similar --require-match eve.png ada.png bob.png
	says err "no similar face"
	expect 4 face similar both.png ada.png
	says err "exactly one is needed"
	expect 0 face similar --face largest both.png ada.png
	mkdir folder
	mv bob.png eve.png folder
	expect 0 face similar --from folder --mode face --top 1 ada.png
	expect 2 face similar ada.png
}

@test "groups of similar faces" {
	expect 0 face --format ndjson group both.png ada.png bob.png ada.png eve.png
	fields group result size path <out >got
	[ "$(sort got | uniq -c | sed 's/^ *//' | tr '\n' ';')" = \
		"1 - single - eve.png;2 1 grouped 3 ada.png;1 1 grouped 3 both.png;1 2 grouped 2 bob.png;1 2 grouped 2 both.png;" ]
	expect 0 face --format json group both.png ada.png
	says out '"messyGroup"'
	expect 4 face group eve.png
	says err "at least 2 are needed"
	expect 3 face group ada.png ada.png none.png
	expect 1 face group --from "$(mktemp -d empty.XXXX)"
}

scope=00000000-0000-4000-8000-00000000000b

@test "snapshots" {
	for words in "take --group cast" "update 00000000-0000-4000-8000-00000000000a"; do
		# shellcheck disable=SC2086
		expect 2 face snapshots $words --ttl 2d
		says err 'snapshots of services of type azure expire after 48 hours'
	done
	a_trained_group
	expect 2 face snapshots take --group cast
	expect 0 face --format tsv snapshots take --group cast --apply-scope $scope --user-data nightly --fields id --no-header
	id=$(cat out)
	expect 0 face --format ndjson snapshots list --type PersonGroup
	says out "\"id\":\"$id\""
	says out '"user_data":"nightly"'
	expect 0 face snapshots list --type FaceList --format ndjson
	[ ! -s out ]
	expect 0 face snapshots update "$id" --user-data weekly
	expect 0 face --format json snapshots show "$id"
	says out '"userData": "weekly"'
	expect 0 face snapshots apply "$id" --to copy
	state 'state["containers"]["persongroups"]["copy"]' "['ada', 'bob']"
	expect 0 face identify --group copy ada.png
	expect 4 face snapshots apply "$id" --to copy
	expect 0 face --format tsv snapshots apply "$id" --to later --no-wait --fields operation --no-header
	expect 0 face snapshots status "$(cat out)"
	expect 0 face snapshots delete "$id" --dry-run
	expect 0 face snapshots delete "$id"
	expect 1 face snapshots show "$id"
}

@test "a copy to another account, with both forms of Operation-Location" {
	a_trained_group
	{
		azure_section | sed 's/"face"/"other"/; s#/face/v1.0/#/other#'
	} >>"$HOME/.config/facectl/facectl.conf"
	expect 0 face snapshots copy --group cast --to other --apply-scope $scope
	state 'state["others"], state["snapshots"]' "({'persongroups': {'cast': ['ada', 'bob']}}, 0)"
	expect 4 face snapshots copy --group cast --to other --apply-scope $scope
	expect 0 "$FACECTL" --service other identify --group cast ada.png
	"$FACECTL" --service other persongroups delete cast --yes >out
	control azure '{"absolute":"https://westus.api.cognitive.microsoft.com/face/v1.0"}'
	expect 0 face snapshots copy --group cast --to other --apply-scope $scope
	expect 2 face snapshots copy --group cast --to local --apply-scope $scope
	expect 2 face snapshots copy --group cast --to nosuch --apply-scope $scope
}

@test "trainings that fail, or take too long" {
	a_trained_group
	control azure '{"failures":1,"message":"Not today."}'
	expect 7 face persongroups train cast
	says err "Not today."
	control azure '{"looks":1000000}'
	set_key training-timeout 20ms
	expect 75 face persongroups train cast
	says err "did not end within"
	expect 75 face persongroups train cast
	says err "HTTP 409: Person group is under training"
}

@test "a space is a large group with the prefix of the service" {
	expect 0 face set --space friends --person-id 3 ada.png
	expect 0 face identify --space friends ada.png
	says out person3
	expect 0 face --format ndjson persons list --space friends
	[ "$(wc -l <out)" = 1 ]
	expect 2 face identify --space friends --group cast ada.png
}

@test "what does not exist is said without a crash" {
	for command in "persongroups show x" "facelists show x" "persongroups training x" "persons list --group x" "faces list --list x" \
		"faces list --list x --large" "snapshots show 00000000-0000-4000-8000-000000000001" \
		"snapshots status 00000000-0000-4000-8000-000000000001" "identify --group x ada.png" "similar --list x ada.png"; do
		# shellcheck disable=SC2086
		expect 1 face $command
		says err "is not found"
	done
}

@test "profiles: the persons of spaces, listed, shown, changed and deleted" {
	expect 0 face set --space crew --person-id 7 --name Ada ada.png
	expect 0 face persons create --space crew --name Bob --user-data "since 2019"
	expect 0 face set --space guests --person-id 7 eve.png
	expect 0 face --format ndjson profiles list
	[ "$(wc -l <out)" -eq 3 ]
	expect 0 face --format ndjson profiles list --space crew
	[ "$(grep -o '"name":"[A-Za-z]*"' out | sort | xargs)" = "name:Ada name:Bob" ]
	says out '"space":"crew","person_id":7,"faces":1'
	says out '"user_data":"since 2019"'
	lacks out facectl:
	expect 0 face --format ndjson profiles list --name ADA
	[ "$(wc -l <out)" -eq 1 ]
	ada=$(field pid)
	expect 0 face --format ndjson profiles list --limit 1 --offset 1 --space crew
	[ "$(wc -l <out)" -eq 1 ]
	expect 0 face profiles list --limit 1
	says err "1 of 3"
	expect 1 face profiles list --space nosuch
	says err "there is no space 'nosuch'"
	expect 2 face profiles list --origin door
	says err "origins"
	expect 2 face profiles list --since 2d
	expect 0 face --format json profiles list --space crew
	says out '"count": 2'

	# every form of PERSON
	for person in "$ada" "${ada:0:8}" crew/7 crew/Ada; do
		expect 0 face --format ndjson profiles show "$person"
		[ "$(field pid) $(field name) $(field person_id)" = "$ada Ada 7" ]
	done
	expect 0 face --format ndjson profiles show -s crew Ada
	says out '"type":"profile_face"'
	says out '"persisted_face_id":'
	# what the API does not have is absent: entries, and all but the ids of faces
	for name in total sha256 awesomeness face_id; do lacks out "\"$name\""; done
	expect 0 face profiles show -s crew 7
	expect 0 face --format json profiles show crew/7
	expect 1 face profiles show crew/8
	expect 1 face profiles show nosuch/8
	expect 1 face profiles show 11111111-2222-4333-8444-555555555555
	expect 2 face profiles show Ada

	expect 0 face --format ndjson profiles update crew/7 --name "Ada L." --user-data pilot
	[ "$(field name) $(field person_id) $(field user_data)" = "Ada L. 7 pilot" ]
	expect 0 face --format ndjson profiles update "$ada" --user-data captain
	[ "$(field name) $(field user_data)" = "Ada L. captain" ]
	expect 0 face --format ndjson profiles update "$ada" --unset name,user-data
	[ "$(field name) $(field person_id) $(field user_data)" = "None 7 None" ]
	expect 2 face profiles update crew/Bob --unset name
	says err "needs a name"

	expect 0 face --format ndjson profiles delete crew/Bob guests/7 --dry-run
	[ "$(grep -c '"dry_run":true' out)" -eq 2 ]
	expect 2 face profiles delete crew/Bob --with entries
	expect 3 face --format ndjson profiles delete crew/Bob guests/7 crew/99
	says out '"result":"deleted","faces":1'
	says out '"result":"not_found"'
	expect 0 face --format ndjson profiles list
	[ "$(wc -l <out)" -eq 1 ]
	[ "$(field pid)" = "$ada" ]
}

@test "what the API cannot do is refused by the name of the command, before any request" {
	id=11111111-2222-4333-8444-555555555555
	for words in "profiles merge $id --to $id" "profiles move $id --to crew" "faces move $id --to $id" "faces move $id --to new" \
		"faces export $id --crops crops" "faces export --person $id --crops crops"; do
		# shellcheck disable=SC2086
		expect 2 face $words
		says err "does not support '$(echo "$words" | cut -d ' ' -f 1-2)'; the local engine (--service local) does"
	done
	state "state['requests']" 0
	[ ! -e crops ]
}
