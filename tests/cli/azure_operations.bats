#!/usr/bin/env bats
# All operations of the Azure Face API on the local engine, by requests and by the commands for people.

load helper

eval "helper_$(declare -f setup)"

setup() {
	helper_setup
	mapfile -t cast < <("$DRAW_FACES" --cast | head -3)
	for i in 0 1 2; do
		mkdir -p "photos/${cast[i]}"
		for pose in 1 2; do "$DRAW_FACES" "photos/${cast[i]}/$pose.png" "${cast[i]}" $pose; done
		"$DRAW_FACES" "new$i.png" "${cast[i]}" 3
	done
}

teardown() {
	[ ! -f server.pid ] || kill "$(cat server.pid)"
}

# a_trained_group [OPTION...]: the group cast with the first two persons.
a_trained_group() {
	"$FACECTL" persongroups create cast --name "The cast" "$@" >out
	for name in "${cast[@]:0:2}"; do
		"$FACECTL" persons create --group cast --name "$name" "$@" >out
		"$FACECTL" faces add --group cast --person "$name" --from "photos/$name" "$@" >out
	done
	"$FACECTL" persongroups train cast "$@" >out
}

@test "each of the 63 operations" {
	"$BATS_TEST_DIRNAME/../wire/azure_requests.py" "$FACECTL" local new0.png >out || {
		cat out
		false
	}
	[ "$(cut -d' ' -f1,2 out | sort -u | wc -l)" -gt 60 ]
}

@test "persons of a group are identified" {
	for large in "" --large; do
		# shellcheck disable=SC2086
		a_trained_group $large
		says out succeeded
		# shellcheck disable=SC2086
		expect 0 "$FACECTL" --format tsv identify --group cast $large --fields result,name --no-header new0.png new1.png new2.png
		[ "$(tr '\t\n' ' ;' <out)" = "identified ${cast[0]};identified ${cast[1]};unknown ;" ]
	done
	expect 0 "$FACECTL" --format json identify --group cast new0.png
	says out '"candidates"'
	expect 1 "$FACECTL" identify --group cast --require-match new2.png
	expect 4 "$FACECTL" persongroups create cast
	says err "'cast': person group already exists"
	expect 1 "$FACECTL" persongroups show nosuch
	says err "'nosuch': person group is not found"
	expect 0 "$FACECTL" persongroups create empty
	expect 2 "$FACECTL" identify --group empty new0.png
	says err "is not trained"
	expect 0 "$FACECTL" persons update "${cast[0]}" --group cast --user-data star
	expect 0 "$FACECTL" --format ndjson persons show "${cast[0]}" --group cast
	says out '"user_data":"star"'
	expect 0 "$FACECTL" persons delete "${cast[0]}" --group cast
	expect 1 "$FACECTL" persons show "${cast[0]}" --group cast
	expect 0 "$FACECTL" persongroups delete cast --yes
	expect 0 "$FACECTL" persongroups show cast --large
	expect 0 "$FACECTL" gallery check
}

