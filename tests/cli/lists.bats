#!/usr/bin/env bats
# Lists are complete or say what they leave out; dry runs and failures are called by the same words in rows and summaries.

load helper

@test "a list that is cut says how much it shows, and --all shows all" {
	expect 0 "$WRITE_LOG" gallery 199 25
	expect 0 "$FACECTL" --gallery gallery entries list
	says err "20 of 199 shown; --all lists all"
	[ "$(wc -l <out)" -eq 21 ]
	expect 0 "$FACECTL" --gallery gallery entries list --limit 3
	says err "3 of 199 shown"
	expect 0 "$FACECTL" --gallery gallery entries list --all
	empty err
	[ "$(wc -l <out)" -eq 200 ]
	expect 0 "$FACECTL" --gallery gallery entries list --limit 199
	empty err
	expect 0 "$FACECTL" --gallery gallery profiles list
	says err "20 of 25 shown"
	expect 0 "$FACECTL" --gallery gallery -q profiles list
	empty err
	expect 2 "$FACECTL" --gallery gallery profiles list --all --limit 3
	says err "give either --limit or --all"
}

@test "ndjson and tsv lists are complete unless --limit is given; json has the document's page" {
	expect 0 "$WRITE_LOG" gallery 199 25
	expect 0 "$FACECTL" --gallery gallery --format ndjson entries list
	[ "$(wc -l <out)" -eq 199 ]
	expect 0 "$FACECTL" --gallery gallery --format tsv entries list
	[ "$(wc -l <out)" -eq 200 ]
	expect 0 "$FACECTL" --gallery gallery --format ndjson entries list --limit 7
	[ "$(wc -l <out)" -eq 7 ]
	expect 0 "$FACECTL" --gallery gallery --format ndjson profiles list
	[ "$(wc -l <out)" -eq 25 ]
	empty err
	expect 0 "$FACECTL" --gallery gallery --format json profiles list
	python3 -c 'import json; page = json.load(open("out")); assert len(page["results"]) == 20 and page["count"] == 25 and page["next"], page'
	expect 0 "$FACECTL" --gallery gallery --format json profiles list --all
	python3 -c 'import json; page = json.load(open("out")); assert len(page["results"]) == 25 and page["next"] is None, page'
}

@test "--top lists further profiles in text" {
	draw ada.jpg ada
	draw bruno.jpg bruno
	draw emeka.jpg emeka
	for name in ada bruno emeka; do
		expect 0 "$FACECTL" profiles create --space s --name $name $name.jpg
	done
	expect 0 "$FACECTL" profiles search --space s ada.jpg
	[ "$(wc -l <out)" -eq 2 ]
	expect 0 "$FACECTL" profiles search --space s --top 3 ada.jpg
	[ "$(wc -l <out)" -eq 4 ]
	for name in ada bruno emeka; do says out $name; done
	[ "$(sed -n 2p out | grep -c exact)" -eq 1 ]
	expect 0 "$FACECTL" profiles search --space s --top 2 ada.jpg
	[ "$(wc -l <out)" -eq 3 ]
}

@test "the summary of a dry run says what would be done" {
	mkdir people
	draw people/ada.jpg ada
	draw people/bruno.jpg bruno
	expect 0 "$FACECTL" set --space s --person-id 1 --from people --dry-run
	says err "2 photos: 2 would enrol"
	says out "would enrol"
	expect 0 "$FACECTL" --format ndjson set --space s --person-id 1 --from people --dry-run
	says err "2 photos: 2 would enrol"
	says out '"result":"enrolled"'
	expect 0 "$FACECTL" recognize --space s --from people --create-new --dry-run
	says err "2 photos: 2 would create"
	expect 0 "$FACECTL" profiles create --space s --from people --layout none --dry-run
	says err "2 photos: 2 would create"
}

@test "a row and the summary call a failure by the same word" {
	draw ada.jpg ada
	echo 'no image' >text.jpg
	expect 0 "$FACECTL" set --space s --person-id 1 ada.jpg
	for command in "recognize --space s" "profiles search --space s" detect; do
		# shellcheck disable=SC2086
		expect 3 "$FACECTL" $command ada.jpg text.jpg missing.jpg
		grep -q '^text.jpg  *rejected' out
		grep -q '^missing.jpg  *failed' out
		says err "1 rejected, 1 failed (1 bad_image, 1 unreadable)"
	done
}

@test "deleting one present and one absent thing is status 3 in every delete command" {
	draw ada.jpg ada
	draw bruno.jpg bruno
	expect 0 "$FACECTL" set --space s --person-id 1 ada.jpg
	expect 0 "$FACECTL" set --space s --person-id 2 bruno.jpg
	expect 0 "$FACECTL" set --space other --person-id 2 bruno.jpg
	expect 0 "$FACECTL" origins create door --space s
	mkdir -p "$HOME/.local/share/facectl/models"
	cp "$(dirname "$FACECTL")/share/models/facectl-attributes.onnx" "$HOME/.local/share/facectl/models/"
	expect 3 "$FACECTL" delete --space s --person-id 1 --person-id 9
	expect 3 "$FACECTL" profiles delete s/2 s/9
	expect 3 "$FACECTL" entries delete 1 999
	expect 3 "$FACECTL" origins delete door nosuch
	expect 3 "$FACECTL" spaces delete --yes other nosuch
	expect 3 "$FACECTL" models delete nosuch facectl-attributes
	says err "nosuch"
	for command in "delete --space s --person-id 8 --person-id 9" "profiles delete s/8 s/9" "entries delete 998 999" \
		"origins delete nosuch none" "spaces delete --yes nosuch none"; do
		# shellcheck disable=SC2086
		expect 1 "$FACECTL" $command
	done
}

@test "gallery import of only bad records is status 4, and of some 3" {
	draw ada.jpg ada
	expect 0 "$FACECTL" extract --space s --person-id 1 ada.jpg
	cp out good
	printf 'no record\n' >bad
	expect 4 "$FACECTL" gallery import bad
	expect 3 "$FACECTL" gallery import - < <(cat good bad)
	expect 0 "$FACECTL" gallery import good
}
