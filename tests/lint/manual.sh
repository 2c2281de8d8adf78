#!/bin/sh
# Manual pages and option tables say the same, both ways: manual.sh FACECTL
# shellcheck source=tests/lint/common.sh
. "$(dirname "$0")/common.sh"

facectl=$1
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
failed=0
"$facectl" dump-options >"$scratch/rows"

# options_of COMMAND: "--name" and "-n" of the rows whose command begins with that word; "" for the global ones.
options_of() {
	awk -F '\t' -v command="$1" '
		{ split($1, part, " ") }
		part[1] == command && $3 != "" { print "--" $3; if ($2 != "") print "-" $2 }' "$scratch/rows" | sort -u
}

# options_in PAGE: what its lines of options name.
options_in() {
	awk '/^# / { inside = $2 == "OPTIONS" } inside' "$1" | grep '^\*-' | grep -oE '\*--?[A-Za-z0-9-]+\*' | tr -d '*' | sort -u
}

# compare PAGE COMMAND
compare() {
	if [ ! -f "$1" ]; then
		echo "$1 is missing" >&2
		failed=1
		return
	fi
	options_of "$2" >"$scratch/table"
	options_in "$1" >"$scratch/page"
	if ! diff -U 0 --label "option table" --label "$1" "$scratch/table" "$scratch/page"; then
		failed=1
	fi
}

compare man/facectl.1.scd ''
words=$(awk -F '\t' '$5 == "command" { split($1, part, " "); print part[1] }' "$scratch/rows" | sort -u)
for word in $words; do
	compare "man/facectl-$word.1.scd" "$word"
	grep -q "^\*facectl-$word\*(1)" man/facectl.1.scd ||
		grep -q "\*facectl-$word\*(1)" man/facectl.1.scd || {
		echo "man/facectl.1.scd does not name facectl-$word(1)" >&2
		failed=1
	}
done
for page in man/facectl-*.1.scd; do
	word=${page#man/facectl-}
	echo "$words" | grep -qx "${word%.1.scd}" || {
		echo "$page is about no command" >&2
		failed=1
	}
done

# every command of two words has its place in its page
awk -F '\t' '$5 == "command" && $1 ~ / / { print $1 }' "$scratch/rows" | while read -r first second; do
	grep -q "^\*facectl $first $second\*" "man/facectl-$first.1.scd" || {
		echo "man/facectl-$first.1.scd has no synopsis of '$first $second'" >&2
		exit 1
	}
done || failed=1

# variables of the environment
awk -F '\t' '$8 != "" { print $8 }' "$scratch/rows" | sort -u >"$scratch/table"
grep -oE 'FACECTL_[A-Z_]+' man/facectl.1.scd | sort -u >"$scratch/page"
diff -U 0 --label "option table" --label man/facectl.1.scd "$scratch/table" "$scratch/page" || failed=1

# keys of the configuration
awk -F '\t' '$9 != "" { print $9 }' "$scratch/rows" | sort -u >"$scratch/table"
awk '/^## \[/ { section = $2; gsub(/[][]/, "", section); if ($NF != "\"NAME\"]" && section == "service") section = section "." $NF }
	/^# / { section = "" }
	section != "" && /^\*[a-z]/ { gsub(/[*,]/, ""); for (i = 1; i <= NF; i++) print section "." $i }' \
	man/facectl.conf.5.scd | sort -u >"$scratch/page"
diff -U 0 --label "option table" --label man/facectl.conf.5.scd "$scratch/table" "$scratch/page" || failed=1

exit "$failed"