@test "lists, similar faces and groups" {
	expect 0 "$FACECTL" facelists create seen
	expect 0 "$FACECTL" faces add --list seen "photos/${cast[0]}/1.png" "photos/${cast[1]}/1.png"
	expect 0 "$FACECTL" --format ndjson similar --list seen new0.png
	[ "$(wc -l <out)" = 1 ]
	expect 0 "$FACECTL" --format ndjson similar --list seen --mode face new0.png
	[ "$(wc -l <out)" = 2 ]
	expect 0 "$FACECTL" --format tsv similar new0.png --from photos --fields match_path --no-header
	grep -q "/${cast[0]}/1.png" out
	lacks out "/${cast[1]}/"
	expect 0 "$FACECTL" --format tsv group --from photos --fields group,path --no-header
	[ "$(cut -f1 out | sort | uniq -c | tr -s ' ' | tr '\n' ';')" = " 2 1; 2 2; 2 3;" ]
	# the persons of a space
	expect 0 "$FACECTL" set -s crew --from photos --layout dirs
	expect 0 "$FACECTL" --format tsv similar -s crew new0.png --fields rank,name --no-header
	[ "$(cat out)" = "1	${cast[0]}" ]
	expect 0 "$FACECTL" --format tsv similar -s crew new0.png --mode face --fields name --no-header
	[ "$(wc -l <out) $(head -1 out)" = "3 ${cast[0]}" ]
	expect 0 "$FACECTL" --format tsv similar -s crew new0.png --mode face --top 2 --fields name --no-header
	[ "$(wc -l <out)" = 2 ]
	expect 1 "$FACECTL" similar -s crew new0.png --min-confidence 1 --require-match
	expect 2 "$FACECTL" similar -s crew --list seen new0.png
	expect 2 "$FACECTL" similar -s crew --top 101 new0.png
	expect 1 "$FACECTL" similar -s nosuch new0.png
	expect 1 "$FACECTL" faces show 00000000-0000-4000-8000-000000000001 --list seen
	"$DRAW_FACES" --group two.png "${cast[0]}" "${cast[1]}"
	expect 4 "$FACECTL" faces add --list seen two.png
	says err "more than 1 face"
	expect 0 "$FACECTL" faces add --list seen --face index=1 two.png
	expect 0 "$FACECTL" --format ndjson facelists show seen
	says out '"faces":3'
	# a photo that cannot be used does not stop the others, which keep their order
	expect 3 "$FACECTL" --format tsv faces add --list seen --fields result,path --no-header new0.png two.png new1.png
	[ "$(tr '\t\n' ' ;' <out)" = "added new0.png;failed two.png;added new1.png;" ]
}

@test "faces add and identify: the face of a photo, dry runs, limits of a run" {
	a_trained_group
	expect 0 "$FACECTL" facelists create seen
	# a large face in the middle, and a small one beside it
	"$DRAW_FACES" --portrait crowd.png "${cast[0]}" "${cast[1]}"
	expect 0 "$FACECTL" --format ndjson faces add --list seen --face largest --dry-run crowd.png
	says out '"result":"added"'
	says out '"dry_run":true'
	lacks out persisted_face_id
	for rule in main central; do
		expect 0 "$FACECTL" --format ndjson faces add --list seen --face $rule --dry-run crowd.png
		says out '"result":"added"'
	done
	expect 4 "$FACECTL" faces add --list seen --dry-run crowd.png
	says err 'exactly one is needed'
	expect 1 "$FACECTL" faces add --list nosuch --dry-run new0.png
	expect 0 "$FACECTL" faces add --list seen --dry-run new0.png
	says out 'would'
	expect 0 "$FACECTL" --format ndjson facelists show seen
	says out '"faces":0'
	expect 0 "$FACECTL" faces add --list seen --face largest crowd.png
	expect 0 "$FACECTL" --format ndjson similar --list seen --face largest crowd.png
	[ "$(wc -l <out)" = 1 ]

	echo "no photo" >bad.png
	expect 75 "$FACECTL" faces add --list seen --max-errors 1 --failed-to failed bad.png bad.png new0.png new1.png
	says err 'stopped by --max-errors'
	[ "$(grep -c bad.png failed)" -ge 1 ]
	expect 75 "$FACECTL" identify --group cast --max-errors 1 --failed-to again bad.png new0.png
	[ "$(wc -l <again)" = 1 ]
	expect 75 "$FACECTL" identify --group cast --max-time 0s new0.png
	says err 'stopped by --max-time'
	expect 0 "$FACECTL" identify --group cast --require-match --max-errors 1 new0.png
}

