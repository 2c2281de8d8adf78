# The Azure Face API of the local engine: containers, persons and persisted faces. Each operation proves its effect by another one.

load helper
load azure

kinds="facelists largefacelists persongroups largepersongroups"

# words PATH: the kind as in error codes and as in messages, and the name of the member with its id.
words() {
	case $1 in
	facelists) code=FaceList text='Face list' id=faceListId ;;
	largefacelists) code=LargeFaceList text='Large face list' id=largeFaceListId ;;
	persongroups) code=PersonGroup text='Person group' id=personGroupId ;;
	largepersongroups) code=LargePersonGroup text='Large person group' id=largePersonGroupId ;;
	esac
}

@test "a container is created, read, listed, changed and deleted" {
	for kind in $kinds; do
		words "$kind"
		api 200 GET "$kind"
		[ "$(cat body)" = "[]" ]
		api 200 PUT "$kind/box" --json '{"name":"Box","userData":"of things","recognitionModel":"recognition_03"}'
		api 200 GET "$kind/box"
		says body "{\"$id\":\"box\",\"name\":\"Box\",\"userData\":\"of things\""
		lacks body recognitionModel
		api 200 GET "$kind/box?returnRecognitionModel=true"
		says body '"recognitionModel":"recognition_03"'
		refuses 409 "${code}Exists" "$text already exists." PUT "$kind/box" --json '{"name":"Other"}'
		api 200 PATCH "$kind/box" --json '{"name":"Crate"}'
		api 200 GET "$kind/box"
		says body '"name":"Crate","userData":"of things"'
		api 200 PATCH "$kind/box" --json '{"userData":"new"}'
		api 200 GET "$kind"
		says body "[{\"$id\":\"box\",\"name\":\"Crate\",\"userData\":\"new\"}]"
		api 200 DELETE "$kind/box"
		refuses 404 "${code}NotFound" "$text is not found." GET "$kind/box"
		for method in PATCH DELETE; do
			refuses 404 "${code}NotFound" "$text is not found." $method "$kind/box" --json '{"name":"x"}'
		done
		api 200 GET "$kind"
		[ "$(cat body)" = "[]" ]
	done
	expect 0 "$FACECTL" gallery check
}

@test "the kinds have ids of their own" {
	for kind in $kinds; do
		api 200 PUT "$kind/same" --json "{\"name\":\"$kind\"}"
	done
	for kind in $kinds; do
		api 200 GET "$kind/same"
		says body "\"name\":\"$kind\""
	done
	api 200 DELETE persongroups/same
	api 200 GET largepersongroups/same
	api 200 GET facelists/same
	expect 0 "$FACECTL" spaces list --format ndjson
	says out '"space":"f/same"'
	says out '"space":"same"'
}

@test "names and user data are counted in characters and kept as they are" {
	local emoji=$'\xf0\x9f\x98\x80' name data
	name=$(printf "$emoji%.0s" $(seq 128))
	data=$(printf "$emoji%.0s" $(seq 16384))
	printf '{"name":"%s","userData":"%s"}' "$name" "$data" >long.json
	printf '{"name":"%s%s"}' "$name" x >longer_name.json
	printf '{"name":"x","userData":"%s%s"}' "$data" x >longer_data.json
	for kind in $kinds; do
		api 200 PUT "$kind/box" --json "$(cat long.json)"
		api 200 GET "$kind/box"
		[ "$(member name)" = "$name" ]
		[ "$(member userData)" = "$data" ]
		refuses 400 BadArgument "'name' is too long." PUT "$kind/other" --json "$(cat longer_name.json)"
		refuses 400 BadArgument "'userData' is too long." PATCH "$kind/box" --json "$(cat longer_data.json)"
		refuses 400 BadArgument "'name' is empty." PUT "$kind/other" --json '{}'
		refuses 400 BadArgument "'name' is empty." PATCH "$kind/box" --json '{"name":""}'
	done
	api 200 POST persongroups/box/persons --json "$(cat long.json)"
	person=$(member personId)
	api 200 GET "persongroups/box/persons/$person"
	[ "$(member name)" = "$name" ]
	[ "$(member userData)" = "$data" ]
	expect 0 "$FACECTL" gallery check
	# both survive an export and an import
	expect 0 "$FACECTL" gallery export
	mv out export
	expect 0 "$FACECTL" --gallery copy gallery import export
	expect 0 "$FACECTL" --gallery copy gallery check
	FACECTL_GALLERY=copy api 200 GET "persongroups/box/persons/$person"
	[ "$(member name)" = "$name" ]
	FACECTL_GALLERY=copy api 200 GET largefacelists/box
	[ "$(member name)" = "$name" ]
	[ "$(member userData)" = "$data" ]
}

