#!/usr/bin/env bats
# Records: NDJSON, TSV, JSON and text say the same; pictures go where they are told to.

load helper

@test "recognize has a record for each face, and one for a photo without" {
	draw ada.jpg ada
	"$DRAW_FACES" --group group.jpg ada bruno
	"$DRAW_FACES" --noise 300x200 none.jpg
	expect 0 "$FACECTL" set --space 5 --person-id 1 --name Ada ada.jpg
	expect 3 "$FACECTL" recognize --space 5 --threshold 0.4 --format ndjson group.jpg none.jpg missing.jpg
	python3 - <<'EOF'
import json
records = [json.loads(line) for line in open("out")]
assert [record["result"] for record in records if record["photo"] == "file_1"] == ["no_face"]
assert [record["result"] for record in records if record["photo"] == "file_2"] == ["failed"]
assert records[-1]["status"] == "unreadable" and "missing.jpg" in records[-1]["error"]
faces = [record for record in records if record["photo"] == "file_0"]
assert sorted(face["result"] for face in faces) == ["known", "unknown"], faces
for record in records:
    assert record["type"] == "recognize" and record["schema"] == 1
for face in faces:
    assert face["threshold"] == 0.4 and face["threshold_basis"] == "given"
    assert len(face["box"]) == 4 and len(face["landmarks"]) == 10
    assert ("name" in face) == (face["result"] == "known")
EOF
	expect 3 "$FACECTL" recognize --space 5 --threshold 0.4 --format tsv group.jpg none.jpg missing.jpg
	[ "$(wc -l <out)" -eq 5 ]
	[ "$(awk -F '\t' '{ print NF }' out | sort -u | wc -l)" -eq 1 ]
	expect 3 "$FACECTL" recognize --space 5 --threshold 0.4 group.jpg none.jpg missing.jpg
	says out "Ada"
	says err "threshold 0.4000: given"
}

@test "--require-match turns nobody into status 1" {
	draw ada.jpg ada
	draw bruno.jpg bruno
	expect 0 "$FACECTL" set --space 5 --person-id 1 ada.jpg
	expect 0 "$FACECTL" recognize --space 5 --threshold 0.4 bruno.jpg
	expect 1 "$FACECTL" recognize --space 5 --threshold 0.4 --require-match bruno.jpg
	expect 0 "$FACECTL" recognize --space 5 --threshold 0.4 --require-match bruno.jpg ada.jpg
	expect 2 "$FACECTL" recognize --space 5 --threshold 0.4 --fmr 1e-4 ada.jpg
}

@test "a template is as many floats as its dimension says, of length 1" {
	draw ada.jpg ada
	expect 0 "$FACECTL" detect --with template --format json ada.jpg
	python3 - <<'EOF'
import base64, json, struct
(record,) = json.load(open("out"))
floats = struct.unpack("<%df" % record["dimension"], base64.b64decode(record["template"]))
assert abs(sum(x * x for x in floats) - 1) < 1e-3
assert record["model"] == "facectl-embed-2"
EOF
	expect 0 "$FACECTL" detect --with template --format tsv ada.jpg
	lacks out template
}

@test "a photo from standard input is a photo like any other" {
	draw ada.jpg ada
	expect 0 "$FACECTL" detect ada.jpg
	lacks out LANDMARKS
	expect 0 "$FACECTL" detect --with landmarks ada.jpg
	says out LANDMARKS
	expect 2 "$FACECTL" detect --with landmarks,nothing ada.jpg
	says err "--with takes template, landmarks, liveness, face-id, not 'nothing'"
	expect 0 "$FACECTL" detect --format ndjson ada.jpg
	sed 's/"path":"[^"]*"//' out >from_file
	expect 0 "$FACECTL" detect --format ndjson - <ada.jpg
	sed 's/"path":"[^"]*"//' out | diff from_file -
	expect 2 "$FACECTL" detect - - <ada.jpg
}