@test "verify: persons, faceIds and confidences" {
	a_trained_group
	expect 0 "$FACECTL" --format ndjson verify new0.png --person "${cast[0]}" --group cast
	says out "\"first\":\"new0.png\",\"same\":true,\"person\":\"${cast[0]}\",\"confidence\":0."
	lacks out similarity
	expect 1 "$FACECTL" verify new1.png --person "${cast[0]}" --group cast
	expect 1 "$FACECTL" verify new0.png --person "${cast[0]}" --group cast --min-confidence 1
	expect 1 "$FACECTL" verify new0.png --person nosuch --group cast
	says err "there is no person 'nosuch' in 'cast'"
	expect 1 "$FACECTL" verify new0.png --person "${cast[0]}" --group nosuch
	expect 0 "$FACECTL" set -s crew --from photos --layout dirs
	expect 0 "$FACECTL" verify new0.png --person "crew/${cast[0]}"
	expect 1 "$FACECTL" verify new0.png --person "crew/${cast[1]}"
	expect 0 "$FACECTL" verify new0.png --person "${cast[0]}" -s crew

	id=$("$FACECTL" api POST '/face/v1.0/detect?recognitionModel=recognition_04' --file new0.png | grep -oE '[0-9a-f-]{36}')
	expect 0 "$FACECTL" verify "$id" "photos/${cast[0]}/1.png"
	expect 1 "$FACECTL" verify new1.png "$id"
	expect 2 "$FACECTL" verify "$id" --person "${cast[0]}" --group cast
	says err "'recognitionModel' is incompatible"
	id=$("$FACECTL" api POST /face/v1.0/detect --file new0.png | grep -oE '[0-9a-f-]{36}')
	expect 0 "$FACECTL" verify "$id" --person "${cast[0]}" --group cast
	expect 1 "$FACECTL" verify "$id" 00000000-0000-4000-8000-000000000001
	expect 0 "$FACECTL" verify --min-confidence 0 new0.png new1.png
	"$DRAW_FACES" --group two.png "${cast[0]}" "${cast[1]}"
	expect 4 "$FACECTL" verify two.png --person "${cast[0]}" --group cast
	expect 0 "$FACECTL" verify two.png --face index=0 --person "${cast[0]}" --group cast || expect 0 "$FACECTL" verify two.png --face index=1 --person "${cast[0]}" --group cast
	for words in new0.png "new0.png new1.png --person x" "--group cast new0.png new1.png" "$id new0.png --fmr 1e-4" \
		"--min-confidence 0.5 -t 0.5 new0.png new1.png" "new0.png --person ada --large"; do
		# shellcheck disable=SC2086
		expect 2 "$FACECTL" verify $words
	done
}

@test "identify and similar: thresholds by similarity and by error rates" {
	a_trained_group
	expect 0 "$FACECTL" facelists create seen
	for i in 0 1; do expect 0 "$FACECTL" faces add --list seen new$i.png; done
	names() {
		"$FACECTL" --format tsv identify --group cast --top 2 --fields name --no-header "$@" new0.png | tr '\n' ' '
	}
	# from the lowest threshold to the highest
	[ "$(names --threshold -1)" = "${cast[0]} ${cast[1]} " ]
	for cut in '--fmr 1e-4' '--fpir 1%' '--threshold 0.6' ''; do
		# shellcheck disable=SC2086
		[ "$(names $cut)" = "${cast[0]} " ]
	done
	[ "$(names --threshold 1)" = " " ]
	# --fmr 1e-4 is the confidence 0.5
	expect 0 "$FACECTL" --format ndjson similar --list seen --mode face new0.png
	[ "$(wc -l <out)" -eq 2 ]
	expect 0 "$FACECTL" --format ndjson similar --list seen --mode face --fmr 1e-4 new0.png
	[ "$(wc -l <out)" -eq 1 ]
	expect 0 "$FACECTL" --format ndjson similar --list seen --threshold -1 new0.png
	[ "$(wc -l <out)" -eq 2 ]
	expect 0 "$FACECTL" --format ndjson similar new0.png new1.png new2.png --fpir 1%
	lacks out new1.png
	expect 0 "$FACECTL" --format ndjson similar new0.png new1.png new2.png --fpir 50%
	expect 1 "$FACECTL" similar --list seen -t 1 --require-match "photos/${cast[0]}/1.png"
	expect 0 "$FACECTL" set -s crew --from photos --layout dirs
	expect 0 "$FACECTL" --format ndjson similar -s crew -t -1 new0.png
	[ "$(wc -l <out)" -ge 2 ]
	expect 2 "$FACECTL" identify --group cast --fmr 1e-4 --min-confidence 0.5 new0.png
	says err 'only one of'
	expect 2 "$FACECTL" identify --group cast --threshold 2 new0.png
}

