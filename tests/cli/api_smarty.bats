#!/usr/bin/env bats
# The Smarty API through `facectl api`: the documents' requests and answers, their errors and limits.

load helper
load documents

persons=/api/v1/persons
auth='oauth_token=t&oauth_provider=mcs'

# post METHOD FORM...: a request to a method of persons.
post() {
	local method=$1
	shift
	local fields=()
	for field in "$@"; do
		fields+=(--form "$field")
	done
	"$FACECTL" api POST "$persons/$method?$auth" "${fields[@]}"
}

envelope() {
	printf '{"status":%s,"body":%s,"htmlencoded":false,"last_modified":0}' "$1" "$2"
}

# error STATUS TEXT
error() {
	envelope "$1" "\"$2\""
}

@test "set: the document's examples" {
	draw ok.jpg ada
	"$DRAW_FACES" --noise 300x200 none.jpg
	"$DRAW_FACES" --group many.jpg ada bruno
	: >empty.jpg
	meta='{ "space": "5", "images": [ { "name": "file", "person_id": 1 } ] }'
	expect 0 post set file=@ok.jpg "meta=$meta"
	answers "$(envelope 200 '{"objects":[{"status":0,"name":"file"}]}')"
	expect 0 post recognize file=@ok.jpg 'meta={"space":"5","images":[{"name":"file"}]}'
	says out '"tag": "person1"'
	expect 7 post set file=@ok.jpg 'meta={ "space": "5", "images": [ { "name": "file_10", "person_id": 12 } ] }'
	answers "$(error 400 'could not get image by name file_10: http: no such file')"
	says err 'HTTP 400: could not get image by name file_10'
	for photo in none many; do
		expect 0 post set file=@$photo.jpg "meta=$meta"
		answers "$(envelope 200 '{"objects":[{"status":1,"error":"face set required only one face per image","name":"file"}]}')"
	done
	expect 7 post set file=@empty.jpg "meta=$meta"
	answers "$(error 400 'empty image')"
}

@test "recognize: the document's examples" {
	draw ada.jpg ada
	draw bruno.jpg bruno
	"$DRAW_FACES" --noise 300x200 none.jpg
	: >empty.jpg
	meta='{ "space": "5", "create_new": false, "images": [ { "name": "file" } ] }'
	# an unknown space is empty
	expect 0 post recognize file=@ada.jpg "meta=$meta"
	says out '"tag": "undefined"'
	says out '"similarity": 1'
	expect 0 post recognize file=@ada.jpg "meta=${meta/false/true}"
	says out '"tag": "person1"'
	says out '"similarity": 1'
	expect 0 post recognize file=@bruno.jpg "meta=${meta/false/true}"
	says out '"tag": "person2"'
	expect 0 post recognize file=@ada.jpg "meta=$meta"
	says out '"tag": "person1"'
	says out '"aliases_changed": false'
	expect 0 post recognize file=@none.jpg "meta=$meta"
	answers "$(envelope 200 '{"objects":[{"status":0,"name":"file"}],"aliases_changed":false}')"
	expect 7 post recognize file=@ada.jpg "meta=${meta/\"file\"/\"file1\"}"
	answers "$(error 400 'could not get image by name file1: http: no such file')"
	expect 7 post recognize file=@empty.jpg "meta=$meta"
	answers "$(error 400 'empty image')"
	# one empty image of two
	expect 0 post recognize a=@ada.jpg b=@empty.jpg 'meta={"space":"5","images":[{"name":"a"},{"name":"b"}]}'
	says out '"error": "empty image"'
	says out '"tag": "person1"'
}

@test "delete and truncate: the document's examples" {
	draw ada.jpg ada
	expect 0 post set file=@ada.jpg 'meta={"space":"5","images":[{"name":"file","person_id":1}]}'
	meta='{ "space": "5", "images": [ { "name": "aaa", "person_id": 1 } ] }'
	# an image is accepted and ignored
	expect 0 post delete file=@ada.jpg "meta=$meta"
	answers "$(envelope 200 '{"objects":[{"status":0,"name":"aaa"}]}')"
	expect 0 post delete "meta=$meta"
	says out '"status": 1'
	expect 7 post delete 'meta={"space":"5","images":[{"name":"aaa"}]}'
	answers "$(error 400 'no person_id has been provided')"
	expect 0 post set file=@ada.jpg 'meta={"space":"5","images":[{"name":"file","person_id":1}]}'
	for _ in 1 2; do
		expect 0 post truncate 'meta={ "space": "5" }'
		answers "$(envelope 200 '{}')"
	done
	expect 0 "$FACECTL" spaces list --format ndjson
	says out '"persons":0'
	expect 7 post truncate 'meta={ "azaza": "5" }'
	answers '{"status":400,"body":"wrong space param : strconv.Atoi: parsing \"\": invalid syntax","htmlencoded":false,"last_modified":0}'
}