@test "verify says yes with 0 and no with 1" {
	draw ada.jpg ada
	draw again.jpg ada 2
	draw bruno.jpg bruno
	expect 0 "$FACECTL" verify --threshold 0.4 ada.jpg again.jpg
	says out "same person     yes"
	expect 1 "$FACECTL" verify --threshold 0.4 --format json ada.jpg bruno.jpg
	says out '"same": false'
	empty err
	: >empty.jpg
	expect 4 "$FACECTL" verify --threshold 0.4 ada.jpg empty.jpg
	says err "empty.jpg"
	expect 2 "$FACECTL" verify ada.jpg
	expect 2 "$FACECTL" verify ada.jpg again.jpg bruno.jpg
}

@test "detect, verify and extract do not read the gallery" {
	draw ada.jpg ada
	draw again.jpg ada 2
	results() {
		expect 0 "$FACECTL" --format ndjson --gallery "$1" verify --threshold 0.4 ada.jpg again.jpg
		cp out results
		expect 0 "$FACECTL" --gallery "$1" extract ada.jpg
		cat out >>results
		expect 0 "$FACECTL" --format ndjson --gallery "$1" detect --with template ada.jpg
		cat out >>results
	}
	results absent
	[ ! -e absent ]
	mv results expected
	grep -q '"model":"facectl-embed-2"' expected

	# a gallery of another embedder
	export FACECTL_MODEL_PATH=described
	other_model other
	expect 0 "$FACECTL" --gallery elsewhere set --space 5 --person-id 1 --embedder other ada.jpg
	results elsewhere
	cmp results expected
	expect 0 "$FACECTL" --gallery elsewhere recognize --space 5 --threshold 0.5 again.jpg

	# damaged, and not readable
	mkdir damaged
	head -c 40960 /dev/urandom >damaged/data.mdb
	results damaged
	cmp results expected
	if [ "$(id -u)" -ne 0 ]; then
		chmod 0 elsewhere/data.mdb
		results elsewhere
		cmp results expected
	fi
}

@test "annotated photos and crops are written where they are told to go" {
	draw ada.jpg ada
	"$DRAW_FACES" --group group.png ada bruno
	expect 0 "$FACECTL" set --space 5 --person-id 1 ada.jpg
	expect 0 "$FACECTL" recognize --space 5 --threshold 0.4 --annotate marked.png --crops faces group.png
	[ "$(head -c 4 marked.png | od -An -tx1 | tr -d ' ')" = 89504e47 ]
	[ -s faces/group-0.png ]
	[ -s faces/group-1.png ]
	# the ending says what is in the file, whatever the photo is
	expect 0 "$FACECTL" recognize --space 5 --threshold 0.4 --annotate marked.PNG ada.jpg
	[ "$(head -c 4 marked.PNG | od -An -tx1 | tr -d ' ')" = 89504e47 ]
	expect 0 "$FACECTL" recognize --space 5 --threshold 0.4 --annotate marked.jpeg group.png
	[ "$(head -c 3 marked.jpeg | od -An -tx1 | tr -d ' ')" = ffd8ff ]
	expect 0 "$FACECTL" recognize --space 5 --threshold 0.4 --annotate marked group.png
	[ "$(head -c 4 marked | od -An -tx1 | tr -d ' ')" = 89504e47 ]
	mkdir other
	cp ada.jpg other/ada.jpg
	expect 0 "$FACECTL" recognize --space 5 --threshold 0.4 --annotate all ada.jpg other/ada.jpg group.png me=ada.jpg
	[ "$(cd all && echo *)" = "file_0-ada.jpg file_1-ada.jpg group.png me.jpg" ]
	cp ada.jpg before.jpg
	expect 2 "$FACECTL" recognize --space 5 --threshold 0.4 --annotate ada.jpg ada.jpg
	cmp ada.jpg before.jpg
}

