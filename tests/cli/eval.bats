# Measuring models on labelled photos.

load helper

# people/NAME/N.jpg for six people with three photos each, and one person with one.
people() {
	local name
	for name in ada bruno chidi doris emeka fatma; do
		mkdir -p "people/$name"
		for pose in 0 1 2; do
			draw "people/$name/$pose.jpg" "$name" "$pose"
		done
	done
	mkdir -p people/hasan
	draw people/hasan/0.jpg hasan
}

@test "a folder of people is measured: pairs, accuracy, rank 1" {
	people
	expect 0 "$FACECTL" --format json eval --from people
	says out '"photos": 19'
	says out '"genuine_pairs": 18'
	says out '"impostor_pairs": 153'
	says out '"gallery": 6'
	says out '"mated_probes": 12'
	says out '"non_mated_probes": 1'
	grep -q '"accuracy": \(1\|0.9[0-9]*\),' out
	# 153 pairs cannot tell a rate of one in ten thousand.
	expect 0 "$FACECTL" eval --from people
	says out "not measurable: only 153 pairs of different persons"
}

@test "what one looks for first stands at the top of the JSON, by false match rate" {
	local name pose
	for name in ada bruno chidi doris emeka fatma gunnar hasan; do
		mkdir -p "people/$name"
		for pose in 0 1 2 3; do
			draw "people/$name/$pose.jpg" "$name" "$pose"
		done
	done
	expect 0 "$FACECTL" --format json eval --from people --curve curve.csv
	python3 - out <<-'PY'
	import json, sys
	result = json.load(open(sys.argv[1]))
	assert result["pairs"] == 496 and -1 <= result["threshold"] <= 1
	assert 0.9 <= result["tar"]["1e-2"] <= 1 and abs(result["tar"]["1e-2"] + result["fnmr"]["1e-2"] - 1) < 1e-6
	assert list(result["fnmr"]) == ["1e-2", "1e-3", "1e-4", "1e-5", "1e-6"] and result["fnmr"]["1e-4"] is None
	point = result["points"][0]
	assert point["tar_low"] <= point["tar"] <= point["tar_high"] and point["fnmr_low"] <= point["fnmr"] <= point["fnmr_high"]
	assert result["points"][4]["why"] == "not enough pairs"
	assert result["identification"]["rank1_low"] <= result["identification"]["rank1"]
	import csv
	rows = {float(row["fmr"]): row for row in csv.DictReader(open("curve.csv"))}
	assert abs(float(rows[0.01]["fnmr_low"]) - point["fnmr_low"]) < 1e-5 and abs(float(rows[0.01]["fnmr_high"]) - point["fnmr_high"]) < 1e-5
	assert rows[0.1]["fnmr_low"] == rows[0.1]["fnmr_high"] == ""
	PY
	# both curves of a picture have their band
	expect 0 "$FACECTL" eval --from people --plot both.svg --overlay curve.csv
	[ "$(grep -c '<polygon class="band"' both.svg)" -eq 2 ]
	[ "$(grep '<polygon' both.svg | sort -u | wc -l)" -eq 1 ]
}

@test "a list of pairs is measured, with the folder of the list as its root" {
	people
	printf 'ada/0.jpg\tada/1.jpg\t1\nbruno/0.jpg\tbruno/2.jpg\t1\n# a comment\n\nada/0.jpg\tbruno/0.jpg\t0\nada/1.jpg\tbruno/2.jpg\t0\n' >people/pairs.tsv
	expect 0 "$FACECTL" --format ndjson eval --pairs people/pairs.tsv
	says out '"photos":4'
	says out '"genuine_pairs":2,"impostor_pairs":2'
	says out '"accuracy":1,'
}

@test "a list that is off is refused with its line" {
	people
	printf 'ada/0.jpg\tada/1.jpg\t1\nada/0.jpg\tada/1.jpg\tyes\n' >people/pairs.tsv
	expect 2 "$FACECTL" eval --pairs people/pairs.tsv
	says err "'people/pairs.tsv', line 2"
	expect 2 "$FACECTL" eval
	expect 4 "$FACECTL" eval --from nowhere
	printf '# no pair\n\n' >people/none.tsv
	expect 2 "$FACECTL" eval --pairs people/none.tsv
	says err "'people/none.tsv' contains no pairs"
	expect 2 "$FACECTL" eval --from people/ada
	says err "'people/ada' has no photos in folders of persons, as in PERSON/photo.jpg"
}

