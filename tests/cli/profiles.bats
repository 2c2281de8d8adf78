#!/usr/bin/env bats
# profiles as in the SERP document and in NeuroIO's: create, reinit, search, delete, and what is around them.

# To shellcheck each test is a subshell; what a test sets is meant for that test alone.
# shellcheck disable=SC2030,SC2031

load helper
load calibrated


json() {
	"$FACECTL" --format json "$@"
}

# made NAME IDENTITY [POSE]: a profile in the space door; its id in $pid.
made() {
	draw "$1" "${@:2}"
	expect 0 json profiles create --space door "$1"
	pid=$(value 'd["pid"]')
}

@test "create profile: the document's example, then the same photo, another one, a stranger" {
	calibrate
	expect 0 "$FACECTL" origins create camera --space door
	draw image.jpg ada
	draw again.jpg ada 2
	draw stranger.jpg bruno
	expect 0 json profiles create --origin 1 image.jpg
	is 'd["result"]' new
	is 'd["confidence"]' 100
	is 'sorted(d)' "['age', 'confidence', 'liveness', 'mood', 'pid', 'result', 'sex']"
	pid=$(value 'd["pid"]')
	expect 0 json profiles create --origin 1 image.jpg
	is 'd["result"], d["pid"]' "('exact', '$pid')"
	expect 0 json profiles create --origin camera again.jpg
	is 'd["result"], d["pid"]' "('exact', '$pid')"
	expect 0 json profiles create --origin camera stranger.jpg
	is 'd["result"], d["pid"] == "'"$pid"'"' "('new', False)"
	expect 0 json profiles list
	is 'd["count"]' 2
}

@test "bands follow the thresholds of the space, and may be overruled" {
	calibrate
	made ada.jpg ada
	draw again.jpg ada 2
	expect 0 "$FACECTL" spaces update door --exact 99 --ha 98.5 --junk 90
	expect 0 json profiles search --space door again.jpg
	is 'd["result"], d["pid"]' "('junk', '$pid')"
	expect 0 "$FACECTL" spaces update door --ha 90
	expect 0 json profiles create --space door again.jpg
	is 'd["result"], d["pid"]' "('ha', '$pid')"
	expect 0 json profiles create --space door --create-on-junk again.jpg
	is 'd["result"]' ha
	expect 0 json profiles create --space door --create-on-ha again.jpg
	is 'd["result"], d["pid"] == "'"$pid"'"' "('new', False)"
	expect 2 "$FACECTL" spaces update door --junk 95
	says err 'thresholds must satisfy 0 <= junk <= ha <= exact <= 100'
}

@test "an origin decides about ha too" {
	calibrate
	made ada.jpg ada
	draw again.jpg ada 2
	expect 0 "$FACECTL" spaces update door --exact 99.5
	expect 0 "$FACECTL" origins create twins --space door --create-on-ha
	expect 0 json profiles create --origin twins --no-create-on-ha again.jpg
	is 'd["result"]' ha
	expect 0 json profiles create --origin twins again.jpg
	is 'd["result"]' new
}

@test "re-init from a photo: empty answer, and never with a stranger's photo" {
	calibrate
	made image.jpg ada
	draw today.jpg ada 2
	draw stranger.jpg bruno
	expect 0 json profiles reinit "$pid" today.jpg
	empty out
	expect 0 json profiles search --space door today.jpg
	is 'd["result"], d["pid"], d["confidence"]' "('exact', '$pid', 100)"
	expect 4 json profiles reinit "$pid" stranger.jpg
	is 'd["error_codes"]' '[409]'
	says err 'less than ha'
	expect 0 json profiles search --space door today.jpg
	is 'd["confidence"]' 100
	expect 0 "$FACECTL" profiles reinit "$pid" stranger.jpg --force
	expect 0 json profiles search --space door stranger.jpg
	is 'd["pid"]' "$pid"
	expect 0 json entries list --result reinit
	is 'd["count"]' 2
	expect 1 json profiles reinit 0db7d1b8-1d3c-4e13-9d8d-0d6bd0d2a2a4 today.jpg
	is 'd["error_codes"]' '[404]'
	expect 0 "$FACECTL" gallery check
}

