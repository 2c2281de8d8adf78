# Another embedder for a gallery: from crops, from photos, or not at all.

load helper

# Three people: Ada with a crop kept, Bruno and Chidi with their photos alone.
setup_people() {
	export FACECTL_MODEL_PATH=described
	other_model other
	draw ada.jpg ada
	draw bruno.jpg bruno
	draw chidi.jpg chidi
	expect 0 "$FACECTL" set --keep-crops --space a --person-id 1 --name Ada ada.jpg
	expect 0 "$FACECTL" set --space a --person-id 2 --name Bruno bruno.jpg
	expect 0 "$FACECTL" set --space b --person-id 7 --name Chidi chidi.jpg
}

# What must stay: everything but templates.
people() {
	"$FACECTL" --format ndjson profiles list --space "$1"
	"$FACECTL" --format ndjson entries list --space "$1"
}

pinned() {
	"$FACECTL" --format ndjson gallery stats | grep -oE '"model":"[^"]*"'
}

# The pid of the one person in a space.
pid_in() {
	"$FACECTL" --format ndjson profiles list --space "$1" | grep -oE '"pid":"[^"]*"' | cut -d '"' -f 4
}

@test "a gallery gets another embedder and keeps everything else" {
	setup_people
	people a >before
	people b >>before
	expect 0 "$FACECTL" --format ndjson gallery reembed --embedder other --dry-run
	says out '"result":"dry_run"'
	says out '"from_crops":1,"from_photos":2,"without":0'
	[ "$(pinned)" = '"model":"facectl-embed-2"' ]
	rm ada.jpg
	expect 0 "$FACECTL" --format ndjson gallery reembed --embedder other
	says out '"result":"reembedded"'
	says out '"from":"facectl-embed-2","to":"other","faces":3,"from_crops":1,"from_photos":2,"without":0'
	[ "$(pinned)" = '"model":"other"' ]
	people a >after
	people b >>after
	cmp before after
	expect 0 "$FACECTL" gallery check
	draw ada.jpg ada
	expect 0 "$FACECTL" --format ndjson recognize --space a --threshold 0.9999 ada.jpg bruno.jpg
	says out '"name":"Ada"'
	says out '"name":"Bruno"'
	expect 0 "$FACECTL" --format ndjson recognize --space b --threshold 0.9999 chidi.jpg
	says out '"name":"Chidi"'
	expect 5 "$FACECTL" --embedder facectl-embed-2 recognize --space a --threshold 0.5 ada.jpg
	says err 'reembed --embedder facectl-embed-2'
	# and back: nothing was lost
	expect 0 "$FACECTL" gallery reembed --embedder facectl-embed-2
	expect 0 "$FACECTL" --format ndjson recognize --space a ada.jpg
	says out '"name":"Ada"'
}

@test "a face that nothing is left of is listed, and the gallery stays as it is" {
	setup_people
	mv chidi.jpg elsewhere.jpg
	draw bruno.jpg doris
	cp -r "$HOME/.local/share/facectl/gallery" before
	expect 5 "$FACECTL" --format ndjson gallery reembed --embedder other
	says out '"result":"without","space":"a"'
	says out '"person_id":2,"name":"Bruno","path":"bruno.jpg"'
	says out '"person_id":7,"name":"Chidi","path":"chidi.jpg"'
	says out '"result":"refused"'
	says out '"from_crops":1,"from_photos":0,"without":2'
	says err 'nothing was changed'
	cmp before/data.mdb "$HOME/.local/share/facectl/gallery/data.mdb"
	# put back, it goes
	mv elsewhere.jpg chidi.jpg
	draw bruno.jpg bruno
	expect 0 "$FACECTL" gallery reembed --embedder other
}

@test "a face that is set aside is kept, not found, and comes back with its photo" {
	setup_people
	mv chidi.jpg elsewhere.jpg
	expect 0 "$FACECTL" --format ndjson profiles show "$(pid_in b)"
	cp out before
	expect 3 "$FACECTL" --format ndjson gallery reembed --embedder other --set-aside
	says out '"result":"set_aside","space":"b"'
	says out '"result":"reembedded"'
	says out '"without":1'
	says err 'until their photos are enrolled again'
	expect 0 "$FACECTL" gallery check
	expect 0 "$FACECTL" gallery reindex
	expect 0 "$FACECTL" --format ndjson profiles show "$(pid_in b)"
	cmp before out
	expect 0 "$FACECTL" --format ndjson recognize --space b --threshold -1 elsewhere.jpg
	says out '"result":"unknown"'
	# given again, under any name: the same person
	expect 0 "$FACECTL" --format ndjson set --space b --person-id 7 elsewhere.jpg
	says out '"result":"enrolled"'
	says out '"name":"Chidi"'
	expect 0 "$FACECTL" --format ndjson recognize --space b --threshold 0.9999 elsewhere.jpg
	says out '"name":"Chidi"'
	expect 0 "$FACECTL" --format ndjson profiles list --space b
	says out '"faces":1'
	expect 0 "$FACECTL" gallery check
}

