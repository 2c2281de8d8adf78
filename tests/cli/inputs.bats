# Photos that are none: each kind has its own words and status, and leaves nothing behind.

load helper

# refuses STATUS WORDS FILE: set and detect refuse the file with these words, and nothing is stored.
refuses() {
	expect "$1" "$FACECTL" --gallery gallery set --space s --person-id 1 "$3"
	says err "$2"
	says err "$3"
	lacks err Sanitizer
	[ ! -e gallery ] || {
		run_split "$FACECTL" --gallery gallery --format tsv spaces list
		lacks out $'\t1\t'
	}
}

@test "a photo without a face" {
	"$DRAW_FACES" --noise 300x200 noise.jpg
	refuses 4 "no face found" noise.jpg
	expect 0 "$FACECTL" detect noise.jpg
}

@test "a photo with several faces" {
	"$DRAW_FACES" --group three.jpg 1 2 3
	refuses 4 "3 faces found, exactly one is needed" three.jpg
}

@test "an empty file" {
	: >empty.jpg
	refuses 4 "empty image" empty.jpg
}

@test "a truncated JPEG" {
	draw whole.jpg 1
	head -c 9000 whole.jpg >cut.jpg
	refuses 4 "truncated" cut.jpg
}

@test "a truncated PNG" {
	"$DRAW_FACES" whole.png 1
	head -c 9000 whole.png >cut.png
	refuses 4 "cut.png" cut.png
}

@test "text named like a photo" {
	echo "not a photo" >text.jpg
	refuses 4 "not a JPEG, PNG, WebP, HEIC, AVIF, JPEG XL, GIF, BMP or TIFF image" text.jpg
}

@test "a file that some decoders take for DICOM and abort on" {
	{ head -c 128 /dev/zero; printf DICM; } >dicom.jpg
	refuses 4 "not a JPEG, PNG, WebP, HEIC, AVIF, JPEG XL, GIF, BMP or TIFF image" dicom.jpg
}

@test "a directory" {
	mkdir folder.jpg
	refuses 2 "is a folder" folder.jpg
}

@test "a FIFO does not hang" {
	mkfifo pipe.jpg
	refuses 4 "is a FIFO" pipe.jpg
}

@test "a device" {
	refuses 4 "not a regular file" /dev/zero
}

@test "a missing file" {
	refuses 4 "No such file or directory" missing.jpg
}

@test "a file without permission" {
	local as=()
	draw secret.jpg 1
	chmod 000 secret.jpg
	if [ "$(id -u)" -eq 0 ]; then
		as=(setpriv --reuid=65534 --clear-groups)
		"${as[@]}" test -r . -a -x "$FACECTL" || skip "as root, in folders that are closed to others"
	fi
	run_split "${as[@]}" "$FACECTL" --gallery gallery detect secret.jpg
	[ "$status" -eq 4 ]
	says err "cannot open 'secret.jpg': Permission denied"
}

# A PNG of one colour and this many pixels a side, a few hundred bytes for each thousand.
plain_png() {
	python3 - "$1" "$2" <<'END'
import struct, sys, zlib
side, path = int(sys.argv[1]), sys.argv[2]
def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
packer = zlib.compressobj(9)
row = bytes(1 + (side + 7) // 8)
data = b"".join(packer.compress(row) for _ in range(side)) + packer.flush()
header = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
open(path, "wb").write(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", data) + chunk(b"IEND", b""))
END
}

@test "a 30000x30000 PNG is refused by its header" {
	plain_png 30000 bomb.png
	[ "$(stat -c %s bomb.png)" -lt 1000000 ]
	refuses 4 "30000" bomb.png
	says err "--max-side"
}

@test "limits are options and environment variables" {
	draw anna.jpg 1
	refuses_with() {
		expect 4 "$@" detect anna.jpg
		says err "anna.jpg"
	}
	refuses_with "$FACECTL" --max-pixels 1000
	refuses_with "$FACECTL" --max-side 100
	refuses_with "$FACECTL" --max-file-size 1K
	refuses_with env FACECTL_MAX_SIDE=100 "$FACECTL"
}

@test "one bad photo does not stop the good ones" {
	draw anna.jpg 1
	draw bob.jpg 2
	echo "not a photo" >text.jpg
	expect 3 "$FACECTL" --format tsv detect anna.jpg text.jpg bob.jpg missing.jpg
	[ "$(grep -c $'\tok\t' out)" -eq 2 ]
	[ "$(grep -c $'\trejected\t' out)" -eq 1 ]
	[ "$(grep -c $'\tfailed\t' out)" -eq 1 ]
}

@test "escape sequences in a file name do not reach the terminal" {
	echo x >$'bad\e[31m.jpg'
	expect 4 "$FACECTL" detect $'bad\e[31m.jpg'
	lacks err $'\e'
	says err '\x1b[31m'
}

@test "a photo on standard input" {
	draw anna.jpg 1
	expect 0 "$FACECTL" --format ndjson detect - <anna.jpg
	says out '"result":"face"'
	expect 4 "$FACECTL" detect - </dev/null
	says err "empty image"
}

@test "EXIF orientations 1 to 8 show the same face in displayed coordinates" {
	"$DRAW_FACES" --orientation 1 turned1.jpg 1
	expect 0 "$FACECTL" --format tsv detect turned1.jpg
	upright=$(awk -F '\t' 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == "box") b = i } NR == 2 { print $b }' out)
	for orientation in 2 3 4 5 6 7 8; do
		"$DRAW_FACES" --orientation "$orientation" turned.jpg 1
		expect 0 "$FACECTL" --format ndjson verify --threshold 0.98 turned1.jpg turned.jpg
		expect 0 "$FACECTL" --format tsv detect turned.jpg
		box=$(awk -F '\t' 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == "box") b = i } NR == 2 { print $b }' out)
		while read -r a b; do
			[ "$a" -ge $((b - 4)) ]
			[ "$a" -le $((b + 4)) ]
		done < <(paste -d ' ' <(tr , '\n' <<<"$upright") <(tr , '\n' <<<"$box"))
	done
}

