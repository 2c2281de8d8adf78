#!/bin/sh
# No file names a place on somebody's machine, a package registry, or who or what wrote it.
# The brackets keep these patterns from finding themselves.
# shellcheck source=tests/lint/common.sh
. "$(dirname "$0")/common.sh"

machine='/wor[k]/|/hom[e]/[a-z]|/roo[t]/|/User[s]/|/tm[p]/(wt|b)-'
registry='pyp[i]\.org|npmj[s]\.(org|com)|crate[s]\.io|deb[.]debian\.org|rubygem[s]\.org|proxy[.]golang\.org'
author='co[-]authored-by|generate[d] (by|with) [A-Z]|cla[u]de|chat[g]pt|open[a]i|anthro[p]ic|copilo[t]|@autho[r]'

if project_files '*' | xargs -d '\n' grep -nIiE -e "$machine|$registry|$author" --; then
	echo "these words do not belong into the repository" >&2
	exit 1
fi