@test "reinit does not compare with a face that was set aside" {
	setup_people
	python3 -c 'import json; p = "described/other.json"; d = json.load(open(p)); d["calibration"] = {"source": "a test",
		"impostor_pairs": 1000000, "genuine_pairs": 1000, "points": [[1e-2, 0.35], [1e-3, 0.45], [1e-4, 0.55], [1e-5, 0.65]]}; json.dump(d, open(p, "w"))'
	mv chidi.jpg elsewhere.jpg
	expect 3 "$FACECTL" gallery reembed --embedder other --set-aside
	chidi=$(pid_in b)
	expect 4 "$FACECTL" profiles reinit "$chidi" elsewhere.jpg
	says err "no face of profile $chidi has a template to compare with"
	lacks err 'similarity 0.0000'
	expect 0 "$FACECTL" profiles reinit --force "$chidi" elsewhere.jpg
	expect 0 "$FACECTL" profiles reinit "$chidi" elsewhere.jpg
	expect 0 "$FACECTL" gallery check
}

@test "crops that extract took along are kept, and stand for the photos" {
	setup_people
	expect 0 "$FACECTL" extract --space a --person-id 1 ada.jpg
	lacks out '"crop"'
	expect 0 "$FACECTL" extract --keep-crops --space a --person-id 1 ada.jpg
	cp out records
	expect 0 "$FACECTL" gallery export --with crops --space a
	[ "$(grep -o '"crop":"[^"]*"' records)" = "$(grep -o '"crop":"[^"]*"' out)" ]
	rm ada.jpg
	expect 0 "$FACECTL" --gallery other gallery import records
	expect 0 "$FACECTL" --gallery other --format ndjson gallery reembed --embedder other
	says out '"faces":1,"from_crops":1,"from_photos":0,"without":0'
}

# outcomes: what came of each photo, and whether it was looked at.
outcomes() {
	"$FACECTL" --format ndjson set --space tree --from tree 2>err |
		grep -oE '"(path|result|examined)":[^,}]*' | sed 's/^[^:]*://' | paste -sd ' '
}

@test "what was enrolled is remembered across embedders, what was rejected is looked at again" {
	export FACECTL_MODEL_PATH=described
	other_model other
	mkdir -p tree/ada tree/bruno
	draw tree/ada/1.jpg ada
	cp tree/ada/1.jpg tree/ada/2.jpg
	draw tree/bruno/1.jpg bruno
	"$DRAW_FACES" --noise 200x200 tree/bruno/2.jpg
	settle
	outcomes >first
	expect 0 "$FACECTL" gallery reembed --embedder other
	expect 0 "$FACECTL" gallery check
	expect 1 "$FACECTL" status --space tree --from tree
	grep -Eq '^new +- +1$' out
	grep -Eq '^unchanged +- +3$' out
	[ "$(outcomes)" = '"tree/ada/1.jpg" "unchanged" false "tree/ada/2.jpg" "unchanged" false "tree/bruno/1.jpg" "unchanged" false "tree/bruno/2.jpg" "rejected" true' ]
	# Moved and changed files are known too.
	mv tree/ada/2.jpg tree/ada/moved.jpg
	draw tree/bruno/1.jpg bruno 3
	settle
	[ "$(outcomes)" = '"tree/ada/1.jpg" "unchanged" false "tree/ada/moved.jpg" "unchanged" false "tree/bruno/1.jpg" "replaced" true "tree/bruno/2.jpg" "skipped" false' ]
	expect 0 "$FACECTL" gallery reembed --embedder facectl-embed-2
	expect 0 "$FACECTL" gallery check
	expect 1 "$FACECTL" status --space tree --from tree
	grep -Eq '^unchanged +- +3$' out
}

@test "a photo whose face was set aside is looked at again" {
	export FACECTL_MODEL_PATH=described
	other_model other
	mkdir -p tree/ada tree/bruno
	draw tree/ada/1.jpg ada
	draw tree/bruno/1.jpg bruno
	settle
	outcomes >first
	mv tree/ada/1.jpg elsewhere.jpg
	expect 3 "$FACECTL" gallery reembed --embedder other --set-aside
	mv elsewhere.jpg tree/ada/1.jpg
	settle
	[ "$(outcomes)" = '"tree/ada/1.jpg" "enrolled" true "tree/bruno/1.jpg" "unchanged" false' ]
	expect 0 "$FACECTL" gallery check
}

@test "crops are kept when the configuration says so" {
	export FACECTL_MODEL_PATH=described
	other_model other
	draw ada.jpg ada
	mkdir -p "$HOME/.config/facectl"
	printf '[core]\n\tkeep-crops = yes\n' >"$HOME/.config/facectl/facectl.conf"
	expect 0 "$FACECTL" set --space a --person-id 1 ada.jpg
	rm ada.jpg
	expect 0 "$FACECTL" --format ndjson gallery reembed --embedder other
	says out '"from_crops":1,"from_photos":0,"without":0'
}

