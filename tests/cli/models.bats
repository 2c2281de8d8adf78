# Models from outside: pulled from a folder, chosen, removed, and asked whether a face is alive.

load helper

shared=$BATS_TEST_DIRNAME/../../../shared

# describe NAME FILE: a descriptor along --model-path ./described for a network of these bytes.
describe() {
	mkdir -p described
	cat >"described/$1.json" <<JSON
{ "name": "$1", "role": "detector", "file": "$1.onnx", "bytes": $(stat -c %s "$2"),
  "sha256": "$(sha256sum "$2" | cut -d ' ' -f 1)", "licence": "made up", "source": "a test", "urls": [], "preprocessing": 1,
  "input": { "width": 0, "height": 0, "order": "BGR", "scale": 1, "mean": [0, 0, 0], "deviation": [1, 1, 1] },
  "score_threshold": 0.6, "nms_iou": 0.3 }
JSON
}

facectl_models() {
	"$FACECTL" --model-path described models "$@"
}

@test "a model is pulled from a folder, verified, chosen and removed" {
	mkdir stick
	echo network >stick/small.onnx
	describe small stick/small.onnx
	expect 6 facectl_models use small
	says err 'models pull small'
	expect 0 facectl_models pull small --from stick
	says err 'made up'
	says out pulled
	cmp stick/small.onnx "$HOME/.local/share/facectl/models/small.onnx"
	expect 0 facectl_models pull small --from stick
	says out present
	expect 0 facectl_models check small
	says out verified
	expect 0 facectl_models use small
	says "$HOME/.config/facectl/facectl.conf" 'detector = small'
	expect 0 facectl_models delete small
	[ ! -e "$HOME/.local/share/facectl/models/small.onnx" ]
	expect 1 facectl_models delete small
}

@test "other bytes are not kept, and both hashes are told" {
	mkdir stick
	echo network >stick/small.onnx
	describe small stick/small.onnx
	echo nettwork | head -c 8 >stick/small.onnx
	expect 6 facectl_models pull small --from stick
	says err "$(sha256sum stick/small.onnx | cut -d ' ' -f 1)"
	says err "$(grep -oE '[0-9a-f]{64}' described/small.json)"
	[ -z "$(ls "$HOME/.local/share/facectl/models")" ]
}

@test "a pull replaces no file of another model" {
	mkdir stick
	echo network >stick/small.onnx
	describe small stick/small.onnx
	expect 0 facectl_models pull small --from stick
	echo other-network >stick/small.onnx
	describe other stick/small.onnx
	sed -i 's/other\.onnx/small.onnx/' described/other.json
	expect 6 facectl_models pull other --from stick
	says err "the file 'small.onnx' of model 'other' belongs to model 'small'"
	[ "$(cat "$HOME/.local/share/facectl/models/small.onnx")" = network ]
}

@test "nothing is downloaded in silence, and nothing without an address" {
	echo network >small.onnx
	describe small small.onnx
	expect 6 facectl_models pull small
	says err '--from'
	expect 6 "$FACECTL" models pull nobody
	expect 2 "$FACECTL" models pull yunet --from file:///etc
	expect 2 "$FACECTL" models pull yunet --from http://example.org
}

# describe_attributes FILE [MEMBER...]: descriptor ./described/moods.json for make_network.py's network, with more members.
describe_attributes() {
	mkdir -p described
	cat >described/moods.json <<JSON
{ "name": "moods", "role": "attributes", "file": "moods.onnx", "bytes": $(stat -c %s "$1"),
  "sha256": "$(sha256sum "$1" | cut -d ' ' -f 1)", "licence": "made up", "source": "a test", "preprocessing": 1, ${2:-}
  "input": { "width": 64, "height": 64, "order": "RGB", "scale": 1, "mean": [0, 0, 0], "deviation": [255, 255, 255] },
  "outputs": [
    { "attribute": "age", "output": "person", "index": 2, "scale": 10, "offset": 20 },
    { "attribute": "sex", "output": "person", "index": 0, "labels": ["male", "female"] },
    { "attribute": "emotion", "output": "mood", "index": 0,
      "labels": ["neutral", "anger", "contempt", "disgust", "fear", "happiness", "sadness", "surprise"] },
    { "attribute": "valence", "output": "mood", "index": 8, "scale": 2, "offset": 0.25 },
    { "attribute": "arousal", "output": "mood", "index": 9 } ] }
JSON
}

