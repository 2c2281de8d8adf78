#!/usr/bin/env bats
# A face without a person: who was nearest, and why it was not named.

load helper


enrol() {
	draw ada.jpg ada
	draw bruno.jpg bruno
	"$DRAW_FACES" --group group.jpg ada bruno
	expect 0 "$FACECTL" set --space people --person-id 1 --name Ada ada.jpg
}

@test "an unknown face has the nearest person, the similarity, the threshold and the reason in all formats" {
	enrol
	expect 0 "$FACECTL" recognize --space people --threshold 0.5 --format ndjson bruno.jpg
	python3 - <<'EOT'
import json
record = json.loads(open("out").read())
assert record["result"] == "unknown" and record["why_unknown"] == "below_threshold", record
assert record["nearest"] == "person1" and record["nearest_person_id"] == 1 and record["nearest_name"] == "Ada", record
assert len(record["nearest_pid"]) == 36 and "pid" not in record and "name" not in record, record
assert 0 < record["similarity"] < record["threshold"] == 0.5, record
EOT
	expect 0 "$FACECTL" recognize --space people --threshold 0.5 --format tsv bruno.jpg
	python3 - <<'EOT'
import csv
row = next(csv.DictReader(open("out"), delimiter="\t"))
assert (row["nearest"], row["nearest_name"], row["why_unknown"]) == ("person1", "Ada", "below_threshold"), row
EOT
	expect 0 "$FACECTL" recognize --space people --threshold 0.5 --format json bruno.jpg
	python3 - <<'EOT'
import json
person = json.load(open("out"))["body"]["objects"][0]["persons"][0]
assert person["tag"] == "undefined" and person["why_unknown"] == "below_threshold", person
assert person["nearest"]["tag"] == "person1" and person["nearest"]["similarity"] < person["nearest"]["threshold"] == 0.5, person
EOT
	expect 0 "$FACECTL" recognize --space people --threshold 0.5 bruno.jpg
	says out below_threshold
}

@test "a face whose person was given to another face says so, and an empty space has nobody" {
	enrol
	expect 0 "$FACECTL" recognize --space people --threshold 0.1 --format ndjson group.jpg
	python3 - <<'EOT'
import json
known, unknown = sorted((json.loads(line) for line in open("out")), key=lambda face: face["result"])
assert known["result"] == "known" and "why_unknown" not in known and "nearest" not in known, known
assert unknown["why_unknown"] == "person_taken" and unknown["nearest_name"] == "Ada", unknown
assert unknown["similarity"] > unknown["threshold"], unknown
EOT
	expect 0 "$FACECTL" recognize --space empty --format ndjson bruno.jpg
	says out '"why_unknown":"no_persons"'
	lacks out '"nearest'
	# a face that becomes a new person keeps the reason
	expect 0 "$FACECTL" recognize --space people --threshold 0.5 --create-new --format ndjson bruno.jpg
	says out '"result":"created","person":"person2"'
	says out '"nearest":"person1"'
}

@test "profiles search without a match names the nearest profile" {
	enrol
	expect 0 "$FACECTL" profiles search --space people --format ndjson bruno.jpg
	python3 - <<'EOT'
import json
record = json.loads(open("out").read())
assert record["result"] == "nm" and "pid" not in record and record["why_unknown"] == "below_threshold", record
assert record["nearest_name"] == "Ada" and record["similarity"] < record["threshold"], record
EOT
	expect 0 "$FACECTL" profiles search --space people --format ndjson ada.jpg
	lacks out nearest
	expect 0 "$FACECTL" extract ada.jpg
	mv out ada.ndjson
	expect 0 "$FACECTL" extract bruno.jpg
	mv out bruno.ndjson
	expect 0 "$FACECTL" profiles search --space people --format ndjson --template bruno.ndjson
	says out '"nearest_name":"Ada"'
	expect 0 "$FACECTL" profiles search --space nobody --format ndjson bruno.jpg
	says out '"why_unknown":"no_persons"'
}

@test "photos that are recognised together get the answers that each gets alone" {
	enrol
	draw chidi.jpg chidi
	draw ada_again.jpg ada 2
	photos=(bruno.jpg ada_again.jpg group.jpg chidi.jpg ada.jpg)
	for photo in "${photos[@]}"; do
		"$FACECTL" --format tsv recognize --no-entry --space people --threshold 0.5 "$photo" | tail -n +2
	done >alone
	expect 0 "$FACECTL" --format tsv recognize --space people --threshold 0.5 "${photos[@]}"
	tail -n +2 out | cut -f1,2,4-17 >together
	cut -f1,2,4-17 alone >expected
	diff expected together
	# A person that an earlier photo created is known in a later one.
	draw doris.jpg doris
	draw doris_again.jpg doris 2
	expect 0 "$FACECTL" --format ndjson recognize --space people --threshold 0.5 --create-new doris.jpg chidi.jpg doris_again.jpg bruno.jpg
	[ "$(grep -c '"result":"created"' out)" = 3 ]
	[ "$(grep doris out | grep -o '"person_id":[0-9]*' | sort -u | wc -l)" = 1 ]
}
