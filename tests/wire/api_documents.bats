#!/usr/bin/env bats
# facectl api with services of the types smarty, neuroio and serp: requests as they are, with the service's token, limits and retries.

load wire
load ../cli/documents

eval "wire_$(declare -f setup)"

setup() {
	wire_setup
	a_service_of_each_type
	photo ada.png ada
	photo bruno.png bruno
}

on() {
	"$FACECTL" --service "$1" api "${@:2}"
}

persons=/api/v1/persons
meta='meta={"space":"5","images":[{"name":"file","person_id":1}]}'

@test "Smarty: the four methods, with the service's own token" {
	# a token of the path is replaced
	expect 0 on vk POST "$persons/set?oauth_token=other&oauth_provider=other" --form file=@ada.png --form "$meta"
	[ "$(member body.objects.0.status)" = 0 ]
	state 'state["spaces"]["5"]["persons"]' "{'1': ['ada']}"
	expect 0 on vk POST $persons/recognize --form file=@ada.png --form 'meta={"space":"5","create_new":false,"update_embedding":false,"images":[{"name":"file"}]}'
	[ "$(member body.objects.0.persons.0.tag)" = person1 ]
	expect 0 on vk POST $persons/delete --form "$meta"
	expect 0 on vk POST $persons/truncate --form 'meta={"space":"5"}'
	expect 7 on vk POST $persons/truncate --form 'meta={"space":"abc"}'
	says out 'wrong space param : strconv.Atoi'
	says err 'HTTP 400: wrong space param'
	echo another-token >token
	expect 77 on vk POST $persons/truncate --form 'meta={"space":"5"}'
}

@test "Smarty: what may be repeated, what may not, and what is not sent" {
	control faults '["503", null]'
	expect 0 on vk POST $persons/set --form file=@ada.png --form "$meta"
	for meta in '"create_new":true,"update_embedding":false' '"create_new":false'; do
		control faults '["503", null]'
		expect 75 on vk POST $persons/recognize --form file=@bruno.png --form "meta={\"space\":\"5\",$meta,\"images\":[{\"name\":\"file\"}]}"
		says err 'persons may have been created, so it was not repeated'
		control faults '[]'
	done
	expect 2 on vk POST $persons/forget --form 'meta={"space":"5"}'
	expect 2 on vk GET $persons/set
	control reset
	set_key_of_vk max-photos 1
	expect 4 on vk POST $persons/recognize --form a=@ada.png --form b=@bruno.png --form 'meta={"space":"5","images":[{"name":"a"},{"name":"b"}]}'
	says err 'the request has 2 images; the maximum is 1'
	state 'state["requests"]' 0
}

# set_key_of_vk KEY VALUE: in the section of vk.
set_key_of_vk() {
	sed -i "/service \"vk\"/a $1 = $2" "$HOME/.config/facectl/facectl.conf"
}

@test "NeuroIO and SERP: profiles and entries" {
	expect 0 on neuro POST /v1/persons/ --form image=@ada.png --form source=door
	pid=$(member pid)
	expect 0 on neuro POST /v1/persons/search/ --form image=@ada.png --form identify_asm=false
	[ "$(member pid) $(member result)" = "$pid exact" ]
	expect 0 on neuro GET '/v1/entries/?result=new&limit=1&offset=0'
	[ "$(member count) $(member results.0.pid)" = "1 $pid" ]
	expect 0 on neuro -i DELETE "/v1/persons/$pid/"
	says out 'HTTP/1.1 204'
	expect 1 on neuro DELETE "/v1/persons/$pid/"
	says out '"message": "Not found."'
	expect 0 on serp POST /v1/profiles/ --form image=@ada.png --form origin_id=1
	id=$(member person_id)
	expect 0 on serp POST "/v1/profiles/$id/reinit/" --form image=@ada.png --form min_conf=5
	expect 0 on serp GET '/v1/entries/?limit=20&offset=0'
	[ "$(member data.0.person_id)" = "$id" ]
	expect 7 on serp POST /v1/profiles/ --form image=@ada.png
	says err 'HTTP 422: origin_id: field required'
	# a creation is not repeated, a search is
	control faults '["503", null]'
	expect 75 on serp POST /v1/profiles/ --form image=@bruno.png --form origin_id=1
	says err 'it may have been carried out, so it was not repeated'
	control faults '["503", null]'
	expect 0 on serp POST /v1/profiles/search/ --form image=@ada.png --form identify_asm=false
	expect 2 on serp GET /face/v1.0/persongroups
}
