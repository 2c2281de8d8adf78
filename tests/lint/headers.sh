#!/bin/sh
# Every header compiles alone, so that the order of includes never matters, and its guard is its path: headers.sh COMPILER...
# shellcheck source=tests/lint/common.sh
. "$(dirname "$0")/common.sh"

failed=0
count=0
for header in $(find lib cmd -name '*.h' | sort); do
	count=$((count + 1))
	guard=FC_$(echo "${header#lib/}" | tr 'a-z/.-' 'A-Z___')
	if ! grep -q "^#define $guard\$" "$header"; then
		echo "$header: the include guard should be $guard" >&2
		failed=1
	fi
	if ! "$@" -std=gnu11 -D_GNU_SOURCE -Wall -Wextra -Werror -Wno-unused -fsyntax-only -Ilib -Icmd \
		-I/usr/include/cjson -I"$(pg_config --includedir 2>/dev/null || echo .)" -include "$header" -x c /dev/null; then
		echo "$header does not compile alone" >&2
		failed=1
	fi
done
[ "$count" -gt 0 ] || failed=1
exit "$failed"