@test "the picture and the table of the trade-off are written" {
	people
	expect 0 "$FACECTL" eval --from people --plot det.svg --curve det.csv
	says det.svg '<polyline class="curve"'
	says det.svg ' pairs of one person, '
	says det.svg 'threshold in use 0.'
	says det.svg '<ellipse class="ring"'
	python3 -c 'import sys, xml.dom.minidom; xml.dom.minidom.parse("det.svg")'
	expect 2 "$FACECTL" eval --from people --plot det.png
	says err "must end in .svg"
	[ "$(head -1 det.csv)" = fmr,fnmr,threshold,fnmr_low,fnmr_high ]
	[ "$(wc -l <det.csv)" -ge 4 ]
}

@test "the curve of another evaluation is drawn in the same picture" {
	people
	expect 0 "$FACECTL" eval --from people --curve one.tsv
	expect 0 "$FACECTL" eval --from people --curve two.csv --plot both.svg --overlay one.tsv
	[ "$(grep -c '<polyline class="curve"' both.svg)" -eq 2 ]
	says both.svg '>facectl-embed-2</text>'
	says both.svg '>one.tsv</text>'
	[ "$(grep '<polyline' both.svg | sort -u | wc -l)" -eq 1 ]
	# rows of groups and rates that were not measured are no points of the curve
	printf 'fmr,fnmr,threshold,group\n0.1,0.5,0.3,\n0.01,,0.4,\n0.1,0.2,0.3,old\n' >groups.csv
	expect 0 "$FACECTL" eval --from people --plot both.svg --overlay groups.csv
	[ "$(grep -c '<circle' both.svg)" -eq "$(wc -l <two.csv)" ]
	printf 'fmr,fnmr,threshold,fnmr_low,fnmr_high\n0.1,0.02,0.3,0.01,0.04\n0.05,0.03,0.3,,\n0.01,0.05,0.4,0.02,0.1\n' >bands.csv
	expect 0 "$FACECTL" eval --from people --plot both.svg --overlay bands.csv
	[ "$(grep '<polygon class="band"' both.svg | tr ' ' '\n' | grep -c ,)" -eq 4 ]
	printf 'fmr,fnmr,threshold,fnmr_low,fnmr_high\n0.1,0.02,0.3,0.01,\n' >wrong.csv
	expect 2 "$FACECTL" eval --from people --plot both.svg --overlay wrong.csv
	says err "'wrong.csv', line 2"
	expect 2 "$FACECTL" eval --from people --overlay one.tsv
	says err '--overlay needs --plot'
	expect 2 "$FACECTL" eval --from people --plot both.svg --overlay both.svg
	says err 'must end in .csv or .tsv'
	expect 4 "$FACECTL" eval --from people --plot both.svg --overlay people.csv
	printf 'a,b\n' >wrong.csv
	expect 2 "$FACECTL" eval --from people --plot both.svg --overlay wrong.csv
	says err 'its first line must begin with fmr, fnmr and threshold'
	printf 'fmr,fnmr,threshold\n0.1,x,0.3\n' >wrong.csv
	expect 2 "$FACECTL" eval --from people --plot both.svg --overlay wrong.csv
	says err "'wrong.csv', line 2"
	printf 'fmr,fnmr,threshold\n' >wrong.csv
	expect 2 "$FACECTL" eval --from people --plot both.svg --overlay wrong.csv
	says err 'contains no points'
}