@test "detect, identify and profiles search write annotated copies, crops and contact sheets" {
	draw ada.jpg ada
	"$DRAW_FACES" --group group.png ada bruno
	expect 0 "$FACECTL" set --space 5 --person-id 1 --name Ada ada.jpg
	expect 0 "$FACECTL" detect --annotate detect.png group.png
	expect 0 "$FACECTL" identify --space 5 --annotate identify.png --crops identified --contact-sheet identify.html group.png
	expect 0 "$FACECTL" profiles search --space 5 --face index=1 --annotate search.png --crops searched --contact-sheet search.html group.png
	expect 0 "$FACECTL" recognize --space 5 --threshold 0.4 --annotate recognize.png group.png
	[ "$(png_size detect.png)" = "$(png_size group.png)" ]
	for name in detect identify search recognize; do
		[ "$(head -c 4 $name.png | od -An -tx1 | tr -d ' ')" = 89504e47 ]
		[ "$(stat -c %a $name.png)" = 600 ]
	done
	# four pictures with other labels and frames
	[ "$(sha256sum ./*.png | cut -d' ' -f1 | sort -u | wc -l)" = 5 ]
	cmp identified/group-0.png searched/group-0.png
	cmp identified/group-1.png searched/group-1.png
	says identify.html ">Ada<"
	says identify.html ">Unknown<"
	says search.html ">Unknown<"
	says search.html "nearest other: <bdi>Ada<"

	# several photos go to a folder; one without a face is copied, and one that fails is on the contact sheet
	"$DRAW_FACES" --noise 300x300 noise.png
	: >empty.jpg
	for command in "detect" "identify --space 5" "profiles search --space 5"; do
		# shellcheck disable=SC2086
		expect 3 "$FACECTL" $command --annotate all --contact-sheet all.html ada.jpg noise.png empty.jpg
		[ "$(cd all && echo *)" = "ada.jpg noise.png" ]
		says all.html ">Photos that failed<"
		says all.html ">Photos without faces<"
		rm -r all
		# shellcheck disable=SC2086
		expect 2 "$FACECTL" $command --annotate ada.jpg ada.jpg
		says err "would overwrite the photo 'ada.jpg' itself"
		# shellcheck disable=SC2086
		expect 2 "$FACECTL" $command --annotate ada.webp ada.jpg
		says err "pictures are written as PNG or JPEG"
	done
}

@test "pictures need the files of the photos" {
	draw ada.jpg ada
	expect 0 "$FACECTL" set --space 5 --person-id 1 ada.jpg
	expect 2 "$FACECTL" identify --space 5 --crops crops 01234567-89ab-cdef-0123-456789abcdef
	says err "'01234567-89ab-cdef-0123-456789abcdef': --annotate, --crops and --contact-sheet need the file of each photo"
	expect 2 "$FACECTL" identify --space 5 --annotate out.png https://localhost/ada.jpg
	says err "need the file of each photo"
	"$FACECTL" extract ada.jpg >ada.ndjson
	for option in --annotate=out.png --crops=crops --contact-sheet=out.html; do
		expect 2 "$FACECTL" profiles search --space 5 --template ada.ndjson "$option"
		says err "need photos, not --template"
	done
	[ ! -e out.png ]
	[ ! -e crops ]
}

# png_size FILE: width and height
png_size() {
	od -An -tu1 -j16 -N8 "$1" | awk '{print ($2 * 65536 + $3 * 256 + $4) "x" ($6 * 65536 + $7 * 256 + $8)}'
}

@test "an annotated photo goes to standard output, and only in a format that can be written" {
	draw ada.jpg ada
	expect 0 "$FACECTL" set --space 5 --person-id 1 ada.jpg
	expect 0 "$FACECTL" recognize --space 5 --threshold 0.4 -o results.ndjson --format ndjson --annotate - ada.jpg
	[ "$(head -c 3 out | od -An -tx1 | tr -d ' ')" = ffd8ff ]
	grep -q '"result":"known"' results.ndjson
	expect 2 "$FACECTL" recognize --space 5 --threshold 0.4 --annotate - ada.jpg
	says err "--output FILE"
	empty out
	expect 2 "$FACECTL" recognize --space 5 --threshold 0.4 -o results.ndjson --annotate - ada.jpg ada.jpg
	says err "name a folder"
	for name in marked.webp marked.gif all.d/marked.jpg2; do
		mkdir -p all.d
		expect 2 "$FACECTL" recognize --space 5 --threshold 0.4 --annotate "$name" ada.jpg
		says err "must end in .png, .jpg or .jpeg"
		[ ! -e "$name" ]
	done
}

