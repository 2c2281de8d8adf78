#!/usr/bin/env bats
# --contact-sheet: one page with the faces of a run.

load helper

facectl() {
	"$FACECTL" --gallery g --attribute-model none "$@"
}

# sheet FILE COUNT TEXT...: the page has so many faces and these texts.
sheet() {
	python3 "$BATS_TEST_DIRNAME/sheet.py" "$@"
	[ "$(stat -c %a "$1")" = 600 ]
}

# browser ARGUMENT...: Chromium without a window; skips the test where there is none.
browser() {
	local program
	program=$(command -v chromium || command -v chromium-browser || command -v google-chrome) || skip 'no Chromium is installed'
	timeout 120 "$program" --headless --no-sandbox --disable-gpu --hide-scrollbars --user-data-dir="$PWD/browser" "$@" 2>/dev/null
}

@test "recognize groups faces by person and says why others are unknown" {
	draw ada.jpg ada
	"$DRAW_FACES" --group group.png ada:2 bruno
	"$DRAW_FACES" --noise 300x300 noise.jpg
	: >'broken & <b>.jpg'
	expect 0 facectl set -s s --person-id 1 --name $'Ada <i>"O\'Neil" \u05d3\u05d5\u05d3' ada.jpg
	expect 3 facectl recognize -s s --threshold 0.4 --contact-sheet s.html ada.jpg group.png noise.jpg 'broken & <b>.jpg'
	sheet s.html 5 $'Ada <i>"O\'Neil" \u05d3\u05d5\u05d3 2' 'Unknown 1' 'no person is similar enough' '(threshold 0.4000)' \
		'nearest other: Ada' "facectl profiles create --space s --name NAME --face index=" 'Photos without faces 1' \
		'Photos that failed 1' 'broken & <b>.jpg'
	# the command of an unknown face works
	words=$(grep -o "facectl</span>.*group.png" s.html | sed 's/<[^>]*>//g; s/NAME/Bruno/; s/^facectl //')
	eval "expect 0 facectl $words"
	expect 0 facectl recognize -s s --threshold 0.4 --contact-sheet s.html group.png
	sheet s.html 2 'Bruno 1'
}

@test "detect, group, profiles and the audit have contact sheets" {
	mkdir -p tree/anna tree/ben
	for i in 0 1 2; do
		draw "tree/anna/$i.jpg" ada "$i"
		draw "tree/ben/$i.jpg" bruno "$i"
	done
	draw tree/anna/wrong.jpg bruno 7
	expect 0 facectl detect --contact-sheet d.html --from tree
	sheet d.html 7 'anna/0.jpg' 'confidence 0.'
	expect 0 facectl group --contact-sheet g.html --from tree
	sheet g.html 7 'Group 001 4' 'Group 002 3'
	expect 0 facectl set -s s --keep-crops --from tree
	expect 0 facectl profiles list -s s --contact-sheet l.html
	sheet l.html 2 'anna' '4 faces' '3 faces' 'nearest other: ben' 'nearest other: anna'
	expect 0 facectl profiles show s/anna --contact-sheet p.html
	sheet p.html 4 'facectl faces delete' 'quality 0.'
	[ "$(grep -c 'data:image/png' p.html)" = 4 ]
	[ "$(grep -o 'nearest other: <bdi>ben</bdi>' p.html | wc -l)" = 4 ]
	# the wrong face resembles the other person most
	[ "$(grep -o 'data-s="0.[5-9]' p.html | wc -l)" = 1 ]
	expect 0 facectl set -s alone --person-id 1 --name Ada tree/anna/0.jpg
	expect 0 facectl profiles show alone/Ada --contact-sheet p.html
	sheet p.html 1 'quality 0.'
	lacks p.html 'nearest other'
	expect 1 facectl profiles audit -s s --contact-sheet a.html
	sheet a.html 1 'mislabelled' 'nearest other: ben' 'facectl faces move'
}

@test "a contact sheet is HTML, is complete or absent, and replaces an old one" {
	draw ada.jpg ada
	expect 2 facectl recognize -s s --contact-sheet s.pdf ada.jpg
	says err "must end in .html"
	expect 5 facectl profiles audit -s s --contact-sheet s.html
	[ ! -e s.html ]
	echo old >s.html
	expect 0 facectl detect --contact-sheet s.html ada.jpg
	sheet s.html 1 ada.jpg
	[ "$(find . -maxdepth 1 -name '.*facectl*')" = '' ]
	expect 74 facectl detect --contact-sheet /nonexistent/s.html ada.jpg
}

@test "10,000 faces are less than 50 MB, in little memory" {
	# a sanitizer reserves terabytes of addresses
	(ldd "$WRITE_SHEET" | grep -q libasan || ulimit -v 400000; "$WRITE_SHEET" 10000 large.html)
	[ "$(stat -c %s large.html)" -lt 50000000 ]
	sheet large.html 10000 'Anna Berg' "<img src=x onerror=document.title='broken'> & \"Co\""
}

@test "a browser shows 0, 1 and 300 faces, filters them, and runs nothing from a name" {
	for count in 0 1 300; do
		"$WRITE_SHEET" $count $count.html
		sheet $count.html $count
		browser --dump-dom "file://$PWD/$count.html" >dom
		says dom '<title>facectl recognize</title>'
		[ $count = 0 ] || says dom ">$count of $count shown<"
		browser --screenshot="$PWD/$count.png" --window-size=1000,1200 "file://$PWD/$count.html"
		[ "$(head -c 4 $count.png | od -An -tx1 | tr -d ' ')" = 89504e47 ]
	done
	says 0.html 'There is no face.'
	# a page with pictures compresses far worse than a blank one
	[ "$(stat -c %s 300.png)" -gt $((10 * $(stat -c %s 0.png))) ]
	browser --print-to-pdf="$PWD/300.pdf" "file://$PWD/300.html"
	[ "$(head -c 5 300.pdf)" = %PDF- ]
}
