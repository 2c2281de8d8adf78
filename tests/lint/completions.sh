#!/bin/sh
# Completion offers every command and every option, and the scripts of the shells have no syntax error: completions.sh FACECTL
# shellcheck source=tests/lint/common.sh
. "$(dirname "$0")/common.sh"

facectl=$1
failed=0
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
export HOME="$scratch"
"$facectl" dump-options >"$scratch/rows"

# offers WANTED WORD...: after these words, everything in the file WANTED is offered.
offers() {
	wanted=$1
	shift
	"$facectl" complete -- "$@" | cut -f 1 | sort -u >"$scratch/offered"
	missing=$(sort -u "$wanted" | comm -23 - "$scratch/offered")
	if [ -n "$missing" ]; then
		echo "'$*' is not completed with: $(echo "$missing" | tr '\n' ' ')" >&2
		failed=1
	fi
}

awk -F '\t' '$5 == "command" { split($1, part, " "); print part[1] }' "$scratch/rows" >"$scratch/first"
[ -s "$scratch/first" ]
offers "$scratch/first" ''
awk -F '\t' '$5 == "command" && $1 ~ / / { split($1, part, " "); print part[1] }' "$scratch/rows" | sort -u >"$scratch/groups"
while read -r group; do
	awk -F '\t' -v group="$group" '$5 == "command" { split($1, part, " "); if (part[1] == group && part[2] != "") print part[2] }' \
		"$scratch/rows" >"$scratch/second"
	offers "$scratch/second" "$group" ''
done <"$scratch/groups"
awk -F '\t' '$5 == "command" { print $1 }' "$scratch/rows" >"$scratch/commands"
while read -r command; do
	awk -F '\t' -v command="$command" '($1 == command || $1 == "") && $3 != "" { print "--" $3 }' "$scratch/rows" >"$scratch/options"
	# shellcheck disable=SC2086
	offers "$scratch/options" $command --
done <"$scratch/commands"

bash -n share/completions/facectl.bash || failed=1
if command -v zsh >/dev/null; then
	zsh -n share/completions/facectl.zsh || failed=1
fi
if command -v fish >/dev/null; then
	fish -n share/completions/facectl.fish || failed=1
fi
exit "$failed"
