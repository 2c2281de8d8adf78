#!/usr/bin/env bats
# entries as in the NeuroIO document and in SERP's: list with every filter, stats, delete, and what is around them.

# To shellcheck each test is a subshell; what a test sets is meant for that test alone.
# shellcheck disable=SC2030,SC2031

load helper
load calibrated

: "${WRITE_LOG:?the program that writes logs}"

# log COUNT [PERSONS]: the gallery with such a log; the first person's id in $pid.
log() {
	pid=$("$WRITE_LOG" gallery "$@") || return 1
	export FACECTL_GALLERY=$PWD/gallery
}

json() {
	"$FACECTL" --format json "$@"
}

@test "list: the document's example with every single option" {
	log 4000
	expect 0 json entries list --person "$pid" --result new --age-from 1 --age-to 100 --sex 0 --mood neutral \
		--liveness passed --origin 1 --space door --since 2020-01-31 --until now --limit 10 --offset 5
	# entry i is all this when i % 8, i % 3 and i % 4 are 0 and i % 100 is not
	is 'd["count"]' 160
	is 'len(d["results"])' 10
	is '{(e["pid"], e["result"], e["sex"], e["mood"], e["liveness"]) for e in d["results"]}' \
		"{('$pid', 'new', 0, 'neutral', 'passed')}"
	is 'd["results"][0]["source"], d["results"][0]["space"]' \
		"({'id': 1, 'name': 'camera'}, {'id': 1, 'name': 'door'})"
	is 'd["next"].split("&pid=")[0], d["previous"].split("&pid=")[0]' \
		"('/v1/entries/?limit=10&offset=15', '/v1/entries/?limit=10&offset=0')"
	filters="&pid=$pid&result=new&age_from=1&age_to=100&sex=0&mood=neutral&liveness=passed&sources_ids=1&spaces_ids=1&date_from=2020-01-31T"
	is "[d[link].count('$filters') for link in ('next', 'previous')]" '[1, 1]'
}

@test "list: SERP's page and its words" {
	log 100
	expect 0 json entries list --dialect serp --limit 2 --offset 3
	is 'sorted(d)' "['data', 'next', 'prev']"
	is 'sorted(d["data"][0])' "['age', 'alive_probability', 'blur', 'conf', 'created', 'distance', 'exposure', 'id', 'mood', 'origin_id', 'pan', 'person_id', 'photo', 'profile_photo', 'sex', 'space_id', 'tilt']"
	is 'd["data"][0]["conf"], d["data"][0]["id"]' '(2, 97)'
	is 'd["data"][0]["created"][-6:]' '+00:00'
	expect 0 json entries list --dialect serp --result 3 --mood happy
	is '{(e["conf"], e["mood"]) for e in d["data"]}' "{(3, 'happy')}"
	FACECTL_DIALECT=serp expect 0 json entries list --limit 1
	is 'sorted(d)' "['data', 'next', 'prev']"
	"$FACECTL" config set core.dialect serp
	expect 0 json --dialect neuroio entries list --limit 1
	is '"data" in d' False
	expect 0 json entries list --limit 1
	is 'sorted(d)' "['data', 'next', 'prev']"
}

@test "pages hold every entry once, in either direction" {
	log 100
	for way in '' --reverse; do
		rm -f ids
		for offset in 0 30 60 90; do
			expect 0 json entries list --limit 30 --offset "$offset" $way
			is 'd["count"]' 100
			value '"\n".join(str(e["id"]) for e in d["results"])' >>ids
		done
		[ "$(sort -nu ids | wc -l)" -eq 100 ]
		[ "$(head -n 1 ids)" -eq "$([ -n "$way" ] && echo 1 || echo 100)" ]
	done
}

@test "times, photos and wrong words" {
	log 365
	expect 0 json entries list --since 2022-03-01 --until '2022-03-02 00:00'
	is 'd["count"], d["results"][0]["created"][:10]' "(1, '2022-03-01')"
	expect 0 json entries list --since '2022-12-31T23:30:00+01:00'
	is 'd["count"]' 0
	digest=$(printf '%064d' 0 | sed 's/^00/07/')
	expect 0 json entries list --photo "$digest"
	is '[e["id"] for e in d["results"]]' '[8]'
	expect 2 json entries list --since 2022-02-30
	says err '--since takes a time'
	expect 2 json entries list --result perhaps
	says err '--result must be one of'
	expect 2 json entries list --person 12
	expect 1 json entries list --space nowhere
	expect 1 json entries list --origin 7
	expect 1 json entries list --origin nosuch
	expect 1 json profiles list --origin nosuch
	expect 1 json entries stats --origin nosuch
	expect 2 json entries list --since now --until yesterday
	says err '--since is later than --until'
	expect 2 json profiles list --since now --until yesterday
	expect 2 json entries list --age-from 50 --age-to 20
	expect 1 json entries list --person 00000000
	expect 0 json entries list --person "${pid%-*}"
	is 'd["count"]' 92
	expect 0 json entries list --pid "$pid" --limit 1
	is 'd["count"]' 92
	expect 2 json entries list --watch
	expect 2 json entries list --follow
	says err 'ndjson'
}

