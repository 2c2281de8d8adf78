#!/bin/sh
# No file of cmd and lib is longer than 450 lines, and no folder holds more than 40 units (a .c file and its header are one).
# shellcheck source=tests/lint/common.sh
. "$(dirname "$0")/common.sh"

files=$(find lib cmd -name '*.[ch]' -o -name '*.cc' -o -name '*.hh')
[ -n "$files" ] || exit 1
failed=0

long=$(echo "$files" | xargs wc -l | awk '$2 != "total" && $1 > 450')
if [ -n "$long" ]; then
	echo "$long"
	echo "longer than 450 lines: does each still have one purpose?" >&2
	failed=1
fi
full=$(echo "$files" | sed 's/\.[a-z]*$//' | sort -u | sed 's#/[^/]*$##' | uniq -c | awk '$1 > 40')
if [ -n "$full" ]; then
	echo "$full"
	echo "more than 40 units in a folder: a newcomer would have to search" >&2
	failed=1
fi
exit "$failed"