# What the network of make_network.py makes of any face, with the descriptor above.
says_attributes() {
	says "$1" '"sex":"female"'
	says "$1" '"mood":"happiness"'
	says "$1" '"valence":0.75'
	says "$1" '"arousal":-1'
	grep -qE '"age":(2[0-9]|30)' "$1"
}

@test "an attributes model's answers show in every record, and are absent without one" {
	python3 "$BATS_TEST_DIRNAME/../tools/make_network.py" moods.onnx attributes
	describe_attributes moods.onnx
	cp moods.onnx described/
	draw ada.jpg ada
	expect 0 "$FACECTL" --attribute-model none --format ndjson detect ada.jpg
	lacks out '"age"'
	lacks out '"mood"'
	export FACECTL_MODEL_PATH=described
	expect 0 facectl_models use moods
	says "$HOME/.config/facectl/facectl.conf" 'attribute-model = moods'
	expect 0 "$FACECTL" --format ndjson detect ada.jpg
	says_attributes out
	expect 0 "$FACECTL" detect ada.jpg
	says out MOOD
	log_all
	expect 0 "$FACECTL" --format ndjson set --space a --person-id 1 ada.jpg
	says_attributes out
	expect 0 "$FACECTL" --format ndjson recognize --space a ada.jpg
	says_attributes out
	expect 0 "$FACECTL" --format json recognize --space a ada.jpg
	says out '"emotion": "Happiness"'
	says out '"sex": "female"'
	expect 0 "$FACECTL" --format ndjson profiles search --space a ada.jpg
	says_attributes out
	expect 0 "$FACECTL" --format json profiles search --space a ada.jpg
	says out '"mood": null'
	says out '"sex": null'
	expect 0 "$FACECTL" --format json profiles search --identify-asm --space a ada.jpg
	says out '"mood": "happiness"'
	says out '"sex": 1'
	expect 0 "$FACECTL" --format ndjson entries list --space a --mood happiness --sex female --age-from 20
	[ "$(wc -l <out)" -eq 6 ]
	says out '"age":2'
}

# A model with one word: described/sexes.json, with these members of its output.
describe_sexes() {
	cat >described/sexes.json <<JSON
{ "name": "sexes", "role": "attributes", "file": "moods.onnx", "bytes": $(stat -c %s moods.onnx),
  "sha256": "$(sha256sum moods.onnx | cut -d ' ' -f 1)", "licence": "made up", "source": "a test", "preprocessing": 1, "mirror": true,
  "input": { "width": 64, "height": 64, "order": "RGB", "scale": 1, "mean": [0, 0, 0], "deviation": [255, 255, 255] },
  "outputs": [
    { "attribute": "age", "output": "person", "index": 2, "scale": 10, "offset": 20 },
    { "attribute": "glasses", "output": "shares", "index": 0 },
    { "attribute": "sex", "output": "shares", "index": 0, "labels": ["male", "female"], $1 } ] }
JSON
}

@test "a descriptor withholds a word below a probability, or outside of a range of ages" {
	mkdir -p described
	python3 "$BATS_TEST_DIRNAME/../tools/make_network.py" moods.onnx attributes
	cp moods.onnx described/
	draw ada.jpg ada
	export FACECTL_MODEL_PATH=described FACECTL_ATTRIBUTE_MODEL=sexes
	describe_sexes '"probabilities": true'
	expect 0 "$FACECTL" --format ndjson detect ada.jpg
	says out '"sex":"female"'
	says out '"sex_probability":0.625'
	says out '"glasses":0.25'
	describe_sexes '"probabilities": true, "least_probability": 0.7'
	expect 0 "$FACECTL" --format ndjson detect ada.jpg
	lacks out '"sex'
	says out '"age":2'
	describe_sexes '"probabilities": true, "ages": [40, 120]'
	expect 0 "$FACECTL" --format ndjson detect ada.jpg
	lacks out '"sex'
	# values that are not probabilities have none
	describe_sexes '"probabilities": false'
	expect 0 "$FACECTL" --format ndjson detect ada.jpg
	says out '"sex":"female"'
	lacks out sex_probability
	sed -i 's/"output": "shares", "index": 0, "labels"/"output": "person", "index": 0, "labels"/; s/false }/true }/' described/sexes.json
	expect 6 "$FACECTL" detect ada.jpg
	says err 'a value for sex that is not a probability'
}

