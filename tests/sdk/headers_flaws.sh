#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# headers_flaws.sh: the test of headers.sh: it refuses what it is there for, each for its own reason.
set -u
here=$(dirname "$0")
work=$(mktemp -d) && trap 'rm -rf "$work"' EXIT
mkdir -p "$work/headwind" "$work/bin"
failed=0
refused() { # name, words of the refusal, PATH
    if answer=$(PATH=$3 /bin/sh "$here/headers.sh" "$work" 2>&1); then
        echo "NOT REFUSED  $1: $answer" >&2
        failed=1
    elif ! printf '%s' "$answer" | grep -q -e "$2"; then
        echo "REFUSED FOR ANOTHER REASON  $1: wanted '$2': $answer" >&2
        failed=1
    else
        echo "refused      $1"
    fi
}
header() { printf '#ifndef ONE_H\n#define ONE_H\n#include <stdint.h>\n%s\n#endif\n' "$1" > "$work/headwind/one.h"; }

refused no_headers 'there are no headers' "$PATH"
header 'typedef struct one { uint32_t a; uint32_t b; } one;'
answer=$(/bin/sh "$here/headers.sh" "$work" 2>&1) && [ "$answer" = '16 compilations' ] || {
    echo "REFUSED  a right header: $answer" >&2
    failed=1
}
for tool in mktemp rm cat as ld; do ln -s "$(command -v $tool)" "$work/bin/$tool"; done
for missing in gcc g++ clang-19 clang++-19; do
    for compiler in gcc g++ clang-19 clang++-19; do
        rm -f "$work/bin/$compiler"
        [ $compiler = $missing ] || ln -s "$(command -v $compiler)" "$work/bin/$compiler"
    done
    refused "without_$missing" "^$missing is not there" "$work/bin"
done
header 'typedef struct one { uint32_t a; uint64_t b; } one;'
refused implicit_padding 'padd' "$PATH"
header 'typedef struct one { uint32_t a; uint32_t b; } one;'
printf 'int class(void);\n' >> "$work/headwind/one.h"
refused a_word_of_cplusplus 'does not compile with g++' "$PATH"
header 'typedef struct one { uint32_t a; uint32_t b; } one; uint64_t size(__int128 of);'
refused a_type_beyond_the_standard 'does not compile with' "$PATH"
exit $failed
