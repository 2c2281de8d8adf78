#!/bin/sh
# clang-tidy finds nothing in the base layer, which every other layer stands on. Usage: tidy.sh BUILD
# shellcheck source=tests/lint/common.sh
. "$(dirname "$0")/common.sh"

need clang-tidy
clang-tidy -p "$1" --quiet --warnings-as-errors='*' lib/base/*.c