@test "--attributes chooses what is shown and stored" {
	draw ada.jpg ada
	expect 0 "$FACECTL" --format ndjson detect ada.jpg
	for field in age sex sex_probability mood emotion_probability smile glasses; do
		says out "\"$field\":"
	done
	# the built-in model does not estimate these
	lacks out '"valence"'
	lacks out '"arousal"'
	lacks out '"emotions"'
	expect 0 "$FACECTL" --format ndjson detect --attributes all ada.jpg
	python3 - <<-'PY'
	import json
	face = json.load(open("out"))
	words = {"neutral", "anger", "contempt", "disgust", "fear", "happiness", "sadness", "surprise"}
	assert set(face["emotions"]) == words, face["emotions"]
	assert abs(sum(face["emotions"].values()) - 1) < 0.01
	assert face["emotion_probability"] == face["emotions"][face["mood"]] == max(face["emotions"].values())
	PY
	expect 0 "$FACECTL" --format ndjson detect --attributes age,glasses ada.jpg
	says out '"age":'
	says out '"glasses":'
	lacks out '"sex"'
	lacks out '"mood"'
	expect 0 "$FACECTL" --format tsv detect --attributes smile ada.jpg
	head -1 out | grep -q smile
	expect 0 "$FACECTL" --format ndjson set --space a --person-id 1 --attributes age ada.jpg
	expect 0 "$FACECTL" --format ndjson recognize --space a --attributes none ada.jpg
	lacks out '"age"'
	expect 0 "$FACECTL" --format ndjson entries list --space a
	[ "$(grep -c '"age":' out)" -eq 1 ]
	lacks out '"sex"'
	expect 2 "$FACECTL" detect --attributes none,age ada.jpg
	expect 2 "$FACECTL" detect --attributes shoesize ada.jpg
	says err '--attributes takes age, sex, mood'
	expect 2 "$FACECTL" --attribute-model none detect --attributes age ada.jpg
	says err 'models.attribute-model is none'
	expect 6 "$FACECTL" detect --attributes valence ada.jpg
	says err "the attribute model 'facectl-attributes' does not estimate valence"
	expect 2 "$FACECTL" --attribute-model none profiles search --identify-asm --space a ada.jpg
	says err '--identify-asm needs'
}

@test "an attributes model sees the aligned crop, or the box grown" {
	python3 "$BATS_TEST_DIRNAME/../tools/make_network.py" moods.onnx attributes
	describe_attributes moods.onnx
	cp moods.onnx described/
	draw ada.jpg ada
	expect 0 "$FACECTL" --model-path described --attribute-model moods --format tsv detect ada.jpg
	cp out crop
	describe_attributes moods.onnx '"grow": 4,'
	expect 0 "$FACECTL" --model-path described --attribute-model moods --format tsv detect ada.jpg
	# another part of the photo, another mean
	if cmp -s crop out; then
		return 1
	fi
}

@test "an attributes model that is asked for and not there, or not as described, is exit 6" {
	python3 "$BATS_TEST_DIRNAME/../tools/make_network.py" moods.onnx attributes
	describe_attributes moods.onnx
	draw ada.jpg ada
	expect 6 "$FACECTL" --model-path described --attribute-model moods detect ada.jpg
	says err 'the attributes model is missing'
	expect 6 "$FACECTL" --attribute-model nobody detect ada.jpg
	cp moods.onnx described/
	# commands without attributes do not mind
	expect 0 "$FACECTL" --attribute-model nobody verify ada.jpg ada.jpg
	sed -i 's/"index": 9/"index": 10/' described/moods.json
	expect 6 "$FACECTL" --model-path described --attribute-model moods detect ada.jpg
	says err 'arousal should be at 10'
	sed -i 's/"output": "mood", "index": 10/"output": "nothing", "index": 0/' described/moods.json
	expect 6 "$FACECTL" --model-path described --attribute-model moods detect ada.jpg
}

