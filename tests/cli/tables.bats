#!/usr/bin/env bats
# Tables of text fit the terminal; --fields, --no-header and --null choose what is written.

load helper

enrol() {
	draw ada.jpg ada
	draw bruno.jpg bruno
	"$DRAW_FACES" --group group.jpg ada bruno
	expect 0 "$FACECTL" set --space people --person-id 1 --name "${1-Ada}" ada.jpg
}

# fits COLUMNS FILE: no line is wider; the width is that of the terminal, counted by Python.
fits() {
	python3 - "$1" "$2" <<-'END'
		import sys, unicodedata
		def width(text):
		    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)
		for line in open(sys.argv[2], encoding="utf-8").read().split("\n"):
		    assert width(line) <= int(sys.argv[1]), (width(line), line)
	END
}

@test "tables fit 80 columns, and more columns appear on a wider terminal, with --verbose and without a terminal" {
	enrol
	mkdir -p a/long/folder/of/photos/with/a/long/name
	cp group.jpg a/long/folder/of/photos/with/a/long/name/group-photo-of-everybody.jpg
	expect 0 "$FACECTL" origins create door --space people
	for command in "recognize --space people --from a" "profiles search --space people --top 2 ada.jpg bruno.jpg" "detect --from a" \
		"set --dry-run --space people --person-id 1 bruno.jpg" "entries list" "profiles list" "origins list" "spaces list" \
		"models list" "services list"; do
		# shellcheck disable=SC2086
		COLUMNS=80 expect 0 "$FACECTL" $command
		fits 80 out
	done
	COLUMNS=80 expect 0 "$FACECTL" recognize --space people group.jpg
	lacks out BOX
	says out SIMILARITY
	COLUMNS=300 expect 0 "$FACECTL" recognize --space people group.jpg
	says out BOX
	lacks out THRESHOLD
	expect 0 env -u COLUMNS "$FACECTL" recognize --space people group.jpg
	says out BOX
	COLUMNS=80 expect 0 "$FACECTL" --verbose recognize --space people group.jpg
	says out BOX
	says out THRESHOLD
}

@test "the width is that of the terminal, and the end of a long path is kept" {
	enrol
	mkdir -p a/long/folder/of/photos/with/a/long/name
	cp group.jpg a/long/folder/of/photos/with/a/long/name/group-photo.jpg
	status=0
	env -u COLUMNS "$BATS_TEST_DIRNAME/terminal.py" 70 "" "$FACECTL" --color never recognize --space people --from a >out || status=$?
	[ "$status" -eq 0 ]
	tr -d '\r' <out | grep -v '^facectl:' >table
	fits 70 table
	grep -q 'group-photo.jpg  known' table
}

@test "wide and combining characters take their columns" {
	enrol $'\xe5\xb1\xb1\xe7\x94\xb0\xe5\xa4\xaa\xe9\x83\x8e'
	expect 0 "$FACECTL" set --space people --person-id 2 --name $'Rene\xcc\x81' bruno.jpg
	expect 0 "$FACECTL" recognize --space people ada.jpg bruno.jpg
	python3 - <<'END'
import unicodedata
def width(text):
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)
lines = open("out", encoding="utf-8").read().splitlines()
column = lines[0].index("SIMILARITY")
for line in lines[1:]:
    cells = 0
    for index, character in enumerate(line):
        if cells >= column:
            break
        cells += width(character)
    while unicodedata.combining(line[index]):
        index += 1
    assert cells == column and line[index - 1] == " " and line[index] in "01", (column, line)
END
}

@test "columns keep their widths while rows are written" {
	enrol
	draw x.jpg ada 2
	cp x.jpg a-much-longer-name-than-the-first.jpg
	printf 'x.jpg\na-much-longer-name-than-the-first.jpg\nx.jpg\n' >list
	expect 0 "$FACECTL" recognize --space people --files-from list
	[ "$(awk '{ print index($0, " known ") }' out | sed 1d | sort -u | wc -l)" -eq 1 ]
	expect 0 "$FACECTL" recognize --space people ada.jpg bruno.jpg group.jpg
	column=$(sed -n 1p out | grep -bo BOX | cut -d: -f1)
	[ "$(sed 1d out | cut -c "$column" | sort -u)" = " " ]
	[ "$(sed 1d out | cut -c "$((column + 1))" | grep -c '[0-9]')" -eq 4 ]
}

