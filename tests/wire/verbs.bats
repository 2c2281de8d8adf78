#!/usr/bin/env bats
# The four verbs of a Smarty service, by the program: outputs, exit statuses, and what the service holds afterwards.

load wire

@test "set, recognize and delete give the same envelopes as here" {
	photo ada.png ada
	expect 0 vk --format json set --space 5 --person-id 1 file=ada.png
	[ "$(compact <out)" = '{"status":200,"body":{"objects":[{"status":0,"name":"file"}]},"htmlencoded":false,"last_modified":0}' ]
	empty err
	state 'state["spaces"]["5"]["persons"]' "{'1': ['ada']}"
	expect 0 vk --format json recognize --space 5 file=ada.png
	[ "$(compact <out)" = '{"status":200,"body":{"objects":[{"status":0,"name":"file","persons":[{"tag":"person1","coord":[194,76,258,167],"confidence":0.99917,"awesomeness":0.4894,"similarity":0.9721,"frontality":0.8921,"visibility":0.9985}]}],"aliases_changed":false},"htmlencoded":false,"last_modified":0}' ]
	expect 0 vk --format json delete --space 5 --person-id 1
	[ "$(compact <out)" = '{"status":200,"body":{"objects":[{"status":0,"name":"person1"}]},"htmlencoded":false,"last_modified":0}' ]
	state 'state["spaces"]["5"]["persons"]' "{}"
	expect 0 vk --format json truncate --space 5 --yes
	[ "$(compact <out)" = '{"status":200,"body":{},"htmlencoded":false,"last_modified":0}' ]
}

@test "records have the fields that the service tells and no others" {
	photo ada.png ada
	photo two.png "ada@194,76,258,167;bruno@300,76,358,167"
	expect 0 vk --format ndjson set --space 5 --person-id 7 ada.png
	python3 - <<-'END'
		import json
		record = json.load(open("out"))
		assert record["result"] == "enrolled" and record["person"] == "person7" and record["person_id"] == 7, record
		assert not {"pid", "name", "face", "face_id", "box"} & set(record), record
	END
	expect 0 vk --format ndjson recognize --space 5 two.png
	python3 - <<-'END'
		import json
		known, unknown = [json.loads(line) for line in open("out")]
		assert known["result"] == "known" and known["person_id"] == 7 and known["similarity"] == 0.9721, known
		assert known["threshold_basis"] == "the service's own" and "threshold" not in known and "pid" not in known, known
		assert unknown["result"] == "unknown" and "similarity" not in unknown, unknown
		assert not {"landmarks", "sharpness", "pan", "entry", "age"} & (set(known) | set(unknown)), known
	END
	expect 0 vk --format ndjson delete --space 5 --person-id 7
	[ "$(cat out)" = '{"type":"delete","schema":1,"person":"person7","person_id":7,"result":"deleted","dry_run":false}' ]
	expect 0 vk --format ndjson truncate --space 5 -y
	[ "$(cat out)" = '{"type":"truncate","schema":1,"space":"5","result":"truncated","dry_run":false}' ]
}

@test "both tags of the documents are the same person, and attributes are told" {
	photo ada.png ada
	control samples '["recognize-known.json"]'
	expect 0 vk --format ndjson recognize --space 5 file=ada.png
	python3 - <<-'END'
		import json
		record = json.load(open("out"))
		assert (record["sex"], record["mood"], record["age"]) == ("male", "Neutral", 34), record
		assert (record["valence"], record["arousal"]) == (-0.324, 0.185), record
		assert "awesomeness" in record and record["person_id"] == 1, record
	END
	control samples '["recognize-known.json"]'
	expect 0 vk --format json recognize --space 5 file=ada.png
	says out '"sex": "male"'
	says out '"arousal": 0.185'
	sed 's/person1/person_1/' "$BATS_TEST_DIRNAME/samples/recognize-known.json" >"$FAKE_FOLDER/underscored.json"
	control samples "[\"$FAKE_FOLDER/underscored.json\", \"$FAKE_FOLDER/underscored.json\"]"
	expect 0 vk --format json recognize --space 5 file=ada.png
	says out '"tag": "person_1"'
	expect 0 vk --format ndjson recognize --space 5 file=ada.png
	says out '"person_id":1,'
}

@test "what the service says of a photo is said in its words" {
	photo several.png "ada@194,76,258,167;bruno@300,76,358,167"
	expect 4 vk --format json set --space 5 --person-id 1 file=several.png
	says out '"error": "face set required only one face per image"'
	says err "several.png': service 'vk': face set required only one face per image"
	photo ada.png ada
	expect 3 vk --format json set --space 5 --person-id 1 ada.png several.png
}

@test "a manifest goes to the service too, and its wrong rows do not" {
	photo ada.png ada
	photo bruno.png bruno
	printf 'path,person_id\nada.png,1\n,2\nbruno.png,2\n' >list.csv
	expect 3 vk --format tsv set --space 5 --manifest list.csv
	says err "'list.csv', line 3: the path is missing"
	state 'state["spaces"]["5"]["persons"]' "{'1': ['ada'], '2': ['bruno']}"
	expect 0 vk --format ndjson recognize --space 5 --files-from - --unordered <<<$'ada.png\nbruno.png'
	[ "$(grep -c '"result":"known"' out)" -eq 2 ]
}
