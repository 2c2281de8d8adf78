# Many photos in one run: where they come from, how long the run goes on, and what it says meanwhile.

load helper

# people N: N photos of as many people in people/, flat.
people() {
	mkdir -p people
	for ((i = 1; i <= $1; i++)); do
		draw "people/p${i}_01.jpg" "$i"
	done
}

# column NAME: that column of the TSV in out.
column() {
	awk -F '\t' -v name="$1" 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == name) c = i; next } { print $c }' out
}

# hold COMMAND...: run facectl in the background on a list that stays open in descriptor 7, and wait for its first record in out.
hold() {
	people 1
	mkfifo paths
	"$@" --files-from paths >out 2>err 7>&- &
	facectl=$!
	exec 7>paths
	echo people/p1_01.jpg >&7
	for ((i = 0; i < 600; i++)); do
		[ ! -s out ] || break
		sleep 0.1
	done
	[ -s out ]
}

# ---- folders ----

@test "folders are persons by number or by name, and what is no photo is counted" {
	mkdir -p tree/7 tree/person_8 "tree/Anna Smith/2019" tree/.git
	draw tree/7/a.jpg ada
	draw tree/person_8/b.jpg bruno
	draw "tree/Anna Smith/2019/c.JPG" chidi
	cp tree/7/a.jpg tree/.git/x.jpg
	: >tree/7/.hidden.jpg
	echo >tree/7/notes.txt
	expect 0 "$FACECTL" --gallery g --format tsv set --space s --from tree
	[ "$(column person_id | paste -sd ,)" = 7,9,8 ] # the person without a number gets one that no folder has
	[ "$(column name | paste -sd ,)" = ",Anna Smith," ]
	says err "3 photos: 3 enrolled; skipped 2 hidden, 1 not named like a photo (1 .txt)"
	expect 0 "$FACECTL" --gallery g -q --format tsv recognize --space s --from tree
	[ "$(column result | sort -u)" = known ]
	empty err
}

@test "the order of a folder is the same in every run" {
	people 4
	mkdir people/sub
	mv people/p2_01.jpg people/sub/a.jpg
	expect 0 "$FACECTL" --format tsv detect --from people
	column path >first
	[ "$(paste -sd ' ' first)" = "people/p1_01.jpg people/p3_01.jpg people/p4_01.jpg people/sub/a.jpg" ]
	expect 0 "$FACECTL" --format tsv --jobs 1 detect --from people/
	column path | diff first -
}