@test "stats of a person and of an origin" {
	log 1000
	expect 0 json entries stats "$pid"
	is 'd["pid"], d["total"], d["exact"], d["ha"], d["junk"], d["reinit"]' "('$pid', 250, 0, 0, 0, 0)"
	is 'd["liveness"]' "{'passed': 84, 'failed': 83, 'undetermined': 83}"
	is 'd["pid_source"], d["initial_facesize"], d["initial_liveness"]' \
		"({'id': 1, 'name': 'camera'}, 14280, 'passed')"
	expect 0 json entries stats --origin camera
	is 'd["count"], d["results"][0]["id"], d["results"][0]["total"]' '(1, 1, 167)'
	is 'd["results"][0]["conf"]["new"] + d["results"][0]["conf"]["junk"]' 167
	expect 1 json entries stats 0db7d1b8-1d3c-4e13-9d8d-0d6bd0d2a2a4
	is 'd["message"]' "There is no person '0db7d1b8-1d3c-4e13-9d8d-0d6bd0d2a2a4'."
	expect 2 json entries stats
}

@test "delete entry: empty answer, once" {
	log 10
	expect 0 json entries show 1
	is 'd["id"], d["result"], d["pid"]' "(1, 'new', '$pid')"
	expect 0 json entries delete 1
	empty out
	expect 1 json entries delete 1
	is 'd["message"]' 'There is no entry 1.'
	expect 0 "$FACECTL" entries delete --dry-run 2
	says out 'would delete'
	expect 3 "$FACECTL" --format ndjson entries delete 2 1
	says out '"entry":2,"result":"deleted","dry_run":false'
	says out '"entry":1,"result":"not_found"'
	expect 1 json entries show 2
	expect 0 json entries list
	is 'd["count"]' 8
	expect 0 "$FACECTL" gallery check
}

@test "prune by age and by what origins say" {
	log 365
	expect 0 json entries prune --dry-run
	is 'd["removed"]' 0
	expect 2 json entries prune
	says err '--yes'
	expect 0 "$FACECTL" origins update camera --entry-storage-days 30
	# The camera belongs to door. Entries of office from a camera of the same name stay.
	expect 0 json entries list --origin camera --space door
	camera=$(value 'd["count"]')
	expect 0 json entries list --space office
	office=$(value 'd["count"]')
	expect 0 json entries prune --dry-run
	is 'd["removed"]' "$camera"
	expect 0 json entries prune --yes
	is 'd["removed"]' "$camera"
	expect 0 json entries list
	is 'd["count"]' $((365 - camera))
	expect 0 json entries list --space office
	is 'd["count"]' "$office"
	expect 0 json entries prune --older-than 12h --space office -y
	expect 0 json entries list --space office
	is 'd["count"]' 0
	expect 0 "$FACECTL" gallery check
}

@test "origins are listed with their rules, of one space and of all" {
	expect 0 "$FACECTL" --gallery g origins create camera --space door --entry-storage-days 30
	expect 0 "$FACECTL" --gallery g origins create gate --space yard
	expect 0 "$FACECTL" --gallery g --format json origins list
	is '[(o["origin"], o["space"]) for o in d]' "[('camera', 'door'), ('gate', 'yard')]"
	is 'd[0]["entry_storage_days"]' 30
	expect 0 "$FACECTL" --gallery g --format tsv origins list --space yard
	[ "$(wc -l <out)" = 2 ]
	says out gate
	lacks out camera
}

