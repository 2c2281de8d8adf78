#!/bin/sh
# Every shell script and bats file passes shellcheck.
# shellcheck source=tests/lint/common.sh
. "$(dirname "$0")/common.sh"

need shellcheck
project_files '*' | while read -r file; do
	if head -n 1 "$file" | grep -qaE '^#!.*\b(sh|bash|bats)\b|^# shellcheck shell='; then
		printf '%s\n' "$file"
	fi
done | xargs -d '\n' shellcheck --external-sources
