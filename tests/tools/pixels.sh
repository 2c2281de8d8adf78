#!/bin/sh
# draw-faces draws the same pixels everywhere. Usage: pixels.sh DRAW-FACES
#
# When a sum changes on purpose, the cast's figures (cast.c) must be measured again first.
set -eu

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
status=0

expect() {
	sum=$1
	shift
	"$@"
	if [ "$(sha256sum <"$folder/drawn.ppm")" != "$sum  -" ]; then
		echo "other pixels than expected: $*: $(sha256sum <"$folder/drawn.ppm")" >&2
		status=1
	fi
}

expect 6517c2343577ed9cfb5e9796462a1719502019b2d0d92e1bbb3a4b0a9f60eb9e "$1" "$folder/drawn.ppm" ada 3
expect 855e794112d59c81aec2f704daa9ca4d5b0b9bf2bb3fc8363f69a7db39347c96 "$1" --group "$folder/drawn.ppm" bruno fatma:1 hasan:2 4711
expect 74956fd42a8836ec024c3e74e7b593cc90a5e048925fbc670d376fdf2c6f8857 "$1" --place 1500x1000:0.7 "$folder/drawn.ppm" doris
expect f16362aaa9cdeffc4596d8aeda888bcef401c3fa0b9c182179a034ed821f7523 "$1" --noise 320x240 "$folder/drawn.ppm" 7
exit $status
