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
	expect 0 "$FACECTL" --format json eval --from people
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
	PY
}

@test "a list of pairs is measured, with the folder of the list as its root" {
	people
	printf 'ada/0.jpg\tada/1.jpg\t1\nbruno/0.jpg\tbruno/2.jpg\t1\n# a comment\n\nada/0.jpg\tbruno/0.jpg\t0\n' >people/pairs.tsv
	expect 0 "$FACECTL" --format ndjson eval --pairs people/pairs.tsv
	says out '"photos":4'
	says out '"genuine_pairs":2,"impostor_pairs":1'
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
	[ "$(head -1 det.csv)" = fmr,fnmr,threshold ]
	[ "$(wc -l <det.csv)" -ge 4 ]
}

@test "thresholds go into the descriptor and are used from there" {
	people
	mkdir -p models
	"$FACECTL" --format ndjson models show facectl-embed-2 >shown
	box=$(dirname "$(sed 's/.*"descriptor":"\([^"]*\)".*/\1/' shown)")
	cp "$box/facectl-embed-2.json" "$box/facectl-embed-2.onnx" models/
	expect 0 "$FACECTL" --model-path models eval --from people --calibrate
	says err "thresholds stored in 'models/facectl-embed-2.json'"
	says models/facectl-embed-2.json '"impostor_pairs":	153'
	says models/facectl-embed-2.json '"sha256"'
	expect 0 "$FACECTL" --model-path models --format ndjson verify --fmr 0.1 people/ada/0.jpg people/ada/1.jpg
	says out '"threshold_basis":"fmr 0.1"'
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
}

@test "the models' table has nothing to measure without the photos" {
	expect 0 "$BATS_TEST_DIRNAME/../../scripts/measure-models" --shared nowhere
	says out 'skipped: no photos and models in nowhere'
}
