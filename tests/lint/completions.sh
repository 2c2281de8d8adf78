#!/bin/sh
# Completions offer every command and every option: completions.sh FACECTL FOLDER
# shellcheck source=tests/lint/common.sh
. "$(dirname "$0")/common.sh"

facectl=$1
folder=$2
failed=0
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
"$facectl" dump-options >"$scratch/rows"

# expect FILE WORD...: the file holds each word.
expect() {
	file=$1
	shift
	for word in "$@"; do
		grep -qF -e "$word" "$folder/$file" || {
			echo "$file does not know $word" >&2
			failed=1
		}
	done
}

names=$(awk -F '\t' '$3 != "" { print $3 }' "$scratch/rows" | sort -u)
commands=$(awk -F '\t' '$5 == "command" { print $1 }' "$scratch/rows" | tr ' ' '\n' | sort -u)
[ -n "$names" ] && [ -n "$commands" ]
for name in $names; do
	expect facectl " --$name "
	expect _facectl "--$name"
	expect facectl.fish " -l $name "
done
for command in $commands; do
	expect facectl " $command"
	expect _facectl "'$command"
	expect facectl.fish " -a $command"
done

bash -n "$folder/facectl" || failed=1
if command -v zsh >/dev/null; then
	zsh -n "$folder/_facectl" || failed=1
fi
if command -v fish >/dev/null; then
	fish -n "$folder/facectl.fish" || failed=1
fi
exit "$failed"
