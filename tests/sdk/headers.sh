#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# headers.sh INCLUDE_DIR: every C header, alone and with all others, in eight dialects under both compilers.
# -Wpadded is the point: a member must never land in tail padding, where struct_size could not see it.
set -u
include=$1
work=$(mktemp -d) && trap 'rm -rf "$work"' EXIT
failed=0 ran=0
compile() { # compiler dialect language header
    ran=$((ran + 1))
    printf '#include <headwind/%s>\n' "$4" > "$work/one.$3"
    "$1" -std="$2" -Wall -Wextra -Wpedantic -Wpadded -Werror -fsyntax-only -I "$include" "$work/one.$3" || {
        echo "headwind/$4 does not compile with $1 -std=$2" >&2
        failed=1
    }
}
for pair in gcc:g++ clang-19:clang++-19; do
    for compiler in "${pair%:*}" "${pair#*:}"; do
        command -v "$compiler" > /dev/null || {
            echo "$compiler is not there: the headers are for both compilers; install what .ci/packages lists" >&2
            exit 1
        }
    done
    for header in "$include"/headwind/*.h "$include"/headwind/testing/*.h; do
        [ -f "$header" ] || continue
        name=${header#"$include"/headwind/}
        for dialect in c99 c11 c17; do compile "${pair%:*}" $dialect c "$name"; done
        for dialect in c++11 c++14 c++17 c++20 c++23; do compile "${pair#*:}" $dialect cpp "$name"; done
    done
done
[ $ran -gt 0 ] || { echo "there are no headers in $include" >&2; exit 1; }
echo "$ran compilations"
exit $failed
