#!/bin/sh
# The manual pages render without warnings, and nothing of their headings and literal blocks is lost: pages.sh FOLDER
# shellcheck source=tests/lint/common.sh
. "$(dirname "$0")/common.sh"

folder=$1
need man
need groff
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
failed=0
export LC_ALL=C.UTF-8

for source in man/*.scd; do
	name=$(basename "${source%.scd}")
	page=$folder/$name
	if ! man -l -Tutf8 -E UTF-8 "$page" >"$scratch/rendered" 2>"$scratch/warnings" || [ -s "$scratch/warnings" ]; then
		echo "$name: man reports:" >&2
		cat "$scratch/warnings" >&2
		failed=1
	fi
	# long lines, so that no heading is broken
	groff -t -man -Tutf8 -Kutf8 -rLL=2000n -rHY=0 -P-c "$page" >"$scratch/rendered"
	sed 's/\x1b\[[0-9;]*m//g; s/.\x08//g; s/[[:blank:]]\{1,\}/ /g; s/^ //' "$scratch/rendered" >"$scratch/plain"
	# headings, and the lines of literal blocks
	awk '/^```/ { inside = !inside; next }
		inside { print; next }
		/^#+ / { sub(/^#+ /, ""); gsub(/\\/, ""); print }' "$source" |
		sed 's/[[:blank:]]\{1,\}/ /g; s/^ //; s/ $//' | grep . >"$scratch/wanted"
	while IFS= read -r line; do
		grep -qF -e "$line" "$scratch/plain" || {
			echo "$name: the rendered page lacks: $line" >&2
			failed=1
		}
	done <"$scratch/wanted"
	# scdoc writes a paragraph macro before each list and after each heading, which does no harm
	if command -v mandoc >/dev/null; then
		mandoc -Tlint -W warning "$page" >"$scratch/lint" 2>&1 || true
		if grep -v 'skipping paragraph macro' "$scratch/lint" >&2; then
			failed=1
		fi
	fi
done
exit "$failed"