@test "thresholds go into the descriptor and are used from there" {
	people
	mkdir -p models
	"$FACECTL" --format ndjson models show facectl-embed-2 >shown
	box=$(dirname "$(sed 's/.*"descriptor":"\([^"]*\)".*/\1/' shown)")
	cp "$box/facectl-embed-2.json" "$box/facectl-embed-2.onnx" models/
	expect 0 "$FACECTL" --model-path models eval --from people --calibrate
	says err "thresholds stored in 'models/facectl-embed-2.json'"
	says err "6 persons have 2 photos, but 20 are needed to measure thresholds for so many photos; those for 1 are used"
	[ "$(grep -c '"means"' models/facectl-embed-2.json)" -eq 1 ]
	says models/facectl-embed-2.json '"impostor_pairs":	153'
	says models/facectl-embed-2.json '"sha256"'
	says models/facectl-embed-2.json '"name":	"people"'
	"$FACECTL" --model-path models --format ndjson models show facectl-embed-2 >out
	says out 'people (153 impostor pairs, '
	# closely cropped faces and children have a set too, which is not used
	expect 0 "$FACECTL" --model-path models eval --from people --calibrate --set cut --cropped
	says err "as the set 'cut'"
	says err "they are not used"
	expect 0 "$FACECTL" --model-path models eval --from people --calibrate --set young --children
	expect 0 "$FACECTL" --model-path models models show facectl-embed-2
	says out 'not used: closely cropped'
	says out 'not used: shows children'
	[ "$(grep -c '"source":.*--from people' models/facectl-embed-2.json)" -eq 3 ]
	expect 0 "$FACECTL" --model-path models eval --from people --calibrate --set cut
	[ "$(grep -c '"source":.*--from people' models/facectl-embed-2.json)" -eq 3 ]
	expect 2 "$FACECTL" eval --from people --set cut
	says err "need --calibrate"
	expect 0 "$FACECTL" --model-path models --format ndjson verify --fmr 0.1 people/ada/0.jpg people/ada/1.jpg
	says out '"threshold_basis":"fmr 0.1"'
}

@test "means of several photos are compared with other persons" {
	people
	expect 0 "$FACECTL" eval --from people
	grep -Eq '^ +2 +6 +96 +- +0\.[0-9]+ ' out
	expect 0 "$FACECTL" --format json eval --from people
	python3 - <<-'END'
		import json
		means = json.load(open("out"))["means"]
		assert [mean["photos"] for mean in means] == [1, 2, 3, 5]
		assert means[1]["threshold"] > means[0]["threshold"]
		assert "factor" not in means[1] and means[0]["factor"] == 1
	END
}

@test "thresholds of a space are its own, until they are forgotten" {
	people
	expect 2 "$FACECTL" eval --pairs people/pairs.tsv --calibrate --space a
	expect 5 "$FACECTL" eval --from people --calibrate --space a
	expect 0 "$FACECTL" set --space a --person-id 1 people/ada/0.jpg
	expect 0 "$FACECTL" set --space b --person-id 1 people/ada/0.jpg
	expect 1 "$FACECTL" eval --from people --calibrate --space nowhere
	says err "no space 'nowhere'"
	empty out
	expect 0 "$FACECTL" --format ndjson recognize --no-entry --space a --fmr 0.05 people/ada/1.jpg
	cp out model
	lacks model 'as measured for the space'
	expect 0 "$FACECTL" eval --from people --calibrate --space a
	says err "thresholds stored for space 'a'"
	expect 0 "$FACECTL" gallery check
	expect 0 "$FACECTL" --format ndjson recognize --no-entry --space a --fmr 0.05 people/ada/1.jpg
	says out '"threshold_basis":"fmr 0.05, as measured for the space"'
	# beyond what few photos show, the embedder's curve is used, and no line through two points
	expect 0 "$FACECTL" --format ndjson recognize --no-entry --space a --fmr 1e-7 people/ada/1.jpg
	says out '"threshold_basis":"fmr 1e-07, beyond what was measured for the space"'
	sed 's/.*"threshold":\([0-9.]*\).*/\1/' out | awk '{ exit !($1 > 0.3 && $1 < 0.7) }'
	expect 0 "$FACECTL" --format ndjson recognize --no-entry --space a --fmr 0.05 people/ada/1.jpg
	# it is the threshold of the measurement, not the model's
	local measured
	measured=$("$FACECTL" --format tsv eval --from people | awk '$1 == "0.05" { printf "%.4f", $3 }')
	says out "\"threshold\":${measured%0}"
	# other spaces and given thresholds are not touched
	expect 0 "$FACECTL" --format ndjson recognize --no-entry --space b --fmr 0.05 people/ada/1.jpg
	lacks out 'as measured for the space'
	expect 0 "$FACECTL" --format ndjson recognize --no-entry --space a --threshold 0.5 people/ada/1.jpg
	says out '"threshold_basis":"given"'
	expect 0 "$FACECTL" spaces update a --unset calibration
	expect 0 "$FACECTL" --format ndjson recognize --no-entry --space a --fmr 0.05 people/ada/1.jpg
	cmp out model
	# another embedder, other similarities
	expect 0 "$FACECTL" eval --from people --calibrate --space a
	expect 0 "$FACECTL" spaces delete a --yes
	expect 0 "$FACECTL" gallery check
}

# crowd/N.jpg: seven people who are not in people/
crowd() {
	local name
	mkdir -p crowd/more
	for name in gunnar 101 102 103 104 105 106; do
		draw "crowd/$name.jpg" "$name" || return 1
	done
	mv crowd/103.jpg crowd/more/
}

@test "photos of other people are impostors of everybody" {
	people
	crowd
	expect 0 "$FACECTL" --format json eval --from people --impostors crowd
	says out '"photos": 26'
	says out '"persons": 7'
	says out '"strangers": 7'
	says out '"genuine_pairs": 18'
	says out "\"impostor_pairs\": $((26 * 25 / 2 - 18))"
	says out '"non_mated_probes": 8'
	# alone they give thresholds
	expect 0 "$FACECTL" --format json eval --impostors crowd --impostors people
	says out '"genuine_pairs": 0'
	says out "\"impostor_pairs\": $((26 * 25 / 2))"
	lacks out '"accuracy"'
	lacks out '"identification"'
	expect 0 "$FACECTL" eval --impostors crowd --impostors people
	says out "not measured"
	lacks out "groups at"
	# with a list of pairs they are compared with each other only
	printf 'ada/0.jpg\tada/1.jpg\t1\nada/0.jpg\tbruno/0.jpg\t0\n' >people/pairs.tsv
	expect 0 "$FACECTL" --format json eval --pairs people/pairs.tsv --impostors crowd
	says out '"impostor_pairs": 22'
	# links to photos are photos, as in folders of persons
	mkdir linked
	ln -s "$PWD"/crowd/*.jpg linked/
	expect 0 "$FACECTL" --format json eval --impostors linked
	says out '"strangers": 6'
	mkdir none
	expect 2 "$FACECTL" eval --from people --impostors none
	says err "'none' has no photos"
	expect 4 "$FACECTL" eval --impostors nowhere
	expect 2 "$FACECTL" eval --from people --pairs people/pairs.tsv
	expect 2 "$FACECTL" eval --pairs people/pairs.tsv --enrol 2
}

@test "rates by group come from the manifest's column group" {
	local name pose group
	people
	mkdir people/gunnar
	printf 'path,name,group\n' >list.csv
	for name in ada bruno chidi doris emeka fatma gunnar hasan; do
		case $name in [a-d]*) group='first, "A"' ;; *) group=second ;; esac
		for pose in 0 1 2 3; do
			draw "people/$name/$pose.jpg" "$name" "$pose"
			printf '%s,%s,"%s"\n' "people/$name/$pose.jpg" "$name" "${group//\"/\"\"}" >>list.csv
		done
	done
	sed -i '$s/"second"$//' list.csv
	expect 0 "$FACECTL" --format json eval --manifest list.csv --curve curve.csv
	python3 - out <<-'PY'
	import json, sys
	result = json.load(open(sys.argv[1]))
	assert result["photos"] == 32 and result["persons"] == 8 and result["ungrouped"] == 1
	assert [group["group"] for group in result["groups"]] == ['first, "A"', "second"]
	assert [group["genuine_pairs"] for group in result["groups"]] == [24, 21]
	assert [group["impostor_pairs"] for group in result["groups"]] == [96, 84]
	for group in result["groups"]:
	    assert len(group["points"]) == 1 and group["points"][0]["overall_fmr"] == 0.01
	    assert all(point["fmr_low"] <= point["fmr"] <= point["fmr_high"] for point in group["points"])
	    assert all(point["fnmr_low"] < point["fnmr_high"] for point in group["points"])
	PY
	[ "$(head -1 curve.csv)" = fmr,fnmr,threshold,fnmr_low,fnmr_high,group ]
	says curve.csv ',"first, ""A"""'
	expect 0 "$FACECTL" eval --manifest list.csv
	says out "1 photo without a group"
	printf 'path\npeople/ada/0.jpg\n' >list.tsv
	expect 2 "$FACECTL" eval --manifest list.tsv
	says err "'people/ada/0.jpg' has no person"
	printf 'path\tperson_id\npeople/ada/0.jpg\tx\n' >list.tsv
	expect 2 "$FACECTL" eval --manifest list.tsv
	says err "'list.tsv', line 2"
	expect 4 "$FACECTL" eval --manifest nowhere.csv
}

@test "several photos of each person can be enrolled" {
	people
	expect 0 "$FACECTL" --format json eval --from people --enrol 2
	says out '"gallery": 6'
	says out '"enrolled_photos": 2'
	says out '"mated_probes": 6'
	says out '"non_mated_probes": 1'
	expect 2 "$FACECTL" eval --from people --enrol 3
	says err "no person has more than 3 photos with a face"
}

@test "few impostor pairs are no calibration" {
	people
	rm -r people/[d-h]*
	cp people/ada/0.jpg people/
	expect 2 "$FACECTL" eval --from people --calibrate
	says err "minimum: 100 pairs of 7 persons"
	says err "no person's folder: 1 in 'people'"
}

@test "a photo that cannot be read is counted, and the rest measured" {
	people
	echo "not a photo" >people/ada/9.jpg
	expect 3 "$FACECTL" --format ndjson eval --from people
	says out '"failed":1'
	says err "people/ada/9.jpg"
	rm people/*/[0-8].jpg
	expect 4 "$FACECTL" eval --from people
	says err "none of the photos could be analysed"
	empty out
	draw people/ada/0.jpg ada
	expect 4 "$FACECTL" eval --from people
	says err "too few photos could be analysed: 1 of 2 failed"
	empty out
}

@test "the models' table has nothing to measure without the photos" {
	expect 0 "$BATS_TEST_DIRNAME/../../scripts/measure-models" --shared nowhere
	says out 'skipped: no photos and models in nowhere'
}
