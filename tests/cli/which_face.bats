# Which face of a photo is meant, when it shows several.

load helper

# column NAME: that column of the TSV in out.
column() {
	awk -F '\t' -v name="$1" 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == name) c = i; next } { print $c }' out
}

# portrait FILE PERSON BYSTANDER: one person in the middle, another one small at the side.
portrait() {
	"$DRAW_FACES" --portrait "$@"
}

facectl() {
	"$FACECTL" --gallery g --format tsv "$@"
}

@test "a folder takes the main face, an operand must have one face" {
	mkdir -p tree/anna tree/ben
	portrait tree/anna/a.jpg bruno fatma
	portrait tree/ben/b.jpg emeka hasan # here the detector is more sure of the bystander
	expect 4 facectl set --space s --person-id 1 tree/ben/b.jpg
	says err "2 faces found, exactly one is needed; choose one with --face, boxes: 492,140,561,228 206,69"
	expect 0 facectl set --space s --from tree
	[ "$(column face | paste -sd ,)" = 0,1 ]
	draw anna.jpg bruno 3
	draw ben.jpg emeka 3
	draw other.jpg hasan 3
	expect 0 facectl recognize --space s -t 0.6 anna.jpg ben.jpg other.jpg
	[ "$(column name | paste -sd ,)" = anna,ben, ]
}

@test "people who compete are refused with both boxes, and --face decides" {
	mkdir -p tree/anna
	"$DRAW_FACES" --group tree/anna/a.jpg 1 2
	expect 4 facectl set --space s --from tree
	[ "$(column reason)" = several_faces ]
	says err "2 faces found, and no main face: the box "
	run_split facectl detect tree/anna/a.jpg
	boxes=$(column box)
	for box in $boxes; do
		run_split facectl set --space s --from tree --no-ledger
		says err "$box"
	done
	expect 0 facectl set --space s --from tree --face index=1
	[ "$(column box)" = "$(tail -1 <<<"$boxes")" ]
	expect 0 facectl set --space t --from tree --face "box=$(head -1 <<<"$boxes")"
	[ "$(column face)" = 0 ]
	expect 0 facectl set --space u --from tree --face central
	expect 0 facectl set --space v --person-id 1 --face largest tree/anna/a.jpg
	expect 4 facectl set --space v --person-id 2 --face index=2 tree/anna/a.jpg
	says err "no face at the given index; the boxes of its faces: "
	expect 2 facectl set --space v --person-id 2 --face biggest tree/anna/a.jpg
	says err "invalid choice of a face 'biggest'"
}

@test "another choice tries refused photos again, the same one does not" {
	mkdir -p tree/anna
	"$DRAW_FACES" --group tree/anna/a.jpg 1 2
	settle
	expect 4 facectl set --space s --from tree
	expect 0 facectl set --space s --from tree
	[ "$(column result)" = skipped ]
	expect 0 facectl status --space s --from tree
	expect 1 facectl status --space s --from tree --face largest
	expect 0 facectl set --space s --from tree --face largest
	[ "$(column result)" = enrolled ]
	first=$(column box)
	expect 0 facectl set --space s --from tree --face largest
	[ "$(column examined)" = no ]
	# a face that another rule chooses replaces the first one; a refusal leaves it
	expect 0 facectl set --space s --from tree --face central
	[ "$(column box)" = "$first" ] || [ "$(column result)" = replaced ]
	expect 4 facectl set --space s --from tree --face main
	expect 0 facectl spaces list
	[ "$(column faces)" = 1 ]
}

@test "a manifest names the face of each row, several of one file" {
	"$DRAW_FACES" --group both.jpg 1 2
	run_split facectl detect both.jpg
	second=$(column box | tail -1)
	{
		printf 'path\tname\tface\n'
		printf 'both.jpg\tanna\tindex=0\n'
		printf 'both.jpg\tben\tbox=%s\n' "$second"
	} >list.tsv
	settle
	expect 0 facectl set --space s --manifest list.tsv
	[ "$(column result | paste -sd ,)" = enrolled,enrolled ]
	expect 0 facectl set --space s --manifest list.tsv
	[ "$(column examined | paste -sd ,)" = no,no ]
	printf 'path\tname\tface\nboth.jpg\tcarl\tindex=9\n' >wrong.tsv
	expect 4 facectl set --space s --manifest wrong.tsv --failed-to failed.ndjson
	says failed.ndjson '"face":"index=9"'
	# records of detect say which face, too
	"$FACECTL" --format ndjson detect both.jpg | sed 's/"path"/"name":"p","path"/' >records.ndjson
	expect 0 facectl set --space t --manifest records.ndjson
	[ "$(column face | paste -sd ,)" = 0,1 ]
}

@test "verify, extract, eval and profiles take a face" {
	portrait a.jpg bruno fatma
	portrait b.jpg bruno:1 ada
	draw c.jpg doris 2
	expect 4 "$FACECTL" verify a.jpg b.jpg
	expect 0 "$FACECTL" verify --face main a.jpg b.jpg
	expect 1 "$FACECTL" verify --face main a.jpg c.jpg
	expect 4 "$FACECTL" extract a.jpg
	expect 0 "$FACECTL" extract --face main a.jpg
	[ "$(wc -l <out)" -eq 1 ]
	expect 0 "$FACECTL" extract --face all a.jpg
	[ "$(wc -l <out)" -eq 2 ]
	expect 4 facectl profiles create --space s a.jpg
	expect 0 facectl profiles create --space s --face main a.jpg
	[ "$(column face)" = 0 ]
	expect 0 facectl profiles search --space s --face largest b.jpg
	[ "$(column result)" = exact ] || [ "$(column result)" = ha ] || [ "$(column result)" = junk ]
	expect 4 facectl profiles search --space s --face index=5 b.jpg
	says err "no face at the given index"
	expect 0 facectl profiles search --space s --face "rect=492,140,69,88" b.jpg
	mkdir -p set/x set/y
	cp a.jpg b.jpg set/x
	"$DRAW_FACES" --group set/y/1.jpg 3 4
	cp c.jpg set/y/2.jpg
	expect 0 "$FACECTL" eval --from set
	says out "4 of 2 persons; 0 without a face, 0 failed"
	expect 3 "$FACECTL" eval --from set --face main
	says err "'set/y/1.jpg': 2 faces found, and no main face"
}