@test "use changes one line of the configuration" {
	mkdir -p "$HOME/.config/facectl"
	cat >"$HOME/.config/facectl/facectl.conf" <<'CONF'
# mine
[core]
	quiet = no
[models]
	embedder = facectl-embed-2 ; kept
	detector = yunet
CONF
	expect 0 "$FACECTL" models use facectl-detect
	says "$HOME/.config/facectl/facectl.conf" '# mine'
	says "$HOME/.config/facectl/facectl.conf" '	embedder = facectl-embed-2 ; kept'
	says "$HOME/.config/facectl/facectl.conf" '	detector = facectl-detect'
	lacks "$HOME/.config/facectl/facectl.conf" yunet
	[ "$(wc -l <"$HOME/.config/facectl/facectl.conf")" -eq 6 ]
}

@test "path tells the folders in their order" {
	mkdir described
	expect 0 "$FACECTL" --model-path described --format tsv models path
	[ "$(cut -f 1 out | sed -n 2p)" = described ] || [ "$(cut -f 3 out | sed -n 2p)" = described ]
	says out "$HOME/.local/share/facectl/models"
}

@test "sface's descriptor drives a network of its signature from the pull to the answer" {
	local file=face_recognition_sface_2021dec.onnx tests=$BATS_TEST_DIRNAME/..
	mkdir stick described
	python3 "$tests/tools/make_network.py" "stick/$file"
	sed -e "s/38696353/$(stat -c %s "stick/$file")/" -e "s/0ba9fbfa01b5[0-9a-f]*/$(sha256sum "stick/$file" | cut -d ' ' -f 1)/" \
		"$tests/../share/models/sface.json" >described/sface.json
	expect 0 facectl_models pull sface --from stick
	says err 'Apache-2.0'
	expect 0 facectl_models use sface
	draw ada.jpg ada
	export FACECTL_MODEL_PATH=described
	expect 0 "$FACECTL" set --space a --person-id 1 ada.jpg
	expect 0 "$FACECTL" --format ndjson recognize --space a --threshold 0.9999 ada.jpg
	says out '"result":"known"'
	expect 0 "$FACECTL" --format ndjson detect --with template ada.jpg
	says out '"dimension":128'
	says out '"model":"sface"'
	# the gallery's own embedder counts before the configuration's
	expect 0 facectl_models use facectl-embed-2
	expect 0 "$FACECTL" --format ndjson recognize --space a --threshold 0.9999 ada.jpg
	says out '"result":"known"'
	expect 5 "$FACECTL" --embedder facectl-embed-2 recognize --space a --threshold 0.9999 ada.jpg
	# other bytes under that name are never loaded
	echo >>"$HOME/.local/share/facectl/models/$file"
	expect 6 "$FACECTL" recognize --space a --threshold 0.9999 ada.jpg
}

@test "without a liveness model the request says so" {
	draw ada.jpg ada
	expect 6 "$FACECTL" detect --with liveness ada.jpg
	says err 'the liveness model is missing'
	expect 6 "$FACECTL" recognize --space a --with liveness ada.jpg
	says err 'the liveness model is missing'
}

@test "two fakes fail and a living face passes" {
	[ -f "$shared/models/minifasnet_v2_2.7_80x80.onnx" ] || skip "no photos and models beside the project"
	expect 0 "$FACECTL" --model-path "$shared/models" --format tsv detect --with liveness \
		"$shared"/faces/liveness/image_F1.jpg "$shared"/faces/liveness/image_F2.jpg "$shared"/faces/liveness/image_T1.jpg
	awk -F '\t' '
		NR == 1 { for (i = 1; i <= NF; i++) place[$i] = i; next }
		{ print $place["liveness"], $place["liveness_score"] }' out >found
	[ "$(cut -d ' ' -f 1 found | tr '\n' ' ')" = "failed failed passed " ]
	# the source has 0.23, 0.00 and 1.00, with the boxes of another detector
	awk 'BEGIN { split("0.17 0.01 1.00", wanted, " ") }
		{ if ($2 - wanted[NR] > 0.01 || wanted[NR] - $2 > 0.01) bad = 1 } END { exit bad }' found
}

@test "models show has a row for each set of thresholds" {
	expect 0 "$FACECTL" models show facectl-embed-2
	sets=$("$FACECTL" --format json models show facectl-embed-2 | python3 -c 'import json, sys; print(len(json.load(sys.stdin)["calibration_sets"]))')
	[ "$sets" -gt 1 ]
	[ "$(grep -c 'impostor pairs' out)" -eq "$sets" ]
}
