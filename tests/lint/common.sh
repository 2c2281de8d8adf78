# What the lints share; sourced. They run in the project's root.
# shellcheck shell=sh
set -eu

# Meson counts status 77 as skipped.
skip() {
	echo "$1"
	exit 77
}

need() {
	command -v "$1" >/dev/null || skip "$1 is not here"
}

# Names of the project's files that match one of the patterns: what git tracks, or what an unpacked archive holds.
project_files() {
	if git -c safe.directory='*' rev-parse --is-inside-work-tree >/dev/null 2>&1; then
		git -c safe.directory='*' ls-files --cached --others --exclude-standard -- "$@"
		return
	fi
	for pattern in "$@"; do
		find . -name "$pattern" -type f ! -path './.git/*' ! -path './build*' ! -path './out/*'
	done
}