@test "search: the profile, nm for nobody, each dialect's word for no face" {
	calibrate
	log_all
	made image.jpg ada
	draw again.jpg ada 3
	draw stranger.jpg bruno
	"$DRAW_FACES" --noise 400x300 nothing.jpg
	expect 0 json profiles search --space door again.jpg
	is 'd["result"], d["pid"]' "('exact', '$pid')"
	expect 0 json profiles search --space door stranger.jpg
	is 'd["result"], d["pid"]' "('nm', None)"
	expect 0 json profiles search --space door nothing.jpg
	# NeuroIO has no word for a photo without a face
	is 'd["result"], d["pid"], d["confidence"]' "('nm', None, None)"
	expect 1 json profiles search --space door --require-match stranger.jpg
	expect 0 json profiles search --space door --dialect serp again.jpg stranger.jpg nothing.jpg
	is '[a["conf"] for a in d]' '[3, 1, 8]'
	is 'd[0]["person_id"]' "$pid"
	expect 0 json entries list --reverse
	is '[e["result"] for e in d["results"]]' \
		"['new', 'exact', 'nm', 'nm', 'nm', 'exact', 'nm', 'nm']"
}

@test "a search for many photos finds what single searches find" {
	calibrate
	mkdir many
	for name in ada bruno chidi doris; do
		made "$name.jpg" "$name"
		draw "many/$name.jpg" "$name" 2
	done
	draw many/two.jpg --group ada:3 bruno:3
	"$DRAW_FACES" --noise 400x300 many/none.jpg
	fields=path,result,pid,similarity,face,match_pids,match_similarities
	expect 3 "$FACECTL" --format ndjson --fields $fields profiles search --space door --no-entry --top 3 --face only --from many
	sort <out >together
	for photo in many/*; do
		run "$FACECTL" --format ndjson --fields $fields profiles search --space door --no-entry --top 3 "$photo"
		echo "$output" | grep '^{'
	done | sort >alone
	diff alone together
	[ "$(wc -l <together)" = 6 ]
}

@test "search with two photos, and with the nearest told" {
	calibrate
	made image.jpg ada
	made other.jpg bruno
	draw again.jpg ada 2
	draw third.jpg ada 3
	expect 0 json profiles search --space door --photo2 third.jpg --top 2 again.jpg
	is 'd["result"], len(d["matches"])' "('exact', 2)"
	is 'd["matches"][0]["pid"] == d["pid"]' True
	is '[m["result"] for m in d["matches"]]' "['exact', 'nm']"
	# records name the most similar face of each profile
	expect 0 "$FACECTL" --format ndjson profiles search --space door --no-entry --top 2 other.jpg
	is 'd["match_best_faces"], d["match_best_similarities"][0], d["best_face"]' '([2, 1], 1, 2)'
	expect 4 json profiles search --space door --photo2 other.jpg again.jpg
	says err 'the second photo shows another person'
}

@test "delete profile: empty answer, and nobody is found any more" {
	calibrate
	made image.jpg ada
	expect 0 json profiles delete "$pid"
	empty out
	expect 0 json profiles search --space door --no-entry image.jpg
	is 'd["result"], d["confidence"]' "('nm', None)"
	expect 1 json profiles delete "$pid"
	is 'd["message"]' "There is no person '$pid'."
	expect 0 "$FACECTL" gallery check
	expect 0 json entries list
	is '[(e["result"], e["pid"]) for e in d["results"]]' "[('new', '$pid')]"
}

@test "delete --with entries deletes the entries, too" {
	calibrate
	made image.jpg ada
	expect 0 "$FACECTL" --format tsv profiles delete --with entries "$pid"
	says out "$(printf '%s\tdeleted\t1\t1\tno' "$pid")"
	expect 0 json entries list
	is 'd["count"]' 0
	expect 0 "$FACECTL" gallery check
}

@test "no face and several faces are told, and leave nothing" {
	calibrate
	"$DRAW_FACES" --noise 400x300 nothing.jpg
	"$DRAW_FACES" --group pair.jpg ada bruno
	expect 4 json profiles create --space door nothing.jpg
	is 'd["error_codes"], d["fields"]' '([400], [])'
	says err 'no face found'
	expect 4 json profiles create --space door --dialect serp pair.jpg
	is 'd["detail"][0]["code"]' 400
	says err '2 faces found'
	expect 4 json profiles create --space door --min-facesize 100000000 pair.jpg
	says err 'no face of at least'
	draw ada.jpg ada
	expect 3 json profiles create --space door nothing.jpg ada.jpg
	is '[sorted(a)[0] for a in d]' "['error_codes', 'age']"
	expect 0 json entries list
	is 'd["count"]' 1
}

@test "liveness without a model is refused in plain words" {
	calibrate
	draw ada.jpg ada
	expect 6 json profiles create --require-live --space door ada.jpg
	says err 'the liveness model is missing'
	expect 6 json profiles search --require-live --space door ada.jpg
}

@test "an embedder without a calibration says so" {
	draw ada.jpg ada
	calibrate
	python3 -c 'import json; p = "models/facectl-embed-2.json"; d = json.load(open(p)); del d["calibration"]; json.dump(d, open(p, "w"))'
	expect 2 json profiles create --space door ada.jpg
	says err 'has no calibration'
	# The template of the second photo is made before that is found out; a sanitized build sees it released.
	expect 2 json profiles search --space door --photo2 ada.jpg ada.jpg
}

@test "origins must be there, and decide the space" {
	calibrate
	draw ada.jpg ada
	expect 1 json profiles create --origin camera ada.jpg
	says err "facectl origins create camera --space SPACE"
	expect 2 json profiles create ada.jpg
	says err 'give --space or --origin'
	expect 0 "$FACECTL" origins create camera --space door
	expect 2 json profiles create --origin camera --space office ada.jpg
	says err "is in space 'door'"
	expect 0 "$FACECTL" set --origin camera --person-id 7 ada.jpg
	expect 0 "$FACECTL" recognize --origin camera --threshold 0.5 ada.jpg
	expect 0 json entries list --origin camera
	is '[(e["result"], e["space"]["name"], e["source"]["id"]) for e in d["results"]]' \
		"[('exact', 'door', 1), ('new', 'door', 1)]"
	expect 0 "$FACECTL" recognize --origin nowhere ada.jpg
	says err "there is no origin 'nowhere'"
	expect 1 "$FACECTL" recognize --create-new --origin nowhere ada.jpg
	says err 'facectl origins create nowhere'
}

@test "list by origin, and a pid that the space does not have" {
	calibrate
	draw ada.jpg ada
	draw bruno.jpg bruno
	expect 0 "$FACECTL" origins create camera --space door
	expect 0 "$FACECTL" origins create gate --space door
	expect 0 json profiles create --origin camera ada.jpg
	pid=$(value 'd["pid"]')
	expect 0 "$FACECTL" profiles create --origin gate bruno.jpg
	expect 0 "$FACECTL" --format ndjson profiles list --space door --origin camera
	[ "$(grep -c '"type":"profile"' out)" = 1 ]
	says out "$pid"
	expect 0 "$FACECTL" --format ndjson profiles list --space door
	[ "$(grep -c '"type":"profile"' out)" = 2 ]
	draw carla.jpg 11
	printf 'path,pid\ncarla.jpg,%s\n' 01234567-89ab-4cde-8f01-23456789abcd >list.csv
	expect 4 "$FACECTL" --format ndjson set --space door --manifest list.csv
	says out 'has no person 01234567-89ab-4cde-8f01-23456789abcd'
	printf 'path,pid\nada.jpg,%s\n' "$pid" >list.csv
	expect 0 "$FACECTL" --format ndjson set --space door --manifest list.csv
}

@test "a number and a pid are two names of one profile" {
	calibrate
	draw ada.jpg ada
	draw again.jpg ada 2
	log_all
	expect 0 "$FACECTL" set --space door --person-id 3 --name Ada ada.jpg
	expect 0 json profiles search --space door again.jpg
	pid=$(value 'd["pid"]')
	expect 0 "$FACECTL" --format ndjson profiles show "$pid"
	says out '"person_id":3'
	says out '"name":"Ada"'
	says out '"exact":1'
	says out '"type":"profile_face"'
}

@test "profiles are listed, named, found by name, moved and merged" {
	calibrate
	made ada.jpg ada
	ada=$pid
	made bruno.jpg bruno
	bruno=$pid
	expect 0 "$FACECTL" profiles update "$ada" --name 'Ada Lovelace' --user-data '{"a":1}'
	expect 0 json profiles list --name lovel
	is 'd["count"], d["results"][0]["pid"]' "(1, '$ada')"
	expect 0 json profiles list --limit 1 --reverse
	is 'd["count"], d["results"][0]["pid"], d["next"]' "(2, '$ada', '/v1/persons/?limit=1&offset=1')"
	expect 0 json profiles list --since yesterday --until '1 minute ago'
	is 'd["count"]' 0
	expect 0 "$FACECTL" profiles move "$bruno" --to office
	expect 4 "$FACECTL" profiles merge "$bruno" --to "$ada"
	says err 'another space'
	expect 0 json entries list --space office
	is 'd["count"], d["results"][0]["pid"]' "(1, '$bruno')"
	expect 0 "$FACECTL" profiles move "$bruno" --to door
	expect 4 json profiles merge "$bruno" --to "$ada"
	says err 'do not look alike: similarity'
	expect 0 json profiles merge "$bruno" --to "$ada" --force --dry-run
	is 'd["faces"], d["dry_run"]' '(2, True)'
	expect 0 json profiles merge "$bruno" --to "$ada" --force
	is 'd["faces"], d["name"], d["dry_run"]' "(2, 'Ada Lovelace', False)"
	expect 0 json profiles search --space door bruno.jpg
	is 'd["result"], d["pid"]' "('exact', '$ada')"
	expect 1 json profiles show "$bruno"
	expect 0 "$FACECTL" profiles update "$ada" --unset name
	expect 0 json profiles show "$ada"
	is 'd["name"], d["user_data"]' "(None, '{\"a\":1}')"
	expect 0 "$FACECTL" gallery check
}

@test "a person is named by UUID, prefix, number or name" {
	calibrate
	draw ada.jpg ada
	draw bruno.jpg bruno
	draw chidi.jpg chidi
	expect 0 "$FACECTL" set --space door --person-id 3 --person-name Ada ada.jpg
	expect 0 json profiles create --space door --name '7/8' bruno.jpg
	bruno=$(value 'd["pid"]')
	expect 0 json profiles create --space office --name Ada chidi.jpg
	expect 0 json profiles list --space door --space office --name ada
	is 'd["count"]' 2
	for person in door/3 door/Ada; do
		expect 0 json profiles show "$person"
		is 'd["name"]' Ada
	done
	ada=$(value 'd["pid"]')
	for person in "${bruno%????????}" "${bruno%-*}" "$(tr a-f A-F <<<"$bruno")" door/7/8; do
		expect 0 json profiles show "$person"
		is 'd["pid"]' "$bruno"
	done
	expect 0 json profiles show -s door Ada
	is 'd["pid"]' "$ada"
	# the numbers and the faces that text shows
	is 'd["entries"]["total"], d["entries"]["new"], d["entries"]["first_seen"] is not None' '(1, 1, True)'
	is 'len(d["profile_faces"]), d["profile_faces"][0]["path"]' "(1, 'ada.jpg')"
	expect 0 json profiles show -s door 3
	is 'd["pid"]' "$ada"
	expect 1 json profiles show -s office 3
	expect 1 json profiles show -s office "$ada"
	expect 1 "$FACECTL" profiles show door/Nobody
	says err "there is no person 'door/Nobody'"
	expect 1 "$FACECTL" profiles show nowhere/3
	says err "there is no space 'nowhere'"
	expect 1 "$FACECTL" profiles show 00000000
	expect 2 "$FACECTL" profiles show 3
	says err 'use a UUID'
	expect 0 "$FACECTL" profiles update "$bruno" --name Ada
	expect 2 "$FACECTL" profiles show door/Ada
	says err "'door/Ada' is ambiguous: it matches 2 persons"
	says err "$ada  door/3  Ada"
	says err "$bruno  door  Ada"
	expect 3 json profiles move "$bruno" door/3 nowhere/1 --to office --dry-run
	is '[r["result"] for r in d]' "['moved', 'moved', 'not_found']"
	expect 3 "$FACECTL" --format tsv profiles delete "$bruno" door/99
	says out "$(printf 'door/99\t\tnot_found')"
	expect 1 "$FACECTL" profiles delete "$bruno" door/99
	says err 'and 1 more failed'
}

@test "crops are kept when asked for, and exported" {
	calibrate
	draw ada.jpg ada
	draw bruno.jpg bruno
	expect 0 json profiles create --space door --keep-crops ada.jpg
	pid=$(value 'd["pid"]')
	expect 0 "$FACECTL" --format tsv faces export --person "$pid" --crops faces
	python3 - "$pid" <<'PY'
import glob, struct, sys
(path,) = glob.glob("faces/*.png")
assert path.startswith("faces/" + sys.argv[1])
head = open(path, "rb").read(24)
assert head[:8] == b"\x89PNG\r\n\x1a\n" and struct.unpack(">II", head[16:24]) == (112, 112)
PY
	expect 0 json profiles create --space door bruno.jpg
	expect 1 "$FACECTL" faces export --person "$(value 'd["pid"]')" --crops faces
	says err 'no crop'
	expect 0 "$FACECTL" gallery check
}

@test "a dry run makes nothing" {
	calibrate
	draw ada.jpg ada
	expect 0 json profiles create --space door -n ada.jpg
	is 'd["result"]' new
	[ ! -e "$HOME/.local/share/facectl/gallery" ]
	made ada.jpg ada
	draw bruno.jpg bruno
	expect 0 json profiles create --space door -n bruno.jpg
	is 'd["result"]' new
	expect 0 "$FACECTL" profiles create --space door -n bruno.jpg
	says out 'would create'
	expect 0 "$FACECTL" --format ndjson profiles create --space door -n bruno.jpg
	says out '"result":"new"'
	says out '"dry_run":true'
	expect 0 "$FACECTL" profiles reinit "$pid" ada.jpg -n
	says out 'would add face'
	expect 0 "$FACECTL" profiles reinit "$pid" ada.jpg
	says out 'face added'
	expect 0 "$FACECTL" entries list --result reinit --limit 1
	says out 'face added'
	expect 0 "$FACECTL" --format ndjson entries list --result reinit --limit 1
	says out '"result":"reinit"'
	expect 0 "$FACECTL" profiles delete -n "$pid"
	says out 'would delete'
	expect 0 json profiles delete -n "$pid"
	expect 0 json profiles list
	is 'd["count"]' 1
}

@test "processes that create the same person at once make one profile" {
	calibrate
	draw ada.jpg ada
	draw again.jpg ada 2
	for i in 1 2 3 4; do
		photo=ada.jpg
		[ $((i % 2)) -eq 0 ] && photo=again.jpg
		"$FACECTL" --format json profiles create --space door "$photo" >"answer$i" 2>"error$i" &
	done
	wait
	[ "$(cat answer? | grep -c '"result": "new"')" -eq 1 ]
	[ "$(cat answer? | grep -c '"result": "exact"')" -eq 3 ]
	expect 0 json profiles list
	is 'd["count"], d["results"][0]["faces"]' '(1, 1)'
	expect 0 "$FACECTL" gallery check
}