@test "names of any script are drawn, and numbers where no font has the name" {
	draw ada.jpg ada
	expect 0 "$FACECTL" set --space 5 --person-id 1 --name 'דוד כהן' ada.jpg
	expect 0 "$FACECTL" recognize --space 5 --threshold 0.4 --annotate hebrew.png ada.jpg
	expect 0 "$FACECTL" profiles update 5/1 --unset name
	expect 0 "$FACECTL" recognize --space 5 --threshold 0.4 --annotate number.png ada.jpg
	expect 0 "$FACECTL" profiles update 5/1 --name $'\U000f0000'
	expect 0 "$FACECTL" recognize --space 5 --threshold 0.4 --annotate private.png ada.jpg
	[ "$(stat -c %a hebrew.png)" = 600 ]
	[ "$(png_size hebrew.png)" = 400x400 ]
	run cmp -s hebrew.png number.png
	[ "$status" -ne 0 ]
	# without a font at all, the name is the number too, in other letters
	cat >fonts.conf <<-'END'
		<fontconfig><dir>/nonexistent</dir></fontconfig>
	END
	FONTCONFIG_FILE=$PWD/fonts.conf expect 0 "$FACECTL" recognize --space 5 --threshold 0.4 --annotate fontless.png ada.jpg
	cmp private.png fontless.png
	empty err || says err threshold
}

@test "if the program that draws names ends, pictures have numbers, and the run says so once" {
	local build
	build=$(dirname "$FACECTL")
	draw ada.jpg ada
	cp ada.jpg again.jpg
	expect 0 "$FACECTL" set --space 5 --person-id 1 --name $'\U000f0000' ada.jpg
	expect 0 "$FACECTL" recognize --space 5 --threshold 0.4 --annotate number.png ada.jpg
	expect 0 "$FACECTL" profiles update 5/1 --name 'דוד כהן'
	mkdir broken pictures
	cp "$FACECTL" broken
	ln -s "$build/facectl-worker" "$build/share" broken
	for ending in 'kill -ABRT $$' 'kill -KILL $$' 'echo no frame >&3'; do
		printf '#!/bin/sh\n%s\n' "$ending" >broken/facectl-lettering
		chmod +x broken/facectl-lettering
		expect 0 broken/facectl --quiet recognize --space 5 --threshold 0.4 --annotate broken.png ada.jpg
		empty err
		cmp broken.png number.png
		expect 0 broken/facectl recognize --space 5 --threshold 0.4 --annotate pictures ada.jpg again.jpg
		[ "$(grep -c 'the program that draws names' err)" = 1 ]
		[ "$(ls pictures)" = "$(printf 'ada.jpg\nagain.jpg')" ]
	done
}

@test "models and the doctor answer as records" {
	expect 0 "$FACECTL" models list --format ndjson
	says out '"name":"facectl-embed-2"'
	expect 0 "$FACECTL" models check facectl-detect facectl-embed-2
	expect 0 "$FACECTL" models show facectl-embed-2 --format json
	says out '"dimension": 128'
	expect 6 "$FACECTL" models show nonsense
	expect 0 "$FACECTL" doctor --format ndjson
	says out '"check":"worker","verdict":"ok"'
	mkdir broken
	cp "$(dirname "$FACECTL")/share/models/facectl-embed-2.json" broken
	printf 'not a model' >broken/facectl-embed-2.onnx
	expect 6 "$FACECTL" models check facectl-embed-2 --model-path broken
	says out "damaged"
	expect 1 "$FACECTL" doctor --model-path broken
	says out "problem"
}