@test "a face that fills 12 megapixels and one of 2 % of the longer side" {
	"$DRAW_FACES" --place 4000x3000:0.75 large.jpg ada
	"$DRAW_FACES" --place 4000x3000:0.02 small.jpg ada
	expect 0 "$FACECTL" --format ndjson detect large.jpg small.jpg
	[ "$(grep -c '"result":"face"' out)" -eq 2 ]
}

@test "WebP, BMP and TIFF go through the second module" {
	command -v convert >/dev/null && convert -list format 2>/dev/null | grep -q WEBP ||
		skip "no ImageMagick to make them"
	draw anna.jpg 1
	for kind in webp bmp tiff; do
		convert anna.jpg "anna.$kind" 2>/dev/null
		expect 0 "$FACECTL" verify --threshold 0.9 anna.jpg "anna.$kind"
	done
}

@test "HEIC and AVIF photos are recognised like the JPEG, whatever their suffix" {
	command -v heif-enc || skip "heif-enc is not installed"
	mkdir -p tree/ada
	draw photo.jpg ada
	heif-enc -q 90 photo.jpg -o tree/ada/photo.heic
	heif-enc -A -q 85 photo.jpg -o tree/ada/photo.avif
	cp tree/ada/photo.heic tree/ada/renamed.jpg
	for photo in tree/ada/*; do
		expect 0 "$FACECTL" verify --threshold 0.98 photo.jpg "$photo"
	done
	expect 0 "$FACECTL" --gallery g --format tsv set --space s --from tree
	[ "$(cut -f 4 out | tail -n +2 | paste -sd ' ')" = "tree/ada/photo.avif tree/ada/photo.heic tree/ada/renamed.jpg" ]
	head -c 5000 tree/ada/photo.heic >cut.heic
	refuses 4 "damaged or truncated heic image" cut.heic
	printf '\0\0\0\x18ftypheic' >short.heic
	refuses 4 "short.heic" short.heic
	expect 4 "$FACECTL" detect --max-pixels 1000 tree/ada/photo.heic
	says err "exceeds the limit of 1000 pixels"
}

@test "JPEG XL photos are recognised like the JPEG, also animated, turned and large ones" {
	command -v cjxl || skip "cjxl is not installed"
	mkdir -p tree/ada
	draw photo.jpg ada
	draw photo.png ada
	"$DRAW_FACES" --orientation 6 turned.jpg ada
	cjxl --quiet photo.jpg tree/ada/transcoded.jxl
	cjxl --quiet photo.png tree/ada/lossy.jxl
	cjxl --quiet -d 0 -e 3 photo.png tree/ada/lossless.jxl
	cjxl --quiet turned.jpg tree/ada/turned.JXL
	cp tree/ada/lossy.jxl tree/ada/renamed.jpg
	for photo in tree/ada/*; do
		expect 0 "$FACECTL" verify --threshold 0.98 photo.jpg "$photo"
	done
	expect 0 "$FACECTL" --gallery g --format tsv set --space s --from tree
	[ "$(tail -n +2 out | wc -l)" -eq 5 ]
	head -c 3000 tree/ada/lossy.jxl >cut.jxl
	# libjxl writes to stderr, which a sanitized worker has for its reports; the sandbox lets it write to no file
	# shellcheck disable=SC2016
	expect 4 bash -c '"$0" detect cut.jxl 2>&1 >/dev/null | cat >&2; exit "${PIPESTATUS[0]}"' "$FACECTL"
	says err "damaged or truncated jxl image"
	expect 4 "$FACECTL" detect --max-pixels 1000 tree/ada/lossy.jxl
	says err "exceeds the limit of 1000 pixels"
	"$DRAW_FACES" --place 3000x2000:0.3 large.jpg ada
	cjxl --quiet -e 3 large.jpg large.jxl
	expect 0 "$FACECTL" verify --threshold 0.98 large.jpg large.jxl
	[ -n "$(command -v convert)" ] || return 0
	convert photo.png \( photo.png -negate \) moving.gif
	cjxl --quiet moving.gif moving.jxl
	expect 0 "$FACECTL" --format ndjson detect moving.jxl
	says out '"notes":["first_frame"]'
	says err "an animation, of which only the first frame was used"
}

@test "formats that are known but not supported are named" {
	printf '8BPS\0\1' >a.psd
	refuses 4 "Photoshop is not supported; convert the file to JPEG, PNG or WebP" a.psd
	printf '\0\0\0\x14ftypqt  ' >b.jpg
	refuses 4 "QuickTime film is not supported" b.jpg
	mkdir folder
	cp a.psd folder
	expect 1 "$FACECTL" detect --from folder
	says err "skipped 1 not named like a photo (1 .psd)"
	says err "no photos found in 'folder'"
}