@test "the threshold and its origin are shown once" {
	enrol
	expect 0 "$FACECTL" recognize --space people ada.jpg bruno.jpg group.jpg
	lacks out THRESHOLD
	[ "$(grep -c '^facectl: threshold 0[.][0-9]*: f' err)" -eq 1 ]
	expect 0 "$FACECTL" --format ndjson recognize --space people ada.jpg
	empty err
	says out '"threshold_basis":"f'
}

@test "--fields selects and orders the fields in text, ndjson and tsv" {
	enrol
	expect 0 "$FACECTL" --format tsv recognize --space people --fields name,path,similarity ada.jpg
	[ "$(head -1 out)" = "$(printf 'name\tpath\tsimilarity')" ]
	[ "$(sed -n 2p out)" = "$(printf 'Ada\tada.jpg\t1')" ]
	expect 0 "$FACECTL" --format tsv --no-header recognize --space people --fields name,path ada.jpg
	[ "$(cat out)" = "$(printf 'Ada\tada.jpg')" ]
	expect 0 "$FACECTL" --format ndjson recognize --space people --fields name,path ada.jpg
	[ "$(cat out)" = '{"name":"Ada","path":"ada.jpg"}' ]
	expect 0 "$FACECTL" recognize --space people --fields landmarks,name ada.jpg
	[[ "$(head -1 out)" =~ ^LANDMARKS\ +NAME$ ]]
	expect 0 "$FACECTL" recognize --no-header --space people --fields name ada.jpg
	[ "$(cat out)" = Ada ]
	expect 0 "$FACECTL" --format tsv --fields all recognize --space people ada.jpg
	says out 'type	schema	photo'
	expect 0 "$FACECTL" recognize --fields all --space people ada.jpg
	says out smile
	expect 0 "$FACECTL" profiles show people/1 --fields name,faces
	[ "$(cat out)" = $'NAME   Ada\nFACES  1' ]
	expect 0 "$FACECTL" spaces list --fields space --no-header
	[ "$(cat out)" = people ]
}

@test "--null ends each row with a NUL byte and escapes nothing" {
	enrol
	cp ada.jpg $'tab\there.jpg'
	expect 0 "$FACECTL" --format tsv detect --fields path -0 $'tab\there.jpg' ada.jpg
	printf 'tab\there.jpg\0ada.jpg\0' | cmp - out
	mv out paths
	expect 0 "$FACECTL" detect --files0-from paths
	expect 2 "$FACECTL" --format tsv detect -0 ada.jpg
	says err "--null needs --format tsv and --fields with one field"
	expect 2 "$FACECTL" --format tsv detect -0 --fields path,face ada.jpg
	expect 2 "$FACECTL" detect --null --fields path ada.jpg
}

@test "a field that does not exist is an error before anything is done" {
	draw ada.jpg ada
	expect 2 "$FACECTL" --fields nmae set --space people --person-id 1 ada.jpg
	says err "--fields: there is no field 'nmae'; did you mean 'name'?"
	[ ! -e "$HOME/.local/share/facectl/gallery" ]
	expect 2 "$FACECTL" --fields zzzzzzz spaces list
	says err "the fields are space, persons, faces, entries, created"
	expect 2 "$FACECTL" --format json --fields path detect ada.jpg
	says err "--fields is for text, NDJSON and TSV"
	expect 2 "$FACECTL" extract --no-header ada.jpg
	says err "'extract' has no choice of fields"
	expect 2 "$FACECTL" --format tsv detect --with template --fields template ada.jpg
	says err "there is no field 'template'"
}
