#!/bin/sh
# Arrows point down: cmd -> service -> {vision, gallery, net} -> base, and neighbours never see each other. lib neither prints nor
# ends the process nor reads the environment, and keeps no state outside of what it is given: layers.sh BUILD_FOLDER
# shellcheck source=tests/lint/common.sh
. "$(dirname "$0")/common.sh"

build=$1
failed=0

# forbid FOLDER PATTERN: no file below FOLDER includes a header of that kind.
forbid() {
	[ -d "$1" ] || return 0
	if grep -rnE --include='*.[ch]' --include='*.cc' "^#include [\"<]($2)" "$1"; then
		echo "$1 must not include these" >&2
		failed=1
	fi
}

# only PATTERN FILES...: nobody but these files (as grep -E) includes such a header.
only() {
	if grep -rnE --include='*.[ch]' --include='*.cc' "^#include [\"<]$1" lib cmd | grep -vE "^($2)"; then
		echo "only $2 may include $1" >&2
		failed=1
	fi
}

commands='command|option|settings|out|record|report|engine'
forbid lib/base "vision/|gallery/|net/|service/|($commands)\.h"
forbid lib/vision "gallery/|net/|service/|($commands)\.h"
forbid lib/gallery "vision/|net/|service/|($commands)\.h"
forbid lib/net "vision/|gallery/|service/|($commands)\.h"
forbid lib/service "($commands)\.h"
# what operators ask of one layer alone goes past the verbs
only gallery/ 'lib/gallery/|lib/service/|cmd/(cmd_)?gallery[a-z_]*\.[ch]|cmd/cmd_doctor\.c'
only 'lmdb\.h' 'lib/gallery/'
only 'curl/' 'lib/net/'
only 'opencv2/' 'lib/vision/[a-z_]*\.cc'
only 'ini\.h' 'cmd/config\.c'

need nm
need objdump
printing='printf|fprintf|vprintf|vfprintf|dprintf|vdprintf|puts|putchar|putc|fputs|fputc|fwrite|perror|psignal|stdout|stderr'
checked='__(printf|fprintf|vprintf|vfprintf|dprintf|vdprintf)_chk'
ending='exit|quick_exit|_Exit|abort|err|errx|verr|verrx|raise'
environment='getenv|secure_getenv|setenv|putenv|unsetenv|environ|clearenv'
for archive in "$build/lib/libfccore.a" "$build/lib/libfcremote.a"; do
	if nm -A -u "$archive" | grep -E "[: ](U|w) ($printing|$checked|$ending|$environment)(@.*)?$"; then
		echo "lib must not call these" >&2
		failed=1
	fi
	# a sanitizer brings state of its own
	if ! nm -u "$archive" | grep -qE '__(asan|ubsan|tsan|sanitizer)'; then
		if objdump -t "$archive" | grep -E ' [lg] +O \.(data|bss)[[:space:]]'; then
			echo "lib must not keep state between calls" >&2
			failed=1
		fi
	fi
done
exit "$failed"