@test "a second run gives templates to faces whose photos are back" {
	setup_people
	mv chidi.jpg elsewhere.jpg
	expect 3 "$FACECTL" gallery reembed --embedder other --set-aside
	mv elsewhere.jpg chidi.jpg
	expect 0 "$FACECTL" --format ndjson gallery reembed --embedder other
	says out '"faces":1,"from_crops":0,"from_photos":1,"without":0'
	expect 0 "$FACECTL" --format ndjson recognize --space b --threshold 0.9999 chidi.jpg
	says out '"name":"Chidi"'
	expect 0 "$FACECTL" --format ndjson gallery reembed --embedder other
	says out '"result":"unchanged"'
}

@test "the mirror image is part of what a gallery is made with" {
	setup_people
	expect 0 "$FACECTL" gallery reembed --embedder other
	other_model mirrored true
	expect 5 "$FACECTL" --embedder mirrored recognize --space a --threshold 0.9 ada.jpg
	expect 0 "$FACECTL" --format ndjson gallery reembed --embedder mirrored
	says out '"faces":3'
	expect 0 "$FACECTL" --format ndjson recognize --space a --threshold 0.9999 ada.jpg
	says out '"name":"Ada"'
}

@test "a gallery of an embedder that is not installed any more is refused, and can be reembedded" {
	export FACECTL_MODEL_PATH=described
	other_model facectl-embed
	draw ada.jpg ada
	expect 0 "$FACECTL" --embedder facectl-embed set --space a --person-id 1 --name Ada ada.jpg
	[ "$(pinned)" = '"model":"facectl-embed"' ]
	expect 5 "$FACECTL" --embedder facectl-embed-2 recognize --space a ada.jpg
	says err 'gallery reembed --embedder facectl-embed-2'
	rm described/facectl-embed.json
	expect 5 "$FACECTL" recognize --space a ada.jpg
	says err "was created with embedder 'facectl-embed', which is not installed"
	says err 'gallery reembed --embedder facectl-embed-2'
	expect 5 "$FACECTL" set --space a --person-id 1 ada.jpg
	expect 0 "$FACECTL" gallery reembed --embedder facectl-embed-2
	expect 0 "$FACECTL" --format ndjson recognize --space a ada.jpg
	says out '"name":"Ada"'
}

@test "templates of an older preprocessing are refused until they are made again" {
	export FACECTL_MODEL_PATH=described
	other_model other
	draw ada.jpg ada
	expect 0 "$FACECTL" --embedder other set --space a --person-id 1 ada.jpg
	sed -i 's/"preprocessing": 1/"preprocessing": 2/' described/other.json
	expect 5 "$FACECTL" recognize --space a --threshold 0.9 ada.jpg
	says err "version 1 of the preprocessing of 'other', not 2"
	says err "gallery reembed --embedder other"
	expect 0 "$FACECTL" gallery reembed --embedder other
	expect 0 "$FACECTL" --format ndjson recognize --space a --threshold 0.9 ada.jpg
	says out '"result":"known"'
}

@test "without a gallery, a face, or the model" {
	other_model other
	expect 2 "$FACECTL" gallery reembed
	expect 5 "$FACECTL" --model-path described gallery reembed --embedder other
	expect 6 "$FACECTL" gallery reembed --embedder nobody
	expect 2 "$FACECTL" gallery reembed --embedder facectl-detect
}

@test "killed anywhere, the gallery is the old one or the new one" {
	setup_people
	local embedder round
	for round in 1 2 3 4 5 6 7 8; do
		other_model "model$round" "$([ $((round % 2)) -eq 0 ] && echo true || echo false)"
		"$FACECTL" --jobs 1 gallery reembed --embedder "model$round" >/dev/null 2>&1 &
		sleep "0.$((round * 7 % 10))$round"
		kill -KILL $! 2>/dev/null || true
		wait $! || true
		expect 0 "$FACECTL" gallery check
		# whatever embedder it has, its templates are of that one
		expect 0 "$FACECTL" --format ndjson recognize --no-entry --space a --threshold 0.9999 ada.jpg
		says out '"name":"Ada"'
	done
}

@test "a worker that fails costs no template" {
	setup_people
	command -v strace >/dev/null || skip "no strace"
	# Each worker cannot send its second message: its first answer. LeakSanitizer does not work under strace.
	ASAN_OPTIONS=detect_leaks=0 expect 75 strace -f --seccomp-bpf -qq -o trace -e trace=sendmsg -e inject=sendmsg:error=ENOMEM:when=2 \
		"$FACECTL" --format ndjson gallery reembed --embedder other --set-aside
	says err "the gallery is unchanged"
	lacks out '"set_aside"'
	[ "$(pinned)" = '"model":"facectl-embed-2"' ]
}