@test "identify, similar and group detect the faces of photos together and keep their order" {
	a_trained_group
	mkdir many
	for i in 1 2 3; do
		cp new0.png many/$i-a.png
		cp new1.png many/$i-b.png
		cp new2.png many/$i-c.png
		# refused before its faces are detected, not an image, without a face
		[ $((i % 3)) -ne 0 ] || { echo no photo >many/$i-d.png && "$DRAW_FACES" --noise 300x200 many/$i-e.png; }
	done
	for i in {1..34}; do echo "many/$((i % 3 + 1))-$(printf abc | cut -c $((i % 3 + 1))).png"; done >list
	for jobs in 1 2; do
		expect 3 "$FACECTL" --jobs $jobs --format tsv identify --group cast --from many --fields path,result,name,face --no-header
		mv out identified.$jobs
		expect 3 "$FACECTL" --jobs $jobs --format tsv group --from many --fields group,path,face --no-header
		mv out grouped.$jobs
		expect 3 "$FACECTL" --jobs $jobs --format tsv similar new0.png --from many --fields rank,match_path --no-header
		mv out similar.$jobs
	done
	for what in identified grouped similar; do diff $what.1 $what.2; done
	# more than are detected at once
	expect 0 "$FACECTL" --format tsv identify --group cast --files-from list --fields path,result,name --no-header
	cut -f 1 out | diff - list
	[ "$(cut -f 1 identified.1 | sort -c 2>&1)" = "" ]
	[ "$(wc -l <identified.1)" -eq 11 ]
	[ "$(grep -c failed identified.1)" -eq 1 ]
	[ "$(grep -c no_face identified.1)" -eq 1 ]
}

