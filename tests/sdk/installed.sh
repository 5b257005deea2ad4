#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# installed.sh BUILD SOURCE CC CXX: installs the SDK alone, and builds and tries the examples from what was installed.
set -eu
build=$1 source=$2 cc=$3 cxx=$4
work=$(mktemp -d) && trap 'rm -rf "$work"' EXIT
cmake --install "$build" --component sdk --prefix "$work/sdk" > "$work/log"
! grep -rlF "$source" "$work/sdk" || { echo "an installed file names the source tree" >&2; exit 1; }

# The examples move too, so that nothing beside them can help.
cp -r "$source/sdk/examples" "$source/tests/sdk/installed" "$work"
for example in examples/c examples/cpp installed; do
    CC=$cc CXX=$cxx cmake -S "$work/$example" -B "$work/build/$example" -G Ninja -DCMAKE_PREFIX_PATH="$work/sdk" \
        -DCMAKE_C_FLAGS="-Wall -Wextra -Wpedantic -Werror" -DCMAKE_CXX_FLAGS="-Wall -Wextra -Wpedantic -Werror" >> "$work/log" ||
        { cat "$work/log" >&2; exit 1; }
    cmake --build "$work/build/$example" >> "$work/log" || { cat "$work/log" >&2; exit 1; }
done

# The C one once more, by hand, with what pkg-config says.
export PKG_CONFIG_PATH="$(dirname "$(find "$work/sdk" -name headwind.pc)")"
pkg-config --atleast-version=1.0 headwind
"$cc" -std=c99 -Wall -Wextra -Wpedantic -Werror -fPIC -fvisibility=hidden $(pkg-config --cflags headwind) -shared \
    -Wl,--version-script="$(pkg-config --variable=exports headwind)" -Wl,-z,defs -o "$work/by_hand.so" "$work/examples/c/lexical.c"

for module in "$work/by_hand.so" "$work/build/examples/c/lexical.so" "$work/build/examples/cpp/line_notifier.so"; do
    symbols=$(nm -D --defined-only "$module" | awk '{print $3}')
    [ "$symbols" = hw_entry_v1 ] || { echo "$module exports: $symbols" >&2; exit 1; }
done
"$work/build/installed/try_examples" "$work/by_hand.so" "$work/build/examples/c/lexical.so" "$work/build/examples/cpp/line_notifier.so"