@test "links are followed only on request, and never in a loop" {
	people 1
	ln -s . people/up
	ln -s people people/itself
	mkdir -p pool people/sub
	draw pool/2.jpg 2
	ln -s ../pool people/anna
	ln -s ../sub people/sub/again
	ln -s p1_01.jpg people/again.jpg
	ln -s nowhere.jpg people/broken.jpg
	expect 0 "$FACECTL" --format tsv detect --from people
	[ "$(column path | wc -l)" -eq 1 ]
	says err "1 photo: 1 face; skipped 1 not named like a photo (1 no suffix), 3 links to folders, 1 link to a file (without --follow-links; '"
	expect 0 "$FACECTL" --format tsv detect --from people --follow-links
	[ "$(column path | paste -sd ' ')" = "people/again.jpg people/anna/2.jpg people/p1_01.jpg" ]
	says err "3 photos: 3 faces; skipped 1 not named like a photo (1 no suffix), 2 links that are loops, 1 named like a photo but not a regular file"
	rm people/*.jpg people/itself people/sub/again
	expect 0 "$FACECTL" --gallery g --format tsv set --space s --from people --follow-links
	[ "$(column name)" = anna ]
	expect 1 "$FACECTL" --gallery g --format tsv set --space s --from people
	says err "skipped 2 links to folders (without --follow-links; '"
	says err "no photos found in 'people'"
	expect 2 "$FACECTL" detect --follow-links people/p1_01.jpg
	says err "--follow-links"
}

# A folder whose path is longer than paths may be: one that cannot be opened, whoever asks.
bury() {
	python3 - "$1" <<'PYTHON'
import os, sys
os.chdir(sys.argv[1])
for _ in range(22):
    os.mkdir("d" * 200)
    os.chdir("d" * 200)
PYTHON
}

@test "a folder that cannot be read is a failure, told by its name" {
	people 1
	mkdir people/anna
	cp people/p1_01.jpg people/anna
	bury people/anna
	expect 3 "$FACECTL" --gallery g --format tsv set --space s --from people --person-id 1 --failed-to failed
	[ "$(column result | sort | paste -sd ,)" = enrolled,failed,unchanged ]
	[ "$(column reason | sort -u | paste -sd ,)" = ,unreadable ]
	says err "cannot open folder 'people/anna/ddd"
	empty failed
	expect 3 "$FACECTL" --format tsv detect --from people
	says err "cannot open folder 'people/anna/ddd"
	expect 0 "$FACECTL" --gallery g set --space s --from people --person-id 1 --exclude 'anna/ddd*'
}

@test "patterns choose photos" {
	people 3
	expect 0 "$FACECTL" --format tsv detect --from people --include 'p1*' --include 'p2*' --exclude '*2_*'
	[ "$(column path)" = people/p1_01.jpg ]
	says err "2 excluded"
}

@test "file names are persons in a flat folder, by their number or by a pattern" {
	mkdir flat
	draw flat/anna_01.jpg 1
	draw flat/12-2.jpg 2
	expect 0 "$FACECTL" --gallery g --format tsv set --space s --from flat --layout flat
	[ "$(column person | head -1)" = person12 ]
	[ "$(column name | tail -1)" = anna ]
	mv flat/anna_01.jpg flat/2019-anna.jpg
	expect 3 "$FACECTL" --gallery h --format tsv set --space s --from flat --layout flat --pattern '^[0-9]{4}-([a-z]+)'
	[ "$(column name | tail -1)" = anna ]
	says err "'flat/12-2.jpg': its name does not name a person"
	expect 2 "$FACECTL" --gallery h set --space s --from flat --layout flat --pattern '('
	says err "is not a regular expression"
}

@test "--person-id is the person of every photo in a folder" {
	draw a.jpg 1 0
	draw b.jpg 1 1
	mkdir anna
	mv a.jpg b.jpg anna
	expect 0 "$FACECTL" --gallery g --format tsv set --space s --from anna --person-id 5
	[ "$(column person | sort -u)" = person5 ]
}

@test "a photo beside the folders tells no person" {
	people 1
	expect 4 "$FACECTL" --gallery g set --space s --from people
	says err "'people/p1_01.jpg': its folder does not name a person"
}

@test "names that would act on a terminal or are no text" {
	mkdir -p tree/$'bad\e[31m' tree/$'\xff'
	draw tree/$'bad\e[31m'/a.jpg 1
	draw tree/$'\xff'/$'new\nline.jpg' 2
	expect 4 "$FACECTL" --gallery g --format ndjson set --space s --from tree
	lacks err $'\e'
	says err "its folder cannot be the name of a person"
	expect 0 "$FACECTL" --gallery g --format ndjson detect --from tree
	python3 - <<-'END'
		import base64, json
		rows = [json.loads(line) for line in open("out")]
		assert rows[0]["path"] == "tree/bad\x1b[31m/a.jpg", rows[0]
		assert base64.b64decode(rows[1]["path_b64"]) == b"tree/\xff/new\nline.jpg", rows[1]
	END
	lacks out $'\e'
	expect 0 "$FACECTL" --gallery g detect --from tree
	lacks out $'\e'
	[ "$(wc -l <out)" -eq 3 ]
}

@test "a folder that is none" {
	: >file
	expect 4 "$FACECTL" detect --from missing
	expect 4 "$FACECTL" detect --from file
	says err "'file' is not a folder"
	mkdir hollow
	expect 1 "$FACECTL" --format json detect --from hollow
	[ "$(cat out)" = "[]" ]
	says err "0 photos"
}

@test "photos come from one place" {
	people 1
	expect 2 "$FACECTL" detect
	says err "PHOTO is missing"
	expect 2 "$FACECTL" detect --from people people/p1_01.jpg
	says err "give only one of PHOTO"
	expect 2 "$FACECTL" detect --include x people/p1_01.jpg
	expect 2 "$FACECTL" --gallery g set --meta '{"space":"5","images":[{"person_id":1}]}' --from people
	says err "the images of --meta need photos on the command line"
}

# ---- lists ----

@test "a manifest as TSV, CSV and NDJSON says the same" {
	mkdir lists
	draw lists/a,1.jpg 1
	draw lists/b.jpg 2
	printf 'path\tperson_id\tname\tuser_data\tcamera\na,1.jpg\t7\tAnna\tone\\ttwo\tx\nb.jpg\t\tBen\t\t\n' >lists/l.tsv
	printf 'name,path,person_id,user_data\r\nAnna,"a,1.jpg",7,"one\ttwo"\r\nBen,b.jpg,,\r\n' >lists/l.csv
	printf '%s\n' '{"path":"a,1.jpg","person_id":7,"name":"Anna","user_data":"one\ttwo","box":[1]}' \
		'{"path":"b.jpg","name":"Ben","person_id":null}' >lists/l.ndjson
	for kind in tsv csv ndjson; do
		expect 0 "$FACECTL" --gallery "g$kind" --format tsv set --space s --manifest "lists/l.$kind"
		[ "$(column person_id | paste -sd ,)" = 7, ]
		[ "$(column name | paste -sd ,)" = Anna,Ben ]
		[ "$(column path | paste -sd ' ')" = "lists/a,1.jpg lists/b.jpg" ]
		expect 0 "$FACECTL" --gallery "g$kind" --format ndjson profiles list --space s --name anna
		says out '"user_data":"one\u0009two"'
	done
	cd lists
	expect 0 "$FACECTL" --gallery gpipe --format tsv set --space s --manifest - <l.csv
	[ "$(column name | paste -sd ,)" = Anna,Ben ]
	cd ..
	expect 0 "$FACECTL" --gallery groot --format tsv set --space s --manifest - --root lists <lists/l.tsv
}

@test "a row that is wrong fails alone, with its line" {
	people 2
	printf 'path,person_id\npeople/p1_01.jpg,1\n"people/p2_01.jpg,2\npeople/p2_01.jpg,x\n,4\npeople/p2_01.jpg,2,3\npeople/p2_01.jpg,2\n' >list.csv
	expect 3 "$FACECTL" --gallery g --format tsv set --space s --manifest list.csv
	says err "'list.csv', line 3: a quoted field is not closed"
	says err "'list.csv', line 4: person_id takes a whole number, not 'x'"
	says err "'list.csv', line 5: the path is missing"
	says err "'list.csv', line 6: the number of fields is 3, but the first line names 2 columns"
	[ "$(column result | paste -sd ,)" = enrolled,failed,failed,failed,failed,enrolled ]
	[ "$(column path | sed -n 2p)" = list.csv:3 ]
}

@test "a first line without a path ends the run" {
	people 1
	echo people/p1_01.jpg >list.txt
	expect 2 "$FACECTL" detect --manifest list.txt
	says err "'list.txt', line 1: no column is named 'path'"
	expect 4 "$FACECTL" detect --manifest people
	says err "'people' is a folder"
	expect 4 "$FACECTL" detect --manifest missing.csv
}

@test "lists of paths, by lines and by NULs, out of files and pipes" {
	people 2
	cp people/p1_01.jpg $'people/new\nline.jpg'
	expect 0 "$FACECTL" --format ndjson detect --files-from <(printf 'people/p2_01.jpg\n\npeople/p1_01.jpg\n')
	[ "$(grep -c '"result":"face"' out)" -eq 2 ]
	find people -name '*.jpg' -print0 | sort -z >list
	expect 0 "$FACECTL" --format ndjson detect --files0-from - <list
	[ "$(grep -c '"result":"face"' out)" -eq 3 ]
	expect 3 "$FACECTL" --format ndjson detect --root people --files-from - <<<$'p1_01.jpg\n-'
	says err "'standard input', line 2: a list cannot contain '-' (standard input)"
}

@test "a photo is told of before the next path has come" {
	hold "$FACECTL" --format ndjson detect
	kill -0 "$facectl"
	says out '"result":"face"'
	exec 7>&-
	wait "$facectl"
}

# peak LINES: what facectl itself held at most, in kB, when it has read and told of a list of so many rows.
peak() {
	rm -f paths out err
	mkfifo paths
	"$FACECTL" --format tsv -j 1 detect --manifest paths >out 2>err &
	local facectl=$!
	exec 7>paths
	echo path >&7
	yes missing.jpg | head -n "$1" >&7
	for ((i = 0; i < 1200; i++)); do
		[ "$(wc -l <out)" -le "$1" ] || break
		sleep 0.1
	done
	[ "$(wc -l <out)" -eq $(($1 + 1)) ]
	awk '$1 == "VmHWM:" { print $2 }' "/proc/$facectl/status" >peak
	exec 7>&-
	wait "$facectl" || [ $? -eq 4 ]
}

@test "a long list costs no more memory than a short one" {
	! ldd "$FACECTL" | grep -q libasan || skip "a sanitizer keeps what was freed"
	peak 500
	short=$(cat peak)
	peak 50000
	echo "$short kB for 500 rows, $(cat peak) kB for 50000"
	[ "$(cat peak)" -le $((short * 6 / 5)) ]
}

@test "what facectl prints is a manifest" {
	people 2
	expect 0 "$FACECTL" --gallery g --format ndjson set --space s --from people --layout flat
	mv out set.ndjson
	expect 0 "$FACECTL" --gallery g --format tsv set --space s --manifest set.ndjson --root .
	mv out set.tsv
	expect 0 "$FACECTL" --gallery g recognize --space s --manifest set.tsv
	says err "2 photos: 2 known"
}

# ---- order and documents ----

@test "--unordered tells the same" {
	people 6
	: >people/p3_01.jpg
	expect 3 "$FACECTL" --format ndjson detect --from people
	mv out ordered
	expect 3 "$FACECTL" --format ndjson -j 2 detect --from people --unordered
	sort ordered | diff - <(sort out)
}

@test "JSON of a folder is one document" {
	people 3
	: >people/p2_01.jpg
	expect 0 "$FACECTL" --gallery g -q set --space s --person-id 1 people/p1_01.jpg
	for command in "recognize --space s" "profiles search --space s" "profiles create --space s" "detect" \
		"set --space s --person-id 1"; do
		# shellcheck disable=SC2086
		expect 3 "$FACECTL" --gallery g --format json $command --from people
		python3 -m json.tool out >/dev/null
	done
	expect 3 "$FACECTL" --gallery g --format json recognize --space s --from people
	python3 -c 'import json; d = json.load(open("out")); assert d["status"] == 200 and len(d["body"]["objects"]) == 3, d'
}

@test "crops of photos with one name in several folders do not meet" {
	mkdir -p tree/a tree/b
	draw tree/a/1.jpg 1
	draw tree/b/1.jpg 2
	expect 0 "$FACECTL" detect --from tree --crops crops
	[ "$(find crops -name '1-*-0.png' | wc -l)" -eq 2 ]
	find crops -type f | sort >first
	expect 0 "$FACECTL" detect --from tree --crops crops --unordered
	find crops -type f | sort | diff first -
}

@test "crops and annotated photos are files of their own, only for the user, with short and plain names" {
	draw ada.jpg ada
	mkdir -p d1 d2 d3
	long=$(printf 'ü%.0s' {1..120}).jpg
	cp ada.jpg d1/x.jpg
	cp ada.jpg d2/x.jpg
	cp ada.jpg d3/file_0-x.jpg
	cp ada.jpg "d3/$long"
	cp ada.jpg d3/$'a\nb\e[31m.jpg'
	umask 022
	expect 0 "$FACECTL" set --space s --person-id 1 ada.jpg
	expect 0 "$FACECTL" recognize --space s --threshold 0.4 --crops crops --annotate all d1/x.jpg d2/x.jpg d3/*
	[ "$(find crops -type f | wc -l)" -eq 5 ]
	[ "$(find all -type f | wc -l)" -eq 5 ]
	[ -z "$(find crops all -type f ! -perm 600)" ]
	[ -z "$(find crops all -type d ! -perm 700)" ]
	[ -z "$(find crops all -name '*[[:cntrl:]]*')" ]
	find crops -name 'üüü*' | iconv -f utf-8 -t utf-8 >/dev/null
}

@test "crops go into the folder that was given, also if its name becomes a link" {
	draw 1.jpg ada
	draw 2.jpg bruno
	mkdir victim
	ln -s victim link
	for option in --crops --annotate; do
		expect 77 "$FACECTL" recognize -s s "$option" link 1.jpg 2.jpg
		says err "'link' is a symbolic link"
	done
	mkfifo list
	"$FACECTL" detect --jobs 1 --crops crops --files-from list >rows 2>err &
	pid=$!
	exec 9>list
	echo 1.jpg >&9
	for _ in $(seq 300); do
		[ -z "$(ls crops 2>/dev/null)" ] || break
		sleep 0.1
	done
	mv crops moved
	ln -s victim crops
	echo 2.jpg >&9
	exec 9>&-
	wait "$pid"
	[ "$(find moved -type f | wc -l)" -eq 2 ]
	[ -z "$(ls victim)" ]
	expect 0 "$FACECTL" detect --crops link/ 1.jpg
	[ "$(find victim -type f | wc -l)" -eq 1 ]
}

@test "a long path in a list does not widen every line behind it" {
	people 1
	long=$(printf 'd%.0s' {1..200})
	mkdir "$long"
	cp people/p1_01.jpg "$long/x.jpg"
	expect 0 "$FACECTL" detect --files-from - <<<"$long/x.jpg
people/p1_01.jpg"
	[ "$(tail -1 out | wc -c)" -lt 140 ]
}

@test "profiles that are new get the names of folders where that is wanted" {
	mkdir -p tree/Anna
	draw tree/Anna/1.jpg 1
	draw tree/loose.jpg 2
	expect 0 "$FACECTL" --gallery g --format tsv profiles create --space s --from tree --layout dirs
	[ "$(column result | paste -sd ,)" = new,new ]
	[ "$(column name | paste -sd ,)" = Anna, ]
	expect 0 "$FACECTL" --gallery h --format tsv profiles create --space s --from tree
	[ "$(column name | paste -sd ,)" = , ]
}

@test "a list of unknown length gets all the workers" {
	hold "$FACECTL" -j 3 --format ndjson detect
	[ "$(pgrep -c -P "$facectl" facectl-worker)" -eq 3 ]
	exec 7>&-
	wait "$facectl"
}

# ---- limits, failures, progress ----

@test "--max-errors ends the run, and the same command goes on" {
	people 2
	for i in 1 2 3 4 5 6 7 8 9; do
		echo no photo >"people/a$i.jpg"
	done
	expect 75 "$FACECTL" --gallery g -j 1 set --space s --from people --layout flat --max-errors 2
	says err "photos failed; stopped by --max-errors (2); run the same command to continue"
	rm people/a*
	expect 0 "$FACECTL" --gallery g -j 1 set --space s --from people --layout flat --max-errors 2
}

@test "--max-time ends the run" {
	mkfifo paths
	status=0
	"$FACECTL" --format json detect --max-time 500ms --files-from paths >out 2>err &
	facectl=$!
	exec 7>paths
	wait "$facectl" || status=$?
	exec 7>&-
	[ "$status" -eq 75 ]
	says err "stopped by --max-time after 0 photos; the other photos were not analysed"
	python3 -m json.tool out >/dev/null
}

@test "what failed goes to a list that can be fed back" {
	people 3
	echo no photo >people/p2_01.jpg
	cp people/p2_01.jpg people/$'\xff'_01.jpg
	expect 3 "$FACECTL" --gallery g set --space s --from people --layout flat --failed-to failed
	[ "$(stat -c %a failed)" = 600 ]
	[ "$(wc -l <failed)" -eq 2 ]
	says failed '"name":"p2"'
	says failed '"status":"bad_image"'
	draw people/p2_01.jpg 2
	mkdir elsewhere
	cd elsewhere
	expect 2 "$FACECTL" --gallery ../g set --space s --manifest ../failed --failed-to ../failed
	says err "is also the list of photos"
	expect 3 "$FACECTL" --gallery ../g --format tsv set --space s --manifest ../failed --failed-to again
	[ "$(column result | sort | paste -sd ,)" = enrolled,failed ] || [ "$(column result | sort | paste -sd ,)" = enrolled,rejected ]
	[ "$(column name | sort | tail -1)" = p2 ]
	[ "$(wc -l <again)" -eq 1 ]
}

@test "a row of the list of failures has the person of the photo" {
	echo no photo >bad.jpg
	printf '%s\n' '{"path":"bad.jpg","person_id":7,"name":"Ada","user_data":"x"}' \
		'{"path":"bad.jpg","pid":"6f1d3a52-7c1e-4a0b-9b1f-0d2c3e4f5a6b"}' >rows
	expect 4 "$FACECTL" --gallery g set --space s --manifest rows --failed-to failed
	says failed "{\"path\":\"$PWD/bad.jpg\",\"person_id\":7,\"name\":\"Ada\",\"user_data\":\"x\",\"status\":\"bad_image\","
	says failed "{\"path\":\"$PWD/bad.jpg\",\"pid\":\"6f1d3a52-7c1e-4a0b-9b1f-0d2c3e4f5a6b\",\"status\":\"bad_image\","
}

@test "a list of failures that cannot be written is an error" {
	echo no photo >bad.jpg
	expect 74 "$FACECTL" detect --failed-to . bad.jpg
	says err "cannot open '.': Is a directory"
	expect 74 "$FACECTL" detect --failed-to /dev/full bad.jpg
	says err "cannot write '/dev/full': No space left on device"
}

@test "a row that a full disk cut off does not spoil the next one" {
	people 1
	echo no photo >people/p2_01.jpg
	cp people/p2_01.jpg people/p3_01.jpg
	printf '{"path":"/people/p4_01.j' >failed
	expect 3 "$FACECTL" detect --from people --failed-to failed
	[ "$(wc -l <failed)" -eq 3 ]
	expect 4 "$FACECTL" --format tsv detect --manifest failed
	[ "$(column path | tail -2 | paste -sd ' ')" = "$PWD/people/p2_01.jpg $PWD/people/p3_01.jpg" ]
}

@test "many workers need few descriptors" {
	people 3
	expect 0 prlimit --nofile=40 "$FACECTL" -j 21 detect --from people
	expect 74 prlimit --nofile=20 "$FACECTL" -j 20 detect --from people
	says err "cannot create a socket for a worker: Too many open files; raise the limit with ulimit -n"
}

@test "progress for programs is objects, and the summary is the last" {
	people 2
	: >people/p2_01.jpg
	expect 3 "$FACECTL" --progress json --format ndjson detect --from people
	tail -1 err >last
	python3 - <<-'END'
		import json
		told = json.load(open("last"))
		assert told["type"] == "summary" and told["ended"] == "done", told
		assert told["photos"] == 2 and told["accepted"] == 1 and told["rejected"] == 1, told
		assert told["results"] == {"face": 1} and told["reasons"] == {"bad_image": 1}, told
	END
}

@test "progress for people says how many of how many, and leaves nothing behind" {
	hold "$FACECTL" --progress always --format ndjson detect
	for ((i = 0; i < 600; i++)); do
		echo missing.jpg >&7
		! grep -q accepted err || break
		sleep 0.1
	done
	exec 7>&-
	wait "$facectl" || [ $? -eq 3 ]
	says err " photos, "
	says err "1 accepted, 0 rejected, "
	tail -c 300 err | grep -q $'\r\e\\[Kfacectl: '
	lacks out accepted
}

@test "SIGUSR1 asks how far it is" {
	hold "$FACECTL" --format ndjson detect
	kill -USR1 "$facectl"
	for ((i = 0; i < 600; i++)); do
		! grep -q accepted err || break
		sleep 0.1
	done
	says err "facectl: 1 photos, "
	says err "1 accepted, 0 rejected, 0 failed"
	exec 7>&-
	wait "$facectl"
}

@test "SIGINT and SIGTERM keep what is done and say how to go on" {
	for signal in INT TERM; do
		rm -rf paths g
		# a job in the background has SIGINT ignored, and so it would stay
		hold env --default-signal "$FACECTL" --gallery g --format ndjson set --space s --person-id 1
		kill -"$signal" "$facectl"
		status=0
		wait "$facectl" || status=$?
		exec 7>&-
		[ "$status" -eq $((128 + $(kill -l "$signal"))) ]
		says err "interrupted by SIG$signal after 1 photo; run the same command to continue"
		expect 0 "$FACECTL" --gallery g --format tsv spaces show s
		says out $'\t1\t1\t'
	done
}

@test "a run that breaks off says why and no more" {
	people 2
	expect 5 "$FACECTL" --gallery none recognize --space s --from people
	lacks err photos
	expect 74 "$FACECTL" --gallery /proc/none set --space s --from people --layout flat
	lacks err "0 photos"
}

@test "a row that tells nobody fails by name, and is not looked at" {
	people 2
	printf 'path\tperson_id\npeople/p1_01.jpg\t\npeople/p2_01.jpg\t2\n' >list.tsv
	expect 3 "$FACECTL" --gallery g --format tsv set --space s --manifest list.tsv
	[ "$(column result | paste -sd ,)" = failed,enrolled ]
	[ "$(column reason | head -1)" = invalid_argument ]
	[ -z "$(column width | head -1)" ]
	says err "'people/p1_01.jpg': the list has no person for this photo"
	expect 3 "$FACECTL" --gallery g --format json set --space s --manifest list.tsv
	says out '"error": "no person_id has been provided"'
	expect 0 "$FACECTL" --gallery g --format tsv status --space s --manifest list.tsv
	[ "$(column reason | head -1)" = invalid_argument ]
	expect 0 "$FACECTL" --gallery g --format tsv set --space s --manifest list.tsv --person-id 1
	[ "$(column person | paste -sd ,)" = person1,person2 ]
}

@test "lists of spreadsheets and phones: separators, UTF-16, line ends, an array" {
	people 2
	printf 'path ;Name;;\r\npeople/p1_01.jpg;Jürgen;;\r\npeople/p2_01.jpg;Anna;;\r\n;;;\r\n' >list.csv
	expect 0 "$FACECTL" --gallery g --format tsv set --space s --manifest list.csv --dry-run
	[ "$(column name | paste -sd ,)" = Jürgen,Anna ]
	iconv -f UTF-8 -t UTF-16 list.csv >wide.csv
	expect 0 "$FACECTL" --gallery g --format tsv set --space s --manifest wide.csv --dry-run
	[ "$(column name | paste -sd ,)" = Jürgen,Anna ]
	printf '[{"path":"people/p1_01.jpg","name":"Anna"},\n{"path":"people/p2_01.jpg","name":"Ben"}]\n' >list.json
	expect 0 "$FACECTL" --gallery g --format tsv set --space s --manifest list.json --dry-run
	[ "$(column name | paste -sd ,)" = Anna,Ben ]
	printf '\xef\xbb\xbfpeople/p1_01.jpg\r\npeople/p2_01.jpg\r\n' >list.txt
	expect 0 "$FACECTL" --format tsv detect --files-from list.txt
	[ "$(column path | paste -sd ,)" = people/p1_01.jpg,people/p2_01.jpg ]
	echo '[]' >list.json
	expect 1 "$FACECTL" --gallery g set --space s --manifest list.json
	says err "no photos found in 'list.json'"
	expect 0 "$FACECTL" --gallery g set --space s --manifest list.json --allow-empty
}

@test "previews and recycle bins are skipped by name, and on request they are not" {
	mkdir -p tree/anna/@eaDir/1.jpg "tree/#recycle" tree/anna/.Trash-1000 tree/lost+found tree/__MACOSX
	draw tree/anna/1.jpg 1
	cp tree/anna/1.jpg tree/anna/@eaDir/1.jpg/SYNOPHOTO_THUMB_XL.jpg
	cp tree/anna/1.jpg "tree/#recycle/2.jpg"
	cp tree/anna/1.jpg tree/anna/._1.jpg
	cp tree/anna/1.jpg tree/anna/.Trash-1000/3.jpg
	: >tree/anna/Thumbs.db
	expect 0 "$FACECTL" --gallery g --format tsv set --space s --from tree
	[ "$(column path)" = tree/anna/1.jpg ]
	for name in @eaDir "#recycle" "._*" ".Trash*" lost+found __MACOSX Thumbs.db; do
		says err "1 $name"
	done
	expect 0 "$FACECTL" --format tsv detect --from tree --no-default-excludes
	[ "$(column path | wc -l)" -eq 3 ]
	says err "skipped 2 hidden, 1 not named like a photo (1 .db)"
	expect 0 "$FACECTL" --progress json --format tsv detect --from tree
	grep -q '"default_excludes":{.*"@eaDir":1' err
}

@test ".facectlignore leaves out photos as .gitignore does" {
	mkdir -p tree/anna/raw tree/ben
	for path in anna/1.jpg anna/2.jpg anna/raw/3.jpg ben/1.jpg; do draw "tree/$path" 1; done
	printf '# no raw photos\nraw/\n*2.jpg\n/ben\n' >tree/.facectlignore
	expect 0 "$FACECTL" --format tsv detect --from tree
	[ "$(column path)" = tree/anna/1.jpg ]
	says err "3 ignored by .facectlignore"
	printf '!2.jpg\n' >tree/anna/.facectlignore
	expect 0 "$FACECTL" --format tsv detect --from tree
	[ "$(column path | paste -sd ' ')" = "tree/anna/1.jpg tree/anna/2.jpg" ]
	rm tree/anna/.facectlignore
	mkdir tree/anna/.facectlignore
	expect 4 "$FACECTL" --format tsv detect --from tree
	says err "folder 'tree/anna': '.facectlignore' is not a file"
}

@test "photos with another suffix are read on request" {
	mkdir tree
	draw tree/a.jpg 1
	cp tree/a.jpg tree/b.JPG_original
	cp tree/a.jpg tree/c
	echo text >tree/d.mov
	expect 0 "$FACECTL" --format tsv detect --from tree
	[ "$(column path)" = tree/a.jpg ]
	says err "skipped 3 not named like a photo ("
	says err "1 .mov"
	expect 0 "$FACECTL" --format tsv detect --from tree --any-suffix
	[ "$(column path | paste -sd ' ')" = "tree/a.jpg tree/b.JPG_original tree/c" ]
	says err "skipped 1 not named like a photo (1 .mov)"
}

@test "a name in another Unicode form or with blanks is the same person, with another case it is not" {
	mkdir -p $'one/Jo\xcc\x88rg' "one/Anna " one/anna two/ANNA two/$'J\xc3\xb6rg' two/Anna
	draw $'one/Jo\xcc\x88rg/1.jpg' ada 0
	draw "one/Anna /1.jpg" bruno 0
	draw one/anna/1.jpg chidi 0
	draw two/ANNA/1.jpg doris 0
	draw two/Anna/1.jpg bruno 1
	draw $'two/J\xc3\xb6rg/1.jpg' ada 1
	expect 0 "$FACECTL" --gallery g --format tsv set --space s --from one
	[ "$(column name | paste -sd ,)" = $'Anna,J\xc3\xb6rg,anna' ]
	says err "'one/anna/1.jpg': the names of the persons 'anna' and 'Anna' differ only by case"
	expect 0 "$FACECTL" --gallery g --format tsv set --space s --from two
	[ "$(column person | paste -sd ,)" = person4,person1,person2 ]
	says err "the names of the persons 'ANNA' and '"
	printf 'path;name\none/anna/1.jpg;" Anna"\n' >list.csv
	expect 0 "$FACECTL" --gallery h --format tsv set --space s --manifest list.csv
	[ "$(column name)" = Anna ]
	expect 0 "$FACECTL" --gallery g profiles show "s/ Anna"
	expect 0 "$FACECTL" --gallery g profiles update "s/Anna" --name $'A\xcc\x8asa '
	expect 0 "$FACECTL" --gallery g --format tsv profiles show $'s/\xc3\x85sa'
}