@test "photos by URL: the engine fetches them, and private addresses only if allowed" {
	a_trained_group
	expect 0 "$FACECTL" facelists create seen
	python3 -u -m http.server 0 --bind 127.0.0.1 >served 2>&1 3>&- &
	echo $! >server.pid
	until grep -q 'port [0-9]' served; do sleep 0.05; done
	server=http://127.0.0.1:$(grep -oE 'port [0-9]+' served | grep -oE '[0-9]+')
	expect 4 "$FACECTL" identify --group cast "$server/new0.png"
	says err 'no public address'
	export FACECTL_FETCH_URLS=any
	expect 0 "$FACECTL" identify --group cast --require-match "$server/new0.png?size=full"
	expect 0 "$FACECTL" faces add --list seen --face largest "$server/new0.png" new1.png
	expect 0 "$FACECTL" --format ndjson similar --list seen "$server/new0.png"
	[ "$(wc -l <out)" = 1 ]
	expect 3 "$FACECTL" faces add --list seen "$server/none.png" new2.png
	says err 'none.png'
	expect 0 "$FACECTL" group "$server/new0.png" new0.png
	expect 0 "$FACECTL" --format ndjson detect "$server/new0.png" new0.png
	[ "$(sed 's/"\(path\|photo\)":"[^"]*"//g' out | sort -u | wc -l)" = 1 ]
	says out "\"path\":\"$server/new0.png\""
	expect 0 "$FACECTL" verify --threshold 0.9 "$server/new0.png" new0.png
	expect 3 "$FACECTL" --format tsv detect --fields path,result --no-header "$server/none.png" new0.png
	says err 'none.png'
	FACECTL_FETCH_URLS=no expect 4 "$FACECTL" detect "$server/new0.png"
	says err 'see --fetch-urls'
	# persons of spaces, and those that are created from groups
	expect 0 "$FACECTL" set -s crew --person-id 7 "photos/${cast[0]}/1.png"
	expect 0 "$FACECTL" --format ndjson faces add --person crew/7 "$server/new0.png"
	says out "\"path\":\"$server/new0.png\""
	expect 0 "$FACECTL" --format tsv group --create-new -s others "$server/new1.png" "$server/photos/${cast[1]}/1.png" --fields stored --no-header
	[ "$(sort out | tr '\n' ' ')" = "added created " ]
	# other commands take only files
	expect 4 "$FACECTL" set -s crew --person-id 1 "$server/new0.png"
	expect 3 "$FACECTL" identify --group cast "$server/none.png" new0.png
}

@test "group --create-new: a person for each group, none for one that resembles a person" {
	expect 0 "$FACECTL" set -s crew --person-id 7 "photos/${cast[0]}/1.png"
	expect 2 "$FACECTL" group --from photos --create-new
	expect 2 "$FACECTL" group --from photos --space crew
	expect 2 "$FACECTL" group --create-new -s crew 00000000-0000-4000-8000-000000000001
	says err 'not faceIds'
	expect 0 "$FACECTL" profiles list --format json
	cp out before
	expect 0 "$FACECTL" --format tsv group --from photos --create-new -s crew --dry-run --fields stored,dry_run --no-header
	[ "$(sort out | uniq -c | tr -s ' ' | tr '\t\n' ' ;')" = " 2 added yes; 2 created yes; 2 known yes;" ]
	says err 'would create 2 persons'
	expect 0 "$FACECTL" profiles list --format json
	cmp out before
	expect 0 "$FACECTL" --format tsv group --from photos --create-new -s crew --fields group,stored,pid,path --no-header
	[ "$(cut -f2 out | sort | uniq -c | tr -s ' ' | tr '\n' ';')" = " 2 added; 2 created; 2 known;" ]
	# a group has one person
	[ "$(cut -f1,3 out | sort -u | wc -l)" = 3 ]
	grep known out | cut -f4 | grep -q "/${cast[0]}/"
	says err 'resembles person'
	expect 0 "$FACECTL" --format tsv profiles list -s crew --fields faces --no-header
	[ "$(sort out | tr '\n' ' ')" = "1 2 2 " ]
	# the photos are analysed once: their files are opened once, and what is stored is what profiles create stores
	expect 0 "$FACECTL" --gallery once --keep-crops group --from photos --create-new -s crew
	expect 0 "$FACECTL" --gallery each --keep-crops profiles create -s crew "photos/${cast[0]}/1.png"
	for gallery in once each; do
		expect 0 "$FACECTL" --gallery $gallery gallery export --with crops
		python3 -c 'import json, sys
for line in open("out"):
    row = json.loads(line)
    if row.get("path", "").endswith(sys.argv[1]):
        print({k: v for k, v in row.items() if k not in ("pid", "uuid", "created", "updated", "id", "persisted_face_id", "name")})' "/${cast[0]}/1.png" >$gallery.face
	done
	[ -s once.face ]
	diff once.face each.face
	if command -v strace >/dev/null; then
		ASAN_OPTIONS=detect_leaks=0 strace -f -e trace=openat -o opened "$FACECTL" --gallery twice group --from photos --create-new -s crew >out
		[ "$(grep -c '1.png' opened)" -eq 3 ]
	fi
	# now all of them are known
	expect 0 "$FACECTL" --format tsv group --from photos --create-new -s crew --fields stored --no-header
	[ "$(sort -u out)" = known ]
	expect 0 "$FACECTL" gallery check
}

@test "group --unknown: the unknown faces of the log" {
	expect 0 "$FACECTL" set -s crew --person-id 7 "photos/${cast[0]}/1.png"
	expect 1 "$FACECTL" group --unknown -s crew
	says err 'no unknown faces'
	log_all
	expect 0 "$FACECTL" recognize -s crew --threshold 0.6 --from photos
	expect 0 "$FACECTL" recognize -s crew --threshold 0.6 new0.png new2.png
	# a second run adds entries of the same faces
	expect 0 "$FACECTL" recognize -s crew --threshold 0.6 "photos/${cast[1]}/1.png"
	expect 0 "$FACECTL" --format tsv group --unknown -s crew --fields group,path --no-header
	[ "$(cut -f 1 out | sort | uniq -c | tr -s ' ' | tr '\n' ';')" = " 3 1; 2 2;" ]
	lacks out "${cast[0]}"
	[ "$(grep -c "${cast[1]}" out)" -eq 2 ]
	# a photo that changed or is missing is reported, and the others are compared
	mv new2.png aside.png
	cp new0.png "photos/${cast[2]}/2.png"
	expect 1 "$FACECTL" group --unknown -s crew --until 2020-01-01
	expect 3 "$FACECTL" --format tsv group --unknown -s crew --since today --fields path --no-header
	[ "$(wc -l <out)" -eq 3 ]
	says err "'new2.png'"
	says err "photos/${cast[2]}/2.png': the photo has changed"
	mv aside.png new2.png
	expect 3 "$FACECTL" --format tsv group --unknown -s crew --create-new --fields stored --no-header
	[ "$(sort out | uniq -c | tr -s ' ' | tr '\n' ';')" = " 2 added; 2 created;" ]
	expect 0 "$FACECTL" --format tsv profiles list -s crew --fields faces --no-header
	[ "$(sort out | tr '\n' ' ')" = "1 2 2 " ]
	for words in "--unknown new0.png -s crew" "--unknown" "--since 2d new0.png new1.png" "-s crew new0.png new1.png"; do
		# shellcheck disable=SC2086
		expect 2 "$FACECTL" group $words
	done
	expect 1 "$FACECTL" group --unknown -s nosuch
	expect 1 "$FACECTL" group --unknown -s crew --origin nosuch
}

@test "a snapshot becomes a group with its training" {
	a_trained_group
	expect 0 "$FACECTL" --format tsv snapshots take --group cast --apply-scope 00000000-0000-4000-8000-00000000000a --fields id --no-header
	id=$(cat out)
	expect 0 "$FACECTL" --format json snapshots show "$id"
	own=$(sed -n 's#.*"/subscriptions/\([^/"]*\).*#\1#p' out)
	expect 0 "$FACECTL" snapshots update "$id" --apply-scope "$own"
	expect 0 "$FACECTL" snapshots apply "$id" --to copy
	expect 0 "$FACECTL" identify --group copy --require-match new0.png
	expect 4 "$FACECTL" snapshots apply "$id" --to copy
	expect 0 "$FACECTL" snapshots delete "$id"
	expect 1 "$FACECTL" snapshots show "$id"
}

@test "the quickstart with photos of people" {
	series=$BATS_TEST_DIRNAME/../../../shared/faces/series
	[ -d "$series" ] || skip "$series is missing"
	for name in amy howard penny raj; do
		mkdir -p "people/$name"
		cp "$series/$name/$name"[12].* "people/$name"
	done
	expect 0 env FACECTL="$FACECTL" "$BATS_TEST_DIRNAME/../../share/examples/person-group.sh" people "$series/amy/amy3.png" "$series/raj/raj3.png"
	says out "added raj"
	grep -qE "amy3.png +identified +amy" out
	grep -qE "raj3.png +identified +raj" out
	says out '"isIdentical":true'
	expect 1 "$FACECTL" persongroups show quickstart
}
