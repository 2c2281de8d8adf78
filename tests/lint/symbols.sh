#!/bin/sh
# lib neither prints nor ends the process nor reads the environment, and keeps no state between calls: symbols.sh BUILD_FOLDER
# shellcheck source=tests/lint/common.sh
. "$(dirname "$0")/common.sh"

build=$1
failed=0

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