@test "identifiers, models and bodies are checked" {
	for kind in $kinds; do
		words "$kind"
		refuses 400 BadArgument "$text ID is invalid." GET "$kind/Box"
		refuses 400 BadArgument "$text ID is invalid." PUT "$kind/$(printf 'a%.0s' $(seq 65))" --json '{"name":"x"}'
		refuses 400 BadArgument "'recognitionModel' is invalid." PUT "$kind/box" \
			--json '{"name":"x","recognitionModel":"recognition_05"}'
		refuses 400 BadArgument "JSON parsing error." PUT "$kind/box" --json '{"name":'
		refuses 400 BadArgument "Request body is invalid." PUT "$kind/box" --json '[]'
		api 200 GET "$kind"
		[ "$(cat body)" = "[]" ]
	done
	for kind in largefacelists largepersongroups; do
		api 200 PUT "$kind/box" --json '{"name":"x"}'
		refuses 400 BadArgument "Both 'name' and 'userData' are empty." PATCH "$kind/box" --json '{}'
	done
}

@test "lists come in pages, in order of the ids" {
	for kind in largefacelists persongroups largepersongroups; do
		for i in 3 1 5 2 4; do
			api 200 PUT "$kind/list$i" --json '{"name":"x"}'
		done
		api 200 GET "$kind?start=&top=2"
		[ "$(grep -o 'list[0-9]' body | tr '\n' ' ')" = "list1 list2 " ]
		api 200 GET "$kind?start=list2&top=3"
		[ "$(grep -o 'list[0-9]' body | tr '\n' ' ')" = "list3 list4 list5 " ]
		api 200 GET "$kind?start=list2a&top="
		[ "$(grep -o 'list[0-9]' body | tr '\n' ' ')" = "list3 list4 list5 " ]
		api 200 GET "$kind?start=list5"
		[ "$(cat body)" = "[]" ]
		refuses 400 BadArgument "'top' is invalid." GET "$kind?top=1001"
		refuses 400 BadArgument "'top' is invalid." GET "$kind?top=0"
		refuses 400 BadArgument "'start' is too long." GET "$kind?start=$(printf 'a%.0s' $(seq 65))"
	done
}

@test "a training succeeds at once, and a container without one says so" {
	for kind in largefacelists persongroups largepersongroups; do
		words "$kind"
		refuses 404 "${code}NotFound" "$text is not found." GET "$kind/box/training"
		refuses 404 "${code}NotFound" "$text is not found." POST "$kind/box/train"
		api 200 PUT "$kind/box" --json '{"name":"x"}'
		refuses 404 "${code}NotTrained" "$text is not trained." GET "$kind/box/training"
		api 202 POST "$kind/box/train"
		[ ! -s body ]
		api 200 GET "$kind/box/training"
		says body '"status":"succeeded"'
		local first
		first=$(member lastActionDateTime)
		api 202 POST "$kind/box/train"
		api 200 GET "$kind/box/training"
		[[ $(member lastActionDateTime) > $first ]]
	done
	api 404 POST facelists/box/train
}

@test "a space of set is a trained large person group" {
	draw ada.jpg 1
	expect 0 "$FACECTL" set --space door --person-id 1 ada.jpg
	api 200 GET largepersongroups/door/training
	says body '"status":"succeeded"'
	api 200 GET largepersongroups
	says body '[{"largePersonGroupId":"door","name":"door"}]'
	api 200 GET largepersongroups/door/persons
	says body '"name":"person1"'
	person=$(ids personId)
	face=$(grep -o '"persistedFaceIds":\["[^"]*' body | cut -d '"' -f 4)
	api 200 GET "largepersongroups/door/persons/$person/persistedfaces/$face"
	says body "{\"persistedFaceId\":\"$face\"}"
	api 200 PATCH largepersongroups/door --json '{"name":"The door"}'
	api 200 GET largepersongroups/door
	says body '"name":"The door"'
	api 200 GET largepersongroups/door/training
	expect 0 "$FACECTL" gallery check
}

