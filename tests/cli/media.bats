# Files that are more, or less, than one whole picture: animations, pages, missing ends, very many faces.

load helper

# make KIND SOURCE.ppm... TARGET: a file of this kind from pictures of equal size.
make() {
	python3 "$BATS_TEST_DIRNAME/make_media.py" "$@"
}

# field NAME: that field of each record in out; - if it is absent.
field() {
	python3 -c 'import json, sys; [print(json.dumps(json.loads(line).get(sys.argv[1], "-"))) for line in open("out")]' "$1"
}

detect() {
	"$FACECTL" --format ndjson detect "$@"
}

@test "the first frame of a GIF is used, and said to be one" {
	"$DRAW_FACES" ada.ppm ada
	"$DRAW_FACES" other.ppm bruno
	make gif ada.ppm still.gif
	make gif ada.ppm other.ppm moving.gif
	expect 0 detect still.gif
	[ "$(field result)" = '"face"' ]
	[ "$(field notes)" = '"-"' ]
	empty err
	expect 0 detect moving.gif
	[ "$(field notes)" = '["first_frame"]' ]
	says err "'moving.gif': an animation, of which only the first frame was used"
	expect 0 "$FACECTL" set --space s --person-id 1 moving.gif
	draw ada.jpg ada
	expect 0 "$FACECTL" --format ndjson recognize --space s ada.jpg
	[ "$(field result)" = '"known"' ]
	mkdir folder
	cp moving.gif still.gif ada.jpg folder
	expect 0 "$FACECTL" detect --from folder
	says err "; 1 first_frame; "
	expect 0 "$FACECTL" --progress json detect --from folder
	says err '"notes":{"first_frame":1}'
	head -c 3000 still.gif >cut.gif
	expect 4 detect cut.gif
	says err "truncated GIF"
}

@test "the first frame of an animated WebP is used" {
	command -v img2webp >/dev/null || skip "no img2webp"
	"$DRAW_FACES" ada.png ada
	"$DRAW_FACES" bruno.png bruno
	img2webp -lossless ada.png bruno.png -o moving.webp >log 2>&1
	expect 0 detect moving.webp
	[ "$(field notes)" = '["first_frame"]' ]
	expect 0 "$FACECTL" verify --threshold 0.6 moving.webp ada.png
}

@test "every page of a TIFF is examined, and records have the page" {
	"$DRAW_FACES" ada.ppm ada
	"$DRAW_FACES" bruno.ppm bruno
	make blank ada.ppm blank.ppm
	make tiff blank.ppm ada.ppm scan.tif
	expect 0 detect scan.tif
	[ "$(field page)" = 2 ]
	[ "$(field pages)" = 2 ]
	"$DRAW_FACES" ada.png ada
	expect 0 "$FACECTL" verify --threshold 0.6 scan.tif ada.png
	make tiff bruno.ppm blank.ppm ada.ppm album.tif
	expect 0 detect album.tif
	[ "$(field page | sort | paste -sd ' ')" = "1 3" ]
	expect 4 "$FACECTL" set --space s --person-id 1 album.tif
	says err "2 faces found, exactly one is needed"
	expect 0 "$FACECTL" set --space s --person-id 1 ada.png
	expect 0 "$FACECTL" --format ndjson recognize --space s --annotate marked.png album.tif
	[ "$(paste -d ' ' <(field page) <(field result) | sort | paste -sd ' ')" = '1 "unknown" 3 "known"' ]
	[ -s marked.png ]
	# One page, after a small copy of it.
	make thumbnail blank.ppm ada.ppm preview.tif
	expect 0 detect preview.tif
	[ "$(field page) $(field result)" = '"-" "face"' ]
	# A page that is damaged is named.
	make tiff bruno.ppm ada.ppm two.tif
	head -c -50 two.tif >cut.tif
	expect 4 detect cut.tif
	says err "cut.tif"
	make packed ada.ppm strange.tif
	expect 4 detect strange.tif
	says err "a TIFF with compression 34712 is not supported"
}

@test "detect needs neither a gallery nor an embedder" {
	draw ada.jpg ada
	mkdir damaged
	head -c 100000 /dev/zero >damaged/data.mdb
	chmod -R go= damaged
	expect 0 "$FACECTL" --gallery damaged --format ndjson detect ada.jpg
	[ "$(field result)" = '"face"' ]
	expect 0 "$FACECTL" --gallery damaged detect --with template ada.jpg
	expect 6 "$FACECTL" --embedder nosuch detect ada.jpg
	# A gallery that was made with an embedder that is not installed any more.
	mkdir models
	folder=$(dirname "$FACECTL")/share/models
	sed 's/"facectl-embed-2"/"other-embed"/' "$folder/facectl-embed-2.json" >models/other-embed.json
	cp "$folder"/*.onnx models
	expect 0 "$FACECTL" --gallery g --model-path models --embedder other-embed set --space s --person-id 1 ada.jpg
	expect 5 "$FACECTL" --gallery g recognize --space s ada.jpg
	expect 0 "$FACECTL" --gallery g detect ada.jpg
}

@test "a JPEG of a kind that cannot be decoded is not called damaged" {
	draw ada.jpg ada
	# SOF3: lossless, instead of SOF0 or SOF1
	python3 - <<'END'
import re
with open("ada.jpg", "rb") as photo, open("lossless.jpg", "wb") as out:
    out.write(re.sub(rb"\xff[\xc0\xc1](?=\x00\x11\x08)", b"\xff\xc3", photo.read()))
END
	expect 4 detect lossless.jpg
	says err "this kind of JPEG is not supported"
	lacks err damaged
}

@test "a missing end of a file is only a note if all pixels are there" {
	draw ada.jpg ada
	"$DRAW_FACES" ada.png ada
	head -c -2 ada.jpg >no_end.jpg
	head -c -12 ada.png >no_end.png
	for photo in no_end.jpg no_end.png; do
		expect 0 detect "$photo"
		[ "$(field notes)" = '["no_end"]' ]
		says err "'$photo': the end of the file is missing, but all pixels were decoded"
	done
	expect 0 "$FACECTL" verify --threshold 0.99 no_end.jpg ada.jpg
	head -c -200 ada.jpg >cut.jpg
	head -c -200 ada.png >cut.png
	for photo in cut.jpg cut.png; do
		expect 4 detect "$photo"
		says err "the file ends before the image is complete"
	done
}

@test "a photo with more faces than are reported is an incomplete result" {
	"$DRAW_FACES" tile.ppm ada 0 64
	make tiles tile.ppm crowd.bmp
	expect 3 detect --attributes none crowd.bmp
	says err "'crowd.bmp': the photo has more faces than facectl reports (3000); the rest was left out"
	[ "$(field notes | sort -u)" = '["faces_cut"]' ]
	"$FACECTL" --gallery g set -s s --person-id 1 --face index=0 crowd.bmp >out 2>err || status=$?
	[ "$status" = 3 ]
}
