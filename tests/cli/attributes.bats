# Age, sex and mood by the built-in model: in the documents' answers, in the log, on real photos.

load helper
load calibrated

shared=$BATS_TEST_DIRNAME/../../../shared

json() {
	"$FACECTL" --format json "$@"
}

@test "the person of the Smarty document has sex, emotion and age; valence and arousal are not estimated" {
	draw ada.jpg ada
	expect 0 json set --space 1 --person-id 1 ada.jpg
	expect 0 json recognize --space 1 --threshold 0.4 ada.jpg
	is 'd["body"]["objects"][0]["persons"][0]["sex"] in ("male", "female")' True
	is 'd["body"]["objects"][0]["persons"][0]["emotion"]' Happiness
	age=$(value 'd["body"]["objects"][0]["persons"][0]["age"]')
	is '[k for k in ("valence", "arousal") if k in d["body"]["objects"][0]["persons"][0]]' '[]'
	# the examples of somebody who is created, and of somebody who is not found
	expect 0 json recognize --space 2 --create-new ada.jpg
	is 'd["body"]["objects"][0]["persons"][0]["tag"]' person1
	is 'd["body"]["objects"][0]["persons"][0]["emotion"]' Happiness
	expect 0 json recognize --space 3 ada.jpg
	is 'd["body"]["objects"][0]["persons"][0]["tag"]' undefined
	is 'd["body"]["objects"][0]["persons"][0]["emotion"]' Happiness
	is 'd["body"]["objects"][0]["persons"][0]["age"]' "$age"
	# the age of the document is that of the record, with its fraction
	expect 0 "$FACECTL" --format ndjson recognize --space 3 ada.jpg
	is 'd["age"]' "$age"
	expect 0 json --attribute-model none recognize --space 1 --threshold 0.4 ada.jpg
	is '[k for k in ("sex", "emotion", "age") if k in d["body"]["objects"][0]["persons"][0]]' '[]'
}

@test "NeuroIO and SERP answer age, sex and mood only with identify_asm" {
	draw ada.jpg ada
	draw bruno.jpg bruno
	calibrate
	log_all
	expect 0 json profiles create --space a --identify-asm ada.jpg
	is 'd["result"], d["mood"], type(d["age"]).__name__, d["sex"] in (0, 1)' "('new', 'happiness', 'int', True)"
	expect 0 json profiles search --space a --identify-asm ada.jpg
	is 'd["result"], d["mood"]' "('exact', 'happiness')"
	expect 0 json profiles search --space a ada.jpg
	is 'd["result"], d["age"], d["sex"], d["mood"]' "('exact', None, None, None)"
	expect 0 json --dialect serp profiles create --space b --identify-asm ada.jpg
	is 'd["mood"], type(d["age"]).__name__' "('happy', 'int')"
	expect 0 json --dialect serp profiles create --space b bruno.jpg
	is 'd.get("mood"), d.get("age")' '(None, None)'
	# the records and the log have them in any case
	expect 0 "$FACECTL" --format ndjson profiles search --space a ada.jpg
	says out '"mood":"happiness"'
	expect 0 json entries list --space a --mood happiness
	is 'd["count"]' 4
}

@test "occlusion: what covers forehead, eyes or mouth, only on request" {
	local part
	"$DRAW_FACES" bruno.ppm bruno
	"$DRAW_FACES" bruno.png bruno
	expect 0 "$FACECTL" --format ndjson detect bruno.png
	lacks out occlu
	expect 0 "$FACECTL" --format ndjson detect --attributes occlusion bruno.png
	is 'd["forehead_occluded"], d["eye_occluded"], d["mouth_occluded"]' '(False, False, False)'
	is 'sorted(d["occlusion"]), max(d["occlusion"].values()) < 0.5' "(['eyes', 'forehead', 'mouth'], True)"
	cp out record
	for part in forehead eyes mouth; do
		"$BATS_TEST_DIRNAME/cover.py" bruno.ppm record "$part.png" "$part"
		expect 0 "$FACECTL" --format ndjson detect --attributes occlusion "$part.png"
		is '[k for k in ("forehead", "eyes", "mouth") if d["occlusion"][k] >= 0.5]' "['$part']"
	done
	expect 0 "$FACECTL" --format tsv --fields forehead_occluded,eye_occluded,mouth_occluded detect --attributes occlusion eyes.png
	[ "$(sed -n 2p out)" = $'no\tyes\tno' ]
	expect 0 "$FACECTL" detect --attributes age,occlusion mouth.png
	says out 'MOUTH OCCLUDED'
	# too small to judge
	"$DRAW_FACES" --place 640x480:0.04 small.jpg bruno
	expect 0 "$FACECTL" --format ndjson detect --attributes age,occlusion small.jpg
	says out '"age":'
	lacks out occlu
}