@test "origins keep out of the log what they are told to" {
	calibrate
	draw ada.jpg ada
	draw bruno.jpg bruno
	expect 0 "$FACECTL" origins create camera --space door --save-entries new,exact
	expect 0 "$FACECTL" profiles create --origin camera ada.jpg
	expect 0 "$FACECTL" profiles search --origin camera ada.jpg bruno.jpg
	expect 0 json entries list
	is '[e["result"] for e in d["results"]]' "['exact', 'new']"
	expect 0 "$FACECTL" profiles search --origin camera --no-entry ada.jpg
	expect 0 json origins show camera
	is 'd["entries"], d["save_entries"]' "(2, ['new', 'exact'])"
	expect 4 "$FACECTL" origins create camera --space office
	expect 2 "$FACECTL" origins update camera
	expect 0 json origins update camera --unset save-entries,min-facesize --entry-storage-days 9
	is 'len(d["save_entries"]), d["entry_storage_days"]' '(8, 9)'
	expect 2 "$FACECTL" origins update camera --unset entry-storage-days --entry-storage-days 9
	expect 2 "$FACECTL" origins update camera --unset name
	expect 0 "$FACECTL" origins delete camera --dry-run
	says out 'would delete'
	expect 3 json origins delete camera nosuch
	is '[(r["origin"], r["result"]) for r in d]' "[('camera', 'deleted'), ('nosuch', 'not_found')]"
	expect 0 json entries list --origin camera
	is 'd["count"], d["results"][0]["source"]' "(2, {'id': None, 'name': 'camera'})"
	expect 1 "$FACECTL" origins show camera
}

@test "spaces and origins: filters repeat, thresholds are unset, deletes say what became of each" {
	log 10
	expect 0 json origins list --space door --space office
	is '[r["origin"] for r in d]' "['camera']"
	expect 0 "$FACECTL" spaces update door --exact 90 --ha 80
	expect 2 "$FACECTL" spaces update door
	expect 2 "$FACECTL" spaces update door --unset thresholds --ha 80
	expect 0 json spaces show door
	is 'd["space"], d["exact"], d["ha"], d["entries"] > 0' "('door', 90, 80, True)"
	expect 0 json spaces update door --unset thresholds,calibration
	is 'd["exact"], d["ha"], d["junk"]' '(79.3, 75.5, 68.84)'
	expect 0 "$FACECTL" spaces delete door office --dry-run
	says out 'would delete'
	expect 1 "$FACECTL" spaces delete nosuch -y
	expect 3 json spaces delete door nosuch -y
	is '[(r["space"], r["result"]) for r in d]' "[('door', 'deleted'), ('nosuch', 'not_found')]"
	expect 1 "$FACECTL" spaces show door
}

@test "entries that a wrong clock dated ahead do not stay on top" {
	log 3
	expect 0 "$FACECTL" gallery export --with entries
	python3 - <<'PY'
import json
lines = [json.loads(line) for line in open("out")]
entries = [line for line in lines if line["type"] == "entry"]
entries[0]["created"] = "9998-01-01T00:00:00Z"
with open("ahead.ndjson", "w") as file:
    for line in lines:
        print(json.dumps(line), file=file)
PY
	count=$(grep -c '"type": "entry"' ahead.ndjson)
	expect 0 "$FACECTL" --gallery ahead gallery import ahead.ndjson
	expect 0 "$FACECTL" --gallery ahead --format ndjson entries list
	[ "$(wc -l <out)" = $((count - 1)) ]
	lacks out 9998
	says err '1 entry is dated more than a day ahead'
	expect 0 "$FACECTL" --gallery ahead --format ndjson entries list --until 9999-12-31
	[ "$(wc -l <out)" = "$count" ]
	head -n 1 out | grep -q 9998
	empty err
}

@test "old spellings name the new ones" {
	while IFS='|' read -r old new; do
		# shellcheck disable=SC2086
		expect 2 "$FACECTL" $old
		says err "is now '$new'"
	done <<-'END'
		origins set x|origins update
		spaces thresholds x|spaces update
		spaces update x --forget-calibration|--unset calibration
		profiles export-faces x y|faces export
		profiles delete x --erase|--with entries
		profiles update x --remove-name|--unset name
		profiles update x --remove-user-data|--unset user-data
		profiles search -s x --liveness y|--require-live
	END
}

@test "following the log shows what is written from now on" {
	calibrate
	draw ada.jpg ada
	log_all
	expect 0 "$FACECTL" profiles create --space door ada.jpg
	"$FACECTL" --format ndjson entries list --watch >followed 2>&1 &
	follower=$!
	expect 0 "$FACECTL" profiles search --space door ada.jpg
	for _ in $(seq 100); do
		[ "$(wc -l <followed)" -lt 2 ] || break
		sleep 0.1
	done
	kill "$follower"
	[ "$(python3 -c 'import json; print([json.loads(line)["result"] for line in open("followed")])')" = "['new', 'exact']" ]
}
