#!/bin/sh
# C and C++ files look as clang-format leaves them. Only version 14, which Debian 12 has, decides: others differ in details.
# shellcheck source=tests/lint/common.sh
. "$(dirname "$0")/common.sh"

case $(clang-format --version 2>/dev/null) in
*'version 14.'*) ;;
*) skip "clang-format 14 is not here" ;;
esac
project_files '*.c' '*.h' '*.cpp' '*.cc' '*.hh' | xargs -d '\n' clang-format --style=file --dry-run -Werror
