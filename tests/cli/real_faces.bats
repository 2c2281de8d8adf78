# Real photos of real people with the larger models, where the folder beside the project has them: series of eight people, group
# photos of the same people.

load helper

shared=$BATS_TEST_DIRNAME/../../../shared

setup_file() {
	[ -d "$shared/faces/series" ] && [ -f "$shared/models/mobilefacenet.onnx" ] || return 0
	export FACECTL_TEST_GALLERY=$BATS_FILE_TMPDIR/gallery
	local number=0 name
	for folder in "$shared"/faces/series/*/; do
		number=$((number + 1))
		name=$(basename "$folder")
		"$FACECTL" --gallery "$FACECTL_TEST_GALLERY" --model-path "$shared/models" --quiet \
			--detector yunet --embedder mobilefacenet set --space series \
			--person-id "$number" --name "$name" "$folder/${name}1.png" "$folder/${name}2.png" \
			>/dev/null
	done
}

# The detector is given, the embedder is the gallery's own.
look() {
	[ -n "${FACECTL_TEST_GALLERY:-}" ] || skip "no photos and models beside the project"
	expect 0 "$FACECTL" --gallery "$FACECTL_TEST_GALLERY" --model-path "$shared/models" \
		--detector yunet "$@"
}

# Columns of the records by name: "column RECORDS name similarity".
columns() {
	local file=$1
	shift
	awk -F '\t' -v wanted="$*" '
		NR == 1 { for (i = 1; i <= NF; i++) place[$i] = i; count = split(wanted, names, " "); next }
		{ for (i = 1; i <= count; i++) printf "%s%s", $place[names[i]], i < count ? "\t" : "\n" }' "$file"
}

@test "24 photos of 8 people are all recognised at the default threshold" {
	look --format tsv recognize --no-entry --space series "$shared"/faces/series/*/*[345].png
	[ "$(columns out result | grep -c '^known$')" -eq 24 ]
	columns out path name | while IFS=$'\t' read -r path name; do
		[ "$(basename "$(dirname "$path")")" = "$name" ]
	done
}

@test "people in group photos: everybody found, nobody taken for somebody else" {
	look --format tsv recognize --no-entry --space series "$shared/faces/group/bbt4.jpg"
	[ "$(columns out name | sort | paste -sd ' ')" = "amy bernadette leonard penny raj sheldon" ]
	look --format tsv recognize --no-entry --space series "$shared/faces/group/bbt5.jpg"
	[ "$(columns out name | sort | paste -sd ' ')" = "howard leonard penny raj sheldon" ]
	look --format tsv recognize --no-entry --space series "$shared/faces/group/bbt3.jpg"
	[ "$(columns out name | sort | paste -sd ' ')" = "howard leonard penny raj sheldon" ]
}

@test "each person stands where they stand: names from left to right" {
	look --format tsv recognize --no-entry --space series "$shared/faces/group/bbt5.jpg"
	[ "$(columns out box name | sort -n | cut -f 2 | paste -sd ' ')" = "raj penny sheldon leonard howard" ]
}

@test "people are recognised upside down and rolled by 25 degrees" {
	[ -n "${FACECTL_TEST_GALLERY:-}" ] || skip "no photos and models beside the project"
	local degrees
	for degrees in 180 25; do
		mkdir "$degrees"
		"$(dirname "$DRAW_FACES")/change-photo" "$degrees" 150 0 "$degrees" "$shared"/faces/series/*/*[345].png
		look --detector facectl-detect --format tsv recognize --no-entry --space series "$degrees"/*.png
		[ "$(columns out result | grep -c '^known$')" -eq 24 ]
		columns out path name | awk -F '\t' 'index($1, "/" $2) == 0 { exit 1 }'
	done
}

@test "strangers stay unknown" {
	look --format tsv recognize --no-entry --space series "$shared"/faces/lfw-dev/A*/*_0001.jpg
	[ "$(columns out result | grep -c '^unknown$')" -ge 60 ]
	[ "$(columns out result | grep -c '^known$')" -le 2 ]
}

@test "templates of two embedders never mix" {
	[ -n "${FACECTL_TEST_GALLERY:-}" ] || skip "no photos and models beside the project"
	expect 5 "$FACECTL" --gallery "$FACECTL_TEST_GALLERY" --embedder facectl-embed-2 recognize --space series \
		"$shared/faces/group/bbt3.jpg"
	says err "created with embedder 'mobilefacenet'"
	says err "--embedder mobilefacenet"
}