@test "entries stats counts ages, sexes and moods" {
	draw ada.jpg ada
	draw gunnar.jpg gunnar
	expect 0 "$FACECTL" origins create door --space a
	expect 0 "$FACECTL" recognize --origin door ada.jpg gunnar.jpg
	expect 0 "$FACECTL" --attribute-model none recognize --origin door ada.jpg
	expect 0 "$FACECTL" --format ndjson entries stats --origin door
	python3 - <<-'PY'
	import json
	stats = json.load(open("out"))
	assert (stats["total"], stats["ages"]) == (3, 2), stats
	assert stats["age_least"] <= stats["age_mean"] <= stats["age_most"]
	assert stats["sex_male"] + stats["sex_female"] == 2
	assert (stats["mood_happiness"], stats["mood_neutral"], stats["mood_fear"]) == (1, 1, 0), stats
	PY
	expect 0 "$FACECTL" entries stats --origin door
	says out HAPPINESS
	expect 0 "$FACECTL" origins create gate --space a
	expect 0 "$FACECTL" --attribute-model none recognize --origin gate ada.jpg
	expect 0 "$FACECTL" --format ndjson entries stats --origin gate
	lacks out ages
	lacks out mood
}

@test "faces that look like children's are reported when they are enrolled" {
	# a made-up model that takes every face for a child
	mkdir -p described
	python3 "$BATS_TEST_DIRNAME/../tools/make_network.py" described/ages.onnx attributes
	cat >described/ages.json <<-JSON
	{ "name": "ages", "role": "attributes", "file": "ages.onnx", "bytes": $(stat -c %s described/ages.onnx),
	  "sha256": "$(sha256sum described/ages.onnx | cut -d ' ' -f 1)", "licence": "made up", "source": "a test", "preprocessing": 2,
	  "input": { "width": 64, "height": 64, "order": "RGB", "scale": 1, "mean": [0, 0, 0], "deviation": [255, 255, 255] },
	  "outputs": [ { "attribute": "age", "output": "person", "index": 2, "offset": 4 } ] }
	JSON
	draw ada.jpg ada
	draw fatma.jpg fatma
	export FACECTL_MODEL_PATH=described FACECTL_ATTRIBUTE_MODEL=ages
	expect 0 "$FACECTL" --format ndjson set --space a --person-id 1 ada.jpg
	says out '"child":true'
	says err '1 enrolled face is, by the estimated age, of children under 14'
	expect 0 "$FACECTL" --format ndjson recognize --space a --threshold 0.9 ada.jpg
	lacks err children
	expect 0 "$FACECTL" recognize --space a --create-new fatma.jpg
	says err 'children under 14'
	expect 0 "$FACECTL" profiles create --space b ada.jpg
	says err 'children under 14'
	expect 0 "$FACECTL" --attribute-model facectl-attributes --format ndjson set --space a --person-id 1 ada.jpg
	lacks out child
	lacks err children
}

@test "entries are found by age, sex and mood of real faces" {
	[ -d "$shared/faces/expressions" ] || skip "no photos beside the project"
	expect 0 "$FACECTL" recognize --create-new --space a "$shared"/faces/expressions/*.jpg
	# found FILTER...: the names of the photos
	found() {
		"$FACECTL" --format ndjson entries list --space a "$@" >rows || return 1
		python3 -c 'import json, os; print(" ".join(sorted(os.path.basename(json.loads(r)["path"])[:-4] for r in open("rows"))))'
	}
	for mood in happiness:happy neutral:neutral surprise:surprised anger:angry sadness:sad fear:fearful; do
		[ "$(found --mood "${mood%:*}")" = "${mood#*:}" ]
	done
	[ "$(found --mood happiness,surprise)" = "happy surprised" ]
	[ "$(found --sex female)" = "happy neutral surprised" ]
	[ "$(found --sex male)" = "angry disgusted fearful sad" ]
	[ "$(found --age-from 45)" = "angry disgusted fearful" ]
	[ "$(found --age-to 44 --sex male)" = sad ]
}