@test "without a gallery every space is empty" {
	draw ada.jpg ada
	expect 0 post recognize file=@ada.jpg 'meta={"space":"1","images":[{"name":"file"}]}'
	says out '"tag": "undefined"'
	expect 0 post truncate 'meta={"space":"1"}'
	expect 0 post delete 'meta={"space":"1","images":[{"name":"a","person_id":1}]}'
	says out '"error": "person 1 is not in space'
}

@test "spaces are 0 to 9" {
	for space in 12 abc -1 '' 5.0 ' 5' 10; do
		expect 7 post truncate "meta={\"space\":\"$space\"}"
		says out "wrong space param"
	done
	for space in 0 9 05; do
		expect 0 post truncate "meta={\"space\":\"$space\"}"
	done
	draw ada.jpg ada
	expect 0 post set file=@ada.jpg 'meta={"space":"05","images":[{"name":"file","person_id":1}]}'
	expect 0 "$FACECTL" profiles show 5/1
}

@test "the token, the provider, the method and the body are required" {
	meta='meta={"space":"1"}'
	expect 77 "$FACECTL" api POST "$persons/truncate?oauth_provider=mcs" --form "$meta"
	answers "$(error 403 'no oauth_token has been provided')"
	expect 77 "$FACECTL" api POST "$persons/truncate?oauth_token=&oauth_provider=mcs" --form "$meta"
	expect 77 "$FACECTL" api POST "$persons/truncate?oauth_token=t" --form "$meta"
	answers "$(error 403 'oauth_provider must be mcs or mr')"
	expect 77 "$FACECTL" api POST "$persons/truncate?oauth_token=t&oauth_provider=x" --form "$meta"
	expect 1 "$FACECTL" api POST "$persons/forget?$auth" --form "$meta"
	expect 7 "$FACECTL" api GET "$persons/truncate?$auth"
	answers "$(error 405 'the method must be POST')"
	expect 7 "$FACECTL" api POST "$persons/truncate?$auth" --json '{"space":"1"}'
	answers "$(error 400 'the body must be multipart/form-data')"
	expect 7 post truncate a=b
	answers "$(error 400 'no meta has been provided')"
	expect 7 post truncate 'meta=['
	says out '"status": 400'
	for method in set recognize delete; do
		expect 7 post $method 'meta={"space":"1"}'
		expect 7 post $method 'meta={"space":"1","images":[]}'
		says out '"status": 400'
	done
	draw ada.jpg ada
	expect 7 post set file=@ada.jpg 'meta={"space":"1","images":[{"name":"file"}]}'
	answers "$(error 400 'no person_id has been provided')"
	expect 7 post recognize file=@ada.jpg 'meta={"space":"1","images":[{}]}'
	answers "$(error 400 'an image has no name')"
	expect 7 post recognize file=@ada.jpg 'meta={"space":"1","images":[{"name":"file"},{"name":"file"}]}'
	answers "$(error 400 'two images have the same name')"
}

@test "limits of images" {
	draw ada.jpg ada
	meta='meta={"space":"1","images":[{"name":"file"}]}'
	{ cat ada.jpg; head -c 15000000 /dev/zero; } >large.jpg
	expect 0 post recognize file=@large.jpg "$meta"
	says out '"error": "the image has'
	{ cat large.jpg; head -c 15000000 /dev/zero; } >larger.jpg
	expect 7 post recognize file=@larger.jpg "$meta"
	answers "$(error 400 'the request has more than 30000000 bytes')"
	echo text >text.jpg
	expect 0 post recognize file=@text.jpg "$meta"
	says out 'The memory contains data of an unknown image type'
	images=$(for i in $(seq 101); do printf ',{"name":"%d"}' "$i"; done)
	expect 7 post recognize file=@ada.jpg "meta={\"space\":\"1\",\"images\":[${images:1}]}"
	answers "$(error 400 'the request has more than 100 images')"
	"$DRAW_FACES" --noise 3841x100 wide.jpg
	expect 0 post recognize file=@wide.jpg "$meta"
	says out 'the range is 5x5 to 3840x2160'
}