@test "persons are created, read, listed, changed and deleted" {
	for kind in persongroups largepersongroups; do
		words "$kind"
		refuses 404 "${code}NotFound" "$text is not found." POST "$kind/box/persons" --json '{"name":"Amy"}'
		api 200 PUT "$kind/box" --json '{"name":"x"}'
		api 200 GET "$kind/box/persons"
		[ "$(cat body)" = "[]" ]
		# equal names, and names that facectl itself does not accept, are allowed
		for name in Amy Amy 'two\nlines' 'e\u0301'; do
			api 200 POST "$kind/box/persons" --json "{\"name\":\"$name\",\"userData\":\"data\"}"
			person=$(member personId)
			api 200 GET "$kind/box/persons/$person"
			python3 - "$name" <<-'END'
				import json, sys
				person = json.load(open("body"))
				assert person["name"] == json.loads('"%s"' % sys.argv[1]), person
				assert person["userData"] == "data" and person["persistedFaceIds"] == [], person
			END
		done
		api 200 PATCH "$kind/box/persons/$person" --json '{"name":"Bob"}'
		api 200 GET "$kind/box/persons/$person"
		says body '"name":"Bob","userData":"data"'
		api 200 PATCH "$kind/box/persons/$person" --json '{"userData":"more"}'
		api 200 GET "$kind/box/persons/$person"
		says body '"name":"Bob","userData":"more"'
		api 200 PATCH "$kind/box/persons/$person" --json '{}'
		api 200 GET "$kind/box/persons/$person"
		says body '"name":"Bob","userData":"more"'
		api 200 GET "$kind/box/persons"
		[ "$(grep -o personId body | wc -l)" -eq 4 ]
		api 200 DELETE "$kind/box/persons/$person"
		for method in GET PATCH DELETE; do
			refuses 404 PersonNotFound "Person is not found." $method "$kind/box/persons/$person" --json '{"name":"x"}'
		done
		refuses 400 BadArgument "Person ID is invalid." GET "$kind/box/persons/1"
		refuses 400 BadArgument "'name' is too long." POST "$kind/box/persons" --json "{\"name\":\"$(printf 'a%.0s' $(seq 129))\"}"
	done
	# a person belongs to one group
	api 200 GET persongroups/box/persons
	other=$(ids personId | head -n 1)
	refuses 404 PersonNotFound "Person is not found." GET "largepersongroups/box/persons/$other"
	api 200 DELETE persongroups/box
	refuses 404 PersonGroupNotFound "Person group is not found." GET "persongroups/box/persons/$other"
	expect 0 "$FACECTL" gallery check
}

@test "persons come in pages that begin after any text" {
	api 200 PUT persongroups/box --json '{"name":"x"}'
	for i in 1 2 3 4 5 6 7; do
		api 200 POST persongroups/box/persons --json "{\"name\":\"$i\"}"
	done
	api 200 GET persongroups/box/persons
	ids personId >all
	sort -c all
	pages=
	start=
	while api 200 GET "persongroups/box/persons?start=$start&top=2" && [ "$(cat body)" != "[]" ]; do
		page=$(ids personId)
		start=${page##*$'\n'}
		pages+=$page$'\n'
	done
	[ "$pages" = "$(cat all)"$'\n' ]
	third=$(sed -n 3p all)
	for start in "${third:0:9}" "${third:0:20}!" 0 5 a "g" "${third^^}" "%20" "${third:0:35}"; do
		api 200 GET "persongroups/box/persons?start=$start"
		plain=${start/\%20/ }
		[ "$plain" = "${third^^}" ] && plain=$third
		[ "$(ids personId)" = \
			"$(python3 -c 'import sys; print("\n".join(l.strip() for l in open("all") if l.strip() > sys.argv[1]))' "$plain")" ]
	done
}
